package access_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// A person appears in an account under the user name where STS allows it
// (behaviours.md 1.4, 6.3).
func TestRoleSessionName(t *testing.T) {
	t.Parallel()
	const id = "c0ffee00-1111-2222-3333-444444444444"
	for name, want := range map[string]string{
		"jane": "jane", "jane@example.com": "jane@example.com", "J_+=,.@-9": "J_+=,.@-9", "ab": "ab",
		strings.Repeat("x", 64):  strings.Repeat("x", 64),
		"a":                      "a-c0ffee00",
		strings.Repeat("x", 65):  strings.Repeat("x", 48) + "-c0ffee00",
		strings.Repeat("x", 128): strings.Repeat("x", 48) + "-c0ffee00",
		"太郎":                     "__-c0ffee00",
		"jané":                   "jan_-c0ffee00",
		"a/b:c":                  "a_b_c-c0ffee00",
		"😀":                      "_-c0ffee00",
	} {
		got := access.RoleSessionName(name, id)
		if got != want || !regexp.MustCompile(`^[\w+=,.@-]{2,64}$`).MatchString(got) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if access.RoleSessionName("太郎", id) == access.RoleSessionName("花子", "decade00-1111-2222-3333-444444444444") {
		t.Error("two people have one name")
	}
}

func FuzzRoleSessionName(f *testing.F) {
	for _, s := range []string{"jane", "a", "太郎", "\xff\xfe", strings.Repeat("é", 128)} {
		f.Add(s, "c0ffee00-1111")
	}
	f.Add("x", "")
	legal := regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	f.Fuzz(func(t *testing.T, name, id string) {
		if !regexp.MustCompile(`^[0-9a-f-]*$`).MatchString(id) {
			return
		}
		if got := access.RoleSessionName(name, id); !legal.MatchString(got) {
			t.Errorf("%q: %q", name, got)
		}
	})
}

// The limits of behaviours.md 1.3, 1.4 and 6.5, of G-38, G-56 and D-04.
func TestValidateInstance(t *testing.T) {
	t.Parallel()
	good := access.Instance{ID: "ssoins-0123456789abcdef", DirectoryID: "d-1234567890", Region: "us-east-1", SessionDuration: access.DefaultPortalSession}
	for _, c := range []struct {
		name   string
		change func(*access.Instance)
		reason string // "" is valid
	}{
		{"as it is", func(*access.Instance) {}, ""},
		{"subdomain", func(i *access.Instance) { i.Subdomain = "example-1" }, ""},
		{"subdomain of one letter", func(i *access.Instance) { i.Subdomain = "e" }, ""},
		{"subdomain of 63", func(i *access.Instance) { i.Subdomain = strings.Repeat("e", 63) }, ""},
		{"subdomain of 64", func(i *access.Instance) { i.Subdomain = strings.Repeat("e", 64) }, "subdomain"},
		{"subdomain in capitals", func(i *access.Instance) { i.Subdomain = "Example" }, "subdomain"},
		{"subdomain with a dot", func(i *access.Instance) { i.Subdomain = "a.b" }, "subdomain"},
		{"subdomain with a hyphen before", func(i *access.Instance) { i.Subdomain = "-a" }, "subdomain"},
		{"subdomain with a hyphen after", func(i *access.Instance) { i.Subdomain = "a-" }, "subdomain"},
		{"subdomain of Builder ID", func(i *access.Instance) { i.Subdomain = "view" }, "subdomain"},
		{"subdomain like a directory", func(i *access.Instance) { i.Subdomain = "d-0123456789" }, "subdomain"},
		{"subdomain with a line break", func(i *access.Instance) { i.Subdomain = "a\n" }, "subdomain"},
		{"no directory", func(i *access.Instance) { i.DirectoryID = "" }, "directory-id"},
		{"directory in capitals", func(i *access.Instance) { i.DirectoryID = "d-123456789A" }, "directory-id"},
		{"directory of 9", func(i *access.Instance) { i.DirectoryID = "d-123456789" }, "directory-id"},
		{"no instance id", func(i *access.Instance) { i.ID = "" }, "instance-id"},
		{"instance id that is a host", func(i *access.Instance) { i.ID = "evil.example/?0123456789" }, "instance-id"},
		{"instance id of 15", func(i *access.Instance) { i.ID = "ssoins-0123456789abcde" }, "instance-id"},
		{"instance id in capitals", func(i *access.Instance) { i.ID = "ssoins-0123456789ABCDEF" }, "instance-id"},
		{"no region", func(i *access.Instance) { i.Region = "" }, "region"},
		{"region by name", func(i *access.Instance) { i.Region = "Frankfurt" }, "region"},
		{"region with a path", func(i *access.Instance) { i.Region = "us-east-1/x" }, "region"},
		{"government", func(i *access.Instance) { i.Region = "us-gov-west-1" }, ""},
		{"15 minutes", func(i *access.Instance) { i.SessionDuration = 15 * time.Minute }, ""},
		{"less", func(i *access.Instance) { i.SessionDuration = 15*time.Minute - time.Second }, "session-duration"},
		{"90 days", func(i *access.Instance) { i.SessionDuration = 90 * 24 * time.Hour }, ""},
		{"more", func(i *access.Instance) { i.SessionDuration = 90*24*time.Hour + time.Second }, "session-duration"},
		{"parts of a second", func(i *access.Instance) { i.SessionDuration += time.Millisecond }, "session-duration"},
	} {
		i := good
		c.change(&i)
		err := i.Validate()
		if fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if access.DefaultPortalSession != 8*time.Hour || access.DefaultRoleSession != time.Hour {
		t.Error("G-38, G-56: 8 hours and 1 hour are the defaults")
	}
}

func TestValidatePermissionSet(t *testing.T) {
	t.Parallel()
	good := access.PermissionSet{Name: "AdministratorAccess", SessionDuration: time.Hour}
	policies := func(n int) []string { return make([]string, n) }
	for _, c := range []struct {
		name   string
		change func(*access.PermissionSet)
		reason string
	}{
		{"as it is", func(*access.PermissionSet) {}, ""},
		{"every character", func(p *access.PermissionSet) { p.Name = "aZ0_+=,.@-" }, ""},
		{"name of 32", func(p *access.PermissionSet) { p.Name = strings.Repeat("n", 32) }, ""},
		{"name of 33", func(p *access.PermissionSet) { p.Name = strings.Repeat("n", 33) }, "permission-set-name"},
		{"no name", func(p *access.PermissionSet) { p.Name = "" }, "permission-set-name"},
		{"name with a space", func(p *access.PermissionSet) { p.Name = "a b" }, "permission-set-name"},
		{"name with a path", func(p *access.PermissionSet) { p.Name = "a/b" }, "permission-set-name"},
		{"name with a line break", func(p *access.PermissionSet) { p.Name = "a\n" }, "permission-set-name"},
		{"description of 700", func(p *access.PermissionSet) { p.Description = strings.Repeat("説", 700) }, ""},
		{"description of 701", func(p *access.PermissionSet) { p.Description = strings.Repeat("説", 701) }, "description"},
		{"12 hours", func(p *access.PermissionSet) { p.SessionDuration = 12 * time.Hour }, ""},
		{"more than 12 hours", func(p *access.PermissionSet) { p.SessionDuration = 12*time.Hour + time.Second }, "session-duration"},
		{"less than an hour", func(p *access.PermissionSet) { p.SessionDuration = time.Hour - time.Second }, "session-duration"},
		{"parts of a second", func(p *access.PermissionSet) { p.SessionDuration += time.Millisecond }, "session-duration"},
		{"relay state of 240", func(p *access.PermissionSet) { p.RelayState = strings.Repeat("r", 240) }, ""},
		{"relay state of 241", func(p *access.PermissionSet) { p.RelayState = strings.Repeat("r", 241) }, "relay-state"},
		{"inline policy of 32768", func(p *access.PermissionSet) { p.InlinePolicy = strings.Repeat("p", 32768) }, ""},
		{"inline policy of 32769", func(p *access.PermissionSet) { p.InlinePolicy = strings.Repeat("p", 32769) }, "inline-policy"},
		{"25 policies", func(p *access.PermissionSet) { p.ManagedPolicies, p.CustomerPolicies = policies(20), policies(5) }, ""},
		{"26 policies", func(p *access.PermissionSet) { p.ManagedPolicies, p.CustomerPolicies = policies(20), policies(6) }, "policies"},
	} {
		p := good
		c.change(&p)
		err := p.Validate()
		if fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	i := access.Instance{ID: "ssoins-0123456789abcdef", DirectoryID: "d-1234567890"}
	if i.PortalName() != "d-1234567890" || i.Named("") || i.Named("example") || !i.Named("d-1234567890") || !i.Named(i.ID) {
		t.Error("without a subdomain (D-03)")
	}
	i.Subdomain = "example"
	if i.PortalName() != "example" || !i.Named("example") || !i.Named("d-1234567890") {
		t.Error("with a subdomain (D-04)")
	}
}

const production, staging = "444455556666", "777788889999"

// instance is that of organized.
const instance = "ssoins-0123456789abcdef"

// organized is a database with two accounts, two people in a group, and two sets.
func organized(t *testing.T, region string) store.DB {
	t.Helper()
	db := storetest.Open(t)
	update(t, db, func(tx store.Tx) error {
		for i, id := range []string{production, staging} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "A" + id, Email: fmt.Sprintf("a%d@example.com", i), Status: account.Active,
				Organization: "o-abcdefghij", OrgPath: "o-abcdefghij/r-abcd/", CreatedAt: now}); err != nil {
				return err
			}
		}
		if err := tx.PutInstance(access.Instance{
			ID: instance, DirectoryID: "d-1234567890", Region: region, Organization: "o-abcdefghij", Owner: production, Status: access.InstanceActive, SessionDuration: 8 * time.Hour, CreatedAt: now,
		}); err != nil {
			return err
		}
		for _, id := range []string{"u1", "u2"} {
			if err := tx.PutUser(directory.User{ID: id, Directory: "d-1234567890", UserName: id, GivenName: "G", FamilyName: "F", DisplayName: "D", Email: id + "@example.com", CreatedAt: now, UpdatedAt: now}); err != nil {
				return err
			}
		}
		if err := tx.PutGroup(directory.Group{ID: "g1", Directory: "d-1234567890", DisplayName: "Admins", CreatedAt: now}); err != nil {
			return err
		}
		for _, name := range []string{"AdministratorAccess", "ReadOnly"} {
			if err := tx.PutPermissionSet(access.PermissionSet{ID: "ps-" + name, Instance: instance, Name: name, Description: "What " + name + " is for", SessionDuration: time.Hour, CreatedAt: now}); err != nil {
				return err
			}
		}
		return nil
	})
	return db
}

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

