package support

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
)

// StaffTx is what staff's work needs. It has no credentials (O-10).
type StaffTx interface {
	Store
	account.Store
	notify.Store
}

// StaffCase is anybody's case by its display id or id. NotFound has the reason
// "no-support-case".
func StaffCase(tx Store, ref string) (Case, error) {
	c, err := tx.SupportCaseByDisplayID(ref)
	if fault.Is(err, fault.NotFound) {
		c, err = tx.SupportCase(ref)
	}
	if fault.Is(err, fault.NotFound) {
		return c, fault.New(fault.NotFound, "no-support-case", "There is no support case %q.", ref)
	}
	return c, err
}

// Answer adds staff's answer to the case, which waits for the customer then, and
// mails it to whom the case belongs and to the case's other addresses: the
// account's address as it is now, or that of a contact. The mail warns not to send
// anything secret (O-13).
func Answer(tx StaffTx, senders notify.Senders, c Case, body string, now time.Time) (Case, error) {
	body = normal(body)
	if !text(body) {
		return c, notText("An answer")
	}
	to := c.Email
	if c.Account != "" {
		a, err := tx.Account(c.Account)
		if err != nil {
			return c, err
		}
		to = a.Email
	}
	c.Status, c.UpdatedAt = PendingCustomerAction, now
	if err := tx.PutSupportCase(c); err != nil {
		return c, err
	}
	if err := write(tx, c, message{body: body, email: Staff}, now); err != nil {
		return c, err
	}
	recipients := []string{to}
	for _, address := range c.CC {
		if !slices.ContainsFunc(recipients, func(s string) bool { return strings.EqualFold(s, address) }) {
			recipients = append(recipients, address)
		}
	}
	for _, address := range recipients {
		m, err := senders.NewEmail(notify.SupportReply, address, answerMail(c, body), now)
		if err == nil {
			err = tx.PutMessage(m)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}
