package consoleweb_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	awssso "github.com/aws/aws-sdk-go-v2/service/sso"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/uuid"

	"sekisho/internal/accountsignin"
	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/consoleweb"
	"sekisho/internal/gateway"
	"sekisho/internal/live"
	"sekisho/internal/orgfile"
	"sekisho/internal/pagehttp"
	"sekisho/internal/portal"
	"sekisho/internal/secret"
	iamservice "sekisho/internal/services/iam"
	"sekisho/internal/services/ssoportal"
	"sekisho/internal/services/sts"
	"sekisho/internal/session"
	"sekisho/internal/signin"
	"sekisho/internal/sigv4"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/internal/token"
	"sekisho/web"
)

const organisation = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com, alias: example}
  accounts:
    - {id: "444455556666", name: Production, email: prod@example.com, alias: example-prod}
identity_center:
  region: eu-central-1
  subdomain: example
  directory_id: d-1234567890
  users: [{username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}]
  permission_sets:
    - {name: ReadOnly, session_duration: PT2H, relay_state: "https://console.aws.amazon.com/iam/home#/roles", managed_policies: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
    - {name: Other}
  assignments: [{account: Production, permission_set: ReadOnly, users: [jane]}]
iam:
  - account: Example Corp
    users:
      - {name: taro, policies: [{name: all, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]}
      - {name: olga}
  - account: Production
    roles:
      - name: Ops
        max_session_duration: PT4H
        trust_policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole"}, {Effect: Allow, Principal: {AWS: "444455556666"}, Action: "sts:AssumeRole"}]}
        policies: [{name: all, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "iam:Get*", Resource: "*"}]}}]
      - name: Auditor
        path: /team/
        trust_policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole"}]}
      - name: Partner
        trust_policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole", Condition: {StringEquals: {"sts:ExternalId": "42"}}}]}
