package organizations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/org"
	service "sekisho/internal/services/organizations"
	"sekisho/internal/store"
)

// An address that nobody proved accepts nothing (impersonation: an account that was
// created with a partner's address).
func TestTransferByAddressNotProved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management)
	if _, err := w.service.CreateOrganization(w.Context(), w.by(invited, "CreateOrganization"), &awsorg.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	h, err := w.ask(management, types.HandshakePartyTypeEmail, email(invited), december)
	w.expect("ask", err, "")
	_, err = w.accept(invited, h.Id)
	w.expect("accept", err, "AccessDenied")
	_, err = w.ask(invited, types.HandshakePartyTypeAccount, management, december)
	w.expect("ask without a proved address", err, "HandshakeConstraintViolation/MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED")
}

// An invitation answers the same whether or not there is such an account, and
// whatever it is (account enumeration); who is no management account cannot accept.
func TestTransferInvitationTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, stranger)
	shape := func(kind types.HandshakePartyType, id string) string {
		h, err := w.ask(management, kind, id, december)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.transfer(management, transferOf(h))
		return strings.NewReplacer(*h.Id, "", *transferOf(h), "", id, "").Replace(fmt.Sprint(h.State, len(h.Parties), len(h.Resources), *h.Arn, said(got), err))
	}
	want := shape(types.HandshakePartyTypeAccount, nobody)
	for _, id := range []string{invited, stranger} {
		if got := shape(types.HandshakePartyTypeAccount, id); got != want {
			t.Errorf("%s\n%s", got, want)
		}
	}
	if a, b := shape(types.HandshakePartyTypeEmail, email(stranger)), shape(types.HandshakePartyTypeEmail, "nobody@example.com"); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	var mine *string
	for _, h := range w.received(invited) {
		mine = &h
	}
	_, err := w.accept(invited, mine)
	w.expect("a standalone account", err, "AWSOrganizationsNotInUse")
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(stranger)
		if err != nil {
			return err
		}
		a, err := tx.Account(invited)
		if err != nil {
			return err
		}
		return org.Join(tx, o, a, o.Path(), account.Invited, start)
	})
	_, err = w.accept(invited, mine)
	w.expect("a member", err, "AccessDenied")
	w.signedUp(stranger)
	w.clock.Advance(time.Hour)
	w.expect("cancel", w.cancel(management, mine), "")
	for _, id := range w.received(stranger) {
		w.expect("cancel", w.cancel(management, &id), "")
	}
	w.transferred(management, stranger, december)
	if got := shape(types.HandshakePartyTypeAccount, invited); got != want { // of whose organization it has the bills
		t.Errorf("%s\n%s", got, want)
	}
	w.update(func(tx store.Tx) error {
		a, err := tx.Account(invited)
		if err != nil {
			return err
		}
		return tx.PutDelegate(org.Delegate{Organization: a.Organization, Account: a.ID, Service: "ram.amazonaws.com", Since: start})
	})
	// Bills are the management account's, whatever others may read.
	_, err = w.transfer(invited, aws.String("rt-0123456789"))
	w.expect("a delegated administrator looks", err, "AccessDenied")
}

