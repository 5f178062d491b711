package organizations_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/org"
	"sekisho/internal/store"
)

const (
	scp = types.PolicyTypeServiceControlPolicy
	rcp = types.PolicyTypeResourceControlPolicy
	tag = types.PolicyTypeTagPolicy

	noQueues = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sqs:*","Resource":"*"}]}`
	costs    = `{"tags":{"cost":{"tag_key":{"@@assign":"Cost"},"tag_value":{"@@assign":["1"]}}}}`
)

// A service control policy counts from the next call on, wherever it is attached
// above the account: on root users and IAM users, and not in the management
// account (behaviours.md 3.6, 9.6).
func TestServiceControlPolicyAtOnce(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	bob := r.user(prod, "bob", statement(`"Effect":"Allow","Action":"*","Resource":"*"`))
	id := r.create(scp, "NoQueues", noQueues)
	expect := func(what string, want map[string]bool) {
		t.Helper()
		for who, p := range map[string]struct{ may bool }{
			"chief": {r.may(root(chief), "sqs:SendMessage")}, "prod": {r.may(root(prod), "sqs:SendMessage")},
			"bob": {r.may(bob, "sqs:SendMessage")}, "dev": {r.may(root(dev), "sqs:SendMessage")},
		} {
			if p.may != want[who] {
				t.Errorf("%s: %s may: %v", what, who, p.may)
			}
		}
	}
	all := map[string]bool{"chief": true, "prod": true, "bob": true, "dev": true}
	expect("before", all)
	for target, want := range map[string]map[string]bool{
		r.org.Root: {"chief": true},
		r.workload: {"chief": true},
		r.leaf:     {"chief": true, "dev": true},
		prod:       {"chief": true, "dev": true},
		chief:      all,
	} {
		r.expect("attaching", r.attach(root(chief), id, target), "")
		expect("on "+target, want)
		r.expect("detaching", r.detach(root(chief), id, target), "")
		expect("off "+target, all)
	}
	// Without an allow on one level nothing is left, and what is put in its place counts.
	only := r.create(scp, "OnlyStorage", statement(`"Effect":"Allow","Action":"s3:*","Resource":"*"`))
	r.expect("attaching", r.attach(root(chief), only, r.leaf), "")
	r.expect("detaching AWS's", r.detach(root(chief), org.FullAWSAccess.ID, r.leaf), "")
	if r.may(bob, "sqs:SendMessage") || !r.may(bob, "s3:GetObject") || r.may(root(prod), "sqs:SendMessage") || !r.may(root(dev), "sqs:SendMessage") {
		t.Error("a list of what is allowed")
	}
	in := &awsorg.UpdatePolicyInput{PolicyId: &only, Content: aws.String(statement(`"Effect":"Allow","Action":"sqs:*","Resource":"*"`))}
	_ = must[awsorg.UpdatePolicyOutput](t)(ask(r, root(chief), "UpdatePolicy", r.service.UpdatePolicy, in))
	if !r.may(bob, "sqs:SendMessage") || r.may(bob, "s3:GetObject") {
		t.Error("after the update")
	}
	r.expect("the last one", r.detach(root(chief), only, r.leaf), "ConstraintViolation MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
	r.expect("disabling", r.disable(scp), "")
	if !r.may(bob, "s3:GetObject") || len(r.on(r.leaf)) != 0 {
		t.Error("disabling detaches all")
	}
	r.expect("enabling", r.enable(scp), "")
	for _, target := range []string{r.org.Root, r.workload, r.leaf, prod, dev, chief} {
		if got := r.on(target); !slices.Equal(got, []string{org.FullAWSAccess.ID}) {
			t.Errorf("on %s after enabling: %v", target, got)
		}
	}
}

// Refusals have AWS's exceptions and reasons (behaviours.md 9.6).
func TestPolicyRefusals(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	create := func(kind types.PolicyType, name, document string) error {
		_, err := ask(r, root(chief), "CreatePolicy", r.service.CreatePolicy, &awsorg.CreatePolicyInput{Type: kind, Name: &name, Description: aws.String(""), Content: &document})
		return err
	}
	update := func(id string, in awsorg.UpdatePolicyInput) error {
		in.PolicyId = &id
		_, err := ask(r, root(chief), "UpdatePolicy", r.service.UpdatePolicy, &in)
		return err
	}
	remove := func(id string) error {
		_, err := ask(r, root(chief), "DeletePolicy", r.service.DeletePolicy, &awsorg.DeletePolicyInput{PolicyId: &id})
		return err
	}
	id := r.create(scp, "A", noQueues)
	other := r.create(scp, "B", noQueues)
	r.expect("twice", create(scp, "A", noQueues), "DuplicatePolicy")
	r.expect("called as AWS's own", create(scp, "FullAWSAccess", noQueues), "DuplicatePolicy")
	r.expect("of another type", create(tag, "A", costs), "")
	r.expect("malformed", create(scp, "C", `{"Version":"2012-10-17"}`), "MalformedPolicyDocument")
	r.expect("malformed RCP", create(rcp, "C", statement(`"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"`)), "MalformedPolicyDocument")
	r.expect("of another type's syntax", create(tag, "C", noQueues), "MalformedPolicyDocument")
	r.expect("too long", create(scp, "C", noQueues+strings.Repeat(" ", 5120)), "ConstraintViolation POLICY_CONTENT_LIMIT_EXCEEDED")
	r.expect("renamed to a taken one", update(other, awsorg.UpdatePolicyInput{Name: aws.String("A")}), "DuplicatePolicy")
	r.expect("renamed to AWS's own", update(other, awsorg.UpdatePolicyInput{Name: aws.String("FullAWSAccess")}), "DuplicatePolicy")
	r.expect("renamed to itself", update(other, awsorg.UpdatePolicyInput{Name: aws.String("B")}), "")
	r.expect("updated to nonsense", update(id, awsorg.UpdatePolicyInput{Content: aws.String("{}")}), "MalformedPolicyDocument")
	r.expect("AWS's updated", update(org.FullAWSAccess.ID, awsorg.UpdatePolicyInput{Name: aws.String("x")}), "InvalidInput IMMUTABLE_POLICY")
	r.expect("AWS's deleted", remove(org.RCPFullAWSAccess.ID), "InvalidInput IMMUTABLE_POLICY")
	r.expect("none updated", update("p-00000000", awsorg.UpdatePolicyInput{}), "PolicyNotFound")
	r.expect("none deleted", remove("p-00000000"), "PolicyNotFound")

	r.expect("attached", r.attach(root(chief), id, r.leaf), "")
	r.expect("attached twice", r.attach(root(chief), id, r.leaf), "DuplicatePolicyAttachment")
	r.expect("to nothing", r.attach(root(chief), id, "ou-exam-00000000"), "TargetNotFound")
	r.expect("to another root", r.attach(root(chief), id, "r-none"), "TargetNotFound")
	r.expect("to one outside", r.attach(root(chief), id, outsider), "TargetNotFound")
	r.expect("none attached", r.attach(root(chief), "p-00000000", prod), "PolicyNotFound")
	r.expect("in use", remove(id), "PolicyInUse")
	r.expect("detached from elsewhere", r.detach(root(chief), id, prod), "PolicyNotAttached")
	r.expect("AWS's RCP", r.detach(root(chief), org.RCPFullAWSAccess.ID, prod), "InvalidInput NON_DETACHABLE_POLICY")
	for i := range 3 { // with AWS's and the first, five
		r.expect("attaching", r.attach(root(chief), r.create(scp, fmt.Sprint(i), noQueues), r.leaf), "")
	}
	r.expect("a sixth", r.attach(root(chief), other, r.leaf), "ConstraintViolation MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
	r.expect("detached", r.detach(root(chief), id, r.leaf), "")
	r.expect("deleted", remove(id), "")

	tags := r.create(tag, "Costs", costs)
	r.expect("of a type that is not enabled", r.attach(root(chief), tags, prod), "PolicyTypeNotEnabled")
	r.expect("enabled twice", r.enable(scp), "PolicyTypeAlreadyEnabled")
	r.expect("disabled, never enabled", r.disable(tag), "PolicyTypeNotEnabled")
	r.expect("needs a trusted service", r.enable(types.PolicyTypeSecurityhubPolicy), "ConstraintViolation SERVICE_ACCESS_NOT_ENABLED")
	_, err := ask(r, root(chief), "EnablePolicyType", r.service.EnablePolicyType, &awsorg.EnablePolicyTypeInput{RootId: aws.String("r-none"), PolicyType: tag})
	r.expect("another root", err, "RootNotFound")
	r.update(func(tx store.Tx) error {
		o := r.org
		o.Features, o.PolicyTypes = org.ConsolidatedBilling, nil
		return tx.PutOrganization(o)
	})
	r.expect("consolidated billing", create(scp, "D", noQueues), "PolicyTypeNotAvailableForOrganization")
	r.expect("consolidated billing", r.enable(scp), "PolicyTypeNotAvailableForOrganization")
}

// Lists come page by page, AWS's own policy first, and nothing comes twice.
func TestPolicyLists(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	names := []string{"FullAWSAccess"}
	var last string
	for i := range 5 {
		names = append(names, fmt.Sprintf("P%d", i))
		last = r.create(scp, names[i+1], noQueues)
	}
	for most := range int32(8) {
		var got []string
		for token := (*string)(nil); ; {
			in := &awsorg.ListPoliciesInput{Filter: scp, NextToken: token}
			if most > 0 {
				in.MaxResults = aws.Int32(most)
			}
			out := must[awsorg.ListPoliciesOutput](t)(ask(r, root(chief), "ListPolicies", r.service.ListPolicies, in))
			if most > 0 && len(out.Policies) > int(most) {
				t.Errorf("%d of %d asked for", len(out.Policies), most)
			}
			for _, p := range out.Policies {
				got = append(got, *p.Name)
			}
			if token = out.NextToken; token == nil {
				break
			}
		}
		if !slices.Equal(got, names) {
			t.Errorf("by %d: %v", most, got)
		}
	}
	for _, target := range []string{r.org.Root, r.leaf, prod} {
		r.expect("attaching", r.attach(root(chief), last, target), "")
	}
	out := must[awsorg.ListTargetsForPolicyOutput](t)(ask(r, root(chief), "ListTargetsForPolicy", r.service.ListTargetsForPolicy, &awsorg.ListTargetsForPolicyInput{PolicyId: &last}))
	arns := "arn:aws:organizations::" + chief + ":"
	want := []types.PolicyTargetSummary{
		{TargetId: aws.String(prod), Name: aws.String("Account " + prod), Type: types.TargetTypeAccount, Arn: aws.String(arns + "account/" + r.org.ID + "/" + prod)},
		{TargetId: &r.leaf, Name: aws.String("Prod"), Type: types.TargetTypeOrganizationalUnit, Arn: aws.String(arns + "ou/" + r.org.ID + "/" + r.leaf)},
		{TargetId: &r.org.Root, Name: aws.String("Root"), Type: types.TargetTypeRoot, Arn: aws.String(arns + "root/" + r.org.ID + "/" + r.org.Root)},
	}
	if !reflect.DeepEqual(out.Targets, want) {
		t.Errorf("%+v", out.Targets)
	}
	described := must[awsorg.DescribePolicyOutput](t)(ask(r, root(chief), "DescribePolicy", r.service.DescribePolicy, &awsorg.DescribePolicyInput{PolicyId: aws.String(org.FullAWSAccess.ID)}))
	if s := described.Policy.PolicySummary; !s.AwsManaged || *s.Arn != "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess" || *described.Policy.Content != org.FullAWSAccess.Document {
		t.Errorf("%+v", described.Policy)
	}
	_, err := ask(r, root(chief), "ListPolicies", r.service.ListPolicies, &awsorg.ListPoliciesInput{Filter: scp, NextToken: aws.String("!")})
	r.expect("a token that is none", err, "InvalidInput INVALID_NEXT_TOKEN")
}

// Management policies come to an effective one for each account, which the account
// itself may ask for, and others of the organization only by its administrators.
func TestEffectivePolicies(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	describe := func(by, id string) (*types.EffectivePolicy, error) {
		in := &awsorg.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy}
		if id != "" {
			in.TargetId = &id
		}
		out, err := ask(r, root(by), "DescribeEffectivePolicy", r.service.DescribeEffectivePolicy, in)
		if err != nil {
			return nil, err
		}
		return out.EffectivePolicy, nil
	}
	_, err := describe(prod, "")
	r.expect("not enabled", err, "EffectivePolicyNotFound")
	r.expect("enabling", r.enable(tag), "")
	_, err = describe(prod, "")
	r.expect("nothing attached", err, "EffectivePolicyNotFound")
	r.expect("attaching", r.attach(root(chief), r.create(tag, "Costs", costs), r.org.Root), "")
	r.clock.Advance(time.Hour)
	more := r.create(tag, "More", `{"tags":{"cost":{"tag_value":{"@@append":["2"]}}}}`)
	r.expect("attaching", r.attach(root(chief), more, r.leaf), "")
	for _, c := range []struct{ by, id, about, want string }{
		{prod, "", prod, `["1","2"]`}, {prod, prod, prod, `["1","2"]`}, {chief, prod, prod, `["1","2"]`}, {chief, dev, dev, `["1"]`}, {chief, "", chief, `["1"]`},
	} {
		e, err := describe(c.by, c.id)
		r.expect("describing", err, "")
		want := `{"tags":{"cost":{"tag_key":"Cost","tag_value":` + c.want + `}}}`
		updated := began
		if c.about == prod {
			updated = began.Add(time.Hour)
		}
		if err == nil && (*e.PolicyContent != want || *e.TargetId != c.about || !e.LastUpdatedTimestamp.Equal(updated)) {
			t.Errorf("%s about %s: %s, %s, %s", c.by, c.id, *e.PolicyContent, *e.TargetId, e.LastUpdatedTimestamp)
		}
	}
	_, err = describe(dev, prod)
	r.expect("by another member", err, "AccessDenied")
	_, err = describe(chief, r.leaf)
	r.expect("of a unit", err, "InvalidInput TARGET_NOT_SUPPORTED")
	_, err = describe(chief, outsider)
	r.expect("of an outsider", err, "TargetNotFound")
	_, err = describe(outsider, "")
	r.expect("by an outsider", err, "AWSOrganizationsNotInUse")
}

// Accounts whose backup policies come to nothing that works are told, with why.
func TestInvalidEffectivePolicies(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	backup := types.PolicyTypeBackupPolicy
	invalid := func() (ids []string, err error) {
		out, err := ask(r, root(chief), "ListAccountsWithInvalidEffectivePolicy", r.service.ListAccountsWithInvalidEffectivePolicy,
			&awsorg.ListAccountsWithInvalidEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeBackupPolicy})
		if err != nil {
			return nil, err
		}
		for _, a := range out.Accounts {
			ids = append(ids, *a.Id)
		}
		return ids, nil
	}
	_, err := invalid()
	r.expect("not enabled", err, "EffectivePolicyNotFound")
	r.expect("enabling", r.enable(backup), "")
	id := r.create(backup, "Half", `{"plans":{"p":{"regions":{"@@assign":["us-east-1"]}}}}`)
	r.expect("attaching", r.attach(root(chief), id, r.workload), "")
	ids, err := invalid()
	if err != nil || !slices.Equal(ids, []string{prod, dev}) {
		t.Errorf("%v, %v", ids, err)
	}
	var paths []string
	for token := (*string)(nil); ; {
		out := must[awsorg.ListEffectivePolicyValidationErrorsOutput](t)(ask(r, root(chief), "ListEffectivePolicyValidationErrors", r.service.ListEffectivePolicyValidationErrors,
			&awsorg.ListEffectivePolicyValidationErrorsInput{AccountId: aws.String(prod), PolicyType: types.EffectivePolicyTypeBackupPolicy, MaxResults: aws.Int32(1), NextToken: token}))
		for _, e := range out.EffectivePolicyValidationErrors {
			paths = append(paths, *e.PathToError)
			if *e.ErrorCode != "REQUIRED_KEY_MISSING" || !slices.Equal(e.ContributingPolicies, []string{id}) {
				t.Errorf("%+v", e)
			}
		}
		if want := r.org.ID + "/" + r.org.Root + "/" + r.workload + "/" + r.leaf + "/" + prod + "/"; *out.Path != want {
			t.Errorf("path %s", *out.Path)
		}
		if token = out.NextToken; token == nil {
			break
		}
	}
	if !slices.Equal(paths, []string{"plans/p/rules", "plans/p/selections"}) {
		t.Errorf("errors at %v", paths)
	}
}

