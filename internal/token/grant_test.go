package token_test

import (
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

const portalLife = 8 * time.Hour

// world is a database with a person who is signed in, and two clients.
type world struct {
	*testing.T
	db           store.DB
	clients      token.Clients
	client       token.Client // with scopes: refreshable
	plain, other token.Client
	session      session.Session
	ids          atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, ring := storetest.OpenWithRing(t)
	w := &world{T: t, db: db, clients: token.Clients{Ring: ring}}
	register := func(c token.Client) token.Client {
		c, _, err := w.clients.Register(c, now)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	w.client = register(token.Client{
		Name: "botocore-client-dev", Scopes: []string{token.ScopeAccountAccess}, RedirectURIs: []string{"http://127.0.0.1/oauth/callback"},
		GrantTypes: []string{token.GrantAuthorizationCode, token.GrantRefreshToken},
	})
	w.plain = register(token.Client{Name: "botocore-client-1700000000"})
	w.other = register(token.Client{Name: "botocore-client-dev", Scopes: []string{token.ScopeAccountAccess}})
	w.update(func(tx store.Tx) (err error) {
		u := directory.User{ID: "u1", UserName: "jane", GivenName: "J", FamilyName: "D", DisplayName: "J D", Email: "jane@example.com", CreatedAt: now, UpdatedAt: now}
		if err := tx.PutUser(u); err != nil {
			return err
		}
		w.session, err = session.Begin(tx, "s1", u.ID, now, portalLife, "192.0.2.1", "test")
		return err
	})
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(w.Context(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) newID() string { return "g" + strconv.FormatInt(w.ids.Add(1), 10) }

func (w *world) outcome(fn func(store.Tx) (token.Outcome, error)) (out token.Outcome) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { out, err = fn(tx); return err })
	return out
}

// refused checks that an outcome is a refusal with that OAuth code and gives nothing.
func (w *world) refused(what string, out token.Outcome, code string) {
	w.Helper()
	if fault.ReasonOf(out.Refused) != code || !out.AccessToken.Empty() || !out.RefreshToken.Empty() {
		w.Errorf("%s: %v, want %s", what, out.Refused, code)
	}
}

func (w *world) issued(what string, out token.Outcome) token.Outcome {
	w.Helper()
	if out.Refused != nil || out.AccessToken.Empty() {
		w.Fatalf("%s: %v", what, out.Refused)
	}
	return out
}

func (w *world) grant(id string) (g token.Grant) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { g, err = tx.Grant(id); return err })
	return g
}

// The parameters of /authorize after client and redirect (promise 10,
// api-surface.md 5.5).
func TestCheckAuthorize(t *testing.T) {
	t.Parallel()
	challenge := challengeOf(verifier)
	type request struct {
		responseType, method, challenge, state string
		scopes                                 []string
	}
	for _, c := range []struct {
		name   string
		change func(*request)
		reason string
	}{
		{"as the CLI sends it", func(*request) {}, ""},
		{"no scopes", func(r *request) { r.scopes = nil }, ""},
		{"state of 1024", func(r *request) { r.state = strings.Repeat("s", 1024) }, ""},
		{"implicit", func(r *request) { r.responseType = "token" }, "unsupported_response_type"},
		{"hybrid", func(r *request) { r.responseType = "code id_token" }, "unsupported_response_type"},
		{"no response type", func(r *request) { r.responseType = "" }, "unsupported_response_type"},
		{"plain", func(r *request) { r.method = "plain" }, token.InvalidRequest},
		{"no method, which is plain", func(r *request) { r.method = "" }, token.InvalidRequest},
		{"method in lower case", func(r *request) { r.method = "s256" }, token.InvalidRequest},
		{"no challenge", func(r *request) { r.challenge = "" }, token.InvalidRequest},
		{"short challenge", func(r *request) { r.challenge = r.challenge[1:] }, token.InvalidRequest},
		{"long challenge", func(r *request) { r.challenge += "A" }, token.InvalidRequest},
		{"padded challenge", func(r *request) { r.challenge += "=" }, token.InvalidRequest},
		{"challenge in the other base64", func(r *request) { r.challenge = "+" + r.challenge[1:] }, token.InvalidRequest},
		{"the verifier itself", func(r *request) { r.challenge = verifier }, token.InvalidRequest},
		{"no state", func(r *request) { r.state = "" }, token.InvalidRequest},
		{"long state", func(r *request) { r.state = strings.Repeat("s", 1025) }, token.InvalidRequest},
		{"another scope", func(r *request) { r.scopes = []string{token.ScopeAccountAccess, "openid"} }, token.InvalidScope},
	} {
		r := request{"code", "S256", challenge, "0b5c9aa8-6d0a-4f4e-9a6b-0e7e5a1f2c3d", []string{token.ScopeAccountAccess}}
		c.change(&r)
		err := token.CheckAuthorize(token.Client{}, r.responseType, r.method, r.challenge, r.state, r.scopes)
		if fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

const (
	verifier = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-." // 64 characters
	redirect = "http://127.0.0.1:51234/oauth/callback"
)

func challengeOf(v string) string {
	h := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func (w *world) giveCode(challenge string) (code secret.String) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		code, err = token.GiveCode(tx, token.AuthorizeRequest{
			Client: w.client, RedirectURI: redirect, State: "x", Challenge: challenge, Scopes: w.client.Scopes,
		}, w.session, now)
		return err
	})
	return code
}

