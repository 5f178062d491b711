package directory_test

import (
	"strings"
	"testing"
	"unicode"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
)

// The limits of behaviours.md 1.4.
func TestValidate(t *testing.T) {
	t.Parallel()
	good := directory.User{UserName: "jane", GivenName: "Jane", FamilyName: "Doe", DisplayName: "Jane Doe", Email: "jane@example.com"}
	for _, c := range []struct {
		name   string
		change func(*directory.User)
		reason string // "" is valid
	}{
		{"as it is", func(*directory.User) {}, ""},
		{"names in Japanese", func(u *directory.User) {
			u.UserName, u.GivenName, u.DisplayName = "山田太郎", "太郎", "山田 太郎"
		}, ""},
		{"no user name", func(u *directory.User) { u.UserName = "" }, "user-name"},
		{"no address", func(u *directory.User) { u.Email = "" }, "user-email"},
		{"no given name", func(u *directory.User) { u.GivenName = "" }, "user-names"},
		{"no family name", func(u *directory.User) { u.FamilyName = "" }, "user-names"},
		{"no display name", func(u *directory.User) { u.DisplayName = "" }, "user-names"},
		{"given name of 1024 characters", func(u *directory.User) { u.GivenName = strings.Repeat("太", 1024) }, ""},
		{"given name of 1025", func(u *directory.User) { u.GivenName = strings.Repeat("太", 1025) }, "user-names"},
		{"name that is no text", func(u *directory.User) { u.FamilyName = "\xff" }, "user-names"},
	} {
		u := good
		c.change(&u)
		err := u.Validate()
		if fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, ok := range map[string]bool{"Admins": true, "": false, strings.Repeat("g", 1024): true, strings.Repeat("g", 1025): false, "\xff": false} {
		if err := (directory.Group{DisplayName: name}).Validate(); (err == nil) != ok {
			t.Errorf("group %.20q: %v", name, err)
		}
	}
}

func TestValidUserName(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"jane": true, "jane@example.com": true, "ジェーン": true, "e\u0301": true, "😀": true, "a": true, "<script>": true,
		strings.Repeat("x", 128): true, strings.Repeat("太", 128): true, strings.Repeat("x", 129): false,
		"": false, "jane doe": false, " jane": false, "jane\u3000doe": false, "jane\n": false, "jane\t": false, "a\x00b": false,
		"a\u200bb": false, "a\u202eb": false, "\ufeffa": false, "a\xffb": false, "\ue000": false,
	} {
		if got := directory.ValidUserName(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func TestFoldName(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"Jane", "jANE"}, {"ÄÖ", "äö"}, {"jane", "jane"}} {
		if directory.FoldName(c[0]) != directory.FoldName(c[1]) {
			t.Errorf("%q and %q differ", c[0], c[1])
		}
	}
	if directory.FoldName("jane") == directory.FoldName("jané") {
		t.Error("accents count")
	}
}

func FuzzValidUserName(f *testing.F) {
	for _, s := range []string{"jane", "山田", "a b", "\xff", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if directory.ValidUserName(s) && strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			t.Errorf("%q is taken for a user name", s)
		}
	})
}
