package payment

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

// The test gateway's cards (docs/payment.md). All other numbers that a card can
// have are approved.
const (
	TestDeclined    = "4000000000000002" // declined: not honored
	TestNoFunds     = "4000000000009995" // declined: insufficient funds
	TestWrongCVV    = "4000000000000127" // declined: wrong security code
	TestHeld        = "4000000000000259" // held, and approved after TestHeldFor
	TestHeldForever = "4000000000000341" // held until somebody says that the institution approved
	TestChallenged  = "4000000000003220" // asks for a one-time password

	// TestHeldFor is after how long the institution approves what it held.
	TestHeldFor = 24 * time.Hour
)

// TestGateway is a gateway without institutions behind it, for servers that take
// no money. What it answers depends on the number alone. It keeps nothing: what it
// must know again is sealed in its references.
type TestGateway struct {
	Ring *keys.Ring
	// Text sends the text message of a bank, which has a one-time password, to a
	// phone number in E.164.
	Text func(ctx context.Context, phone string, code secret.String, now time.Time) error
}

// held and challenge are what references carry.
type testReference struct {
	HeldSince int64  `json:"h,omitempty"` // Unix seconds
	Forever   bool   `json:"f,omitempty"`
	Code      string `json:"c,omitempty"`
}

// Verify answers by the card's number.
func (g *TestGateway) Verify(ctx context.Context, r Request, now time.Time) (Outcome, error) {
	switch r.Card.Number.Reveal() {
	case TestDeclined:
		return Outcome{Result: Refused, Reason: NotHonored, Reference: g.seal(testReference{HeldSince: now.Unix(), Forever: true})}, nil
	case TestNoFunds:
		return Outcome{Result: Refused, Reason: InsufficientFunds, Reference: g.seal(testReference{HeldSince: now.Unix(), Forever: true})}, nil
	case TestWrongCVV:
		return Outcome{Result: Refused, Reason: WrongCVV}, nil
	case TestHeld:
		return Outcome{Result: Held, Reference: g.seal(testReference{HeldSince: now.Unix()})}, nil
	case TestHeldForever:
		return Outcome{Result: Held, Reference: g.seal(testReference{HeldSince: now.Unix(), Forever: true})}, nil
	case TestChallenged:
		code := secret.Pick("0123456789", 6)
		if err := g.Text(ctx, r.Phone, secret.NewString(code), now); err != nil {
			return Outcome{}, err
		}
		return Outcome{Result: Challenged, Reference: g.seal(testReference{Code: code})}, nil
	}
	return Outcome{Result: Approved, Reference: g.seal(testReference{})}, nil
}

// Confirm compares the code with the one that was sent.
func (g *TestGateway) Confirm(_ context.Context, reference string, code secret.String, _ time.Time) (Outcome, error) {
	ref, err := g.open(reference)
	if err != nil {
		return Outcome{}, err
	}
	if ref.Code == "" || !secret.NewString(strings.TrimSpace(code.Reveal())).Equal(secret.NewString(ref.Code)) {
		return Outcome{Result: Challenged}, nil
	}
	return Outcome{Result: Approved}, nil
}

// Look approves what was held for long enough.
func (g *TestGateway) Look(_ context.Context, reference string, now time.Time) (Outcome, error) {
	ref, err := g.open(reference)
	if err != nil {
		return Outcome{}, err
	}
	if ref.Forever || now.Before(time.Unix(ref.HeldSince, 0).Add(TestHeldFor)) {
		return Outcome{Result: Held}, nil
	}
	return Outcome{Result: Approved}, nil
}

// Void has nothing to give back.
func (g *TestGateway) Void(context.Context, string) error { return nil }

func (g *TestGateway) seal(r testReference) string {
	b, _ := json.Marshal(r) // plain fields: cannot fail
	return base64.RawURLEncoding.EncodeToString(g.Ring.Seal(keys.TestPayment, b))
}

func (g *TestGateway) open(reference string) (r testReference, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(reference)
	if err == nil {
		sealed, err = g.Ring.Open(keys.TestPayment, sealed)
	}
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(sealed, &r)
}
