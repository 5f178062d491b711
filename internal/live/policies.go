package live

import (
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

// Entity is what an IAM user or role may do, and its tags: everything about it
// that decides calls.
type Entity struct {
	Identity    []policy.Source
	HasBoundary bool
	Boundary    []policy.Source
	Tags        []iam.Tag
}

// Entity returns it for a user's or role's id, or NotFound.
func (c *Cache) Entity(ctx context.Context, id string) (*Entity, error) {
	return get(ctx, c, key{kind: kindEntity, a: id}, func(tx store.Tx) (*Entity, []string, error) {
		g := gathering{cache: c, tx: tx, deps: []string{store.KeyPolicies(id)}, out: new(Entity)}
		err := g.entity(id)
		return g.out, g.deps, err
	})
}

// gathering reads one entity, noting what it leans on.
type gathering struct {
	cache *Cache
	tx    store.Tx
	deps  []string
	out   *Entity
}

func (g *gathering) on(key string) { g.deps = append(g.deps, key) }

func (g *gathering) entity(id string) error {
	var boundary string
	if strings.HasPrefix(id, "AIDA") {
		g.on(store.KeyIAMUser(id))
		g.on(store.KeyIAMMemberships(id))
		u, err := g.tx.IAMUser(id)
		if err != nil {
			return err
		}
		boundary, g.out.Tags = u.Boundary, u.Tags
		if err := g.of(id, string(iam.UserKind), u.ARN()); err != nil {
			return err
		}
		groups, err := g.tx.IAMGroupsOf(id)
		if err != nil {
			return err
		}
		for _, group := range groups {
			g.on(store.KeyPolicies(group.ID))
			if err := g.of(group.ID, string(iam.GroupKind), group.ARN()); err != nil {
				return err
			}
		}
	} else {
		g.on(store.KeyRole(id))
		r, err := g.tx.Role(id)
		if err != nil {
			return err
		}
		boundary, g.out.Tags = r.Boundary, r.Tags
		if err := g.of(id, string(iam.RoleKind), r.ARN()); err != nil {
			return err
		}
	}
	if boundary == "" {
		return nil
	}
	g.out.HasBoundary = true
	s, err := g.managed(boundary, "")
	g.out.Boundary = s
	return err
}

// of gathers what hangs on one user, group or role.
func (g *gathering) of(owner, kind, ownerARN string) error {
	inline, err := g.tx.InlinePolicies(owner)
	if err != nil {
		return err
	}
	for _, p := range inline {
		g.out.Identity = append(g.out.Identity, policy.Source{
			Policy: g.cache.Compiled(policy.IdentityPolicy, p.Document), Name: p.Name, Type: kind, Owner: ownerARN,
		})
	}
	attached, err := g.tx.Attachments(owner)
	if err != nil {
		return err
	}
	for _, a := range attached {
		s, err := g.managed(a.PolicyARN, ownerARN)
		if err != nil {
			return err
		}
		g.out.Identity = append(g.out.Identity, s...)
	}
	return nil
}

// managed is the managed policy of that ARN; none if it is gone.
func (g *gathering) managed(arn, owner string) ([]policy.Source, error) {
	g.on(store.KeyPolicy(arn))
	s, err := g.cache.managed(g.tx, arn, owner)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return s, err
}

func (c *Cache) managed(tx store.Tx, arn, owner string) ([]policy.Source, error) {
	document, err := iam.DefaultDocument(tx, arn)
	if err != nil {
		return nil, err
	}
	return c.sources(arn, document, owner), nil
}

// sources is the managed policy with that document, compiled.
func (c *Cache) sources(arn, document, owner string) []policy.Source {
	kind, typ := policy.IdentityPolicy, "user-managed"
	if strings.HasPrefix(arn, "arn:aws:iam::aws:") {
		kind, typ = policy.AWSManagedPolicy, "aws-managed"
	}
	return []policy.Source{{Policy: c.Compiled(kind, document), Name: arn, Type: typ, Owner: owner}}
}

// ManagedPolicy is the managed policy of that ARN as it is now, or NotFound.
func (c *Cache) ManagedPolicy(ctx context.Context, arn string) ([]policy.Source, error) {
	m, err := c.managedFact(ctx, arn)
	return m.sources, err
}

// ManagedPolicyOf is ManagedPolicy for a session that was given the ARN at that
// time. A policy that was made later under the same name is another one: for the
// session it is NotFound, like one that was deleted.
func (c *Cache) ManagedPolicyOf(ctx context.Context, arn string, issued time.Time) ([]policy.Source, error) {
	m, err := c.managedFact(ctx, arn)
	if err == nil && !m.custom.IsZero() && m.custom.After(issued.Add(time.Second)) { // sessions have whole seconds
		err = errNamesake
	}
	return m.sources, err
}

var errNamesake = fault.New(fault.NotFound, "namesake", "The policy was deleted, and another one has its name.")

// managedPolicy is a managed policy; custom is when it was made, if an account did.
type managedPolicy struct {
	sources []policy.Source
	custom  time.Time
}

func (c *Cache) managedFact(ctx context.Context, arn string) (managedPolicy, error) {
	return get(ctx, c, key{kind: kindManagedPolicy, a: arn}, func(tx store.Tx) (m managedPolicy, deps []string, err error) {
		deps = []string{store.KeyPolicy(arn)}
		found, err := iam.FindPolicy(tx, arn)
		if err != nil {
			return m, deps, err
		}
		if found.Account != iam.AWSAccount {
			m.custom = found.CreatedAt
		}
		v, err := found.Default(tx)
		if err != nil {
			return m, deps, err
		}
		m.sources = c.sources(arn, v.Document, "")
		return m, deps, nil
	})
}

// Membership is how an account stands: its state, and its place in the
// organization with the policies that come down on it level by level.
type Membership struct {
	Status       account.Status
	Organization string // "" outside of one
	// Paths has the one of ids down to the root or unit that it is in, as
	// aws:PrincipalOrgPaths has it; none outside of an organization.
	Paths      []string
	Management bool
	SCP, RCP   [][]policy.Source
}

// Membership returns it, or NotFound if there is no such account.
func (c *Cache) Membership(ctx context.Context, id string) (*Membership, error) {
	return get(ctx, c, key{kind: kindMembership, a: id}, func(tx store.Tx) (*Membership, []string, error) {
		deps := []string{store.KeyAccount(id), store.KeyOrgPolicies()}
		a, err := tx.Account(id)
		if err != nil {
			return nil, deps, err
		}
		m := &Membership{Status: a.Status}
		if a.Standalone() {
			return m, deps, nil
		}
		o, err := tx.Organization(a.Organization)
		if err != nil {
			return nil, deps, err
		}
		m.Organization, m.Paths, m.Management = o.ID, []string{a.OrgPath}, o.ManagementAccount == id
		levels := org.Levels(a)
		if m.SCP, err = c.levels(tx, o, levels, org.ServiceControl, policy.ServiceControlPolicy); err != nil {
			return nil, deps, err
		}
		m.RCP, err = c.levels(tx, o, levels, org.ResourceControl, policy.ResourceControlPolicy)
		return m, deps, err
	})
}

// levels are the policies of one type from the root down; nil if the type is not
// enabled, so that it decides nothing.
func (c *Cache) levels(tx store.Tx, o org.Organization, targets []string, t org.PolicyType, kind policy.Kind) ([][]policy.Source, error) {
	if !o.Enabled(t) {
		return nil, nil
	}
	levels := make([][]policy.Source, 0, len(targets))
	for _, target := range targets {
		policies, err := org.PoliciesOn(tx, o.ID, target, t)
		if err != nil {
			return nil, err
		}
		level := make([]policy.Source, 0, len(policies))
		for _, p := range policies {
			level = append(level, policy.Source{Policy: c.Compiled(kind, p.Document), Name: p.Name, Type: "none", Owner: target})
		}
		levels = append(levels, level)
	}
	return levels, nil
}

// compilations remembers compiled documents by their text: AdministratorAccess
// is compiled once, however many have it.
type compilations struct {
	mu    sync.RWMutex
	m     map[compilation]compiled
	bytes int
}

// compilation names a document by its hash: it may have 131,072 characters, most
// of them white space that counts for no quota.
type compilation struct {
	kind     policy.Kind
	document [sha256.Size]byte
}

type compiled struct {
	policy *policy.Policy
	bytes  int
}

// What may be remembered. A compiled policy takes up to perCharacter bytes for
// each character of its document that is not white space.
const (
	maxCompiledBytes = 128 << 20
	perCharacter     = 32
	perPolicy        = 2 << 10
)

func (c *compilations) get(k compilation) *policy.Policy {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.m[k].policy
}

// put makes room by forgetting others; Go's map order is random enough to choose
// which.
func (c *compilations) put(k compilation, p compiled) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = make(map[compilation]compiled)
	}
	c.bytes += p.bytes - c.m[k].bytes
	c.m[k] = p
	for other, old := range c.m {
		if c.bytes <= maxCompiledBytes {
			return
		}
		if other != k {
			delete(c.m, other)
			c.bytes -= old.bytes
		}
	}
}

