package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/store"
)

// reader is who may read a report that the caller asks for: the same user, any
// session of the same role, or the account's root user.
func reader(c *call.Call) string {
	if c.Principal.Entity != "" {
		return c.Principal.Entity
	}
	return c.Principal.Account
}

// GenerateServiceLastAccessedDetails makes a report of which services a user,
// group, role or managed policy gives access to, and when they were last used. It
// is whole when the operation returns.
func (s *Service) GenerateServiceLastAccessedDetails(ctx context.Context, c *call.Call, in *awsiam.GenerateServiceLastAccessedDetailsInput) (*awsiam.GenerateServiceLastAccessedDetailsOutput, error) {
	var report iam.AccessReport
	err := s.view(ctx, func(tx store.Tx) (err error) {
		actions := in.Granularity == types.AccessAdvisorUsageGranularityTypeActionLevel
		report, err = iam.NewAccessReport(tx, c.Now, c.Principal.Account, reader(c), aws.ToString(in.Arn), actions)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Event.Set("jobId", report.ID)
	if err := s.update(ctx, c, func(tx store.Tx) error { return tx.PutAccessReport(report) }); err != nil {
		return nil, err
	}
	return &awsiam.GenerateServiceLastAccessedDetailsOutput{JobId: aws.String(report.ID)}, nil
}

func (s *Service) accessReport(ctx context.Context, c *call.Call, id *string) (report iam.AccessReport, err error) {
	return report, s.view(ctx, func(tx store.Tx) (err error) {
		report, err = iam.ReadAccessReport(tx, c.Principal.Account, reader(c), aws.ToString(id))
		return err
	})
}

// GetServiceLastAccessedDetails pages through the services of a report in order
// of namespace.
func (s *Service) GetServiceLastAccessedDetails(ctx context.Context, c *call.Call, in *awsiam.GetServiceLastAccessedDetailsInput) (*awsiam.GetServiceLastAccessedDetailsOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	report, err := s.accessReport(ctx, c, in.JobId)
	if err != nil {
		return nil, err
	}
	some := pageOf(report.Services, p, func(s iam.AccessedService) string { return s.Namespace })
	out := &awsiam.GetServiceLastAccessedDetailsOutput{
		JobStatus: types.JobStatusTypeCompleted, JobType: types.AccessAdvisorUsageGranularityTypeServiceLevel,
		JobCreationDate: at(report.CreatedAt), JobCompletionDate: at(report.CreatedAt),
		ServicesLastAccessed: wireAll(some.Items, func(s iam.AccessedService) types.ServiceLastAccessed { return wireAccessed(&report, s) }),
		IsTruncated:          some.Next != "", Marker: next(some.Next),
	}
	if report.ActionLevel {
		out.JobType = types.AccessAdvisorUsageGranularityTypeActionLevel
	}
	return out, nil
}

func wireAccessed(r *iam.AccessReport, s iam.AccessedService) types.ServiceLastAccessed {
	out := types.ServiceLastAccessed{
		ServiceName: aws.String(awsmanaged.ServiceName(s.Namespace)), ServiceNamespace: aws.String(s.Namespace),
		TotalAuthenticatedEntities: aws.Int32(int32(len(s.Accesses))),
	}
	if len(s.Accesses) > 0 {
		last := s.Accesses[0]
		out.LastAuthenticated, out.LastAuthenticatedEntity = at(last.At), aws.String(r.Entities[last.Entity].ARN)
		out.LastAuthenticatedRegion = region(last.Region)
	}
	for _, a := range s.Actions {
		action := types.TrackedActionLastAccessed{ActionName: aws.String(a.Name)}
		if a.Access != nil {
			action.LastAccessedTime, action.LastAccessedEntity = at(a.Access.At), aws.String(r.Entities[a.Access.Entity].ARN)
			action.LastAccessedRegion = region(a.Access.Region)
		}
		out.TrackedActionsLastAccessed = append(out.TrackedActionsLastAccessed, action)
	}
	return out
}

// region is a region of the wire; none is no member.
func region(name string) *string {
	if name == "" {
		return nil
	}
	return aws.String(name)
}

// GetServiceLastAccessedDetailsWithEntities pages through the users and roles of
// a report, those who used the service last first.
func (s *Service) GetServiceLastAccessedDetailsWithEntities(ctx context.Context, c *call.Call, in *awsiam.GetServiceLastAccessedDetailsWithEntitiesInput) (*awsiam.GetServiceLastAccessedDetailsWithEntitiesOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	report, err := s.accessReport(ctx, c, in.JobId)
	if err != nil {
		return nil, err
	}
	namespace := aws.ToString(in.ServiceNamespace)
	if !awsmanaged.KnownService(namespace) {
		return nil, wireError(fault.New(fault.Invalid, "service-namespace", "Service namespace %s is not valid.", namespace))
	}
	accesses := report.Accesses(namespace)
	places := make(map[int]string, len(accesses))
	for i, a := range accesses {
		places[a.Entity] = fmt.Sprintf("%08d", i)
	}
	some := pageOf(accesses, p, func(a iam.Access) string { return places[a.Entity] })
	return &awsiam.GetServiceLastAccessedDetailsWithEntitiesOutput{
		JobStatus: types.JobStatusTypeCompleted, JobCreationDate: at(report.CreatedAt), JobCompletionDate: at(report.CreatedAt),
		EntityDetailsList: wireAll(some.Items, func(a iam.Access) types.EntityDetails {
			e := report.Entities[a.Entity]
			return types.EntityDetails{LastAuthenticated: at(a.At), EntityInfo: &types.EntityInfo{
				Arn: aws.String(e.ARN), Id: aws.String(e.ID), Name: aws.String(e.Name), Path: aws.String(e.Path), Type: ownerTypes[e.Kind],
			}}
		}),
		IsTruncated: some.Next != "", Marker: next(some.Next),
	}, nil
}

var ownerTypes = map[iam.Kind]types.PolicyOwnerEntityType{
	iam.UserKind: types.PolicyOwnerEntityTypeUser, iam.RoleKind: types.PolicyOwnerEntityTypeRole, iam.GroupKind: types.PolicyOwnerEntityTypeGroup,
}
