package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/account"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// The root user makes a second access key in the console without disabling the
// first, deletes the one that was lost, and the owner is told of each that is made
// (B-35, N-25). The console has no key of its own to show.
func TestRootAccessKeysInTheConsole(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir()))
	run(t, s)
	const owner = "555566667777"
	var cookie string
	update(t, s, func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: owner, Name: "Lone", Email: "lone@example.com", Status: account.Active, CreatedAt: time.Now()}); err != nil {
			return err
		}
		signed, err := session.BeginConsole(tx, session.Session{ID: "root-session", Kind: session.RootUser, User: owner, Account: owner}, time.Now(), session.ConsoleLife)
		if err != nil {
			return err
		}
		value, err := session.GiveCookie(tx, signed, session.Console, pagehttp.HostOf(s.Map.Console()))
		cookie = value.Reveal()
		return err
	})
	console := func(action string, more ...string) (int, string) {
		form := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
		for i := 0; i < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		r := httptest.NewRequest(http.MethodPost, s.Map.Console()+"/api/iam/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Sekisho-Csrf", "1")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "sekisho-console", Value: cookie})
		w := httptest.NewRecorder()
		s.http.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	must := func(action string, more ...string) string {
		t.Helper()
		code, body := console(action, more...)
		if code != http.StatusOK {
			t.Fatalf("%s: %d %s", action, code, body)
		}
		return body
	}
	credentials := func(body string) aws.Credentials {
		return aws.Credentials{AccessKeyID: elementOf(t, body, "AccessKeyId"), SecretAccessKey: elementOf(t, body, "SecretAccessKey")}
	}
	works := func(c aws.Credentials) bool {
		code, _ := signed(t, s, c, "iam", url.Values{"Action": {"GetAccountSummary"}})
		return code == ""
	}
	lost := credentials(must("CreateAccessKey"))
	fresh := credentials(must("CreateAccessKey"))
	if !works(lost) || !works(fresh) {
		t.Error("one of two keys does not work")
	}
	if code, body := console("CreateAccessKey"); code == http.StatusOK {
		t.Errorf("a third: %s", body)
	}
	if list := must("ListAccessKeys"); strings.Contains(list, lost.SecretAccessKey) || strings.Contains(list, fresh.SecretAccessKey) || strings.Count(list, "<AccessKeyId>") != 2 {
		t.Errorf("the list: %s", list)
	}
	must("DeleteAccessKey", "AccessKeyId", lost.AccessKeyID)
	if works(lost) || !works(fresh) {
		t.Error("the wrong key was deleted")
	}
	told := 0
	update(t, s, func(tx store.Tx) error {
		all, err := tx.Messages(10)
		told = 0
		for _, m := range all {
			if m.To == "lone@example.com" && strings.Contains(m.Subject, "root user access key was created") {
				told++
			}
		}
		return err
	})
	if told != 2 {
		t.Errorf("the owner was told of %d keys", told)
	}

	// Of a closed account they open nothing from the next call on, and the console
	// neither.
	update(t, s, func(tx store.Tx) error { _, err := account.Close(tx, owner, true, "", time.Now()); return err })
	if works(fresh) {
		t.Error("the key of a closed account works")
	}
	if code, body := console("CreateAccessKey"); code != http.StatusForbidden || !strings.Contains(body, "OptInRequired") {
		t.Errorf("the console of a closed account: %d %s", code, body)
	}
}

// Ninety days after it was closed an account is emptied, once, and its address is
// nobody else's.
func TestClosedAccountIsEmptied(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir()))
	closedAt := time.Now()
	var sc scene
	update(t, s, func(tx store.Tx) (err error) {
		if err := tx.PutAccount(account.Account{ID: member, Name: "Member", Email: "b@example.com", Status: account.Active, CreatedAt: closedAt}); err != nil {
			return err
		}
		if sc, err = setScene(tx, "ann", "group"); err != nil {
			return err
		}
		_, err = account.Close(tx, member, true, "", closedAt)
		return err
	})
	left := func() (key bool, a account.Account) {
		update(t, s, func(tx store.Tx) (err error) {
			_, gone := tx.AccessKey(sc.key.ID)
			key = gone == nil
			a, err = tx.Account(member)
			return err
		})
		return key, a
	}
	for _, c := range []struct {
		after time.Duration
		left  bool
	}{{0, true}, {account.ReopenPeriod - time.Hour, true}, {account.ReopenPeriod + time.Hour, false}, {2 * account.ReopenPeriod, false}} {
		s.clock.Set(closedAt.Add(c.after))
		if err := s.emptyClosed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if key, a := left(); key != c.left || a.Status != account.Closed || a.Email != "b@example.com" {
			t.Errorf("after %v: %v, %+v", c.after, key, a)
		}
	}
	update(t, s, func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Name: "EmptyClosedAccount", Account: member, Limit: 10})
		if len(events) != 1 {
			t.Errorf("%d events", len(events))
		}
		return err
	})
}
