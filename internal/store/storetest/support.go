package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

func testCase(n int, account string) support.Case {
	return support.Case{
		ID: fmt.Sprintf("case-%d", n), DisplayID: fmt.Sprintf("17000000000%05d", n), Account: account, Subject: "件名", IssueType: support.CustomerService,
		ServiceCode: "customer-account", CategoryCode: "activation", SeverityCode: "low", Language: "ja", Status: support.Unassigned,
		SubmittedBy: "root@example.com", CreatedAt: now.Add(time.Duration(n) * time.Minute), UpdatedAt: now.Add(time.Duration(n) * time.Minute),
	}
}

// testSupportCases: cases come back as they were put, each account lists its own,
// the newest first, and what nobody signed in for is in no account's list (O-09).
func testSupportCases(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	contact := testCase(4, "")
	contact.AccountHint, contact.Email, contact.CC = "my-alias", "jane@example.com", []string{"a@example.com"}
	first, second, others := testCase(1, contactsOf), testCase(2, contactsOf), testCase(3, contactsToo)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutSupportCase(first), tx.PutSupportCase(second), tx.PutSupportCase(others), tx.PutSupportCase(contact))
	})
	first.Status, first.Language, first.UpdatedAt = support.Resolved, "en", now.Add(time.Hour)
	update(t, db, func(tx store.Tx) error { return tx.PutSupportCase(first) })

	ids := func(p page.Page[support.Case]) (s string) {
		for _, c := range p.Items {
			s += c.ID + " "
		}
		return s
	}
	view(t, db, func(tx store.Tx) error {
		for _, want := range []support.Case{first, second, others, contact} {
			byID, err := tx.SupportCase(want.ID)
			byNumber, err2 := tx.SupportCaseByDisplayID(want.DisplayID)
			equal(t, want.ID, byID, want)
			equal(t, want.ID+" by number", byNumber, want)
			if err := do(err, err2); err != nil {
				return err
			}
		}
		for _, c := range []struct {
			filter support.CaseFilter
			want   string
		}{
			{support.CaseFilter{}, "case-2 "},
			{support.CaseFilter{Resolved: true}, "case-2 case-1 "},
			{support.CaseFilter{Resolved: true, Language: "en"}, "case-1 "},
			{support.CaseFilter{Resolved: true, Between: support.Between{After: first.CreatedAt}}, "case-2 "},
			{support.CaseFilter{Resolved: true, Between: support.Between{Before: second.CreatedAt}}, "case-1 "},
		} {
			got, err := tx.SupportCasesOf(contactsOf, c.filter, page.Request{})
			if err != nil {
				return err
			}
			equal(t, fmt.Sprintf("%+v", c.filter), ids(got), c.want)
		}
		nobody, err := tx.SupportCasesOf("", support.CaseFilter{Resolved: true}, page.Request{})
		equal(t, "the cases of no account", len(nobody.Items), 0)
		n, err2 := tx.SupportCaseCount(contactsOf, first.CreatedAt)
		equal(t, "cases since the first", n, 1)
		return do(err, err2)
	})
	view(t, db, func(tx store.Tx) error {
		var seen string
		for p := (page.Request{Limit: 1}); ; {
			got, err := tx.SupportCases(true, p)
			if err != nil {
				return err
			}
			seen += ids(got)
			if p.After = got.Next; p.After == "" {
				break
			}
		}
		equal(t, "all cases by ones", seen, "case-4 case-3 case-2 case-1 ")
		open, err := tx.SupportCases(false, page.Request{})
		equal(t, "open cases", ids(open), "case-4 case-3 case-2 ")
		return err
	})

	message := func(n int, attached ...support.Attached) support.Communication {
		return support.Communication{ID: fmt.Sprintf("%016d", n), CaseID: first.ID, Body: fmt.Sprintf("本文 %d", n), SubmittedBy: "jane (User) <root@example.com>",
			CreatedAt: now.Add(time.Duration(n) * time.Second), Attachments: attached}
	}
	one, two := message(1), message(2, support.Attached{ID: "attachment-1", FileName: "図.png"})
	update(t, db, func(tx store.Tx) error { return do(tx.PutCommunication(one), tx.PutCommunication(two)) })
	view(t, db, func(tx store.Tx) error {
		latest, err := tx.Communications(first.ID, support.Between{}, page.Request{Limit: 1})
		equal(t, "the latest message", latest, page.Page[support.Communication]{Items: []support.Communication{two}, Next: two.ID})
		earlier, err2 := tx.Communications(first.ID, support.Between{}, page.Request{Limit: 1, After: latest.Next})
		equal(t, "the one before", earlier.Items, []support.Communication{one})
		later, err3 := tx.Communications(first.ID, support.Between{After: one.CreatedAt}, page.Request{})
		equal(t, "messages after the first", later.Items, []support.Communication{two})
		n, err4 := tx.CommunicationCount(first.ID)
		equal(t, "messages", n, 2)
		return do(err, err2, err3, err4)
	})
	lost := message(3)
	lost.CaseID = "case-0"
	for what, write := range map[string]func(store.Tx) error{
		"a case of no account":   func(tx store.Tx) error { return tx.PutSupportCase(testCase(9, contactsNot)) },
		"a message of no case":   func(tx store.Tx) error { return tx.PutCommunication(lost) },
		"a result of no account": func(tx store.Tx) error { return tx.PutCheckResult(contactsNot, "x", support.Result{}) },
		"looking for a case":     func(tx store.Tx) error { _, err := tx.SupportCase("case-0"); return err },
		"looking for a number":   func(tx store.Tx) error { _, err := tx.SupportCaseByDisplayID("0"); return err },
		"looking for a result":   func(tx store.Tx) error { _, err := tx.CheckResult(contactsOf, "x"); return err },
		"looking for a set":      func(tx store.Tx) error { _, err := tx.AttachmentSet("as-0"); return err },
		"looking for a file":     func(tx store.Tx) error { _, err := tx.Attachment("attachment-0"); return err },
		"attaching to no set": func(tx store.Tx) error {
			return tx.PutAttachment(support.Attachment{ID: "a", Set: "as-0", KeptUntil: now})
		},
		"a set of no account": func(tx store.Tx) error {
			return tx.PutAttachmentSet(support.AttachmentSet{ID: "as-0", Account: contactsNot})
		},
		"the result of the other": func(tx store.Tx) error { _, err := tx.CheckResult(contactsToo, "y"); return err },
	} {
		refused(t, what, db.Update(t.Context(), nil, write), fault.NotFound, "")
	}

	result := support.Result{Status: support.CheckWarning, At: now, Processed: 2, FlaggedCount: 1,
		Flagged: []support.Flagged{{ID: "AKIA", Status: support.CheckWarning, Metadata: []string{"a", "b"}}}}
	for _, r := range []support.Result{{Status: support.CheckOK, At: now}, result} { // the second replaces the first
		update(t, db, func(tx store.Tx) error { return tx.PutCheckResult(contactsOf, "y", r) })
		equal(t, "result", get(t, db, func(tx store.Tx) (support.Result, error) { return tx.CheckResult(contactsOf, "y") }), r)
	}
}

