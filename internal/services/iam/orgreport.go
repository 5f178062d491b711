package iam

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/store"
)

// accessReport is the report about an entity of the organization.
func (f finder) accessReport() {
	f.out.ARN = "arn:aws:iam::" + f.account + ":access-report/" + f.in.text("EntityPath")
	if id := f.in.text("OrganizationsPolicyId"); id != "" {
		f.out.Keys["iam:organizationspolicyid"] = []string{id}
	}
}

// GenerateOrganizationsAccessReport makes a report of which services accounts of
// the organization may use and when they did. It is whole when the operation
// returns.
func (s *Service) GenerateOrganizationsAccessReport(ctx context.Context, c *call.Call, in *awsiam.GenerateOrganizationsAccessReportInput) (*awsiam.GenerateOrganizationsAccessReportOutput, error) {
	var report iam.OrgReport
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		report, err = iam.NewOrgReport(tx, c.Now, c.Principal.Account, aws.ToString(in.EntityPath), aws.ToString(in.OrganizationsPolicyId))
		if err != nil {
			return err
		}
		c.Event.Set("jobId", report.ID)
		return tx.PutOrgReport(report)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.GenerateOrganizationsAccessReportOutput{JobId: aws.String(report.ID)}, nil
}

// GetOrganizationsAccessReport pages through the services of a report.
func (s *Service) GetOrganizationsAccessReport(ctx context.Context, c *call.Call, in *awsiam.GetOrganizationsAccessReportInput) (*awsiam.GetOrganizationsAccessReportOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	var report iam.OrgReport
	if err := s.view(ctx, func(tx store.Tx) (err error) {
		report, err = iam.ReadOrgReport(tx, c.Principal.Account, aws.ToString(in.JobId))
		return err
	}); err != nil {
		return nil, err
	}
	out := &awsiam.GetOrganizationsAccessReportOutput{
		JobStatus: types.JobStatusTypeCompleted, JobCreationDate: at(report.CreatedAt), JobCompletionDate: at(report.CreatedAt),
	}
	if report.Failure != "" {
		out.JobStatus = types.JobStatusTypeFailed
		out.ErrorDetails = &types.ErrorDetails{Code: aws.String("EntityNotFound"), Message: aws.String(report.Failure)}
		return out, nil
	}
	out.NumberOfServicesAccessible = aws.Int32(int32(len(report.Services)))
	out.NumberOfServicesNotAccessed = aws.Int32(int32(report.NotAccessed()))
	places := make(map[string]string, len(report.Services))
	services := sortedServices(report.Services, in.SortKey)
	for i, a := range services {
		places[a.Namespace] = fmt.Sprintf("%08d", i)
	}
	some := pageOf(services, p, func(a iam.OrgAccessedService) string { return places[a.Namespace] })
	out.AccessDetails = wireAll(some.Items, func(a iam.OrgAccessedService) types.AccessDetail {
		return types.AccessDetail{
			ServiceName: aws.String(awsmanaged.ServiceName(a.Namespace)), ServiceNamespace: aws.String(a.Namespace),
			Region: region(a.Region), EntityPath: textOrNone(a.Path), LastAuthenticatedTime: at(a.At), TotalAuthenticatedEntities: aws.Int32(int32(a.Entities)),
		}
	})
	out.IsTruncated, out.Marker = some.Next != "", next(some.Next)
	return out, nil
}

// sortedServices are the services, which are in order of namespace, in the order
// that was asked for. Those of one time stay in order of namespace.
func sortedServices(services []iam.OrgAccessedService, key types.SortKeyType) []iam.OrgAccessedService {
	byTime := func(a, b iam.OrgAccessedService) int { return a.At.Compare(b.At) }
	switch key {
	case types.SortKeyTypeServiceNamespaceDescending:
		slices.SortFunc(services, func(a, b iam.OrgAccessedService) int { return cmp.Compare(b.Namespace, a.Namespace) })
	case types.SortKeyTypeLastAuthenticatedTimeAscending:
		slices.SortStableFunc(services, byTime)
	case types.SortKeyTypeLastAuthenticatedTimeDescending:
		slices.SortStableFunc(services, func(a, b iam.OrgAccessedService) int { return byTime(b, a) })
	}
	return services
}
