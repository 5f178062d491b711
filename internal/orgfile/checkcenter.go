package orgfile

import (
	"cmp"
	"slices"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/org"
	"sekisho/internal/policy"
)

// checkSettings checks the instance itself.
func (c *checker) checkSettings(s scope, ic *IdentityCenter) {
	s.check(ic.instance(org.Organization{}, time.Time{}).Validate())
	s.tags(ic.Tags)
	m := ic.MFA
	if m == nil {
		return
	}
	s = s.in("mfa")
	if m.Prompt != "" && !slices.Contains(prompts, access.Prompt(m.Prompt)) {
		s.say("prompt must be one of %v", prompts)
	}
	if m.NoDevice != "" && !slices.Contains(noDevices, access.NoDevice(m.NoDevice)) {
		s.say("no_device must be one of %v", noDevices)
	}
	for _, t := range m.Types {
		if !slices.Contains(mfaTypes, access.MFAType(t)) {
			s.say("types must be of %v", mfaTypes)
		}
	}
}

func (c *checker) checkTokenIssuers(top scope, ic *IdentityCenter, ids map[string]bool) {
	names := make(map[string]bool)
	for _, i := range ic.TrustedTokenIssuers {
		s := top.in("trusted token issuer %q", i.Name)
		s.id(i.ID, tokenIssuerID, ids)
		if !once(names, i.Name) && i.ID == "" {
			s.say("several are called so: they need ids")
		}
		s.tags(i.Tags)
		s.check(application.TokenIssuer{Name: i.Name, URL: i.URL, ClaimPath: i.ClaimPath, AttributePath: i.AttributePath}.Validate())
	}
}

func (c *checker) checkApplications(top scope, ic *IdentityCenter, users, groups, ids map[string]bool) {
	names := make(map[string]bool)
	for i := range ic.Applications {
		a := &ic.Applications[i]
		s := top.in("application %q", a.Name)
		s.id(a.ID, applicationID, ids)
		if !once(names, a.Name) && a.ID == "" {
			s.say("several are called so: they need ids")
		}
		if p := cmp.Or(a.Provider, application.Custom); !slices.ContainsFunc(application.Providers(), func(known application.Provider) bool { return known.Name == p }) {
			s.say("there is no provider %q", p)
		}
		if a.Account != "" {
			c.knows(s, a.Account, "it belongs to")
		}
		want := application.Application{Status: application.Enabled, Visibility: application.Enabled}
		a.into(&want)
		s.check(want.Validate())
		s.tags(a.Tags)
		if a.ActorPolicy != nil {
			s.in("actor_policy").document(policy.ResourcePolicy, a.ActorPolicy)
		}
		for _, g := range a.Groups {
			if !groups[g] {
				s.say("the group %q is not in groups", g)
			}
		}
		for _, u := range a.Users {
			if !users[u] {
				s.say("the user %q is not in users", u)
			}
		}
	}
}