func (w *world) redeemCode(c token.Client, code secret.String, uri, verifier string, at time.Duration) token.Outcome {
	w.Helper()
	id := w.newID()
	return w.outcome(func(tx store.Tx) (token.Outcome, error) {
		return token.RedeemCode(tx, c, code, uri, verifier, id, now.Add(at))
	})
}

func TestRedeemCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.giveCode(challengeOf(verifier))
	out := w.issued("code", w.redeemCode(w.client, code, redirect, verifier, token.CodeLife-time.Microsecond))
	if out.ExpiresIn != token.AccessTokenLife || out.RefreshToken.Empty() || !strings.HasPrefix(out.AccessToken.Reveal(), "aoa") || !strings.HasPrefix(out.RefreshToken.Reveal(), "aor") {
		t.Errorf("issued %+v", out.Issued)
	}
	g := w.grant(out.Grant.ID)
	if g.Session != "s1" || g.User != "u1" || g.Client != w.client.Key() || !g.Refreshable || !g.EndedAt.IsZero() {
		t.Errorf("grant %+v", g)
	}
	w.update(func(tx store.Tx) error {
		a, err := tx.AccessToken(out.AccessToken.Hash())
		if err == nil && (a.Grant != g.ID || !a.ExpiresAt.Equal(now.Add(token.CodeLife-time.Microsecond+token.AccessTokenLife))) {
			t.Errorf("access token %+v", a)
		}
		return err
	})
}

// What does not fit is refused and does not spend the code: whoever glimpsed it
// must not be able to spoil it.
func TestRedeemCodeRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.giveCode(challengeOf(verifier))
	short := "short-verifier"
	shortCode := w.giveCode(challengeOf(short))
	long := strings.Repeat("v", 129)
	longCode := w.giveCode(challengeOf(long))
	for _, c := range []struct {
		name          string
		client        token.Client
		code          secret.String
		uri, verifier string
		at            time.Duration
	}{
		{"unknown code", w.client, secret.NewString("guess"), redirect, verifier, 0},
		{"empty code", w.client, secret.String{}, redirect, verifier, 0},
		{"another client", w.other, code, redirect, verifier, 0},
		{"another port", w.client, code, "http://127.0.0.1:51235/oauth/callback", verifier, 0},
		{"the registered URI", w.client, code, "http://127.0.0.1/oauth/callback", verifier, 0},
		{"no URI", w.client, code, "", verifier, 0},
		{"wrong verifier", w.client, code, redirect, "x" + verifier[1:], 0},
		{"no verifier", w.client, code, redirect, "", 0},
		{"the challenge as verifier", w.client, code, redirect, challengeOf(verifier), 0},
		{"short verifier", w.client, shortCode, redirect, short, 0},
		{"long verifier", w.client, longCode, redirect, long, 0},
		{"expired", w.client, code, redirect, verifier, token.CodeLife},
	} {
		w.refused(c.name, w.redeemCode(c.client, c.code, c.uri, c.verifier, c.at), token.InvalidGrant)
	}
	w.issued("the right one after all", w.redeemCode(w.client, code, redirect, verifier, time.Minute))
}

