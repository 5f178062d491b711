package orgfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/directory"
)

// removeUsers takes away the people whom earlier files declared and this one
// does not.
func (r *run) removeUsers() error {
	declared := make(map[string]bool)
	for _, fu := range r.file.IdentityCenter.Users {
		declared[directory.FoldName(fu.UserName)] = true
	}
	users, err := usersOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	gone := make(map[string]string)
	for _, u := range users {
		if u.FromFile && !declared[directory.FoldName(u.UserName)] {
			gone[u.ID] = u.UserName
		}
	}
	return r.remove("user", access.ToUser, gone, r.tx.DeleteUser)
}

func (r *run) removeGroups() error {
	groups, err := groupsOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	gone := make(map[string]string)
	for _, g := range groups {
		if g.FromFile && r.groups[g.DisplayName] == "" {
			gone[g.ID] = g.DisplayName
		}
	}
	return r.remove("group", access.ToGroup, gone, r.tx.DeleteGroup)
}

// remove takes principals away, by id and name, after all that they are
// assigned, whoever assigned it: a role goes with its last assignment.
func (r *run) remove(kind string, principals access.PrincipalType, gone map[string]string, remove func(id string) error) error {
	if len(gone) == 0 {
		return nil
	}
	all, err := ofInstance(r.tx, r.inst)
	if err != nil {
		return err
	}
	for _, a := range all {
		if _, ok := gone[a.PrincipalID]; !ok || a.PrincipalType != principals {
			continue
		}
		if err := r.unassign(a); err != nil {
			return err
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(gone), func(a, b string) int { return strings.Compare(gone[a], gone[b]) }) {
		r.note("delete", kind, gone[id])
		if err := remove(id); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) unassign(a access.Assignment) error {
	r.note("delete", "assignment", a.PermissionSet+" in "+a.Account+" to "+string(a.PrincipalType)+" "+a.PrincipalID)
	return access.Unassign(r.tx, a)
}

func (r *run) removePermissionSets() error {
	sets, err := setsOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	for _, p := range sets {
		if p.FromFile && r.sets[p.Name] == "" {
			r.note("delete", "permission set", p.Name)
			if err := access.RemovePermissionSet(r.tx, p.ID); err != nil {
				return fmt.Errorf("permission set %q: %w", p.Name, err)
			}
		}
	}
	return nil
}
