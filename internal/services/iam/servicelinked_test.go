package iam_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	service "sekisho/internal/services/iam"
	"sekisho/internal/store"
)

func (w *world) linkRole(in *awsiam.CreateServiceLinkedRoleInput) (*types.Role, error) {
	out, err := w.service.CreateServiceLinkedRole(w.Context(), w.root(), in)
	if err != nil {
		return nil, err
	}
	return out.Role, nil
}

// A service's role has the name, the trust and the policy that the service says
// (behaviours.md 5.7).
func TestCreateServiceLinkedRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.quota(iam.Roles, 0) // which does not stop service-linked roles
	made, err := w.linkRole(&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("elasticbeanstalk.amazonaws.com"), Description: aws.String("d")})
	if err != nil {
		t.Fatal(err)
	}
	if *made.Arn != "arn:aws:iam::111122223333:role/aws-service-role/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk" ||
		*made.Path != "/aws-service-role/elasticbeanstalk.amazonaws.com/" || *made.Description != "d" ||
		*made.AssumeRolePolicyDocument != `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["elasticbeanstalk.amazonaws.com"]},"Action":["sts:AssumeRole"]}]}` {
		t.Errorf("made %+v", made)
	}
	w.view(func(tx store.Tx) error {
		attached, err := tx.Attachments(*made.RoleId)
		if err != nil || len(attached) != 1 || attached[0].PolicyARN != "arn:aws:iam::aws:policy/aws-service-role/AWSElasticBeanstalkServiceRolePolicy" {
			t.Errorf("attached %+v, %v", attached, err)
		}
		if n, err := tx.IAMCount(acct, iam.Roles); n != 1 {
			t.Errorf("%d roles are counted, %v", n, err)
		}
		return nil
	})
	scaling := func(suffix *string) *awsiam.CreateServiceLinkedRoleInput {
		return &awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("autoscaling.amazonaws.com"), CustomSuffix: suffix}
	}
	if r := must(w.linkRole(scaling(aws.String("Blue")))); *r.RoleName != "AWSServiceRoleForAutoScaling_Blue" {
		t.Errorf("with a suffix: %s", *r.RoleName)
	}
	must(w.linkRole(scaling(nil)))
	for what, c := range map[string]struct {
		in      *awsiam.CreateServiceLinkedRoleInput
		message string
	}{
		"taken":    {scaling(nil), "Service role name AWSServiceRoleForAutoScaling has been taken in this account, please try a different suffix."},
		"in case":  {scaling(aws.String("BLUE")), "Service role name AWSServiceRoleForAutoScaling_BLUE has been taken in this account, please try a different suffix."},
		"too long": {scaling(aws.String(strings.Repeat("x", 64))), "Service role name AWSServiceRoleForAutoScaling_" + strings.Repeat("x", 64) + " is longer than 64 characters"},
		"no suffix": {&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("elasticbeanstalk.amazonaws.com"), CustomSuffix: aws.String("x")},
			"Custom suffix is not allowed for elasticbeanstalk.amazonaws.com"},
		"unknown": {&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("nothing.amazonaws.com")},
			"Service-linked roles are not supported for service nothing.amazonaws.com"},
	} {
		_, err := w.linkRole(c.in)
		w.expect(what, err, "InvalidInput", c.message)
	}
}

// Of a service-linked role only the description can be changed (behaviours.md 5.7).
func TestServiceLinkedRoleIsProtected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name := must(w.linkRole(&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("batch.amazonaws.com")})).RoleName
	const refusal = "Cannot perform the operation on the protected role 'AWSServiceRoleForBatch' - this role is only modifiable by AWS"
	_, err := w.service.UpdateRole(w.Context(), w.root(), &awsiam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(7200)})
	w.expect("its sessions", err, "UnmodifiableEntity", refusal)
	_, err = w.service.DeleteRole(w.Context(), w.root(), &awsiam.DeleteRoleInput{RoleName: name})
	w.expect("its deletion as a role", err, "UnmodifiableEntity", refusal)
	_, err = w.service.UpdateAssumeRolePolicy(w.Context(), w.root(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trust(arn.Root(acct)))})
	w.expect("its trust", err, "UnmodifiableEntity", refusal)
	must(w.service.UpdateRole(w.Context(), w.root(), &awsiam.UpdateRoleInput{RoleName: name, Description: aws.String("mine")}))
	if r := w.getRole(*name); aws.ToString(r.Description) != "mine" || *r.MaxSessionDuration != 3600 {
		t.Errorf("role %+v", r)
	}
}

