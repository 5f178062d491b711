package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

// SimulatePrincipalPolicy decides by the policies that a user, group or role has,
// and its account's service control policies, as calls are decided. Unlike AWS's,
// it takes policies of resources for roles too.
func (s *Service) SimulatePrincipalPolicy(ctx context.Context, c *call.Call, in *awsiam.SimulatePrincipalPolicyInput) (*awsiam.SimulatePrincipalPolicyOutput, error) {
	done, err := s.simulations.begin(ctx, c.Principal.Account)
	if err != nil {
		return nil, wireError(err)
	}
	defer done()
	m, err := s.principalSimulation(ctx, c, in)
	if err != nil {
		return nil, wireError(err)
	}
	results, more, err := m.run(ctx, in.ActionNames, in.Marker, in.MaxItems)
	if err != nil {
		return nil, wireError(err)
	}
	return &awsiam.SimulatePrincipalPolicyOutput{EvaluationResults: results, IsTruncated: more != nil, Marker: more}, nil
}

func (s *Service) principalSimulation(ctx context.Context, c *call.Call, in *awsiam.SimulatePrincipalPolicyInput) (*simulation, error) {
	excluded, err := exclusionsOf(in.PolicyExclusionList)
	if err != nil {
		return nil, err
	}
	i, err := s.policySource(ctx, c, aws.ToString(in.PolicySourceArn))
	if err != nil {
		return nil, err
	}
	if in.ResourcePolicy != nil && in.CallerArn == nil && i.Kind == iam.GroupKind {
		return nil, invalidInput("CallerArn is required when a ResourcePolicy is given for a group.")
	}
	m := &simulation{caller: policy.Principal{Kind: policy.User, Account: i.Account}, context: policy.MapContext{}}
	if err := m.setCaller(i.ARN()); err != nil {
		return nil, err
	}
	if err := s.gather(ctx, m, i); err != nil {
		return nil, err
	}
	if in.CallerArn != nil && *in.CallerArn != i.ARN() {
		m.forgetCaller()
		if err := m.setCaller(*in.CallerArn); err != nil {
			return nil, err
		}
	}
	excluded.from(&m.set)
	return m, m.take(inputs{
		actions: in.ActionNames, policies: in.PolicyInputList, boundaries: in.PermissionsBoundaryPolicyInputList, resources: in.ResourceArns,
		resourcePolicy: in.ResourcePolicy, resourceOwner: in.ResourceOwner, handling: in.ResourceHandlingOption, context: in.ContextEntries,
	})
}

// policySource is the user, group or role of the caller's account with the ARN.
func (s *Service) policySource(ctx context.Context, c *call.Call, sourceARN string) (i iam.Identity, err error) {
	account, kind, _, name, ok := arn.SplitIAM(sourceARN)
	if !ok || kind != "user" && kind != "role" && kind != "group" {
		return i, errEntityARN(sourceARN)
	}
	missing := fault.New(fault.NotFound, "no-policy-source", "The entity %s cannot be found.", sourceARN)
	if account != c.Principal.Account {
		return i, missing
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		i, err = iam.FindIdentity(tx, account, iam.Kind(kind), name)
		return err
	})
	if err == nil && i.ARN() != sourceARN {
		err = missing
	}
	return i, err
}

// gather takes over the policies that bear on the identity, and what calls of it
// say to conditions.
func (s *Service) gather(ctx context.Context, m *simulation, i iam.Identity) error {
	if i.Kind == iam.GroupKind {
		sources, err := s.groupPolicies(ctx, i)
		m.set.Identity = sources
		if err != nil {
			return err
		}
	} else {
		e, err := s.Live.Entity(ctx, i.ID)
		if err != nil {
			return err
		}
		m.set.Identity, m.set.HasBoundary, m.set.Boundary = e.Identity, e.HasBoundary, e.Boundary
		m.caller.EntityID = i.ID
		if i.Kind == iam.UserKind {
			m.context["aws:userid"] = []string{i.ID}
		}
		for _, t := range e.Tags {
			m.context["aws:principaltag/"+strings.ToLower(t.Key)] = []string{t.Value}
		}
	}
	member, err := s.Live.Membership(ctx, i.Account)
	if err != nil {
		return err
	}
	if member.Organization != "" {
		m.context["aws:principalorgid"], m.context["aws:principalorgpaths"] = []string{member.Organization}, member.Paths
	}
	linked := i.Kind == iam.RoleKind && strings.HasPrefix(i.Path, iam.ServiceLinkedPath)
	if m.member = member.Organization != "" && !member.Management && !linked; m.member {
		m.set.SCP = member.SCP
	}
	return nil
}

// forgetCaller takes back what gather knew of the identity as a caller: somebody
// else has its policies now.
func (m *simulation) forgetCaller() {
	before := m.context
	m.caller, m.context = policy.Principal{Kind: policy.User}, policy.MapContext{}
	for _, key := range []string{"aws:principalorgid", "aws:principalorgpaths"} {
		if v := before[key]; v != nil {
			m.context[key] = v
		}
	}
}

// groupPolicies are the policies of a group alone.
func (s *Service) groupPolicies(ctx context.Context, group iam.Identity) (sources []policy.Source, err error) {
	var held []iam.HeldPolicy
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		held, err = iam.PoliciesOf(tx, group)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		if h.ARN == "" {
			sources = append(sources, policy.Source{
				Policy: s.Live.Compiled(policy.IdentityPolicy, h.Document), Name: h.Name, Type: string(iam.GroupKind), Owner: group.ARN(),
			})
			continue
		}
		managed, err := s.Live.ManagedPolicy(ctx, h.ARN)
		if err != nil && !live.Gone(err) {
			return nil, err
		}
		sources = append(sources, managed...)
	}
	return sources, nil
}

