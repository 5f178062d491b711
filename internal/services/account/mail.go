package account

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/store"
)

// tell queues a notice to the account's owner (N-25).
func (s *Service) tell(tx store.Tx, id string, n account.Notice, now time.Time, further ...string) error {
	a, err := tx.Account(id) // as it is now
	if err != nil {
		return err
	}
	return account.Tell(tx, s.Senders, a, n, now, further...)
}
