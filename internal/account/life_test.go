package account_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const (
	manager = "111122223333"
	member  = "444455556666"
	alone   = "555566667777"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// accounts is a database with an organization of two accounts and one beside it.
func accounts(t *testing.T) store.DB {
	t.Helper()
	db := storetest.Open(t)
	update(t, db, func(tx store.Tx) error {
		for _, id := range []string{manager, member, alone} {
			a := account.Account{ID: id, Name: "A" + id, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: start}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		_, err := storetest.NewOrganization(tx, start, manager, member)
		return err
	})
	return db
}

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

// step is one change of an account's state.
type step func(tx store.Tx, now time.Time) (account.Account, error)

func suspend(tx store.Tx, now time.Time) (account.Account, error) {
	return account.Suspend(tx, alone, "unpaid", now)
}

func reactivate(tx store.Tx, now time.Time) (account.Account, error) {
	return account.Reactivate(tx, alone, false, now)
}

func ownerCloses(tx store.Tx, now time.Time) (account.Account, error) {
	return account.Close(tx, alone, true, "", now)
}

func staffCloses(tx store.Tx, now time.Time) (account.Account, error) {
	return account.Close(tx, alone, false, "fraud", now)
}

func reopen(tx store.Tx, now time.Time) (account.Account, error) {
	return account.Reopen(tx, alone, false, now)
}

// What can follow on what, and where an account comes back to.
func TestLife(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		name  string
		from  account.Status
		steps []step
		wait  time.Duration // before each step but the first
		want  account.Status
		fault string // of the last step
	}{
		{"suspended", account.Active, []step{suspend}, 0, account.Suspended, ""},
		{"and back", account.Active, []step{suspend, reactivate}, day, account.Active, ""},
		{"twice suspended", account.Active, []step{suspend, suspend}, 0, account.Suspended, "account-state"},
		{"suspended before it was activated", account.PendingActivation, []step{suspend, reactivate}, day, account.PendingActivation, ""},
		{"nothing to reactivate", account.Active, []step{reactivate}, 0, account.Active, "account-state"},
		{"closed by its owner", account.Active, []step{ownerCloses}, 0, account.Closed, ""},
		{"closed twice", account.Active, []step{ownerCloses, staffCloses}, 0, account.Closed, "account-state"},
		{"reopened at once", account.Active, []step{ownerCloses, reopen}, 0, account.Active, ""},
		{"reopened on the last day", account.Active, []step{ownerCloses, reopen}, 90*day - time.Microsecond, account.Active, ""},
		{"reopened after 90 days", account.Active, []step{ownerCloses, reopen}, 90 * day, account.Closed, "account-gone"},
		{"never activated, closed and reopened", account.PendingActivation, []step{ownerCloses, reopen}, day, account.PendingActivation, ""},
		{"owner of a suspended account closes it", account.Active, []step{suspend, ownerCloses}, day, account.Suspended, "account-state"},
		{"staff close it", account.Active, []step{suspend, staffCloses}, day, account.Closed, ""},
		{"which reopening does not undo", account.Active, []step{suspend, staffCloses, reopen}, day, account.Suspended, ""},
		{"but reactivation then does", account.Active, []step{suspend, staffCloses, reopen, reactivate}, day, account.Active, ""},
		{"reopened and closed again has 90 days more", account.Active, []step{ownerCloses, reopen, ownerCloses, reopen}, 60 * day, account.Active, ""},
		{"nothing to reopen", account.Suspended, []step{reopen}, 0, account.Suspended, "account-state"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := accounts(t)
			now := start
			update(t, db, func(tx store.Tx) error {
				a, err := tx.Account(alone)
				a.Status = c.from
				if err == nil {
					err = tx.PutAccount(a)
				}
				return err
			})
			for i, s := range c.steps {
				err := db.Update(t.Context(), nil, func(tx store.Tx) error {
					_, err := s(tx, now)
					return err
				})
				if want := c.fault; fault.ReasonOf(err) != want && (i == len(c.steps)-1 || err != nil) {
					t.Fatalf("step %d: %v", i+1, err)
				}
				now = now.Add(c.wait)
			}
			update(t, db, func(tx store.Tx) error {
				a, err := tx.Account(alone)
				if a.Status != c.want {
					t.Errorf("%s, want %s", a.Status, c.want)
				}
				return err
			})
		})
	}
}

// Sign-up that was completed while an account was suspended is not asked for again.
func TestReactivatedAfterActivation(t *testing.T) {
	t.Parallel()
	db := accounts(t)
	update(t, db, func(tx store.Tx) error {
		a, err := tx.Account(alone)
		a.Status = account.PendingActivation
		if err == nil {
			err = tx.PutAccount(a)
		}
		if err == nil {
			_, err = account.Suspend(tx, alone, "", start)
		}
		if err == nil {
			a, err = account.Reactivate(tx, alone, true, start)
		}
		if a.Status != account.Active {
			t.Errorf("%s", a.Status)
		}
		return err
	})
}

