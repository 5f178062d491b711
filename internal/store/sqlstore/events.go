package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

const eventColumns = "id, at, account, source, name, region, principal_id, user_name, access_key_id, source_ip, user_agent, " +
	"request_id, read_only, error_code, error_reason, resource, detail, event_count, decision_id, decision"

// insertEvent leaves alone what is there: an event is recorded once, also when the
// outcome of its first commit was unknown and its caller records it again.
var insertEvent = "INSERT INTO events (" + eventColumns + ") VALUES (?" + strings.Repeat(", ?", strings.Count(eventColumns, ",")) +
	") ON CONFLICT (id) DO NOTHING"

// maxEvents bounds an answer of Events.
const maxEvents = 1000

// AppendEvent gives e its id and time, unless it has them.
func (t *tx) AppendEvent(e *audit.Event) error {
	t.db.identify(e)
	if err := t.putEvent(e); err != nil {
		return err
	}
	o := e.ForShared()
	if o == nil {
		return nil
	}
	switch _, err := t.Account(o.Account); {
	case fault.Is(err, fault.NotFound):
		return nil // who was asked for is nobody
	case err != nil:
		return err
	}
	// Of the same time, and another id that is the same when e is recorded again.
	sum := sha256.Sum256([]byte(e.ID))
	o.ID = e.ID[:min(16, len(e.ID))] + hex.EncodeToString(sum[:8])
	return t.putEvent(o)
}

func (t *tx) putEvent(e *audit.Event) error {
	e.Count = max(1, e.Count)
	detail := "{}"
	if len(e.Detail) > 0 {
		b, err := json.Marshal(e.Detail)
		if err != nil {
			return err
		}
		detail = string(b)
	}
	if _, err := t.exec(insertEvent, e.ID, sqldb.Micros(e.At), e.Account, e.Source, e.Name, e.Region, e.PrincipalID, e.UserName,
		e.AccessKeyID, e.SourceIP, e.UserAgent, e.RequestID, e.ReadOnly, e.ErrorCode, e.ErrorReason, e.Resource, detail, e.Count,
		e.DecisionID, e.Decision); err != nil {
		return err
	}
	t.sql.OnCommit(e.MarkRecorded)
	return nil
}

func scanEvent(r sqldb.Row) (e audit.Event, err error) {
	var detail string
	if err := r.Scan(&e.ID, sqldb.AsTime(&e.At), &e.Account, &e.Source, &e.Name, &e.Region, &e.PrincipalID, &e.UserName,
		&e.AccessKeyID, &e.SourceIP, &e.UserAgent, &e.RequestID, &e.ReadOnly, &e.ErrorCode, &e.ErrorReason, &e.Resource,
		&detail, &e.Count, &e.DecisionID, &e.Decision); err != nil {
		return e, err
	}
	e.MarkRecorded()
	if detail == "{}" {
		return e, nil
	}
	return e, json.Unmarshal([]byte(detail), &e.Detail)
}

func (t *tx) Events(f store.EventFilter) ([]audit.Event, error) {
	where, args := "id <> ''", []any{}
	for _, c := range []struct{ condition, value string }{
		{"name = ?", f.Name}, {"account = ?", f.Account}, {"id < ?", f.Before},
	} {
		if c.value != "" {
			where += " AND " + c.condition
			args = append(args, c.value)
		}
	}
	if f.Refused {
		where += " AND decision_id <> ''"
	}
	limit := f.Limit
	if limit <= 0 || limit > maxEvents {
		limit = maxEvents
	}
	return all(t, scanEvent, "SELECT "+eventColumns+" FROM events WHERE "+where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

func (t *tx) Decision(id string) (audit.Event, error) {
	e, err := one(t, scanEvent, "SELECT "+eventColumns+" FROM events WHERE decision_id = ? AND decision_id <> ''", id)
	return orNone(e, err, errNoDecision)
}

var errNoDecision = fault.New(fault.NotFound, "no-decision", "There is no decision with that id.")

// keptPassing is how long events of what changed nothing are kept, as AWS keeps
// its event history.
const keptPassing = 90 * 24 * time.Hour

// passing are the events of reads and of what was refused or failed, oldest first.
const passing = "SELECT id FROM events WHERE (read_only <> 0 OR error_code <> '') AND id < ? ORDER BY id LIMIT ?"

// expireEvents never takes an event of a change.
func (t *tx) expireEvents(now time.Time, limit int) (int, error) {
	n, err := t.exec("DELETE FROM events WHERE id IN ("+passing+")", firstID(now.Add(-keptPassing)), limit)
	return int(n), err
}
