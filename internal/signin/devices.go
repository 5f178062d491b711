package signin

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// A person's own devices: on this host, because passkeys are its. Whoever changes
// them proved a moment ago to have one, or, having none, to know the password: a
// browser left open is not enough.

// recentFactor is how old that may be.
const recentFactor = 15 * time.Minute

// devicesPath is the address of the page for people of a portal.
func (h *Handler) devicesPath(portal string, notice web.PersonMFANotice) string {
	q := url.Values{}
	if portal != "" {
		q.Set("portal", portal)
	}
	if notice != "" {
		q.Set("done", string(notice))
	}
	return pathDevices + "?" + q.Encode()
}

// mayManage reports whether a signed-in person may change their devices now.
func (h *Handler) mayManage(c claimant) bool {
	return c.place.MFA.SelfService && h.recent(c.session, len(c.devices))
}

// recent reports whether the session was proved lately, by what the person has.
func (h *Handler) recent(s session.Session, devices int) bool {
	proved := s.MFAAt
	if devices == 0 && s.CreatedAt.After(proved) {
		proved = s.CreatedAt
	}
	return h.Site.Clock.Now().Before(proved.Add(recentFactor))
}

// listDevices shows the person's devices, to who proved to be that person lately.
func (h *Handler) listDevices(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	portal := q.Get("portal")
	p, err := h.place(r.Context(), portal)
	if err != nil {
		return err
	}
	if portal != "" {
		portal = p.PortalName() // sealed values shall not grow with what was asked for
	}
	req := Request{Purpose: ForDevices, Portal: portal}
	s, u, ok, err := h.signedIn(r)
	if err != nil {
		return err
	}
	if !ok || u.Directory != p.DirectoryID {
		return pagehttp.See(w, h.Begin(req))
	}
	var devices mfa.List
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		devices, err = mfa.Devices(tx, u)
		return err
	})
	if err != nil {
		return err
	}
	req.IssuedAt = h.Site.Clock.Now()
	f := h.newFactorFlow(flow{Request: req, Browser: h.browser(w, r), Session: s.ID}, stepFactor)
	if p.MFA.SelfService && !h.recent(s, len(devices)) {
		if len(devices) > 0 {
			return pagehttp.See(w, h.pageOf(pathFactor, f))
		}
		req.Again = true
		return pagehttp.See(w, h.Begin(req))
	}
	return h.showDevices(w, r, claimant{place: p, user: u, devices: devices, session: s}, f, web.PersonMFANotice(q.Get("done")))
}

func (h *Handler) showDevices(w http.ResponseWriter, r *http.Request, c claimant, f flow, notice web.PersonMFANotice) error {
	switch notice {
	case web.PersonDeviceAdded, web.PersonDeviceRenamed, web.PersonDeviceRemoved:
	default:
		notice = ""
	}
	f = f.at(stepDevices)
	of := h.personMFA(r, pathDevices, c, f)
	of.Path = h.devicesPath(f.Request.Portal, "")
	page := web.PersonMFADevices{
		PersonMFA: of, Max: mfa.MaxDevices, Managed: !c.place.MFA.SelfService, Notice: notice,
		PortalURL: h.Site.Map.StartURL(c.place.portalName(f.Request.Portal)),
	}
	for _, d := range c.devices {
		shown := shownDevice(d)
		if !page.Managed {
			one := f
			one.Factor.Device = d.ID
			shown.EditURL = h.pageOf(pathDeviceOne, one)
		}
		page.Devices = append(page.Devices, shown)
	}
	if !page.Managed && len(c.devices) < mfa.MaxDevices && len(h.registrable(c.place.MFA)) > 0 {
		page.AddURL = h.pageOf(pathRegister, f.at(stepRegister))
	}
	return h.Site.Show(w, r, http.StatusOK, page)
}

func shownDevice(d mfa.Device) web.PersonDevice {
	return web.PersonDevice{Name: d.Name, App: d.Kind == access.TOTP, CreatedAt: d.CreatedAt, LastUsedAt: d.LastUsedAt}
}

// manager is a claimant who may change the device of the flow.
func (h *Handler) manager(tx store.Tx, r *http.Request, f flow) (claimant, mfa.Device, error) {
	c, err := h.claimant(tx, r, f)
	if err == nil && (f.Session == "" || !h.mayManage(c)) {
		err = h.stale(f.Request)
	}
	if err != nil {
		return c, mfa.Device{}, err
	}
	d, err := c.devices.Find(f.Factor.Device)
	if fault.Is(err, fault.NotFound) {
		err = h.stale(f.Request) // removed meanwhile
	}
	return c, d, err
}

func (h *Handler) askDevice(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepDevices)
	if err != nil {
		return err
	}
	return h.showDevice(w, r, f, http.StatusOK, "", "")
}

func (h *Handler) showDevice(w http.ResponseWriter, r *http.Request, f flow, status int, typed string, problem web.PersonMFADeviceError) error {
	var c claimant
	var d mfa.Device
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		c, d, err = h.manager(tx, r, f)
		return err
	})
	if err != nil {
		return err
	}
	required := mfa.Decide(c.place.MFA, 0, false)
	return h.Site.Show(w, r, status, web.PersonMFADevice{
		PersonMFA: h.personMFA(r, pathDeviceOne, c, f), Device: shownDevice(d), Last: len(c.devices) == 1,
		Required: required != mfa.Nothing, RenameAction: pathDeviceRename, RemoveAction: pathDeviceRemove,
		DeviceName: typed, BackURL: h.devicesPath(f.Request.Portal, ""), Error: problem,
	})
}

func (h *Handler) renameDevice(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepDevices)
	if err != nil {
		return err
	}
	name, problem := typedName(form.Get(web.FieldDeviceName))
	if problem != "" {
		return h.showDevice(w, r, f, http.StatusUnprocessableEntity, name, problem)
	}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		c, d, err := h.manager(tx, r, f)
		if err != nil {
			return err
		}
		if err := mfa.Rename(tx, c.user, d.ID, name); err != nil {
			return err
		}
		return tx.AppendEvent(h.deviceEvent(r, f, c, eventRenameDevice, d))
	})
	if problem := registerProblem(err); problem != "" {
		return h.showDevice(w, r, f, http.StatusUnprocessableEntity, name, problem)
	}
	if err != nil {
		return err
	}
	return pagehttp.See(w, h.devicesPath(f.Request.Portal, web.PersonDeviceRenamed))
}

// removeDevice takes the device away, tells the person by mail, and ends the trust in
// every browser.
func (h *Handler) removeDevice(w http.ResponseWriter, r *http.Request) error {
	f, _, err := h.openForm(r, stepDevices)
	if err != nil {
		return err
	}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		c, d, err := h.manager(tx, r, f)
		if err != nil {
			return err
		}
		if _, err := mfa.Delete(tx, c.user, d.ID); err != nil {
			return err
		}
		if err := h.deviceNotice(tx, r, c, web.PersonDeviceRemoved, d); err != nil {
			return err
		}
		return tx.AppendEvent(h.deviceEvent(r, f, c, eventRemoveDevice, d))
	})
	if err != nil {
		return err
	}
	return pagehttp.See(w, h.devicesPath(f.Request.Portal, web.PersonDeviceRemoved))
}
