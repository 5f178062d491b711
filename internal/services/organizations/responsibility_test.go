package organizations_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/store"
)

var (
	december = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	january  = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
)

// organizes makes each account the management account of an organization, with an
// address that has been proved.
func (w *world) organizes(ids ...string) {
	w.Helper()
	for _, id := range ids {
		if _, err := w.service.CreateOrganization(w.Context(), w.by(id, "CreateOrganization"), &awsorg.CreateOrganizationInput{}); err != nil {
			w.Fatal(err)
		}
		w.signedUp(id)
	}
}

// ask invites the organization that an account manages to transfer its bills.
func (w *world) ask(by string, kind types.HandshakePartyType, id string, start time.Time) (types.Handshake, error) {
	w.Helper()
	out, err := w.service.InviteOrganizationToTransferResponsibility(w.Context(), w.by(by, "InviteOrganizationToTransferResponsibility"), &awsorg.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, Target: &types.HandshakeParty{Type: kind, Id: &id}, StartTimestamp: &start,
		SourceName: aws.String("Customer 7"), Notes: aws.String("As agreed\nhttps://evil.example"), Tags: []types.Tag{{Key: aws.String("tier"), Value: aws.String("gold")}},
	})
	if err != nil {
		return types.Handshake{}, err
	}
	return *out.Handshake, nil
}

// transferred asks one organization, which accepts, and returns the transfer's id.
func (w *world) transferred(target, source string, start time.Time) *string {
	w.Helper()
	h, err := w.ask(target, types.HandshakePartyTypeAccount, source, start)
	if err == nil {
		_, err = w.accept(source, h.Id)
	}
	if err != nil {
		w.Fatal(err)
	}
	return transferOf(h)
}

// transferOf is the id of the transfer that a handshake is about.
func transferOf(h types.Handshake) *string {
	i := slices.IndexFunc(h.Resources, func(r types.HandshakeResource) bool {
		return r.Type == types.HandshakeResourceTypeResponsibilityTransfer
	})
	if i < 0 {
		return nil
	}
	return h.Resources[i].Value
}

func (w *world) transfer(by string, id *string) (types.ResponsibilityTransfer, error) {
	w.Helper()
	out, err := w.service.DescribeResponsibilityTransfer(w.Context(), w.by(by, "DescribeResponsibilityTransfer"), &awsorg.DescribeResponsibilityTransferInput{Id: id})
	if err != nil {
		return types.ResponsibilityTransfer{}, err
	}
	return *out.ResponsibilityTransfer, nil
}

func (w *world) rename(by string, id *string, name string) error {
	_, err := w.service.UpdateResponsibilityTransfer(w.Context(), w.by(by, "UpdateResponsibilityTransfer"), &awsorg.UpdateResponsibilityTransferInput{Id: id, Name: &name})
	return err
}

func (w *world) withdraw(by string, id *string, end *time.Time) (types.ResponsibilityTransfer, error) {
	out, err := w.service.TerminateResponsibilityTransfer(w.Context(), w.by(by, "TerminateResponsibilityTransfer"), &awsorg.TerminateResponsibilityTransferInput{Id: id, EndTimestamp: end})
	if err != nil {
		return types.ResponsibilityTransfer{}, err
	}
	return *out.ResponsibilityTransfer, nil
}

// inbound and outbound are what an organization sees, one item a page.
func (w *world) inbound(by string, of *string) (all []types.ResponsibilityTransfer) {
	w.Helper()
	in := &awsorg.ListInboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling, Id: of, MaxResults: aws.Int32(1)}
	for {
		out, err := w.service.ListInboundResponsibilityTransfers(w.Context(), w.by(by, "ListInboundResponsibilityTransfers"), in)
		if err != nil {
			w.Fatal(err)
		}
		if all = append(all, out.ResponsibilityTransfers...); out.NextToken == nil {
			return all
		}
		in.NextToken = out.NextToken
	}
}

