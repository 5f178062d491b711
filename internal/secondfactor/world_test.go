package secondfactor_test

import (
	"html"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secondfactor"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/web"
)

const (
	acct     = "111122223333"
	other    = "444455556666"
	signin   = "http://signin.localhost:8420"
	console  = "http://console.localhost:8420"
	rootMail = "root@example.com"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is the pages over a fresh database, with a front door that stands for the
// sign-in pages.
type world struct {
	testing.TB
	db     store.DB
	ring   *keys.Ring
	clock  *clock.Fixed
	pages  *secondfactor.Handler
	taro   iam.User
	boss   iam.User
	party  virtualwebauthn.RelyingParty
	passed []secondfactor.Passed
	// signedIn is the session that every browser has; nil for none.
	signedIn *session.Session
	// denied is the answer to whether somebody may; asked are the questions.
	denied error
	asked  []string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, clock: clock.NewFixed(start), party: virtualwebauthn.RelyingParty{ID: "signin.localhost", Name: "AWS", Origin: signin}}
	w.db, w.ring = storetest.OpenWithRing(t)
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	public, err := url.Parse("http://localhost:8420")
	if err != nil {
		t.Fatal(err)
	}
	site := &pagehttp.Site{
		Pages: pages, Map: surface.New(public, "eu-central-1"), Clock: w.clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ClientIP:  func(r *http.Request) string { return r.Header.Get("Test-Client-Ip") },
		RequestID: func(*http.Request) string { return "11111111-2222-3333-4444-555555555555" },
	}
	w.pages = secondfactor.New(secondfactor.Deps{
		Site: site, DB: w.db, Ring: w.ring,
		Count: func(e *audit.Event) { w.update(func(tx store.Tx) error { return tx.AppendEvent(e) }) },
		SignedIn: func(*http.Request) (session.Session, error) {
			if w.signedIn == nil {
				return session.Session{}, fault.New(fault.Unauthenticated, "no-session", "")
			}
			return *w.signedIn, nil
		},
		SignInFor:      func(path string) string { return signin + "/?here=" + url.QueryEscape(path) },
		SignInAgainFor: func(s session.Session, path string) string { return signin + "/?again=" + url.QueryEscape(s.ID+path) },
		May: func(_ *http.Request, _ session.Session, action, resource string) error {
			w.asked = append(w.asked, action+" "+resource)
			return w.denied
		},
	})
	w.pages.Passed = func(rw http.ResponseWriter, r *http.Request, on []byte, p secondfactor.Passed, also func(store.Tx) error) error {
		if string(on) != "what comes after" {
			t.Errorf("the challenge carried %q back", on)
		}
		if also != nil {
			if err := w.db.Update(r.Context(), nil, also); err != nil {
				return err
			}
		}
		w.passed = append(w.passed, p)
		return pagehttp.See(rw, console+"/handoff")
	}
	w.update(func(tx store.Tx) error {
		for id, email := range map[string]string{acct: rootMail, other: "other@example.com"} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "Example", Email: email, Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		if err := account.SetContact(tx, acct, account.Contact{
			FullName: "Jane", AddressLine1: "1 Street", City: "Springfield", StateOrRegion: "WA", PostalCode: "1", CountryCode: "US", Phone: "+1 (555) 555-0142",
		}); err != nil {
			return err
		}
		w.taro = iam.User{ID: "AIDATARO", Account: acct, Path: "/", Name: "taro", CreatedAt: start}
		w.boss = iam.User{ID: "AIDABOSS", Account: acct, Path: "/", Name: "boss", CreatedAt: start}
		for _, u := range []iam.User{w.taro, w.boss} {
			if err := tx.PutIAMUser(u); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(w.Context(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) view(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.View(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// ServeHTTP is the sign-in host. /begin is a first factor that was right.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/begin" {
		c := secondfactor.Challenge{Account: acct, User: r.URL.Query().Get("user"), Name: rootMail, On: []byte("what comes after")}
		if c.User == w.taro.ID {
			c.Name = w.taro.Name
		}
		w.pages.Site.Handler(func(rw http.ResponseWriter, r *http.Request) error { return w.pages.Begin(rw, r, c) }).ServeHTTP(rw, r)
		return
	}
	w.pages.ServeHTTP(rw, r)
}

func (w *world) events(name string) (events []audit.Event) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		events, err = tx.Events(store.EventFilter{Name: name, Limit: 1000})
		return err
	})
	return events
}

func (w *world) messages() (all []notify.Message) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		all, err = tx.Messages(100)
		return err
	})
	return all
}

func (w *world) holder(user string) iam.Holder {
	h := iam.Holder{Account: acct}
	if user != "" {
		h.User = w.taro
	}
	return h
}

// app is an authenticator app.
type app struct {
	*world
	serial, seed string
	off          time.Duration
}

// code is what it shows, steps of 30 seconds from now.
func (a app) code(steps int) string {
	code, err := totp.GenerateCode(a.seed, a.clock.Now().Add(a.off+time.Duration(steps)*30*time.Second))
	if err != nil {
		a.Fatal(err)
	}
	return code
}

// addApp gives the user an authenticator app.
func (w *world) addApp(user, name string) app {
	w.Helper()
	a := app{world: w}
	w.update(func(tx store.Tx) error {
		d, err := iam.CreateVirtualMFADevice(tx, w.clock.Now(), acct, "/", name, nil)
		if err != nil {
			return err
		}
		a.serial, a.seed = d.Serial, d.Seed.Reveal()
		return iam.EnableMFADevice(tx, w.clock.Now(), w.holder(user), d.Serial, a.code(-2), a.code(-1))
	})
	return a
}

