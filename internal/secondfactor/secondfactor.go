// Package secondfactor is the pages on which root users and IAM users give a
// second factor at sign-in, get around a lost one, and register passkeys and
// security keys (B-12, B-20 to B-24, C-10, C-16, C-17; behaviours.md 5.5).
//
// It owns these pages and their ceremonies. The devices are iam's, what a passkey
// proves is credential's; what comes after is up to who asked.
package secondfactor

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// Deps is what the handler is made from.
type Deps struct {
	Site    *pagehttp.Site
	DB      store.DB
	Ring    *keys.Ring
	Count   func(*audit.Event)
	Senders notify.Senders
	// SignedIn returns the session of the root user or IAM user of this browser on
	// the sign-in host, or an Unauthenticated fault.
	SignedIn func(r *http.Request) (session.Session, error)
	// SignInFor is the address at which a person signs in and comes back to a path
	// of this host; SignInAgainFor asks whom a session is of for the password again.
	SignInFor      func(path string) string
	SignInAgainFor func(s session.Session, path string) string
	// May asks whether the session's principal may do action to the resource; it
	// returns an error with a text for people unless it may.
	May func(r *http.Request, s session.Session, action, resource string) error
}

// The pages.
const (
	pathFactor     = "/mfa"
	pathCode       = "/mfa/code"
	pathResync     = "/mfa/resync"
	pathPasskey    = "/mfa/passkey"
	pathTrouble    = "/mfa/trouble"
	pathMail       = "/mfa/mail"
	pathPhone      = "/mfa/phone"
	pathPIN        = "/mfa/pin"
	pathRecovered  = "/mfa/recovered"
	pathRegister   = "/mfa/register"
	pathRegistered = "/mfa/registered"

	// contactPath is AWS Support for who cannot sign in (internal/help).
	contactPath = "/contact-us"
)

// relyingParty is the name under which authenticators keep passkeys.
const relyingParty = "AWS"

