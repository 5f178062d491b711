package main

import (
	"fmt"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/registration"
	"sekisho/internal/signup"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/web"
)

// adminAccountCmd is what support staff do to accounts.
type adminAccountCmd struct {
	Show       accountShowCmd       `cmd:"" help:"Show the state of an account and how it came to it."`
	Suspend    accountSuspendCmd    `cmd:"" help:"Suspend an account: none of its services can be used."`
	Reactivate accountReactivateCmd `cmd:"" help:"Bring a suspended account back."`
	Activate   accountActivateCmd   `cmd:"" help:"Activate an account that has signed up, whatever is left or holds it."`
	Hold       accountHoldCmd       `cmd:"" help:"Hold the activation of an account and ask its owner for information."`
	Release    accountReleaseCmd    `cmd:"" help:"Let the activation of an account that was held go on."`
	Close      accountCloseCmd      `cmd:"" help:"Close an account. It can be reopened for 90 days."`
	Reopen     accountReopenCmd     `cmd:"" help:"Reopen an account that was closed less than 90 days ago."`
}

// onAccount is what these commands have in common: one account, one transaction,
// and one event in the account's history.
type onAccount struct {
	config.Server `embed:""`
	Account       string `arg:"" help:"12-digit id, alias or root user's e-mail address of the account."`
}

// admin is what a command may do: mail goes out when the server runs.
type admin struct {
	account account.Account
	now     time.Time
	senders notify.Senders
	mail    signup.Mailer
}

func (c *onAccount) update(e *env, name, reason string, do func(tx store.Tx, a admin) error) error {
	public, err := c.Public()
	if err != nil {
		return err
	}
	pages, err := web.New()
	if err != nil {
		return err
	}
	a := admin{now: clock.System{}.Now(), senders: make(notify.Senders)}
	if c.MailFrom != "" && c.MailFrom != notify.FromIdentityCenter { // the default is Identity Center's own
		for _, k := range notify.Kinds() {
			a.senders[k] = c.MailFrom
		}
	}
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		ev := &audit.Event{At: a.now, Source: "sekisho", Name: name, UserName: "operator", Count: 1}
		if reason != "" {
			ev.Set("reason", reason)
		}
		return b.Store.Update(e.ctx, ev, func(tx store.Tx) (err error) {
			if a.account, err = findAccount(tx, c.Account); err != nil {
				return err
			}
			ev.Account, ev.Resource = a.account.ID, a.account.ID
			inst, err := access.Home(tx)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			a.mail = signup.Mailer{Pages: pages, Senders: a.senders, Map: surface.New(public, inst.Region)}
			return do(tx, a)
		})
	})
}

// findAccount is the account that an operator names.
func findAccount(tx store.Tx, name string) (account.Account, error) {
	a, err := account.Named(tx, name)
	if fault.Is(err, fault.NotFound) {
		return tx.AccountByEmail(name)
	}
	return a, err
}