func assignment(account, set string, kind access.PrincipalType, principal string) access.Assignment {
	return access.Assignment{Account: account, PermissionSet: "ps-" + set, PrincipalType: kind, PrincipalID: principal}
}

func role(t *testing.T, db store.DB, account, set string) (r iam.Role, err error) {
	t.Helper()
	_ = db.View(t.Context(), func(tx store.Tx) error {
		r, err = tx.RoleOfPermissionSet(account, "ps-"+set)
		return nil
	})
	return r, err
}

// An assignment provisions a role as behaviours.md 6.3 describes it (G-46).
func TestAssignProvisions(t *testing.T) {
	t.Parallel()
	for region, path := range map[string]string{
		"us-east-1":    "/aws-reserved/sso.amazonaws.com/",
		"eu-central-1": "/aws-reserved/sso.amazonaws.com/eu-central-1/",
	} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			db := organized(t, region)
			admin := assignment(production, "AdministratorAccess", access.ToUser, "u1")
			update(t, db, func(tx store.Tx) error { return access.Assign(tx, now, admin) })
			r, err := role(t, db, production, "AdministratorAccess")
			if err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`^AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}$`).MatchString(r.Name) || r.Path != path || r.Account != production ||
				r.MaxSessionSeconds != 43200 || r.Description != "What AdministratorAccess is for" || !regexp.MustCompile(`^AROA[A-Z2-7]{17}$`).MatchString(r.ID) || !r.CreatedAt.Equal(now) {
				t.Errorf("role %+v", r)
			}
			// A second set and a second principal: one more role, the same provider.
			update(t, db, func(tx store.Tx) error {
				for _, a := range []access.Assignment{
					admin, // again, which succeeds (behaviours.md 6.4)
					assignment(production, "AdministratorAccess", access.ToGroup, "g1"),
					assignment(production, "ReadOnly", access.ToUser, "u1"),
				} {
					if err := access.Assign(tx, now.Add(time.Hour), a); err != nil {
						return err
					}
				}
				return nil
			})
			again, err := role(t, db, production, "AdministratorAccess")
			if err != nil || !reflect.DeepEqual(again, r) {
				t.Errorf("the role changed: %+v, %v", again, err)
			}
			second, err := role(t, db, production, "ReadOnly")
			if err != nil || second.TrustPolicy != r.TrustPolicy {
				t.Errorf("second role %+v, %v", second, err)
			}
			var providers []iam.SAMLProvider
			update(t, db, func(tx store.Tx) (err error) { providers, err = tx.SAMLProviders(production); return err })
			if len(providers) != 1 || !regexp.MustCompile(`^AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$`).MatchString(providers[0].Name) || providers[0].ExpiresAt.Sub(now) < 99*365*24*time.Hour {
				t.Fatalf("providers %+v", providers)
			}
			// The trust policy lets in Identity Center's provider and nobody else (G-48, G-49).
			want := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::444455556666:saml-provider/` + providers[0].Name +
				`"},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}]}`
			if r.TrustPolicy != want {
				t.Errorf("trust policy %s", r.TrustPolicy)
			}
			if _, err := role(t, db, staging, "AdministratorAccess"); !fault.Is(err, fault.NotFound) {
				t.Errorf("a role in another account: %v", err)
			}
		})
	}
}

