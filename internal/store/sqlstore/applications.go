package sqlstore

import (
	"encoding/json"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoApplication           = fault.New(fault.NotFound, "no-application", "The application does not exist.")
	errNoApplicationAssignment = fault.New(fault.NotFound, "no-application-assignment", "The principal is not assigned to the application.")
	errNoClientRequest         = fault.New(fault.NotFound, "no-client-request", "There was no such request.")

	putApplication              = upsert("applications", "id", applicationColumns)
	putApplicationConfiguration = upsert("application_configurations", "application", "application, content")
	putClientRequest            = upsert("client_requests", "request_key", clientRequestColumns)
)

const (
	applicationColumns = "id, instance, account, provider, name, description, status, visibility, origin, url, assignment_required," +
		" tags, created_at, created_from, from_file"
	selectApplication  = "SELECT " + applicationColumns + " FROM applications WHERE "
	applicationsByName = " AND (name, id) > (?, ?) ORDER BY name, id LIMIT ?"

	applicationAssignmentColumns = "application, principal_type, principal_id, created_at"
	selectApplicationAssignment  = "SELECT " + applicationAssignmentColumns + " FROM application_assignments WHERE "
	putApplicationAssignment     = "INSERT INTO application_assignments (" + applicationAssignmentColumns + ") VALUES (?, ?, ?, ?)" +
		" ON CONFLICT (principal_type, principal_id, application) DO NOTHING"

	clientRequestColumns = "request_key, digest, result, forget_at"

	// applicationAssignmentsToUser finds what the user and the user's groups hold,
	// which bounds its cost, before it looks for the page: by the order of the page,
	// PostgreSQL would go through everybody's.
	applicationAssignmentsToUser = `
WITH held AS MATERIALIZED (
  SELECT application, principal_type, principal_id, created_at FROM application_assignments WHERE principal_type = 'USER' AND principal_id = ?
  UNION ALL
  SELECT a.application, a.principal_type, a.principal_id, a.created_at FROM memberships m CROSS JOIN application_assignments a
  WHERE m.user_id = ? AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
)
SELECT application, principal_type, principal_id, created_at FROM held
WHERE (application, principal_type, principal_id) > (?, ?, ?) AND application >= ? AND application <= ?
ORDER BY application, principal_type, principal_id LIMIT ?`

	// applicationsVisible begins with what is assigned to the user and what is open
	// to all of the instance, so that the others cost nothing.
	applicationsVisible = `
WITH held (id) AS MATERIALIZED (
  SELECT application FROM application_assignments WHERE principal_type = 'USER' AND principal_id = ?
  UNION
  SELECT a.application FROM memberships m CROSS JOIN application_assignments a
  WHERE m.user_id = ? AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
  UNION
  SELECT o.id FROM users u CROSS JOIN instances i CROSS JOIN applications o
  WHERE u.id = ? AND i.directory_id = u.directory AND o.instance = i.id AND o.assignment_required = 0
)
SELECT p.id, p.instance, p.account, p.provider, p.name, p.description, p.status, p.visibility, p.origin, p.url, p.assignment_required,
       p.tags, p.created_at, p.created_from, p.from_file
FROM held CROSS JOIN applications p
WHERE p.id = held.id AND p.status = 'ENABLED' AND p.visibility = 'ENABLED' AND (p.name, p.id) > (?, ?)
ORDER BY p.name, p.id LIMIT ?`

	// lastApplication is greater than every application's id.
	lastApplication = "apm"
)

func scanApplication(r sqldb.Row) (a application.Application, err error) {
	return a, r.Scan(&a.ID, &a.Instance, &a.Account, &a.Provider, &a.Name, &a.Description, &a.Status, &a.Visibility, &a.SignIn.Origin, &a.SignIn.URL,
		&a.AssignmentRequired, asTags(&a.Tags), sqldb.AsTime(&a.CreatedAt), &a.CreatedFrom, &a.FromFile)
}

func (t *tx) Application(id string) (application.Application, error) {
	a, err := one(t, scanApplication, selectApplication+"id = ?", id)
	return orNone(a, err, errNoApplication)
}

