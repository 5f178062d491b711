package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

const eventColumns = "id, at, account, source, name, region, principal_id, user_name, access_key_id, source_ip, user_agent, " +
	"request_id, read_only, error_code, error_reason, resource, detail, event_count, decision_id, decision, record"

// insertEvent leaves alone what is there: an event is recorded once, also when the
// outcome of its first commit was unknown and its caller records it again.
var insertEvent = "INSERT INTO events (" + eventColumns + ", resource_type, resource_name) VALUES (?, ?, ?" +
	strings.Repeat(", ?", strings.Count(eventColumns, ",")) + ") ON CONFLICT (id) DO NOTHING"

// record is what of an event only CloudTrail's record tells.
type record struct {
	audit.Identity
	Message  string `json:"message,omitempty"`
	SharedID string `json:"sharedId,omitempty"`
}

// maxEvents bounds an answer of Events.
const maxEvents = 1000

// AppendEvent gives e its id and time, unless it has them, and the root user a name.
func (t *tx) AppendEvent(e *audit.Event) error {
	t.db.identify(e)
	if e.Identity.Type == audit.TypeRoot && e.UserName == "" {
		e.UserName = audit.RootUserName
	}
	o := e.ForShared()
	if o == nil {
		return t.putEvent(e)
	}
	switch _, err := t.Account(o.Account); {
	case fault.Is(err, fault.NotFound):
		return t.putEvent(e) // who was asked for is nobody
	case err != nil:
		return err
	}
	// Of the same time, and other ids that are the same when e is recorded again.
	sum := sha256.Sum256([]byte(e.ID))
	at := e.ID[:min(16, len(e.ID))]
	o.ID, e.SharedID = at+hex.EncodeToString(sum[:8]), at+hex.EncodeToString(sum[8:16])
	o.SharedID = e.SharedID
	if err := t.putEvent(e); err != nil {
		return err
	}
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
	more := ""
	if r := (record{e.Identity, e.ErrorMessage, e.SharedID}); r != (record{}) {
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		more = string(b)
	}
	kind, name := e.ResourceOf()
	if _, err := t.exec(insertEvent, e.ID, sqldb.Micros(e.At), e.Account, e.Source, e.Name, e.Region, e.PrincipalID, e.UserName,
		e.AccessKeyID, e.SourceIP, e.UserAgent, e.RequestID, e.ReadOnly, e.ErrorCode, e.ErrorReason, e.Resource, detail, e.Count,
		e.DecisionID, e.Decision, more, kind, name); err != nil {
		return err
	}
	t.sql.OnCommit(e.MarkRecorded)
	return nil
}

func scanEvent(r sqldb.Row) (e audit.Event, err error) {
	var detail, more string
	if err := r.Scan(&e.ID, sqldb.AsTime(&e.At), &e.Account, &e.Source, &e.Name, &e.Region, &e.PrincipalID, &e.UserName,
		&e.AccessKeyID, &e.SourceIP, &e.UserAgent, &e.RequestID, &e.ReadOnly, &e.ErrorCode, &e.ErrorReason, &e.Resource,
		&detail, &e.Count, &e.DecisionID, &e.Decision, &more); err != nil {
		return e, err
	}
	e.MarkRecorded()
	if more != "" {
		var r record
		if err := json.Unmarshal([]byte(more), &r); err != nil {
			return e, err
		}
		e.Identity, e.ErrorMessage, e.SharedID = r.Identity, r.Message, r.SharedID
	}
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

// historyColumns are the conditions of attributes. That a value is not empty is said
// as the indexes say it, also of the account (see migration 18): by that both engines
// know that the index has all there is.
var historyColumns = map[store.HistoryAttribute]string{
	store.ByEventID:      "id = ?",
	store.ByEventName:    "name = ?",
	store.ByEventSource:  "source = ?",
	store.ByUserName:     "user_name = ? AND user_name <> ''",
	store.ByAccessKeyID:  "access_key_id = ? AND access_key_id <> ''",
	store.ByResource:     "resource = ? AND resource <> ''",
	store.ByResourceName: "resource_name = ? AND resource_name <> ''",
	store.ByResourceType: "resource_type = ? AND resource_type <> ''",
}

func (t *tx) EventHistory(f store.HistoryFilter) ([]audit.Event, error) {
	to := f.To
	if f.BeforeID != "" && f.BeforeAt.Before(to) {
		to = f.BeforeAt
	}
	where, args := "account = ? AND at >= ? AND at <= ?", []any{f.Account, sqldb.Micros(f.From), sqldb.Micros(to)}
	switch condition := historyColumns[f.By]; {
	case f.By == "":
		where += " AND account <> ''"
	case f.By == store.ByReadOnly:
		if f.Value != "true" && f.Value != "false" {
			return nil, nil
		}
		where += " AND account > '' AND read_only = ?"
		args = append(args, f.Value == "true")
	case condition != "":
		where += " AND account > '' AND " + condition
		args = append(args, f.Value)
	default:
		return nil, fmt.Errorf("sqlstore: no history by %q", f.By)
	}
	if f.BeforeID != "" {
		where += " AND (at < ? OR id < ?)"
		args = append(args, sqldb.Micros(f.BeforeAt), f.BeforeID)
	}
	limit := f.Limit
	if limit <= 0 || limit > maxEvents {
		limit = maxEvents
	}
	return all(t, scanEvent, "SELECT "+eventColumns+" FROM events WHERE "+where+" ORDER BY at DESC, id DESC LIMIT ?", append(args, limit)...)
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
