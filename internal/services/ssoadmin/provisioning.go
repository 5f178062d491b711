package ssoadmin

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// provisioningTable guards how permission sets get into accounts.
var provisioningTable = call.Table{
	"ProvisionPermissionSet":                  {Action: "sso:ProvisionPermissionSet", Resource: "permission-set"},
	"DescribePermissionSetProvisioningStatus": {Action: "sso:DescribePermissionSetProvisioningStatus", Resource: "instance", ReadOnly: true},
	"ListPermissionSetProvisioningStatus":     {Action: "sso:ListPermissionSetProvisioningStatus", Resource: "instance", ReadOnly: true},
	"ListAccountsForProvisionedPermissionSet": {Action: "sso:ListAccountsForProvisionedPermissionSet", Resource: "permission-set", ReadOnly: true},
	"ListPermissionSetsProvisionedToAccount":  {Action: "sso:ListPermissionSetsProvisionedToAccount", Resource: "instance", ReadOnly: true},
}

// ProvisionPermissionSet begins to bring the roles of a set up to date, in one
// account or in all that have one (behaviours.md 6.4).
func (s *Service) ProvisionPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.ProvisionPermissionSetInput) (*ssoadmin.ProvisionPermissionSetOutput, error) {
	one := in.TargetType == types.ProvisionTargetTypeAwsAccount
	if one != (in.TargetId != nil) {
		return nil, wireError(fault.New(fault.Invalid, "target-id", "TargetId is required for the target type AWS_ACCOUNT, and must not be given for ALL_PROVISIONED_ACCOUNTS."))
	}
	var on []call.Target
	if one {
		on = append(on, accountTarget(*in.TargetId))
	}
	if err := s.alsoInstance(ctx, c, in.InstanceArn, on...); err != nil {
		return nil, err
	}
	var r access.Request
	err := s.update(ctx, c, func(tx store.Tx) error {
		inst, p, err := change(tx, c, in.InstanceArn, in.PermissionSetArn)
		if err != nil {
			return err
		}
		share(c, aws.ToString(in.TargetId), inst.Owner)
		r, err = access.RequestProvisioning(tx, inst, p, aws.ToString(in.TargetId), c.Now)
		c.Event.Set("requestId", r.ID)
		return err
	})
	return &ssoadmin.ProvisionPermissionSetOutput{PermissionSetProvisioningStatus: wireProvisioning(r)}, err
}

// DescribePermissionSetProvisioningStatus tells how far it is.
func (s *Service) DescribePermissionSetProvisioningStatus(ctx context.Context, c *call.Call, in *ssoadmin.DescribePermissionSetProvisioningStatusInput) (*ssoadmin.DescribePermissionSetProvisioningStatusOutput, error) {
	r, err := s.request(ctx, c, in.InstanceArn, access.ProvisionRequest, in.ProvisionPermissionSetRequestId)
	return &ssoadmin.DescribePermissionSetProvisioningStatusOutput{PermissionSetProvisioningStatus: wireProvisioning(r)}, err
}

func wireProvisioning(r access.Request) *types.PermissionSetProvisioningStatus {
	return &types.PermissionSetProvisioningStatus{
		Status: types.StatusValues(r.Status), RequestId: aws.String(r.ID), AccountId: some(r.Account), FailureReason: some(r.FailureReason),
		CreatedDate: aws.Time(r.CreatedAt), PermissionSetArn: aws.String(access.PermissionSet{Instance: r.Instance, ID: r.PermissionSet}.ARN()),
	}
}

// ListPermissionSetProvisioningStatus lists requests, newest first.
func (s *Service) ListPermissionSetProvisioningStatus(ctx context.Context, c *call.Call, in *ssoadmin.ListPermissionSetProvisioningStatusInput) (*ssoadmin.ListPermissionSetProvisioningStatusOutput, error) {
	got, err := s.requests(ctx, c, in.InstanceArn, access.ProvisionRequest, in.Filter, in.NextToken, in.MaxResults)
	out := &ssoadmin.ListPermissionSetProvisioningStatusOutput{NextToken: nextToken(got.Next)}
	out.PermissionSetsProvisioningStatus = make([]types.PermissionSetProvisioningStatusMetadata, len(got.Items))
	for i, r := range got.Items {
		out.PermissionSetsProvisioningStatus[i] = types.PermissionSetProvisioningStatusMetadata{
			Status: types.StatusValues(r.Status), RequestId: aws.String(r.ID), CreatedDate: aws.Time(r.CreatedAt),
		}
	}
	return out, err
}

// ListAccountsForProvisionedPermissionSet lists the accounts that have a set's role:
// all, those that have it as the set is now, or those that do not.
func (s *Service) ListAccountsForProvisionedPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.ListAccountsForProvisionedPermissionSetInput) (*ssoadmin.ListAccountsForProvisionedPermissionSetOutput, error) {
	var out ssoadmin.ListAccountsForProvisionedPermissionSetOutput
	err := s.viewSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, p access.PermissionSet) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		var digest string
		if in.ProvisioningStatus != "" {
			digest = p.Digest()
		}
		got, err := tx.ProvisionedAccounts(p.ID, digest, in.ProvisioningStatus == types.ProvisioningStatusLatestPermissionSetProvisioned, want)
		out.AccountIds, out.NextToken = append([]string{}, got.Items...), nextToken(got.Next) // a list, also of none
		return err
	})
	return &out, err
}

// ListPermissionSetsProvisionedToAccount lists the sets that have a role in an
// account, by the same states.
func (s *Service) ListPermissionSetsProvisionedToAccount(ctx context.Context, c *call.Call, in *ssoadmin.ListPermissionSetsProvisionedToAccountInput) (*ssoadmin.ListPermissionSetsProvisionedToAccountOutput, error) {
	if err := s.allowAlso(ctx, c, nil, accountTarget(*in.AccountId)); err != nil {
		return nil, err
	}
	var out ssoadmin.ListPermissionSetsProvisionedToAccountOutput
	err := s.view(ctx, func(tx store.Tx) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		inst, err := accounts(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		// An account has at most a few hundred: those of another state are read and left out.
		all, err := page.All(func(p page.Request) (page.Page[access.Provisioned], error) {
			return tx.ProvisionedSets(inst.ID, *in.AccountId, page.Request{After: cmp.Or(p.After, want.After), Limit: p.Limit})
		})
		if err != nil {
			return err
		}
		got := page.Cut(inState(all, in.ProvisioningStatus), want.Limit, func(p access.Provisioned) string { return p.Name })
		out.PermissionSets, out.NextToken = make([]string, len(got.Items)), nextToken(got.Next)
		for i, p := range got.Items {
			out.PermissionSets[i] = p.ARN()
		}
		return nil
	})
	return &out, err
}

// inState are those of the sets whose role is up to date, or is not; "" is all.
func inState(all []access.Provisioned, status types.ProvisioningStatus) []access.Provisioned {
	if status == "" {
		return all
	}
	latest := status == types.ProvisioningStatusLatestPermissionSetProvisioned
	var in []access.Provisioned
	for _, p := range all {
		if (p.Digest == p.PermissionSet.Digest()) == latest {
			in = append(in, p)
		}
	}
	return in
}
