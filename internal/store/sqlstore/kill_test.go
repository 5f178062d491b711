package sqlstore_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/directory"
	"sekisho/internal/keys"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
)

// envWriter is the writer's work, as JSON: the test binary runs itself as a
// writer that gets killed.
const envWriter = "SEKISHO_TEST_KILLED_WRITER"

func TestMain(m *testing.M) {
	if work := os.Getenv(envWriter); work != "" {
		if err := killedWriter(work); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(sqldbtest.Main(m))
}

// writerWork says what a writer does.
type writerWork struct {
	Config sqldb.Config
	Prefix string // of its ids
}

// killedWriter writes until it is killed, several transactions at a time, and
// prints the id of each that was acknowledged.
func killedWriter(text string) error {
	var work writerWork
	if err := json.Unmarshal([]byte(text), &work); err != nil {
		return err
	}
	ring, err := keys.NewRing(make([]byte, keys.Size)) // seals nothing here
	if err != nil {
		return err
	}
	db, err := sqlstore.Open(context.Background(), work.Config, ring)
	if err != nil {
		return err
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	failed := make(chan error, 4)
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", work.Prefix, w, i)
				ev := &audit.Event{Name: "Wrote", Resource: id}
				if err := db.Update(context.Background(), ev, func(tx store.Tx) error { return writeAll(tx, id) }); err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println(id)
				out.Unlock()
			}
		})
	}
	wg.Wait()
	return <-failed
}

// writeAll writes several rows that belong together.
func writeAll(tx store.Tx, id string) error {
	if err := tx.PutUser(directory.User{ID: id, UserName: id}); err != nil {
		return err
	}
	if err := tx.PutGroup(directory.Group{ID: id, DisplayName: id}); err != nil {
		return err
	}
	return tx.AddMember(id, id)
}

// written are the ids found in each place that a writer writes to.
var written = map[string]string{
	"users":       "SELECT id FROM users ORDER BY id",
	"groups":      "SELECT id FROM user_groups ORDER BY id",
	"memberships": "SELECT user_id FROM memberships ORDER BY user_id",
	"events":      "SELECT resource FROM events WHERE name = 'Wrote' ORDER BY resource",
	"changes":     "SELECT substr(change_key, 6) FROM changes WHERE change_key LIKE 'user/%' ORDER BY change_key",
	"changes, of memberships": "SELECT substr(change_key, 13) FROM changes WHERE change_key LIKE 'memberships/%' " +
		"ORDER BY change_key",
}

// TestKilled: a process that is killed at any moment loses nothing that it
// acknowledged and leaves nothing half done (promise 24).
func TestKilled(t *testing.T) {
	t.Parallel()
	rounds := sqldbtest.KillRounds(t)
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		t.Parallel()
		config := open()
		db := openSQLite(t, config)
		var acknowledged []string
		for round := range rounds {
			acknowledged = append(acknowledged, killWriter(t, writerWork{config, fmt.Sprintf("r%03d", round)})...)
			found := make(map[string][]string)
			err := db.SQL().View(t.Context(), func(tx sqldb.Tx) (err error) {
				for place, query := range written {
					if found[place], err = sqldb.All(t.Context(), tx, sqldb.Value[string], query); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			users := found["users"]
			for _, id := range acknowledged {
				if _, ok := slices.BinarySearch(users, id); !ok {
					t.Fatalf("round %d: %s was acknowledged and is lost", round, id)
				}
			}
			for place, ids := range found {
				if !slices.Equal(ids, users) {
					t.Fatalf("round %d: %d users and %d %s", round, len(users), len(ids), place)
				}
			}
		}
		if len(acknowledged) < rounds {
			t.Errorf("only %d transactions in %d rounds", len(acknowledged), rounds)
		}
		t.Logf("%d acknowledged transactions in %d rounds", len(acknowledged), rounds)
	})
}

// killWriter lets a writer write for a moment, kills it, and returns what it
// acknowledged.
func killWriter(t *testing.T, work writerWork) (acknowledged []string) {
	t.Helper()
	text, err := json.Marshal(work)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envWriter+"="+string(text))
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if acknowledged == nil { // it has begun: the clock of its end runs
			time.AfterFunc(rand.N(40*time.Millisecond), func() { cmd.Process.Kill() })
		}
		acknowledged = append(acknowledged, lines.Text())
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") || errors.Len() > 0 {
		t.Fatalf("the writer was not killed: %v %s", err, errors.String())
	}
	return acknowledged
}
