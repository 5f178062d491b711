package sqlstore

import (
	"encoding/json"
	"strings"

	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

const eventColumns = "id, at, account, source, name, region, principal_id, user_name, access_key_id, source_ip, user_agent, " +
	"request_id, read_only, error_code, error_reason, resource, detail, event_count, decision_id, decision"

// putEvent leaves alone what is there: an event is recorded once, also when the
// outcome of its first commit was unknown and its caller records it again.
var putEvent = "INSERT INTO events (" + eventColumns + ") VALUES (?" + strings.Repeat(", ?", strings.Count(eventColumns, ",")) +
	") ON CONFLICT (id) DO NOTHING"

// maxEvents bounds an answer of Events.
const maxEvents = 1000

// AppendEvent gives e its id and time, unless it has them.
func (t *tx) AppendEvent(e *audit.Event) error {
	t.db.identify(e)
	e.Count = max(1, e.Count)
	detail := "{}"
	if len(e.Detail) > 0 {
		b, err := json.Marshal(e.Detail)
		if err != nil {
			return err
		}
		detail = string(b)
	}
	if _, err := t.exec(putEvent, e.ID, sqldb.Micros(e.At), e.Account, e.Source, e.Name, e.Region, e.PrincipalID, e.UserName,
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
