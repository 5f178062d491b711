package ssoportal_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/directory"
	"sekisho/internal/live"
	"sekisho/internal/orgfile"
	"sekisho/internal/page"
	"sekisho/internal/services/ssoportal"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

const organisation = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com}
  accounts:
    - {id: "444455556666", name: Production, email: prod@example.com}
    - {id: "777788889999", name: Staging, email: staging@example.com}
    - {id: "222233334444", name: Nobody's, email: nobody@example.com}
identity_center:
  region: us-east-1
  directory_id: d-1234567890
  users:
    - {username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}
    - {username: erika, given_name: Erika, family_name: Mustermann, email: erika@example.com}
  groups: [{name: Developers, members: [jane]}]
  permission_sets: [{name: ReadOnly}, {name: PowerUserAccess, session_duration: PT4H}, {name: Unused}]
  assignments:
    - {account: Production, permission_set: ReadOnly, users: [jane, erika]}
    - {account: Production, permission_set: PowerUserAccess, groups: [Developers]}
    - {account: Staging, permission_set: PowerUserAccess, groups: [Developers]}
    - {account: Staging, permission_set: ReadOnly, users: [erika]}
`

const (
	production = "444455556666"
	staging    = "777788889999"
	nobodys    = "222233334444"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 123456789, time.UTC)

type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	roles   token.Sessions
	service *ssoportal.Service
	users   map[string]directory.User
	portal  session.Session
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clock.NewFixed(start), users: map[string]directory.User{}}
	db, ring := storetest.OpenWithRing(tb)
	w.db, w.roles = db, token.Sessions{Ring: ring}
	f, err := orgfile.Parse([]byte(organisation))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := (&orgfile.Applier{Store: db}).Apply(tb.Context(), f, start); err != nil {
		tb.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		i, err := access.Home(tx)
		if err != nil {
			return err
		}
		users, err := tx.Users(i.DirectoryID, page.Request{})
		for _, u := range users.Items {
			w.users[u.UserName] = u
		}
		return err
	})
	w.update(func(tx store.Tx) (err error) {
		w.portal, err = session.Begin(tx, uuid.NewString(), w.users["jane"].ID, start, 8*time.Hour, "192.0.2.7", "browser")
		return err
	})
	facts := live.New(db)
	facts.Follow(tb.Context())
	w.service = &ssoportal.Service{Store: db, Live: facts, Sessions: w.roles}
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) by(name string) *call.Call {
	u := w.users[name]
	now := w.clock.Now()
	return &call.Call{Now: now, Event: &audit.Event{At: now, Name: "test", Count: 1}, Principal: call.Principal{
		Kind: call.PortalUser, ARN: u.ID, UserID: u.ID, DirectoryUser: u.ID, UserName: u.UserName, Session: w.portal.ID, SessionExpires: w.portal.ExpiresAt,
	}}
}

// expect holds err to its place on the wire (behaviours.md 7.6).
func (w *world) expect(what string, err error, status int, code, message string) {
	w.Helper()
	if err == nil && status == 200 {
		return
	}
	if e, ok := errors.AsType[*call.Error](err); ok {
		if e.Status != status || e.Code != code || e.Message != message {
			w.Errorf("%s: %+v", what, e)
		}
		return
	}
	if e, ok := awsproto.Service("sso").ErrorOf(err); !ok || e.Status != status || e.Code != code || e.Message != message {
		w.Errorf("%s: %v, want %d %s", what, err, status, code)
	}
}

// H-12, R-07: a person of the organization's directory reaches all accounts in which
// they hold something; one in which they hold nothing is not listed.
func TestListAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, want := range map[string]string{"jane": production + " Production prod@example.com, " + staging + " Staging staging@example.com"} {
		out, err := w.service.ListAccounts(t.Context(), w.by(name), &sso.ListAccountsInput{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range out.AccountList {
			got = append(got, *a.AccountId+" "+*a.AccountName+" "+*a.EmailAddress)
		}
		if strings.Join(got, ", ") != want || out.NextToken != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	w.update(func(tx store.Tx) error { return tx.RemoveMember(mustGroup(t, tx).ID, w.users["jane"].ID) })
	out, err := w.service.ListAccounts(t.Context(), w.by("jane"), &sso.ListAccountsInput{})
	if err != nil || len(out.AccountList) != 1 || *out.AccountList[0].AccountId != production {
		t.Errorf("out of the group: %+v, %v", out, err)
	}
	stranger := w.by("jane")
	stranger.Principal.DirectoryUser = uuid.NewString()
	out, err = w.service.ListAccounts(t.Context(), stranger, &sso.ListAccountsInput{})
	if err != nil || out.AccountList == nil || len(out.AccountList) != 0 {
		t.Errorf("who holds nothing must get an empty list, not none: %+v, %v", out, err)
	}
}

func mustGroup(t *testing.T, tx store.Tx) directory.Group {
	t.Helper()
	g, err := storetest.Group(tx, "Developers")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// H-15: the roles of an account are the permission sets that the person holds
// there, in order; nobody learns whether another account exists.
func TestListAccountRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ name, account, want string }{
		{"jane", production, "PowerUserAccess ReadOnly"}, {"jane", staging, "PowerUserAccess"}, {"erika", production, "ReadOnly"},
	} {
		out, err := w.service.ListAccountRoles(t.Context(), w.by(c.name), &sso.ListAccountRolesInput{AccountId: &c.account})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range out.RoleList {
			got = append(got, *r.RoleName)
			if *r.AccountId != c.account {
				t.Errorf("%s in %s: %s", c.name, c.account, *r.AccountId)
			}
		}
		if strings.Join(got, " ") != c.want || out.NextToken != nil {
			t.Errorf("%s in %s: %q", c.name, c.account, got)
		}
	}
	for _, a := range []string{nobodys, "000000000000", "", "x", "4444\x005556666", strings.Repeat("4", 100_000)} {
		_, err := w.service.ListAccountRoles(t.Context(), w.by("jane"), &sso.ListAccountRolesInput{AccountId: &a})
		w.expect("account "+a[:min(len(a), 12)], err, 403, "ForbiddenException", "No access")
	}
}

// Pages hold what was asked for, follow each other without gap or repetition,
// and only by tokens of the same list.
func TestPaging(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 7
	jane := w.users["jane"]
	w.update(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		inst, err := access.Home(tx)
		if err != nil {
			return err
		}
		for i := range n {
			id := fmt.Sprintf("90000000000%d", i)
			err := tx.PutAccount(account.Account{ID: id, Name: "More", Email: id + "@example.com", Status: account.Active, CreatedAt: start})
			if err != nil {
				return err
			}
			if err := storetest.Join(tx, o, id, ""); err != nil {
				return err
			}
			set := access.PermissionSet{ID: fmt.Sprintf("ps-%016d", i), Instance: inst.ID, Name: fmt.Sprintf("Set%d", i), SessionDuration: time.Hour, CreatedAt: start}
			if err := tx.PutPermissionSet(set); err != nil {
				return err
			}
			for _, a := range []string{id, production} {
				if err := access.Assign(tx, start, access.Assignment{Account: a, PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: jane.ID}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	accounts := func(limit int32, next *string) ([]string, *string, error) {
		out, err := w.service.ListAccounts(t.Context(), w.by("jane"), &sso.ListAccountsInput{MaxResults: &limit, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		var ids []string
		for _, a := range out.AccountList {
			ids = append(ids, *a.AccountId)
		}
		return ids, out.NextToken, nil
	}
	roles := func(limit int32, next *string) ([]string, *string, error) {
		out, err := w.service.ListAccountRoles(t.Context(), w.by("jane"), &sso.ListAccountRolesInput{AccountId: aws.String(production), MaxResults: &limit, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		var names []string
		for _, r := range out.RoleList {
			names = append(names, *r.RoleName)
		}
		return names, out.NextToken, nil
	}
	type list func(int32, *string) ([]string, *string, error)
	tokens := map[string]*string{}
	for name, l := range map[string]list{"accounts": accounts, "roles": roles} {
		whole, next, err := l(100, nil)
		if err != nil || next != nil || len(whole) != n+2 {
			t.Fatalf("%s: %q, %v", name, whole, err)
		}
		for _, limit := range []int32{1, 2, 3, n + 1, n + 2} {
			var all []string
			var next *string
			for pages := 0; ; pages++ {
				got, after, err := l(limit, next)
				if err != nil || len(got) > int(limit) || len(got) == 0 || pages > n+2 {
					t.Fatalf("%s by %d: page %d: %q, %v", name, limit, pages, got, err)
				}
				all = append(all, got...)
				if next = after; next == nil {
					break
				}
				tokens[name] = next
			}
			if strings.Join(all, " ") != strings.Join(whole, " ") {
				t.Errorf("%s by %d: %q, want %q", name, limit, all, whole)
			}
		}
	}
	raw := func(s string) *string { return aws.String(base64.RawURLEncoding.EncodeToString([]byte(s))) }
	for what, next := range map[string]*string{
		"not ours": aws.String("x"), "another version": raw("2accounts/" + production), "empty place": raw("1"), "NUL": raw("1accounts/\x00"),
		"no account": raw("1accounts/x"), "not UTF-8": raw("1roles/\xff"), "plain": aws.String(page.Token(production)), "huge": aws.String(page.Token("roles/" + strings.Repeat("x", 1000))),
	} {
		_, _, err := accounts(1, next)
		w.expect("accounts: "+what, err, 400, "InvalidRequestException", "The pagination token is not valid.")
		_, _, err = roles(1, next)
		w.expect("roles: "+what, err, 400, "InvalidRequestException", "The pagination token is not valid.")
	}
	_, _, err := accounts(1, tokens["roles"])
	w.expect("a token of roles for accounts", err, 400, "InvalidRequestException", "The pagination token is not valid.")
	_, _, err = roles(1, tokens["accounts"])
	w.expect("a token of accounts for roles", err, 400, "InvalidRequestException", "The pagination token is not valid.")
}

// Credentials carry what was asked for, last as long as the permission set says
// (H-20) to the second, told in milliseconds (api-surface.md, surprise 13).
func TestGetRoleCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		role string
		life time.Duration
		at   time.Duration // after sign-in
	}{
		{"ReadOnly", time.Hour, 0}, {"PowerUserAccess", 4 * time.Hour, 0}, {"PowerUserAccess", 4 * time.Hour, 8*time.Hour - time.Second},
	} {
		w.clock.Set(start.Add(c.at))
		by := w.by("jane")
		out, err := w.service.GetRoleCredentials(t.Context(), by, &sso.GetRoleCredentialsInput{AccountId: aws.String(production), RoleName: &c.role})
		if err != nil {
			t.Fatal(err)
		}
		got := out.RoleCredentials
		if want := by.Now.Add(c.life).Truncate(time.Second).UnixMilli(); got.Expiration != want {
			t.Errorf("%s: expires at %d, want %d", c.role, got.Expiration, want)
		}
		rs, err := w.roles.Open(*got.SessionToken)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(*got.AccessKeyId, "ASIA") || rs.AccessKeyID != *got.AccessKeyId || rs.SecretKey != *got.SecretAccessKey || len(rs.SecretKey) != 40 ||
			rs.Account != production || !strings.HasPrefix(rs.RoleName, "AWSReservedSSO_"+c.role+"_") || rs.Name != "jane" ||
			rs.User != w.users["jane"].ID || rs.PortalSession != w.portal.ID || rs.ExpiresAt*1000 != got.Expiration {
			t.Errorf("%s: %+v", c.role, rs)
		}
		if by.Event.Account != production || by.Event.Resource != c.role || by.Event.Detail[audit.IssuedKey] != *out.RoleCredentials.AccessKeyId {
			t.Errorf("%s: event %+v", c.role, by.Event)
		}
	}
}

// Whoever does not hold the role is told the same, whatever there is of it.
func TestNoAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("x", 100_000)
	for _, c := range []struct{ name, user, account, role string }{
		{"assigned to nobody", "jane", production, "Unused"}, {"assigned in another account", "jane", staging, "ReadOnly"}, {"assigned to another", "erika", production, "PowerUserAccess"},
		{"no such role", "jane", production, "Nope"}, {"another case", "jane", production, "readonly"}, {"no such account", "jane", "000000000000", "ReadOnly"},
		{"account of nobody", "jane", nobodys, "ReadOnly"}, {"no account id", "jane", "x", "ReadOnly"}, {"no account", "jane", "", "ReadOnly"}, {"no role", "jane", production, ""},
		{"long account", "jane", long, "ReadOnly"}, {"long role", "jane", production, long}, {"NUL", "jane", production, "Read\x00Only"}, {"not UTF-8", "jane", production, "\xff"},
	} {
		by := w.by(c.user)
		_, err := w.service.GetRoleCredentials(t.Context(), by, &sso.GetRoleCredentialsInput{AccountId: &c.account, RoleName: &c.role})
		w.expect(c.name, err, 403, "ForbiddenException", "No access")
		if len(by.Event.Account) > 12 || len(by.Event.Resource) > 32 {
			t.Errorf("%s: the event has %d and %d bytes of it", c.name, len(by.Event.Account), len(by.Event.Resource))
		}
	}

	// And so it is as soon as the role is taken away.
	ask := func() error {
		_, err := w.service.GetRoleCredentials(t.Context(), w.by("jane"), &sso.GetRoleCredentialsInput{AccountId: aws.String(staging), RoleName: aws.String("PowerUserAccess")})
		return err
	}
	w.expect("before", ask(), 200, "", "")
	w.update(func(tx store.Tx) error { return tx.RemoveMember(mustGroup(t, tx).ID, w.users["jane"].ID) })
	w.expect("after", ask(), 403, "ForbiddenException", "No access")
}

// An account that is not in use is in no list, and nobody gets credentials in it,
// whoever holds what there; all is as before when it is in use again.
func TestAccountNotInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func() error {
		_, err := w.service.GetRoleCredentials(t.Context(), w.by("jane"), &sso.GetRoleCredentialsInput{AccountId: aws.String(production), RoleName: aws.String("ReadOnly")})
		return err
	}
	roles := func() error {
		_, err := w.service.ListAccountRoles(t.Context(), w.by("jane"), &sso.ListAccountRolesInput{AccountId: aws.String(production)})
		return err
	}
	// list is what jane has, page by page of one account.
	list := func() (ids []string) {
		for next := (*string)(nil); ; {
			out, err := w.service.ListAccounts(t.Context(), w.by("jane"), &sso.ListAccountsInput{MaxResults: aws.Int32(1), NextToken: next})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range out.AccountList {
				ids = append(ids, *a.AccountId)
			}
			if next = out.NextToken; next == nil {
				return ids
			}
		}
	}
	for _, s := range []account.Status{account.Active, account.Suspended, account.Closed, account.PendingActivation, account.Active} {
		w.update(func(tx store.Tx) error {
			a, err := tx.Account(production)
			a.Status = s
			if err == nil {
				err = tx.PutAccount(a)
			}
			return err
		})
		if s == account.Active {
			w.expect(string(s), ask(), 200, "", "")
			w.expect(string(s)+", roles", roles(), 200, "", "")
		} else {
			w.expect(string(s), ask(), 403, "ForbiddenException", "No access")
			w.expect(string(s)+", roles", roles(), 403, "ForbiddenException", "No access")
		}
		want := []string{staging}
		if s == account.Active {
			want = []string{production, staging}
		}
		if got := list(); !slices.Equal(got, want) {
			t.Errorf("%s: the list is %v", s, got)
		}
	}
}

// Logout ends the session behind the token, once, with its event.
func TestLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 2 {
		w.clock.Set(start.Add(time.Duration(i) * time.Minute))
		by := w.by("jane")
		if _, err := w.service.Logout(t.Context(), by, &sso.LogoutInput{}); err != nil || !by.Event.Recorded() {
			t.Fatalf("%v, recorded %v", err, by.Event.Recorded())
		}
		err := w.db.View(t.Context(), func(tx store.Tx) error {
			s, err := tx.Session(w.portal.ID)
			if err == nil && (!s.EndedAt.Equal(start.Truncate(time.Microsecond)) || s.EndReason != session.SignedOut) {
				t.Errorf("ended %v: %s", s.EndedAt, s.EndReason)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	by := w.by("jane")
	by.Principal.Session = uuid.NewString()
	_, err := w.service.Logout(t.Context(), by, &sso.LogoutInput{})
	if err == nil {
		t.Error("a session that is not there was ended")
	}
}
