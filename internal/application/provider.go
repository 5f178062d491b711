package application

import (
	"slices"
	"strings"

	"sekisho/internal/fault"
)

// Custom is the provider of applications that customers register themselves and
// that get tokens by OAuth 2.0.
const Custom = "custom"

// Provider is a kind of application.
type Provider struct {
	Name        string // the end of its ARN
	Protocol    string // OAUTH or SAML
	DisplayName string
	Description string
}

// ARN is the provider's.
func (p Provider) ARN() string { return providerPrefix + p.Name }

const providerPrefix = "arn:aws:sso::aws:applicationProvider/"

// providers are what this server has itself. AWS's own catalogue is of services
// and of integrations that only AWS runs.
var providers = []Provider{{
	Name: Custom, Protocol: "OAUTH", DisplayName: "Custom application", Description: "Customer managed application that uses OAuth 2.0",
}}

// Providers are all that there are, in order of name.
func Providers() []Provider { return slices.Clone(providers) }

// ProviderByARN is NotFound if there is none.
func ProviderByARN(arn string) (Provider, error) {
	for _, p := range providers {
		if p.ARN() == arn {
			return p, nil
		}
	}
	return Provider{}, fault.New(fault.NotFound, "no-application-provider", "Could not find ApplicationProvider with arn %s", arn)
}

// creatable is the name of a provider whose applications can be made by the API.
// The words for all others are AWS's, whether it knows them or not.
func creatable(arn string) (string, error) {
	if name, ok := strings.CutPrefix(arn, providerPrefix); ok && name == Custom {
		return name, nil
	}
	return "", fault.New(fault.Invalid, "application-provider", "The application provider with arn '%s' is not supported for this action.", arn)
}
