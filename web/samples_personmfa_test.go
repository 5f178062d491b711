package web_test

import (
	"time"

	"sekisho/web"
)

func init() {
	sampleSets = append(sampleSets, personMFASamples)
	mailSets = append(mailSets, personMFAMails)
	fields = append(fields, web.FieldTrust)
}

func personMFASamples(loc web.Locale) map[string]web.Page {
	const options = `{"challenge":"dGVzdA","rp":{"id":"signin.localhost","name":"AWS"},"user":{"id":"AQ","name":"jane","displayName":"Jane"},"pubKeyCredParams":[]}`
	of := web.PersonMFA{
		Frame:        web.Frame{Locale: loc, Path: "/platform/mfa?flow=abc", RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"},
		Organisation: organisation, UserName: "jane",
	}
	hostile := of
	hostile.UserName, hostile.Organisation = `<script>alert(1)</script>`+"\u202e", long("Organisation", 20)
	const portal = portalURL
	trusted := web.Factor{Frame: of.Frame, Action: "/platform/mfa/code", Name: "jane", TroubleURL: "/platform/mfa/trouble?flow=abc", OtherURL: "/platform/mfa?flow=abc", Trust: true}
	register := web.PersonMFARegister{PersonMFA: of, Required: true, AppURL: "/platform/mfa/register/app?flow=abc", PasskeyURL: "/platform/mfa/register/passkey?flow=abc"}
	adding := register
	adding.Required, adding.CancelURL, adding.AppURL, adding.PersonMFA = false, "/platform/devices", "", hostile
	app := web.PersonMFAApp{PersonMFA: of, Required: true, Action: "/platform/mfa/register/app", QR: []byte("\x89PNG"), Number: 1,
		Seed: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", OtherURL: "/platform/mfa/register?flow=abc"}
	second := app
	second.Required, second.Number, second.CancelURL, second.OtherURL, second.PersonMFA = false, 2, "/platform/devices", "", hostile
	key := web.PersonMFAPasskey{PersonMFA: of, Required: true, Action: "/platform/mfa/register/passkey", Options: options, Number: 1, OtherURL: "/platform/mfa/register?flow=abc"}
	mail := web.PersonMFAMail{PersonMFA: of, Action: "/platform/mfa/mail", AgainAction: "/platform/mfa/mail/again", Email: "j•••@example.com", Trust: true, Valid: 10 * time.Minute}
	device := web.PersonDevice{Name: "Laptop", CreatedAt: noon.Add(-48 * time.Hour), LastUsedAt: noon, EditURL: "/platform/devices/one?flow=abc"}
	phone := web.PersonDevice{Name: `<b>"phone"` + "\u202e", App: true, CreatedAt: noon.Add(-24 * time.Hour), EditURL: "/platform/devices/one?flow=def"}
	devices := web.PersonMFADevices{PersonMFA: of, Devices: []web.PersonDevice{device, phone}, Max: 8, AddURL: "/platform/mfa/register?flow=abc", PortalURL: portal}
	noticed := devices
	noticed.Notice = web.PersonDeviceRenamed
	managed := devices
	managed.Managed, managed.AddURL = true, ""
	managed.Devices = []web.PersonDevice{{Name: "Laptop", CreatedAt: noon}}
	none := devices
	none.Devices, none.Notice = nil, web.PersonDeviceRemoved
	added := devices
	added.Notice, added.AddURL = web.PersonDeviceAdded, ""
	one := web.PersonMFADevice{PersonMFA: of, Device: phone, Last: true, RenameAction: "/platform/devices/rename", RemoveAction: "/platform/devices/remove", BackURL: "/platform/devices"}
	required := one
	required.Device, required.Required, required.DeviceName, required.Error = device, true, `x"><script>`, web.PersonDeviceNameTaken
	pages := map[string]web.Page{
		"person-mfa-code":          web.FactorCode{Factor: trusted},
		"person-mfa-get":           web.FactorPasskey{Factor: trusted, Options: options},
		"person-mfa-resync":        web.FactorResync{Factor: trusted, CodeURL: "/platform/mfa/code?flow=abc"},
		"person-mfa-register":      register,
		"person-mfa-register-self": adding,
		"person-mfa-app":           app,
		"person-mfa-app-second":    second,
		"person-mfa-passkey":       key,
		"person-mfa-mail":          mail,
		"person-mfa-blocked":       web.PersonMFABlocked{PersonMFA: of, BackURL: portal},
		"person-mfa-trouble":       web.PersonMFATrouble{PersonMFA: of, ResyncURL: "/platform/mfa/resync?flow=abc", BackURL: "/platform/mfa?flow=abc"},
		"person-mfa-trouble-key":   web.PersonMFATrouble{PersonMFA: hostile, BackURL: "/platform/mfa?flow=abc"},
		"person-mfa-devices":       devices,
		"person-mfa-devices-note":  noticed,
		"person-mfa-devices-add":   added,
		"person-mfa-devices-none":  none,
		"person-mfa-devices-admin": managed,
		"person-mfa-device":        one,
		"person-mfa-device-taken":  required,
	}
	for _, e := range []web.PersonMFAMailError{web.PersonMailRequired, web.PersonMailIncorrect, web.PersonMailExpired, web.PersonMailThrottled, web.PersonMailLocked} {
		p := mail
		p.Error, p.Trust = e, false
		if e == web.PersonMailThrottled {
			p.RetryAfter = 4 * time.Minute
		}
		pages["person-mfa-mail-"+string(e)] = p
	}
	for _, e := range []web.PersonMFADeviceError{web.PersonDeviceNameRequired, web.PersonDeviceNameInvalid, web.PersonDeviceCode, web.PersonDeviceFull, web.PersonDeviceApps, web.PersonDeviceType} {
		p := app
		p.Error, p.DeviceName = e, `phone"><script>`
		pages["person-mfa-app-"+string(e)] = p
	}
	for _, e := range []web.PersonMFADeviceError{web.PersonDeviceTaken, web.PersonDeviceCancelled, web.PersonDeviceUnsupported, web.PersonDeviceFailed} {
		p := key
		p.Error, p.Number = e, 3
		pages["person-mfa-passkey-"+string(e)] = p
	}
	return pages
}

func personMFAMails() map[string]web.Mail {
	notice := web.PersonMFANoticeMail{Kind: web.PersonDeviceAdded, Organisation: organisation, UserName: "jane", DeviceName: "Laptop", At: noon, Address: "192.0.2.17", PortalURL: portalURL}
	removed := notice
	removed.Kind, removed.DeviceName = web.PersonDeviceRemoved, `<b>phone`
	given, taken := notice, removed
	given.ByAdministrator, given.Address = true, ""
	taken.ByAdministrator, taken.Address = true, ""
	return map[string]web.Mail{
		"personmfa-given":   given,
		"personmfa-taken":   taken,
		"personmfa-code":    web.PersonMFACodeMail{Organisation: organisation, UserName: "jane", Code: "493027", Valid: 10 * time.Minute},
		"personmfa-added":   notice,
		"personmfa-removed": removed,
	}
}
