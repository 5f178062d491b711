package access

import (
	"slices"
	"strings"

	"sekisho/internal/page"
)

// AssignmentsHeld pages through what a user or group of the instance is assigned,
// for a user with what the user's groups are; in one account only, unless it is "".
// The principal itself comes first, then the groups in order of id. What it costs is
// what it returns, and the number of groups.
func AssignmentsHeld(tx Store, inst Instance, kind PrincipalType, principal, accountID string, p page.Request) (page.Page[Assignment], error) {
	var held page.Page[Assignment]
	if err := knows(tx, inst, kind, principal); err != nil {
		return held, err
	}
	var groups []string
	if kind == ToUser {
		var err error
		if groups, err = tx.GroupsOf(principal); err != nil {
			return held, err
		}
		slices.Sort(groups)
	}
	// A place is a group, or nothing for the principal itself, and a place in what it is assigned.
	group, after, _ := strings.Cut(p.After, "|")
	for {
		of, as := group, ToGroup
		if group == "" {
			of, as = principal, kind
		}
		got, err := tx.AssignmentsTo(as, of, accountID, page.Request{After: after, Limit: p.Limit - len(held.Items)})
		if err != nil {
			return held, err
		}
		held.Items = append(held.Items, got.Items...)
		if got.Next != "" {
			held.Next = group + "|" + got.Next
			return held, nil
		}
		next, _ := slices.BinarySearch(groups, group+"\x00") // the first after group
		if next == len(groups) {
			return held, nil
		}
		group, after = groups[next], ""
		if len(held.Items) == p.Limit {
			held.Next = group + "|"
			return held, nil
		}
	}
}
