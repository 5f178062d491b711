package accountsettings

import (
	"net/http"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

func (h *Handler) askEmail(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.showEmail(w, r, v, http.StatusOK, "", "")
}

func (h *Handler) showEmail(w http.ResponseWriter, r *http.Request, v visit, status int, typed string, fail web.SettingsError) error {
	u, err := h.pending(r, v)
	if err != nil {
		return err
	}
	p := web.SettingsEmail{
		Frame: h.frame(w, r, v, flow{Path: pathEmail}), Action: pathEmail, Email: v.account.Email, NewEmail: typed, CancelURL: pathHome, Error: fail,
	}
	if v.now.Before(u.ExpiresAt) {
		p.Pending, p.CodeURL = u.Email, pathEmailCode
	}
	return h.Site.Show(w, r, status, p)
}

// pending is the change that was begun last, also if its code can no longer be
// used; zero if there is none. It is the account's, so that the person can come
// back to the page for the code as long as that is good.
func (h *Handler) pending(r *http.Request, v visit) (u account.EmailUpdate, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		u, err = tx.EmailUpdate(v.account.ID)
		if fault.Is(err, fault.NotFound) || err == nil && u.Code.Empty() {
			u, err = account.EmailUpdate{}, nil
		}
		return err
	})
	return u, err
}

// startEmail mails a code to the new address. An address that another account has
// is not told here but there, so that nobody learns which addresses have one.
func (h *Handler) startEmail(w http.ResponseWriter, r *http.Request, v visit) error {
	form, _, err := h.form(r, v)
	if err != nil {
		return err
	}
	email := strings.TrimSpace(form.Get(web.FieldNewEmail))
	fail := web.SettingsError("")
	switch {
	case email == "":
		fail = web.SettingsEmailRequired
	case !account.ValidEmail(email):
		fail = web.SettingsEmailInvalid
	case strings.EqualFold(email, v.account.Email):
		fail = web.SettingsEmailSame
	}
	if fail == "" {
		err = h.DB.Update(r.Context(), h.event(r, v, accountSource, "StartPrimaryEmailUpdate"), func(tx store.Tx) error {
			u, taken, err := account.StartEmailUpdateQuietly(tx, v.account.ID, email, v.now)
			if err != nil {
				return err
			}
			if taken {
				return account.SendEmailTaken(tx, h.Senders, email, v.now)
			}
			return account.SendEmailCode(tx, h.Senders, v.account, u, v.now)
		})
		switch {
		case fault.Is(err, fault.Throttled):
			fail = web.SettingsEmailOften
		case fault.Is(err, fault.Invalid): // AWS's rule lets through what no mail can be sent to
			fail = web.SettingsEmailInvalid
		case err != nil:
			return err
		}
	}
	if fail != "" {
		return h.showEmail(w, r, v, http.StatusUnprocessableEntity, email, fail)
	}
	return pagehttp.See(w, pathEmailCode)
}

// accountSource is the source of the events that Account Management has too.
const accountSource = "account.amazonaws.com"

func (h *Handler) askEmailCode(w http.ResponseWriter, r *http.Request, v visit) error {
	u, err := h.pending(r, v)
	if err != nil {
		return err
	}
	if !v.now.Before(u.ExpiresAt) {
		return pagehttp.See(w, pathEmail)
	}
	return h.showEmailCode(w, r, v, u, http.StatusOK, 0)
}

func (h *Handler) showEmailCode(w http.ResponseWriter, r *http.Request, v visit, u account.EmailUpdate, status int, retry time.Duration, fails ...web.SettingsError) error {
	return h.Site.Show(w, r, status, web.SettingsEmailCode{
		Frame: h.frame(w, r, v, flow{Path: pathEmailCode}), Action: pathEmailCode, Email: v.account.Email, NewEmail: u.Email,
		Hours: int(account.EmailCodeLifetime / time.Hour), AgainURL: pathEmail, Errors: fails, RetryAfter: retry,
	})
}

// acceptEmail gives the root user the new address, for the code that was sent
// there and the password. Either alone is not enough: a code can be read by who
// only has the mailbox, and a session can be taken.
func (h *Handler) acceptEmail(w http.ResponseWriter, r *http.Request, v visit) error {
	form, _, err := h.form(r, v)
	if err != nil {
		return err
	}
	u, err := h.pending(r, v)
	if err != nil {
		return err
	}
	if u.Email == "" {
		return pagehttp.See(w, pathEmail) // done already
	}
	code := strings.TrimSpace(form.Get(web.FieldCode))
	if code == "" {
		return h.showEmailCode(w, r, v, u, http.StatusUnprocessableEntity, 0, web.SettingsCodeRequired)
	}
	refuse := func(fail web.SettingsError, retry time.Duration) error {
		h.refused(r, v, audit.EmailUpdated, fail)
		return h.showEmailCode(w, r, v, u, http.StatusUnprocessableEntity, retry, fail)
	}
	proof, fail, retry, err := h.provePassword(r, v, form.Get(web.FieldPassword))
	if err != nil {
		return err
	}
	if fail != "" {
		return refuse(fail, retry)
	}
	// Counted in a transaction of its own: tries at the same time cannot share one.
	spent := false
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		err := account.TryEmailCode(tx, v.account.ID, u.Email, v.now)
		if spent = fault.Is(err, fault.NotFound) || fault.Is(err, fault.Throttled); err != nil && !spent {
			return err
		}
		return credential.Release(tx, proof.tries) // the password was right, whatever the code is
	})
	if err != nil {
		return err
	}
	if spent {
		return refuse(web.SettingsCodeSpent, 0)
	}
	err = h.DB.Update(r.Context(), h.event(r, v, audit.SignInSource, audit.EmailUpdated), func(tx store.Tx) error {
		if err := h.stillProved(tx, v, proof); err != nil {
			return err
		}
		before, err := iam.AcceptRootEmail(tx, v.account.ID, u.Email, code, v.now)
		if err != nil {
			return err
		}
		return h.tell(tx, v, account.EmailChanged, before)
	})
	switch {
	case fault.ReasonOf(err) == "otp", fault.ReasonOf(err) == "email-taken": // the code of a taken address was sent to nobody
		return refuse(web.SettingsCodeWrong, 0)
	case fault.Is(err, fault.NotFound):
		return refuse(web.SettingsCodeSpent, 0)
	case err != nil:
		return err
	}
	return done(w, web.SettingsEmailChanged)
}
