package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var errNotAttached = fault.New(fault.NotFound, "not-attached", "The policy is not attached.")

const (
	attachmentColumns = "owner, owner_kind, account, policy_arn, attached_at"

	attach = "INSERT INTO iam_attachments (" + attachmentColumns + ") VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner, policy_arn) DO NOTHING"

	attachments = "SELECT " + attachmentColumns + " FROM iam_attachments WHERE owner = ? ORDER BY policy_arn"

	attachmentsOf = "SELECT " + attachmentColumns + " FROM iam_attachments WHERE account = ? AND policy_arn = ? AND owner > ?" +
		" ORDER BY owner LIMIT ?"

	attachmentCount = "SELECT count(*) FROM iam_attachments WHERE account = ? AND policy_arn = ?"

	// The indexes of boundaries leave out those who have none; that no row with ''
	// is asked for has to be said to use them.
	boundedBy = "SELECT id FROM iam_users WHERE account = ? AND boundary = ? AND boundary <> ''" +
		" UNION ALL SELECT id FROM roles WHERE account = ? AND boundary = ? AND boundary <> '' ORDER BY id"
)

func scanAttachment(r sqldb.Row) (a iam.Attachment, err error) {
	return a, r.Scan(&a.Owner, &a.OwnerKind, &a.Account, &a.PolicyARN, sqldb.AsTime(&a.AttachedAt))
}

func (t *tx) Attachments(owner string) ([]iam.Attachment, error) {
	return all(t, scanAttachment, attachments, owner)
}

func (t *tx) Attach(a iam.Attachment) error {
	n, err := t.exec(attach, a.Owner, string(a.OwnerKind), a.Account, a.PolicyARN, sqldb.Micros(a.AttachedAt))
	if err == nil && n > 0 {
		t.note(store.KeyPolicies(a.Owner))
	}
	return noAccount(err)
}

func (t *tx) AttachAll(some []iam.Attachment) error {
	return noAccount(insertAll(t, "iam_attachments", attachmentColumns, "", some, func(a iam.Attachment) ([]any, error) {
		t.note(store.KeyPolicies(a.Owner))
		return []any{a.Owner, string(a.OwnerKind), a.Account, a.PolicyARN, sqldb.Micros(a.AttachedAt)}, nil
	}))
}

func (t *tx) Detach(owner, policyARN string) error {
	n, err := t.exec("DELETE FROM iam_attachments WHERE owner = ? AND policy_arn = ?", owner, policyARN)
	t.note(store.KeyPolicies(owner))
	return mustChange(n, err, errNotAttached)
}

// AttachmentsOf's keys are the owners' ids.
func (t *tx) AttachmentsOf(account, policyARN string, p page.Request) (page.Page[iam.Attachment], error) {
	limit := limitOf(p)
	items, err := all(t, scanAttachment, attachmentsOf, account, policyARN, p.After, limit+1)
	return page.Cut(items, limit, func(a iam.Attachment) string { return a.Owner }), err
}

func (t *tx) AttachmentCount(account, policyARN string) (int, error) {
	return one(t, sqldb.Value[int], attachmentCount, account, policyARN)
}

func (t *tx) BoundedBy(account, policyARN string) ([]string, error) {
	return strs(t, boundedBy, account, policyARN, account, policyARN)
}
