package token_test

import (
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// instance is whose start URL the devices of these tests ask with.
const instance = "ssoins-0123456789abcdef"

func (w *world) beginDevice(c token.Client) (d token.DeviceAuthorization, code secret.String) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		d, code, err = token.BeginDevice(tx, c, instance, "192.0.2.7", "aws-cli/2", now)
		return err
	})
	return d, code
}

func (w *world) decide(userCode string, s session.Session, allow bool, at time.Duration) (err error) {
	w.Helper()
	// A refusal is looked at, and its transaction undone.
	_ = w.db.Update(w.Context(), nil, func(tx store.Tx) error {
		_, err = token.DecideDevice(tx, instance, userCode, s, allow, now.Add(at))
		return err
	})
	return err
}

func (w *world) redeemDevice(c token.Client, code secret.String, at time.Duration) token.Outcome {
	w.Helper()
	id := w.newID()
	return w.outcome(func(tx store.Tx) (token.Outcome, error) {
		return token.RedeemDevice(tx, c, code, id, now.Add(at))
	})
}

func TestBeginDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	form := regexp.MustCompile(`^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$`) // XXXX-XXXX (behaviours.md 7.2), no words
	seen := make(map[string]bool)
	for range 100 {
		d, code := w.beginDevice(w.client)
		if !form.MatchString(d.UserCode) || seen[d.UserCode] || seen[code.Reveal()] || len(code.Reveal()) < 43 {
			t.Fatalf("user code %q", d.UserCode)
		}
		seen[d.UserCode], seen[code.Reveal()] = true, true
		if d.Hash != code.Hash() || d.Status != token.Pending || !d.ExpiresAt.Equal(now.Add(10*time.Minute)) || d.SourceIP != "192.0.2.7" || d.UserAgent != "aws-cli/2" || d.Client != w.client.Key() {
			t.Fatalf("%+v", d)
		}
	}
}

func TestNormalizeUserCode(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"BCDF-GHJK": "BCDF-GHJK", "bcdf-ghjk": "BCDF-GHJK", "BCDFGHJK": "BCDF-GHJK", " bcdf ghjk ": "BCDF-GHJK", "B-C-D-F-G-H-J-K": "BCDF-GHJK", "bcdf--ghjk": "BCDF-GHJK", //nolint:gocritic // white space is the case
		"": "", "-": "", "BCDF-GHJ": "", "BCDF-GHJKL": "", "BCDF-GHJA": "", "BCDF-GHJ0": "", "BCDF_GHJK": "", "BCDF–GHJK": "", "ＢCDF-GHJK": "", "BCDF-GHJ\x00": "",
		"BCDF-GHJK\n": "", "BCDF-GHJK%": "", strings.Repeat(" ", 24) + "BCDFGHJK": "BCDF-GHJK", strings.Repeat(" ", 25) + "BCDFGHJK": "",
	} {
		if got := token.NormalizeUserCode(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// Every state of a device authorization and what a poll gets in it
// (api-surface.md 5.4).
func TestDeviceStates(t *testing.T) {
	t.Parallel()
	signOut := func(w *world, _ token.DeviceAuthorization) {
		w.update(func(tx store.Tx) error { return tx.EndSession("s1", now, session.SignedOut) })
	}
	allow := func(w *world, d token.DeviceAuthorization) { must(w, w.decide(d.UserCode, w.session, true, 0)) }
	deny := func(w *world, d token.DeviceAuthorization) { must(w, w.decide(d.UserCode, w.session, false, 0)) }
	type step = func(*world, token.DeviceAuthorization)
	for _, c := range []struct {
		name    string
		steps   []step
		at      time.Duration
		other   bool
		refused string // "" is tokens
	}{
		{"pending", nil, 0, false, token.AuthorizationPending},
		{"pending in its last moment", nil, token.DeviceCodeLife - time.Microsecond, false, token.AuthorizationPending},
		{"expired", nil, token.DeviceCodeLife, false, token.ExpiredToken},
		{"expired long ago", nil, token.DeviceCodeLife + time.Hour, false, token.ExpiredToken},
		{"approved", []step{allow}, 0, false, ""},
		{"approved, in its last moment", []step{allow}, token.DeviceCodeLife - time.Microsecond, false, ""},
		{"approved, but fetched too late", []step{allow}, token.DeviceCodeLife, false, token.ExpiredToken},
		{"approved, but for another client", []step{allow}, 0, true, token.InvalidGrant},
		{"approved, then signed out", []step{allow, signOut}, 0, false, token.AccessDenied},
		{"denied", []step{deny}, 0, false, token.AccessDenied},
		{"denied, and expired", []step{deny}, token.DeviceCodeLife, false, token.ExpiredToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d, code := w.beginDevice(w.client)
			for _, s := range c.steps {
				s(w, d)
			}
			client := w.client
			if c.other {
				client = w.other
			}
			// A poll that finds nothing to redeem says the same and writes nothing.
			w.update(func(tx store.Tx) error {
				_, out, err := token.PollDevice(tx, client, code, now.Add(c.at))
				if out.Refused != nil && fault.ReasonOf(out.Refused) != c.refused {
					t.Errorf("the poll is told %v", out.Refused)
				}
				return err
			})
			out := w.redeemDevice(client, code, c.at)
			if c.refused != "" {
				w.refused("redeem", out, c.refused)
				return
			}
			w.issued("redeem", out)
			w.refused("again", w.redeemDevice(client, code, c.at), token.InvalidGrant)
		})
	}
}

func must(w *world, err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func TestUnknownDeviceCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.refused("guess", w.redeemDevice(w.client, secret.NewString("guess"), 0), token.InvalidGrant)
}

// A registration without scopes gets one token for the whole portal session and
// no refresh token; one with scopes an hour and a refresh token (api-surface.md 5.6).
func TestDeviceTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		client  token.Client
		life    time.Duration
		refresh bool
	}{{w.client, time.Hour, true}, {w.plain, portalLife - time.Minute, false}} {
		d, code := w.beginDevice(c.client)
		must(w, w.decide(d.UserCode, w.session, true, 0))
		out := w.issued("device", w.redeemDevice(c.client, code, time.Minute))
		if out.ExpiresIn != c.life || out.RefreshToken.Empty() == c.refresh || out.Grant.Refreshable != c.refresh {
			t.Errorf("%s: %v, refresh %v", c.client.Name, out.ExpiresIn, !out.RefreshToken.Empty())
		}
	}
}

