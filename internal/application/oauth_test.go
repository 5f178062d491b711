package application_test

import (
	"fmt"
	"strings"
	"testing"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/store"
)

func issuer(name string) application.NewTokenIssuer {
	return application.NewTokenIssuer{Instance: instance, Name: name, URL: "https://idp.example.com/tenant", ClaimPath: "email", AttributePath: "emails.value"}
}

// Scopes are for the instance and its own applications (behaviours.md 6.11).
func TestScopes(t *testing.T) {
	t.Parallel()
	db := world(t)
	a, elsewhere := create(t, db, application.New{}), create(t, db, application.New{Instance: own, Account: alone})
	for _, c := range []struct {
		name    string
		targets []string
		reason  string
	}{
		{"sso:account:access", nil, ""}, {"openid", []string{a.ARN(), "arn:aws:sso:::instance/" + instance.ID}, ""}, {"a:b:c", nil, ""},
		{"a:b:c:d", nil, "scope"}, {"", nil, "scope"}, {"a b", nil, "scope"}, {strings.Repeat("a", 51), nil, "scope"},
		{"x", make([]string, 11), "scope-targets"},
		{"x", []string{"arn:aws:sso:::instance/" + own.ID}, "no-application"}, {"x", []string{elsewhere.ARN()}, "no-application"},
		{"x", []string{strings.Replace(a.ARN(), a.ID, "apl-0000000000000000", 1)}, "no-application"},
	} {
		refused(t, db, fmt.Sprint(c.name, c.targets), c.reason, func(tx store.Tx) error {
			return application.PutScope(tx, a, application.Scope{Name: c.name, Targets: c.targets})
		})
	}
	refused(t, db, "deleting", "", func(tx store.Tx) error { return application.DeleteScope(tx, a.ID, "a:b:c") })
	refused(t, db, "deleting again", "no-scope", func(tx store.Tx) error { return application.DeleteScope(tx, a.ID, "a:b:c") })
	update(t, db, func(tx store.Tx) error {
		if err := application.PutScope(tx, a, application.Scope{Name: "openid"}); err != nil {
			return err
		}
		c, err := tx.ApplicationConfiguration(a.ID)
		if fmt.Sprint(c.Scopes) != "[{openid []} {sso:account:access []}]" {
			t.Errorf("scopes %v", c.Scopes)
		}
		return err
	})
}

// A grant has what its type has, and nothing that lets a code or token go astray.
func TestGrants(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{})
	var near, far application.TokenIssuer
	update(t, db, func(tx store.Tx) (err error) {
		if near, err = application.CreateTokenIssuer(tx, issuer("near"), now); err != nil {
			return err
		}
		n := issuer("far")
		n.Instance = own
		far, err = application.CreateTokenIssuer(tx, n, now)
		return err
	})
	code := func(uris ...string) application.Grant {
		return application.Grant{Type: application.AuthorizationCode, RedirectURIs: uris}
	}
	jwt := func(issuers ...application.AuthorizedIssuer) application.Grant {
		return application.Grant{Type: application.JWTBearer, Issuers: issuers}
	}
	from := func(arn string, audiences ...string) application.AuthorizedIssuer {
		return application.AuthorizedIssuer{ARN: arn, Audiences: audiences}
	}
	for _, c := range []struct {
		name   string
		grant  application.Grant
		reason string
	}{
		{"refresh token", application.Grant{Type: application.RefreshToken}, ""},
		{"token exchange", application.Grant{Type: application.TokenExchange}, ""},
		{"unknown", application.Grant{Type: "password"}, "grant"},
		{"refresh token with redirect URIs", application.Grant{Type: application.RefreshToken, RedirectURIs: []string{"https://a.example"}}, "grant"},
		{"code without redirect URIs", code(), "grant"},
		{"code with 11", code(strings.Split(strings.Repeat("https://a.example ", 10)+"https://a.example", " ")...), "grant"},
		{"https", code("https://a.example/cb?x=y"), ""},
		{"this machine", code("http://127.0.0.1:8080/cb", "http://[::1]/cb", "http://localhost/cb"), ""},
		{"a native app", code("com.example.app:/oauth"), ""},
		// A code must not be read on its way, nor run (RFC 9700, 2.1 and 4.1; open redirection).
		{"http", code("http://a.example/cb"), "redirect-uri"},
		{"script", code("javascript:alert(1)"), "redirect-uri"}, {"data", code("data:text/html,x"), "redirect-uri"},
		{"fragment", code("https://a.example/#x"), "redirect-uri"}, {"user", code("https://a@b.example/"), "redirect-uri"},
		{"wildcard", code("https://*.example/"), "redirect-uri"}, {"backslash", code(`https://a.example\@b.example/`), "redirect-uri"},
		{"relative", code("/cb"), "redirect-uri"}, {"no host", code("https:///cb"), "redirect-uri"}, {"empty", code(""), "redirect-uri"},
		{"long", code("https://a.example/" + strings.Repeat("a", 2048)), "redirect-uri"}, {"not ASCII", code("https://例.example/"), "redirect-uri"},
		{"line break", code("https://a.example/\r\nX: y"), "redirect-uri"},
		{"jwt", jwt(from(near.ARN(), "aud1", "aud2")), ""},
		{"jwt without issuers", jwt(), "grant"}, {"without audiences", jwt(from(near.ARN())), "grant"}, {"without a name", jwt(from("", "aud")), "grant"},
		{"twice the same", jwt(from(near.ARN(), "a"), from(near.ARN(), "b")), "grant"},
		{"an empty audience", jwt(from(near.ARN(), "")), "grant"}, {"a long audience", jwt(from(near.ARN(), strings.Repeat("a", 513))), "grant"},
		{"11 audiences", jwt(from(near.ARN(), strings.Split("abcdefghijk", "")...)), "grant"},
		{"11 issuers", jwt(make([]application.AuthorizedIssuer, 11)...), "grant"},
		{"an issuer of another instance", jwt(from(far.ARN(), "aud")), "no-trusted-token-issuer"},
		{"no issuer at all", jwt(from("arn:aws:iam::111122223333:root", "aud")), "no-trusted-token-issuer"},
	} {
		refused(t, db, c.name, c.reason, func(tx store.Tx) error { return application.PutGrant(tx, a, c.grant) })
	}
	update(t, db, func(tx store.Tx) error {
		c, err := tx.ApplicationConfiguration(a.ID)
		if err != nil {
			return err
		}
		if len(c.Grants) != 4 {
			t.Errorf("grants %v", c.Grants)
		}
		if g, err := c.Grant(application.AuthorizationCode); err != nil || fmt.Sprint(g.RedirectURIs) != "[com.example.app:/oauth]" {
			t.Errorf("the last put grant: %v, %v", g, err)
		}
		return application.DeleteGrant(tx, a.ID, application.RefreshToken)
	})
	refused(t, db, "deleting again", "no-grant", func(tx store.Tx) error { return application.DeleteGrant(tx, a.ID, application.RefreshToken) })
}

