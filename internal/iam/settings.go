package iam

import (
	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Settings are what an account chooses for itself as a whole.
type Settings struct {
	Account string
	// GlobalTokens is the version of the session tokens that the global endpoint of
	// STS gives: 1 or 2.
	GlobalTokens int
	// Issuer identifies the account as an issuer of web identity tokens. It is given
	// when the account first enables them and stays the account's for ever.
	Issuer          string
	IssuesWebTokens bool
	// Features are those of the organization that have been enabled. They are the
	// management account's.
	RootCredentialsManagement bool
	RootSessions              bool
}

// DefaultSettings are those of an account that has set nothing.
func DefaultSettings(account string) Settings { return Settings{Account: account, GlobalTokens: 1} }

// SetGlobalTokens sets the version of the global endpoint's session tokens.
func SetGlobalTokens(tx ReportStore, account string, version int) error {
	s, err := tx.IAMSettings(account)
	if err != nil {
		return err
	}
	s.GlobalTokens = version
	return tx.PutIAMSettings(s)
}

// OutboundIssuer is the account's identifier as an issuer of web identity tokens
// and whether it issues any. The identifier is "" until it first does.
func OutboundIssuer(tx ReportStore, account string) (id string, enabled bool, err error) {
	s, err := tx.IAMSettings(account)
	return s.Issuer, s.IssuesWebTokens, err
}

// EnableOutboundFederation lets the account's principals get web identity tokens
// and returns the account's identifier as their issuer. It is a Conflict if they
// can already.
func EnableOutboundFederation(tx ReportStore, account string) (issuer string, err error) {
	s, err := tx.IAMSettings(account)
	if err != nil {
		return "", err
	}
	if s.IssuesWebTokens {
		return "", fault.New(fault.Conflict, "feature-enabled", "Outbound web identity federation is already enabled for account %s.", account)
	}
	if s.Issuer == "" {
		s.Issuer = newUUID()
	}
	s.IssuesWebTokens = true
	return s.Issuer, tx.PutIAMSettings(s)
}

// DisableOutboundFederation is the other way.
func DisableOutboundFederation(tx ReportStore, account string) error {
	s, err := tx.IAMSettings(account)
	if err != nil {
		return err
	}
	if !s.IssuesWebTokens {
		return errOutboundDisabled(account)
	}
	s.IssuesWebTokens = false
	return tx.PutIAMSettings(s)
}

// OutboundFederation is the issuer of an account that issues web identity tokens.
// It is NotFound for others.
func OutboundFederation(tx ReportStore, account string) (issuer string, err error) {
	issuer, enabled, err := OutboundIssuer(tx, account)
	if err == nil && !enabled {
		err = errOutboundDisabled(account)
	}
	return issuer, err
}

func errOutboundDisabled(account string) error {
	return fault.New(fault.NotFound, "feature-disabled", "Outbound web identity federation is not enabled for account %s.", account)
}

// newUUID is a random UUID (RFC 9562, version 4).
func newUUID() string {
	const hex = "0123456789abcdef"
	return secret.Pick(hex, 8) + "-" + secret.Pick(hex, 4) + "-4" + secret.Pick(hex, 3) + "-" + secret.Pick("89ab", 1) + secret.Pick(hex, 3) + "-" + secret.Pick(hex, 12)
}
