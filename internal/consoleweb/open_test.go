package consoleweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// portalAt is an address of jane's portal.
func (b *browser) portalAt(path string) string { return b.addr.Portal("example") + path }

// signInToPortal signs jane in at her portal, by hand.
func (b *browser) signInToPortal() (s session.Session) {
	b.Helper()
	b.update(func(tx store.Tx) (err error) {
		if s, err = session.Begin(tx, uuid.NewString(), b.jane, b.clock.Now(), 8*time.Hour, "198.51.100.7", "test"); err != nil {
			return err
		}
		v, err := session.GiveCookie(tx, s, session.Portal, "example.awsapps.localhost:8420")
		u, _ := url.Parse(b.portalAt("/"))
		b.jar.SetCookies(u, []*http.Cookie{{Name: "sekisho-portal", Value: v.Reveal(), Path: "/"}})
		return err
	})
	return s
}

// ask is what the portal's script asks to open a role's console.
func (b *browser) ask(account, role, destination string) *page {
	return b.do(http.MethodPost, b.portalAt("/start/console"), `{"accountId":"`+account+`","roleName":"`+role+`","destination":"`+destination+`"}`,
		"X-Sekisho-Csrf", "1", "Sec-Fetch-Site", "same-origin", "Origin", b.addr.Portal("example"), "Content-Type", "application/json")
}

// location is where the portal's answer leads.
func (p *page) location() string {
	_, rest, _ := strings.Cut(p.Body.String(), `"location":"`)
	at, _, _ := strings.Cut(rest, `"`)
	return strings.ReplaceAll(at, `\u0026`, "&")
}

// follow goes on until a page is shown.
func (b *browser) follow(address string) *page {
	b.Helper()
	for range 8 {
		p := b.do(http.MethodGet, address, "")
		if p.to() == "" {
			return p
		}
		next, err := p.url.Parse(p.to())
		if err != nil {
			b.Fatal(err)
		}
		address = next.String()
	}
	b.Fatal("redirected in a circle")
	return nil
}

// E-02, E-12, H-16: a role opened from the portal is a console session of that
// role, for as long as the permission set says.
func TestOpenFromThePortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signInToPortal()
	p := b.follow(b.ask(production, "ReadOnly", "").location())
	f := p.facts()
	if f["kind"] != "role" || f["accountId"] != production || f["switched"] != false || f["expiresAt"] != "2026-11-22T11:00:00Z" ||
		!strings.Contains(f["arn"].(string), "assumed-role/AWSReservedSSO_ReadOnly_") {
		t.Fatalf("%s (%d): %v", p.url, p.Code, f)
	}
	// behaviours.md 6.12: explicit destination, then relay state, then home.
	if at := p.url.RequestURI(); at != "/iam/home" || p.url.Fragment != "/roles" {
		t.Errorf("the relay state leads to %s", p.url)
	}
	if p := b.follow(b.ask(production, "ReadOnly", "https://eu-west-1.console.aws.amazon.com/support/home").location()); p.url.RequestURI() != "/support/home?region=eu-west-1" {
		t.Errorf("the destination leads to %s", p.url)
	}
	if p := b.follow(b.ask(production, "ReadOnly", "https://evil.example/x").location()); p.url.Host != "console.localhost:8420" || p.facts() == nil {
		t.Errorf("open redirect: the destination leads to %s", p.url)
	}
	if p := b.identity(); p.Code != http.StatusOK || !strings.Contains(p.Body.String(), "/jane") {
		t.Errorf("the API: %d %s", p.Code, p.Body)
	}
	// E-12, L-01: signing out of the console leaves the portal signed in, to which who
	// came from there is led back; root users and IAM users get to sign in.
	if p := b.script(http.MethodPost, "/signout", ""); !strings.Contains(p.Body.String(), w.addr.StartURL("example")) {
		t.Errorf("sign-out leads to %s", p.Body)
	}
	if p := b.do(http.MethodGet, b.portalAt("/start"), ""); p.facts() == nil {
		t.Errorf("the portal is answered %d", p.Code)
	}
}

// E-12: one browser has a console session of a role while another is the root
// user's, and signing the root user out ends nothing of the role's.
func TestTwoBrowsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root, jane := w.browser(), w.browser()
	root.signIn(session.RootUser)
	jane.signInToPortal()
	jane.follow(jane.ask(production, "ReadOnly", "").location())
	root.script(http.MethodPost, "/signout", "")
	if root.identity().Code != http.StatusUnauthorized || jane.identity().Code != http.StatusOK {
		t.Error("signing one out touched the other, or nobody")
	}
}

