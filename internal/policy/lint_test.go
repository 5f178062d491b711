package policy

import "testing"

// TestLint finds what is dangerous, and nothing in policies that are not.
func TestLint(t *testing.T) {
	t.Parallel()
	st := func(members string) string { return doc(`{"Effect":"Allow",` + members + `}`) }
	tests := []struct {
		kind     Kind
		document string
		codes    []string
	}{
		{IdentityPolicy, st(`"Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::b/*"`), nil},
		{IdentityPolicy, st(`"Action":"*","Resource":"*"`), []string{"FULL_ACCESS"}},
		{ServiceControlPolicy, st(`"Action":"*","Resource":"*"`), nil},
		{IdentityPolicy, st(`"NotAction":"iam:*","Resource":"*"`), []string{"ALLOW_WITH_NOT_ACTION"}},
		{IdentityPolicy, st(`"Action":"s3:*","NotResource":"arn:aws:s3:::b"`), []string{"ALLOW_WITH_NOT_RESOURCE"}},
		{IdentityPolicy, st(`"Action":["ec2:*","iam:Pass*"],"Resource":"*"`), []string{"PASS_ROLE_WITH_STAR_IN_RESOURCE"}},
		{IdentityPolicy, st(`"Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`), nil},
		{IdentityPolicy, st(`"Action":["s3:GetObject","s3:Get*","s3:*"],"Resource":"*"`), []string{"REDUNDANT_ACTION", "REDUNDANT_ACTION"}},
		{IdentityPolicy, st(`"Action":["s3:GetObject","S3:getobject"],"Resource":"*"`), []string{"REDUNDANT_ACTION"}},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a*"}}`), []string{"WILDCARD_WITHOUT_LIKE_OPERATOR"}},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a${*}"}}`), nil},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":["s3:b","arn:aws:s3:::b","*"]}}`), []string{"INVALID_ARN_CONDITION"}},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:prefix":[]}}`), []string{"EMPTY_ARRAY_CONDITION"}},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:TagKeys":"a"}}`), []string{"MISSING_QUALIFIER"}},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}`), []string{"FOR_ALL_VALUES_WITHOUT_NULL_CHECK"}},
		{IdentityPolicy, st(`"Action":"s3:*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:tagkeys":"false"}}`), nil},
		{IdentityPolicy, doc(`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`), []string{"MFA_DENY_WITHOUT_IF_EXISTS"}},
		{IdentityPolicy, doc(`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`), nil},
		{TrustPolicy, st(`"Principal":{"AWS":"*"},"Action":"sts:AssumeRole"`), []string{"ALLOW_ALL_PRINCIPALS"}},
		{TrustPolicy, st(`"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity"`), []string{"MISSING_WEB_IDENTITY_CONDITION"}},
		{TrustPolicy, st(`"Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/x"},"Action":"sts:AssumeRoleWithSAML"`), nil},
		{ResourcePolicy, st(`"Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"`), []string{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"}},
		{ResourcePolicy, st(`"NotPrincipal":{"AWS":"123456789012"},"Action":"sqs:SendMessage","Resource":"*"`), []string{"ALLOW_WITH_NOT_PRINCIPAL"}},
		{ResourcePolicy, doc(`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:user/a"},"Action":"s3:*","Resource":"*"}`), []string{"NOT_PRINCIPAL_WITHOUT_ACCOUNT"}},
		{ResourcePolicy, `{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"k":"${aws:username}"}}}}`, []string{"VARIABLE_WITHOUT_VERSION"}},
		{IdentityPolicy, st(`"Action":"x","Resource":"y","Extra":1`), []string{"MISSING_SERVICE_PREFIX", "INVALID_ARN", "INVALID_POLICY_ELEMENT"}},
		{IdentityPolicy, `{"Version":"2012-10-17",}`, []string{"INVALID_JSON"}},
	}
	for _, tt := range tests {
		got := Lint(tt.kind, tt.document)
		var codes []string
		for _, f := range got {
			codes = append(codes, f.Code)
			if f.Message == "" || f.Line < 1 || f.Column < 1 || f.Severity == "" {
				t.Errorf("%+v", f)
			}
		}
		if len(codes) != len(tt.codes) {
			t.Errorf("%s:\n got %+v\nwant %q", tt.document, got, tt.codes)
			continue
		}
		for i := range codes {
			if codes[i] != tt.codes[i] {
				t.Errorf("%s: %q, want %q", tt.document, codes, tt.codes)
			}
		}
	}
}
