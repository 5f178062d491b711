// Package authz decides whether a principal may make a call: it gathers every
// policy that bears on it, asks package policy, and says why not.
//
// It owns what a request looks like to policies (conditions.go), which policies
// apply to whom (behaviours.md 3.6), and the words of a denial (2.6). What a
// document means is policy's business, what exists is live's.
package authz

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/live"
	"sekisho/internal/policy"
	"sekisho/internal/token"
)

// Denial is the error for a call that may not be made.
type Denial struct {
	// Message is what the caller is told.
	Message string
	// Reason is precise, for the audit trail: which statement of which policy.
	Reason string
	// Kind is the same without what the call was about, so that there are few.
	Kind string

	explain func() string
}

// Explanation is everything that was looked at, as JSON. It takes longer than the
// decision did, and most refusals are like one that was explained a moment ago.
func (d *Denial) Explanation() string { return d.explain() }

// Error is the text that the caller gets.
func (d *Denial) Error() string { return d.Message }

// Authorizer decides. It is safe for concurrent use.
type Authorizer struct{ Live *live.Cache }

// Authorize returns a *Denial unless the principal of c may make the call that
// rule guards to t.
func (a *Authorizer) Authorize(ctx context.Context, c *call.Call, rule call.Rule, t call.Target) error {
	switch rule.Access {
	case call.SignedOnly, call.Bearer, call.Open:
		return nil // proved by authn, or decided by the operation itself
	case call.Signed:
		return a.Allow(ctx, c, rule.Action, t)
	}
	return deny(c, rule.Action, t, policy.Decision{Statement: -1}, func() string { return "" }) // a kind of access that is yet to be invented
}

// Allow returns a *Denial unless the principal of c may do action to t.
func (a *Authorizer) Allow(ctx context.Context, c *call.Call, action string, t call.Target) error {
	q, err := a.question(ctx, c, action, t)
	if err != nil {
		return err
	}
	d := q.decide()
	if d.Allowed || t.Granted && !d.Explicit && !delegated(c.Principal.Temporary) {
		return nil
	}
	return deny(c, action, t, d, q.explain)
}

// Question is what policies are asked.
type Question struct {
	Request    policy.Request
	Set        policy.Set
	conditions conditions
}

// decide allows only what is allowed whichever of the tags counts whose keys
// differ by case only; the choice that denies is left for the explanation.
func (q *Question) decide() (d policy.Decision) {
	if len(q.conditions.target.Tags) < 2 {
		return policy.Decide(&q.Request, &q.Set)
	}
	choices, ok := tagChoices(q.conditions.target.Tags)
	if !ok {
		return policy.Decision{Explicit: true, Statement: -1}
	}
	if choices == nil {
		return policy.Decide(&q.Request, &q.Set)
	}
	for _, q.conditions.chosen = range choices {
		if d = policy.Decide(&q.Request, &q.Set); !d.Allowed {
			return d
		}
	}
	return d
}

// question gathers everything that bears on the call.
func (a *Authorizer) question(ctx context.Context, c *call.Call, action string, t call.Target) (*Question, error) {
	p := &c.Principal
	q := &Question{conditions: conditions{call: c, target: &t}}
	q.Request = policy.Request{Action: action, Resource: t.ARN, Principal: principalOf(p), Context: &q.conditions}
	if q.Request.Resource == "" {
		q.Request.Resource = "*"
	}
	q.Set.ResourceAccount = t.Account
	if t.Policy != nil {
		q.Set.HasResource, q.Set.ResourceMustAllow = true, t.MustAllow
		q.Set.Resource = []policy.Source{{Policy: t.Policy, Name: "resource policy", Type: "resource", Owner: t.ARN}}
	}
	if t.Lent != nil {
		q.Set.Resource = append(q.Set.Resource, policy.Source{Policy: t.Lent, Name: "delegated administration", Type: "none"})
	}
	if err := a.identity(ctx, p, q); err != nil {
		return nil, err
	}
	if err := a.session(ctx, p.Temporary, q); err != nil {
		return nil, err
	}
	return q, a.organization(ctx, p, t, q)
}

func principalOf(p *call.Principal) policy.Principal {
	return policy.Principal{
		Kind: kinds[p.Kind], Account: p.Account, ARN: p.ARN, EntityARN: p.EntityARN, EntityID: p.Entity, Federated: p.Federated,
		Service: serviceOf(p),
	}
}

func serviceOf(p *call.Principal) string {
	if p.Kind == call.Service {
		return p.UserName
	}
	return ""
}

// kinds are the principals' kinds in the policies' terms.
var kinds = map[call.PrincipalKind]policy.PrincipalKind{
	call.Anonymous: policy.Anonymous, call.Root: policy.RootUser, call.IAMUser: policy.User, call.AssumedRole: policy.RoleSession,
	call.PortalUser: policy.Anonymous, call.FederatedUser: policy.FederatedUser, call.SAMLFederated: policy.SAMLFederated,
	call.WebIdentity: policy.WebIdentity, call.Service: policy.Service,
}

