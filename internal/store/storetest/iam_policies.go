package storetest

import (
	"fmt"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

func testPolicy(acct, path, name string) iam.Policy {
	return iam.Policy{ID: "ANPA" + acct + name, Account: acct, Path: path, Name: name, DefaultVersion: 1, LastVersion: 1, CreatedAt: now, UpdatedAt: now}
}

// testIAMPolicies: policies and versions come back as they were written, names
// are unique ignoring case and path, numbers of both are counted, and what is in
// force is noted.
func testIAMPolicies(t *testing.T, db store.DB) {
	const acct, other = "111122223333", "444455556666"
	whole := iam.Policy{
		ID: "ANPA1", Account: acct, Path: "/team/", Name: "Deploy", Description: "d", DefaultVersion: 2, LastVersion: 7,
		Tags: []iam.Tag{{Key: "k", Value: "v"}, {Key: "K", Value: ""}}, CreatedAt: now, UpdatedAt: now.AddDate(0, 1, 0), FromFile: true,
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(acct)), tx.PutAccount(testAccount(other)))
	})
	equal(t, "noted", noted(t, db, func(tx store.Tx) error {
		return do(tx.PutPolicy(whole), tx.PutPolicy(testPolicy(other, "/", "deploy")), tx.PutPolicy(testPolicy(iam.AWSAccount, "/", "Deploy")))
	}), sortedKeys(store.KeyPolicy(whole.ARN()), store.KeyPolicy("arn:aws:iam::"+other+":policy/deploy"), store.KeyPolicy("arn:aws:iam::aws:policy/Deploy")))
	byName := func(account, name string) func(store.Tx) (iam.Policy, error) {
		return func(tx store.Tx) (iam.Policy, error) { return tx.PolicyByName(account, name) }
	}
	equal(t, "by name", get(t, db, byName(acct, "dEPLOY")), whole)
	equal(t, "imported", get(t, db, byName(iam.AWSAccount, "deploy")).Name, "Deploy")
	for what, path := range map[string]string{"name": "/", "name and path": "/team/"} {
		refused(t, "a taken "+what, db.Update(t.Context(), nil, func(tx store.Tx) error {
			p := testPolicy(acct, path, "DEPLOY")
			p.ID = "ANPA2"
			return tx.PutPolicy(p)
		}), fault.AlreadyExists, "policy-name-taken")
	}
	refused(t, "no account", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutPolicy(testPolicy("999999999999", "/", "p")) }), fault.NotFound, "")

	version := func(n int, document string) iam.PolicyVersion {
		return iam.PolicyVersion{Policy: "ANPA1", Number: n, Document: document, CreatedAt: now}
	}
	put := func(v iam.PolicyVersion) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.PutPolicyVersion(v) }
	}
	equal(t, "noted by a version", noted(t, db, put(version(1, "{}"))), []string(nil))
	equal(t, "noted by the default version", noted(t, db, put(version(2, `{"é":1}`))), []string{store.KeyPolicy(whole.ARN())})
	update(t, db, put(version(10, "{}")))
	update(t, db, put(version(1, "replaced")))
	refused(t, "a version of nothing", db.Update(t.Context(), nil, put(iam.PolicyVersion{Policy: "none", Number: 1})), fault.NotFound, "no-policy")
	equal(t, "version", get(t, db, func(tx store.Tx) (iam.PolicyVersion, error) { return tx.PolicyVersion("ANPA1", 2) }), version(2, `{"é":1}`))
	versions := func(tx store.Tx) ([]iam.PolicyVersion, error) { return tx.PolicyVersions("ANPA1") }
	equal(t, "versions", get(t, db, versions), []iam.PolicyVersion{version(10, "{}"), version(2, `{"é":1}`), version(1, "replaced")})

	counts := func() (n []int) {
		for _, noun := range []iam.Noun{iam.Policies, iam.PolicyVersions} {
			n = append(n, get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(acct, noun) }))
		}
		return n
	}
	equal(t, "counted", counts(), []int{1, 3})
	bare := iam.Policy{ID: "ANPA1", Account: acct, Path: "/", Name: "deploy", CreatedAt: now}
	update(t, db, func(tx store.Tx) error { return do(tx.PutPolicy(bare), tx.DeletePolicyVersion("ANPA1", 10)) })
	equal(t, "replaced", get(t, db, byName(acct, "Deploy")), bare)
	equal(t, "counted after a version went", counts(), []int{1, 2})
	equal(t, "noted by a deletion", noted(t, db, func(tx store.Tx) error { return tx.DeletePolicy("ANPA1") }), []string{store.KeyPolicy(bare.ARN())})
	equal(t, "counted after a deletion", counts(), []int{0, 0})
	equal(t, "versions after a deletion", get(t, db, versions), []iam.PolicyVersion(nil))
	for what, try := range map[string]func(store.Tx) error{
		"by name":                func(tx store.Tx) error { _, err := tx.PolicyByName(acct, "deploy"); return err },
		"version":                func(tx store.Tx) error { _, err := tx.PolicyVersion("ANPA1", 2); return err },
		"delete again":           func(tx store.Tx) error { return tx.DeletePolicy("ANPA1") },
		"delete a version again": func(tx store.Tx) error { return tx.DeletePolicyVersion("ANPA1", 2) },
	} {
		refused(t, what, db.Update(t.Context(), nil, try), fault.NotFound, "")
	}
}