// Applications enters the index of the instance, or of the instance and account,
// where the page begins.
func (t *tx) Applications(instance string, f application.Filter, p page.Request) (page.Page[application.Application], error) {
	query, args := selectApplication+"instance = ?", []any{instance}
	if f.Account != "" {
		query, args = query+" AND account = ?", append(args, f.Account)
	}
	if f.Provider != "" {
		query, args = query+" AND provider = ?", append(args, f.Provider)
	}
	return byName(t, scanApplication, query+applicationsByName, args, p, func(a application.Application) (id, name string) { return a.ID, a.Name })
}

// byName is a page of a statement that ends with (name, id) > (?, ?) and a limit.
// The page's keys are id and name.
func byName[T any](t *tx, scan func(sqldb.Row) (T, error), query string, args []any, p page.Request, place func(T) (id, name string)) (page.Page[T], error) {
	id, name, _ := strings.Cut(p.After, " ")
	limit := limitOf(p)
	items, err := all(t, scan, query, append(args, name, id, limit+1)...)
	return page.Cut(items, limit, func(v T) string {
		id, name := place(v)
		return id + " " + name
	}), err
}

func (t *tx) ApplicationCount(instance string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM applications WHERE instance = ?", instance)
}

func (t *tx) PutApplication(a application.Application) error {
	_, err := t.exec(putApplication, a.ID, a.Instance, a.Account, a.Provider, a.Name, a.Description, string(a.Status), string(a.Visibility),
		string(a.SignIn.Origin), a.SignIn.URL, oneIf(a.AssignmentRequired), tagList(a.Tags), sqldb.Micros(a.CreatedAt), a.CreatedFrom, a.FromFile)
	t.note(store.KeyApplication(a.ID))
	if unreferenced(err) {
		return errNoInstance.Wrap(err)
	}
	return err
}

func (t *tx) DeleteApplication(id string) error {
	for _, statement := range []string{
		"DELETE FROM application_assignments WHERE application = ?",
		"DELETE FROM application_configurations WHERE application = ?",
	} {
		if _, err := t.exec(statement, id); err != nil {
			return err
		}
	}
	n, err := t.exec("DELETE FROM applications WHERE id = ?", id)
	t.note(store.KeyApplication(id))
	return mustChange(n, err, errNoApplication)
}

func (t *tx) DeleteApplicationsOf(instance string) error {
	for _, statement := range []string{
		"DELETE FROM application_assignments WHERE application IN (SELECT id FROM applications WHERE instance = ?)",
		"DELETE FROM application_configurations WHERE application IN (SELECT id FROM applications WHERE instance = ?)",
	} {
		if _, err := t.exec(statement, instance); err != nil {
			return err
		}
	}
	gone, err := strs(t, "DELETE FROM applications WHERE instance = ? RETURNING id", instance)
	for _, id := range gone {
		t.note(store.KeyApplication(id))
	}
	if err != nil {
		return err
	}
	gone, err = strs(t, "DELETE FROM token_issuers WHERE instance = ? RETURNING id", instance)
	for _, id := range gone {
		t.note(store.KeyTokenIssuer(id))
	}
	return err
}

func (t *tx) ApplicationConfiguration(id string) (c application.Configuration, err error) {
	content, err := one(t, sqldb.Value[string], "SELECT content FROM application_configurations WHERE application = ?", id)
	if fault.Is(err, fault.NotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(content), &c)
}

// PutApplicationConfiguration is NotFound if there is no such application.
func (t *tx) PutApplicationConfiguration(id string, c application.Configuration) error {
	content, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = t.exec(putApplicationConfiguration, id, string(content))
	t.note(store.KeyApplication(id))
	if unreferenced(err) {
		return errNoApplication.Wrap(err)
	}
	return err
}

func scanApplicationAssignment(r sqldb.Row) (a application.Assignment, err error) {
	return a, r.Scan(&a.Application, &a.PrincipalType, &a.PrincipalID, sqldb.AsTime(&a.CreatedAt))
}

func (t *tx) ApplicationAssignment(a application.Assignment) (application.Assignment, error) {
	a, err := one(t, scanApplicationAssignment, selectApplicationAssignment+"principal_type = ? AND principal_id = ? AND application = ?",
		string(a.PrincipalType), a.PrincipalID, a.Application)
	return orNone(a, err, errNoApplicationAssignment)
}

