package signin

import (
	"net/http"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/web"
)

// Purpose is what a person is to be signed in for.
type Purpose uint8

// The purposes.
const (
	ForPortal  Purpose = iota + 1 // to enter the access portal
	ForDevice                     // to approve a device's code
	ForClient                     // to answer an application's authorization request
	ForDevices                    // to manage one's MFA devices
)

// RequestLife is how long a person has from the first page to the last.
const RequestLife = time.Hour

// Request is why a browser was sent here. It travels sealed in the address:
// only this server's surfaces can make one.
type Request struct {
	Purpose Purpose `cbor:"1,keyasint"`
	// Portal is the portal's name as the person used it; "" for the only one.
	Portal string     `cbor:"2,keyasint,omitempty"`
	Notice web.Notice `cbor:"3,keyasint,omitempty"`

	// Of the portal: the hash of the value that it put into this browser, and
	// what of its address to come back to ("/start", perhaps with a query).
	State  string `cbor:"4,keyasint,omitempty"`
	Return string `cbor:"5,keyasint,omitempty"`

	// Of a device: its code, XXXX-XXXX, not looked up yet.
	UserCode string `cbor:"6,keyasint,omitempty"`

	// Of a client: its checked authorization request.
	ClientID    string   `cbor:"7,keyasint,omitempty"`
	RedirectURI string   `cbor:"8,keyasint,omitempty"`
	ClientState string   `cbor:"9,keyasint,omitempty"`
	Challenge   string   `cbor:"10,keyasint,omitempty"`
	Scopes      []string `cbor:"11,keyasint,omitempty"`

	// Again asks for the password of who is signed in too.
	Again bool `cbor:"14,keyasint,omitempty"`

	// Set by Begin.
	IssuedAt time.Time `cbor:"12,keyasint"`
	ID       []byte    `cbor:"13,keyasint"` // random; a consent is given once for each
}

// Begin returns the address to send the browser to. It stores nothing.
func (h *Handler) Begin(req Request) string {
	req.IssuedAt, req.ID = h.Site.Clock.Now(), secret.Random(16)
	return h.Site.Map.SignIn() + h.loginPath(req)
}

// loginPath is where the flow of req starts (again).
func (h *Handler) loginPath(req Request) string {
	return pathLogin + "?request=" + h.seal(keys.SignInRequest, req)
}

func (h *Handler) seal(p keys.Purpose, v any) string { return sealed.Seal(h.Ring, p, v) }

// parseRequest reads a sealed request that is not too old.
func parseRequest(ring *keys.Ring, text string, now time.Time) (Request, error) {
	req, err := sealed.Open[Request](ring, keys.SignInRequest, text)
	if err != nil {
		return Request{}, err
	}
	if !req.fresh(now) {
		return req, sealed.ErrSeal
	}
	return req, nil
}

func (req Request) fresh(now time.Time) bool { return now.Before(req.IssuedAt.Add(RequestLife)) }

// stale is the page for a form or link that cannot go on. Where the person came
// from is known if req is.
func (h *Handler) stale(req Request) *pagehttp.Problem {
	return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm, NextURL: h.startAgain(req)}
}

// startAgain is where a person begins anew: what they came for is not lost, only
// what they typed. An application has to ask again by itself.
func (h *Handler) startAgain(req Request) string {
	switch {
	case req.Purpose == ForDevice:
		return h.Site.Map.Verification(req.Portal, req.UserCode)
	case req.Purpose == ForDevices:
		return h.devicesPath(req.Portal, "")
	case req.Purpose == ForPortal && req.Portal != "":
		return h.Site.Map.StartURL(req.Portal)
	case req.Purpose == ForClient && req.fresh(h.Site.Clock.Now()):
		return h.loginPath(req)
	}
	return ""
}