// testIAMPolicyPages: policies under a path come in order of path, then name, a
// page at a time.
func testIAMPolicyPages(t *testing.T, db store.DB) {
	const acct = "111122223333"
	places := [][2]string{{"/", "b"}, {"/a/", "Z"}, {"/", "C"}, {"/a/b/", "a"}, {"/ab/", "a2"}, {"/a/", "y"}}
	update(t, db, func(tx store.Tx) error {
		if err := tx.PutAccount(testAccount(acct)); err != nil {
			return err
		}
		for _, p := range places {
			if err := tx.PutPolicy(testPolicy(acct, p[0], p[1])); err != nil {
				return err
			}
		}
		return tx.PutPolicy(testPolicy(iam.AWSAccount, "/", "a"))
	})
	for prefix, want := range map[string][]string{
		"": {"/b", "/C", "/a/y", "/a/Z", "/a/b/a", "/ab/a2"}, "/a": {"/a/y", "/a/Z", "/a/b/a", "/ab/a2"}, "/a/": {"/a/y", "/a/Z", "/a/b/a"}, "/c": nil,
	} {
		for limit := 1; limit <= 3; limit++ {
			var got []string
			for p := (page.Request{Limit: limit}); ; {
				found := get(t, db, func(tx store.Tx) (page.Page[iam.Policy], error) { return tx.Policies(acct, prefix, p) })
				for _, v := range found.Items {
					got = append(got, v.Path+v.Name)
				}
				if p.After = found.Next; p.After == "" {
					break
				}
			}
			equal(t, fmt.Sprintf("under %q by %d", prefix, limit), got, want)
		}
	}
}

// testInlinePolicies: they are their owner's, found ignoring case, in order of
// name, and a write or deletion is noted for the owner.
func testInlinePolicies(t *testing.T, db store.DB) {
	inline := func(owner, name, document string) iam.InlinePolicy {
		return iam.InlinePolicy{Owner: owner, Name: name, Document: document}
	}
	put := func(p iam.InlinePolicy) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.PutInlinePolicy(p) }
	}
	equal(t, "noted", noted(t, db, put(inline("AIDA1", "b", "1"))), []string{store.KeyPolicies("AIDA1")})
	update(t, db, put(inline("AIDA1", "C", "2")))
	update(t, db, put(inline("AIDA1", "a", "3")))
	update(t, db, put(inline("AROA1", "b", "4")))
	update(t, db, put(inline("AIDA1", "B", "5")))
	equal(t, "one", get(t, db, func(tx store.Tx) (iam.InlinePolicy, error) { return tx.InlinePolicy("AIDA1", "b") }), inline("AIDA1", "B", "5"))
	list := func(tx store.Tx) ([]iam.InlinePolicy, error) { return tx.InlinePolicies("AIDA1") }
	equal(t, "all", get(t, db, list), []iam.InlinePolicy{inline("AIDA1", "a", "3"), inline("AIDA1", "B", "5"), inline("AIDA1", "C", "2")})
	equal(t, "noted by a deletion", noted(t, db, func(tx store.Tx) error { return tx.DeleteInlinePolicy("AIDA1", "c") }), []string{store.KeyPolicies("AIDA1")})
	equal(t, "after a deletion", get(t, db, list), []iam.InlinePolicy{inline("AIDA1", "a", "3"), inline("AIDA1", "B", "5")})
	for what, try := range map[string]func(store.Tx) error{
		"another's": func(tx store.Tx) error { _, err := tx.InlinePolicy("AROA1", "a"); return err },
		"again":     func(tx store.Tx) error { return tx.DeleteInlinePolicy("AIDA1", "C") },
	} {
		refused(t, what, db.Update(t.Context(), nil, try), fault.NotFound, "no-inline-policy")
	}
}

