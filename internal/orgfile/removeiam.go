package orgfile

import (
	"fmt"

	"sekisho/internal/iam"
)

// removeIAM takes away what earlier files declared and this one does not:
// identities with all that hangs on them, then policies that nobody has any more.
func (r *run) removeIAM() error {
	d, err := r.tx.IAMFromFile()
	if err != nil {
		return err
	}
	members, err := accountsOf(r.tx, r.org)
	if err != nil {
		return err
	}
	own := make(map[string]bool, len(members)) // what other organizations' files declare is theirs
	for _, a := range members {
		own[a.ID] = true
	}
	for _, u := range d.Users {
		if own[u.Account] && !r.declared[u.ID] {
			r.note("delete", "iam user", u.ARN())
			if err := iam.RemoveUser(r.tx, u); err != nil {
				return fmt.Errorf("user %s: %w", u.ARN(), err)
			}
		}
	}
	for _, role := range d.Roles {
		if own[role.Account] && !r.declared[role.ID] {
			r.note("delete", "role", role.ARN())
			if err := iam.RemoveRole(r.tx, role); err != nil {
				return fmt.Errorf("role %s: %w", role.ARN(), err)
			}
		}
	}
	for _, g := range d.Groups {
		if own[g.Account] && !r.declared[g.ID] {
			r.note("delete", "iam group", g.ARN())
			if err := iam.RemoveGroup(r.tx, g); err != nil {
				return fmt.Errorf("group %s: %w", g.ARN(), err)
			}
		}
	}
	for _, p := range d.Policies {
		if own[p.Account] && !r.declared[p.ID] {
			r.note("delete", "policy", p.ARN())
			if err := iam.RemovePolicy(r.tx, p); err != nil {
				return fmt.Errorf("policy %s: %w", p.ARN(), err)
			}
		}
	}
	return nil
}
