package account_test

import (
	"strings"
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/fault"
)

// The limits of behaviours.md 1.4.
func TestValidate(t *testing.T) {
	t.Parallel()
	good := account.Account{ID: "111122223333", Name: "Example Corp", Email: "root@example.com"}
	for _, c := range []struct {
		name   string
		change func(*account.Account)
		reason string // "" is valid
	}{
		{"as it is", func(*account.Account) {}, ""},
		{"leading zeros (A-06)", func(a *account.Account) { a.ID = "000000000001" }, ""},
		{"id of 11", func(a *account.Account) { a.ID = "11112222333" }, "account-id"},
		{"id with letters", func(a *account.Account) { a.ID = "11112222333x" }, "account-id"},
		{"no name", func(a *account.Account) { a.Name = "" }, "account-name"},
		{"name of 50", func(a *account.Account) { a.Name = strings.Repeat("n", 50) }, ""},
		{"name of 51", func(a *account.Account) { a.Name = strings.Repeat("n", 51) }, "account-name"},
		{"name in Japanese", func(a *account.Account) { a.Name = "開発" }, "account-name"},
		{"name with markup", func(a *account.Account) { a.Name = "<b>" }, "account-name"},
		{"name with a line break", func(a *account.Account) { a.Name = "a\nb" }, "account-name"},
		{"no address", func(a *account.Account) { a.Email = "" }, "account-email"},
		{"alias", func(a *account.Account) { a.Alias = "ex-ample1" }, ""},
		{"alias of 3", func(a *account.Account) { a.Alias = "abc" }, ""},
		{"alias of 63", func(a *account.Account) { a.Alias = strings.Repeat("a", 63) }, ""},
		{"alias of 2", func(a *account.Account) { a.Alias = "ab" }, "account-alias"},
		{"alias of 64", func(a *account.Account) { a.Alias = strings.Repeat("a", 64) }, "account-alias"},
		{"alias in capitals", func(a *account.Account) { a.Alias = "Example" }, "account-alias"},
		{"alias with two hyphens", func(a *account.Account) { a.Alias = "a--b" }, "account-alias"},
		{"alias that begins with one", func(a *account.Account) { a.Alias = "-ab" }, "account-alias"},
		{"alias that ends with one", func(a *account.Account) { a.Alias = "ab-" }, "account-alias"},
		{"alias like an id", func(a *account.Account) { a.Alias = "444455556666" }, "account-alias"},
		{"alias like an id as the console shows it", func(a *account.Account) { a.Alias = "4444-5555-6666" }, "account-alias"},
		{"alias like a region, whose sign-in host is another", func(a *account.Account) { a.Alias = "us-east-1" }, "account-alias"},
		{"alias that ends like one", func(a *account.Account) { a.Alias = "my-company-1" }, ""},
		{"alias of digits in other groups", func(a *account.Account) { a.Alias = "44-5555-666666" }, ""},
		{"alias with a dot", func(a *account.Account) { a.Alias = "a.b" }, "account-alias"},
	} {
		a := good
		c.change(&a)
		err := a.Validate()
		if fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Organizations' rules for addresses (behaviours.md 1.4); plus-suffixed ones are
// good and their own.
func TestValidEmail(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"jane@example.com": true, "email+1@yourcompany.com": true, "a@b.co": true, "J.D_x-y@sub.example.org": true, "o'brien@example.com": false,
		strings.Repeat("x", 52) + "@example.com": true, strings.Repeat("x", 53) + "@example.com": false,
		"": false, "a@b.c": false, "jane": false, "jane@": false, "@example.com": false, "jane@example": false,
		"jane@@example.com": false, "jane@a@example.com": false, ".jane@example.com": false, "ja ne@example.com": false, " jane@example.com": false,
		"jane@exam ple.com": false, "jane@-example.com": false, "jane@example.com-": false, "jane@.example.com": false, "jane@example.com.": false,
		"jane@exämple.com": false, "jäne@example.com": false, "jane@example.com\n": false, "jane\r\nBcc: x@example.com": false, "<jane@example.com>": false,
		"jane@example.com,x@example.com": false, "jane\x00@example.com": false, "jane@[127.0.0.1]": false, `"jane"@example.com`: false,
		"ja%ne@example.com": false, "ja&ne@example.com": false, `ja\ne@example.com`: false, "ja|ne@example.com": false, "ja:ne@example.com": false, "ja;ne@example.com": false,
	} {
		if got := account.ValidEmail(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func FuzzValidEmail(f *testing.F) {
	for _, s := range []string{"jane@example.com", "@.", "a@.a.aaa", "a@-", "ä@ö.ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if account.ValidEmail(s) && (strings.Count(s, "@") != 1 || strings.ContainsAny(s, "\r\n \t\x00<>,;\"") || len(s) > 64) {
			t.Errorf("%q is taken for an address", s)
		}
	})
}

// What can be typed as an account at the sign-in page (C-03, C-23).
func TestValidName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"111122223333": true, " 111122223333 ": true, "example-corp": true, "Example-Corp": true, "abc": true,
		" 1111-2222-3333 ": true, // as the console shows it (E-04)
		"":                 false, "ab": false, "example corp": false, "-example": false, "a--b": false, "root@example.com": false, "<script>": false,
	} {
		if got := account.ValidName(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
