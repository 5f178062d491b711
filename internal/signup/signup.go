// Package signup is the pages on which a person opens an AWS account, from the
// e-mail address to the confirmation that it is being activated.
//
// Up to the account nothing is stored for the visitor: what the pages know travels
// in them, sealed and bound to the browser, and only tries are counted. From then
// on the pages are those of the signed-in root user, and registration says which
// comes next, so that a sign-up can be left and gone on with anywhere.
//
// It owns the order of the pages, and the mails. What an account needs to become
// active is registration's, money payment's, when activation is tried the program's.
package signup

import (
	"net/http"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/captcha"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// Deps is what the handler is made from.
type Deps struct {
	Site    *pagehttp.Site
	DB      store.DB
	Ring    *keys.Ring
	Hasher  *credential.Hasher
	Captcha *captcha.Service
	Count   func(*audit.Event)
	Senders notify.Senders
	// Payments is the gateway that verifies cards.
	Payments payment.Provider
	// Closed says that visitors can open no accounts. Who has one goes on with it.
	Closed bool
	// SignIn begins a session of the account's root user in this browser.
	SignIn func(w http.ResponseWriter, r *http.Request, account string) (session.Session, error)
	// SignedIn returns the session of the root user or IAM user of this browser on
	// the sign-in host, or an Unauthenticated fault.
	SignedIn func(r *http.Request) (session.Session, error)
	// SignInFor is the address at which a person signs in and comes back to a path
	// of this host.
	SignInFor func(path string) string
}

// Handler answers the pages under /signup on the sign-in host.
type Handler struct {
	Deps
	mux        *http.ServeMux
	mail       Mailer
	background pagehttp.Background
}

// PathContinue leads who is signed in to the first step that is not done, and
// others to sign in before.
const PathContinue = "/signup/continue"

// PathStatus says how far the sign-up has come.
const PathStatus = "/signup/status"

const (
	pathStart       = "/signup"
	pathVerify      = "/signup/verify"
	pathPassword    = "/signup/password"
	pathContact     = "/signup/contact"
	pathAgreement   = "/signup/agreement"
	pathPayment     = "/signup/payment"
	pathPaymentCode = "/signup/payment/code"
	pathPhone       = "/signup/phone"
	pathPIN         = "/signup/phone/pin"
	pathPlan        = "/signup/plan"

	// Pages of other packages.
	pathCaptcha  = "/captcha/"
	pathMain     = "/"
	pathCompare  = "/help/support-plans"
	pathSettings = "/account"
	pathMethods  = "/account/payment"
	consoleHome  = "/"
	consoleCases = "/support/cases/create"
)

// New makes the handler. Close must be called before the database is closed.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux(), mail: Mailer{Pages: d.Site.Pages, Senders: d.Senders, Map: d.Site.Map}}
	pages := map[string]pagehttp.Methods{
		pathStart:       {http.MethodGet: h.start, http.MethodPost: h.sendCode},
		pathVerify:      {http.MethodGet: h.askCode, http.MethodPost: h.checkCode},
		pathPassword:    {http.MethodGet: h.askPassword, http.MethodPost: h.choosePassword},
		pathContact:     {http.MethodGet: h.askContact, http.MethodPost: h.create},
		pathAgreement:   {http.MethodGet: h.agreement},
		PathContinue:    {http.MethodGet: h.goOn},
		pathPayment:     {http.MethodGet: h.askPayment, http.MethodPost: h.addCard},
		pathPaymentCode: {http.MethodGet: h.askPaymentCode, http.MethodPost: h.confirmCard},
		pathPhone:       {http.MethodGet: h.askPhone, http.MethodPost: h.sendPIN},
		pathPIN:         {http.MethodGet: h.askPIN, http.MethodPost: h.checkPIN},
		pathPlan:        {http.MethodGet: h.askPlan, http.MethodPost: h.choosePlan},
		PathStatus:      {http.MethodGet: h.status},
	}
	if d.Closed {
		for _, path := range []string{pathStart, pathVerify, pathPassword, pathContact} { // all before the account
			pages[path] = pagehttp.Methods{http.MethodGet: h.closed, http.MethodPost: h.closed}
		}
	}
	for path, methods := range pages {
		d.Site.Route(h.mux, path, methods)
	}
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to a path below /signup.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// closed answers who would open an account where the operator lets nobody, also by
// a form that was begun before.
func (h *Handler) closed(http.ResponseWriter, *http.Request) error {
	return &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.SignUpClosed, NextURL: pathMain}
}

