package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/store"
)

// testEventHistory: an account's events are found by each attribute, within the
// time that was asked for, newest first by when they were and not by when they were
// written, each once over all pages; and no other account's are.
func testEventHistory(t *testing.T, db store.DB) {
	const mine, other = "111122223333", "444455556666"
	var all []audit.Event // newest first
	update(t, db, func(tx store.Tx) error {
		all = nil
		for i := range 12 {
			e := &audit.Event{
				At: now.Add(time.Duration(i/2) * time.Second), Account: mine, Name: []string{"CreateUser", "ListUsers", "ConsoleLogin"}[i%3],
				Source: []string{"iam.amazonaws.com", "iam.amazonaws.com", "signin.amazonaws.com"}[i%3], ReadOnly: i%3 == 1,
				UserName: []string{"jane", ""}[i%2], AccessKeyID: []string{"", "AKIA1", "AKIA2"}[i%3],
				Identity: audit.Identity{Type: audit.TypeIAMUser, ID: "AIDA1", CreatedAt: int64(i), MFA: i%2 == 0}, ErrorMessage: "no",
			}
			if i%3 == 0 {
				e.Resource = fmt.Sprintf("arn:aws:iam::%s:user/division/u%d", mine, i%2)
			}
			theirs := *e
			theirs.Account = []string{other, ""}[i%2]
			if err := do(tx.AppendEvent(e), tx.AppendEvent(&theirs)); err != nil {
				return err
			}
			if e.Count != 1 {
				return fmt.Errorf("an event of %d", e.Count)
			}
			all = append(all, *e)
		}
		return nil
	})
	for i := range all {
		all[i].MarkRecorded()
	}
	// Late is written last, and was first.
	late := audit.Event{At: now.Add(-time.Minute), Account: mine, Name: "CreateUser", Source: "iam.amazonaws.com"}
	update(t, db, func(tx store.Tx) error { return tx.AppendEvent(&late) })
	late.MarkRecorded()
	all = append([]audit.Event{late}, all...)
	slices.Reverse(all)
	read := func(f store.HistoryFilter) []audit.Event {
		f.Account = mine
		if f.To.IsZero() {
			f.From, f.To = now.Add(-time.Hour), now.Add(time.Hour)
		}
		return get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.EventHistory(f) })
	}
	equal(t, "whole", read(store.HistoryFilter{}), all)
	for _, c := range []struct {
		filter store.HistoryFilter
		want   func(e *audit.Event) bool
		n      int
	}{
		{store.HistoryFilter{By: store.ByEventName, Value: "CreateUser"}, func(e *audit.Event) bool { return e.Name == "CreateUser" }, 5},
		{store.HistoryFilter{By: store.ByEventSource, Value: "signin.amazonaws.com"}, func(e *audit.Event) bool { return e.Name == "ConsoleLogin" }, 4},
		{store.HistoryFilter{By: store.ByReadOnly, Value: "true"}, func(e *audit.Event) bool { return e.ReadOnly }, 4},
		{store.HistoryFilter{By: store.ByReadOnly, Value: "false"}, func(e *audit.Event) bool { return !e.ReadOnly }, 9},
		{store.HistoryFilter{By: store.ByReadOnly, Value: "yes"}, nil, 0},
		{store.HistoryFilter{By: store.ByUserName, Value: "jane"}, func(e *audit.Event) bool { return e.UserName == "jane" }, 6},
		{store.HistoryFilter{By: store.ByUserName}, nil, 0},
		{store.HistoryFilter{By: store.ByUserName, Value: "' OR 1=1 --"}, nil, 0},
		{store.HistoryFilter{By: store.ByAccessKeyID, Value: "AKIA2"}, func(e *audit.Event) bool { return e.AccessKeyID == "AKIA2" }, 4},
		{store.HistoryFilter{By: store.ByResource, Value: "arn:aws:iam::111122223333:user/division/u1"}, func(e *audit.Event) bool { return e.Resource != "" && e.Resource[len(e.Resource)-1] == '1' }, 2},
		{store.HistoryFilter{By: store.ByResourceName, Value: "u0"}, func(e *audit.Event) bool { return e.Resource != "" && e.Resource[len(e.Resource)-1] == '0' }, 2},
		{store.HistoryFilter{By: store.ByResourceType, Value: "AWS::IAM::User"}, func(e *audit.Event) bool { return e.Resource != "" }, 4},
		{store.HistoryFilter{By: store.ByEventID, Value: all[3].ID}, func(e *audit.Event) bool { return e.ID == all[3].ID }, 1},
		{store.HistoryFilter{From: now.Add(time.Second), To: now.Add(2 * time.Second)}, func(e *audit.Event) bool {
			return !e.At.Before(now.Add(time.Second)) && !e.At.After(now.Add(2*time.Second))
		}, 4},
		{store.HistoryFilter{By: store.ByEventName, Value: "CreateUser", From: now, To: now.Add(time.Second)}, func(e *audit.Event) bool {
			return e.Name == "CreateUser" && e.ID != late.ID && !e.At.After(now.Add(time.Second))
		}, 2},
	} {
		var want []audit.Event
		for i := range all {
			if c.want != nil && c.want(&all[i]) {
				want = append(want, all[i])
			}
		}
		if len(want) != c.n {
			t.Errorf("%+v: the test expects %d", c.filter, len(want))
		}
		name := fmt.Sprintf("%+v", c.filter)
		equal(t, name, read(c.filter), want)
		for size := 1; size <= 3; size++ {
			var pages []audit.Event
			f := c.filter
			for f.Limit = size; ; {
				p := read(f)
				if pages = append(pages, p...); len(p) < size {
					break
				}
				last := p[len(p)-1]
				f.BeforeAt, f.BeforeID = last.At, last.ID
			}
			equal(t, fmt.Sprintf("%s by %d", name, size), pages, want)
		}
	}
	root := audit.Event{At: now, Account: "777788889999", Name: "ConsoleLogin", Identity: audit.RootIdentity("777788889999", true)}
	update(t, db, func(tx store.Tx) error { return tx.AppendEvent(&root) })
	named := store.HistoryFilter{Account: root.Account, By: store.ByUserName, Value: "root", From: now, To: now}
	if got := get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.EventHistory(named) }); len(got) != 1 {
		t.Errorf("the root user's sign-in is not found by name: %+v", got)
	}
	f := store.HistoryFilter{Account: mine, By: "Colour", Value: "red"}
	if err := db.View(t.Context(), func(tx store.Tx) error { _, err := tx.EventHistory(f); return err }); err == nil {
		t.Error("events have a colour")
	}
	for _, account := range []string{"", "999999999999"} {
		f := store.HistoryFilter{Account: account, From: now.Add(-time.Hour), To: now.Add(time.Hour)}
		if got := get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.EventHistory(f) }); len(got) != 0 {
			t.Errorf("the history of %q has %d events", account, len(got))
		}
	}
}
