package leaked

import (
	"slices"
	"strings"
	"testing"
)

func TestHas(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"password", "Password1!", "P@ssw0rd", "Pa$$w0rd123!", "!!Passw0rd!!", "Password2024!!", "passw0rd!",
		"Qwerty123!", "1qaz2wsx", "!QAZ2wsx", "1Qaz@wsx", "A12345678!", "Aaaaaaa1!", "Abcdefg1!", "Welcome1!",
		"Admin123!", "Summer2024!", "Letmein1!", "$unshine1!", "1$unshin3", "Sekisho2025!", "M0nkey!!1", "Iloveyou1!",
	} {
		if !Has(text) {
			t.Errorf("%q passes", text)
		}
	}
}

func TestHasNot(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "a", "!!", "correct-Horse7battery", "Password-of-the-Manchu8", "kV7#qLw2!zRt", "kV#qL123", "vQz-8mLp", "日本語のパスワードA1!",
	} {
		if Has(text) {
			t.Errorf("%q is refused", text)
		}
	}
}

// The search needs the list sorted, and every line in the form that is looked up.
func TestListIsWellFormed(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(forms, "\n"), "\n")
	if len(lines) < 30_000 || !slices.IsSorted(lines) {
		t.Fatalf("%d lines, sorted: %v", len(lines), slices.IsSorted(lines))
	}
	for _, l := range lines {
		if plain(l) != l || !listed(l) || len(l) < 4 {
			t.Fatalf("line %q cannot be found", l)
		}
	}
}

func FuzzHas(f *testing.F) {
	f.Add("Password1!")
	f.Add("\xff\x00é1")
	f.Fuzz(func(t *testing.T, text string) {
		// Dressing up a listed password does not help.
		if text = strings.ToLower(text); listed(plain(text)) && len(text) >= 4 && !Has(strings.ToUpper(text[:1])+text[1:]) {
			t.Errorf("%q passes when capitalised", text)
		}
		Has(text)
	})
}

func BenchmarkHas(b *testing.B) {
	for b.Loop() {
		Has("kV7#qLw2!zRt")
	}
}
