package organizations

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var transferTable = call.Table{
	"InviteOrganizationToTransferResponsibility": {Action: "organizations:InviteOrganizationToTransferResponsibility", Resource: "invited", TagAction: "organizations:TagResource"},
	"ListInboundResponsibilityTransfers":         {Action: "organizations:ListInboundResponsibilityTransfers", ReadOnly: true},
	"ListOutboundResponsibilityTransfers":        {Action: "organizations:ListOutboundResponsibilityTransfers", ReadOnly: true},
	"DescribeResponsibilityTransfer":             {Action: "organizations:DescribeResponsibilityTransfer", Resource: "transfer", ReadOnly: true},
	"UpdateResponsibilityTransfer":               {Action: "organizations:UpdateResponsibilityTransfer", Resource: "transfer"},
	"TerminateResponsibilityTransfer":            {Action: "organizations:TerminateResponsibilityTransfer", Resource: "transfer"},
}

// Condition keys of transfers (Service Authorization Reference).
const (
	transferTypeKey      = "organizations:transfertype"
	transferDirectionKey = "organizations:transferdirection"
)

// transferKeys are the condition keys that an operation on no particular transfer has.
func transferKeys(operation string, in reflect.Value, keys map[string][]string) {
	switch operation {
	case "InviteOrganizationToTransferResponsibility", "ListInboundResponsibilityTransfers":
		keys[transferDirectionKey] = []string{string(org.Inbound)}
	case "ListOutboundResponsibilityTransfers":
		keys[transferDirectionKey] = []string{string(org.Outbound)}
	default:
		return
	}
	keys[transferTypeKey] = []string{text(in, "Type")}
}

// transferTarget names a transfer as the organization sees it, and one that it does
// not see, too, so that a denial tells nothing.
func transferTarget(tx store.Tx, o org.Organization, id string, t *call.Target) error {
	found, err := tx.Transfer(id)
	way := org.Direction("*")
	if err == nil {
		way, err = org.DirectionOf(tx, o, found)
	}
	if fault.Is(err, fault.NotFound) {
		found, way, err = org.Transfer{ID: id, Type: org.Billing}, "*", nil
	}
	t.ARN = transferARN(o, found, way)
	if way != "*" {
		t.Keys[transferDirectionKey] = []string{string(way)}
		t.Keys[transferTypeKey] = []string{string(found.Type)}
	}
	return err
}

func transferARN(o org.Organization, t org.Transfer, way org.Direction) string {
	return strings.Join([]string{
		"arn:aws:organizations::" + o.ManagementAccount + ":transfer", o.ID, strings.ToLower(string(t.Type)), strings.ToLower(string(way)), t.ID,
	}, "/")
}

// wireTransfer is a transfer as the organization sees it that takes or gives it. Until
// the other side has agreed, only what names it was asked by is told of it; and the
// source is not told the name, which the target made for itself.
func wireTransfer(tx store.Tx, o org.Organization, t org.Transfer, way org.Direction, now time.Time) (*types.ResponsibilityTransfer, error) {
	out := &types.ResponsibilityTransfer{
		Id: &t.ID, Arn: aws.String(transferARN(o, t, way)), Type: types.ResponsibilityTransferType(t.Type),
		Status: types.ResponsibilityTransferStatus(t.StatusAt(now)), StartTimestamp: &t.StartsAt, ActiveHandshakeId: &t.Handshake,
	}
	if way == org.Inbound {
		out.Name = &t.Name
	}
	if !t.EndsAt.IsZero() {
		out.EndTimestamp = &t.EndsAt
	}
	var err error
	switch {
	case way == org.Outbound:
		out.Source, err = participant(tx, o.ID)
	case t.Agreed():
		out.Source, err = participant(tx, t.Source.ID)
	case t.Source.Type == org.AccountParty:
		out.Source = &types.TransferParticipant{ManagementAccountId: &t.Source.ID}
	default:
		out.Source = &types.TransferParticipant{ManagementAccountEmail: &t.Source.ID}
	}
	if err != nil {
		return nil, err
	}
	out.Target, err = participant(tx, t.Target)
	return out, err
}

