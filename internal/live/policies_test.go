package live

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// policyNouns are what decides calls in the production account: ann is in the
// group Readers and has one policy of each way to have one.
type policyNouns struct {
	*nouns
	ann           iam.User
	readers, idle iam.Group
	app           iam.Role
	managed       iam.ManagedPolicy
	boundary      iam.ManagedPolicy
	scp           org.Policy
	org           org.Organization
}

const (
	allowS3  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	allowSQS = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`
	denyAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`
	noTrust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

func newPolicyNouns(t *testing.T, db store.DB) *policyNouns {
	t.Helper()
	n := &policyNouns{nouns: newNouns(t, db)}
	n.update(t, func(tx store.Tx) (err error) {
		step := func(f func() error) {
			if err == nil {
				err = f()
			}
		}
		step(func() (e error) {
			n.managed, e = iam.CreatePolicy(tx, start, production, iam.NewPolicy{Path: "/", Name: "Managed", Document: allowS3})
			return e
		})
		step(func() (e error) {
			n.boundary, e = iam.CreatePolicy(tx, start, production, iam.NewPolicy{Path: "/", Name: "Boundary", Document: allowS3})
			return e
		})
		step(func() (e error) {
			n.ann, e = iam.CreateUser(tx, start, iam.User{Account: production, Path: "/", Name: "ann", Boundary: n.boundary.ARN()})
			return e
		})
		step(func() (e error) {
			n.app, e = iam.CreateRole(tx, start, iam.Role{Account: production, Path: "/", Name: "App", TrustPolicy: noTrust, MaxSessionSeconds: 3600})
			return e
		})
		for _, g := range []struct {
			to   *iam.Group
			name string
		}{{&n.readers, "Readers"}, {&n.idle, "Idle"}} {
			step(func() (e error) {
				*g.to, e = iam.CreateGroup(tx, start, iam.Group{Account: production, Path: "/", Name: g.name})
				return e
			})
			step(func() error { return iam.PutInlinePolicy(tx, production, iam.GroupKind, g.name, "of"+g.name, allowS3) })
		}
		step(func() error { return iam.AddToGroup(tx, start, n.readers, n.ann) })
		for kind, name := range map[iam.Kind]string{iam.UserKind: "ann", iam.RoleKind: "App"} {
			step(func() error { return iam.PutInlinePolicy(tx, production, kind, name, "inline", allowS3) })
			step(func() error { return iam.Attach(tx, start, production, kind, name, n.managed.ARN()) })
		}
		step(func() error { return iam.Attach(tx, start, production, iam.GroupKind, "Readers", n.managed.ARN()) })
		n.scp = org.Policy{ID: "p-12345678", Type: org.ServiceControl, Name: "Perimeter", Document: denyAll}
		step(func() (e error) {
			if n.org, e = storetest.Organization(tx); e == nil {
				n.org, e = org.SetPolicyType(tx, n.org, org.ResourceControl, true)
			}
			return e
		})
		step(func() error { return storetest.Attach(tx, n.org, n.scp, "/", "Workloads/Dev") })
		return err
	})
	return n
}

// move puts the production account into a unit.
func (n *policyNouns) move(tx store.Tx, unit string) (err error) {
	if n.production.OrgPath, err = storetest.Unit(tx, n.org, unit); err != nil {
		return err
	}
	return tx.PutAccount(n.production)
}

// newDefault makes the document the managed policy's version in force.
func newDefault(tx store.Tx, m iam.ManagedPolicy, document string) error {
	_, err := iam.CreatePolicyVersion(tx, start, production, m.ARN(), document, true)
	return err
}

// What decides calls leans on each of these: after the change, made through the
// store itself, the answer is another one, and the one that a cache gives which
// remembers nothing.
func TestEveryDecisionFollowsItsNouns(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	type (
		ask    = func(*policyNouns) (any, error)
		change = func(*policyNouns, store.Tx) error
	)
	roleByID := func(n *policyNouns) (any, error) { return n.cache.RoleByID(t.Context(), n.app.ID) }
	roleByName := func(n *policyNouns) (any, error) { return n.cache.RoleByName(t.Context(), production, "aPP") }
	ann := func(n *policyNouns) (any, error) { return n.cache.IAMUser(t.Context(), n.ann.ID) }
	annMay := func(n *policyNouns) (any, error) { return shown(n.cache.Entity(t.Context(), n.ann.ID)) }
	appMay := func(n *policyNouns) (any, error) { return shown(n.cache.Entity(t.Context(), n.app.ID)) }
	managed := func(n *policyNouns) (any, error) {
		s, err := n.cache.ManagedPolicy(t.Context(), n.managed.ARN())
		return sources(s), err
	}
	membership := func(n *policyNouns) (any, error) { return placed(n.cache.Membership(t.Context(), production)) }
	issuer := func(n *policyNouns) (any, error) {
		i, err := n.cache.Issuer(t.Context(), production)
		return fmt.Sprint(i.ID, i.Enabled, len(i.Keys), i.Keys["ES384"].ID), err
	}
	again := func(n *policyNouns, tx store.Tx) error {
		r := n.app
		r.ID = arn.NewUniqueID(arn.PrefixRole, production)
		return errors.Join(iam.RemoveRole(tx, n.app), tx.PutRole(r))
	}
	move := func(path string) change {
		return func(n *policyNouns, tx store.Tx) error {
			return n.move(tx, path)
		}
	}

	for _, c := range []struct {
		name   string
		ask    ask
		change change
	}{
		{"role's trust", roleByID, func(n *policyNouns, tx store.Tx) error { n.app.TrustPolicy = denyAll; return tx.PutRole(n.app) }},
		{"role's maximum", roleByID, func(n *policyNouns, tx store.Tx) error { n.app.MaxSessionSeconds = 7200; return tx.PutRole(n.app) }},
		{"role deleted", roleByID, func(n *policyNouns, tx store.Tx) error { return iam.RemoveRole(tx, n.app) }},
		{"role made anew", roleByID, again},
		{"everything cleared, role by id", roleByID, func(_ *policyNouns, tx store.Tx) error { return tx.Clear() }},
		{"named role's trust", roleByName, func(n *policyNouns, tx store.Tx) error { n.app.TrustPolicy = denyAll; return tx.PutRole(n.app) }},
		{"named role deleted", roleByName, func(n *policyNouns, tx store.Tx) error { return iam.RemoveRole(tx, n.app) }},
		{"named role made anew", roleByName, again},

		{"user renamed", ann, func(n *policyNouns, tx store.Tx) error { n.ann.Name = "anne"; return tx.PutIAMUser(n.ann) }},
		{"user's path", ann, func(n *policyNouns, tx store.Tx) error { n.ann.Path = "/x/"; return tx.PutIAMUser(n.ann) }},
		{"user deleted", ann, func(n *policyNouns, tx store.Tx) error { return iam.RemoveUser(tx, n.ann) }},

		{"inline policy put", annMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.PutInlinePolicy(tx, production, iam.UserKind, "ann", "more", denyAll)
		}},
		{"inline policy changed", annMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.PutInlinePolicy(tx, production, iam.UserKind, "ann", "inline", denyAll)
		}},
		{"inline policy deleted", annMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.DeleteInlinePolicy(tx, production, iam.UserKind, "ann", "inline")
		}},
		{"policy attached", annMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.Attach(tx, start, production, iam.UserKind, "ann", "arn:aws:iam::aws:policy/AWSDenyAll")
		}},
		{"policy detached", annMay, func(n *policyNouns, tx store.Tx) error {
			return iam.Detach(tx, production, iam.UserKind, "ann", n.managed.ARN())
		}},
		{"group joined", annMay, func(n *policyNouns, tx store.Tx) error { return iam.AddToGroup(tx, start, n.idle, n.ann) }},
		{"group left", annMay, func(n *policyNouns, tx store.Tx) error { return iam.RemoveFromGroup(tx, n.readers, n.ann) }},
		{"group removed", annMay, func(n *policyNouns, tx store.Tx) error { return iam.RemoveGroup(tx, n.readers) }},
		{"group's inline policy", annMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.PutInlinePolicy(tx, production, iam.GroupKind, "Readers", "ofReaders", denyAll)
		}},
		{"group's policy attached", annMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.Attach(tx, start, production, iam.GroupKind, "Readers", "arn:aws:iam::aws:policy/AWSDenyAll")
		}},
		{"group's policy detached", annMay, func(n *policyNouns, tx store.Tx) error {
			return iam.Detach(tx, production, iam.GroupKind, "Readers", n.managed.ARN())
		}},
		{"managed policy's default version", annMay, func(n *policyNouns, tx store.Tx) error { return newDefault(tx, n.managed, denyAll) }},
		{"boundary's default version", annMay, func(n *policyNouns, tx store.Tx) error { return newDefault(tx, n.boundary, allowSQS) }},
		{"boundary set", annMay, func(n *policyNouns, tx store.Tx) error {
			return iam.PutUserBoundary(tx, production, "ann", n.managed.ARN())
		}},
		{"boundary removed", annMay, func(_ *policyNouns, tx store.Tx) error { return iam.DeleteUserBoundary(tx, production, "ann") }},
		{"user tagged", annMay, func(n *policyNouns, tx store.Tx) error {
			return iam.TagUser(tx, n.ann, []iam.Tag{{Key: "a", Value: "b"}})
		}},
		{"user deleted, policies", annMay, func(n *policyNouns, tx store.Tx) error { return iam.RemoveUser(tx, n.ann) }},

		{"role's inline policy put", appMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.PutInlinePolicy(tx, production, iam.RoleKind, "App", "more", denyAll)
		}},
		{"role's inline policy deleted", appMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.DeleteInlinePolicy(tx, production, iam.RoleKind, "App", "inline")
		}},
		{"role's policy attached", appMay, func(_ *policyNouns, tx store.Tx) error {
			return iam.Attach(tx, start, production, iam.RoleKind, "App", "arn:aws:iam::aws:policy/AWSDenyAll")
		}},
		{"role's policy detached", appMay, func(n *policyNouns, tx store.Tx) error {
			return iam.Detach(tx, production, iam.RoleKind, "App", n.managed.ARN())
		}},
		{"role's managed policy's default version", appMay, func(n *policyNouns, tx store.Tx) error { return newDefault(tx, n.managed, denyAll) }},
		{"role's boundary set", appMay, func(n *policyNouns, tx store.Tx) error {
			return iam.PutRoleBoundary(tx, production, "App", n.boundary.ARN())
		}},
		{"role tagged", appMay, func(n *policyNouns, tx store.Tx) error {
			n.app.Tags = []iam.Tag{{Key: "a", Value: "b"}}
			return tx.PutRole(n.app)
		}},
		{"role deleted, policies", appMay, func(n *policyNouns, tx store.Tx) error { return iam.RemoveRole(tx, n.app) }},

		{"new default version", managed, func(n *policyNouns, tx store.Tx) error { return newDefault(tx, n.managed, denyAll) }},
		{"managed policy removed", managed, func(n *policyNouns, tx store.Tx) error {
			return errors.Join(tx.Detach(n.ann.ID, n.managed.ARN()), tx.Detach(n.app.ID, n.managed.ARN()), tx.Detach(n.readers.ID, n.managed.ARN()),
				iam.RemovePolicy(tx, n.managed.Policy))
		}},

		{"organization policy put", membership, func(n *policyNouns, tx store.Tx) error {
			return storetest.Attach(tx, n.org, org.Policy{ID: "p-abcdefgh", Type: org.ResourceControl, Name: "Data", Document: allowS3}, "/")
		}},
		{"organization policy changed", membership, func(n *policyNouns, tx store.Tx) error {
			n.scp.Document, n.scp.Organization = allowS3, n.org.ID
			return tx.PutOrgPolicy(n.scp)
		}},
		{"organization policy deleted", membership, func(n *policyNouns, tx store.Tx) error { return tx.DeleteOrgPolicy(n.scp.ID) }},
		{"organization policy on the account", membership, func(n *policyNouns, tx store.Tx) error {
			return tx.AttachOrgPolicy(n.org.ID, production, n.scp)
		}},
		{"organization policy off the root", membership, func(n *policyNouns, tx store.Tx) error {
			return tx.DetachOrgPolicy(n.org.Root, n.scp.ID)
		}},
		{"account suspended", membership, func(n *policyNouns, tx store.Tx) error {
			n.production.Status = account.Suspended
			return tx.PutAccount(n.production)
		}},
		{"account out of the organization", membership, func(n *policyNouns, tx store.Tx) error {
			n.production.Organization, n.production.OrgPath = "", ""
			return tx.PutAccount(n.production)
		}},
		{"account moved to where a policy is", membership, move("Workloads/Dev")},
		{"account moved below that", membership, move("Workloads/Dev/Team")},

		{"federation enabled", issuer, func(_ *policyNouns, tx store.Tx) error {
			_, err := iam.EnableOutboundFederation(tx, production)
			return err
		}},
		{"signing key made", issuer, func(_ *policyNouns, tx store.Tx) error {
			key, err := oidc.NewKey(oidc.ES384)
			if err != nil {
				return err
			}
			k, err := iam.NewWebIdentityKey(production, oidc.ES384, "key", key, start)
			return errors.Join(err, tx.AddWebIdentityKey(k))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newPolicyNouns(t, db)
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
				t.Errorf("the answer is the same: %+v", after)
			}
			n.cache = New(n.db)
			truth, trueErr := c.ask(n)
			if !reflect.DeepEqual(after, truth) || Gone(err) != Gone(trueErr) {
				t.Errorf("got %+v, %v; the store has %+v, %v", after, err, truth, trueErr)
			}
		})
	}
}

