package signup

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/web"
)

// step is a page of sign-up. A value sealed for one is no good at another.
type step uint8

const (
	stepAccount step = iota + 1
	stepVerify
	stepPassword
	stepContact
	stepPayment
	stepPaymentCode
	stepPhone
	stepPIN
	stepPlan
)

const (
	// flowLife is how long a page can be answered.
	flowLife = time.Hour
	// codeLife is how long a code by mail and a PIN by telephone are good.
	codeLife = 10 * time.Minute
	// maxCodeTries is how often one code by mail can be tried.
	maxCodeTries = 5
	// resendAfter is how long one waits before asking for another code.
	resendAfter = time.Minute

	codeLength = 6
	digits     = "0123456789"
)

// flow is what a page knows. It travels sealed, in the page's address and its form,
// and is worth nothing in another browser.
type flow struct {
	Step step `cbor:"1,keyasint"`
	// Browser is the hash of the cookie of the browser that the page was made for.
	Browser  string    `cbor:"2,keyasint"`
	IssuedAt time.Time `cbor:"3,keyasint"`
	// ID names a code or PIN, so that tries at it can be counted and it works once.
	ID string `cbor:"4,keyasint,omitempty"`

	// Before there is an account.
	Email        string `cbor:"5,keyasint,omitempty"`
	Name         string `cbor:"6,keyasint,omitempty"`
	PasswordHash string `cbor:"7,keyasint,omitempty"`

	// Of stepVerify and stepPIN: what was sent, and when.
	Code   string    `cbor:"8,keyasint,omitempty"`
	SentAt time.Time `cbor:"9,keyasint,omitzero"`
	Resent bool      `cbor:"10,keyasint,omitempty"`

	// After: whose account.
	Account string `cbor:"11,keyasint,omitempty"`
	Picture string `cbor:"12,keyasint,omitempty"` // of stepPhone
	Sound   string `cbor:"13,keyasint,omitempty"`
	Number  string `cbor:"14,keyasint,omitempty"` // of stepPIN, E.164
	Voice   bool   `cbor:"15,keyasint,omitempty"`
	Method  string `cbor:"16,keyasint,omitempty"` // of stepPaymentCode
}

// newFlow is a flow at its first page in this browser, of an account or of none.
func (h *Handler) newFlow(w http.ResponseWriter, r *http.Request, s step, accountID string) flow {
	return flow{Step: s, Browser: sealed.Browser(h.Site, w, r), IssuedAt: h.Site.Clock.Now(), Account: accountID}
}

// to is the flow at another page.
func (f flow) to(s step) flow {
	f.Step = s
	return f
}

// withCode is the flow with a new code that was sent at now.
func (f flow) withCode(now time.Time) flow {
	f.ID, f.Code, f.SentAt = secret.Token("", 16).Reveal(), secret.Pick(digits, codeLength), now
	return f
}

// hasCode reports whether given is the code of the flow.
func (f flow) hasCode(given string) bool {
	return secret.NewString(given).Equal(secret.NewString(f.Code)) && f.Code != ""
}

func (h *Handler) seal(f flow) string { return sealed.Seal(h.Ring, keys.SignUpFlow, f) }

// see leads to the page of the flow's step, with the flow in its address.
func (h *Handler) see(w http.ResponseWriter, path string, f flow) error {
	return pagehttp.See(w, path+"?flow="+url.QueryEscape(h.seal(f)))
}

// frame is the frame of a page whose form carries f. The language links of a form
// that was answered lead back to the form.
func (h *Handler) frame(r *http.Request, path string, f flow) web.Frame {
	frame := h.Site.Frame(r)
	frame.Flow = h.seal(f)
	if r.Method == http.MethodPost {
		if frame.Path = path; f.Account == "" || f.Step == stepPIN || f.Step == stepPaymentCode {
			frame.Path += "?flow=" + frame.Flow
		}
	}
	return frame
}

// openPage reads the flow of a page that is asked for at a step.
func (h *Handler) openPage(r *http.Request, s step) (flow, error) {
	return h.open(r, r.URL.Query().Get(web.FieldFlow), s)
}

// openForm reads a posted form of this host and its flow, which must have been made
// for this browser: a form that another site posts, or that was lifted from another
// browser, ends here.
func (h *Handler) openForm(r *http.Request, s step) (flow, url.Values, error) {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return flow{}, nil, err
	}
	f, err := h.open(r, form.Get(web.FieldFlow), s)
	return f, form, err
}

// openOwn is openForm for a form of the account's own root user: one that was made
// for another account is stale, although the browser is the same.
func (h *Handler) openOwn(r *http.Request, s step, o owner) (flow, url.Values, error) {
	f, form, err := h.openForm(r, s)
	if err == nil && f.Account != o.account.ID {
		err = h.stale()
	}
	return f, form, err
}

func (h *Handler) open(r *http.Request, text string, s step) (flow, error) {
	f, err := parseFlow(h.Ring, text, h.Site.Cookie(r, sealed.CookieBrowser), h.Site.Clock.Now())
	if err != nil || f.Step != s {
		return flow{}, h.stale()
	}
	return f, nil
}

// parseFlow reads a sealed flow that is good at now in the browser with that cookie.
func parseFlow(ring *keys.Ring, text, cookie string, now time.Time) (flow, error) {
	f, err := sealed.Open[flow](ring, keys.SignUpFlow, text)
	if err != nil {
		return flow{}, err
	}
	if !sealed.Same(cookie, f.Browser) || now.Sub(f.IssuedAt) >= flowLife || now.Before(f.IssuedAt) {
		return flow{}, sealed.ErrSeal
	}
	return f, nil
}

func (h *Handler) stale() error {
	p := &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.StaleForm, NextURL: pathStart}
	if h.Closed {
		p.NextURL = PathContinue
	}
	return p
}
