package payment_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const owner = "111122223333"

var (
	now     = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	address = payment.Address{FullName: "Jane Doe", Line1: "1 Main Street", City: "Any Town", PostalCode: "98101", CountryCode: "US"}
)

func cardOf(number string) payment.Card {
	return payment.Card{Number: secret.NewString(number), Holder: "JANE DOE", ExpiryMonth: 12, ExpiryYear: 2030, CVV: secret.NewString("123")}
}

// gateway answers everything with one outcome and notes what it was asked.
type gateway struct {
	outcome payment.Outcome
	err     error
	asked   []payment.Request
	voided  []string
}

func (g *gateway) Verify(_ context.Context, r payment.Request, _ time.Time) (payment.Outcome, error) {
	g.asked = append(g.asked, r)
	return g.outcome, g.err
}

func (g *gateway) Confirm(context.Context, string, secret.String, time.Time) (payment.Outcome, error) {
	return g.outcome, g.err
}

func (g *gateway) Look(context.Context, string, time.Time) (payment.Outcome, error) {
	return g.outcome, g.err
}

func (g *gateway) Void(_ context.Context, reference string) error {
	g.voided = append(g.voided, reference)
	return nil
}

// What is a card, and which field says that it is none.
func TestCards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*payment.Card, *payment.Address)
		brand  payment.Brand
		wrong  []payment.Field
	}{
		{"Visa", func(*payment.Card, *payment.Address) {}, payment.Visa, nil},
		{"spaces", number("4242 4242-4242 4242"), payment.Visa, nil},
		{"full width", number("４２４２　４２４２　４２４２　４２４２"), payment.Visa, nil},
		{"Mastercard", number("5555555555554444"), payment.Mastercard, nil},
		{"Mastercard, series 2", number("2223003122003222"), payment.Mastercard, nil},
		{"Discover", number("6011111111111117"), payment.Discover, nil},
		{"JCB", number("3566002020360505"), payment.JCB, nil},
		{"Diners", number("30569309025904"), payment.Diners, nil},
		{"UnionPay", number("6200000000000005"), payment.UnionPay, nil},
		{"Amex needs four digits", number("378282246310005"), payment.Amex, []payment.Field{payment.FieldCVV}},
		{"Amex", func(c *payment.Card, _ *payment.Address) {
			c.Number, c.CVV = secret.NewString("378282246310005"), secret.NewString("1234")
		}, payment.Amex, nil},
		{"check digit", number("4242424242424241"), payment.Visa, []payment.Field{payment.FieldNumber}},
		{"two digits swapped", number("2424424242424242"), "", []payment.Field{payment.FieldNumber}},
		{"no brand", number("9999999999999995"), "", []payment.Field{payment.FieldNumber}},
		{"letters", number("4242x42424242424"), "", []payment.Field{payment.FieldNumber}},
		{"no number", number(""), "", []payment.Field{payment.FieldNumber}},
		{"endless", number(strings.Repeat("4", 100)), "", []payment.Field{payment.FieldNumber}},
		{"no code", func(c *payment.Card, _ *payment.Address) { c.CVV = secret.String{} }, payment.Visa, nil},
		{"no code in India (A-27)", func(c *payment.Card, a *payment.Address) { c.CVV, a.CountryCode = secret.String{}, "IN" }, payment.Visa, []payment.Field{payment.FieldCVV}},
		{"code of four", func(c *payment.Card, _ *payment.Address) { c.CVV = secret.NewString("1234") }, payment.Visa, []payment.Field{payment.FieldCVV}},
		{"this month", func(c *payment.Card, _ *payment.Address) { c.ExpiryMonth, c.ExpiryYear = 11, 2026 }, payment.Visa, nil},
		{"last month", func(c *payment.Card, _ *payment.Address) { c.ExpiryMonth, c.ExpiryYear = 10, 2026 }, payment.Visa, []payment.Field{payment.FieldExpiry}},
		{"month 13", func(c *payment.Card, _ *payment.Address) { c.ExpiryMonth = 13 }, payment.Visa, []payment.Field{payment.FieldExpiry}},
		{"year 30", func(c *payment.Card, _ *payment.Address) { c.ExpiryYear = 30 }, payment.Visa, []payment.Field{payment.FieldExpiry}},
		{"year 2999", func(c *payment.Card, _ *payment.Address) { c.ExpiryYear = 2999 }, payment.Visa, []payment.Field{payment.FieldExpiry}},
		{"no holder", func(c *payment.Card, _ *payment.Address) { c.Holder = " " }, payment.Visa, []payment.Field{payment.FieldHolder}},
		{"a number as the holder", func(c *payment.Card, _ *payment.Address) { c.Holder = "4242 4242 4242 4242" }, payment.Visa, []payment.Field{payment.FieldHolder}},
		{"no city", func(_ *payment.Card, a *payment.Address) { a.City = "" }, payment.Visa, []payment.Field{payment.FieldAddress}},
		{"a line break", func(_ *payment.Card, a *payment.Address) { a.Line1 = "a\nb" }, payment.Visa, []payment.Field{payment.FieldAddress}},
		{"no country", func(_ *payment.Card, a *payment.Address) { a.CountryCode = "XX" }, payment.Visa, []payment.Field{payment.FieldAddress}},
		{"nothing", func(c *payment.Card, a *payment.Address) { *c, *a = payment.Card{}, payment.Address{CountryCode: "IN"} }, "",
			[]payment.Field{payment.FieldNumber, payment.FieldHolder, payment.FieldExpiry, payment.FieldCVV, payment.FieldAddress}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			given, a := cardOf("4242424242424242"), address
			c.change(&given, &a)
			g := &gateway{outcome: payment.Outcome{Result: payment.Approved}}
			m, err := payment.New(t.Context(), g, owner, given, a, "+12065550100", now)
			bad, _ := errors.AsType[*payment.CardError](err)
			if (err == nil) != (c.wrong == nil) || bad != nil && !slices.Equal(bad.Fields, c.wrong) || bad == nil && c.wrong != nil {
				t.Fatalf("%v, want %v", err, c.wrong)
			}
			if err != nil {
				if len(g.asked) != 0 || strings.ContainsAny(err.Error(), "0123456789") {
					t.Errorf("%d requests, %v", len(g.asked), err)
				}
				return
			}
			if m.Brand != c.brand || len(m.LastFour) != 4 || m.Status != payment.Valid {
				t.Errorf("%+v", m)
			}
		})
	}
}

