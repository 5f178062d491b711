package live

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/orgfile"
	"sekisho/internal/page"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

const organisation = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com}
  accounts:
    - {id: "444455556666", name: Production, email: prod@example.com}
    - {id: "777788889999", name: Staging, email: staging@example.com}
identity_center:
  region: us-east-1
  directory_id: d-1234567890
  users:
    - {username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}
    - {username: taro, given_name: Taro, family_name: Yamada, email: taro@example.com}
  groups: [{name: Developers, members: [taro]}, {name: Idle, members: [taro]}]
  permission_sets: [{name: ReadOnly}, {name: PowerUserAccess}]
  assignments: [{account: Production, permission_set: ReadOnly, users: [jane], groups: [Developers]}]
`

const (
	production = "444455556666"
	staging    = "777788889999"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// nouns are what the facts are about.
type nouns struct {
	db               store.DB
	cache            *Cache
	jane, taro       directory.User
	developers, idle directory.Group
	readOnly, power  access.PermissionSet
	role             iam.Role
	session          session.Session // jane's
	key              iam.AccessKey
	grant            token.Grant
	access           token.AccessToken
	production       account.Account
	instance         access.Instance
}

// newNouns makes them anew in db, whatever was there.
func newNouns(t *testing.T, db store.DB) *nouns {
	t.Helper()
	n := &nouns{db: db}
	n.update(t, func(tx store.Tx) error { return tx.Clear() })
	f, err := orgfile.Parse([]byte(organisation))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&orgfile.Applier{Store: n.db}).Apply(t.Context(), f, start); err != nil {
		t.Fatal(err)
	}
	n.session = session.Session{ID: "s", CreatedAt: start, ExpiresAt: start.Add(time.Hour)}
	n.key = iam.AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Account: production, Secret: token.NewSecretKey(), Active: true, CreatedAt: start}
	n.grant = token.Grant{ID: "g", Session: "s", Client: "c", CreatedAt: start}
	n.access = token.AccessToken{Hash: "h", Grant: "g", ExpiresAt: start.Add(time.Hour)}
	n.update(t, func(tx store.Tx) (err error) {
		find := func(e error) { err = errors.Join(err, e) }
		var e error
		n.jane, e = storetest.User(tx, "jane")
		find(e)
		n.taro, e = storetest.User(tx, "taro")
		find(e)
		n.developers, e = storetest.Group(tx, "Developers")
		find(e)
		n.idle, e = storetest.Group(tx, "Idle")
		find(e)
		n.readOnly, e = storetest.PermissionSet(tx, "ReadOnly")
		find(e)
		n.power, e = storetest.PermissionSet(tx, "PowerUserAccess")
		find(e)
		n.role, e = tx.RoleOfPermissionSet(production, n.readOnly.ID)
		find(e)
		n.production, e = tx.Account(production)
		find(e)
		n.instance, e = access.Home(tx)
		find(e)
		n.session.User, n.grant.User = n.jane.ID, n.jane.ID
		find(tx.PutSession(n.session))
		find(tx.PutAccessKey(n.key))
		find(tx.PutGrant(n.grant))
		find(tx.PutAccessToken(n.access))
		return err
	})
	n.cache = New(n.db)
	n.cache.Follow(t.Context())
	return n
}

func (n *nouns) update(t *testing.T, fn func(store.Tx) error) {
	t.Helper()
	if err := n.db.Update(context.Background(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

func (n *nouns) toJane(a string, set access.PermissionSet) access.Assignment {
	return access.Assignment{Account: a, PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: n.jane.ID}
}

func (n *nouns) toGroup(a string, set access.PermissionSet, g directory.Group) access.Assignment {
	return access.Assignment{Account: a, PermissionSet: set.ID, PrincipalType: access.ToGroup, PrincipalID: g.ID}
}

// ask is a question to the cache.
type ask func(*nouns) (any, error)

var (
	everything = page.Request{Limit: 100}

	askSession ask = func(n *nouns) (any, error) { return n.cache.Session(context.Background(), "s") }
	askJane    ask = func(n *nouns) (any, error) { return n.cache.User(context.Background(), n.jane.ID) }
	askRole    ask = func(n *nouns) (any, error) { return n.cache.Role(context.Background(), production, n.readOnly.ID) }
	askKey     ask = func(n *nouns) (any, error) { return n.cache.AccessKey(context.Background(), n.key.ID) }
	askBearer  ask = func(n *nouns) (any, error) { return n.cache.Bearer(context.Background(), "h") }
	askSet     ask = func(n *nouns) (any, error) {
		return n.cache.PermissionSet(context.Background(), n.readOnly.Instance, "ReadOnly")
	}
	askInstance ask = func(n *nouns) (any, error) { return n.cache.Instance(context.Background(), n.jane.Directory) }
	janeHolds   ask = func(n *nouns) (any, error) {
		return n.cache.Holds(context.Background(), n.jane.ID, production, n.readOnly.ID)
	}
	taroHolds ask = func(n *nouns) (any, error) {
		return n.cache.Holds(context.Background(), n.taro.ID, production, n.readOnly.ID)
	}
	janesAccounts ask = func(n *nouns) (any, error) {
		return n.cache.AccountsOf(context.Background(), n.jane.ID, everything)
	}
	tarosAccounts ask = func(n *nouns) (any, error) {
		return n.cache.AccountsOf(context.Background(), n.taro.ID, everything)
	}
	janesSets ask = func(n *nouns) (any, error) {
		return n.cache.PermissionSetsOf(context.Background(), n.jane.ID, production, everything)
	}
	tarosSets ask = func(n *nouns) (any, error) {
		return n.cache.PermissionSetsOf(context.Background(), n.taro.ID, production, everything)
	}
)

// What a fact leans on: each change, made through the store itself, changes the
// answer that was remembered before it, and the answer is what a cache that
// remembers nothing gives.
func TestEveryFactFollowsItsNouns(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	type change = func(*nouns, store.Tx) error
	rename := func(u directory.User) directory.User { u.DisplayName = "Another"; return u }
	for _, c := range []struct {
		name   string
		ask    ask
		change change
	}{
		{"session put", askSession, func(n *nouns, tx store.Tx) error { n.session.UserAgent = "x"; return tx.PutSession(n.session) }},
		{"session ended", askSession, func(_ *nouns, tx store.Tx) error { return tx.EndSession("s", start, session.SignedOut) }},
		{"person's sessions ended", askSession, func(n *nouns, tx store.Tx) error {
			return tx.EndSessionsOf(n.jane.ID, start, session.PasswordChanged)
		}},
		{"session's person deleted", askSession, func(n *nouns, tx store.Tx) error { return tx.DeleteUser(n.jane.ID) }},
		{"everything cleared", askSession, func(_ *nouns, tx store.Tx) error { return tx.Clear() }},

		{"person renamed", askJane, func(n *nouns, tx store.Tx) error { return tx.PutUser(rename(n.jane)) }},
		{"person disabled", askJane, func(n *nouns, tx store.Tx) error { n.jane.Disabled = true; return tx.PutUser(n.jane) }},
		{"person deleted", askJane, func(n *nouns, tx store.Tx) error { return tx.DeleteUser(n.jane.ID) }},

		{"un-assigned", janeHolds, func(n *nouns, tx store.Tx) error {
			return access.Unassign(tx, n.toJane(production, n.readOnly))
		}},
		{"holder deleted", janeHolds, func(n *nouns, tx store.Tx) error { return tx.DeleteUser(n.jane.ID) }},
		{"group un-assigned", taroHolds, func(n *nouns, tx store.Tx) error {
			return access.Unassign(tx, n.toGroup(production, n.readOnly, n.developers))
		}},
		{"out of the group", taroHolds, func(n *nouns, tx store.Tx) error { return tx.RemoveMember(n.developers.ID, n.taro.ID) }},
		{"group deleted", taroHolds, func(n *nouns, tx store.Tx) error { return tx.DeleteGroup(n.developers.ID) }},

		{"role deleted", askRole, func(n *nouns, tx store.Tx) error { return tx.DeleteRole(n.role.ID) }},
		{"role made anew", askRole, func(n *nouns, tx store.Tx) error {
			again := n.role
			again.ID = arn.NewUniqueID(arn.PrefixRole, production)
			return errors.Join(tx.DeleteRole(n.role.ID), tx.PutRole(again))
		}},
		{"role described", askRole, func(n *nouns, tx store.Tx) error { n.role.Description = "x"; return tx.PutRole(n.role) }},

		{"key inactive", askKey, func(n *nouns, tx store.Tx) error { n.key.Active = false; return tx.PutAccessKey(n.key) }},
		{"key's secret", askKey, func(n *nouns, tx store.Tx) error { n.key.Secret = token.NewSecretKey(); return tx.PutAccessKey(n.key) }},
		{"key deleted", askKey, func(n *nouns, tx store.Tx) error { return tx.DeleteAccessKey(n.key.ID) }},

		{"grant ended", askBearer, func(n *nouns, tx store.Tx) error {
			n.grant.EndedAt, n.grant.EndReason = start, "x"
			return tx.PutGrant(n.grant)
		}},
		{"grant's person deleted", askBearer, func(n *nouns, tx store.Tx) error { return tx.DeleteUser(n.jane.ID) }},

		{"set changed", askSet, func(n *nouns, tx store.Tx) error {
			n.readOnly.SessionDuration = 12 * time.Hour
			return tx.PutPermissionSet(n.readOnly)
		}},
		{"set renamed", askSet, func(n *nouns, tx store.Tx) error { n.readOnly.Name = "Other"; return tx.PutPermissionSet(n.readOnly) }},
		{"set deleted", askSet, func(n *nouns, tx store.Tx) error {
			return errors.Join(access.Unassign(tx, n.toJane(production, n.readOnly)),
				access.Unassign(tx, n.toGroup(production, n.readOnly, n.developers)), access.RemovePermissionSet(tx, n.readOnly.ID))
		}},

		{"instance changed", askInstance, func(n *nouns, tx store.Tx) error { n.instance.Subdomain = "example"; return tx.PutInstance(n.instance) }},

		{"another account assigned", janesAccounts, func(n *nouns, tx store.Tx) error {
			return access.Assign(tx, start, n.toJane(staging, n.power))
		}},
		{"only account un-assigned", janesAccounts, func(n *nouns, tx store.Tx) error {
			return access.Unassign(tx, n.toJane(production, n.readOnly))
		}},
		{"account renamed", janesAccounts, func(n *nouns, tx store.Tx) error { n.production.Name = "Prod"; return tx.PutAccount(n.production) }},
		{"into a group that holds", janesAccounts, func(n *nouns, tx store.Tx) error {
			return errors.Join(access.Assign(tx, start, n.toGroup(staging, n.power, n.idle)), tx.AddMember(n.idle.ID, n.jane.ID))
		}},
		{"group gets an account", tarosAccounts, func(n *nouns, tx store.Tx) error {
			return access.Assign(tx, start, n.toGroup(staging, n.power, n.developers))
		}},
		{"group that held nothing gets an account", tarosAccounts, func(n *nouns, tx store.Tx) error {
			return access.Assign(tx, start, n.toGroup(staging, n.power, n.idle))
		}},
		{"group loses its account", tarosAccounts, func(n *nouns, tx store.Tx) error {
			return access.Unassign(tx, n.toGroup(production, n.readOnly, n.developers))
		}},
		{"out of the group with the account", tarosAccounts, func(n *nouns, tx store.Tx) error { return tx.RemoveMember(n.developers.ID, n.taro.ID) }},
		{"group with the account deleted", tarosAccounts, func(n *nouns, tx store.Tx) error { return tx.DeleteGroup(n.developers.ID) }},

		{"another set assigned", janesSets, func(n *nouns, tx store.Tx) error {
			return access.Assign(tx, start, n.toJane(production, n.power))
		}},
		{"only set un-assigned", janesSets, func(n *nouns, tx store.Tx) error {
			return access.Unassign(tx, n.toJane(production, n.readOnly))
		}},
		{"listed set renamed", janesSets, func(n *nouns, tx store.Tx) error { n.readOnly.Name = "Other"; return tx.PutPermissionSet(n.readOnly) }},
		{"into a group with a set", janesSets, func(n *nouns, tx store.Tx) error {
			return errors.Join(access.Assign(tx, start, n.toGroup(production, n.power, n.idle)), tx.AddMember(n.idle.ID, n.jane.ID))
		}},
		{"group gets a set", tarosSets, func(n *nouns, tx store.Tx) error {
			return access.Assign(tx, start, n.toGroup(production, n.power, n.idle))
		}},
		{"group with the set deleted", tarosSets, func(n *nouns, tx store.Tx) error { return tx.DeleteGroup(n.developers.ID) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNouns(t, db)
			before, err := c.ask(n)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.ask(n); err != nil {
				t.Fatal(err)
			}
			n.update(t, func(tx store.Tx) error { return c.change(n, tx) })
			after, err := c.ask(n)
			if reflect.DeepEqual(before, after) && err == nil {
				t.Error("the answer is the same")
			}
			follower := n.cache
			n.cache = New(n.db)
			truth, trueErr := c.ask(n)
			n.cache = follower
			if !reflect.DeepEqual(after, truth) || Gone(err) != Gone(trueErr) {
				t.Errorf("got %+v, %v; the store has %+v, %v", after, err, truth, trueErr)
			}
		})
	}
}

// A page is remembered for the very page that was asked for.
func TestPagesAreApart(t *testing.T) {
	t.Parallel()
	n := newNouns(t, storetest.Open(t))
	n.update(t, func(tx store.Tx) error {
		return errors.Join(access.Assign(tx, start, n.toJane(staging, n.readOnly)), access.Assign(tx, start, n.toJane(production, n.power)))
	})
	for range 2 {
		one := page.Request{Limit: 1}
		first, err := n.cache.AccountsOf(t.Context(), n.jane.ID, one)
		if err != nil || len(first.Items) != 1 || first.Items[0].ID != production || first.Next == "" {
			t.Errorf("%+v, %v", first, err)
		}
		second, err := n.cache.AccountsOf(t.Context(), n.jane.ID, page.Request{Limit: 1, After: first.Next})
		if err != nil || len(second.Items) != 1 || second.Items[0].ID != staging || second.Next != "" {
			t.Errorf("%+v, %v", second, err)
		}
		all, err := n.cache.AccountsOf(t.Context(), n.jane.ID, everything)
		if err != nil || len(all.Items) != 2 {
			t.Errorf("%+v, %v", all, err)
		}
		sets, err := n.cache.PermissionSetsOf(t.Context(), n.jane.ID, production, one)
		if err != nil || len(sets.Items) != 1 || sets.Items[0].Name != "PowerUserAccess" || sets.Next == "" {
			t.Errorf("%+v, %v", sets, err)
		}
		rest, err := n.cache.PermissionSetsOf(t.Context(), n.jane.ID, production, page.Request{Limit: 1, After: sets.Next})
		if err != nil || len(rest.Items) != 1 || rest.Items[0].Name != "ReadOnly" {
			t.Errorf("%+v, %v", rest, err)
		}
	}
}
