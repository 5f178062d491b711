package accountsignin

import (
	"net/http"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// askSignOut asks whoever is signed in whether to sign out: a link must not do it
// by itself.
func (h *Handler) askSignOut(w http.ResponseWriter, r *http.Request) error {
	s, err := h.SignedIn(r)
	if fault.Is(err, fault.Unauthenticated) {
		return pagehttp.See(w, pathMain)
	}
	if err != nil {
		return err
	}
	f := h.begin(w, r, stepSignOut, Request{IssuedAt: h.Site.Clock.Now()})
	return h.showSignOut(w, r, f, s, http.StatusOK)
}

// signOutFirst asks an IAM user to sign out before the root user's password can be
// recovered in the same browser (B-27), and reports whether it did. After it the
// way goes on at after.
func (h *Handler) signOutFirst(w http.ResponseWriter, r *http.Request, f flow, after string) (bool, error) {
	s, err := h.SignedIn(r)
	if fault.Is(err, fault.Unauthenticated) || err == nil && s.Kind != session.IAMUser {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f = flow{Step: stepSignOut, Request: f.Request, Browser: f.Browser, After: after}
	return true, h.showSignOut(w, r, f, s, http.StatusConflict)
}

func (h *Handler) showSignOut(w http.ResponseWriter, r *http.Request, f flow, s session.Session, status int) error {
	page := web.AccountSignOut{
		Frame: h.frame(r, pathSignOut, f), Action: pathSignOut, Account: s.Account, ForRecovery: f.After != "", CancelURL: h.Site.Map.Console() + consoleHome,
	}
	if s.Kind == session.IAMUser {
		err := h.DB.View(r.Context(), func(tx store.Tx) error {
			u, err := tx.IAMUser(s.User)
			if fault.Is(err, fault.NotFound) {
				u, err = iam.User{Name: s.User}, nil
			}
			page.UserName = u.Name
			return err
		})
		if err != nil {
			return err
		}
	}
	return h.Site.Show(w, r, status, page)
}

// signOut ends the session of this browser, here and in the console (L-02, L-03).
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	f, _, err := h.openForm(r, stepSignOut)
	if err != nil {
		return err
	}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return h.end(tx, r, h.Site.Clock.Now()) })
	if err != nil {
		return err
	}
	h.Site.SetCookie(w, cookieSession, "", -1)
	if f.After != "" {
		return pagehttp.See(w, f.After)
	}
	return pagehttp.See(w, h.mainPath(Request{IssuedAt: h.Site.Clock.Now(), Notice: web.NoticeSignedOut}, ""))
}
