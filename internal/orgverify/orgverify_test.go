package orgverify_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/clock"
	"sekisho/internal/membership"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/orgverify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/web"
)

const management = "111122223333"

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type world struct {
	*testing.T
	db      store.DB
	clock   *clock.Fixed
	addr    surface.Map
	handler *orgverify.Handler
	mail    membership.Mail
}

func newWorld(t *testing.T) *world {
	t.Helper()
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	public := &url.URL{Scheme: "https", Host: "aws.example.com"}
	w := &world{T: t, db: storetest.Open(t), clock: clock.NewFixed(start), addr: surface.New(public, "eu-central-1")}
	w.handler = orgverify.New(orgverify.Deps{DB: w.db, Site: &pagehttp.Site{
		Pages: pages, Map: w.addr, Clock: w.clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ClientIP: func(*http.Request) string { return "198.51.100.7" }, RequestID: func(*http.Request) string { return "request" },
	}})
	w.mail = membership.Mail{Senders: notify.Senders{}, VerifyURL: w.addr.SignIn() + orgverify.Path, InviteURL: w.addr.Console()}
	w.update(func(tx store.Tx) error {
		a := account.Account{ID: management, Name: "Example & Co.", Email: "root@example.com", Status: account.Active, CreatedAt: start}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		_, err := membership.Found(tx, management, org.AllFeatures, start)
		return err
	})
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(w.Context(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// send sends the mail and returns the token in its link.
func (w *world) send() (token string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(management)
		if err != nil {
			return err
		}
		_, err = w.mail.SendVerification(tx, o, w.clock.Now())
		return err
	})
	w.update(func(tx store.Tx) error {
		all, err := tx.Messages(1)
		if err != nil {
			return err
		}
		u, err := url.Parse(all[0].Links[0])
		token = u.Query().Get(membership.TokenParam)
		return err
	})
	return token
}

func (w *world) verified() (ok bool) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(management)
		if err != nil {
			return err
		}
		ok, err = membership.Verified(tx, o)
		return err
	})
	return ok
}

func (w *world) do(method, token string, header ...string) *httptest.ResponseRecorder {
	w.Helper()
	target, body := orgverify.Path+"?"+url.Values{membership.TokenParam: {token}}.Encode(), ""
	if method == http.MethodPost {
		target, body = orgverify.Path, url.Values{web.FieldFlow: {token}}.Encode()
	}
	r := httptest.NewRequestWithContext(w.Context(), method, target, strings.NewReader(body))
	r.Host = strings.TrimPrefix(w.addr.SignIn(), "https://")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

// The page that the mail leads to finishes the task, and confirms it on screen
// (F-06, N-13, N-26).
func TestVerify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, here := w.send(), w.addr.SignIn()
	asked := w.do(http.MethodGet, token)
	if body := asked.Body.String(); asked.Code != http.StatusOK || !strings.Contains(body, "root@example.com") || !strings.Contains(body, "Example &amp; Co.") || !strings.Contains(body, management) {
		t.Errorf("%d %s", asked.Code, body)
	}
	// The attack: a program that looks into mail follows the link.
	w.do(http.MethodHead, token)
	if w.verified() {
		t.Error("opening the link verifies")
	}
	// The attack: another site has the browser send the form.
	if r := w.do(http.MethodPost, token, "Origin", "https://evil.example"); r.Code != http.StatusForbidden && r.Code != http.StatusBadRequest || w.verified() {
		t.Errorf("from another site: %d", r.Code)
	}
	r := w.do(http.MethodPost, token, "Origin", here)
	if r.Code != http.StatusSeeOther || !w.verified() {
		t.Fatalf("%d", r.Code)
	}
	done := w.do(http.MethodGet, token)
	if body := done.Body.String(); !strings.Contains(body, "is verified") || strings.Contains(body, "<form") {
		t.Error(body)
	}
	w.update(func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Name: "VerifyManagementAccountEmail", Limit: 10})
		if len(events) != 1 || events[0].Account != management || strings.Contains(events[0].Resource, token) {
			t.Errorf("%+v", events)
		}
		return err
	})
}

// A link that is too old, made up, or replaced by a newer mail verifies nothing.
func TestBadLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.send()
	newest := w.send()
	w.clock.Advance(org.VerificationLifetime)
	for what, token := range map[string]string{"replaced": old, "expired": newest, "made up": "guess", "none": "", "long": strings.Repeat("x", 200)} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if r := w.do(method, token, "Origin", w.addr.SignIn()); r.Code != http.StatusGone || w.verified() {
				t.Errorf("%s %s: %d", method, what, r.Code)
			}
		}
	}
}
