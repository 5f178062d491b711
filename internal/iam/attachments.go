package iam

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// The nouns of quotas that are each identity's, not the account's; nothing is
// counted under them.
const (
	AttachedPerUser  Noun = "attached-per-user"
	AttachedPerGroup Noun = "attached-per-group"
	AttachedPerRole  Noun = "attached-per-role"
)

// maxAttached is how many managed policies an identity may have unless its
// account has a quota of its own (behaviours.md 1.5).
const maxAttached = 10

var attachedQuotas = map[Kind]struct {
	noun Noun
	name string
}{
	UserKind:  {AttachedPerUser, "PoliciesPerUser"},
	GroupKind: {AttachedPerGroup, "PoliciesPerGroup"},
	RoleKind:  {AttachedPerRole, "PoliciesPerRole"},
}

// AttachedQuota is how many managed policies each user, group or role of the
// account may have.
func AttachedQuota(tx QuotaStore, account string, kind Kind) (int, error) {
	own, err := tx.IAMQuota(account, attachedQuotas[kind].noun)
	if fault.Is(err, fault.NotFound) {
		return maxAttached, nil
	}
	return own, err
}

// Attach gives a managed policy of the account or of AWS to a user, group or
// role; it does nothing if it has it already.
func Attach(tx Store, now time.Time, account string, kind Kind, identity, policyARN string) error {
	i, err := changeable(tx, account, kind, identity)
	if err != nil {
		return err
	}
	if err := wellFormed(policyARN); err != nil {
		return err
	}
	if err := attachable(tx, account, policyARN, "Policy", kind); err != nil {
		return err
	}
	have, err := tx.Attachments(i.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(have, func(a Attachment) bool { return a.PolicyARN == policyARN }) {
		return nil
	}
	quota, err := AttachedQuota(tx, account, kind)
	if err != nil {
		return err
	}
	if len(have) >= quota {
		return exceeds(attachedQuotas[kind].name, quota)
	}
	return tx.Attach(Attachment{Owner: i.ID, OwnerKind: kind, Account: account, PolicyARN: policyARN, AttachedAt: now})
}

// wellFormed is Invalid for what is no ARN at all, in the words that AWS has where
// policies are attached.
func wellFormed(policyARN string) error {
	if _, err := arn.Parse(policyARN); err != nil {
		return fault.New(fault.Invalid, "validation", "ARN %s is not valid.", policyARN)
	}
	return nil
}

// attachable is nil if somebody in the account may have the policy. called is
// what the fault calls it.
func attachable(tx Store, account, policyARN, called string, kind Kind) error {
	m, err := SeePolicy(tx, account, policyARN)
	switch {
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Denied):
		return fault.New(fault.NotFound, "no-policy", "%s %s does not exist or is not attachable.", called, policyARN)
	case err != nil:
		return err
	case !m.Attachable:
		return fault.New(fault.Invalid, "policy-not-attachable", "Cannot attach a Service Role Policy to a Customer %s%s.",
			strings.ToUpper(string(kind[:1])), kind[1:])
	}
	return nil
}

// Detach takes a managed policy from a user, group or role, or is NotFound.
func Detach(tx Store, account string, kind Kind, identity, policyARN string) error {
	i, err := changeable(tx, account, kind, identity)
	if err != nil {
		return err
	}
	if err := wellFormed(policyARN); err != nil {
		return err
	}
	if _, _, err := splitPolicyARN(policyARN); err != nil {
		return err
	}
	err = tx.Detach(i.ID, policyARN)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "no-policy", "Policy %s was not found.", policyARN)
	}
	return err
}

// CheckBoundary is nil if the ARN may be the permissions boundary of a user or
// role in the account: a managed policy of the account or of AWS. Something else
// than the ARN of one is Invalid, one that does not exist NotFound.
func CheckBoundary(tx Store, account, policyARN string) error {
	if _, _, err := splitPolicyARN(policyARN); err != nil {
		return fault.New(fault.Invalid, "validation", "Value (%s) for parameter PermissionsBoundary is invalid.", policyARN)
	}
	return attachable(tx, account, policyARN, "Scope ARN:", RoleKind)
}

// PutUserBoundary bounds the user by a managed policy.
func PutUserBoundary(tx Store, account, name, policyARN string) error {
	u, err := FindUser(tx, account, name)
	if err != nil {
		return err
	}
	if err := CheckBoundary(tx, account, policyARN); err != nil {
		return err
	}
	u.Boundary = policyARN
	return tx.PutIAMUser(u)
}

// DeleteUserBoundary takes the user's boundary away; none is no fault.
func DeleteUserBoundary(tx Store, account, name string) error {
	u, err := FindUser(tx, account, name)
	if err != nil {
		return err
	}
	u.Boundary = ""
	return tx.PutIAMUser(u)
}

// PutRoleBoundary bounds the role by a managed policy.
func PutRoleBoundary(tx Store, account, name, policyARN string) error {
	r, err := FindOwnRole(tx, account, name)
	if err != nil {
		return err
	}
	if err := CheckBoundary(tx, account, policyARN); err != nil {
		return err
	}
	r.Boundary = policyARN
	return tx.PutRole(r)
}

// DeleteRoleBoundary takes the role's boundary away; none is no fault.
func DeleteRoleBoundary(tx Store, account, name string) error {
	r, err := FindOwnRole(tx, account, name)
	if err != nil {
		return err
	}
	r.Boundary = ""
	return tx.PutRole(r)
}

