package credential

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

var (
	jane = Owner{DirectoryUser, "jane"}
	john = Owner{DirectoryUser, "john"}
	noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
)

// The rules of behaviours.md 6.6 and K-18 to K-22.
func TestCheck(t *testing.T) {
	t.Parallel()
	about := Subject{UserName: "jane_doe", Email: "J.Smith@example.com", Names: []string{"Jane", "Bo", "Jane Doe"}}
	const good = "kV7#qLw2!zRt"
	for _, c := range []struct {
		password string
		want     []Violation
	}{
		{good, nil},
		{"kV7#qLw2", nil}, // 8
		{"kV7#qLw", []Violation{TooShort}},
		{strings.Repeat("kV7#qLw2", 8), nil}, // 64
		{strings.Repeat("kV7#qLw2", 8) + "x", []Violation{TooLong}},
		{strings.Repeat("kV7#qLw2", 200), []Violation{TooLong}},
		{"", []Violation{TooShort}},
		{"kv7#qlw2!zrt", []Violation{NoUpper}},
		{"KV7#QLW2!ZRT", []Violation{NoLower}},
		{"kVs#qLwt!zRt", []Violation{NoDigit}},
		{"kV7sqLw2tzRt", []Violation{NoSymbol}},
		{"kV7 qLw2 zRt", []Violation{NoSymbol}},        // spaces are welcome, but no symbols
		{" kV7# qLw2 zRt ", nil},                       // even there
		{"kV7#日本語の門", nil},                             // 10 characters, 22 bytes
		{"kV7#日本", []Violation{TooShort}},              // not bytes are counted
		{"É7#ßwtkvx", []Violation{NoUpper}},            // K-20: A to Z
		{"kV７＃qLw２xx", []Violation{NoDigit, NoSymbol}}, // and ASCII digits
		{"kV7#qLw2\t", []Violation{BadCharacter}},
		{"kV7#qLw2\xff", []Violation{BadCharacter}},
		{"P@ssw0rd", []Violation{Common}},
		{"Password1!", []Violation{Common}},
		{"Qwerty123!", []Violation{Common}},
		{"password", []Violation{NoUpper, NoDigit, NoSymbol, Common}},
		{"kV7#JANE_DOE", []Violation{ContainsName}},
		{"kV7#j.smith1", []Violation{NoUpper, ContainsName}[1:]},
		{"Jane#kV7qLw2", []Violation{ContainsName}},
		{"Bo#kV7qLw2", nil}, // too short a name to count
	} {
		if got := Check(secret.NewString(c.password), about); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.password, got, c.want)
		}
	}
	for _, r := range symbols {
		if got := Check(secret.NewString("kV7qLw2zRt"+string(r)), about); len(got) > 0 {
			t.Errorf("symbol %q: %v", r, got)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("Password1!", "jane")
	f.Add("kV7#qLw2!zRt", "")
	f.Add("\xff\u0300\u202e", "\xff")
	f.Fuzz(func(t *testing.T, password, name string) {
		p := secret.NewString(password)
		if len(Check(p, Subject{UserName: name, Email: name, Names: []string{name}})) > 0 {
			return
		}
		// What is accepted can be hashed, and stays itself.
		b, ok := prepare(p)
		if again, ok2 := prepare(secret.NewString(string(b))); !ok || !ok2 || string(again) != string(b) {
			t.Errorf("%q is accepted, but prepares to %q and that to %q", password, b, again)
		}
	})
}

// The last three passwords cannot be chosen again (K-21), the fourth can.
func TestHistory(t *testing.T) {
	t.Parallel()
	tx, h := newMemory(), &Hasher{Params: cheap}
	text := func(i int) secret.String { return secret.NewString(fmt.Sprintf("kV7#qLw2!zR%d", i)) }
	choose := func(i int) []Violation {
		t.Helper()
		current, err := tx.Password(jane)
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		hash, broken, err := h.NewPassword(t.Context(), current, text(i), Subject{})
		if err != nil {
			t.Fatal(err)
		}
		if len(broken) == 0 {
			if err := SetPassword(tx, jane, hash, false, noon); err != nil {
				t.Fatal(err)
			}
		}
		return broken
	}
	oneTime := func() secret.String {
		t.Helper()
		p := NewOneTimePassword()
		hash, err := h.Hash(t.Context(), p)
		if err == nil {
			err = SetPassword(tx, jane, hash, true, noon)
		}
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for i := range 4 {
		if broken := choose(i); broken != nil {
			t.Fatalf("password %d: %v", i, broken)
		}
	}
	refused := []Violation{Reused}
	for _, i := range []int{3, 2, 1} {
		if got := choose(i); !slices.Equal(got, refused) {
			t.Errorf("password %d after 3: %v", i, got)
		}
	}
	if got := choose(0); got != nil {
		t.Errorf("the fourth last: %v", got)
	}
	// Now 0 3 2. One-time passwords, as many as one likes, do not wash them away,
	// and are not to be kept (H-08).
	oneTime()
	given := oneTime()
	if p, _ := tx.Password(jane); !p.MustChange {
		t.Error("a one-time password need not be changed")
	}
	for _, i := range []int{0, 3, 2} {
		if got := choose(i); !slices.Equal(got, refused) {
			t.Errorf("password %d after one-time passwords: %v", i, got)
		}
	}
	current, _ := tx.Password(jane)
	if _, broken, _ := h.NewPassword(t.Context(), current, given, Subject{}); !slices.Equal(broken, refused) {
		t.Errorf("the one-time password itself: %v", broken)
	}
	if got := choose(1); got != nil {
		t.Errorf("password 1: %v", got)
	}
	if p, _ := tx.Password(jane); p.MustChange || len(p.History) > Remembered || !p.SetAt.Equal(noon) {
		t.Errorf("%+v", p)
	}
}

func TestRehash(t *testing.T) {
	t.Parallel()
	tx := newMemory()
	_ = SetPassword(tx, jane, "one", true, noon)
	if err := Rehash(tx, jane, "other", "new"); err != nil || tx.password[jane].Hash != "one" {
		t.Error("replaced a password that was changed meanwhile", err)
	}
	if err := Rehash(tx, jane, "one", "new"); err != nil || tx.password[jane].Hash != "new" || !tx.password[jane].MustChange {
		t.Error(err, tx.password[jane])
	}
}

func TestNewOneTimePassword(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		p := NewOneTimePassword()
		text := p.Reveal()
		if broken := Check(p, Subject{}); broken != nil || len(text) != 23 || seen[text] || strings.ContainsAny(text, "0Oo1lI") {
			t.Fatalf("%q: %v", text, broken)
		}
		seen[text] = true
	}
}

func TestResetLinks(t *testing.T) {
	t.Parallel()
	tx := newMemory()
	link := func(o Owner) secret.String {
		t.Helper()
		l, err := NewResetLink(tx, o, noon)
		if err != nil || len(l.Reveal()) < 43 { // 256 bits
			t.Fatal(err)
		}
		if _, stored := tx.links[l.Reveal()]; stored {
			t.Fatal("the link itself is stored")
		}
		return l
	}
	first, others, second := link(jane), link(john), link(jane)
	check := func(what string, f func(Store, secret.String, time.Time) (Owner, error), l secret.String, at time.Duration, want fault.Kind) {
		t.Helper()
		o, err := f(tx, l, noon.Add(at))
		if want == fault.Internal && (err != nil || o != jane) || want != fault.Internal && !fault.Is(err, want) {
			t.Errorf("%s: %v, %v", what, o, err)
		}
	}
	const fine = fault.Internal
	check("replaced by a later link", TakeResetLink, first, 0, fault.NotFound)
	check("made up", OpenResetLink, secret.Token("", 32), 0, fault.NotFound)
	check("empty", OpenResetLink, secret.String{}, 0, fault.NotFound)
	check("at its end", OpenResetLink, second, ResetLinkLife, fault.Expired)
	check("looked at", OpenResetLink, second, ResetLinkLife-1, fine)
	check("used", TakeResetLink, second, ResetLinkLife-1, fine)
	check("used again (promise 6)", TakeResetLink, second, 0, fault.NotFound)
	if o, err := OpenResetLink(tx, others, noon); err != nil || o != john {
		t.Errorf("another's: %v, %v", o, err)
	}
	third := link(jane)
	if err := SetPassword(tx, jane, "hash", false, noon); err != nil {
		t.Fatal(err)
	}
	check("after the password was set otherwise", OpenResetLink, third, 0, fault.NotFound)
	if _, err := OpenResetLink(failing{tx}, third, noon); !errors.Is(err, errBroken) {
		t.Errorf("a broken store: %v", err)
	}
}

var errBroken = errors.New("broken")

type failing struct{ Store }

func (failing) ResetLink(string) (ResetLink, error) { return ResetLink{}, errBroken }