// unreadable stands for a document that cannot be read and denies everything,
// because one that says nothing would take a Deny away (promise 16).
func unreadable(kind policy.Kind) *policy.Policy {
	switch kind {
	case policy.TrustPolicy:
		return policy.MustParse(kind, `{"Version":"2012-10-17","Statement":[{"Sid":"Unreadable","Effect":"Deny","Principal":"*","Action":"sts:*"}]}`)
	case policy.ResourcePolicy, policy.ResourceControlPolicy:
		return policy.MustParse(policy.ResourcePolicy, `{"Version":"2012-10-17","Statement":[{"Sid":"Unreadable","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`)
	default:
		return policy.MustParse(policy.IdentityPolicy, `{"Version":"2012-10-17","Statement":[{"Sid":"Unreadable","Effect":"Deny","Action":"*","Resource":"*"}]}`)
	}
}

// Compiled is the document, compiled; one that cannot be compiled denies everything.
func (c *Cache) Compiled(kind policy.Kind, document string) *policy.Policy {
	k := compilation{kind, sha256.Sum256([]byte(document))}
	if p := c.compiled.get(k); p != nil {
		return p
	}
	p, err := policy.Parse(kind, document)
	if err != nil {
		p = unreadable(kind)
	}
	c.compiled.put(k, compiled{p, perPolicy + perCharacter*iam.DocumentSize(document)})
	return p
}
