package sqlstore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
)

const groupsOfJane = 10

// grown makes an organisation of so many accounts and users. jane holds two sets
// in every account, by one group and by herself; she is in ten groups, and
// everybody is in the first.
func grown(t testing.TB, config sqldb.Config, accounts, users int) *sqlstore.DB {
	t.Helper()
	config.UpdateTimeout = 10 * time.Minute
	db := storetest.OpenAt(t, config, storetest.NewRing(t)).(*sqlstore.DB)
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		for i := range groupsOfJane {
			if err := tx.PutGroup(directory.Group{ID: fmt.Sprint("g", i), DisplayName: fmt.Sprint("Group ", i)}); err != nil {
				return err
			}
		}
		for i := range 4 {
			if err := tx.PutPermissionSet(access.PermissionSet{ID: fmt.Sprint("ps-", i), Name: fmt.Sprint("Set-", i)}); err != nil {
				return err
			}
		}
		var everybody []directory.User
		var ids []string
		for i := range users {
			id := fmt.Sprint("u", i)
			everybody, ids = append(everybody, directory.User{ID: id, UserName: id, Email: id + "@example.com"}), append(ids, id)
		}
		if err := tx.AddUsers("", everybody); err != nil {
			return err
		}
		if err := tx.AddMembers("g0", ids); err != nil {
			return err
		}
		if err := tx.PutUser(directory.User{ID: "jane", UserName: "jane"}); err != nil {
			return err
		}
		for i := range groupsOfJane {
			if err := tx.AddMember(fmt.Sprint("g", i), "jane"); err != nil {
				return err
			}
		}
		for i := range accounts {
			id := fmt.Sprintf("%012d", i)
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com"}); err != nil {
				return err
			}
			if err := tx.AddAssignments([]access.Assignment{
				{Account: id, PermissionSet: "ps-0", PrincipalType: access.ToGroup, PrincipalID: "g0"},
				{Account: id, PermissionSet: "ps-1", PrincipalType: access.ToUser, PrincipalID: "jane"},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// asks are the questions whose cost must not grow, at a page of ten.
var asks = []struct {
	name string
	ask  func(tx store.Tx, account string) (int, error)
}{
	{"AccountsOf", func(tx store.Tx, account string) (int, error) {
		p, err := tx.AccountsOf("jane", page.Request{Limit: 5, After: account})
		return len(p.Items), err
	}},
	{"PermissionSetsOf", func(tx store.Tx, account string) (int, error) {
		p, err := tx.PermissionSetsOf("jane", account, page.Request{Limit: 5})
		return len(p.Items), err
	}},
	{"Holds", func(tx store.Tx, account string) (int, error) {
		_, err := tx.Holds("jane", account, "ps-3")
		return 1, err
	}},
	{"UserByName", func(tx store.Tx, _ string) (int, error) {
		_, err := tx.UserByName("", "JANE")
		return 1, err
	}},
	{"SearchUsers", func(tx store.Tx, _ string) (int, error) {
		p, err := directory.SearchUsers(tx, "", "Jan", page.Request{Limit: 10})
		return len(p.Items), err
	}},
	{"Users", func(tx store.Tx, _ string) (int, error) {
		p, err := tx.Users("", page.Request{Limit: 3, After: "u5"})
		return len(p.Items), err
	}},
	{"MembershipsIn", func(tx store.Tx, _ string) (int, error) {
		p, err := tx.MembershipsIn("g0", page.Request{Limit: 3, After: "u5"})
		return len(p.Items), err
	}},
	{"UserCount", func(tx store.Tx, _ string) (int, error) { return tx.UserCount("") }},
	{"AccessKeysOf", func(tx store.Tx, _ string) (int, error) {
		keys, err := tx.AccessKeysOf("000000000001", "")
		return 1 + len(keys), err
	}},
}

// TestGrowth: the same question costs the same in an organisation of ten
// accounts and in one of ten thousand with a hundred thousand people.
func TestGrowth(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		small, large := grown(t, open(), 10, 10), grown(t, open(), 10_000, 100_000)
		for _, q := range asks {
			compare(t, q.name, small, large, 60, func(tx store.Tx, isLarge bool, round int) error {
				from := "000000000002"
				if isLarge {
					from = fmt.Sprintf("%012d", 150*round)
				}
				if n, err := q.ask(tx, from); err != nil || n == 0 {
					return fmt.Errorf("%s: %d items, %v", q.name, n, err)
				}
				return nil
			})
		}
	})
}

// compare fails if a question costs several times as much in the large database: a
// cost that grows would be tens or hundreds of times as much; some times as much is
// the noise of questions that take microseconds, and the planner's choice for a table
// of ten rows.
func compare(t *testing.T, name string, small, large *sqlstore.DB, rounds int, ask func(tx store.Tx, isLarge bool, round int) error) {
	t.Helper()
	const times = 5
	// The best of many rounds, taken by turns: the machine does other things too.
	best := [2]time.Duration{time.Hour, time.Hour}
	for round := range rounds {
		for i, db := range []*sqlstore.DB{small, large} {
			err := db.View(t.Context(), func(tx store.Tx) error {
				start := time.Now()
				for range times {
					if err := ask(tx, i == 1, round); err != nil {
						return err
					}
				}
				best[i] = min(best[i], time.Since(start)/times)
				return nil
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	ratio := float64(best[1]) / float64(best[0])
	t.Logf("%-36s small: %v; large: %v; ratio %.2f", name, best[0], best[1], ratio)
	if ratio > 10 {
		t.Errorf("%s costs %.1f times as much", name, ratio)
	}
}

// TestDeepPage: the last page costs what the first one does.
func TestDeepPage(t *testing.T) {
	t.Parallel()
	db := grown(t, sqldbtest.SQLite(t), 2000, 10)
	cost := func(after string) time.Duration {
		var all []time.Duration
		for range 40 {
			err := db.View(t.Context(), func(tx store.Tx) error {
				start := time.Now()
				p, err := tx.AccountsOf("jane", page.Request{Limit: 20, After: after})
				if err != nil || len(p.Items) != 20 {
					return fmt.Errorf("%d items, %v", len(p.Items), err)
				}
				all = append(all, time.Since(start))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return slices.Min(all)
	}
	first, last := cost(""), cost("000000001979")
	if float64(last) > 3*float64(first) {
		t.Errorf("the first page costs %v, the last %v", first, last)
	}
}

func BenchmarkAccountsOf(b *testing.B) {
	for _, accounts := range []int{10, 10_000} {
		db := grown(b, sqldbtest.SQLite(b), accounts, 10)
		b.Run(fmt.Sprint(accounts, "accounts"), func(b *testing.B) {
			for b.Loop() {
				if err := db.View(b.Context(), func(tx store.Tx) error {
					_, err := tx.AccountsOf("jane", page.Request{Limit: 10})
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