// A closed account's address stays taken, in any case, during the 90 days and
// after them; one with a plus suffix is another one (A-14, A-15, A-16, M-23).
func TestAddressOfAClosedAccount(t *testing.T) {
	t.Parallel()
	db := accounts(t)
	update(t, db, func(tx store.Tx) error { _, err := account.Close(tx, alone, true, "", start); return err })
	for _, at := range []time.Time{start, start.Add(account.ReopenPeriod), start.Add(10 * account.ReopenPeriod)} {
		for email, taken := range map[string]bool{
			"root+" + alone + "@example.com": true, "ROOT+" + alone + "@Example.com": true, "root+" + alone + "+new@example.com": false, "root@example.com": false,
		} {
			err := db.Update(t.Context(), nil, func(tx store.Tx) error {
				_, err := account.StartEmailUpdate(tx, member, email, at)
				return err
			})
			if fault.Is(err, fault.AlreadyExists) != taken {
				t.Errorf("%s at %v: %v", email, at, err)
			}
		}
		err := db.Update(t.Context(), nil, func(tx store.Tx) error {
			return tx.PutAccount(account.Account{ID: "888888888888", Name: "New", Email: "root+" + alone + "@example.com", Status: account.Active, CreatedAt: at})
		})
		if fault.ReasonOf(err) != "email-taken" {
			t.Errorf("another account at %v: %v", at, err)
		}
	}
}

// An organization is closed from its members up.
func TestCloseManagementAccount(t *testing.T) {
	t.Parallel()
	db := accounts(t)
	closing := func(id string) error {
		return db.Update(t.Context(), nil, func(tx store.Tx) error {
			_, err := account.Close(tx, id, true, "", start)
			return err
		})
	}
	if err := closing(manager); fault.ReasonOf(err) != "account-manages" {
		t.Errorf("with a member: %v", err)
	}
	if err := closing(member); err != nil {
		t.Error(err)
	}
	if err := closing(manager); err != nil {
		t.Errorf("with nobody but a standalone account beside it: %v", err)
	}
}

func TestReasonIsBounded(t *testing.T) {
	t.Parallel()
	db := accounts(t)
	for reason, want := range map[string]string{strings.Repeat("理", 500): "", strings.Repeat("理", 501): "standing-reason", "\xff": "standing-reason"} {
		err := db.Update(t.Context(), nil, func(tx store.Tx) error {
			_, err := account.Suspend(tx, alone, reason, start)
			if err == nil {
				_, err = account.Reactivate(tx, alone, true, start)
			}
			return err
		})
		if fault.ReasonOf(err) != want {
			t.Errorf("%d bytes: %v", len(reason), err)
		}
	}
}

// Every notice goes to the root user's address in both languages; what matters
// most also to the telephone of the primary contact, if it is one (N-25, A-42).
func TestTell(t *testing.T) {
	t.Parallel()
	for _, n := range account.Notices() {
		for phone, telephoned := range map[string]bool{"+81 3-1234-5678": true, "03-1234-5678": false, "": false} {
			db := accounts(t)
			update(t, db, func(tx store.Tx) error {
				if phone != "" {
					if err := tx.PutContact(alone, account.Contact{FullName: "Jane", Phone: phone}); err != nil {
						return err
					}
				}
				a, err := tx.Account(alone)
				if err == nil {
					err = account.Tell(tx, nil, a, n, start, "before@example.com", "no address", "")
				}
				if err != nil {
					return err
				}
				all, err := tx.Messages(10)
				var to []string
				for _, m := range all {
					to = append(to, m.To)
					if !strings.Contains(m.Subject+m.Text, alone) || m.Channel == notify.Email && !strings.Contains(m.Text, "アカウント") && !strings.Contains(m.Text, "ルートユーザー") {
						t.Errorf("%s: %+v", n, m)
					}
				}
				slices.Sort(to)
				want := []string{"before@example.com", "root+" + alone + "@example.com"}
				if important := n == account.PasswordChanged || n == account.EmailChanged || n == account.RootMFARemoved || n == account.WasSuspended || n == account.WasClosed; telephoned && important {
					want = append([]string{"+81312345678"}, want...)
				}
				if !slices.Equal(to, want) {
					t.Errorf("%s, telephone %q: told %v", n, phone, to)
				}
				return err
			})
		}
	}
	db := accounts(t)
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		return account.Tell(tx, nil, account.Account{ID: alone, Email: "a@example.com"}, "nothing", start)
	})
	if err == nil {
		t.Error("a notice that there is not")
	}
}
