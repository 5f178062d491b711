package saml

import (
	"crypto/sha1" //nolint:gosec // AWS's name qualifier is defined with it; nothing rests on its strength
	"encoding/base64"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Names of AWS's attributes, which are exact and case-sensitive (behaviours.md 4.3).
const (
	attributePrefix = "https://aws.amazon.com/SAML/Attributes/"

	AttributeRole              = attributePrefix + "Role"
	AttributeRoleSessionName   = attributePrefix + "RoleSessionName"
	AttributeSessionDuration   = attributePrefix + "SessionDuration"
	AttributeTransitiveTagKeys = attributePrefix + "TransitiveTagKeys"
	AttributeSourceIdentity    = attributePrefix + "SourceIdentity"
	// AttributePrincipalTag is followed by the tag's key.
	AttributePrincipalTag = attributePrefix + "PrincipalTag:"
)

const (
	minSessionDuration = 900 * time.Second
	maxSessionDuration = 43200 * time.Second
)

var sessionName = regexp.MustCompile(`^[a-zA-Z_0-9+=,.@-]{2,64}$`)

// RolePair is a role that the person may assume, and the provider (of the same
// account) through which; both are ARNs.
type RolePair struct{ Role, Provider string }

// Roles returns the pairs of the attribute Role, in either order of writing.
// Values that are not a pair of a role and a SAML provider are left out.
func (a *Assertion) Roles() []RolePair {
	var out []RolePair
	for _, v := range a.Attributes[AttributeRole] {
		x, y, ok := strings.Cut(v, ",")
		if x, y = strings.TrimSpace(x), strings.TrimSpace(y); isProvider(x) {
			x, y = y, x
		}
		if ok && isRole(x) && isProvider(y) {
			out = append(out, RolePair{x, y})
		}
	}
	return out
}

func isRole(arn string) bool {
	return strings.HasPrefix(arn, "arn:") && strings.Contains(arn, ":role/") && !strings.Contains(arn, ",")
}

func isProvider(arn string) bool {
	return strings.HasPrefix(arn, "arn:") && strings.Contains(arn, ":saml-provider/") && !strings.Contains(arn, ",")
}

// Allows reports whether the assertion lets the person assume role through provider.
func (a *Assertion) Allows(role, provider string) bool {
	for _, p := range a.Roles() {
		if p.Role == role && p.Provider == provider {
			return true
		}
	}
	return false
}

// SessionName returns the attribute RoleSessionName; an *Error if it is missing,
// given twice or not 2-64 of [a-zA-Z_0-9+=,.@-].
func (a *Assertion) SessionName() (string, error) {
	v := a.Attributes[AttributeRoleSessionName]
	if len(v) == 0 {
		return "", invalid("RoleSessionName is required in AuthnResponse", nil)
	}
	if len(v) > 1 || !sessionName.MatchString(v[0]) {
		return "", invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}", nil)
	}
	return v[0], nil
}

// SourceIdentity returns the attribute SourceIdentity, "" if it is not there;
// an *Error if it may not be one.
func (a *Assertion) SourceIdentity() (string, error) {
	v := a.Attributes[AttributeSourceIdentity]
	if len(v) == 0 {
		return "", nil
	}
	if len(v) > 1 || !sessionName.MatchString(v[0]) || strings.HasPrefix(strings.ToLower(v[0]), "aws:") {
		return "", invalid(`Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`, nil)
	}
	return v[0], nil
}

// SessionDuration returns the attribute SessionDuration (900-43,200 seconds),
// zero if it is not there. It lengthens console sessions, and can only shorten
// what a direct call asks for (behaviours.md 8.2).
func (a *Assertion) SessionDuration() (time.Duration, error) {
	v := a.Attributes[AttributeSessionDuration]
	if len(v) == 0 {
		return 0, nil
	}
	n, err := strconv.ParseInt(v[0], 10, 32)
	if d := time.Duration(n) * time.Second; err == nil && len(v) == 1 && d >= minSessionDuration && d <= maxSessionDuration {
		return d, nil
	}
	return 0, invalid("SessionDuration in AuthnResponse must be between 900 and 43200", nil)
}

