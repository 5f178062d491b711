package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// GenerateCredentialReport makes a report unless there is one that is still good.
// It is whole when the operation returns, and yet the answer to who made it is
// STARTED, as in AWS: COMPLETE is the answer to who finds it made.
func (s *Service) GenerateCredentialReport(ctx context.Context, c *call.Call, _ *awsiam.GenerateCredentialReportInput) (*awsiam.GenerateCredentialReportOutput, error) {
	var (
		report iam.CredentialReport
		fresh  bool
	)
	// Reading all users and writing what was read are two transactions, because
	// the first takes long and holds up nobody.
	err := s.view(ctx, func(tx store.Tx) (err error) {
		report, err = iam.FreshCredentialReport(tx, c.Now, c.Principal.Account)
		if fresh = err == nil; fresh || !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Expired) {
			return err
		}
		report, err = iam.GenerateCredentialReport(tx, c.Now, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	if fresh {
		return &awsiam.GenerateCredentialReportOutput{State: types.ReportStateTypeComplete}, nil
	}
	if err := s.update(ctx, c, func(tx store.Tx) error { return tx.PutCredentialReport(report) }); err != nil {
		return nil, err
	}
	return &awsiam.GenerateCredentialReportOutput{
		State: types.ReportStateTypeStarted, Description: aws.String("No report exists. Starting a new report generation task"),
	}, nil
}

// GetCredentialReport returns the newest report while it is good.
func (s *Service) GetCredentialReport(ctx context.Context, c *call.Call, _ *awsiam.GetCredentialReportInput) (*awsiam.GetCredentialReportOutput, error) {
	var report iam.CredentialReport
	err := s.view(ctx, func(tx store.Tx) (err error) {
		report, err = iam.FreshCredentialReport(tx, c.Now, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.GetCredentialReportOutput{
		Content: []byte(report.Content), GeneratedTime: at(report.GeneratedAt), ReportFormat: types.ReportFormatTypeTextCsv,
	}, nil
}
