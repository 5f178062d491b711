package application_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts: one runs the organization and its instance, one is a member, one
// is delegated to, one stands alone with an instance of its own.
const (
	management, member, delegate, alone = "111122223333", "444455556666", "777788889999", "000011112222"
	organization                        = "o-abcdefghij"
	custom                              = "arn:aws:sso::aws:applicationProvider/custom"
)

var (
	now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

	instance = access.Instance{ID: "ssoins-0123456789abcdef", DirectoryID: "d-1234567890", Region: "eu-central-1", Owner: management, Organization: organization, CreatedAt: now}
	own      = access.Instance{ID: "ssoins-fedcba9876543210", DirectoryID: "d-0987654321", Region: "us-east-1", Owner: alone, CreatedAt: now}
)

// world has both instances; jane is in the group g1 of the organization's, eve in
// the other's directory.
func world(t *testing.T) store.DB {
	t.Helper()
	db := storetest.Open(t)
	update(t, db, func(tx store.Tx) error {
		for id, in := range map[string]string{management: organization, member: organization, delegate: organization, alone: ""} {
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Active, Organization: in, CreatedAt: now}); err != nil {
				return err
			}
		}
		if err := tx.PutOrganization(org.Organization{ID: organization, ManagementAccount: management, Root: "r-abcd", CreatedAt: now}); err != nil {
			return err
		}
		for _, i := range []access.Instance{instance, own} {
			if err := tx.PutInstance(i); err != nil {
				return err
			}
		}
		for id, in := range map[string]string{"jane": instance.DirectoryID, "eve": own.DirectoryID} {
			if err := tx.PutUser(directory.User{ID: id, Directory: in, UserName: id, Email: id + "@example.com", CreatedAt: now}); err != nil {
				return err
			}
		}
		if err := tx.PutGroup(directory.Group{ID: "g1", Directory: instance.DirectoryID, DisplayName: "g1", CreatedAt: now}); err != nil {
			return err
		}
		return tx.AddMember("g1", "jane")
	})
	return db
}

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(context.WithoutCancel(t.Context()), nil, fn); err != nil {
		t.Fatal(err)
	}
}

// refused holds what fn is refused with to a reason; "" is that it is not.
func refused(t *testing.T, db store.DB, what, reason string, fn func(store.Tx) error) {
	t.Helper()
	err := db.Update(t.Context(), nil, fn)
	if fault.ReasonOf(err) != reason || (err == nil) != (reason == "") {
		t.Errorf("%s: %v, want %q", what, err, reason)
	}
}

func create(t *testing.T, db store.DB, n application.New) (a application.Application) {
	t.Helper()
	if n.Instance.ID == "" {
		n.Instance = instance
	}
	if n.Account == "" {
		n.Account = management
	}
	if n.Name == "" {
		n.Name = "App"
	}
	n.Provider = custom
	update(t, db, func(tx store.Tx) (err error) {
		a, err = application.Create(tx, n, now)
		return err
	})
	return a
}

