package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"go.yaml.in/yaml/v3"

	"sekisho/internal/secret"
)

const canary = "canary-4d7f"

// carrier is a struct in which secrets stand in every way that structs are made.
type carrier struct {
	Exported   secret.String
	Pointer    *secret.String
	unexported secret.String
	List       []secret.String
	Map        map[string]secret.String
	Any        any
	inner      struct{ deep secret.String }
}

func newCarrier() carrier {
	s := secret.NewString(canary)
	c := carrier{Exported: s, Pointer: &s, unexported: s, List: []secret.String{s}, Map: map[string]secret.String{"k": s}, Any: s}
	c.inner.deep = s
	return c
}

// What prints a value never prints a secret, whatever it stands in (promise 23).
func TestNeverPrints(t *testing.T) {
	t.Parallel()
	c := newCarrier()
	encoded := []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), base64.StdEncoding.EncodeToString([]byte(canary)), fmt.Sprintf("%v", []byte(canary))}
	for _, v := range []struct {
		name  string
		value any
	}{
		{"value", c.Exported}, {"pointer", c.Pointer}, {"struct", c}, {"struct pointer", &c}, {"list", c.List}, {"map", c.Map},
		{"unexported field", c.inner}, {"interface", []any{c.Exported}}, {"error", fmt.Errorf("it failed: %w", errors.New(c.Exported.String()))},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for _, verb := range "vsqxXdobcUeEfFgGtTpwO" {
				for _, flag := range []string{"", "+", "#", " ", "-20", "0", "10.5", "+#"} {
					fmt.Fprintf(&out, "%"+flag+string(verb)+"\n", v.value)
				}
			}
			fmt.Fprintln(&out, v.value)
			slog.New(slog.NewTextHandler(&out, nil)).Info("text", "v", v.value)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "v", v.value)
			_ = json.NewEncoder(&out).Encode(v.value)
			_ = yaml.NewEncoder(&out).Encode(v.value)
			_ = xml.NewEncoder(&out).Encode(v.value)
			var binary bytes.Buffer
			_ = gob.NewEncoder(&binary).Encode(v.value)
			out.Write(binary.Bytes())
			_ = template.Must(template.New("").Parse("{{.}} {{printf \"%#v\" .}}")).Execute(&out, v.value)
			for _, e := range encoded {
				if i := strings.Index(out.String(), e); i >= 0 {
					t.Fatalf("the secret is printed: …%s…", out.String()[max(0, i-60):min(out.Len(), i+len(e)+20)])
				}
			}
		})
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	var zero secret.String
	if !zero.Empty() || zero.Reveal() != "" || secret.NewString("x").Empty() {
		t.Error("the zero value must be no secret")
	}
	if !zero.Equal(secret.NewString("")) || !secret.NewString("a").Equal(secret.NewString("a")) ||
		secret.NewString("a").Equal(secret.NewString("b")) || secret.NewString("a").Equal(secret.NewString("ab")) {
		t.Error("Equal compares the texts")
	}
	const sha256OfABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, B.1
	if got := secret.NewString("abc").Hash(); got != sha256OfABC {
		t.Errorf("Hash: %s", got)
	}
	var read struct{ S secret.String }
	if err := json.Unmarshal([]byte(`{"S":"given"}`), &read); err != nil || read.S.Reveal() != "given" {
		t.Errorf("a secret in a configuration: %v", err)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	a, b := secret.Token("aoa", 32).Reveal(), secret.Token("aoa", 32).Reveal()
	if a == b || !strings.HasPrefix(a, "aoa") || len(a) != len("aoa")+base64.RawURLEncoding.EncodedLen(32) {
		t.Errorf("tokens %q and %q", a, b)
	}
	defer func() {
		if recover() == nil {
			t.Error("a token of less than 128 bits was made")
		}
	}()
	secret.Token("", 15)
}

// Every character is as likely as every other: a chi-square test that a fair
// draw fails once in a million runs. Without the rejection of the tail, an
// alphabet of 64+36 characters would be off by a half.
func TestPickIsEven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		alphabet string
		most     float64 // the 1-10⁻⁶ quantile of chi-square with len(alphabet)-1 degrees
	}{
		{"01", 23.93},
		{"0123456789", 43.5},
		{"BCDFGHJKLMNPQRSTVWXZ", 60.2},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 126.5},
		{string(everyASCII(100)), 175},
	} {
		const each = 2000
		got := secret.Pick(c.alphabet, each*len(c.alphabet))
		counts := make(map[rune]int)
		for _, r := range got {
			counts[r]++
		}
		if len(got) != each*len(c.alphabet) || strings.Trim(got, c.alphabet) != "" {
			t.Errorf("%d characters of %q, some of them others", len(got), c.alphabet)
		}
		chi := 0.0
		for _, r := range c.alphabet {
			d := float64(counts[r] - each)
			chi += d * d / each
		}
		if chi > c.most {
			t.Errorf("%d characters: chi-square %.1f, want at most %.1f", len(c.alphabet), chi, c.most)
		}
	}
	if secret.Pick("ab", 0) != "" || secret.Pick("a", 3) != "aaa" {
		t.Error("edges")
	}
}

func everyASCII(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i + 1)
	}
	return b
}
