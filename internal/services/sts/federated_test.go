package sts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/beevik/etree"
	"github.com/go-jose/go-jose/v4"

	"sekisho/internal/arn"
	"sekisho/internal/authn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/oidc/oidctest"
	"sekisho/internal/saml"
	"sekisho/internal/saml/samltest"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

const (
	samlEndpoint = "https://signin.aws.amazon.com/saml"
	samlAudience = "urn:amazon:webservices"
	samlIssuer   = "https://idp.example.com/entity"
	okta         = "arn:aws:iam::" + management + ":saml-provider/Okta"
)

// Making keys takes long; tests share them.
var (
	idp      = sync.OnceValue(func() *samltest.Provider { return samltest.New(samlIssuer) })
	impostor = sync.OnceValue(func() *samltest.Provider { return samltest.New(samlIssuer) })
)

func (w *world) samlProvider(name string, change ...func(*iam.SAMLProvider)) {
	w.Helper()
	p := iam.SAMLProvider{Account: management, Name: name, CreatedAt: start, ExpiresAt: start.AddDate(100, 0, 0), Metadata: idp().Metadata(), EntityID: samlIssuer}
	for _, f := range change {
		f(&p)
	}
	w.update(func(tx store.Tx) error { return tx.PutSAMLProvider(p) })
}

// bySAML is a trust policy for people of the provider Okta.
func bySAML(more ...string) string {
	return trusting(fmt.Sprintf(`{"Federated":%q}`, okta), `["sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity"]`, more...)
}

// response is one that lets alice assume the role.
func (w *world) response(roleARN string, change ...func(*samltest.Response)) samltest.Response {
	r := samltest.Response{IssuedAt: w.clock.Now(), Attributes: map[string][]string{
		samltest.Role: {roleARN + "," + okta}, samltest.RoleSessionName: {"alice"},
	}}
	for _, f := range change {
		f(&r)
	}
	return r
}

func attribute(name string, values ...string) func(*samltest.Response) {
	return func(r *samltest.Response) { r.Attributes[name] = values }
}

func (w *world) withSAML(roleARN, assertion string, change ...func(*awssts.AssumeRoleWithSAMLInput)) (*awssts.AssumeRoleWithSAMLOutput, error) {
	w.Helper()
	in := &awssts.AssumeRoleWithSAMLInput{RoleArn: &roleARN, PrincipalArn: aws.String(okta), SAMLAssertion: &assertion}
	for _, f := range change {
		f(in)
	}
	return do(w, call.Principal{}, "AssumeRoleWithSAML", w.service.AssumeRoleWithSAML, in)
}

