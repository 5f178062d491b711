package directory_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
)

// person has something of every kind of attribute.
func person() directory.User {
	return directory.User{
		ID: "u1", Directory: "d-1234567890", UserName: "jane", GivenName: "Jane", FamilyName: "Doe", DisplayName: "Jane Doe", Email: "jane@example.com", Locale: "Asia",
		Profile: directory.Profile{
			Title: "CTO", EmailType: "work", EmailPrimary: true, PreferredLanguage: "ja",
			PhoneNumbers: []directory.Labelled{{Value: "+81", Primary: true}},
			Enterprise:   &directory.Enterprise{CostCenter: "4130", Manager: &directory.Manager{Value: "7"}},
		},
	}
}

func TestPatchNothing(t *testing.T) {
	t.Parallel()
	u := person()
	if got, err := u.Patch(nil); err != nil || !reflect.DeepEqual(got, u) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAttribute(t *testing.T) {
	t.Parallel()
	u := person()
	for path, want := range map[string]string{
		"userName": "jane", "name.givenName": "Jane", "NAME.FAMILYNAME": "Doe", "emails.value": "jane@example.com",
		"emails[primary eq true].value": "jane@example.com", "phoneNumbers.value": "+81", "enterprise.costCenter": "4130",
		directory.EnterpriseExtension + ".costCenter": "4130", "enterprise.manager.value": "7", "title": "CTO",
		"": "", "name": "", "nickName": "", "name.givenName.more": "", "nonsense": "", "emails": "",
	} {
		if got := u.Attribute(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	u := directory.User{Locale: "en"}
	if u.Language() != "en" {
		t.Error(u.Language())
	}
	if u.Profile.PreferredLanguage = "ja"; u.Language() != "ja" {
		t.Error(u.Language())
	}
}

// Whatever is asked, a user is either refused or good, and is never another one.
func FuzzPatch(f *testing.F) {
	for _, c := range [][2]string{
		{"displayName", `"x"`}, {"name", `{"givenName":"a","familyName":"b"}`}, {"name.givenName", `null`}, {"emails", `[{"value":"a@example.com"}]`},
		{"addresses", `[{"country":"JP"}]`}, {directory.EnterpriseExtension + ".manager", `{"value":"1"}`}, {"a.b.c", `1`}, {"photos", `[{},{},{},{}]`},
		{directory.EnterpriseExtension, `[]`}, {"title", `"` + strings.Repeat("x", 1025) + `"`}, {"name", `{"name":{}}`}, {"", ``}, {"birthdate", `"0000-00-00"`},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, path, value string) {
		if !json.Valid([]byte(value)) {
			value = ""
		}
		u := person()
		got, err := u.Patch([]directory.Operation{{Path: path, Value: json.RawMessage(value)}})
		switch {
		case err != nil && !fault.Is(err, fault.Invalid):
			t.Errorf("%q %q: %v", path, value, err)
		case err == nil && (got.Check() != nil || got.ID != u.ID || got.UserName != u.UserName || got.Directory != u.Directory):
			t.Errorf("%q %q: %+v", path, value, got)
		}
	})
}

func FuzzAttribute(f *testing.F) {
	for _, s := range []string{"emails[primary eq true].value", "enterprise.manager.value", "name.givenName", "....", "a[0].b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if u := person(); len(u.Attribute(path)) > 1024 {
			t.Errorf("%q", path)
		}
	})
}
