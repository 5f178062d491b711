package directory

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sekisho/internal/account"
	"sekisho/internal/fault"
)

// Profile is what may be known of a person beside the names and the address. All
// of it is optional and none of it decides anything here; its JSON is that of the
// directory's attributes (behaviours.md 6.6).
type Profile struct {
	Formatted         string `json:",omitempty"` // the whole name
	MiddleName        string `json:",omitempty"`
	HonorificPrefix   string `json:",omitempty"`
	HonorificSuffix   string `json:",omitempty"`
	NickName          string `json:",omitempty"`
	ProfileURL        string `json:",omitempty"`
	UserType          string `json:",omitempty"`
	Title             string `json:",omitempty"`
	PreferredLanguage string `json:",omitempty"`
	Timezone          string `json:",omitempty"`
	Website           string `json:",omitempty"`
	Birthdate         string `json:",omitempty"` // YYYY-MM-DD
	EmailType         string `json:",omitempty"`
	EmailPrimary      bool   `json:",omitempty"`

	Addresses    []Address   `json:",omitempty"` // at most 1
	PhoneNumbers []Labelled  `json:",omitempty"` // at most 1
	Photos       []Labelled  `json:",omitempty"` // at most 3
	Roles        []Labelled  `json:",omitempty"` // at most 1
	Enterprise   *Enterprise `json:",omitempty"`
}

// Address is where somebody can be found.
type Address struct {
	StreetAddress string `json:"streetAddress,omitempty"`
	Locality      string `json:"locality,omitempty"`
	Region        string `json:"region,omitempty"`
	PostalCode    string `json:"postalCode,omitempty"`
	Country       string `json:"country,omitempty"`
	Formatted     string `json:"formatted,omitempty"`
	Type          string `json:"type,omitempty"`
	Primary       bool   `json:"primary,omitempty"`
}

// Labelled is a telephone number, a photo, a role or an e-mail address.
type Labelled struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty"`
	Display string `json:"display,omitempty"` // of photos only
	Primary bool   `json:"primary,omitempty"`
}

// EnterpriseExtension is the name of the only extension that AWS knows.
const EnterpriseExtension = "aws:identitystore:enterprise"

// Enterprise is that extension: somebody's place in a company (RFC 7643, 4.3).
type Enterprise struct {
	EmployeeNumber string   `json:"employeeNumber,omitempty"`
	CostCenter     string   `json:"costCenter,omitempty"`
	Organization   string   `json:"organization,omitempty"`
	Division       string   `json:"division,omitempty"`
	Department     string   `json:"department,omitempty"`
	Manager        *Manager `json:"manager,omitempty"`
}