// What the person does not hold is refused as the portal's API does, and a page
// that is not the portal's cannot ask.
func TestOpenOnlyWhatIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	if p := b.ask(production, "ReadOnly", ""); p.Code != http.StatusUnauthorized {
		t.Errorf("nobody is answered %d", p.Code)
	}
	b.signInToPortal()
	for _, c := range [][2]string{{production, "Other"}, {management, "ReadOnly"}, {"999999999999", "ReadOnly"}, {production, "Nothing"}, {"", ""}} {
		if p := b.ask(c[0], c[1], ""); p.Code != http.StatusForbidden && p.Code != http.StatusBadRequest || p.location() != "" {
			t.Errorf("%v is answered %d %s", c, p.Code, p.Body)
		}
	}
	p := b.do(http.MethodPost, b.portalAt("/start/console"), `{"accountId":"`+production+`","roleName":"ReadOnly"}`, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if p.Code != http.StatusForbidden {
		t.Errorf("CSRF: another site is answered %d", p.Code)
	}
	if p := b.do(http.MethodPost, b.portalAt("/start/console"), `{"accountId":`, "X-Sekisho-Csrf", "1"); p.Code != http.StatusBadRequest {
		t.Errorf("half a request is answered %d", p.Code)
	}
}

// A pass is worth nothing to anybody but who asked for it: not to another browser,
// not to another person, not later, and the code that it gives not without the
// mark that the console put into the browser (login CSRF, theft, replay).
func TestPassIsBoundToWhoAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signInToPortal()
	pass := b.ask(production, "ReadOnly", "").location()

	stranger := w.browser()
	if p := stranger.follow(pass); p.facts() != nil {
		t.Error("a stranger's browser got the console")
	}
	other := w.browser()
	other.signInToPortal()
	if p := other.follow(pass); p.url.Host == "console.localhost:8420" {
		t.Errorf("another sign-in of the same person got to %s", p.url)
	}
	back := b.do(http.MethodGet, pass, "").to()
	handoff := b.do(http.MethodGet, back, "").to()
	if !strings.HasPrefix(handoff, w.addr.Console()+"/handoff?") {
		t.Fatalf("the portal leads to %s", handoff)
	}
	victim := w.browser()
	victim.get("/")
	if p := victim.do(http.MethodGet, handoff, ""); p.Code != http.StatusBadRequest || victim.cookie() != "" {
		t.Errorf("login CSRF is answered %d", p.Code)
	}
	if p := b.do(http.MethodGet, handoff, ""); p.Code != http.StatusBadRequest {
		t.Errorf("a spent code is answered %d", p.Code)
	}
	w.clock.Advance(session.HandoffLife + time.Second)
	if p := b.follow(pass); p.url.Path != "/start" {
		t.Errorf("an old pass leads to %s", p.url)
	}
	for _, bad := range []string{"", "x", strings.Repeat("x", 40_000)} {
		if p := b.get("/open?pass=" + bad); p.Code == http.StatusSeeOther && p.to() != "/" {
			t.Errorf("a pass that is none leads to %s", p.to())
		}
	}
}

// Un-assignment, the end of the portal session and disabling the person end the
// console at once (promise 12), and lead back to the portal.
func TestPortalsRoleEndsWithWhatItLeansOn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, portal session.Session) error{
		"portal sign-out": func(w *world, portal session.Session) error {
			return w.db.Update(w.Context(), nil, func(tx store.Tx) error { return tx.EndSession(portal.ID, w.clock.Now(), session.SignedOut) })
		},
		"un-assignment": func(w *world, _ session.Session) error {
			return w.db.Update(w.Context(), nil, func(tx store.Tx) error {
				set, err := storetest.PermissionSet(tx, "ReadOnly")
				if err != nil {
					return err
				}
				return tx.DeleteAssignment(access.Assignment{Account: production, PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: w.jane})
			})
		},
		"disabled": func(w *world, _ session.Session) error {
			return w.db.Update(w.Context(), nil, func(tx store.Tx) error {
				u, err := tx.User(w.jane)
				if err != nil {
					return err
				}
				u.Disabled = true
				return tx.PutUser(u)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			portal := b.signInToPortal()
			b.follow(b.ask(production, "ReadOnly", "").location())
			if p := b.identity(); p.Code != http.StatusOK {
				t.Fatal(p.Code)
			}
			if err := end(w, portal); err != nil {
				t.Fatal(err)
			}
			if p := b.identity(); p.Code != http.StatusUnauthorized {
				t.Errorf("the API answers %d", p.Code)
			}
			if p := b.get("/"); p.to() != w.addr.StartURL("example") {
				t.Errorf("the page leads to %s (%d)", p.to(), p.Code)
			}
		})
	}
}

// Switching from a role is a chain, which lasts an hour at most (behaviours.md 4.2).
func TestSwitchFromThePortalsRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signInToPortal()
	b.follow(b.ask(production, "ReadOnly", "").location())
	if p := b.switchTo(production, "Ops"); p.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", p.Code, p.Body)
	}
	if f := b.get("/").facts(); f["expiresAt"] != "2026-11-22T10:00:00Z" || f["switched"] != true || f["switchedFrom"] != "jane @ example-prod" {
		t.Errorf("%v", f)
	}
}
