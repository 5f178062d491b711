package main

import (
	"fmt"
	"text/tabwriter"

	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/store"
)

// adminPaymentCmd is what an operator learns from institutions about the payment
// methods of accounts.
type adminPaymentCmd struct {
	List    paymentListCmd    `cmd:"" help:"List the payment methods of an account."`
	Approve paymentApproveCmd `cmd:"" help:"Note that the institution approved a payment method that it held or declined."`
}

type paymentListCmd struct {
	config.Database `embed:""`
	Account         string `arg:"" help:"12-digit id, alias or root user's e-mail address of the account."`
}

// Run lists an account's methods, one a line.
func (c *paymentListCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		return b.Store.View(e.ctx, func(tx store.Tx) error {
			a, err := findAccount(tx, c.Account)
			if err != nil {
				return err
			}
			methods, err := payment.Methods(tx, a.ID)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(w, "METHOD\tCARD\tEXPIRES\tSTATUS\tDEFAULT\tERROR")
			for _, m := range methods {
				_, _ = fmt.Fprintf(w, "%s\t%s …%s\t%02d/%d\t%s\t%v\t%s\n", m.ID, m.Brand, m.LastFour, m.ExpiryMonth, m.ExpiryYear, m.Status, m.Default, m.Error)
			}
			return w.Flush()
		})
	})
}

type paymentApproveCmd struct {
	config.Database `embed:""`
	Method          string `arg:"" help:"Id of the payment method, pm-…"`
}

// Run approves a method, and lets the activation that waited for it go on.
func (c *paymentApproveCmd) Run(e *env) error {
	var m payment.Method
	err := withData(e.ctx, c.Database, false, func(b *app.Base) error {
		now := clock.System{}.Now()
		ev := &audit.Event{At: now, Source: "sekisho", Name: "ApprovePaymentMethod", UserName: "operator", Count: 1}
		return b.Store.Update(e.ctx, ev, func(tx store.Tx) (err error) {
			if m, err = payment.Approve(tx, c.Method, now); err != nil {
				return err
			}
			ev.Account, ev.Resource = m.Account, m.ID
			r, err := tx.Registration(m.Account)
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			return registration.Retry(tx, &r, now)
		})
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s …%s of account %s is approved.\n", m.Brand, m.LastFour, m.Account)
	return err
}