// participant is the management account of an organization.
func participant(tx store.Tx, organization string) (*types.TransferParticipant, error) {
	a, err := managing(tx, organization)
	return &types.TransferParticipant{ManagementAccountId: &a.ID, ManagementAccountEmail: &a.Email}, err
}

func managing(tx store.Tx, organization string) (account.Account, error) {
	o, err := tx.Organization(organization)
	if err != nil {
		return account.Account{}, err
	}
	return tx.Account(o.ManagementAccount)
}

// withTransfer adds to the resources of a handshake the transfer that it is about,
// which may have ended and been forgotten with the organization that gave it.
func withTransfer(tx store.Tx, h org.Handshake, resources []types.HandshakeResource) ([]types.HandshakeResource, error) {
	t, err := tx.Transfer(h.Transfer)
	if fault.Is(err, fault.NotFound) {
		return resources, nil
	}
	about := resource(types.HandshakeResourceTypeResponsibilityTransfer, t.ID)
	about.Resources = []types.HandshakeResource{
		resource(types.HandshakeResourceTypeTransferType, string(t.Type)),
		resource(types.HandshakeResourceTypeTransferStartTimestamp, t.StartsAt.Format(time.RFC3339)),
	}
	return append(resources, about), err
}

// InviteOrganizationToTransferResponsibility asks another organization's management
// account to have the caller's take a responsibility, and writes to its owner.
func (s *Service) InviteOrganizationToTransferResponsibility(ctx context.Context, c *call.Call, in *awsorg.InviteOrganizationToTransferResponsibilityInput) (*awsorg.InviteOrganizationToTransferResponsibilityOutput, error) {
	with := org.Party{Type: org.PartyType(in.Target.Type), ID: aws.ToString(in.Target.Id)}
	proposal := org.Proposal{
		Type: org.Responsibility(in.Type), Name: aws.ToString(in.SourceName), StartsAt: aws.ToTime(in.StartTimestamp), Notes: aws.ToString(in.Notes), Tags: tagsOf(in.Tags),
	}
	var out awsorg.InviteOrganizationToTransferResponsibilityOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		verified, err := membership.Verified(tx, o)
		if err != nil {
			return err
		}
		if !verified {
			return fault.New(fault.Conflict, string(types.HandshakeConstraintViolationExceptionReasonManagementAccountEmailNotVerified),
				"You must verify the email address of the management account before you can invite organizations.")
		}
		t, h, err := org.InviteTransfer(tx, o, with, proposal, c.Now)
		if err != nil {
			return err
		}
		c.Event.Set("handshakeId", h.ID)
		c.Event.Set("responsibilityTransferId", t.ID)
		if err := s.Mail.SendTransferInvitation(tx, o, t, h, c.Now); err != nil {
			return err
		}
		out.Handshake, err = wireHandshake(tx, h, c.Now)
		return err
	})
	return &out, err
}

// ListInboundResponsibilityTransfers lists what the caller's organization takes or
// asks for, or what comes with one of those.
func (s *Service) ListInboundResponsibilityTransfers(ctx context.Context, c *call.Call, in *awsorg.ListInboundResponsibilityTransfersInput) (*awsorg.ListInboundResponsibilityTransfersOutput, error) {
	transfers, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[types.ResponsibilityTransfer], error) {
		got, err := org.TransfersTaken(tx, o, aws.ToString(in.Id), p, c.Now)
		if err != nil {
			return page.Page[types.ResponsibilityTransfer]{}, err
		}
		return wireTransfers(tx, o, got, org.Inbound, c.Now)
	})
	return &awsorg.ListInboundResponsibilityTransfersOutput{ResponsibilityTransfers: transfers, NextToken: next}, err
}

// ListOutboundResponsibilityTransfers lists what the caller's organization gives or
// is asked for.
func (s *Service) ListOutboundResponsibilityTransfers(ctx context.Context, c *call.Call, in *awsorg.ListOutboundResponsibilityTransfersInput) (*awsorg.ListOutboundResponsibilityTransfersOutput, error) {
	transfers, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[types.ResponsibilityTransfer], error) {
		got, err := org.TransfersGiven(tx, o, p, c.Now)
		if err != nil {
			return page.Page[types.ResponsibilityTransfer]{}, err
		}
		return wireTransfers(tx, o, got, org.Outbound, c.Now)
	})
	return &awsorg.ListOutboundResponsibilityTransfersOutput{ResponsibilityTransfers: transfers, NextToken: next}, err
}

