package organizations

import (
	"context"
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

var handshakeTable = call.Table{
	"InviteAccountToOrganization":   {Action: "organizations:InviteAccountToOrganization", Resource: "invited", TagAction: "organizations:TagResource"},
	"AcceptHandshake":               {Action: "organizations:AcceptHandshake", Resource: "handshake"},
	"DeclineHandshake":              {Action: "organizations:DeclineHandshake", Resource: "handshake"},
	"CancelHandshake":               {Action: "organizations:CancelHandshake", Resource: "handshake"},
	"DescribeHandshake":             {Action: "organizations:DescribeHandshake", Resource: "handshake", ReadOnly: true},
	"ListHandshakesForAccount":      {Action: "organizations:ListHandshakesForAccount", ReadOnly: true},
	"ListHandshakesForOrganization": {Action: "organizations:ListHandshakesForOrganization", ReadOnly: true},
}

// wireHandshake is a handshake as both sides see it at now.
func wireHandshake(tx store.Tx, h org.Handshake, now time.Time) (*types.Handshake, error) {
	o, err := tx.Organization(h.Organization)
	if err != nil {
		return nil, err
	}
	sender, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return nil, err
	}
	out := &types.Handshake{
		Id: &h.ID, Arn: aws.String(handshakeARN(o, h)), Action: types.ActionType(h.Action), State: types.HandshakeState(h.StateAt(now)),
		RequestedTimestamp: aws.Time(h.RequestedAt), ExpirationTimestamp: aws.Time(h.ExpiresAt),
		Parties: []types.HandshakeParty{{Id: &o.ID, Type: types.HandshakePartyTypeOrganization}},
	}
	organization := resource(types.HandshakeResourceTypeOrganization, o.ID)
	if h.Action == org.InviteAccount {
		organization.Resources = []types.HandshakeResource{
			resource(types.HandshakeResourceTypeMasterEmail, sender.Email),
			resource(types.HandshakeResourceTypeMasterName, sender.Name),
			resource(types.HandshakeResourceTypeOrganizationFeatureSet, string(o.Features)),
		}
	}
	if h.Action == org.TransferResponsibility {
		organization.Resources = []types.HandshakeResource{
			resource(types.HandshakeResourceTypeManagementAccount, sender.ID),
			resource(types.HandshakeResourceTypeManagementEmail, sender.Email),
			resource(types.HandshakeResourceTypeManagementName, sender.Name),
		}
	}
	out.Resources = []types.HandshakeResource{organization}
	if h.Recipient.Type != org.OrganizationParty {
		out.Parties = append(out.Parties, types.HandshakeParty{Id: &h.Recipient.ID, Type: types.HandshakePartyType(h.Recipient.Type)})
		out.Resources = append(out.Resources, resource(types.HandshakeResourceType(h.Recipient.Type), h.Recipient.ID))
	}
	if h.Parent != "" {
		out.Resources = append(out.Resources, resource(types.HandshakeResourceTypeParentHandshake, h.Parent))
	}
	if h.Notes != "" {
		out.Resources = append(out.Resources, resource(types.HandshakeResourceTypeNotes, h.Notes))
	}
	if h.Action != org.TransferResponsibility {
		return out, nil
	}
	out.Resources, err = withTransfer(tx, h, out.Resources)
	return out, err
}

func resource(t types.HandshakeResourceType, value string) types.HandshakeResource {
	return types.HandshakeResource{Type: t, Value: &value}
}

