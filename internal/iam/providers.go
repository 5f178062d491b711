package iam

import "time"

// SAMLProvider is an identity provider object that a trust policy names.
type SAMLProvider struct {
	Account   string
	Name      string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// ProviderStore keeps the identity providers that accounts trust.
type ProviderStore interface {
	// SAMLProviders returns the account's providers in order of name.
	SAMLProviders(account string) ([]SAMLProvider, error)
	PutSAMLProvider(p SAMLProvider) error
	DeleteSAMLProvider(account, name string) error
}
