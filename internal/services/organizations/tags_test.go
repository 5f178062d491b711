package organizations_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/org"
)

func tagged(pairs ...string) (tags []types.Tag) {
	for i := 0; i < len(pairs); i += 2 {
		tags = append(tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
	}
	return tags
}

func (r *realm) tag(p call.Principal, id string, tags ...types.Tag) error {
	r.Helper()
	_, err := ask(r, p, "TagResource", r.service.TagResource, &awsorg.TagResourceInput{ResourceId: &id, Tags: tags})
	return err
}

func (r *realm) untag(p call.Principal, id string, keys ...string) error {
	r.Helper()
	_, err := ask(r, p, "UntagResource", r.service.UntagResource, &awsorg.UntagResourceInput{ResourceId: &id, TagKeys: keys})
	return err
}

// tags are a resource's, "key=value" each.
func (r *realm) tags(id string) (all []string) {
	r.Helper()
	for in := (&awsorg.ListTagsForResourceInput{ResourceId: &id}); ; {
		out := must[awsorg.ListTagsForResourceOutput](r)(ask(r, root(chief), "ListTagsForResource", r.service.ListTagsForResource, in))
		for _, t := range out.Tags {
			all = append(all, *t.Key+"="+*t.Value)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return all
		}
	}
}

// Roots, units, accounts, policies and the resource policy have tags of their own.
func TestTags(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	policy := r.create(scp, "A", noQueues, tagged("born", "with")...)
	resource := *must[awsorg.PutResourcePolicyOutput](t)(r.lend(lent(prod, `"organizations:ListAccounts"`), tagged("born", "with")...)).ResourcePolicy.ResourcePolicySummary.Id
	for _, id := range []string{r.org.Root, r.leaf, prod, policy, resource} {
		before := r.tags(id)
		r.expect("tagging "+id, r.tag(root(chief), id, tagged("env", "one", "Env", "two")...), "")
		r.expect("tagging again", r.tag(root(chief), id, tagged("env", "three")...), "")
		if got := r.tags(id); !slices.Equal(got, append([]string{"Env=two"}, append(before, "env=three")...)) {
			t.Errorf("%s: %v", id, got)
		}
		r.expect("untagging", r.untag(root(chief), id, "env", "missing"), "")
		r.expect("by a member", r.tag(root(dev), id, tagged("a", "b")...), "AccessDenied")
		if got := r.tags(id); slices.Contains(got, "env=three") || !slices.Contains(got, "Env=two") {
			t.Errorf("%s: %v", id, got)
		}
	}
	for _, id := range []string{"r-none", "ou-exam-00000000", outsider, "000000000000", "p-00000000", "rp-0000000000", org.FullAWSAccess.ID} {
		r.expect(id, r.tag(root(chief), id, tagged("a", "b")...), "TargetNotFound")
		r.expect(id, r.untag(root(chief), id, "a"), "TargetNotFound")
	}
	r.expect("AWS's", r.tag(root(chief), prod, tagged("aws:a", "b")...), "InvalidInput INVALID_SYSTEM_TAGS_PARAMETER")
	r.expect("AWS's", r.untag(root(chief), prod, "AWS:a"), "InvalidInput INVALID_SYSTEM_TAGS_PARAMETER")
	r.expect("twice", r.tag(root(chief), prod, tagged("a", "b", "a", "c")...), "InvalidInput DUPLICATE_TAG_KEY")
	r.expect("pattern", r.tag(root(chief), prod, tagged("a", "<b>")...), "InvalidInput INVALID_PATTERN")
	var many []types.Tag
	for i := range 49 {
		many = append(many, tagged(fmt.Sprintf("k%02d", i), "")...)
	}
	r.expect("fifty", r.tag(root(chief), prod, many...), "")
	r.expect("fifty-one", r.tag(root(chief), prod, tagged("more", "")...), "ConstraintViolation MAX_TAG_LIMIT_EXCEEDED")
	r.expect("one of them again", r.tag(root(chief), prod, tagged("k00", "x")...), "")
	if got := r.tags(prod); len(got) != 50 {
		t.Errorf("%d tags", len(got))
	}
}

// Policies decide by the tags of what is acted on and of the request; what a
// denial says does not tell whether the thing is there.
func TestTagConditions(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	owner := r.user(chief, "owner", statement(`"Effect":"Allow","Action":"organizations:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}`))
	r.expect("tagging", r.tag(root(chief), r.leaf, tagged("team", "a")...), "")
	r.expect("tagging", r.tag(root(chief), prod, tagged("team", "b")...), "")
	const no = "denied because no identity-based policy allows the organizations:TagResource action"
	r.expect("its own", r.tag(owner, r.leaf, tagged("x", "y")...), "")
	r.expect("another's", r.tag(owner, prod, tagged("x", "y")...), no)
	r.expect("nobody's", r.tag(owner, "000000000000", tagged("x", "y")...), no)

	careful := r.user(chief, "careful", statement(
		`"Effect":"Allow","Action":["organizations:CreatePolicy","organizations:TagResource"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}`))
	create := func(name string, tags ...types.Tag) error {
		_, err := ask(r, careful, "CreatePolicy", r.service.CreatePolicy, &awsorg.CreatePolicyInput{Type: scp, Name: &name, Description: aws.String(""), Content: aws.String(noQueues), Tags: tags})
		return err
	}
	const nor = "denied because no identity-based policy allows the organizations:CreatePolicy action"
	r.expect("with the tag", create("A", tagged("team", "a")...), "")
	r.expect("with another value", create("B", tagged("team", "b")...), nor)
	r.expect("with another key", create("B", tagged("team", "a", "x", "y")...), nor)
	r.expect("without", create("B"), nor)

	// Who may not tag cannot do it while creating.
	maker := r.user(chief, "maker", statement(`"Effect":"Allow","Action":"organizations:CreatePolicy","Resource":"*"`))
	for want, tags := range map[string][]types.Tag{"": nil, no: tagged("team", "a")} {
		_, err := ask(r, maker, "CreatePolicy", r.service.CreatePolicy, &awsorg.CreatePolicyInput{Type: scp, Name: aws.String("C" + fmt.Sprint(len(tags))), Description: aws.String(""), Content: aws.String(noQueues), Tags: tags})
		r.expect("creating", err, want)
	}

	// A policy on one target is no permission for another.
	attacher := r.user(chief, "attacher", statement(`"Effect":"Allow","Action":"organizations:AttachPolicy","Resource":["arn:aws:organizations::*:policy/*","arn:aws:organizations::*:ou/*"]`))
	id := r.create(scp, "D", noQueues)
	r.expect("to the unit", r.attach(attacher, id, r.leaf), "")
	r.expect("to an account", r.attach(attacher, id, prod), "denied because no identity-based policy allows the organizations:AttachPolicy action")
}