// What no invitation can be.
func TestTransferInvitationRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management)
	for _, c := range []struct {
		kind  types.HandshakePartyType
		id    string
		start time.Time
		want  string
	}{
		{types.HandshakePartyTypeAccount, "1234", december, "InvalidInput/INVALID_PATTERN_TARGET_ID"},
		{types.HandshakePartyTypeEmail, "nobody", december, "InvalidInput/INVALID_EMAIL_ADDRESS_TARGET"},
		{types.HandshakePartyTypeOrganization, "o-1234567890", december, "InvalidInput/INVALID_PARTY_TYPE_TARGET"},
		{types.HandshakePartyTypeAccount, management, december, "HandshakeConstraintViolation/SOURCE_AND_TARGET_CANNOT_MATCH"},
		{types.HandshakePartyTypeEmail, strings.ToUpper(email(management)), december, "HandshakeConstraintViolation/SOURCE_AND_TARGET_CANNOT_MATCH"},
		{types.HandshakePartyTypeAccount, nobody, december.Add(time.Millisecond), "InvalidInput/START_DATE_NOT_BEGINNING_OF_DAY"},
		{types.HandshakePartyTypeAccount, nobody, december.In(time.FixedZone("", 9*3600)).Add(-9 * time.Hour), "InvalidInput/START_DATE_NOT_BEGINNING_OF_DAY"},
		{types.HandshakePartyTypeAccount, nobody, december.AddDate(0, 0, 1), "InvalidInput/START_DATE_NOT_BEGINNING_OF_MONTH"},
		{types.HandshakePartyTypeAccount, nobody, december.AddDate(0, -1, 0), "InvalidInput/START_DATE_TOO_EARLY"},
		{types.HandshakePartyTypeAccount, nobody, december.AddDate(1, 0, 0), "InvalidInput/START_DATE_TOO_LATE"},
		{types.HandshakePartyTypeAccount, nobody, time.Unix(0, 0), "InvalidInput/START_DATE_TOO_EARLY"},
		{types.HandshakePartyTypeAccount, nobody, december.In(time.FixedZone("", 9*3600)), ""},
	} {
		_, err := w.ask(management, c.kind, c.id, c.start)
		w.expect(fmt.Sprint(c.kind, c.id, c.start), err, c.want)
	}
	_, err := w.ask(invited, types.HandshakePartyTypeAccount, management, december)
	w.expect("by a standalone account", err, "AWSOrganizationsNotInUse")
	in := &awsorg.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, Target: &types.HandshakeParty{Type: types.HandshakePartyTypeAccount, Id: aws.String(invited)},
		SourceName: aws.String("n"), StartTimestamp: &december,
	}
	tagged := func(tags ...types.Tag) error {
		in.Tags = tags
		_, err := w.service.InviteOrganizationToTransferResponsibility(w.Context(), w.by(management, "InviteOrganizationToTransferResponsibility"), in)
		return err
	}
	w.expect("a system tag", tagged(types.Tag{Key: aws.String("aws:x"), Value: aws.String("")}), "InvalidInput/INVALID_SYSTEM_TAGS_PARAMETER")
	many := make([]types.Tag, org.MaxTags+1)
	for i := range many {
		many[i] = types.Tag{Key: aws.String(fmt.Sprint(i)), Value: aws.String("")}
	}
	w.expect("too many tags", tagged(many...), "ConstraintViolation/MAX_TAG_LIMIT_EXCEEDED")
	// A day and less before the first of a month it is too late for that month.
	w.clock.Advance(december.Add(-24 * time.Hour).Sub(w.clock.Now()))
	_, err = w.ask(management, types.HandshakePartyTypeAccount, invited, december)
	w.expect("a day before", err, "InvalidInput/START_DATE_TOO_EARLY")
	for range 20 {
		h, err := w.ask(management, types.HandshakePartyTypeAccount, invited, january)
		w.expect("ask", err, "")
		w.expect("cancel", w.cancel(management, h.Id), "")
	}
	_, err = w.ask(management, types.HandshakePartyTypeAccount, invited, january)
	w.expect("too many a day", err, "HandshakeConstraintViolation/HANDSHAKE_RATE_LIMIT_EXCEEDED")
	for status, want := range map[account.Status]string{account.Suspended: "ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY", account.Active: "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"} {
		w.update(func(tx store.Tx) error {
			a, err := tx.Account(management)
			if err != nil {
				return err
			}
			o, err := tx.Organization(a.Organization)
			if err != nil {
				return err
			}
			a.Status, o.Features = status, org.ConsolidatedBilling
			if err := tx.PutOrganization(o); err != nil {
				return err
			}
			return tx.PutAccount(a)
		})
		_, err = w.ask(management, types.HandshakePartyTypeAccount, invited, january)
		w.expect(string(status), err, "ConstraintViolation/"+want)
	}
}

