package orgfile

import (
	"cmp"
	"fmt"
	"regexp"

	"sekisho/internal/access"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

var permissionSetID = regexp.MustCompile(`^ps-[0-9a-zA-Z]{16}$`)

func (r *run) putPermissionSets() error {
	r.sets, r.ownSets = make(map[string]string), make(map[string]access.PermissionSet)
	existing, err := setsOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	byName := make(map[string]string, len(existing))
	for _, p := range existing {
		r.ownSets[p.ID], byName[p.Name] = p, p.ID
	}
	for i := range r.file.IdentityCenter.PermissionSets {
		fp := &r.file.IdentityCenter.PermissionSets[i]
		if err := r.permissionSet(fp, byName[fp.Name]); err != nil {
			return fmt.Errorf("permission set %q: %w", fp.Name, err)
		}
	}
	return nil
}

// permissionSet makes the set be what the file says. named is the id of the one
// that has its name.
func (r *run) permissionSet(fp *PermissionSet, named string) error {
	have, found := r.ownSets[cmp.Or(fp.ID, named)]
	switch {
	case !found && named != "":
		return errKept(named, fp.ID)
	case found && have.Name != fp.Name:
		return fmt.Errorf("%s is called %s, and names of permission sets cannot be changed", have.ID, have.Name)
	case !found && fp.ID != "":
		if _, err := r.tx.PermissionSet(fp.ID); !fault.Is(err, fault.NotFound) {
			return cmp.Or(err, errTaken(fp.ID))
		}
	}
	want := have
	if !found {
		want = access.PermissionSet{ID: cmp.Or(fp.ID, arn.NewHexID("ps-", 16)), Instance: r.inst.ID, Name: fp.Name, CreatedAt: r.now}
	}
	fp.into(&want)
	if err := want.Validate(); err != nil {
		return err
	}
	if err := put(r, found, have, want, "permission set", want.Name, r.tx.PutPermissionSet); err != nil {
		return err
	}
	r.sets[fp.Name], r.ownSets[want.ID] = want.ID, want
	if !found || have.Digest() == want.Digest() {
		return nil
	}
	return access.Reprovision(r.tx, r.now, want)
}

// into makes a permission set be what the file says.
func (fp *PermissionSet) into(want *access.PermissionSet) {
	want.Description, want.RelayState, want.Boundary, want.FromFile = fp.Description, fp.RelayState, fp.PermissionsBoundary, true
	want.ManagedPolicies = each(fp.ManagedPolicies, func(arn string) string { return arn })
	want.CustomerPolicies = each(fp.CustomerManagedPolicies, func(c CustomerPolicy) string { return pathOr(c.Path) + c.Name })
	if fp.InlinePolicy == nil {
		want.InlinePolicy = ""
	} else if !sameDocument(want.InlinePolicy, fp.InlinePolicy.JSON) {
		want.InlinePolicy = fp.InlinePolicy.JSON
	}
	want.SessionDuration = cmp.Or(fp.SessionDuration.Duration, access.DefaultRoleSession)
	setTags(&want.Tags, fp.Tags)
}

// assignments makes who is assigned what be the file's, one account after the other,
// so that no more than one account's are in memory beside the file.
func (r *run) assignments() error {
	byAccount := make(map[string][]*Assignment)
	var order []string
	for i := range r.file.IdentityCenter.Assignments {
		fa := &r.file.IdentityCenter.Assignments[i]
		id := r.accounts[fa.Account]
		if byAccount[id] == nil {
			order = append(order, id)
		}
		byAccount[id] = append(byAccount[id], fa)
	}
	if !r.newInstance {
		members, err := accountsOf(r.tx, r.org)
		if err != nil {
			return err
		}
		for _, a := range members {
			if byAccount[a.ID] == nil && !r.closed[a.ID] {
				order = append(order, a.ID)
			}
		}
	}
	for _, id := range order {
		if err := r.assignmentsIn(id, byAccount[id]); err != nil {
			return err
		}
	}
	return nil
}

// held is an assignment in an account.
type held struct {
	set       string
	kind      access.PrincipalType
	principal string
}

func (r *run) assignmentsIn(accountID string, file []*Assignment) error {
	want := make(map[held]bool)
	for _, fa := range file {
		r.eachAssigned(fa, func(h held, _ string) { want[h] = true })
	}
	if !r.newInstance {
		have, err := r.tx.AssignmentsInAccount(accountID)
		if err != nil {
			return err
		}
		for _, a := range have {
			if err := r.keepAssignment(a, want); err != nil {
				return err
			}
		}
	}
	var made []access.Assignment
	for _, fa := range file {
		r.eachAssigned(fa, func(h held, name string) {
			if !want[h] {
				return
			}
			delete(want, h)
			r.note("create", "assignment", fa.PermissionSet+" in "+fa.Account+" to "+name)
			made = append(made, access.Assignment{Account: accountID, PermissionSet: h.set, PrincipalType: h.kind, PrincipalID: h.principal, FromFile: true})
		})
	}
	return access.AssignAll(r.tx, r.now, accountID, r.ownSets, made)
}

func (r *run) eachAssigned(fa *Assignment, do func(h held, name string)) {
	set := r.sets[fa.PermissionSet]
	for _, g := range fa.Groups {
		do(held{set, access.ToGroup, r.groups[g]}, "group "+g)
	}
	for _, u := range fa.Users {
		do(held{set, access.ToUser, r.users[u]}, "user "+u)
	}
}

// keepAssignment takes one that is there out of what is wanted, or away if an
// earlier file declared it.
func (r *run) keepAssignment(a access.Assignment, want map[held]bool) error {
	h := held{a.PermissionSet, a.PrincipalType, a.PrincipalID}
	_, own := r.ownSets[a.PermissionSet]
	switch {
	case !own:
		return nil
	case want[h]:
		delete(want, h)
		if a.FromFile {
			return nil
		}
		a.FromFile = true // the file's from now on, which changes nothing
		return r.tx.PutAssignment(a)
	case a.FromFile:
		return r.unassign(a)
	}
	return nil
}

func (r *run) unassign(a access.Assignment) error {
	r.note("delete", "assignment", a.PermissionSet+" in "+a.Account+" to "+string(a.PrincipalType)+" "+a.PrincipalID)
	return access.Unassign(r.tx, a)
}
