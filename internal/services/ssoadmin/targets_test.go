package ssoadmin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"sekisho/internal/call"
	service "sekisho/internal/services/ssoadmin"
)

// A policy that denies something by its ARN cannot be got around by naming the same
// thing in another partition, which the models let through (canonicalization).
func TestOtherPartitions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	instance, set := aws.String(appInstance), aws.String(w.set("Admin"))
	foreign := func(arn *string) *string { return aws.String(strings.Replace(*arn, "arn:aws:", "arn:aws-cn:", 1)) }
	for name, in := range map[string]any{
		"an instance":       &ssoadmin.ListPermissionSetsInput{InstanceArn: foreign(instance)},
		"a set's instance":  &ssoadmin.DescribePermissionSetInput{InstanceArn: foreign(instance), PermissionSetArn: set},
		"a set":             &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: foreign(set)},
		"a tagged instance": &ssoadmin.TagResourceInput{ResourceArn: foreign(instance)},
		"a tagged set":      &ssoadmin.UntagResourceInput{ResourceArn: foreign(set)},
	} {
		for _, resource := range []string{"", "instance", "permission-set", "tagged"} {
			got, err := service.Names{Store: w.db}.Target(t.Context(), w.by(appManagement, "Test"), call.Rule{Resource: resource}, in)
			if err == nil || !strings.Contains(err.Error(), "ValidationException") {
				t.Errorf("%s as %q: %+v, %v", name, resource, got, err)
			}
		}
	}
	if _, err := (service.Names{Store: w.db}).Target(t.Context(), w.by(appManagement, "Test"), call.Rule{Resource: "permission-set"},
		&ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: set}); err != nil {
		t.Errorf("our own: %v", err)
	}
}