// exclusions are the policies that a simulation leaves out.
type exclusions []func(s policy.Source, boundary bool) bool

// exclusionsOf reads PolicyExclusionList. Resource control policies are in no
// simulation, so leaving them out changes nothing.
func exclusionsOf(list []types.PolicyIdentifier) (out exclusions, err error) {
	for _, id := range list {
		switch id := id.(type) {
		case *types.PolicyIdentifierMemberPolicyType:
			out = append(out, ofType(id.Value))
		case *types.PolicyIdentifierMemberPolicyArn:
			account, kind, at, name, ok := arn.SplitIAM(id.Value)
			if !ok || kind != "policy" || strings.ContainsAny(account+at, "*?") || strings.Count(name, "*") > 1 {
				return nil, invalidInput("Invalid policy identifier: %s.", id.Value)
			}
			out = append(out, func(s policy.Source, boundary bool) bool { return !boundary && matches(id.Value, s.Name) })
		case *types.PolicyIdentifierMemberInlinePolicyIdentifier:
			name, holder, kind := aws.ToString(id.Value.PolicyName), aws.ToString(id.Value.AttachmentName), string(id.Value.AttachmentType)
			if strings.Count(holder, "*") > 1 {
				return nil, invalidInput("Invalid policy identifier: %s of %s.", name, holder)
			}
			out = append(out, func(s policy.Source, boundary bool) bool {
				_, _, _, owner, _ := arn.SplitIAM(s.Owner)
				return !boundary && s.Type == kind && strings.EqualFold(s.Name, name) && matches(strings.ToLower(holder), strings.ToLower(owner))
			})
		default:
			return nil, invalidInput("Each policy identifier must have exactly one member.")
		}
	}
	return out, nil
}

func ofType(t types.PolicyIdentifierPolicyType) func(policy.Source, bool) bool {
	return func(s policy.Source, boundary bool) bool {
		switch t {
		case types.PolicyIdentifierPolicyTypePermissionBoundary:
			return boundary
		case types.PolicyIdentifierPolicyTypeInline:
			return s.Type == string(iam.UserKind) || s.Type == string(iam.GroupKind) || s.Type == string(iam.RoleKind)
		case types.PolicyIdentifierPolicyTypeScp:
			return s.Policy.Kind() == policy.ServiceControlPolicy
		default:
			return !boundary && s.Type == string(t) // aws-managed and user-managed
		}
	}
}

// matches compares a name with a pattern of one star and question marks.
func matches(pattern, name string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if len(name) < len(head)+len(tail) || !star && len(name) != len(head) {
		return false
	}
	return alike(head, name[:len(head)]) && alike(tail, name[len(name)-len(tail):])
}

// alike compares texts of one length; a question mark is any byte.
func alike(pattern, s string) bool {
	for i := range len(pattern) {
		if pattern[i] != '?' && pattern[i] != s[i] {
			return false
		}
	}
	return true
}

// from takes the policies out of the set, whose own slices it leaves as they are.
func (x exclusions) from(set *policy.Set) {
	if len(x) == 0 {
		return
	}
	without := func(sources []policy.Source, boundary bool) []policy.Source {
		return slices.DeleteFunc(slices.Clone(sources), func(s policy.Source) bool {
			return slices.ContainsFunc(x, func(hit func(policy.Source, bool) bool) bool { return hit(s, boundary) })
		})
	}
	set.Identity = without(set.Identity, false)
	if len(set.Boundary) > 0 {
		set.Boundary = without(set.Boundary, true)
		set.HasBoundary = len(set.Boundary) > 0
	}
	var levels [][]policy.Source
	for _, level := range set.SCP {
		if level = without(level, false); len(level) > 0 {
			levels = append(levels, level)
		}
	}
	set.SCP = levels
}

// GetContextKeysForCustomPolicy lists the condition keys that policies name.
func (s *Service) GetContextKeysForCustomPolicy(_ context.Context, _ *call.Call, in *awsiam.GetContextKeysForCustomPolicyInput) (*awsiam.GetContextKeysForCustomPolicyOutput, error) {
	sources, err := parsed(policy.IdentityPolicy, "PolicyInputList.", in.PolicyInputList)
	if err != nil {
		return nil, wireError(err)
	}
	return &awsiam.GetContextKeysForCustomPolicyOutput{ContextKeyNames: sortedKeys(contextKeys(sources))}, nil
}

// GetContextKeysForPrincipalPolicy lists the condition keys that the policies of
// a user, with those of its groups, of a group or of a role name.
func (s *Service) GetContextKeysForPrincipalPolicy(ctx context.Context, c *call.Call, in *awsiam.GetContextKeysForPrincipalPolicyInput) (*awsiam.GetContextKeysForPrincipalPolicyOutput, error) {
	added, err := parsed(policy.IdentityPolicy, "PolicyInputList.", in.PolicyInputList)
	if err != nil {
		return nil, wireError(err)
	}
	i, err := s.policySource(ctx, c, aws.ToString(in.PolicySourceArn))
	if err != nil {
		return nil, wireError(err)
	}
	m := &simulation{context: policy.MapContext{}}
	if err := s.gather(ctx, m, i); err != nil {
		return nil, wireError(err)
	}
	keys := contextKeys(slices.Concat(m.set.Identity, m.set.Boundary, added))
	return &awsiam.GetContextKeysForPrincipalPolicyOutput{ContextKeyNames: sortedKeys(keys)}, nil
}