// PrincipalTags returns the session tags: the attributes PrincipalTag:<key>
// that have exactly one value. An *Error if one has more, or none.
func (a *Assertion) PrincipalTags() (map[string]string, error) {
	tags := map[string]string{}
	for name, values := range a.Attributes {
		key, ok := strings.CutPrefix(name, AttributePrincipalTag)
		if !ok {
			continue
		}
		if len(values) != 1 || key == "" {
			return nil, invalid("PrincipalTag in AuthnResponse must have one value", errors.New(name))
		}
		tags[key] = values[0]
	}
	return tags, nil
}

// TransitiveTagKeys returns the keys of the tags that pass on to chained roles.
func (a *Assertion) TransitiveTagKeys() []string { return a.Attributes[AttributeTransitiveTagKeys] }

// SubjectType is the subject's format without the SAML 2.0 prefix: "persistent",
// "transient", or the whole URI of any other.
func (a *Assertion) SubjectType() string {
	return strings.TrimPrefix(a.SubjectFormat, "urn:oasis:names:tc:SAML:2.0:nameid-format:")
}

// NameQualifier makes AWS's qualifier, which tells subjects of different
// providers apart: base64(sha1(issuer + account + "/" + provider name)).
func NameQualifier(issuer, accountID, providerName string) string {
	h := sha1.Sum([]byte(issuer + accountID + "/" + providerName)) //nolint:gosec // see the import
	return base64.StdEncoding.EncodeToString(h[:])
}

// conditionAttributes says which attribute gives which condition key, and
// whether the key takes a list, in the order in which a first one wins. Some of
// the documented names have slips of the pen; both spellings are taken.
var conditionAttributes = []struct {
	name, key string
	list      bool
}{
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "saml:edupersonaffiliation", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.2", "saml:edupersonnickname", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.3", "saml:edupersonorgdn", false},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.4", "saml:edupersonorgunitdn", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.5", "saml:edupersonprimaryaffiliation", false},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "saml:edupersonprincipalname", false},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "saml:edupersonentitlement", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.8", "saml:edupersonprimaryorgunitdn", false},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "saml:edupersonscopedaffiliation", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "saml:edupersontargetedid", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.1.1.11", "saml:edupersonassurance", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.2.1.2", "saml:eduorghomepageuri", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.2.1.3", "saml:eduorgidentityauthnpolicyuri", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.2.1.4", "saml:eduorglegalname", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.2.1.5", "saml:eduorgsuperioruri", true},
	{"urn:oid:1.3.6.1.4.1.5923.1.2.1.6", "saml:eduorgwhitepagesuri", true},
	{"urn:oid:2.5.4.3", "saml:cn", true},

	{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "saml:name", false},
	{"http://schemas.xmlsoap.org/claims/CommonName", "saml:commonName", false},
	{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "saml:givenName", false},
	{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "saml:surname", false},
	{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "saml:mail", false},
	{"http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", "saml:uid", false},

	{"2.5.4.3", "saml:commonName", false},
	{"2.5.4.4", "saml:surname", false},
	{"2.4.5.42", "saml:givenName", false},
	{"2.5.4.42", "saml:givenName", false},
	{"2.5.4.45", "saml:x500UniqueIdentifier", false},
	{"0.9.2342.19200300100.1.1", "saml:uid", false},
	{"0.9.2342.19200300.100.1.1", "saml:uid", false},
	{"0.9.2342.19200300100.1.3", "saml:mail", false},
	{"0.9.2342.19200300.100.1.3", "saml:mail", false},
	{"0.9.2342.19200300.100.1.45", "saml:organizationStatus", false},
}

// ConditionKeys returns what a trust policy can ask of the assertion
// (behaviours.md 3.5). The caller adds saml:doc (<account>/<provider name>) and
// saml:namequalifier (see NameQualifier), which need the provider.
func (a *Assertion) ConditionKeys() map[string][]string {
	keys := map[string][]string{
		"saml:aud": {a.Recipient}, // not the audience: AWS's word for the recipient
		"saml:iss": {a.Issuer},
		"saml:sub": {a.Subject},
	}
	if t := a.SubjectType(); t != "" {
		keys["saml:sub_type"] = []string{t}
	}
	for _, c := range conditionAttributes {
		values := a.Attributes[c.name]
		if len(values) == 0 || keys[c.key] != nil {
			continue
		}
		if !c.list {
			values = values[:1]
		}
		keys[c.key] = values
	}
	return keys
}
