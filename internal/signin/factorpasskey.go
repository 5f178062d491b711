package signin

import (
	"errors"
	"net/http"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/mfa"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

func (h *Handler) askPasskey(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	return h.showPasskey(w, r, f, http.StatusOK, "", 0)
}

// showPasskey asks for any of the person's passkeys, with a challenge of its own each
// time.
func (h *Handler) showPasskey(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.PasskeyError, retry time.Duration) error {
	c, err := h.claim(r, f)
	if err != nil {
		return err
	}
	keys := c.devices.Passkeys()
	if len(keys) == 0 || h.party == nil {
		return h.stale(f.Request)
	}
	options, ceremony, err := h.party.Get(mfa.PasskeyOwner(c.user, c.place.PortalName()), keys)
	if err != nil {
		return err
	}
	f.Factor.Ceremony = ceremony
	p := web.FactorPasskey{Factor: h.factor(r, pathFactorPasskey, c, f), Options: string(options), Error: problem}
	p.RetryAfter = retry
	return h.showFactor(w, r, status, p, retry, f)
}

// checkPasskey takes what a passkey answered to the page's challenge, which is good
// once, whatever the answer.
func (h *Handler) checkPasskey(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFactor)
	if err != nil {
		return err
	}
	answer := form.Get(web.FieldCredential)
	if answer == "" {
		return h.showPasskey(w, r, f, http.StatusUnprocessableEntity, web.SignInFailure(form.Get(web.FieldFailure)), 0)
	}
	refused, err := h.tryFactor(r, f, credentialWebAuthn, func(tx store.Tx, c claimant) error {
		return h.perAddress(tx, r, func() error {
			_, err := mfa.VerifyPasskey(tx, h.party, c.user, f.Factor.Ceremony, []byte(answer), f.Factor.deadline(), h.Site.Clock.Now())
			return err
		})
	})
	if err != nil {
		return err
	}
	if t, ok := errors.AsType[*credential.ThrottledError](refused); ok {
		return h.showPasskey(w, r, f, http.StatusTooManyRequests, web.PasskeyThrottled, pagehttp.RetryAfter(t, h.Site.Clock.Now()))
	}
	if refused != nil {
		return h.showPasskey(w, r, f, http.StatusUnprocessableEntity, web.PasskeyFailed, 0)
	}
	return h.passed(w, r, f, credentialWebAuthn, wantsTrust(form))
}

// registerFailure is what the page for a new device says of a browser's exception.
func registerFailure(exception string) web.PersonMFADeviceError {
	return web.PersonMFADeviceError(web.RegistrationFailure(exception))
}
