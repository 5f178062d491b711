package sqlstore

import (
	"encoding/json"
	"strings"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoHandshake = fault.New(fault.NotFound, "HandshakeNotFound", "You specified a handshake that doesn't exist.")
	putHandshake   = upsert("handshakes", "id", handshakeColumns+", recipient, forget_at")
)

const (
	handshakeColumns = "id, organization, action, state, party_type, party_id, parent, notes, tags, transfer, requested_at, expires_at, resolved_at"
	selectHandshake  = "SELECT " + handshakeColumns + " FROM handshakes WHERE "
	// pendingHandshakes are those of an organization and action that are unanswered at a time.
	pendingHandshakes = "organization = ? AND action = ? AND state IN ('REQUESTED', 'OPEN') AND expires_at > ?"
)

func scanHandshake(r sqldb.Row) (h org.Handshake, err error) {
	var tags string
	err = r.Scan(&h.ID, &h.Organization, &h.Action, &h.State, &h.Recipient.Type, &h.Recipient.ID, &h.Parent, &h.Notes, &tags, &h.Transfer,
		sqldb.AsTime(&h.RequestedAt), sqldb.AsTime(&h.ExpiresAt), sqldb.AsTime(&h.ResolvedAt))
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal([]byte(tags), &h.Tags)
}

func handshakeID(h org.Handshake) string { return h.ID }

func (t *tx) Handshake(id string) (org.Handshake, error) {
	h, err := one(t, scanHandshake, selectHandshake+"id = ?", id)
	return orNone(h, err, errNoHandshake)
}

func (t *tx) HandshakesSent(organization string, f org.HandshakeFilter, p page.Request) (page.Page[org.Handshake], error) {
	return t.handshakes("organization = ?", []any{organization}, f, p)
}

func (t *tx) HandshakesReceived(parties []org.Party, f org.HandshakeFilter, p page.Request) (page.Page[org.Handshake], error) {
	if len(parties) == 0 {
		return page.Page[org.Handshake]{}, nil
	}
	names := make([]any, len(parties))
	for i, party := range parties {
		names[i] = party.Key()
	}
	return t.handshakes("recipient IN (?"+strings.Repeat(", ?", len(names)-1)+")", names, f, p)
}

func (t *tx) handshakes(where string, args []any, f org.HandshakeFilter, p page.Request) (page.Page[org.Handshake], error) {
	if f.Action != "" {
		where, args = where+" AND action = ?", append(args, string(f.Action))
	}
	if f.Parent != "" {
		where, args = where+" AND parent = ?", append(args, f.Parent)
	}
	limit := limitOf(p)
	items, err := all(t, scanHandshake, selectHandshake+where+" AND id > ? ORDER BY id LIMIT ?", append(args, p.After, limit+1)...)
	return page.Cut(items, limit, handshakeID), err
}

func (t *tx) OpenHandshakes(organization string, action org.Action, now time.Time) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM handshakes WHERE "+pendingHandshakes, organization, string(action), sqldb.Micros(now))
}

func (t *tx) HandshakesSince(organization string, action org.Action, since time.Time) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM handshakes WHERE organization = ? AND action = ? AND requested_at > ?",
		organization, string(action), sqldb.Micros(since))
}

func (t *tx) PendingHandshake(organization string, action org.Action, with org.Party, now time.Time) (org.Handshake, error) {
	h, err := one(t, scanHandshake, selectHandshake+pendingHandshakes+" AND recipient = ? LIMIT 1", organization, string(action), sqldb.Micros(now), with.Key())
	return orNone(h, err, errNoHandshake)
}

func (t *tx) PutHandshake(h org.Handshake) error {
	tags, err := json.Marshal(h.Tags)
	if err != nil {
		return err
	}
	_, err = t.exec(putHandshake, h.ID, h.Organization, string(h.Action), string(h.State), string(h.Recipient.Type), h.Recipient.ID, h.Parent, h.Notes,
		string(tags), h.Transfer, sqldb.Micros(h.RequestedAt), sqldb.Micros(h.ExpiresAt), sqldb.Micros(h.ResolvedAt), h.Recipient.Key(), sqldb.Micros(h.ForgetAt()))
	t.note(store.KeyHandshake(h.ID))
	return err
}
