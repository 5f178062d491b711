package credential

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/secret"
)

// The rules of IAM users' passwords (behaviours.md 5.3).
func TestPolicy(t *testing.T) {
	t.Parallel()
	all := Policy{MinLength: 10, Upper: true, Lower: true, Digit: true, Symbol: true}
	six := Policy{MinLength: 6}
	for _, c := range []struct {
		policy   Policy
		password string
		want     []Violation
	}{
		{DefaultPolicy, "abcDEF12", nil},
		{DefaultPolicy, "abcdef1!", nil},
		{DefaultPolicy, "abcDE12", []Violation{TooShort}},
		{DefaultPolicy, "abcdef12", []Violation{TooFewClasses}},
		{DefaultPolicy, "abcdefgh", []Violation{TooFewClasses}},
		{DefaultPolicy, "eXample1", []Violation{IsAccountName}},
		{DefaultPolicy, "Root1@Example.com", []Violation{IsAccountName}},
		{DefaultPolicy, "aA1" + strings.Repeat("x", 125), nil},
		{DefaultPolicy, "aA1" + strings.Repeat("x", 126), []Violation{TooLong}},
		{DefaultPolicy, "aA1ÿÿÿÿÿ", nil},
		{DefaultPolicy, "aA1\nxxxxx", []Violation{BadCharacter}},
		{all, "aA1!aA1!aA", nil},
		{all, "", []Violation{BadCharacter}},
		{all, "x", []Violation{TooShort, NoUpper, NoDigit, NoSymbol}},
		{all, "A!A!A!A!A!", []Violation{NoLower, NoDigit}},
		{all, "aA1~aA1~aA", []Violation{NoSymbol}}, // AWS does not count it
		{all, "aA1'aA1'aA", nil},
		{six, "aaaaaa", nil},
		{six, "aaaaa", []Violation{TooShort}},
		{six, "Example1", nil},
	} {
		if got := c.policy.Check(secret.NewString(c.password), "Example1", "root1@example.com"); !slices.Equal(got, c.want) {
			t.Errorf("%q by %+v: %v, want %v", c.password, c.policy, got, c.want)
		}
	}
}

// Of an IAM user's passwords the last 24 are known, and no more.
func TestHistoryOfIAMUsers(t *testing.T) {
	t.Parallel()
	m, owner := newMemory(), Owner{Kind: IAMUser, ID: "AIDA1"}
	for i := range 40 {
		if err := SetPassword(m, owner, fmt.Sprint("hash", i), false, noon); err != nil {
			t.Fatal(err)
		}
	}
	p, err := m.Password(owner)
	if err != nil || len(p.History) != MaxRemembered {
		t.Fatalf("%d are kept, %v", len(p.History), err)
	}
	for n, oldest := range map[int]string{1: "hash39", 5: "hash35", 24: "hash16"} {
		if got := p.Last(n); len(got) != n || got[0] != "hash39" || got[n-1] != oldest {
			t.Errorf("the last %d: %v", n, got)
		}
	}
}

// A password that is yet to be set is nobody's.
func TestPasswordToBeSet(t *testing.T) {
	t.Parallel()
	var h Hasher
	h.Params = cheap
	if ok, err := h.Verify(context.Background(), Password{MustChange: true}.Hash, secret.NewString("")); ok || err != nil {
		t.Error(ok, err)
	}
	if got := (Password{History: []string{"a"}}).Last(3); got != nil {
		t.Error(got)
	}
}
