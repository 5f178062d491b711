package orgfile

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/policy"
)

// Bounds of policies of the organization (behaviours.md 1.5, 1.6).
const (
	maxControlName        = 128 // characters
	maxControlDescription = 512
	maxControlPolicy      = 5120 // bytes of those that decide calls
)

var resourcePolicyID = regexp.MustCompile(`^rp-[0-9a-zA-Z_]{4,128}$`)

// checkOrganization checks the organization's own facts.
func (c *checker) checkOrganization(top scope, o *Organization) {
	s := top.in("organization")
	s.id(o.ID, organizationID, make(map[string]bool))
	if o.RootID != "" && !rootID.MatchString(o.RootID) {
		s.say("root_id %q must be r- and at least 4 lower-case letters and digits", o.RootID)
	}
	switch org.FeatureSet(o.FeatureSet) {
	case "", org.AllFeatures, org.ConsolidatedBilling:
	default:
		s.say("feature_set must be %s or %s", org.AllFeatures, org.ConsolidatedBilling)
	}
	if o.AccountLimit < 0 {
		s.say("account_limit must not be negative")
	}
	s.in("root_tags").tags(o.RootTags)
	for _, t := range o.PolicyTypes {
		if !org.PolicyType(t).Known() {
			s.say("policy_types: there is no type %q; there are %v", t, org.PolicyTypes())
		}
	}
	for _, d := range o.DelegatedAdministrators {
		if c.knows(s, d.Account, "delegated_administrators names") && len(d.Services) == 0 {
			s.say("delegated_administrators: the account %q administers no services", d.Account)
		}
	}
	for _, f := range o.RootFeatures {
		if !slices.Contains(rootFeatures, iam.OrgFeature(f)) {
			s.say("root_features: there is no feature %q; there are %v", f, rootFeatures)
		}
	}
	if p := o.ResourcePolicy; p != nil {
		s := s.in("resource_policy")
		s.id(p.ID, resourcePolicyID, make(map[string]bool))
		s.tags(p.Tags)
		if p.Document != nil {
			s.document(policy.ResourcePolicy, p.Document)
		}
	}
}

// checkControl checks the organization's units and policies.
func (c *checker) checkControl(top scope) {
	units, ids := c.file.units(top), make(map[string]bool)
	for _, kind := range c.file.Organization.policiesByType() {
		if !kind.kind.Known() {
			top.say("policies: there is no type %q; there are %v", kind.kind, org.PolicyTypes())
			continue
		}
		names := make(map[string]bool)
		for _, p := range kind.policies {
			s := top.in("%s %q", kind.name, p.Name)
			switch {
			case p.Name == "" || p.Document == nil:
				s.say("a name and a document are needed")
				continue
			case !once(names, p.Name):
				s.say("is there twice")
			case utf8.RuneCountInString(p.Name) > maxControlName:
				s.say("the name must be at most %d characters", maxControlName)
			case utf8.RuneCountInString(p.Description) > maxControlDescription:
				s.say("the description must be at most %d characters", maxControlDescription)
			}
			s.id(p.ID, policyID, ids)
			s.tags(p.Tags)
			c.checkControlDocument(s, kind.kind, p.Document)
			c.checkTargets(s, units, p.Targets)
			if types := c.file.Organization.PolicyTypes; types != nil && len(p.Targets) > 0 && !slices.Contains(types, string(kind.kind)) {
				s.say("it has targets, and its type %s is not in policy_types", kind.kind)
			}
		}
	}
	c.checkTargets(top.in("without_full_access"), units, c.file.Organization.WithoutFullAccess)
}

func (c *checker) checkControlDocument(s scope, t org.PolicyType, d *Document) {
	switch t {
	case org.ServiceControl:
		if s.document(policy.ServiceControlPolicy, d) && len(d.JSON) > maxControlPolicy {
			s.say("the document must be at most %d bytes", maxControlPolicy)
		}
	case org.ResourceControl:
		if s.document(policy.ResourceControlPolicy, d) && len(d.JSON) > maxControlPolicy {
			s.say("the document must be at most %d bytes", maxControlPolicy)
		}
	default:
		err := t.Validate(d.JSON)
		if f, ok := fault.As(err); ok && f.Unwrap() != nil {
			err = f.Unwrap() // which says what exactly is wrong
		}
		s.in("document").check(err)
	}
}

func (c *checker) checkTargets(s scope, units *unitTree, targets []string) {
	for _, t := range targets {
		_, known := c.accounts[t]
		switch {
		case t == root || units.byRef[t] != nil:
		case c.twice[t]:
			s.say("the target %q could be several accounts: use the id", t)
		case !known && !arn.ValidAccount(t): // an account's id may be one that the database gave
			s.say("%s", noTarget(t))
		}
	}
}

// checkUser checks a person; one without an address has to be meant.
func checkUser(u *User, want directory.User) error {
	if !u.NoEmail {
		return want.Validate()
	}
	if u.Email != "" {
		return fault.New(fault.Invalid, "user-email", "email and no_email exclude each other")
	}
	return want.Check()
}
