package sqlstore

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/support"
)

var (
	errNoAttachmentSet = fault.New(fault.NotFound, "no-attachment-set", "The attachment set does not exist.")
	errNoAttachment    = fault.New(fault.NotFound, "no-attachment", "The attachment does not exist.")

	putAttachmentSet = upsert("support_attachment_sets", "id", attachmentSetColumns+", forget_at")
)

const (
	attachmentSetColumns = "id, account, case_id, created_at, expires_at"
	supportFileColumns   = "id, set_id, file_name, sealed, forget_at"
	putAttachment        = "INSERT INTO support_attachments (" + supportFileColumns + ") VALUES (?, ?, ?, ?, ?)"

	// Sealing adds some bytes to each file.
	attachedBytes = "SELECT COALESCE(SUM(LENGTH(a.sealed)), 0) FROM support_attachment_sets s JOIN support_attachments a ON a.set_id = s.id" +
		" WHERE s.account = ? AND a.forget_at > ?"

	// setRemembered is how long a set that went nowhere is known to have expired.
	setRemembered = 24 * time.Hour
)

func (t *tx) AttachmentSet(id string) (support.AttachmentSet, error) {
	s, err := one(t, func(r sqldb.Row) (s support.AttachmentSet, err error) {
		return s, r.Scan(&s.ID, &s.Account, &s.CaseID, sqldb.AsTime(&s.CreatedAt), sqldb.AsTime(&s.ExpiresAt))
	}, "SELECT "+attachmentSetColumns+" FROM support_attachment_sets WHERE id = ?", id)
	return orNone(s, err, errNoAttachmentSet)
}

func (t *tx) PutAttachmentSet(s support.AttachmentSet) error {
	forget := s.ExpiresAt.Add(setRemembered)
	if s.CaseID != "" {
		forget = forget.Add(support.Kept)
	}
	_, err := t.exec(putAttachmentSet, s.ID, s.Account, s.CaseID, sqldb.Micros(s.CreatedAt), sqldb.Micros(s.ExpiresAt), sqldb.Micros(forget))
	return noAccount(err)
}

func (t *tx) AttachmentSetCount(account string, since time.Time) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM support_attachment_sets WHERE account = ? AND created_at > ?", account, sqldb.Micros(since))
}

func (t *tx) AttachedBytes(account string, now time.Time) (int64, error) {
	return one(t, sqldb.Value[int64], attachedBytes, account, sqldb.Micros(now))
}

func (t *tx) Attachment(id string) (support.Attachment, error) {
	a, err := one(t, func(r sqldb.Row) (a support.Attachment, err error) {
		var sealed []byte
		if err := r.Scan(&a.ID, &a.Set, &a.FileName, &sealed, sqldb.AsTime(&a.KeptUntil)); err != nil {
			return a, err
		}
		a.Data, err = t.unseal(a.ID, sealed)
		return a, err
	}, "SELECT "+supportFileColumns+" FROM support_attachments WHERE id = ?", id)
	return orNone(a, err, errNoAttachment)
}

func (t *tx) PutAttachment(a support.Attachment) error {
	_, err := t.exec(putAttachment, a.ID, a.Set, a.FileName, t.seal(a.ID, a.Data), sqldb.Micros(a.KeptUntil))
	if unreferenced(err) {
		return errNoAttachmentSet.Wrap(err)
	}
	return err
}

func (t *tx) KeepAttachments(set string, until time.Time) error {
	_, err := t.exec("UPDATE support_attachments SET forget_at = ? WHERE set_id = ?", sqldb.Micros(until), set)
	return err
}

func (t *tx) AttachedIn(set string) ([]support.Attached, error) {
	return all(t, func(r sqldb.Row) (a support.Attached, err error) { return a, r.Scan(&a.ID, &a.FileName) },
		"SELECT id, file_name FROM support_attachments WHERE set_id = ? ORDER BY id", set)
}