// testSupportAttachments: files come back as they were put, in their order, and
// stay as long as they are said to.
func testSupportAttachments(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	set := support.AttachmentSet{ID: "as-1", Account: contactsOf, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	file := func(id string) support.Attachment {
		return support.Attachment{ID: id, Set: set.ID, FileName: "ログ.txt", Data: []byte{0, 1, 2, 0xff}, KeptUntil: set.ExpiresAt}
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAttachmentSet(set), tx.PutAttachment(file("attachment-2")), tx.PutAttachment(file("attachment-1")))
	})
	set.CaseID = "case-1"
	until := now.Add(support.Kept)
	update(t, db, func(tx store.Tx) error { return do(tx.PutAttachmentSet(set), tx.KeepAttachments(set.ID, until)) })
	view(t, db, func(tx store.Tx) error {
		got, err := tx.AttachmentSet(set.ID)
		equal(t, "set", got, set)
		a, err2 := tx.Attachment("attachment-1")
		want := file("attachment-1")
		want.KeptUntil = until
		equal(t, "file", a, want)
		names, err3 := tx.AttachedIn(set.ID)
		equal(t, "files", names, []support.Attached{{ID: "attachment-1", FileName: "ログ.txt"}, {ID: "attachment-2", FileName: "ログ.txt"}})
		n, err4 := tx.AttachmentSetCount(contactsOf, now.Add(-time.Second))
		none, err5 := tx.AttachmentSetCount(contactsOf, now)
		equal(t, "sets", []int{n, none}, []int{1, 0})
		bytes, err6 := tx.AttachedBytes(contactsOf, until.Add(-time.Second))
		if bytes < 8 || bytes > 8+2*128 {
			t.Errorf("two files of 4 bytes take %d", bytes)
		}
		for account, at := range map[string]time.Time{contactsOf: until, contactsNot: now} {
			if n, err := tx.AttachedBytes(account, at); n != 0 || err != nil {
				t.Errorf("the files of %s take %d at %s: %v", account, n, at, err)
			}
		}
		return do(err, err2, err3, err4, err5, err6)
	})
}

// testSupportExpires: a message, a file and then what they hang on are forgotten
// when nobody can see them any longer, not before.
func testSupportExpires(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	c := testCase(0, contactsOf)
	c.UpdatedAt = now.Add(24 * time.Hour)
	set := support.AttachmentSet{ID: "as-1", Account: contactsOf, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutSupportCase(c), tx.PutCommunication(support.Communication{ID: "1", CaseID: c.ID, Body: "x", CreatedAt: now}), tx.PutAttachmentSet(set),
			tx.PutAttachment(support.Attachment{ID: "attachment-1", Set: set.ID, FileName: "f", Data: []byte("x"), KeptUntil: set.ExpiresAt}))
	})
	// left is how many messages, files, sets and cases there are.
	left := func() (n [4]int) {
		view(t, db, func(tx store.Tx) (err error) {
			n[0], err = tx.CommunicationCount(c.ID)
			count := func(i int, err error) {
				if err == nil {
					n[i]++
				}
			}
			count(1, second(tx.Attachment("attachment-1")))
			count(2, second(tx.AttachmentSet(set.ID)))
			count(3, second(tx.SupportCase(c.ID)))
			return err
		})
		return n
	}
	for _, at := range []struct {
		at   time.Time
		want [4]int
	}{
		{set.ExpiresAt, [4]int{1, 1, 1, 1}},
		{set.ExpiresAt.Add(time.Second), [4]int{1, 0, 1, 1}},
		{set.ExpiresAt.Add(25 * time.Hour), [4]int{1, 0, 0, 1}},
		{now.Add(support.Kept), [4]int{1, 0, 0, 1}},
		{now.Add(support.Kept + time.Second), [4]int{0, 0, 0, 1}},
		{c.UpdatedAt.Add(support.Kept + time.Second), [4]int{}},
	} {
		update(t, db, func(tx store.Tx) error { _, err := tx.Expire(at.at, 100); return err })
		equal(t, fmt.Sprintf("left at %s", at.at), left(), at.want)
	}
}