// A code decides once, in time, for who is signed in; every other code is
// answered alike (promise 11).
func TestDecideDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ended := w.session
	ended.EndedAt = now
	d, code := w.beginDevice(w.client)
	if err := w.decide(d.UserCode, ended, true, 0); fault.ReasonOf(err) != fault.ReasonOf(session.ErrEnded) {
		t.Errorf("an ended session: %v", err)
	}
	if err := w.decide(d.UserCode, w.session, true, portalLife); fault.ReasonOf(err) != "user-code" {
		t.Errorf("an expired code: %v", err)
	}
	w.update(func(tx store.Tx) error { // a code of one portal, shown to people of another
		_, err := token.DecideDevice(tx, "ssoins-ffffffffffffffff", d.UserCode, w.session, true, now)
		if fault.ReasonOf(err) != "user-code" {
			t.Errorf("a person of another instance: %v", err)
		}
		return nil
	})
	w.refused("nothing was decided", w.redeemDevice(w.client, code, 0), token.AuthorizationPending)
	must(w, w.decide(strings.ToLower(strings.ReplaceAll(d.UserCode, "-", " ")), w.session, true, 0))
	for name, c := range map[string]string{"decided already": d.UserCode, "unknown": "BCDF-GHJK", "no code": "hello", "empty": ""} {
		for _, allow := range []bool{true, false} {
			if err := w.decide(c, w.session, allow, 0); err == nil || err.Error() != token.ErrUserCode.Error() {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	w.issued("the first decision stands", w.redeemDevice(w.client, code, 0))
}

// Of fifty polls with one approved code exactly one gets tokens (promise 6).
func TestRedeemDeviceRaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, code := w.beginDevice(w.client)
	must(w, w.decide(d.UserCode, w.session, true, 0))
	var got atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			switch out := w.redeemDevice(w.client, code, 0); {
			case out.Refused == nil:
				got.Add(1)
			case fault.ReasonOf(out.Refused) != token.InvalidGrant:
				t.Errorf("%v", out.Refused)
			}
		})
	}
	all.Wait()
	if got.Load() != 1 {
		t.Errorf("%d got tokens", got.Load())
	}
}

func FuzzNormalizeUserCode(f *testing.F) {
	for _, s := range []string{"BCDF-GHJK", "bcdfghjk", "ſſſſſſſſ", "\xff", "--------"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$`)
	f.Fuzz(func(t *testing.T, typed string) {
		got := token.NormalizeUserCode(typed)
		if got != "" && (!form.MatchString(got) || token.NormalizeUserCode(got) != got) {
			t.Errorf("%q: %q", typed, got)
		}
	})
}