func number(n string) func(*payment.Card, *payment.Address) {
	return func(c *payment.Card, _ *payment.Address) { c.Number = secret.NewString(n) }
}

// 1 USD, or in India 2 INR, is asked for, and given back when it was
// approved, and only then. A-36: what the institution answers is the status.
func TestVerification(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		outcome payment.Outcome
		status  payment.Status
		reason  payment.Reason
		voided  int
	}{
		{"approved", payment.Outcome{Result: payment.Approved, Reference: "r"}, payment.Valid, "", 1},
		{"refused", payment.Outcome{Result: payment.Refused, Reason: payment.InsufficientFunds}, payment.Declined, payment.InsufficientFunds, 0},
		{"refused without a word", payment.Outcome{}, payment.Declined, payment.NotHonored, 0},
		{"held", payment.Outcome{Result: payment.Held, Reference: "r"}, payment.Pending, "", 0},
		{"challenged", payment.Outcome{Result: payment.Challenged, Reference: "r"}, payment.Unconfirmed, "", 0},
	} {
		for country, amount := range map[string]payment.Amount{"US": payment.OneDollar, "IN": payment.TwoRupees} {
			g, a := &gateway{outcome: c.outcome}, address
			a.CountryCode = country
			m, err := payment.New(t.Context(), g, owner, cardOf("4242424242424242"), a, "+12065550100", now)
			if err != nil || m.Status != c.status || m.Error != c.reason || len(g.voided) != c.voided || g.asked[0].Amount != amount {
				t.Errorf("%s in %s: %+v, %v; voided %q, asked for %v", c.name, country, m, err, g.voided, g.asked[0].Amount)
			}
			if printed := fmt.Sprintf("%v %+v %#v", m, g.asked, cardOf("4242424242424242")); strings.Contains(printed, "424242424242") {
				t.Errorf("printed: %s", printed)
			}
		}
	}
	g := &gateway{err: errors.New("no route")}
	if _, err := payment.New(t.Context(), g, owner, cardOf("4242424242424242"), address, "", now); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without an answer: %v", err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "card", cardOf("4242424242424242"))
	if strings.Contains(log.String(), "4242") {
		t.Errorf("logged: %s", &log)
	}
}

