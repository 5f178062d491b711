package sqlstore

import (
	"strings"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoAccessRequest = fault.New(fault.NotFound, "no-access-request", "The request does not exist.")

	putAccessRequest = upsert("access_requests", "id", accessRequestColumns)
)

const (
	accessRequestColumns = "id, kind, instance, permission_set, account, principal_type, principal_id, status, failure_reason, failures, " +
		"seen_to, created_at, forget_at, holder, held_until, attempts"
	selectAccessRequest = "SELECT " + accessRequestColumns + " FROM access_requests WHERE "

	selectProvisioned = "SELECT provisioned, account FROM roles WHERE permission_set = ? AND (provisioned, account) > (?, ?)"

	provisionedSets = `
SELECT p.id, p.instance, p.name, p.description, p.session_seconds, p.relay_state, p.managed_policies, p.customer_policies,
       p.inline_policy, p.boundary, p.tags, p.created_at, p.from_file, r.provisioned
FROM roles r CROSS JOIN permission_sets p
WHERE r.account = ? AND r.permission_set IS NOT NULL AND p.id = r.permission_set AND p.instance = ? AND p.name > ?
ORDER BY p.name LIMIT ?`
)

func scanAccessRequest(r sqldb.Row) (v access.Request, err error) {
	return v, r.Scan(&v.ID, &v.Kind, &v.Instance, &v.PermissionSet, &v.Account, &v.PrincipalType, &v.PrincipalID, &v.Status, &v.FailureReason,
		&v.Failures, &v.After, sqldb.AsTime(&v.CreatedAt), sqldb.AsTime(&v.ForgetAt), &v.Holder, sqldb.AsTime(&v.HeldUntil), &v.Attempts)
}

func (t *tx) AccessRequest(id string) (access.Request, error) {
	r, err := one(t, scanAccessRequest, selectAccessRequest+"id = ?", id)
	return orNone(r, err, errNoAccessRequest)
}

func (t *tx) AccessRequests(instance string, kind access.RequestKind, status access.RequestStatus, p page.Request) (page.Page[access.Request], error) {
	limit := limitOf(p)
	where, args := "instance = ? AND kind = ?", []any{instance, string(kind)}
	if status != "" {
		where, args = where+" AND status = ?", append(args, string(status))
	}
	if p.After != "" {
		at, id, _ := strings.Cut(p.After, "/")
		created, err := time.Parse(time.RFC3339Nano, at)
		if err != nil {
			return page.Page[access.Request]{}, fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.").Wrap(err)
		}
		where, args = where+" AND (created_at, id) < (?, ?)", append(args, sqldb.Micros(created), id)
	}
	items, err := all(t, scanAccessRequest, selectAccessRequest+where+" ORDER BY created_at DESC, id DESC LIMIT ?", append(args, limit+1)...)
	return page.Cut(items, limit, func(r access.Request) string { return r.CreatedAt.UTC().Format(time.RFC3339Nano) + "/" + r.ID }), err
}

func (t *tx) AccessRequestsUnderWay(instance string, limit int) ([]access.Request, error) {
	return all(t, scanAccessRequest, selectAccessRequest+"status = 'IN_PROGRESS' AND instance = ? ORDER BY created_at, id LIMIT ?", instance, limit)
}

func (t *tx) DueAccessRequests(now time.Time, holder string, limit int) ([]access.Request, error) {
	return all(t, scanAccessRequest, selectAccessRequest+"status = 'IN_PROGRESS' AND (held_until <= ? OR holder = ?) ORDER BY created_at, id LIMIT ?",
		sqldb.Micros(now), holder, limit)
}

func (t *tx) PutAccessRequest(r access.Request) error {
	_, err := t.exec(putAccessRequest, r.ID, string(r.Kind), r.Instance, r.PermissionSet, r.Account, string(r.PrincipalType), r.PrincipalID,
		string(r.Status), r.FailureReason, r.Failures, r.After, sqldb.Micros(r.CreatedAt), sqldb.Micros(r.ForgetAt), r.Holder,
		sqldb.Micros(r.HeldUntil), r.Attempts)
	if r.Status == access.InProgress && r.Holder == "" {
		t.note(store.KeyAccessRequests()) // there is something to do for whoever takes it
	}
	return err
}

func scanIdleRole(r sqldb.Row) (v access.IdleRole, err error) {
	return v, r.Scan(&v.PermissionSet, &v.Account)
}

func (t *tx) IdleRoles(limit int) ([]access.IdleRole, error) {
	return all(t, scanIdleRole, "SELECT permission_set, account FROM idle_roles ORDER BY permission_set, account LIMIT ?", limit)
}

