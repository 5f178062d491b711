package access_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

const (
	viewOnly  = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
	audit     = "arn:aws:iam::aws:policy/SecurityAudit"
	inline    = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`
	teamBase  = "arn:aws:iam::444455556666:policy/team/Base"
	teamLimit = "arn:aws:iam::444455556666:policy/Limit"
)

// customerPolicy makes a managed policy in the account.
func customerPolicy(t *testing.T, db store.DB, account, path, name string) {
	t.Helper()
	update(t, db, func(tx store.Tx) error {
		_, err := iam.CreatePolicy(tx, now, account, iam.NewPolicy{Path: path, Name: name, Document: inline})
		return err
	})
}

// reshape changes the set and brings its roles up to date.
func reshape(db store.DB, t *testing.T, change func(*access.PermissionSet)) error {
	t.Helper()
	return db.Update(t.Context(), nil, func(tx store.Tx) error {
		set, err := tx.PermissionSet("ps-ReadOnly")
		if err != nil {
			return err
		}
		change(&set)
		if err := tx.PutPermissionSet(set); err != nil {
			return err
		}
		return access.Reprovision(tx, now.Add(time.Hour), set)
	})
}

// hangs is what a role can do: ARNs of its managed policies, and inline policies
// by name.
func hangs(t *testing.T, db store.DB, r iam.Role) (managed []string, inline map[string]string) {
	t.Helper()
	inline = make(map[string]string)
	update(t, db, func(tx store.Tx) error {
		managed = nil
		attached, err := tx.Attachments(r.ID)
		for _, a := range attached {
			managed = append(managed, a.PolicyARN)
		}
		if err != nil {
			return err
		}
		policies, err := tx.InlinePolicies(r.ID)
		for _, p := range policies {
			inline[p.Name] = p.Document
		}
		return err
	})
	return managed, inline
}

// The role has what the set says, follows it, and leaves nothing behind (G-46,
// behaviours.md 6.3, 6.4).
func TestProvisionedPolicies(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	customerPolicy(t, db, production, "/team/", "Base")
	customerPolicy(t, db, production, "/", "Limit")
	whole := func(p *access.PermissionSet) {
		p.ManagedPolicies, p.CustomerPolicies, p.InlinePolicy, p.Boundary = []string{viewOnly}, []string{"/team/Base"}, inline, "/Limit"
	}
	if err := reshape(db, t, whole); err != nil { // assigned nowhere yet
		t.Fatal(err)
	}
	a := assignment(production, "ReadOnly", access.ToUser, "u1")
	update(t, db, func(tx store.Tx) error { return access.Assign(tx, now, a) })
	r, err := role(t, db, production, "ReadOnly")
	if err != nil || r.Boundary != teamLimit {
		t.Fatalf("role %+v, %v", r, err)
	}
	check := func(what string, wantManaged []string, wantInline map[string]string) {
		t.Helper()
		if managed, inline := hangs(t, db, r); !reflect.DeepEqual(managed, wantManaged) || !reflect.DeepEqual(inline, wantInline) {
			t.Errorf("%s: %q, %q", what, managed, inline)
		}
	}
	check("new", []string{teamBase, viewOnly}, map[string]string{"AwsSSOInlinePolicy": inline})

	other := strings.Replace(inline, "GetObject", "PutObject", 1)
	if err := reshape(db, t, func(p *access.PermissionSet) {
		p.Description, p.ManagedPolicies, p.InlinePolicy, p.Boundary = "new", []string{audit, viewOnly}, other, audit
	}); err != nil {
		t.Fatal(err)
	}
	check("changed", []string{teamBase, audit, viewOnly}, map[string]string{"AwsSSOInlinePolicy": other})
	changed, err := role(t, db, production, "ReadOnly")
	if err != nil || changed.ID != r.ID || changed.Name != r.Name || changed.Description != "new" || changed.Boundary != audit || changed.MaxSessionSeconds != 43200 {
		t.Errorf("changed role %+v, %v", changed, err)
	}
	if err := reshape(db, t, func(p *access.PermissionSet) {
		p.ManagedPolicies, p.CustomerPolicies, p.InlinePolicy, p.Boundary = nil, nil, "", ""
	}); err != nil {
		t.Fatal(err)
	}
	check("bare", nil, map[string]string{})
	if err := reshape(db, t, whole); err != nil {
		t.Fatal(err)
	}
	check("again", []string{teamBase, viewOnly}, map[string]string{"AwsSSOInlinePolicy": inline})
	update(t, db, func(tx store.Tx) error { return access.Unassign(tx, a) })
	check("gone", nil, map[string]string{})
}

// What has not changed is not written: nobody has to read it anew.
func TestReprovisionUnchanged(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	if err := reshape(db, t, func(p *access.PermissionSet) {
		p.ManagedPolicies, p.InlinePolicy, p.Boundary = []string{viewOnly}, inline, audit
	}); err != nil {
		t.Fatal(err)
	}
	var set access.PermissionSet
	update(t, db, func(tx store.Tx) (err error) {
		if err := access.Assign(tx, now, assignment(production, "ReadOnly", access.ToUser, "u1")); err != nil {
			return err
		}
		set, err = tx.PermissionSet("ps-ReadOnly")
		return err
	})
	var changed []store.Change
	db.Watch(t.Context(), func(changes []store.Change, _ bool) { changed = append(changed, changes...) })
	update(t, db, func(tx store.Tx) error { return access.Reprovision(tx, now.Add(time.Hour), set) })
	if len(changed) != 0 {
		t.Errorf("changes %v", changed)
	}
}

// What a set needs must be in the account before, and a failure says what is
// missing where and leaves nothing (behaviours.md 6.4).
func TestProvisionRefuses(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	customerPolicy(t, db, production, "/team/", "Base")
	customerPolicy(t, db, staging, "/", "Elsewhere")
	for what, c := range map[string]struct {
		change func(*access.PermissionSet)
		kind   fault.Kind
		says   string
	}{
		"another path":    {func(p *access.PermissionSet) { p.CustomerPolicies = []string{"/Base"} }, fault.NotFound, "policy/Base does not exist"},
		"another case":    {func(p *access.PermissionSet) { p.CustomerPolicies = []string{"/team/base"} }, fault.NotFound, "policy/team/base does not exist"},
		"another account": {func(p *access.PermissionSet) { p.CustomerPolicies = []string{"/Elsewhere"} }, fault.NotFound, "does not exist"},
		"AWS has it not":  {func(p *access.PermissionSet) { p.ManagedPolicies = []string{"arn:aws:iam::aws:policy/None"} }, fault.NotFound, "does not exist"},
		"boundary":        {func(p *access.PermissionSet) { p.Boundary = "/None" }, fault.NotFound, "policy/None does not exist"},
		"no ARN":          {func(p *access.PermissionSet) { p.ManagedPolicies = []string{"None"} }, fault.Invalid, "Invalid ARN"},
		"of a service only": {func(p *access.PermissionSet) {
			p.ManagedPolicies = []string{"arn:aws:iam::aws:policy/aws-service-role/AWSSSOServiceRolePolicy"}
		}, fault.Invalid, "service-linked roles only"},
		"inline policy": {func(p *access.PermissionSet) { p.InlinePolicy = `{"Version":"2012-10-17"}` }, fault.Invalid, "Syntax errors in policy."},
		"long inline policy": {func(p *access.PermissionSet) {
			p.InlinePolicy = strings.Replace(inline, "GetObject", "Get"+strings.Repeat("x", 10240), 1)
		}, fault.Limit, "Maximum policy size of 10240 bytes exceeded"},
	} {
		err := db.Update(t.Context(), nil, func(tx store.Tx) error {
			set, err := tx.PermissionSet("ps-ReadOnly")
			if err != nil {
				return err
			}
			c.change(&set)
			if err := tx.PutPermissionSet(set); err != nil {
				return err
			}
			return access.Assign(tx, now, assignment(production, "ReadOnly", access.ToUser, "u1"))
		})
		f, ok := fault.As(err)
		if !ok || f.Kind != c.kind || !strings.Contains(f.Public, c.says) || !strings.HasPrefix(f.Public, `Permission set "ReadOnly" cannot be provisioned in account 444455556666: `) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := role(t, db, production, "ReadOnly"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a failure left a role: %v", err)
	}
}

// An account that is full of roles says so (G-50), and has room again when one
// goes.
func TestProvisionQuota(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	first, second := assignment(production, "AdministratorAccess", access.ToUser, "u1"), assignment(production, "ReadOnly", access.ToUser, "u1")
	update(t, db, func(tx store.Tx) error {
		if err := tx.PutIAMQuota(production, iam.Roles, 1); err != nil {
			return err
		}
		return access.Assign(tx, now, first)
	})
	assign := func() error {
		return db.Update(t.Context(), nil, func(tx store.Tx) error { return access.Assign(tx, now, second) })
	}
	f, ok := fault.As(assign())
	if want := `Permission set "ReadOnly" cannot be provisioned in account 444455556666: Cannot exceed quota for RolesPerAccount: 1`; !ok || f.Kind != fault.Limit || f.Public != want {
		t.Errorf("full: %v", f)
	}
	update(t, db, func(tx store.Tx) error {
		if err := access.Assign(tx, now, assignment(production, "AdministratorAccess", access.ToUser, "u2")); err != nil {
			return err // no role more
		}
		if err := access.Unassign(tx, assignment(production, "AdministratorAccess", access.ToUser, "u2")); err != nil {
			return err
		}
		return access.Unassign(tx, first)
	})
	if err := assign(); err != nil {
		t.Errorf("room again: %v", err)
	}
}
