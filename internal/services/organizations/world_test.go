package organizations_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/membership"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/registration"
	"sekisho/internal/secret"
	service "sekisho/internal/services/organizations"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts of the world, all of which are standalone at first.
const (
	management = "111122223333"
	invited    = "444455556666"
	stranger   = "777788889999"
	nobody     = "999999999999" // there is no such account
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC)

// world is the service over a real database.
type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	service *service.Service
	refuse  string // an action that the authorizer refuses
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, db: storetest.Open(tb), clock: clock.NewFixed(start)}
	w.update(func(tx store.Tx) error {
		for id, name := range map[string]string{management: "Example Corp", invited: "Production", stranger: "Sandbox"} {
			if err := tx.PutAccount(account.Account{ID: id, Name: name, Email: email(id), Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		return nil
	})
	w.service = &service.Service{Store: w.db, Authz: w, Mail: membership.Mail{
		Senders: notify.Senders{}, VerifyURL: "https://signin.example.com/organizations/verify", InviteURL: "https://console.example.com/organizations",
	}}
	return w
}

// signedUp has the account's owner have proved its address at sign-up.
func (w *world) signedUp(id string) {
	w.update(func(tx store.Tx) error {
		return tx.PutRegistration(registration.Registration{Account: id, StartedAt: start})
	})
}

func email(id string) string { return "root+" + id + "@example.com" }

// Allow is an authorizer that refuses one action.
func (w *world) Allow(_ context.Context, _ *call.Call, action string, _ call.Target) error {
	if action == w.refuse {
		return errors.New("refused")
	}
	return nil
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) view(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.View(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// by is a call of an account's root user, later than the one before: what is
// ordered by time has an order.
func (w *world) by(accountID, operation string) *call.Call {
	w.clock.Advance(time.Millisecond)
	p := call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), UserID: accountID}
	now := w.clock.Now()
	return &call.Call{
		RequestID: "request", Service: "organizations", Operation: operation, Region: "us-east-1", Now: now, Principal: p,
		Event: &audit.Event{At: now, Account: accountID, Source: "organizations.amazonaws.com", Name: operation, PrincipalID: p.ARN, Count: 1},
	}
}

// expect holds err to the exception's code and, where it has one, its reason, with
// a slash between; "" is success.
func (w *world) expect(what string, err error, want string) {
	w.Helper()
	got := ""
	if e, ok := awsproto.Service("organizations").ErrorOf(err); ok {
		got = strings.TrimSuffix(e.Code, "Exception")
		if e.Message == "" || strings.Contains(e.Message, "%!") {
			w.Errorf("%s: said %q", what, e.Message)
		}
	} else if err != nil {
		got = err.Error()
	}
	if e, ok := errors.AsType[*types.ConstraintViolationException](err); ok {
		got += "/" + string(e.Reason)
	}
	if e, ok := errors.AsType[*types.InvalidInputException](err); ok {
		got += "/" + string(e.Reason)
	}
	if e, ok := errors.AsType[*types.HandshakeConstraintViolationException](err); ok {
		got += "/" + string(e.Reason)
	}
	if got != want {
		w.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// events are the names of the events in an account's history, newest first.
func (w *world) events(accountID string) (names []string) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		names = nil
		all, err := tx.Events(store.EventFilter{Account: accountID, Limit: 100})
		for _, e := range all {
			names = append(names, e.Name)
		}
		return err
	})
	return names
}

// outbox are the messages that were queued, newest first.
func (w *world) outbox() (messages []notify.Message) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		messages, err = tx.Messages(100)
		return err
	})
	return messages
}

// found makes the organization of the management account.
func (w *world) found(features types.OrganizationFeatureSet) types.Organization {
	w.Helper()
	out, err := w.service.CreateOrganization(w.Context(), w.by(management, "CreateOrganization"), &awsorg.CreateOrganizationInput{FeatureSet: features})
	if err != nil {
		w.Fatal(err)
	}
	return *out.Organization
}

var link = regexp.MustCompile(`https://signin\.example\.com/organizations/verify\?token=(\S+)`)

// verify follows the link of the newest mail of verification.
func (w *world) verify() {
	w.Helper()
	if w.follow(w.outbox()[:1]) != 1 {
		w.Fatal("the newest mail is none of verification")
	}
}

