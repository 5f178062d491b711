package orgfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/directory"
	"sekisho/internal/page"
)

// removeUsers takes away the people whom earlier files declared and this one
// does not.
func (r *run) removeUsers() error {
	declared := make(map[string]bool) // folded names and ids
	for i := range r.file.IdentityCenter.Users {
		fu := &r.file.IdentityCenter.Users[i]
		declared[directory.FoldName(fu.UserName)], declared[fu.ID] = true, true
	}
	gone := make(map[string]string)
	for _, u := range r.people.byID {
		if u.FromFile && !declared[u.ID] && !declared[directory.FoldName(u.UserName)] {
			gone[u.ID] = u.UserName
			r.people.forget(u)
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
	for id := range gone {
		all, err := page.All(func(p page.Request) (page.Page[access.Assignment], error) {
			return r.tx.AssignmentsTo(principals, id, "", p)
		})
		if err != nil {
			return err
		}
		for _, a := range all {
			if err := r.unassign(a); err != nil {
				return err
			}
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

func (r *run) removePermissionSets() error {
	for _, id := range slices.Sorted(maps.Keys(r.ownSets)) {
		p := r.ownSets[id]
		if p.FromFile && r.sets[p.Name] == "" {
			r.note("delete", "permission set", p.Name)
			if err := access.RemovePermissionSet(r.tx, p.ID); err != nil {
				return fmt.Errorf("permission set %q: %w", p.Name, err)
			}
		}
	}
	return nil
}
