package ssodirectory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/secret"
	"sekisho/internal/services/ssodirectory"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const (
	management = "111122223333"
	member     = "444455556666"
	stranger   = "777788889999"
	jane       = "00000000-0000-4000-8000-000000000001"
	theirs     = "00000000-0000-4000-8000-000000000002" // of the stranger's own instance
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is an organization with an instance, and an account beside it with its own.
type world struct {
	*testing.T
	db        store.DB
	service   *ssodirectory.Service
	arn, own  *string
	letters   []string
	lastEvent *audit.Event
}

// letters notes what would be mailed.
type letters struct{ w *world }

func (l letters) sent(words ...string) error {
	l.w.letters = append(l.w.letters, strings.Join(words, " "))
	return nil
}

func (l letters) Invite(_ store.Tx, u directory.User, _ time.Time) error {
	return l.sent("invite", u.UserName)
}
func (l letters) ResetPassword(_ store.Tx, u directory.User, _ time.Time) error {
	return l.sent("reset", u.UserName)
}
func (l letters) VerifyEmail(_ store.Tx, u directory.User, _ time.Time) error {
	return l.sent("verify", u.UserName)
}
func (l letters) PasswordReplaced(_ store.Tx, u directory.User, _ time.Time) error {
	return l.sent("replaced", u.UserName)
}
func (l letters) DeviceAdded(_ store.Tx, u directory.User, name string, _ time.Time) error {
	return l.sent("added", u.UserName, name)
}
func (l letters) DeviceRemoved(_ store.Tx, u directory.User, name string, _ time.Time) error {
	return l.sent("removed", u.UserName, name)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, ring := storetest.OpenWithRing(t)
	w := &world{T: t, db: db}
	w.update(func(tx store.Tx) error {
		for _, id := range []string{management, member, stranger} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "A" + id, Email: id + "@example.com", Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		o, err := storetest.NewOrganization(tx, start, management, member)
		if err != nil {
			return err
		}
		inst := access.NewInstance(management, o.ID, "us-east-1", start)
		alone := access.NewInstance(stranger, "", "us-east-1", start)
		w.arn, w.own = aws.String(inst.ARN()), aws.String(alone.ARN())
		people := map[string]string{jane: inst.DirectoryID, theirs: alone.DirectoryID}
		for _, i := range []access.Instance{inst, alone} {
			if err := tx.PutInstance(i); err != nil {
				return err
			}
		}
		for id, in := range people {
			u := directory.User{ID: id, Directory: in, UserName: "jane", GivenName: "Jane", FamilyName: "Doe", DisplayName: "Jane Doe", Email: "jane@example.com", CreatedAt: start, UpdatedAt: start}
			if err := tx.PutUser(u); err != nil {
				return err
			}
			for _, s := range []string{"a", "b"} {
				if _, err := session.Begin(tx, s+id, id, start, time.Hour, "192.0.2.1", "browser"); err != nil {
					return err
				}
			}
		}
		return nil
	})
	w.service = &ssodirectory.Service{
		Store: w.db, Ring: ring, PortalURL: func(name string) string { return "https://" + name + ".awsapps.example.com/start" },
		Hasher:  &credential.Hasher{Params: credential.Params{Memory: 64, Time: 1, Threads: 1}},
		Letters: letters{w},
	}
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(w.Context(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) as(accountID string) *call.Call {
	w.lastEvent = &audit.Event{At: start, Source: "sso-directory.amazonaws.com", Name: "Test", Count: 1}
	return &call.Call{Now: start, Principal: call.Principal{Kind: call.Root, Account: accountID, ARN: "arn:aws:iam::" + accountID + ":root"}, Event: w.lastEvent}
}

func code(err error) string {
	if e, ok := errors.AsType[*call.Error](err); ok {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// Nobody but who runs the instance reaches its people: not a member account, not
// the owner of another instance, not by naming one's own instance with somebody
// else's person (insecure direct object reference).
func TestOnlyItsAdministratorReachesPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, ask := range map[string]func(c *call.Call, instance, user *string) error{
		"describe": func(c *call.Call, i, u *string) error {
			_, err := w.service.DescribeUserSecurity(t.Context(), c, &ssodirectory.DescribeUserSecurityInput{InstanceArn: i, UserId: u})
			return err
		},
		"invite": func(c *call.Call, i, u *string) error {
			_, err := w.service.InviteUser(t.Context(), c, &ssodirectory.InviteUserInput{InstanceArn: i, UserId: u})
			return err
		},
		"one-time password": func(c *call.Call, i, u *string) error {
			_, err := w.service.GenerateOneTimePassword(t.Context(), c, &ssodirectory.GenerateOneTimePasswordInput{InstanceArn: i, UserId: u})
			return err
		},
		"reset": func(c *call.Call, i, u *string) error {
			_, err := w.service.SendPasswordReset(t.Context(), c, &ssodirectory.SendPasswordResetInput{InstanceArn: i, UserId: u})
			return err
		},
		"verify": func(c *call.Call, i, u *string) error {
			_, err := w.service.SendEmailVerification(t.Context(), c, &ssodirectory.SendEmailVerificationInput{InstanceArn: i, UserId: u})
			return err
		},
		"disable": func(c *call.Call, i, u *string) error {
			_, err := w.service.SetUserStatus(t.Context(), c, &ssodirectory.SetUserStatusInput{InstanceArn: i, UserId: u, Status: "DISABLED"})
			return err
		},
		"sessions": func(c *call.Call, i, u *string) error {
			_, err := w.service.ListUserSessions(t.Context(), c, &ssodirectory.ListUserSessionsInput{InstanceArn: i, UserId: u})
			return err
		},
		"end sessions": func(c *call.Call, i, u *string) error {
			_, err := w.service.EndUserSessions(t.Context(), c, &ssodirectory.EndUserSessionsInput{InstanceArn: i, UserId: u, SessionIds: []string{"a" + aws.ToString(u)}})
			return err
		},
	} {
		for _, who := range []string{member, stranger} {
			if got := code(ask(w.as(who), w.arn, aws.String(jane))); got != "AccessDeniedException" {
				t.Errorf("%s by %s: %q", name, who, got)
			}
		}
		if got := code(ask(w.as(stranger), w.own, aws.String(jane))); got != "ResourceNotFoundException" {
			t.Errorf("%s of another instance's person: %q", name, got)
		}
	}
	if len(w.letters) != 0 {
		t.Errorf("mailed: %v", w.letters)
	}
	// A session of somebody else is not ended by naming it.
	_, err := w.service.EndUserSessions(t.Context(), w.as(management), &ssodirectory.EndUserSessionsInput{InstanceArn: w.arn, UserId: aws.String(jane), SessionIds: []string{"a" + theirs}})
	if code(err) != "ResourceNotFoundException" {
		t.Errorf("another person's session: %v", err)
	}
}

// An instance has one name: a policy that denies something of it by its ARN cannot be
// got around by another spelling of the same (canonicalization).
func TestInstanceHasOneName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := strings.TrimPrefix(*w.arn, "arn:aws:sso:::instance/")
	for _, arn := range []string{"arn:aws-cn:sso:::instance/" + id, "arn:aws:sso:us-east-1::instance/" + id, "arn:aws:sso::" + management + ":instance/" + id, "arn:aws:iam:::anything" + id, id} {
		_, err := w.service.DescribeDirectorySettings(t.Context(), w.as(management), &ssodirectory.DescribeDirectorySettingsInput{InstanceArn: &arn})
		if code(err) != "ValidationException" {
			t.Errorf("%s: %v", arn, err)
		}
	}
}

// What an administrator does for a person (G-27, G-28, G-30, behaviours.md 6.5, 6.6).
func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := aws.String(jane)
	var expires *string // of a one-time password
	state := func() ssodirectory.PasswordState {
		out, err := w.service.DescribeUserSecurity(t.Context(), w.as(management), &ssodirectory.DescribeUserSecurityInput{InstanceArn: w.arn, UserId: user})
		if err != nil {
			t.Fatal(err)
		}
		expires = out.OneTimePasswordExpiresAt
		return out.PasswordState
	}
	if s := state(); s != "NONE" || expires != nil {
		t.Errorf("at first: %s", s)
	}
	otp, err := w.service.GenerateOneTimePassword(t.Context(), w.as(management), &ssodirectory.GenerateOneTimePasswordInput{InstanceArn: w.arn, UserId: user})
	if err != nil || !strings.HasPrefix(*otp.PortalUrl, "https://d-") || *otp.UserName != "jane" {
		t.Fatalf("%+v, %v", otp, err)
	}
	if violations := credential.Check(secret.NewString(*otp.OneTimePassword), credential.Subject{UserName: "jane"}); len(violations) != 0 {
		t.Errorf("the password breaks the rule: %v", violations)
	}
	if strings.Contains(fmt.Sprintf("%+v", *w.lastEvent), *otp.OneTimePassword) {
		t.Error("the one-time password is in the trail")
	}
	if s := state(); s != "ONE_TIME" || aws.ToString(expires) != "2026-11-29T09:00:00Z" {
		t.Errorf("after: %s until %s", s, aws.ToString(expires))
	}
	for _, send := range []func() error{
		func() error {
			_, err := w.service.InviteUser(t.Context(), w.as(management), &ssodirectory.InviteUserInput{InstanceArn: w.arn, UserId: user})
			return err
		},
		func() error {
			_, err := w.service.SendPasswordReset(t.Context(), w.as(management), &ssodirectory.SendPasswordResetInput{InstanceArn: w.arn, UserId: user})
			return err
		},
		func() error {
			_, err := w.service.SendEmailVerification(t.Context(), w.as(management), &ssodirectory.SendEmailVerificationInput{InstanceArn: w.arn, UserId: user})
			return err
		},
	} {
		if err := send(); err != nil {
			t.Error(err)
		}
	}
	// Only a password that the person had chosen is gone against the person's will.
	again := func() {
		if _, err := w.service.GenerateOneTimePassword(t.Context(), w.as(management), &ssodirectory.GenerateOneTimePasswordInput{InstanceArn: w.arn, UserId: user}); err != nil {
			t.Fatal(err)
		}
	}
	again()
	w.update(func(tx store.Tx) error {
		u, err := tx.User(jane)
		if err != nil {
			return err
		}
		return people.ChoosePassword(tx, u, "hash", false, start)
	})
	if s := state(); s != "SET" || expires != nil {
		t.Errorf("chosen: %s until %s", s, aws.ToString(expires))
	}
	again()
	if got := strings.Join(w.letters, ", "); got != "invite jane, reset jane, verify jane, replaced jane" {
		t.Errorf("mailed %s", got)
	}
}

// Sessions are listed and ended; disabling ends all of them.
func TestSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := aws.String(jane)
	count := func() int {
		out, err := w.service.ListUserSessions(t.Context(), w.as(management), &ssodirectory.ListUserSessionsInput{InstanceArn: w.arn, UserId: user})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.Sessions)
	}
	if n := count(); n != 2 {
		t.Fatalf("%d sessions", n)
	}
	end := &ssodirectory.EndUserSessionsInput{InstanceArn: w.arn, UserId: user, SessionIds: []string{"a" + jane}}
	for range 2 { // again does not matter
		if _, err := w.service.EndUserSessions(t.Context(), w.as(management), end); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(); n != 1 {
		t.Errorf("%d sessions after one ended", n)
	}
	if _, err := w.service.SetUserStatus(t.Context(), w.as(management), &ssodirectory.SetUserStatusInput{InstanceArn: w.arn, UserId: user, Status: "DISABLED"}); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("%d sessions of a disabled person", n)
	}
	_, err := w.service.GenerateOneTimePassword(t.Context(), w.as(management), &ssodirectory.GenerateOneTimePasswordInput{InstanceArn: w.arn, UserId: user})
	if code(err) != "ConflictException" {
		t.Errorf("a password for a disabled person: %v", err)
	}
}

