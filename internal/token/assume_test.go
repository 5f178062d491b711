package token_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/token"
)

// What a session may be given, whatever asks for it (behaviours.md 4.2).
func TestBeginRefuses(t *testing.T) {
	t.Parallel()
	tag := func(key, value string) token.Asked { return token.Asked{Tags: []token.Tag{{Key: key, Value: value}}} }
	for name, c := range map[string]struct {
		asked  token.Asked
		reason string
	}{
		"nothing":                 {token.Asked{}, ""},
		"a tag":                   {tag("Cost Center", "a_b.c:d/e=f+g-h@i 1"), ""},
		"letters of any script":   {tag("部署", "開発"), ""},
		"128 characters":          {tag(strings.Repeat("部", 128), strings.Repeat("開", 256)), ""},
		"no key":                  {tag("", "x"), "validation"},
		"129 characters":          {tag(strings.Repeat("x", 129), ""), "validation"},
		"a value of 257":          {tag("x", strings.Repeat("x", 257)), "validation"},
		"a comma":                 {tag("x", "a,b"), "validation"},
		"a line break":            {tag("x\n", "a"), "validation"},
		"aws:":                    {tag("aws:x", "a"), "invalid-parameter"},
		"aws is a name":           {tag("awsx", "a"), ""},
		"source identity":         {token.Asked{SourceIdentity: "jane.doe@example.com"}, ""},
		"source identity of one":  {token.Asked{SourceIdentity: "j"}, "validation"},
		"source identity of 65":   {token.Asked{SourceIdentity: strings.Repeat("j", 65)}, "validation"},
		"source identity of AWS":  {token.Asked{SourceIdentity: "AWS:jane"}, "validation"},
		"source identity, a line": {token.Asked{SourceIdentity: "jane\n"}, "validation"},
		"2,048 characters":        {token.Asked{Policy: strings.Repeat("x", 2048)}, ""},
		"2,048 in two bytes each": {token.Asked{Policy: strings.Repeat("é", 2048)}, ""},
		"2,049 characters":        {token.Asked{Policy: strings.Repeat("x", 2049)}, "packed-policy-too-large"},
		"with the ARNs":           {token.Asked{Policy: strings.Repeat("x", 2040), PolicyARNs: []string{"arn:aws:iam::aws:policy/A"}}, "packed-policy-too-large"},
	} {
		var s token.Session
		packed, err := c.asked.Begin(&s, nil)
		if fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s: %v", name, err)
		}
		if something := c.asked.Policy != "" || len(c.asked.Tags) > 0; err == nil && (packed > 0) != something {
			t.Errorf("%s: packed %d%%", name, packed)
		}
	}
}

// Whatever Begin lets through can be issued and opened, and goes down a chain
// unchanged: the transitive tags, and the source identity.
func TestWhatBeginsCanBeUsed(t *testing.T) {
	t.Parallel()
	rs := token.Sessions{Ring: newRing(t)}
	random := rand.New(rand.NewPCG(3, 4))
	letters := []rune("ab 0_.:/=+-@é部𝔸")
	text := func(n int) string {
		r := make([]rune, n)
		for i := range r {
			r[i] = letters[random.IntN(len(letters))]
		}
		return string(r)
	}
	used := 0
	for range 300 {
		asked := token.Asked{SourceIdentity: "jane"}
		wide := random.IntN(257)
		for i := range random.IntN(51) {
			asked.Tags = append(asked.Tags, token.Tag{Key: fmt.Sprint(i, text(random.IntN(100))), Value: strings.Repeat(text(1), wide)})
			if random.IntN(2) == 0 {
				asked.TransitiveTags = append(asked.TransitiveTags, asked.Tags[i].Key)
			}
		}
		first := token.Session{Kind: token.Assumed, Account: "444455556666"}
		if _, err := asked.Begin(&first, nil); err != nil {
			continue
		}
		used++
		c, err := rs.Issue(first, now, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := rs.Open(c.SessionToken.Reveal())
		if err != nil {
			t.Fatalf("issued but not opened: %d characters: %v", len(c.SessionToken.Reveal()), err)
		}
		second := token.Session{Kind: token.Assumed}
		if _, err := (token.Asked{}).Begin(&second, opened); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(second.TransitiveTags, first.TransitiveTags) || len(second.Tags) != len(first.TransitiveTags) || second.SourceIdentity != "jane" {
			t.Fatalf("%+v from %+v", second, first)
		}
		for _, kind := range []token.SessionKind{token.UserSession, token.FederatedUser, token.AssumedRoot} {
			opened.Kind = kind
			other := token.Session{}
			if _, err := (token.Asked{}).Begin(&other, opened); err != nil || other.Tags != nil || other.SourceIdentity != "" {
				t.Fatalf("kind %d hands down %+v, %v", kind, other, err)
			}
		}
	}
	if used < 30 {
		t.Errorf("only %d were let through", used)
	}
}
