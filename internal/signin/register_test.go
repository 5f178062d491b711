package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/mfa"
	"sekisho/internal/notify"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

const (
	registerPath = "/platform/mfa/register"
	appPath      = "/platform/mfa/register/app"
	keyPath      = "/platform/mfa/register/passkey"
)

func named(v url.Values, name string) url.Values {
	v.Set("devicename", name)
	return v
}

// Who has to register an app at sign-in does, names it, and goes on to where they were
// going (behaviours.md 6.7).
func TestRegisterAppAtSignIn(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireRegistration))
	b := w.Browser(t)
	p := w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), registerPath)
	if e := w.Events("CredentialChallenge")[0]; e.Detail["DeviceEnrollmentRequired"] != "true" {
		t.Errorf("%+v", e)
	}
	p = w.mustBeAt(b.Get(p.Link(t, appPath)), appPath)
	a := w.newApp(p)
	if !strings.Contains(p.Body, "data:image/png;base64,") || !strings.Contains(p.Body, `value="Authenticator app"`) || !strings.Contains(p.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("QR code, name or caching: %v", p.Header)
	}
	for what, fill := range map[string]url.Values{
		"Enter its six digits":       named(code("000000"), "Phone"),
		"Enter its six":              named(code("1"), "Phone"),
		"Enter a device name":        named(code(a.code(0)), "  "),
		"has up to 128 characters":   named(code(a.code(0)), strings.Repeat("あ", 129)),
		"has up to 128 characters. ": named(code(a.code(0)), "a\x00b"),
	} {
		got := b.Submit(p, fill)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, strings.TrimSpace(what)) || w.newApp(got).seed != a.seed {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
	if len(w.devices(signintest.Jane)) != 0 || in(b.Get(w.StartURL())) {
		t.Fatal("a device or a session of nothing")
	}
	w.mustBeIn(b.Submit(p, named(code(a.code(0)), "電話")))
	d := w.devices(signintest.Jane)
	if len(d) != 1 || d[0].Name != "電話" || d[0].Kind != access.TOTP {
		t.Fatalf("%+v", d)
	}
	if e := w.Events("CompleteVirtualMfaDeviceRegistration"); len(e) != 1 || e[0].Detail["deviceId"] != d[0].ID || e[0].Source != "sso-directory.amazonaws.com" {
		t.Errorf("%+v", e)
	}
	if m := w.Messages()[0]; m.Subject != "MFA device added" || m.To != "jane@example.com" || m.From != notify.FromIdentityCenter || !strings.Contains(m.Text, "電話") {
		t.Errorf("%+v", m)
	}
	// Replay: the code is used up, and so are the page and what its seed was for.
	signOut(w, b)
	w.Clock.Advance(time.Second)
	if got := b.Submit(p, named(code(a.code(0)), "again")); got.Status != http.StatusBadRequest || len(w.devices(signintest.Jane)) != 1 {
		t.Errorf("registered again: %d", got.Status)
	}
	p = w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa/code")
	if in(b.Submit(p, code(a.code(0)))) {
		t.Error("the code that registered the app let in")
	}
	w.Clock.Advance(time.Minute)
	w.mustBeIn(b.Submit(p, code(a.code(0))))
}

// The same by a security key, for a CLI's authorization (G-55).
func TestRegisterPasskeyForDevice(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireRegistration))
	d, asker := w.StartDevice("AWS CLI", "192.0.2.1")
	b := w.Browser(t)
	p := b.Get(w.Map.Device() + "/?user_code=" + d.UserCode)
	if strings.Contains(p.Body, `value="confirm"`) {
		p = b.Submit(p, url.Values{"decision": {"confirm"}})
	}
	p = b.Submit(b.Submit(p, url.Values{"username": {signintest.Jane}}), password(signintest.JanePassword))
	p = w.mustBeAt(b.Get(w.mustBeAt(p, registerPath).Link(t, keyPath)), keyPath)
	for failure, words := range map[string]string{"InvalidStateError": "registered already", "NotAllowedError": "cancelled", "": "cannot use", "X": "could not be registered"} {
		if got := b.Submit(p, named(url.Values{"failure": {failure}}, "Key")); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, words) {
			t.Errorf("%q: %d", failure, got.Status)
		}
	}
	k := newKey()
	// A challenge is good once, and an answer for another site is none.
	kept := w.party
	w.party.Origin = "https://evil.example"
	if got := b.Submit(p, w.registration(k, p, "Key")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("of another site: %d", got.Status)
	}
	w.party = kept
	p = w.mustBeAt(b.Submit(p, w.registration(k, p, "Key")), "/platform/consent")
	b.Submit(p, url.Values{"decision": {"allow"}})
	if out := w.Poll(asker); out.Refused != nil {
		t.Errorf("the CLI got %+v", out)
	}
	if got := w.devices(signintest.Jane); len(got) != 1 || got[0].Name != "Key" || len(w.Events("CompleteWebAuthnDeviceRegistration")) != 1 {
		t.Errorf("%+v", got)
	}
	// Somebody's key is not another's.
	other := w.Browser(t)
	p = other.SignIn(signintest.Taro, signintest.TaroPassword)
	p = other.Get(p.Link(t, keyPath))
	if got := other.Submit(p, w.registration(k, p, "Key")); !strings.Contains(got.Body, "registered already") || len(w.devices(signintest.Taro)) != 0 {
		t.Errorf("another's key: %d", got.Status)
	}
}