`

const (
	management = "111122223333"
	production = "444455556666"
	signInPage = "/sign-in-page"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is the console with the real gate behind it, and a portal to come from.
// The sign-in host's pages are not in it: sign-in is done by hand.
type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	addr    surface.Map
	console *consoleweb.Handler
	portal  *portal.Handler
	// asked is what the console last asked of sign-in.
	asked accountsignin.Request
	taro  string // AIDA…
	jane  string
}

var app = fstest.MapFS{
	"index.html":      {Data: []byte("<!doctype html><title>console</title><!--sekisho:session--><script src=\"/console-assets/assets/app-1.js\"></script>")},
	"assets/app-1.js": {Data: []byte("console.log('console')\n")},
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, clock: clock.NewFixed(start)}
	db, ring := storetest.OpenWithRing(t)
	w.db = db
	f, err := orgfile.Parse([]byte(organisation))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&orgfile.Applier{Store: db}).Apply(t.Context(), f, start); err != nil {
		t.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		u, err := tx.IAMUserByName(management, "taro")
		if err != nil {
			return err
		}
		w.taro = u.ID
		p, err := storetest.User(tx, "jane")
		w.jane = p.ID
		return err
	})
	public, err := url.Parse("http://localhost:8420")
	if err != nil {
		t.Fatal(err)
	}
	w.addr = surface.New(public, "eu-central-1")
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	clientIP := func(*http.Request) string { return "198.51.100.7" }
	site := &pagehttp.Site{Pages: pages, Map: w.addr, Clock: w.clock, Log: log, ClientIP: clientIP,
		RequestID: func(*http.Request) string { return "11111111-2222-3333-4444-555555555555" }}
	facts := live.New(db)
	facts.Follow(t.Context())
	sessions := token.Sessions{Ring: ring}
	who := &authn.Authenticator{Live: facts, Sessions: sessions, Clock: w.clock, SigningKeys: sigv4.NewKeyCache(16)}
	az := &authz.Authorizer{Live: facts}
	counts := audit.NewCounter(func(ctx context.Context, batch []*audit.Event) error {
		return db.Update(ctx, nil, func(tx store.Tx) error { return tx.AppendEvent(batch[0]) })
	}, func(err error, _ int) { t.Error(err) })
	gate := &gateway.Gateway{Authn: who, Authz: az, Clock: w.clock, Map: w.addr, Log: log, Counts: counts, ClientIP: clientIP,
		RequestID: func(http.ResponseWriter) string { return uuid.NewString() }}
	err = errors.Join(
		gate.Register("sts", sts.Table, &sts.Service{Store: db, Live: facts, Sessions: sessions, Authz: az}, sts.Names{}),
		gate.Register("iam", iamservice.Table, &iamservice.Service{Store: db, Live: facts, Authz: az, Ring: ring}, iamservice.Names{Store: db}),
		gate.Register("sso", ssoportal.Table, &ssoportal.Service{Store: db, Live: facts, Sessions: sessions}, nil),
	)
	if err != nil {
		t.Fatal(err)
	}
	standing := func(ask func(context.Context, string) (call.Principal, error)) func(context.Context, string) (call.Principal, error) {
		return func(ctx context.Context, id string) (call.Principal, error) {
			p, err := ask(ctx, id)
			if _, ok := errors.AsType[*authn.Refusal](err); ok {
				return call.Principal{}, session.ErrEnded
			}
			return p, err
		}
	}
	w.console, err = consoleweb.New(consoleweb.Deps{
		Site: site, DB: db, Ring: ring, App: app, API: gate.ServeAs,
		Count: func(e *audit.Event) { w.update(func(tx store.Tx) error { o := *e; return tx.AppendEvent(&o) }) },
		Begin: func(r accountsignin.Request) string {
			w.asked = r
			return w.addr.SignIn() + signInPage
		},
		Principal: standing(who.Console), Owner: standing(who.ConsoleOwner),
		Assume: func(rw http.ResponseWriter, r *http.Request, p call.Principal, role session.Switched, life int32) (session.Switched, error) {
			at := "arn:aws:iam::" + role.Account + ":role/" + role.Role
			out, err := gate.Invoke(rw, r, "sts", "AssumeRole", p, &awssts.AssumeRoleInput{RoleArn: &at, RoleSessionName: &p.UserName, DurationSeconds: &life})
			if err == nil {
				role.Token = secret.NewString(*out.(*awssts.AssumeRoleOutput).Credentials.SessionToken)
			}
			return role, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.portal, err = portal.New(portal.Deps{
		Site: site, DB: db, Ring: ring, App: app, Begin: func(signin.Request) string { return w.addr.SignIn() + signInPage },
		Role: func(rw http.ResponseWriter, r *http.Request, p call.Principal, account, set string) (secret.String, time.Time, error) {
			token := "cookie"
			out, err := gate.Invoke(rw, r, "sso", "GetRoleCredentials", p, &awssso.GetRoleCredentialsInput{AccessToken: &token, AccountId: &account, RoleName: &set})
			if err != nil {
				return secret.String{}, time.Time{}, err
			}
			c := out.(*awssso.GetRoleCredentialsOutput).RoleCredentials
			return secret.NewString(*c.SessionToken), time.UnixMilli(c.Expiration), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// serve is the server: it finds the surface by host.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	switch w.addr.Find(r.Host).Kind {
	case surface.Console:
		w.console.ServeHTTP(rw, r)
	case surface.Portal:
		w.portal.ServeHTTP(rw, r)
	default:
		http.NotFound(rw, r)
	}
}

// begin makes a session of the kind.
func (w *world) begin(kind session.Kind) (s session.Session) {
	w.Helper()
	s = session.Session{ID: uuid.NewString(), Kind: kind, User: management, Account: management}
	if kind == session.IAMUser {
		s.User = w.taro
	}
	w.update(func(tx store.Tx) (err error) {
		s, err = session.BeginConsole(tx, s, w.clock.Now(), session.ConsoleLife)
		return err
	})
	return s
}

// session reads a session.
func (w *world) session(id string) (s session.Session) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		s, err = tx.Session(id)
		return err
	})
	return s
}

// browser is one browser profile.
type browser struct {
	*world
	jar http.CookieJar
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	return &browser{w, jar}
}

// page is what one request was answered.
type page struct {
	*httptest.ResponseRecorder
	url *url.URL
}

func (p *page) to() string { return p.Header().Get("Location") }

// facts are what the app is told; nil if that is not the app.
func (p *page) facts() map[string]any {
	_, rest, ok := strings.Cut(p.Body.String(), `id="sekisho-session">`)
	if !ok {
		return nil
	}
	text, _, _ := strings.Cut(rest, "</script>")
	var m map[string]any
	if json.Unmarshal([]byte(text), &m) != nil {
		return nil
	}
	return m
}

// do sends one request and follows nothing.
func (b *browser) do(method, address, body string, header ...string) *page {
	b.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequestWithContext(context.Background(), method, u.RequestURI(), strings.NewReader(body))
	r.Host = u.Host
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	for _, c := range b.jar.Cookies(u) {
		r.AddCookie(c)
	}
	p := &page{httptest.NewRecorder(), u}
	b.serve(p, r)
	b.jar.SetCookies(u, p.Result().Cookies())
	return p
}

// at is a path of the console.
func (b *browser) at(path string) string { return b.addr.Console() + path }

func (b *browser) get(path string) *page { return b.do(http.MethodGet, b.at(path), "") }

// script is what the console's script does.
func (b *browser) script(method, path, body string, header ...string) *page {
	return b.do(method, b.at(path), body, append([]string{"X-Sekisho-Csrf", "1", "Sec-Fetch-Site", "same-origin", "Origin", b.addr.Console(), "Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

// form posts the switch role form.
func (b *browser) form(values url.Values) *page {
	return b.do(http.MethodPost, b.at(consoleweb.PathSwitchRole), values.Encode(), "Sec-Fetch-Site", "same-origin", "Origin", b.addr.Console(), "Content-Type", "application/x-www-form-urlencoded")
}

// cookie is the console's in this browser, "" for none.
func (b *browser) cookie() string {
	u, _ := url.Parse(b.addr.Console())
	for _, c := range b.jar.Cookies(u) {
		if c.Name == "sekisho-console" {
			return c.Value
		}
	}
	return ""
}

// code is a handoff's code for the session, as sign-in makes it for the console
// that asked last.
func (b *browser) code(s session.Session) string {
	b.Helper()
	var code secret.String
	b.update(func(tx store.Tx) (err error) {
		code, err = session.GiveHandoff(tx, s, session.Console, pagehttp.HostOf(b.addr.Console()), b.asked.State, b.clock.Now())
		return err
	})
	return code.Reveal()
}

// signIn signs in by hand and returns the session.
func (b *browser) signIn(kind session.Kind) session.Session {
	b.Helper()
	b.get("/login")
	s := b.begin(kind)
	if p := b.get("/handoff?code=" + b.code(s)); p.Code != http.StatusSeeOther || p.to() != "/" {
		b.Fatalf("the handoff is answered %d, %s", p.Code, p.to())
	}
	return s
}

// identity calls GetCallerIdentity as the app does.
func (b *browser) identity() *page {
	return b.script(http.MethodPost, "/api/sts/", "Action=GetCallerIdentity&Version=2011-06-15")
}
