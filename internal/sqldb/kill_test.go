package sqldb_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
)

// envChild is the environment variable of the process that is killed: "path url
// round".
const envChild = "SEKISHO_TEST_SQLDB_CHILD"

// child writes pairs of rows from several goroutines until it is killed, and
// prints each id once its Update has returned.
func child() {
	var c sqldb.Config
	var round int64
	parts := strings.Split(os.Getenv(envChild), "\n")
	c.Path, c.URL = parts[0], parts[1]
	round, _ = strconv.ParseInt(parts[2], 10, 64)
	ctx := context.Background()
	db, err := sqldb.Open(ctx, c)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var out sync.Mutex
	fmt.Println("ready")
	for worker := range int64(8) {
		go func() {
			for i := int64(0); ; i++ {
				id := round<<40 | worker<<32 | i
				err := db.Update(ctx, func(tx sqldb.Tx) error {
					if _, err := tx.Exec(ctx, "INSERT INTO lefts(id) VALUES (?)", id); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, "INSERT INTO rights(id) VALUES (?)", id)
					return err
				})
				out.Lock()
				if err != nil {
					fmt.Println("error", err)
				} else {
					fmt.Println("ack", id)
				}
				out.Unlock()
			}
		}()
	}
	select {}
}

// TestKilledWriterLosesNothing holds promise 24: after kill -9 at a random
// moment every acknowledged write is there, and none is there by half.
func TestKilledWriterLosesNothing(t *testing.T) {
	rounds := sqldbtest.KillRounds(t)
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		c := open()
		db := sqldbtest.Open(t, c)
		migrate(t, db, `CREATE TABLE lefts (id BIGINT PRIMARY KEY); CREATE TABLE rights (id BIGINT PRIMARY KEY);`)
		acknowledged := make(map[int64]bool)
		for round := range rounds {
			for _, id := range runAndKill(t, c, round) {
				acknowledged[id] = true
			}
			lefts, rights := bothTables(t, db)
			if len(lefts) != len(rights) {
				t.Fatalf("round %d: %d rows in one table, %d in the other", round, len(lefts), len(rights))
			}
			for id := range lefts {
				if !rights[id] {
					t.Fatalf("round %d: %d is applied by half", round, id)
				}
			}
			for id := range acknowledged {
				if !lefts[id] {
					t.Fatalf("round %d: %d was acknowledged and is lost", round, id)
				}
			}
		}
		if len(acknowledged) < rounds {
			t.Errorf("only %d writes were acknowledged in %d rounds", len(acknowledged), rounds)
		}
		t.Logf("%d writes acknowledged in %d rounds", len(acknowledged), rounds)
	})
}

// runAndKill returns the ids that a child acknowledged before it was killed.
func runAndKill(t *testing.T, c sqldb.Config, round int) []int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s\n%s\n%d", envChild, c.Path, c.URL, round))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []int64
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "ready":
			time.AfterFunc(rand.N(60*time.Millisecond), func() { cmd.Process.Kill() })
		case "ack":
			id, err := strconv.ParseInt(rest, 10, 64)
			if err != nil { // the pipe takes a line whole or not at all
				t.Fatal(err)
			}
			acknowledged = append(acknowledged, id)
		case "error":
			t.Errorf("round %d: %s", round, rest)
		}
	}
	cmd.Wait()
	return acknowledged
}

// bothTables reads one snapshot: a PostgreSQL backend may finish what its dead
// client had sent.
func bothTables(t *testing.T, db *sqldb.DB) (lefts, rights map[int64]bool) {
	t.Helper()
	lefts, rights = make(map[int64]bool), make(map[int64]bool)
	err := db.View(t.Context(), func(tx sqldb.Tx) error {
		for table, set := range map[string]map[int64]bool{"lefts": lefts, "rights": rights} {
			all, err := sqldb.All(t.Context(), tx, sqldb.Value[int64], "SELECT id FROM "+table)
			if err != nil {
				return err
			}
			for _, id := range all {
				set[id] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lefts, rights
}
