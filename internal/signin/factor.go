package signin

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// The pages of second factors.
const (
	pathFactor          = "/platform/mfa"
	pathFactorCode      = "/platform/mfa/code"
	pathFactorResync    = "/platform/mfa/resync"
	pathFactorPasskey   = "/platform/mfa/passkey"
	pathFactorTrouble   = "/platform/mfa/trouble"
	pathFactorMail      = "/platform/mfa/mail"
	pathFactorMailAgain = "/platform/mfa/mail/again"
	pathRegister        = "/platform/mfa/register"
	pathRegisterApp     = "/platform/mfa/register/app"
	pathRegisterPasskey = "/platform/mfa/register/passkey"
	pathDevices         = "/platform/devices"
	pathDeviceOne       = "/platform/devices/one"
	pathDeviceRename    = "/platform/devices/rename"
	pathDeviceRemove    = "/platform/devices/remove"
)

const (
	// factorLife is how long after the first factor the second has to follow.
	factorLife = 15 * time.Minute

	// relyingParty is the name under which authenticators keep passkeys.
	relyingParty = "AWS"
)

// The names of the trail for what proves a person (behaviours.md 6.7).
const (
	credentialPassword = "PASSWORD"
	credentialTOTP     = "TOTP"
	credentialResync   = "RESYNC_TOTP"
	credentialWebAuthn = "WEBAUTHN"
)

func (h *Handler) routeFactors() {
	origin := h.Site.Map.SignIn()
	if u, err := url.Parse(origin); err == nil {
		if h.party, err = credential.NewRelyingParty(u.Hostname(), relyingParty, origin); err != nil {
			h.Site.Log.Warn("passkeys and security keys cannot be used by people of a directory", "reason", err)
		}
	}
	route := func(path string, get, post pagehttp.Func) {
		m := pagehttp.Methods{}
		if get != nil {
			m[http.MethodGet] = get
		}
		if post != nil {
			m[http.MethodPost] = post
		}
		h.Site.Route(h.mux, path, m)
	}
	route(pathFactor, h.chooseFactor, nil)
	route(pathFactorCode, h.askFactorCode, h.checkFactorCode)
	route(pathFactorResync, h.askResync, h.checkResync)
	route(pathFactorPasskey, h.askPasskey, h.checkPasskey)
	route(pathFactorTrouble, h.factorTrouble, nil)
	route(pathFactorMail, h.askMailedCode, h.checkMailedCode)
	route(pathFactorMailAgain, nil, h.mailAnotherCode)
	route(pathRegister, h.chooseRegistration, nil)
	route(pathRegisterApp, h.askApp, h.registerApp)
	route(pathRegisterPasskey, h.askNewPasskey, h.registerPasskey)
	route(pathDevices, h.listDevices, nil)
	route(pathDeviceOne, h.askDevice, nil)
	route(pathDeviceRename, nil, h.renameDevice)
	route(pathDeviceRemove, nil, h.removeDevice)
}

// factorFlow is what a flow knows of a second factor.
type factorFlow struct {
	// ID stands for what the first factor let do, which is done once, and At is when
	// that was right.
	ID string    `cbor:"1,keyasint"`
	At time.Time `cbor:"2,keyasint"`

	Failures     int                 `cbor:"3,keyasint,omitempty"` // of codes; how many only decides what is offered
	Ceremony     credential.Ceremony `cbor:"4,keyasint,omitzero"`  // of the passkey that the page asks for
	Code         mailedCode          `cbor:"5,keyasint,omitzero"`  // of stepMailedCode
	Registration string              `cbor:"6,keyasint,omitempty"` // of an app that is registered, sealed
	Device       string              `cbor:"7,keyasint,omitempty"` // of stepDevices: which one
}

func (f factorFlow) deadline() time.Time { return f.At.Add(factorLife) }

// still is the flow without what belongs to one page only.
func (f flow) still() flow {
	f.Factor.Ceremony, f.Factor.Registration, f.Factor.Code = credential.Ceremony{}, "", mailedCode{}
	return f
}

// at is the flow at another step.
func (f flow) at(s step) flow {
	f = f.still()
	f.Step = s
	return f
}

