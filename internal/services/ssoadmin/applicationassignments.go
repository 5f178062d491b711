package ssoadmin

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// applicationAssignmentTable guards who is assigned to which application.
var applicationAssignmentTable = call.Table{
	"CreateApplicationAssignment":            {Action: "sso:CreateApplicationAssignment", Resource: "application"},
	"DeleteApplicationAssignment":            {Action: "sso:DeleteApplicationAssignment", Resource: "application"},
	"DescribeApplicationAssignment":          {Action: "sso:DescribeApplicationAssignment", Resource: "application", ReadOnly: true},
	"ListApplicationAssignments":             {Action: "sso:ListApplicationAssignments", Resource: "application", ReadOnly: true},
	"ListApplicationAssignmentsForPrincipal": {Action: "sso:ListApplicationAssignmentsForPrincipal", Resource: "instance", ReadOnly: true},
}

// mostListed is how long a page is that nobody asked to be shorter.
const mostListed = 100

// CreateApplicationAssignment lets a user or group use an application (G-60).
func (s *Service) CreateApplicationAssignment(ctx context.Context, c *call.Call, in *ssoadmin.CreateApplicationAssignmentInput) (*ssoadmin.CreateApplicationAssignmentOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, by access.Caller, a application.Application) error {
		return application.Assign(tx, by.Instance, assigned(a, in.PrincipalType, in.PrincipalId), c.Now)
	})
	return &ssoadmin.CreateApplicationAssignmentOutput{}, err
}

// DeleteApplicationAssignment takes it away again.
func (s *Service) DeleteApplicationAssignment(ctx context.Context, c *call.Call, in *ssoadmin.DeleteApplicationAssignmentInput) (*ssoadmin.DeleteApplicationAssignmentOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return tx.DeleteApplicationAssignment(assigned(a, in.PrincipalType, in.PrincipalId))
	})
	return &ssoadmin.DeleteApplicationAssignmentOutput{}, err
}

// DescribeApplicationAssignment tells whether a user or group itself is assigned.
func (s *Service) DescribeApplicationAssignment(ctx context.Context, c *call.Call, in *ssoadmin.DescribeApplicationAssignmentInput) (*ssoadmin.DescribeApplicationAssignmentOutput, error) {
	err := s.viewApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		_, err := tx.ApplicationAssignment(assigned(a, in.PrincipalType, in.PrincipalId))
		return err
	})
	return &ssoadmin.DescribeApplicationAssignmentOutput{ApplicationArn: in.ApplicationArn, PrincipalId: in.PrincipalId, PrincipalType: in.PrincipalType}, err
}

// ListApplicationAssignments lists who is assigned to an application.
func (s *Service) ListApplicationAssignments(ctx context.Context, c *call.Call, in *ssoadmin.ListApplicationAssignmentsInput) (*ssoadmin.ListApplicationAssignmentsOutput, error) {
	out := ssoadmin.ListApplicationAssignmentsOutput{ApplicationAssignments: []types.ApplicationAssignment{}}
	p, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), mostListed)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.viewApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		found, err := tx.ApplicationAssignments(a.ID, p)
		out.NextToken = nextToken(found.Next)
		for _, v := range found.Items {
			out.ApplicationAssignments = append(out.ApplicationAssignments, types.ApplicationAssignment{
				ApplicationArn: in.ApplicationArn, PrincipalId: &v.PrincipalID, PrincipalType: types.PrincipalType(v.PrincipalType),
			})
		}
		return err
	})
	return &out, err
}

// ListApplicationAssignmentsForPrincipal lists what a user or group is assigned to,
// a user also by groups. Members of the organization have to ask about one
// application of their own.
func (s *Service) ListApplicationAssignmentsForPrincipal(ctx context.Context, c *call.Call, in *ssoadmin.ListApplicationAssignmentsForPrincipalInput) (*ssoadmin.ListApplicationAssignmentsForPrincipalOutput, error) {
	out := ssoadmin.ListApplicationAssignmentsForPrincipalOutput{ApplicationAssignments: []types.ApplicationAssignmentForPrincipal{}}
	p, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), mostListed)
	if err != nil {
		return nil, wireError(err)
	}
	kind, principal := access.PrincipalType(in.PrincipalType), aws.ToString(in.PrincipalId)
	err = s.view(ctx, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, idOf(in.InstanceArn))
		if err != nil {
			return err
		}
		only, err := s.filteredTo(tx, c, by, in.Filter)
		if err != nil {
			return err
		}
		if err := application.InDirectory(tx, by.Instance.DirectoryID, kind, principal); err != nil {
			return err
		}
		found, err := tx.ApplicationAssignmentsTo(kind, principal, only, p)
		if err != nil {
			return err
		}
		out.NextToken = nextToken(found.Next)
		for _, v := range found.Items {
			a, err := tx.Application(v.Application)
			if err != nil {
				return err
			}
			out.ApplicationAssignments = append(out.ApplicationAssignments, types.ApplicationAssignmentForPrincipal{
				ApplicationArn: aws.String(a.ARN()), PrincipalId: &v.PrincipalID, PrincipalType: types.PrincipalType(v.PrincipalType),
			})
		}
		return nil
	})
	return &out, err
}

// filteredTo is the id of the application that a filter names; "" for all.
func (s *Service) filteredTo(tx store.Tx, c *call.Call, by access.Caller, f *types.ListApplicationAssignmentsFilter) (string, error) {
	if f == nil || f.ApplicationArn == nil {
		if !by.Administrator {
			return "", fault.New(fault.Invalid, "filter-required", "A member account must filter by the ApplicationArn of one of its applications.")
		}
		return "", nil
	}
	of, a, err := application.Reach(tx, c.Principal.Account, *f.ApplicationArn)
	if err == nil && of.Instance.ID != by.Instance.ID {
		err = fault.New(fault.Invalid, "filter-instance", "The application of the filter belongs to another instance.")
	}
	return a.ID, err
}

func assigned(a application.Application, kind types.PrincipalType, principal *string) application.Assignment {
	return application.Assignment{Application: a.ID, PrincipalType: access.PrincipalType(kind), PrincipalID: aws.ToString(principal)}
}

// nextToken is a page's token; nil on the last page.
func nextToken(key string) *string {
	if key == "" {
		return nil
	}
	return aws.String(page.Token(key))
}

// window is a page of a short list that is in order of key.
func window[T any](all []T, p page.Request, key func(T) string) page.Page[T] {
	for len(all) > 0 && p.After != "" && key(all[0]) <= p.After {
		all = all[1:]
	}
	return page.Cut(all, p.Limit, key)
}
