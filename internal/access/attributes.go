package access

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// Attribute is an attribute for access control: a session tag of everybody who
// enters an account by a permission set, so that policies can compare
// aws:PrincipalTag/<Key> (behaviours.md 6.4).
type Attribute struct {
	Key    string // 1 to 128 letters, digits, spaces and _.:/=+-@, unique ignoring case
	Source string // such as ${path:enterprise.costCenter}
}

const (
	maxAttributes      = 50
	maxAttributeKey    = 128
	maxAttributeSource = 256
	maxAttributeValue  = 256
)

var (
	attributeText   = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	attributeSource = regexp.MustCompile(`^\$\{(path|user|dir):([^{}$]+)\}$`)
)

// SetAttributes enables the attributes for access control, or changes them.
func SetAttributes(tx Store, inst Instance, all []Attribute) error {
	if len(all) > maxAttributes {
		return quota("attributes for access control", maxAttributes)
	}
	seen := make(map[string]bool, len(all))
	for _, a := range all {
		key := policy.Fold(a.Key)
		switch {
		case a.Key == "" || utf8.RuneCountInString(a.Key) > maxAttributeKey || !attributeText.MatchString(a.Key) || len(key) >= 4 && key[:4] == "aws:":
			return fault.New(fault.Invalid, "attribute-key", "The key of an attribute must be 1 to %d letters, digits, spaces and _.:/=+-@, and not begin with aws:", maxAttributeKey)
		case seen[key]:
			return fault.New(fault.Invalid, "attribute-key", "The attribute key %s is given more than once.", a.Key)
		case utf8.RuneCountInString(a.Source) > maxAttributeSource || !attributeSource.MatchString(a.Source):
			return fault.New(fault.Invalid, "attribute-source", "The source of the attribute %s must be of the form ${path:…}, ${user:…} or ${dir:…}.", a.Key)
		}
		seen[key] = true
	}
	return tx.PutAttributes(inst.ID, all)
}

// Value is what the attribute is for a person. ok is false if the person has none
// or has something that cannot be the value of a session tag: then there is no tag,
// and no policy that asks for one allows anything.
func (a Attribute) Value(u directory.User) (value string, ok bool) {
	kind, name, ok := splitSource(a.Source)
	if !ok {
		return "", false
	}
	value = sourceValue(u, kind, name)
	if value == "" || utf8.RuneCountInString(value) > maxAttributeValue || !attributeText.MatchString(value) {
		return "", false
	}
	return value, true
}

// splitSource takes ${kind:name} apart.
func splitSource(s string) (kind, name string, ok bool) {
	m := attributeSource.FindStringSubmatch(s)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// sourceValue looks an attribute path up (behaviours.md 6.11). What people of this
// directory do not have is "".
func sourceValue(u directory.User, kind, name string) string {
	switch kind {
	case "path":
		return pathValue(u, name)
	case "user":
		return map[string]string{
			"subject": u.UserName, "preferredUsername": u.UserName, "email": u.Email, "name": u.DisplayName,
			"givenName": u.GivenName, "middleName": u.Profile.MiddleName, "familyName": u.FamilyName,
		}[name]
	}
	return "" // ${dir:…} is of an Active Directory
}

func pathValue(u directory.User, path string) string {
	p := u.Profile
	if rest, ok := strings.CutPrefix(path, "enterprise."); ok {
		if p.Enterprise == nil {
			return ""
		}
		return enterpriseValue(*p.Enterprise, rest)
	}
	if rest, ok := strings.CutPrefix(path, `addresses[type eq "work"].`); ok {
		for _, a := range p.Addresses {
			if a.Type == "work" {
				return map[string]string{
					"streetAddress": a.StreetAddress, "locality": a.Locality, "region": a.Region,
					"postalCode": a.PostalCode, "country": a.Country, "formatted": a.Formatted,
				}[rest]
			}
		}
		return ""
	}
	if path == `phoneNumbers[type eq "work"].value` {
		for _, n := range p.PhoneNumbers {
			if n.Type == "work" {
				return n.Value
			}
		}
		return ""
	}
	return map[string]string{
		"userName": u.UserName, "displayName": u.DisplayName, "locale": u.Locale,
		"name.familyName": u.FamilyName, "name.givenName": u.GivenName, "name.middleName": p.MiddleName, "name.formatted": p.Formatted,
		"emails[primary eq true].value": u.Email, // a person has one
		"nickName":                      p.NickName, "userType": p.UserType, "title": p.Title, "timezone": p.Timezone,
		"profileUrl": p.ProfileURL, "preferredLanguage": p.PreferredLanguage,
	}[path]
}

func enterpriseValue(e directory.Enterprise, name string) string {
	if name == "manager.value" && e.Manager != nil {
		return e.Manager.Value
	}
	return map[string]string{
		"employeeNumber": e.EmployeeNumber, "costCenter": e.CostCenter, "organization": e.Organization,
		"division": e.Division, "department": e.Department,
	}[name]
}
