package secondfactor

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sekisho/internal/credential"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/web"
)

// Life is how long a step may take.
const Life = 15 * time.Minute

// step is a page of a flow. A value sealed for one step is no good at another.
type step uint8

const (
	stepFactor     step = iota + 1 // the first factor was right
	stepMail                       // and a code was mailed, instead of the second
	stepPhone                      // and it was typed
	stepPIN                        // and a PIN was sent to the telephone
	stepRecovered                  // and it was typed
	stepRegister                   // a passkey is registered
	stepRegistered                 // and was
)

// flow is what a page knows. It travels sealed, in the page's address and its form,
// and is worth nothing in another browser: for a visitor who has not proved
// everything, nothing is stored.
type flow struct {
	Step step `cbor:"1,keyasint"`
	// ID stands for the whole sign-in or registration, Browser is the hash of the
	// cookie of the browser that it takes place in.
	ID      string    `cbor:"2,keyasint"`
	Browser string    `cbor:"3,keyasint"`
	At      time.Time `cbor:"4,keyasint"` // when the step began

	Challenge Challenge           `cbor:"5,keyasint,omitzero"`
	Failures  int                 `cbor:"6,keyasint,omitempty"` // of codes; how many only decides what is offered
	Ceremony  credential.Ceremony `cbor:"7,keyasint,omitzero"`  // of the passkey that the page asks for
	Sent      sent                `cbor:"8,keyasint,omitzero"`  // of stepMail and stepPIN
	Register  registration        `cbor:"9,keyasint,omitzero"`  // of stepRegister and stepRegistered
}

// newFlow begins a flow in this browser.
func (h *Handler) newFlow(w http.ResponseWriter, r *http.Request, s step) flow {
	return flow{Step: s, ID: secret.Token("", 16).Reveal(), Browser: sealed.Browser(h.Site, w, r), At: h.Site.Clock.Now()}
}

// at is the flow at another step, which begins now.
func (f flow) at(s step, now time.Time) flow {
	f.Step, f.At, f.Sent, f.Ceremony = s, now, sent{}, credential.Ceremony{}
	return f
}

// still is the flow without what belongs to one page only.
func (f flow) still() flow {
	f.Ceremony = credential.Ceremony{}
	return f
}

func (f flow) deadline() time.Time { return f.At.Add(Life) }

// spent is under what it is remembered that the flow came to its end.
func (f flow) spent() string { return secret.NewString("second-factor\x00" + f.ID).Hash() }

// pageOf is the address of a page with the flow in it.
func (h *Handler) pageOf(path string, f flow) string {
	return path + "?flow=" + url.QueryEscape(sealed.Seal(h.Ring, keys.FactorFlow, f))
}

// frame is the frame of a page whose form carries f.
func (h *Handler) frame(r *http.Request, path string, f flow) web.Frame {
	frame := h.Site.Frame(r)
	frame.Flow = sealed.Seal(h.Ring, keys.FactorFlow, f)
	if r.Method == http.MethodPost {
		// The language links of an answered form lead back to the form.
		frame.Path = h.pageOf(path, f.still())
	}
	return frame
}

// errStale says that a flow is no good: too old, of another browser or step, used
// up, or not ours. The person signs in again.
var errStale = &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm, NextURL: "/"}

// openPage reads the flow of a page that is asked for at one of these steps.
func (h *Handler) openPage(r *http.Request, steps ...step) (flow, error) {
	return h.open(r, r.URL.Query().Get(web.FieldFlow), steps...)
}

// openForm reads a posted form of this host and its flow, which must have been made
// for this browser: a form that another site posts, or that was lifted from another
// browser, ends here.
func (h *Handler) openForm(r *http.Request, steps ...step) (flow, url.Values, error) {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return flow{}, nil, err
	}
	f, err := h.open(r, form.Get(web.FieldFlow), steps...)
	return f, form, err
}

func (h *Handler) open(r *http.Request, text string, steps ...step) (flow, error) {
	f, err := parseFlow(h.Ring, text, h.Site.Cookie(r, sealed.CookieBrowser), h.Site.Clock.Now())
	if err != nil {
		return flow{}, errStale
	}
	for _, s := range steps {
		if f.Step == s {
			return f, nil
		}
	}
	return flow{}, errStale
}

// parseFlow reads a sealed flow of the browser with that cookie.
func parseFlow(ring *keys.Ring, text, cookie string, now time.Time) (flow, error) {
	f, err := sealed.Open[flow](ring, keys.FactorFlow, text)
	if err != nil {
		return flow{}, err
	}
	if !sealed.Same(cookie, f.Browser) || f.At.After(now) || !now.Before(f.deadline()) {
		return flow{}, sealed.ErrSeal
	}
	return f, nil
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