func newStore(t *testing.T) store.DB {
	t.Helper()
	db := storetest.Open(t)
	update(t, db, func(tx store.Tx) error {
		for _, id := range []string{owner, "444455556666"} {
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Active}); err != nil {
				return err
			}
		}
		return nil
	})
	return db
}

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

func method(id string, s payment.Status) payment.Method {
	return payment.Method{ID: id, Account: owner, Brand: payment.Visa, LastFour: id[:4], ExpiryMonth: 12, ExpiryYear: 2030, Status: s, CreatedAt: now}
}

// an account's methods, its default, and what can be removed.
func TestMethods(t *testing.T) {
	t.Parallel()
	db := newStore(t)
	state := func() (all string, standing payment.Status) {
		update(t, db, func(tx store.Tx) error {
			methods, err := payment.Methods(tx, owner)
			if err != nil {
				return err
			}
			for _, m := range methods {
				if all += m.ID; m.Default {
					all += "*"
				}
				all += " "
			}
			standing, err = payment.Standing(tx, owner, now)
			return err
		})
		return all, standing
	}
	try := func(fn func(store.Tx) error) error { return db.Update(t.Context(), nil, fn) }
	add := func(m payment.Method) func(store.Tx) error {
		return func(tx store.Tx) error { return payment.Add(tx, m) }
	}
	for _, step := range []struct {
		what     string
		do       func(store.Tx) error
		kind     fault.Kind // Internal: it is done
		all      string
		standing payment.Status
	}{
		{"a challenge", add(method("0001", payment.Unconfirmed)), 0, "", ""},
		{"a refusal takes its place", add(method("0002", payment.Declined)), 0, "0002 ", payment.Declined},
		{"the first good one is the default", add(method("0003", payment.Pending)), 0, "0003* 0002 ", payment.Pending},
		{"the next is not", add(method("0004", payment.Valid)), 0, "0003* 0002 0004 ", payment.Valid},
		{"a refused one cannot be", func(tx store.Tx) error { return payment.SetDefault(tx, owner, "0002") }, fault.Conflict, "0003* 0002 0004 ", payment.Valid},
		{"another one can", func(tx store.Tx) error { return payment.SetDefault(tx, owner, "0004") }, 0, "0004* 0002 0003 ", payment.Valid},
		{"the default stays", func(tx store.Tx) error { return payment.Remove(tx, owner, "0004") }, fault.Conflict, "0004* 0002 0003 ", payment.Valid},
		{"others go", func(tx store.Tx) error { return payment.Remove(tx, owner, "0003") }, 0, "0004* 0002 ", payment.Valid},
		{"nobody else's", func(tx store.Tx) error { return payment.Remove(tx, "444455556666", "0002") }, fault.NotFound, "0004* 0002 ", payment.Valid},
		{"the default of somebody else", func(tx store.Tx) error { return payment.SetDefault(tx, "444455556666", "0002") }, fault.NotFound, "0004* 0002 ", payment.Valid},
		{"the institution approves (A-36)", func(tx store.Tx) error { _, err := payment.Approve(tx, "0002", now); return err }, 0, "0004* 0002 ", payment.Valid},
	} {
		err := try(step.do)
		if all, standing := state(); (err != nil) != (step.kind != 0) || err != nil && !fault.Is(err, step.kind) || all != step.all || standing != step.standing {
			t.Fatalf("%s: %v; %q, %s", step.what, err, all, standing)
		}
	}
	for i := range payment.MaxMethods - 2 {
		update(t, db, add(method(fmt.Sprintf("1%03d", i), payment.Valid)))
	}
	if err := try(add(method("9999", payment.Valid))); !fault.Is(err, fault.Limit) {
		t.Errorf("one too many: %v", err)
	}
	if after := now.AddDate(5, 0, 0); !method("x000", payment.Valid).Expired(after) {
		t.Error("a card is good for ever")
	}
}

