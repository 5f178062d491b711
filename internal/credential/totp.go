package credential

import (
	"crypto/subtle"
	"encoding/base32"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"sekisho/internal/secret"
)

// Time-based one-time passwords (RFC 6238) as AWS has them: SHA-1, six digits,
// a new one every 30 seconds (behaviours.md 5.5).
const (
	totpPeriod = 30 // seconds
	totpDigits = 6
	// CodeWindow is how many steps a code may be early or late.
	CodeWindow = 1
	// ResyncWindow is how many steps a device's clock may be off when it proves
	// itself by two codes: one hour.
	ResyncWindow = 120
)

// TOTP is what of an authenticator decides which codes are good.
type TOTP struct {
	Seed secret.String // base32 without padding
	// Drift is by how many steps the authenticator's clock is ahead of ours.
	Drift int
	// LastStep is that of the last code that was used, by the authenticator's
	// clock. It and all before it are used up.
	LastStep int64
}

// NewSeed draws a seed of 320 bits: 64 base32 characters.
func NewSeed() secret.String {
	return secret.NewString(base32.StdEncoding.EncodeToString(secret.Random(40)))
}

// Verify reports whether code is one that the authenticator shows at now or, for
// window steps, before or after. It returns the authenticator as it has to be
// kept, in the transaction that lets the caller in: each code is good once
// . Its time depends on window only.
func (d TOTP) Verify(code string, now time.Time, window int) (TOTP, bool) {
	center := stepAt(now) + int64(d.Drift)
	var found int64
	for step := center - int64(window); step <= center+int64(window); step++ {
		found = choose(d.codeAt(step), code, step, found)
	}
	if len(code) != totpDigits || found <= d.LastStep {
		return d, false
	}
	d.LastStep = found
	return d, true
}

// VerifyPair reports whether the codes are two that the authenticator shows one
// after the other, within ResyncWindow of now, and returns it with its clock's
// drift. Two codes together cannot be guessed, so that the window can be wide.
func (d TOTP) VerifyPair(first, second string, now time.Time) (TOTP, bool) {
	center := stepAt(now)
	var found int64
	next := d.codeAt(center - ResyncWindow)
	for step := center - ResyncWindow; step < center+ResyncWindow; step++ {
		code := next
		next = d.codeAt(step + 1)
		found = choose(code+next, first+second, step+1, found)
	}
	if len(first) != totpDigits || len(second) != totpDigits || found <= d.LastStep+1 {
		return d, false
	}
	d.LastStep, d.Drift = found, 0
	// What the window forgives anyway may as well be how long it took to type.
	if off := int(found - center); off < -CodeWindow || off > CodeWindow {
		d.Drift = off
	}
	return d, true
}

func stepAt(t time.Time) int64 { return t.Unix() / totpPeriod }

// choose is step if the two codes are equal, and otherwise found.
func choose(want, code string, step, found int64) int64 {
	if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
		return step
	}
	return found
}

// codeAt is the code of a step; "" for a seed that is none, which no code equals.
func (d TOTP) codeAt(step int64) string {
	code, err := hotp.GenerateCodeCustom(d.Seed.Reveal(), uint64(max(0, step)), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return ""
	}
	return code
}
