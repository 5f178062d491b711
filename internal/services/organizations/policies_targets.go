package organizations

import (
	"context"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

// Condition keys of the service (Service Authorization Reference).
const (
	policyTypeKey       = "organizations:policytype"
	servicePrincipalKey = "organizations:serviceprincipal"
)

// control finds what an operation on policies, administrators or tags acts on, by
// the resource of its row. What does not exist has a name all the same, so that a
// denial tells nothing.
func control(tx store.Tx, o org.Organization, rule call.Rule, in reflect.Value, t *call.Target) error {
	requestKeys(in, t.Keys)
	var id string
	switch rule.Resource {
	case "policy":
		id = text(in, "PolicyId")
	case "target", "effective":
		id = text(in, "TargetId")
	case "tagged":
		id = text(in, "ResourceId")
	case "account":
		id = text(in, "AccountId")
	case "root":
		id = text(in, "RootId")
	case "resource-policy":
		p, err := tx.OrgResourcePolicy(o.ID)
		if fault.Is(err, fault.NotFound) {
			p, err = org.ResourcePolicy{ID: "*"}, nil
		}
		if err != nil {
			return err
		}
		id = p.ID
	}
	if id == "" {
		return nil
	}
	return named(tx, o, id, t)
}

// requestKeys are the condition keys that members of the input stand for.
func requestKeys(in reflect.Value, keys map[string][]string) {
	for _, member := range []string{"PolicyType", "Type", "Filter"} {
		if v := text(in, member); org.PolicyType(v).Known() {
			keys[policyTypeKey] = []string{v}
		}
	}
	if v := text(in, "ServicePrincipal"); v != "" {
		keys[servicePrincipalKey] = []string{v}
	}
	requestTags(in, keys)
}

// named makes t the thing with that id.
func named(tx store.Tx, o org.Organization, id string, t *call.Target) (err error) {
	switch {
	case strings.HasPrefix(id, "rp-"), id == "*":
		t.ARN = org.ResourcePolicy{ID: id, Organization: o.ID}.ARN(o.ManagementAccount)
	case strings.HasPrefix(id, "rt-"):
		if err := transferTarget(tx, o, id, t); err != nil {
			return err
		}
	case strings.HasPrefix(id, "p-"):
		p, err := org.Find(tx, o.ID, id)
		if fault.Is(err, fault.NotFound) {
			t.ARN = org.Policy{ID: id, Organization: o.ID, Type: "*"}.ARN(o.ManagementAccount)
			return nil
		}
		if err != nil {
			return err
		}
		t.ARN = p.ARN(o.ManagementAccount)
		t.Keys[policyTypeKey] = []string{string(p.Type)}
	case strings.HasPrefix(id, "ou-"):
		t.ARN = org.Target{ID: id, Kind: org.UnitTarget}.ARN(o)
	case arn.ValidAccount(id):
		t.ARN = org.Target{ID: id, Kind: org.AccountTarget}.ARN(o)
	default:
		t.ARN = org.Target{ID: id, Kind: org.RootTarget}.ARN(o)
	}
	t.Tags, err = tagMap(tx, o, id)
	return err
}

// tagMap are the tags of something of the organization; of anything else, none.
func tagMap(tx store.Tx, o org.Organization, id string) (map[string]string, error) {
	if err := org.Tagged(tx, o, id); err != nil {
		if fault.Is(err, fault.NotFound) {
			return nil, nil
		}
		return nil, err
	}
	tags, err := org.Tags(tx, id)
	all := make(map[string]string, len(tags))
	for _, tag := range tags {
		all[tag.Key] = tag.Value
	}
	return all, err
}

// requestTags are the condition keys of the tags of a request.
func requestTags(in reflect.Value, keys map[string][]string) {
	if m := in.FieldByName("Tags"); m.IsValid() {
		tags, _ := m.Interface().([]types.Tag)
		for _, tag := range tags {
			k := "aws:requesttag/" + policy.Fold(aws.ToString(tag.Key))
			keys[k] = append(keys[k], aws.ToString(tag.Value))
			keys[call.TagKeys] = append(keys[call.TagKeys], aws.ToString(tag.Key))
		}
	}
	if m := in.FieldByName("TagKeys"); m.IsValid() {
		if names, _ := m.Interface().([]string); len(names) > 0 {
			keys[call.TagKeys] = names
		}
	}
}

// delegatedReading is what every delegated administrator may do, if its own policies
// allow it and the organization's resource policy does not forbid it.
var delegatedReading = policy.MustParse(policy.ResourcePolicy, `{"Version":"2012-10-17","Statement":[{
	"Effect":"Allow","Principal":"*","Action":["organizations:Describe*","organizations:List*"],"Resource":"*"}]}`)

// lend lets the organization's resource policy decide beside the caller's own, if
// the caller is a member that asks for what is the management account's: both
// accounts have to allow (behaviours.md 3.7). For what a delegated administrator may
// read, no policy has to; one that denies it does so all the same.
func lend(tx store.Tx, o org.Organization, c *call.Call, rule call.Rule, t *call.Target) error {
	own := t.ARN == (org.Target{ID: c.Principal.Account, Kind: org.AccountTarget}).ARN(o)
	if c.Principal.Account == o.ManagementAccount || rule.Resource == "effective" && (own || t.ARN == "") {
		return nil // its own affair
	}
	reads, err := org.ReadDelegated(tx, c.Principal.Account, rule.Action)
	if err != nil {
		return err
	}
	if reads {
		t.Account, t.Lent = o.ManagementAccount, delegatedReading
	}
	p, err := tx.OrgResourcePolicy(o.ID)
	if fault.Is(err, fault.NotFound) {
		return nil // the operation says that the rest is the management account's
	}
	if err != nil {
		return err
	}
	lets, err := org.Lets(tx, o, c.Principal.Account, rule.Action)
	if err != nil || !lets {
		return err
	}
	t.Policy, err = policy.Parse(policy.ResourcePolicy, p.Document)
	t.Account = o.ManagementAccount
	return err
}

// toTarget asks for the call's action on the root, unit or account that a policy is
// attached to, beside the one on the policy.
func (s *Service) toTarget(ctx context.Context, c *call.Call, policyID, target string) error {
	t := call.Target{Keys: make(map[string][]string)}
	rule := Table[c.Operation]
	err := s.view(ctx, func(tx store.Tx) error {
		o, err := org.Of(tx, c.Principal.Account)
		if err != nil {
			return err
		}
		if p, err := org.Find(tx, o.ID, policyID); err == nil {
			t.Keys[policyTypeKey] = []string{string(p.Type)}
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := named(tx, o, target, &t); err != nil {
			return err
		}
		return lend(tx, o, c, rule, &t)
	})
	if err != nil {
		return err
	}
	return s.Authz.Allow(ctx, c, rule.Action, t)
}
