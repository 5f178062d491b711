package main

import (
	"fmt"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

type adminCmd struct {
	OneTimePassword adminPasswordCmd `cmd:"" help:"Give an Identity Center user a one-time password, to be changed at the next sign-in."`
	DisableUser     adminDisableCmd  `cmd:"" help:"Disable an Identity Center user and end all that came of the user's sign-ins."`
	EnableUser      adminEnableCmd   `cmd:"" help:"Enable an Identity Center user again."`
	SignOutUser     adminSignOutCmd  `cmd:"" help:"End all sessions of an Identity Center user."`
}

// onUser is what these commands have in common: one person, one transaction.
type onUser struct {
	config.Database `embed:""`
	UserName        string `arg:"" name:"user-name" help:"User name in the Identity Center directory."`
}

func (c *onUser) update(e *env, name string, do func(tx store.Tx, u directory.User, now time.Time) error) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		now := clock.System{}.Now()
		ev := &audit.Event{At: now, Source: "sekisho", Name: name, UserName: "operator", Resource: c.UserName, Count: 1}
		return b.Store.Update(e.ctx, ev, func(tx store.Tx) error {
			u, err := tx.UserByName(c.UserName)
			if err != nil {
				return err
			}
			return do(tx, u, now)
		})
	})
}

type adminPasswordCmd struct {
	onUser `embed:""`
}

// Run prints the password: it is shown once and stored only as a hash (N-15).
func (c *adminPasswordCmd) Run(e *env) error {
	password := credential.NewOneTimePassword()
	hash, err := (&credential.Hasher{}).Hash(e.ctx, password)
	if err != nil {
		return err
	}
	err = c.update(e, "CreateOneTimePassword", func(tx store.Tx, u directory.User, now time.Time) error {
		owner := credential.Owner{Kind: credential.DirectoryUser, ID: u.ID}
		if err := credential.SetPassword(tx, owner, hash, true, now); err != nil {
			return err
		}
		return tx.EndSessionsOf(u.ID, now, session.PasswordChanged)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "One-time password of %s: %s\nIt must be changed at the next sign-in.\n", c.UserName, password.Reveal())
	return err
}

type adminDisableCmd struct {
	onUser `embed:""`
}

// Run disables the person.
func (c *adminDisableCmd) Run(e *env) error {
	return c.update(e, "DisableUser", func(tx store.Tx, u directory.User, now time.Time) error {
		u.Disabled, u.UpdatedAt = true, now
		if err := tx.PutUser(u); err != nil {
			return err
		}
		return tx.EndSessionsOf(u.ID, now, session.UserDisabled)
	})
}

type adminEnableCmd struct {
	onUser `embed:""`
}

// Run enables the person.
func (c *adminEnableCmd) Run(e *env) error {
	return c.update(e, "EnableUser", func(tx store.Tx, u directory.User, now time.Time) error {
		u.Disabled, u.UpdatedAt = false, now
		return tx.PutUser(u)
	})
}

type adminSignOutCmd struct {
	onUser `embed:""`
}

// Run ends the person's sessions.
func (c *adminSignOutCmd) Run(e *env) error {
	return c.update(e, "SignOutUser", func(tx store.Tx, u directory.User, now time.Time) error {
		return tx.EndSessionsOf(u.ID, now, session.EndedByAdmin)
	})
}
