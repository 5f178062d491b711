package authn_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/arn"
	"sekisho/internal/authn"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/live"
	"sekisho/internal/orgfile"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/sigv4"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// organisation: jane holds a permission set by herself, taro by a group.
const organisation = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com}
  accounts:
    - {id: "444455556666", name: Production, email: prod@example.com}
identity_center:
  region: us-east-1
  directory_id: d-1234567890
  users:
    - {username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}
    - {username: taro, given_name: Taro, family_name: Yamada, email: taro@example.com}
  groups: [{name: Developers, members: [taro]}]
  permission_sets: [{name: ReadOnly}]
  assignments: [{account: Production, permission_set: ReadOnly, users: [jane], groups: [Developers]}]
`

const (
	management = "111122223333"
	production = "444455556666"
	window     = 15 * time.Minute
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type world struct {
	testing.TB
	db     store.DB
	clock  *clock.Fixed
	who    *authn.Authenticator
	roles  token.Sessions
	jane   directory.User
	taro   directory.User
	group  directory.Group
	set    access.PermissionSet
	role   iam.Role
	portal session.Session // jane's
	root   iam.AccessKey
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	return newWorldIn(tb, storetest.OpenWithRing)
}

// newWorldIn makes the world anew in the database that open gives.
func newWorldIn(tb testing.TB, open func(testing.TB) (store.DB, *keys.Ring)) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clock.NewFixed(start)}
	db, ring := open(tb)
	w.db, w.roles = db, token.Sessions{Ring: ring}
	w.update(func(tx store.Tx) error { return tx.Clear() })
	f, err := orgfile.Parse([]byte(organisation))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := (&orgfile.Applier{Store: db}).Apply(tb.Context(), f, start); err != nil {
		tb.Fatal(err)
	}
	w.root = iam.AccessKey{ID: arn.NewUniqueID("AKIA", management), Account: management, Secret: token.NewSecretKey(), Active: true, CreatedAt: start}
	w.update(func(tx store.Tx) (err error) {
		if w.jane, err = storetest.User(tx, "jane"); err != nil {
			return err
		}
		if w.taro, err = storetest.User(tx, "taro"); err != nil {
			return err
		}
		if w.group, err = storetest.Group(tx, "Developers"); err != nil {
			return err
		}
		if w.set, err = storetest.PermissionSet(tx, "ReadOnly"); err != nil {
			return err
		}
		if w.role, err = tx.RoleOfPermissionSet(production, w.set.ID); err != nil {
			return err
		}
		return tx.PutAccessKey(w.root)
	})
	w.portal = w.signIn(w.jane)
	facts := live.New(db)
	facts.Follow(tb.Context())
	w.who = &authn.Authenticator{Live: facts, Sessions: w.roles, Clock: w.clock, SigningKeys: sigv4.NewKeyCache(16)}
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) signIn(u directory.User) (s session.Session) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		s, err = session.Begin(tx, uuid.NewString(), u.ID, w.clock.Now(), 8*time.Hour, "192.0.2.7", "browser")
		return err
	})
	return s
}

// issue makes credentials as the portal does for u.
func (w *world) issue(u directory.User, portal session.Session, life time.Duration) token.Credentials {
	w.Helper()
	creds, err := w.roles.Issue(token.Session{
		Account: production, Entity: w.role.ID, RoleName: w.role.Name, Name: u.UserName,
		User: u.ID, PermissionSet: w.set.ID, PortalSession: portal.ID,
	}, w.clock.Now(), life)
	if err != nil {
		w.Fatal(err)
	}
	return creds
}

// proof is how a call is signed.
type proof struct {
	id, secret, token string
	service           string // to sign for, if not sts
	early             time.Duration
}

func by(c token.Credentials) proof {
	return proof{id: c.AccessKeyID, secret: c.SecretKey.Reveal(), token: c.SessionToken.Reveal()}
}

func (w *world) byRoot() proof { return proof{id: w.root.ID, secret: w.root.Secret.Reveal()} }

// try signs a call with the SDK's signer and authenticates it.
func (w *world) try(p proof) (authn.Signed, error) {
	w.Helper()
	return w.tryAt(p, "sts")
}

// tryAt tries p at the service of that signing name.
func (w *world) tryAt(p proof, service string) (authn.Signed, error) {
	w.Helper()
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	if p.service == "" {
		p.service = service
	}
	r := httptest.NewRequest(http.MethodPost, "http://sts.localhost/", strings.NewReader(body))
	r.ContentLength = 0 // not signed
	sum := sha256.Sum256([]byte(body))
	creds := aws.Credentials{AccessKeyID: p.id, SecretAccessKey: p.secret, SessionToken: p.token}
	err := v4.NewSigner().SignHTTP(w.Context(), creds, r, hex.EncodeToString(sum[:]), p.service, "us-east-1", w.clock.Now().Add(-p.early))
	if err != nil {
		w.Fatal(err)
	}
	return w.who.Signature(context.Background(), &sigv4.Request{Method: r.Method, Host: r.Host, Path: "/", Header: r.Header}, []byte(body), service, window)
}

// refused tries p and returns why it was refused; nil if it was not.
func (w *world) refused(p proof) *authn.Refusal {
	w.Helper()
	_, err := w.try(p)
	if err == nil {
		return nil
	}
	r, ok := errors.AsType[*authn.Refusal](err)
	if !ok {
		w.Fatalf("not a refusal: %v", err)
	}
	return r
}

func (w *world) expect(what string, r *authn.Refusal, why authn.Why, reason string) {
	w.Helper()
	if r == nil || r.Why != why || r.Reason != reason {
		w.Errorf("%s: %+v, want %d %q", what, r, why, reason)
	}
}

// Who is who: the identities that an account can hold, each by credentials of
// its own kind (A-03, R-13, R-14, behaviours.md 4.6).
func TestPrincipals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	creds := w.issue(w.jane, w.portal, time.Hour)
	for name, c := range map[string]struct {
		proof proof
		want  call.Principal
	}{
		"root": {w.byRoot(), call.Principal{Kind: call.Root, Account: management, ARN: "arn:aws:iam::111122223333:root", UserID: management,
			EntityARN: "arn:aws:iam::111122223333:root", AccessKeyID: w.root.ID, UserName: "root"}},
		"role": {by(creds), call.Principal{Kind: call.AssumedRole, Account: production, ARN: "arn:aws:sts::444455556666:assumed-role/" + w.role.Name + "/jane",
			UserID: w.role.ID + ":jane", Entity: w.role.ID, EntityARN: w.role.ARN(), AccessKeyID: creds.AccessKeyID, DirectoryUser: w.jane.ID, UserName: "jane", Session: w.portal.ID}},
	} {
		got, err := w.try(c.proof)
		got.Principal.Temporary = nil // what the token carried is shown elsewhere
		if err != nil || got.Principal != c.want || got.Region != "us-east-1" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Of two faults the one that is looked for first decides (behaviours.md 2.3):
// each row has the fault of its name and every later one that goes with it.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := by(w.issue(w.jane, w.portal, time.Hour))
	past := by(w.issue(w.jane, w.portal, -time.Second))
	foreign := good
	foreign.id = w.issue(w.jane, w.portal, time.Hour).AccessKeyID

	inactive := iam.AccessKey{ID: arn.NewUniqueID("AKIA", management), Account: management, Secret: token.NewSecretKey(), CreatedAt: start}
	gone := by(w.issue(w.taro, w.signIn(w.taro), time.Hour)) // of a person who is deleted
	gonePast := by(w.issue(w.taro, w.portal, -time.Second))
	w.update(func(tx store.Tx) error {
		if err := tx.PutAccessKey(inactive); err != nil {
			return err
		}
		return tx.DeleteUser(w.taro.ID)
	})
	// also makes a proof wrong in further ways.
	type also func(*proof)
	scope := func(p *proof) { p.service = "s3" }
	time16 := func(p *proof) { p.early = window + time.Minute }
	secret := func(p *proof) { p.secret = "wrong" }
	tokenToo := func(p *proof) { p.token = good.token }

	for _, c := range []struct {
		name   string
		proof  proof
		also   []also
		why    authn.Why
		reason string
	}{
		{"scope before key", proof{id: "AKIAIOSFODNN7EXAMPLE", secret: "x"}, []also{scope, time16}, authn.BadSignature, "signature"},
		{"scope before token", foreign, []also{scope, time16, secret}, authn.BadSignature, "signature"},
		{"scope before inactive", proof{id: inactive.ID, secret: inactive.Secret.Reveal()}, []also{scope, time16, secret}, authn.BadSignature, "signature"},
		{"scope before expiry", past, []also{scope, time16, secret}, authn.BadSignature, "signature"},
		{"key before time", proof{id: "AKIAIOSFODNN7EXAMPLE", secret: "x"}, []also{time16}, authn.UnknownKey, "no such access key"},
		{"no token before all else", proof{id: good.id, secret: good.secret}, []also{time16, secret}, authn.UnknownKey, "temporary key without its session token"},
		{"token before time", proof{id: good.id, secret: good.secret, token: "x"}, []also{time16, secret}, authn.UnknownKey, "session token is not ours"},
		{"binding before expiry", proof{id: good.id, secret: past.secret, token: past.token}, []also{time16, secret}, authn.UnknownKey, "session token belongs to another key"},
		{"inactive before token and signature", proof{id: inactive.ID, secret: inactive.Secret.Reveal()}, []also{tokenToo, time16, secret}, authn.UnknownKey, "the access key is inactive"},
		{"expiry before liveness", gonePast, []also{time16, secret}, authn.ExpiredToken, "role session is past its time"},
		{"expiry before signature", past, []also{secret}, authn.ExpiredToken, "role session is past its time"},
		{"liveness before time and signature", gone, []also{time16, secret}, authn.UnknownKey, "the user is disabled or deleted"},
		{"signature before static with token", w.byRoot(), []also{tokenToo, secret}, authn.BadSignature, "signature"},
		{"static with token", w.byRoot(), []also{tokenToo}, authn.UnknownKey, "long-term key with a session token"},
	} {
		p := c.proof
		for _, f := range c.also {
			f(&p)
		}
		w.expect(c.name, w.refused(p), c.why, c.reason)
	}

	// Time before signature: both are BadSignature, and the message tells which.
	p := w.byRoot()
	time16(&p)
	secret(&p)
	if r := w.refused(p); r == nil || !strings.HasPrefix(r.Message, "Signature expired: ") {
		t.Errorf("time before signature: %+v", r)
	}
	scope(&p)
	if r := w.refused(p); r == nil || !strings.HasPrefix(r.Message, "Credential should be scoped to correct service: 'sts'") {
		t.Errorf("scope before time: %+v", r)
	}
}

// Whatever takes access away takes it from credentials that are in use: the
// next call is refused, with what was remembered of the last (promise 12).
func TestWhatEndsAccessEndsCredentials(t *testing.T) {
	t.Parallel()
	db, ring := storetest.OpenWithRing(t)
	direct := func(w *world) access.Assignment {
		return access.Assignment{Account: production, PermissionSet: w.set.ID, PrincipalType: access.ToUser, PrincipalID: w.jane.ID}
	}
	toGroup := func(w *world) access.Assignment {
		return access.Assignment{Account: production, PermissionSet: w.set.ID, PrincipalType: access.ToGroup, PrincipalID: w.group.ID}
	}
	for _, c := range []struct {
		name   string
		taro   bool // whose access it is: taro's by his group, else jane's
		change func(*world, store.Tx, session.Session) error
		why    authn.Why
		reason string
	}{
		{"un-assigned", false, func(w *world, tx store.Tx, _ session.Session) error { return access.Unassign(tx, direct(w)) },
			authn.UnknownKey, "the permission set is no longer assigned"},
		{"group un-assigned", true, func(w *world, tx store.Tx, _ session.Session) error { return access.Unassign(tx, toGroup(w)) },
			authn.UnknownKey, "the permission set is no longer assigned"},
		{"taken out of the group", true, func(w *world, tx store.Tx, _ session.Session) error { return tx.RemoveMember(w.group.ID, w.taro.ID) },
			authn.UnknownKey, "the permission set is no longer assigned"},
		{"group deleted", true, func(w *world, tx store.Tx, _ session.Session) error { return tx.DeleteGroup(w.group.ID) },
			authn.UnknownKey, "the permission set is no longer assigned"},
		{"all un-assigned", false, func(w *world, tx store.Tx, _ session.Session) error {
			return errors.Join(access.Unassign(tx, direct(w)), access.Unassign(tx, toGroup(w)))
		}, authn.UnknownKey, "the role is gone"},
		{"assigned anew to another role", false, func(w *world, tx store.Tx, _ session.Session) error {
			return errors.Join(access.Unassign(tx, direct(w)), access.Unassign(tx, toGroup(w)), access.Assign(tx, start, direct(w)))
		}, authn.UnknownKey, "the role is gone"},
		{"role made anew under the same name", false, func(w *world, tx store.Tx, _ session.Session) error {
			again := w.role
			again.ID = arn.NewUniqueID(arn.PrefixRole, production)
			return errors.Join(tx.DeleteRole(w.role.ID), tx.PutRole(again))
		}, authn.UnknownKey, "the role is gone"},
		{"disabled", false, func(w *world, tx store.Tx, _ session.Session) error {
			w.jane.Disabled = true
			return tx.PutUser(w.jane)
		}, authn.UnknownKey, "the user is disabled or deleted"},
		{"deleted", false, func(w *world, tx store.Tx, _ session.Session) error { return tx.DeleteUser(w.jane.ID) },
			authn.UnknownKey, "the user is disabled or deleted"},
		{"signed out", false, func(w *world, tx store.Tx, s session.Session) error {
			return tx.EndSession(s.ID, start, session.SignedOut)
		}, authn.ExpiredToken, "the portal session was ended"},
		{"signed out everywhere", true, func(w *world, tx store.Tx, _ session.Session) error {
			return tx.EndSessionsOf(w.taro.ID, start, session.PasswordChanged)
		}, authn.ExpiredToken, "the portal session was ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorldIn(t, func(testing.TB) (store.DB, *keys.Ring) { return db, ring })
			u, bystander := w.jane, w.taro
			if c.taro {
				u, bystander = w.taro, w.jane
			}
			portal := w.signIn(u)
			p, other := by(w.issue(u, portal, time.Hour)), by(w.issue(bystander, w.signIn(bystander), time.Hour))
			for range 2 { // from the store, and from memory
				if r := w.refused(p); r != nil {
					t.Fatalf("before: %+v", r)
				}
			}
			if r := w.refused(other); r != nil {
				t.Fatalf("the bystander before: %+v", r)
			}
			w.update(func(tx store.Tx) error { return c.change(w, tx, portal) })
			w.expect("after", w.refused(p), c.why, c.reason)
			// What a role's end takes away it takes from all; nothing else does.
			if r := w.refused(other); (r == nil) == (c.reason == "the role is gone") {
				t.Errorf("the bystander after: %+v", r)
			}
		})
	}
}

// Signing out of one portal session leaves what came of another, and access
// that comes back brings the credentials back: nothing refused is remembered.
func TestWhatDoesNotEndCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := by(w.issue(w.jane, w.portal, time.Hour))
	second := w.signIn(w.jane)
	w.update(func(tx store.Tx) error { return tx.EndSession(second.ID, start, session.SignedOut) })
	if r := w.refused(p); r != nil {
		t.Errorf("after another session's end: %+v", r)
	}
	for _, disabled := range []bool{true, false} {
		w.jane.Disabled = disabled
		w.update(func(tx store.Tx) error { return tx.PutUser(w.jane) })
		if r := w.refused(p); (r == nil) == disabled {
			t.Errorf("disabled %v: %+v", disabled, r)
		}
	}
}

// A role session is separate from the portal session (H-20): that one's natural
// end, even when it is forgotten, does not cut the other short.
func TestRoleSessionOutlivesPortalSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.Set(w.portal.ExpiresAt.Add(-time.Minute))
	p := by(w.issue(w.jane, w.portal, access.MaxRoleSession))
	for _, later := range []time.Duration{0, time.Minute, 2 * time.Minute, access.MaxRoleSession - time.Second} {
		now := w.portal.ExpiresAt.Add(-time.Minute + later)
		w.clock.Set(now)
		w.update(func(tx store.Tx) error { _, err := tx.Expire(now, 1000); return err })
		if r := w.refused(p); r != nil {
			t.Errorf("%v after issue: %+v", later, r)
		}
	}
	w.clock.Advance(time.Second)
	w.expect("at its own end", w.refused(p), authn.ExpiredToken, "role session is past its time")
	// The person, meanwhile, has to sign in again (H-19).
	_, err := w.who.PortalUser(t.Context(), call.Principal{Session: w.portal.ID, DirectoryUser: w.jane.ID})
	if r, ok := errors.AsType[*authn.Refusal](err); !ok || r.Reason != "the portal session has ended" {
		t.Errorf("portal: %v", err)
	}
}

// Long-term keys: made inactive, given another secret, deleted; each at once.
func TestLongTermKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.byRoot()
	if r := w.refused(old); r != nil {
		t.Fatalf("%+v", r)
	}
	put := func(change func(*iam.AccessKey)) {
		change(&w.root)
		w.update(func(tx store.Tx) error { return tx.PutAccessKey(w.root) })
	}
	put(func(k *iam.AccessKey) { k.Active = false })
	w.expect("inactive", w.refused(old), authn.UnknownKey, "the access key is inactive")
	put(func(k *iam.AccessKey) { k.Active = true })
	if r := w.refused(old); r != nil {
		t.Errorf("active again: %+v", r)
	}
	put(func(k *iam.AccessKey) { k.Secret = token.NewSecretKey() })
	w.expect("old secret", w.refused(old), authn.BadSignature, "signature")
	if r := w.refused(w.byRoot()); r != nil {
		t.Errorf("new secret: %+v", r)
	}
	w.update(func(tx store.Tx) error { return tx.DeleteAccessKey(w.root.ID) })
	w.expect("deleted", w.refused(w.byRoot()), authn.UnknownKey, "no such access key")
}

// A session token with any byte of its seal changed is not ours.
func TestTamperedToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := by(w.issue(w.jane, w.portal, time.Hour))
	sealed, err := base64.StdEncoding.DecodeString(p.token)
	if err != nil {
		t.Fatal(err)
	}
	if r := w.refused(p); r != nil {
		t.Fatalf("untouched: %+v", r)
	}
	for i := range sealed {
		forged := append([]byte(nil), sealed...)
		forged[i] ^= 1 << rand.IntN(8)
		q := p
		q.token = base64.StdEncoding.EncodeToString(forged)
		w.expect(fmt.Sprintf("byte %d", i), w.refused(q), authn.UnknownKey, "session token is not ours")
	}
	for name, forged := range map[string]string{
		"cut": p.token[:len(p.token)-4], "longer": p.token + "AAAA", "twice": p.token + p.token, "huge": strings.Repeat("A", 8192),
	} {
		q := p
		q.token = forged
		w.expect(name, w.refused(q), authn.UnknownKey, "session token is not ours")
	}
}

// Credentials expire to the second, whatever their life and the moment of their
// issue, and never before (promise 13, R-18, R-21).
func TestCredentialsExpireToTheSecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 50 {
		issued := start.Add(time.Duration(rand.Int64N(int64(7 * time.Hour))))
		w.clock.Set(issued)
		creds := w.issue(w.jane, w.portal, time.Duration(rand.Int64N(int64(access.MaxRoleSession)))+time.Second)
		p := by(creds)
		for _, c := range []struct {
			at   time.Time
			good bool
		}{
			{issued, true}, {creds.ExpiresAt.Add(-time.Nanosecond), true}, {creds.ExpiresAt, false}, {creds.ExpiresAt.Add(time.Second), false},
			{creds.ExpiresAt.Add(time.Duration(rand.Int64N(int64(1000 * time.Hour)))), false},
		} {
			w.clock.Set(c.at)
			if r := w.refused(p); (r == nil) != c.good || !c.good && r.Why != authn.ExpiredToken {
				t.Fatalf("issued %v, ends %v, at %v: %+v", issued, creds.ExpiresAt, c.at, r)
			}
		}
	}
}

// The store being away is no refusal: it is said to be ours.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for what, err := range map[string]error{
		"bearer": second(w.who.Bearer(ctx, secret.NewString("x"))),
		"portal": second(w.who.PortalUser(ctx, call.Principal{Session: w.portal.ID, DirectoryUser: w.jane.ID})),
	} {
		if _, ok := errors.AsType[*authn.Refusal](err); ok || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// A presigned GetCallerIdentity proves identity as well as a header does
// (behaviours.md 2.1), and its token is checked alike.
func TestPresigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := by(w.issue(w.jane, w.portal, time.Hour))
	presign := func(p proof) error {
		r := httptest.NewRequest(http.MethodGet, "http://sts.localhost/?Action=GetCallerIdentity&Version=2011-06-15", nil)
		sum := sha256.Sum256(nil)
		signed, _, err := v4.NewSigner().PresignHTTP(t.Context(), aws.Credentials{AccessKeyID: p.id, SecretAccessKey: p.secret, SessionToken: p.token},
			r, hex.EncodeToString(sum[:]), "sts", "us-east-1", start)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(signed)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.who.Signature(t.Context(), &sigv4.Request{Method: http.MethodGet, Host: u.Host, Path: u.EscapedPath(), RawQuery: u.RawQuery, Header: http.Header{}}, nil, "sts", window)
		return err
	}
	if err := presign(p); err != nil {
		t.Error(err)
	}
	w.update(func(tx store.Tx) error { return tx.EndSession(w.portal.ID, start, session.SignedOut) })
	if r, ok := errors.AsType[*authn.Refusal](presign(p)); !ok || r.Why != authn.ExpiredToken {
		t.Errorf("after sign-out: %v", r)
	}
}