func (t *tx) ForgetIdleRole(r access.IdleRole) error {
	_, err := t.exec("DELETE FROM idle_roles WHERE permission_set = ? AND account = ?", r.PermissionSet, r.Account)
	return err
}

func (t *tx) ProvisionedRoles(permissionSet string, p page.Request) (page.Page[iam.Role], error) {
	limit := limitOf(p)
	items, err := all(t, scanRole, "SELECT "+roleColumns+" FROM roles WHERE permission_set = ? AND account > ? ORDER BY account LIMIT ?",
		permissionSet, p.After, limit+1)
	return page.Cut(items, limit, func(r iam.Role) string { return r.Account }), err
}

func (t *tx) SetsProvisioned(account string) ([]string, error) {
	return strs(t, "SELECT permission_set FROM roles WHERE account = ? AND permission_set IS NOT NULL", account)
}

func (t *tx) AddProvisionedRoles(account string, some []access.ProvisionedRole) error {
	if len(some) == 0 {
		return nil
	}
	err := insertAll(t, "roles", roleColumns+", name_key, provisioned", "", some, func(r access.ProvisionedRole) ([]any, error) {
		r.Account = account
		t.noteRole(r.Role)
		return append(append([]any{r.ID, account}, roleValues(r.Role)...), r.Digest), nil
	})
	if err == nil {
		err = t.count(account, iam.Roles, len(some))
	}
	return roleFault(err, some[0].Name)
}

// MarkProvisioned notes no change: nobody's permissions depend on it.
func (t *tx) MarkProvisioned(role, digest string) error {
	_, err := t.exec("UPDATE roles SET provisioned = ? WHERE id = ? AND provisioned <> ?", digest, role, digest)
	return err
}

// ProvisionedAccounts returns them in order of account, others than those of a
// state in order of their own.
func (t *tx) ProvisionedAccounts(permissionSet, digest string, same bool, p page.Request) (page.Page[string], error) {
	limit := limitOf(p)
	itself := func(account string) string { return account }
	switch {
	case digest == "":
		items, err := strs(t, "SELECT account FROM roles WHERE permission_set = ? AND account > ? ORDER BY account LIMIT ?", permissionSet, p.After, limit+1)
		return page.Cut(items, limit, itself), err
	case same:
		items, err := strs(t, "SELECT account FROM roles WHERE permission_set = ? AND provisioned = ? AND account > ? ORDER BY account LIMIT ?",
			permissionSet, digest, p.After, limit+1)
		return page.Cut(items, limit, itself), err
	}
	return t.provisionedOthers(permissionSet, digest, limit, p.After)
}

// provisionedOthers reads on each side of a state in the index, so that those that
// are in it cost nothing.
func (t *tx) provisionedOthers(permissionSet, digest string, limit int, from string) (page.Page[string], error) {
	type place struct{ digest, account string }
	scan := func(r sqldb.Row) (v place, err error) { return v, r.Scan(&v.digest, &v.account) }
	const order = " ORDER BY provisioned, account LIMIT ?"
	after := place{}
	after.digest, after.account, _ = strings.Cut(from, "/")
	var items []place
	if after.digest < digest {
		below, err := all(t, scan, selectProvisioned+" AND provisioned < ?"+order, permissionSet, after.digest, after.account, digest, limit+1)
		if err != nil {
			return page.Page[string]{}, err
		}
		items, after = below, place{digest, pastAccounts}
	}
	if missing := limit + 1 - len(items); missing > 0 {
		above, err := all(t, scan, selectProvisioned+order, permissionSet, after.digest, after.account, missing)
		if err != nil {
			return page.Page[string]{}, err
		}
		items = append(items, above...)
	}
	cut := page.Cut(items, limit, func(p place) string { return p.digest + "/" + p.account })
	out := page.Page[string]{Items: make([]string, len(cut.Items)), Next: cut.Next}
	for i, p := range cut.Items {
		out.Items[i] = p.account
	}
	return out, nil
}

// pastAccounts is greater than every account id.
const pastAccounts = "~"

func (t *tx) ProvisionedSets(instance, account string, p page.Request) (page.Page[access.Provisioned], error) {
	limit := limitOf(p)
	items, err := all(t, func(r sqldb.Row) (v access.Provisioned, err error) {
		v.PermissionSet, err = scanPermissionSet(with(r, &v.Digest))
		return v, err
	}, provisionedSets, account, instance, p.After, limit+1)
	return page.Cut(items, limit, func(v access.Provisioned) string { return v.Name }), err
}

// with scans one column more than its row's reader asks for.
func with(r sqldb.Row, last any) sqldb.Row { return wider{r, last} }

type wider struct {
	sqldb.Row
	last any
}

// Scan implements sqldb.Row.
func (w wider) Scan(to ...any) error { return w.Row.Scan(append(to, w.last)...) }
