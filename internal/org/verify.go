package org

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// VerificationLifetime is how long the link in a mail to the management account's
// address is good (F-06, N-13).
const VerificationLifetime = 24 * time.Hour

// Mails of verification in a time: each goes to an address that somebody may have
// mistyped.
const (
	maxVerifications   = 5
	verificationsEvery = time.Hour
)

// Verification is how far the management account's owner has shown that they read
// the mail of its address; of each account the last that was begun (F-06).
type Verification struct {
	Account    string
	Email      string // to which the mail went; another address of the account is not verified by it
	Hash       string // of what the link carries
	SentAt     time.Time
	ExpiresAt  time.Time
	VerifiedAt time.Time
	// Sent counts mails since SentSince.
	Sent      int
	SentSince time.Time
}

// Verifies reports whether the address has been verified.
func (v Verification) Verifies(email string) bool { return !v.VerifiedAt.IsZero() && v.Email == email }

// VerificationStore keeps verifications.
type VerificationStore interface {
	// Verification returns the account's, or NotFound.
	Verification(account string) (Verification, error)
	// VerificationByHash finds the one whose link carries what has the hash, or NotFound.
	VerificationByHash(hash string) (Verification, error)
	// PutVerification creates or replaces it.
	PutVerification(v Verification) error
}

// StartVerification begins to verify the management account's address and returns
// what the link in the mail carries. A link that was sent before is good no more;
// too many are Throttled.
func StartVerification(tx Tx, o Organization, now time.Time) (Verification, secret.String, error) {
	a, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return Verification{}, secret.String{}, err
	}
	last, err := tx.Verification(a.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return last, secret.String{}, err
	}
	token := secret.Token("", 32)
	v := Verification{
		Account: a.ID, Email: a.Email, Hash: token.Hash(), SentAt: now, ExpiresAt: now.Add(VerificationLifetime),
		Sent: last.Sent + 1, SentSince: last.SentSince,
	}
	if last.Verifies(a.Email) {
		v.VerifiedAt = last.VerifiedAt
	}
	if !now.Before(last.SentSince.Add(verificationsEvery)) {
		v.Sent, v.SentSince = 1, now
	}
	if v.Sent > maxVerifications {
		return v, secret.String{}, fault.New(fault.Throttled, "verifications", "Too many verification mails were sent. Try again later.")
	}
	return v, token, tx.PutVerification(v)
}

// FindVerification is the verification that a link carries; Expired if the link is
// too old, another was sent after it, or the account has another address by now.
func FindVerification(tx Tx, token secret.String, now time.Time) (Verification, error) {
	v, err := tx.VerificationByHash(token.Hash())
	if fault.Is(err, fault.NotFound) {
		return Verification{}, errVerificationExpired
	}
	if err != nil {
		return v, err
	}
	a, err := tx.Account(v.Account)
	if err != nil {
		return v, err
	}
	if v.VerifiedAt.IsZero() && !now.Before(v.ExpiresAt) || a.Email != v.Email {
		return Verification{}, errVerificationExpired
	}
	return v, nil
}

var errVerificationExpired = fault.New(fault.Expired, "verification-expired", "The link is no longer valid.")

// Verify notes that the mail of the address is read. Who follows the link again
// finds it done.
func Verify(tx Tx, token secret.String, now time.Time) (Verification, error) {
	v, err := FindVerification(tx, token, now)
	if err != nil || !v.VerifiedAt.IsZero() {
		return v, err
	}
	v.VerifiedAt = now
	return v, tx.PutVerification(v)
}
