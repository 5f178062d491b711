package accountsettings

import (
	"context"
	"errors"
	"net/http"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

func (h *Handler) askPassword(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.showPassword(w, r, v, http.StatusOK, web.SettingsPassword{})
}

func (h *Handler) showPassword(w http.ResponseWriter, r *http.Request, v visit, status int, p web.SettingsPassword) error {
	p.Frame = h.frame(w, r, v, flow{Path: pathPassword})
	p.Action, p.Email, p.Rules, p.CancelURL, p.ForgotURL = pathPassword, v.account.Email, pagehttp.RootRules, pathHome, "/signin/forgot"
	return h.Site.Show(w, r, status, p)
}

// setPassword replaces the root user's password for who knows the present one,
// and ends the root user's other sessions: whoever had one does not keep it.
func (h *Handler) setPassword(w http.ResponseWriter, r *http.Request, v visit) error {
	form, _, err := h.form(r, v)
	if err != nil {
		return err
	}
	refuse := func(p web.SettingsPassword) error {
		return h.showPassword(w, r, v, http.StatusUnprocessableEntity, p)
	}
	chosen, problems := pagehttp.ChosenPassword(form)
	if problems != nil {
		return refuse(web.SettingsPassword{Errors: problems})
	}
	proof, fail, retry, err := h.provePassword(r, v, form.Get(web.FieldPassword))
	if err != nil {
		return err
	}
	if fail != "" {
		h.refused(r, v, audit.PasswordUpdated, fail)
		return refuse(web.SettingsPassword{Error: fail, RetryAfter: retry})
	}
	wrong := web.SettingsPassword{Errors: pagehttp.PasswordFaults(credential.CheckRoot(chosen, v.account.Name, v.account.Email))}
	if chosen.Equal(secret.NewString(form.Get(web.FieldPassword))) {
		wrong.Error = web.SettingsPasswordSame
	}
	if len(wrong.Errors) > 0 || wrong.Error != "" {
		if err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return credential.Release(tx, proof.tries) }); err != nil {
			return err
		}
		return refuse(wrong)
	}
	hash, err := h.Hasher.Hash(r.Context(), chosen)
	if err != nil {
		return err
	}
	err = h.DB.Update(r.Context(), h.event(r, v, audit.SignInSource, audit.PasswordUpdated), func(tx store.Tx) error {
		if err := h.stillProved(tx, v, proof); err != nil {
			return err
		}
		if err := credential.SetPassword(tx, rootOf(v.account.ID), hash, false, v.now); err != nil {
			return err
		}
		if err := h.endOthers(tx, v); err != nil {
			return err
		}
		return h.tell(tx, v, account.PasswordChanged)
	})
	if err != nil {
		return err
	}
	return done(w, web.SettingsPasswordChanged)
}

func rootOf(accountID string) credential.Owner {
	return credential.Owner{Kind: credential.RootUser, ID: accountID}
}

// endOthers ends the root user's sessions but this one.
func (h *Handler) endOthers(tx store.Tx, v visit) error {
	all, err := tx.SessionsOf(v.session.User)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID == v.session.ID || s.Kind != session.RootUser {
			continue
		}
		if err := tx.EndSession(s.ID, v.now, session.PasswordChanged); err != nil {
			return err
		}
	}
	return nil
}

// proof is a password that was given right.
type proof struct {
	password credential.Password
	tries    []credential.Key
}

// provePassword looks at the root user's password as typed. It returns why it
// does not prove anybody, or "". The try counts until stillProved takes it back.
func (h *Handler) provePassword(r *http.Request, v visit, typed string) (p proof, fail web.SettingsError, retry time.Duration, err error) {
	if typed == "" {
		return p, web.SettingsPasswordRequired, 0, nil
	}
	p.tries = h.tries(r, v, "password")
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if err := credential.Reserve(tx, p.tries, v.now); err != nil {
			return err
		}
		p.password, err = tx.Password(rootOf(v.account.ID))
		if fault.Is(err, fault.NotFound) {
			p.password, err = credential.Password{}, nil // the session outlived it
		}
		return err
	})
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		return p, web.SettingsThrottled, pagehttp.RetryAfter(t, v.now), nil
	}
	if err != nil {
		return p, "", 0, err
	}
	right, err := h.Hasher.Verify(r.Context(), p.password.Hash, secret.NewString(typed))
	if err != nil {
		// It was not looked at, so the try does not count.
		release := func(tx store.Tx) error { return credential.Release(tx, p.tries) }
		return p, "", 0, errors.Join(err, h.DB.Update(context.WithoutCancel(r.Context()), nil, release))
	}
	if !right || p.password.Hash == "" {
		return p, web.SettingsPasswordWrong, 0, nil
	}
	return p, "", 0, nil
}

// stillProved gives the try back, if what was proved is still so.
func (h *Handler) stillProved(tx store.Tx, v visit, p proof) error {
	now, err := tx.Password(rootOf(v.account.ID))
	if fault.Is(err, fault.NotFound) || err == nil && now.Hash != p.password.Hash {
		return &pagehttp.Problem{Status: http.StatusConflict, Kind: web.StaleForm, NextURL: pathHome}
	}
	if err != nil {
		return err
	}
	return credential.Succeeded(tx, p.tries)
}

// refused notes what was not done. Equal events are counted as one: what costs
// nothing to try must not fill the history.
func (h *Handler) refused(r *http.Request, v visit, name string, why web.SettingsError) {
	e := h.event(r, v, audit.SignInSource, name)
	e.ErrorCode, e.ErrorReason = failure, string(why)
	h.Count(e)
}
