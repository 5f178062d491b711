package authz

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"sekisho/internal/call"
	"sekisho/internal/live"
	"sekisho/internal/policy"
)

// conditions answers what condition keys are for one call (behaviours.md 3.3 to
// 3.5). A key costs nothing unless a policy asks for it.
type conditions struct {
	call       *call.Call
	target     *call.Target
	entity     *live.Entity     // of the principal; nil for none
	membership *live.Membership // of the principal's account
	owner      *live.Membership // of the resource's account
	// chosen are the resource's tags by folded key, where there is a choice.
	chosen map[string]string
}

var absent policy.Value

// Get implements policy.Context. Keys come in lower case.
func (q *conditions) Get(key string) policy.Value {
	if v, ok := q.target.Keys[key]; ok {
		return policy.Many(v)
	}
	service, name, _ := strings.Cut(key, ":")
	if tag, ok := strings.CutPrefix(name, "resourcetag/"); ok { // aws:ResourceTag and the service's own
		return q.resourceTag(tag)
	}
	if service == "aws" {
		return q.global(name)
	}
	if t := q.call.Principal.Temporary; t != nil {
		if v, ok := t.Keys[key]; ok {
			return policy.One(v)
		}
	}
	if key == "identitystore:userid" {
		return some(q.call.Principal.DirectoryUser)
	}
	return absent
}

func some(s string) policy.Value {
	if s == "" {
		return absent
	}
	return policy.One(s)
}

func truth(b bool) policy.Value {
	if b {
		return policy.One("true")
	}
	return policy.One("false")
}

func (q *conditions) global(name string) policy.Value {
	c, p := q.call, &q.call.Principal
	switch name {
	case "currenttime":
		return policy.One(c.Now.UTC().Format(time.RFC3339))
	case "epochtime":
		return policy.One(strconv.FormatInt(c.Now.Unix(), 10))
	case "requestedregion":
		return some(c.Region)
	case "securetransport":
		return truth(c.Secure)
	case "useragent":
		return some(c.UserAgent)
	case "sourceip":
		return some(c.SourceIP)
	case "viaawsservice":
		return truth(false)
	case "resourceaccount":
		return some(q.resourceAccount())
	case "resourceorgid":
		return organization(q.owner)
	case "resourceorgpaths":
		return orgPaths(q.owner)
	}
	if v, ok := q.session(name); ok {
		return v
	}
	switch name {
	case "principaltype":
		return some(principalTypes[p.Kind])
	case "principalaccount":
		return some(p.Account)
	case "principalarn":
		return some(p.EntityARN)
	case "principalisawsservice":
		return truth(p.Kind == call.Service)
	case "principalservicename":
		return some(serviceOf(p))
	case "userid":
		return some(userID(p))
	case "username":
		if p.Kind == call.IAMUser {
			return some(p.UserName)
		}
	case "principalorgid":
		return organization(q.membership)
	case "principalorgpaths":
		return orgPaths(q.membership)
	default:
		if tag, ok := strings.CutPrefix(name, "principaltag/"); ok {
			return q.principalTag(tag)
		}
	}
	return absent
}

// principalTypes is aws:PrincipalType (behaviours.md 3.3).
var principalTypes = map[call.PrincipalKind]string{
	call.Root: "Account", call.IAMUser: "User", call.AssumedRole: "AssumedRole", call.FederatedUser: "FederatedUser",
	call.Service: "Service", call.Anonymous: "Anonymous", call.SAMLFederated: "Anonymous", call.WebIdentity: "Anonymous",
}

func userID(p *call.Principal) string {
	switch p.Kind {
	case call.Anonymous, call.SAMLFederated, call.WebIdentity:
		return "anonymous"
	case call.Service:
		return ""
	}
	return p.UserID
}

func (q *conditions) resourceAccount() string {
	if q.target.Account != "" {
		return q.target.Account
	}
	return q.call.Principal.Account
}

func organization(m *live.Membership) policy.Value {
	if m == nil {
		return absent
	}
	return some(m.Organization)
}

