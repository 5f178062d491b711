package saml_test

import (
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"sekisho/internal/saml"
	"sekisho/internal/saml/samltest"
)

// What an assertion has to say of itself (behaviours.md 4.3), signed or not.
func TestRulesOfAssertions(t *testing.T) {
	t.Parallel()
	const (
		invalid   = "Invalid SAML response"
		nobody    = "Not authorized to perform sts:AssumeRoleWithSAML"
		audience  = "Response does not contain the required audience."
		recipient = "Response is not for this recipient"
		other     = "Issuer not present in specified provider"
	)
	edit := func(f func(a *etree.Element)) func(*samltest.Response) {
		return func(r *samltest.Response) { r.Edit = f }
	}
	set := func(path, attr, value string) func(*samltest.Response) {
		return edit(func(a *etree.Element) { a.FindElement(path).CreateAttr(attr, value) })
	}
	unset := func(path, attr string) func(*samltest.Response) {
		return edit(func(a *etree.Element) { a.FindElement(path).RemoveAttr(attr) })
	}
	drop := func(path string) func(*samltest.Response) {
		return edit(func(a *etree.Element) { e := a.FindElement(path); e.Parent().RemoveChild(e) })
	}
	double := func(path string) func(*samltest.Response) {
		return edit(func(a *etree.Element) { e := a.FindElement(path); e.Parent().AddChild(e.Copy()) })
	}
	rename := func(path, tag string) func(*samltest.Response) {
		return edit(func(a *etree.Element) { a.FindElement(path).Tag = tag })
	}
	add := func(path, tag, text string) func(*samltest.Response) {
		return edit(func(a *etree.Element) { a.FindElement(path).CreateElement(tag).SetText(text) })
	}
	const data = "./Subject/SubjectConfirmation/SubjectConfirmationData"
	for name, c := range map[string]struct {
		edit          func(*samltest.Response)
		at            time.Duration
		code, message string // "" for one that is believed
	}{
		"issuer is another":        {func(r *samltest.Response) { r.Issuer = "https://evil.example" }, 0, saml.CodeInvalidResponse, other},
		"issuer in other letters":  {func(r *samltest.Response) { r.Issuer = strings.ToUpper(entity) }, 0, saml.CodeInvalidResponse, other},
		"issuer is missing":        {drop("./Issuer"), 0, saml.CodeInvalidResponse, other},
		"issuer twice":             {double("./Issuer"), 0, saml.CodeInvalidResponse, other},
		"issuer of another format": {set("./Issuer", "Format", emailType), 0, saml.CodeInvalidResponse, other},
		"version 1.1":              {set(".", "Version", "1.1"), 0, saml.CodeInvalidIdentityToken, invalid},
		"status is a failure":      {func(r *samltest.Response) { r.Status = "Responder" }, 0, saml.CodeRejected, ""},
		"audience is another":      {func(r *samltest.Response) { r.Audience = "https://sp.example" }, 0, saml.CodeInvalidIdentityToken, audience},
		"audience is the endpoint": {func(r *samltest.Response) { r.Audience = endpoint }, 0, "", ""},
		"audience among others":    {add(".//AudienceRestriction", "saml:Audience", "https://sp.example"), 0, "", ""},
		"audience in one of two": {edit(func(a *etree.Element) {
			a.FindElement("./Conditions").CreateElement("saml:AudienceRestriction").CreateElement("saml:Audience").SetText("https://sp.example")
		}), 0, saml.CodeInvalidIdentityToken, audience},
		"no audience":              {drop(".//AudienceRestriction"), 0, saml.CodeInvalidIdentityToken, audience},
		"no conditions":            {drop("./Conditions"), 0, saml.CodeInvalidIdentityToken, audience},
		"conditions twice":         {double("./Conditions"), 0, saml.CodeInvalidIdentityToken, audience},
		"used once":                {add("./Conditions", "saml:OneTimeUse", ""), 0, "", ""},
		"unknown condition":        {add("./Conditions", "saml:Condition", ""), 0, saml.CodeInvalidIdentityToken, invalid},
		"recipient is another":     {func(r *samltest.Response) { r.Recipient = "https://sp.example/acs" }, 0, saml.CodeInvalidIdentityToken, recipient},
		"recipient is our other":   {func(r *samltest.Response) { r.Recipient = "http://signin.localhost/saml" }, 0, "", ""},
		"recipient with a slash":   {func(r *samltest.Response) { r.Recipient = endpoint + "/" }, 0, saml.CodeInvalidIdentityToken, recipient},
		"no recipient":             {unset(data, "Recipient"), 0, saml.CodeInvalidIdentityToken, recipient},
		"destination is another":   {func(r *samltest.Response) { r.Destination = "https://sp.example/acs" }, 0, saml.CodeInvalidIdentityToken, recipient},
		"no end":                   {unset(data, "NotOnOrAfter"), 0, saml.CodeInvalidIdentityToken, invalid},
		"end is no time":           {set(data, "NotOnOrAfter", "soon"), 0, saml.CodeInvalidIdentityToken, invalid},
		"end has no zone":          {set(data, "NotOnOrAfter", "2026-08-01T12:05:00"), 0, saml.CodeInvalidIdentityToken, invalid},
		"no confirmation":          {drop("./Subject/SubjectConfirmation"), 0, saml.CodeInvalidIdentityToken, invalid},
		"two confirmations":        {double("./Subject/SubjectConfirmation"), 0, saml.CodeInvalidIdentityToken, invalid},
		"confirmation by a key":    {set("./Subject/SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"), 0, saml.CodeInvalidIdentityToken, invalid},
		"no confirmation data":     {drop(data), 0, saml.CodeInvalidIdentityToken, invalid},
		"no subject":               {drop("./Subject"), 0, saml.CodeAccessDenied, nobody},
		"no name":                  {drop("./Subject/NameID"), 0, saml.CodeAccessDenied, nobody},
		"two names":                {double("./Subject/NameID"), 0, saml.CodeAccessDenied, nobody},
		"empty name":               {edit(func(a *etree.Element) { a.FindElement("./Subject/NameID").SetText("  ") }), 0, saml.CodeAccessDenied, nobody},
		"markup in the name":       {add("./Subject/NameID", "saml:b", "x"), 0, saml.CodeAccessDenied, nobody},
		"encrypted name":           {rename("./Subject/NameID", "EncryptedID"), 0, saml.CodeAccessDenied, nobody},
		"encrypted attribute":      {add("./AttributeStatement", "saml:EncryptedAttribute", ""), 0, saml.CodeInvalidIdentityToken, invalid},
		"attribute without a name": {unset("./AttributeStatement/Attribute", "Name"), 0, saml.CodeInvalidIdentityToken, invalid},
		"four minutes later":       {func(*samltest.Response) {}, 4 * time.Minute, "", ""},
		"at its end":               {func(*samltest.Response) {}, 5 * time.Minute, saml.CodeExpired, "Token must be redeemed within 5 minutes of issuance"},
		"long-lived, but old":      {func(r *samltest.Response) { r.NotOnOrAfter = now.Add(time.Hour) }, 5 * time.Minute, saml.CodeExpired, "Token must be redeemed within 5 minutes of issuance"},
		"short-lived":              {func(r *samltest.Response) { r.NotOnOrAfter = now.Add(time.Minute) }, time.Minute, saml.CodeExpired, "Token expired: current date/time 1785585660 must be before the expiration date/time 1785585660"},
		"session is over":          {func(r *samltest.Response) { r.SessionEnds = now }, 0, saml.CodeExpired, "Token expired: current date/time 1785585600 must be before the expiration date/time 1785585600"},
		"issued by a fast clock":   {func(*samltest.Response) {}, -30 * time.Second, "", ""},
		"issued in our future":     {func(*samltest.Response) {}, -2 * time.Minute, saml.CodeInvalidIdentityToken, invalid},
		"not yet valid":            {set("./Conditions", "NotBefore", "2026-08-01T12:02:00Z"), 0, saml.CodeInvalidIdentityToken, "Response is not valid yet"},
		"no time of issue":         {unset(".", "IssueInstant"), 0, saml.CodeInvalidIdentityToken, invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := good()
			c.edit(&r)
			_, err := verifier.Verify(metadata(), provider().Sign(r), now.Add(c.at))
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused(t, err, c.code, c.message)
		})
	}
}

