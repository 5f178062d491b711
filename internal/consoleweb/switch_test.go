package consoleweb_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

var flowField = regexp.MustCompile(`name="flow" value="([^"]*)"`)

// flow is the hidden value of the switch role form.
func (b *browser) flow() string {
	b.Helper()
	m := flowField.FindStringSubmatch(b.get("/switchrole").Body.String())
	if m == nil {
		b.Fatal("there is no form")
	}
	return m[1]
}

// switchTo fills in the form: account, role, and names and values of the rest.
func (b *browser) switchTo(account, role string, more ...string) *page {
	b.Helper()
	v := url.Values{"flow": {b.flow()}, "account": {account}, "roleName": {role}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return b.form(v)
}

func (w *world) events(name string) (events []audit.Event) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		events, err = tx.Events(store.EventFilter{Name: name, Limit: 100})
		return err
	})
	return events
}

// E-03, behaviours.md 8.4: the console acts as the role under the name that the
// person chose, and goes back. Both accounts learn of it.
func TestSwitchRoleAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	s := b.signIn(session.IAMUser)
	p := b.switchTo("example-prod", "Ops", "displayName", "Ops <prod>", "color", "99BCE3", "redirect_uri", "https://console.aws.amazon.com/iam/home#/roles")
	if p.Code != http.StatusSeeOther || p.to() != "/iam/home#/roles" {
		t.Fatalf("%d to %s: %s", p.Code, p.to(), p.Body)
	}
	f := b.get("/iam/home").facts()
	for name, want := range map[string]any{
		"kind": "role", "accountId": production, "accountName": "Production", "alias": "example-prod", "userName": "taro", "switched": true,
		"switchedFrom": "taro @ example", "displayName": "Ops <prod>", "color": "99BCE3", "arn": "arn:aws:sts::" + production + ":assumed-role/Ops/taro",
		"expiresAt": "2026-11-22T13:00:00Z", // the role's own maximum, four hours
	} {
		if f[name] != want {
			t.Errorf("%s is %v, want %v", name, f[name], want)
		}
	}
	if p := b.identity(); !strings.Contains(p.Body.String(), "assumed-role/Ops/taro") {
		t.Errorf("the API acts as %s", p.Body)
	}
	if events := w.events(audit.SwitchRole); len(events) != 2 || events[0].Account == events[1].Account ||
		events[0].Detail[audit.DetailRedirectTo] != w.addr.Console()+"/iam/home#/roles" {
		t.Errorf("events %+v", events)
	}
	if p := b.script(http.MethodPost, "/switchback", ""); p.Code != http.StatusOK || !strings.Contains(p.Body.String(), `"/"`) {
		t.Errorf("%d %s", p.Code, p.Body)
	}
	if f := b.get("/").facts(); f["kind"] != "iam-user" || f["displayName"] != "" || f["color"] != "" {
		t.Errorf("back as %v", f)
	}
	if events := w.events(audit.ExitRole); len(events) != 1 || events[0].UserName != "taro" {
		t.Errorf("events %+v", events)
	}
	if got := w.session(s.ID); !got.Switched.None() || !got.EndedAt.IsZero() {
		t.Errorf("%+v", got)
	}
}

// Each switch is the original user's, so that no chain of roles comes about.
func TestSwitchStartsFromWhoSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.IAMUser)
	for _, role := range []string{"Ops", "team/Auditor"} { // Auditor trusts the user's account, and not the account of Ops
		if p := b.switchTo(production, role); p.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", role, p.Code, p.Body)
		}
	}
	if p := b.identity(); !strings.Contains(p.Body.String(), "assumed-role/Auditor/taro") {
		t.Errorf("the API acts as %s", p.Body)
	}
}