// Close waits for what goes on beside the requests: mail that is being written.
func (h *Handler) Close() { h.background.Wait() }

// The events of sign-up, in the history of the account.
const (
	eventCreated  = "AccountCreated"
	eventPayment  = "PaymentMethodAdded"
	eventPIN      = "PhonePINSent"
	eventPhone    = "PhoneVerified"
	eventPlan     = "SupportPlanChosen"
	eventMailCode = "EmailVerification" // of nobody's account yet
)

const failure = "Failure"

// event makes an event in the history of an account, "" for none; reason is "" for
// a success.
func (h *Handler) event(r *http.Request, name, accountID, reason string) *audit.Event {
	e := &audit.Event{
		At: h.Site.Clock.Now(), Account: accountID, Source: audit.SignInSource, Name: name, Region: h.Site.Map.Region(),
		SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r),
	}
	if accountID != "" {
		e.PrincipalID, e.Identity, e.Resource = "arn:aws:iam::"+accountID+":root", audit.RootIdentity(accountID, false), accountID
	}
	if reason != "" {
		e.ErrorCode, e.ErrorReason = failure, reason
	}
	return e
}

// network is what tries from this browser's address are counted under.
func (h *Handler) network(r *http.Request) []credential.Key { return h.Site.Network(r) }

// owner is the root user who signs up, with what is known of the account.
type owner struct {
	account account.Account
	reg     registration.Registration
	step    registration.Step
	methods payment.Status
}

// asOwner answers with fn for the root user of this browser; who is not signed in
// is sent to sign in, and an IAM user is told whose page this is.
func (h *Handler) asOwner(w http.ResponseWriter, r *http.Request, fn func(owner) error) error {
	s, err := h.SignedIn(r)
	if fault.Is(err, fault.Unauthenticated) {
		return pagehttp.See(w, h.SignInFor(PathContinue))
	}
	if err != nil {
		return err
	}
	if s.Kind != session.RootUser {
		return &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.AccessDenied, NextURL: pathMain}
	}
	var o owner
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		o, err = h.find(tx, s.Account)
		return err
	})
	if fault.Is(err, fault.NotFound) { // nobody signed up for the account: there is nothing to do
		return pagehttp.See(w, h.Site.Map.Console()+consoleHome)
	}
	if err != nil {
		return err
	}
	if o.account.Status == account.Suspended || o.account.Status == account.Closed {
		return pagehttp.See(w, pathSettings) // which says why, and what can be done
	}
	return fn(o)
}

func (h *Handler) find(tx store.Tx, accountID string) (o owner, err error) {
	if o.account, err = tx.Account(accountID); err != nil {
		return o, err
	}
	now := h.Site.Clock.Now()
	if o.reg, o.step, err = registration.Left(tx, accountID, now); err != nil {
		return o, err
	}
	o.methods, err = payment.Standing(tx, accountID, now)
	return o, err
}

// goOn leads to the first step that is not done.
func (h *Handler) goOn(w http.ResponseWriter, r *http.Request) error {
	return h.asOwner(w, r, func(o owner) error { return pagehttp.See(w, pageOf(o.step)) })
}

func pageOf(s registration.Step) string {
	switch s {
	case registration.PaymentStep:
		return pathPayment
	case registration.PhoneStep:
		return pathPhone
	case registration.PlanStep:
		return pathPlan
	}
	return PathStatus
}

// atStep answers with fn if the account's next step is s, and else leads there.
func (h *Handler) atStep(w http.ResponseWriter, r *http.Request, s registration.Step, fn func(owner) error) error {
	return h.asOwner(w, r, func(o owner) error {
		if o.step != s {
			return pagehttp.See(w, pageOf(o.step))
		}
		return fn(o)
	})
}

func (h *Handler) supportURL() string { return h.Site.Map.Console() + consoleCases }
