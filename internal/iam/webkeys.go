package iam

import (
	"crypto"
	"crypto/x509"
	"errors"
	"time"

	"sekisho/internal/secret"
)

// WebIdentityKey signs the web identity tokens that an account issues (outbound
// federation, behaviours.md 4.8). An account has one for each algorithm, made
// for its first token.
type WebIdentityKey struct {
	ID        string // the "kid" of tokens: the public key's RFC 7638 thumbprint
	Account   string
	Algorithm string        // RS256 or ES384
	Private   secret.String // PKCS #8, DER
	CreatedAt time.Time
}

// WebIdentityKeyStore keeps them, the private parts encrypted.
type WebIdentityKeyStore interface {
	// WebIdentityKeys returns the account's, in order of algorithm.
	WebIdentityKeys(account string) ([]WebIdentityKey, error)
	// AddWebIdentityKey keeps k unless the account has one for the algorithm
	// already; that one stays.
	AddWebIdentityKey(k WebIdentityKey) error
}

// NewWebIdentityKey prepares a key for AddWebIdentityKey.
func NewWebIdentityKey(account, algorithm, id string, key crypto.Signer, now time.Time) (WebIdentityKey, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return WebIdentityKey{ID: id, Account: account, Algorithm: algorithm, Private: secret.NewString(string(der)), CreatedAt: now}, err
}

// Signer is the key itself.
func (k WebIdentityKey) Signer() (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey([]byte(k.Private.Reveal()))
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("iam: a web identity key that does not sign")
	}
	return signer, nil
}