// What STS refuses is told in its own words, and no answer tells whether there is
// such a role, account or alias.
func TestRefusedSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	s := b.signIn(session.IAMUser)
	tried := 0
	for _, c := range []struct{ account, role, resource string }{
		{production, "Partner", "arn:aws:iam::" + production + ":role/Partner"}, // behaviours.md 8.4: asks for an external id
		{production, "Nothing", "arn:aws:iam::" + production + ":role/Nothing"},
		{production, "Auditor", "arn:aws:iam::" + production + ":role/Auditor"}, // without its path
		{"999999999999", "Ops", "arn:aws:iam::999999999999:role/Ops"},
		{"example-prod", "Nothing", "arn:aws:iam::example-prod:role/Nothing"}, // enumeration of aliases
		{"no-such-alias", "Nothing", "arn:aws:iam::no-such-alias:role/Nothing"},
	} {
		p := b.switchTo(c.account, c.role)
		body := html.UnescapeString(p.Body.String())
		want := "User: arn:aws:iam::" + management + ":user/taro is not authorized to perform: sts:AssumeRole on resource: " + c.resource
		if p.Code != http.StatusForbidden || !strings.Contains(body, want) || !strings.Contains(body, `value="`+c.role+`"`) {
			t.Errorf("%s in %s: %d\n%s", c.role, c.account, p.Code, body)
		}
		// behaviours.md 9.3: whose user tried learns of it, with no more of the account
		// than was typed, and nobody else does (flooding of another's history).
		events := w.events(audit.SwitchRole)
		tried++
		if len(events) != tried {
			t.Fatalf("%s in %s: %d events after %d tries", c.role, c.account, len(events), tried)
		}
		at := slices.IndexFunc(events, func(e audit.Event) bool { return e.Resource == c.resource })
		if at < 0 {
			t.Errorf("%s in %s: no event of %s in %+v", c.role, c.account, c.resource, events)
			continue
		}
		if e := events[at]; e.Account != management || e.UserName != "taro" || e.ErrorCode != "Failure" || e.ErrorReason != "AccessDenied" ||
			!strings.Contains(e.ErrorMessage, want) || e.Detail[audit.DetailRedirectTo] != w.addr.Console()+"/" || strings.Contains(e.ErrorMessage, production) != (c.account == production) {
			t.Errorf("%s in %s: the event is %+v", c.role, c.account, e)
		}
	}
	if !w.session(s.ID).Switched.None() {
		t.Error("a role was taken")
	}
}

// The form is checked before anybody is asked, field by field.
func TestSwitchForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.IAMUser)
	p := b.switchTo("", "a b", "displayName", strings.Repeat("é", 65), "color", "red")
	for _, field := range []string{"account", "roleName", "displayName", "color"} {
		if !strings.Contains(p.Body.String(), `href="#`+field+`"`) {
			t.Errorf("nothing is said of %s", field)
		}
	}
	if p.Code != http.StatusUnprocessableEntity || len(w.events("AssumeRole")) != 0 {
		t.Errorf("it is answered %d", p.Code)
	}
	// The address fills it in.
	p = b.get("/switchrole?account=example-prod&roleName=Ops&displayName=Prod&color=99bce3&redirect_uri=" + url.QueryEscape("https://evil.example/"))
	for _, want := range []string{`value="example-prod"`, `value="Ops"`, `value="Prod"`, `value="99BCE3" selected`} {
		if !strings.Contains(p.Body.String(), want) {
			t.Errorf("the form has no %s", want)
		}
	}
	if strings.Contains(p.Body.String(), "evil.example") {
		t.Error("open redirect: the form leads elsewhere")
	}
	for _, to := range []string{"https://evil.example/", "//evil.example", "javascript:alert(1)", "https://console.aws.amazon.com.evil.example/"} {
		if p := b.switchTo(production, "Ops", "redirect_uri", to); p.to() != "/" {
			t.Errorf("%s leads to %s (open redirect)", to, p.to())
		}
	}
}

// CSRF: a form that was not shown to this session switches nothing.
func TestForgedSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attacker, b := w.browser(), w.browser()
	attacker.signIn(session.IAMUser)
	s := b.signIn(session.IAMUser)
	form := url.Values{"account": {production}, "roleName": {"Ops"}, "flow": {attacker.flow()}}
	if p := b.form(form); p.Code != http.StatusBadRequest {
		t.Errorf("another session's form is answered %d", p.Code)
	}
	form.Set("flow", "")
	if p := b.form(form); p.Code != http.StatusBadRequest {
		t.Errorf("a form without flow is answered %d", p.Code)
	}
	form.Set("flow", b.flow())
	p := b.do(http.MethodPost, b.at("/switchrole"), form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if p.Code != http.StatusForbidden {
		t.Errorf("another site's form is answered %d", p.Code)
	}
	w.clock.Advance(time.Hour + time.Second)
	if p := b.form(form); p.Code != http.StatusBadRequest {
		t.Errorf("an old form is answered %d", p.Code)
	}
	if !w.session(s.ID).Switched.None() {
		t.Error("a role was taken")
	}
}

// behaviours.md 8.4: the root user cannot switch roles, not even by a form made by hand.
func TestRootUserCannotSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user, b := w.browser(), w.browser()
	user.signIn(session.IAMUser)
	s := b.signIn(session.RootUser)
	p := b.get("/switchrole?account=example-prod&roleName=Ops")
	if p.Code != http.StatusForbidden || !strings.Contains(p.Body.String(), "The root user cannot switch roles") || strings.Contains(p.Body.String(), "<form") {
		t.Errorf("%d %s", p.Code, p.Body)
	}
	b.form(url.Values{"account": {production}, "roleName": {"Ops"}, "flow": {user.flow()}})
	if !w.session(s.ID).Switched.None() {
		t.Error("a role was taken")
	}
}

