package org

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// merged is what policies on levels from the root down come to. A level is a list
// of documents, in the order in which they were attached.
func merged(tb testing.TB, t PolicyType, levels ...[]string) (any, []EffectiveError) {
	tb.Helper()
	root := &effective{}
	for i, documents := range levels {
		policies := make([]Policy, len(documents))
		for j, d := range documents {
			policies[j] = Policy{ID: fmt.Sprintf("p-%d%d", i, j), Type: t, Document: d}
		}
		if err := root.level(policies, t); err != nil {
			tb.Fatal(err)
		}
	}
	var found []EffectiveError
	root.check(policyTypes[t].shape, policyTypes[t].key, &found)
	v, _ := root.plain()
	return v, found
}

// tag is a tag policy with the settings of the policy key "k".
func tag(settings string) string { return `{"tags":{"k":` + settings + `}}` }

// Management policies come down from the root by their inheritance operators
// (behaviours.md 9.6; AWS's user guide, "Inheritance operators").
func TestEffectiveInheritance(t *testing.T) {
	t.Parallel()
	values := func(v string) string { return tag(`{"tag_value":` + v + `}`) }
	const base = `{"@@assign":["a","b"]}`
	for name, c := range map[string]struct {
		levels [][]string
		want   string // of "k"; "" if there is nothing
	}{
		"one policy":           {[][]string{{values(base)}}, `{"tag_value":["a","b"]}`},
		"assign replaces":      {[][]string{{values(base)}, {values(`{"@@assign":["c"]}`)}}, `{"tag_value":["c"]}`},
		"append adds":          {[][]string{{values(base)}, {values(`{"@@append":["c","a"]}`)}}, `{"tag_value":["a","b","c"]}`},
		"append to nothing":    {[][]string{{}, {values(`{"@@append":["c"]}`)}}, `{"tag_value":["c"]}`},
		"remove takes away":    {[][]string{{values(base)}, {values(`{"@@remove":["a","x"]}`)}}, `{"tag_value":["b"]}`},
		"remove all":           {[][]string{{values(base)}, {values(`{"@@remove":["a","b"]}`)}}, ``},
		"remove from nothing":  {[][]string{{values(`{"@@remove":["a"]}`)}}, ``},
		"append and remove":    {[][]string{{values(base)}, {values(`{"@@append":["c"],"@@remove":["b"]}`)}}, `{"tag_value":["a","c"]}`},
		"assigned nothing":     {[][]string{{values(base)}, {values(`{"@@assign":[]}`)}}, ``},
		"three levels":         {[][]string{{values(base)}, {values(`{"@@append":["c"]}`)}, {values(`{"@@remove":["a"]}`)}}, `{"tag_value":["b","c"]}`},
		"a level without":      {[][]string{{values(base)}, {}, {values(`{"@@append":["c"]}`)}}, `{"tag_value":["a","b","c"]}`},
		"other settings stay":  {[][]string{{tag(`{"tag_key":{"@@assign":"K"},"tag_value":{"@@assign":["a"]}}`)}, {values(`{"@@assign":["c"]}`)}}, `{"tag_key":"K","tag_value":["c"]}`},
		"single value":         {[][]string{{tag(`{"tag_key":{"@@assign":"K"}}`)}, {tag(`{"tag_key":{"@@assign":"KEY"}}`)}}, `{"tag_key":"KEY"}`},
		"first attached wins":  {[][]string{{tag(`{"tag_key":{"@@assign":"K"}}`), tag(`{"tag_key":{"@@assign":"KEY"}}`)}}, `{"tag_key":"K"}`},
		"same level adds up":   {[][]string{{values(base)}, {values(`{"@@append":["c"]}`), values(`{"@@append":["d"]}`)}}, `{"tag_value":["a","b","c","d"]}`},
		"assign beside append": {[][]string{{values(base)}, {values(`{"@@append":["c"]}`), values(`{"@@assign":["x"]}`)}}, `{"tag_value":["x","c"]}`},
		"removed and appended": {[][]string{{values(base)}, {values(`{"@@remove":["a"]}`), values(`{"@@append":["a"]}`)}}, `{"tag_value":["b","a"]}`},

		"none for children":         {[][]string{{values(`{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@none"]}`)}, {values(`{"@@assign":["c"]}`)}}, `{"tag_value":["a"]}`},
		"append for children":       {[][]string{{values(`{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@append"]}`)}, {values(`{"@@append":["c"],"@@remove":["a"]}`)}}, `{"tag_value":["a","c"]}`},
		"not for itself":            {[][]string{{values(`{"@@assign":["a"],"@@append":["b"],"@@operators_allowed_for_child_policies":["@@none"]}`)}}, `{"tag_value":["a","b"]}`},
		"not for its own level":     {[][]string{{values(`{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@none"]}`), values(`{"@@append":["b"]}`)}}, `{"tag_value":["a","b"]}`},
		"for all below":             {[][]string{{tag(`{"@@operators_allowed_for_child_policies":["@@none"],"tag_value":{"@@assign":["a"]}}`)}, {tag(`{"tag_key":{"@@assign":"K"}}`)}}, `{"tag_value":["a"]}`},
		"for grandchildren":         {[][]string{{values(`{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@none"]}`)}, {}, {values(`{"@@assign":["c"]}`)}}, `{"tag_value":["a"]}`},
		"not to be taken back":      {[][]string{{values(`{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@append"]}`)}, {values(`{"@@operators_allowed_for_child_policies":["@@all"]}`)}, {values(`{"@@assign":["c"]}`)}}, `{"tag_value":["a"]}`},
		"what all on a level allow": {[][]string{{values(`{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@append","@@assign"]}`), values(`{"@@operators_allowed_for_child_policies":["@@append","@@remove"]}`)}, {values(`{"@@assign":["c"]}`)}, {values(`{"@@append":["d"],"@@remove":["a"]}`)}}, `{"tag_value":["a","d"]}`},
		"beside what is limited":    {[][]string{{tag(`{"tag_key":{"@@assign":"K","@@operators_allowed_for_child_policies":["@@none"]}}`)}, {tag(`{"tag_key":{"@@assign":"x"},"tag_value":{"@@assign":["c"]}}`)}}, `{"tag_key":"K","tag_value":["c"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := merged(t, TagPolicy, c.levels...)
			var want any = map[string]any{}
			if c.want != "" {
				var k any
				if err := json.Unmarshal([]byte(c.want), &k); err != nil {
					t.Fatal(err)
				}
				want = map[string]any{"k": k}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// What a merged policy lacks or has too much of is told, with who is to blame.
func TestEffectiveErrors(t *testing.T) {
	t.Parallel()
	rules := make([]string, 11)
	for i := range rules {
		rules[i] = fmt.Sprintf(`"r%02d":{"target_backup_vault_name":{"@@assign":"v"}}`, i)
	}
	whole := `{"plans":{"p":{"regions":{"@@assign":["us-east-1"]},"rules":{` + rules[0] + `},
		"selections":{"tags":{"s":{"iam_role_arn":{"@@assign":"r"}}}}}}}`
	_, found := merged(t, BackupPolicy, []string{whole})
	if len(found) != 0 {
		t.Errorf("a whole plan: %+v", found)
	}
	_, found = merged(t, BackupPolicy, []string{whole}, []string{`{"plans":{"p":{"regions":{"@@remove":["us-east-1"]}}}}`},
		[]string{`{"plans":{"p":{"rules":{` + strings.Join(rules[1:], ",") + `}}}}`}, []string{`{"plans":{"p":{"rules":{"r10":{"target_backup_vault_name":{"@@assign":"w"}}}}}}`})
	want := []EffectiveError{
		{"REQUIRED_KEY_MISSING", "'regions' is required", "plans/p/regions", []string{"p-00", "p-10", "p-20", "p-30"}},
		{"ELEMENTS_TOO_MANY", "'rules' exceeds the allowed maximum limit 10", "plans/p/rules", []string{"p-00", "p-20", "p-30"}},
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("got  %+v\nwant %+v", found, want)
	}
}

// Documents are held to the syntax of their type (MalformedPolicyDocument).
func TestPolicyDocuments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		t        PolicyType
		document string
		ok       bool
	}{
		{ServiceControl, FullAWSAccess.Document, true},
		{ServiceControl, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`, false},
		{ServiceControl, `{`, false},
		{ResourceControl, RCPFullAWSAccess.Document, true},
		{ResourceControl, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`, false},
		{TagPolicy, `{"tags":{}}`, true},
		{TagPolicy, tag(`{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@assign":["1"]},"enforced_for":{"@@assign":["ec2:instance"]}}`), true},
		{TagPolicy, `{}`, false},
		{TagPolicy, `[]`, false},
		{TagPolicy, `null`, false},
		{TagPolicy, `{"tags":{}} {}`, false},
		{TagPolicy, `{"tags":{},"tags":{}}`, false}, // one would silently not count
		{TagPolicy, `{"plans":{}}`, false},
		{TagPolicy, `{"tags":{},"plans":{}}`, false},
		{TagPolicy, `{"tags":[]}`, false},
		{TagPolicy, tag(`{"tag_key":"CostCenter"}`), false},
		{TagPolicy, tag(`{"tag_key":{"@@assign":["CostCenter"]}}`), false},
		{TagPolicy, tag(`{"tag_key":{"@@append":["CostCenter"]}}`), false},
		{TagPolicy, tag(`{"tag_value":{"@@assign":"1"}}`), false},
		{TagPolicy, tag(`{"tag_value":{"@@append":[]}}`), false},
		{TagPolicy, tag(`{"tag_value":{"@@append":[["1"]]}}`), false},
		{TagPolicy, tag(`{"tag_value":{"@@assign":[{"a":1}]}}`), false},
		{TagPolicy, tag(`{"tag_value":{"@@replace":["1"]}}`), false},
		{TagPolicy, tag(`{"tag_value":{"@@assign":["1"],"more":{}}}`), false},
		{TagPolicy, tag(`{"colour":{"@@assign":"red"}}`), false},
		{TagPolicy, tag(`{"@@assign":"red"}`), false},
		{TagPolicy, tag(`{"@@operators_allowed_for_child_policies":["@@none"]}`), true},
		{TagPolicy, tag(`{"@@operators_allowed_for_child_policies":["@@none","@@assign"]}`), false},
		{TagPolicy, tag(`{"@@operators_allowed_for_child_policies":["@@some"]}`), false},
		{TagPolicy, tag(`{"@@operators_allowed_for_child_policies":[1]}`), false},
		{TagPolicy, strings.Repeat(`{"tags":`, 40) + strings.Repeat("}", 40), false},
		{AIOptOut, `{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}`, true},
		{AIOptOut, `{"services":{"default":{"opt_out_policy":{"@@assign":"maybe"}}}}`, false},
		{Chatbot, `{"chatbot":{"platforms":{"slack":{"client":{"@@assign":"enabled"},"workspaces":{"@@assign":["T1"]}}}}}`, true},
		{DeclarativeEC2, `{"ec2_attributes":{"serial_console_access":{"status":{"@@assign":"disabled"}},"exception_message":{"@@assign":"Ask us."}}}`, true},
		{DeclarativeEC2, `{"ec2_attributes":{"serial_console_access":{"status":{"@@assign":"broken"}}}}`, false},
		{SecurityHub, `{"securityhub":{"enable_in_regions":{"@@append":["ALL_SUPPORTED"]}}}`, true},
		{Inspector, `{"inspector":{"enablement":{"ec2_scanning":{"enable_in_regions":{"@@assign":["us-east-1"]}}}}}`, true},
		{UpgradeRollout, `{"upgrade_rollout":{"default":{"patch_order":{"@@assign":"last"}}}}`, true},
		{Bedrock, `{"bedrock":{"guardrail_inference":{"us-east-1":{"c":{"identifier":{"@@assign":"arn"}}}}}}`, true},
		{S3, `{"s3_attributes":{"public_access_block_configuration":{"@@assign":"all"}}}`, true},
		{S3, `{"s3_attributes":{"public_access_block_configuration":"all"}}`, false},
		{NetworkSecurityDirector, `{"network_security_director":{"enablement":{"network_security_scan":{"enable_in_regions":{"@@assign":["us-east-1"]}}}}}`, true},
	} {
		if err := c.t.Validate(c.document); (err == nil) != c.ok {
			t.Errorf("%s %s: %v", c.t, c.document, err)
		}
	}
	if len(policyTypes) != 13 {
		t.Errorf("%d policy types", len(policyTypes)) // behaviours.md 9.6
	}
}

// FuzzManagementPolicy: whatever is read can be merged with itself, and comes to
// JSON without operators.
func FuzzManagementPolicy(f *testing.F) {
	for _, seed := range []string{
		`{"tags":{}}`, tag(`{"tag_value":{"@@assign":["a"],"@@operators_allowed_for_child_policies":["@@append"]}}`), tag(`{"tag_value":{"@@append":["a",1,true]}}`),
		`{"tags":{"a":{"tag_key":{"@@assign":"A"}},"A":{}}}`, `{"tags":{"":{"tag_value":{"@@remove":["x"]}}}}`, `{"tags":`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		for _, kind := range []PolicyType{TagPolicy, BackupPolicy, Inspector} {
			if kind != TagPolicy {
				document = strings.Replace(document, `"tags"`, `"`+policyTypes[kind].key+`"`, 1)
			}
			if kind.Validate(document) != nil {
				continue
			}
			v, _ := merged(t, kind, []string{document, document}, []string{document})
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			var back any
			if err := json.Unmarshal(b, &back); err != nil {
				t.Fatal(err)
			}
			if operated(back) {
				t.Errorf("%s came to %s", document, b)
			}
		}
	})
}

// operated reports whether a member of it begins like an operator.
func operated(v any) bool {
	object, _ := v.(map[string]any)
	for k, v := range object {
		if strings.HasPrefix(k, "@@") || operated(v) {
			return true
		}
	}
	return false
}
