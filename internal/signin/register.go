package signin

import (
	"net/http"
	"slices"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

// The events about devices, as AWS's console causes them for administrators.
const (
	sourceDirectory   = "sso-directory.amazonaws.com"
	eventAddApp       = "CompleteVirtualMfaDeviceRegistration"
	eventAddPasskey   = "CompleteWebAuthnDeviceRegistration"
	eventRenameDevice = "UpdateMfaDeviceForUser"
	eventRemoveDevice = "DeleteMfaDeviceForUser"

	maxTypedName = 1024 // bytes; longer is no name
)

// registrant is a claimant who may register a device: at sign-in only who has none
// and is asked for one, so that a page of before does not get around a device that
// was registered since; signed in, whoever may manage their own (devices.go).
func (h *Handler) registrant(tx store.Tx, r *http.Request, f flow) (claimant, error) {
	c, err := h.claimant(tx, r, f)
	if err != nil {
		return c, err
	}
	if f.Session != "" {
		if !h.mayManage(c) {
			return c, h.stale(f.Request)
		}
		return c, nil
	}
	need, err := h.need(tx, r, c.place, c.user)
	wanted := need == mfa.Registration || need == mfa.Nothing
	if err == nil && (!wanted || len(c.devices) > 0) {
		err = h.stale(f.Request)
	}
	return c, err
}

func (h *Handler) registering(r *http.Request, f flow) (c claimant, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		c, err = h.registrant(tx, r, f)
		return err
	})
	return c, err
}

// cancelPath is where who adds a device goes back to; "" for who has to register one.
func (h *Handler) cancelPath(f flow) string {
	if f.Session == "" {
		return ""
	}
	return h.devicesPath(f.Request.Portal, "")
}

// otherKind is the address at which another kind can be chosen; "" if there is none.
func (h *Handler) otherKind(c claimant, f flow) string {
	if len(h.registrable(c.place.MFA)) < 2 {
		return ""
	}
	return h.pageOf(pathRegister, f.still())
}

// chooseRegistration asks for the kind of device; of one it does not ask.
func (h *Handler) chooseRegistration(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepRegister)
	if err != nil {
		return err
	}
	c, err := h.registering(r, f)
	if err != nil {
		return err
	}
	page := web.PersonMFARegister{PersonMFA: h.personMFA(r, pathRegister, c, f), Required: f.Session == "", CancelURL: h.cancelPath(f)}
	kinds := h.registrable(c.place.MFA)
	if slices.Contains(kinds, access.TOTP) {
		page.AppURL = h.pageOf(pathRegisterApp, f)
	}
	if slices.Contains(kinds, access.WebAuthn) {
		page.PasskeyURL = h.pageOf(pathRegisterPasskey, f)
	}
	switch {
	case len(kinds) == 0:
		return h.stale(f.Request)
	case len(kinds) == 1:
		return pagehttp.See(w, page.AppURL+page.PasskeyURL)
	}
	return h.Site.Show(w, r, http.StatusOK, page)
}

func (h *Handler) askApp(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepRegister)
	if err != nil {
		return err
	}
	return h.showApp(w, r, f, http.StatusOK, "", "")
}

// showApp shows the seed of an app, a new one unless the form had one.
func (h *Handler) showApp(w http.ResponseWriter, r *http.Request, f flow, status int, typed string, problem web.PersonMFADeviceError) error {
	c, err := h.registering(r, f)
	if err != nil {
		return err
	}
	var e mfa.Enrolment
	if now := h.Site.Clock.Now(); f.Factor.Registration == "" {
		e, err = mfa.StartTOTP(h.Ring, c.user, now)
	} else {
		e, err = mfa.ResumeTOTP(h.Ring, c.user, f.Factor.Registration, now)
	}
	if err != nil {
		return err
	}
	if problem == "" {
		problem = registerProblem(c.devices.MayAdd(c.place.MFA, access.TOTP))
	}
	f.Factor.Registration = e.Registration.Reveal()
	return h.Site.Show(w, r, status, web.PersonMFAApp{
		PersonMFA: h.personMFA(r, pathRegisterApp, c, f), Required: f.Session == "", Action: pathRegisterApp, QR: e.QR, Seed: e.Seed.Reveal(),
		Number: len(c.devices.Of(access.TOTP)) + 1, DeviceName: typed, OtherURL: h.otherKind(c, f), CancelURL: h.cancelPath(f), Error: problem,
	}, h.portalOrigin(f.Request))
}