// The settings hold what is put (G-52, G-56), and the portal is named once (D-04, G-59).
func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	settings := func() *ssodirectory.DescribeDirectorySettingsOutput {
		out, err := w.service.DescribeDirectorySettings(ctx, w.as(management), &ssodirectory.DescribeDirectorySettingsInput{InstanceArn: w.arn})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if s := settings(); s.PortalSessionMinutes != 480 || s.Mfa.Prompt != "CONTEXT_AWARE" || len(s.Mfa.Types) != 2 || s.IdentitySource != "IDENTITY_CENTER" {
		t.Errorf("at first %+v %+v", s, s.Mfa)
	}
	_, err1 := w.service.UpdateMfaSettings(ctx, w.as(management), &ssodirectory.UpdateMfaSettingsInput{InstanceArn: w.arn,
		Mfa: &ssodirectory.MfaSettings{Prompt: "ALWAYS_ON", Types: []ssodirectory.MfaType{"TOTP", "TOTP"}, NoDevice: "BLOCK"}})
	_, err2 := w.service.UpdatePortalSession(ctx, w.as(management), &ssodirectory.UpdatePortalSessionInput{InstanceArn: w.arn, Minutes: 15})
	_, err3 := w.service.UpdateEmailOtp(ctx, w.as(management), &ssodirectory.UpdateEmailOtpInput{InstanceArn: w.arn, Enabled: true})
	_, err4 := w.service.SetPortalSubdomain(ctx, w.as(management), &ssodirectory.SetPortalSubdomainInput{InstanceArn: w.arn, Subdomain: aws.String("example")})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	s := settings()
	if s.PortalSessionMinutes != 15 || !s.EmailOtpForApiUsers || *s.Subdomain != "example" || s.Mfa.Prompt != "ALWAYS_ON" || len(s.Mfa.Types) != 1 || s.Mfa.SelfService {
		t.Errorf("then %+v %+v", s, s.Mfa)
	}
	for name, c := range map[string]struct {
		who, arn, subdomain, want string
	}{
		"again":      {management, *w.arn, "other", "ConflictException"},
		"taken":      {stranger, *w.own, "example", "ConflictException"},
		"reserved":   {stranger, *w.own, "view", "ValidationException"},
		"a neighbor": {member, *w.arn, "mine", "AccessDeniedException"},
	} {
		_, err := w.service.SetPortalSubdomain(ctx, w.as(c.who), &ssodirectory.SetPortalSubdomainInput{InstanceArn: &c.arn, Subdomain: &c.subdomain})
		if code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	quotas, err := w.service.DescribeRoleQuotas(ctx, w.as(management), &ssodirectory.DescribeRoleQuotasInput{InstanceArn: w.arn, AccountIds: []string{member, stranger, "999999999999"}})
	if err != nil || len(quotas.Accounts) != 1 || *quotas.Accounts[0].AccountId != member || quotas.Accounts[0].Limit < 1 { // G-50
		t.Errorf("quotas %+v, %v", quotas, err)
	}
}
