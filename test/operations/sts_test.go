package operations

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/iam"
	"sekisho/internal/oidc/oidctest"
	"sekisho/internal/saml/samltest"
	"sekisho/internal/store"
)

// attempt is a call with what must come of it.
type attempt struct {
	name    string
	request *http.Request
	code    string // "" is success
	message string
	arn     string // of the session that it gives
}

func (w *world) try(t *testing.T, attempts []attempt) {
	t.Helper()
	for _, a := range attempts {
		got := w.send(a.request)
		if got.code != a.code || (got.status == http.StatusOK) != (a.code == "") || got.message != a.message {
			t.Errorf("%s: %v, want %s %q", a.name, got, a.code, a.message)
			continue
		}
		if a.arn == "" {
			continue
		}
		who := w.do(t, got.credentials(), "sts", "GetCallerIdentity", "", nil)
		if got.texts["Arn"] != a.arn || who.texts["Arn"] != a.arn {
			t.Errorf("%s: session of %s, who is %s; want %s", a.name, got.texts["Arn"], who.texts["Arn"], a.arn)
		}
	}
}

// counted are the events of the operation by principal, resource and error code;
// the trail is whole once the program has stopped.
func (w *world) counted(tb testing.TB, operation string) map[[3]string]int {
	tb.Helper()
	n := make(map[[3]string]int)
	for _, e := range w.trail(tb)[operation] {
		n[[3]string{e.PrincipalID, e.Resource, e.ErrorCode}] += e.Count
		if denied := e.DecisionID != ""; denied != (e.Decision != "") || denied && e.ErrorCode != "AccessDenied" {
			tb.Errorf("%s: event %+v", operation, e)
		}
	}
	return n
}

func expectTrail(t *testing.T, got, want map[[3]string]int) {
	t.Helper()
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%d events of %v, want %d", got[k], k, n)
		}
	}
	for k, n := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%d events of %v", n, k)
		}
	}
}

