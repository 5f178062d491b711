package awsproto

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	organizationstypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
)

// Organizations says in Reason which sort of constraint an input breaks, account which fields; the words are the SDK's.
func TestRefuseInputReasons(t *testing.T) {
	t.Parallel()
	accounts := codecFor[organizations.ListAccountsInput, organizations.ListAccountsOutput](t, "organizations", "ListAccounts")
	describe := codecFor[organizations.DescribeAccountInput, organizations.DescribeAccountOutput](t, "organizations", "DescribeAccount")
	policies := codecFor[organizations.ListPoliciesForTargetInput, organizations.ListPoliciesForTargetOutput](t, "organizations", "ListPoliciesForTarget")
	effective := codecFor[organizations.DescribeEffectivePolicyInput, organizations.DescribeEffectivePolicyOutput](t, "organizations", "DescribeEffectivePolicy")
	create := codecFor[organizations.CreateOrganizationInput, organizations.CreateOrganizationOutput](t, "organizations", "CreateOrganization")
	unit := codecFor[organizations.CreateOrganizationalUnitInput, organizations.CreateOrganizationalUnitOutput](t, "organizations", "CreateOrganizationalUnit")
	tag := codecFor[organizations.UntagResourceInput, organizations.UntagResourceOutput](t, "organizations", "UntagResource")
	named := func(name string) *organizations.CreateOrganizationalUnitInput {
		return &organizations.CreateOrganizationalUnitInput{ParentId: aws.String("r-abcd"), Name: &name}
	}
	for name, c := range map[string]struct {
		codec *Codec
		in    any
		want  organizationstypes.InvalidInputExceptionReason
	}{
		"required":          {describe, &organizations.DescribeAccountInput{}, organizationstypes.InvalidInputExceptionReasonInputRequired},
		"pattern":           {describe, &organizations.DescribeAccountInput{AccountId: aws.String("me")}, organizationstypes.InvalidInputExceptionReasonInvalidPattern},
		"too great":         {accounts, &organizations.ListAccountsInput{MaxResults: aws.Int32(21)}, organizationstypes.InvalidInputExceptionReasonMaxValueExceeded},
		"too small":         {accounts, &organizations.ListAccountsInput{MaxResults: aws.Int32(0)}, organizationstypes.InvalidInputExceptionReasonMinValueExceeded},
		"too long":          {unit, named(strings.Repeat("a", 129)), organizationstypes.InvalidInputExceptionReasonMaxLengthExceeded},
		"too short":         {unit, named(""), organizationstypes.InvalidInputExceptionReasonMinLengthExceeded},
		"enumeration":       {create, &organizations.CreateOrganizationInput{FeatureSet: "SOME"}, organizationstypes.InvalidInputExceptionReasonInvalidEnum},
		"element":           {tag, &organizations.UntagResourceInput{ResourceId: aws.String("r-abcd"), TagKeys: []string{""}}, organizationstypes.InvalidInputExceptionReasonInvalidListMember},
		"target":            {policies, &organizations.ListPoliciesForTargetInput{TargetId: aws.String("me"), Filter: "TAG_POLICY"}, organizationstypes.InvalidInputExceptionReasonInvalidPatternTargetId},
		"policy type":       {policies, &organizations.ListPoliciesForTargetInput{TargetId: aws.String("r-abcd"), Filter: "ANY"}, organizationstypes.InvalidInputExceptionReasonInvalidEnumPolicyType},
		"effective policy":  {effective, &organizations.DescribeEffectivePolicyInput{PolicyType: "ANY"}, organizationstypes.InvalidInputExceptionReasonInvalidEnumPolicyType},
		"the first of many": {policies, &organizations.ListPoliciesForTargetInput{Filter: "ANY"}, organizationstypes.InvalidInputExceptionReasonInputRequired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := c.codec.Validate(c.in)
			have := Service("organizations").RefuseInput(v)
			if have.Code != "InvalidInputException" || have.Message != v.Error() || have.Extra["Reason"] != string(c.want) {
				t.Errorf("%+v", have)
			}
		})
	}

	contact := codecFor[awsaccount.GetAlternateContactInput, awsaccount.GetAlternateContactOutput](t, "account", "GetAlternateContact")
	e := Service("account").RefuseInput(contact.Validate(&awsaccount.GetAlternateContactInput{AlternateContactType: "ANY"}))
	const want = `{"fieldList":[{"name":"alternateContactType","message":"Member must satisfy enum value set: [BILLING, OPERATIONS, SECURITY]"}],` +
		`"reason":"fieldValidationFailed"}`
	body := string(Service("account").EncodeError(e, "r").Body)
	if !strings.HasSuffix(body, strings.TrimPrefix(want, "{")) {
		t.Errorf("%s", body)
	}

	// Where a service has no word for it, nothing is made up.
	for api, v := range map[string]Violations{
		"sso-admin": codecFor[ssoadmin.DescribeInstanceInput, ssoadmin.DescribeInstanceOutput](t, "sso-admin", "DescribeInstance").Validate(&ssoadmin.DescribeInstanceInput{}),
		"iam":       codecFor[iam.CreateUserInput, iam.CreateUserOutput](t, "iam", "CreateUser").Validate(&iam.CreateUserInput{}),
	} {
		if e := Service(api).RefuseInput(v); len(v) == 0 || len(e.Extra) > 0 || e.Message != v.Error() {
			t.Errorf("%s: %+v", api, e)
		}
	}
}