// What the assertion becomes (behaviours.md 4.3).
func TestAssumeRoleWithSAML(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.samlProvider("Okta")
	r := w.role(management, "R", bySAML(`,"Condition":{"StringEquals":{"saml:aud":"`+samlEndpoint+`","saml:iss":"`+samlIssuer+`","saml:doc":"`+management+`/Okta","saml:sub":"alice@example.com","saml:sub_type":"persistent","sts:RoleSessionName":"alice"}}`),
		allow("s3:*", "sts:AssumeRole"), func(r *iam.Role) { r.MaxSessionSeconds = 7200 })
	out, err := w.withSAML(r.ARN(), idp().Sign(w.response(r.ARN(),
		attribute(saml.AttributePrincipalTag+"team", "a"), attribute(saml.AttributePrincipalTag+"unit", "u"), attribute(saml.AttributeTransitiveTagKeys, "team", "team"),
		attribute(saml.AttributeSourceIdentity, "alice.a"))))
	if err != nil {
		t.Fatal(err)
	}
	qualifier := saml.NameQualifier(samlIssuer, management, "Okta")
	got := []string{*out.AssumedRoleUser.Arn, *out.AssumedRoleUser.AssumedRoleId, *out.Subject, *out.SubjectType, *out.Issuer, *out.Audience, *out.NameQualifier, *out.SourceIdentity}
	want := []string{arn.AssumedRole(management, "R", "alice"), r.ID + ":alice", "alice@example.com", "persistent", samlIssuer, samlEndpoint, qualifier, "alice.a"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
	if packed(out) == 0 || !out.Credentials.Expiration.Equal(start.Add(time.Hour)) {
		t.Errorf("%+v", out)
	}
	p := w.by(out.Credentials)
	if s := p.Temporary; p.Kind != call.AssumedRole || s.Provider != okta || len(s.Tags) != 2 || len(s.TransitiveTags) != 1 || s.SourceIdentity != "alice.a" ||
		s.Keys["saml:sub"] != "alice@example.com" || s.Keys["saml:namequalifier"] != qualifier || s.Keys["saml:sub_type"] != "persistent" || len(s.Keys) != 3 {
		t.Errorf("%+v", s)
	}
	// The session is a role's like any other: what it assumes is chained.
	next := w.role(management, "Next", trust(r.ARN(), `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"a","saml:sub":"alice@example.com","aws:FederatedProvider":"`+okta+`"}}`), "")
	chained, err := w.assume(p, next.ARN())
	w.expect("chained", err, "", "")
	if err == nil && aws.ToString(chained.SourceIdentity) != "alice.a" {
		t.Errorf("%+v", chained)
	}
}

// Every row of behaviours.md 4.3's table of errors, and more.
func TestAssumeRoleWithSAMLRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.samlProvider("Okta")
	w.samlProvider("Other")
	w.samlProvider("Sealed", func(p *iam.SAMLProvider) { p.Encryption = iam.EncryptionRequired })
	w.samlProvider("Empty", func(p *iam.SAMLProvider) { p.Metadata = "" })
	r := w.role(management, "R", bySAML(), "")
	foreign := w.role(production, "R", bySAML(), "")
	mistrusting := w.role(management, "Mistrusting", bySAML(`,"Condition":{"StringEquals":{"saml:sub":"bob"}}`), "")
	bare := w.role(management, "Bare", trusting(`{"Federated":"`+okta+`"}`, `"sts:AssumeRoleWithSAML"`), "")
	everyone := w.role(management, "Everyone", trusting(`"*"`, `"sts:AssumeRoleWithSAML"`), "")
	ofOther := "arn:aws:iam::" + management + ":saml-provider/Other"
	const refusal = "Not authorized to perform sts:AssumeRoleWithSAML"
	through := func(provider string) func(*awssts.AssumeRoleWithSAMLInput) {
		return func(in *awssts.AssumeRoleWithSAMLInput) { in.PrincipalArn = &provider }
	}
	lasting := func(seconds int32) func(*awssts.AssumeRoleWithSAMLInput) {
		return func(in *awssts.AssumeRoleWithSAMLInput) { in.DurationSeconds = &seconds }
	}
	for _, c := range []struct {
		name          string
		role          string
		response      func(*samltest.Response)
		in            func(*awssts.AssumeRoleWithSAMLInput)
		code, message string
	}{
		{"no session name", r.ARN(), func(r *samltest.Response) { delete(r.Attributes, samltest.RoleSessionName) }, nil, "InvalidIdentityToken", "RoleSessionName is required in AuthnResponse"},
		{"bad session name", r.ARN(), attribute(samltest.RoleSessionName, "a b"), nil, "InvalidIdentityToken", "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"},
		{"bad source identity", r.ARN(), attribute(saml.AttributeSourceIdentity, "aws:x"), nil, "InvalidIdentityToken", `Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`},
		{"another issuer", r.ARN(), func(r *samltest.Response) { r.Issuer = "https://evil.example.com" }, nil, "AuthSamlInvalidSamlResponseException", "Issuer not present in specified provider"},
		{"another audience", r.ARN(), func(r *samltest.Response) { r.Audience = "urn:other" }, nil, "InvalidIdentityToken", "Response does not contain the required audience."},
		{"no such provider", r.ARN(), nil, through("arn:aws:iam::" + management + ":saml-provider/None"), "InvalidIdentityToken", "Specified provider doesn't exist."},
		{"provider of another account", foreign.ARN(), nil, nil, "InvalidIdentityToken", "Specified provider doesn't exist."},
		{"provider without metadata", r.ARN(), nil, through("arn:aws:iam::" + management + ":saml-provider/Empty"), "InvalidIdentityToken", "Specified provider doesn't exist."},
		{"no provider's ARN", r.ARN(), nil, through("arn:aws:iam::" + management + ":role/x"), "ValidationError", "arn:aws:iam::" + management + ":role/x is invalid"},
		{"trust refuses", mistrusting.ARN(), nil, nil, "AccessDenied", refusal},
		{"trust names everybody but no provider", everyone.ARN(), nil, nil, "AccessDenied", refusal},
		{"no such role", "arn:aws:iam::" + management + ":role/None", nil, nil, "AccessDenied", refusal},
		{"another role was asserted", r.ARN(), attribute(samltest.Role, bare.ARN()+","+okta), nil, "AccessDenied", refusal},
		{"another provider was asserted", r.ARN(), attribute(samltest.Role, r.ARN()+","+ofOther), nil, "AccessDenied", refusal},
		{"through another provider", r.ARN(), attribute(samltest.Role, r.ARN()+","+ofOther), through(ofOther), "AccessDenied", refusal},
		{"no NameID", r.ARN(), func(r *samltest.Response) {
			r.Edit = func(a *etree.Element) { s := a.FindElement("./Subject"); s.RemoveChild(s.FindElement("./NameID")) }
		}, nil, "AccessDenied", refusal},
		{"TagSession is missing", bare.ARN(), attribute(saml.AttributePrincipalTag+"team", "a"), nil, "AccessDenied", refusal},
		{"SetSourceIdentity is missing", bare.ARN(), attribute(saml.AttributeSourceIdentity, "alice"), nil, "AccessDenied", refusal},
		{"too long", r.ARN(), nil, lasting(3601), "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
		{"bad SessionDuration", r.ARN(), attribute(saml.AttributeSessionDuration, "60"), nil, "InvalidIdentityToken", "SessionDuration in AuthnResponse must be between 900 and 43200"},
		{"rejected by the provider", r.ARN(), func(r *samltest.Response) { r.Status = "Responder" }, nil, "IDPRejectedClaim", "The identity provider rejected the authentication request"},
		{"tag with two values", r.ARN(), attribute(saml.AttributePrincipalTag+"team", "a", "b"), nil, "InvalidIdentityToken", "PrincipalTag in AuthnResponse must have one value"},
		{"tag of AWS", r.ARN(), attribute(saml.AttributePrincipalTag+"aws:team", "a"), nil, "InvalidParameterValue", `Tag keys beginning with "aws:" are reserved: aws:team`},
		{"tag too long", r.ARN(), attribute(saml.AttributePrincipalTag+"team", strings.Repeat("x", 257)), nil, "ValidationError",
			"A session tag has a key of 1 to 128 characters and a value of at most 256: letters, spaces, numbers and _.:/=+-@"},
		{"not encrypted", r.ARN(), nil, through("arn:aws:iam::" + management + ":saml-provider/Sealed"), "InvalidIdentityToken", "The identity provider requires that assertions are encrypted."},
		{"bad session policy", r.ARN(), nil, func(in *awssts.AssumeRoleWithSAMLInput) { in.Policy = aws.String("x") }, "MalformedPolicyDocument", "Syntax errors in policy."},
		{"good", r.ARN(), nil, lasting(3600), "", ""},
	} {
		response, in := c.response, c.in
		if response == nil {
			response = func(*samltest.Response) {}
		}
		if in == nil {
			in = func(*awssts.AssumeRoleWithSAMLInput) {}
		}
		made := w.response(c.role, func(r *samltest.Response) {
			r.Attributes[samltest.Role] = []string{c.role + "," + okta}
		}, response)
		_, err := w.withSAML(c.role, idp().Sign(made), in)
		w.expect(c.name, err, c.code, c.message)
	}
	_, err := w.withSAML(r.ARN(), impostor().Sign(w.response(r.ARN())))
	w.expect("another's signature", err, "InvalidIdentityToken", "Response signature invalid")
	old := idp().Sign(w.response(r.ARN()))
	w.clock.Advance(5 * time.Minute)
	_, err = w.withSAML(r.ARN(), old)
	if code, _ := told(err); code != "ExpiredTokenException" {
		t.Errorf("late: %v", err)
	}
}

// An assertion is used once for a role, on every node (promise 18); for another
// role of the same person it is good still.
func TestAssertionIsUsedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.samlProvider("Okta")
	one, two := w.role(management, "One", bySAML(), ""), w.role(management, "Two", bySAML(), "")
	refusing := w.role(management, "Refusing", bySAML(`,"Condition":{"StringEquals":{"saml:sub":"bob"}}`), "")
	text := idp().Sign(w.response(one.ARN(), attribute(samltest.Role, one.ARN()+","+okta, okta+","+two.ARN(), refusing.ARN()+","+okta)))
	again := "The SAML assertion has been used already. Sign in again for a new one."
	_, err := w.withSAML(refusing.ARN(), text)
	w.expect("refused", err, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
	for _, c := range []struct {
		name, role, code, message string
	}{
		{"first", one.ARN(), "", ""}, {"again", one.ARN(), "InvalidIdentityToken", again},
		{"another role", two.ARN(), "", ""}, {"that again", two.ARN(), "InvalidIdentityToken", again},
	} {
		_, err := w.withSAML(c.role, text)
		w.expect(c.name, err, c.code, c.message)
	}
}

// How long a session by SAML lasts: what the call asks, the role allows, and no
// longer than the assertion says in either way.
func TestSAMLDuration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.samlProvider("Okta")
	r := w.role(management, "R", bySAML(), "", func(r *iam.Role) { r.MaxSessionSeconds = 7200 })
	for _, c := range []struct {
		name     string
		response func(*samltest.Response)
		seconds  *int32
		want     time.Duration
	}{
		{"default", func(*samltest.Response) {}, nil, time.Hour},
		{"asked", func(*samltest.Response) {}, aws.Int32(7200), 2 * time.Hour},
		{"the attribute shortens", attribute(saml.AttributeSessionDuration, "1800"), aws.Int32(7200), 30 * time.Minute},
		{"and does not lengthen", attribute(saml.AttributeSessionDuration, "43200"), nil, time.Hour},
		{"the provider's session ends", func(r *samltest.Response) { r.SessionEnds = start.Add(20 * time.Minute) }, aws.Int32(7200), 20 * time.Minute},
		{"sooner than AWS's least", func(r *samltest.Response) { r.SessionEnds = start.Add(time.Minute) }, nil, time.Minute},
		{"the provider's session is longer", func(r *samltest.Response) { r.SessionEnds = start.Add(20 * time.Hour) }, aws.Int32(7200), 2 * time.Hour},
	} {
		out, err := w.withSAML(r.ARN(), idp().Sign(w.response(r.ARN(), c.response)), func(in *awssts.AssumeRoleWithSAMLInput) { in.DurationSeconds = c.seconds })
		w.expect(c.name, err, "", "")
		if err == nil && !out.Credentials.Expiration.Equal(start.Add(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, out.Credentials.Expiration.Sub(start), c.want)
		}
	}
}

