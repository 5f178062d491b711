package main

import (
	"fmt"
	"net/url"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/notify"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/signin"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/web"
)

type adminCmd struct {
	OneTimePassword adminPasswordCmd `cmd:"" help:"Give an Identity Center user a one-time password, to be changed at the next sign-in."`
	DisableUser     adminDisableCmd  `cmd:"" help:"Disable an Identity Center user and end all that came of the user's sign-ins."`
	EnableUser      adminEnableCmd   `cmd:"" help:"Enable an Identity Center user again."`
	SignOutUser     adminSignOutCmd  `cmd:"" help:"End all sessions of an Identity Center user."`

	Account adminAccountCmd `cmd:"" help:"Suspend, activate, close and reopen accounts."`
	Payment adminPaymentCmd `cmd:"" help:"List the payment methods of accounts, and approve what an institution held."`
	Quota   adminQuotaCmd   `cmd:"" help:"List the quotas of accounts and organizations, and raise them."`
}

// onUser is what these commands have in common: one person, one transaction.
type onUser struct {
	config.Database `embed:""`
	UserName        string `arg:"" name:"user-name" help:"User name in the Identity Center directory."`
	Portal          string `help:"The portal's subdomain, or its directory id, if there are several."`
}

func (c *onUser) update(e *env, name string, do func(tx store.Tx, u directory.User, now time.Time) error) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		now := clock.System{}.Now()
		ev := &audit.Event{At: now, Source: "sekisho", Name: name, UserName: "operator", Resource: c.UserName, Count: 1}
		return b.Store.Update(e.ctx, ev, func(tx store.Tx) error {
			inst, err := signin.FindInstance(tx, c.Portal)
			if err != nil {
				return err
			}
			u, err := tx.UserByName(inst.DirectoryID, c.UserName)
			if err != nil {
				return err
			}
			return do(tx, u, now)
		})
	})
}

// say is update that tells what was done.
func (c *onUser) say(e *env, done, name string, do func(tx store.Tx, u directory.User, now time.Time) error) error {
	if err := c.update(e, name, do); err != nil {
		return err
	}
	_, err := fmt.Fprintf(e.out, "%s is %s.\n", c.UserName, done)
	return err
}

type adminPasswordCmd struct {
	config.Server `embed:""`
	UserName      string `arg:"" name:"user-name" help:"User name in the Identity Center directory."`
	Portal        string `help:"The portal's subdomain, or its directory id, if there are several."`
	Mail          bool   `help:"Mail the password with the portal's address to the user instead of printing it. The running server sends it."`
}

// Run makes the password: it is shown or mailed once and stored only as a hash
// (H-08, N-15).
func (c *adminPasswordCmd) Run(e *env) error {
	public, err := c.Public()
	if err != nil {
		return err
	}
	password := credential.NewOneTimePassword()
	hash, err := (&credential.Hasher{}).Hash(e.ctx, password)
	if err != nil {
		return err
	}
	target := onUser{Database: c.Database, UserName: c.UserName, Portal: c.Portal}
	err = target.update(e, "CreateOneTimePassword", func(tx store.Tx, u directory.User, now time.Time) error {
		if err := people.SetOneTimePassword(tx, u, hash, now); err != nil {
			return err
		}
		if !c.Mail {
			return nil
		}
		return mailPassword(tx, public, notify.Senders{notify.OneTimePassword: c.MailFrom}, u, password, now)
	})
	if err != nil {
		return err
	}
	if c.Mail {
		_, err = fmt.Fprintf(e.out, "A one-time password for %s is on its way by mail. It must be changed at the next sign-in, within 7 days.\n", c.UserName)
		return err
	}
	_, err = fmt.Fprintf(e.out, "One-time password of %s: %s\nIt must be changed at the next sign-in, within 7 days.\n", c.UserName, password.Reveal())
	return err
}

// mailPassword hands the password over by mail (N-15).
func mailPassword(tx store.Tx, public *url.URL, from notify.Senders, u directory.User, password secret.String, now time.Time) error {
	inst, err := tx.InstanceByName(u.Directory)
	if err != nil {
		return err
	}
	pages, err := web.New()
	if err != nil {
		return err
	}
	letters := signin.Letters{Mailer: signin.Mailer{Pages: pages, Senders: from}, Map: surface.New(public, inst.Region)}
	return letters.OneTimePassword(tx, u, password, now)
}

type adminDisableCmd struct {
	onUser `embed:""`
}

// Run disables the person.
func (c *adminDisableCmd) Run(e *env) error {
	return c.say(e, "disabled, and signed out everywhere", "DisableUser", func(tx store.Tx, u directory.User, now time.Time) error {
		return people.SetDisabled(tx, u, true, "operator", now)
	})
}

type adminEnableCmd struct {
	onUser `embed:""`
}

// Run enables the person.
func (c *adminEnableCmd) Run(e *env) error {
	return c.say(e, "enabled", "EnableUser", func(tx store.Tx, u directory.User, now time.Time) error {
		return people.SetDisabled(tx, u, false, "operator", now)
	})
}

type adminSignOutCmd struct {
	onUser `embed:""`
}

// Run ends the person's sessions.
func (c *adminSignOutCmd) Run(e *env) error {
	return c.say(e, "signed out everywhere", "SignOutUser", func(tx store.Tx, u directory.User, now time.Time) error {
		return tx.EndSessionsOf(u.ID, now, session.EndedByAdmin)
	})
}