func TestTransportOfResponses(t *testing.T) {
	t.Parallel()
	text := provider().Sign(good())
	broken := text[:76] + "\r\n" + text[76:]
	if _, err := verifier.Verify(metadata(), broken, now); err != nil {
		t.Errorf("in lines: %v", err)
	}
	for name, s := range map[string]string{
		"not base64": "<a/>", "base64url": strings.Repeat("_-", 40), "short": "abc", "long": strings.Repeat("A", 100_001), "cut": text[:len(text)-1],
	} {
		_, err := verifier.Verify(metadata(), s, now)
		refused(t, err, saml.CodeInvalidIdentityToken, "Invalid base64 SAMLResponse")
		if _, err := verifier.Issuer(s); err == nil {
			t.Errorf("%s: an issuer", name)
		}
	}
	old := metadata()
	old.ValidUntil = now
	_, err := verifier.Verify(old, text, now)
	refused(t, err, saml.CodeInvalidIdentityToken, "Response signature invalid")
}

func TestNewKeyIsTakenBesideTheOld(t *testing.T) {
	t.Parallel()
	md, err := saml.ParseMetadata(stranger().Metadata(provider().Certificate))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*samltest.Provider{provider(), stranger()} {
		if _, err := verifier.Verify(md, p.Sign(good()), now); err != nil {
			t.Error(err)
		}
	}
}

