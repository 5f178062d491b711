package main

import (
	"fmt"
	"log/slog"
	"net"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/app"
	"sekisho/internal/config"
	"sekisho/internal/fault"
	"sekisho/internal/store"
	"sekisho/internal/version"
)

type serveCmd struct {
	config.Server `embed:""`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(e *env) error {
	var h slog.Handler = slog.NewTextHandler(e.errOut, nil)
	if c.LogFormat == "json" {
		h = slog.NewJSONHandler(e.errOut, nil)
	}
	s, err := app.New(e.ctx, c.Server, slog.New(h))
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	return s.Run(e.ctx, func(net.Addr) { c.announce(e, s) })
}

// announce says where to go on, and what an operator should know about how safe
// this server is.
func (c *serveCmd) announce(e *env, s *app.Server) {
	var b strings.Builder
	fmt.Fprintf(&b, "Sekisho %s is ready at %s\n", version.Version, s.Map.Base())
	var inst access.Instance
	err := s.Store.View(e.ctx, func(tx store.Tx) (err error) {
		inst, err = access.Home(tx)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound):
		b.WriteString("  There is no Identity Center yet: an organisation file makes one (sekisho org apply).\n")
	case err != nil:
		fmt.Fprintf(&b, "  %v\n", err)
	default:
		fmt.Fprintf(&b, "  Access portal   %s\n", s.Map.StartURL(inst.PortalName()))
		fmt.Fprintf(&b, "  SSO start URL   %s  (region %s)\n", s.Map.StartURL(inst.PortalName()), inst.Region)
	}
	fmt.Fprintf(&b, "  Console         %s\n", s.Map.Console())
	fmt.Fprintf(&b, "  API endpoint    %s\n", s.Map.Base())
	if c.Org != "" {
		fmt.Fprintf(&b, "  Organisation    %s, %d changes applied\n", c.Org, len(s.Changes))
	}
	if c.SignUpClosed() {
		b.WriteString("  Sign-up         closed to visitors\n")
	} else {
		fmt.Fprintf(&b, "  Sign-up         %s\n", s.Map.SignUp())
	}
	if c.Dev {
		fmt.Fprintf(&b, "  Mailbox         %s/_sekisho/dev/mailbox\n", s.Map.Base())
	}
	b.WriteString("  Security: " + c.posture(s) + "\n")
	_, _ = fmt.Fprint(e.out, b.String())
}

func (c *serveCmd) posture(s *app.Server) string {
	var notes []string
	if s.Map.Secure() {
		notes = append(notes, "HTTPS")
	} else {
		notes = append(notes, "plain HTTP, for this machine only")
	}
	if c.Dev {
		notes = append(notes, "DEVELOPER'S SURFACE ON: anybody who reaches this server can read its mail and turn its clock")
	}
	if c.SMTP == "" && !c.Dev {
		notes = append(notes, "no mail server")
	}
	return strings.Join(notes, "; ")
}
