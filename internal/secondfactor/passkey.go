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

func (h *Handler) askPasskey(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	return h.showPasskey(w, r, f, http.StatusOK, "", 0)
}

// showPasskey asks for any of the person's passkeys, with a challenge of its own
// each time.
func (h *Handler) showPasskey(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.PasskeyError, retry time.Duration) error {
	devices, err := h.devices(r, f.Challenge)
	if err != nil {
		return err
	}
	keys := devices.Passkeys()
	if len(keys) == 0 || h.party == nil {
		return errStale
	}
	options, ceremony, err := h.party.Get(f.Challenge.owner(), keys)
	if err != nil {
		return err
	}
	f.Ceremony = ceremony
	p := web.FactorPasskey{Factor: h.factor(r, pathPasskey, f, devices), Options: string(options), Error: problem}
	p.RetryAfter = retry
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, p, h.Site.Map.Console())
}

// owner is whose passkeys sign in. Names are for registration only.
func (c Challenge) owner() credential.PasskeyOwner {
	return credential.PasskeyOwner{Owner: iam.Holder{Account: c.Account, User: iam.User{ID: c.User}}.Password()}
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
	d, refused, err := h.tryFactor(r, f, func(tx store.Tx) (iam.MFADevice, error) {
		return h.perAddress(tx, r, func() (iam.MFADevice, error) { return h.verifyPasskey(tx, f, answer) })
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
	return h.pass(w, r, f, d, audit.U2FMFA)
}

var errReplayed = fault.New(fault.Denied, "passkey-replayed", "The passkey or security key could not be verified.")

func (h *Handler) verifyPasskey(tx store.Tx, f flow, answer string) (iam.MFADevice, error) {
	if h.party == nil || !f.Ceremony.Begun() {
		return iam.MFADevice{}, errReplayed
	}
	if err := spendChallenge(tx, f); err != nil {
		return iam.MFADevice{}, err
	}
	all, err := tx.MFADevicesOf(f.Challenge.Account, f.Challenge.User)
	if err != nil {
		return iam.MFADevice{}, err
	}
	devices := iam.Devices(all)
	used, err := h.party.Verify(f.Challenge.owner(), devices.Passkeys(), f.Ceremony, []byte(answer))
	if err != nil {
		return iam.MFADevice{}, err
	}
	for _, d := range devices.Of(iam.FIDO) {
		if d.Passkey.Fingerprint() == used.Fingerprint() {
			d.Passkey = used
			return d, tx.PutMFADevice(d)
		}
	}
	return iam.MFADevice{}, errReplayed
}

// spendChallenge uses up the challenge of the page.
func spendChallenge(tx store.Tx, f flow) error {
	err := tx.SpendOnce(f.Ceremony.Spent(), f.deadline())
	if fault.Is(err, fault.Conflict) {
		return errReplayed.Wrap(err)
	}
	return err
}
