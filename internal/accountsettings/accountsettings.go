// Package accountsettings is the pages of the sign-in host on which a root user
// changes what only they may: the password, the e-mail address, how to pay, and
// whether the account goes on.
//
// It owns these pages, and what of them the console shows. The rules are
// account's, credential's and payment's; the contacts and regions of an account
// have an API and are the console's.
package accountsettings

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/sealed"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// Deps is what the handler is made from.
type Deps struct {
	Site   *pagehttp.Site
	DB     store.DB
	Ring   *keys.Ring
	Hasher *credential.Hasher
	// Count records an event of what was not done.
	Count   func(*audit.Event)
	Senders notify.Senders
	// SignedIn returns the session of the root user or IAM user of this browser on
	// the sign-in host, or an Unauthenticated fault.
	SignedIn func(r *http.Request) (session.Session, error)
	// SignInFor is the address at which a person signs in and comes back to a path
	// of this host; Again is the same for somebody who is signed in, and is asked
	// for the password all the same.
	SignInFor, Again func(path string) string
	// Payments verifies cards.
	Payments payment.Provider
	// Allow returns an error unless the principal may do the action to the resource.
	Allow func(r *http.Request, p call.Principal, action, resource string) error
}

// Paths of the pages.
const (
	pathHome           = "/account"
	pathPassword       = "/account/password"
	pathEmail          = "/account/email"
	pathEmailCode      = "/account/email/code"
	pathClose          = "/account/close"
	pathReopen         = "/account/reopen"
	pathPayment        = "/account/payment"
	pathPaymentDefault = "/account/payment/default"
	pathPaymentRemove  = "/account/payment/remove"
	pathCard           = "/account/payment/add"
	pathCardCode       = "/account/payment/confirm"
)

// Handler answers the pages under /account on the sign-in host.
type Handler struct {
	Deps
	mux *http.ServeMux
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	for path, methods := range map[string]pagehttp.Methods{
		pathHome:           {http.MethodGet: h.root(h.home)},
		pathPassword:       {http.MethodGet: h.recent(h.askPassword), http.MethodPost: h.recent(h.setPassword)},
		pathEmail:          {http.MethodGet: h.recent(h.askEmail), http.MethodPost: h.recent(h.startEmail)},
		pathEmailCode:      {http.MethodGet: h.recent(h.askEmailCode), http.MethodPost: h.recent(h.acceptEmail)},
		pathClose:          {http.MethodGet: h.recent(h.askClose), http.MethodPost: h.recent(h.closeAccount)},
		pathReopen:         {http.MethodGet: h.recent(h.askReopen), http.MethodPost: h.recent(h.reopenAccount)},
		pathPayment:        {http.MethodGet: h.recent(h.methods)},
		pathPaymentDefault: {http.MethodPost: h.recent(h.setDefault)},
		pathPaymentRemove:  {http.MethodPost: h.recent(h.removeMethod)},
		pathCard:           {http.MethodGet: h.recent(h.askCard), http.MethodPost: h.recent(h.addCard)},
		pathCardCode:       {http.MethodGet: h.recent(h.askCardCode), http.MethodPost: h.recent(h.confirmCard)},
	} {
		d.Site.Route(h.mux, path, methods)
	}
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to a path below /account.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// visit is a root user on one of these pages.
type visit struct {
	session session.Session
	account account.Account
	now     time.Time
}

// page answers a request of a root user.
type page func(w http.ResponseWriter, r *http.Request, v visit) error

// maxAge is how long ago a person may have signed in for the pages that change
// something.
const maxAge = 15 * time.Minute

// root lets the root user of an account through, shows everybody else who is
// signed in who may, and sends nobody to sign in.
func (h *Handler) root(answer page) pagehttp.Func {
	return func(w http.ResponseWriter, r *http.Request) error {
		s, err := h.SignedIn(r)
		if fault.Is(err, fault.Unauthenticated) {
			return pagehttp.See(w, h.SignInFor(here(r)))
		}
		if err != nil {
			return err
		}
		if s.Kind != session.RootUser {
			return h.denied(w, r, s)
		}
		v := visit{session: s, now: h.Site.Clock.Now()}
		gone := false
		err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
			if v.account, err = tx.Account(s.Account); err == nil {
				gone, err = account.Gone(tx, v.account, v.now)
			}
			return err
		})
		if err != nil {
			return err
		}
		if gone {
			return &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.AccessDenied}
		}
		return answer(w, r, v)
	}
}

// recent is root for those who proved who they are a moment ago: a browser that
// was left alone changes nothing of consequence.
func (h *Handler) recent(answer page) pagehttp.Func {
	return h.root(func(w http.ResponseWriter, r *http.Request, v visit) error {
		if v.now.Sub(v.session.CreatedAt) > maxAge {
			return pagehttp.See(w, h.Again(here(r)))
		}
		return answer(w, r, v)
	})
}

// here is the page to come back to: a form that was posted too late is begun anew.
func here(r *http.Request) string {
	switch p := r.URL.Path; p {
	case pathPassword, pathEmail, pathEmailCode, pathClose, pathReopen, pathPayment, pathCard:
		return p
	case pathPaymentDefault, pathPaymentRemove, pathCardCode:
		return pathPayment
	}
	return pathHome
}

