package sqlstore

import (
	"encoding/json"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

var (
	errNoSupportCase = fault.New(fault.NotFound, "no-support-case", "The support case does not exist.")
	errNoCheckResult = fault.New(fault.NotFound, "no-check-result", "The check was never asked for.")

	putSupportCase = upsert("support_cases", "id", supportCaseColumns+", forget_at")
	putCheckResult = upsert("support_check_results", "account, check_id", "account, check_id, content")
)

const (
	supportCaseColumns = "id, display_id, account, account_hint, subject, issue_type, service, category, severity, language, status, cc," +
		" email, submitted_by, created_at, updated_at"
	selectSupportCase = "SELECT " + supportCaseColumns + " FROM support_cases WHERE "

	communicationColumns = "id, case_id, sealed, submitted_by, attachments, created_at"
	putCommunication     = "INSERT INTO support_communications (" + communicationColumns + ", forget_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)

func (t *tx) SupportCase(id string) (support.Case, error) {
	c, err := one(t, scanSupportCase, selectSupportCase+"id = ?", id)
	return orNone(c, err, errNoSupportCase)
}

func (t *tx) SupportCaseByDisplayID(displayID string) (support.Case, error) {
	c, err := one(t, scanSupportCase, selectSupportCase+"display_id = ?", displayID)
	return orNone(c, err, errNoSupportCase)
}

func scanSupportCase(r sqldb.Row) (c support.Case, err error) {
	var account *string
	err = r.Scan(&c.ID, &c.DisplayID, &account, &c.AccountHint, &c.Subject, &c.IssueType, &c.ServiceCode, &c.CategoryCode, &c.SeverityCode,
		&c.Language, &c.Status, asList(&c.CC), &c.Email, &c.SubmittedBy, sqldb.AsTime(&c.CreatedAt), sqldb.AsTime(&c.UpdatedAt))
	if account != nil {
		c.Account = *account
	}
	return c, err
}

func (t *tx) PutSupportCase(c support.Case) error {
	_, err := t.exec(putSupportCase, c.ID, c.DisplayID, orNull(c.Account), c.AccountHint, c.Subject, string(c.IssueType), c.ServiceCode, c.CategoryCode,
		c.SeverityCode, c.Language, string(c.Status), list(c.CC), c.Email, c.SubmittedBy, sqldb.Micros(c.CreatedAt), sqldb.Micros(c.UpdatedAt),
		sqldb.Micros(c.UpdatedAt.Add(support.Kept)))
	t.note(store.KeySupportCase(c.ID))
	return noAccount(err)
}

// SupportCasesOf reads by the index of (account, display_id) and skips what the
// filter leaves out.
func (t *tx) SupportCasesOf(account string, f support.CaseFilter, p page.Request) (page.Page[support.Case], error) {
	query, args := selectSupportCase+"account = ?", []any{account}
	if !f.Resolved {
		query += " AND status <> 'resolved'"
	}
	if f.Language != "" {
		query, args = query+" AND language = ?", append(args, f.Language)
	}
	query, args = between(query, args, f.Between)
	return newestFirst(t, scanSupportCase, query, args, "display_id", p, func(c support.Case) string { return c.DisplayID })
}

func (t *tx) SupportCases(resolved bool, p page.Request) (page.Page[support.Case], error) {
	query := selectSupportCase + "1 = 1"
	if !resolved {
		query += " AND status <> 'resolved'"
	}
	return newestFirst(t, scanSupportCase, query, nil, "display_id", p, func(c support.Case) string { return c.DisplayID })
}

func (t *tx) SupportCaseCount(account string, since time.Time) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM support_cases WHERE account = ? AND created_at > ?", account, sqldb.Micros(since))
}

func between(query string, args []any, b support.Between) (string, []any) {
	if !b.After.IsZero() {
		query, args = query+" AND created_at > ?", append(args, sqldb.Micros(b.After))
	}
	if !b.Before.IsZero() {
		query, args = query+" AND created_at < ?", append(args, sqldb.Micros(b.Before))
	}
	return query, args
}

// newestFirst is a page of what query finds, from the end of the index on order,
// which is also the page's key.
func newestFirst[T any](t *tx, scan func(sqldb.Row) (T, error), query string, args []any, order string, p page.Request, key func(T) string) (page.Page[T], error) {
	if p.After != "" {
		query, args = query+" AND "+order+" < ?", append(args, p.After)
	}
	limit := limitOf(p)
	items, err := all(t, scan, query+" ORDER BY "+order+" DESC LIMIT ?", append(args, limit+1)...)
	return page.Cut(items, limit, key), err
}

func (t *tx) PutCommunication(c support.Communication) error {
	attachments, err := json.Marshal(c.Attachments)
	if err != nil {
		return err
	}
	_, err = t.exec(putCommunication, c.ID, c.CaseID, t.seal(c.ID, []byte(c.Body)), c.SubmittedBy, string(attachments),
		sqldb.Micros(c.CreatedAt), sqldb.Micros(c.CreatedAt.Add(support.Kept)))
	t.note(store.KeySupportCase(c.CaseID))
	if unreferenced(err) {
		return errNoSupportCase.Wrap(err)
	}
	return err
}

func (t *tx) Communications(caseID string, b support.Between, p page.Request) (page.Page[support.Communication], error) {
	query, args := between("SELECT "+communicationColumns+" FROM support_communications WHERE case_id = ?", []any{caseID}, b)
	return newestFirst(t, t.scanCommunication, query, args, "id", p, func(c support.Communication) string { return c.ID })
}

func (t *tx) scanCommunication(r sqldb.Row) (c support.Communication, err error) {
	var sealed []byte
	var attachments string
	if err := r.Scan(&c.ID, &c.CaseID, &sealed, &c.SubmittedBy, &attachments, sqldb.AsTime(&c.CreatedAt)); err != nil {
		return c, err
	}
	body, err := t.unseal(c.ID, sealed)
	if err != nil {
		return c, err
	}
	c.Body = string(body)
	return c, json.Unmarshal([]byte(attachments), &c.Attachments)
}

func (t *tx) CommunicationCount(caseID string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM support_communications WHERE case_id = ?", caseID)
}

func (t *tx) CheckResult(account, check string) (r support.Result, err error) {
	content, err := one(t, sqldb.Value[string], "SELECT content FROM support_check_results WHERE account = ? AND check_id = ?", account, check)
	if err != nil {
		return orNone(r, err, errNoCheckResult)
	}
	return r, json.Unmarshal([]byte(content), &r)
}

func (t *tx) PutCheckResult(account, check string, r support.Result) error {
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = t.exec(putCheckResult, account, check, string(content))
	return noAccount(err)
}
