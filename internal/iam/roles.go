package iam

import (
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// Paths and names that only we give (behaviours.md 1.1, 6.3).
const (
	// ServiceLinkedPath begins the path of every service-linked role; the
	// service's principal follows.
	ServiceLinkedPath = "/aws-service-role/"
	// ReservedPath begins the path of what Identity Center provisions.
	ReservedPath = "/aws-reserved/"
	// PermissionSetPath is where the roles of permission sets are. It goes on with
	// the region if Identity Center is not in us-east-1.
	PermissionSetPath = ReservedPath + "sso.amazonaws.com/"
	// PermissionSetRolePrefix begins their names. Policies recognize them by it,
	// in the ARNs of sessions too, which have no path.
	PermissionSetRolePrefix = "AWSReservedSSO_"
)

// DefaultRoleSession bounds the sessions of a role of which nothing else is
// said, in seconds (behaviours.md 1.4).
const DefaultRoleSession = 3600

// errNoRole is the fault for a role that is not there.
func errNoRole(name string) error {
	return fault.New(fault.NotFound, "no-role", "The role with name %s cannot be found.", name)
}

// FindRole is the account's role with the name, ignoring case, or NotFound in
// AWS's words.
func FindRole(tx Store, account, name string) (Role, error) {
	r, err := tx.RoleByName(account, name)
	if fault.Is(err, fault.NotFound) {
		return r, errNoRole(name)
	}
	return r, err
}

// ServiceLinked says that the role belongs to an AWS service.
func (r Role) ServiceLinked() bool { return strings.HasPrefix(r.Path, ServiceLinkedPath) }

// Protected is the fault for a change of a role that belongs to a service or to
// a permission set, and nil for every other role (G-47, G-49, behaviours.md 5.7).
func Protected(r Role) error {
	if r.PermissionSet == "" && !r.ServiceLinked() {
		return nil
	}
	return fault.New(fault.Conflict, "unmodifiable-entity",
		"Cannot perform the operation on the protected role '%s' - this role is only modifiable by AWS", r.Name)
}

// FindOwnRole is FindRole for what the account itself may change.
func FindOwnRole(tx Store, account, name string) (Role, error) {
	r, err := FindRole(tx, account, name)
	if err != nil {
		return r, err
	}
	return r, Protected(r)
}

// CreateRole makes a role with what r says of it: account, path, name,
// description, trust policy, longest session in seconds (0 for the default),
// boundary and tags. It gives the role its id and returns it as it is kept, the
// trust policy with unique ids (ShowPrincipals turns them back).
//
// It is Invalid to use a path or a name that is AWS's, to trust in somebody who
// does not exist, and to set a boundary that is no policy; AlreadyExists to take
// a name that differs by case at most; and a Limit to have too many roles.
func CreateRole(tx PrincipalStore, now time.Time, r Role) (Role, error) {
	if err := checkNamed(Roles, r.Path, r.Name); err != nil {
		return Role{}, err
	}
	if err := reserved(r.Path, r.Name); err != nil {
		return Role{}, err
	}
	var err error
	if r.TrustPolicy, err = CheckTrustPolicy(tx, r.TrustPolicy); err != nil {
		return Role{}, err
	}
	if r.Boundary != "" {
		if err := CheckBoundary(tx, r.Account, r.Boundary); err != nil {
			return Role{}, err
		}
	}
	if r.Tags, err = SetTags(nil, r.Tags, true); err != nil {
		return Role{}, err
	}
	if r.MaxSessionSeconds == 0 {
		r.MaxSessionSeconds = DefaultRoleSession
	}
	// The name goes before the quota: who repeats a call must hear that it was done.
	if _, err := tx.RoleByName(r.Account, r.Name); !fault.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.New(fault.AlreadyExists, "role-name-taken", "Role with name %s already exists.", r.Name)
		}
		return Role{}, err
	}
	if err := WithinQuota(tx, r.Account, Roles); err != nil {
		return Role{}, err
	}
	r.ID, r.CreatedAt = arn.NewUniqueID(arn.PrefixRole, r.Account), now
	return r, tx.PutRole(r)
}

// reserved is Invalid for a path or a name that only AWS gives.
func reserved(path, name string) error {
	switch {
	case strings.HasPrefix(path, ServiceLinkedPath):
		return fault.New(fault.Invalid, "reserved-path", "Path prefix '%s' can only be used for AWS Service linked Roles", ServiceLinkedPath)
	case strings.HasPrefix(path, ReservedPath):
		return fault.New(fault.Invalid, "reserved-path", "Path prefix '%s' can only be used by AWS", ReservedPath)
	case strings.HasPrefix(strings.ToLower(name), strings.ToLower(PermissionSetRolePrefix)):
		return fault.New(fault.Invalid, "reserved-name", "Role names that begin with '%s' are reserved for AWS IAM Identity Center", PermissionSetRolePrefix)
	}
	return nil
}

// UpdateRole sets what is not nil: the description, and the longest session in
// seconds. Of a service-linked role only the description can be changed.
func UpdateRole(tx Store, r Role, description *string, maxSessionSeconds *int) (Role, error) {
	if err := Protected(r); err != nil && (!r.ServiceLinked() || maxSessionSeconds != nil) {
		return r, err
	}
	if description != nil {
		r.Description = *description
	}
	if maxSessionSeconds != nil {
		r.MaxSessionSeconds = *maxSessionSeconds
	}
	return r, tx.PutRole(r)
}

// DeleteRole removes a role from which everything else was taken first
// (behaviours.md 5.2); otherwise it is a Conflict. The role's sessions end.
func DeleteRole(tx Store, r Role) error {
	if err := Protected(r); err != nil {
		return err
	}
	profiles, err := tx.InstanceProfilesOf(r.ID)
	if err != nil {
		return err
	}
	attached, err := tx.Attachments(r.ID)
	if err != nil {
		return err
	}
	inline, err := tx.InlinePolicies(r.ID)
	if err != nil {
		return err
	}
	for _, hanging := range []struct {
		n     int
		first string
	}{
		{len(profiles), "remove roles from instance profile"},
		{len(inline), "delete policies"},
		{len(attached), "detach all policies"},
	} {
		if hanging.n > 0 {
			return fault.New(fault.Conflict, "role-in-use", "Cannot delete entity, must %s first.", hanging.first)
		}
	}
	return tx.DeleteRole(r.ID)
}

// RemoveRole deletes a role together with all that hangs on it. It is for those
// to whom protected roles belong.
func RemoveRole(tx Store, r Role) error {
	profiles, err := tx.InstanceProfilesOf(r.ID)
	if err != nil {
		return err
	}
	for _, p := range profiles {
		p.Role = ""
		if err := tx.PutInstanceProfile(p); err != nil {
			return err
		}
	}
	if err := strip(tx, r.ID); err != nil {
		return err
	}
	return tx.DeleteRole(r.ID)
}

// LastUse is the latest of the entity's uses, whatever it called, or NotFound.
func LastUse(tx UseStore, entity string) (last Use, err error) {
	uses, err := tx.UsesOf(entity)
	if err != nil {
		return last, err
	}
	for _, u := range uses {
		if u.At.After(last.At) {
			last = u
		}
	}
	if last.At.IsZero() {
		return last, fault.New(fault.NotFound, "never-used", "The entity has never been used.")
	}
	return last, nil
}
