package sqlstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
)

const historyAccount = "111122223333"

var historyStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// history makes an account of so many thousand events, and another one of a tenth of
// that. The thousand oldest have twenty in which nothing is as in the others.
func history(t testing.TB, config sqldb.Config, thousands int) *sqlstore.DB {
	t.Helper()
	config.UpdateTimeout = 10 * time.Minute
	db := storetest.OpenAt(t, config, storetest.NewRing(t)).(*sqlstore.DB)
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		for i := range 1100 {
			e := &audit.Event{
				At: historyStart.Add(time.Duration(i) * time.Second), Account: historyAccount, Source: "iam.amazonaws.com",
				Name: fmt.Sprint("CreateUser", i%7), UserName: fmt.Sprint("user", i%5), AccessKeyID: "AKIA" + fmt.Sprint(i%5),
				PrincipalID: "arn:aws:iam::111122223333:user/user1", SourceIP: "192.0.2.1", UserAgent: "aws-cli/2.9.19", RequestID: "8f3c9a70-0c1e-4d5b-9f1e-3f2f6a1d7c55",
				Resource: fmt.Sprint("arn:aws:iam::111122223333:user/u", i%9), Detail: map[string]string{"userName": "u"},
			}
			if i%11 == 10 {
				e.Account = "444455556666"
			} else if i%50 == 0 {
				e.Source, e.Name, e.UserName, e.AccessKeyID, e.ReadOnly = "signin.amazonaws.com", "ConsoleLogin", "rare", "AKIARARE", true
				e.Resource = "arn:aws:iam::111122223333:role/rare"
			}
			if err := tx.AppendEvent(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const others = "at, account, source, name, region, principal_id, user_name, access_key_id, source_ip, user_agent, " +
		"request_id, read_only, error_code, error_reason, resource, detail, event_count, decision_id, decision, record, resource_type, resource_name"
	moved := strings.Replace(others, "at,", "at + ?,", 1)
	err = db.SQL().Update(t.Context(), func(tx sqldb.Tx) error {
		for i := 1; i < thousands; i++ {
			_, err := tx.Exec(t.Context(), "INSERT INTO events (id, "+others+") SELECT id || CAST(? AS TEXT), "+moved+
				" FROM events WHERE user_name <> 'rare' AND at < ?", fmt.Sprint("-", i), int64(i)*11e8, historyStart.Add(1100*time.Second).UnixMicro())
			if err != nil {
				return err
			}
		}
		if config.URL != "" {
			_, err := tx.Exec(t.Context(), "ANALYZE events")
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// TestHistoryGrowth: what an account is asked by LookupEvents costs the same with a
// hundred times the events, also when what is looked for is rare and the oldest.
func TestHistoryGrowth(t *testing.T) {
	filter := func(by store.HistoryAttribute, value string) store.HistoryFilter {
		return store.HistoryFilter{Account: historyAccount, By: by, Value: value, From: historyStart.Add(-time.Hour), To: historyStart.Add(100 * time.Hour), Limit: 10}
	}
	early := filter("", "")
	early.From, early.To = historyStart, historyStart.Add(500*time.Second)
	deep := filter(store.ByEventName, "CreateUser2")
	deep.BeforeAt, deep.BeforeID = historyStart.Add(500*time.Second), "~"
	for _, engine := range []struct {
		name  string
		fresh func(testing.TB) sqldb.Config
	}{{"sqlite", sqldbtest.SQLite}, {"postgresql", sqldbtest.PostgreSQL}} {
		t.Run(engine.name, func(t *testing.T) {
			small, large := history(t, engine.fresh(t), 1), history(t, engine.fresh(t), 100)
			for _, q := range []struct {
				name   string
				filter store.HistoryFilter
				n      int
			}{
				{"all", filter("", ""), 10},
				{"a time long ago", early, 10},
				{"the last page", deep, 10},
				{"a name", filter(store.ByEventName, "CreateUser2"), 10},
				{"a rare name", filter(store.ByEventName, "ConsoleLogin"), 10},
				{"no such name", filter(store.ByEventName, "DeleteUser"), 0},
				{"changes", filter(store.ByReadOnly, "false"), 10},
				{"rare reads", filter(store.ByReadOnly, "true"), 10},
				{"a rare source", filter(store.ByEventSource, "signin.amazonaws.com"), 10},
				{"a rare user", filter(store.ByUserName, "rare"), 10},
				{"a rare key", filter(store.ByAccessKeyID, "AKIARARE"), 10},
				{"a rare resource", filter(store.ByResource, "arn:aws:iam::111122223333:role/rare"), 10},
				{"a rare resource's name", filter(store.ByResourceName, "rare"), 10},
				{"a rare resource's type", filter(store.ByResourceType, "AWS::IAM::Role"), 10},
			} {
				// The best of many rounds, taken by turns: the machine does other things too.
				best := [2]time.Duration{time.Hour, time.Hour}
				for range 40 {
					for i, db := range []*sqlstore.DB{small, large} {
						err := db.View(t.Context(), func(tx store.Tx) error {
							start := time.Now()
							events, err := tx.EventHistory(q.filter)
							best[i] = min(best[i], time.Since(start))
							if err == nil && len(events) != q.n {
								err = fmt.Errorf("%s: %d events", q.name, len(events))
							}
							return err
						})
						if err != nil {
							t.Fatal(err)
						}
					}
				}
				ratio := float64(best[1]) / float64(best[0])
				t.Logf("%-22s 1,000 events: %8v; 100,000 events: %8v; ratio %.2f", q.name, best[0], best[1], ratio)
				if ratio > 10 { // a cost that grows is a hundred times
					t.Errorf("%s costs %.1f times as much", q.name, ratio)
				}
			}
		})
	}
}
