package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/notify"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// supportCmd is AWS Support's side of the cases: the operator is the staff. None
// of it reads or changes a credential (O-10).
type supportCmd struct {
	List       supportListCmd       `cmd:"" help:"List the cases that are open, the newest first."`
	Show       supportShowCmd       `cmd:"" help:"Print a case with everything that was written."`
	Reply      supportReplyCmd      `cmd:"" help:"Answer a case: in the Support Center, and by mail."`
	Resolve    supportResolveCmd    `cmd:"" help:"Close a case. It is reopened if the customer writes again."`
	Attachment supportAttachmentCmd `cmd:"" help:"Save a file that was attached to a case."`
}

// The notices are what O-09, O-10 and O-13 ask of who answers.
const (
	mostCases         = 200
	mostReply         = 4 * support.MaxBody // bytes
	notSignedInNotice = "Nobody is signed in behind this request, and nothing in it is proved. Answer without telling anything of any account."
	noSecretsReminder = "Never ask for a password, an access key or a card number. Support cannot change credentials."
)

type supportListCmd struct {
	config.Database `embed:""`
	All             bool `help:"The resolved ones too."`
	Limit           int  `help:"How many at most." default:"50"`
}

// Run lists cases, one a line.
func (c *supportListCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		return b.Store.View(e.ctx, func(tx store.Tx) error {
			found, err := tx.SupportCases(c.All, page.Request{Limit: min(max(c.Limit, 1), mostCases)})
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(w, "CASE\tOPENED\tSTATUS\tFROM\tABOUT\tSUBJECT")
			for _, k := range found.Items {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.DisplayID, wireDate(k.CreatedAt), k.Status, from(k), about(k), k.Subject)
			}
			return w.Flush()
		})
	})
}

// onCase is what the other commands have in common.
type onCase struct {
	Case string `arg:"" help:"The case's number, as the list has it, or its id."`
}

type supportShowCmd struct {
	config.Database `embed:""`
	onCase          `embed:""`
}

// Run prints the case.
func (c *supportShowCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		return b.Store.View(e.ctx, func(tx store.Tx) error {
			k, err := support.StaffCase(tx, c.Case)
			if err != nil {
				return err
			}
			said, err := tx.Communications(k.ID, support.Between{}, page.Request{})
			if err != nil {
				return err
			}
			printCase(e.out, k)
			for i := len(said.Items) - 1; i >= 0; i-- {
				printMessage(e.out, said.Items[i])
			}
			_, err = fmt.Fprintln(e.out, "\n"+noSecretsReminder)
			return err
		})
	})
}

func printCase(out io.Writer, k support.Case) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			_, _ = fmt.Fprintf(w, "%s:\t%s\n", name, value)
		}
	}
	row("Case", k.DisplayID)
	row("Id", k.ID)
	row("From", from(k))
	row("Says it is of", k.AccountHint)
	row("About", about(k))
	row("Severity", k.SeverityCode)
	row("Language", k.Language)
	row("Status", string(k.Status))
	row("Copies to", strings.Join(k.CC, ", "))
	row("Subject", k.Subject)
	_ = w.Flush()
	if k.Account == "" {
		_, _ = fmt.Fprintln(out, "\n"+notSignedInNotice)
	}
}

func printMessage(out io.Writer, m support.Communication) {
	_, _ = fmt.Fprintf(out, "\n%s  %s\n", wireDate(m.CreatedAt), m.SubmittedBy)
	for line := range strings.SplitSeq(m.Body, "\n") {
		_, _ = fmt.Fprintln(out, "  | "+line)
	}
	for _, a := range m.Attachments {
		_, _ = fmt.Fprintf(out, "  + %s  %s\n", a.ID, a.FileName)
	}
}

// from is whom the case belongs to.
func from(k support.Case) string {
	if k.Account == "" {
		return k.Email + " (not signed in)"
	}
	return k.Account + " " + k.SubmittedBy
}

func about(k support.Case) string { return strings.TrimPrefix(k.ServiceCode+"/"+k.CategoryCode, "/") }

func wireDate(t time.Time) string { return t.UTC().Format(time.RFC3339) }

type supportReplyCmd struct {
	config.Server `embed:""`
	onCase        `embed:""`
	Text          string `arg:"" optional:"" help:"The answer; standard input if there is none."`
	Resolve       bool   `help:"Close the case with it."`
}

// Run answers. The running server sends the mail.
func (c *supportReplyCmd) Run(e *env) error {
	body := c.Text
	if body == "" {
		raw, err := io.ReadAll(io.LimitReader(os.Stdin, mostReply+1))
		if err != nil {
			return err
		}
		body = string(raw)
	}
	senders := make(notify.Senders)
	if c.MailFrom != "" && c.MailFrom != notify.FromIdentityCenter { // whose default is another mail's
		senders[notify.SupportReply] = c.MailFrom
	}
	return onCaseOf(e, c.Database, "ReplyToSupportCase", c.Case, "answered", func(tx store.Tx, k support.Case, now time.Time) (support.Case, error) {
		k, err := support.Answer(tx, senders, k, body, now)
		if err == nil && c.Resolve {
			k, err = support.Resolve(tx, k, now)
		}
		return k, err
	})
}

type supportResolveCmd struct {
	config.Database `embed:""`
	onCase          `embed:""`
}

// Run closes the case.
func (c *supportResolveCmd) Run(e *env) error {
	return onCaseOf(e, c.Database, "ResolveSupportCase", c.Case, "resolved", func(tx store.Tx, k support.Case, now time.Time) (support.Case, error) {
		return support.Resolve(tx, k, now)
	})
}

// onCaseOf changes a case and leaves an event in the history of its account.
func onCaseOf(e *env, data config.Database, name, ref, done string, do func(store.Tx, support.Case, time.Time) (support.Case, error)) error {
	return withData(e.ctx, data, false, func(b *app.Base) error {
		now := clock.System{}.Now()
		var k support.Case
		ev := &audit.Event{At: now, Source: "sekisho", Name: name, UserName: "operator", Count: 1}
		err := b.Store.Update(e.ctx, ev, func(tx store.Tx) (err error) {
			if k, err = support.StaffCase(tx, ref); err != nil {
				return err
			}
			ev.Account, ev.Resource = k.Account, k.ID
			k, err = do(tx, k, now)
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.out, "Case %s is %s (%s).\n", k.DisplayID, done, k.Status)
		return err
	})
}

type supportAttachmentCmd struct {
	config.Database `embed:""`
	ID              string `arg:"" help:"The attachment's id, as sekisho support show prints it."`
	File            string `arg:"" help:"Where to save it; it must not exist."`
}

// Run saves the file under a name of the operator's choice: the customer's is not
// to be trusted.
func (c *supportAttachmentCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, false, func(b *app.Base) error {
		var a support.Attachment
		err := b.Store.View(e.ctx, func(tx store.Tx) (err error) {
			a, err = tx.Attachment(c.ID)
			return err
		})
		if err != nil {
			return err
		}
		f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		if _, err := f.Write(a.Data); err != nil {
			_ = f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.out, "%q is saved: %d bytes. Customers attach what they like; open it with care.\n", a.FileName, len(a.Data))
		return err
	})
}
