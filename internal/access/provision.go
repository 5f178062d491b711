package access

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

const (
	homeRegion       = "us-east-1"
	providerLifetime = 100 * 365 * 24 * time.Hour
	// inlineName is the name that the set's inline policy has on its roles.
	inlineName = "AwsSSOInlinePolicy"
)

// Assign gives a principal a permission set in an account and provisions the
// role there. Assigning what is assigned already succeeds (behaviours.md 6.4).
// It is NotFound if anything that the set names is missing in the account or the
// account is none of the organization's, and a Limit if the account has no room
// for another role (G-50).
func Assign(tx Store, now time.Time, a Assignment) error {
	set, err := tx.PermissionSet(a.PermissionSet)
	if err != nil {
		return err
	}
	inst, err := tx.Instance(set.Instance)
	if err != nil {
		return err
	}
	if err := reaches(tx, inst, a.Account); err != nil {
		return err
	}
	if err := knows(tx, inst, a.PrincipalType, a.PrincipalID); err != nil {
		return err
	}
	a.CreatedAt = now
	if err := tx.PutAssignment(a); err != nil {
		return err
	}
	return provision(tx, now, a.Account, set)
}

// AssignAll is Assign for many that are not there yet, all in one account and of one
// instance. That the instance has their sets, which come by id, and their principals,
// and that the account is of its organization, is the caller's to see to.
func AssignAll(tx Store, now time.Time, accountID string, sets map[string]PermissionSet, some []Assignment) error {
	var assigned []PermissionSet
	seen := make(map[string]bool)
	for i := range some {
		some[i].CreatedAt = now
		if id := some[i].PermissionSet; !seen[id] {
			seen[id], assigned = true, append(assigned, sets[id])
		}
	}
	if err := tx.AddAssignments(some); err != nil {
		return err
	}
	return provision(tx, now, accountID, assigned...)
}

// knows is NotFound unless the principal is in the instance's directory.
func knows(tx Store, inst Instance, kind PrincipalType, id string) error {
	var in string
	var err error
	if kind == ToUser {
		u, missing := tx.User(id)
		in, err = u.Directory, missing
	} else {
		g, missing := tx.Group(id)
		in, err = g.Directory, missing
	}
	if fault.Is(err, fault.NotFound) || err == nil && in != inst.DirectoryID {
		return fault.New(fault.NotFound, "no-principal", "Could not find %s with id %s", kind, id)
	}
	return err
}

// Unassign takes it away again and, with the last assignment of the set in the
// account, the role too, which ends every session of that role (behaviours.md 6.3).
func Unassign(tx Store, a Assignment) error {
	if err := tx.DeleteAssignment(a); err != nil {
		return err
	}
	return deprovision(tx, a.Account, a.PermissionSet)
}

// deprovision removes the set's role from the account unless somebody is assigned.
func deprovision(tx Store, accountID, permissionSet string) error {
	left, err := tx.AssignmentsOf(accountID, permissionSet, page.Request{Limit: 1})
	if err != nil || len(left.Items) > 0 {
		return err
	}
	role, err := tx.RoleOfPermissionSet(accountID, permissionSet)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return iam.RemoveRole(tx, role)
}

// Reprovision brings the set's roles up to date with the set in every account
// where it is assigned. Roles that are so already are not written. It fails as
// Assign does; then the transaction must not be committed.
func Reprovision(tx Store, now time.Time, set PermissionSet) error {
	roles, err := page.All(func(p page.Request) (page.Page[iam.Role], error) { return tx.ProvisionedRoles(set.ID, p) })
	if err != nil {
		return err
	}
	for _, r := range roles {
		if err := bringUp(tx, now, r, set); err != nil {
			return err
		}
	}
	return nil
}