// newFactorFlow is a flow for who just proved the first factor, or is signed in.
func (h *Handler) newFactorFlow(f flow, s step) flow {
	return flow{
		Step: s, Request: f.Request, Browser: f.Browser, UserName: f.UserName, User: f.User, PasswordSetAt: f.PasswordSetAt, Session: f.Session,
		Factor: factorFlow{ID: secret.Token("", 16).Reveal(), At: h.Site.Clock.Now()},
	}
}

// claimant is who gives or registers a second factor.
type claimant struct {
	place   place
	user    directory.User
	devices mfa.List
	session session.Session // of who is signed in
}

// claimant finds whose flow it is, and that what the flow leans on still stands: the
// person may sign in, and the password is the one that was right, or the session is
// still the one of this browser. All else is stale.
func (h *Handler) claimant(tx store.Tx, r *http.Request, f flow) (c claimant, err error) {
	now := h.Site.Clock.Now()
	if f.Factor.ID == "" || !now.Before(f.Factor.deadline()) {
		return c, h.stale(f.Request)
	}
	if c.place, err = findPlace(tx, f.Request.Portal); err != nil {
		return c, err
	}
	if f.Session != "" {
		c.session, c.user, err = FindSignedIn(tx, h.Site.Cookie(r, cookieSession), session.SignIn, pagehttp.Host(r), now)
		if fault.Is(err, fault.Unauthenticated) || err == nil && c.session.ID != f.Session {
			return c, h.stale(f.Request)
		}
	} else {
		c.user, err = h.passworded(tx, f)
	}
	if err != nil {
		return c, err
	}
	if c.user.Disabled || c.user.Directory != c.place.DirectoryID {
		return c, h.stale(f.Request)
	}
	c.devices, err = mfa.Devices(tx, c.user)
	return c, err
}

// passworded is the person whose password was right in the flow, and is the same.
func (h *Handler) passworded(tx store.Tx, f flow) (directory.User, error) {
	u, err := tx.User(f.User)
	var current credential.Password
	if err == nil {
		current, err = tx.Password(people.OwnerOf(u))
	}
	if fault.Is(err, fault.NotFound) || err == nil && (current.MustChange || current.SetAt.UnixMicro() != f.PasswordSetAt) {
		return u, h.stale(f.Request)
	}
	return u, err
}

func (h *Handler) claim(r *http.Request, f flow) (c claimant, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		c, err = h.claimant(tx, r, f)
		return err
	})
	return c, err
}

// enter goes on after the first factor: it lets the person in, or asks for what else
// the instance wants of them (G-52, H-10, behaviours.md 6.7). also is what made the
// first factor right, in the same transaction.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request, f flow, u directory.User, also func(store.Tx) error) error {
	f.Session = ""
	f = h.newFactorFlow(f, stepFactor)
	var need mfa.Need
	var p place
	var in entry
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		need, in = mfa.Refused, entry{}
		if err := also(tx); err != nil {
			return err
		}
		if p, err = findPlace(tx, f.Request.Portal); err != nil {
			return err
		}
		current, err := tx.Password(people.OwnerOf(u))
		if err != nil {
			return err
		}
		f.User, f.PasswordSetAt = u.ID, current.SetAt.UnixMicro()
		if need, err = h.need(tx, r, p, u); err != nil {
			return err
		}
		switch need {
		case mfa.Nothing:
			in, err = h.begin(tx, r, p, u, time.Time{}, h.authenticated(r, f, p, u, credentialPassword))
			return err
		case mfa.Refused:
			return tx.AppendEvent(h.factorEvent(r, f, p, u, eventAuthentication, "", "mfa-device-required"))
		case mfa.Registration:
			e := h.factorEvent(r, f, p, u, eventChallenge, "", "")
			e.Set("DeviceEnrollmentRequired", "true")
			return tx.AppendEvent(e)
		case mfa.Factor, mfa.MailedCode:
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch need {
	case mfa.Nothing:
		h.welcome(w, r, p, u, in)
		return h.proceed(w, r, f.Request, in.session)
	case mfa.Factor:
		return pagehttp.See(w, h.pageOf(pathFactor, f))
	case mfa.Registration:
		return pagehttp.See(w, h.pageOf(pathRegister, f.at(stepRegister)))
	case mfa.MailedCode:
		return h.mailFactorCode(w, r, f)
	case mfa.Refused:
	}
	of := web.PersonMFA{Frame: h.Site.Frame(r), Organisation: p.organization, UserName: u.UserName}
	of.Path = h.loginPath(f.Request)
	return h.Site.Show(w, r, http.StatusForbidden, web.PersonMFABlocked{PersonMFA: of, BackURL: h.Site.Map.StartURL(p.portalName(f.Request.Portal))})
}