// testAttachments: who has a policy and whom it bounds is told for one account.
func testAttachments(t *testing.T, db store.DB) {
	const acct, other = "111122223333", "444455556666"
	const admin, deploy = "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::" + acct + ":policy/Deploy"
	attachment := func(account, owner string, kind iam.Kind, policyARN string) iam.Attachment {
		return iam.Attachment{Owner: owner, OwnerKind: kind, Account: account, PolicyARN: policyARN, AttachedAt: now}
	}
	user, group, role := attachment(acct, "AIDA1", iam.UserKind, admin), attachment(acct, "AGPA1", iam.GroupKind, admin), attachment(acct, "AROA1", iam.RoleKind, admin)
	second, elsewhere := attachment(acct, "AIDA1", iam.UserKind, deploy), attachment(other, "AIDA2", iam.UserKind, admin)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(acct)), tx.PutAccount(testAccount(other)))
	})
	attach := func(as ...iam.Attachment) func(store.Tx) error {
		return func(tx store.Tx) error {
			for _, a := range as {
				if err := tx.Attach(a); err != nil {
					return err
				}
			}
			return nil
		}
	}
	equal(t, "noted", noted(t, db, attach(second, user, group)), sortedKeys(store.KeyPolicies("AIDA1"), store.KeyPolicies("AGPA1")))
	again := user
	again.AttachedAt = now.AddDate(1, 0, 0)
	equal(t, "noted again", noted(t, db, attach(again)), []string(nil))
	update(t, db, attach(role, elsewhere))
	refused(t, "no account", db.Update(t.Context(), nil, attach(attachment("999999999999", "AIDA9", iam.UserKind, admin))), fault.NotFound, "")
	equal(t, "attached", get(t, db, func(tx store.Tx) ([]iam.Attachment, error) { return tx.Attachments("AIDA1") }), []iam.Attachment{second, user})
	count := func(tx store.Tx) (int, error) { return tx.AttachmentCount(acct, admin) }
	equal(t, "count", get(t, db, count), 3)
	for limit := 1; limit <= 4; limit++ {
		var got []iam.Attachment
		for p := (page.Request{Limit: limit}); ; {
			found := get(t, db, func(tx store.Tx) (page.Page[iam.Attachment], error) { return tx.AttachmentsOf(acct, admin, p) })
			got = append(got, found.Items...)
			if p.After = found.Next; p.After == "" {
				break
			}
		}
		equal(t, fmt.Sprint("by ", limit), got, []iam.Attachment{group, user, role})
	}
	detach := func(tx store.Tx) error { return tx.Detach("AIDA1", admin) }
	equal(t, "noted by detaching", noted(t, db, detach), []string{store.KeyPolicies("AIDA1")})
	equal(t, "count after detaching", get(t, db, count), 2)
	refused(t, "detach again", db.Update(t.Context(), nil, detach), fault.NotFound, "not-attached")

	update(t, db, func(tx store.Tx) error {
		for i, account := range []string{acct, acct, other} {
			u := iam.User{ID: fmt.Sprint("AIDA", i), Account: account, Path: "/", Name: fmt.Sprint("u", i), Boundary: deploy, CreatedAt: now}
			r := iam.Role{ID: fmt.Sprint("AROA", i), Account: account, Path: "/", Name: fmt.Sprint("r", i), Boundary: deploy, CreatedAt: now}
			if err := do(tx.PutIAMUser(u), tx.PutRole(r)); err != nil {
				return err
			}
		}
		free := iam.User{ID: "AIDA9", Account: acct, Path: "/", Name: "free", CreatedAt: now}
		return tx.PutIAMUser(free)
	})
	bounded := get(t, db, func(tx store.Tx) ([]string, error) { return tx.BoundedBy(acct, deploy) })
	equal(t, "bounded", bounded, []string{"AIDA0", "AIDA1", "AROA0", "AROA1"})
	equal(t, "bounded by nothing", get(t, db, func(tx store.Tx) ([]string, error) { return tx.BoundedBy(acct, "") }), []string(nil))
}