func TestAttributesOfAWS(t *testing.T) {
	t.Parallel()
	a, err := verifier.Verify(metadata(), provider().Sign(good()), now)
	if err != nil {
		t.Fatal(err)
	}
	name, errName := a.SessionName()
	source, errSource := a.SourceIdentity()
	duration, errDuration := a.SessionDuration()
	tags, errTags := a.PrincipalTags()
	for _, err := range []error{errName, errSource, errDuration, errTags} {
		if err != nil {
			t.Error(err)
		}
	}
	if name != "alice" || source != "alice" || duration != 30*time.Minute || tags["Project"] != "Marketing & Sales" || len(tags) != 1 || a.TransitiveTagKeys()[0] != "Project" {
		t.Errorf("%q %q %v %v %v", name, source, duration, tags, a.TransitiveTagKeys())
	}
	if !a.Allows(roleARN, idpARN) || a.Allows(roleARN, idpARN+"2") || a.Allows(roleARN+"2", idpARN) {
		t.Errorf("%v", a.Roles())
	}
	if d := cmp.Diff(map[string][]string{
		"saml:aud": {endpoint}, "saml:iss": {entity}, "saml:sub": {"alice@example.com"}, "saml:sub_type": {emailType},
		"saml:edupersonaffiliation": {"member", "staff"}, "saml:edupersonprincipalname": {"alice@example.org"},
	}, a.ConditionKeys()); d != "" {
		t.Error(d)
	}
}