// Manager is to whom somebody reports.
type Manager struct {
	Value       string `json:"value,omitempty"`
	Ref         string `json:"$ref,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}

// The most that lists of a profile have (behaviours.md 1.4, 6.6).
const maxPhotos = 3

// maxText bounds every attribute, in characters.
const maxText = 1024

// attributes are a user as attribute paths name them.
type attributes struct {
	UserName          string      `json:"userName,omitempty"`
	DisplayName       string      `json:"displayName,omitempty"`
	Name              *fullName   `json:"name,omitempty"`
	NickName          string      `json:"nickName,omitempty"`
	ProfileURL        string      `json:"profileUrl,omitempty"`
	Emails            []Labelled  `json:"emails,omitempty"`
	Addresses         []Address   `json:"addresses,omitempty"`
	PhoneNumbers      []Labelled  `json:"phoneNumbers,omitempty"`
	UserType          string      `json:"userType,omitempty"`
	Title             string      `json:"title,omitempty"`
	PreferredLanguage string      `json:"preferredLanguage,omitempty"`
	Locale            string      `json:"locale,omitempty"`
	Timezone          string      `json:"timezone,omitempty"`
	Photos            []Labelled  `json:"photos,omitempty"`
	Website           string      `json:"website,omitempty"`
	Birthdate         string      `json:"birthdate,omitempty"`
	Roles             []Labelled  `json:"roles,omitempty"`
	Enterprise        *Enterprise `json:"aws:identitystore:enterprise,omitempty"`
}

type fullName struct {
	Formatted       string `json:"formatted,omitempty"`
	GivenName       string `json:"givenName,omitempty"`
	FamilyName      string `json:"familyName,omitempty"`
	MiddleName      string `json:"middleName,omitempty"`
	HonorificPrefix string `json:"honorificPrefix,omitempty"`
	HonorificSuffix string `json:"honorificSuffix,omitempty"`
}

func (u User) attributes() attributes {
	p := u.Profile
	a := attributes{
		UserName: u.UserName, DisplayName: u.DisplayName, Locale: u.Locale,
		Name:     &fullName{p.Formatted, u.GivenName, u.FamilyName, p.MiddleName, p.HonorificPrefix, p.HonorificSuffix},
		NickName: p.NickName, ProfileURL: p.ProfileURL, UserType: p.UserType, Title: p.Title, PreferredLanguage: p.PreferredLanguage,
		Timezone: p.Timezone, Website: p.Website, Birthdate: p.Birthdate,
		Addresses: p.Addresses, PhoneNumbers: p.PhoneNumbers, Photos: p.Photos, Roles: p.Roles, Enterprise: p.Enterprise,
	}
	if u.Email != "" {
		a.Emails = []Labelled{{Value: u.Email, Type: p.EmailType, Primary: p.EmailPrimary}}
	}
	return a
}

// into puts attributes that are not checked yet into u.
func (a attributes) into(u *User) {
	if a.Name == nil {
		a.Name = &fullName{}
	}
	u.UserName, u.DisplayName, u.Locale = a.UserName, a.DisplayName, a.Locale
	u.GivenName, u.FamilyName, u.Email = a.Name.GivenName, a.Name.FamilyName, ""
	u.Profile = Profile{
		Formatted: a.Name.Formatted, MiddleName: a.Name.MiddleName, HonorificPrefix: a.Name.HonorificPrefix, HonorificSuffix: a.Name.HonorificSuffix,
		NickName: a.NickName, ProfileURL: a.ProfileURL, UserType: a.UserType, Title: a.Title, PreferredLanguage: a.PreferredLanguage,
		Timezone: a.Timezone, Website: a.Website, Birthdate: a.Birthdate,
		Addresses: a.Addresses, PhoneNumbers: a.PhoneNumbers, Photos: a.Photos, Roles: a.Roles, Enterprise: a.Enterprise,
	}
	for _, e := range a.Emails {
		u.Email, u.Profile.EmailType, u.Profile.EmailPrimary = e.Value, e.Type, e.Primary
	}
}

// tree is a user's attributes as JSON has them.
func (a attributes) tree() map[string]any {
	raw, err := json.Marshal(a)
	if err != nil {
		panic(err) // texts and truths only: cannot fail
	}
	var t map[string]any
	if err := json.Unmarshal(raw, &t); err != nil {
		panic(err) // made above
	}
	return t
}

// Check holds the user to what AWS's API asks: every text of 1 to 1,024
// characters of its kind, at most one address of each kind, the names that people
// in Identity Center must have (behaviours.md 1.4, 6.6).
func (u User) Check() error {
	a := u.attributes()
	if a.UserName == "" {
		return invalid("userName is a required attribute")
	}
	if missing := missingNames(a); missing != "" {
		return invalid("%s", missing)
	}
	if !ValidUserName(u.UserName) {
		return invalid("The attribute userName must be 1 to 128 letters, marks, symbols, numbers or punctuation characters")
	}
	for _, l := range []struct {
		path     string
		have, of int
	}{
		{"addresses", len(a.Addresses), 1}, {"phoneNumbers", len(a.PhoneNumbers), 1},
		{"roles", len(a.Roles), 1}, {"photos", len(a.Photos), maxPhotos},
	} {
		if l.have > l.of {
			return invalid("The attribute %s has %d values of at most %d", l.path, l.have, l.of)
		}
	}
	for _, p := range u.Profile.Photos {
		if p.Value == "" {
			return invalid("photos.value is a required attribute")
		}
	}
	if u.Email != "" && !account.ValidEmail(u.Email) {
		return invalid("The attribute emails.value is not a valid e-mail address")
	}
	if u.Profile.Birthdate != "" {
		if _, err := time.Parse(time.DateOnly, u.Profile.Birthdate); err != nil {
			return invalid("The attribute birthdate must be a date as YYYY-MM-DD")
		}
	}
	return checkTexts("", a.tree())
}

// missingNames says in AWS's words which of the names are missing that people in
// Identity Center must have, all at once; "" if none is.
func missingNames(a attributes) string {
	names := []struct{ path, value string }{{"displayname", a.DisplayName}, {"givenname", a.Name.GivenName}, {"familyname", a.Name.FamilyName}}
	if a.Name.GivenName == "" && a.Name.FamilyName == "" {
		names = append(names[:1], struct{ path, value string }{path: "name"})
	}
	var missing []string
	for _, n := range names {
		if n.value == "" {
			missing = append(missing, n.path+": The attribute "+n.path+" is required")
		}
	}
	return strings.Join(missing, ", ")
}

// checkTexts holds every text below path to AWS's pattern.
func checkTexts(path string, v any) error {
	switch v := v.(type) {
	case string:
		if !validText(v) {
			return invalid("The attribute %s must be 1 to %d letters, marks, symbols, numbers, punctuation characters or spaces", path, maxText)
		}
	case []any:
		for _, e := range v {
			if err := checkTexts(path, e); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if err := checkTexts(join(path, name), v[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// validText is AWS's SensitiveStringType: [\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0\u3000]{1,1024}.
func validText(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= maxText && utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P) && !strings.ContainsRune("\t\n\r \u00a0\u3000", r)
	}) < 0
}

// Attribute is the text at a path, such as "name.givenName", "emails.value",
// "emails[primary eq true].value" or "enterprise.costCenter", in any case, as
// attributes for access control name it; "" if there is none.
func (u User) Attribute(path string) string {
	path = strings.NewReplacer("[primary eq true]", "", EnterpriseExtension, "enterprise").Replace(strings.ToLower(path))
	var v any = u.attributes().tree()
	for name := range strings.SplitSeq(path, ".") {
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		object, _ := v.(map[string]any)
		v = nil
		for k, member := range object {
			if strings.EqualFold(k, name) || k == EnterpriseExtension && name == "enterprise" {
				v = member
			}
		}
	}
	if s, ok := v.(string); ok {
		return s
	}
	return ""
}

func invalid(format string, args ...any) error {
	return fault.New(fault.Invalid, "attribute", "%s", fmt.Sprintf(format, args...))
}
