package iam

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// delegationCaller is who calls, as requests know their parties.
func delegationCaller(c *call.Call) iam.DelegationCaller {
	p := &c.Principal
	return iam.DelegationCaller{Account: p.Account, ARN: p.ARN, Entity: p.Entity, EntityARN: p.EntityARN, Session: p.Temporary}
}

// delegationDefaults are what the owner of a request may do with it without any
// policy.
var delegationDefaults = map[string]bool{"GetDelegationRequest": true, "GetHumanReadableSummary": true, "UpdateDelegationRequest": true}

// delegation is the request that the input names, in the owner's account, or in
// the caller's if there is none that the caller can see.
func (f finder) delegation() error {
	f.delegationKeys()
	id := f.in.text("DelegationRequestId")
	if entity := f.in.text("EntityArn"); entity != "" {
		_, id, _ = delegationID(entity)
	}
	if id == "" {
		f.out.ARN = iam.DelegationRequestARN(f.account, "*")
		return nil
	}
	f.out.ARN = iam.DelegationRequestARN(f.account, id)
	r, err := iam.SeeDelegationRequest(f.tx, f.account, id)
	if err != nil {
		return ignoreMissing(err)
	}
	f.out.ARN = r.ARN(f.account)
	if r.Owner != "" {
		f.out.Keys["iam:delegationrequestowner"] = []string{r.Owner}
		f.out.Granted = delegationDefaults[f.call.Operation] && r.OwnedBy(delegationCaller(f.call))
	}
	return nil
}

// delegationKeys are the condition keys that the input gives.
func (f finder) delegationKeys() {
	give := func(key, value string) {
		if value != "" {
			f.out.Keys[key] = []string{value}
		}
	}
	give("iam:delegationrequestowner", f.in.text("OwnerId"))
	give("iam:notificationchannel", f.in.text("NotificationChannel"))
	if p, ok := f.in.value("Permissions").(*types.DelegationPermission); ok && p != nil {
		give("iam:templatearn", aws.ToString(p.PolicyTemplateArn))
	}
	if d, ok := f.in.value("SessionDuration").(*int32); ok && d != nil {
		give("iam:delegationduration", strconv.Itoa(int(*d)))
	}
}

// delegationID takes the ARN of a request apart.
func delegationID(entityARN string) (account, id string, ok bool) {
	rest, ok := strings.CutPrefix(entityARN, "arn:aws:iam::")
	if !ok {
		return "", "", false
	}
	account, id, ok = strings.Cut(rest, ":delegation-request/")
	return account, id, ok && !strings.ContainsAny(id, "/:*")
}