// everything is what the root user starts from.
var everything = []policy.Source{{
	Policy: policy.MustParse(policy.IdentityPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	Name:   "root user", Type: "none",
}}

// gone stands for a session policy that was deleted since.
var gone = []policy.Source{{
	Policy: policy.MustParse(policy.IdentityPolicy, `{"Version":"2012-10-17","Statement":[{"Sid":"SessionPolicyIsGone","Effect":"Deny","Action":"*","Resource":"*"}]}`),
	Name:   "deleted session policy", Type: "none",
}}

// identity gathers the policies of the user, with those of its groups, or of the role.
func (a *Authorizer) identity(ctx context.Context, p *call.Principal, q *Question) error {
	if p.Entity == "" {
		if p.Kind == call.FederatedUser {
			q.Set.Identity = everything // the root user's own session
		}
		return nil
	}
	e, err := a.Live.Entity(ctx, p.Entity)
	if live.Gone(err) {
		return nil // deleted a moment ago: nothing allows any more
	}
	if err != nil {
		return err
	}
	q.Set.Identity, q.Set.HasBoundary, q.Set.Boundary = e.Identity, e.HasBoundary, e.Boundary
	q.conditions.entity = e
	return nil
}

// session gathers the session policies that temporary credentials came with.
func (a *Authorizer) session(ctx context.Context, s *token.Session, q *Question) error {
	if s == nil {
		return nil
	}
	for _, document := range s.Policies {
		q.Set.Session = append(q.Set.Session, policy.Source{Policy: a.Live.Compiled(policy.IdentityPolicy, document), Name: "session policy", Type: "none"})
	}
	for _, policyARN := range s.PolicyARNs {
		managed, err := a.Live.ManagedPolicyOf(ctx, policyARN, time.Unix(s.IssuedAt, 0))
		if live.Gone(err) {
			// What the policy denied must not be allowed by its deletion (promise 16).
			managed, err = gone, nil
		}
		if err != nil {
			return err
		}
		q.Set.Session = append(q.Set.Session, managed...)
	}
	q.Set.HasSession = len(s.Policies)+len(s.PolicyARNs) > 0
	if delegated(s) {
		q.Set.Session = append(q.Set.Session, notToDelegate...)
	}
	if s.Kind == token.AssumedRoot {
		// The task policies only take away from the root user's full power (behaviours.md 4.7).
		q.Set.Session = append(q.Set.Session, everything...)
	}
	return nil
}

// delegated reports whether the session is one of GetDelegatedAccessToken.
func delegated(s *token.Session) bool { return s != nil && s.Kind == token.Delegated }

// notToDelegate keeps delegated access from giving more of it, and from sessions
// that would outlast it.
var notToDelegate = []policy.Source{{
	Policy: policy.MustParse(policy.IdentityPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Resource":"*","Action":[
		"sts:AssumeR*","sts:GetDelegatedAccessToken","sts:GetFederationToken","sts:GetSessionToken","iam:*DelegationRequest","iam:SendDelegationToken"]}]}`),
	Name: "delegated session", Type: "none",
}}

// serviceLinked is where roles live that neither SCPs nor RCPs touch.
const serviceLinked = "role/aws-service-role/"

// organization gathers SCPs of the principal's account and RCPs of the
// resource's. The management account and service-linked roles are above both
// (behaviours.md 3.6).
func (a *Authorizer) organization(ctx context.Context, p *call.Principal, t call.Target, q *Question) error {
	linked := p.Kind == call.AssumedRole && isServiceLinked(p.EntityARN)
	if p.Account != "" {
		m, err := a.Live.Membership(ctx, p.Account)
		if err != nil && !live.Gone(err) {
			return err
		}
		if err == nil {
			q.conditions.membership = m
			if !m.Management && !linked {
				q.Set.SCP = m.SCP
			}
		}
	}
	owner := t.Account
	if owner == "" {
		owner = p.Account
	}
	if owner == "" {
		return nil
	}
	m := q.conditions.membership
	if owner != p.Account {
		var err error
		if m, err = a.Live.Membership(ctx, owner); err != nil && !live.Gone(err) {
			return err
		} else if err != nil {
			m = nil
		}
	}
	if m == nil {
		return nil
	}
	q.conditions.owner = m
	if !m.Management && !linked && underResourceControl(q.Request.Action) {
		q.Set.RCP = m.RCP
	}
	return nil
}

func isServiceLinked(roleARN string) bool {
	a, err := arn.Parse(roleARN)
	return err == nil && strings.HasPrefix(a.Resource, serviceLinked)
}

// aboveResourceControl are the services that resource control policies do not
// reach (behaviours.md 3.9); of what we serve, they reach the assumption of roles.
var aboveResourceControl = map[string]bool{
	"iam": true, "organizations": true, "account": true, "sso": true, "sso-directory": true, "identitystore": true, "support": true,
}

func underResourceControl(action string) bool {
	service, _, _ := strings.Cut(action, ":")
	return !aboveResourceControl[strings.ToLower(service)]
}

// deny makes the denial in AWS's words (behaviours.md 2.6).
func deny(c *call.Call, action string, t call.Target, d policy.Decision, explain func() string) error {
	resource := t.Said
	if resource == "" {
		resource = t.ARN
	}
	if resource == "" {
		resource = "*"
	}
	because := d.Because(action)
	message := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s", c.Principal.ARN, action, resource)
	if !t.Terse {
		message += " " + because
	}
	if t.Refusal != "" {
		message = t.Refusal
	}
	if d.Source != nil && d.Statement >= 0 {
		because += fmt.Sprintf(" (statement %d of %s)", d.Statement, d.Source.Name)
	}
	return &Denial{message, action + " on " + resource + " " + because, action + " " + because, explain}
}
