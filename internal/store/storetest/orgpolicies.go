package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// twoOrganizations makes o-1, which it returns, and o-2 with their roots, a unit in the
// first and an account in each.
func twoOrganizations(t *testing.T, db store.DB) org.Organization {
	t.Helper()
	one := org.Organization{ID: "o-1", ManagementAccount: "111122223333", Root: "r-1", Features: org.AllFeatures, CreatedAt: now}
	two := org.Organization{ID: "o-2", ManagementAccount: "444455556666", Root: "r-2", Features: org.AllFeatures, CreatedAt: now}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutOrganization(one), tx.PutOrganization(two),
			tx.PutUnit(org.Unit{ID: "ou-1", Organization: "o-1", Parent: "r-1", Name: "U", Path: "o-1/r-1/ou-1/", CreatedAt: now}),
			tx.PutAccount(account.Account{ID: "111122223333", Name: "A", Email: "a@example.com", Status: account.Active, Organization: "o-1", OrgPath: "o-1/r-1/", CreatedAt: now}),
			tx.PutAccount(account.Account{ID: "444455556666", Name: "B", Email: "b@example.com", Status: account.Active, Organization: "o-2", OrgPath: "o-2/r-2/", CreatedAt: now}))
	})
	return one
}

// paged reads a list in pages of one and returns what key makes of its items.
func paged[T any](t *testing.T, db store.DB, key func(T) string, list func(store.Tx, page.Request) (page.Page[T], error)) []string {
	t.Helper()
	all := get(t, db, func(tx store.Tx) ([]T, error) {
		var all []T
		for p := (page.Request{Limit: 1}); ; {
			got, err := list(tx, p)
			if err != nil || len(got.Items) > 1 {
				return all, err
			}
			all = append(all, got.Items...)
			if p.After = got.Next; p.After == "" {
				return all, nil
			}
		}
	})
	keys := make([]string, len(all))
	for i, v := range all {
		keys[i] = key(v)
	}
	return keys
}

// testOrgAttachments: policies are attached to targets in an order, AWS's own comes
// first where it is put everywhere, and what goes takes its attachments along.
func testOrgAttachments(t *testing.T, db store.DB) {
	one := twoOrganizations(t, db)
	policy := func(id, organization string, kind org.PolicyType) org.Policy {
		return org.Policy{ID: id, Organization: organization, Type: kind, Name: id, Document: "{}", UpdatedAt: now}
	}
	a, b, tags, foreign := policy("p-a", "o-1", org.ServiceControl), policy("p-b", "o-1", org.ServiceControl), policy("p-t", "o-1", org.TagPolicy), policy("p-f", "o-2", org.ServiceControl)
	on := func(target string, kind org.PolicyType) []string {
		return get(t, db, func(tx store.Tx) ([]string, error) { return tx.AttachedOrgPolicies(target, kind) })
	}
	expect := func(what, target string, kind org.PolicyType, want ...string) {
		t.Helper()
		if got := on(target, kind); !slices.Equal(got, want) {
			t.Errorf("%s: on %s %v, want %v", what, target, got, want)
		}
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutOrgPolicy(a), tx.PutOrgPolicy(b), tx.PutOrgPolicy(tags), tx.PutOrgPolicy(foreign),
			tx.AttachOrgPolicy("o-1", "ou-1", b), tx.AttachOrgPolicy("o-1", "ou-1", tags), tx.AttachOrgPolicy("o-1", "ou-1", a), tx.AttachOrgPolicy("o-1", "ou-1", b),
			tx.AttachOrgPolicy("o-2", "r-2", foreign))
	})
	expect("in the order of attaching", "ou-1", org.ServiceControl, "p-b", "p-a")
	expect("of another type", "ou-1", org.TagPolicy, "p-t")
	if got := get(t, db, func(tx store.Tx) (org.Policy, error) { return tx.OrgPolicy("p-a") }); got != a {
		t.Errorf("%+v", got)
	}
	for kind, want := range map[org.PolicyType]int{org.ServiceControl: 2, org.TagPolicy: 1, org.BackupPolicy: 0} {
		if got := get(t, db, func(tx store.Tx) (int, error) { return tx.OrgPolicyCount("o-1", kind) }); got != want {
			t.Errorf("%d of %s", got, kind)
		}
	}
	update(t, db, func(tx store.Tx) error { return tx.AttachOrgPolicyEverywhere(one, org.FullAWSAccess) })
	expect("everywhere", "ou-1", org.ServiceControl, "p-FullAWSAccess", "p-b", "p-a")
	expect("everywhere", "111122223333", org.ServiceControl, "p-FullAWSAccess")
	expect("in the other organization", "r-2", org.ServiceControl, "p-f")
	targets := paged(t, db, func(id string) string { return id }, func(tx store.Tx, p page.Request) (page.Page[string], error) {
		return tx.OrgPolicyTargets("o-1", org.FullAWSAccess.ID, p)
	})
	if !slices.Equal(targets, []string{"111122223333", "ou-1", "r-1"}) {
		t.Errorf("targets %v", targets)
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.DetachOrgPolicy("ou-1", "p-b"), tx.AttachOrgPolicy("o-1", "ou-1", b))
	})
	expect("again", "ou-1", org.ServiceControl, "p-FullAWSAccess", "p-a", "p-b")
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DetachOrgPolicy("r-1", "p-b") }); !fault.Is(err, fault.NotFound) {
		t.Errorf("detaching what is not attached: %v", err)
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutOrgTag("o-1", "p-a", org.Tag{Key: "k"}), tx.DeleteOrgPolicy("p-a"))
	})
	expect("deleted", "ou-1", org.ServiceControl, "p-FullAWSAccess", "p-b")
	if got := tagsOf(t, db, "p-a"); len(got) != 0 {
		t.Errorf("tags of what was deleted: %v", got)
	}
	update(t, db, func(tx store.Tx) error { return tx.DetachOrgPolicies("o-1", org.ServiceControl, "") })
	expect("the type detached", "ou-1", org.ServiceControl)
	expect("the type detached", "ou-1", org.TagPolicy, "p-t")
	expect("in the other organization", "r-2", org.ServiceControl, "p-f")
	update(t, db, func(tx store.Tx) error { return tx.DetachOrgPolicies("o-1", "", "ou-1") })
	expect("the target emptied", "ou-1", org.TagPolicy)
}

