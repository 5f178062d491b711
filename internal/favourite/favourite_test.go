package favourite_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/favourite"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   favourite.Kind
		target string
		valid  bool
	}{
		{favourite.Account, "111122223333", true},
		{favourite.Application, "apl-0123456789abcdef", true},
		{favourite.Account, "apl-0123456789abcdef", false},
		{favourite.Application, "111122223333", false},
		{favourite.Account, "1111222233334", false},
		{favourite.Account, "111122223333\n", false},
		{favourite.Application, "apl-" + strings.Repeat("a", 4000), false},
		{"", "111122223333", false},
		{"GROUP", "111122223333", false},
	} {
		err := favourite.Favourite{Kind: c.kind, Target: c.target}.Validate()
		if (err == nil) != c.valid || !c.valid && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s %.30q: %v", c.kind, c.target, err)
		}
	}
}

// A person has at most 200, and room again when one goes; what is one already can be
// marked again however many there are.
func TestMark(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	of := func(n int) favourite.Favourite {
		return favourite.Favourite{User: "u1", Kind: favourite.Account, Target: fmt.Sprintf("%012d", n), MarkedAt: now}
	}
	update := func(fn func(store.Tx) error) error { return db.Update(t.Context(), nil, fn) }
	err := update(func(tx store.Tx) error {
		for n := range favourite.Max {
			if err := favourite.Mark(tx, of(n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	mark := func(n int) error { return update(func(tx store.Tx) error { return favourite.Mark(tx, of(n)) }) }
	if err := mark(favourite.Max); !fault.Is(err, fault.Limit) {
		t.Errorf("one too many: %v", err)
	}
	if err := mark(0); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	if err := update(func(tx store.Tx) error { return favourite.Unmark(tx, of(0)) }); err != nil {
		t.Fatal(err)
	}
	if err := mark(favourite.Max); err != nil {
		t.Errorf("in the place of another: %v", err)
	}
	if err := update(func(tx store.Tx) error { return favourite.Unmark(tx, favourite.Favourite{User: "u1"}) }); !fault.Is(err, fault.Invalid) {
		t.Errorf("nothing is removed: %v", err)
	}
}