// An encrypted assertion is opened with the provider's keys, and is what a
// provider gets by with that asks for nothing else.
func TestEncryptedAssertion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(rsa.GenerateKey(rand.Reader, 2048))
	w.samlProvider("Okta", func(p *iam.SAMLProvider) {
		p.Encryption, p.PrivateKeys = iam.EncryptionRequired, []iam.SAMLPrivateKey{samlKey(key)}
	})
	r := w.role(management, "R", bySAML(), "")
	_, err := w.withSAML(r.ARN(), idp().Sign(w.response(r.ARN(), func(r *samltest.Response) { r.EncryptTo = &key.PublicKey })))
	w.expect("encrypted", err, "", "")
	_, err = w.withSAML(r.ARN(), idp().Sign(w.response(r.ARN())))
	w.expect("plain", err, "InvalidIdentityToken", "The identity provider requires that assertions are encrypted.")
	other := must(rsa.GenerateKey(rand.Reader, 2048))
	_, err = w.withSAML(r.ARN(), idp().Sign(w.response(r.ARN(), func(r *samltest.Response) { r.EncryptTo = &other.PublicKey })))
	w.expect("for another key", err, "InvalidIdentityToken", "Response signature invalid")
}

func samlKey(key *rsa.PrivateKey) iam.SAMLPrivateKey {
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))})
	return iam.SAMLPrivateKey{ID: "SAMLPK1", PEM: secret.NewString(string(text)), AddedAt: start}
}

