package secondfactor

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

const (
	// recent is how old a sign-in may be with which somebody adds a way to sign in:
	// a console left open is not enough.
	recent = 15 * time.Minute

	// maxDevices is how many there may be of any kinds (behaviours.md 5.5).
	maxDevices = 8

	enableMFADevice = "iam:EnableMFADevice"
	// defaultReturn is where the console shows one's devices.
	defaultReturn = "/security-credentials"
	maxReturn     = 2048
)

// registration is what a flow knows of one.
type registration struct {
	Session string `cbor:"1,keyasint"`
	User    string `cbor:"2,keyasint,omitempty"` // AIDA… of whose it will be; "" is the root user
	Return  string `cbor:"3,keyasint"`           // path in the console
	Serial  string `cbor:"4,keyasint,omitempty"` // of stepRegistered
}

// candidate is somebody for whom a device may be registered, by a session.
type candidate struct {
	session session.Session
	actor   iam.User // whose session it is; zero for the root user
	holder  iam.Holder
	owner   credential.PasskeyOwner
	email   string // of the account
	devices iam.Devices
}

// name is what pages call whose it is.
func (c candidate) name() string {
	if c.holder.Root() {
		return c.email
	}
	return c.holder.User.Name
}

// own reports whether they register it for themselves.
func (c candidate) own() bool {
	return c.holder.Root() || c.session.Kind == session.IAMUser && c.session.User == c.holder.User.ID
}

// arn is the resource that iam:EnableMFADevice is about.
func (c candidate) arn() string {
	if c.holder.Root() {
		return arn.Root(c.holder.Account)
	}
	return c.holder.User.ARN()
}

// askRegister shows the form, to who signed in a short while ago.
func (h *Handler) askRegister(w http.ResponseWriter, r *http.Request) error {
	here := pathRegister
	if r.URL.RawQuery != "" {
		here += "?" + r.URL.RawQuery
	}
	s, err := h.SignedIn(r)
	if fault.Is(err, fault.Unauthenticated) {
		return pagehttp.See(w, h.SignInFor(here))
	}
	if err != nil {
		return err
	}
	if h.Site.Clock.Now().Sub(s.CreatedAt) >= recent {
		return pagehttp.See(w, h.SignInAgainFor(s, here))
	}
	q := r.URL.Query()
	c, err := h.candidate(r, s, func(tx store.Tx) (iam.Holder, error) {
		if s.Kind == session.IAMUser && q.Get("user") == "" {
			u, err := tx.IAMUser(s.User)
			return iam.Holder{Account: s.Account, User: u}, err
		}
		return iam.HolderNamed(tx, s.Account, q.Get("user"))
	})
	if err != nil {
		return err
	}
	f := h.newFlow(w, r, stepRegister)
	f.Register = registration{Session: s.ID, User: c.holder.User.ID, Return: safeReturn(q.Get("return"))}
	problem := web.PasskeyError("")
	if len(c.devices) >= maxDevices {
		problem = web.PasskeyFull
	}
	return h.showRegister(w, r, f, c, http.StatusOK, "", problem)
}

// candidate finds whom a device is for and asks whether the session's principal may
// register it: also for oneself, as AWS does.
func (h *Handler) candidate(r *http.Request, s session.Session, find func(store.Tx) (iam.Holder, error)) (c candidate, err error) {
	c.session = s
	if s.Kind != session.RootUser && s.Kind != session.IAMUser {
		return c, &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.AccessDenied}
	}
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		if s.Kind == session.IAMUser {
			if c.actor, err = tx.IAMUser(s.User); err != nil {
				return err
			}
		}
		if c.holder, err = find(tx); err != nil {
			return err
		}
		a, err := tx.Account(s.Account)
		if err != nil {
			return err
		}
		c.email = a.Email
		name := a.Alias
		if name == "" {
			name = a.ID
		}
		c.owner = c.holder.PasskeyOwner(name, a.Email)
		c.devices, err = tx.MFADevicesOf(c.holder.Account, c.holder.User.ID)
		return err
	})
	unknown := fault.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return c, err
	}
	target := arn.User(s.Account, "/", "*") // who may not ask for anybody does not learn who exists
	if !unknown {
		target = c.arn()
	}
	if denied := h.May(r, s, enableMFADevice, target); denied != nil {
		if fault.Is(denied, fault.Unauthenticated) {
			return c, &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.StaleForm, NextURL: "/", Cause: denied}
		}
		p := &pagehttp.Problem{Status: http.StatusForbidden, Kind: web.AccessDenied, Cause: denied}
		if why, ok := fault.As(denied); ok {
			p.Detail = why.Public
		}
		return c, p
	}
	if unknown || c.holder.Root() && s.Kind != session.RootUser {
		return c, &pagehttp.Problem{Status: http.StatusNotFound, Kind: web.NotFound, Cause: err}
	}
	return c, nil
}

// safeReturn is a path of the console, whatever was asked for: an address of another
// site is none (against open redirects).
func safeReturn(path string) string {
	u, err := url.Parse(path)
	if err != nil || len(path) > maxReturn || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\t\r\n") ||
		u.Scheme != "" || u.Host != "" || u.User != nil {
		return defaultReturn
	}
	return path
}

func (h *Handler) console(f flow) string { return h.Site.Map.Console() + safeReturn(f.Register.Return) }

