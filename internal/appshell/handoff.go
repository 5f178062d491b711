package appshell

import (
	"net/http"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

const (
	cookieState  = "sekisho-state"  // binds a sign-in to this browser (against login CSRF)
	cookieNotice = "sekisho-notice" // what the sign-in page is to say once
)

// State returns the hash of the value that ties this browser to its sign-in, the
// same for all its tabs, and gives it one if it has none.
func (s *Shell) State(w http.ResponseWriter, r *http.Request) string {
	v := secret.NewString(s.Site.Cookie(r, cookieState))
	if v.Empty() {
		v = secret.Token("", 32)
	}
	s.Site.SetCookie(w, cookieState, v.Reveal(), s.StateLife)
	return v.Hash()
}

// Notice is what the sign-in page is to say to who was signed in before, once.
func (s *Shell) Notice(w http.ResponseWriter, r *http.Request) web.Notice {
	if s.Site.Cookie(r, cookieNotice) != "" {
		s.Site.SetCookie(w, cookieNotice, "", -time.Second)
		return web.NoticeSignedOut // L-05
	}
	if s.Value(r) != "" {
		s.Forget(w)
		return web.NoticeSessionEnded // H-19
	}
	return ""
}

// Value is the session cookie's, "" for none.
func (s *Shell) Value(r *http.Request) string { return s.Site.Cookie(r, s.Cookie) }

// Forget takes the session cookie from the browser.
func (s *Shell) Forget(w http.ResponseWriter) { s.Site.SetCookie(w, s.Cookie, "", -time.Second) }

// SignedOut is Forget for who wanted it, and will be told of it.
func (s *Shell) SignedOut(w http.ResponseWriter) {
	s.Forget(w)
	s.Site.SetCookie(w, cookieNotice, "1", s.StateLife)
}

// Redeem takes the code that the browser was sent back with, in the query, and
// gives it the host's own cookie for it, in place of the one it had. The code is
// good once, on this host, and in the browser that left from here: otherwise it is
// an Unauthenticated fault.
func (s *Shell) Redeem(w http.ResponseWriter, r *http.Request) error {
	code := secret.NewString(r.URL.Query().Get("code"))
	state := secret.NewString(s.Site.Cookie(r, cookieState)).Hash()
	old := s.Value(r)
	now := s.Site.Clock.Now()
	var held session.Session
	var cookie secret.String
	var refused error
	err := s.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		held, cookie, err = session.Redeem(tx, code, s.Surface, pagehttp.Host(r), state, now)
		if refused = nil; fault.Is(err, fault.Unauthenticated) {
			refused = err
			return nil // the code is spent all the same
		}
		if err != nil || old == "" {
			return err
		}
		err = tx.DeleteCookie(secret.NewString(old).Hash())
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	// Kept beyond the session's end, so that the person can be told of it.
	s.Site.SetCookie(w, s.Cookie, cookie.Reveal(), held.ExpiresAt.Sub(now)+session.Afterlife)
	s.Site.SetCookie(w, cookieState, "", -time.Second)
	return nil
}
