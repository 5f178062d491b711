package iam

import (
	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// tellRoot queues a notice to the owner of the account if the holder is its root
// user (N-25): what happens to anybody else is the account's own business.
func (s *Service) tellRoot(tx store.Tx, c *call.Call, h iam.Holder, n account.Notice) error {
	if !h.Root() {
		return nil
	}
	a, err := tx.Account(h.Account)
	if err != nil {
		return err
	}
	return account.Tell(tx, s.Senders, a, n, c.Now)
}
