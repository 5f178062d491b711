package sqlstore

import (
	"fmt"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoAssignment = fault.New(fault.NotFound, "no-assignment", "The assignment does not exist.")
	errNoAssignable = fault.New(fault.NotFound, "no-account-or-permission-set", "The account or the permission set does not exist.")

	putAssignment = upsert("assignments", "principal_type, principal_id, account, permission_set", assignmentColumns)
)

const assignmentColumns = "account, permission_set, principal_type, principal_id, created_at, from_file"

func scanAssignment(r sqldb.Row) (a access.Assignment, err error) {
	return a, r.Scan(&a.Account, &a.PermissionSet, &a.PrincipalType, &a.PrincipalID, sqldb.AsTime(&a.CreatedAt), &a.FromFile)
}

// Assignments returns them in order of principal, account and set, which is
// their key.
func (t *tx) Assignments(p page.Request) (page.Page[access.Assignment], error) {
	limit := limitOf(p)
	after := strings.SplitN(p.After, "/", 4)
	for len(after) < 4 {
		after = append(after, "")
	}
	items, err := all(t, scanAssignment, "SELECT "+assignmentColumns+` FROM assignments
WHERE (principal_type, principal_id, account, permission_set) > (?, ?, ?, ?)
ORDER BY principal_type, principal_id, account, permission_set LIMIT ?`, after[0], after[1], after[2], after[3], limit+1)
	return page.Cut(items, limit, func(a access.Assignment) string {
		return string(a.PrincipalType) + "/" + a.PrincipalID + "/" + a.Account + "/" + a.PermissionSet
	}), err
}

func (t *tx) AssignmentsInAccount(account string) ([]access.Assignment, error) {
	return all(t, scanAssignment, "SELECT "+assignmentColumns+" FROM assignments WHERE account = ? ORDER BY permission_set, principal_type, principal_id", account)
}

func (t *tx) GroupsAssigned(account, permissionSet string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM assignments WHERE account = ? AND permission_set = ? AND principal_type = ?",
		account, permissionSet, string(access.ToGroup))
}

func (t *tx) Assigned(a access.Assignment) (access.Assignment, error) {
	a, err := one(t, scanAssignment, "SELECT "+assignmentColumns+` FROM assignments
WHERE principal_type = ? AND principal_id = ? AND account = ? AND permission_set = ?`, string(a.PrincipalType), a.PrincipalID, a.Account, a.PermissionSet)
	return orNone(a, err, errNoAssignment)
}

func (t *tx) AssignmentsOf(account, permissionSet string, p page.Request) (page.Page[access.Assignment], error) {
	limit := limitOf(p)
	kind, id, _ := strings.Cut(p.After, "/")
	items, err := all(t, scanAssignment, "SELECT "+assignmentColumns+` FROM assignments
WHERE account = ? AND permission_set = ? AND (principal_type, principal_id) > (?, ?)
ORDER BY principal_type, principal_id LIMIT ?`, account, permissionSet, kind, id, limit+1)
	return page.Cut(items, limit, func(a access.Assignment) string { return string(a.PrincipalType) + "/" + a.PrincipalID }), err
}

func (t *tx) AssignmentsTo(kind access.PrincipalType, principal, account string, p page.Request) (page.Page[access.Assignment], error) {
	limit := limitOf(p)
	afterAccount, afterSet, _ := strings.Cut(p.After, "/")
	where, args := "principal_type = ? AND principal_id = ?", []any{string(kind), principal}
	if account != "" {
		where, args = where+" AND account = ?", append(args, account)
	}
	items, err := all(t, scanAssignment, "SELECT "+assignmentColumns+" FROM assignments WHERE "+where+
		" AND (account, permission_set) > (?, ?) ORDER BY account, permission_set LIMIT ?", append(args, afterAccount, afterSet, limit+1)...)
	return page.Cut(items, limit, func(a access.Assignment) string { return a.Account + "/" + a.PermissionSet }), err
}

// PutAssignment is NotFound if there is no such account or permission set. That
// the principal exists is the caller's to see to.
func (t *tx) PutAssignment(a access.Assignment) error {
	_, err := t.exec(putAssignment, a.Account, a.PermissionSet, string(a.PrincipalType), a.PrincipalID, sqldb.Micros(a.CreatedAt), a.FromFile)
	if unreferenced(err) {
		return errNoAssignable.Wrap(err)
	}
	t.noteAssignment(a)
	return err
}

// AddAssignments is NotFound if there is no such account or permission set.
func (t *tx) AddAssignments(some []access.Assignment) error {
	err := insertAll(t, "assignments", assignmentColumns, "", some, func(a access.Assignment) ([]any, error) {
		t.noteAssignment(a)
		return []any{a.Account, a.PermissionSet, string(a.PrincipalType), a.PrincipalID, sqldb.Micros(a.CreatedAt), a.FromFile}, nil
	})
	if unreferenced(err) {
		return errNoAssignable.Wrap(err)
	}
	return err
}

func (t *tx) noteAssignment(a access.Assignment) {
	t.note(store.KeyAssignments(a.Account))
	t.note(store.KeyAssigned(a.PrincipalID))
}

