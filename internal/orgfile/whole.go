package orgfile

import (
	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
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

func accountsOf(tx store.Tx, o org.Organization) ([]account.Account, error) {
	return page.All(func(p page.Request) (page.Page[account.Account], error) { return tx.AccountsOfOrganization(o.ID, p) })
}

func policiesOf(tx store.Tx, o org.Organization, t org.PolicyType) ([]org.Policy, error) {
	return page.All(func(p page.Request) (page.Page[org.Policy], error) { return tx.OrgPolicies(o.ID, t, p) })
}

func targetsOf(tx store.Tx, o org.Organization, policy string) ([]string, error) {
	return page.All(func(p page.Request) (page.Page[string], error) { return tx.OrgPolicyTargets(o.ID, policy, p) })
}

// placedUnit is a unit with the names from the root.
type placedUnit struct {
	org.Unit
	names string
}

// unitsOf are all units of the organization, each after its parent.
func unitsOf(tx store.Tx, o org.Organization) ([]placedUnit, error) {
	var all []placedUnit
	todo := []placedUnit{{Unit: org.Unit{ID: o.Root}}}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		units, err := page.All(func(p page.Request) (page.Page[org.Unit], error) { return tx.UnitsUnder(at.ID, p) })
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			names := u.Name
			if at.names != "" {
				names = at.names + "/" + u.Name
			}
			all = append(all, placedUnit{u, names})
			todo = append(todo, placedUnit{u, names})
		}
	}
	return all, nil
}

// delegatesOf are all who administer a service, in order of account and service.
func delegatesOf(tx store.Tx, o org.Organization) ([]org.Delegate, error) {
	accounts, err := page.All(func(p page.Request) (page.Page[org.Delegate], error) { return tx.Delegates(o.ID, "", p) })
	var all []org.Delegate
	for _, d := range accounts {
		if err != nil {
			break
		}
		var of []org.Delegate
		of, err = page.All(func(p page.Request) (page.Page[org.Delegate], error) { return tx.DelegatedServices(d.Account, p) })
		all = append(all, of...)
	}
	return all, err
}

// rootFeaturesOf are the features of centralised root access that are in effect.
func rootFeaturesOf(tx store.Tx, o org.Organization) ([]string, error) {
	trusted, err := org.Trusts(tx, o, org.IAM)
	if err != nil || !trusted {
		return nil, err
	}
	s, err := tx.IAMSettings(o.ManagementAccount)
	var on []string
	if s.RootCredentialsManagement {
		on = append(on, string(iam.RootCredentialsManagement))
	}
	if s.RootSessions {
		on = append(on, string(iam.RootSessions))
	}
	return on, err
}

// everywhere are the ids of the root, all units and all accounts.
func everywhere(tx store.Tx, o org.Organization) ([]string, error) {
	all := []string{o.Root}
	units, err := unitsOf(tx, o)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		all = append(all, u.ID)
	}
	accounts, err := accountsOf(tx, o)
	for _, a := range accounts {
		all = append(all, a.ID)
	}
	return all, err
}

// trustedBy are the services that the organization trusts, in order.
func trustedBy(tx store.Tx, o org.Organization) ([]string, error) {
	all, err := page.All(func(p page.Request) (page.Page[org.TrustedService], error) { return tx.TrustedServices(o.ID, p) })
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Service
	}
	return names, err
}

func tokenIssuersOf(tx store.Tx, inst access.Instance) ([]application.TokenIssuer, error) {
	return page.All(func(p page.Request) (page.Page[application.TokenIssuer], error) { return tx.TokenIssuers(inst.ID, p) })
}

func applicationsOf(tx store.Tx, inst access.Instance) ([]application.Application, error) {
	return page.All(func(p page.Request) (page.Page[application.Application], error) {
		return tx.Applications(inst.ID, application.Filter{}, p)
	})
}

func applicationAssignmentsOf(tx store.Tx, a application.Application) ([]application.Assignment, error) {
	return page.All(func(p page.Request) (page.Page[application.Assignment], error) {
		return tx.ApplicationAssignments(a.ID, p)
	})
}