func (w *world) outbound(by string) (all []types.ResponsibilityTransfer) {
	w.Helper()
	in := &awsorg.ListOutboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling, MaxResults: aws.Int32(1)}
	for {
		out, err := w.service.ListOutboundResponsibilityTransfers(w.Context(), w.by(by, "ListOutboundResponsibilityTransfers"), in)
		if err != nil {
			w.Fatal(err)
		}
		if all = append(all, out.ResponsibilityTransfers...); out.NextToken == nil {
			return all
		}
		in.NextToken = out.NextToken
	}
}

// said is a transfer in a line, as one side sees it.
func said(t types.ResponsibilityTransfer) string {
	party := func(p *types.TransferParticipant) string {
		return aws.ToString(p.ManagementAccountId) + "<" + aws.ToString(p.ManagementAccountEmail) + ">"
	}
	end := ""
	if t.EndTimestamp != nil {
		end = t.EndTimestamp.Format(" until 2006-01-02T15:04:05.000")
	}
	return fmt.Sprintf("%s %q from %s to %s since %s%s", t.Status, aws.ToString(t.Name), party(t.Source), party(t.Target), t.StartTimestamp.Format(time.DateOnly), end)
}

// A management account asks another's, by its id or address, which sees who asks and
// accepts; both see the transfer, each from its side, and either withdraws it.
func TestTransfer(t *testing.T) {
	t.Parallel()
	for kind, name := range map[types.HandshakePartyType]string{types.HandshakePartyTypeAccount: invited, types.HandshakePartyTypeEmail: strings.ToUpper(email(invited))} {
		w := newWorld(t)
		w.organizes(management, invited, stranger)
		h, err := w.ask(management, kind, name, december)
		id := transferOf(h)
		if err != nil || h.Action != types.ActionTypeTransferResponsibility || h.State != types.HandshakeStateRequested || id == nil ||
			!strings.Contains(*h.Arn, "/transfer_responsibility/h-") || !h.ExpirationTimestamp.Equal(december.Add(-24*time.Hour)) {
			t.Fatalf("%+v, %v", h, err)
		}
		told := map[types.HandshakeResourceType]string{}
		for _, r := range h.Resources {
			for _, r := range append(r.Resources, r) {
				told[r.Type] = aws.ToString(r.Value)
			}
		}
		if told[types.HandshakeResourceTypeManagementAccount] != management || told[types.HandshakeResourceTypeManagementEmail] != email(management) ||
			told[types.HandshakeResourceTypeTransferType] != "BILLING" || told[types.HandshakeResourceTypeTransferStartTimestamp] != "2026-12-01T00:00:00Z" ||
			strings.Contains(fmt.Sprint(told), "Customer 7") {
			t.Errorf("%v", told)
		}
		m := w.outbox()[0]
		if !strings.EqualFold(m.To, email(invited)) || !strings.Contains(m.Text, "\n> As agreed\n> https://evil.example\n") || !strings.Contains(m.Text, "2026-12-01") {
			t.Errorf("mail: %+v", m)
		}
		to := management + "<" + email(management) + ">"
		named := invited + "<>"
		if kind == types.HandshakePartyTypeEmail {
			named = "<" + name + ">"
		}
		sees := func(when string, of map[string]string) {
			t.Helper()
			for who, want := range of {
				got, err := w.transfer(who, id)
				if err != nil || said(got) != want || *got.ActiveHandshakeId != *h.Id {
					t.Errorf("%s: %s: %s, %v; want %s", when, who, said(got), err, want)
				}
				way, all := "inbound", w.inbound(who, nil)
				if who == invited {
					way, all = "outbound", w.outbound(who)
				}
				if len(all) != 1 || said(all[0]) != want || !strings.HasPrefix(*all[0].Arn, "arn:aws:organizations::"+who+":transfer/o-") ||
					!strings.HasSuffix(*all[0].Arn, "/billing/"+way+"/"+*id) {
					t.Errorf("%s: %s lists %+v", when, who, all)
				}
			}
			_, err := w.transfer(stranger, id)
			w.expect(when+": a stranger", err, "ResponsibilityTransferNotFound")
		}
		full := invited + "<" + email(invited) + ">"
		sees("asked", map[string]string{
			management: `REQUESTED "Customer 7" from ` + named + " to " + to + " since 2026-12-01",
			invited:    `REQUESTED "" from ` + full + " to " + to + " since 2026-12-01",
		})
		_, err = w.ask(management, kind, name, january)
		w.expect("ask twice", err, "DuplicateHandshake")
		_, err = w.accept(stranger, h.Id)
		w.expect("accept by a stranger", err, "HandshakeNotFound")
		_, err = w.accept(management, h.Id)
		w.expect("accept by who asked", err, "AccessDenied")
		_, err = w.withdraw(management, id, nil)
		w.expect("withdraw what nobody agreed to", err, "InvalidResponsibilityTransferTransition")
		if got := w.inbound(management, id); len(got) != 0 {
			t.Errorf("comes with what nobody agreed to: %+v", got)
		}
		got, err := w.accept(invited, h.Id)
		if err != nil || got.State != types.HandshakeStateAccepted {
			t.Errorf("%+v, %v", got, err)
		}
		_, err = w.accept(invited, h.Id)
		w.expect("accept again", err, "HandshakeAlreadyInState")
		w.expect("rename by the source", w.rename(invited, id, "Ours"), "AccessDenied")
		w.expect("rename", w.rename(management, id, "Customer 8"), "")
		sees("accepted", map[string]string{
			management: `ACCEPTED "Customer 8" from ` + full + " to " + to + " since 2026-12-01",
			invited:    `ACCEPTED "" from ` + full + " to " + to + " since 2026-12-01",
		})
		_, err = w.ask(management, kind, name, january)
		w.expect("ask whose bills it has", err, "HandshakeConstraintViolation/RESPONSIBILITY_TRANSFER_ALREADY_EXISTS")
		by := map[types.HandshakePartyType]string{types.HandshakePartyTypeAccount: management, types.HandshakePartyTypeEmail: invited}[kind]
		_, err = w.withdraw(stranger, id, nil)
		w.expect("withdraw by a stranger", err, "ResponsibilityTransferNotFound")
		_, err = w.withdraw(by, id, nil)
		w.expect("withdraw", err, "")
		_, err = w.withdraw(invited, id, nil)
		w.expect("withdraw again", err, "ResponsibilityTransferAlreadyInStatus")
		w.expect("rename what was withdrawn", w.rename(management, id, "Customer 9"), "ConstraintViolation/TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED")
		sees("withdrawn", map[string]string{
			management: `WITHDRAWN "Customer 8" from ` + full + " to " + to + " since 2026-12-01 until 2026-11-30T23:59:59.999",
			invited:    `WITHDRAWN "" from ` + full + " to " + to + " since 2026-12-01 until 2026-11-30T23:59:59.999",
		})
		for _, who := range []string{management, invited} {
			if got := w.events(who); !slices.Contains(got, "ResponsibilityTransferTerminated") {
				t.Errorf("history of %s: %s", who, got)
			}
		}
		if got := w.events(management); !slices.Contains(got, "AcceptHandshake") {
			t.Errorf("history of who asked: %s", got)
		}
		// What was agreed stays when the handshake is forgotten.
		w.clock.Advance(31 * 24 * time.Hour)
		w.update(func(tx store.Tx) error { _, err := tx.Expire(w.clock.Now(), 100); return err })
		if len(w.inbound(management, nil)) != 1 || len(w.outbound(invited)) != 1 {
			t.Error("a transfer was forgotten with its handshake")
		}
	}
}

