package access_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sekisho/internal/access"
	"sekisho/internal/directory"
)

// The sources of behaviours.md 6.11, and that what cannot be a session tag is none.
func TestAttributeValue(t *testing.T) {
	t.Parallel()
	u := directory.User{
		UserName: "jane", GivenName: "Jane", FamilyName: "山田", DisplayName: "Jane Doe", Email: "jane@example.com", Locale: "ja-JP",
		Profile: directory.Profile{
			NickName: "J", Title: "O'Neill", Timezone: strings.Repeat("z", 257), UserType: "Employee",
			Addresses:    []directory.Address{{Type: "home", Locality: "Kyoto"}, {Type: "work", Locality: "Tokyo"}},
			PhoneNumbers: []directory.Labelled{{Type: "work", Value: "+81 3"}},
			Enterprise:   &directory.Enterprise{CostCenter: "4711", Manager: &directory.Manager{Value: "boss"}},
		},
	}
	for source, want := range map[string]string{
		"${path:userName}": "jane", "${path:name.familyName}": "山田", "${path:name.givenName}": "Jane", "${path:displayName}": "Jane Doe",
		"${path:emails[primary eq true].value}": "jane@example.com", "${path:locale}": "ja-JP", "${path:nickName}": "J", "${path:userType}": "Employee",
		`${path:addresses[type eq "work"].locality}`: "Tokyo", `${path:phoneNumbers[type eq "work"].value}`: "+81 3",
		"${path:enterprise.costCenter}": "4711", "${path:enterprise.manager.value}": "boss",
		"${user:email}": "jane@example.com", "${user:subject}": "jane", "${user:familyName}": "山田",
		// Nothing known, and nothing that a tag could be.
		"${path:enterprise.division}": "", "${path:constructor}": "", "${dir:email}": "", "${path:title}": "", "${path:timezone}": "", "jane": "",
	} {
		got, ok := access.Attribute{Key: "k", Source: source}.Value(u)
		if got != want || ok != (want != "") {
			t.Errorf("%s is %q, %v", source, got, ok)
		}
	}
	if got, ok := (access.Attribute{Source: "${path:enterprise.costCenter}"}).Value(directory.User{}); ok {
		t.Errorf("of nobody: %q", got)
	}
}

// Whatever a source is, its value can be a session tag or is none.
func FuzzAttributeValue(f *testing.F) {
	for _, s := range []string{"${path:userName}", "${user:email}", "${path:${path:userName}}", `${path:addresses[type eq "work"].locality}`, "${path:", "}", "${dir:guid}"} {
		f.Add(s, "name")
	}
	f.Fuzz(func(t *testing.T, source, name string) {
		v, ok := access.Attribute{Source: source}.Value(directory.User{UserName: name, Email: name, DisplayName: name})
		if ok && (v == "" || v != name || utf8.RuneCountInString(v) > 256 || strings.ContainsAny(v, "<>'\"\x00\n")) {
			t.Errorf("%q of %q is %q", source, name, v)
		}
	})
}
