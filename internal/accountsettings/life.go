package accountsettings

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

const reopenDays = int(account.ReopenPeriod / (24 * time.Hour))

func (h *Handler) askClose(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.account.Status == account.Suspended || v.account.Status == account.Closed {
		return pagehttp.See(w, pathHome) // which says why
	}
	return h.showClose(w, r, v, http.StatusOK, "")
}

func (h *Handler) showClose(w http.ResponseWriter, r *http.Request, v visit, status int, fail web.SettingsError) error {
	return h.Site.Show(w, r, status, web.SettingsClose{
		Frame: h.frame(w, r, v, flow{Path: pathClose}), Action: pathClose, AccountID: v.account.ID, Name: v.account.Name, Email: v.account.Email,
		Days: reopenDays, CancelURL: pathHome, AgainURL: h.Again(pathClose), Error: fail,
	})
}

// closeAccount closes the account for who typed its id, and who gave the second
// factor if the root user has one.
func (h *Handler) closeAccount(w http.ResponseWriter, r *http.Request, v visit) error {
	form, _, err := h.form(r, v)
	if err != nil {
		return err
	}
	typed := strings.Map(func(c rune) rune {
		if c == '-' || c == ' ' {
			return -1
		}
		return c
	}, form.Get(web.FieldAccountID))
	var fail web.SettingsError
	switch {
	case typed == "":
		fail = web.SettingsAccountIDRequired
	case typed != v.account.ID:
		fail = web.SettingsAccountIDWrong
	default:
		if fail, err = h.withoutFactor(r, v); err != nil {
			return err
		}
		if fail == "" {
			if fail, err = h.byPolicy(r, v, "CloseAccount"); err != nil {
				return err
			}
		}
	}
	if fail != "" {
		return h.showClose(w, r, v, http.StatusUnprocessableEntity, fail)
	}
	err = h.DB.Update(r.Context(), h.event(r, v, accountSource, "CloseAccount"), func(tx store.Tx) error {
		if _, err := account.Close(tx, v.account.ID, true, "", v.now); err != nil {
			return err
		}
		return h.tell(tx, v, account.WasClosed)
	})
	switch {
	case fault.ReasonOf(err) == "account-manages":
		return h.showClose(w, r, v, http.StatusUnprocessableEntity, web.SettingsManages)
	case fault.Is(err, fault.Conflict):
		return pagehttp.See(w, pathHome) // somebody was faster
	case err != nil:
		return err
	}
	return done(w, web.SettingsClosed)
}

// byPolicy is why the root user may not do what is account:<operation> for policies: a
// service control policy of the organization keeps root users of members from it, and
// so it does here as it does at the APIs.
func (h *Handler) byPolicy(r *http.Request, v visit, operation string) (web.SettingsError, error) {
	id := v.account.ID
	p := call.Principal{Kind: call.Root, Account: id, ARN: arn.Root(id), EntityARN: arn.Root(id), UserID: id, UserName: "root"}
	err := h.Allow(r, p, "account:"+operation, "arn:"+arn.Partition+":account::"+id+":account")
	d, ok := errors.AsType[*Denied](err)
	if !ok {
		return "", err
	}
	e := h.event(r, v, accountSource, operation)
	e.ErrorCode, e.ErrorReason = "AccessDenied", d.Message
	h.Count(e)
	return web.SettingsPolicyDenies, nil
}

// withoutFactor is why the session is not enough: the root user has a second
// factor, and it was not given.
func (h *Handler) withoutFactor(r *http.Request, v visit) (fail web.SettingsError, err error) {
	if !v.session.MFAAt.IsZero() {
		return "", nil
	}
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		devices, err := tx.MFADevicesOf(v.account.ID, "")
		if fail = ""; len(devices) > 0 {
			fail = web.SettingsNoMFA
		}
		return err
	})
	return fail, err
}

func (h *Handler) askReopen(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.account.Status != account.Closed {
		return pagehttp.See(w, pathHome)
	}
	until, err := h.reopenUntil(r, v)
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, http.StatusOK, web.SettingsReopen{
		Frame: h.frame(w, r, v, flow{Path: pathReopen}), Action: pathReopen, AccountID: v.account.ID, Name: v.account.Name, Until: until, CancelURL: pathHome,
	})
}

// reopenAccount brings the account back within 90 days.
func (h *Handler) reopenAccount(w http.ResponseWriter, r *http.Request, v visit) error {
	if _, _, err := h.form(r, v); err != nil {
		return err
	}
	err := h.DB.Update(r.Context(), h.event(r, v, accountSource, "ReopenAccount"), func(tx store.Tx) error {
		activated, err := activated(tx, v.account.ID)
		if err != nil {
			return err
		}
		if _, err := account.Reopen(tx, v.account.ID, activated, v.now); err != nil {
			return err
		}
		return h.tell(tx, v, account.WasReopened)
	})
	switch {
	case fault.Is(err, fault.Expired):
		return &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.AccessDenied, Cause: err}
	case fault.Is(err, fault.Conflict):
		return pagehttp.See(w, pathHome)
	case err != nil:
		return err
	}
	return done(w, web.SettingsReopened)
}

// activated reports whether the sign-up of the account was completed.
func activated(tx store.Tx, id string) (bool, error) {
	g, err := tx.Registration(id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && !g.ActivatedAt.IsZero(), err
}

func (h *Handler) reopenUntil(r *http.Request, v visit) (until time.Time, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		s, err := tx.Standing(v.account.ID)
		if fault.Is(err, fault.NotFound) { // closed by other means
			s, err = account.Standing{ClosedAt: v.now}, nil
		}
		until = s.ReopenUntil()
		return err
	})
	return until, err
}
