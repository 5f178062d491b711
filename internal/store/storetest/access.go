package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

const accessIn, accessElsewhere = "ssoins-0000000000000001", "ssoins-0000000000000002"

// accessWorld has two instances with a set each, and three accounts.
func accessWorld(t *testing.T, db store.DB) {
	t.Helper()
	update(t, db, func(tx store.Tx) error {
		for i := range 3 {
			a := testAccount(accessAccount(i))
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		return do(
			tx.PutInstance(access.Instance{ID: accessIn, DirectoryID: "d-0000000001", Owner: accessAccount(0), Tags: []iam.Tag{{Key: "k", Value: "v"}}, CreatedAt: now}),
			tx.PutInstance(access.Instance{ID: accessElsewhere, DirectoryID: "d-0000000002", Owner: accessAccount(1), Status: access.InstanceDeleting, CreatedAt: now}),
			tx.PutPermissionSet(access.PermissionSet{ID: "ps-1", Instance: accessIn, Name: "One", Tags: []iam.Tag{{Key: "a", Value: "1"}, {Key: "b"}}, CreatedAt: now}),
			tx.PutPermissionSet(access.PermissionSet{ID: "ps-2", Instance: accessIn, Name: "Two", CreatedAt: now}),
			tx.PutPermissionSet(access.PermissionSet{ID: "ps-3", Instance: accessElsewhere, Name: "One", CreatedAt: now}))
	})
}

func accessAccount(i int) string { return fmt.Sprintf("10000000000%d", i) }

// testAccessInstances: tags, regions and attributes are kept, and go with the
// instance; a portal that is being closed is not found by its name.
func testAccessInstances(t *testing.T, db store.DB) {
	accessWorld(t, db)
	inst := get(t, db, func(tx store.Tx) (access.Instance, error) { return tx.InstanceByName("d-0000000001") })
	equal(t, "tags of an instance", inst.Tags, []iam.Tag{{Key: "k", Value: "v"}})
	refused(t, "the name of one that is being deleted", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.InstanceByName("d-0000000002"); return err }), fault.NotFound, "")
	equal(t, "sets", get(t, db, func(tx store.Tx) (int, error) { return tx.PermissionSetCount(accessIn) }), 2)
	set := get(t, db, func(tx store.Tx) (access.PermissionSet, error) { return tx.PermissionSet("ps-1") })
	equal(t, "tags of a set", set.Tags, []iam.Tag{{Key: "a", Value: "1"}, {Key: "b"}})

	eu, ap := access.Region{Name: "eu-west-1", AddedAt: now}, access.Region{Name: "ap-northeast-1", AddedAt: now.Add(time.Second)}
	keys := noted(t, db, func(tx store.Tx) error { return do(tx.PutRegion(accessIn, eu), tx.PutRegion(accessIn, ap)) })
	equal(t, "noted for regions", keys, []string{store.KeyInstance()})
	equal(t, "regions", get(t, db, func(tx store.Tx) ([]access.Region, error) { return tx.Regions(accessIn) }), []access.Region{ap, eu})
	refused(t, "a region of no instance", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutRegion("ssoins-none", eu) }), fault.NotFound, "")
	update(t, db, func(tx store.Tx) error { return tx.DeleteRegion(accessIn, "eu-west-1") })
	refused(t, "a region again", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeleteRegion(accessIn, "eu-west-1") }), fault.NotFound, "no-region")

	attributes := func(tx store.Tx) ([]access.Attribute, error) { return tx.Attributes(accessIn) }
	refused(t, "no attributes", db.View(t.Context(), func(tx store.Tx) error { _, err := attributes(tx); return err }), fault.NotFound, "no-attributes")
	want := []access.Attribute{{Key: "b", Source: "${user:email}"}, {Key: "鍵", Source: `${path:emails[primary eq true].value}`}}
	equal(t, "noted for attributes", noted(t, db, func(tx store.Tx) error { return tx.PutAttributes(accessIn, want) }), []string{store.KeyInstance()})
	equal(t, "attributes", get(t, db, attributes), want)
	update(t, db, func(tx store.Tx) error { return tx.PutAttributes(accessIn, nil) })
	equal(t, "enabled without any", get(t, db, attributes), []access.Attribute(nil))

	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccessRequest(access.Request{ID: "r1", Instance: accessIn, CreatedAt: now, ForgetAt: now}), tx.DeletePermissionSet("ps-1"), tx.DeletePermissionSet("ps-2"),
			tx.DeleteInstance(accessIn))
	})
	for what, find := range map[string]func(store.Tx) error{
		"instance":   func(tx store.Tx) error { _, err := tx.Instance(accessIn); return err },
		"attributes": func(tx store.Tx) error { _, err := attributes(tx); return err },
		"request":    func(tx store.Tx) error { _, err := tx.AccessRequest("r1"); return err },
	} {
		refused(t, what+" afterwards", db.View(t.Context(), find), fault.NotFound, "")
	}
}

