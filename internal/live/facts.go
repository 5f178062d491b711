package live

import (
	"context"
	"crypto"
	"strconv"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

const (
	kindSession uint8 = iota
	kindUser
	kindHolds
	kindRole
	kindRoleByID
	kindRoleByName
	kindIAMUser
	kindEntity
	kindManagedPolicy
	kindMembership
	kindAccessKey
	kindBearer
	kindPermissionSet
	kindInstance
	kindAccountsOf
	kindPermissionSetsOf
	kindIssuer
	kindAttributes
)

// Session returns the portal session, or NotFound.
func (c *Cache) Session(ctx context.Context, id string) (session.Session, error) {
	return get(ctx, c, key{kind: kindSession, a: id}, func(tx store.Tx) (session.Session, []string, error) {
		s, err := tx.Session(id)
		return s, []string{store.KeySession(id)}, err
	})
}

// User returns the person, or NotFound.
func (c *Cache) User(ctx context.Context, id string) (directory.User, error) {
	return get(ctx, c, key{kind: kindUser, a: id}, func(tx store.Tx) (directory.User, []string, error) {
		u, err := tx.User(id)
		return u, []string{store.KeyUser(id)}, err
	})
}

// Holds reports whether the user holds the permission set in the account.
func (c *Cache) Holds(ctx context.Context, user, account, permissionSet string) (bool, error) {
	return get(ctx, c, key{kindHolds, user, account, permissionSet}, func(tx store.Tx) (bool, []string, error) {
		holds, err := tx.Holds(user, account, permissionSet)
		return holds, []string{store.KeyMemberships(user), store.KeyAssignments(account)}, err
	})
}

// Role returns the role provisioned for the permission set in the account, or NotFound.
func (c *Cache) Role(ctx context.Context, account, permissionSet string) (iam.Role, error) {
	return get(ctx, c, key{kind: kindRole, a: account, b: permissionSet}, func(tx store.Tx) (iam.Role, []string, error) {
		r, err := tx.RoleOfPermissionSet(account, permissionSet)
		return r, []string{store.KeyRoles(account)}, err
	})
}

// RoleByID returns the role, or NotFound.
func (c *Cache) RoleByID(ctx context.Context, id string) (iam.Role, error) {
	return get(ctx, c, key{kind: kindRoleByID, a: id}, func(tx store.Tx) (iam.Role, []string, error) {
		r, err := tx.Role(id)
		return r, []string{store.KeyRole(id)}, err
	})
}

// RoleByName returns the account's role of that name, in any case, or NotFound.
func (c *Cache) RoleByName(ctx context.Context, account, name string) (iam.Role, error) {
	return get(ctx, c, key{kind: kindRoleByName, a: account, b: name}, func(tx store.Tx) (iam.Role, []string, error) {
		r, err := tx.RoleByName(account, name)
		return r, []string{store.KeyRoles(account)}, err
	})
}

// IAMUser returns the IAM user, or NotFound.
func (c *Cache) IAMUser(ctx context.Context, id string) (iam.User, error) {
	return get(ctx, c, key{kind: kindIAMUser, a: id}, func(tx store.Tx) (iam.User, []string, error) {
		u, err := tx.IAMUser(id)
		return u, []string{store.KeyIAMUser(id)}, err
	})
}

// AccessKey returns the long-term key, or NotFound.
func (c *Cache) AccessKey(ctx context.Context, id string) (iam.AccessKey, error) {
	return get(ctx, c, key{kind: kindAccessKey, a: id}, func(tx store.Tx) (iam.AccessKey, []string, error) {
		k, err := tx.AccessKey(id)
		return k, []string{store.KeyAccessKey(id)}, err
	})
}

// PermissionSet returns the instance's set of that name, or NotFound.
func (c *Cache) PermissionSet(ctx context.Context, instance, name string) (access.PermissionSet, error) {
	return get(ctx, c, key{kind: kindPermissionSet, a: instance, b: name}, func(tx store.Tx) (access.PermissionSet, []string, error) {
		p, err := tx.PermissionSetByName(instance, name)
		return p, []string{store.KeyPermissionSets()}, err
	})
}

// Instance returns the Identity Center instance whose portal is known under the
// name ([access.Instance.Named]), or NotFound.
func (c *Cache) Instance(ctx context.Context, name string) (access.Instance, error) {
	return get(ctx, c, key{kind: kindInstance, a: name}, func(tx store.Tx) (access.Instance, []string, error) {
		i, err := tx.InstanceByName(name)
		return i, []string{store.KeyInstance()}, err
	})
}

// InstanceOf returns the instance that the person is a user of, or NotFound.
func (c *Cache) InstanceOf(ctx context.Context, user string) (access.Instance, error) {
	u, err := c.User(ctx, user)
	if err != nil {
		return access.Instance{}, err
	}
	return c.Instance(ctx, u.Directory)
}

// Attributes returns the instance's attributes for access control; none while they
// are not enabled.
func (c *Cache) Attributes(ctx context.Context, instance string) ([]access.Attribute, error) {
	return get(ctx, c, key{kind: kindAttributes, a: instance}, func(tx store.Tx) ([]access.Attribute, []string, error) {
		all, err := tx.Attributes(instance)
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return all, []string{store.KeyInstance()}, err
	})
}

// AccountsOf returns a page of the accounts in which the user holds something.
func (c *Cache) AccountsOf(ctx context.Context, user string, p page.Request) (page.Page[account.Account], error) {
	k := key{kindAccountsOf, user, p.After, strconv.Itoa(p.Limit)}
	return get(ctx, c, k, func(tx store.Tx) (page.Page[account.Account], []string, error) {
		groups, err := tx.GroupsOf(user)
		if err != nil {
			return page.Page[account.Account]{}, nil, err
		}
		deps := []string{store.KeyMemberships(user), store.KeyAssigned(user)}
		for _, g := range groups {
			deps = append(deps, store.KeyAssigned(g))
		}
		accounts, err := tx.AccountsOf(user, p)
		for _, a := range accounts.Items {
			deps = append(deps, store.KeyAccount(a.ID))
		}
		return accounts, deps, err
	})
}

// PermissionSetsOf returns a page of the sets that the user holds in the account.
func (c *Cache) PermissionSetsOf(ctx context.Context, user, accountID string, p page.Request) (page.Page[access.PermissionSet], error) {
	k := key{kindPermissionSetsOf, user, accountID, strconv.Itoa(p.Limit) + "/" + p.After}
	return get(ctx, c, k, func(tx store.Tx) (page.Page[access.PermissionSet], []string, error) {
		sets, err := tx.PermissionSetsOf(user, accountID, p)
		return sets, []string{store.KeyMemberships(user), store.KeyAssignments(accountID), store.KeyPermissionSets()}, err
	})
}

// Bearer is what a portal access token stands for.
type Bearer struct {
	Token token.AccessToken
	Grant token.Grant
}

// Bearer returns the token with that hash and its grant, or NotFound.
func (c *Cache) Bearer(ctx context.Context, hash string) (Bearer, error) {
	return get(ctx, c, key{kind: kindBearer, a: hash}, func(tx store.Tx) (Bearer, []string, error) {
		t, err := tx.AccessToken(hash)
		if err != nil {
			return Bearer{}, nil, err
		}
		g, err := tx.Grant(t.Grant)
		return Bearer{t, g}, []string{store.KeyGrant(t.Grant)}, err
	})
}

// Issuer is an account as an issuer of web identity tokens.
type Issuer struct {
	ID      string // "" until federation was first enabled
	Enabled bool
	Keys    map[string]IssuerKey // by algorithm
}

// IssuerKey is a key that signs such tokens.
type IssuerKey struct {
	ID     string
	Signer crypto.Signer
}

// Issuer returns what the account signs web identity tokens with.
func (c *Cache) Issuer(ctx context.Context, account string) (Issuer, error) {
	return get(ctx, c, key{kind: kindIssuer, a: account}, func(tx store.Tx) (Issuer, []string, error) {
		i := Issuer{Keys: make(map[string]IssuerKey)}
		deps := []string{store.KeyIAMSettings(account)}
		var err error
		if i.ID, i.Enabled, err = iam.OutboundIssuer(tx, account); err != nil {
			return i, deps, err
		}
		kept, err := tx.WebIdentityKeys(account)
		for _, k := range kept {
			signer, err := k.Signer()
			if err != nil {
				return i, deps, err
			}
			i.Keys[k.Algorithm] = IssuerKey{k.ID, signer}
		}
		return i, deps, err
	})
}

// Gone reports whether err says that a fact is no longer there.
func Gone(err error) bool { return fault.Is(err, fault.NotFound) }