// need is what the instance asks of the person in this browser.
func (h *Handler) need(tx store.Tx, r *http.Request, p place, u directory.User) (mfa.Need, error) {
	devices, err := mfa.Devices(tx, u)
	if err != nil {
		return mfa.Refused, err
	}
	trusted, err := h.trusted(tx, r, u)
	if err != nil {
		return mfa.Refused, err
	}
	need := mfa.Decide(p.MFA, len(devices), trusted)
	cannotRegister := len(h.registrable(p.MFA)) == 0
	if need == mfa.Registration && cannotRegister || need == mfa.MailedCode && u.Email == "" {
		return mfa.Refused, nil
	}
	return need, nil
}

// registrable are the kinds of device that can be registered here: without a host name
// there are no passkeys.
func (h *Handler) registrable(s access.MFA) []access.MFAType {
	return slices.DeleteFunc(slices.Clone(s.Types), func(t access.MFAType) bool { return t == access.WebAuthn && h.party == nil })
}

// factorEvent is an event of the flow; kind is what proves the person, "" for nothing.
func (h *Handler) factorEvent(r *http.Request, f flow, p place, u directory.User, name, kind, reason string) *audit.Event {
	e := h.event(r, p, u, name, reason)
	if id, err := uuid.FromBytes(f.Request.ID); err == nil {
		e.Set("AuthWorkflowID", id.String())
	}
	if kind != "" {
		e.Set("CredentialType", kind)
	}
	return e
}

// authenticated is the event that the person is in, at last by such a proof.
func (h *Handler) authenticated(r *http.Request, f flow, p place, u directory.User, kind string) *audit.Event {
	e := h.factorEvent(r, f, p, u, eventAuthentication, kind, "")
	if f.Request.Purpose == ForPortal {
		e.Set("LoginTo", h.Site.Map.Portal(f.Request.Portal))
	}
	return e
}

// personMFA is what the pages have in common.
func (h *Handler) personMFA(r *http.Request, path string, c claimant, f flow) web.PersonMFA {
	frame := h.frame(r, path, f)
	if r.Method == http.MethodPost {
		frame.Path = h.pageOf(path, f.still())
	}
	return web.PersonMFA{Frame: frame, Organisation: c.place.organization, UserName: c.user.UserName}
}

// chooseFactor leads to the page of the kind of device that the person has; with both
// kinds they choose.
func (h *Handler) chooseFactor(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	c, err := h.claim(r, f)
	if err != nil {
		return err
	}
	apps, keys := len(c.devices.Of(access.TOTP)) > 0, len(c.devices.Of(access.WebAuthn)) > 0 && h.party != nil
	switch {
	case apps && keys:
		return h.Site.Show(w, r, http.StatusOK, web.FactorChoice{
			Frame: h.frame(r, pathFactor, f), Name: c.user.UserName,
			CodeURL: h.pageOf(pathFactorCode, f), PasskeyURL: h.pageOf(pathFactorPasskey, f), TroubleURL: h.pageOf(pathFactorTrouble, f),
		})
	case apps:
		return pagehttp.See(w, h.pageOf(pathFactorCode, f))
	case keys:
		return pagehttp.See(w, h.pageOf(pathFactorPasskey, f))
	}
	return h.stale(f.Request) // the last device was taken away meanwhile: sign-in starts again
}

