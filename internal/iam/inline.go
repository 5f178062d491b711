package iam

import (
	"strings"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// Identity is a user, group or role, as what policies hang on.
type Identity struct {
	Kind                    Kind
	ID, Account, Path, Name string
}

// ARN is the identity's name everywhere.
func (i Identity) ARN() string {
	switch i.Kind {
	case UserKind:
		return arn.User(i.Account, i.Path, i.Name)
	case GroupKind:
		return arn.Group(i.Account, i.Path, i.Name)
	default:
		return arn.Role(i.Account, i.Path, i.Name)
	}
}

func (u User) identity() Identity  { return Identity{UserKind, u.ID, u.Account, u.Path, u.Name} }
func (g Group) identity() Identity { return Identity{GroupKind, g.ID, g.Account, g.Path, g.Name} }
func (r Role) identity() Identity  { return Identity{RoleKind, r.ID, r.Account, r.Path, r.Name} }

// FindIdentity is the account's user, group or role with that name, or NotFound
// in AWS's words.
func FindIdentity(tx Store, account string, kind Kind, name string) (Identity, error) {
	switch kind {
	case UserKind:
		u, err := FindUser(tx, account, name)
		return u.identity(), err
	case GroupKind:
		g, err := FindGroup(tx, account, name)
		return g.identity(), err
	default:
		r, err := FindRole(tx, account, name)
		return r.identity(), err
	}
}

// changeable is FindIdentity for somebody who wants to change what hangs on it:
// roles that belong to AWS are refused (behaviours.md 5.7).
func changeable(tx Store, account string, kind Kind, name string) (Identity, error) {
	if kind != RoleKind {
		return FindIdentity(tx, account, kind, name)
	}
	r, err := FindOwnRole(tx, account, name)
	return r.identity(), err
}

// identityByID is the user, group or role with that id, or NotFound.
func identityByID(tx Store, id string) (Identity, error) {
	switch {
	case strings.HasPrefix(id, arn.PrefixUser):
		u, err := tx.IAMUser(id)
		return u.identity(), err
	case strings.HasPrefix(id, arn.PrefixGroup):
		g, err := tx.IAMGroup(id)
		return g.identity(), err
	default:
		r, err := tx.Role(id)
		return r.identity(), err
	}
}

// PutInlinePolicy writes a policy into an identity, over the one of the same name
// if there is one. All of the identity's together have a size (behaviours.md 1.5).
func PutInlinePolicy(tx Store, account string, kind Kind, identity, name, document string) error {
	if err := CheckName(Policies, name); err != nil {
		return err
	}
	i, err := changeable(tx, account, kind, identity)
	if err != nil {
		return err
	}
	if err := CheckDocument(policy.IdentityPolicy, document); err != nil {
		return err
	}
	have, err := tx.InlinePolicies(i.ID)
	if err != nil {
		return err
	}
	size := DocumentSize(document)
	for _, p := range have {
		if !strings.EqualFold(p.Name, name) {
			size += DocumentSize(p.Document)
		}
	}
	if err := CheckInlineSize(kind, i.Name, size); err != nil {
		return err
	}
	return tx.PutInlinePolicy(InlinePolicy{Owner: i.ID, Name: name, Document: document})
}

// FindInlinePolicy is the identity's inline policy with that name, or NotFound.
func FindInlinePolicy(tx Store, i Identity, name string) (InlinePolicy, error) {
	p, err := tx.InlinePolicy(i.ID, name)
	return p, inlineMissing(err, i.Kind, name)
}

// DeleteInlinePolicy removes it, or is NotFound.
func DeleteInlinePolicy(tx Store, account string, kind Kind, identity, name string) error {
	i, err := changeable(tx, account, kind, identity)
	if err != nil {
		return err
	}
	return inlineMissing(tx.DeleteInlinePolicy(i.ID, name), kind, name)
}

func inlineMissing(err error, kind Kind, name string) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "no-inline-policy", "The %s policy with name %s cannot be found.", kind, name)
	}
	return err
}
