package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/notify"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// The operator reads what was written and answers it: the answer is in the case
// and on its way by mail, and the account's history tells that somebody did
// (O-05, O-09, O-10, O-13).
func TestSupport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := config.Database{Data: dir}
	do := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if status := run(append(args, "--data", dir), &out, &out); status != want {
			t.Errorf("%v: status %d: %s", args, status, out.String())
		}
		return out.String()
	}
	has := func(text string, words ...string) {
		t.Helper()
		for _, s := range words {
			if !strings.Contains(text, s) {
				t.Errorf("%q is not in:\n%s", s, text)
			}
		}
	}
	inStore := func(fn func(store.Tx) error) {
		t.Helper()
		err := withData(t.Context(), data, false, func(b *app.Base) error { return b.Store.Update(t.Context(), nil, fn) })
		if err != nil {
			t.Fatal(err)
		}
	}
	do(0, "org", "apply", "../../examples/demo.yaml")
	has(do(0, "support", "list"), "CASE", "SUBJECT")

	var owned, contact, file string
	now := clock.System{}.Now()
	inStore(func(tx store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		set, err := support.Attach(tx, accounts[0].ID, "", []support.File{{Name: "ログ.txt", Data: []byte("lines")}}, now)
		if err != nil {
			return err
		}
		c, err := support.OpenCase(tx, support.NewCase{
			Account: accounts[0].ID, Subject: "Manual activation", Body: "I can be reached\non Monday.", IssueType: support.CustomerService,
			ServiceCode: "customer-account", CategoryCode: "activation", AttachmentSet: set.ID,
		}, support.Basic, now)
		if err != nil {
			return err
		}
		attached, err := tx.AttachedIn(set.ID)
		if err != nil {
			return err
		}
		owned, file = c.DisplayID, attached[0].ID
		w, err := support.OpenContact(tx, support.Contact{
			Email: "jane@example.com", AccountHint: "my-alias", Topic: support.TopicCredentials, Subject: "Locked out", Text: "Please help.\nNow\u202egnp.",
		}, now.Add(time.Second))
		contact = w.ID
		return err
	})

	has(do(0, "support", "list"), owned, "customer-account/activation", "Manual activation", contact, "jane@example.com (not signed in)")
	has(do(0, "support", "show", owned), "| I can be reached", "| on Monday.", "+ "+file+"  ログ.txt", noSecretsReminder)
	has(do(0, "support", "show", contact), "my-alias", "| Please help.", "| Now\ufffdgnp.", notSignedInNotice)
	has(do(0, "support", "reply", owned, "We will call you."), "is answered (pending-customer-action)")
	has(do(0, "support", "reply", "--resolve", contact, "Use the reset form."), "is answered (resolved)")
	has(do(0, "support", "show", owned), "Amazon Web Services", "| We will call you.", "pending-customer-action")
	if text := do(0, "support", "list"); strings.Contains(text, contact) {
		t.Errorf("a resolved case is listed:\n%s", text)
	}
	has(do(0, "support", "list", "--all"), contact)
	has(do(0, "support", "resolve", owned), "is resolved")
	for _, args := range [][]string{{"show", "1"}, {"reply", "1", "x"}, {"resolve", "1"}} {
		has(do(1, append([]string{"support"}, args...)...), `There is no support case "1"`)
	}
	has(do(1, "support", "reply", owned, strings.Repeat("x", support.MaxBody+1)), "1 to 8000 characters")
	has(do(1, "support", "reply", owned, "a\x1b[8mb"), "control characters")

	saved := filepath.Join(t.TempDir(), "saved")
	has(do(0, "support", "attachment", file, saved), "ログ.txt", "5 bytes")
	if raw, err := os.ReadFile(saved); err != nil || string(raw) != "lines" {
		t.Errorf("saved %q, %v", raw, err)
	}
	do(1, "support", "attachment", file, saved) // which exists
	do(1, "support", "attachment", "x", saved+"2")

	inStore(func(tx store.Tx) error {
		mails, err := tx.Messages(10)
		if err != nil {
			return err
		}
		if len(mails) != 2 || mails[0].To != "jane@example.com" || mails[0].From != (notify.Senders)(nil).From(notify.SupportReply) {
			t.Errorf("mails: %+v", mails)
		}
		c, err := support.StaffCase(tx, owned)
		if err != nil {
			return err
		}
		events, err := tx.Events(store.EventFilter{Account: c.Account, Limit: 10})
		var names []string
		for _, e := range events {
			if e.Resource == c.ID {
				names = append(names, e.Name+" "+e.UserName)
			}
		}
		if strings.Join(names, ", ") != "ResolveSupportCase operator, ReplyToSupportCase operator" {
			t.Errorf("events: %q", names)
		}
		return err
	})
}
