package organizations_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/org"
	"sekisho/internal/store"
)

func (w *world) decline(by string, id *string) error {
	_, err := w.service.DeclineHandshake(w.Context(), w.by(by, "DeclineHandshake"), &awsorg.DeclineHandshakeInput{HandshakeId: id})
	return err
}

func (w *world) cancel(by string, id *string) error {
	_, err := w.service.CancelHandshake(w.Context(), w.by(by, "CancelHandshake"), &awsorg.CancelHandshakeInput{HandshakeId: id})
	return err
}

func (w *world) received(by string) (ids []string) {
	w.Helper()
	out, err := w.service.ListHandshakesForAccount(w.Context(), w.by(by, "ListHandshakesForAccount"), &awsorg.ListHandshakesForAccountInput{})
	if err != nil {
		w.Fatal(err)
	}
	for _, h := range out.Handshakes {
		ids = append(ids, *h.Id)
	}
	return ids
}

// An account is invited by its id or by its address, in any case; it sees who asks,
// accepts, and is a member with the tags of the invitation.
func TestInvite(t *testing.T) {
	t.Parallel()
	for kind, name := range map[types.HandshakePartyType]string{types.HandshakePartyTypeAccount: invited, types.HandshakePartyTypeEmail: strings.ToUpper(email(invited))} {
		w := newWorld(t)
		o := w.found("")
		w.verify()
		h, err := w.invite(kind, name)
		if err != nil || h.State != types.HandshakeStateOpen || *h.Arn != "arn:aws:organizations::"+management+":handshake/"+*o.Id+"/invite/"+*h.Id ||
			len(h.Parties) != 2 || *h.Parties[1].Id != name || h.ExpirationTimestamp.Sub(*h.RequestedTimestamp) != 15*24*time.Hour {
			t.Fatalf("%+v, %v", h, err)
		}
		told := map[types.HandshakeResourceType]string{}
		for _, r := range append(h.Resources[0].Resources, h.Resources...) {
			told[r.Type] = aws.ToString(r.Value)
		}
		if told[types.HandshakeResourceTypeMasterEmail] != email(management) || told[types.HandshakeResourceTypeMasterName] != "Example Corp" ||
			told[types.HandshakeResourceTypeOrganizationFeatureSet] != "ALL" || !strings.HasPrefix(told[types.HandshakeResourceTypeNotes], "Join us") {
			t.Errorf("%v", told)
		}
		m := w.outbox()[0]
		if !strings.EqualFold(m.To, email(invited)) || !strings.Contains(m.Text, "\n> Join us\n> https://evil.example\n") || !strings.Contains(m.Text, *o.Id) {
			t.Errorf("mail: %+v", m)
		}
		_, err = w.invite(kind, name)
		w.expect("twice", err, "DuplicateHandshake")
		if got := w.received(invited); len(got) != 1 || got[0] != *h.Id || len(w.received(stranger)) != 0 {
			t.Errorf("received: %v", got)
		}
		_, err = w.accept(stranger, h.Id)
		w.expect("by a stranger", err, "HandshakeNotFound")
		_, err = w.accept(management, h.Id)
		w.expect("by who asked", err, "AccessDenied")
		w.expect("cancel by who was asked", w.cancel(invited, h.Id), "AccessDenied")
		if kind == types.HandshakePartyTypeEmail {
			// Impersonation: an account that was created with a partner's address.
			_, err = w.accept(invited, h.Id)
			w.expect("by an address that nobody proved", err, "AccessDenied")
			w.signedUp(invited)
		}
		w.refuse = "iam:CreateServiceLinkedRole"
		_, err = w.accept(invited, h.Id)
		w.expect("without the permission for the role", err, "AccessDeniedForDependency")
		w.refuse = ""
		got, err := w.accept(invited, h.Id)
		if err != nil || got.State != types.HandshakeStateAccepted {
			t.Errorf("%+v, %v", got, err)
		}
		_, err = w.accept(invited, h.Id)
		w.expect("accept again", err, "HandshakeAlreadyInState")
		w.expect("decline afterwards", w.decline(invited, h.Id), "InvalidHandshakeTransition")
		a, err := w.account(invited)
		if err != nil || a.JoinedMethod != types.AccountJoinedMethodInvited {
			t.Errorf("%+v, %v", a, err)
		}
		_, err = w.invite(kind, name)
		w.expect("a member", err, "HandshakeConstraintViolation/ALREADY_IN_AN_ORGANIZATION")
		w.view(func(tx store.Tx) error {
			tags, err := org.Tags(tx, invited)
			if fmt.Sprint(tags) != "[{team b}]" {
				t.Errorf("tags: %v", tags)
			}
			return err
		})
		if got := strings.Join(w.events(management), " "); strings.Count(got, "AccountJoinedOrganization") != 2 || !strings.Contains(got, "AcceptHandshake") {
			t.Errorf("history: %s", got)
		}
	}
}

// Whether an address or an id is an account's, an invitation does not tell: what it
// answers is the same, and who is not there does not answer (account enumeration).
func TestInviteTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.verify()
	w.limit(100)
	shape := func(kind types.HandshakePartyType, id string) string {
		h, err := w.invite(kind, id)
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer(*h.Id, "", id, "").Replace(fmt.Sprint(h.State, len(h.Parties), len(h.Resources), *h.Arn, *h.Parties[1].Id, h.ExpirationTimestamp.Sub(*h.RequestedTimestamp)))
	}
	if a, b := shape(types.HandshakePartyTypeEmail, email(stranger)), shape(types.HandshakePartyTypeEmail, "nobody@example.com"); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	if a, b := shape(types.HandshakePartyTypeAccount, stranger), shape(types.HandshakePartyTypeAccount, nobody); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	_, err := w.invite(types.HandshakePartyTypeEmail, "nobody")
	w.expect("no address", err, "InvalidInput/INVALID_EMAIL_ADDRESS_TARGET")
	_, err = w.invite(types.HandshakePartyTypeAccount, "1234")
	w.expect("no id", err, "InvalidInput/INVALID_PATTERN_TARGET_ID")
	_, err = w.invite(types.HandshakePartyTypeOrganization, "o-1234567890")
	w.expect("an organization", err, "InvalidInput/INVALID_PARTY_TYPE_TARGET")
}

