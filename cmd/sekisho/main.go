// Command sekisho is the AWS sign-in that you run yourself.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"sekisho/internal/config"
	"sekisho/internal/nearest"
	"sekisho/internal/version"
)

// commands is every sub-command there is.
type commands struct {
	Config configFile `help:"YAML file with a key for each flag." env:"SEKISHO_CONFIG" placeholder:"FILE"`

	Serve    serveCmd    `cmd:"" help:"Run the server."`
	Org      orgCmd      `cmd:"" help:"The organisation as a file."`
	Admin    adminCmd    `cmd:"" help:"Break-glass recovery on the host."`
	Support  supportCmd  `cmd:"" help:"Cases that people opened, answered on the host."`
	Policy   policyCmd   `cmd:"" help:"Policy documents and decisions."`
	Policies policiesCmd `cmd:"" help:"AWS managed policies."`
	Keys     keysCmd     `cmd:"" help:"The data keys."`
	Backup   backupCmd   `cmd:"" help:"Copy the SQLite database and the master key while the server runs."`
	Restore  restoreCmd  `cmd:"" help:"Make a data directory from a backup."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this version's schema."`
	Doctor   doctorCmd   `cmd:"" help:"Check that the data, the keys and the settings fit together."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// configFile loads itself as a source of flag values.
type configFile string

// BeforeResolve is called by kong when the flag has been read.
func (c configFile) BeforeResolve(k *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	path := string(ctx.FlagValue(trace.Flag).(configFile)) //nolint:forcetypeassert // the flag's own type
	if path == "" {
		return nil
	}
	f, err := config.LoadFile(path)
	if err != nil {
		return err
	}
	if err := f.Validate(k.Model); err != nil {
		return err
	}
	ctx.AddResolver(f)
	return nil
}

// env is what commands use of the world.
type env struct {
	ctx    context.Context //nolint:containedctx // the program's own, for the commands
	out    io.Writer       // for people to read: what could play tricks on a terminal is replaced
	exact  io.Writer       // the same, as it is: for documents
	errOut io.Writer
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main with everything explicit. It returns the exit status: 0, 1 for a
// failure, 2 for a command line, variable or file that cannot be right.
func run(args []string, out, errOut io.Writer) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("sekisho"), kong.Writers(out, errOut), kong.UsageOnError(),
		kong.Description("The AWS sign-in that you run yourself."), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err) // the struct above is wrong
	}
	if err := config.CheckEnvironment(os.Environ(), parser.Model); err != nil {
		return usage(errOut, err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return usage(errOut, withHint(err, parser.Model))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := k.Run(&env{ctx: ctx, out: harmless(out), exact: out, errOut: errOut}); err != nil {
		_, _ = fmt.Fprintln(harmless(errOut), "sekisho:", err)
		return 1
	}
	return 0
}

func usage(errOut io.Writer, err error) int {
	_, _ = fmt.Fprintf(errOut, "sekisho: %v\nSee sekisho --help.\n", err)
	return 2
}

// withHint adds the nearest flag to the error about an unknown one.
func withHint(err error, app *kong.Application) error {
	const unknown = "unknown flag --"
	if !strings.HasPrefix(err.Error(), unknown) || strings.Contains(err.Error(), "did you mean") {
		return err
	}
	var known []string
	_ = kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if f, ok := n.(*kong.Flag); ok {
			known = append(known, f.Name)
		}
		return next(nil)
	})
	name, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), unknown), "=")
	return errors.New(err.Error() + strings.ReplaceAll(nearest.Hint(name, known), `"`, ""))
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintln(e.out, "sekisho", version.Version)
	return err
}
