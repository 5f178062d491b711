package sqlstore

import (
	"strings"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoTransfer = fault.New(fault.NotFound, "ResponsibilityTransferNotFound", "You specified a responsibility transfer that doesn't exist.")
	putTransfer   = upsert("responsibility_transfers", "id", transferColumns+", source, forget_at")
)

const (
	transferColumns = "id, kind, name, target, source_type, source_id, status, handshake, expires_at, resolved_at, starts_at, ends_at"
	selectTransfer  = "SELECT " + transferColumns + " FROM responsibility_transfers WHERE "
	// agreedTransfer is one that was agreed on and has not ended at a time.
	agreedTransfer = "status IN ('ACCEPTED', 'WITHDRAWN') AND (ends_at = 0 OR ends_at > ?)"
)

func scanTransfer(r sqldb.Row) (t org.Transfer, err error) {
	return t, r.Scan(&t.ID, &t.Type, &t.Name, &t.Target, &t.Source.Type, &t.Source.ID, &t.Status, &t.Handshake,
		sqldb.AsTime(&t.ExpiresAt), sqldb.AsTime(&t.ResolvedAt), sqldb.AsTime(&t.StartsAt), sqldb.AsTime(&t.EndsAt))
}

func (t *tx) Transfer(id string) (org.Transfer, error) {
	found, err := one(t, scanTransfer, selectTransfer+"id = ?", id)
	return orNone(found, err, errNoTransfer)
}

func (t *tx) TransfersTo(organization string, p page.Request) (page.Page[org.Transfer], error) {
	return t.transfers("target = ?", []any{organization}, p)
}

func (t *tx) TransfersFrom(parties []org.Party, p page.Request) (page.Page[org.Transfer], error) {
	if len(parties) == 0 {
		return page.Page[org.Transfer]{}, nil
	}
	names := make([]any, len(parties))
	for i, party := range parties {
		names[i] = party.Key()
	}
	return t.transfers("source IN (?"+strings.Repeat(", ?", len(names)-1)+")", names, p)
}

func (t *tx) transfers(where string, args []any, p page.Request) (page.Page[org.Transfer], error) {
	limit := limitOf(p)
	items, err := all(t, scanTransfer, selectTransfer+where+" AND id > ? ORDER BY id LIMIT ?", append(args, p.After, limit+1)...)
	return page.Cut(items, limit, func(found org.Transfer) string { return found.ID }), err
}

func (t *tx) AgreedTransfersTo(organization string, at time.Time) (direct, below int, err error) {
	direct, err = one(t, sqldb.Value[int], "SELECT count(*) FROM responsibility_transfers WHERE target = ? AND "+agreedTransfer,
		organization, sqldb.Micros(at))
	if err != nil || direct == 0 {
		return direct, 0, err
	}
	// Who gives one is an organization by then.
	below, err = one(t, sqldb.Value[int], "SELECT count(*) FROM responsibility_transfers WHERE "+agreedTransfer+
		" AND target IN (SELECT source_id FROM responsibility_transfers WHERE target = ? AND "+agreedTransfer+")",
		sqldb.Micros(at), organization, sqldb.Micros(at))
	return direct, below, err
}

func (t *tx) AgreedTransferFrom(organization string, at time.Time) (org.Transfer, error) {
	from := org.Party{Type: org.OrganizationParty, ID: organization}
	found, err := one(t, scanTransfer, selectTransfer+"source = ? AND "+agreedTransfer+" ORDER BY starts_at LIMIT 1", from.Key(), sqldb.Micros(at))
	return orNone(found, err, errNoTransfer)
}

func (t *tx) PutTransfer(v org.Transfer) error {
	forget := v.ForgetAt()
	if forget.IsZero() {
		forget = v.StartsAt.Add(underWay)
	}
	_, err := t.exec(putTransfer, v.ID, string(v.Type), v.Name, v.Target, string(v.Source.Type), v.Source.ID, string(v.Status), v.Handshake,
		sqldb.Micros(v.ExpiresAt), sqldb.Micros(v.ResolvedAt), sqldb.Micros(v.StartsAt), sqldb.Micros(v.EndsAt), v.Source.Key(), sqldb.Micros(forget))
	t.note(store.KeyTransfer(v.ID))
	return err
}