// verifyAll follows those of all such mails.
func (w *world) verifyAll() {
	w.Helper()
	w.follow(w.outbox())
}

func (w *world) follow(mails []notify.Message) (links int) {
	w.Helper()
	for _, m := range mails {
		found := link.FindStringSubmatch(m.Text)
		if found == nil {
			continue
		}
		links++
		w.update(func(tx store.Tx) error {
			_, err := org.Verify(tx, secret.NewString(found[1]), w.clock.Now())
			return err
		})
	}
	return links
}

// limit sets how many accounts the organization can have.
func (w *world) limit(n int) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(management)
		if err != nil {
			return err
		}
		o.AccountLimit = n
		return tx.PutOrganization(o)
	})
}

func (w *world) root() string {
	w.Helper()
	out, err := w.service.ListRoots(w.Context(), w.by(management, "ListRoots"), &awsorg.ListRootsInput{})
	if err != nil {
		w.Fatal(err)
	}
	return aws.ToString(out.Roots[0].Id)
}

// create asks for an account.
func (w *world) create(name, address, role string) (types.CreateAccountStatus, error) {
	w.Helper()
	in := &awsorg.CreateAccountInput{AccountName: &name, Email: &address, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}
	if role != "" {
		in.RoleName = &role
	}
	out, err := w.service.CreateAccount(w.Context(), w.by(management, "CreateAccount"), in)
	if err != nil {
		return types.CreateAccountStatus{}, err
	}
	return *out.CreateAccountStatus, nil
}

// work does what is asked for, as the program does in the background.
func (w *world) work() {
	w.Helper()
	w.update(func(tx store.Tx) error {
		pending, err := tx.PendingCreations("", 100)
		if err != nil {
			return err
		}
		for _, c := range pending {
			if _, _, err := membership.Create(tx, c.ID, w.clock.Now()); err != nil {
				return err
			}
		}
		closing, err := tx.PendingClosures("", 100)
		for _, c := range closing {
			if _, _, err := membership.Close(tx, c.Account, w.clock.Now()); err != nil {
				return err
			}
		}
		return err
	})
}

func (w *world) status(id *string) types.CreateAccountStatus {
	w.Helper()
	out, err := w.service.DescribeCreateAccountStatus(w.Context(), w.by(management, "DescribeCreateAccountStatus"),
		&awsorg.DescribeCreateAccountStatusInput{CreateAccountRequestId: id})
	if err != nil {
		w.Fatal(err)
	}
	return *out.CreateAccountStatus
}

// account is a member as DescribeAccount tells it.
func (w *world) account(id string) (types.Account, error) {
	w.Helper()
	out, err := w.service.DescribeAccount(w.Context(), w.by(management, "DescribeAccount"), &awsorg.DescribeAccountInput{AccountId: &id})
	if err != nil {
		return types.Account{}, err
	}
	return *out.Account, nil
}

// invite asks a party to join.
func (w *world) invite(kind types.HandshakePartyType, id string) (types.Handshake, error) {
	w.Helper()
	out, err := w.service.InviteAccountToOrganization(w.Context(), w.by(management, "InviteAccountToOrganization"), &awsorg.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Type: kind, Id: &id}, Notes: aws.String("Join us\r\nhttps://evil.example"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("b")}},
	})
	if err != nil {
		return types.Handshake{}, err
	}
	return *out.Handshake, nil
}

func (w *world) accept(accountID string, id *string) (types.Handshake, error) {
	w.Helper()
	out, err := w.service.AcceptHandshake(w.Context(), w.by(accountID, "AcceptHandshake"), &awsorg.AcceptHandshakeInput{HandshakeId: id})
	if err != nil {
		return types.Handshake{}, err
	}
	return *out.Handshake, nil
}

// join makes an account an invited member.
func (w *world) join(id string) {
	w.Helper()
	h, err := w.invite(types.HandshakePartyTypeAccount, id)
	if err == nil {
		_, err = w.accept(id, h.Id)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// lister gives the SDK's paginators the service.
type lister struct{ w *world }

func (l lister) ListAccounts(ctx context.Context, in *awsorg.ListAccountsInput, _ ...func(*awsorg.Options)) (*awsorg.ListAccountsOutput, error) {
	return l.w.service.ListAccounts(ctx, l.w.by(management, "ListAccounts"), in)
}