// The kinds that the settings allow are what can be registered; one is not asked for,
// and of none nobody gets in.
func TestRegistrableKinds(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireRegistration))
	b := w.Browser(t)
	p := b.SignIn(signintest.Jane, signintest.JanePassword)
	key := b.Get(p.Link(t, keyPath))
	w.settings(func(m *access.MFA) { m.Types = []access.MFAType{access.TOTP} })
	// The attack: the page of before, for a kind that is not allowed any more.
	if got := b.Submit(key, w.registration(newKey(), key, "Key")); !strings.Contains(got.Body, "does not allow this type") || len(w.devices(signintest.Jane)) != 0 {
		t.Errorf("a kind that is not allowed: %d", got.Status)
	}
	p = w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), appPath)
	if strings.Contains(p.Body, "Register another type") {
		t.Error("another type is offered")
	}
	w.settings(func(m *access.MFA) { m.Types = nil })
	if got := b.SignIn(signintest.Jane, signintest.JanePassword); got.Status != http.StatusForbidden {
		t.Errorf("no kinds: %d", got.Status)
	}
}

// The attack: whoever knows the password keeps a page of registration from the time
// before the owner had a device, to register one of their own; or begins one in a
// browser and ends it in another; or leaves it lying.
func TestRegistrationIsNoWayAroundADevice(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireRegistration))
	b := w.Browser(t)
	choice := b.SignIn(signintest.Jane, signintest.JanePassword)
	byApp, byKey := b.Get(choice.Link(t, appPath)), b.Get(choice.Link(t, keyPath))
	a := w.newApp(byApp)
	if got := w.Browser(t).Submit(byApp, named(code(a.code(0)), "x")); got.Status != http.StatusBadRequest {
		t.Errorf("in another browser: %d", got.Status)
	}
	_, form := byApp.Form(t)
	form.Set("mfacode", a.code(0))
	form.Set("devicename", "x")
	got := b.Once(http.MethodPost, w.Map.SignIn()+appPath, form, func(r *http.Request) {
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	if got.Status < 400 {
		t.Errorf("CSRF: %d", got.Status)
	}
	owners := w.addApp(signintest.Jane)
	for what, got := range map[string]*signintest.Page{
		"app": b.Submit(byApp, named(code(a.code(0)), "x")), "key": b.Submit(byKey, w.registration(newKey(), byKey, "x")), "choice": b.Get(choice.URL.String()),
	} {
		if got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
	if d := w.devices(signintest.Jane); len(d) != 1 || d[0].ID != owners.id {
		t.Fatalf("%+v", d)
	}
	w.Update(func(tx store.Tx) error { return tx.DeletePersonDevice(owners.id) })
	w.Clock.Advance(15 * time.Minute)
	if got := b.Submit(byApp, named(code(a.code(0)), "x")); got.Status != http.StatusBadRequest {
		t.Errorf("after a quarter of an hour: %d", got.Status)
	}
}

const devicesPath = "/platform/devices"

// signedIn is a browser of Jane's that just signed in, and its page of devices.
func (w *factors) signedIn() (*signintest.Browser, *signintest.Page) {
	w.T.Helper()
	b := w.Browser(w.T)
	w.mustBeIn(b.SignIn(signintest.Jane, signintest.JanePassword))
	return b, w.mustBeAt(b.Get(w.Map.SignIn()+devicesPath+"?portal="+signintest.Subdomain), devicesPath)
}

// People add, rename and remove their own devices, and are told by mail (K-53 to K-57,
// M-45 to M-47, Q-34, Q-36).
func TestOwnDevices(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.ContextAware, access.AllowSignIn))
	b, p := w.signedIn()
	if !strings.Contains(p.Body, "You have no MFA device.") {
		t.Error("not empty")
	}
	p = b.Get(b.Get(p.Link(t, registerPath)).Link(t, appPath))
	a := w.newApp(p)
	if p.Link(t, devicesPath) == "" {
		t.Error("no way back")
	}
	p = w.mustBeAt(b.Submit(p, named(code(a.code(0)), "Phone")), devicesPath)
	if !strings.Contains(p.Body, "The device was registered.") || !strings.Contains(p.Body, "Phone") {
		t.Error(p.Body)
	}
	// A second of the same name, then with a name of its own.
	w.Clock.Advance(time.Second)
	p = b.Get(b.Get(p.Link(t, registerPath)).Link(t, keyPath))
	taken := b.Submit(p, w.registration(newKey(), p, "phone"))
	if taken.Status != http.StatusUnprocessableEntity || !strings.Contains(taken.Body, "MFA device of this name") {
		t.Errorf("a taken name: %d", taken.Status)
	}
	p = w.mustBeAt(b.Submit(taken, w.registration(newKey(), taken, "Key")), devicesPath)
	p = b.Get(p.Link(t, "/platform/devices/one"))
	if got := b.SubmitTo(p, "/platform/devices/rename", named(url.Values{}, "KEY")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("another's name: %d", got.Status)
	}
	p = w.mustBeAt(b.SubmitTo(p, "/platform/devices/rename", named(url.Values{}, "Old phone")), devicesPath)
	if got := w.devices(signintest.Jane); len(got) != 2 || got[0].Name != "Old phone" || len(w.Events("UpdateMfaDeviceForUser")) != 1 {
		t.Errorf("%+v", got)
	}
	p = b.Get(p.Link(t, "/platform/devices/one"))
	one := p
	w.Clock.Advance(time.Second)
	p = w.mustBeAt(b.SubmitTo(p, "/platform/devices/remove", nil), devicesPath)
	if got := w.devices(signintest.Jane); len(got) != 1 || got[0].Name != "Key" || !strings.Contains(p.Body, "The device was removed.") || len(w.Events("DeleteMfaDeviceForUser")) != 1 {
		t.Errorf("%+v", got)
	}
	if m := w.Messages()[0]; m.Subject != "MFA device removed" || !strings.Contains(m.Text, "Old phone") {
		t.Errorf("%+v", m)
	}
	if got := b.SubmitTo(one, "/platform/devices/remove", nil); got.Status != http.StatusBadRequest {
		t.Errorf("removed again: %d", got.Status)
	}
	w.mustBeIn(b.Get(p.Link(t, "/start$")))
}

