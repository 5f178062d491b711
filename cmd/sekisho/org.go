package main

import (
	"context"
	"errors"
	"fmt"

	"sekisho/internal/app"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/credential"
	"sekisho/internal/orgfile"
)

type orgCmd struct {
	Apply    orgApplyCmd    `cmd:"" help:"Make the database say what the file says; prints what changes."`
	Export   orgExportCmd   `cmd:"" help:"Print the organisation as a file."`
	Validate orgValidateCmd `cmd:"" help:"Check a file without touching any data."`
}

type orgApplyCmd struct {
	config.Database `embed:""`
	File            string `arg:"" help:"Organisation file; - is standard input."`
}

// Run applies the file. A server that runs on the same data follows at once.
func (c *orgApplyCmd) Run(e *env) error {
	f, err := orgfile.Read(c.File)
	if err != nil {
		return err
	}
	return withData(e.ctx, c.Database, true, func(b *app.Base) error {
		a := &orgfile.Applier{Store: b.Store, Hash: (&credential.Hasher{}).Hash}
		changes, err := a.Apply(e.ctx, f, clock.System{}.Now())
		if err != nil {
			return err
		}
		warn(e, f)
		for _, ch := range changes {
			_, _ = fmt.Fprintln(e.out, ch)
		}
		_, err = fmt.Fprintf(e.out, "%d changes\n", len(changes))
		return err
	})
}

type orgExportCmd struct {
	config.Database   `embed:""`
	ManagementAccount string `help:"Which organisation, by the id of its management account; needed if there are several." placeholder:"ID"`
}

// Run prints the organisation, without secrets.
func (c *orgExportCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		f, err := orgfile.Export(e.ctx, b.Store, c.ManagementAccount)
		if err != nil {
			return err
		}
		raw, err := f.Marshal()
		if err != nil {
			return err
		}
		_, err = e.exact.Write(raw)
		return err
	})
}

type orgValidateCmd struct {
	File string `arg:"" help:"Organisation file; - is standard input."`
}

// Run checks the file.
func (c *orgValidateCmd) Run(e *env) error {
	f, err := orgfile.Read(c.File)
	if err != nil {
		return err
	}
	warn(e, f)
	for _, s := range f.NotApplied() {
		_, _ = fmt.Fprintf(e.out, "not applied by this version: %s\n", s)
	}
	_, err = fmt.Fprintf(e.out, "%s is valid\n", c.File)
	return err
}

// warn prints what is probably not meant.
func warn(e *env, f *orgfile.File) {
	for _, s := range f.Warnings() {
		_, _ = fmt.Fprintf(e.out, "warning: %s\n", s)
	}
}

// withData opens the data for one command.
func withData(ctx context.Context, c config.Database, fresh bool, do func(*app.Base) error) error {
	b, err := app.Open(ctx, c, clock.System{}, fresh)
	if err != nil {
		return err
	}
	return errors.Join(do(b), b.Close())
}