// registerApp gives the person the app that showed the code.
func (h *Handler) registerApp(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepRegister)
	if err != nil {
		return err
	}
	name, problem := typedName(form.Get(web.FieldDeviceName))
	code := digits(form.Get(web.FieldMFACode))
	if problem == "" && !isCode(code) {
		problem = web.PersonDeviceCode
	}
	if problem != "" {
		return h.showApp(w, r, f, http.StatusUnprocessableEntity, name, problem)
	}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		return h.register(tx, r, f, eventAddApp, func(c claimant) (mfa.Device, error) {
			return mfa.CompleteTOTP(tx, h.Ring, c.place.MFA, c.user, f.Factor.Registration, code, name, h.Site.Clock.Now())
		})
	})
	if fault.Is(err, fault.Denied) {
		return h.showApp(w, r, f, http.StatusUnprocessableEntity, name, web.PersonDeviceCode)
	}
	if problem := registerProblem(err); problem != "" {
		return h.showApp(w, r, f, http.StatusUnprocessableEntity, name, problem)
	}
	if fault.Is(err, fault.Expired) {
		return h.stale(f.Request)
	}
	if err != nil {
		return err
	}
	return h.registered(w, r, f, credentialTOTP)
}

func (h *Handler) askNewPasskey(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepRegister)
	if err != nil {
		return err
	}
	return h.showNewPasskey(w, r, f, http.StatusOK, "", "")
}

func (h *Handler) showNewPasskey(w http.ResponseWriter, r *http.Request, f flow, status int, typed string, problem web.PersonMFADeviceError) error {
	c, err := h.registering(r, f)
	if err != nil {
		return err
	}
	if h.party == nil {
		return h.stale(f.Request)
	}
	options, ceremony, err := h.party.Create(mfa.PasskeyOwner(c.user, c.place.PortalName()), c.devices.Passkeys())
	if err != nil {
		return err
	}
	if problem == "" {
		problem = registerProblem(c.devices.MayAdd(c.place.MFA, access.WebAuthn))
	}
	f.Factor.Ceremony = ceremony
	return h.Site.Show(w, r, status, web.PersonMFAPasskey{
		PersonMFA: h.personMFA(r, pathRegisterPasskey, c, f), Required: f.Session == "", Action: pathRegisterPasskey, Options: string(options),
		Number: len(c.devices.Of(access.WebAuthn)) + 1, DeviceName: typed, OtherURL: h.otherKind(c, f), CancelURL: h.cancelPath(f), Error: problem,
	}, h.portalOrigin(f.Request))
}

// registerPasskey takes what the browser answered and gives the person the device.
func (h *Handler) registerPasskey(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepRegister)
	if err != nil {
		return err
	}
	name, problem := typedName(form.Get(web.FieldDeviceName))
	answer := form.Get(web.FieldCredential)
	if problem == "" && answer == "" {
		problem = registerFailure(form.Get(web.FieldFailure))
	}
	if problem != "" || h.party == nil || !f.Factor.Ceremony.Begun() {
		return h.showNewPasskey(w, r, f, http.StatusUnprocessableEntity, name, problem)
	}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		return h.register(tx, r, f, eventAddPasskey, func(c claimant) (mfa.Device, error) {
			if err := mfa.SpendChallenge(tx, f.Factor.Ceremony, f.Factor.deadline()); err != nil {
				return mfa.Device{}, err
			}
			key, err := h.party.Created(mfa.PasskeyOwner(c.user, c.place.PortalName()), f.Factor.Ceremony, []byte(answer))
			if err != nil {
				return mfa.Device{}, err
			}
			return mfa.AddPasskey(tx, c.place.MFA, c.user, name, key, h.Site.Clock.Now())
		})
	})
	if fault.Is(err, fault.Denied) {
		return h.showNewPasskey(w, r, f, http.StatusUnprocessableEntity, name, web.PersonDeviceFailed)
	}
	if problem := registerProblem(err); problem != "" {
		return h.showNewPasskey(w, r, f, http.StatusUnprocessableEntity, name, problem)
	}
	if err != nil {
		return err
	}
	return h.registered(w, r, f, credentialWebAuthn)
}

