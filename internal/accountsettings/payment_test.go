package accountsettings_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/payment"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

var regexpFlow = regexp.MustCompile(`flow=[\w%-]+`)

// card is a form for a card of that number.
func card(number string) url.Values {
	return values("card_number", number, "card_month", "04", "card_year", "2029", "card_cvv", "123", "card_holder", "Jane Doe", "billing_address", "same")
}

func (w *world) methods() (all []payment.Method) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { all, err = payment.Methods(tx, own); return err })
	return all
}

// Cards are added, made the default and removed; what an institution
// says is shown, and the owner is told of every change (N-25).
func TestCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	if body := b.get("/account/payment").body; !strings.Contains(body, "There is no payment method yet.") {
		t.Errorf("at first: %s", body)
	}
	wrong := card("4242424242424241")
	wrong.Set("card_year", "2026")
	if a := b.fill("/account/payment/add", wrong); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "not the number of a card") ||
		!strings.Contains(a.body, "expired") || strings.Contains(a.body, "4242424242424241") {
		t.Errorf("no card: %d %s", a.status, a.body)
	}
	if a := b.fill("/account/payment/add", card("4242 4242 4242 4242")); a.location != "/account/payment" {
		t.Fatalf("good: %d %s", a.status, a.body)
	}
	if a := b.fill("/account/payment/add", card(payment.TestNoFunds)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "not enough funds") {
		t.Errorf("declined: %d %s", a.status, a.body)
	}
	a := b.fill("/account/payment/add", card(payment.TestChallenged))
	if !strings.HasPrefix(a.location, "/account/payment/confirm?flow=") {
		t.Fatalf("challenged: %d %s", a.status, a.body)
	}
	flow := b.get(a.location).flow(t)
	if a := b.submit("/account/payment/confirm", flow, values("code", "000000x")); !strings.Contains(a.body, "not correct") {
		t.Errorf("wrong one-time password: %d %s", a.status, a.body)
	}
	if a := b.submit("/account/payment/confirm", flow, values("code", w.code("+33123456789"))); a.location != "/account/payment" {
		t.Errorf("right one: %d %s", a.status, a.body)
	}
	body := b.get("/account/payment").body
	for _, text := range []string{"ending in 4242", "ending in 3220", "ending in 9995", "Default", "not enough funds"} {
		if !strings.Contains(body, text) {
			t.Errorf("the list has no %q", text)
		}
	}
	first, second := w.methods()[0], payment.Method{}
	for _, m := range w.methods() {
		if m.LastFour == "3220" {
			second = m
		}
	}
	list := b.get("/account/payment").flow(t)
	if a := b.submit("/account/payment/remove", list, values("method", first.ID)); !strings.Contains(a.body, "The default payment method cannot be removed.") {
		t.Errorf("the default removed: %d", a.status)
	}
	b.submit("/account/payment/default", list, values("method", second.ID))
	b.submit("/account/payment/remove", list, values("method", first.ID))
	if all := w.methods(); all[0].ID != second.ID || !all[0].Default || len(all) != 2 {
		t.Errorf("left: %+v", all)
	}
	if n := len(w.mailTo(email)); n != 4 {
		t.Errorf("the owner was told %d times", n)
	}
}