// A code that comes a second time burns what it gave, unless another client
// sends it (promise 7).
func TestCodeReuseBurnsTheGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.giveCode(challengeOf(verifier))
	out := w.issued("code", w.redeemCode(w.client, code, redirect, verifier, 0))
	w.refused("by another client", w.redeemCode(w.other, code, redirect, verifier, 1), token.InvalidGrant)
	if g := w.grant(out.Grant.ID); !g.EndedAt.IsZero() {
		t.Fatal("another client ended the grant")
	}
	// The thief need not have the verifier, nor be in time.
	w.refused("again", w.redeemCode(w.client, code, redirect, "", 2*time.Second), token.InvalidGrant)
	if g := w.grant(out.Grant.ID); !g.EndedAt.Equal(now.Add(2*time.Second)) || g.EndReason != "authorization-code-reused" {
		t.Errorf("grant %+v", g)
	}
	w.refused("the refresh token", w.refresh(w.client, out.RefreshToken, 3*time.Second), token.InvalidGrant)
	w.refused("a third time", w.redeemCode(w.client, code, redirect, verifier, time.Minute), token.InvalidGrant)
	if g := w.grant(out.Grant.ID); !g.EndedAt.Equal(now.Add(2 * time.Second)) {
		t.Error("the time of the ending moved")
	}
}

// Of fifty clients with one code one gets tokens at most, and since the code
// came more than once none is left with them (promises 6 and 7).
func TestRedeemCodeRaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.giveCode(challengeOf(verifier))
	var got atomic.Int32
	var grant atomic.Value
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if out := w.redeemCode(w.client, code, redirect, verifier, 0); out.Refused == nil {
				got.Add(1)
				grant.Store(out.Grant.ID)
			}
		})
	}
	all.Wait()
	if got.Load() != 1 {
		t.Fatalf("%d got tokens", got.Load())
	}
	if g := w.grant(grant.Load().(string)); g.EndedAt.IsZero() {
		t.Error("the grant stands although its code was repeated")
	}
}

// Only who is signed in gives and redeems codes.
func TestCodeNeedsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.giveCode(challengeOf(verifier))
	w.update(func(tx store.Tx) error { return tx.EndSession("s1", now, session.SignedOut) })
	w.refused("after signing out", w.redeemCode(w.client, code, redirect, verifier, 0), token.InvalidGrant)
	ended := w.session
	ended.EndedAt = now
	err := w.db.Update(t.Context(), nil, func(tx store.Tx) error {
		_, err := token.GiveCode(tx, token.AuthorizeRequest{Client: w.client}, ended, now)
		return err
	})
	if fault.ReasonOf(err) != fault.ReasonOf(session.ErrEnded) {
		t.Errorf("an ended session gives a code: %v", err)
	}
}

func (w *world) refresh(c token.Client, r secret.String, at time.Duration) token.Outcome {
	w.Helper()
	return w.outcome(func(tx store.Tx) (token.Outcome, error) { return token.Refresh(tx, c, r, now.Add(at)) })
}

func (w *world) signedInClient() token.Outcome {
	w.Helper()
	return w.issued("code", w.redeemCode(w.client, w.giveCode(challengeOf(verifier)), redirect, verifier, 0))
}

