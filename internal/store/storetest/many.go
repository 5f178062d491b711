package storetest

import (
	"fmt"
	"slices"
	"testing"

	"sekisho/internal/access"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// What is written by few statements is what single ones would have written, also
// beyond what one statement takes, with counts; of what is refused nothing is there.
func testMany(t *testing.T, db store.DB) {
	const n = 450
	var users []directory.User
	var ids []string
	var some []access.Assignment
	for i := range n {
		u := testUser(fmt.Sprintf("u%03d", i))
		u.ExternalIDs = []directory.ExternalID{{Issuer: "i", ID: u.ID}}
		users, ids = append(users, u), append(ids, u.ID)
		some = append(some, assign("111122223333", "ps-1", access.ToUser, u.ID))
	}
	in := users[0].Directory
	update(t, db, func(tx store.Tx) error {
		return do(tx.AddUsers(in, nil), tx.AddUsers(in, users), tx.PutGroup(testGroup("g1")), tx.AddMember("g1", ids[3]), tx.AddMembers("g1", ids), tx.AddMembers("g1", nil),
			tx.PutAccount(testAccount("111122223333")), tx.PutPermissionSet(testSet("ps-1")), tx.AddAssignments(some), tx.AddAssignments(nil))
	})
	equal(t, "user", get(t, db, func(tx store.Tx) (directory.User, error) { return tx.User(ids[n-1]) }), users[n-1])
	equal(t, "by external id", get(t, db, func(tx store.Tx) (directory.User, error) {
		return tx.UserByExternalID(in, directory.ExternalID{Issuer: "i", ID: ids[7]})
	}), users[7])
	equal(t, "count", get(t, db, func(tx store.Tx) (int, error) { return tx.UserCount(in) }), n)
	equal(t, "members", get(t, db, func(tx store.Tx) ([]string, error) { return tx.Members("g1") }), ids)
	equal(t, "assignments", len(get(t, db, func(tx store.Tx) ([]access.Assignment, error) { return tx.AssignmentsInAccount("111122223333") })), n)

	var roles []access.ProvisionedRole
	var attached []iam.Attachment
	var sets []string
	for i := range n {
		id := fmt.Sprintf("ps-%03d", i)
		r := iam.Role{
			ID: "AROA" + id, Account: "111122223333", Path: iam.PermissionSetPath, Name: "R" + id, TrustPolicy: "{}", MaxSessionSeconds: 3600, PermissionSet: id,
			Boundary: "b", CreatedAt: now,
		}
		sets, roles = append(sets, id), append(roles, access.ProvisionedRole{Role: r, Digest: "d"})
		attached = append(attached, iam.Attachment{Owner: r.ID, OwnerKind: iam.RoleKind, Account: r.Account, PolicyARN: "p", AttachedAt: now})
	}
	provision := func(tx store.Tx) error {
		return do(tx.AddProvisionedRoles("111122223333", roles), tx.AddProvisionedRoles("111122223333", nil), tx.AttachAll(attached), tx.AttachAll(nil))
	}
	equal(t, "noted for one", noted(t, db, func(tx store.Tx) error {
		return do(tx.AddProvisionedRoles("111122223333", roles[:1]), tx.AttachAll(attached[:1]))
	}), []string{store.KeyPolicies(roles[0].ID), store.KeyRole(roles[0].ID), store.KeyRoles("111122223333")})
	update(t, db, func(tx store.Tx) error {
		return do(tx.Detach(roles[0].ID, "p"), tx.DeleteRole(roles[0].ID), provision(tx))
	})
	equal(t, "role", get(t, db, func(tx store.Tx) (iam.Role, error) { return tx.Role(roles[n-1].ID) }), roles[n-1].Role)
	equal(t, "sets provisioned", slices.Sorted(slices.Values(get(t, db, func(tx store.Tx) ([]string, error) { return tx.SetsProvisioned("111122223333") }))), sets)
	equal(t, "in the state", len(pages(t, db, 9, func(tx store.Tx, p page.Request) (page.Page[string], error) {
		return tx.ProvisionedAccounts(sets[7], "d", true, p)
	})), 1)
	equal(t, "roles counted", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount("111122223333", iam.Roles) }), n)
	equal(t, "attachment", get(t, db, func(tx store.Tx) ([]iam.Attachment, error) { return tx.Attachments(roles[n-1].ID) }), attached[n-1:])
	for name, c := range map[string]struct {
		write func(store.Tx) error
		kind  fault.Kind
	}{
		"taken id":            {func(tx store.Tx) error { return tx.AddUsers(in, users[:1]) }, fault.AlreadyExists},
		"member of no group":  {func(tx store.Tx) error { return tx.AddMembers("none", ids[:1]) }, fault.NotFound},
		"set that has a role": {provision, fault.AlreadyExists},
		"role of no account": {func(tx store.Tx) error {
			r := roles[0]
			r.ID, r.Name, r.PermissionSet = "AROAOTHER", "Other", "ps-other"
			return tx.AddProvisionedRoles("999999999999", []access.ProvisionedRole{r})
		}, fault.NotFound},
		"assignment of no account": {func(tx store.Tx) error {
			return tx.AddAssignments([]access.Assignment{assign("999999999999", "ps-1", access.ToUser, ids[0])})
		}, fault.NotFound},
	} {
		if err := db.Update(t.Context(), nil, c.write); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "count in the end", get(t, db, func(tx store.Tx) (int, error) { return tx.UserCount(in) }), n)
}