// A role is assumed by whom its trust policy names and by nobody else; across
// accounts the caller's own policies have to allow it too, and a refusal does
// not tell which of the two was missing, nor whether there is such a role
// (R-21, behaviours.md 2.6, 4.2).
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mayAssume := document(statement("Allow", "Action", "sts:AssumeRole", "*"))
	users := map[string]caller{
		"plain":   w.user(t, production, "plain", ""),
		"allowed": w.user(t, production, "allowed", mayAssume),
		"denied":  w.user(t, production, "denied", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "sts:AssumeRole", "*"))),
		"far":     w.user(t, management, "far", mayAssume),
		"farther": w.user(t, management, "farther", ""),
	}
	named := func(callers ...string) string {
		var arns []string
		for _, c := range callers {
			arns = append(arns, users[c].arn)
		}
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["` + strings.Join(arns, `","`) + `"]},"Action":"sts:AssumeRole"}]}`
	}
	account := w.role(t, "Account", trustsAccount())
	person := w.role(t, "Person", named("plain", "denied", "far", "farther"))
	none := arn.Role(production, "/", "None")
	as := func(role string) request {
		return request{service: "sts", operation: "AssumeRole", input: url.Values{"RoleArn": {role}, "RoleSessionName": {"me"}}}
	}
	by := func(name, who, role string, ok bool) attempt {
		a := attempt{name: name, request: w.signed(as(role), users[who].key)}
		if ok {
			a.arn = arn.AssumedRole(production, role[strings.LastIndexByte(role, '/')+1:], "me")
		} else {
			a.code, a.message = "AccessDenied", "User: "+users[who].arn+" is not authorized to perform: sts:AssumeRole on resource: "+role
		}
		return a
	}
	plain := users["plain"].key
	w.try(t, []attempt{
		{name: "no signature", request: w.unsigned(as(account)), code: "MissingAuthenticationToken", message: noToken},
		{name: "wrong secret", request: w.signed(as(account), key{id: plain.id, secret: "wrong"}), code: "SignatureDoesNotMatch", message: wrongSecret},
		{name: "root", request: w.signed(as(account), w.root(production)), code: "AccessDenied", message: "Roles may not be assumed by root accounts."},
		by("trusted by account, not allowed", "plain", account, false),
		by("trusted by account, allowed", "allowed", account, true),
		by("trusted by account, denied", "denied", account, false),
		by("trusted by name", "plain", person, true),
		by("trusted by name, denied", "denied", person, false),
		by("not trusted", "allowed", person, false),
		by("no such role", "allowed", none, false),
		by("another account, both agree", "far", person, true),
		by("another account, not allowed there", "farther", person, false),
		by("another account, not trusted here", "far", account, false),
	})
	w.stop()
	// What was asked across accounts stands in the history of both.
	expectTrail(t, w.counted(t, "AssumeRole"), map[[3]string]int{
		{"", "", "MissingAuthenticationToken"}:            1,
		{users["plain"].arn, "", "SignatureDoesNotMatch"}: 1,
		{arn.Root(production), "", "AccessDenied"}:        1,
		{users["plain"].arn, account, "AccessDenied"}:     1,
		{users["allowed"].arn, account, ""}:               1,
		{users["denied"].arn, account, "AccessDenied"}:    1,
		{users["plain"].arn, person, ""}:                  1,
		{users["denied"].arn, person, "AccessDenied"}:     1,
		{users["allowed"].arn, person, "AccessDenied"}:    1,
		{users["allowed"].arn, none, "AccessDenied"}:      1,
		{users["far"].arn, person, ""}:                    2,
		{users["farther"].arn, person, "AccessDenied"}:    2,
		{users["far"].arn, account, "AccessDenied"}:       2,
	})
	w.secretless(t)
}

// Who one is may be asked by everybody, and one's own session be got by every
// user, against an explicit deny; but not unsigned (behaviours.md 4.5, 4.6).
func TestCallsThatNoPolicyForbids(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(t, production, "jane", document(statement("Deny", "Action", "*", "*")))
	who, session := request{service: "sts", operation: "GetCallerIdentity"}, request{service: "sts", operation: "GetSessionToken"}
	temporary := w.must(session, jane.key).credentials()
	wrong := key{id: jane.key.id, secret: "wrong"}
	w.try(t, []attempt{
		{name: "identity", request: w.signed(who, jane.key)},
		{name: "identity of a session", request: w.signed(who, temporary)},
		{name: "identity of the root user", request: w.signed(who, w.root(production))},
		{name: "identity, unsigned", request: w.unsigned(who), code: "MissingAuthenticationToken", message: noToken},
		{name: "identity, wrong secret", request: w.signed(who, wrong), code: "SignatureDoesNotMatch", message: wrongSecret},
		{name: "session of the root user", request: w.signed(session, w.root(production))},
		{name: "session of a session", request: w.signed(session, temporary), code: "AccessDenied", message: "Cannot call GetSessionToken with session credentials"},
		{name: "session, unsigned", request: w.unsigned(session), code: "MissingAuthenticationToken", message: noToken},
		{name: "session, wrong secret", request: w.signed(session, wrong), code: "SignatureDoesNotMatch", message: wrongSecret},
	})
	w.stop()
	expectTrail(t, w.counted(t, "GetCallerIdentity"), map[[3]string]int{
		{jane.arn, "", ""}: 2, {arn.Root(production), "", ""}: 1, {"", "", "MissingAuthenticationToken"}: 1, {jane.arn, "", "SignatureDoesNotMatch"}: 1,
	})
	expectTrail(t, w.counted(t, "GetSessionToken"), map[[3]string]int{
		{jane.arn, "", ""}: 1, {arn.Root(production), "", ""}: 1, {jane.arn, "", "AccessDenied"}: 1,
		{"", "", "MissingAuthenticationToken"}: 1, {jane.arn, "", "SignatureDoesNotMatch"}: 1,
	})
	w.secretless(t)
}

// trustsProvider is a trust policy for whom the provider vouches, if the key has
// the value.
func trustsProvider(provider, action, conditionKey, value string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + provider + `"},"Action":"` + action +
		`","Condition":{"StringEquals":{"` + conditionKey + `":"` + value + `"}}}]}`
}

