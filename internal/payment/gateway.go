package payment

import (
	"context"
	"errors"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Amount is money in the smallest unit of its currency.
type Amount struct {
	Minor    int    // cents, paise
	Currency string // ISO 4217
}

// The amounts for which a card is verified. Nothing of either is kept: an
// authorization is cancelled at once, what AISPL charged is refunded.
var (
	OneDollar = Amount{100, "USD"}
	TwoRupees = Amount{200, "INR"}
)

// VerificationAmount is the one for a card that is billed in a country.
func VerificationAmount(country string) Amount {
	if country == India {
		return TwoRupees
	}
	return OneDollar
}

// Result is what a gateway says to a request.
type Result uint8

// The results.
const (
	// Refused requests were declined by the institution; Outcome.Reason says why.
	Refused Result = iota
	Approved
	// Held requests are approved or refused later. The institution may want to hear
	// from its customer first.
	Held
	// Challenged requests wait for the one-time password that the institution sent
	// to its customer.
	Challenged
)

// Reason is why an institution declined, as far as it says.
type Reason string

// The reasons. Anything else that a gateway says is a NotHonored.
const (
	NotHonored        Reason = "not-honored" // the institution has to be asked
	InsufficientFunds Reason = "insufficient-funds"
	ExpiredCard       Reason = "expired-card"
	WrongCVV          Reason = "wrong-cvv"
	WrongPassword     Reason = "wrong-one-time-password"
)

// Outcome is a gateway's answer.
type Outcome struct {
	Result Result
	Reason Reason // of a refusal
	// Reference names the authorization for Confirm, Look and Void. At most 512 bytes.
	Reference string
}

// Request asks for an authorization.
type Request struct {
	Card    Card // checked: the number is digits
	Brand   Brand
	Address Address
	Amount  Amount
	// Phone is where the institution's customer can be told a one-time password, in
	// E.164. A real institution knows it by itself.
	Phone string
}

// Provider is a payment gateway. It is asked outside of transactions. An error
// says that there was no answer: nothing is known then, and nothing is kept.
type Provider interface {
	// Verify asks the institution to authorize an amount.
	Verify(ctx context.Context, r Request, now time.Time) (Outcome, error)
	// Confirm gives the one-time password of a Challenged request. A wrong one is
	// Challenged again.
	Confirm(ctx context.Context, reference string, code secret.String, now time.Time) (Outcome, error)
	// Look asks what became of a Held request.
	Look(ctx context.Context, reference string, now time.Time) (Outcome, error)
	// Void cancels an authorization, or refunds what was charged. Doing it twice is
	// no error.
	Void(ctx context.Context, reference string) error
}

// ErrNoAnswer says that the gateway could not be asked. It is Unavailable.
var ErrNoAnswer = fault.New(fault.Unavailable, "payment-gateway", "The payment service does not answer at the moment. Try again in a few minutes.")

// New verifies a card that account wants to pay with, for [VerificationAmount],
// and gives the money back at once. The method it returns is to be kept with [Add]
// whatever its status. A card that cannot be one is a *CardError, and nobody was
// asked; a gateway that does not answer is Unavailable.
func New(ctx context.Context, p Provider, account string, c Card, a Address, phone string, now time.Time) (Method, error) {
	c, brand, err := c.check(a, now)
	if err != nil {
		return Method{}, err
	}
	number := c.Number.Reveal()
	m := Method{
		ID: newID(), Account: account, Brand: brand, LastFour: number[len(number)-4:], ExpiryMonth: c.ExpiryMonth, ExpiryYear: c.ExpiryYear,
		Holder: c.Holder, Address: a, CreatedAt: now,
	}
	o, err := p.Verify(ctx, Request{Card: c, Brand: brand, Address: a, Amount: VerificationAmount(a.CountryCode), Phone: phone}, now)
	return m.after(ctx, p, o, err, now)
}

// Tries is what the account's tries at cards are counted under, whatever page they
// are made on: a few at once and about a hundred a day. They are counted before
// [New] asks the gateway, and never given back for a good card: whoever has one
// could else find out, card by card, which of many stolen ones are good.
func Tries(account string, now time.Time) credential.Key {
	return credential.DailyKey("payment-card", account, now)
}

// CountTry counts a try of an Unconfirmed method's one-time password. It must be
// committed before [Confirm] asks the gateway, so that tries at the same time
// cannot share one. After MaxTries, or too late, the method is Declined and the
// fault Expired; without such a method it is NotFound.
func CountTry(tx Store, account, id string, now time.Time) (Method, error) {
	m, err := Of(tx, account, id)
	if err != nil {
		return m, err
	}
	if m.Status != Unconfirmed {
		return m, errNoMethod
	}
	if m.Tries >= MaxTries || now.Sub(m.CheckedAt) >= CodeLife {
		return m, errCodeOver
	}
	m.Tries++
	return m, tx.PutPaymentMethod(m)
}

var errCodeOver = fault.New(fault.Expired, "payment-code-over", "The one-time password can no longer be used. Enter the card again.")

// Confirm gives the gateway the one-time password of an Unconfirmed method whose
// try CountTry counted. The method stays Unconfirmed while the password is wrong
// and there are tries left; what it returns is to be kept with [AddConfirmed].
func Confirm(ctx context.Context, p Provider, m Method, code secret.String, now time.Time) (Method, error) {
	sent := m.CheckedAt
	o, err := p.Confirm(ctx, m.Reference, code, now)
	if m, err = m.after(ctx, p, o, err, now); err != nil {
		return m, err
	}
	if m.Status == Unconfirmed {
		m.CheckedAt = sent // a wrong password makes it good no longer
		if m.Tries >= MaxTries {
			m.Status, m.Error = Declined, WrongPassword
		}
	}
	return m, nil
}

// AddConfirmed is [Add] for what Confirm returned. What became of the method while
// the gateway was asked stays: one that is no longer Unconfirmed, or was removed, is
// NotFound, and no try is taken back that was counted meanwhile.
func AddConfirmed(tx Store, m Method) error {
	at, err := Of(tx, m.Account, m.ID)
	if err != nil {
		return err
	}
	if at.Status != Unconfirmed {
		return errNoMethod
	}
	m.Tries, m.Default = max(m.Tries, at.Tries), at.Default
	return Add(tx, m)
}

// Look asks the gateway what became of a method that is Pending or Declined: the
// institution may have approved meanwhile. What it returns is to be kept.
func Look(ctx context.Context, p Provider, m Method, now time.Time) (Method, error) {
	o, err := p.Look(ctx, m.Reference, now)
	return m.after(ctx, p, o, err, now)
}

// Approve notes that the institution approved, as somebody says who asked it.
func Approve(tx Store, id string, now time.Time) (Method, error) {
	m, err := tx.PaymentMethod(id)
	if err != nil {
		return m, err
	}
	m.Status, m.Error, m.CheckedAt = Valid, "", now
	return m, Add(tx, m)
}

// after is the method after a gateway's answer. Money is given back as soon as it
// was authorized.
func (m Method) after(ctx context.Context, p Provider, o Outcome, err error, now time.Time) (Method, error) {
	if err != nil {
		if _, ok := errors.AsType[*fault.Error](err); ok {
			return m, err
		}
		return m, ErrNoAnswer.Wrap(err)
	}
	m.CheckedAt, m.Error = now, ""
	if o.Reference != "" {
		m.Reference = o.Reference
	}
	switch o.Result {
	case Approved:
		m.Status = Valid
		if err := p.Void(ctx, m.Reference); err != nil {
			return m, ErrNoAnswer.Wrap(err)
		}
	case Held:
		m.Status = Pending
	case Challenged:
		m.Status = Unconfirmed
	default:
		m.Status, m.Error = Declined, o.Reason
		if m.Error == "" {
			m.Error = NotHonored
		}
	}
	return m, nil
}