func (t *tx) DeleteAssignment(a access.Assignment) error {
	n, err := t.exec("DELETE FROM assignments WHERE principal_type = ? AND principal_id = ? AND account = ? AND permission_set = ?",
		string(a.PrincipalType), a.PrincipalID, a.Account, a.PermissionSet)
	t.noteAssignment(a)
	return mustChange(n, err, errNoAssignment)
}

// dropAssignmentsTo removes all assignments to a principal, those of applications
// too, and has the roles looked at that may now be for nobody.
func (t *tx) dropAssignmentsTo(kind access.PrincipalType, id string) error {
	idle, err := t.exec(`INSERT INTO idle_roles (permission_set, account)
SELECT permission_set, account FROM assignments WHERE principal_type = ? AND principal_id = ?
ON CONFLICT (permission_set, account) DO NOTHING`, string(kind), id)
	if err != nil {
		return err
	}
	if idle > 0 {
		t.note(store.KeyAccessRequests())
	}
	accounts, err := strs(t, "DELETE FROM assignments WHERE principal_type = ? AND principal_id = ? RETURNING account", string(kind), id)
	for _, a := range accounts {
		t.note(store.KeyAssignments(a))
		t.note(store.KeyAssigned(id))
	}
	if err != nil {
		return err
	}
	return t.dropApplicationAssignmentsTo(kind, id)
}

// accountsOf jumps through the primary key of assignments: from one account to
// the next in which the user or one of the groups holds anything. Each step
// costs one search per principal, however many assignments there are.
var accountsOf = accountsBy(`SELECT min(a.account) FROM assignments a
                      WHERE a.principal_type = h.kind AND a.principal_id = h.id AND a.account > %s`)

// accountsOfPostgreSQL asks in the order of the whole key. Where few principals hold
// much, that planner would else look for a principal's next account in the index by
// accounts, among everybody's; SQLite needs the equations to enter the key.
var accountsOfPostgreSQL = accountsBy(`SELECT CASE WHEN a.principal_type = h.kind AND a.principal_id = h.id THEN a.account END FROM assignments a
                      WHERE (a.principal_type, a.principal_id, a.account) > (h.kind, h.id, %s)
                      ORDER BY a.principal_type, a.principal_id, a.account LIMIT 1`)

// accountsBy is the statement of which next finds the account of the holder h after
// one.
func accountsBy(next string) string {
	return `
WITH RECURSIVE
holder (kind, id) AS (
  SELECT 'USER', id FROM users WHERE id = ?
  UNION ALL
  SELECT 'GROUP', group_id FROM memberships WHERE user_id = ?
),
step (account, n) AS (
  SELECT (SELECT min((` + fmt.Sprintf(next, "?") + `)) FROM holder h), 1
  UNION ALL
  SELECT (SELECT min((` + fmt.Sprintf(next, "step.account") + `)) FROM holder h), step.n + 1
  FROM step WHERE step.account IS NOT NULL AND step.n < ?
)
SELECT a.id, a.name, a.email, a.alias, a.status, a.organization, a.org_path, a.joined_method, a.joined_at, a.created_at, a.from_file
FROM step CROSS JOIN accounts a WHERE a.id = step.account ORDER BY step.account`
}

// permissionSetsOf begins with what is held, which bounds its cost.
const permissionSetsOf = `
SELECT p.id, p.instance, p.name, p.description, p.session_seconds, p.relay_state, p.managed_policies, p.customer_policies,
       p.inline_policy, p.boundary, p.tags, p.created_at, p.from_file
FROM (
  SELECT permission_set FROM assignments WHERE principal_type = 'USER' AND principal_id = ? AND account = ?
  UNION
  SELECT a.permission_set FROM memberships m CROSS JOIN assignments a
  WHERE m.user_id = ? AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id AND a.account = ?
) held CROSS JOIN permission_sets p
WHERE p.id = held.permission_set AND p.name > ?
ORDER BY p.name LIMIT ?`

// holds looks each of the user's groups up; CROSS JOIN keeps SQLite from going
// through all the assignments of the set instead.
const holds = `
SELECT CASE WHEN
  EXISTS (SELECT 1 FROM assignments
          WHERE principal_type = 'USER' AND principal_id = ? AND account = ? AND permission_set = ?)
  OR EXISTS (SELECT 1 FROM memberships m CROSS JOIN assignments a
          WHERE m.user_id = ? AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
            AND a.account = ? AND a.permission_set = ?)
THEN 1 ELSE 0 END`

func (t *tx) AccountsOf(user string, p page.Request) (page.Page[account.Account], error) {
	limit, statement := limitOf(p), accountsOf
	if t.sql.PostgreSQL() {
		statement = accountsOfPostgreSQL
	}
	items, err := all(t, scanAccount, statement, user, user, p.After, limit+1)
	return page.Cut(items, limit, func(a account.Account) string { return a.ID }), err
}

func (t *tx) PermissionSetsOf(user, account string, p page.Request) (page.Page[access.PermissionSet], error) {
	limit := limitOf(p)
	items, err := all(t, scanPermissionSet, permissionSetsOf, user, account, user, account, p.After, limit+1)
	return page.Cut(items, limit, func(s access.PermissionSet) string { return s.Name }), err
}

func (t *tx) Holds(user, account, permissionSet string) (bool, error) {
	return one(t, sqldb.Value[bool], holds, user, account, permissionSet, user, account, permissionSet)
}