// CreateDelegationRequest asks another account for temporary access. AWS has
// templates registered by hand; here they are customer managed policies of the
// caller's account. There is no console, so that no link to it is answered.
func (s *Service) CreateDelegationRequest(ctx context.Context, c *call.Call, in *awsiam.CreateDelegationRequestInput) (*awsiam.CreateDelegationRequestOutput, error) {
	if in.Permissions == nil || in.Permissions.PolicyTemplateArn == nil {
		return nil, wireError(invalidInput("Permissions must have a PolicyTemplateArn."))
	}
	asked := iam.DelegationRequest{
		WorkflowID: aws.ToString(in.RequestorWorkflowId), Description: aws.ToString(in.Description), Message: aws.ToString(in.RequestMessage),
		Template: *in.Permissions.PolicyTemplateArn, Parameters: delegationParameters(in.Permissions.Parameters),
		RedirectURL: aws.ToString(in.RedirectUrl), Channel: aws.ToString(in.NotificationChannel), Seconds: int(aws.ToInt32(in.SessionDuration)),
		OnlySendByOwner: in.OnlySendByOwner, OwnerAccount: aws.ToString(in.OwnerAccountId),
	}
	var made iam.DelegationRequest
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		made, err = iam.CreateDelegationRequest(tx, c.Now, delegationCaller(c), asked)
		if err == nil {
			c.Event.Set("delegationRequestId", made.ID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateDelegationRequestOutput{DelegationRequestId: aws.String(made.ID)}, nil
}

func delegationParameters(in []types.PolicyParameter) []iam.DelegationParameter {
	var out []iam.DelegationParameter
	for _, p := range in {
		out = append(out, iam.DelegationParameter{Name: aws.ToString(p.Name), Values: p.Values, List: p.Type == types.PolicyParameterTypeEnumStringList})
	}
	return out
}

func wireParameter(p iam.DelegationParameter) types.PolicyParameter {
	out := types.PolicyParameter{Name: aws.String(p.Name), Values: p.Values, Type: types.PolicyParameterTypeEnumString}
	if p.List {
		out.Type = types.PolicyParameterTypeEnumStringList
	}
	return out
}

func wireDelegation(r iam.DelegationRequest, now time.Time) types.DelegationRequest {
	out := types.DelegationRequest{
		DelegationRequestId: aws.String(r.ID), Description: aws.String(r.Description), State: types.StateType(r.StateAt(now)),
		Permissions:      &types.DelegationPermission{PolicyTemplateArn: aws.String(r.Template), Parameters: wireAll(r.Parameters, wireParameter)},
		PermissionPolicy: aws.String(r.Policy), RolePermissionRestrictionArns: iam.RoleBoundaries(r.Policy),
		RequestorId: aws.String(r.Requestor), RequestorName: aws.String(r.RequestorName), SessionDuration: aws.Int32(int32(r.Seconds)),
		OnlySendByOwner: r.OnlySendByOwner, CreateDate: at(r.CreatedAt), UpdatedTime: at(r.UpdatedAt), ExpirationTime: at(r.ExpiresAt),
		OwnerAccountId: textOrNone(r.OwnerAccount), OwnerId: textOrNone(r.Owner), RequestMessage: textOrNone(r.Message),
		RedirectUrl: textOrNone(r.RedirectURL), Notes: textOrNone(r.Notes), RejectionReason: textOrNone(r.RejectionReason),
	}
	if r.Approval != nil {
		out.ApproverId = aws.String(r.Approval.ARN)
	}
	return out
}

// textOrNone is no member for no text.
func textOrNone(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// GetDelegationRequest tells what is asked for, and whether the caller could give
// all of it.
func (s *Service) GetDelegationRequest(ctx context.Context, c *call.Call, in *awsiam.GetDelegationRequestInput) (*awsiam.GetDelegationRequestOutput, error) {
	r, err := s.delegationRequest(ctx, c, aws.ToString(in.DelegationRequestId))
	if err != nil {
		return nil, err
	}
	wire := wireDelegation(r, c.Now)
	out := &awsiam.GetDelegationRequestOutput{DelegationRequest: &wire}
	if in.DelegationPermissionCheck {
		out.PermissionCheckStatus = types.PermissionCheckStatusTypeComplete
		out.PermissionCheckResult, err = s.covers(ctx, c, r.Policy)
	}
	return out, err
}

func (s *Service) delegationRequest(ctx context.Context, c *call.Call, id string) (r iam.DelegationRequest, err error) {
	return r, s.view(ctx, func(tx store.Tx) (err error) {
		r, err = iam.SeeDelegationRequest(tx, c.Principal.Account, id)
		return err
	})
}

// ListDelegationRequests pages through the requests that identities of the
// caller's account own, oldest first.
func (s *Service) ListDelegationRequests(ctx context.Context, c *call.Call, in *awsiam.ListDelegationRequestsInput) (*awsiam.ListDelegationRequestsOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := new(awsiam.ListDelegationRequestsOutput)
	err = s.view(ctx, func(tx store.Tx) error {
		some, err := tx.DelegationRequestsOf(c.Principal.Account, aws.ToString(in.OwnerId), p)
		out.DelegationRequests = wireAll(some.Items, func(r iam.DelegationRequest) types.DelegationRequest { return wireDelegation(r, c.Now) })
		out.IsTruncated, out.Marker = some.Next != "", next(some.Next)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// change makes a step of a request's life, with its event.
func (s *Service) change(ctx context.Context, c *call.Call, id *string, step func(store.Tx, iam.DelegationCaller, string) (iam.DelegationRequest, error)) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		r, err := step(tx, delegationCaller(c), aws.ToString(id))
		if err != nil {
			return err
		}
		c.Event.Set("requestorAccount", r.Requestor)
		c.Event.Set("state", string(r.State))
		return nil
	})
}

// AssociateDelegationRequest makes the caller the owner of a request.
func (s *Service) AssociateDelegationRequest(ctx context.Context, c *call.Call, in *awsiam.AssociateDelegationRequestInput) (*awsiam.AssociateDelegationRequestOutput, error) {
	err := s.change(ctx, c, in.DelegationRequestId, func(tx store.Tx, who iam.DelegationCaller, id string) (iam.DelegationRequest, error) {
		return iam.AssociateDelegationRequest(tx, c.Now, who, id)
	})
	return &awsiam.AssociateDelegationRequestOutput{}, err
}

// UpdateDelegationRequest puts a request before those who may accept it.
func (s *Service) UpdateDelegationRequest(ctx context.Context, c *call.Call, in *awsiam.UpdateDelegationRequestInput) (*awsiam.UpdateDelegationRequestOutput, error) {
	err := s.change(ctx, c, in.DelegationRequestId, func(tx store.Tx, who iam.DelegationCaller, id string) (iam.DelegationRequest, error) {
		return iam.UpdateDelegationRequest(tx, c.Now, who, id, aws.ToString(in.Notes))
	})
	return &awsiam.UpdateDelegationRequestOutput{}, err
}

// AcceptDelegationRequest gives what is asked for, from the caller's own permissions.
func (s *Service) AcceptDelegationRequest(ctx context.Context, c *call.Call, in *awsiam.AcceptDelegationRequestInput) (*awsiam.AcceptDelegationRequestOutput, error) {
	err := s.change(ctx, c, in.DelegationRequestId, func(tx store.Tx, who iam.DelegationCaller, id string) (iam.DelegationRequest, error) {
		return iam.AcceptDelegationRequest(tx, c.Now, who, id)
	})
	return &awsiam.AcceptDelegationRequestOutput{}, err
}

// RejectDelegationRequest refuses it.
func (s *Service) RejectDelegationRequest(ctx context.Context, c *call.Call, in *awsiam.RejectDelegationRequestInput) (*awsiam.RejectDelegationRequestOutput, error) {
	err := s.change(ctx, c, in.DelegationRequestId, func(tx store.Tx, who iam.DelegationCaller, id string) (iam.DelegationRequest, error) {
		return iam.RejectDelegationRequest(tx, c.Now, who, id, aws.ToString(in.Notes))
	})
	return &awsiam.RejectDelegationRequestOutput{}, err
}

// SendDelegationToken sends the requestor the token with which the access begins.
// AWS publishes it to the requestor's topic; here it is a mail to the address of
// the requestor's account.
func (s *Service) SendDelegationToken(ctx context.Context, c *call.Call, in *awsiam.SendDelegationTokenInput) (*awsiam.SendDelegationTokenOutput, error) {
	err := s.change(ctx, c, in.DelegationRequestId, func(tx store.Tx, who iam.DelegationCaller, id string) (iam.DelegationRequest, error) {
		return iam.SendDelegationToken(tx, s.Ring, c.Now, who, id)
	})
	return &awsiam.SendDelegationTokenOutput{}, err
}

// errNoDelegation is what is said of a request that the caller cannot see.
func errNoDelegation(entityARN string) error {
	return wireError(fault.New(fault.NotFound, "no-delegation-request", "The entity %s cannot be found.", entityARN))
}
