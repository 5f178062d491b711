package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sekisho/internal/fault"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		err    error
		kind   fault.Kind
		reason string
	}{
		{"no fault", errors.New("broken"), fault.Internal, ""},
		{"nil", nil, fault.Internal, ""},
		{"fault", fault.New(fault.Denied, "no-right", "You may not."), fault.Denied, "no-right"},
		{"wrapped", fmt.Errorf("doing it: %w", fault.New(fault.Expired, "late", "Too late.")), fault.Expired, "late"},
		{"joined", errors.Join(errors.New("x"), fault.New(fault.Limit, "full", "Full.")), fault.Limit, "full"},
		{"first of two", fault.New(fault.Invalid, "outer", "o").Wrap(fault.New(fault.Conflict, "inner", "i")), fault.Invalid, "outer"},
	} {
		if fault.KindOf(c.err) != c.kind || fault.ReasonOf(c.err) != c.reason {
			t.Errorf("%s: %v %q", c.name, fault.KindOf(c.err), fault.ReasonOf(c.err))
		}
		if fault.Is(c.err, c.kind) != (c.err != nil) {
			t.Errorf("%s: Is", c.name)
		}
	}
	for k := fault.Internal; k <= fault.Unavailable; k++ {
		if k.String() == "" {
			t.Errorf("kind %d has no name", k)
		}
	}
}

// The cause is for the log and never for the outside.
func TestWrapKeepsCausePrivate(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk on fire")
	plain := fault.New(fault.Unavailable, "store", "Try again in %d minutes.", 5)
	wrapped := plain.Wrap(cause)
	if !errors.Is(wrapped, cause) || errors.Is(plain, cause) {
		t.Error("Wrap must make a new fault with the cause")
	}
	if wrapped.Public != "Try again in 5 minutes." || strings.Contains(wrapped.Public, "fire") {
		t.Errorf("public words: %q", wrapped.Public)
	}
	if want := "Try again in 5 minutes. (store): disk on fire"; wrapped.Error() != want {
		t.Errorf("for the log: %q", wrapped.Error())
	}
	if got := (&fault.Error{Kind: fault.NotFound}).Error(); got != "not found" {
		t.Errorf("bare: %q", got)
	}
}