// The role goes with the last assignment of its set in its account, and comes
// back as another (behaviours.md 6.3).
func TestUnassign(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	toUser, toGroup := assignment(production, "ReadOnly", access.ToUser, "u1"), assignment(production, "ReadOnly", access.ToGroup, "g1")
	elsewhere := assignment(staging, "ReadOnly", access.ToUser, "u1")
	update(t, db, func(tx store.Tx) error {
		for _, a := range []access.Assignment{toUser, toGroup, elsewhere} {
			if err := access.Assign(tx, now, a); err != nil {
				return err
			}
		}
		return access.Unassign(tx, toUser)
	})
	first, err := role(t, db, production, "ReadOnly")
	if err != nil {
		t.Fatalf("the role went although the group has the set: %v", err)
	}
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return access.Unassign(tx, toUser) }); !fault.Is(err, fault.NotFound) {
		t.Errorf("unassigning twice: %v", err)
	}
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return access.RemovePermissionSet(tx, "ps-ReadOnly") }); fault.ReasonOf(err) != "permission-set-in-use" {
		t.Errorf("removing a set that is assigned: %v", err)
	}
	update(t, db, func(tx store.Tx) error { return access.Unassign(tx, toGroup) })
	if _, err := role(t, db, production, "ReadOnly"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the role stays after the last assignment: %v", err)
	}
	if _, err := role(t, db, staging, "ReadOnly"); err != nil {
		t.Errorf("the other account's role: %v", err)
	}
	update(t, db, func(tx store.Tx) error { return access.Assign(tx, now, toUser) })
	if back, err := role(t, db, production, "ReadOnly"); err != nil || back.ID == first.ID || back.Name == first.Name {
		t.Errorf("the new role %+v, %v", back, err)
	}
	update(t, db, func(tx store.Tx) error {
		if err := access.Unassign(tx, toUser); err != nil {
			return err
		}
		if err := access.Unassign(tx, elsewhere); err != nil {
			return err
		}
		return access.RemovePermissionSet(tx, "ps-ReadOnly")
	})
}

// What is not there cannot be assigned, and a failed assignment leaves nothing.
func TestAssignRefuses(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	for name, a := range map[string]access.Assignment{
		"account": assignment("000000000000", "ReadOnly", access.ToUser, "u1"),
		"set":     assignment(production, "Nothing", access.ToUser, "u1"),
		"user":    assignment(production, "ReadOnly", access.ToUser, "g1"),
		"group":   assignment(production, "ReadOnly", access.ToGroup, "u1"),
	} {
		if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return access.Assign(tx, now, a) }); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown %s: %v", name, err)
		}
	}
	update(t, db, func(tx store.Tx) error {
		if all, err := page.All(tx.Assignments); err != nil || len(all) != 0 {
			t.Errorf("assignments %v, %v", all, err)
		}
		return nil
	})
}
