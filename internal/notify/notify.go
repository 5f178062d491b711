// Package notify is mail and text messages to people: the message, the outbox
// it waits in, and the senders that take it out.
//
// A message is queued in the transaction that caused it and delivered after, so
// that none is sent for what did not happen and none is lost. What messages say
// is the pages' business (package web).
package notify

import (
	"encoding/hex"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Channel is how a message travels.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	Voice Channel = "voice"
)

// FromIdentityCenter is the sender of all Identity Center mail (N-01).
const FromIdentityCenter = "no-reply@login.awsapps.com"

// Kind is what a message is for. Senders can be set for each (N-09).
type Kind string

// The kinds of message.
const (
	PasswordReset   Kind = "password-reset"    // N-19
	OneTimePassword Kind = "one-time-password" // N-15
	PasswordChanged Kind = "password-changed"
	// Invitation brings people to their first password (N-14), EmailVerification shows
	// that an address is theirs, SignInCode that they read mail there (N-17).
	Invitation        Kind = "invitation"
	EmailVerification Kind = "email-verification"
	SignInCode        Kind = "sign-in-code"
	// MFANotice tells people what became of their MFA devices.
	MFANotice Kind = "mfa-notice"
	// DelegationRequest tells what became of a request for access, and brings the
	// requestor its token.
	DelegationRequest Kind = "delegation-request"
	// AccountVerification has a code that proves that an account's mail is read (N-04),
	// AccountNotice tells its owner what changed (N-25).
	AccountVerification Kind = "account-verification"
	AccountNotice       Kind = "account-notice"
	// PhoneVerification has a PIN that proves that a telephone is at hand, at sign-up
	// . FactorRecovery has what a root user proves itself by who lost its second
	// factor: by e-mail first, then by telephone (B-22).
	PhoneVerification Kind = "phone-verification"
	FactorRecovery    Kind = "factor-recovery"
	// RootSignInCode has the code that a root user without a second factor is asked
	// for (N-16), RootPasswordReset the link for a forgotten password (N-18).
	RootSignInCode    Kind = "root-sign-in-code"
	RootPasswordReset Kind = "root-password-reset"
	// SupportReply brings an answer of AWS Support (O-05).
	SupportReply Kind = "support-reply"
)

// senders are AWS's addresses for each kind.
var senders = map[Kind]string{
	PasswordReset:   FromIdentityCenter,
	OneTimePassword: FromIdentityCenter,
	PasswordChanged: FromIdentityCenter,

	Invitation:        FromIdentityCenter,
	EmailVerification: FromIdentityCenter,
	SignInCode:        FromIdentityCenter,
	MFANotice:         FromIdentityCenter,

	DelegationRequest: FromIdentityCenter,

	AccountVerification: "no-reply@verify.signin.aws",
	AccountNotice:       "no-reply@signin.aws",
	PhoneVerification:   "no-reply@verify.signin.aws",
	FactorRecovery:      "no-reply-aws@amazon.com",
	SupportReply:        "no-reply@signin.aws",

	RootSignInCode:    `"Amazon Web Services" <no-reply@verify.signin.aws>`, // N-07
	RootPasswordReset: `"Amazon Web Services" <no-reply@signin.aws>`,
}

// Kinds are all kinds of message, in no order.
func Kinds() []Kind { return slices.Collect(maps.Keys(senders)) }

// Senders are the From addresses that an operator set, by kind, with or without
// a display name. Kinds that it lacks have AWS's. Nil is good.
type Senders map[Kind]string

// From is the sender of mail of kind k.
func (s Senders) From(k Kind) string {
	if from := s[k]; from != "" {
		return from
	}
	return senders[k]
}

// Validate checks that every key is a kind and every value an address.
func (s Senders) Validate() error {
	for k, from := range s {
		if _, ok := senders[k]; !ok {
			return fault.New(fault.Invalid, "message-kind", "There is no kind of message called %q.", k)
		}
		if _, err := mail.ParseAddress(from); err != nil {
			return fault.New(fault.Invalid, "message-sender", "The sender %q of %s messages is not an e-mail address.", from, k)
		}
	}
	return nil
}

// Content is a written message. Links and Codes are those that Text and HTML have.
type Content struct {
	Subject, Text, HTML string
	Links, Codes        []string
}

// Bounds of a message.
const (
	maxSubject = 200       // code points
	maxBody    = 256 << 10 // bytes of each of text and HTML
	maxAddress = 320       // bytes
	maxText    = 1000      // bytes of what goes to a telephone
)