func TestAttributesOneByOne(t *testing.T) {
	t.Parallel()
	with := func(name string, values ...string) *saml.Assertion {
		return &saml.Assertion{Attributes: map[string][]string{name: values}}
	}
	pair := saml.RolePair{Role: roleARN, Provider: idpARN}
	for value, want := range map[string][]saml.RolePair{
		roleARN + "," + idpARN:                 {pair},
		idpARN + " , " + roleARN:               {pair},
		roleARN:                                nil,
		roleARN + "," + roleARN:                nil,
		idpARN + "," + idpARN:                  nil,
		roleARN + "," + idpARN + "," + roleARN: nil,
		"":                                     nil,
	} {
		if d := cmp.Diff(want, with(saml.AttributeRole, value).Roles()); d != "" {
			t.Errorf("%q: %s", value, d)
		}
	}
	const (
		required = "RoleSessionName is required in AuthnResponse"
		must     = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
		source   = `Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`
	)
	for _, c := range []struct {
		values  []string
		message string
	}{
		{nil, required}, {[]string{}, required}, {[]string{"a"}, must}, {[]string{"John Doe"}, must}, {[]string{"alice\n"}, must},
		{[]string{strings.Repeat("a", 65)}, must}, {[]string{"alice", "bob"}, must}, {[]string{"ab"}, ""}, {[]string{strings.Repeat("a", 64)}, ""},
	} {
		_, err := with(saml.AttributeRoleSessionName, c.values...).SessionName()
		if c.message != "" {
			refused(t, err, saml.CodeInvalidIdentityToken, c.message)
		} else if err != nil {
			t.Error(err)
		}
	}
	for _, v := range []string{"aws:alice", "a", "x y"} {
		_, err := with(saml.AttributeSourceIdentity, v).SourceIdentity()
		refused(t, err, saml.CodeInvalidIdentityToken, source)
	}
	for _, v := range []string{"899", "43201", "-1", "1h", "", "99999999999999999999"} {
		_, err := with(saml.AttributeSessionDuration, v).SessionDuration()
		refused(t, err, saml.CodeInvalidIdentityToken, "")
	}
	_, err := with(saml.AttributePrincipalTag+"a", "1", "2").PrincipalTags()
	refused(t, err, saml.CodeInvalidIdentityToken, "")

	persistent := &saml.Assertion{SubjectFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}
	if got := persistent.SubjectType(); got != "persistent" {
		t.Error(got)
	}
	// sha1("https://idp.example.com111122223333/Corp").
	if got := saml.NameQualifier("https://idp.example.com", "111122223333", "Corp"); got != "90G5fvRQCJ6qlVCIigiOASO2UPo=" {
		t.Error(got)
	}
	// Of two attributes for one key the first of the table is taken, and of a
	// list for a key of one value the first value.
	mail := &saml.Assertion{Attributes: map[string][]string{
		"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": {"a@example.com", "b@example.com"},
		"0.9.2342.19200300100.1.3": {"c@example.com"},
	}}
	if d := cmp.Diff([]string{"a@example.com"}, mail.ConditionKeys()["saml:mail"]); d != "" {
		t.Error(d)
	}
}

// weakCertificate is self-signed with an RSA key of 1,023 bits, which Go no
// longer makes.
const weakCertificate = `MIIB+zCCAWSgAwIBAgIUKMceWFBqdexzeBs2ZvrRgaNz5eIwDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEd2VhazAgFw0yNjExMjIwOTA1NDhaGA8yMTI2
MTAyOTA5MDU0OFowDzENMAsGA1UEAwwEd2VhazCBnjANBgkqhkiG9w0BAQEFAAOBjAAwgYgCgYBjV42C9NDbukoO0pJxmNULR4PoFQAfmO5Ow8trMsprGW2A
JyuNHvln8manJuJlNDdlGpvDYH2bz+1k4y3NfKkZTJnjei6oOfoWiOA+VO9Ci5UPnSm9cCfDwPQcljpQQkosCw4hFqrnBLAtkPyXwcFlckCkzXdA5ydak2Pr
3iUgJwIDAQABo1MwUTAdBgNVHQ4EFgQUOYmu4zxDmE/1FuWsyKKDGGLTGhowHwYDVR0jBBgwFoAUOYmu4zxDmE/1FuWsyKKDGGLTGhowDwYDVR0TAQH/BAUw
AwEB/zANBgkqhkiG9w0BAQsFAAOBgQAn6sP9nwvMZbarB9HOSsxkOQLrh1kqikRzrcCgCMU8/r+eU6Up6nxWThXGDu/e+J50MAN1QlL3Yon4sRsfbI+qM5ds
Q0c6kGMXLVemGiKhXLwgRN3ZhaFOaALNhFx0tZ/7y5lWPGLhPFxkybck2FQGPNrSZZlHe7zgKJvGMw3Sig==`

