package sqlstore_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
)

// TestLateCommit: a change whose transaction commits long after one with a
// greater id is reported all the same, and each is once.
func TestLateCommit(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, sqldbtest.SQLite(t))
	var mu sync.Mutex
	var got []string
	news := make(chan struct{}, 1)
	db.Watch(t.Context(), func(changes []store.Change, _ bool) {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range changes {
			got = append(got, c.Key)
		}
		select {
		case news <- struct{}{}:
		default:
		}
	})
	var want []string
	for _, row := range []struct{ id, settled, key string }{
		{"0005", "0003", "five"}, {"0004", "0003", "four, late"}, {"0003", "0003", "three, last of all"}, {"0008", "0008", "eight"}, {"0009", "0008", "nine"},
	} {
		err := db.SQL().Update(t.Context(), func(tx sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO changes (node, id, settled, change_key) VALUES ('another', ?, ?, ?)", row.id, row.settled, row.key)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, row.key)
		for deadline := time.After(20 * time.Second); ; {
			mu.Lock()
			now := slices.Clone(got)
			mu.Unlock()
			if len(now) >= len(want) {
				if !slices.Equal(now, want) {
					t.Fatalf("reported %q, want %q", now, want)
				}
				break
			}
			select {
			case <-news:
			case <-deadline:
				t.Fatalf("reported %q, want %q", now, want)
			}
		}
	}
}

// TestSettled: rows say below which id their node has nothing left to commit.
func TestSettled(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, sqldbtest.SQLite(t))
	take, finish := sqlstore.Tickets(db)
	var early, late, after, unknown string
	ids, _ := take(2, &early)
	if _, settled := take(1, &late); settled != ids[0] {
		t.Errorf("while %s may yet commit, settled is %s", ids[0], settled)
	}
	finish(late, false)
	if _, settled := take(1, &early); settled != ids[0] { // it runs again
		t.Errorf("while %s runs again, settled is %s", ids[0], settled)
	}
	finish(early, false)
	ids, settled := take(1, &after)
	if settled != ids[0] {
		t.Errorf("with nothing else under way, settled is %s, not %s", settled, ids[0])
	}
	finish(after, false)
	ids, _ = take(1, &unknown)
	finish(unknown, true)
	if _, settled := take(1, &late); settled != ids[0] {
		t.Errorf("the outcome of %s is unknown, and settled is %s", ids[0], settled)
	}
}
