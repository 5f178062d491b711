package accountsettings_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/accountsettings"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/web"
)

const (
	own      = "111122223333"
	other    = "444455556666"
	email    = "root@example.com"
	password = "Correct-Horse-7"
	base     = "http://localhost:8420"
	origin   = "http://signin.localhost:8420"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is the pages over a real database with two accounts, and a root user who
// has just signed in to the first.
type world struct {
	testing.TB
	db       store.DB
	dir      string // with the database
	clock    *clock.Fixed
	settings *accountsettings.Handler
	allowed  bool // by policy, at Billing
	closed   bool // to the root user, by a service control policy: account:CloseAccount
	log      strings.Builder

	root, elsewhere session.Session // of the same root user, here and in another browser
	alice           session.Session // an IAM user of the same account
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clock.NewFixed(start)}
	ring := storetest.NewRing(tb)
	w.dir = tb.TempDir()
	db := storetest.OpenAt(tb, sqldb.Config{Path: filepath.Join(w.dir, "sekisho.db")}, ring)
	w.db = db
	hasher := &credential.Hasher{}
	hash, err := hasher.Hash(context.Background(), secret.NewString(password))
	if err != nil {
		tb.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		for id, address := range map[string]string{own: email, other: "other@example.com"} {
			a := account.Account{ID: id, Name: "Example Corp", Email: address, Status: account.Active, CreatedAt: start}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
			owner := credential.Owner{Kind: credential.RootUser, ID: id}
			if err := credential.SetPassword(tx, owner, hash, false, start); err != nil {
				return err
			}
		}
		if err := tx.PutContact(own, account.Contact{FullName: "Jane Doe", AddressLine1: "1 Main Street", City: "Paris", PostalCode: "75001", CountryCode: "FR", Phone: "+33 1 23 45 67 89"}); err != nil {
			return err
		}
		u, err := iam.CreateUser(tx, start, iam.User{Account: own, Path: "/", Name: "alice"})
		if err != nil {
			return err
		}
		for _, s := range []struct {
			at   *session.Session
			want session.Session
		}{
			{&w.root, session.Session{ID: "root", Kind: session.RootUser, User: own, Account: own}},
			{&w.elsewhere, session.Session{ID: "elsewhere", Kind: session.RootUser, User: own, Account: own}},
			{&w.alice, session.Session{ID: "alice", Kind: session.IAMUser, User: u.ID, Account: own}},
		} {
			if *s.at, err = session.BeginConsole(tx, s.want, start, session.ConsoleLife); err != nil {
				return err
			}
		}
		return nil
	})
	pages, err := web.New()
	if err != nil {
		tb.Fatal(err)
	}
	public, err := url.Parse(base)
	if err != nil {
		tb.Fatal(err)
	}
	site := &pagehttp.Site{
		Pages: pages, Map: surface.New(public, "us-east-1"), Clock: w.clock, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		ClientIP: func(*http.Request) string { return "192.0.2.7" }, RequestID: func(*http.Request) string { return "request" },
	}
	w.settings = accountsettings.New(accountsettings.Deps{
		Site: site, DB: db, Ring: ring, Hasher: hasher, Count: func(e *audit.Event) { w.update(func(tx store.Tx) error { return tx.AppendEvent(e) }) },
		SignedIn: w.signedIn,
		SignInFor: func(path string) string {
			return origin + "/?for=" + url.QueryEscape(path)
		},
		Again: func(path string) string { return origin + "/?again=" + url.QueryEscape(path) },
		Payments: &payment.TestGateway{Ring: ring, Text: func(ctx context.Context, phone string, code secret.String, now time.Time) error {
			m, err := notify.Senders(nil).NewText(notify.PhoneVerification, notify.SMS, phone, "code "+code.Reveal(), []string{code.Reveal()}, now)
			if err != nil {
				return err
			}
			return db.Update(ctx, nil, func(tx store.Tx) error { return tx.PutMessage(m) })
		}},
		Allow: func(_ *http.Request, p call.Principal, action, _ string) error {
			if w.closed && action == "account:CloseAccount" {
				return &accountsettings.Denied{Message: "with an explicit deny in a service control policy"}
			}
			if p.Kind == call.Root || w.allowed && action == "payments:ListPaymentInstruments" {
				return nil
			}
			return &accountsettings.Denied{Message: "User: " + p.ARN + " is not authorized"}
		},
	})
	return w
}

// signedIn takes the session's id from a cookie.
func (w *world) signedIn(r *http.Request) (s session.Session, err error) {
	c, err := r.Cookie("session")
	if err != nil {
		return s, session.ErrEnded
	}
	err = w.db.View(r.Context(), func(tx store.Tx) (err error) {
		s, err = tx.Session(c.Value)
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && !s.Live(w.clock.Now()) {
		return s, session.ErrEnded
	}
	return s, err
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// account is the first account as it is.
func (w *world) account() (a account.Account) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { a, err = tx.Account(own); return err })
	return a
}

// outbox is who was written to what, newest first.
func (w *world) outbox() (all []notify.Message) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { all, err = tx.Messages(100); return err })
	return all
}

func (w *world) mailTo(address string) (all []notify.Message) {
	for _, m := range w.outbox() {
		if m.To == address {
			all = append(all, m)
		}
	}
	return all
}

// events are the account's by name, with an error code or none, newest first.
func (w *world) events() (names []string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		names = nil
		all, err := tx.Events(store.EventFilter{Account: own, Limit: 100})
		for _, e := range all {
			name := e.Name
			if e.ErrorCode != "" {
				name += " " + e.ErrorCode
			}
			names = append(names, name)
		}
		return err
	})
	return names
}

// browser is one with cookies of its own, signed in by a session, or by none.
type browser struct {
	*world
	cookies map[string]string
}

func (w *world) browser(s session.Session) *browser {
	b := &browser{w, make(map[string]string)}
	if s.ID != "" {
		b.cookies["session"] = s.ID
	}
	return b
}

// answer is a response with its body.
type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (b *browser) send(r *http.Request) answer {
	b.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.settings.ServeHTTP(rec, r)
	res := rec.Result()
	defer func() { _ = res.Body.Close() }()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), string(body), res.Header}
}

func (b *browser) get(path string) answer {
	b.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, origin+path, nil))
}

// submit posts a form with a flow, from the site's own page unless change says else.
func (b *browser) submit(path, flow string, values url.Values, change ...func(*http.Request)) answer {
	b.Helper()
	form := url.Values{"flow": {flow}}
	for name, v := range values {
		form[name] = v
	}
	r := httptest.NewRequest(http.MethodPost, origin+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, f := range change {
		f(r)
	}
	return b.send(r)
}

var flowField = regexp.MustCompile(`name="flow" value="([^"]+)"`)

func (a answer) flow(tb testing.TB) string {
	tb.Helper()
	m := flowField.FindStringSubmatch(a.body)
	if m == nil {
		tb.Fatalf("no form in %d %s", a.status, a.body)
	}
	return m[1]
}

// fill asks for a page and posts its form.
func (b *browser) fill(path string, values url.Values) answer {
	b.Helper()
	return b.submit(path, b.get(path).flow(b.TB), values)
}

func values(pairs ...string) url.Values {
	v := make(url.Values)
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}
