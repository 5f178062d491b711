package support_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/support"
)

const customer = "111122223333"

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

func form() support.Contact {
	return support.Contact{
		Email: "jane@example.com", AccountHint: "my-alias", Topic: support.TopicCannotSignIn, Subject: "サインインできません", Text: "Please help.", Locale: "ja",
	}
}

// Whoever cannot sign in can write all the same (O-06 to O-08, O-14, O-16, M-25).
// That it is kept tells nothing of whether there is such an account.
func TestOpenContact(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for _, topic := range support.Topics {
		c := form()
		c.Topic = topic
		update(t, db, func(tx store.Tx) error {
			opened, err := support.OpenContact(tx, c, now)
			if err != nil {
				return err
			}
			kept, err := support.StaffCase(tx, opened.ID)
			if err != nil {
				return err
			}
			if kept.Account != "" || kept.Email != c.Email || kept.AccountHint != c.AccountHint || kept.CategoryCode != string(topic) ||
				kept.Subject != c.Subject || kept.Language != "ja" || kept.Status != support.Unassigned || !strings.HasPrefix(kept.ID, "contact-2026-") {
				t.Errorf("kept: %+v", kept)
			}
			said, err := tx.Communications(kept.ID, support.Between{}, page.Request{})
			if err == nil && (len(said.Items) != 1 || said.Items[0].Body != c.Text || said.Items[0].SubmittedBy != c.Email) {
				t.Errorf("said: %+v", said)
			}
			return err
		})
	}
	for _, c := range []struct {
		reason string
		change func(*support.Contact)
	}{
		{"contact-email", func(c *support.Contact) { c.Email = "jane" }},
		{"contact-email", func(c *support.Contact) { c.Email = "jane@example.com\nBcc: eve@example.com" }},
		{"contact-account", func(c *support.Contact) { c.AccountHint = strings.Repeat("1", 65) }},
		{"contact-topic", func(c *support.Contact) { c.Topic = "sales" }},
		{"contact-subject", func(c *support.Contact) { c.Subject = " " }},
		{"contact-subject", func(c *support.Contact) { c.Subject = "a\nb" }},
		{"contact-subject", func(c *support.Contact) { c.Subject = "a\u202eb" }},
		{"contact-text", func(c *support.Contact) { c.Text = "" }},
		{"contact-text", func(c *support.Contact) { c.Text = strings.Repeat("語", support.MaxBody+1) }},
		{"contact-text", func(c *support.Contact) { c.Text = "a\x1b[2Jb" }}, // an operator's terminal shows it
		{"", func(c *support.Contact) { c.Text = strings.Repeat("語", support.MaxBody) }},
		{"", func(c *support.Contact) { c.AccountHint, c.Locale = "", "xx" }},
	} {
		in := form()
		c.change(&in)
		err := db.Update(t.Context(), nil, func(tx store.Tx) error { _, err := support.OpenContact(tx, in, now); return err })
		if fault.ReasonOf(err) != c.reason || c.reason != "" && !fault.Is(err, fault.Invalid) {
			t.Errorf("%.80q: %v, want %s", in, err, c.reason)
		}
	}
}

// An answer goes to whom the case belongs and whom that asked to copy, each once,
// in the case's language; it warns of secrets and tells what support cannot do
// (O-09, O-10, O-13).
func TestAnswer(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	var owned, contact support.Case
	update(t, db, func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: customer, Name: "Example", Email: "old@example.com", Status: account.Suspended, CreatedAt: now}); err != nil {
			return err
		}
		var err error
		owned, err = support.OpenCase(tx, support.NewCase{
			Account: customer, Subject: strings.Repeat("長", 256), Body: "b", IssueType: support.CustomerService, ServiceCode: "billing", CategoryCode: "payment-issue",
			CC: []string{"cc@example.com", "New@example.com"},
		}, support.Basic, now)
		if err != nil {
			return err
		}
		if err := tx.PutAccount(account.Account{ID: customer, Name: "Example", Email: "new@example.com", Status: account.Suspended, CreatedAt: now}); err != nil {
			return err
		}
		opened, err := support.OpenContact(tx, form(), now.Add(time.Second))
		if err != nil {
			return err
		}
		contact, err = support.StaffCase(tx, opened.ID)
		return err
	})
	for _, c := range []struct {
		name string
		of   support.Case
		to   []string
		has  []string
		not  string
	}{
		{"a case", owned, []string{"cc@example.com", "new@example.com"}, // of the account as it is now
			[]string{"AWS Support has answered case " + owned.DisplayID + " of the AWS account " + customer, "the answer", "sensitive information, such as credit card numbers", "cannot view, provide or change the credentials", "Support Center"}, "old@"},
		{"a contact", contact, []string{"jane@example.com"},
			[]string{contact.DisplayID, "the answer", "クレジットカード番号", "認証情報を閲覧、提供、変更することはできません", "お問い合わせフォーム"}, "my-alias"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var mails []notify.Message
			update(t, db, func(tx store.Tx) error {
				if err := tx.DeleteMessages(); err != nil {
					return err
				}
				got, err := support.Answer(tx, notify.Senders{notify.SupportReply: "help@signin.aws"}, c.of, " the answer\r\n", now.Add(time.Minute))
				if err == nil && got.Status != support.PendingCustomerAction {
					t.Errorf("status %s", got.Status)
				}
				if err == nil {
					mails, err = tx.Messages(10)
				}
				return err
			})
			var to []string
			for _, m := range mails {
				to = append(to, m.To)
				for _, s := range c.has {
					if !strings.Contains(m.Text, s) {
						t.Errorf("the mail lacks %q:\n%s", s, m.Text)
					}
				}
				if strings.Contains(m.Text, c.not) || m.From != "help@signin.aws" || !strings.Contains(m.Subject, c.of.DisplayID) {
					t.Errorf("the mail: %+v", m)
				}
			}
			if slices.Sort(to); !slices.Equal(to, c.to) {
				t.Errorf("to %q, want %q", to, c.to)
			}
		})
	}
	err := db.Update(t.Context(), nil, func(tx store.Tx) error { _, err := support.Answer(tx, nil, owned, " ", now); return err })
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty answer: %v", err)
	}
	if err := db.View(t.Context(), func(tx store.Tx) error { _, err := support.StaffCase(tx, "0"); return err }); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such case: %v", err)
	}
}

// A case does not grow without end.
func TestCommunicationLimit(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	update(t, db, func(tx store.Tx) error {
		opened, err := support.OpenContact(tx, form(), now)
		if err != nil {
			return err
		}
		c, err := support.StaffCase(tx, opened.ID)
		for i := 1; err == nil; i++ {
			if _, err = support.Answer(tx, nil, c, "x", now.Add(time.Duration(i)*time.Second)); i == 500 {
				break
			}
		}
		if fault.ReasonOf(err) != "communications" {
			t.Errorf("communication 501: %v", err)
		}
		return nil
	})
}

// Every code is there once, every category has a name, and every language a mail
// to write with or English.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range support.Services {
		if seen[s.Code] || s.Name.In("ja") == "" || len(s.Categories) == 0 {
			t.Errorf("service %+v", s)
		}
		seen[s.Code] = true
		for _, c := range s.Categories {
			if err := support.Classified(s.IssueType, s.Code, c.Code); err != nil || c.Name.Japanese == "" || c.Name.In("ko") != c.Name.English {
				t.Errorf("category %+v: %v", c, err)
			}
		}
	}
}
