package ssoadmin

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// assignmentTable guards who is assigned what in accounts (G-40 to G-45).
var assignmentTable = call.Table{
	"CreateAccountAssignment": {Action: "sso:CreateAccountAssignment", Resource: "permission-set"},
	"DeleteAccountAssignment": {Action: "sso:DeleteAccountAssignment", Resource: "permission-set"},

	"DescribeAccountAssignmentCreationStatus": {Action: "sso:DescribeAccountAssignmentCreationStatus", Resource: "instance", ReadOnly: true},
	"DescribeAccountAssignmentDeletionStatus": {Action: "sso:DescribeAccountAssignmentDeletionStatus", Resource: "instance", ReadOnly: true},
	"ListAccountAssignmentCreationStatus":     {Action: "sso:ListAccountAssignmentCreationStatus", Resource: "instance", ReadOnly: true},
	"ListAccountAssignmentDeletionStatus":     {Action: "sso:ListAccountAssignmentDeletionStatus", Resource: "instance", ReadOnly: true},

	"ListAccountAssignments":             {Action: "sso:ListAccountAssignments", Resource: "permission-set", ReadOnly: true},
	"ListAccountAssignmentsForPrincipal": {Action: "sso:ListAccountAssignmentsForPrincipal", Resource: "instance", ReadOnly: true},
}

// CreateAccountAssignment begins to give a user or group a permission set in an
// account, which provisions the set there (G-44, G-46). It acts on instance, set and
// account.
func (s *Service) CreateAccountAssignment(ctx context.Context, c *call.Call, in *ssoadmin.CreateAccountAssignmentInput) (*ssoadmin.CreateAccountAssignmentOutput, error) {
	r, err := s.assign(ctx, c, access.RequestAssignment, in.InstanceArn, in.PermissionSetArn, in.TargetId, in.PrincipalType, in.PrincipalId)
	return &ssoadmin.CreateAccountAssignmentOutput{AccountAssignmentCreationStatus: wireAssignment(r)}, err
}

// DeleteAccountAssignment takes it away: at once for the people, by and by the role
// that nobody is assigned to any more.
func (s *Service) DeleteAccountAssignment(ctx context.Context, c *call.Call, in *ssoadmin.DeleteAccountAssignmentInput) (*ssoadmin.DeleteAccountAssignmentOutput, error) {
	r, err := s.assign(ctx, c, access.RequestUnassignment, in.InstanceArn, in.PermissionSetArn, in.TargetId, in.PrincipalType, in.PrincipalId)
	return &ssoadmin.DeleteAccountAssignmentOutput{AccountAssignmentDeletionStatus: wireAssignment(r)}, err
}

func (s *Service) assign(ctx context.Context, c *call.Call, request func(access.Store, access.Instance, access.Assignment, time.Time) (access.Request, error),
	instance, set, account *string, kind types.PrincipalType, principal *string,
) (r access.Request, err error) {
	if err := s.alsoInstance(ctx, c, instance, accountTarget(*account)); err != nil {
		return r, err
	}
	err = s.update(ctx, c, func(tx store.Tx) error {
		inst, p, err := find(tx, c, instance, set)
		if err != nil {
			return err
		}
		if *account == inst.Owner && c.Principal.Account != inst.Owner {
			return errManagement
		}
		share(c, *account, inst.Owner)
		r, err = request(tx, inst, access.Assignment{
			Account: *account, PermissionSet: p.ID, PrincipalType: access.PrincipalType(kind), PrincipalID: *principal,
		}, c.Now)
		c.Event.Set("requestId", r.ID)
		return err
	})
	return r, err
}

// DescribeAccountAssignmentCreationStatus tells how far an assignment is.
func (s *Service) DescribeAccountAssignmentCreationStatus(ctx context.Context, c *call.Call, in *ssoadmin.DescribeAccountAssignmentCreationStatusInput) (*ssoadmin.DescribeAccountAssignmentCreationStatusOutput, error) {
	r, err := s.request(ctx, c, in.InstanceArn, access.AssignRequest, in.AccountAssignmentCreationRequestId)
	return &ssoadmin.DescribeAccountAssignmentCreationStatusOutput{AccountAssignmentCreationStatus: wireAssignment(r)}, err
}

// DescribeAccountAssignmentDeletionStatus tells how far its removal is.
func (s *Service) DescribeAccountAssignmentDeletionStatus(ctx context.Context, c *call.Call, in *ssoadmin.DescribeAccountAssignmentDeletionStatusInput) (*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput, error) {
	r, err := s.request(ctx, c, in.InstanceArn, access.UnassignRequest, in.AccountAssignmentDeletionRequestId)
	return &ssoadmin.DescribeAccountAssignmentDeletionStatusOutput{AccountAssignmentDeletionStatus: wireAssignment(r)}, err
}

// request returns an instance's request of a kind.
func (s *Service) request(ctx context.Context, c *call.Call, instance *string, kind access.RequestKind, id *string) (r access.Request, err error) {
	err = s.view(ctx, func(tx store.Tx) error {
		inst, err := accounts(tx, c, instance)
		if err != nil {
			return err
		}
		r, err = tx.AccessRequest(*id)
		if fault.Is(err, fault.NotFound) || err == nil && (r.Instance != inst.ID || r.Kind != kind || forgotten(r, c.Now)) {
			return fault.New(fault.NotFound, "no-request", "Could not find a request with id %s", *id)
		}
		return err
	})
	return r, err
}

// forgotten reports whether nobody can ask any more what became of a request, though
// it may still be there.
func forgotten(r access.Request, now time.Time) bool {
	return r.Status != access.InProgress && !now.Before(r.ForgetAt)
}

