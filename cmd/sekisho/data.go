package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sekisho/internal/access"
	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

type keysCmd struct {
	Rotate keysRotateCmd `cmd:"" help:"Add a new data key. Running servers seal with it within a second; what older keys sealed stays good."`
}

type keysRotateCmd struct {
	config.Database `embed:""`
}

// Run adds a data key.
func (c *keysRotateCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		now := clock.System{}.Now()
		ev := &audit.Event{At: now, Source: "sekisho", Name: "RotateDataKey", UserName: "operator", Count: 1}
		err := b.Store.Update(e.ctx, ev, func(tx store.Tx) error { return b.Ring.Rotate(tx, now) })
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.out, "A new data key is in use.")
		return err
	})
}

type backupCmd struct {
	config.Database `embed:""`
	To              string `arg:"" help:"Directory to make; it must not exist."`
}

// Run copies the database in one consistent state, and the master key without
// which it cannot be read.
func (c *backupCmd) Run(e *env) error {
	sql, err := c.SQL()
	if err != nil {
		return err
	}
	if sql.URL != "" {
		return errors.New("back up PostgreSQL with its own tools (pg_dump), and keep the master key beside the dump")
	}
	if err := os.Mkdir(c.To, 0o700); err != nil {
		return err
	}
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		if err := b.Store.Backup(e.ctx, filepath.Join(c.To, "sekisho.db")); err != nil {
			return err
		}
		key, err := os.ReadFile(c.KeyFile())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(c.To, "master.key"), key, 0o600); err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.out, "Backed up to %s. Start from it with --data %s.\n", c.To, c.To)
		return err
	})
}

type restoreCmd struct {
	config.Database `embed:""`
	From            string `arg:"" help:"Directory that sekisho backup made."`
}

// Run copies a backup into a data directory that has no database yet, and opens
// it: what cannot be opened is not left behind.
func (c *restoreCmd) Run(e *env) error {
	sql, err := c.SQL()
	if err != nil {
		return err
	}
	if sql.URL != "" {
		return errors.New("restore PostgreSQL with its own tools (pg_restore), and put the master key beside it")
	}
	for _, path := range []string{sql.Path, c.KeyFile()} {
		if _, err := os.Stat(path); err == nil {
			return fmt.Errorf("%s is there already: restore into an empty --data directory", path)
		}
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	copied := map[string]string{filepath.Join(c.From, "sekisho.db"): sql.Path, filepath.Join(c.From, "master.key"): c.KeyFile()}
	err = c.restore(e, copied)
	if err != nil {
		for _, path := range copied {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

func (c *restoreCmd) restore(e *env, copied map[string]string) error {
	for from, to := range copied {
		if err := copyFile(from, to); err != nil {
			return err
		}
	}
	return withData(e.ctx, c.Database, false, func(*app.Base) error {
		_, err := fmt.Fprintf(e.out, "Restored %s into %s.\n", c.From, c.Data)
		return err
	})
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

type migrateCmd struct {
	config.Database `embed:""`
}

// Run opens the data, which migrates it.
func (c *migrateCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, true, func(*app.Base) error {
		_, err := fmt.Fprintln(e.out, "The database has this version's schema.")
		return err
	})
}

type doctorCmd struct {
	config.Server `embed:""`
}

// Run looks at everything that can be wrong before a server starts.
func (c *doctorCmd) Run(e *env) error {
	public, err := c.Public()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(e.out, "ok  addresses: browsers will use %s\n", public)
	if c.SMTP == "" {
		_, _ = fmt.Fprintln(e.out, "!!  mail: no server is configured (--smtp); nobody can reset a password, and root users are asked for no mailed code")
	} else {
		_, _ = fmt.Fprintln(e.out, "ok  mail: a server is configured")
	}
	if c.TelephonyURL == "" {
		_, _ = fmt.Fprintln(e.out, "!!  telephone: no gateway is configured (--telephony-url); nobody can sign up or get around a lost second factor")
	} else {
		_, _ = fmt.Fprintln(e.out, "ok  telephone: a gateway is configured")
	}
	if c.SignUpClosed() {
		_, _ = fmt.Fprintln(e.out, "ok  sign-up: closed to visitors")
	} else {
		_, _ = fmt.Fprintln(e.out, "ok  sign-up: open to every visitor (--signup closed if they are not to open accounts)")
	}
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		_, _ = fmt.Fprintln(e.out, "ok  database and keys fit together")
		return b.Store.View(e.ctx, func(tx store.Tx) error {
			inst, err := access.Home(tx)
			if fault.Is(err, fault.NotFound) {
				_, _ = fmt.Fprintln(e.out, "!!  identity center: none; apply an organisation file")
				return nil
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(e.out, "ok  identity center: %s in %s\n", inst.DirectoryID, inst.Region)
			return err
		})
	})
}