// Invitations are declined, canceled and expire, and the transfer with them; both are
// seen for 30 days.
func TestTransferInvitationEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited, stranger)
	asked := map[string]types.Handshake{}
	for _, id := range []string{invited, stranger, nobody} {
		h, err := w.ask(management, types.HandshakePartyTypeAccount, id, january)
		w.expect("ask", err, "")
		if !h.ExpirationTimestamp.Equal(h.RequestedTimestamp.Add(15 * 24 * time.Hour)) {
			t.Errorf("expires at %s", h.ExpirationTimestamp)
		}
		asked[id] = h
	}
	w.expect("decline", w.decline(stranger, asked[stranger].Id), "")
	w.expect("cancel", w.cancel(management, asked[invited].Id), "")
	_, err := w.accept(invited, asked[invited].Id)
	w.expect("accept what was canceled", err, "InvalidHandshakeTransition")
	w.clock.Advance(15 * 24 * time.Hour)
	statuses := func() string {
		var all []string
		for _, id := range []string{invited, stranger, nobody} {
			if got, err := w.transfer(management, transferOf(asked[id])); err == nil {
				all = append(all, string(got.Status))
			} else {
				w.expect("look", err, "ResponsibilityTransferNotFound")
			}
		}
		return strings.Join(all, " ")
	}
	if got := statuses(); got != "CANCELED DECLINED EXPIRED" || len(w.inbound(management, nil)) != 3 || len(w.outbound(invited)) != 1 {
		t.Errorf("%s", got)
	}
	for _, id := range []string{invited, nobody} {
		_, err = w.withdraw(management, transferOf(asked[id]), nil)
		w.expect("withdraw what came to nothing", err, "InvalidResponsibilityTransferTransition")
		w.expect("rename what came to nothing", w.rename(management, transferOf(asked[id]), "x"), "ConstraintViolation/TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED")
	}
	w.clock.Advance(15*24*time.Hour + time.Minute)
	if got := statuses(); got != "EXPIRED" || len(w.inbound(management, nil)) != 1 || len(w.outbound(invited)) != 0 {
		t.Errorf("after 30 days: %s", got)
	}
}