func wireAssignment(r access.Request) *types.AccountAssignmentOperationStatus {
	return &types.AccountAssignmentOperationStatus{
		Status: types.StatusValues(r.Status), RequestId: aws.String(r.ID), FailureReason: some(r.FailureReason), CreatedDate: aws.Time(r.CreatedAt),
		TargetId: aws.String(r.Account), TargetType: types.TargetTypeAwsAccount, PrincipalType: types.PrincipalType(r.PrincipalType),
		PrincipalId: aws.String(r.PrincipalID), PermissionSetArn: aws.String(access.PermissionSet{Instance: r.Instance, ID: r.PermissionSet}.ARN()),
	}
}

// ListAccountAssignmentCreationStatus lists requests, newest first.
func (s *Service) ListAccountAssignmentCreationStatus(ctx context.Context, c *call.Call, in *ssoadmin.ListAccountAssignmentCreationStatusInput) (*ssoadmin.ListAccountAssignmentCreationStatusOutput, error) {
	got, err := s.requests(ctx, c, in.InstanceArn, access.AssignRequest, in.Filter, in.NextToken, in.MaxResults)
	return &ssoadmin.ListAccountAssignmentCreationStatusOutput{AccountAssignmentsCreationStatus: wireAssignments(got.Items), NextToken: nextToken(got.Next)}, err
}

// ListAccountAssignmentDeletionStatus lists requests, newest first.
func (s *Service) ListAccountAssignmentDeletionStatus(ctx context.Context, c *call.Call, in *ssoadmin.ListAccountAssignmentDeletionStatusInput) (*ssoadmin.ListAccountAssignmentDeletionStatusOutput, error) {
	got, err := s.requests(ctx, c, in.InstanceArn, access.UnassignRequest, in.Filter, in.NextToken, in.MaxResults)
	return &ssoadmin.ListAccountAssignmentDeletionStatusOutput{AccountAssignmentsDeletionStatus: wireAssignments(got.Items), NextToken: nextToken(got.Next)}, err
}

// requests is a page of an instance's requests of a kind, newest first.
func (s *Service) requests(ctx context.Context, c *call.Call, instance *string, kind access.RequestKind, filter *types.OperationStatusFilter, token *string, limit *int32) (got page.Page[access.Request], err error) {
	err = s.view(ctx, func(tx store.Tx) error {
		want, err := listed(token, limit)
		if err != nil {
			return err
		}
		inst, err := accounts(tx, c, instance)
		if err != nil {
			return err
		}
		var status access.RequestStatus
		if filter != nil {
			status = access.RequestStatus(filter.Status)
		}
		got, err = tx.AccessRequests(inst.ID, kind, status, want)
		got.Items = slices.DeleteFunc(got.Items, func(r access.Request) bool { return forgotten(r, c.Now) })
		return err
	})
	return got, err
}

func wireAssignments(all []access.Request) []types.AccountAssignmentOperationStatusMetadata {
	out := make([]types.AccountAssignmentOperationStatusMetadata, len(all))
	for i, r := range all {
		out[i] = types.AccountAssignmentOperationStatusMetadata{Status: types.StatusValues(r.Status), RequestId: aws.String(r.ID), CreatedDate: aws.Time(r.CreatedAt)}
	}
	return out
}

// ListAccountAssignments lists who is assigned a set in an account.
func (s *Service) ListAccountAssignments(ctx context.Context, c *call.Call, in *ssoadmin.ListAccountAssignmentsInput) (*ssoadmin.ListAccountAssignmentsOutput, error) {
	if err := s.alsoInstance(ctx, c, in.InstanceArn, accountTarget(*in.AccountId)); err != nil {
		return nil, err
	}
	var out ssoadmin.ListAccountAssignmentsOutput
	err := s.view(ctx, func(tx store.Tx) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		_, p, err := find(tx, c, in.InstanceArn, in.PermissionSetArn)
		if err != nil {
			return err
		}
		got, err := tx.AssignmentsOf(*in.AccountId, p.ID, want)
		out.AccountAssignments, out.NextToken = make([]types.AccountAssignment, len(got.Items)), nextToken(got.Next)
		for i, a := range got.Items {
			out.AccountAssignments[i] = types.AccountAssignment{
				AccountId: aws.String(a.Account), PermissionSetArn: aws.String(p.ARN()), PrincipalType: types.PrincipalType(a.PrincipalType),
				PrincipalId: aws.String(a.PrincipalID),
			}
		}
		return err
	})
	return &out, err
}

// ListAccountAssignmentsForPrincipal lists what a user or group is assigned; a user
// also what the groups are that the user is in.
func (s *Service) ListAccountAssignmentsForPrincipal(ctx context.Context, c *call.Call, in *ssoadmin.ListAccountAssignmentsForPrincipalInput) (*ssoadmin.ListAccountAssignmentsForPrincipalOutput, error) {
	var out ssoadmin.ListAccountAssignmentsForPrincipalOutput
	err := s.view(ctx, func(tx store.Tx) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		inst, err := accounts(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		var account string
		if in.Filter != nil {
			account = aws.ToString(in.Filter.AccountId)
		}
		got, err := access.AssignmentsHeld(tx, inst, access.PrincipalType(in.PrincipalType), *in.PrincipalId, account, want)
		out.AccountAssignments, out.NextToken = make([]types.AccountAssignmentForPrincipal, len(got.Items)), nextToken(got.Next)
		for i, a := range got.Items {
			out.AccountAssignments[i] = types.AccountAssignmentForPrincipal{
				AccountId: aws.String(a.Account), PrincipalType: types.PrincipalType(a.PrincipalType), PrincipalId: aws.String(a.PrincipalID),
				PermissionSetArn: aws.String(access.PermissionSet{Instance: inst.ID, ID: a.PermissionSet}.ARN()),
			}
		}
		return err
	})
	return &out, err
}
