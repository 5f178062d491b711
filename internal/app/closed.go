package app

import (
	"context"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/iam"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

const (
	emptyAccounts = 100 // at a time
	emptyBatch    = 100 // of each kind in a transaction
)

// emptyClosed deletes what accounts have that were closed so long ago that they
// cannot be reopened. The accounts themselves stay, and keep their
// addresses from being used again.
func (s *Server) emptyClosed(ctx context.Context) error {
	var due []account.Standing
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.ToEmpty(s.clock.Now().Add(-account.ReopenPeriod), emptyAccounts)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range due {
		if err := s.emptyAccount(ctx, d.Account); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) emptyAccount(ctx context.Context, id string) error {
	for more := true; more; {
		now := s.clock.Now()
		ev := &audit.Event{At: now, Source: "sekisho", Name: "EmptyClosedAccount", Account: id, UserName: "operator", Resource: id, Count: 1}
		err := s.Store.Update(ctx, ev, func(tx store.Tx) (err error) {
			// Read again: it may have been emptied by another node meanwhile.
			more = false
			a, err := tx.Account(id)
			if err != nil {
				return err
			}
			if gone, err := account.Gone(tx, a, now); err != nil || !gone {
				return err
			}
			if err := access.UnassignAll(tx, id); err != nil {
				return err
			}
			if err := tx.EndSessionsOf(id, now, session.AccountClosed); err != nil {
				return err
			}
			if more, err = iam.Empty(tx, id, emptyBatch); err != nil || more {
				return err
			}
			if err := s.cleaned(tx, id, now); err != nil {
				return err
			}
			return account.Emptied(tx, id, now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
