package token_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

var janeInProduction = token.Session{
	Account: "444455556666", Entity: "AROAJANEJANEJANEJANEJ", RoleName: "AWSReservedSSO_AdministratorAccess_0123456789abcdef",
	Name: "jane@example.com", User: "11111111-2222-3333-4444-555555555555", PermissionSet: "ps-0123456789abcdef", PortalSession: "s1",
}

// A session token carries the whole session, sealed, and expires to the second
// (promise 13, H-20).
func TestRoleSessions(t *testing.T) {
	t.Parallel()
	rs := token.Sessions{Ring: newRing(t)}
	c, err := rs.Issue(janeInProduction, now.Add(400*time.Millisecond), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^ASIA[A-Z2-7]{16}$`).MatchString(c.AccessKeyID) || !regexp.MustCompile(`^[A-Za-z0-9+/]{40}$`).MatchString(c.SecretKey.Reveal()) {
		t.Errorf("key %s", c.AccessKeyID)
	}
	if account, ok := arn.AccountOfUniqueID(c.AccessKeyID); !ok || account != "444455556666" {
		t.Errorf("the key id names the account %q", account)
	}
	if !c.ExpiresAt.Equal(now.Add(time.Hour)) || c.ExpiresAt.Location() != time.UTC {
		t.Errorf("expires %v", c.ExpiresAt)
	}
	got, err := rs.Open(c.SessionToken.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	want := janeInProduction
	want.AccessKeyID, want.SecretKey = c.AccessKeyID, c.SecretKey.Reveal()
	want.IssuedAt, want.ExpiresAt = now.Unix(), now.Add(time.Hour).Unix()
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("opened %+v", got)
	}
	for at, over := range map[time.Duration]bool{0: false, time.Hour - time.Second: false, time.Hour - time.Nanosecond: false, time.Hour: true, 24 * time.Hour: true} {
		if got.Expired(now.Add(at)) != over {
			t.Errorf("after %v: expired is %v", at, !over)
		}
	}
	for _, part := range []string{c.SecretKey.Reveal(), "jane", "AWSReserved", "444455556666"} {
		raw, _ := base64.StdEncoding.DecodeString(c.SessionToken.Reveal())
		if strings.Contains(string(raw), part) {
			t.Errorf("the token shows %q", part)
		}
	}
}

// The largest session that can be issued can be read.
func TestRoleSessionFits(t *testing.T) {
	t.Parallel()
	rs := token.Sessions{Ring: newRing(t)}
	r := janeInProduction
	r.RoleName, r.Name, r.User = strings.Repeat("r", 64), strings.Repeat("n", 64), strings.Repeat("u", 47)
	c, err := rs.Issue(r, now, 12*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rs.Open(c.SessionToken.Reveal()); err != nil || len(c.SessionToken.Reveal()) > 1024 {
		t.Errorf("%d characters: %v", len(c.SessionToken.Reveal()), err)
	}
}

func TestRoleSessionTampering(t *testing.T) {
	t.Parallel()
	ring := newRing(t)
	rs := token.Sessions{Ring: ring}
	c, err := rs.Issue(janeInProduction, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what, s string) {
		t.Helper()
		if r, err := rs.Open(s); !fault.Is(err, fault.Invalid) || r != nil {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
	}
	for s := range variants(c.SessionToken.Reveal()) {
		refused("variant", s)
	}
	raw, _ := base64.StdEncoding.DecodeString(c.SessionToken.Reveal())
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			refused("flipped bit", base64.StdEncoding.EncodeToString(raw))
			raw[i] ^= 1 << bit
		}
	}
	for i := range raw {
		refused("cut", base64.StdEncoding.EncodeToString(raw[:i]))
	}
	refused("the other base64", base64.URLEncoding.EncodeToString(append(raw, 0)))
	plain, err := ring.Open(keys.RoleSession, raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []keys.Purpose{keys.AtRest, keys.ClientID, keys.ClientSecret, keys.SignInRequest, keys.SignInFlow, keys.Captcha, keys.KnownDevice} {
		refused("sealed for "+string(p), base64.StdEncoding.EncodeToString(ring.Seal(p, plain)))
	}
	refused("not sealed", base64.StdEncoding.EncodeToString(plain))
	refused("sealed nonsense", base64.StdEncoding.EncodeToString(ring.Seal(keys.RoleSession, []byte("nonsense"))))
	foreign, err := (token.Sessions{Ring: newRing(t)}).Issue(janeInProduction, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	refused("another server's", foreign.SessionToken.Reveal())
	refused("long", strings.Repeat("A", 1<<20))
}

// Keys rotate under sessions: those issued before stay good (promise 22).
func TestRoleSessionsOutliveRotation(t *testing.T) {
	t.Parallel()
	ring := storetest.NewRing(t)
	db := storetest.OpenAt(t, sqldb.Config{Path: t.TempDir() + "/sekisho.db"}, ring)
	rs := token.Sessions{Ring: ring}
	var issued []token.Credentials
	for range 3 {
		c, err := rs.Issue(janeInProduction, now, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		issued = append(issued, c)
		if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return ring.Rotate(tx, now) }); err != nil {
			t.Fatal(err)
		}
		for i, c := range issued {
			if got, err := rs.Open(c.SessionToken.Reveal()); err != nil || got.AccessKeyID != c.AccessKeyID {
				t.Errorf("session %d after %d rotations: %v", i, len(issued), err)
			}
		}
	}
}

// largest is a session with as much in it as one can have.
func largest() token.Session {
	s := token.Session{
		Kind: token.AssumedSAML, Account: "444455556666", Entity: "AROAJANEJANEJANEJANEJ", RoleName: strings.Repeat("r", 64), Name: strings.Repeat("n", 64),
		Policies: []string{`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`}, PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
		SourceIdentity: "jane", MFAAt: now.Unix(), Provider: "arn:aws:iam::444455556666:saml-provider/Okta",
		Keys: map[string]string{"saml:sub": "jane@example.com", "saml:namequalifier": "x"}, TransitiveTags: []string{"key-0"},
	}
	for i := range 50 {
		s.Tags = append(s.Tags, token.Tag{Key: fmt.Sprint("key-", i), Value: fmt.Sprint("value of key ", i)})
	}
	return s
}

// Everything that a session can carry comes back, whatever its size and kind.
func TestSessionsComeBack(t *testing.T) {
	t.Parallel()
	rs := token.Sessions{Ring: newRing(t)}
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(' ' + random.IntN(95))
		}
		return string(b)
	}
	for i := range 200 {
		want := largest()
		want.Kind = token.SessionKind(i % 7)
		want.Tags = want.Tags[:random.IntN(51)]
		want.Policies = []string{text(random.IntN(2048))}
		for j := range want.Tags {
			want.Tags[j].Value = text(random.IntN(60))
		}
		c, err := rs.Issue(want, now, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		got, err := rs.Open(c.SessionToken.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		want.AccessKeyID, want.SecretKey, want.IssuedAt, want.ExpiresAt = got.AccessKeyID, got.SecretKey, got.IssuedAt, got.ExpiresAt
		if len(want.Tags) == 0 {
			want.Tags = nil
		}
		if !reflect.DeepEqual(*got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
	}
}

// A session that could not be read again is not issued.
func TestSessionTooLarge(t *testing.T) {
	t.Parallel()
	rs := token.Sessions{Ring: newRing(t)}
	s := janeInProduction
	for range 500 {
		s.Policies = append(s.Policies, token.NewSecretKey().Reveal())
	}
	if c, err := rs.Issue(s, now, time.Hour); !fault.Is(err, fault.Limit) {
		t.Errorf("%d characters, %v", len(c.SessionToken.Reveal()), err)
	}
}

// FuzzSessionToken: no text opens but those that were issued here, and none makes
// Open panic (promise 19).
func FuzzSessionToken(f *testing.F) {
	rs := token.Sessions{Ring: newRing(f)}
	foreign := token.Sessions{Ring: newRing(f)}
	for _, s := range []token.Session{janeInProduction, largest(), {Account: "444455556666"}} {
		c, err := rs.Issue(s, now, time.Hour)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(c.SessionToken.Reveal()[:80])
		if c, err = foreign.Issue(s, now, time.Hour); err != nil {
			f.Fatal(err)
		}
		f.Add(c.SessionToken.Reveal())
	}
	for _, s := range []string{"", "AQAAAAE=", strings.Repeat("A", 80), "====", "\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := rs.Open(s); err == nil || r != nil || !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is %+v, %v", s, r, err)
		}
	})
}

// FuzzSealedSession is what a seal of ours might hold by a mistake of ours: it is
// read or refused, and never takes the server down.
func FuzzSealedSession(f *testing.F) {
	ring := newRing(f)
	rs := token.Sessions{Ring: ring}
	for _, s := range []token.Session{janeInProduction, largest(), {Account: "444455556666"}} {
		c, err := rs.Issue(s, now, time.Hour)
		if err != nil {
			f.Fatal(err)
		}
		sealed, err := base64.StdEncoding.DecodeString(c.SessionToken.Reveal())
		if err != nil {
			f.Fatal(err)
		}
		plain, err := ring.Open(keys.RoleSession, sealed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(plain)
	}
	f.Add([]byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, plain []byte) {
		s, err := rs.Open(base64.StdEncoding.EncodeToString(ring.Seal(keys.RoleSession, plain)))
		if (s == nil) != (err != nil) || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func BenchmarkSessions(b *testing.B) {
	rs := token.Sessions{Ring: newRing(b)}
	for name, s := range map[string]token.Session{"plain": janeInProduction, "50 tags": largest()} {
		c, err := rs.Issue(s, now, time.Hour)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("Issue/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rs.Issue(s, now, time.Hour); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Open/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rs.Open(c.SessionToken.Reveal()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