// A refresh token that was used may come again for two minutes, to the second;
// after that it ends the grant with everything it gave (promise 8).
func TestRefreshGrace(t *testing.T) {
	t.Parallel()
	const first = 30 * time.Minute
	for _, c := range []struct {
		name  string
		after time.Duration
		again bool
	}{
		{"at once", 0, true},
		{"after a second", time.Second, true},
		{"a second before the end", token.RefreshGrace - time.Second, true},
		{"at the end", token.RefreshGrace, true},
		{"a second after", token.RefreshGrace + time.Second, false},
		{"an hour after", time.Hour, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			start := w.signedInClient()
			next := w.issued("first use", w.refresh(w.client, start.RefreshToken, first))
			if next.RefreshToken.Equal(start.RefreshToken) || next.AccessToken.Equal(start.AccessToken) {
				t.Error("tokens do not rotate")
			}
			out := w.refresh(w.client, start.RefreshToken, first+c.after)
			if !c.again {
				w.refused("second use", out, token.InvalidGrant)
				w.refused("its successor", w.refresh(w.client, next.RefreshToken, first+c.after), token.InvalidGrant)
				if g := w.grant(start.Grant.ID); g.EndReason != "refresh-token-reused" {
					t.Errorf("grant %+v", g)
				}
				return
			}
			// The retry has a chain of its own, and the first use stays the first use.
			w.issued("second use", out)
			w.issued("successor", w.refresh(w.client, next.RefreshToken, first+c.after))
			w.issued("the other successor", w.refresh(w.client, out.RefreshToken, first+c.after))
			w.refused("later", w.refresh(w.client, start.RefreshToken, first+token.RefreshGrace+time.Second), token.InvalidGrant)
		})
	}
}

// Tokens never outlive the portal session; what is left of it bounds them (I-10).
func TestRefreshEndsWithTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	current := w.signedInClient()
	for _, c := range []struct{ at, life time.Duration }{
		{time.Hour, time.Hour}, {portalLife - time.Hour, time.Hour}, {portalLife - 10*time.Minute, 10 * time.Minute}, {portalLife - time.Second, time.Second},
	} {
		current = w.issued("refresh", w.refresh(w.client, current.RefreshToken, c.at))
		if current.ExpiresIn != c.life {
			t.Errorf("after %v: %v, want %v", c.at, current.ExpiresIn, c.life)
		}
	}
	w.refused("at the end", w.refresh(w.client, current.RefreshToken, portalLife), token.InvalidGrant)
}

func TestRefreshRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := w.signedInClient()
	w.refused("unknown", w.refresh(w.client, secret.NewString("aorguess"), 0), token.InvalidGrant)
	w.refused("access token", w.refresh(w.client, out.AccessToken, 0), token.InvalidGrant)
	w.refused("another client", w.refresh(w.other, out.RefreshToken, 0), token.InvalidGrant)
	next := w.issued("and still good", w.refresh(w.client, out.RefreshToken, 0))
	w.update(func(tx store.Tx) error { return tx.EndSessionsOf("u1", now, session.UserDisabled) })
	w.refused("disabled person", w.refresh(w.client, next.RefreshToken, 0), token.InvalidGrant)
}

// A model of what refresh may do, against random clients that retry, race and
// steal (promise 8).
func TestRefreshModel(t *testing.T) {
	t.Parallel()
	type known struct {
		value secret.String
		used  time.Duration // -1: never
	}
	for seed := range uint64(8) {
		w := newWorld(t)
		random := rand.New(rand.NewPCG(seed, 53))
		tokens := []known{{w.signedInClient().RefreshToken, -1}}
		ended := false
		at := time.Duration(0)
		for step := range 60 {
			at += time.Duration(random.IntN(50)) * time.Second
			i := len(tokens) - 1
			if random.IntN(4) == 0 {
				i = random.IntN(len(tokens))
			}
			k := &tokens[i]
			out := w.refresh(w.client, k.value, at)
			replayed := k.used >= 0 && at > k.used+token.RefreshGrace
			if want := !ended && !replayed; (out.Refused == nil) != want {
				t.Fatalf("seed %d, step %d, at %v: token used at %v is answered %v", seed, step, at, k.used, out.Refused)
			}
			ended = ended || replayed
			if out.Refused != nil {
				continue
			}
			if k.used < 0 {
				k.used = at
			}
			tokens = append(tokens, known{out.RefreshToken, -1})
		}
	}
}