func byToken(provider string, more ...string) string {
	return trusting(fmt.Sprintf(`{"Federated":%q}`, provider), `["sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"]`, more...)
}

// AssumeRoleWithWebIdentity, as GitHub's runners use it (behaviours.md 4.4).
func TestAssumeRoleWithWebIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := oidctest.New()
	t.Cleanup(server.Close)
	w.service.OIDC = &oidc.Verifier{HTTPClient: server.Client()}
	name := strings.TrimPrefix(server.Issuer(), "https://")
	provider := arn.OIDCProvider(management, name)
	w.update(func(tx store.Tx) error {
		return tx.PutOIDCProvider(iam.OIDCProvider{Account: management, URL: name, ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{server.Thumbprint()}, CreatedAt: start})
	})
	condition := `,"Condition":{"StringEquals":{"` + name + `:aud":"sts.amazonaws.com"},"StringLike":{"` + name + `:sub":"repo:octo/hello:*"}}`
	r := w.role(management, "Deploy", byToken(provider, condition), allow("s3:*"))
	bare := w.role(management, "Bare", trusting(`{"Federated":"`+provider+`"}`, `"sts:AssumeRoleWithWebIdentity"`), "")
	foreign := w.role(production, "Deploy", byToken(provider, condition), "")
	everyone := w.role(management, "Everyone", trusting(`"*"`, `"sts:AssumeRoleWithWebIdentity"`), "")
	assume := func(roleARN, token string, change ...func(*awssts.AssumeRoleWithWebIdentityInput)) (*awssts.AssumeRoleWithWebIdentityOutput, error) {
		in := &awssts.AssumeRoleWithWebIdentityInput{RoleArn: &roleARN, RoleSessionName: aws.String("runner"), WebIdentityToken: &token}
		for _, f := range change {
			f(in)
		}
		return do(w, anonymous, "AssumeRoleWithWebIdentity", w.service.AssumeRoleWithWebIdentity, in)
	}
	claims := func(more map[string]any) string { return server.Token("sts.amazonaws.com", w.clock.Now(), more) }

	out, err := assume(r.ARN(), claims(map[string]any{
		"amr": []string{"authenticated"}, oidc.ClaimSourceIdentity: "octocat",
		oidc.ClaimTags: map[string]any{"principal_tags": map[string]any{"team": []string{"a"}}, "transitive_tag_keys": []string{"team"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	sub := "repo:octo/hello:ref:refs/heads/main"
	got := []string{*out.AssumedRoleUser.Arn, *out.SubjectFromWebIdentityToken, *out.Audience, *out.Provider, *out.SourceIdentity}
	if want := []string{arn.AssumedRole(management, "Deploy", "runner"), sub, "sts.amazonaws.com", server.Issuer(), "octocat"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
	s := w.by(out.Credentials).Temporary
	if s.Provider != provider || s.Keys[name+":sub"] != sub || s.Keys[name+":aud"] != "sts.amazonaws.com" || s.Keys[name+":amr"] != "authenticated" || len(s.Keys) != 3 || len(s.Tags) != 1 || len(s.TransitiveTags) != 1 {
		t.Errorf("%+v", s)
	}

	const refusal = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
	none := "No OpenIDConnect provider found in your account for "
	for _, c := range []struct {
		name, role, token string
		code, message     string
	}{
		{"again: workloads reuse theirs", r.ARN(), claims(nil), "", ""},
		{"another subject", r.ARN(), claims(map[string]any{"sub": "repo:evil/hello:x"}), "AccessDenied", refusal},
		{"another audience", r.ARN(), server.Token("other", start, nil), "InvalidIdentityToken", "Incorrect token audience"},
		{"another issuer", r.ARN(), claims(map[string]any{"iss": "https://evil.example.com"}), "InvalidIdentityToken", none + "https://evil.example.com"},
		{"provider of another account", foreign.ARN(), claims(nil), "InvalidIdentityToken", none + server.Issuer()},
		{"no such role", "arn:aws:iam::" + management + ":role/None", claims(nil), "AccessDenied", refusal},
		{"trust names everybody but no provider", everyone.ARN(), claims(nil), "AccessDenied", refusal},
		{"expired", r.ARN(), claims(map[string]any{"exp": start.Unix()}), "ExpiredTokenException",
			fmt.Sprintf("Token expired: current date/time %d must be before the expiration date/time %d", start.Unix(), start.Unix())},
		{"no JWT", r.ARN(), "opaque", "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"},
		{"TagSession is missing", bare.ARN(), claims(map[string]any{oidc.ClaimTags: map[string]any{"principal_tags": map[string]any{"a": "b"}}}), "AccessDenied", refusal},
		{"SetSourceIdentity is missing", bare.ARN(), claims(map[string]any{oidc.ClaimSourceIdentity: "octocat"}), "AccessDenied", refusal},
		{"bad source identity", r.ARN(), claims(map[string]any{oidc.ClaimSourceIdentity: "a b"}), "ValidationError", `Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`},
		{"signed by another", r.ARN(), oidctest.Sign(must(rsa.GenerateKey(rand.Reader, 2048)), jose.RS256, map[jose.HeaderKey]any{"kid": server.Key().KeyID},
			server.Claims("sts.amazonaws.com", start, nil)), "InvalidIdentityToken", "Provided Token signature is invalid"},
	} {
		_, err := assume(c.role, c.token)
		w.expect(c.name, err, c.code, c.message)
	}
	_, err = assume(r.ARN(), claims(nil), func(in *awssts.AssumeRoleWithWebIdentityInput) { in.DurationSeconds = aws.Int32(3601) })
	w.expect("too long", err, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	_, err = assume(r.ARN(), claims(nil), func(in *awssts.AssumeRoleWithWebIdentityInput) { in.ProviderId = aws.String("www.amazon.com") })
	w.expect("ProviderId", err, "ValidationError", "ProviderId is for OAuth 2.0 access tokens of www.amazon.com and graph.facebook.com, which cannot be verified here")

	// The provider's keys rotate: new tokens are good, those of keys that are gone are not.
	old := claims(nil)
	server.Rotate(jose.ES256, false)
	w.clock.Advance(10 * time.Minute)
	_, err = assume(r.ARN(), claims(nil))
	w.expect("a new key", err, "", "")
	_, err = assume(r.ARN(), old)
	if code, _ := told(err); code != "InvalidIdentityToken" {
		t.Errorf("an old key: %v", err)
	}

	// Without a public authority the thumbprint decides.
	w.service.OIDC = &oidc.Verifier{}
	_, err = assume(r.ARN(), claims(nil))
	w.expect("by thumbprint", err, "", "")
	w.update(func(tx store.Tx) error {
		return tx.PutOIDCProvider(iam.OIDCProvider{Account: management, URL: name, ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{strings.Repeat("0", 40)}, CreatedAt: start})
	})
	w.service.OIDC = &oidc.Verifier{}
	_, err = assume(r.ARN(), claims(nil))
	if code, _ := told(err); code != "InvalidIdentityToken" && code != "IDPCommunicationError" {
		t.Errorf("another thumbprint: %v", err)
	}

	w.update(func(tx store.Tx) error { return iam.RemoveRole(tx, must(tx.Role(r.ID))) })
	_, err = w.as(out.Credentials, "sts")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Reason != "the role is gone" {
		t.Errorf("after the role: %v", err)
	}
}

var anonymous call.Principal