// NewEmail makes an e-mail of kind k to address to, due at once. It fails with
// Invalid when to is not a plain address, when the subject has line breaks or
// other control characters, or when something is longer than mail should be.
func (s Senders) NewEmail(k Kind, to string, c Content, now time.Time) (Message, error) {
	m := Message{
		ID: newID(now), Channel: Email, From: s.From(k), To: to,
		Subject: c.Subject, Text: c.Text, HTML: c.HTML, Links: c.Links, Codes: c.Codes,
		CreatedAt: now, NextAttempt: now,
	}
	return m, m.Validate()
}

// FromTelephone is the sender of text messages and calls. Gateways that show a
// number of their own ignore it.
const FromTelephone = "AWS"

// NewText makes a text message (SMS) or a call that reads text aloud (Voice) to the
// telephone number to, due at once. codes are those that text has. It fails with
// Invalid when to is not in E.164 form (see Telephone), when ch is neither, and
// when text is empty or of more than 1,000 bytes.
func (s Senders) NewText(_ Kind, ch Channel, to, text string, codes []string, now time.Time) (Message, error) {
	m := Message{
		ID: newID(now), Channel: ch, From: FromTelephone, To: to, Text: text, Codes: codes,
		CreatedAt: now, NextAttempt: now,
	}
	if ch != SMS && ch != Voice {
		return m, fault.New(fault.Invalid, "message-channel", "Text goes to telephones by sms or voice, not by %q.", ch)
	}
	return m, m.Validate()
}

// Telephone is a telephone number in E.164 form, + and 5 to 15 digits, without the
// spaces, hyphens, dots and parentheses that people write. A number without a
// country code is Invalid.
func Telephone(number string) (string, error) {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()", r) {
			return -1
		}
		return r
	}, number)
	if !isE164(plain) {
		return "", errNotTelephone
	}
	return plain, nil
}

var errNotTelephone = fault.New(fault.Invalid, "message-recipient", "The recipient is not a telephone number with its country code.")

func isE164(s string) bool {
	digits, plus := strings.CutPrefix(s, "+")
	return plus && len(digits) >= 5 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// Validate checks the message against the bounds of its channel; what is wrong is
// Invalid.
func (m Message) Validate() error {
	if m.Channel != Email {
		return m.validateText()
	}
	to, err := mail.ParseAddress(m.To)
	switch {
	case err != nil || to.Address != m.To || len(m.To) > maxAddress || hasControl(m.To):
		return fault.New(fault.Invalid, "message-recipient", "The recipient is not an e-mail address.")
	case hasControl(m.From) || m.From == "":
		return fault.New(fault.Invalid, "message-sender", "The message has no valid sender.")
	case hasControl(m.Subject) || utf8.RuneCountInString(m.Subject) > maxSubject:
		return fault.New(fault.Invalid, "message-subject", "The subject must be one line of at most %d characters.", maxSubject)
	case len(m.Text) > maxBody || len(m.HTML) > maxBody || m.Text == "":
		return fault.New(fault.Invalid, "message-body", "The message must have a text, of at most %d bytes.", maxBody)
	}
	return nil
}

func (m Message) validateText() error {
	switch {
	case !isE164(m.To):
		return errNotTelephone
	case m.Text == "" || len(m.Text) > maxText || !utf8.ValidString(m.Text):
		return fault.New(fault.Invalid, "message-body", "The message must have a text, of at most %d bytes.", maxText)
	}
	return nil
}

func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 })
}

// newID is ordered by time to the nanosecond.
func newID(now time.Time) string {
	return fmt.Sprintf("%016x%s", now.UnixNano(), hex.EncodeToString(secret.Random(8)))
}

// Message is one message to one person.
type Message struct {
	ID      string // ordered by time
	Channel Channel
	From    string
	To      string
	Subject string
	Text    string
	HTML    string
	// Links and Codes are what the message asks the person to follow or type,
	// so that the developer's mailbox can show them.
	Links     []string
	Codes     []string
	CreatedAt time.Time

	// Attempts counts failed deliveries, NextAttempt is when to try again, and
	// DeliveredAt is zero until one succeeded.
	Attempts    int
	NextAttempt time.Time
	DeliveredAt time.Time
}

// GivenUp reports whether the message is no longer tried.
func (m Message) GivenUp() bool {
	return m.DeliveredAt.IsZero() && m.NextAttempt.Sub(m.CreatedAt) > Patience+LongestRetry
}

// Store is the outbox.
type Store interface {
	PutMessage(m Message) error
	// DueMessages returns undelivered messages whose time has come, oldest first.
	DueMessages(now time.Time, limit int) ([]Message, error)
	// Messages returns all kept messages, newest first.
	Messages(limit int) ([]Message, error)
	DeleteMessages() error
}