// InviteAccountToOrganization asks an account to join, and writes to its owner.
// The management account's address has to be verified before (F-06).
func (s *Service) InviteAccountToOrganization(ctx context.Context, c *call.Call, in *awsorg.InviteAccountToOrganizationInput) (*awsorg.InviteAccountToOrganizationOutput, error) {
	with := org.Party{Type: org.PartyType(in.Target.Type), ID: aws.ToString(in.Target.Id)}
	var out awsorg.InviteAccountToOrganizationOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		verified, err := membership.Verified(tx, o)
		if err != nil {
			return err
		}
		if !verified {
			return fault.New(fault.Conflict, "AccountOwnerNotVerified", "You must verify the email address of the management account before you can invite accounts.")
		}
		h, err := org.Invite(tx, o, with, aws.ToString(in.Notes), tagsOf(in.Tags), c.Now)
		if err != nil {
			return err
		}
		c.Event.Set("handshakeId", h.ID)
		if err := s.Mail.SendInvitation(tx, o, h, c.Now); err != nil {
			return err
		}
		out.Handshake, err = wireHandshake(tx, h, c.Now)
		return err
	})
	return &out, err
}

// AcceptHandshake agrees to what the caller's account was asked. A member that
// accepts another organization's invitation leaves its own: who may not do that, by a
// service control policy for example, may not do it in this way either.
func (s *Service) AcceptHandshake(ctx context.Context, c *call.Call, in *awsorg.AcceptHandshakeInput) (*awsorg.AcceptHandshakeOutput, error) {
	id := aws.ToString(in.HandshakeId)
	joins, leaves := false, false
	if err := s.view(ctx, func(tx store.Tx) error {
		h, err := org.FindHandshake(tx, c.Principal.Account, id, c.Now)
		if err != nil {
			return err
		}
		a, err := tx.Account(c.Principal.Account)
		joins = h.Action == org.InviteAccount
		leaves = joins && !a.Standalone()
		return err
	}); err != nil {
		return nil, err
	}
	if leaves {
		if err := s.Authz.Allow(ctx, c, Table["LeaveOrganization"].Action, call.Target{}); err != nil {
			return nil, err
		}
	}
	if joins {
		if err := s.mayLink(ctx, c); err != nil {
			return nil, err
		}
	}
	var out awsorg.AcceptHandshakeOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		done, err := membership.Accept(tx, c.Principal.Account, id, c.Now)
		if err != nil {
			return err
		}
		if done.Left.ID != "" && !leaves {
			return fault.New(fault.Conflict, "ConcurrentModification", "The account has joined an organization meanwhile.")
		}
		if err := recordAccepted(tx, c, done); err != nil {
			return err
		}
		out.Handshake, err = wireHandshake(tx, done.Handshake, c.Now)
		return err
	})
	return &out, err
}

func recordAccepted(tx store.Tx, c *call.Call, done membership.Accepted) error {
	if c.Principal.Account != done.Organization.ManagementAccount {
		c.Event.ShareWith(done.Organization.ManagementAccount)
	}
	if done.Handshake.Action != org.InviteAccount {
		return nil
	}
	if done.Left.ID != "" {
		if err := RecordDeparted(tx, done.Left, c.Principal.Account, DepartureLeft, c.Region, c.Now); err != nil {
			return err
		}
	}
	return RecordJoined(tx, done.Organization, c.Principal.Account, account.Invited, c.Region, c.Now)
}

// DeclineHandshake refuses what the caller's account was asked.
func (s *Service) DeclineHandshake(ctx context.Context, c *call.Call, in *awsorg.DeclineHandshakeInput) (*awsorg.DeclineHandshakeOutput, error) {
	h, err := s.answer(ctx, c, aws.ToString(in.HandshakeId), org.Declined)
	return &awsorg.DeclineHandshakeOutput{Handshake: h}, err
}

// CancelHandshake takes back what the caller's organization asked.
func (s *Service) CancelHandshake(ctx context.Context, c *call.Call, in *awsorg.CancelHandshakeInput) (*awsorg.CancelHandshakeOutput, error) {
	h, err := s.answer(ctx, c, aws.ToString(in.HandshakeId), org.Canceled)
	return &awsorg.CancelHandshakeOutput{Handshake: h}, err
}