// EntityFilter narrows EntitiesForPolicy.
type EntityFilter struct {
	Kind       Kind   // "" is all kinds
	PathPrefix string // of the entities; "" is "/"
	// Attached and Bounding say what the policy is to the entities wanted; neither
	// means either.
	Attached, Bounding bool
}

// EntitiesForPolicy pages through the account's users, groups and roles that have
// the policy or are bounded by it, each once, in order of id.
func EntitiesForPolicy(tx Store, account, policyARN string, f EntityFilter, p page.Request) (page.Page[Identity], error) {
	ids := usersOf{tx: tx, account: account, policyARN: policyARN, after: p.After, ended: f.Bounding && !f.Attached}
	if f.Bounding || !f.Attached {
		bounded, err := tx.BoundedBy(account, policyARN)
		if err != nil {
			return page.Page[Identity]{}, err
		}
		from, found := slices.BinarySearch(bounded, p.After)
		if found {
			from++
		}
		ids.bounded = bounded[from:]
	}
	var found []Identity
	for len(found) <= p.Limit {
		id, err := ids.next()
		if err != nil {
			return page.Page[Identity]{}, err
		}
		if id == "" {
			break
		}
		o, err := identityByID(tx, id)
		if err != nil {
			return page.Page[Identity]{}, err
		}
		if (f.Kind == "" || f.Kind == o.Kind) && strings.HasPrefix(o.Path, f.PathPrefix) {
			found = append(found, o)
		}
	}
	return page.Cut(found, p.Limit, func(i Identity) string { return i.ID }), nil
}

// usersOf merges the ids of those who have a policy with those that it bounds.
type usersOf struct {
	tx                        Store
	account, policyARN, after string
	attached                  []Attachment
	ended                     bool // no more attachments to be read
	bounded                   []string
}

// next is the next id, or "" after the last.
func (u *usersOf) next() (string, error) {
	if len(u.attached) == 0 && !u.ended {
		found, err := u.tx.AttachmentsOf(u.account, u.policyARN, page.Request{Limit: 1000, After: u.after})
		if err != nil {
			return "", err
		}
		u.attached, u.after, u.ended = found.Items, found.Next, found.Next == ""
	}
	var id string
	if len(u.attached) > 0 {
		id = u.attached[0].Owner
	}
	if len(u.bounded) > 0 && (id == "" || u.bounded[0] < id) {
		id = u.bounded[0]
	}
	if len(u.attached) > 0 && u.attached[0].Owner == id {
		u.attached = u.attached[1:]
	}
	if len(u.bounded) > 0 && u.bounded[0] == id {
		u.bounded = u.bounded[1:]
	}
	return id, nil
}

// HeldPolicy is a policy that gives somebody permissions, and where it hangs.
type HeldPolicy struct {
	Of       Identity // the user, group or role, or a group of the user
	Name     string   // without path
	ARN      string   // "" is an inline policy
	Document string
}

// PoliciesOf are the policies that give the identity permissions: its own and, of a
// user, those of its groups.
func PoliciesOf(tx Store, i Identity) ([]HeldPolicy, error) {
	all := []Identity{i}
	if i.Kind == UserKind {
		groups, err := tx.IAMGroupsOf(i.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			all = append(all, g.identity())
		}
	}
	var held []HeldPolicy
	for _, i := range all {
		inline, err := tx.InlinePolicies(i.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range inline {
			held = append(held, HeldPolicy{Of: i, Name: p.Name, Document: p.Document})
		}
		attached, err := tx.Attachments(i.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range attached {
			document, err := DefaultDocument(tx, a.PolicyARN)
			if fault.Is(err, fault.NotFound) {
				continue // one of AWS's that is no more
			}
			if err != nil {
				return nil, err
			}
			_, _, _, name, _ := arn.SplitIAM(a.PolicyARN)
			held = append(held, HeldPolicy{Of: i, Name: name, ARN: a.PolicyARN, Document: document})
		}
	}
	return held, nil
}

// PoliciesGranting are, for each service prefix, the policies of the entity with
// the ARN that could allow an action of the service. A managed policy that the
// entity has in several ways is there once. The entity must be in the account.
func PoliciesGranting(tx Store, account, entityARN string, services []string) ([][]HeldPolicy, error) {
	owner, kind, _, name, ok := arn.SplitIAM(entityARN)
	if !ok || owner != account || (kind != string(UserKind) && kind != string(GroupKind) && kind != string(RoleKind)) {
		return nil, fault.New(fault.Invalid, "arn", "ARN %s is not valid.", entityARN)
	}
	o, err := FindIdentity(tx, account, Kind(kind), name)
	if err != nil {
		return nil, err
	}
	if o.ARN() != entityARN { // another path
		return nil, fault.New(fault.NotFound, "no-"+kind, "The %s with name %s cannot be found.", kind, name)
	}
	held, err := PoliciesOf(tx, o)
	if err != nil {
		return nil, err
	}
	granting := make([][]HeldPolicy, len(services))
	seen := make(map[string]bool)
	for _, h := range held {
		if h.ARN != "" && seen[h.ARN] {
			continue
		}
		seen[h.ARN] = true
		p, err := policy.Parse(policy.IdentityPolicy, h.Document)
		if err != nil {
			continue // what cannot be read grants nothing
		}
		for i, service := range services {
			if p.Grants(service) {
				granting[i] = append(granting[i], h)
			}
		}
	}
	return granting, nil
}
