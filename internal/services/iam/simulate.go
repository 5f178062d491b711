package iam

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// simulation is what both simulators decide: each action on each resource, by the
// engine that decides calls (behaviours.md 3.10). set and caller are the same for
// all of them but for the owner of the resource.
type simulation struct {
	set     policy.Set
	caller  policy.Principal
	context policy.MapContext
	// member says that the caller's account is under an organization's policies,
	// of which there may be none.
	member    bool
	owner     string // account of resources whose ARN names none; "" is the caller's
	resources []string
	// everything says that no resource was named: results are not told apart by them.
	everything bool
	missing    []string // context keys that the policies name and nobody gave
}

// inputs are the members that the two operations have in common.
type inputs struct {
	actions, policies, boundaries, resources []string

	resourcePolicy, resourceOwner, handling *string

	context []types.ContextEntry
}

// SimulateCustomPolicy decides by policies that the caller brings.
func (s *Service) SimulateCustomPolicy(ctx context.Context, c *call.Call, in *awsiam.SimulateCustomPolicyInput) (*awsiam.SimulateCustomPolicyOutput, error) {
	done, err := s.simulations.begin(ctx, c.Principal.Account)
	if err != nil {
		return nil, wireError(err)
	}
	defer done()
	m, err := customSimulation(c, in)
	if err != nil {
		return nil, wireError(err)
	}
	results, more, err := m.run(ctx, in.ActionNames, in.Marker, in.MaxItems)
	if err != nil {
		return nil, wireError(err)
	}
	return &awsiam.SimulateCustomPolicyOutput{EvaluationResults: results, IsTruncated: more != nil, Marker: more}, nil
}

func customSimulation(c *call.Call, in *awsiam.SimulateCustomPolicyInput) (*simulation, error) {
	m := &simulation{caller: policy.Principal{Kind: policy.User, Account: c.Principal.Account}, context: policy.MapContext{}}
	if in.CallerArn != nil {
		if err := m.setCaller(*in.CallerArn); err != nil {
			return nil, err
		}
	} else if in.ResourcePolicy != nil {
		return nil, invalidInput("CallerArn is required when a ResourcePolicy is given.")
	}
	for i, level := range in.OrderedOrganizationPolicyInputList {
		sources, err := parsed(policy.ServiceControlPolicy, fmt.Sprintf("OrderedOrganizationPolicyInputList.%d.", i+1), level.ServiceControlPolicyInputList)
		if err != nil {
			return nil, err
		}
		m.set.SCP, m.member = append(m.set.SCP, sources), true
	}
	return m, m.take(inputs{
		actions: in.ActionNames, policies: in.PolicyInputList, boundaries: in.PermissionsBoundaryPolicyInputList, resources: in.ResourceArns,
		resourcePolicy: in.ResourcePolicy, resourceOwner: in.ResourceOwner, handling: in.ResourceHandlingOption, context: in.ContextEntries,
	})
}

// take checks and takes over what both operations are given.
func (m *simulation) take(in inputs) error {
	for _, a := range in.actions {
		if service, name, _ := strings.Cut(a, ":"); service == "" || name == "" || strings.ContainsAny(service+name, "*?: ") {
			return invalidInput("Invalid action name: %s. It must be a service prefix and an operation, without wildcards.", a)
		}
	}
	if len(in.boundaries) > 1 {
		return invalidInput("Only one permissions boundary policy can be given.")
	}
	own, err := parsed(policy.IdentityPolicy, "PolicyInputList.", in.policies)
	if err != nil {
		return err
	}
	m.set.Identity = append(slices.Clip(m.set.Identity), own...)
	if len(in.boundaries) == 1 {
		m.set.HasBoundary = true
		if m.set.Boundary, err = parsed(policy.IdentityPolicy, "PermissionsBoundaryPolicyInputList.", in.boundaries); err != nil {
			return err
		}
	}
	if in.resourcePolicy != nil {
		p, err := parse(policy.ResourcePolicy, *in.resourcePolicy)
		if err != nil {
			return err
		}
		m.set.HasResource = true
		m.set.Resource = []policy.Source{{Policy: p, Name: "ResourcePolicy", Type: string(types.PolicySourceTypeResource)}}
	}
	if m.owner, err = ownerOf(in.resourceOwner); err != nil {
		return err
	}
	m.resources = in.resources
	if len(m.resources) == 0 || len(m.resources) == 1 && m.resources[0] == "*" {
		m.resources, m.everything = []string{"*"}, true
	}
	for _, r := range m.resources {
		if r != "*" && len(strings.SplitN(r, ":", 6)) < 6 {
			return invalidInput("ResourceNames are not in a valid ARN format: %s.", r)
		}
	}
	if err := handled(aws.ToString(in.handling), m.resources); err != nil {
		return err
	}
	if err := m.setContext(in.context); err != nil {
		return err
	}
	m.missing = m.lacking()
	return nil
}

// parsed are policies of the input, named after the member and their place in it.
func parsed(kind policy.Kind, member string, documents []string) ([]policy.Source, error) {
	var sources []policy.Source
	for i, document := range documents {
		p, err := parse(kind, document)
		if err != nil {
			return nil, err
		}
		sources = append(sources, policy.Source{Policy: p, Name: member + strconv.Itoa(i+1), Type: string(types.PolicySourceTypeNone)})
	}
	return sources, nil
}

// run evaluates the actions of one page.
func (m *simulation) run(ctx context.Context, actions []string, marker *string, maxItems *int32) ([]types.EvaluationResult, *string, error) {
	p, err := page.Parse(aws.ToString(marker), int(aws.ToInt32(maxItems)), pageSize)
	if err != nil {
		return nil, nil, err
	}
	start := 0
	if p.After != "" {
		if start, err = strconv.Atoi(p.After); err != nil || start < 0 || start > len(actions) {
			return nil, nil, fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
		}
	}
	each := m.weight()
	if each > mostWork {
		return nil, nil, invalidInput("The simulation is too large: use fewer or simpler statements, context values or resources in one call.")
	}
	end := min(len(actions), start+min(p.Limit, mostWork/each))
	results := make([]types.EvaluationResult, 0, end-start)
	for _, action := range actions[start:end] {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		results = append(results, m.evaluate(action))
	}
	if end < len(actions) {
		return results, next(strconv.Itoa(end)), nil
	}
	return results, nil, nil
}

// mostWork is how much work a page does at most, in the units of policy's Weight:
// 0.3 seconds. A request has room for more than a server should do for one caller.
const mostWork = 300_000_000

// What a result costs beside the evaluation: for each resource, and for each
// statement or missing key that is told there.
const (
	resourceWork = 5_000
	listedWork   = 500
)

// weight is how much work one action is, with all resources.
func (m *simulation) weight() int {
	work := len(m.resources) * (resourceWork + listedWork*len(m.missing))
	for sources := range m.layers {
		for _, s := range sources {
			work += s.Policy.Weight(m.resources, m.context) + len(m.resources)*listedWork*s.Policy.Len()
			if work > mostWork {
				return work // enough is known, and weighing is work too
			}
		}
	}
	return work
}

// layers are all layers of policies.
func (m *simulation) layers(yield func([]policy.Source) bool) {
	for _, sources := range append([][]policy.Source{m.set.Identity, m.set.Boundary, m.set.Resource}, m.set.SCP...) {
		if !yield(sources) {
			return
		}
	}
}

func invalidInput(format string, args ...any) error {
	return fault.New(fault.Invalid, "simulation", format, args...)
}