// the institution's one-time password is tried at most three times, each
// counted before it is looked at, and not for long.
func TestOneTimePassword(t *testing.T) {
	t.Parallel()
	db := newStore(t)
	var sent secret.String
	_, ring := storetest.OpenWithRing(t)
	g := &payment.TestGateway{Ring: ring, Text: func(_ context.Context, phone string, code secret.String, _ time.Time) error {
		if sent = code; phone != "+12065550100" {
			t.Errorf("sent to %s", phone)
		}
		return nil
	}}
	m, err := payment.New(t.Context(), g, owner, cardOf(payment.TestChallenged), address, "+12065550100", now)
	if err != nil || m.Status != payment.Unconfirmed {
		t.Fatalf("%+v, %v", m, err)
	}
	try := func(code secret.String, at time.Time) error {
		if err := db.Update(t.Context(), nil, func(tx store.Tx) (err error) { m, err = payment.CountTry(tx, owner, m.ID, at); return err }); err != nil {
			return err
		}
		if m, err = payment.Confirm(t.Context(), g, m, code, at); err != nil {
			return err
		}
		update(t, db, func(tx store.Tx) error { return payment.AddConfirmed(tx, m) })
		return nil
	}
	start := m
	update(t, db, func(tx store.Tx) error { return payment.Add(tx, m) })
	for i := range payment.MaxTries {
		want := payment.Unconfirmed
		if i == payment.MaxTries-1 {
			want = payment.Declined
		}
		if err := try(secret.NewString("none"), now); err != nil || m.Status != want {
			t.Fatalf("wrong try %d: %v, %s", i, err, m.Status)
		}
	}
	if err := try(sent, now); !fault.Is(err, fault.NotFound) {
		t.Errorf("the right one after that: %v", err)
	}
	for _, c := range []struct {
		after time.Duration
		kind  fault.Kind
	}{{payment.CodeLife, fault.Expired}, {payment.CodeLife - time.Second, 0}} {
		m = start
		update(t, db, func(tx store.Tx) error { return tx.PutPaymentMethod(m) })
		if err := try(sent, now.Add(c.after)); (err != nil) != (c.kind != 0) || err != nil && !fault.Is(err, c.kind) {
			t.Errorf("after %v: %v", c.after, err)
		}
	}
	update(t, db, func(tx store.Tx) (err error) { m, err = payment.Of(tx, owner, m.ID); return err })
	if m.Status != payment.Valid || !m.Default {
		t.Errorf("confirmed: %+v", m)
	}
}

// what is held is approved later, and not before.
func TestHeld(t *testing.T) {
	t.Parallel()
	_, ring := storetest.OpenWithRing(t)
	g := &payment.TestGateway{Ring: ring}
	for number, approved := range map[string]bool{payment.TestHeld: true, payment.TestHeldForever: false} {
		m, err := payment.New(t.Context(), g, owner, cardOf(number), address, "", now)
		if err != nil || m.Status != payment.Pending {
			t.Fatalf("%+v, %v", m, err)
		}
		for _, c := range []struct {
			after time.Duration
			valid bool
		}{{payment.TestHeldFor - time.Second, false}, {payment.TestHeldFor, approved}, {100 * payment.TestHeldFor, approved}} {
			got, err := payment.Look(t.Context(), g, m, now.Add(c.after))
			if err != nil || (got.Status == payment.Valid) != c.valid {
				t.Errorf("%s after %v: %s, %v", number[12:], c.after, got.Status, err)
			}
		}
	}
	if _, err := g.Look(t.Context(), "AAAA", now); err == nil {
		t.Error("a reference that is none")
	}
}