// ApplicationAssignments' keys are principal type and id.
func (t *tx) ApplicationAssignments(id string, p page.Request) (page.Page[application.Assignment], error) {
	kind, principal, _ := strings.Cut(p.After, " ")
	limit := limitOf(p)
	items, err := all(t, scanApplicationAssignment, selectApplicationAssignment+
		"application = ? AND (principal_type, principal_id) > (?, ?) ORDER BY principal_type, principal_id LIMIT ?", id, kind, principal, limit+1)
	return page.Cut(items, limit, func(a application.Assignment) string { return string(a.PrincipalType) + " " + a.PrincipalID }), err
}

// ApplicationAssignmentsTo's keys are application, principal type and id.
func (t *tx) ApplicationAssignmentsTo(kind access.PrincipalType, principal, id string, p page.Request) (page.Page[application.Assignment], error) {
	first, last := id, id
	if id == "" {
		last = lastApplication
	}
	after := append(strings.SplitN(p.After, " ", 3), "", "")
	limit := limitOf(p)
	var items []application.Assignment
	var err error
	if kind == access.ToUser {
		items, err = all(t, scanApplicationAssignment, applicationAssignmentsToUser, principal, principal, after[0], after[1], after[2], first, last, limit+1)
	} else {
		items, err = all(t, scanApplicationAssignment, selectApplicationAssignment+"principal_type = ? AND principal_id = ?"+
			" AND application > ? AND application >= ? AND application <= ? ORDER BY application LIMIT ?",
			string(kind), principal, after[0], first, last, limit+1)
	}
	return page.Cut(items, limit, func(a application.Assignment) string {
		return a.Application + " " + string(a.PrincipalType) + " " + a.PrincipalID
	}), err
}

func (t *tx) ApplicationGroupCount(id string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM application_assignments WHERE application = ? AND principal_type = 'GROUP'", id)
}

// PutApplicationAssignment is NotFound if there is no such application. That the
// principal exists is the caller's to see to.
func (t *tx) PutApplicationAssignment(a application.Assignment) error {
	_, err := t.exec(putApplicationAssignment, a.Application, string(a.PrincipalType), a.PrincipalID, sqldb.Micros(a.CreatedAt))
	t.noteApplicationAssignment(a.Application, a.PrincipalID)
	if unreferenced(err) {
		return errNoApplication.Wrap(err)
	}
	return err
}

func (t *tx) noteApplicationAssignment(id, principal string) {
	t.note(store.KeyApplication(id))
	t.note(store.KeyAssigned(principal))
}

func (t *tx) DeleteApplicationAssignment(a application.Assignment) error {
	n, err := t.exec("DELETE FROM application_assignments WHERE principal_type = ? AND principal_id = ? AND application = ?",
		string(a.PrincipalType), a.PrincipalID, a.Application)
	t.noteApplicationAssignment(a.Application, a.PrincipalID)
	return mustChange(n, err, errNoApplicationAssignment)
}

// dropApplicationAssignmentsTo removes all assignments of applications to a principal.
func (t *tx) dropApplicationAssignmentsTo(kind access.PrincipalType, id string) error {
	gone, err := strs(t, "DELETE FROM application_assignments WHERE principal_type = ? AND principal_id = ? RETURNING application", string(kind), id)
	for _, a := range gone {
		t.noteApplicationAssignment(a, id)
	}
	return err
}

func (t *tx) ApplicationsVisibleTo(user string, p page.Request) (page.Page[application.Application], error) {
	return byName(t, scanApplication, applicationsVisible, []any{user, user, user}, p,
		func(a application.Application) (id, name string) { return a.ID, a.Name })
}

func (t *tx) ClientRequest(key string) (application.ClientRequest, error) {
	c, err := one(t, func(r sqldb.Row) (c application.ClientRequest, err error) {
		return c, r.Scan(&c.Key, &c.Digest, &c.Result, sqldb.AsTime(&c.Until))
	}, "SELECT "+clientRequestColumns+" FROM client_requests WHERE request_key = ?", key)
	return orNone(c, err, errNoClientRequest)
}

func (t *tx) PutClientRequest(c application.ClientRequest) error {
	_, err := t.exec(putClientRequest, c.Key, c.Digest, c.Result, sqldb.Micros(c.Until))
	return err
}