// The actor policy is a policy of a resource: it names who may.
func TestActorPolicy(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{})
	const good = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sso-oauth:CreateTokenWithIAM","Resource":"*"}]}`
	for document, reason := range map[string]string{
		good: "", "{}": "actor-policy", "": "actor-policy", `"x"`: "actor-policy", good + strings.Repeat(" ", 10240): "actor-policy",
		strings.Replace(good, `"Principal":{"AWS":"111122223333"},`, "", 1): "actor-policy",
	} {
		refused(t, db, document, reason, func(tx store.Tx) error { return application.PutActorPolicy(tx, a.ID, document) })
	}
	update(t, db, func(tx store.Tx) error {
		c, err := tx.ApplicationConfiguration(a.ID)
		if got, err := c.IAMMethod(); err != nil || got != good {
			t.Errorf("policy %q, %v", got, err)
		}
		return err
	})
	refused(t, db, "deleting", "", func(tx store.Tx) error { return application.DeleteActorPolicy(tx, a.ID) })
	refused(t, db, "deleting again", "no-authentication-method", func(tx store.Tx) error { return application.DeleteActorPolicy(tx, a.ID) })
}

// A trusted token issuer is one whose keys nobody can swap and whose tokens tell
// one person (behaviours.md 6.11).
func TestTokenIssuer(t *testing.T) {
	t.Parallel()
	db := world(t)
	for _, c := range []struct {
		name   string
		change func(*application.NewTokenIssuer)
		reason string
	}{
		{"as it is", func(*application.NewTokenIssuer) {}, ""},
		{"without a name", func(n *application.NewTokenIssuer) { n.Name = "" }, "token-issuer-name"},
		{"name with a space", func(n *application.NewTokenIssuer) { n.Name = "a b" }, "token-issuer-name"},
		{"http", func(n *application.NewTokenIssuer) { n.URL = "http://idp.example.com" }, "issuer-url"},
		{"query", func(n *application.NewTokenIssuer) { n.URL = "https://idp.example.com/?a" }, "issuer-url"},
		{"user", func(n *application.NewTokenIssuer) { n.URL = "https://a@idp.example.com" }, "issuer-url"},
		{"fragment", func(n *application.NewTokenIssuer) { n.URL = "https://idp.example.com/#a" }, "issuer-url"},
		{"claim of three parts", func(n *application.NewTokenIssuer) { n.ClaimPath = "a.b_c" }, ""},
		{"claim of four", func(n *application.NewTokenIssuer) { n.ClaimPath = "a.b.c.d" }, "claim-attribute-path"},
		{"claim of script", func(n *application.NewTokenIssuer) { n.ClaimPath = "a[?b]" }, "claim-attribute-path"},
		{"in an instance that goes", func(n *application.NewTokenIssuer) { n.Instance.Status = access.InstanceDeleting }, "instance-deleting"},
		{"user name", func(n *application.NewTokenIssuer) { n.AttributePath = "userName" }, ""},
		{"external id", func(n *application.NewTokenIssuer) { n.AttributePath = "externalIds.id" }, ""},
		// Names are not unique: a token would speak for whoever has the same.
		{"family name", func(n *application.NewTokenIssuer) { n.AttributePath = "name.familyName" }, "identity-store-attribute-path"},
	} {
		n := issuer("idp")
		c.change(&n)
		refused(t, db, c.name, c.reason, func(tx store.Tx) error { _, err := application.CreateTokenIssuer(tx, n, now); return err })
	}
	bad, name := "name.familyName", "other"
	var i application.TokenIssuer
	update(t, db, func(tx store.Tx) (err error) {
		if i, err = application.CreateTokenIssuer(tx, issuer("idp"), now); err != nil {
			return err
		}
		return application.UpdateTokenIssuer(tx, i, application.TokenIssuerChange{Name: &name})
	})
	refused(t, db, "a bad change", "identity-store-attribute-path", func(tx store.Tx) error {
		return application.UpdateTokenIssuer(tx, i, application.TokenIssuerChange{AttributePath: &bad})
	})
	update(t, db, func(tx store.Tx) error {
		got, err := tx.TokenIssuer(i.ID)
		i.Name = name
		if fmt.Sprint(got) != fmt.Sprint(i) {
			t.Errorf("after %+v, want %+v", got, i)
		}
		return err
	})
}