// Invitations are declined, canceled and expire; what became of them is seen for 30
// days. There are not more than places, nor too many a day.
func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.verify()
	w.limit(4)
	ids := map[string]*string{}
	for _, id := range []string{invited, stranger, nobody} {
		h, err := w.invite(types.HandshakePartyTypeAccount, id)
		w.expect("invite", err, "")
		ids[id] = h.Id
	}
	_, err := w.invite(types.HandshakePartyTypeEmail, "fourth@example.com")
	w.expect("no place left", err, "HandshakeConstraintViolation/ACCOUNT_NUMBER_LIMIT_EXCEEDED")
	w.expect("decline", w.decline(invited, ids[invited]), "")
	w.expect("decline again", w.decline(invited, ids[invited]), "HandshakeAlreadyInState")
	w.expect("cancel", w.cancel(management, ids[stranger]), "")
	_, err = w.accept(stranger, ids[stranger])
	w.expect("accept what was canceled", err, "InvalidHandshakeTransition")
	w.clock.Advance(15 * 24 * time.Hour)
	state := func(id *string) types.HandshakeState {
		out, err := w.service.DescribeHandshake(w.Context(), w.by(management, "DescribeHandshake"), &awsorg.DescribeHandshakeInput{HandshakeId: id})
		if err != nil {
			w.expect("describe", err, "HandshakeNotFound")
			return ""
		}
		return out.Handshake.State
	}
	if got := fmt.Sprint([]types.HandshakeState{state(ids[invited]), state(ids[stranger]), state(ids[nobody])}); got != "[DECLINED CANCELED EXPIRED]" {
		t.Errorf("%s", got)
	}
	w.expect("cancel what has expired", w.cancel(management, ids[nobody]), "InvalidHandshakeTransition")
	h, err := w.invite(types.HandshakePartyTypeAccount, invited)
	w.expect("invite again", err, "")
	w.clock.Advance(15*24*time.Hour + time.Minute)
	if got := state(ids[invited]) + state(ids[stranger]); got != "" {
		t.Errorf("after 30 days: %s", got)
	}
	sent, err := w.service.ListHandshakesForOrganization(w.Context(), w.by(management, "ListHandshakesForOrganization"), &awsorg.ListHandshakesForOrganizationInput{})
	if err != nil || len(sent.Handshakes) != 2 { // the newest and the one that expired
		t.Errorf("%+v, %v", sent, err)
	}
	_, err = w.accept(invited, h.Id)
	w.expect("accept what has expired", err, "InvalidHandshakeTransition")
	for range 20 {
		h, err := w.invite(types.HandshakePartyTypeAccount, invited)
		w.expect("invite", err, "")
		w.expect("cancel", w.cancel(management, h.Id), "")
	}
	_, err = w.invite(types.HandshakePartyTypeAccount, invited)
	w.expect("too many a day", err, "HandshakeConstraintViolation/HANDSHAKE_RATE_LIMIT_EXCEEDED")
	_, err = w.service.ListHandshakesForAccount(w.Context(), w.by(invited, "ListHandshakesForAccount"), &awsorg.ListHandshakesForAccountInput{
		Filter: &types.HandshakeFilter{ActionType: types.ActionTypeInviteAccountToOrganization, ParentHandshakeId: h.Id},
	})
	w.expect("two filters", err, "InvalidInput/MAX_LIMIT_EXCEEDED_FILTER")
}

// Who accepts the invitation of another organization leaves its own for it, if it
// may; a management account does not.
func TestAcceptFromAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.found("")
	w.verify()
	w.join(invited)
	_, err := w.service.CreateOrganization(w.Context(), w.by(stranger, "CreateOrganization"), &awsorg.CreateOrganizationInput{})
	w.expect("another organization", err, "")
	w.verifyAll()
	from := func(id string) *string {
		out, err := w.service.InviteAccountToOrganization(w.Context(), w.by(stranger, "InviteAccountToOrganization"),
			&awsorg.InviteAccountToOrganizationInput{Target: &types.HandshakeParty{Type: types.HandshakePartyTypeAccount, Id: &id}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Handshake.Id
	}
	_, err = w.accept(management, from(management))
	w.expect("a management account", err, "MasterCannotLeaveOrganization")
	// A service control policy that keeps members from leaving keeps them from this, too
	// (leaving by the side door).
	w.refuse = "organizations:LeaveOrganization"
	invitation := from(invited)
	_, err = w.accept(invited, invitation)
	w.expect("a member that may not leave", err, "refused")
	w.refuse = ""
	_, err = w.accept(invited, invitation)
	w.expect("a member", err, "")
	_, err = w.account(invited)
	w.expect("in "+*first.Id, err, "AccountNotFound")
	if got := w.events(management)[0]; got != "AccountDepartedOrganization" {
		t.Errorf("the history of who lost it: %s", got)
	}
	if got := strings.Join(w.events(stranger), " "); strings.Count(got, "AccountJoinedOrganization") != 2 {
		t.Errorf("the history of who got it: %s", got)
	}
}