func (h *Handler) showRegister(w http.ResponseWriter, r *http.Request, f flow, c candidate, status int, typed string, problem web.PasskeyError) error {
	if h.party == nil {
		return &pagehttp.Problem{Status: http.StatusNotFound, Kind: web.NotFound}
	}
	options, ceremony, err := h.party.Create(c.owner, c.devices.Passkeys())
	if err != nil {
		return err
	}
	f.Ceremony = ceremony
	p := web.PasskeyRegister{
		Frame: h.frame(r, pathRegister, f), Action: pathRegister, Name: c.name(), Other: !c.own(), Root: c.holder.Root(),
		DeviceName: typed, Options: string(options), CancelURL: h.console(f), Error: problem,
	}
	if r.Method == http.MethodPost {
		p.Path = h.registerAddress(c, f)
	}
	return h.Site.Show(w, r, status, p)
}

// registerAddress is the address of the form for the same person.
func (h *Handler) registerAddress(c candidate, f flow) string {
	q := url.Values{"return": {f.Register.Return}}
	if !c.holder.Root() {
		q.Set("user", c.holder.User.Name)
	}
	return pathRegister + "?" + q.Encode()
}

// ofRegistration is the candidate of a flow, whose session must still be this
// browser's.
func (h *Handler) ofRegistration(r *http.Request, f flow) (candidate, error) {
	s, err := h.SignedIn(r)
	if fault.Is(err, fault.Unauthenticated) || err == nil && s.ID != f.Register.Session {
		return candidate{}, errStale
	}
	if err != nil {
		return candidate{}, err
	}
	return h.candidate(r, s, func(tx store.Tx) (iam.Holder, error) {
		holder := iam.Holder{Account: s.Account}
		if f.Register.User != "" {
			if holder.User, err = tx.IAMUser(f.Register.User); err != nil {
				return holder, err
			}
		}
		return holder, nil
	})
}

// register takes what the browser answered and gives the person the device.
func (h *Handler) register(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepRegister)
	if err != nil {
		return err
	}
	c, err := h.ofRegistration(r, f)
	if err != nil {
		return err
	}
	name, answer := strings.TrimSpace(form.Get(web.FieldDeviceName)), form.Get(web.FieldCredential)
	if len(name) > maxReturn {
		name = ""
	}
	problem := nameProblem(name)
	if problem == "" && answer == "" {
		problem = web.RegistrationFailure(form.Get(web.FieldFailure))
	}
	if problem != "" {
		return h.showRegister(w, r, f, c, http.StatusUnprocessableEntity, name, problem)
	}
	var d iam.MFADevice
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if err := spendChallenge(tx, f); err != nil {
			return err
		}
		key, err := h.party.Created(c.owner, f.Ceremony, []byte(answer))
		if err != nil {
			return err
		}
		if d, err = iam.EnablePasskey(tx, h.Site.Clock.Now(), c.holder, name, key); err != nil {
			return err
		}
		if c.holder.Root() {
			if err := h.notice(tx, r, c.holder.Account, web.FactorAdded, name); err != nil {
				return err
			}
		}
		return tx.AppendEvent(h.enabled(r, c, d))
	})
	if problem := registerProblem(err); problem != "" {
		return h.showRegister(w, r, f, c, http.StatusUnprocessableEntity, name, problem)
	}
	if err != nil {
		return err
	}
	f = f.at(stepRegistered, h.Site.Clock.Now())
	f.Register.Serial = d.Serial
	return pagehttp.See(w, h.pageOf(pathRegistered, f))
}

func nameProblem(name string) web.PasskeyError {
	switch {
	case name == "":
		return web.PasskeyNameRequired
	case iam.CheckDeviceName(name) != nil:
		return web.PasskeyNameInvalid
	}
	return ""
}

// registerProblem is what the page says of a refusal; "" for what is none.
func registerProblem(err error) web.PasskeyError {
	switch {
	case fault.Is(err, fault.Limit):
		return web.PasskeyFull
	case fault.Is(err, fault.AlreadyExists) && fault.ReasonOf(err) == "passkey-taken":
		return web.PasskeyTaken
	case fault.Is(err, fault.AlreadyExists):
		return web.PasskeyNameTaken
	case fault.Is(err, fault.Denied):
		return web.PasskeyFailed
	}
	return ""
}

// enabled is the event, as if IAM had been called (behaviours.md 9.3).
func (h *Handler) enabled(r *http.Request, c candidate, d iam.MFADevice) *audit.Event {
	e := &audit.Event{
		At: h.Site.Clock.Now(), Account: c.holder.Account, Source: "iam.amazonaws.com", Name: "EnableMFADevice", Region: rootRegion,
		PrincipalID: arn.Root(c.holder.Account), Identity: audit.RootIdentity(c.holder.Account, !c.session.MFAAt.IsZero()),
		SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r), Resource: c.arn(),
	}
	if c.session.Kind == session.IAMUser {
		e.Identity = audit.IAMUserIdentity(c.actor.ID, !c.session.MFAAt.IsZero())
		e.PrincipalID, e.UserName = c.actor.ARN(), c.actor.Name
	}
	user := c.holder.User.Name
	if c.holder.Root() {
		user = "AWS ROOT USER"
	}
	e.Set("userName", user)
	e.Set("serialNumber", d.Serial)
	return e
}

// registered confirms, again and again if it is reloaded.
func (h *Handler) registered(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepRegistered)
	if err != nil {
		return err
	}
	c, err := h.ofRegistration(r, f)
	if err != nil {
		return err
	}
	p := web.PasskeyRegistered{
		Frame: h.Site.Frame(r), Name: c.name(), Serial: f.Register.Serial, Devices: len(c.devices), ContinueURL: h.console(f),
	}
	for _, d := range c.devices {
		if d.Serial == f.Register.Serial {
			p.DeviceName = d.Name
		}
	}
	if p.DeviceName == "" {
		return errStale // removed meanwhile
	}
	if len(c.devices) < maxDevices {
		p.AnotherURL = h.registerAddress(c, f)
	}
	return h.Site.Show(w, r, http.StatusOK, p)
}
