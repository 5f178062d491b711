package signin

import (
	"net/http"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// rules is the policy as the page states it (behaviours.md 6.6).
var rules = web.PasswordRules{
	MinLength: credential.MinLength, MaxLength: credential.MaxLength,
	Upper: true, Lower: true, Digit: true, Symbol: true,
	Remember: credential.Remembered, NotCommon: true, NotName: true,
}

// reasons are what the page says of why it is there.
var reasons = map[proof]web.NewPasswordReason{
	byOneTimePassword: web.AfterOneTimePassword, byReset: web.AfterReset, byInvitation: web.AfterInvitation, byCode: web.AfterCode,
}

func (h *Handler) askNewPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepNewPassword)
	if err != nil {
		return err
	}
	return h.showNewPassword(w, r, f, http.StatusOK, nil)
}

func (h *Handler) showNewPassword(w http.ResponseWriter, r *http.Request, f flow, status int, problems []web.NewPasswordError) error {
	p, err := h.place(r.Context(), f.Request.Portal)
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, status, web.NewPassword{
		Frame:        h.frame(r, pathNewPassword, f),
		Action:       pathNewPassword,
		Organisation: p.organization,
		UserName:     f.UserName,
		Reason:       reasons[f.Proof],
		Rules:        rules,
		Errors:       problems,
	}, h.portalOrigin(f.Request))
}

// setNewPassword replaces the password of a person who proved who they are, by
// a one-time password (H-08), a mailed link (G-28, H-26) or a mailed code (H-09),
// and ends every session that the old one began (promise 12). A link lets nobody
// in by itself; who was signing in goes on.
func (h *Handler) setNewPassword(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepNewPassword)
	if err != nil {
		return err
	}
	chosen, problems := pagehttp.ChosenPassword(form)
	if problems != nil {
		return h.showNewPassword(w, r, f, http.StatusUnprocessableEntity, problems)
	}
	p, err := h.place(r.Context(), f.Request.Portal)
	if err != nil {
		return err
	}
	var u directory.User
	var current credential.Password
	err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		u, current, err = h.proved(tx, f)
		return err
	})
	if err != nil {
		return err
	}
	about := credential.Subject{UserName: u.UserName, Email: u.Email, Names: []string{u.GivenName, u.FamilyName, u.DisplayName}}
	hash, broken, err := h.Hasher.NewPassword(r.Context(), current, chosen, about)
	if err != nil {
		return err
	}
	if len(broken) > 0 {
		return h.showNewPassword(w, r, f, http.StatusUnprocessableEntity, pagehttp.PasswordFaults(broken))
	}
	replace := func(tx store.Tx) error { return h.replacePassword(tx, r, p, f, u, hash) }
	if f.Proof == byReset || f.Proof == byInvitation {
		if err := h.DB.Update(r.Context(), nil, replace); err != nil {
			return err
		}
		f = flow{Step: stepPasswordDone, Proof: f.Proof, Request: f.Request, Browser: f.Browser, UserName: u.UserName}
		return pagehttp.See(w, h.pageOf(pathDone, f))
	}
	return h.enter(w, r, f, u, replace)
}

// proved returns the person of the flow with their present password, if what
// proved them still holds: the link or the code unspent, or the one-time password
// unchanged.
func (h *Handler) proved(tx store.Tx, f flow) (u directory.User, current credential.Password, err error) {
	switch f.Proof {
	case byReset:
		u, err = h.resetOwner(tx, f)
	case byInvitation:
		u, err = h.invited(tx, f)
	case byCode:
		u, err = people.ProvedByCode(tx, f.User, f.Token, h.Site.Clock.Now())
		if _, expected := fault.As(err); expected {
			err = h.stale(f.Request)
		}
	default:
		return h.provedByOneTimePassword(tx, f)
	}
	if err != nil {
		return u, current, err
	}
	current, err = tx.Password(people.OwnerOf(u))
	if fault.Is(err, fault.NotFound) {
		return u, credential.Password{}, nil // never had one
	}
	return u, current, err
}

func (h *Handler) provedByOneTimePassword(tx store.Tx, f flow) (u directory.User, current credential.Password, err error) {
	if u, err = tx.User(f.User); err == nil {
		current, err = tx.Password(people.OwnerOf(u))
	}
	stands := !u.Disabled && current.MustChange && current.SetAt.UnixMicro() == f.PasswordSetAt &&
		h.Site.Clock.Now().Before(people.OneTimePasswordEnds(current))
	if fault.Is(err, fault.NotFound) || err == nil && !stands {
		return u, current, h.stale(f.Request)
	}
	return u, current, err
}

// replacePassword spends what proved the person and sets the password, at once:
// of several tries with the same proof one succeeds.
func (h *Handler) replacePassword(tx store.Tx, r *http.Request, p place, f flow, u directory.User, hash string) error {
	now := h.Site.Clock.Now()
	if _, _, err := h.proved(tx, f); err != nil {
		return err
	}
	if err := h.spend(tx, f, u, hash, now); err != nil {
		return err
	}
	// Whoever guessed at the old password guessed at nothing.
	if err := credential.Succeeded(tx, []credential.Key{credential.NameKey(p.DirectoryID, u.UserName)}); err != nil {
		return err
	}
	if err := tx.AppendEvent(h.event(r, p, u, eventPasswordUpdate, "")); err != nil {
		return err
	}
	if f.Proof == byInvitation || f.Proof == byCode {
		return nil // a first password is no change that somebody has to be told of
	}
	m := Mailer{h.Site.Pages, h.Senders}
	return m.Tell(tx, u, notify.PasswordChanged, h.Site.Locale(r), web.PasswordChangedMail{
		Organisation: p.organization,
		UserName:     u.UserName,
		At:           now,
		PortalURL:    h.Site.Map.StartURL(p.portalName(f.Request.Portal)),
	}, now)
}

// spend sets the password by what proved the person.
func (h *Handler) spend(tx store.Tx, f flow, u directory.User, hash string, now time.Time) error {
	switch f.Proof {
	case byInvitation:
		return people.Accept(tx, secret.NewString(f.Token), hash, now)
	case byCode:
		return people.AcceptCode(tx, u.ID, f.Token, hash, now)
	case byReset:
		if _, err := credential.TakeResetLink(tx, secret.NewString(f.Token), now); err != nil {
			return h.linkProblem(tx, f, u, err)
		}
	}
	return people.ChoosePassword(tx, u, hash, f.Proof == byReset, now)
}