func tagsOf(t *testing.T, db store.DB, resource string) []string {
	t.Helper()
	return paged(t, db, func(tag org.Tag) string { return tag.Key + "=" + tag.Value }, func(tx store.Tx, p page.Request) (page.Page[org.Tag], error) {
		return tx.OrgTags(resource, p)
	})
}

// testOrgTags: keys differ by case, values are replaced, and tags go with what has them.
func testOrgTags(t *testing.T, db store.DB) {
	twoOrganizations(t, db)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutOrgTag("o-1", "ou-1", org.Tag{Key: "b", Value: "1"}), tx.PutOrgTag("o-1", "ou-1", org.Tag{Key: "B", Value: "2"}),
			tx.PutOrgTag("o-1", "ou-1", org.Tag{Key: "a", Value: "値"}), tx.PutOrgTag("o-1", "ou-1", org.Tag{Key: "b", Value: "3"}),
			tx.PutOrgTag("o-1", "r-1", org.Tag{Key: "r", Value: ""}), tx.PutOrgTag("o-2", "r-2", org.Tag{Key: "o", Value: "x"}))
	})
	if got := tagsOf(t, db, "ou-1"); !slices.Equal(got, []string{"B=2", "a=値", "b=3"}) {
		t.Errorf("tags %v", got)
	}
	update(t, db, func(tx store.Tx) error { return do(tx.DeleteOrgTag("ou-1", "B"), tx.DeleteOrgTag("ou-1", "missing")) })
	if got := tagsOf(t, db, "ou-1"); !slices.Equal(got, []string{"a=値", "b=3"}) {
		t.Errorf("tags %v", got)
	}
	update(t, db, func(tx store.Tx) error { return tx.DeleteUnit("ou-1") })
	if got := tagsOf(t, db, "ou-1"); len(got) != 0 {
		t.Errorf("tags of a unit that is gone: %v", got)
	}
	update(t, db, func(tx store.Tx) error { return do(tx.DeleteOrgTags("r-1"), tx.DeleteOrganization("o-2")) })
	for _, id := range []string{"r-1", "r-2"} {
		if got := tagsOf(t, db, id); len(got) != 0 {
			t.Errorf("tags of %s: %v", id, got)
		}
	}
}