// The attack: the id of another account's method in the form (IDOR).
func TestMethodOfAnotherAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs := payment.Method{ID: "pm-THEIRS", Account: other, Brand: payment.Visa, LastFour: "1111", ExpiryMonth: 4, ExpiryYear: 2029, Status: payment.Valid, CreatedAt: start, CheckedAt: start}
	w.update(func(tx store.Tx) error { return tx.PutPaymentMethod(theirs) })
	b := w.browser(w.root)
	b.fill("/account/payment/add", card("4242424242424242"))
	b.fill("/account/payment/add", card("5555555555554444"))
	list := b.get("/account/payment").flow(t)
	before := len(w.events())
	for _, path := range []string{"/account/payment/default", "/account/payment/remove"} {
		if a := b.submit(path, list, values("method", theirs.ID)); a.location != "/account/payment" {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	w.update(func(tx store.Tx) error {
		m, err := tx.PaymentMethod(theirs.ID)
		if err == nil && m.Default {
			t.Error("it was made the default")
		}
		return err
	})
	if e := w.events(); len(e) != before {
		t.Errorf("the history: %v", e)
	}
}

// The attack: the form finds out which of many stolen numbers are good.
func TestCardTesting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	asked := 0
	for range 12 {
		if a := b.fill("/account/payment/add", card(payment.TestDeclined)); a.status != http.StatusTooManyRequests {
			asked++
		} else if !strings.Contains(a.body, "Too many cards") {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if asked > 5 {
		t.Errorf("the institution was asked %d times", asked)
	}
}

// The attack: the same without end, with a good card of one's own in between, which
// is removed again.
func TestCardTestingBetweenGoodCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	asked := 0
	for i := range 12 {
		number := payment.TestDeclined
		if i%3 == 2 {
			number = "4242424242424242"
		}
		if a := b.fill("/account/payment/add", card(number)); a.status != http.StatusTooManyRequests {
			asked++
		}
	}
	if asked != 5 {
		t.Errorf("the institution was asked %d times", asked)
	}
	w.clock.Set(start.Add(24 * time.Hour)) // the next day one may try again
	w.update(func(tx store.Tx) (err error) {
		s := session.Session{ID: "tomorrow", Kind: session.RootUser, User: own, Account: own}
		w.root, err = session.BeginConsole(tx, s, w.clock.Now(), session.ConsoleLife)
		return err
	})
	b = w.browser(w.root)
	if a := b.fill("/account/payment/add", card("4242424242424242")); a.location != "/account/payment" {
		t.Errorf("the next day: %d", a.status)
	}
}

// No number and no code of a card stays anywhere: not in the database, an event,
// the log or a page.
func TestCardsAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	form := card("5555555555554444")
	form.Set("card_cvv", "987")
	var shown strings.Builder
	shown.WriteString(b.fill("/account/payment/add", form).body)
	form.Set("card_number", payment.TestDeclined)
	shown.WriteString(b.fill("/account/payment/add", form).body + b.get("/account/payment").body + w.log.String())
	for _, pan := range []string{"5555555555554444", payment.TestDeclined} {
		if strings.Contains(shown.String(), pan) {
			t.Errorf("%s is shown or logged", pan)
		}
		_ = filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if strings.Contains(string(raw), pan) {
				t.Errorf("%s is in %s", pan, path)
			}
			return err
		})
	}
}

// The console's billing page reads the methods, if the caller may (E-10).
func TestBilling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	b.fill("/account/payment/add", card("4242424242424242"))
	b.fill("/account/payment/add", card(payment.TestWrongCVV))
	ask := func(p call.Principal, method, path, language string) (int, string, string) {
		r := httptest.NewRequest(method, "http://console.localhost:8420"+path, nil)
		r.URL.Path = path
		r.Header.Set("Accept-Language", language)
		rec := httptest.NewRecorder()
		w.settings.Billing(rec, r, p)
		return rec.Code, rec.Body.String(), rec.Header().Get("X-Amzn-Errortype")
	}
	root := call.Principal{Kind: call.Root, Account: own, ARN: arn.Root(own)}
	alice := call.Principal{Kind: call.IAMUser, Account: own, ARN: arn.User(own, "/", "alice")}
	for language, why := range map[string]string{"en": "security code", "ja": "セキュリティコード"} {
		code, body, _ := ask(root, http.MethodGet, "/payment-methods", language)
		var got []struct {
			ID, Brand, LastFour, Status, Error string
			ExpiryMonth, ExpiryYear            int
			IsDefault                          bool
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || code != http.StatusOK || len(got) != 2 {
			t.Fatalf("%d %s %v", code, body, err)
		}
		if m := got[0]; m.LastFour != "4242" || !m.IsDefault || m.Status != "valid" || m.Error != "" || m.ExpiryMonth != 4 || m.ExpiryYear != 2029 || m.Brand != "Visa" {
			t.Errorf("%+v", m)
		}
		if m := got[1]; m.Status != "declined" || !strings.Contains(m.Error, why) {
			t.Errorf("%+v", m)
		}
	}
	if _, body, _ := ask(call.Principal{Kind: call.Root, Account: other, ARN: arn.Root(other)}, http.MethodGet, "/payment-methods", "en"); body != "[]\n" {
		t.Errorf("of another account: %s", body)
	}
	if code, body, name := ask(alice, http.MethodGet, "/payment-methods", "en"); code != http.StatusForbidden || name != "AccessDeniedException" || !strings.Contains(body, "not authorized") {
		t.Errorf("without permission: %d %s", code, body)
	}
	w.allowed = true
	if code, _, _ := ask(alice, http.MethodGet, "/payment-methods", "en"); code != http.StatusOK {
		t.Errorf("with it: %d", code)
	}
	if code, _, _ := ask(root, http.MethodPost, "/payment-methods", "en"); code != http.StatusMethodNotAllowed {
		t.Errorf("posted: %d", code)
	}
	if code, _, _ := ask(root, http.MethodGet, "/invoices", "en"); code != http.StatusNotFound {
		t.Errorf("something else: %d", code)
	}
}