// provision makes the sets' roles in the account that are not there yet (G-46), with
// as many statements for many of them as for one.
func provision(tx Store, now time.Time, accountID string, sets ...PermissionSet) error {
	have, err := tx.SetsProvisioned(accountID)
	if err != nil {
		return err
	}
	sets = slices.DeleteFunc(slices.Clone(sets), func(s PermissionSet) bool { return slices.Contains(have, s.ID) })
	if len(sets) == 0 {
		return nil
	}
	last := sets[len(sets)-1] // the one that there is no room for, if there is not for all
	if err := iam.WithinQuotaOf(tx, accountID, iam.Roles, len(sets)); err != nil {
		return unprovisioned(err, last, accountID)
	}
	if len(have)+len(sets) > maxProvisioned {
		return unprovisioned(quota("permission sets provisioned in an account", maxProvisioned), last, accountID)
	}
	inst, err := tx.Instance(last.Instance)
	if err != nil {
		return err
	}
	provider, err := ensureProvider(tx, now, accountID)
	if err != nil {
		return err
	}
	path := iam.PermissionSetPath
	if inst.Region != homeRegion {
		path += inst.Region + "/"
	}
	trust := trustPolicy(provider)
	roles := make([]ProvisionedRole, len(sets))
	for i, set := range sets {
		roles[i] = ProvisionedRole{shaped(iam.Role{
			ID:            arn.NewUniqueID(arn.PrefixRole, accountID),
			Account:       accountID,
			Path:          path,
			Name:          arn.NewHexID(iam.PermissionSetRolePrefix+set.Name+"_", 16),
			TrustPolicy:   trust,
			PermissionSet: set.ID,
			CreatedAt:     now,
		}, set), set.Digest()}
	}
	if err := tx.AddProvisionedRoles(accountID, roles); err != nil {
		return err
	}
	return equip(tx, now, roles, sets)
}

// equip gives new roles, all in one account, the policies of their sets.
func equip(tx Store, now time.Time, roles []ProvisionedRole, sets []PermissionSet) error {
	var attached []iam.Attachment
	known := make(map[string]bool)
	for i, r := range roles {
		policies := policiesOf(r.Role, sets[i])
		for _, policyARN := range append(policies, r.Boundary) {
			if known[policyARN] || policyARN == "" {
				continue
			}
			if err := there(tx, r.Account, policyARN); err != nil {
				return unprovisioned(err, sets[i], r.Account)
			}
			known[policyARN] = true
		}
		for _, policyARN := range policies {
			attached = append(attached, attachment(r.Role, policyARN, now))
		}
		if sets[i].InlinePolicy == "" {
			continue
		}
		if err := writeInline(tx, r.Role, sets[i]); err != nil {
			return unprovisioned(err, sets[i], r.Account)
		}
	}
	return tx.AttachAll(attached)
}

// shaped is the role with what the set says of it.
func shaped(r iam.Role, set PermissionSet) iam.Role {
	r.Description, r.MaxSessionSeconds = set.Description, int(MaxRoleSession/time.Second)
	r.Boundary = policyARN(r.Account, set.Boundary)
	return r
}

// bringUp makes a role be what the set says (behaviours.md 6.3).
func bringUp(tx Store, now time.Time, was iam.Role, set PermissionSet) error {
	r := shaped(was, set)
	if r.Boundary != was.Boundary && r.Boundary != "" {
		if err := there(tx, r.Account, r.Boundary); err != nil {
			return unprovisioned(err, set, r.Account)
		}
	}
	if !reflect.DeepEqual(was, r) {
		if err := tx.PutRole(r); err != nil {
			return err
		}
	}
	for _, step := range []func(Store, time.Time, iam.Role, PermissionSet) error{attach, putInline} {
		if err := step(tx, now, r, set); err != nil {
			return unprovisioned(err, set, r.Account)
		}
	}
	return tx.MarkProvisioned(r.ID, set.Digest())
}

