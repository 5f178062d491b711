package access

import (
	"encoding/json"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
)

const (
	rolePath          = "/aws-reserved/sso.amazonaws.com/"
	homeRegion        = "us-east-1"
	providerLifetime  = 100 * 365 * 24 * time.Hour
	reservedRoleBegin = "AWSReservedSSO_"
)

// Assign gives a principal a permission set in an account and provisions the
// role there. Assigning what is assigned already succeeds (behaviours.md 6.4).
func Assign(tx Store, now time.Time, a Assignment) error {
	if _, err := tx.Account(a.Account); err != nil {
		return err
	}
	set, err := tx.PermissionSet(a.PermissionSet)
	if err != nil {
		return err
	}
	if a.PrincipalType == ToUser {
		_, err = tx.User(a.PrincipalID)
	} else {
		_, err = tx.Group(a.PrincipalID)
	}
	if err != nil {
		return err
	}
	a.CreatedAt = now
	if err := tx.PutAssignment(a); err != nil {
		return err
	}
	return provision(tx, now, a.Account, set)
}

// Unassign takes it away again and, with the last assignment of the set in the
// account, the role too, which ends every session of that role (behaviours.md 6.3).
func Unassign(tx Store, a Assignment) error {
	if err := tx.DeleteAssignment(a); err != nil {
		return err
	}
	left, err := tx.AssignmentsIn(a.Account, a.PermissionSet)
	if err != nil || left > 0 {
		return err
	}
	role, err := tx.RoleOfPermissionSet(a.Account, a.PermissionSet)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.DeleteRole(role.ID)
}

// RemovePermissionSet deletes a set that is assigned nowhere.
func RemovePermissionSet(tx Store, id string) error {
	roles, err := tx.RolesOfPermissionSet(id)
	if err != nil {
		return err
	}
	if len(roles) > 0 {
		return fault.New(fault.Conflict, "permission-set-in-use", "The permission set is still assigned.")
	}
	return tx.DeletePermissionSet(id)
}

func provision(tx Store, now time.Time, accountID string, set PermissionSet) error {
	_, err := tx.RoleOfPermissionSet(accountID, set.ID)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return err
	}
	inst, err := tx.Instance()
	if err != nil {
		return err
	}
	provider, err := ensureProvider(tx, now, accountID)
	if err != nil {
		return err
	}
	path := rolePath
	if inst.Region != homeRegion {
		path += inst.Region + "/"
	}
	return tx.PutRole(iam.Role{
		ID:                arn.NewUniqueID(arn.PrefixRole, accountID),
		Account:           accountID,
		Path:              path,
		Name:              arn.NewHexID(reservedRoleBegin+set.Name+"_", 16),
		Description:       set.Description,
		TrustPolicy:       trustPolicy(provider),
		MaxSessionSeconds: int(MaxRoleSession / time.Second),
		PermissionSet:     set.ID,
		CreatedAt:         now,
	})
}

// ensureProvider returns the ARN of the account's one provider that the
// provisioned roles trust, making it if need be.
func ensureProvider(tx iam.Store, now time.Time, accountID string) (string, error) {
	have, err := tx.SAMLProviders(accountID)
	if err != nil {
		return "", err
	}
	for _, p := range have {
		if reservedProvider(p.Name) {
			return arn.SAMLProvider(accountID, p.Name), nil
		}
	}
	p := iam.SAMLProvider{
		Account:   accountID,
		Name:      arn.NewHexID("AWSSSO_", 16) + "_DO_NOT_DELETE",
		CreatedAt: now,
		ExpiresAt: now.Add(providerLifetime),
	}
	if err := tx.PutSAMLProvider(p); err != nil {
		return "", err
	}
	return arn.SAMLProvider(accountID, p.Name), nil
}

func reservedProvider(name string) bool {
	const prefix, suffix = "AWSSSO_", "_DO_NOT_DELETE"
	return len(name) == len(prefix)+16+len(suffix) && name[:len(prefix)] == prefix && name[len(name)-len(suffix):] == suffix
}

// trustPolicy is the document of behaviours.md 6.3.
func trustPolicy(provider string) string {
	type statement struct {
		Effect    string
		Principal map[string]string
		Action    []string
		Condition map[string]map[string]string
	}
	doc, err := json.Marshal(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{
		Effect:    "Allow",
		Principal: map[string]string{"Federated": provider},
		Action:    []string{"sts:AssumeRoleWithSAML", "sts:TagSession"},
		Condition: map[string]map[string]string{"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
	}}})
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(doc)
}