// A SAML assertion is worth a session if the provider of the role's account
// signed it, it names the role, and the role trusts the provider; once (R-22,
// behaviours.md 4.3).
func TestAssumeRoleWithSAML(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const action = "sts:AssumeRoleWithSAML"
	idp, stranger := samltest.New("https://idp.example.com/saml"), samltest.New("https://idp.example.com/saml")
	provider := arn.SAMLProvider(production, "idp")
	w.do(t, w.root(production), "iam", "CreateSAMLProvider", "Name=idp SAMLMetadataDocument={document}",
		map[string]string{"document": idp.Metadata() + "<!--" + strings.Repeat(" ", 1000) + "-->"})
	trusting := w.role(t, "Trusting", trustsProvider(provider, action, "SAML:sub", "alice@example.com"))
	other := w.role(t, "Other", trustsProvider(provider, action, "SAML:sub", "bob@example.com"))
	none := arn.Role(production, "/", "None")
	assertion := func(by *samltest.Provider, roles ...string) string {
		pairs := make([]string, len(roles))
		for i, r := range roles {
			pairs[i] = r + "," + provider
		}
		return by.Sign(samltest.Response{Subject: "alice@example.com", Attributes: map[string][]string{
			samltest.Role: pairs, samltest.RoleSessionName: {"alice"},
		}})
	}
	with := func(role, assertion string) *http.Request {
		return w.unsigned(request{service: "sts", operation: "AssumeRoleWithSAML", input: url.Values{
			"RoleArn": {role}, "PrincipalArn": {provider}, "SAMLAssertion": {assertion},
		}})
	}
	const refusal = "Not authorized to perform " + action
	good := assertion(idp, trusting)
	w.try(t, []attempt{
		{name: "signed by another key", request: with(trusting, assertion(stranger, trusting)), code: "InvalidIdentityToken", message: "Response signature invalid"},
		{name: "another role than it names", request: with(trusting, assertion(idp, other)), code: "AccessDenied", message: refusal},
		{name: "a role that trusts another person", request: with(other, assertion(idp, other)), code: "AccessDenied", message: refusal},
		{name: "no such role", request: with(none, assertion(idp, none)), code: "AccessDenied", message: refusal},
		{name: "as it should be", request: with(trusting, good), arn: arn.AssumedRole(production, "Trusting", "alice")},
		{name: "a second time", request: with(trusting, good), code: "InvalidIdentityToken",
			message: "The SAML assertion has been used already. Sign in again for a new one."},
	})
	w.stop()
	expectTrail(t, w.counted(t, "AssumeRoleWithSAML"), map[[3]string]int{
		{"", "", "InvalidIdentityToken"}:             1,
		{provider, trusting, "AccessDenied"}:         1,
		{provider, other, "AccessDenied"}:            1,
		{provider, none, "AccessDenied"}:             1,
		{provider, trusting, ""}:                     1,
		{provider, trusting, "InvalidIdentityToken"}: 1,
	})
	w.secretless(t)
}

// A web identity token is worth a session if a provider of the role's account
// issued it for one of its clients, and the role trusts who it speaks of (R-22,
// behaviours.md 4.4).
func TestAssumeRoleWithWebIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const action = "sts:AssumeRoleWithWebIdentity"
	idp, stranger := oidctest.New(), oidctest.New()
	defer idp.Close()
	defer stranger.Close()
	host := strings.TrimPrefix(idp.Issuer(), "https://")
	provider := arn.OIDCProvider(production, host)
	// Past the API, which takes no ports.
	w.update(t, func(tx store.Tx) error {
		return tx.PutOIDCProvider(iam.OIDCProvider{Account: production, URL: host, ClientIDs: []string{"app"}, Thumbprints: []string{idp.Thumbprint()}, CreatedAt: time.Now()})
	})
	trusting := w.role(t, "Trusting", trustsProvider(provider, action, host+":sub", "alice"))
	other := w.role(t, "Other", trustsProvider(provider, action, host+":sub", "bob"))
	none := arn.Role(production, "/", "None")
	with := func(role, token string) *http.Request {
		return w.unsigned(request{service: "sts", operation: "AssumeRoleWithWebIdentity", input: url.Values{
			"RoleArn": {role}, "RoleSessionName": {"me"}, "WebIdentityToken": {token},
		}})
	}
	now := time.Now()
	alice := map[string]any{"sub": "alice"}
	const refusal = "Not authorized to perform " + action
	w.try(t, []attempt{
		{name: "of an issuer that is no provider", request: with(trusting, stranger.Token("app", now, alice)), code: "InvalidIdentityToken",
			message: "No OpenIDConnect provider found in your account for " + stranger.Issuer()},
		{name: "for another client", request: with(trusting, idp.Token("other", now, alice)), code: "InvalidIdentityToken", message: "Incorrect token audience"},
		{name: "a role that trusts another person", request: with(other, idp.Token("app", now, alice)), code: "AccessDenied", message: refusal},
		{name: "no such role", request: with(none, idp.Token("app", now, alice)), code: "AccessDenied", message: refusal},
		{name: "as it should be", request: with(trusting, idp.Token("app", now, alice)), arn: arn.AssumedRole(production, "Trusting", "me")},
	})
	w.stop()
	expectTrail(t, w.counted(t, "AssumeRoleWithWebIdentity"), map[[3]string]int{
		{"", "", "InvalidIdentityToken"}:  2,
		{provider, other, "AccessDenied"}: 1,
		{provider, none, "AccessDenied"}:  1,
		{provider, trusting, ""}:          1,
	})
	w.secretless(t)
}