func (h *Handler) denied(w http.ResponseWriter, r *http.Request, s session.Session) error {
	p := web.SettingsDenied{Frame: h.Site.Frame(r), AccountID: s.Account, ConsoleURL: h.Site.Map.Console(), SwitchURL: h.Again(here(r))}
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		u, err := tx.IAMUser(s.User)
		p.UserName = u.Name
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, http.StatusForbidden, p)
}

// flow is what a form of these pages carries, sealed: in another browser, and in
// another session of the same one, it is worth nothing.
type flow struct {
	Path    string    `cbor:"1,keyasint"` // of the form
	Browser string    `cbor:"2,keyasint"`
	Session string    `cbor:"3,keyasint"`
	At      time.Time `cbor:"4,keyasint"`
	Method  string    `cbor:"5,keyasint,omitempty"` // of pathCardCode: its id
}

const flowLife = time.Hour

// frame is the frame of a page whose form carries f.
func (h *Handler) frame(w http.ResponseWriter, r *http.Request, v visit, f flow) web.Frame {
	f.Browser, f.Session, f.At = sealed.Browser(h.Site, w, r), v.session.ID, v.now
	frame := h.Site.Frame(r)
	frame.Flow = sealed.Seal(h.Ring, keys.SettingsFlow, f)
	if r.Method == http.MethodPost {
		frame.Path = f.Path // the language links lead back to the form
		if f.Path == pathCardCode {
			frame.Path += "?" + url.Values{"flow": {frame.Flow}}.Encode()
		}
	}
	return frame
}

// form reads a posted form of this host that this browser was given in this
// session for this path: what another site posts, or what was lifted from
// elsewhere, ends here.
func (h *Handler) form(r *http.Request, v visit) (url.Values, flow, error) {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return nil, flow{}, err
	}
	f, err := h.open(r, v, form.Get(web.FieldFlow))
	return form, f, err
}

func (h *Handler) open(r *http.Request, v visit, text string) (flow, error) {
	f, err := sealed.Open[flow](h.Ring, keys.SettingsFlow, text)
	formOf := f.Path
	if formOf == pathPayment && (r.URL.Path == pathPaymentDefault || r.URL.Path == pathPaymentRemove) {
		formOf = r.URL.Path
	}
	if err != nil || formOf != r.URL.Path || f.Session != v.session.ID || v.now.Sub(f.At) > flowLife ||
		!sealed.Same(h.Site.Cookie(r, sealed.CookieBrowser), f.Browser) {
		return flow{}, &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.StaleForm, NextURL: here(r), Cause: sealed.ErrSeal}
	}
	return f, nil
}

// event is one of the root user's on these pages.
func (h *Handler) event(r *http.Request, v visit, source, name string) *audit.Event {
	return &audit.Event{
		At: v.now, Account: v.account.ID, Source: source, Name: name, Region: h.Site.Map.Region(),
		PrincipalID: arn.Root(v.account.ID), UserName: "root", Identity: audit.RootIdentity(v.account.ID, !v.session.MFAAt.IsZero()),
		SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r), Count: 1,
	}
}

// failure is the error code of what was not done.
const failure = "Failure"

// tell queues a notice to the account's owner as it is now (N-25).
func (h *Handler) tell(tx store.Tx, v visit, n account.Notice, further ...string) error {
	a, err := tx.Account(v.account.ID)
	if err != nil {
		return err
	}
	return account.Tell(tx, h.Senders, a, n, v.now, further...)
}

// tries are what tries of a kind on the account's pages count under. They are
// apart from those of signing in: who has a session must not lock the owner out.
func (h *Handler) tries(r *http.Request, v visit, kind string) []credential.Key {
	return append(h.Site.Network(r), credential.NameKey("account-settings/"+kind, v.account.ID))
}

// home shows what there is, and the way on from the account's state.
func (h *Handler) home(w http.ResponseWriter, r *http.Request, v visit) error {
	p := web.SettingsHome{
		Frame: h.Site.Frame(r), AccountID: v.account.ID, Name: v.account.Name, Email: v.account.Email, State: web.SettingsActive,
		Notice:     web.ParseSettingsNotice(r.URL.Query().Get("done")),
		ConsoleURL: h.Site.Map.Console(), AccountURL: h.Site.Map.Console() + pathHome,
		PasswordURL: pathPassword, EmailURL: pathEmail, PaymentURL: pathPayment, CloseURL: pathClose, ReopenURL: pathReopen,
		SignUpURL: "/signup/continue", SupportURL: "/contact-us?topic=account-and-billing", FraudURL: "/contact-us?topic=fraud",
	}
	switch v.account.Status {
	case account.PendingActivation:
		p.State = web.SettingsPending
	case account.Suspended:
		p.State = web.SettingsSuspended
	case account.Closed:
		p.State = web.SettingsShut
		until, err := h.reopenUntil(r, v)
		if err != nil {
			return err
		}
		p.Until = until
	}
	return h.Site.Show(w, r, http.StatusOK, p)
}

// done leads to home with the news.
func done(w http.ResponseWriter, n web.SettingsNotice) error {
	return pagehttp.See(w, pathHome+"?"+url.Values{"done": {string(n)}}.Encode())
}