func TestParseMetadata(t *testing.T) {
	t.Parallel()
	document := provider().Metadata()
	replace := func(old, text string) string {
		if !strings.Contains(document, old) {
			t.Fatalf("no %q", old)
		}
		return strings.Replace(document, old, text, 1)
	}
	small := strings.Repeat("x", 800)
	for name, c := range map[string]struct {
		document string
		cause    string // "" for one that is read
	}{
		"plain":                  {document, ""},
		"a comment":              {replace("<md:NameIDFormat>", "<!-- x --><md:NameIDFormat>"), ""},
		"valid until":            {replace(`entityID=`, `validUntil="2036-01-01T00:00:00Z" entityID=`), ""},
		"key for encryption":     {replace(`use="signing"`, `use="encryption"`), "no signing certificate"},
		"key for anything":       {replace(` use="signing"`, ``), ""},
		"ten keys":               {provider().Metadata(repeat(9)...), ""},
		"eleven keys":            {provider().Metadata(repeat(10)...), "too many certificates"},
		"too short":              {"<a/>", "length"},
		"too long":               {document + strings.Repeat(" ", 10_000_000), "length"},
		"byte order mark":        {"\ufeff" + document, "byte order mark"},
		"UTF-16":                 {replace("UTF-8", "UTF-16"), "not well-formed"},
		"not UTF-8":              {document + "\xff", "not UTF-8"},
		"not XML":                {small + small, "text outside of the root"},
		"document type":          {replace("<md:EntityDescriptor", "<!DOCTYPE x>\n<md:EntityDescriptor"), "document type"},
		"billion laughs":         {replace("<md:EntityDescriptor", `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><md:EntityDescriptor`), "document type"},
		"no entity id":           {replace(` entityID="`+entity+`"`, ""), "entityID"},
		"another element":        {strings.ReplaceAll(document, "EntityDescriptor", "EntitiesDescriptor"), "not an EntityDescriptor"},
		"another namespace":      {strings.ReplaceAll(document, "SAML:2.0:metadata", "SAML:1.0:metadata"), "not an EntityDescriptor"},
		"a service provider's":   {strings.ReplaceAll(document, "IDPSSODescriptor", "SPSSODescriptor"), "not exactly one IDPSSODescriptor"},
		"validity is no time":    {replace(`entityID=`, `validUntil="never" entityID=`), "validUntil"},
		"certificate is none":    {replace("<ds:X509Certificate>", "<ds:X509Certificate>AAAA"), "certificate"},
		"key of 1,023 bits":      {replace(base64.StdEncoding.EncodeToString(provider().Certificate.Raw), weakCertificate), "key size"},
		"endpoint without place": {replace(` Location="https://idp.example.com/sso"`, ""), "SingleSignOnService"},
		"entity id twice":        {replace(`entityID=`, `entityID="x" entityID=`), "attribute twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			md, err := saml.ParseMetadata(c.document)
			if c.cause == "" {
				if err != nil {
					t.Fatal(err)
				}
				if name == "valid until" && !md.ValidUntil.Equal(time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)) {
					t.Error(md.ValidUntil)
				}
				return
			}
			refused(t, err, saml.CodeInvalidInput, "Could not parse metadata.")
			if !strings.Contains(err.Error(), c.cause) {
				t.Errorf("refused as %v, want %q", err, c.cause)
			}
		})
	}
}

// repeat is the provider's certificate n times.
func repeat(n int) []*x509.Certificate {
	return slices.Repeat([]*x509.Certificate{provider().Certificate}, n)
}

func FuzzParseMetadata(f *testing.F) {
	document := provider().Metadata()
	f.Add(document)
	f.Add(strings.Replace(document, "entityID=", `validUntil="2036-01-01T00:00:00Z" entityID=`, 1))
	f.Add(strings.Replace(document, "<md:EntityDescriptor", `<!DOCTYPE x [<!ENTITY a "ha">]><md:EntityDescriptor`, 1))
	f.Add("\ufeff" + document)
	f.Fuzz(func(t *testing.T, document string) {
		md, err := saml.ParseMetadata(document)
		if err != nil {
			return
		}
		if md.EntityID == "" || len(md.Certificates) == 0 || len(md.Certificates) > 10 {
			t.Errorf("%+v", md)
		}
	})
}
