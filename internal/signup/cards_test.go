package signup_test

import (
	"fmt"
	"net/http"
	"testing"

	"sekisho/internal/credential"
	"sekisho/internal/payment"
	"sekisho/internal/store"
)

// The attack: cards are tested without end, as a good one's success gives back the
// tries at stolen ones.
func TestCardTestingBetweenGoodCards(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.opened()
	for i := range 4 {
		s.b.Address = fmt.Sprintf("198.51.100.%d", i)
		p = s.must(s.b.Submit(p, card(payment.TestDeclined)), "/signup/payment", http.StatusUnprocessableEntity)
	}
	s.must(s.b.Submit(p, card(goodCard)), "/signup/phone", http.StatusOK)
	a, _ := s.account()
	s.View(func(tx store.Tx) error {
		n, err := credential.Failures(tx, []credential.Key{payment.Tries(a.ID, s.Clock.Now())}, s.Clock.Now())
		if n != 5 {
			t.Errorf("%d tries are counted after a good card, want 5", n)
		}
		return err
	})
}
