package accountsignin

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/web"
)

// step is a page of the flow. A value sealed for one step is no good at another.
type step uint8

const (
	stepChoose step = iota + 1
	stepCheck
	stepRoot
	stepIAM
	stepFactor
	stepCode
	stepNewPassword
	stepForgot
	stepSent
	stepReset
	stepResetDone
	stepSignOut
	stepIn // the session begins
)

// flow is what a page knows. It travels sealed, in the page's address and its
// form, and is worth nothing in another browser. Nothing is stored for a visitor
// who has proved nothing.
type flow struct {
	Step    step    `cbor:"1,keyasint"`
	Request Request `cbor:"2,keyasint"` // its time bounds the flow's
	// Browser is the hash of the cookie of the browser that the page was made for.
	Browser string `cbor:"3,keyasint"`

	// What was typed.
	UserType string `cbor:"4,keyasint,omitempty"`
	Email    string `cbor:"5,keyasint,omitempty"`
	Account  string `cbor:"6,keyasint,omitempty"`
	UserName string `cbor:"7,keyasint,omitempty"`
	Remember bool   `cbor:"8,keyasint,omitempty"`
	// Specific says that the address of the page named the account (B-28).
	Specific bool `cbor:"9,keyasint,omitempty"`

	// Picture and Sound are the challenges on the page. Human stands for one that
	// was answered and is good for one try at a password.
	Picture string `cbor:"10,keyasint,omitempty"`
	Sound   string `cbor:"11,keyasint,omitempty"`
	Human   string `cbor:"12,keyasint,omitempty"`
	Refused bool   `cbor:"13,keyasint,omitempty"` // the password before was wrong

	// Proof is set once the password was right.
	Proof *proof `cbor:"14,keyasint,omitempty"`
	// CodeHash is of the mailed code, which is good until CodeUntil.
	CodeHash  string    `cbor:"15,keyasint,omitempty"`
	CodeUntil time.Time `cbor:"16,keyasint"`
	Resent    bool      `cbor:"17,keyasint,omitempty"`

	ResetToken string `cbor:"18,keyasint,omitempty"`
	// After is the path to go on to after signing out.
	After string `cbor:"19,keyasint,omitempty"`
}

// pageOf is the address of the page of a flow's step, with the flow in it.
func (h *Handler) pageOf(path string, f flow) string {
	return path + "?flow=" + url.QueryEscape(sealed.Seal(h.Ring, keys.AccountFlow, f))
}

// frame is the frame of a page whose form carries f.
func (h *Handler) frame(r *http.Request, path string, f flow) web.Frame {
	frame := h.Site.Frame(r)
	frame.Flow = sealed.Seal(h.Ring, keys.AccountFlow, f)
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
// made for this browser: a form that another site posts, or that was lifted from
// another browser, ends here.
func (h *Handler) openForm(r *http.Request, steps ...step) (flow, url.Values, error) {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return flow{}, nil, err
	}
	f, err := h.openFlow(r, form.Get(web.FieldFlow), steps...)
	return f, form, err
}

func (h *Handler) openFlow(r *http.Request, text string, steps ...step) (flow, error) {
	return h.openFlowLate(r, text, 0, steps...)
}

// openFlowLate opens a flow that may be longer older than others, because it was
// put aside meanwhile for steps that have a time of their own.
func (h *Handler) openFlowLate(r *http.Request, text string, longer time.Duration, steps ...step) (flow, error) {
	f, err := parseFlow(h.Ring, text, h.Site.Cookie(r, sealed.CookieBrowser), h.Site.Clock.Now().Add(-longer))
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
	f, err := sealed.Open[flow](ring, keys.AccountFlow, text)
	if err != nil {
		return flow{}, err
	}
	if !sealed.Same(cookie, f.Browser) || !f.Request.fresh(now) || f.Proof != nil && !f.Proof.fresh(now) {
		return flow{Request: f.Request}, sealed.ErrSeal
	}
	return f, nil
}

// stale is the page for a form or link that cannot go on. What the person came
// for is not lost, only what they typed.
func (h *Handler) stale(req Request) *pagehttp.Problem {
	p := &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm}
	if !req.IssuedAt.IsZero() {
		req.IssuedAt = h.Site.Clock.Now()
		// The console made State for a visit that may be over: it starts anew.
		req.State = ""
		p.NextURL = h.mainPath(req, "")
	}
	return p
}

// begin is a flow that starts with this page.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, s step, req Request) flow {
	return flow{Step: s, Request: req, Browser: sealed.Browser(h.Site, w, r)}
}