// A browser left open is not enough to change devices: who has one shows it, who has
// none gives the password again (step-up).
func TestOwnDevicesNeedRecentProof(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.Never, access.AllowSignIn))
	b, _ := w.signedIn()
	w.Clock.Advance(15 * time.Minute)
	address := w.Map.SignIn() + devicesPath + "?portal=" + signintest.Subdomain
	p := b.Get(address)
	if p.URL.Path != "/platform/login" {
		t.Fatalf("led to %s", p.URL)
	}
	p = w.mustBeAt(b.Submit(b.Submit(p, url.Values{"username": {signintest.Jane}}), password(signintest.JanePassword)), devicesPath)
	stale := b.Get(p.Link(t, registerPath))
	w.Clock.Advance(15 * time.Minute)
	if got := b.Get(stale.Link(t, appPath)); got.Status != http.StatusBadRequest {
		t.Errorf("a page of a quarter of an hour ago: %d", got.Status)
	}
	a := w.addApp(signintest.Jane)
	p = w.mustBeAt(b.Get(address), "/platform/mfa/code")
	if got := b.Submit(p, code("000000")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", got.Status)
	}
	p = w.mustBeAt(b.Submit(p, code(a.code(0))), devicesPath)
	one := b.Get(p.Link(t, "/platform/devices/one"))
	w.Clock.Advance(15 * time.Minute)
	if got := b.SubmitTo(one, "/platform/devices/remove", nil); got.Status != http.StatusBadRequest || len(w.devices(signintest.Jane)) != 1 {
		t.Errorf("a quarter of an hour later: %d", got.Status)
	}
	w.mustBeAt(b.Get(address), "/platform/mfa/code")
}

