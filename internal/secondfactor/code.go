package secondfactor

import (
	"errors"
	"net/http"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

// offerResync is after how many failures two codes are offered instead of one
// (behaviours.md 9.1).
const offerResync = 3

func (h *Handler) askCode(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	return h.showCode(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showCode(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.FactorCodeError, retry time.Duration) error {
	devices, err := h.devices(r, f.Challenge)
	if err != nil {
		return err
	}
	p := web.FactorCode{Factor: h.factor(r, pathCode, f, devices), Error: problem}
	p.RetryAfter = retry
	if f.Failures >= offerResync || problem == web.FactorCodeThrottled || problem == web.FactorCodeLocked {
		p.ResyncURL = h.pageOf(pathResync, f.still())
	}
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, p, h.Site.Map.Console())
}

// checkCode takes the code of any authenticator that the person has. Codes are
// counted by device, as those of the APIs are, so that nobody gets to guess more of
// them by trying in two places.
func (h *Handler) checkCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFactor)
	if err != nil {
		return err
	}
	code := digits(form.Get(web.FieldMFACode))
	if !isCode(code) {
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.FactorCodeRequired, 0)
	}
	d, refused, err := h.tryFactor(r, f, func(tx store.Tx) (iam.MFADevice, error) {
		return iam.VerifyCode(tx, h.Site.Clock.Now(), f.Challenge.Account, f.Challenge.User, code)
	})
	if err != nil {
		return err
	}
	if t, ok := errors.AsType[*credential.ThrottledError](refused); ok {
		problem := web.FactorCodeThrottled
		if t.Until.IsZero() {
			problem = web.FactorCodeLocked
		}
		return h.showCode(w, r, f, http.StatusTooManyRequests, problem, pagehttp.RetryAfter(t, h.Site.Clock.Now()))
	}
	if refused != nil {
		f.Failures++
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.FactorCodeIncorrect, 0)
	}
	return h.pass(w, r, f, d, audit.VirtualMFA)
}

func (h *Handler) askCodes(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	return h.showCodes(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showCodes(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.ResyncError, retry time.Duration) error {
	p := web.FactorResync{Factor: h.factor(r, pathResync, f, nil), Error: problem, CodeURL: h.pageOf(pathCode, f.still())}
	p.RetryAfter = retry
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, p, h.Site.Map.Console())
}

// checkCodes takes two codes one after the other. Nobody can guess them, so that
// tries are bounded by address only: whoever used up the tries at single codes
// cannot keep the owner out by it.
func (h *Handler) checkCodes(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFactor)
	if err != nil {
		return err
	}
	code1, code2 := digits(form.Get(web.FieldMFACode)), digits(form.Get(web.FieldMFACode2))
	if !isCode(code1) || !isCode(code2) {
		return h.showCodes(w, r, f, http.StatusUnprocessableEntity, web.ResyncRequired, 0)
	}
	d, refused, err := h.tryFactor(r, f, func(tx store.Tx) (iam.MFADevice, error) {
		return h.perAddress(tx, r, func() (iam.MFADevice, error) {
			return iam.VerifyCodes(tx, h.Site.Clock.Now(), f.Challenge.Account, f.Challenge.User, code1, code2)
		})
	})
	if err != nil {
		return err
	}
	if t, ok := errors.AsType[*credential.ThrottledError](refused); ok {
		return h.showCodes(w, r, f, http.StatusTooManyRequests, web.ResyncThrottled, pagehttp.RetryAfter(t, h.Site.Clock.Now()))
	}
	if refused != nil {
		return h.showCodes(w, r, f, http.StatusUnprocessableEntity, web.ResyncIncorrect, 0)
	}
	return h.pass(w, r, f, d, audit.VirtualMFA)
}

// tryFactor runs verify in a transaction that is committed also when it refuses,
// which it does with a Denied or Throttled fault: a try that was rolled back would
// not count. When it accepts, the flow is used up.
func (h *Handler) tryFactor(r *http.Request, f flow, verify func(store.Tx) (iam.MFADevice, error)) (d iam.MFADevice, refused, err error) {
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		d, refused = verify(tx)
		switch {
		case refused == nil:
			return spend(tx, f)
		case fault.Is(refused, fault.Throttled):
			return nil
		case fault.Is(refused, fault.Denied):
			if fault.ReasonOf(refused) == credential.PasskeyCloned && f.Challenge.root() {
				if err := h.notice(tx, r, f.Challenge.Account, web.FactorCloned, ""); err != nil {
					return err
				}
			}
			return tx.AppendEvent(h.failure(r, f.Challenge, d, refused))
		}
		return refused
	})
	if err == nil && fault.Is(refused, fault.Throttled) {
		h.Count(h.failure(r, f.Challenge, d, refused))
	}
	return d, refused, err
}

// perAddress bounds what may be tried from one network.
func (h *Handler) perAddress(tx store.Tx, r *http.Request, verify func() (iam.MFADevice, error)) (iam.MFADevice, error) {
	keys := h.Site.Network(r)
	if err := credential.Reserve(tx, keys, h.Site.Clock.Now()); err != nil {
		return iam.MFADevice{}, err
	}
	d, err := verify()
	if err != nil {
		return d, err
	}
	return d, credential.Succeeded(tx, keys)
}