// Whatever the fields of a summary are called on the wire, they are there.
func TestPolicySummary(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	id := r.create(scp, "A", noQueues)
	out := must[awsorg.DescribePolicyOutput](t)(ask(r, root(chief), "DescribePolicy", r.service.DescribePolicy, &awsorg.DescribePolicyInput{PolicyId: &id}))
	got, err := json.Marshal(out.Policy.PolicySummary)
	want := fmt.Sprintf(`{"Arn":"arn:aws:organizations::%s:policy/%s/service_control_policy/%s","AwsManaged":false,"Description":"d","Id":"%[3]s","Name":"A","Type":"SERVICE_CONTROL_POLICY"}`, chief, r.org.ID, id)
	if err != nil || string(got) != want || *out.Policy.Content != noQueues {
		t.Errorf("%s, %v", got, err)
	}
}

// Two administrators who each take one of the last two policies off at once do not
// leave none.
func TestLastPolicyRaced(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	for i := range 5 {
		id := r.create(scp, fmt.Sprint(i), noQueues)
		r.expect("attaching", r.attach(root(chief), id, r.leaf), "")
		both := r.on(r.leaf)
		var done sync.WaitGroup
		for _, one := range both {
			done.Go(func() {
				if err := r.detach(root(chief), one, r.leaf); err != nil {
					r.expect("the later", err, "ConstraintViolation MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
				}
			})
		}
		done.Wait()
		if left := r.on(r.leaf); len(both) != 2 || len(left) != 1 {
			t.Fatalf("of %v, %v are left", both, left)
		}
	}
}
