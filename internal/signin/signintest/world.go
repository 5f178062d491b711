// Package signintest is a whole server's browser surfaces over a fresh database,
// and browsers to visit them with, for the tests of those surfaces.
//
// A Browser behaves like one where it matters: it keeps cookies by host, follows
// redirects between the surfaces, sends Origin and Sec-Fetch-Site, and will not
// follow where the page's Content-Security-Policy forbids its form to lead.
package signintest

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/accountsignin"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/captcha"
	"sekisho/internal/clock"
	"sekisho/internal/credential"
	"sekisho/internal/device"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/portal"
	"sekisho/internal/secret"
	"sekisho/internal/signin"
	"sekisho/internal/signup"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/internal/token"
	"sekisho/web"
)

// The people of the world and their passwords.
const (
	Jane         = "jane" // has signed in before, somewhere
	JanePassword = "correct Horse 7 battery"
	Taro         = "taro"
	TaroPassword = "another Staple 9 entirely"
	Olga         = "olga" // has a one-time password
	OlgaPassword = "One-Time-Pass-2345"
	Dave         = "dave" // is disabled; his password is JanePassword
	Nora         = "nora" // has no password
)

// Facts of the instance.
const (
	DirectoryID = "d-1234567890"
	Subdomain   = "example"
	InstanceID  = "ssoins-0123456789abcdef"
	Region      = "eu-central-1"
	Owner       = "111122223333"
)

// Start is when the world begins.
var Start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// World is the surfaces of one server.
type World struct {
	T       testing.TB
	DB      store.DB
	Ring    *keys.Ring
	Clock   *clock.Fixed
	Map     surface.Map
	SignIn  *signin.Handler
	Portal  *portal.Handler
	Device  *device.Handler
	Captcha *captcha.Service
	Clients token.Clients
	Users   map[string]directory.User
	// Accounts are the pages of root users and IAM users, who are IAMUsers by name.
	Accounts *accountsignin.Handler
	IAMUsers map[string]iam.User
	// SignUps are the pages of sign-up, Payments the gateway behind them.
	SignUps  *signup.Handler
	Payments *payment.TestGateway
	// APICalls are the calls that reached the portal API.
	APICalls []APICall

	writes     *atomic.Int64
	signInHost http.Handler
	console    http.Handler
}

// counted counts transactions that may write.
type counted struct {
	store.DB
	writes atomic.Int64
}

func (c *counted) Update(ctx context.Context, ev *audit.Event, fn func(store.Tx) error) error {
	c.writes.Add(1)
	return c.DB.Update(ctx, ev, fn)
}

// Writes is how many transactions have been started that may write.
func (w *World) Writes() int64 { return w.writes.Load() }

// Events returns the audit events of that name, newest first.
func (w *World) Events(name string) (events []audit.Event) {
	w.T.Helper()
	w.View(func(tx store.Tx) (err error) {
		events, err = tx.Events(store.EventFilter{Name: name, Limit: 1000})
		return err
	})
	return events
}

// APICall is a call that reached the portal API.
type APICall struct {
	Path      string
	Principal call.Principal
}

// Option changes the world before it is made.
type Option func(*options)

type options struct {
	publicURL string
	hasher    *credential.Hasher
	app       fs.FS
}

// At puts the server at another address than http://localhost:8420.
func At(publicURL string) Option { return func(o *options) { o.publicURL = publicURL } }

// WithHasher replaces the cheap one.
func WithHasher(h *credential.Hasher) Option { return func(o *options) { o.hasher = h } }

// WithApp replaces the portal's app; nil is a server that was built without it.
func WithApp(app fs.FS) Option { return func(o *options) { o.app = app } }

// app stands for the built app of the portal.
var app = fstest.MapFS{
	"index.html":        {Data: []byte("<!doctype html><title>portal</title><!--sekisho:session--><script src=\"/start/assets/app-1.js\"></script>")},
	"assets/app-1.js":   {Data: []byte("console.log('portal')\n")},
	"assets/font.woff2": {Data: []byte("font")},
}

// New makes a world with its people in it.
func New(t testing.TB, with ...Option) *World {
	t.Helper()
	o := options{publicURL: "http://localhost:8420", app: app, hasher: &credential.Hasher{Params: credential.Params{Memory: 64, Time: 1, Threads: 1}, Workers: 4}}
	for _, option := range with {
		option(&o)
	}
	public, err := url.Parse(o.publicURL)
	if err != nil {
		t.Fatal(err)
	}
	inner, ring := storetest.OpenWithRing(t)
	db := &counted{DB: inner}
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	w := &World{T: t, DB: db, writes: &db.writes, Ring: ring, Clock: clock.NewFixed(Start), Map: surface.New(public, Region), Clients: token.Clients{Ring: ring}, Users: map[string]directory.User{}}
	w.Captcha = captcha.New(ring, w.Clock)
	site := &pagehttp.Site{
		Pages: pages, Map: w.Map, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ClientIP:  func(r *http.Request) string { return r.Header.Get("Test-Client-Ip") },
		RequestID: func(*http.Request) string { return "11111111-2222-3333-4444-555555555555" },
	}
	w.SignIn = signin.New(signin.Deps{Site: site, DB: db, Ring: ring, Clients: w.Clients, Hasher: o.hasher, Captcha: w.Captcha, Count: w.count})
	t.Cleanup(w.SignIn.Close)
	deps := portal.Deps{
		Site: site, DB: db, Begin: w.SignIn.Begin,
		API: func(rw http.ResponseWriter, r *http.Request, p call.Principal) {
			w.APICalls = append(w.APICalls, APICall{r.URL.Path, p})
			rw.WriteHeader(http.StatusOK)
		},
		App:       o.app,
		Endpoints: map[string]string{"sso": w.Map.Base(), "sso_oidc": w.Map.Base()},
	}
	if w.Portal, err = portal.New(deps); err != nil {
		t.Fatal(err)
	}
	w.Device = device.New(device.Deps{Site: site, Begin: w.SignIn.Begin})
	w.withAccounts(site, o.hasher)
	w.populate(o.hasher)
	w.populateAccounts(o.hasher)
	return w
}