// change is update that changes the state, tells the owner, and says so.
func (c *onAccount) change(e *env, name, reason, done string, n account.Notice, do func(tx store.Tx, a admin) (account.Account, error)) error {
	var changed account.Account
	err := c.update(e, name, reason, func(tx store.Tx, a admin) (err error) {
		if changed, err = do(tx, a); err != nil {
			return err
		}
		return account.Tell(tx, a.senders, changed, n, a.now)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s (%s) is %s. State: %s.\n", changed.ID, changed.Name, done, changed.Status)
	return err
}

type accountShowCmd struct {
	config.Database `embed:""`
	Account         string `arg:"" help:"12-digit id, alias or root user's e-mail address of the account."`
}

// Run shows how an account stands.
func (c *accountShowCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, true, func(b *app.Base) error {
		return b.Store.View(e.ctx, func(tx store.Tx) error {
			a, err := findAccount(tx, c.Account)
			if err != nil {
				return err
			}
			say := func(what string, value any) { _, _ = fmt.Fprintf(e.out, "%-13s %v\n", what+":", value) }
			say("Account", a.ID+" ("+a.Name+")")
			say("Root user", a.Email)
			say("State", a.Status)
			s, err := tx.Standing(a.ID)
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			say("Since", s.Since.UTC().Format(time.RFC3339))
			if s.Reason != "" {
				say("Reason", s.Reason)
			}
			if !s.ClosedAt.IsZero() {
				say("Reopen until", s.ReopenUntil().UTC().Format(time.RFC3339))
			}
			if !s.EmptiedAt.IsZero() {
				say("Emptied", s.EmptiedAt.UTC().Format(time.RFC3339))
			}
			return nil
		})
	})
}

type accountSuspendCmd struct {
	onAccount `embed:""`
	Reason    string `help:"Why; for the account's history, at most 500 characters."`
}

// Run suspends the account.
func (c *accountSuspendCmd) Run(e *env) error {
	return c.change(e, "SuspendAccount", c.Reason, "suspended", account.WasSuspended, func(tx store.Tx, a admin) (account.Account, error) {
		return account.Suspend(tx, a.account.ID, c.Reason, a.now)
	})
}

type accountReactivateCmd struct {
	onAccount `embed:""`
}

// Run brings the account back.
func (c *accountReactivateCmd) Run(e *env) error {
	return c.change(e, "ReactivateAccount", "", "reactivated", account.WasReactivated, func(tx store.Tx, a admin) (account.Account, error) {
		activated, err := activated(tx, a.account.ID)
		if err != nil {
			return a.account, err
		}
		return account.Reactivate(tx, a.account.ID, activated, a.now)
	})
}

// activated reports whether the sign-up of the account was completed.
func activated(tx store.Tx, id string) (bool, error) {
	r, err := tx.Registration(id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && !r.ActivatedAt.IsZero(), err
}

type accountCloseCmd struct {
	onAccount `embed:""`
	Reason    string `help:"Why; for the account's history, at most 500 characters."`
}

// Run closes the account.
func (c *accountCloseCmd) Run(e *env) error {
	return c.change(e, "CloseAccount", c.Reason, "closed", account.WasClosed, func(tx store.Tx, a admin) (account.Account, error) {
		return account.Close(tx, a.account.ID, false, c.Reason, a.now)
	})
}

type accountReopenCmd struct {
	onAccount `embed:""`
}

// Run reopens the account.
func (c *accountReopenCmd) Run(e *env) error {
	return c.change(e, "ReopenAccount", "", "reopened", account.WasReopened, func(tx store.Tx, a admin) (account.Account, error) {
		activated, err := activated(tx, a.account.ID)
		if err != nil {
			return a.account, err
		}
		return account.Reopen(tx, a.account.ID, activated, a.now)
	})
}

type accountActivateCmd struct {
	onAccount `embed:""`
}

// Run activates the account by hand.
func (c *accountActivateCmd) Run(e *env) error {
	return c.register(e, "ActivateAccount", "activated", func(tx store.Tx, a admin) error {
		r, err := registration.ActivateByHand(tx, a.account.ID, a.now)
		if err != nil {
			return err
		}
		return a.mail.Activated(tx, a.account, r, a.now)
	})
}

type accountHoldCmd struct {
	onAccount `embed:""`
	Reason    string `required:"" help:"What information the owner is asked for, at most 1,000 characters."`
}

// Run holds the activation and asks the owner (A-37, N-12).
func (c *accountHoldCmd) Run(e *env) error {
	return c.register(e, "HoldAccountActivation", "held until you release it", func(tx store.Tx, a admin) error {
		r, err := registration.AskFor(tx, a.account.ID, c.Reason, a.now)
		if err != nil {
			return err
		}
		return a.mail.Asked(tx, a.account, r, a.now)
	})
}

type accountReleaseCmd struct {
	onAccount `embed:""`
}

// Run lets the activation go on.
func (c *accountReleaseCmd) Run(e *env) error {
	return c.register(e, "ReleaseAccountActivation", "released", func(tx store.Tx, a admin) error {
		_, err := registration.Lift(tx, a.account.ID, a.now)
		return err
	})
}

// register is update for what concerns sign-up, whose mails are its own.
func (c *onAccount) register(e *env, name, done string, do func(tx store.Tx, a admin) error) error {
	var about account.Account
	err := c.update(e, name, "", func(tx store.Tx, a admin) error {
		about = a.account
		return do(tx, a)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s (%s) is %s.\n", about.ID, about.Name, done)
	return err
}
