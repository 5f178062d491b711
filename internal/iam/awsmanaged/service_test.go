package awsmanaged

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestServices(t *testing.T) {
	t.Parallel()
	all := Services()
	prefix := regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	if len(all) < 400 || !slices.IsSorted(all) {
		t.Errorf("%d services, in order: %v", len(all), slices.IsSorted(all))
	}
	for i, s := range all {
		if !prefix.MatchString(s) || i > 0 && all[i-1] == s || !KnownService(s) {
			t.Errorf("service %q", s)
		}
	}
	for prefix, name := range map[string]string{
		"iam": "AWS Identity and Access Management (IAM)", "STS": "AWS Security Token Service",
		"organizations": "AWS Organizations", "s3": "Amazon S3", "zocalo": "", "nosuch": "",
	} {
		if got := ServiceName(prefix); got != name {
			t.Errorf("%s is %q, want %q", prefix, got, name)
		}
	}
	for prefix, known := range map[string]bool{"iam": true, "EC2": true, "zocalo": true, "": false, "nosuch": false, "i am": false} {
		if KnownService(prefix) != known {
			t.Errorf("KnownService(%q) is %v", prefix, !known)
		}
	}
}

// TestPrefixesOfPolicies shows that no managed policy names a service that the
// table lacks.
func TestPrefixesOfPolicies(t *testing.T) {
	t.Parallel()
	for _, m := range All() {
		_, d := lookup(t, m.ARN)
		for _, s := range d.Statement {
			for _, list := range []any{s.Action, s.NotAction} {
				actions, many := list.([]any)
				if !many {
					actions = []any{list}
				}
				for _, a := range actions {
					text, _ := a.(string)
					if prefix, _, ok := strings.Cut(text, ":"); ok && !KnownService(prefix) {
						t.Errorf("%s: %s", m.ARN, text)
					}
				}
			}
		}
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	levels := []AccessLevel{List, Read, Write, Permissions, Tagging}
	for _, prefix := range []string{
		"account", "iam", "identitystore", "identitystore-auth", "organizations", "rolesanywhere",
		"signin", "sso", "sso-directory", "sso-oauth", "sts",
	} {
		all := Actions(prefix)
		if len(all) == 0 {
			t.Errorf("%s has none", prefix)
		}
		for i, a := range all {
			if a.Name == "" || !slices.Contains(levels, a.AccessLevel) || i > 0 && strings.EqualFold(all[i-1].Name, a.Name) {
				t.Errorf("%s: %+v", prefix, a)
			}
		}
	}
	for action, level := range map[string]AccessLevel{
		"iam:CreateUser": Write, "iam:ListUsers": List, "iam:GetRole": Read, "iam:AttachRolePolicy": Permissions,
		"iam:TagRole": Tagging, "sts:AssumeRole": Write, "sts:TagSession": Tagging, "sts:GetCallerIdentity": Read,
		"organizations:ListAccounts": List, "sso:AttachManagedPolicyToPermissionSet": Permissions,
	} {
		prefix, name, _ := strings.Cut(action, ":")
		if !slices.Contains(Actions(prefix), Action{name, level}) {
			t.Errorf("%s is not %s", action, level)
		}
	}
	if Actions("ec2") != nil {
		t.Error("ec2 has actions; say so in the doc comment")
	}
}

func TestServiceLinkedRole(t *testing.T) {
	t.Parallel()
	if len(linkedRoles()) < 100 {
		t.Errorf("%d roles", len(linkedRoles()))
	}
	service := regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*\.amazonaws\.com$`)
	names := map[string]bool{}
	for name, r := range linkedRoles() {
		p, ok := Lookup(r.PolicyARN)
		switch {
		case !ok || p.Attachable:
			t.Errorf("%s: policy %s", name, r.PolicyARN)
		case !service.MatchString(r.ServiceName) || name != r.ServiceName:
			t.Errorf("%s: service %q", name, r.ServiceName)
		case !strings.HasPrefix(r.RoleName, "AWSServiceRoleFor") || len(r.RoleName) > 64 || names[r.RoleName]:
			t.Errorf("%s: role %q", name, r.RoleName)
		}
		names[r.RoleName] = true
	}
	for name, want := range map[string]SLR{
		"sso.amazonaws.com": {
			RoleName: "AWSServiceRoleForSSO", PolicyARN: "arn:aws:iam::aws:policy/aws-service-role/AWSSSOServiceRolePolicy",
			Description: "Service-linked role used by AWS SSO to manage AWS resources, including IAM roles, policies and SAML IdP on your behalf.",
		},
		"organizations.amazonaws.com": {
			RoleName:    "AWSServiceRoleForOrganizations",
			PolicyARN:   "arn:aws:iam::aws:policy/aws-service-role/AWSOrganizationsServiceTrustPolicy",
			Description: "Service-linked role used by AWS Organizations to enable integration of other AWS services with Organizations.",
		},
		"autoscaling.amazonaws.com": {
			RoleName: "AWSServiceRoleForAutoScaling", CustomSuffix: true,
			PolicyARN:   "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy",
			Description: "Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto Scaling",
		},
		"fis.amazonaws.com": {
			RoleName: "AWSServiceRoleForFIS", PolicyARN: "arn:aws:iam::aws:policy/aws-service-role/AmazonFISServiceRolePolicy",
		},
	} {
		want.ServiceName = name
		if got, ok := ServiceLinkedRole(name); !ok || got != want {
			t.Errorf("%s is %+v, want %+v", name, got, want)
		}
	}
	if r, ok := ServiceLinkedRole("sso"); ok {
		t.Errorf("sso is %+v", r)
	}
}