// testOrgDelegation: who administers what, which services are trusted and whom the
// organization lets in goes with the organization.
func testOrgDelegation(t *testing.T, db store.DB) {
	twoOrganizations(t, db)
	delegate := func(account, service, organization string, ago time.Duration) org.Delegate {
		return org.Delegate{Organization: organization, Account: account, Service: service, Since: now.Add(-ago)}
	}
	first := delegate("111122223333", "b.amazonaws.com", "o-1", time.Hour)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutDelegate(first), tx.PutDelegate(delegate("111122223333", "a.amazonaws.com", "o-1", time.Minute)),
			tx.PutDelegate(delegate("000000000001", "a.amazonaws.com", "o-1", 0)), tx.PutDelegate(delegate("444455556666", "a.amazonaws.com", "o-2", 0)),
			tx.PutDelegate(delegate("111122223333", "b.amazonaws.com", "o-1", 0))) // there already
	})
	if got := get(t, db, func(tx store.Tx) (org.Delegate, error) { return tx.Delegate("111122223333", "b.amazonaws.com") }); got != first {
		t.Errorf("%+v", got)
	}
	shown := func(d org.Delegate) string { return fmt.Sprint(d.Account, " ", d.Service, " ", now.Sub(d.Since)) }
	for service, want := range map[string][]string{
		"":                {"000000000001  0s", "111122223333  1h0m0s"},
		"a.amazonaws.com": {"000000000001 a.amazonaws.com 0s", "111122223333 a.amazonaws.com 1m0s"},
		"c.amazonaws.com": {},
	} {
		got := paged(t, db, shown, func(tx store.Tx, p page.Request) (page.Page[org.Delegate], error) {
			return tx.Delegates("o-1", service, p)
		})
		if !slices.Equal(got, want) {
			t.Errorf("of %q: %q", service, got)
		}
	}
	got := paged(t, db, shown, func(tx store.Tx, p page.Request) (page.Page[org.Delegate], error) {
		return tx.DelegatedServices("111122223333", p)
	})
	if !slices.Equal(got, []string{"111122223333 a.amazonaws.com 1m0s", "111122223333 b.amazonaws.com 1h0m0s"}) {
		t.Errorf("services %q", got)
	}
	update(t, db, func(tx store.Tx) error { return tx.DeleteDelegate("111122223333", "b.amazonaws.com") })
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeleteDelegate("111122223333", "b.amazonaws.com") }); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted twice: %v", err)
	}

	trusted := org.TrustedService{Service: "a.amazonaws.com", Since: now}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutTrustedService("o-1", trusted), tx.PutTrustedService("o-1", org.TrustedService{Service: "a.amazonaws.com"}), tx.PutTrustedService("o-1", org.TrustedService{Service: "b.amazonaws.com", Since: now}),
			tx.PutTrustedService("o-2", trusted), tx.DeleteTrustedService("o-1", "b.amazonaws.com"), tx.DeleteTrustedService("o-1", "b.amazonaws.com"))
	})
	if got := get(t, db, func(tx store.Tx) (org.TrustedService, error) { return tx.TrustedService("o-1", "a.amazonaws.com") }); got != trusted {
		t.Errorf("%+v", got)
	}
	services := paged(t, db, func(s org.TrustedService) string { return s.Service }, func(tx store.Tx, p page.Request) (page.Page[org.TrustedService], error) {
		return tx.TrustedServices("o-1", p)
	})
	if !slices.Equal(services, []string{"a.amazonaws.com"}) {
		t.Errorf("trusted %v", services)
	}

	p := org.ResourcePolicy{ID: "rp-1", Organization: "o-1", Document: "{}"}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutOrgResourcePolicy(org.ResourcePolicy{ID: "rp-1", Organization: "o-1", Document: "[]"}), tx.PutOrgResourcePolicy(p), tx.PutOrgTag("o-1", "rp-1", org.Tag{Key: "k"}))
	})
	if got := get(t, db, func(tx store.Tx) (org.ResourcePolicy, error) { return tx.OrgResourcePolicy("o-1") }); !reflect.DeepEqual(got, p) {
		t.Errorf("%+v", got)
	}
	update(t, db, func(tx store.Tx) error { return tx.DeleteOrgResourcePolicy("o-1") })
	if got := tagsOf(t, db, "rp-1"); len(got) != 0 {
		t.Errorf("tags of the policy that is gone: %v", got)
	}
	update(t, db, func(tx store.Tx) error { return tx.DeleteOrganization("o-1") })
	for what, missing := range map[string]func(store.Tx) error{
		"delegate":        func(tx store.Tx) error { _, err := tx.Delegate("111122223333", "a.amazonaws.com"); return err },
		"trusted service": func(tx store.Tx) error { _, err := tx.TrustedService("o-1", "a.amazonaws.com"); return err },
		"resource policy": func(tx store.Tx) error { _, err := tx.OrgResourcePolicy("o-1"); return err },
	} {
		if err := db.View(t.Context(), missing); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of an organization that is gone: %v", what, err)
		}
	}
	if got := get(t, db, func(tx store.Tx) (org.TrustedService, error) { return tx.TrustedService("o-2", "a.amazonaws.com") }); got != trusted {
		t.Errorf("of the other organization: %+v", got)
	}
}