// attach makes the role's managed policies be the set's.
func attach(tx Store, now time.Time, r iam.Role, set PermissionSet) error {
	want := policiesOf(r, set)
	have, err := tx.Attachments(r.ID)
	if err != nil {
		return err
	}
	for _, a := range have {
		if i, ok := slices.BinarySearch(want, a.PolicyARN); ok {
			want = slices.Delete(want, i, i+1)
		} else if err := tx.Detach(r.ID, a.PolicyARN); err != nil {
			return err
		}
	}
	for _, policyARN := range want {
		if err := there(tx, r.Account, policyARN); err != nil {
			return err
		}
		if err := tx.Attach(attachment(r, policyARN, now)); err != nil {
			return err
		}
	}
	return nil
}

// policiesOf are the ARNs of the managed policies that the set gives the role, each
// once and in order.
func policiesOf(r iam.Role, set PermissionSet) []string {
	var arns []string
	for _, name := range slices.Concat(set.ManagedPolicies, set.CustomerPolicies) {
		arns = append(arns, policyARN(r.Account, name))
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

func attachment(r iam.Role, policyARN string, now time.Time) iam.Attachment {
	return iam.Attachment{Owner: r.ID, OwnerKind: iam.RoleKind, Account: r.Account, PolicyARN: policyARN, AttachedAt: now}
}

// putInline makes the role's inline policy be the set's.
func putInline(tx Store, _ time.Time, r iam.Role, set PermissionSet) error {
	have, err := tx.InlinePolicies(r.ID)
	if err != nil {
		return err
	}
	for _, p := range have {
		if p.Name == inlineName && p.Document == set.InlinePolicy {
			return nil
		}
	}
	if set.InlinePolicy == "" {
		for _, p := range have {
			if err := tx.DeleteInlinePolicy(r.ID, p.Name); err != nil {
				return err
			}
		}
		return nil
	}
	return writeInline(tx, r, set)
}

// writeInline gives the role the set's inline policy, which there is.
func writeInline(tx Store, r iam.Role, set PermissionSet) error {
	if err := iam.CheckDocument(policy.IdentityPolicy, set.InlinePolicy); err != nil {
		return err
	}
	if err := iam.CheckInlineSize(iam.RoleKind, r.Name, iam.DocumentSize(set.InlinePolicy)); err != nil {
		return err
	}
	return tx.PutInlinePolicy(iam.InlinePolicy{Owner: r.ID, Name: inlineName, Document: set.InlinePolicy})
}

// policyARN is the ARN of a policy that a set names: by ARN, or as "/path/name"
// of the account's own.
func policyARN(accountID, name string) string {
	if !strings.HasPrefix(name, "/") {
		return name
	}
	cut := strings.LastIndexByte(name, '/') + 1
	return arn.Policy(accountID, name[:cut], name[cut:])
}

// there is NotFound unless the account has such a managed policy or AWS has, and
// Invalid if only service-linked roles may have it. Path and name are
// case-sensitive (behaviours.md 6.4).
func there(tx Store, accountID, policyARN string) error {
	p, err := iam.SeePolicy(tx, accountID, policyARN)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.New(fault.NotFound, "no-policy", "The policy %s does not exist.", policyARN)
	case err == nil && !p.Attachable:
		return fault.New(fault.Invalid, "policy-not-attachable", "The policy %s is for service-linked roles only.", policyARN)
	}
	return err
}

// unprovisioned says of a failure which set it keeps from which account.
func unprovisioned(err error, set PermissionSet, accountID string) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	return fault.New(f.Kind, f.Reason, "Permission set %q cannot be provisioned in account %s: %s", set.Name, accountID, f.Public).Wrap(err)
}

// ensureProvider returns the ARN of the account's one provider that the
// provisioned roles trust, making it if need be.
func ensureProvider(tx iam.Store, now time.Time, accountID string) (string, error) {
	have, err := tx.SAMLProviders(accountID)
	if err != nil {
		return "", err
	}
	for _, p := range have {
		if iam.ReservedSAMLProvider(p.Name) {
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
