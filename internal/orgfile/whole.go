package orgfile

import (
	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// A file is about all of an organization at once; these read lists whole.

func usersOf(tx store.Tx, inst access.Instance) ([]directory.User, error) {
	return page.All(func(p page.Request) (page.Page[directory.User], error) { return tx.Users(inst.DirectoryID, p) })
}

func groupsOf(tx store.Tx, inst access.Instance) ([]directory.Group, error) {
	return page.All(func(p page.Request) (page.Page[directory.Group], error) { return tx.Groups(inst.DirectoryID, p) })
}

func setsOf(tx store.Tx, inst access.Instance) ([]access.PermissionSet, error) {
	return page.All(func(p page.Request) (page.Page[access.PermissionSet], error) { return tx.PermissionSets(inst.ID, p) })
}

// ofInstance are the assignments of the instance's permission sets.
func ofInstance(tx store.Tx, inst access.Instance) ([]access.Assignment, error) {
	sets, err := setsOf(tx, inst)
	if err != nil {
		return nil, err
	}
	own := make(map[string]bool, len(sets))
	for _, s := range sets {
		own[s.ID] = true
	}
	all, err := page.All(tx.Assignments)
	var of []access.Assignment
	for _, a := range all {
		if own[a.PermissionSet] {
			of = append(of, a)
		}
	}
	return of, err
}

func accountsOf(tx store.Tx, o org.Organization) ([]account.Account, error) {
	return page.All(func(p page.Request) (page.Page[account.Account], error) { return tx.AccountsOfOrganization(o.ID, p) })
}

func policiesOf(tx store.Tx, o org.Organization, t org.PolicyType) ([]org.Policy, error) {
	return page.All(func(p page.Request) (page.Page[org.Policy], error) { return tx.OrgPolicies(o.ID, t, p) })
}

func targetsOf(tx store.Tx, o org.Organization, policy string) ([]string, error) {
	return page.All(func(p page.Request) (page.Page[string], error) { return tx.OrgPolicyTargets(o.ID, policy, p) })
}

// unitNames are the names from the root of all units, by id.
func unitNames(tx store.Tx, o org.Organization) (map[string]string, error) {
	names := make(map[string]string)
	type place struct{ id, names string }
	for todo := []place{{o.Root, ""}}; len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		units, err := page.All(func(p page.Request) (page.Page[org.Unit], error) { return tx.UnitsUnder(at.id, p) })
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			names[u.ID] = at.names + u.Name
			todo = append(todo, place{u.ID, at.names + u.Name + "/"})
		}
	}
	return names, nil
}