// A role that is deleted is lost at once; one whose trust changed stays until its
// time is over, as at AWS. Either way the person is themselves again, not signed out.
func TestSwitchedRoleThatEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*testing.T, *world)
		lost   bool
	}{
		"role deleted": {func(_ *testing.T, w *world) {
			w.update(func(tx store.Tx) error {
				r, err := tx.RoleByName(production, "Ops")
				if err != nil {
					return err
				}
				return tx.DeleteRole(r.ID)
			})
		}, true},
		"trust changed": {func(_ *testing.T, w *world) {
			w.update(func(tx store.Tx) error {
				r, err := tx.RoleByName(production, "Ops")
				if err != nil {
					return err
				}
				r.TrustPolicy = strings.ReplaceAll(r.TrustPolicy, management, "999999999999")
				return tx.PutRole(r)
			})
		}, false},
		"four hours": {func(_ *testing.T, w *world) { w.clock.Advance(4 * time.Hour) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			b.signIn(session.IAMUser)
			if p := b.switchTo(production, "Ops"); p.Code != http.StatusSeeOther {
				t.Fatal(p.Code)
			}
			c.change(t, w)
			p := b.identity()
			if lost := p.Code == http.StatusUnauthorized; lost != c.lost {
				t.Errorf("the API answers %d", p.Code)
			}
			f := b.get("/").facts()
			if back := f["kind"] == "iam-user"; back != c.lost {
				t.Errorf("the console is %v", f)
			}
			if c.lost && (b.identity().Code != http.StatusOK || len(w.events(audit.ExitRole)) != 1) {
				t.Error("the person is not themselves again")
			}
		})
	}
}

// The role's session ends with the sign-in that it came from, however long the role
// would allow.
func TestSwitchedRoleEndsWithTheSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	s := b.signIn(session.IAMUser)
	w.clock.Advance(11*time.Hour + 55*time.Minute)
	if p := b.switchTo(production, "Ops"); p.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", p.Code, p.Body)
	}
	if f := b.get("/").facts(); f["expiresAt"] != s.ExpiresAt.Format(time.RFC3339) {
		t.Errorf("it ends %v", f["expiresAt"])
	}
	w.clock.Advance(5 * time.Minute)
	if p := b.identity(); p.Code != http.StatusUnauthorized {
		t.Errorf("after the sign-in it is answered %d", p.Code)
	}
}

// The last five roles are kept in the browser, newest first, and shown to nobody
// but who used them.
func TestRoleHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		r, err := tx.RoleByName(production, "Ops")
		for _, name := range []string{"A", "B", "C", "D", "E"} {
			if err == nil {
				r.ID, r.Name = "AROA"+strings.Repeat(name, 17), name
				err = tx.PutRole(r)
			}
		}
		return err
	})
	b := w.browser()
	b.signIn(session.IAMUser)
	long := strings.Repeat("名", 64)
	for _, role := range []string{"Ops", "A", "B", "C", "A", "D", "E"} {
		if p := b.switchTo("example-prod", role, "displayName", long, "color", "F2B0A9"); p.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", role, p.Code, p.Body)
		}
	}
	names := func() (got []string) {
		f, _ := b.get("/").facts()["links"].(map[string]any)
		history, _ := f["roleHistory"].([]any)
		for _, entry := range history {
			e, _ := entry.(map[string]any)
			if e["account"] != "example-prod" || e["displayName"] != long || e["color"] != "F2B0A9" {
				t.Errorf("entry %v", e)
			}
			name, _ := e["roleName"].(string)
			got = append(got, name)
		}
		return got
	}
	if got := strings.Join(names(), " "); got != "E D A C B" {
		t.Errorf("history %s", got)
	}
	b.signIn(session.RootUser)
	if got := names(); len(got) != 0 {
		t.Errorf("another person is shown %v", got)
	}
}

// A session that ended while the form was open is sent to sign in, not switched.
func TestSwitchOfAnEndedSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	s := b.signIn(session.IAMUser)
	flow := b.flow()
	if err := w.db.Update(context.Background(), nil, func(tx store.Tx) error { return tx.EndSession(s.ID, w.clock.Now(), session.SignedOut) }); err != nil {
		t.Fatal(err)
	}
	if p := b.form(url.Values{"flow": {flow}, "account": {production}, "roleName": {"Ops"}}); p.Code != http.StatusSeeOther || p.to() != w.addr.SignIn()+signInPage {
		t.Errorf("%d to %s", p.Code, p.to())
	}
}
