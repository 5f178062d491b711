package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/policy"
)

// covers tells roughly whether the caller may do everything that the document
// allows, as AWS does: it cannot be told where conditions decide.
func (s *Service) covers(ctx context.Context, c *call.Call, document string) (types.PermissionCheckResultType, error) {
	statements, err := iam.Statements(document)
	if err != nil {
		return "", err
	}
	set, err := s.policiesOf(ctx, &c.Principal)
	if err != nil {
		return "", err
	}
	unsure := conditional(&set)
	if t := c.Principal.Temporary; t != nil && len(t.Policies)+len(t.PolicyARNs) > 0 {
		unsure = true
	}
	kind := policy.User
	if c.Principal.Kind == call.Root {
		kind = policy.RootUser
	}
	for _, st := range statements {
		if st.Deny {
			continue
		}
		if st.NotAction || st.NotResource {
			unsure = true
			continue
		}
		for _, action := range st.Actions {
			for _, resource := range st.Resources {
				// The caller's pattern has to take in the whole of this one, which it does
				// where it matches its text.
				r := policy.Request{Action: action, Resource: resource, Principal: policy.Principal{Kind: kind, Account: c.Principal.Account}}
				if d := policy.Decide(&r, &set); !d.Allowed && !unsure {
					return types.PermissionCheckResultTypeDenied, nil
				}
			}
		}
	}
	if unsure {
		return types.PermissionCheckResultTypeUnsure, nil
	}
	return types.PermissionCheckResultTypeAllowed, nil
}

// policiesOf are the policies that bear on calls of the principal.
func (s *Service) policiesOf(ctx context.Context, p *call.Principal) (set policy.Set, err error) {
	if p.Entity != "" {
		e, err := s.Live.Entity(ctx, p.Entity)
		if err != nil {
			return set, err
		}
		set.Identity, set.HasBoundary, set.Boundary = e.Identity, e.HasBoundary, e.Boundary
	}
	m, err := s.Live.Membership(ctx, p.Account)
	if err == nil && !m.Management {
		set.SCP = m.SCP
	}
	return set, err
}

// conditional reports whether some policy of the set asks for a condition key.
func conditional(set *policy.Set) bool {
	asks := func(sources []policy.Source) bool {
		return slices.ContainsFunc(sources, func(s policy.Source) bool { return len(s.Policy.ContextKeys()) > 0 })
	}
	return asks(set.Identity) || asks(set.Boundary) || slices.ContainsFunc(set.SCP, asks)
}
