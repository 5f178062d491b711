package session_test

import (
	"errors"
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
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

const (
	life = 8 * time.Hour
	host = "example.awsapps.localhost:8420"
)

// signedIn is a database in which a person has a session.
func signedIn(t *testing.T) (store.DB, session.Session) {
	t.Helper()
	db := storetest.Open(t)
	var s session.Session
	update(t, db, func(tx store.Tx) (err error) {
		u := directory.User{ID: "u1", UserName: "jane", GivenName: "Jane", FamilyName: "Doe", DisplayName: "Jane Doe", Email: "jane@example.com", CreatedAt: now, UpdatedAt: now}
		if err := tx.PutUser(u); err != nil {
			return err
		}
		s, err = session.Begin(tx, "s1", u.ID, now, life, "192.0.2.1", "test")
		return err
	})
	return db, s
}

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

func TestBegin(t *testing.T) {
	t.Parallel()
	db, s := signedIn(t)
	var kept session.Session
	update(t, db, func(tx store.Tx) (err error) { kept, err = tx.Session("s1"); return err })
	if kept != s || s.ExpiresAt != now.Add(life) || s.User != "u1" || s.SourceIP != "192.0.2.1" {
		t.Errorf("kept %+v of %+v", kept, s)
	}
}

// A session lives for what the instance says, to the second, and not beyond an
// ending (H-19).
func TestLive(t *testing.T) {
	t.Parallel()
	s := session.Session{CreatedAt: now, ExpiresAt: now.Add(life)}
	for _, c := range []struct {
		at    time.Duration
		ended bool
		want  bool
	}{
		{0, false, true},
		{life - time.Nanosecond, false, true},
		{life, false, false},
		{life + time.Hour, false, false},
		{0, true, false},
	} {
		s := s
		if c.ended {
			s.EndedAt = now
		}
		if got := s.Live(now.Add(c.at)); got != c.want {
			t.Errorf("after %v, ended %v: %v", c.at, c.ended, got)
		}
	}
}

func TestGiveCookie(t *testing.T) {
	t.Parallel()
	db, s := signedIn(t)
	var value secret.String
	var kept session.Cookie
	update(t, db, func(tx store.Tx) (err error) {
		if value, err = session.GiveCookie(tx, s, session.Portal, host); err != nil {
			return err
		}
		kept, err = tx.Cookie(value.Hash())
		return err
	})
	want := session.Cookie{Hash: value.Hash(), Session: "s1", Surface: session.Portal, Host: host, ExpiresAt: s.ExpiresAt}
	if kept != want || len(value.Reveal()) < 43 {
		t.Errorf("kept %+v", kept)
	}
}

// A code opens one surface in one browser within a minute, and is tried once,
// right or wrong.
func TestRedeem(t *testing.T) {
	t.Parallel()
	const state = "5ta7e"
	type try struct {
		surface     session.Surface
		host, state string
		after       time.Duration
	}
	right := try{session.Portal, host, state, 0}
	for _, c := range []struct {
		name    string
		change  func(*try)
		before  func(store.Tx) error
		refused string // reason; "" is success
	}{
		{"right", func(*try) {}, nil, ""},
		{"in the last moment", func(x *try) { x.after = session.HandoffLife - time.Microsecond }, nil, ""},
		{"too late", func(x *try) { x.after = session.HandoffLife }, nil, "handoff-refused"},
		{"on another host", func(x *try) { x.host = "other.awsapps.localhost:8420" }, nil, "handoff-refused"},
		{"on another port", func(x *try) { x.host = "example.awsapps.localhost" }, nil, "handoff-refused"},
		{"on another surface", func(x *try) { x.surface = session.SignIn }, nil, "handoff-refused"},
		{"in another browser", func(x *try) { x.state = "other" }, nil, "handoff-refused"},
		{"without state", func(x *try) { x.state = "" }, nil, "handoff-refused"},
		{"after signing out", func(*try) {}, func(tx store.Tx) error { return tx.EndSession("s1", now, session.SignedOut) }, "session-ended"},
		{"of a deleted user", func(*try) {}, func(tx store.Tx) error { return tx.DeleteUser("u1") }, "session-ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, s := signedIn(t)
			var code secret.String
			update(t, db, func(tx store.Tx) (err error) {
				if code, err = session.GiveHandoff(tx, s, session.Portal, host, state, now); err != nil || c.before == nil {
					return err
				}
				return c.before(tx)
			})
			redeem := func(x try) (got session.Session, cookie secret.String, refused error) {
				update(t, db, func(tx store.Tx) (err error) {
					got, cookie, err = session.Redeem(tx, code, x.surface, x.host, x.state, now.Add(x.after))
					if refused = nil; fault.Is(err, fault.Unauthenticated) {
						refused, err = err, nil
					}
					return err
				})
				return got, cookie, refused
			}
			x := right
			c.change(&x)
			got, cookie, refused := redeem(x)
			if fault.ReasonOf(refused) != c.refused {
				t.Fatalf("refused: %v", refused)
			}
			if c.refused == "" {
				if got != s {
					t.Errorf("session %+v", got)
				}
				update(t, db, func(tx store.Tx) error {
					kept, err := tx.Cookie(cookie.Hash())
					if err == nil && (kept.Session != "s1" || kept.Surface != session.Portal || kept.Host != host) {
						t.Errorf("cookie %+v", kept)
					}
					return err
				})
			} else if !cookie.Empty() || got.ID != "" {
				t.Error("something was given all the same")
			}
			if _, cookie, refused = redeem(right); fault.ReasonOf(refused) != "handoff-refused" || !cookie.Empty() {
				t.Errorf("the second time: %v", refused)
			}
		})
	}
}

func TestRedeemUnknownCode(t *testing.T) {
	t.Parallel()
	db, _ := signedIn(t)
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		_, _, err := session.Redeem(tx, secret.NewString("guess"), session.Portal, host, "", now)
		return err
	})
	if fault.ReasonOf(err) != "handoff-refused" {
		t.Errorf("%v", err)
	}
}

// Of fifty browsers with one code exactly one gets in (promise 6).
func TestRedeemRaced(t *testing.T) {
	t.Parallel()
	db, s := signedIn(t)
	var code secret.String
	update(t, db, func(tx store.Tx) (err error) {
		code, err = session.GiveHandoff(tx, s, session.Portal, host, "state", now)
		return err
	})
	var in, out atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			err := db.Update(t.Context(), nil, func(tx store.Tx) error {
				_, _, err := session.Redeem(tx, code, session.Portal, host, "state", now)
				return err
			})
			switch {
			case err == nil:
				in.Add(1)
			case fault.ReasonOf(err) == "handoff-refused":
				out.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 || out.Load() != 49 {
		t.Errorf("%d got in, %d were refused", in.Load(), out.Load())
	}
}

// What the store fails with is not taken for a refusal.
func TestRedeemPassesFailuresOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	_, _, err := session.Redeem(failing{err: broken}, secret.NewString("x"), session.Portal, host, "", now)
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type failing struct {
	session.Store
	err error
}

func (f failing) TakeHandoff(string) (session.Handoff, error) { return session.Handoff{}, f.err }