// The end of a transfer is that of a month to come, to the second as botocore sends
// it or to the millisecond; the next can begin right after it.
func TestTransferEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited, stranger)
	id := w.transferred(management, invited, december)
	for end, want := range map[time.Time]string{
		january.Add(-time.Minute): "InvalidInput/END_DATE_NOT_END_OF_MONTH",
		january:                   "InvalidInput/END_DATE_NOT_END_OF_MONTH",
		december.AddDate(0, -1, 0).Add(-time.Second): "InvalidInput/END_DATE_TOO_EARLY",
		january.AddDate(1, 0, 0).Add(-time.Second):   "InvalidInput/END_DATE_TOO_LATE",
	} {
		_, err := w.withdraw(invited, id, &end)
		w.expect(end.String(), err, want)
	}
	end := january.Add(-time.Second)
	got, err := w.withdraw(invited, id, &end)
	if err != nil || !got.EndTimestamp.Equal(january.Add(-time.Millisecond)) {
		t.Errorf("%s, %v", said(got), err)
	}
	h, err := w.ask(stranger, types.HandshakePartyTypeAccount, invited, december)
	w.expect("ask for the same month", err, "")
	_, err = w.accept(invited, h.Id)
	w.expect("give it twice", err, "ConstraintViolation/RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION")
	w.expect("decline", w.decline(invited, h.Id), "")
	h, err = w.ask(stranger, types.HandshakePartyTypeAccount, invited, january)
	w.expect("ask for the next", err, "")
	_, err = w.accept(invited, h.Id)
	w.expect("give it to another afterwards", err, "")
	if got := w.outbound(invited); len(got) != 3 {
		t.Errorf("%d transfers", len(got))
	}
}

// An organization that takes or gives a responsibility, or asks for one, is not
// deleted; a stranger's invitation does not hold it (denial of service). What has
// ended goes with it.
func TestTransferAndDeletion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited, stranger)
	remove := func(by string) error {
		_, err := w.service.DeleteOrganization(w.Context(), w.by(by, "DeleteOrganization"), &awsorg.DeleteOrganizationInput{})
		return err
	}
	h, err := w.ask(management, types.HandshakePartyTypeAccount, invited, december)
	w.expect("ask", err, "")
	other, err := w.ask(management, types.HandshakePartyTypeAccount, stranger, december)
	w.expect("ask a stranger", err, "")
	w.expect("delete who asks", remove(management), "ConstraintViolation/ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS")
	w.expect("delete who is asked", remove(stranger), "")
	_, err = w.accept(stranger, other.Id)
	w.expect("accept without an organization", err, "AWSOrganizationsNotInUse")
	w.expect("cancel", w.cancel(management, other.Id), "")
	_, err = w.accept(invited, h.Id)
	w.expect("accept", err, "")
	for _, by := range []string{management, invited} {
		w.expect("delete "+by, remove(by), "ConstraintViolation/ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS")
	}
	_, err = w.withdraw(management, transferOf(h), nil)
	w.expect("withdraw", err, "")
	w.expect("delete before its end", remove(invited), "ConstraintViolation/ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS")
	w.clock.Advance(december.Sub(w.clock.Now()))
	w.expect("delete after its end", remove(invited), "")
	if got := w.inbound(management, nil); len(got) != 1 || got[0].Status != types.ResponsibilityTransferStatusCanceled {
		t.Errorf("%+v", got)
	}
	out, err := w.service.DescribeHandshake(w.Context(), w.by(management, "DescribeHandshake"), &awsorg.DescribeHandshakeInput{HandshakeId: h.Id})
	if err != nil || out.Handshake.State != types.HandshakeStateAccepted || transferOf(*out.Handshake) != nil {
		t.Errorf("its handshake: %+v, %v", out, err)
	}
	w.expect("delete the other", remove(management), "")
}

