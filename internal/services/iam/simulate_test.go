package iam_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/policy/scenario"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const fullAccess = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// texts are the documents in order of name.
func texts(d scenario.Documents) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		document := string(d[name])
		if document == "null" {
			document = fullAccess
		}
		out = append(out, document)
	}
	return out
}

// simulated is the scenario as SimulateCustomPolicy takes it; ok is false if it
// has more in it than the operation has members for.
func simulated(s *scenario.Scenario, i int) (in *awsiam.SimulateCustomPolicyInput, ok bool) {
	p, request, caller := s.Policies, s.Request(i), s.Caller()
	kms := strings.HasPrefix(request.Resource, "arn:aws:kms:") && p.Resource != nil
	switch {
	case caller.Kind != policy.User && caller.Kind != policy.RoleSession,
		p.Session != nil, p.RCP != nil, p.Trust != nil, p.Boundary != nil && len(p.Boundary) != 1, s.MustAllow != kms,
		strings.Contains(string(p.Resource), ":assumed-role/"), strings.Contains(string(p.Resource), caller.EntityID):
		return nil, false
	}
	in = &awsiam.SimulateCustomPolicyInput{
		ActionNames: []string{request.Action}, ResourceArns: []string{request.Resource}, CallerArn: aws.String(caller.EntityARN),
		PolicyInputList: slices.Concat(texts(p.User), texts(p.Role)), PermissionsBoundaryPolicyInputList: texts(p.Boundary),
	}
	for _, g := range slices.Sorted(maps.Keys(p.Groups)) {
		in.PolicyInputList = append(in.PolicyInputList, texts(p.Groups[g])...)
	}
	if p.Resource != nil {
		in.ResourcePolicy = aws.String(string(p.Resource))
	}
	if s.ResourceAccount != "" {
		in.ResourceOwner = aws.String(s.ResourceAccount)
	}
	set, err := s.Set()
	if err != nil {
		return nil, false
	}
	for _, level := range p.SCP[:len(set.SCP)] { // none for whom they do not touch
		in.OrderedOrganizationPolicyInputList = append(in.OrderedOrganizationPolicyInputList, types.OrderedOrganizationPolicyType{ServiceControlPolicyInputList: texts(level)})
	}
	keys := request.Context.(policy.MapContext)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		in.ContextEntries = append(in.ContextEntries, types.ContextEntry{
			ContextKeyName: aws.String(key), ContextKeyType: types.ContextKeyTypeEnumStringList, ContextKeyValues: keys[key],
		})
	}
	return in, true
}

// The simulator answers what the engine answers that decides calls: every
// scenario that its inputs can express has the scenario's answer.
func TestSimulateScenarios(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, err := scenario.All()
	if err != nil {
		t.Fatal(err)
	}
	expressed, total := 0, 0
	for i := range all {
		s := &all[i]
		for n, request := range s.Requests {
			total++
			in, ok := simulated(s, n)
			if !ok {
				continue
			}
			expressed++
			out, err := w.service.SimulateCustomPolicy(t.Context(), w.root(), in)
			if err != nil {
				t.Errorf("%s/%s: %v", s.Name, request.Name, err)
				continue
			}
			if got := string(out.EvaluationResults[0].EvalDecision); got != request.Expect {
				t.Errorf("%s/%s: %s, want %s", s.Name, request.Name, got, request.Expect)
			}
		}
	}
	t.Logf("%d of %d requests", expressed, total)
	if expressed*2 < total {
		t.Errorf("only %d of %d requests could be expressed", expressed, total)
	}
}

