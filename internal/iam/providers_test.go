package iam

import (
	"strings"
	"testing"
)

// What is taken as an issuer is a host and a path after "https://", as it was
// given, and nothing that a token's iss or an ARN could be confused by
// (behaviours.md 5.10).
func FuzzCheckIssuer(f *testing.F) {
	for _, s := range []string{
		"https://example.com", "https://example.com/a/b", "https://EXAMPLE.com/", "https://[::1]/x", "https://example.com:443", "http://example.com",
		"https://a@example.com", "https://example.com?x", "https://example.com/%2e%2e", "https://", "https:example.com", "https://exa\x00mple",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, issuer string) {
		bare, err := CheckIssuer(issuer)
		if err != nil {
			return
		}
		if "https://"+bare != issuer || strings.ContainsAny(bare, "?#@ \n") && !strings.Contains(bare, "/") || len(issuer) > maxIssuer {
			t.Errorf("%q is taken as %q", issuer, bare)
		}
		host, _, _ := strings.Cut(bare, "/")
		name, port, _ := strings.Cut(host, ":")
		if name == "" || strings.ContainsAny(name, "@?#[]") || strings.Trim(port, "0123456789") != "" {
			t.Errorf("%q has the host %q", issuer, host)
		}
	})
}