// factorTrouble says what to do about a device that is lost or does not work (M-48).
func (h *Handler) factorTrouble(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor)
	if err != nil {
		return err
	}
	c, err := h.claim(r, f)
	if err != nil {
		return err
	}
	page := web.PersonMFATrouble{PersonMFA: h.personMFA(r, pathFactorTrouble, c, f), BackURL: h.pageOf(pathFactor, f)}
	if len(c.devices.Of(access.TOTP)) > 0 {
		page.ResyncURL = h.pageOf(pathFactorResync, f)
	}
	return h.Site.Show(w, r, http.StatusOK, page)
}

// factor is what the pages that ask for a device have in common.
func (h *Handler) factor(r *http.Request, path string, c claimant, f flow) web.Factor {
	p := web.Factor{
		Frame: h.personMFA(r, path, c, f).Frame, Action: path, Name: c.user.UserName, TroubleURL: h.pageOf(pathFactorTrouble, f.still()),
		Trust: mayTrust(c.place, f),
	}
	if len(c.devices.Of(access.TOTP)) > 0 && len(c.devices.Of(access.WebAuthn)) > 0 && h.party != nil {
		p.OtherURL = h.pageOf(pathFactor, f.still())
	}
	return p
}

// tryFactor runs verify in a transaction that is committed also when it refuses,
// which it does with a Denied or Throttled fault: a try that was rolled back would not
// count. When it accepts, the flow is used up: of one right password there is one
// session.
func (h *Handler) tryFactor(r *http.Request, f flow, kind string, verify func(store.Tx, claimant) error) (refused, err error) {
	var c claimant
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		refused = nil
		if c, err = h.claimant(tx, r, f); err != nil {
			return err
		}
		err = verify(tx, c)
		switch {
		case err == nil:
			if err := h.spendFactor(tx, f); err != nil {
				return err
			}
			return tx.AppendEvent(h.factorEvent(r, f, c.place, c.user, eventVerification, kind, ""))
		case fault.Is(err, fault.Throttled):
			refused = err
			return nil
		case fault.Is(err, fault.Denied):
			refused = err
			return tx.AppendEvent(h.factorEvent(r, f, c.place, c.user, eventVerification, kind, fault.ReasonOf(err)))
		}
		return err
	})
	if err == nil && fault.Is(refused, fault.Throttled) {
		h.Count(h.factorEvent(r, f, c.place, c.user, eventVerification, kind, reasonThrottled))
	}
	return refused, err
}

func (h *Handler) spendFactor(tx store.Tx, f flow) error {
	err := tx.SpendOnce(secret.NewString("person-mfa\x00"+f.Factor.ID).Hash(), f.Factor.deadline())
	if fault.Is(err, fault.Conflict) {
		return h.stale(f.Request)
	}
	return err
}

// perAddress bounds what may be tried from one network.
func (h *Handler) perAddress(tx store.Tx, r *http.Request, verify func() error) error {
	keys := h.Site.Network(r)
	if err := credential.Reserve(tx, keys, h.Site.Clock.Now()); err != nil {
		return err
	}
	if err := verify(); err != nil {
		return err
	}
	return credential.Succeeded(tx, keys)
}

// passed lets the person in who gave a second factor, or renews the session of who
// was signed in. trust is whether they said that the browser is to be trusted.
func (h *Handler) passed(w http.ResponseWriter, r *http.Request, f flow, kind string, trust bool) error {
	var c claimant
	var in entry
	var mark secret.String
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if c, err = h.claimant(tx, r, f); err != nil {
			return err
		}
		now := h.Site.Clock.Now()
		mark = secret.String{}
		if f.Session != "" {
			c.session.MFAAt = now
			return tx.PutSession(c.session)
		}
		if trust && mayTrust(c.place, f) {
			if mark, err = mfa.Trust(tx, c.user.ID, h.context(r), now); err != nil {
				return err
			}
		}
		in, err = h.begin(tx, r, c.place, c.user, now, h.authenticated(r, f, c.place, c.user, kind))
		return err
	})
	if err != nil {
		return err
	}
	if f.Session != "" {
		return h.proceed(w, r, f.Request, c.session)
	}
	h.rememberTrust(w, c.user, mark)
	h.welcome(w, r, c.place, c.user, in)
	return h.proceed(w, r, f.Request, in.session)
}
