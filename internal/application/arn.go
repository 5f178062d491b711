package application

import (
	"regexp"

	"sekisho/internal/arn"
)

// ARN is the application's (behaviours.md 1.1).
func (a Application) ARN() string { return applicationARN(a.Account, a.Instance, a.ID) }

// ProviderARN is that of the application's provider.
func (a Application) ProviderARN() string { return providerPrefix + a.Provider }

// ARN is the trusted token issuer's.
func (i TokenIssuer) ARN() string {
	return "arn:" + arn.Partition + ":sso::" + i.Account + ":trustedTokenIssuer/" + i.Instance + "/" + i.ID
}

func applicationARN(account, instance, id string) string {
	return "arn:" + arn.Partition + ":sso::" + account + ":application/" + instance + "/" + id
}

// Kind is what an ARN names.
type Kind uint8

// The kinds. Another is that of every ARN that is neither.
const (
	Another Kind = iota
	AnApplication
	ATokenIssuer
)

// Name is an ARN taken apart.
type Name struct {
	Kind                  Kind
	Account, Instance, ID string
}

var (
	applicationName = regexp.MustCompile(`^arn:aws:sso::(\d{12}):application/(ssoins-[a-zA-Z0-9.-]{16})/(apl-[a-zA-Z0-9]{16})$`)
	tokenIssuerName = regexp.MustCompile(`^arn:aws:sso::(\d{12}):trustedTokenIssuer/(ssoins-[a-zA-Z0-9.-]{16})/(tti-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12})$`)
)

// ParseARN takes the ARN of an application or of a trusted token issuer apart.
func ParseARN(s string) Name {
	if m := applicationName.FindStringSubmatch(s); m != nil {
		return Name{AnApplication, m[1], m[2], m[3]}
	}
	if m := tokenIssuerName.FindStringSubmatch(s); m != nil {
		return Name{ATokenIssuer, m[1], m[2], m[3]}
	}
	return Name{}
}

// ByARN returns the application that an ARN names. An ARN with the wrong account
// or instance names none: it is NotFound, as others are.
func ByARN(tx Store, s string) (Application, error) {
	n := ParseARN(s)
	if n.Kind != AnApplication {
		return Application{}, noApplication(s)
	}
	a, err := tx.Application(n.ID)
	if err == nil && a.ARN() != s {
		return Application{}, noApplication(s)
	}
	return a, err
}

// TokenIssuerByARN returns the trusted token issuer that an ARN names, as ByARN does.
func TokenIssuerByARN(tx Store, s string) (TokenIssuer, error) {
	n := ParseARN(s)
	if n.Kind != ATokenIssuer {
		return TokenIssuer{}, noTokenIssuer(s)
	}
	i, err := tx.TokenIssuer(n.ID)
	if err == nil && i.ARN() != s {
		return TokenIssuer{}, noTokenIssuer(s)
	}
	return i, err
}