// key is a security key.
type key struct {
	virtualwebauthn.Authenticator
	virtualwebauthn.Credential
	serial string
}

func newKey() *key {
	k := &key{Authenticator: virtualwebauthn.NewAuthenticator(), Credential: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	for len(k.Key.AttestationData()) != coseKey { // the library drops leading zeros of coordinates, which no authenticator does
		k.Credential = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return k
}

// coseKey is how many bytes a P-256 key has in COSE.
const coseKey = 77

// addKey gives the user a security key, as registration does.
func (w *world) addKey(user, name string) *key {
	w.Helper()
	k := newKey()
	party, err := credential.NewRelyingParty("signin.localhost", "AWS", signin)
	if err != nil {
		w.Fatal(err)
	}
	owner := w.holder(user).PasskeyOwner(acct, rootMail)
	options, c, err := party.Create(owner, nil)
	if err != nil {
		w.Fatal(err)
	}
	made, err := party.Created(owner, c, []byte(w.create(k, string(options))))
	if err != nil {
		w.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		d, err := iam.EnablePasskey(tx, w.clock.Now(), w.holder(user), name, made)
		k.serial = d.Serial
		return err
	})
	return k
}

func (w *world) create(k *key, options string) string {
	w.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		w.Fatal(err)
	}
	return virtualwebauthn.CreateAttestationResponse(w.party, k.Authenticator, k.Credential, *o)
}

// answer is what the browser posts of an assertion.
func (w *world) answer(k *key, options string) url.Values {
	w.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		w.Fatal(err)
	}
	k.Counter++
	return url.Values{web.FieldCredential: {virtualwebauthn.CreateAssertionResponse(w.party, k.Authenticator, k.Credential, *o)}}
}

// browser is one browser profile.
type browser struct {
	*world
	jar     http.CookieJar
	address string
	locale  string
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	return &browser{world: w, jar: jar, address: "198.51.100.7", locale: "en"}
}

// page is what a browser shows.
type page struct {
	world  *world
	status int
	at     *url.URL
	header http.Header
	body   string
	// left is where the last redirect led that was not to the sign-in host's pages.
	left string
}

func (b *browser) get(path string) page { b.Helper(); return b.send(http.MethodGet, path, nil, nil) }

// begin is a sign-in whose first factor was right.
func (b *browser) begin(user string) page { b.Helper(); return b.get("/begin?user=" + user) }

// submit posts the page's form with its hidden fields.
func (b *browser) submit(p page, fill url.Values) page {
	b.Helper()
	action, form := p.form()
	for name, values := range fill {
		form[name] = values
	}
	return b.send(http.MethodPost, action, form, nil)
}

func (b *browser) send(method, path string, form url.Values, change func(*http.Request)) page {
	b.Helper()
	for range 5 {
		u, err := url.Parse(signin)
		if err == nil {
			u, err = u.Parse(path)
		}
		if err != nil {
			b.Fatal(err)
		}
		if u.Host != "signin.localhost:8420" || !strings.HasPrefix(u.Path, "/mfa") && u.Path != "/begin" {
			return page{world: b.world, left: u.String()}
		}
		r := httptest.NewRequestWithContext(b.Context(), method, u.RequestURI(), strings.NewReader(form.Encode()))
		r.Host = u.Host
		r.Header.Set("Test-Client-Ip", b.address)
		r.Header.Set("Accept-Language", b.locale)
		for _, c := range b.jar.Cookies(u) {
			r.AddCookie(c)
		}
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", signin)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		if change != nil {
			change(r)
		}
		rec := httptest.NewRecorder()
		b.world.ServeHTTP(rec, r)
		b.jar.SetCookies(u, rec.Result().Cookies())
		if rec.Code < 300 || rec.Code > 399 {
			return page{world: b.world, status: rec.Code, at: u, header: rec.Header(), body: rec.Body.String()}
		}
		method, form, path = http.MethodGet, nil, rec.Header().Get("Location")
	}
	b.Fatal("redirected in a circle")
	return page{}
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	hidden     = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	optionsOf  = regexp.MustCompile(`data-options="([^"]*)"`)
	faultText  = regexp.MustCompile(`<li><a href="#[a-z0-9]+">([^<]*)</a></li>`)
)

func (p page) form() (action string, form url.Values) {
	p.world.Helper()
	m := formAction.FindStringSubmatch(p.body)
	if m == nil {
		p.world.Fatalf("%d has no form:\n%s", p.status, p.body)
	}
	form = url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(p.body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return html.UnescapeString(m[1]), form
}

// options are those of the page's ceremony.
func (p page) options() string {
	p.world.Helper()
	m := optionsOf.FindStringSubmatch(p.body)
	if m == nil {
		p.world.Fatalf("%d has no ceremony:\n%s", p.status, p.body)
	}
	return html.UnescapeString(m[1])
}

func (p page) fault() string {
	if m := faultText.FindStringSubmatch(p.body); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// link is the address of the link with that text.
func (p page) link(text string) string {
	p.world.Helper()
	m := regexp.MustCompile(`href="([^"]*)"[^>]*>` + regexp.QuoteMeta(text) + `</a>`).FindStringSubmatch(p.body)
	if m == nil {
		p.world.Fatalf("no link %q:\n%s", text, p.body)
	}
	return html.UnescapeString(m[1])
}

func (p page) has(text string) bool { return strings.Contains(p.body, text) }

// in reports whether the browser was let in.
func (p page) in() bool { return p.left == console+"/handoff" }
