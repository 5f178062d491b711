package access

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// How much one step does, so that its transaction stays small.
const (
	linkBatch   = 50  // accounts
	deleteBatch = 100 // people, or groups
)

// Step does the next piece of a request: the role of one account at most. The
// request that it returns is to be put in the same transaction, and is done when
// its status says so. When it fails with a fault, the transaction must not be
// committed, and the request is to be put as [Fail] has it.
func Step(tx Store, now time.Time, r Request) (Request, error) {
	r.Attempts = 0
	switch r.Kind {
	case AssignRequest:
		r.Status = Succeeded
		return r, assignStep(tx, now, r)
	case UnassignRequest:
		r.Status = Succeeded
		return r, deprovision(tx, r.Account, r.PermissionSet)
	case ProvisionRequest:
		return provisionStep(tx, now, r)
	case LinkRequest:
		return linkStep(tx, now, r)
	case DeleteRequest:
		return deleteStep(tx, r)
	}
	return r, fault.New(fault.Invalid, "request-kind", "The request is of a kind that this version does not know.")
}

// Fail is the request after a step failed with a fault. One for many accounts goes
// on with the next: what could not be done in one is no reason to keep the others
// from it.
func Fail(tx Store, r Request, f *fault.Error) (Request, error) {
	r.Attempts = 0
	r.Failures++
	if r.FailureReason == "" {
		r.FailureReason = f.Public
	}
	if r.Kind != ProvisionRequest || r.Account != "" {
		r.Status = Failed
		return r, nil
	}
	next, err := tx.ProvisionedRoles(r.PermissionSet, page.Request{After: r.After, Limit: 1})
	if err != nil {
		return r, err
	}
	if next.Next == "" {
		r.Status = Failed
	}
	if len(next.Items) > 0 {
		r.After = next.Items[0].Account
	}
	return r, nil
}

// GiveUp is the request after too many attempts failed for reasons that are told
// to nobody.
func GiveUp(r Request) Request {
	r.Status, r.Failures, r.FailureReason = Failed, r.Failures+1, "An internal error occurred. Try again."
	return r
}

// NextAccount is the account that the next step of the request is about, "" for none.
func NextAccount(tx Store, r Request) (string, error) {
	if r.Kind != ProvisionRequest || r.Account != "" {
		return r.Account, nil
	}
	next, err := tx.ProvisionedRoles(r.PermissionSet, page.Request{After: r.After, Limit: 1})
	if err != nil || len(next.Items) == 0 {
		return "", err
	}
	return next.Items[0].Account, nil
}

func assignStep(tx Store, now time.Time, r Request) error {
	if err := inUse(tx, r.Account); err != nil {
		return err
	}
	return Assign(tx, now, r.assignment())
}

// inUse is a Conflict for an account that is suspended, closed or not yet active.
func inUse(tx Store, accountID string) error {
	a, err := tx.Account(accountID)
	if err != nil {
		return err
	}
	if a.Status != account.Active {
		return fault.New(fault.Conflict, "account-not-active", "The account %s is not active.", accountID)
	}
	return nil
}

func provisionStep(tx Store, now time.Time, r Request) (Request, error) {
	set, err := tx.PermissionSet(r.PermissionSet)
	if err != nil {
		return r, err
	}
	var role iam.Role
	if r.Account != "" {
		r.Status = Succeeded
		if role, err = tx.RoleOfPermissionSet(r.Account, set.ID); fault.Is(err, fault.NotFound) {
			return r, fault.New(fault.NotFound, "not-provisioned", "Permission set with id %s is not provisioned in account %s", set.ID, r.Account)
		}
	} else {
		var next page.Page[iam.Role]
		if next, err = tx.ProvisionedRoles(set.ID, page.Request{After: r.After, Limit: 1}); err != nil {
			return r, err
		}
		if len(next.Items) == 0 {
			r.Status = doneWith(r)
			return r, nil
		}
		role = next.Items[0]
		r.After = role.Account
		if next.Next == "" {
			r.Status = doneWith(r)
		}
	}
	if err != nil {
		return r, err
	}
	if err := inUse(tx, role.Account); err != nil {
		return r, err
	}
	return r, bringUp(tx, now, role, set)
}

// doneWith is how a request for many accounts ends.
func doneWith(r Request) RequestStatus {
	if r.Failures > 0 {
		return Failed
	}
	return Succeeded
}

func linkStep(tx Store, now time.Time, r Request) (Request, error) {
	inst, err := tx.Instance(r.Instance)
	if err != nil {
		return r, err
	}
	members, err := tx.AccountsOfOrganization(inst.Organization, page.Request{After: r.After, Limit: linkBatch})
	if err != nil {
		return r, err
	}
	for _, a := range members.Items {
		if err := Joined(tx, now, a.ID); err != nil {
			return r, err
		}
	}
	if r.After = members.Next; r.After == "" {
		r.Status = Succeeded
	}
	return r, nil
}

// deleteStep removes a batch of people, then of groups, then a permission set from
// an account, and the instance when there is nothing left.
func deleteStep(tx Store, r Request) (Request, error) {
	inst, err := tx.Instance(r.Instance)
	if err != nil {
		return r, err
	}
	people, err := tx.Users(inst.DirectoryID, page.Request{Limit: deleteBatch})
	if err != nil {
		return r, err
	}
	for _, u := range people.Items {
		if err := tx.DeleteUser(u.ID); err != nil {
			return r, err
		}
	}
	if len(people.Items) > 0 {
		return r, nil
	}
	groups, err := tx.Groups(inst.DirectoryID, page.Request{Limit: deleteBatch})
	if err != nil {
		return r, err
	}
	for _, g := range groups.Items {
		if err := tx.DeleteGroup(g.ID); err != nil {
			return r, err
		}
	}
	if len(groups.Items) > 0 {
		return r, nil
	}
	sets, err := tx.PermissionSets(inst.ID, page.Request{Limit: 1})
	if err != nil {
		return r, err
	}
	if len(sets.Items) > 0 {
		return r, takeApart(tx, sets.Items[0])
	}
	r.Status = Succeeded
	return r, tx.DeleteInstance(inst.ID)
}

// takeApart removes a set from the next account that has it, or the set itself
// when none has.
func takeApart(tx Store, set PermissionSet) error {
	roles, err := tx.ProvisionedRoles(set.ID, page.Request{Limit: deleteBatch})
	if err != nil {
		return err
	}
	for _, role := range roles.Items {
		left, err := page.All(func(p page.Request) (page.Page[Assignment], error) { return tx.AssignmentsOf(role.Account, set.ID, p) })
		if err != nil {
			return err
		}
		for _, a := range left {
			if err := tx.DeleteAssignment(a); err != nil {
				return err
			}
		}
		if err := iam.RemoveRole(tx, role); err != nil {
			return err
		}
	}
	if len(roles.Items) > 0 {
		return nil
	}
	return tx.DeletePermissionSet(set.ID)
}

// Tidy removes the roles of permission sets whose last assignment went with the
// user or group that had it, at most limit of them, and returns how many it looked at.
func Tidy(tx Store, limit int) (int, error) {
	idle, err := tx.IdleRoles(limit)
	if err != nil {
		return 0, err
	}
	for _, r := range idle {
		if err := deprovision(tx, r.Account, r.PermissionSet); err != nil {
			return 0, err
		}
		if err := tx.ForgetIdleRole(r); err != nil {
			return 0, err
		}
	}
	return len(idle), nil
}
