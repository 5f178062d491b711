package operations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/audit"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

func readCloser(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

func secretOf(k key) secret.String { return secret.NewString(k.secret) }

func (w *world) update(tb testing.TB, fn func(store.Tx) error) {
	tb.Helper()
	if err := w.server.Store.Update(context.Background(), nil, fn); err != nil {
		tb.Fatal(err)
	}
}

func (w *world) view(tb testing.TB, fn func(store.Tx) error) {
	tb.Helper()
	if err := w.server.Store.View(context.Background(), fn); err != nil {
		tb.Fatal(err)
	}
}

// trail is all events, by operation.
func (w *world) trail(tb testing.TB) map[string][]audit.Event {
	tb.Helper()
	byName := make(map[string][]audit.Event)
	w.view(tb, func(tx store.Tx) error {
		clear(byName)
		for before := ""; ; {
			events, err := tx.Events(store.EventFilter{Before: before, Limit: 500})
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				byName[e.Name] = append(byName[e.Name], e)
			}
			before = events[len(events)-1].ID
		}
	})
	return byName
}

// checkTrail holds the account's trail to exactly one event of each call that was made of
// the subject's operation.
func checkTrail(t *testing.T, s *subject, trail map[string][]audit.Event) {
	byPrincipal := make(map[string][]audit.Event)
	for _, e := range trail[s.operation] {
		if e.Account != "" && e.Account != s.account { // what another account learned: TestSharedTrail
			continue
		}
		byPrincipal[e.PrincipalID] = append(byPrincipal[e.PrincipalID], e)
	}
	// counted are the events of a principal with the error code: how many, and one of them.
	counted := func(principal, code string) (n int, one audit.Event) {
		for _, e := range byPrincipal[principal] {
			if e.ErrorCode == code {
				n, one = n+e.Count, e
			}
		}
		return n, one
	}
	if n, e := counted("", "MissingAuthenticationToken"); n != 1 || e.Account != "" || e.ErrorReason == "" || e.Source != s.serviceID()+".amazonaws.com" {
		t.Errorf("unsigned: %d events, %+v", n, e)
	}
	if n, e := counted(s.callers[exact].arn, "SignatureDoesNotMatch"); n != 2 || e.Account != s.account || e.ErrorReason == "" {
		t.Errorf("badly signed: %d events, %+v", n, e)
	}
	for _, who := range s.callerNames() {
		c, code, want := s.callers[who], "AccessDenied", 1
		if who == exact {
			code, want = "", 3
		}
		on := s.resource(t, who)
		if on == "*" {
			on = ""
		}
		n, e := counted(c.arn, code)
		if all := total(byPrincipal[c.arn]); n != 1 || all != want {
			t.Errorf("%s: %d events %q of %d", who, n, code, all)
			continue
		}
		if e.Account != s.account || e.Resource != on || e.UserName != c.name || e.AccessKeyID != c.key.id || e.ReadOnly != s.rule.ReadOnly ||
			e.Source != s.serviceID()+".amazonaws.com" || e.Region != "us-east-1" || e.SourceIP != "127.0.0.1" || e.RequestID == "" || e.At.IsZero() {
			t.Errorf("%s: on %q: event %+v", who, on, e)
		}
		if e.DecisionID != s.decisions[who] || (e.Decision != "") != (code != "") || (e.ErrorReason != "") != (code != "") {
			t.Errorf("%s: decision %q, told %q: %q because %q", who, e.DecisionID, s.decisions[who], e.Decision, e.ErrorReason)
		}
		if e.Decision != "" && !json.Valid([]byte(e.Decision)) {
			t.Errorf("%s: decision %s", who, e.Decision)
		}
		if !s.rule.ReadOnly {
			checkTold(t, who, s.request.input, e)
		}
	}
}

// untold are parameters that let somebody in; hashed are documents, of which the
// trail has length and hash.
var (
	untold = []string{"Password", "OldPassword", "NewPassword", "AuthenticationCode1", "AuthenticationCode2", "PrivateKey", "AddPrivateKey", "TradeInToken"}
	hashed = []string{"CertificateBody", "CertificateChain", "SSHPublicKeyBody", "SAMLMetadataDocument", "PolicyDocument", "AssumeRolePolicyDocument"}
)

// checkTold holds the event of a change to say every text of what was asked.
func checkTold(t *testing.T, who string, input url.Values, e audit.Event) {
	t.Helper()
	for name, values := range input {
		if strings.Contains(name, ".") { // of a list or structure
			continue
		}
		got, want := e.Detail[strings.ToLower(name[:1])+name[1:]], values[0]
		switch {
		case slices.Contains(untold, name):
			want = ""
		case slices.Contains(hashed, name):
			sum := sha256.Sum256([]byte(want))
			want = fmt.Sprintf("%d bytes, sha256:%x", len(want), sum[:8])
		}
		if got != want {
			t.Errorf("%s: of %s the trail says %q, want %q", who, name, got, want)
		}
	}
}

func total(events []audit.Event) (n int) {
	for _, e := range events {
		n += e.Count
	}
	return n
}

// secretless holds the trail and the log to say nothing secret. The log is
// complete only when the program has stopped.
func (w *world) secretless(tb testing.TB) {
	tb.Helper()
	var b strings.Builder
	for _, events := range w.trail(tb) {
		for _, e := range events {
			raw, err := json.Marshal(e)
			if err != nil {
				tb.Fatal(err)
			}
			b.Write(raw)
			fmt.Fprintf(&b, "%+v\n", e)
		}
	}
	trail, log := b.String(), w.log.String()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.secrets) == 0 {
		tb.Error("no secret was sent or returned, so that nothing is shown")
	}
	for s, what := range w.secrets {
		if strings.Contains(trail, s) {
			tb.Errorf("the trail has a %s", what)
		}
		if strings.Contains(log, s) {
			tb.Errorf("the log has a %s", what)
		}
	}
}

// unheld are the tables that calls change which change nothing: the trail, the
// feed of changes, and when what was last used.
var unheld = []string{"events", "changes", "iam_uses", "access_key_uses"}

// dump is the whole database but unheld, row by row, by table.
func (w *world) dump(tb testing.TB) map[string][]string {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.data, "sekisho.db")+"?mode=ro")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	all := make(map[string][]string)
	for _, table := range query(tb, db, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		if name := strings.Trim(table, "|"); !slices.Contains(unheld, name) {
			all[name] = query(tb, db, `SELECT * FROM "`+name+`"`)
			slices.Sort(all[name])
		}
	}
	if len(all["iam_users"]) == 0 && len(all["accounts"]) == 0 {
		tb.Fatal("the dump shows nothing")
	}
	return all
}

// query returns rows, their columns between bars.
func query(tb testing.TB, db *sql.DB, text string) (lines []string) {
	tb.Helper()
	rows, err := db.QueryContext(context.Background(), text)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			tb.Fatal(err)
		}
		line := "|"
		for _, v := range values {
			line += fmt.Sprint(v) + "|"
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return lines
}

// compareDumps holds refused calls to have changed nothing.
func compareDumps(tb testing.TB, before, after map[string][]string) {
	tb.Helper()
	for table, rows := range after {
		if slices.Equal(rows, before[table]) {
			continue
		}
		tb.Errorf("refused calls changed the table %s: %d rows, were %d", table, len(rows), len(before[table]))
		for _, r := range rows {
			if _, ok := slices.BinarySearch(before[table], r); !ok {
				tb.Errorf("new row: %.300s", r)
				break
			}
		}
	}
}
