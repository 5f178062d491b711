package signin

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/mfa"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

// offerResync is after how many failures two codes are offered instead of one.
const offerResync = 3

// tries is what single codes of the person's count under in this browser.
func (h *Handler) tries(r *http.Request, u directory.User) credential.Key {
	if d, ok := h.knownDevice(r); ok && d.User == u.ID {
		return mfa.Tries(u, d.Device)
	}
	return mfa.Tries(u, "")
}

func (h *Handler) askFactorCode(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	return h.showFactorCode(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showFactorCode(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.FactorCodeError, retry time.Duration) error {
	c, err := h.claim(r, f)
	if err != nil {
		return err
	}
	p := web.FactorCode{Factor: h.factor(r, pathFactorCode, c, f), Error: problem}
	p.RetryAfter = retry
	if f.Factor.Failures >= offerResync || problem == web.FactorCodeThrottled || problem == web.FactorCodeLocked {
		p.ResyncURL = h.pageOf(pathFactorResync, f.still())
	}
	return h.showFactor(w, r, status, p, retry, f)
}

// showFactor shows a page whose form may lead back to the portal.
func (h *Handler) showFactor(w http.ResponseWriter, r *http.Request, status int, p web.Page, retry time.Duration, f flow) error {
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, p, h.portalOrigin(f.Request))
}

// checkFactorCode takes the code of any authenticator app that the person has.
func (h *Handler) checkFactorCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFactor)
	if err != nil {
		return err
	}
	code := digits(form.Get(web.FieldMFACode))
	if !isCode(code) {
		return h.showFactorCode(w, r, f, http.StatusUnprocessableEntity, web.FactorCodeRequired, 0)
	}
	refused, err := h.tryFactor(r, f, credentialTOTP, func(tx store.Tx, c claimant) error {
		_, err := mfa.VerifyCode(tx, c.user, code, h.tries(r, c.user), h.Site.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	if t, ok := errors.AsType[*credential.ThrottledError](refused); ok {
		problem := web.FactorCodeThrottled
		if t.Until.IsZero() {
			problem = web.FactorCodeLocked
		}
		return h.showFactorCode(w, r, f, http.StatusTooManyRequests, problem, pagehttp.RetryAfter(t, h.Site.Clock.Now()))
	}
	if refused != nil {
		f.Factor.Failures++
		return h.showFactorCode(w, r, f, http.StatusUnprocessableEntity, web.FactorCodeIncorrect, 0)
	}
	return h.passed(w, r, f, credentialTOTP, wantsTrust(form))
}

func (h *Handler) askResync(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	return h.showResync(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showResync(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.ResyncError, retry time.Duration) error {
	c, err := h.claim(r, f)
	if err != nil {
		return err
	}
	p := web.FactorResync{Factor: h.factor(r, pathFactorResync, c, f), Error: problem, CodeURL: h.pageOf(pathFactorCode, f.still())}
	p.RetryAfter = retry
	return h.showFactor(w, r, status, p, retry, f)
}

// checkResync takes two codes one after the other (M-49). Nobody can guess them, so
// that tries are bounded by address only: whoever used up the tries at single codes
// cannot keep the owner out by it.
func (h *Handler) checkResync(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFactor)
	if err != nil {
		return err
	}
	code1, code2 := digits(form.Get(web.FieldMFACode)), digits(form.Get(web.FieldMFACode2))
	if !isCode(code1) || !isCode(code2) {
		return h.showResync(w, r, f, http.StatusUnprocessableEntity, web.ResyncRequired, 0)
	}
	refused, err := h.tryFactor(r, f, credentialResync, func(tx store.Tx, c claimant) error {
		return h.perAddress(tx, r, func() error {
			_, err := mfa.VerifyCodes(tx, c.user, code1, code2, h.tries(r, c.user), h.Site.Clock.Now())
			return err
		})
	})
	if err != nil {
		return err
	}
	if t, ok := errors.AsType[*credential.ThrottledError](refused); ok {
		return h.showResync(w, r, f, http.StatusTooManyRequests, web.ResyncThrottled, pagehttp.RetryAfter(t, h.Site.Clock.Now()))
	}
	if refused != nil {
		return h.showResync(w, r, f, http.StatusUnprocessableEntity, web.ResyncIncorrect, 0)
	}
	return h.passed(w, r, f, credentialResync, wantsTrust(form))
}

// digits is a code as it was meant: without spaces and hyphens, and with the
// full-width digits of Japanese input methods as ordinary ones.
func digits(typed string) string {
	if len(typed) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, norm.NFKC.String(typed))
}

// isCode reports whether s has six digits.
func isCode(s string) bool { return len(s) == 6 && strings.Trim(s, "0123456789") == "" }