const readers = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::logs/*",
     "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}},
    {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/secret"}
  ]
}`

// What a result tells beside the decision (behaviours.md 3.10).
func TestSimulateCustomPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	simulate := func(in awsiam.SimulateCustomPolicyInput) types.EvaluationResult {
		t.Helper()
		out := must(w.service.SimulateCustomPolicy(t.Context(), w.root(), &in))
		if len(out.EvaluationResults) != 1 || out.IsTruncated {
			t.Fatalf("%d results, truncated %v", len(out.EvaluationResults), out.IsTruncated)
		}
		return out.EvaluationResults[0]
	}
	red := []types.ContextEntry{{ContextKeyName: aws.String("AWS:PrincipalTag/team"), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{"red"}}}

	got := simulate(awsiam.SimulateCustomPolicyInput{
		PolicyInputList: []string{readers}, ActionNames: []string{"s3:GetObject"}, ContextEntries: red,
		ResourceArns:                       []string{"arn:aws:s3:::logs/a", "arn:aws:s3:::logs/secret", "arn:aws:s3:::other/a"},
		PermissionsBoundaryPolicyInputList: []string{fullAccess},
		OrderedOrganizationPolicyInputList: []types.OrderedOrganizationPolicyType{{ServiceControlPolicyInputList: []string{fullAccess}}},
	})
	allow := types.Statement{SourcePolicyId: aws.String("PolicyInputList.1"), SourcePolicyType: "none",
		StartPosition: &types.Position{Line: 4, Column: 5}, EndPosition: &types.Position{Line: 5, Column: 70}}
	deny := types.Statement{SourcePolicyId: aws.String("PolicyInputList.1"), SourcePolicyType: "none",
		StartPosition: &types.Position{Line: 6, Column: 5}, EndPosition: &types.Position{Line: 6, Column: 81}}
	within := &types.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: true}
	specific := func(resource string, d types.PolicyEvaluationDecisionType, matched ...types.Statement) types.ResourceSpecificResult {
		return types.ResourceSpecificResult{EvalResourceName: aws.String(resource), EvalResourceDecision: d,
			MatchedStatements: append([]types.Statement{}, matched...), MissingContextValues: []string{}, PermissionsBoundaryDecisionDetail: within}
	}
	same(t, "three resources", got, types.EvaluationResult{
		EvalActionName: aws.String("s3:GetObject"), EvalResourceName: aws.String("*"), EvalDecision: "explicitDeny",
		MatchedStatements: []types.Statement{deny}, MissingContextValues: []string{},
		OrganizationsDecisionDetail:       &types.OrganizationsDecisionDetail{AllowedByOrganizations: true},
		PermissionsBoundaryDecisionDetail: within,
		ResourceSpecificResults: []types.ResourceSpecificResult{
			specific("arn:aws:s3:::logs/a", "allowed", allow), specific("arn:aws:s3:::logs/secret", "explicitDeny", deny), specific("arn:aws:s3:::other/a", "implicitDeny"),
		},
	})

	// Without a resource results are not told apart, and a key that nobody gave is named.
	got = simulate(awsiam.SimulateCustomPolicyInput{PolicyInputList: []string{readers}, ActionNames: []string{"s3:GetObject"}})
	same(t, "no resource", got, types.EvaluationResult{
		EvalActionName: aws.String("s3:GetObject"), EvalResourceName: aws.String("*"), EvalDecision: "implicitDeny",
		MatchedStatements: []types.Statement{}, MissingContextValues: []string{"aws:PrincipalTag/team"},
	})

	// The boundary and the organization are each told of.
	none := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}`
	got = simulate(awsiam.SimulateCustomPolicyInput{
		PolicyInputList: []string{fullAccess}, ActionNames: []string{"s3:GetObject"}, PermissionsBoundaryPolicyInputList: []string{none},
		OrderedOrganizationPolicyInputList: []types.OrderedOrganizationPolicyType{{ServiceControlPolicyInputList: []string{fullAccess}}, {ServiceControlPolicyInputList: []string{none}}},
	})
	if got.EvalDecision != "implicitDeny" || got.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary || got.OrganizationsDecisionDetail.AllowedByOrganizations {
		t.Errorf("boundary and organization: %+v", got)
	}

	// Across accounts each side is told of.
	got = simulate(awsiam.SimulateCustomPolicyInput{
		PolicyInputList: []string{fullAccess}, ActionNames: []string{"s3:GetObject"}, ResourceArns: []string{"arn:aws:s3:::theirs/a"},
		CallerArn: aws.String("arn:aws:iam::" + acct + ":user/bob"), ResourceOwner: aws.String("arn:aws:iam::" + otherAcct + ":root"),
		ResourcePolicy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::` + acct + `:user/bob"},"Action":"s3:*","Resource":"*"}]}`),
	})
	want := map[string]types.PolicyEvaluationDecisionType{"IAM Policy": "allowed", "Resource Policy": "explicitDeny"}
	if !maps.Equal(got.EvalDecisionDetails, want) || got.EvalDecision != "explicitDeny" || string(got.MatchedStatements[0].SourcePolicyType) != "resource" {
		t.Errorf("across accounts: %+v", got)
	}
}

// same compares what two values are as JSON, where pointers do not matter.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	a, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Errorf("%s:\n got %s\nwant %s", what, a, b)
	}
}

func TestSimulateInvalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	entry := func(kind types.ContextKeyTypeEnum, values ...string) []types.ContextEntry {
		return []types.ContextEntry{{ContextKeyName: aws.String("k:x"), ContextKeyType: kind, ContextKeyValues: values}}
	}
	for _, c := range []struct {
		name    string
		change  func(*awsiam.SimulateCustomPolicyInput)
		message string
	}{
		{"document", func(in *awsiam.SimulateCustomPolicyInput) { in.PolicyInputList = []string{"{"} }, "Syntax errors in policy."},
		{"wildcard", func(in *awsiam.SimulateCustomPolicyInput) { in.ActionNames = []string{"s3:Get*"} },
			"Invalid action name: s3:Get*. It must be a service prefix and an operation, without wildcards."},
		{"no service", func(in *awsiam.SimulateCustomPolicyInput) { in.ActionNames = []string{"GetObject"} },
			"Invalid action name: GetObject. It must be a service prefix and an operation, without wildcards."},
		{"boundaries", func(in *awsiam.SimulateCustomPolicyInput) {
			in.PermissionsBoundaryPolicyInputList = []string{fullAccess, fullAccess}
		},
			"Only one permissions boundary policy can be given."},
		{"resource", func(in *awsiam.SimulateCustomPolicyInput) { in.ResourceArns = []string{"logs"} }, "ResourceNames are not in a valid ARN format: logs."},
		{"nobody", func(in *awsiam.SimulateCustomPolicyInput) { in.ResourcePolicy = aws.String(fullAccess) }, "CallerArn is required when a ResourcePolicy is given."},
		{"session", func(in *awsiam.SimulateCustomPolicyInput) {
			in.CallerArn = aws.String("arn:aws:sts::111122223333:assumed-role/A/b")
		}, "Invalid Entity Arn: arn:aws:sts::111122223333:assumed-role/A/b does not clearly define entity type and name."},
		{"owner", func(in *awsiam.SimulateCustomPolicyInput) { in.ResourceOwner = aws.String("me") }, "Invalid resource owner: me."},
		{"handling", func(in *awsiam.SimulateCustomPolicyInput) { in.ResourceHandlingOption = aws.String("EC2-Classic-EBS") },
			"Invalid resource handling option: EC2-Classic-EBS."},
		{"handling's resources", func(in *awsiam.SimulateCustomPolicyInput) {
			in.ResourceHandlingOption = aws.String("EC2-VPC-EBS")
			in.ResourceArns = []string{"arn:aws:ec2:eu-west-1:111122223333:instance/*"}
		}, "Resource handling option EC2-VPC-EBS requires a resource of the type image."},
		{"two values", func(in *awsiam.SimulateCustomPolicyInput) { in.ContextEntries = entry("string", "a", "b") },
			"The context key k:x of the type string must have one value."},
		{"number", func(in *awsiam.SimulateCustomPolicyInput) { in.ContextEntries = entry("numericList", "1", "a") },
			"Invalid value of the context key k:x: a is not of the type numeric."},
		{"boolean", func(in *awsiam.SimulateCustomPolicyInput) { in.ContextEntries = entry("boolean", "yes") },
			"Invalid value of the context key k:x: yes is not of the type boolean."},
		{"address", func(in *awsiam.SimulateCustomPolicyInput) { in.ContextEntries = entry("ip", "192.0.2.256") },
			"Invalid value of the context key k:x: 192.0.2.256 is not of the type ip."},
		{"date", func(in *awsiam.SimulateCustomPolicyInput) { in.ContextEntries = entry("date", "tomorrow") },
			"Invalid value of the context key k:x: tomorrow is not of the type date."},
		{"binary", func(in *awsiam.SimulateCustomPolicyInput) { in.ContextEntries = entry("binary", "?") },
			"Invalid value of the context key k:x: ? is not of the type binary."},
		{"twice", func(in *awsiam.SimulateCustomPolicyInput) {
			in.ContextEntries = append(entry("string", "a"), entry("string", "b")...)
		}, "Each context entry must have a key name of its own and a type."},
		{"too large", func(in *awsiam.SimulateCustomPolicyInput) {
			in.ResourceArns = slices.Repeat([]string{"arn:aws:s3:::x"}, 200_001)
		}, "The simulation is too large: use fewer or simpler statements, context values or resources in one call."},
	} {
		in := &awsiam.SimulateCustomPolicyInput{PolicyInputList: []string{fullAccess}, ActionNames: []string{"s3:GetObject"}}
		c.change(in)
		_, err := w.service.SimulateCustomPolicy(t.Context(), w.root(), in)
		w.expect(c.name, err, "InvalidInput", c.message)
	}
}

// Results come in pages, in the order of the actions.
func TestSimulatePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actions := []string{"s3:GetObject", "ec2:RunInstances", "s3:GetObject"}
	got := listed(w, func(marker *string, most *int32) ([]string, bool, *string, error) {
		out, err := w.service.SimulateCustomPolicy(t.Context(), w.root(), &awsiam.SimulateCustomPolicyInput{
			PolicyInputList: []string{fullAccess}, ActionNames: actions, Marker: marker, MaxItems: most,
		})
		if err != nil {
			return nil, false, nil, err
		}
		var names []string
		for _, r := range out.EvaluationResults {
			names = append(names, *r.EvalActionName)
		}
		return names, out.IsTruncated, out.Marker, nil
	})
	same(t, "actions", got, actions)

	// A page that would take too long ends sooner than was asked for.
	out := must(w.service.SimulateCustomPolicy(t.Context(), w.root(), &awsiam.SimulateCustomPolicyInput{
		PolicyInputList: []string{fullAccess}, ActionNames: actions, ResourceArns: slices.Repeat([]string{"arn:aws:s3:::x"}, 20_000),
	}))
	if len(out.EvaluationResults) != 2 || !out.IsTruncated {
		t.Errorf("%d results, truncated %v; want 2 of 3", len(out.EvaluationResults), out.IsTruncated)
	}
	_, err := w.service.SimulateCustomPolicy(t.Context(), w.root(), &awsiam.SimulateCustomPolicyInput{
		PolicyInputList: []string{fullAccess}, ActionNames: actions, Marker: aws.String("MTQ"), // version 1, place 4 of 3
	})
	w.expect("marker", err, "ValidationError", "Invalid Marker.")
}

const (
	denySecrets = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::logs/secret"}]}`
	ownHome     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"}]}`
	getObjects  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
)

// What an identity has decides, with what is added, excluded and put in its place.
func TestSimulatePrincipalPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob, team := w.user("Bob"), w.group("team", "Bob")
	role := w.role("Reader")
	const boundary = "arn:aws:iam::" + acct + ":policy/boundary"
	w.update(func(tx store.Tx) error {
		for _, p := range []iam.InlinePolicy{{Owner: bob.ID, Name: "home", Document: ownHome}, {Owner: team.ID, Name: "secrets", Document: denySecrets}} {
			if err := tx.PutInlinePolicy(p); err != nil {
				return err
			}
		}
		if _, err := iam.CreatePolicy(tx, start, acct, iam.NewPolicy{Path: "/", Name: "boundary", Document: getObjects}); err != nil {
			return err
		}
		for owner, kind := range map[string]iam.Kind{team.ID: iam.GroupKind, role.ID: iam.RoleKind} {
			if err := tx.Attach(iam.Attachment{Owner: owner, OwnerKind: kind, Account: acct, PolicyARN: "arn:aws:iam::aws:policy/AdministratorAccess", AttachedAt: start}); err != nil {
				return err
			}
		}
		role.Boundary = boundary
		return tx.PutRole(role)
	})
	decide := func(source, action, resource string, change func(*awsiam.SimulatePrincipalPolicyInput)) (string, string) {
		t.Helper()
		in := &awsiam.SimulatePrincipalPolicyInput{PolicySourceArn: &source, ActionNames: []string{action}, ResourceArns: []string{resource}}
		if change != nil {
			change(in)
		}
		r := must(w.service.SimulatePrincipalPolicy(t.Context(), w.root(), in)).EvaluationResults[0]
		var by []string
		for _, s := range r.MatchedStatements {
			by = append(by, string(s.SourcePolicyType)+"/"+*s.SourcePolicyId)
		}
		return string(r.EvalDecision), strings.Join(by, " ")
	}
	without := func(ids ...types.PolicyIdentifier) func(*awsiam.SimulatePrincipalPolicyInput) {
		return func(in *awsiam.SimulatePrincipalPolicyInput) { in.PolicyExclusionList = ids }
	}
	inline := func(name, holder string) types.PolicyIdentifier {
		return &types.PolicyIdentifierMemberInlinePolicyIdentifier{Value: types.InlinePolicyIdentifierType{
			PolicyName: &name, AttachmentName: &holder, AttachmentType: types.AttachmentTypeGroup,
		}}
	}
	const home, secret = "arn:aws:s3:::home/Bob/x", "arn:aws:s3:::logs/secret"
	for _, c := range []struct {
		name, source, action, resource string
		change                         func(*awsiam.SimulatePrincipalPolicyInput)
		decision, by                   string
	}{
		{"own and the group's", bob.ARN(), "s3:PutObject", home, nil, "allowed", "user/home aws-managed/AdministratorAccess"},
		{"denied by the group's", bob.ARN(), "s3:GetObject", secret, nil, "explicitDeny", "group/secrets"},
		{"without the deny", bob.ARN(), "s3:GetObject", secret, without(inline("SECRETS", "te?m")), "allowed", "aws-managed/AdministratorAccess"},
		{"without another's", bob.ARN(), "s3:GetObject", secret, without(inline("secrets", "x*")), "explicitDeny", "group/secrets"},
		{"without inline ones", bob.ARN(), "s3:PutObject", home, without(&types.PolicyIdentifierMemberPolicyType{Value: "inline"}), "allowed", "aws-managed/AdministratorAccess"},
		{"without AWS's", bob.ARN(), "s3:PutObject", home, without(&types.PolicyIdentifierMemberPolicyType{Value: "aws-managed"}), "allowed", "user/home"},
		{"without a managed one", bob.ARN(), "ec2:RunInstances", "*", without(&types.PolicyIdentifierMemberPolicyArn{Value: "arn:aws:iam::aws:policy/Admin*Access"}), "implicitDeny", ""},
		{"another caller", bob.ARN(), "s3:PutObject", home, func(in *awsiam.SimulatePrincipalPolicyInput) {
			in.CallerArn = aws.String("arn:aws:iam::" + acct + ":user/Carol")
			in.PolicyExclusionList = []types.PolicyIdentifier{&types.PolicyIdentifierMemberPolicyType{Value: "aws-managed"}}
		}, "implicitDeny", ""},
		{"added", bob.ARN(), "s3:GetObject", "*", func(in *awsiam.SimulatePrincipalPolicyInput) {
			in.PolicyInputList = []string{getObjects}
		}, "allowed", "aws-managed/AdministratorAccess none/PolicyInputList.1"},
		{"group", team.ARN(), "s3:GetObject", secret, nil, "explicitDeny", "group/secrets"},
		{"group without its users'", team.ARN(), "s3:PutObject", home, nil, "allowed", "aws-managed/AdministratorAccess"},
		{"boundary allows", role.ARN(), "s3:GetObject", home, nil, "allowed", "aws-managed/AdministratorAccess"},
		{"boundary does not", role.ARN(), "s3:PutObject", home, nil, "implicitDeny", ""},
		{"without the boundary", role.ARN(), "s3:PutObject", home, without(&types.PolicyIdentifierMemberPolicyType{Value: "permission-boundary"}), "allowed", "aws-managed/AdministratorAccess"},
		{"another boundary", role.ARN(), "s3:GetObject", home, func(in *awsiam.SimulatePrincipalPolicyInput) {
			in.PermissionsBoundaryPolicyInputList = []string{denySecrets}
		}, "implicitDeny", ""},
	} {
		if decision, by := decide(c.source, c.action, c.resource, c.change); decision != c.decision || by != c.by {
			t.Errorf("%s: %s by %q, want %s by %q", c.name, decision, by, c.decision, c.by)
		}
	}

	for source, want := range map[string]string{
		"arn:aws:iam::" + acct + ":root":          "InvalidInput Invalid Entity Arn: arn:aws:iam::" + acct + ":root does not clearly define entity type and name.",
		"arn:aws:iam::" + acct + ":user/nobody":   "NoSuchEntity The user with name nobody cannot be found.",
		"arn:aws:iam::" + acct + ":user/else/Bob": "NoSuchEntity The entity arn:aws:iam::" + acct + ":user/else/Bob cannot be found.",
		"arn:aws:iam::" + otherAcct + ":user/Bob": "NoSuchEntity The entity arn:aws:iam::" + otherAcct + ":user/Bob cannot be found.",
	} {
		_, err := w.service.SimulatePrincipalPolicy(t.Context(), w.root(), &awsiam.SimulatePrincipalPolicyInput{PolicySourceArn: &source, ActionNames: []string{"s3:GetObject"}})
		code, message, _ := strings.Cut(want, " ")
		w.expect(source, err, code, message)
	}
	for _, id := range []types.PolicyIdentifier{
		&types.PolicyIdentifierMemberPolicyArn{Value: "arn:aws:iam::*:policy/x"}, &types.PolicyIdentifierMemberPolicyArn{Value: "arn:aws:iam::aws:policy/*x*"},
	} {
		source := bob.ARN()
		_, err := w.service.SimulatePrincipalPolicy(t.Context(), w.root(), &awsiam.SimulatePrincipalPolicyInput{
			PolicySourceArn: &source, ActionNames: []string{"s3:GetObject"}, PolicyExclusionList: []types.PolicyIdentifier{id},
		})
		w.expect("exclusion", err, "InvalidInput", "Invalid policy identifier: "+id.(*types.PolicyIdentifierMemberPolicyArn).Value+".")
	}
}

// A member account's service control policies decide too; those of the
// management account do not exist (behaviours.md 3.6).
func TestSimulateOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name := "Bob"
	for _, c := range []struct{ account, arn string }{{acct, "arn:aws:iam::" + acct + ":user/Bob"}, {otherAcct, "arn:aws:iam::" + otherAcct + ":user/Bob"}} {
		must(w.service.CreateUser(t.Context(), w.call(rootOf(c.account)), &awsiam.CreateUserInput{UserName: &name}))
	}
	w.update(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Attach(tx, o, org.Policy{ID: "p-secrets1", Type: org.ServiceControl, Name: "secrets", Document: denySecrets}, "/")
	})
	for account, want := range map[string]string{acct: `"allowed" null`, otherAcct: `"explicitDeny" {"AllowedByOrganizations":false}`} {
		source := "arn:aws:iam::" + account + ":user/Bob"
		r := must(w.service.SimulatePrincipalPolicy(t.Context(), w.call(rootOf(account)), &awsiam.SimulatePrincipalPolicyInput{
			PolicySourceArn: &source, ActionNames: []string{"s3:GetObject"}, ResourceArns: []string{"arn:aws:s3:::logs/secret"}, PolicyInputList: []string{fullAccess},
		})).EvaluationResults[0]
		decision, _ := json.Marshal(r.EvalDecision)
		detail, _ := json.Marshal(r.OrganizationsDecisionDetail)
		if got := string(decision) + " " + string(detail); got != want || len(r.MatchedStatements) != map[string]int{acct: 1, otherAcct: 0}[account] {
			t.Errorf("%s: %s with %d statements, want %s", account, got, len(r.MatchedStatements), want)
		}
	}
}

func TestContextKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob, team := w.user("Bob"), w.group("team", "Bob")
	w.update(func(tx store.Tx) error {
		if err := tx.PutInlinePolicy(iam.InlinePolicy{Owner: bob.ID, Name: "home", Document: ownHome}); err != nil {
			return err
		}
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: team.ID, Name: "readers", Document: readers})
	})
	custom := must(w.service.GetContextKeysForCustomPolicy(t.Context(), w.root(), &awsiam.GetContextKeysForCustomPolicyInput{PolicyInputList: []string{readers, ownHome, readers}}))
	same(t, "custom", custom.ContextKeyNames, []string{"aws:PrincipalTag/team", "aws:username"})
	_, err := w.service.GetContextKeysForCustomPolicy(t.Context(), w.root(), &awsiam.GetContextKeysForCustomPolicyInput{PolicyInputList: []string{"x"}})
	w.expect("custom", err, "InvalidInput", "Syntax errors in policy.")
	for source, want := range map[string][]string{bob.ARN(): {"aws:CurrentTime", "aws:PrincipalTag/team", "aws:username"}, team.ARN(): {"aws:CurrentTime", "aws:PrincipalTag/team"}} {
		got := must(w.service.GetContextKeysForPrincipalPolicy(t.Context(), w.root(), &awsiam.GetContextKeysForPrincipalPolicyInput{
			PolicySourceArn: &source, PolicyInputList: []string{`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}]}`},
		}))
		same(t, source, got.ContextKeyNames, want)
	}
}
