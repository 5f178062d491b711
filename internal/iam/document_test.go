package iam_test

import (
	"strings"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/policy"
)

// Sizes are counted without white space (behaviours.md 1.5).
func TestDocumentSize(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]int{"": 0, " \t\r\n\u00a0\u0085": 0, `{ "a" : "é" }`: 9} {
		if got := iam.DocumentSize(document); got != want {
			t.Errorf("%q: %d, want %d", document, got, want)
		}
	}
}

// The quotas' numbers and words (behaviours.md 1.5, 3.9).
func TestSizes(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("x ", n) }
	inline := func(k iam.Kind) func(string) error {
		return func(d string) error { return iam.CheckInlineSize(k, "n", iam.DocumentSize(d)) }
	}
	for _, c := range []struct {
		check   func(string) error
		most    int
		message string
	}{
		{iam.CheckManagedSize, 6144, "Cannot exceed quota for PolicySize: 6144"},
		{inline(iam.UserKind), 2048, "Maximum policy size of 2048 bytes exceeded for user n"},
		{inline(iam.GroupKind), 5120, "Maximum policy size of 5120 bytes exceeded for group n"},
		{inline(iam.RoleKind), 10240, "Maximum policy size of 10240 bytes exceeded for role n"},
	} {
		if err := c.check(long(c.most)); err != nil {
			t.Errorf("%d: %v", c.most, err)
		}
		f, ok := fault.As(c.check(long(c.most + 1)))
		if !ok || f.Kind != fault.Limit || f.Public != c.message {
			t.Errorf("%d: %v, want %q", c.most+1, f, c.message)
		}
	}
}

// A trust policy is measured where it is checked.
func TestTrustPolicySize(t *testing.T) {
	t.Parallel()
	document := func(n int) string {
		head := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"`
		tail := `"}}}}`
		return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
	}
	if err := iam.CheckDocument(policy.TrustPolicy, document(2048)+"  \n"); err != nil {
		t.Error(err)
	}
	err := iam.CheckDocument(policy.TrustPolicy, document(2049))
	if f, ok := fault.As(err); !ok || f.Kind != fault.Limit || f.Public != "Cannot exceed quota for ACLSizePerRole: 2048" {
		t.Errorf("too long: %v", err)
	}
}