// What is made has AWS's defaults, and what cannot be is not made (behaviours.md
// 1.4, 6.11).
func TestCreate(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{})
	if a.Status != application.Enabled || a.Visibility != application.Enabled || !a.AssignmentRequired || a.SignIn != (application.SignIn{}) ||
		a.Account != management || a.CreatedFrom != "eu-central-1" || !a.CreatedAt.Equal(now) {
		t.Errorf("made %+v", a)
	}
	if got := application.ParseARN(a.ARN()); got != (application.Name{Kind: application.AnApplication, Account: management, Instance: instance.ID, ID: a.ID}) {
		t.Errorf("%s is parsed as %+v", a.ARN(), got)
	}
	for _, c := range []struct {
		name   string
		change func(*application.New)
		reason string
	}{
		{"of another provider", func(n *application.New) { n.Provider = "arn:aws:sso::aws:applicationProvider/catalog/Salesforce" }, "application-provider"},
		{"name of 100", func(n *application.New) { n.Name = strings.Repeat("名", 100) }, ""},
		{"name of 101", func(n *application.New) { n.Name = strings.Repeat("名", 101) }, "application-name"},
		{"no name", func(n *application.New) { n.Name = "" }, "application-name"},
		{"a name that breaks lines", func(n *application.New) { n.Name = "a\nb" }, "application-name"},
		{"a name with a zero", func(n *application.New) { n.Name = "a\x00" }, "application-name"},
		{"description of 129", func(n *application.New) { n.Description = strings.Repeat("d", 129) }, "application-description"},
		{"unknown status", func(n *application.New) { n.Status = "MAYBE" }, "application-status"},
		{"unknown visibility", func(n *application.New) { n.Visibility = "MAYBE" }, "application-visibility"},
		{"a bookmark", func(n *application.New) {
			n.SignIn = application.SignIn{Origin: application.FromApplication, URL: "https://app.example.com/?a=b#c"}
		}, ""},
		{"a bookmark of nothing", func(n *application.New) { n.SignIn.Origin = application.FromApplication }, "application-url"},
		{"a URL without an origin", func(n *application.New) { n.SignIn.URL = "https://app.example.com" }, "sign-in-origin"},
		{"from Identity Center", func(n *application.New) { n.SignIn.Origin = application.FromIdentityCenter }, ""},
		// A link in the portal that ran a script there would be anybody's (XSS).
		{"a script", func(n *application.New) {
			n.SignIn = application.SignIn{Origin: application.FromApplication, URL: "javascript:alert(1)"}
		}, "application-url"},
		{"a host in disguise", func(n *application.New) {
			n.SignIn = application.SignIn{Origin: application.FromApplication, URL: "https://aws.amazon.com@evil.example/"}
		}, "application-url"},
		{"no host", func(n *application.New) {
			n.SignIn = application.SignIn{Origin: application.FromApplication, URL: "https:///a"}
		}, "application-url"},
		{"a long URL", func(n *application.New) {
			n.SignIn = application.SignIn{Origin: application.FromApplication, URL: "https://a.example/" + strings.Repeat("a", 500)}
		}, "application-url"},
		{"AWS's own tag", func(n *application.New) { n.Tags = []iam.Tag{{Key: "aws:x", Value: "y"}} }, "reserved-tag"},
		{"in an instance that goes", func(n *application.New) { n.Instance.Status = access.InstanceDeleting }, "instance-deleting"},
		{"51 tags", func(n *application.New) {
			for i := range 51 {
				n.Tags = append(n.Tags, iam.Tag{Key: fmt.Sprint(i)})
			}
		}, "quota"},
	} {
		n := application.New{Instance: instance, Account: management, Provider: custom, Name: "App"}
		c.change(&n)
		refused(t, db, c.name, c.reason, func(tx store.Tx) error { _, err := application.Create(tx, n, now); return err })
	}
}

// What is changed is checked as what is made, and what is not named stays.
func TestUpdate(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{Description: "d", SignIn: application.SignIn{Origin: application.FromApplication, URL: "https://a.example"}})
	name, status, bad := "New", application.Disabled, ""
	update(t, db, func(tx store.Tx) error {
		return application.Update(tx, a, application.Change{Name: &name, Status: &status})
	})
	want := a
	want.Name, want.Status = name, status
	refused(t, db, "changing", "", func(tx store.Tx) error {
		got, err := tx.Application(a.ID)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("after\n%+v, want\n%+v", got, want)
		}
		return err
	})
	refused(t, db, "an empty name", "application-name", func(tx store.Tx) error { return application.Update(tx, a, application.Change{Name: &bad}) })
}

