package access

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// Principal is Identity Center as a service: of its service-linked role, of its
// trusted access to an organization and of its delegated administrator.
const Principal = "sso.amazonaws.com"

// linkedRole is the name of its role in every account of an organization that has
// an instance (behaviours.md 6.1).
const linkedRole = "AWSServiceRoleForSSO"

// Joined gives an account that has come into an organization what the
// organization's instance needs there: the role AWSServiceRoleForSSO. Without an
// instance there is nothing to do, and doing it twice does nothing.
func Joined(tx Store, now time.Time, accountID string) error {
	a, err := tx.Account(accountID)
	if err != nil || a.Standalone() {
		return err
	}
	inst, err := tx.InstanceOf(a.Organization)
	if fault.Is(err, fault.NotFound) || err == nil && inst.Status != InstanceActive {
		return nil
	}
	if err != nil {
		return err
	}
	return link(tx, now, accountID)
}

// Left takes from an account that leaves its organization everything that the
// organization's instance gave it: assignments, the roles and the SAML provider of
// permission sets, and the service-linked role. Nobody of the directory is in it
// any more. It does not matter whether the account has left already.
func Left(tx Store, accountID string) error {
	if err := UnassignAll(tx, accountID); err != nil {
		return err
	}
	have, err := tx.SAMLProviders(accountID)
	if err != nil {
		return err
	}
	for _, p := range have {
		if !iam.ReservedSAMLProvider(p.Name) {
			continue
		}
		if err := tx.DeleteSAMLProvider(accountID, p.Name); err != nil {
			return err
		}
	}
	r, err := tx.RoleByName(accountID, linkedRole)
	if fault.Is(err, fault.NotFound) || err == nil && !r.ServiceLinked() {
		return nil
	}
	if err != nil {
		return err
	}
	return iam.RemoveRole(tx, r)
}

// link makes the service-linked role unless it is there.
func link(tx Store, now time.Time, accountID string) error {
	if _, err := tx.RoleByName(accountID, linkedRole); !fault.Is(err, fault.NotFound) {
		return err
	}
	_, err := iam.CreateServiceLinkedRole(tx, now, accountID, Principal, "", "")
	return err
}

// UnassignAll takes away every assignment in an account, with all roles that were
// provisioned there: nobody of a directory gets into it any more.
func UnassignAll(tx Store, accountID string) error {
	all, err := tx.AssignmentsInAccount(accountID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := tx.DeleteAssignment(a); err != nil {
			return err
		}
	}
	// Roles without an assignment, too: their removal may still be waiting.
	for {
		roles, err := tx.Roles(accountID, iam.PermissionSetPath, page.Request{})
		if err != nil || len(roles.Items) == 0 {
			return err
		}
		for _, r := range roles.Items {
			if err := iam.RemoveRole(tx, r); err != nil {
				return err
			}
		}
	}
}