// sources are policies by what they say, because compiled ones are compared by
// where they are in memory.
func sources(list []policy.Source) (out []string) {
	for _, s := range list {
		out = append(out, fmt.Sprint(s.Type, " ", s.Owner, " ", s.Name, " ", s.Policy.Kind(), " ", s.Policy.Statements(), " ", s.Policy.Actions()))
	}
	return out
}

func shown(e *Entity, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return []any{sources(e.Identity), e.HasBoundary, sources(e.Boundary), e.Tags}, nil
}

func placed(m *Membership, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	var levels [][]string
	for _, l := range append(append([][]policy.Source{}, m.SCP...), m.RCP...) {
		levels = append(levels, sources(l))
	}
	return []any{m.Status, m.Organization, m.Management, len(m.SCP), levels}, nil
}

// What stands where: everything of a user, in the order of ways to have it, and
// the levels of an account.
func TestWhatIsGathered(t *testing.T) {
	t.Parallel()
	n := newPolicyNouns(t, storetest.Open(t))
	e, err := n.cache.Entity(t.Context(), n.ann.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range e.Identity {
		got = append(got, s.Type+" "+s.Name+" of "+s.Owner)
	}
	want := []string{
		"user inline of " + n.ann.ARN(), "user-managed " + n.managed.ARN() + " of " + n.ann.ARN(),
		"group ofReaders of " + n.readers.ARN(), "user-managed " + n.managed.ARN() + " of " + n.readers.ARN(),
	}
	if !reflect.DeepEqual(got, want) || !e.HasBoundary || len(e.Boundary) != 1 {
		t.Errorf("%q, boundary %v", got, e.Boundary)
	}
	n.update(t, func(tx store.Tx) error { return n.move(tx, "Workloads/Dev") })
	for id, levels := range map[string]int{production: 4, staging: 2, "111122223333": 2} {
		m, err := n.cache.Membership(t.Context(), id)
		if err != nil || len(m.SCP) != levels || len(m.RCP) != levels || m.Management != (id == "111122223333") || m.Organization == "" {
			t.Errorf("%s: %+v, %v", id, m, err)
		}
	}
	if _, err := n.cache.Membership(t.Context(), "999999999999"); !Gone(err) {
		t.Errorf("no account: %v", err)
	}
	for what, err := range map[string]error{
		"user": second(n.cache.Entity(t.Context(), "AIDANOBODY")), "role": second(n.cache.Entity(t.Context(), "AROANOBODY")),
		"policy": second(n.cache.ManagedPolicy(t.Context(), "arn:aws:iam::aws:policy/None")),
	} {
		if !Gone(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// A boundary that is gone allows nothing; it does not free its bearer.
func TestLostBoundaryBounds(t *testing.T) {
	t.Parallel()
	n := newPolicyNouns(t, storetest.Open(t))
	n.ann.Boundary = "arn:aws:iam::" + production + ":policy/Gone"
	n.update(t, func(tx store.Tx) error { return tx.PutIAMUser(n.ann) })
	e, err := n.cache.Entity(t.Context(), n.ann.ID)
	if err != nil || !e.HasBoundary || len(e.Boundary) != 0 {
		t.Fatalf("%+v, %v", e, err)
	}
	r := &policy.Request{Action: "s3:GetObject", Resource: "*", Principal: policy.Principal{Kind: policy.User, Account: production, ARN: n.ann.ARN()}}
	if d := policy.Decide(r, &policy.Set{Identity: e.Identity, HasBoundary: e.HasBoundary, Boundary: e.Boundary}); d.Allowed {
		t.Error("allowed")
	}
}

// A document that cannot be read denies everything, whatever kind it is of and
// whatever else allows (promise 16).
func TestUnreadableDenies(t *testing.T) {
	t.Parallel()
	c := New(storetest.Open(t))
	everyone := policy.MustParse(policy.IdentityPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	all := []policy.Source{{Policy: everyone}}
	for _, document := range []string{"", "{", "null", `{"Version":"2099-01-01","Statement":[]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}`} {
		for kind, set := range map[policy.Kind]func(policy.Source) policy.Set{
			policy.IdentityPolicy:   func(s policy.Source) policy.Set { return policy.Set{Identity: append(all, s)} },
			policy.AWSManagedPolicy: func(s policy.Source) policy.Set { return policy.Set{Identity: append(all, s)} },
			policy.TrustPolicy: func(s policy.Source) policy.Set {
				return policy.Set{Identity: all, HasResource: true, Resource: []policy.Source{s}}
			},
			policy.ResourcePolicy: func(s policy.Source) policy.Set {
				return policy.Set{Identity: all, HasResource: true, Resource: []policy.Source{s}}
			},
			policy.ServiceControlPolicy: func(s policy.Source) policy.Set {
				return policy.Set{Identity: all, SCP: [][]policy.Source{{all[0], s}}}
			},
			policy.ResourceControlPolicy: func(s policy.Source) policy.Set {
				return policy.Set{Identity: all, RCP: [][]policy.Source{{all[0], s}}}
			},
		} {
			s := set(policy.Source{Policy: c.Compiled(kind, document)})
			r := &policy.Request{Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + production + ":role/x",
				Principal: policy.Principal{Kind: policy.User, Account: production, ARN: arn.User(production, "/", "ann"), EntityARN: arn.User(production, "/", "ann")}}
			if d := policy.Decide(r, &s); d.Allowed || !d.Explicit {
				t.Errorf("%q as kind %d: %+v", document, kind, d)
			}
		}
	}
}

// Every policy of AWS's own is one that can be read: otherwise whoever has it
// could do nothing at all.
func TestAWSPoliciesCompile(t *testing.T) {
	t.Parallel()
	c := New(storetest.Open(t))
	for _, name := range []string{"AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess", "SecurityAudit", "IAMFullAccess", "job-function/ViewOnlyAccess",
		"root-task/IAMAuditRootUserCredentials", "AWSDenyAll"} {
		s, err := c.ManagedPolicy(t.Context(), "arn:aws:iam::aws:policy/"+name)
		if err != nil || len(s) != 1 || s[0].Type != "aws-managed" || s[0].Policy.Statements()[0].Sid == "Unreadable" {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

// What is remembered of documents is bounded by its size, not by their number,
// and white space is not remembered at all.
func TestCompilationsAreBounded(t *testing.T) {
	t.Parallel()
	c := New(storetest.Open(t))
	document := func(i, length int) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::%d-%s"}]}`, i, strings.Repeat("x", length))
	}
	for i := range 1500 {
		c.Compiled(policy.IdentityPolicy, document(i, 6000))
		if c.compiled.bytes > maxCompiledBytes {
			t.Fatalf("%d bytes after %d documents", c.compiled.bytes, i)
		}
	}
	sum := 0
	for _, p := range c.compiled.m {
		sum += p.bytes
	}
	if n := len(c.compiled.m); sum != c.compiled.bytes || n == 1500 || n < 500 {
		t.Errorf("%d bytes of %d policies, counted %d", sum, n, c.compiled.bytes)
	}
	before := c.compiled.bytes
	spaces := strings.Repeat(" ", 100_000)
	first := c.Compiled(policy.IdentityPolicy, document(0, 1)+spaces)
	if again := c.Compiled(policy.IdentityPolicy, document(0, 1)+spaces); again != first {
		t.Error("a document is compiled twice")
	}
	if grown := c.compiled.bytes - before; grown > 100_000 {
		t.Errorf("white space takes %d bytes", grown)
	}
}