// A deletion answers with a task, which says how it went (behaviours.md 5.2).
func TestDeleteServiceLinkedRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	remove := func(name string) string {
		t.Helper()
		return *must(w.service.DeleteServiceLinkedRole(w.Context(), w.root(), &awsiam.DeleteServiceLinkedRoleInput{RoleName: &name})).DeletionTaskId
	}
	status := func(c *call.Call, id string) (*awsiam.GetServiceLinkedRoleDeletionStatusOutput, error) {
		return w.service.GetServiceLinkedRoleDeletionStatus(w.Context(), c, &awsiam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: &id})
	}
	batch := must(w.linkRole(&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("batch.amazonaws.com")}))
	id := remove("awsserviceroleforbatch")
	if !regexp.MustCompile(`^task/aws-service-role/batch\.amazonaws\.com/AWSServiceRoleForBatch/[0-9a-f-]{36}$`).MatchString(id) {
		t.Errorf("task %q", id)
	}
	if out := must(status(w.root(), id)); out.Status != types.DeletionTaskStatusTypeSucceeded || out.Reason != nil {
		t.Errorf("status %+v", out)
	}
	w.view(func(tx store.Tx) error {
		if left, err := tx.Attachments(*batch.RoleId); err != nil || len(left) != 0 {
			t.Errorf("left: %+v, %v", left, err)
		}
		return nil
	})
	_, err := w.service.DeleteServiceLinkedRole(w.Context(), w.root(), &awsiam.DeleteServiceLinkedRoleInput{RoleName: batch.RoleName})
	w.expect("again", err, "NoSuchEntity", "The role with name AWSServiceRoleForBatch cannot be found.")
	_, err = status(w.other(), id)
	w.expect("another account's task", err, "NoSuchEntity", "The deletion task with id "+id+" cannot be found.")
	_, err = status(w.root(), "task/x")
	w.expect("no task", err, "InvalidInput", `The deletion task id "task/x" is not valid.`)

	// Identity Center needs its role as long as it has roles in the account.
	must(w.linkRole(&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("sso.amazonaws.com")}))
	set := iam.Role{ID: arn.NewUniqueID(arn.PrefixRole, acct), Account: acct, Path: iam.PermissionSetPath + "eu-central-1/", Name: "AWSReservedSSO_A_0123456789abcdef",
		TrustPolicy: "{}", PermissionSet: "ps-1", CreatedAt: start}
	w.update(func(tx store.Tx) error { return tx.PutRole(set) })
	out := must(status(w.root(), remove("AWSServiceRoleForSSO")))
	if out.Status != types.DeletionTaskStatusTypeFailed || out.Reason == nil || *out.Reason.Reason == "" || len(out.Reason.RoleUsageList) != 1 ||
		*out.Reason.RoleUsageList[0].Region != "eu-central-1" || out.Reason.RoleUsageList[0].Resources[0] != set.ARN() {
		t.Errorf("in use: %+v", out)
	}
	w.getRole("AWSServiceRoleForSSO")
	w.update(func(tx store.Tx) error { return iam.RemoveRole(tx, set) })
	if out := must(status(w.root(), remove("AWSServiceRoleForSSO"))); out.Status != types.DeletionTaskStatusTypeSucceeded {
		t.Errorf("in use no more: %+v", out)
	}
}

// What the operations act on, as policies see it.
func TestServiceLinkedRoleTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for operation, c := range map[string]struct {
		in   any
		want string
	}{
		"CreateServiceLinkedRole": {&awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("autoscaling.amazonaws.com"), CustomSuffix: aws.String("Blue")},
			"arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_Blue"},
		"GetServiceLinkedRoleDeletionStatus": {&awsiam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: aws.String("task/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch/0")},
			"arn:aws:iam::111122223333:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"},
	} {
		got, err := service.Names{Store: w.db}.Target(t.Context(), w.root(), service.Table[operation], c.in)
		if err != nil || got.ARN != c.want {
			t.Errorf("%s acts on %s, %v", operation, got.ARN, err)
		}
	}
}