// A transfer has its target's tags, from when it is accepted.
func TestTransferTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited)
	h, err := w.ask(management, types.HandshakePartyTypeAccount, invited, december)
	w.expect("ask", err, "")
	id := transferOf(h)
	tags := func(by string) (string, error) {
		out, err := w.service.ListTagsForResource(w.Context(), w.by(by, "ListTagsForResource"), &awsorg.ListTagsForResourceInput{ResourceId: id})
		if err != nil {
			return "", err
		}
		var all []string
		for _, tag := range out.Tags {
			all = append(all, *tag.Key+"="+*tag.Value)
		}
		return strings.Join(all, " "), nil
	}
	if got, err := tags(management); got != "" || err != nil {
		t.Errorf("before: %s, %v", got, err)
	}
	_, err = w.accept(invited, h.Id)
	w.expect("accept", err, "")
	_, err = w.service.TagResource(w.Context(), w.by(management, "TagResource"), &awsorg.TagResourceInput{ResourceId: id, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
	w.expect("tag", err, "")
	if got, err := tags(management); got != "a=b tier=gold" || err != nil {
		t.Errorf("after: %s, %v", got, err)
	}
	_, err = tags(invited)
	w.expect("the source's", err, "TargetNotFound")
}

// Of many that accept, decline, cancel or withdraw at once, one does; a source gives
// its bills once.
func TestTransferRaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.organizes(management, invited, stranger)
	one, err := w.ask(management, types.HandshakePartyTypeAccount, invited, december)
	w.expect("ask", err, "")
	two, err := w.ask(stranger, types.HandshakePartyTypeAccount, invited, december)
	w.expect("ask", err, "")
	race := func(all ...func() error) (won int) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for _, do := range all {
			wg.Go(func() {
				if do() == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return won
	}
	accept := func(id *string) func() error {
		c := w.by(invited, "AcceptHandshake")
		return func() error {
			_, err := w.service.AcceptHandshake(t.Context(), c, &awsorg.AcceptHandshakeInput{HandshakeId: id})
			return err
		}
	}
	if won := race(accept(one.Id), accept(two.Id), accept(one.Id), accept(two.Id)); won != 1 {
		t.Errorf("%d of two invitations were accepted", won)
	}
	var agreed *string
	for _, g := range w.outbound(invited) {
		if g.Status == types.ResponsibilityTransferStatusAccepted {
			agreed = g.Id
		}
	}
	withdraw := func(by string) func() error {
		c := w.by(by, "TerminateResponsibilityTransfer")
		return func() error {
			_, err := w.service.TerminateResponsibilityTransfer(t.Context(), c, &awsorg.TerminateResponsibilityTransferInput{Id: agreed})
			return err
		}
	}
	if won := race(withdraw(management), withdraw(invited), withdraw(stranger), withdraw(invited)); won != 1 {
		t.Errorf("%d withdrew it", won)
	}
	terminated := 0
	for _, name := range w.events(invited) {
		if name == "ResponsibilityTransferTerminated" {
			terminated++
		}
	}
	if terminated != 1 {
		t.Errorf("%d events of its end", terminated)
	}
}