// testAccessAssignments: the lists of who is assigned what have their order and
// their pages, and nothing of others.
func testAccessAssignments(t *testing.T, db store.DB) {
	accessWorld(t, db)
	var in []access.Assignment
	update(t, db, func(tx store.Tx) error {
		for _, kind := range []access.PrincipalType{access.ToGroup, access.ToUser} {
			for i := range 3 {
				in = append(in, assign(accessAccount(0), "ps-1", kind, fmt.Sprint("p", i)))
			}
		}
		for _, a := range append(in, assign(accessAccount(0), "ps-2", access.ToUser, "p1"), assign(accessAccount(2), "ps-1", access.ToUser, "p1")) {
			if err := tx.PutAssignment(a); err != nil {
				return err
			}
		}
		return nil
	})
	for size := 1; size < 8; size++ {
		equal(t, fmt.Sprint("of a set in an account by ", size), pages(t, db, size, func(tx store.Tx, p page.Request) (page.Page[access.Assignment], error) {
			return tx.AssignmentsOf(accessAccount(0), "ps-1", p)
		}), in)
		equal(t, fmt.Sprint("to a user by ", size), pages(t, db, size, func(tx store.Tx, p page.Request) (page.Page[access.Assignment], error) {
			return tx.AssignmentsTo(access.ToUser, "p1", "", p)
		}), []access.Assignment{in[4], assign(accessAccount(0), "ps-2", access.ToUser, "p1"), assign(accessAccount(2), "ps-1", access.ToUser, "p1")})
	}
	equal(t, "to a user in an account", pages(t, db, 9, func(tx store.Tx, p page.Request) (page.Page[access.Assignment], error) {
		return tx.AssignmentsTo(access.ToUser, "p1", accessAccount(2), p)
	}), []access.Assignment{assign(accessAccount(2), "ps-1", access.ToUser, "p1")})
	equal(t, "groups", get(t, db, func(tx store.Tx) (int, error) { return tx.GroupsAssigned(accessAccount(0), "ps-1") }), 3)
	equal(t, "one", get(t, db, func(tx store.Tx) (access.Assignment, error) {
		return tx.Assigned(access.Assignment{Account: accessAccount(0), PermissionSet: "ps-1", PrincipalType: access.ToGroup, PrincipalID: "p2"})
	}), in[2])
	refused(t, "none", db.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.Assigned(assign(accessAccount(1), "ps-1", access.ToUser, "p1"))
		return err
	}), fault.NotFound, "no-assignment")
}

// pages reads a list by pages of a size.
func pages[T any](t *testing.T, db store.DB, size int, list func(store.Tx, page.Request) (page.Page[T], error)) []T {
	t.Helper()
	return get(t, db, func(tx store.Tx) ([]T, error) {
		return page.All(func(p page.Request) (page.Page[T], error) {
			p.Limit = size
			got, err := list(tx, p)
			if len(got.Items) > size {
				t.Errorf("a page of %d for %d", len(got.Items), size)
			}
			return got, err
		})
	})
}