// A chain has two levels and no circle; who is at its top learns of what comes with a
// transfer, and of its end.
func TestTransferChain(t *testing.T) {
	t.Parallel()
	const distributor, far = "121212121212", "343434343434"
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		for _, id := range []string{distributor, far} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "A", Email: email(id), Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		return nil
	})
	w.organizes(management, invited, stranger, distributor, far)
	above := w.transferred(distributor, management, december)
	below := w.transferred(management, invited, december)
	other, err := w.ask(management, types.HandshakePartyTypeAccount, nobody, december)
	w.expect("ask somebody else", err, "")
	refused := func(what, target, source, want string) {
		t.Helper()
		h, err := w.ask(target, types.HandshakePartyTypeAccount, source, december)
		w.expect(what, err, "")
		_, err = w.accept(source, h.Id)
		w.expect(what, err, want)
	}
	refused("a third level at the bottom", invited, stranger, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION")
	refused("a third level at the top", far, distributor, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION")
	refused("a circle", invited, distributor, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION")
	refused("to another as well", far, invited, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION")

	inherited := w.inbound(distributor, above)
	if len(inherited) != 1 || *inherited[0].Id != *below || aws.ToString(inherited[0].Name) != "Customer 7" {
		t.Errorf("comes with it: %+v, and not %s", inherited, *transferOf(other))
	}
	for what, id := range map[string]*string{"another's": below, "none": aws.String("rt-0123456789")} {
		_, err := w.service.ListInboundResponsibilityTransfers(w.Context(), w.by(distributor, "ListInboundResponsibilityTransfers"),
			&awsorg.ListInboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling, Id: id})
		w.expect(what, err, "ResponsibilityTransferNotFound")
	}
	_, err = w.service.ListInboundResponsibilityTransfers(w.Context(), w.by(management, "ListInboundResponsibilityTransfers"),
		&awsorg.ListInboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling, Id: above})
	w.expect("of what goes out", err, "ResponsibilityTransferNotFound")
	_, err = w.withdraw(invited, below, nil)
	w.expect("withdraw", err, "")
	for who, want := range map[string]bool{invited: true, management: true, distributor: true, far: false} {
		if got := slices.Contains(w.events(who), "ResponsibilityTransferTerminated"); got != want {
			t.Errorf("%s learns of the end: %v", who, got)
		}
	}
}

// Not more come in than the quota; invitations that are open count.
func TestTransferQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited)
	var o org.Organization
	w.update(func(tx store.Tx) (err error) {
		if o, err = tx.OrganizationManagedBy(management); err != nil {
			return err
		}
		for i := range org.MaxInboundTransfers - 1 {
			if err := tx.PutTransfer(org.Transfer{
				ID: fmt.Sprintf("rt-%08d", i), Type: org.Billing, Target: o.ID, Source: org.Party{Type: org.OrganizationParty, ID: fmt.Sprintf("o-%010d", i)},
				Status: org.TransferAccepted, StartsAt: start,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	h, err := w.ask(management, types.HandshakePartyTypeAccount, invited, december)
	w.expect("the last", err, "")
	_, err = w.ask(management, types.HandshakePartyTypeAccount, nobody, december)
	w.expect("one more", err, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION")
	w.update(func(tx store.Tx) error { // meanwhile, below one of those
		return tx.PutTransfer(org.Transfer{
			ID: "rt-below0000", Type: org.Billing, Target: o.ID, Source: org.Party{Type: org.OrganizationParty, ID: "o-elsewhere"}, Status: org.TransferAccepted, StartsAt: start,
		})
	})
	_, err = w.accept(invited, h.Id)
	w.expect("more than a chain can have", err, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION")
}

// Who cannot give a responsibility, or take it any more, is told why at the end.
func TestTransferAcceptanceRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited)
	h, err := w.ask(management, types.HandshakePartyTypeAccount, invited, december)
	w.expect("ask", err, "")
	with := func(id string, status account.Status, features org.FeatureSet) {
		w.update(func(tx store.Tx) error {
			a, err := tx.Account(id)
			if err != nil {
				return err
			}
			o, err := tx.Organization(a.Organization)
			if err != nil {
				return err
			}
			a.Status, o.Features = status, features
			if err := tx.PutOrganization(o); err != nil {
				return err
			}
			return tx.PutAccount(a)
		})
	}
	for _, c := range []struct {
		id       string
		status   account.Status
		features org.FeatureSet
		want     string
	}{
		{invited, account.Suspended, org.AllFeatures, "ConstraintViolation/ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY"},
		{invited, account.Active, org.ConsolidatedBilling, "ConstraintViolation/ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"},
		{management, account.Closed, org.AllFeatures, "ConstraintViolation/TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS"},
		{management, account.Active, org.AllFeatures, ""},
	} {
		with(c.id, c.status, c.features)
		_, err := w.accept(invited, h.Id)
		w.expect(c.id+" "+string(c.status)+" "+string(c.features), err, c.want)
		with(c.id, account.Active, org.AllFeatures)
	}
}

// Policies name a transfer by the organization that looks at it, with its direction
// and type as condition keys; what there is not has a name as well.
func TestTransferTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited, stranger)
	id := w.transferred(management, invited, december)
	names := service.Names{Store: w.db}
	in := &awsorg.DescribeResponsibilityTransferInput{Id: id}
	organization := map[string]string{}
	w.view(func(tx store.Tx) error {
		for _, of := range []string{management, invited, stranger} {
			o, err := tx.OrganizationManagedBy(of)
			if err != nil {
				return err
			}
			organization[of] = o.ID
		}
		return nil
	})
	for who, way := range map[string]string{management: "inbound", invited: "outbound", stranger: "*"} {
		c := w.by(who, "DescribeResponsibilityTransfer")
		got, err := names.Target(t.Context(), c, service.Table[c.Operation], in)
		want, keys := "arn:aws:organizations::"+who+":transfer/"+organization[who]+"/billing/"+way+"/"+*id, ""
		if way != "*" {
			keys = "[" + strings.ToUpper(way) + "] [BILLING]"
		}
		if has := strings.Trim(fmt.Sprintf("%v %v", got.Keys["organizations:transferdirection"], got.Keys["organizations:transfertype"]), "[] "); err != nil || got.ARN != want || has != strings.Trim(keys, "[]") {
			t.Errorf("%s: %s %s, %v", who, got.ARN, has, err)
		}
		if tagged := fmt.Sprint(got.Tags); (tagged == "map[tier:gold]") != (who == management) {
			t.Errorf("%s: %s", who, tagged)
		}
	}
	for operation, in := range map[string]any{
		"ListInboundResponsibilityTransfers":  &awsorg.ListInboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling},
		"ListOutboundResponsibilityTransfers": &awsorg.ListOutboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling},
		"InviteOrganizationToTransferResponsibility": &awsorg.InviteOrganizationToTransferResponsibilityInput{
			Type: types.ResponsibilityTransferTypeBilling, Target: &types.HandshakeParty{Type: types.HandshakePartyTypeAccount, Id: aws.String(invited)},
		},
	} {
		c, way := w.by(management, operation), "[INBOUND]"
		if operation == "ListOutboundResponsibilityTransfers" {
			way = "[OUTBOUND]"
		}
		got, err := names.Target(t.Context(), c, service.Table[operation], in)
		if has := fmt.Sprint(got.Keys["organizations:transferdirection"], got.Keys["organizations:transfertype"]); err != nil || has != way+" [BILLING]" {
			t.Errorf("%s: %s, %v", operation, has, err)
		}
	}
}
