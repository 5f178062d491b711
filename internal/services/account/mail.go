package account

import (
	"fmt"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/store"
)

// sendCode queues the mail by which the reader of the new address proves it (N-04).
func (s *Service) sendCode(tx store.Tx, a account.Account, u account.EmailUpdate, now time.Time) error {
	code := u.Code.Reveal()
	return s.send(tx, notify.AccountVerification, u.Email, notify.Content{
		Subject: "Verify the new e-mail address of AWS account " + a.ID,
		Text: fmt.Sprintf("Somebody who manages the AWS account %s (%s) asked to make this its primary e-mail address, "+
			"which is also that of its root user.\n\nOne-time password: %s\n\nIt is good once, until %s. "+
			"If you do not expect this message, do not pass the password on, and nothing will change.\n",
			a.ID, a.Name, code, u.ExpiresAt.UTC().Format(time.RFC1123)),
		Codes: []string{code},
	}, now)
}

// sendNotice queues the mail that tells the owner of the old address (N-25), unless
// that is one to which no mail can be sent: it must not be kept for that.
func (s *Service) sendNotice(tx store.Tx, a account.Account, old string, now time.Time) error {
	err := s.send(tx, notify.AccountNotice, old, notify.Content{
		Subject: "The e-mail address of AWS account " + a.ID + " was changed",
		Text: fmt.Sprintf("The primary e-mail address of the AWS account %s (%s) was changed at %s. This address "+
			"is no longer that of its root user.\n\nIf you do not expect this message, tell the administrators of your organization.\n",
			a.ID, a.Name, now.UTC().Format(time.RFC1123)),
	}, now)
	if fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}

func (s *Service) send(tx store.Tx, k notify.Kind, to string, content notify.Content, now time.Time) error {
	m, err := s.Senders.NewEmail(k, to, content, now)
	if err != nil {
		return err
	}
	return tx.PutMessage(m)
}