// testAccessProvisioned: what each role was brought to is kept, and accounts are
// found by it.
func testAccessProvisioned(t *testing.T, db store.DB) {
	accessWorld(t, db)
	digests := []string{"c", "a", "b"}
	update(t, db, func(tx store.Tx) error {
		for i, d := range digests {
			r := iam.Role{ID: fmt.Sprint("AROA", i), Account: accessAccount(i), Name: "r", PermissionSet: "ps-1", CreatedAt: now}
			if err := do(tx.PutRole(r), tx.MarkProvisioned(r.ID, d)); err != nil {
				return err
			}
			// Writing the role keeps the state that it was brought to.
			r.Description = "changed"
			if err := tx.PutRole(r); err != nil {
				return err
			}
		}
		return tx.PutRole(iam.Role{ID: "AROA9", Account: accessAccount(1), Name: "r2", PermissionSet: "ps-2", CreatedAt: now})
	})
	equal(t, "noted", noted(t, db, func(tx store.Tx) error { return tx.MarkProvisioned("AROA0", "c") }), []string(nil))
	accounts := func(digest string, same bool, size int) []string {
		return pages(t, db, size, func(tx store.Tx, p page.Request) (page.Page[string], error) {
			return tx.ProvisionedAccounts("ps-1", digest, same, p)
		})
	}
	all := []string{accessAccount(0), accessAccount(1), accessAccount(2)}
	for size := 1; size < 4; size++ {
		equal(t, "all", accounts("", false, size), all)
		equal(t, "in a state", accounts("b", true, size), all[2:])
		equal(t, "in others", accounts("b", false, size), []string{all[1], all[0]}) // in order of state
		equal(t, "in others than the first", accounts("a", false, size), []string{all[2], all[0]})
		equal(t, "in others than the last", accounts("c", false, size), []string{all[1], all[2]})
		equal(t, "in none", accounts("x", true, size), []string(nil))
		sets := pages(t, db, size, func(tx store.Tx, p page.Request) (page.Page[access.Provisioned], error) {
			return tx.ProvisionedSets(accessIn, accessAccount(1), p)
		})
		equal(t, "sets", len(sets), 2)
		equal(t, "the first", sets[0].Name+" "+sets[0].Digest+" "+sets[0].Tags[0].Key, "One a a")
		equal(t, "the second", sets[1].Name+" "+sets[1].Digest, "Two ")
		roles := pages(t, db, size, func(tx store.Tx, p page.Request) (page.Page[iam.Role], error) { return tx.ProvisionedRoles("ps-1", p) })
		equal(t, "roles", len(roles), 3)
	}
	equal(t, "sets of another instance", len(pages(t, db, 9, func(tx store.Tx, p page.Request) (page.Page[access.Provisioned], error) {
		return tx.ProvisionedSets(accessElsewhere, accessAccount(1), p)
	})), 0)
}