func wireTransfers(tx store.Tx, o org.Organization, got page.Page[org.Transfer], way org.Direction, now time.Time) (page.Page[types.ResponsibilityTransfer], error) {
	all := page.Page[types.ResponsibilityTransfer]{Items: make([]types.ResponsibilityTransfer, len(got.Items)), Next: got.Next}
	for i, t := range got.Items {
		w, err := wireTransfer(tx, o, t, way, now)
		if err != nil {
			return all, err
		}
		all.Items[i] = *w
	}
	return all, nil
}

// DescribeResponsibilityTransfer tells either side of a transfer.
func (s *Service) DescribeResponsibilityTransfer(ctx context.Context, c *call.Call, in *awsorg.DescribeResponsibilityTransferInput) (*awsorg.DescribeResponsibilityTransferOutput, error) {
	var out awsorg.DescribeResponsibilityTransferOutput
	err := s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		t, way, err := org.FindTransfer(tx, o, aws.ToString(in.Id), c.Now)
		if err != nil {
			return err
		}
		out.ResponsibilityTransfer, err = wireTransfer(tx, o, t, way, c.Now)
		return err
	})
	return &out, err
}

// UpdateResponsibilityTransfer gives a transfer another name, for who takes it.
func (s *Service) UpdateResponsibilityTransfer(ctx context.Context, c *call.Call, in *awsorg.UpdateResponsibilityTransferInput) (*awsorg.UpdateResponsibilityTransferOutput, error) {
	var out awsorg.UpdateResponsibilityTransferOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		t, err := org.RenameTransfer(tx, o, aws.ToString(in.Id), aws.ToString(in.Name), c.Now)
		if err != nil {
			return err
		}
		out.ResponsibilityTransfer, err = wireTransfer(tx, o, t, org.Inbound, c.Now)
		return err
	})
	return &out, err
}

// TerminateResponsibilityTransfer withdraws what was agreed, for either side. Both,
// and those above them in a chain, have it in their histories.
func (s *Service) TerminateResponsibilityTransfer(ctx context.Context, c *call.Call, in *awsorg.TerminateResponsibilityTransferInput) (*awsorg.TerminateResponsibilityTransferOutput, error) {
	var out awsorg.TerminateResponsibilityTransferOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		t, way, err := org.Withdraw(tx, o, aws.ToString(in.Id), aws.ToTime(in.EndTimestamp), c.Now)
		if err != nil {
			return err
		}
		if err := recordTerminated(tx, t, c.Region, c.Now); err != nil {
			return err
		}
		out.ResponsibilityTransfer, err = wireTransfer(tx, o, t, way, c.Now)
		return err
	})
	return &out, err
}

// recordTerminated adds the service's event to the history of each management account
// that the end of a transfer concerns.
func recordTerminated(tx store.Tx, t org.Transfer, region string, now time.Time) error {
	source, err := tx.Organization(t.Source.ID)
	if err != nil {
		return err
	}
	above, err := org.Upstream(tx, t, now)
	if err != nil {
		return err
	}
	for i, o := range append([]org.Organization{source}, above...) {
		e := serviceEvent("ResponsibilityTransferTerminated", o, "", region, now)
		way := org.Inbound
		if i == 0 {
			way = org.Outbound
		}
		e.Resource = transferARN(o, t, way)
		e.Set("responsibilityTransfer.id", t.ID)
		e.Set("responsibilityTransfer.status", string(t.Status))
		e.Set("responsibilityTransfer.startTimestamp", t.StartsAt.Format(time.RFC3339))
		e.Set("responsibilityTransfer.endTimestamp", t.EndsAt.Format(time.RFC3339))
		if err := tx.AppendEvent(e); err != nil {
			return err
		}
	}
	return nil
}