// The attacks on one's own devices: without a session, with another person's, with
// one's own form in it, from another site, on another portal's name; and where the
// administrator manages devices.
func TestOwnDevicesAreOnesOwn(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.ContextAware, access.AllowSignIn))
	address := w.Map.SignIn() + devicesPath + "?portal=" + signintest.Subdomain
	if p := w.Browser(t).Get(address); p.URL.Path != "/platform/login" {
		t.Errorf("without a session: %s", p.URL)
	}
	for _, portal := range []string{"nowhere", strings.Repeat("a", 5000), "https://evil.example"} {
		if p := w.Browser(t).Get(w.Map.SignIn() + devicesPath + "?portal=" + url.QueryEscape(portal)); p.Status != http.StatusNotFound {
			t.Errorf("%.20s: %d", portal, p.Status)
		}
	}
	b, p := w.signedIn()
	p = b.Get(b.Get(p.Link(t, registerPath)).Link(t, appPath))
	a := w.newApp(p)
	taro := w.Browser(t)
	w.mustBeIn(taro.SignIn(signintest.Taro, signintest.TaroPassword))
	for what, c := range map[string]string{"browser": "sekisho-flow", "session": "sekisho-session"} {
		lifted := w.Browser(t)
		lifted.Jar = taro.Jar
		kept := taro.Cookie(w.Map.SignIn(), c)
		lifted.SetCookie(w.Map.SignIn(), c, b.Cookie(w.Map.SignIn(), c))
		if got := lifted.Submit(p, named(code(a.code(0)), "Mine")); got.Status != http.StatusBadRequest {
			t.Errorf("with the %s of the other: %d", what, got.Status)
		}
		lifted.SetCookie(w.Map.SignIn(), c, kept)
	}
	if len(w.devices(signintest.Jane))+len(w.devices(signintest.Taro)) != 0 {
		t.Error("a device was registered")
	}
	p = w.mustBeAt(b.Submit(p, named(code(a.code(0)), "Phone")), devicesPath)
	one := b.Get(p.Link(t, "/platform/devices/one"))
	w.settings(func(m *access.MFA) { m.SelfService = false })
	managed := b.Get(address)
	if !strings.Contains(managed.Body, "Your administrator manages MFA devices") || strings.Contains(managed.Body, "/platform/devices/one") || strings.Contains(managed.Body, registerPath) {
		t.Error("what the administrator manages can be changed")
	}
	for _, to := range []string{"/platform/devices/rename", "/platform/devices/remove"} {
		if got := b.SubmitTo(one, to, named(url.Values{}, "x")); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", to, got.Status)
		}
	}
	if got := w.devices(signintest.Jane); len(got) != 1 || got[0].Name != "Phone" {
		t.Errorf("%+v", got)
	}
}

// Liveness: a device that an administrator removes is good no more at once, and who is
// disabled neither lists nor registers any.
func TestOwnDevicesEndAtOnce(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.ContextAware, access.AllowSignIn))
	b, p := w.signedIn()
	p = b.Get(b.Get(p.Link(t, registerPath)).Link(t, appPath))
	a := w.newApp(p)
	w.Update(func(tx store.Tx) error {
		u := w.Users[signintest.Jane]
		u.Disabled = true
		return tx.PutUser(u)
	})
	if got := b.Submit(p, named(code(a.code(0)), "x")); got.Status != http.StatusBadRequest || len(w.devices(signintest.Jane)) != 0 {
		t.Errorf("disabled: %d", got.Status)
	}
	if got := b.Get(w.Map.SignIn() + devicesPath + "?portal=" + signintest.Subdomain); got.URL.Path != "/platform/login" {
		t.Errorf("disabled: %s", got.URL)
	}
}

// At most eight devices, and two apps (behaviours.md 6.7, M-46).
func TestOwnDevicesAreBounded(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.Never, access.AllowSignIn))
	b, p := w.signedIn()
	register := func(path string) *signintest.Page {
		t.Helper()
		return b.Get(b.Get(p.Link(t, registerPath)).Link(t, path))
	}
	for i := range mfa.MaxApps {
		w.Clock.Advance(time.Second)
		form := register(appPath)
		p = w.mustBeAt(b.Submit(form, named(code(w.newApp(form).code(0)), "App "+string(rune('0'+i)))), devicesPath)
	}
	third := register(appPath)
	if !strings.Contains(third.Body, "at most two authenticator apps") {
		t.Error("a third app is offered")
	}
	if got := b.Submit(third, named(code(w.newApp(third).code(0)), "App 3")); !strings.Contains(got.Body, "at most two") {
		t.Errorf("a third app: %d", got.Status)
	}
	last := register(keyPath)
	for i := range mfa.MaxDevices - mfa.MaxApps {
		form := register(keyPath)
		p = w.mustBeAt(b.Submit(form, w.registration(newKey(), form, "Key "+string(rune('0'+i)))), devicesPath)
	}
	if strings.Contains(p.Body, registerPath) {
		t.Error("a ninth device is offered")
	}
	if got := b.Submit(last, w.registration(newKey(), last, "Key 9")); !strings.Contains(got.Body, "at most eight") || len(w.devices(signintest.Jane)) != 8 {
		t.Errorf("a ninth device: %d", got.Status)
	}
}