// orgPaths is the one path that an account has, as a list: AWS has several parents
// in mind.
func orgPaths(m *live.Membership) policy.Value {
	if m == nil || m.Organization == "" {
		return absent
	}
	return policy.Many(m.Paths)
}

// session are the keys that only temporary credentials have.
func (q *conditions) session(name string) (policy.Value, bool) {
	t := q.call.Principal.Temporary
	switch name {
	case "tokenissuetime", "multifactorauthpresent", "multifactorauthage", "sourceidentity", "federatedprovider", "assumedroot":
	default:
		return absent, false
	}
	if t == nil {
		return absent, true
	}
	switch name {
	case "tokenissuetime":
		return policy.One(time.Unix(t.IssuedAt, 0).UTC().Format(time.RFC3339)), true
	case "multifactorauthpresent":
		return truth(t.MFAAt != 0), true
	case "multifactorauthage":
		if t.MFAAt == 0 {
			return absent, true
		}
		return policy.One(strconv.FormatInt(q.call.Now.Unix()-t.MFAAt, 10)), true
	case "sourceidentity":
		return some(t.SourceIdentity), true
	case "federatedprovider":
		return some(t.Provider), true
	default:
		if t.IsRoot() {
			return policy.One("true"), true
		}
		return absent, true
	}
}

// principalTag: a session's tag goes before the user's or role's own.
func (q *conditions) principalTag(key string) policy.Value {
	if t := q.call.Principal.Temporary; t != nil {
		for i := range t.Tags {
			if policy.SameKey(t.Tags[i].Key, key) {
				return policy.One(t.Tags[i].Value)
			}
		}
	}
	if q.entity != nil {
		for i := range q.entity.Tags {
			if policy.SameKey(q.entity.Tags[i].Key, key) {
				return policy.One(q.entity.Tags[i].Value)
			}
		}
	}
	return absent
}

// resourceTag is the tag's value; of tags whose keys differ by case only, the one
// that is chosen (tagChoices).
func (q *conditions) resourceTag(key string) policy.Value {
	if q.chosen != nil {
		if v, ok := q.chosen[policy.Fold(key)]; ok {
			return policy.One(v)
		}
		return absent
	}
	for k, v := range q.target.Tags {
		if policy.SameKey(k, key) {
			return policy.One(v)
		}
	}
	return absent
}

// maxTagChoices bounds how often a call is decided; who needs more is denied.
const maxTagChoices = 32

// tagChoices are the tags as conditions could see them, if there are some whose
// keys differ by case only: on most resources Env and env are two tags, while
// condition keys know only one. It is nil when there is nothing to choose, and
// false when there are too many choices.
func tagChoices(tags map[string]string) (choices []map[string]string, ok bool) {
	values := make(map[string][]string, len(tags))
	several := false
	for k, v := range tags {
		k = policy.Fold(k)
		values[k] = append(values[k], v)
		several = several || len(values[k]) > 1
	}
	if !several {
		return nil, true
	}
	choices = []map[string]string{{}}
	for k, vs := range values {
		var next []map[string]string
		for _, c := range choices {
			for _, v := range vs {
				with := maps.Clone(c)
				with[k] = v
				next = append(next, with)
			}
		}
		if choices = next; len(choices) > maxTagChoices {
			return nil, false
		}
	}
	return choices, true
}

// shown are the keys that the policies of s ask for, with what they are.
func (q *conditions) shown(s *policy.Set) map[string][]string {
	keys := make(map[string][]string)
	show := func(sources []policy.Source) {
		for _, src := range sources {
			for _, k := range src.Policy.ContextKeys() {
				if v := q.Get(policy.Fold(k)); v.Len() > 0 {
					keys[k] = v.Strings()
				}
			}
		}
	}
	for _, sources := range [][]policy.Source{s.Identity, s.Boundary, s.Session, s.Resource} {
		show(sources)
	}
	for _, levels := range [][][]policy.Source{s.SCP, s.RCP} {
		for _, level := range levels {
			show(level)
		}
	}
	return keys
}