// testAccessRequests: work is kept whole, found when it is due, listed newest first,
// and forgotten only when it is done.
func testAccessRequests(t *testing.T, db store.DB) {
	accessWorld(t, db)
	whole := access.Request{
		ID: "r1", Kind: access.AssignRequest, Instance: accessIn, PermissionSet: "ps-1", Account: accessAccount(0), PrincipalType: access.ToUser, PrincipalID: "u1",
		Status: access.InProgress, FailureReason: "why", Failures: 2, After: "x", CreatedAt: now, ForgetAt: now.Add(time.Hour), Holder: "node", HeldUntil: now.Add(time.Second), Attempts: 1,
	}
	equal(t, "noted for what is held", noted(t, db, func(tx store.Tx) error { return tx.PutAccessRequest(whole) }), []string(nil))
	equal(t, "kept", get(t, db, func(tx store.Tx) (access.Request, error) { return tx.AccessRequest("r1") }), whole)
	due := func(at time.Time, holder string) (ids []string) {
		for _, r := range get(t, db, func(tx store.Tx) ([]access.Request, error) { return tx.DueAccessRequests(at, holder, 10) }) {
			ids = append(ids, r.ID)
		}
		return ids
	}
	fresh := access.Request{ID: "r0", Kind: access.AssignRequest, Instance: accessIn, Status: access.InProgress, CreatedAt: now.Add(time.Minute), ForgetAt: now.Add(time.Hour)}
	equal(t, "noted", noted(t, db, func(tx store.Tx) error { return tx.PutAccessRequest(fresh) }), []string{store.KeyAccessRequests()})
	equal(t, "due for others", due(now, "other"), []string{"r0"})
	equal(t, "due for the holder", due(now, "node"), []string{"r1", "r0"})
	equal(t, "due when the hold ends", due(now.Add(time.Second), "other"), []string{"r1", "r0"})

	update(t, db, func(tx store.Tx) error {
		for i := 2; i < 6; i++ {
			r := access.Request{ID: fmt.Sprint("r", i), Kind: access.AssignRequest, Instance: accessIn, Status: access.Succeeded, CreatedAt: now, ForgetAt: now.Add(time.Hour)}
			if err := tx.PutAccessRequest(r); err != nil {
				return err
			}
		}
		return do(tx.PutAccessRequest(access.Request{ID: "r6", Kind: access.ProvisionRequest, Instance: accessIn, Status: access.Failed, CreatedAt: now, ForgetAt: now.Add(time.Hour)}),
			tx.PutAccessRequest(access.Request{ID: "r7", Kind: access.AssignRequest, Instance: accessElsewhere, Status: access.InProgress, CreatedAt: now, ForgetAt: now.Add(time.Hour)}))
	})
	for size := 1; size < 7; size++ {
		list := func(status access.RequestStatus) (ids []string) {
			for _, r := range pages(t, db, size, func(tx store.Tx, p page.Request) (page.Page[access.Request], error) {
				return tx.AccessRequests(accessIn, access.AssignRequest, status, p)
			}) {
				ids = append(ids, r.ID)
			}
			return ids
		}
		equal(t, "all", list(""), []string{"r0", "r5", "r4", "r3", "r2", "r1"})
		equal(t, "succeeded", list(access.Succeeded), []string{"r5", "r4", "r3", "r2"})
	}
	refused(t, "a forged place", db.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.AccessRequests(accessIn, access.AssignRequest, "", page.Request{After: "x"})
		return err
	}), fault.Invalid, "pagination-token")
	waiting := get(t, db, func(tx store.Tx) ([]access.Request, error) { return tx.AccessRequestsUnderWay(accessIn, 10) })
	equal(t, "under way", len(waiting), 2)
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(2*time.Hour), 100); return err })
	equal(t, "what is not done is not forgotten", due(now.Add(2*time.Hour), "other"), []string{"r1", "r7", "r0"})
	refused(t, "what is done", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.AccessRequest("r2"); return err }), fault.NotFound, "")
}

// testIdleRoles: roles that a user's or group's end may leave for nobody are
// remembered until they were looked at.
func testIdleRoles(t *testing.T, db store.DB) {
	accessWorld(t, db)
	update(t, db, func(tx store.Tx) error {
		u := testUser("u1")
		return do(tx.PutUser(u), tx.PutAssignment(assign(accessAccount(0), "ps-1", access.ToUser, "u1")), tx.PutAssignment(assign(accessAccount(1), "ps-2", access.ToUser, "u1")),
			tx.DeleteUser("u1"))
	})
	idle := func(limit int) []access.IdleRole {
		return get(t, db, func(tx store.Tx) ([]access.IdleRole, error) { return tx.IdleRoles(limit) })
	}
	want := []access.IdleRole{{PermissionSet: "ps-1", Account: accessAccount(0)}, {PermissionSet: "ps-2", Account: accessAccount(1)}}
	equal(t, "idle", idle(10), want)
	equal(t, "one", idle(1), want[:1])
	update(t, db, func(tx store.Tx) error { return tx.ForgetIdleRole(want[0]) })
	equal(t, "the other", idle(10), want[1:])
}