// Whatever is typed is a card with a brand and a check digit, or none.
func FuzzCard(f *testing.F) {
	for _, s := range []string{"4242 4242 4242 4242", "４２４２", "", "-", "378282246310005", strings.Repeat("0", 70)} {
		f.Add(s, "123", "JANE DOE", 12, 2030)
	}
	f.Fuzz(func(t *testing.T, number, code, holder string, month, year int) {
		g := &gateway{outcome: payment.Outcome{Result: payment.Approved}}
		c := payment.Card{Number: secret.NewString(number), CVV: secret.NewString(code), Holder: holder, ExpiryMonth: month, ExpiryYear: year}
		m, err := payment.New(t.Context(), g, owner, c, address, "", now)
		if err != nil {
			return
		}
		if strings.Trim(m.LastFour, "0123456789") != "" || len(m.LastFour) != 4 || m.Brand == "" || m.Expired(now) {
			t.Errorf("%+v", m)
		}
		if n := g.asked[0].Card.Number.Reveal(); len(n) < 13 || len(n) > 19 || strings.Trim(n, "0123456789") != "" {
			t.Errorf("asked about %d digits", len(n))
		}
	})
}

// The attack: one-time passwords are tried at the same time, so that the slower
// answer puts back its own smaller count of tries, or makes a card that was approved
// or removed meanwhile wait for a password again.
func TestOneTimePasswordsAtTheSameTime(t *testing.T) {
	t.Parallel()
	db := newStore(t)
	m := payment.Method{ID: "pm-SAME", Account: owner, Brand: payment.Visa, LastFour: "3220", ExpiryMonth: 4, ExpiryYear: 2030, Status: payment.Unconfirmed, CreatedAt: now, CheckedAt: now}
	try := func() (counted payment.Method) {
		update(t, db, func(tx store.Tx) (err error) { counted, err = payment.CountTry(tx, owner, m.ID, now); return err })
		return counted
	}
	kept := func(m payment.Method) error {
		return db.Update(t.Context(), nil, func(tx store.Tx) error { return payment.AddConfirmed(tx, m) })
	}
	update(t, db, func(tx store.Tx) error { return payment.Add(tx, m) })
	slow, quick := try(), try()
	if err := errors.Join(kept(quick), kept(slow)); err != nil {
		t.Fatal(err)
	}
	if third := try(); third.Tries != 3 {
		t.Errorf("the third try is counted as number %d", third.Tries)
	}
	quick.Status = payment.Valid
	if err := kept(quick); err != nil {
		t.Fatal(err)
	}
	if err := kept(slow); !fault.Is(err, fault.NotFound) {
		t.Errorf("a wrong try after the right one: %v", err)
	}
	view := func() (now payment.Method, err error) {
		err = db.View(t.Context(), func(tx store.Tx) error { now, err = payment.Of(tx, owner, m.ID); return err })
		return now, err
	}
	if at, err := view(); err != nil || at.Status != payment.Valid || !at.Default {
		t.Errorf("the card is %+v, %v", at, err)
	}
	update(t, db, func(tx store.Tx) error { return tx.DeletePaymentMethod(m.ID) })
	if err := kept(slow); !fault.Is(err, fault.NotFound) {
		t.Errorf("a wrong try after the card was removed: %v", err)
	}
	if _, err := view(); !fault.Is(err, fault.NotFound) {
		t.Errorf("the card that was removed is back: %v", err)
	}
}