// The quotas of behaviours.md 1.7 hold.
func TestQuotas(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{})
	update(t, db, func(tx store.Tx) error {
		for n := range application.MaxApplications - 1 {
			more := a
			more.ID = fmt.Sprintf("apl-%016d", n)
			if err := tx.PutApplication(more); err != nil {
				return err
			}
		}
		for n := range application.MaxGroups {
			id := fmt.Sprint("many", n)
			if err := tx.PutGroup(directory.Group{ID: id, Directory: instance.DirectoryID, DisplayName: id}); err != nil {
				return err
			}
			if err := application.Assign(tx, instance, application.Assignment{Application: a.ID, PrincipalType: access.ToGroup, PrincipalID: id}, now); err != nil {
				return err
			}
		}
		for n := range application.MaxScopes {
			if err := application.PutScope(tx, a, application.Scope{Name: fmt.Sprint("s", n)}); err != nil {
				return err
			}
		}
		for n := range application.MaxTokenIssuers {
			if _, err := application.CreateTokenIssuer(tx, issuer(fmt.Sprint(n)), now); err != nil {
				return err
			}
		}
		return nil
	})
	refused(t, db, "the 7001st application", "quota-applications", func(tx store.Tx) error {
		_, err := application.Create(tx, application.New{Instance: instance, Account: member, Provider: custom, Name: "More"}, now)
		return err
	})
	refused(t, db, "the first of another instance", "", func(tx store.Tx) error {
		_, err := application.Create(tx, application.New{Instance: own, Account: alone, Provider: custom, Name: "More"}, now)
		return err
	})
	assign := func(kind access.PrincipalType, id string) func(store.Tx) error {
		return func(tx store.Tx) error {
			return application.Assign(tx, instance, application.Assignment{Application: a.ID, PrincipalType: kind, PrincipalID: id}, now)
		}
	}
	refused(t, db, "the 101st group", "quota-groups for an application", assign(access.ToGroup, "g1"))
	refused(t, db, "a group that is there", "", assign(access.ToGroup, "many7"))
	refused(t, db, "a user", "", assign(access.ToUser, "jane"))
	refused(t, db, "the 26th scope", "quota-access scopes for an application", func(tx store.Tx) error { return application.PutScope(tx, a, application.Scope{Name: "more"}) })
	refused(t, db, "a scope that is there", "", func(tx store.Tx) error { return application.PutScope(tx, a, application.Scope{Name: "s7"}) })
	refused(t, db, "the 11th issuer", "quota-trusted token issuers", func(tx store.Tx) error { _, err := application.CreateTokenIssuer(tx, issuer("more"), now); return err })
}

// Only people and groups of the instance's own directory can be assigned: a door
// to another organization's people would be one for them.
func TestAssign(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{})
	for _, c := range []struct {
		kind   access.PrincipalType
		id     string
		reason string
	}{
		{access.ToUser, "jane", ""}, {access.ToUser, "jane", ""}, {access.ToGroup, "g1", ""},
		{access.ToUser, "eve", "no-principal"}, {access.ToUser, "g1", "no-principal"}, {access.ToGroup, "jane", "no-principal"},
		{"ROLE", "jane", "principal-type"},
	} {
		refused(t, db, string(c.kind)+" "+c.id, c.reason, func(tx store.Tx) error {
			return application.Assign(tx, instance, application.Assignment{Application: a.ID, PrincipalType: c.kind, PrincipalID: c.id}, now)
		})
	}
}

// What people see in the portal follows what is said of the application (G-60, H-18).
func TestVisibleTo(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{})
	sees := func(user string) bool {
		t.Helper()
		var found page.Page[application.Application]
		update(t, db, func(tx store.Tx) (err error) {
			found, err = application.VisibleTo(tx, user, page.Request{})
			return err
		})
		return len(found.Items) == 1
	}
	if sees("jane") {
		t.Error("without an assignment")
	}
	to := application.Assignment{Application: a.ID, PrincipalType: access.ToGroup, PrincipalID: "g1"}
	update(t, db, func(tx store.Tx) error { return application.Assign(tx, instance, to, now) })
	if !sees("jane") || sees("eve") {
		t.Error("with a group's assignment")
	}
	off := application.Disabled
	update(t, db, func(tx store.Tx) error { return application.Update(tx, a, application.Change{Status: &off}) })
	if sees("jane") {
		t.Error("disabled")
	}
	update(t, db, func(tx store.Tx) error {
		if err := tx.DeleteApplicationAssignment(to); err != nil {
			return err
		}
		return application.RequireAssignment(tx, a, false)
	})
	if !sees("jane") || sees("eve") {
		t.Error("open to all of its instance")
	}
}

