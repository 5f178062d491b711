package sqlstore

import (
	"encoding/json"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
)

var (
	errNoCredentialReport = fault.New(fault.NotFound, "no-credential-report", "The account has no credential report.")
	errNoAccessReport     = fault.New(fault.NotFound, "no-access-report", "The report does not exist.")

	putCredentialReport = upsert("credential_reports", "account", "account, content, generated_at")
	putAccessReport     = upsert("access_reports", "id", "id, account, content, forget_at")
)

func (t *tx) CredentialReport(account string) (iam.CredentialReport, error) {
	r, err := one(t, func(row sqldb.Row) (r iam.CredentialReport, err error) {
		return r, row.Scan(&r.Account, &r.Content, sqldb.AsTime(&r.GeneratedAt))
	}, "SELECT account, content, generated_at FROM credential_reports WHERE account = ?", account)
	return orNone(r, err, errNoCredentialReport)
}

func (t *tx) PutCredentialReport(r iam.CredentialReport) error {
	_, err := t.exec(putCredentialReport, r.Account, r.Content, sqldb.Micros(r.GeneratedAt))
	return noAccount(err)
}

func (t *tx) AccessReport(account, id string) (r iam.AccessReport, err error) {
	content, err := one(t, sqldb.Value[string], "SELECT content FROM access_reports WHERE id = ? AND account = ?", id, account)
	if err != nil {
		return orNone(r, err, errNoAccessReport)
	}
	return r, json.Unmarshal([]byte(content), &r)
}

func (t *tx) PutAccessReport(r iam.AccessReport) error {
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = t.exec(putAccessReport, r.ID, r.Account, string(content), sqldb.Micros(r.CreatedAt.Add(iam.AccessReportLifetime)))
	return noAccount(err)
}