// register makes the device, tells the person by mail and the trail, and uses the
// flow up: it makes one device.
func (h *Handler) register(tx store.Tx, r *http.Request, f flow, event string, add func(claimant) (mfa.Device, error)) error {
	c, err := h.registrant(tx, r, f)
	if err != nil {
		return err
	}
	d, err := add(c)
	if err != nil {
		return err
	}
	if err := h.spendFactor(tx, f); err != nil {
		return err
	}
	if f.Session != "" { // who has a new device in hand has shown a factor
		c.session.MFAAt = h.Site.Clock.Now()
		if err := tx.PutSession(c.session); err != nil {
			return err
		}
	}
	if err := h.deviceNotice(tx, r, c, web.PersonDeviceAdded, d); err != nil {
		return err
	}
	return tx.AppendEvent(h.deviceEvent(r, f, c, event, d))
}

// registered goes on: into what the person came for, or back to their devices.
func (h *Handler) registered(w http.ResponseWriter, r *http.Request, f flow, kind string) error {
	if f.Session == "" {
		return h.passed(w, r, f, kind, false)
	}
	return pagehttp.See(w, h.devicesPath(f.Request.Portal, web.PersonDeviceAdded))
}

// deviceNotice tells a person who has an address what became of a device.
func (h *Handler) deviceNotice(tx store.Tx, r *http.Request, c claimant, k web.PersonMFANotice, d mfa.Device) error {
	m := Mailer{h.Site.Pages, h.Senders}
	now := h.Site.Clock.Now()
	return m.Tell(tx, c.user, notify.MFANotice, h.Site.Locale(r), web.PersonMFANoticeMail{
		Kind: k, Organisation: c.place.organization, UserName: c.user.UserName, DeviceName: d.Name, At: now,
		Address: h.Site.ClientIP(r), PortalURL: h.Site.Map.StartURL(c.place.portalName("")),
	}, now)
}

// deviceEvent is an event about a person's own device.
func (h *Handler) deviceEvent(r *http.Request, f flow, c claimant, name string, d mfa.Device) *audit.Event {
	e := h.factorEvent(r, f, c.place, c.user, name, "", "")
	e.Source = sourceDirectory
	e.Set("deviceId", d.ID)
	e.Set("deviceType", string(d.Kind))
	return e
}

func typedName(typed string) (string, web.PersonMFADeviceError) {
	name := strings.TrimSpace(typed)
	switch {
	case name == "":
		return "", web.PersonDeviceNameRequired
	case len(name) > maxTypedName:
		return "", web.PersonDeviceNameInvalid
	case mfa.CheckName(name) != nil:
		return name, web.PersonDeviceNameInvalid
	}
	return name, ""
}

// registerProblem is what the page says of a refusal; "" for what is none.
func registerProblem(err error) web.PersonMFADeviceError {
	switch fault.ReasonOf(err) {
	case "mfa-devices":
		return web.PersonDeviceFull
	case "mfa-apps":
		return web.PersonDeviceApps
	case "mfa-type":
		return web.PersonDeviceType
	case "passkey-taken":
		return web.PersonDeviceTaken
	case "device-name":
		if fault.Is(err, fault.AlreadyExists) {
			return web.PersonDeviceNameTaken
		}
		return web.PersonDeviceNameInvalid
	}
	return ""
}
