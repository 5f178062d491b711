package ssoadmin_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/call"
	service "sekisho/internal/services/ssoadmin"
)

func attribute(key, source string) types.AccessControlAttribute {
	return types.AccessControlAttribute{Key: &key, Value: &types.AccessControlAttributeValue{Source: []string{source}}}
}

// Attributes for access control are enabled, told, changed and disabled, within
// AWS's limits (behaviours.md 6.4).
func TestAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inst := aws.String(appInstance)
	create := func(all ...types.AccessControlAttribute) error {
		_, err := w.service.CreateInstanceAccessControlAttributeConfiguration(t.Context(), w.by(appManagement, "Create"), &ssoadmin.CreateInstanceAccessControlAttributeConfigurationInput{
			InstanceArn: inst, InstanceAccessControlAttributeConfiguration: &types.InstanceAccessControlAttributeConfiguration{AccessControlAttributes: all}})
		return err
	}
	change := func(all ...types.AccessControlAttribute) error {
		_, err := w.service.UpdateInstanceAccessControlAttributeConfiguration(t.Context(), w.by(appManagement, "Update"), &ssoadmin.UpdateInstanceAccessControlAttributeConfigurationInput{
			InstanceArn: inst, InstanceAccessControlAttributeConfiguration: &types.InstanceAccessControlAttributeConfiguration{AccessControlAttributes: all}})
		return err
	}
	describe := func() ([]types.AccessControlAttribute, error) {
		out, err := w.service.DescribeInstanceAccessControlAttributeConfiguration(t.Context(), w.by(appManagement, "Describe"),
			&ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput{InstanceArn: inst})
		if err != nil {
			return nil, err
		}
		return out.InstanceAccessControlAttributeConfiguration.AccessControlAttributes, nil
	}
	const none = "Attributes for access control are not enabled."
	_, err := describe()
	w.expect("before", err, "ResourceNotFoundException", none)
	w.expect("changing before", change(), "ResourceNotFoundException", none)
	want := []types.AccessControlAttribute{attribute("CostCenter", "${path:enterprise.costCenter}"), attribute("メール", "${user:email}")}
	w.expect("enabling", create(want...), "", "")
	w.expect("twice", create(), "ConflictException", "Attributes for access control are enabled already.")
	if got, err := describe(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	var many []types.AccessControlAttribute
	for i := range 51 {
		many = append(many, attribute(strings.Repeat("k", i+1), "${user:email}"))
	}
	w.expect("fifty", change(many[:50]...), "", "")
	w.expect("fifty-one", change(many...), "ServiceQuotaExceededException", "You have exceeded AWS SSO limits. Cannot have more than 50 attributes for access control. "+
		"Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html")
	w.expect("the same key in another case", change(attribute("a", "${user:email}"), attribute("A", "${user:email}")), "ValidationException", "The attribute key A is given more than once.")
	w.expect("a key of AWS's", change(attribute("aws:x", "${user:email}")), "ValidationException",
		"The key of an attribute must be 1 to 128 letters, digits, spaces and _.:/=+-@, and not begin with aws:")
	for _, source := range []string{"", "email", "${email}", "${path:}", "${path:a}${path:b}", "${else:a}"} {
		w.expect(source, change(attribute("a", source)), "ValidationException", "The source of the attribute a must be of the form ${path:…}, ${user:…} or ${dir:…}.")
	}
	disable := func() error {
		_, err := w.service.DeleteInstanceAccessControlAttributeConfiguration(t.Context(), w.by(appManagement, "Delete"), &ssoadmin.DeleteInstanceAccessControlAttributeConfigurationInput{InstanceArn: inst})
		return err
	}
	w.expect("disabling", disable(), "", "")
	w.expect("disabling twice", disable(), "ResourceNotFoundException", none)
}

// Everything in Identity Center that has tags is tagged by one operation, and others'
// things by nobody.
func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, app := w.set("Admin"), w.create(appManagement, "App")
	for _, arn := range []string{appInstance, set, app} {
		list := func() string {
			out, err := w.service.ListTagsForResource(t.Context(), w.by(appManagement, "ListTagsForResource"), &ssoadmin.ListTagsForResourceInput{ResourceArn: &arn})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, tag := range out.Tags {
				all = append(all, *tag.Key+"="+*tag.Value)
			}
			return strings.Join(all, " ")
		}
		tag := func(by string, pairs ...string) error {
			in := &ssoadmin.TagResourceInput{ResourceArn: &arn}
			for i := 0; i < len(pairs); i += 2 {
				in.Tags = append(in.Tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
			}
			_, err := w.service.TagResource(t.Context(), w.by(by, "TagResource"), in)
			return err
		}
		w.expect("tagging", tag(appManagement, "b", "2", "a", "1"), "", "")
		w.expect("again", tag(appManagement, "b", "3"), "", "")
		w.expect("AWS's own", tag(appManagement, "aws:x", "1"), "ValidationException", "System tags cannot be added/updated by requester")
		w.expect("by another", tag(appAlone, "c", "1"), "AccessDeniedException", notYours)
		if got := list(); got != "a=1 b=3" {
			t.Errorf("%s: %s", arn, got)
		}
		_, err := w.service.UntagResource(t.Context(), w.by(appManagement, "UntagResource"), &ssoadmin.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{"a", "none"}})
		if w.expect("untagging", err, "", ""); list() != "b=3" {
			t.Errorf("%s: %s", arn, list())
		}
		// Policies see the tags of what is acted on, and of the request.
		got, err := service.Names{Store: w.db}.Target(t.Context(), w.by(appManagement, "TagResource"), call.Rule{Resource: "tagged"},
			&ssoadmin.TagResourceInput{ResourceArn: &arn, Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("blue")}}})
		if err != nil || got.ARN != arn || got.Tags["b"] != "3" || got.Keys["aws:requesttag/team"][0] != "blue" || got.Keys[call.TagKeys][0] != "Team" {
			t.Errorf("target %+v, %v", got, err)
		}
	}
}