// Handler answers the pages of second factors on the sign-in host, under /mfa.
type Handler struct {
	Deps
	// Passed goes on after a factor was given, and runs also, which may be nil, in the
	// transaction in which the session begins; it is set before the first request.
	Passed func(w http.ResponseWriter, r *http.Request, on []byte, p Passed, also func(store.Tx) error) error
	mux    *http.ServeMux
	// party checks passkeys; nil where there can be none, because the sign-in host
	// has no name.
	party *credential.RelyingParty
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	origin := d.Site.Map.SignIn()
	if u, err := url.Parse(origin); err == nil {
		if h.party, err = credential.NewRelyingParty(u.Hostname(), relyingParty, origin); err != nil {
			d.Site.Log.Warn("passkeys and security keys cannot be used", "reason", err)
		}
	}
	route := func(path string, m pagehttp.Methods) { d.Site.Route(h.mux, path, m) }
	route(pathFactor, pagehttp.Methods{http.MethodGet: h.choose})
	route(pathCode, pagehttp.Methods{http.MethodGet: h.askCode, http.MethodPost: h.checkCode})
	route(pathResync, pagehttp.Methods{http.MethodGet: h.askCodes, http.MethodPost: h.checkCodes})
	route(pathPasskey, pagehttp.Methods{http.MethodGet: h.askPasskey, http.MethodPost: h.checkPasskey})
	route(pathTrouble, pagehttp.Methods{http.MethodGet: h.trouble, http.MethodPost: h.sendMail})
	route(pathMail, pagehttp.Methods{http.MethodGet: h.askMailed, http.MethodPost: h.checkMailed})
	route(pathPhone, pagehttp.Methods{http.MethodGet: h.askPhone, http.MethodPost: h.sendPIN})
	route(pathPIN, pagehttp.Methods{http.MethodGet: h.askPIN, http.MethodPost: h.checkPIN})
	route(pathRecovered, pagehttp.Methods{http.MethodGet: h.showRecovered, http.MethodPost: h.recovered})
	route(pathRegister, pagehttp.Methods{http.MethodGet: h.askRegister, http.MethodPost: h.register})
	route(pathRegistered, pagehttp.Methods{http.MethodGet: h.registered})
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to a path below /mfa.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Challenge asks for a second factor of somebody whose first was right.
type Challenge struct {
	Account string `cbor:"1,keyasint"`
	User    string `cbor:"2,keyasint,omitempty"` // AIDA…; "" is the root user
	Name    string `cbor:"3,keyasint"`           // e-mail address or user name, to be shown
	On      []byte `cbor:"4,keyasint,omitempty"` // given back to Passed; not secret from the browser's owner, sealed by us
}

func (c Challenge) root() bool { return c.User == "" }

// Passed is a second factor that was given.
type Passed struct {
	Account, User string
	Serial        string // ARN of the device; "" for a recovery
	Kind          string // "Virtual MFA", "U2F MFA" as CloudTrail says; "" for a recovery
	At            time.Time
	// Recovered says that no factor was given but that a root user proved to hold
	// the account's mail and telephone (B-22).
	Recovered bool
}

// Has reports whether the IAM user of that id, or the root user for "", has a second
// factor, without which there is no sign-in (B-12, C-10).
func Has(tx iam.CredentialStore, account, user string) (bool, error) {
	devices, err := tx.MFADevicesOf(account, user)
	return len(devices) > 0, err
}

// Begin sends the browser to the page that asks for the factor, and notes that one
// was asked for (CloudTrail's CheckMfa). The browser has Life for each step.
func (h *Handler) Begin(w http.ResponseWriter, r *http.Request, c Challenge) error {
	devices, err := h.devices(r, c)
	if err != nil {
		return err
	}
	e := h.event(r, c, audit.CheckMFA)
	e.Set(audit.DetailMFAType, kindsOf(devices))
	h.Count(e)
	f := h.newFlow(w, r, stepFactor)
	f.Challenge = c
	return pagehttp.See(w, h.pageOf(pathFactor, f))
}

// choose leads to the page of the kind of device that the person has; with both
// kinds they choose (behaviours.md 9.1).
func (h *Handler) choose(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	devices, err := h.devices(r, f.Challenge)
	if err != nil {
		return err
	}
	codes, passkeys := len(devices.Of(iam.VirtualMFA)) > 0, len(devices.Of(iam.FIDO)) > 0
	switch {
	case codes && passkeys:
		return h.Site.Show(w, r, http.StatusOK, web.FactorChoice{
			Frame: h.Site.Frame(r), Name: f.Challenge.Name,
			CodeURL: h.pageOf(pathCode, f), PasskeyURL: h.pageOf(pathPasskey, f), TroubleURL: h.pageOf(pathTrouble, f),
		})
	case codes:
		return pagehttp.See(w, h.pageOf(pathCode, f))
	case passkeys:
		return pagehttp.See(w, h.pageOf(pathPasskey, f))
	}
	return errStale // the last device was taken away meanwhile: sign-in starts again, without
}

func (h *Handler) devices(r *http.Request, c Challenge) (devices iam.Devices, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		devices, err = tx.MFADevicesOf(c.Account, c.User)
		return err
	})
	return devices, err
}

// factor is what the pages that ask for one have in common.
func (h *Handler) factor(r *http.Request, path string, f flow, devices iam.Devices) web.Factor {
	p := web.Factor{Frame: h.frame(r, path, f), Action: path, Name: f.Challenge.Name, TroubleURL: h.pageOf(pathTrouble, f.still())}
	if len(devices.Of(iam.VirtualMFA)) > 0 && len(devices.Of(iam.FIDO)) > 0 {
		p.OtherURL = h.pageOf(pathFactor, f.still())
	}
	return p
}

// pass spends the flow and goes on to who asked for the factor.
func (h *Handler) pass(w http.ResponseWriter, r *http.Request, f flow, d iam.MFADevice, kind string) error {
	return h.Passed(w, r, f.Challenge.On, Passed{
		Account: f.Challenge.Account, User: f.Challenge.User, Serial: d.Serial, Kind: kind, At: h.Site.Clock.Now(),
	}, nil)
}

// spend uses up a flow in the transaction that accepts a factor: of one sign-in that
// was proved, there is one session.
func spend(tx store.Tx, f flow) error {
	err := tx.SpendOnce(f.spent(), f.deadline())
	if fault.Is(err, fault.Conflict) {
		return errStale
	}
	return err
}
