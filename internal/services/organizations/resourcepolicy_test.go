package organizations_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/org"
)

func (r *realm) lend(document string, tags ...types.Tag) (*awsorg.PutResourcePolicyOutput, error) {
	r.Helper()
	return ask(r, root(chief), "PutResourcePolicy", r.service.PutResourcePolicy, &awsorg.PutResourcePolicyInput{Content: &document, Tags: tags})
}

// lent is a resource policy that lets the account call the actions, with more of
// the statement.
func lent(principal, actions string, more ...string) string {
	return statement(`"Effect":"Allow","Principal":{"AWS":%q},"Action":[%s],"Resource":"*"%s`, principal, actions, strings.Join(more, ""))
}

// The organization's resource policy lets a member in for what it says, if the
// member's own policies allow it as well, and nobody else (behaviours.md 3.7, 9.6).
func TestResourcePolicyLetsMembersIn(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	admin := r.user(prod, "admin", statement(`"Effect":"Allow","Action":"*","Resource":"*"`))
	none := r.user(prod, "none", statement(`"Effect":"Deny","Action":"s3:*","Resource":"*"`))
	create := func(p call.Principal, t types.PolicyType, document string) (string, error) {
		out, err := ask(r, p, "CreatePolicy", r.service.CreatePolicy, &awsorg.CreatePolicyInput{Type: t, Name: aws.String(p.Account), Description: aws.String(""), Content: &document})
		if err != nil {
			return "", err
		}
		return *out.Policy.PolicySummary.Id, nil
	}
	_, err := create(admin, tag, costs)
	r.expect("before", err, "AccessDenied")
	r.expect("enabling", r.enable(tag), "")

	const some = `"organizations:CreatePolicy","organizations:AttachPolicy","organizations:ListPolicies"`
	_, err = r.lend(lent(prod, some, `,"Condition":{"StringEquals":{"organizations:PolicyType":"TAG_POLICY"}}`))
	r.expect("lending", err, "")
	id, err := create(admin, tag, costs)
	r.expect("let in", err, "")
	r.expect("attaching", r.attach(admin, id, r.leaf), "")
	r.expect("listing", r.listPolicies(admin, tag), "")
	r.expect("listing by the root user", r.listPolicies(root(prod), tag), "")
	const byResource, byIdentity = "denied because no resource-based policy allows the organizations:", "denied because no identity-based policy allows the organizations:"
	_, err = create(admin, scp, noQueues)
	r.expect("another type", err, byResource+"CreatePolicy action")
	r.expect("another type listed", r.listPolicies(admin, scp), byResource+"ListPolicies action")
	r.expect("attaching another type", r.attach(admin, org.FullAWSAccess.ID, prod), byResource+"AttachPolicy action")
	r.expect("another action", r.detach(admin, id, r.leaf), byResource+"DetachPolicy action")
	_, err = create(none, tag, costs)
	r.expect("without a policy of its own", err, byIdentity+"CreatePolicy action")
	r.expect("another member", r.listPolicies(root(dev), tag), "AccessDenied")
	r.expect("an outsider", r.listPolicies(root(outsider), tag), "AWSOrganizationsNotInUse")
	r.expect("the management account", r.listPolicies(root(chief), scp), "")
	_, err = ask(r, admin, "DeleteResourcePolicy", r.service.DeleteResourcePolicy, &awsorg.DeleteResourcePolicyInput{})
	r.expect("what cannot be lent", err, "AccessDenied")
	_, err = ask(r, admin, "EnableAWSServiceAccess", r.service.EnableAWSServiceAccess, &awsorg.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("ram.amazonaws.com")})
	r.expect("what cannot be lent", err, "AccessDenied")

	// What an account may ask about itself, it may ask whatever the policy says.
	_, err = ask(r, admin, "DescribeEffectivePolicy", r.service.DescribeEffectivePolicy, &awsorg.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy})
	r.expect("its own effective policy", err, "")
	_, err = ask(r, admin, "DescribeEffectivePolicy", r.service.DescribeEffectivePolicy, &awsorg.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy, TargetId: aws.String(dev)})
	r.expect("another's", err, byResource+"DescribeEffectivePolicy action")

	// A principal of the member alone, and a part of the tree.
	_, err = r.lend(lent(admin.ARN, some+`,"organizations:DetachPolicy"`))
	r.expect("lending to one", err, "")
	r.expect("the one", r.listPolicies(admin, scp), "")
	r.expect("the root user", r.listPolicies(root(prod), scp), byResource+"ListPolicies action")
	unit := "arn:aws:organizations::" + chief + ":ou/" + r.org.ID + "/" + r.leaf
	policies := "arn:aws:organizations::" + chief + ":policy/" + r.org.ID + "/tag_policy/*"
	_, err = r.lend(statement(`"Effect":"Allow","Principal":{"AWS":%q},"Action":["organizations:AttachPolicy","organizations:DetachPolicy"],"Resource":[%q,%q]`, prod, unit, policies))
	r.expect("lending a part", err, "")
	r.expect("from its unit", r.detach(admin, id, r.leaf), "")
	r.expect("to its unit", r.attach(admin, id, r.leaf), "")
	r.expect("to the root", r.attach(admin, id, r.org.Root), byResource+"AttachPolicy action")
	r.expect("another policy", r.attach(admin, org.FullAWSAccess.ID, r.leaf), byResource+"AttachPolicy action")

	_, err = ask(r, root(chief), "DeleteResourcePolicy", r.service.DeleteResourcePolicy, &awsorg.DeleteResourcePolicyInput{})
	r.expect("deleting", err, "")
	r.expect("let in no more", r.detach(admin, id, r.leaf), "AccessDenied")
}