func (w *World) populate(hasher *credential.Hasher) {
	people := []struct {
		name, password string
		disabled, otp  bool
	}{
		{name: Jane, password: JanePassword}, {name: Taro, password: TaroPassword}, {name: Olga, password: OlgaPassword, otp: true},
		{name: Dave, password: JanePassword, disabled: true}, {name: Nora},
	}
	hashes := map[string]string{}
	for _, p := range people {
		if p.password != "" {
			hash, err := hasher.Hash(w.T.Context(), secret.NewString(p.password))
			if err != nil {
				w.T.Fatal(err)
			}
			hashes[p.name] = hash
		}
	}
	w.Update(func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: Owner, Name: "Example Corp", Email: "root@example.com", Status: account.Active, CreatedAt: Start}); err != nil {
			return err
		}
		if err := tx.PutInstance(access.Instance{ID: InstanceID, DirectoryID: DirectoryID, Region: Region, Subdomain: Subdomain,
			SessionDuration: access.DefaultPortalSession, MFA: access.DefaultMFA(), Owner: Owner, CreatedAt: Start}); err != nil {
			return err
		}
		for i, p := range people {
			u := directory.User{ID: "00000000-0000-4000-8000-00000000000" + string(rune('0'+i)), UserName: p.name, GivenName: "Given", FamilyName: "Family",
				DisplayName: "Display </script> of " + p.name, Email: p.name + "@example.com", Disabled: p.disabled, CreatedAt: Start, UpdatedAt: Start}
			u.Directory = DirectoryID
			if err := tx.PutUser(u); err != nil {
				return err
			}
			w.Users[p.name] = u
			if p.password != "" {
				owner := credential.Owner{Kind: credential.DirectoryUser, ID: u.ID}
				if err := credential.SetPassword(tx, owner, hashes[p.name], p.otp, Start); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Update runs fn in a transaction that has to succeed.
func (w *World) Update(fn func(store.Tx) error) {
	w.T.Helper()
	if err := w.DB.Update(w.T.Context(), nil, fn); err != nil {
		w.T.Fatal(err)
	}
}

// View reads.
func (w *World) View(fn func(store.Tx) error) {
	w.T.Helper()
	if err := w.DB.View(w.T.Context(), fn); err != nil {
		w.T.Fatal(err)
	}
}

// Messages waits for mail that is being written and returns all, newest first.
func (w *World) Messages() (all []notify.Message) {
	w.T.Helper()
	w.SignIn.Close()
	w.Accounts.Close()
	w.SignUps.Close()
	w.View(func(tx store.Tx) (err error) {
		all, err = tx.Messages(100)
		return err
	})
	return all
}

// StartURL is where the portal is.
func (w *World) StartURL() string { return w.Map.StartURL(Subdomain) }

// ServeHTTP is the server: it finds the surface by host.
func (w *World) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	p := w.Map.Find(r.Host)
	switch {
	case p.Kind == surface.SignIn:
		w.signInHost.ServeHTTP(rw, r)
	case p.Kind == surface.Console:
		w.console.ServeHTTP(rw, r)
	case p.Kind == surface.Portal:
		w.Portal.ServeHTTP(rw, r)
	case p.Kind == surface.Device:
		w.Device.ServeHTTP(rw, r)
	case p.Service == "sso-oidc" && r.URL.Path == "/authorize":
		w.SignIn.Authorize(rw, r)
	default:
		http.NotFound(rw, r)
	}
}

// Asker is a client that waits for a device authorization.
type Asker struct {
	Client token.Client
	Code   secret.String // the device code
}

// StartDevice begins a device authorization of a client that asks from address.
func (w *World) StartDevice(clientName, address string) (token.DeviceAuthorization, Asker) {
	w.T.Helper()
	c, _, err := w.Clients.Register(token.Client{Name: clientName, Scopes: []string{token.ScopeAccountAccess}}, w.Clock.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	var d token.DeviceAuthorization
	asker := Asker{Client: c}
	w.Update(func(tx store.Tx) (err error) {
		d, asker.Code, err = token.BeginDevice(tx, c, InstanceID, address, "aws-cli/2.9.19", w.Clock.Now())
		return err
	})
	return d, asker
}

// Poll asks for the tokens of a device authorization, as a client does.
func (w *World) Poll(a Asker) (out token.Outcome) {
	w.T.Helper()
	w.Update(func(tx store.Tx) (err error) {
		out, err = token.RedeemDevice(tx, a.Client, a.Code, uuid.NewString(), w.Clock.Now())
		return err
	})
	return out
}

// DeviceStatus is where a device authorization stands.
func (w *World) DeviceStatus(d token.DeviceAuthorization) (s token.DeviceStatus) {
	w.T.Helper()
	w.View(func(tx store.Tx) error {
		now, err := tx.DeviceAuthorization(d.Hash)
		s = now.Status
		return err
	})
	return s
}

// count records at once what the program would gather first.
func (w *World) count(e *audit.Event) {
	err := w.DB.Update(context.Background(), nil, func(tx store.Tx) error { return tx.AppendEvent(e) })
	if err != nil {
		w.T.Errorf("event %s: %v", e.Name, err)
	}
}