// A request with a client token is done once, and not taken for another.
func TestOnce(t *testing.T) {
	t.Parallel()
	db := world(t)
	made := 0
	ask := func(account, operation, token, name string, at time.Time) (result string, err error) {
		err = db.Update(t.Context(), nil, func(tx store.Tx) error {
			result, err = application.Once(tx, account, operation, token, struct{ Name string }{name}, at, func() (string, error) {
				made++
				return fmt.Sprint("result ", made), nil
			})
			return err
		})
		return result, err
	}
	for _, c := range []struct {
		name, account, operation, token, parameter string
		at                                         time.Time
		want                                       string // "" is refused
	}{
		{"first", member, "Create", "t", "a", now, "result 1"},
		{"again", member, "Create", "t", "a", now.Add(23 * time.Hour), "result 1"},
		{"otherwise", member, "Create", "t", "b", now, ""},
		{"of another account (nobody gets somebody else's by guessing a token)", alone, "Create", "t", "a", now, "result 2"},
		{"for another operation", member, "CreateOther", "t", "b", now, "result 3"},
		{"without a token", member, "Create", "", "a", now, "result 4"},
		{"without a token again", member, "Create", "", "a", now, "result 5"},
		{"when it is long past", member, "Create", "t", "b", now.Add(24 * time.Hour), "result 6"},
		{"and again", member, "Create", "t", "b", now.Add(25 * time.Hour), "result 6"},
	} {
		got, err := ask(c.account, c.operation, c.token, c.parameter, c.at)
		if got != c.want || (err == nil) != (c.want != "") || err != nil && fault.ReasonOf(err) != "idempotency" {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

// Tags are on both kinds of thing, by ARN, and on nothing that another ARN names.
func TestTags(t *testing.T) {
	t.Parallel()
	db := world(t)
	a := create(t, db, application.New{Tags: []iam.Tag{{Key: "b", Value: "1"}}})
	var i application.TokenIssuer
	update(t, db, func(tx store.Tx) (err error) {
		i, err = application.CreateTokenIssuer(tx, issuer("x"), now)
		return err
	})
	for _, arn := range []string{a.ARN(), i.ARN()} {
		update(t, db, func(tx store.Tx) error {
			return application.SetTags(tx, arn, []iam.Tag{{Key: "b", Value: "2"}, {Key: "a"}, {Key: "A"}})
		})
		update(t, db, func(tx store.Tx) error { return application.UnsetTags(tx, arn, []string{"A", "nothing"}) })
		update(t, db, func(tx store.Tx) error {
			got, err := application.Tags(tx, arn)
			if fmt.Sprint(got) != "[{a } {b 2}]" {
				t.Errorf("tags of %s: %v", arn, got)
			}
			return err
		})
		refused(t, db, "a bad tag", "tag", func(tx store.Tx) error { return application.SetTags(tx, arn, []iam.Tag{{Key: "<"}}) })
		forged := strings.Replace(arn, management, alone, 1)
		refused(t, db, "with another account", map[bool]string{true: "no-application", false: "no-trusted-token-issuer"}[arn == a.ARN()],
			func(tx store.Tx) error { _, err := application.Tags(tx, forged); return err })
	}
	refused(t, db, "of something else", "no-resource", func(tx store.Tx) error {
		_, err := application.Tags(tx, "arn:aws:sso:::instance/"+instance.ID)
		return err
	})
}