// A deny in the organization's resource policy binds delegated administrators as
// well, for whom no policy has to allow reading; and it gives nothing to those whose
// own policies do not (behaviours.md 3.7, 9.6).
func TestResourcePolicyDeniesDelegatedAdministrators(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	r.expect("trust", r.trust("ram.amazonaws.com"), "")
	r.expect("registering", r.register(prod, "ram.amazonaws.com"), "")
	admin := r.user(prod, "admin", statement(`"Effect":"Allow","Action":"*","Resource":"*"`))
	own := r.user(prod, "own", statement(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":%q}}`, chief))
	none := r.user(prod, "none", statement(`"Effect":"Deny","Action":"s3:*","Resource":"*"`))
	const byDeny, byIdentity = "denied with an explicit deny in a resource-based policy", "denied because no identity-based policy allows the organizations:ListPolicies action"
	accounts := func(p call.Principal) error {
		_, err := ask(r, p, "ListAccounts", r.service.ListAccounts, &awsorg.ListAccountsInput{})
		return err
	}

	r.expect("without a policy", r.listPolicies(admin, scp), "")
	r.expect("the organization's things are the management account's", r.listPolicies(own, scp), "")
	r.expect("a user that may not", r.listPolicies(none, scp), byIdentity)

	denied := func(principal, action string) string {
		return statement(`"Effect":"Deny","Principal":{"AWS":%q},"Action":%q,"Resource":"*"`, principal, action)
	}
	_, err := r.lend(denied(prod, "organizations:ListPolicies"))
	r.expect("denying the account", err, "")
	r.expect("denied", r.listPolicies(admin, scp), byDeny)
	r.expect("its root user", r.listPolicies(root(prod), scp), byDeny)
	r.expect("another action", accounts(admin), "")
	r.expect("the management account", r.listPolicies(root(chief), scp), "")

	_, err = r.lend(denied(admin.ARN, "organizations:*"))
	r.expect("denying a user", err, "")
	r.expect("the user", accounts(admin), byDeny)
	r.expect("another", accounts(own), "")

	// A policy that names the user of the other account is not enough alone.
	_, err = r.lend(lent(none.ARN, `"organizations:ListPolicies"`))
	r.expect("allowing a user", err, "")
	r.expect("whose own policies do not", r.listPolicies(none, scp), byIdentity)
	r.expect("the others read on", r.listPolicies(admin, scp), "")

	_, err = r.lend(denied(dev, "organizations:ListPolicies"))
	r.expect("denying another member", err, "")
	r.expect("not this one", r.listPolicies(admin, scp), "")
}

// A resource policy names members and what can be lent.
func TestResourcePolicies(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	_, err := ask(r, root(chief), "DescribeResourcePolicy", r.service.DescribeResourcePolicy, &awsorg.DescribeResourcePolicyInput{})
	r.expect("before", err, "ResourcePolicyNotFound")
	const list = `"organizations:ListAccounts"`
	for what, c := range map[string]struct{ document, want string }{
		"no JSON":              {`{`, "InvalidInput INVALID_RESOURCE_POLICY_JSON"},
		"no principal":         {statement(`"Effect":"Allow","Action":"organizations:ListAccounts","Resource":"*"`), "InvalidInput INVALID_RESOURCE_POLICY_JSON"},
		"everybody":            {lent("*", list), "InvalidInput INVALID_PRINCIPAL"},
		"all but one":          {statement(`"Effect":"Allow","NotPrincipal":{"AWS":%q},"Action":%s,"Resource":"*"`, prod, list), "InvalidInput INVALID_PRINCIPAL"},
		"a service":            {statement(`"Effect":"Allow","Principal":{"Service":"sso.amazonaws.com"},"Action":%s,"Resource":"*"`, list), "InvalidInput INVALID_PRINCIPAL"},
		"an outsider":          {lent(outsider, list), "InvalidInput INVALID_PRINCIPAL"},
		"no account":           {lent("000000000000", list), "InvalidInput INVALID_PRINCIPAL"},
		"the management":       {lent(chief, list), "InvalidInput INVALID_PRINCIPAL"},
		"what cannot be lent":  {lent(prod, `"organizations:CloseAccount"`), "InvalidInput UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		"everything":           {lent(prod, `"organizations:*"`), "InvalidInput UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		"all but something":    {statement(`"Effect":"Allow","Principal":{"AWS":%q},"NotAction":%s,"Resource":"*"`, prod, list), "InvalidInput UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		"another service":      {lent(prod, `"iam:ListUsers"`), "InvalidInput UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		"reading, in any case": {lent("arn:aws:iam::"+prod+":root", `"Organizations:Describe*","organizations:LIST*"`), ""},
	} {
		_, err := r.lend(c.document)
		r.expect(what, err, c.want)
	}
	document := lent(prod, list)
	put := must[awsorg.PutResourcePolicyOutput](t)(r.lend(document)).ResourcePolicy
	got := must[awsorg.DescribeResourcePolicyOutput](t)(ask(r, root(chief), "DescribeResourcePolicy", r.service.DescribeResourcePolicy, &awsorg.DescribeResourcePolicyInput{})).ResourcePolicy
	s := got.ResourcePolicySummary
	if *got.Content != document || *s.Id != *put.ResourcePolicySummary.Id || *s.Arn != "arn:aws:organizations::"+chief+":resourcepolicy/"+r.org.ID+"/"+*s.Id {
		t.Errorf("%+v", s)
	}
	_, err = r.lend(document, types.Tag{Key: aws.String("a"), Value: aws.String("b")})
	r.expect("replaced with tags", err, "InvalidInput TARGET_NOT_SUPPORTED")
	_, err = ask(r, root(prod), "PutResourcePolicy", r.service.PutResourcePolicy, &awsorg.PutResourcePolicyInput{Content: &document})
	r.expect("by a member", err, "AccessDenied")
	for _, want := range []string{"", "ResourcePolicyNotFound"} {
		_, err := ask(r, root(chief), "DeleteResourcePolicy", r.service.DeleteResourcePolicy, &awsorg.DeleteResourcePolicyInput{})
		r.expect("deleting", err, want)
	}
}