func (s *Service) answer(ctx context.Context, c *call.Call, id string, to org.HandshakeState) (out *types.Handshake, err error) {
	err = s.update(ctx, c, func(tx store.Tx) error {
		h, o, err := org.Answer(tx, c.Principal.Account, id, to, c.Now)
		if err != nil {
			return err
		}
		if c.Principal.Account != o.ManagementAccount {
			c.Event.ShareWith(o.ManagementAccount)
		}
		out, err = wireHandshake(tx, h, c.Now)
		return err
	})
	return out, err
}

// DescribeHandshake tells either side of a handshake.
func (s *Service) DescribeHandshake(ctx context.Context, c *call.Call, in *awsorg.DescribeHandshakeInput) (*awsorg.DescribeHandshakeOutput, error) {
	var out awsorg.DescribeHandshakeOutput
	err := s.view(ctx, func(tx store.Tx) error {
		h, err := org.FindHandshake(tx, c.Principal.Account, aws.ToString(in.HandshakeId), c.Now)
		if err != nil {
			return err
		}
		out.Handshake, err = wireHandshake(tx, h, c.Now)
		return err
	})
	return &out, err
}

// ListHandshakesForAccount lists what the caller's account was asked, by its id or
// by its address.
func (s *Service) ListHandshakesForAccount(ctx context.Context, c *call.Call, in *awsorg.ListHandshakesForAccountInput) (*awsorg.ListHandshakesForAccountOutput, error) {
	var out awsorg.ListHandshakesForAccountOutput
	filter, p, err := handshakeList(in.Filter, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.view(ctx, func(tx store.Tx) error {
		a, err := tx.Account(c.Principal.Account)
		if err != nil {
			return err
		}
		got, err := tx.HandshakesReceived(org.Parties(a), filter, p)
		if err != nil {
			return err
		}
		out.Handshakes, out.NextToken, err = wireHandshakes(tx, got, c.Now)
		return err
	})
	return &out, err
}

// ListHandshakesForOrganization lists what the caller's organization has asked.
func (s *Service) ListHandshakesForOrganization(ctx context.Context, c *call.Call, in *awsorg.ListHandshakesForOrganizationInput) (*awsorg.ListHandshakesForOrganizationOutput, error) {
	var out awsorg.ListHandshakesForOrganizationOutput
	filter, p, err := handshakeList(in.Filter, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		got, err := tx.HandshakesSent(o.ID, filter, p)
		if err != nil {
			return err
		}
		out.Handshakes, out.NextToken, err = wireHandshakes(tx, got, c.Now)
		return err
	})
	return &out, err
}

// handshakeList reads what narrows a list: an action or a parent, not both.
func handshakeList(f *types.HandshakeFilter, token *string, most *int32) (filter org.HandshakeFilter, p page.Request, err error) {
	if f != nil {
		filter = org.HandshakeFilter{Action: org.Action(f.ActionType), Parent: aws.ToString(f.ParentHandshakeId)}
	}
	if filter.Action != "" && filter.Parent != "" {
		return filter, p, fault.New(fault.Invalid, string(types.InvalidInputExceptionReasonMaxFilterLimitExceeded), "You can specify only one filter.")
	}
	p, err = page.Parse(aws.ToString(token), int(aws.ToInt32(most)), pageSize)
	return filter, p, err
}

// wireHandshakes are those of a page that can still be seen, and where the next
// begins: a page may be empty and not be the last (behaviours.md 1.6).
func wireHandshakes(tx store.Tx, got page.Page[org.Handshake], now time.Time) ([]types.Handshake, *string, error) {
	all := make([]types.Handshake, 0, len(got.Items))
	for _, h := range got.Items {
		if !now.Before(h.ForgetAt()) {
			continue
		}
		w, err := wireHandshake(tx, h, now)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, *w)
	}
	if got.Next == "" {
		return all, nil, nil
	}
	return all, aws.String(page.Token(got.Next)), nil
}
