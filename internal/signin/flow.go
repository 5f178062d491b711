package signin

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/web"
)

// step is a page of the flow. A value sealed for one step is no good at another.
type step uint8

const (
	stepIdentify step = iota + 1
	stepPassword
	stepForgot
	stepForgotSent
	stepNewPassword
	stepConsent
	stepDeviceDone
	stepPasswordDone
	stepFirst
	stepFirstCode
	stepVerifyEmail
	stepEmailVerified
	stepFactor     // the first factor was right
	stepMailedCode // and a code was mailed, instead of a device
	stepRegister   // a device is registered
	stepDevices    // the person's own devices
)

// proof is what showed who may choose a new password.
type proof uint8

const (
	byOneTimePassword proof = iota // H-08
	byReset                        // the link for a forgotten one, H-26
	byInvitation                   // G-28
	byCode                         // of the first sign-in, H-09
)

// flow is what a page of this host knows. It travels sealed, in the page's
// address and its form, and is worth nothing in another browser.
type flow struct {
	Step    step    `cbor:"1,keyasint"`
	Request Request `cbor:"2,keyasint"` // its time bounds the flow's
	// Browser is the hash of the cookie of the browser that the page was made for.
	Browser  string `cbor:"3,keyasint"`
	UserName string `cbor:"5,keyasint,omitempty"` // as typed

	// Of stepForgot and stepFirst: the challenges on the page, to be read or to be heard.
	Picture string `cbor:"4,keyasint,omitempty"`
	Sound   string `cbor:"6,keyasint,omitempty"`

	// Of stepNewPassword: whose, and what proved it: the password that was set at
	// PasswordSetAt, a mailed link, or a mailed code by its hash. Of stepVerifyEmail:
	// the link.
	Proof         proof  `cbor:"13,keyasint,omitempty"`
	User          string `cbor:"7,keyasint,omitempty"`
	PasswordSetAt int64  `cbor:"8,keyasint,omitempty"` // Unix microseconds
	Token         string `cbor:"9,keyasint,omitempty"`

	Session    string `cbor:"10,keyasint,omitempty"` // of stepConsent and of second factors: who is asked
	Approved   bool   `cbor:"11,keyasint,omitempty"` // of stepDeviceDone
	ClientName string `cbor:"12,keyasint,omitempty"` // of stepDeviceDone

	// Of the steps about second factors, with User and PasswordSetAt of who is signing
	// in, or Session of who is signed in.
	Factor factorFlow `cbor:"14,keyasint,omitzero"`
}

// browser is what ties a flow to this browser.
func (h *Handler) browser(w http.ResponseWriter, r *http.Request) string {
	return sealed.Browser(h.Site, w, r)
}

// pageOf is the address of the page of a flow's step, with the flow in it.
func (h *Handler) pageOf(path string, f flow) string {
	return path + "?flow=" + url.QueryEscape(h.seal(keys.SignInFlow, f))
}

// frame is the frame of a page whose form carries f.
func (h *Handler) frame(r *http.Request, path string, f flow) web.Frame {
	frame := h.Site.Frame(r)
	frame.Flow = h.seal(keys.SignInFlow, f)
	if r.Method == http.MethodPost {
		// The language links of an answered form lead back to the form.
		frame.Path = path + "?flow=" + frame.Flow
	}
	return frame
}

// openPage reads the flow of a page that is asked for at one of these steps.
func (h *Handler) openPage(r *http.Request, steps ...step) (flow, error) {
	return h.openFlow(r, r.URL.Query().Get("flow"), steps...)
}

// openForm reads a posted form of this host and its flow, which must have been
// made for this browser: a form that another site posts, or that was lifted
// from another browser, ends here.
func (h *Handler) openForm(r *http.Request, step step) (flow, url.Values, error) {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return flow{}, nil, err
	}
	f, err := h.openFlow(r, form.Get(web.FieldFlow), step)
	return f, form, err
}

func (h *Handler) openFlow(r *http.Request, text string, steps ...step) (flow, error) {
	now := h.Site.Clock.Now()
	f, err := parseFlow(h.Ring, text, h.Site.Cookie(r, sealed.CookieBrowser), now)
	if err != nil {
		return flow{}, h.stale(f.Request)
	}
	for _, s := range steps {
		if f.Step == s {
			return f, nil
		}
	}
	return flow{}, h.stale(f.Request)
}

// parseFlow reads a sealed flow. On failure the flow's Request is set if the
// seal was ours, so that the person can be sent back to where they came from.
func parseFlow(ring *keys.Ring, text, cookie string, now time.Time) (flow, error) {
	f, err := sealed.Open[flow](ring, keys.SignInFlow, text)
	if err != nil {
		return flow{}, err
	}
	if !sealed.Same(cookie, f.Browser) || !f.Request.fresh(now) {
		return flow{Request: f.Request}, sealed.ErrSeal
	}
	return f, nil
}

// done shows the last page of a flow, again and again if it is reloaded.
func (h *Handler) done(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepForgotSent, stepDeviceDone, stepPasswordDone, stepEmailVerified)
	if err != nil {
		return err
	}
	frame := h.Site.Frame(r)
	switch f.Step {
	case stepForgotSent:
		return h.Site.Show(w, r, http.StatusOK, web.ForgotSent{Frame: frame, ContinueURL: h.startAgain(f.Request)})
	case stepPasswordDone:
		start := h.Site.Map.StartURL(f.Request.Portal)
		return h.Site.Show(w, r, http.StatusOK, web.PasswordDone{
			Frame: frame, UserName: f.UserName, First: f.Proof == byInvitation, PortalURL: start, ContinueURL: start,
		})
	case stepEmailVerified:
		start := h.Site.Map.StartURL(f.Request.Portal)
		return h.Site.Show(w, r, http.StatusOK, web.EmailVerified{Frame: frame, Email: f.UserName, PortalURL: start, ContinueURL: start})
	}
	return h.Site.Show(w, r, http.StatusOK, web.DeviceDone{Frame: frame, Approved: f.Approved, ClientName: f.ClientName})
}

// portalOrigin is the origin to which a flow for the portal leads back; "" for
// other flows.
func (h *Handler) portalOrigin(req Request) string {
	if req.Purpose != ForPortal {
		return ""
	}
	return h.Site.Map.Portal(req.Portal)
}
