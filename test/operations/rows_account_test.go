package operations

const accessReport = "me:GenerateServiceLastAccessedDetails Arn=arn:aws:iam::{account}:user/jane"

// accountRows are reports, simulators and settings, of the account and of the
// organization, and what of STS is decided by the caller's policies alone.
var accountRows = []row{
	{operation: "GetAccountSummary", on: "*"},
	{operation: "GetAccountAuthorizationDetails", on: "*"},
	{operation: "SetSecurityTokenServicePreferences", on: "*", input: "GlobalEndpointTokenVersion=v2Token"},
	{operation: "GenerateCredentialReport", on: "*"},
	{operation: "GetCredentialReport", on: "*", given: given("GenerateCredentialReport")},
	{operation: "GenerateServiceLastAccessedDetails", on: "user/jane", input: "Arn=arn:aws:iam::{account}:user/jane", given: given(jane)},
	{operation: "GetServiceLastAccessedDetails", on: "*", input: "JobId={JobId}", given: given(jane, accessReport),
		prior: []string{"iam:GenerateServiceLastAccessedDetails *"}},
	{operation: "GetServiceLastAccessedDetailsWithEntities", on: "*", input: "JobId={JobId} ServiceNamespace=s3",
		given: given(jane, "AttachUserPolicy UserName=jane "+readOnly, accessReport), prior: []string{"iam:GenerateServiceLastAccessedDetails *"}},
	{operation: "GetContextKeysForCustomPolicy", on: "*", input: "PolicyInputList.member.1={policy}"},
	{operation: "GetContextKeysForPrincipalPolicy", on: "user/jane", input: "PolicySourceArn=arn:aws:iam::{account}:user/jane", given: given(jane)},
	{operation: "SimulateCustomPolicy", on: "*", input: "PolicyInputList.member.1={policy} ActionNames.member.1=s3:GetObject"},
	{operation: "SimulatePrincipalPolicy", on: "user/jane", input: "PolicySourceArn=arn:aws:iam::{account}:user/jane ActionNames.member.1=s3:GetObject", given: given(jane)},

	// Those of the management account are called in this order.
	{service: "sts", operation: "AssumeRoot", on: "arn:aws:iam::" + production + ":root", other: "arn:aws:iam::" + controlled + ":root", manager: true, given: given("EnableOrganizationsRootSessions"),
		input: "TargetPrincipal=" + production + " TaskPolicyArn.arn=arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"},
	{operation: "ListOrganizationsFeatures", on: "*", manager: true},
	{operation: "EnableOrganizationsRootCredentialsManagement", on: "*", manager: true},
	{operation: "DisableOrganizationsRootCredentialsManagement", on: "*", manager: true},
	{operation: "EnableOrganizationsRootSessions", on: "*", manager: true},
	{operation: "DisableOrganizationsRootSessions", on: "*", manager: true},
	{operation: "EnableOutboundWebIdentityFederation", on: "*"},
	{operation: "DisableOutboundWebIdentityFederation", on: "*", given: given("EnableOutboundWebIdentityFederation")},
	{operation: "GetOutboundWebIdentityFederationInfo", on: "*", given: given("EnableOutboundWebIdentityFederation")},

	{service: "sts", operation: "DecodeAuthorizationMessage", on: "*", input: "EncodedMessage={decision}", given: given("nobody:ListUsers")},
	{service: "sts", operation: "GetAccessKeyInfo", on: "*", input: "AccessKeyId={AccessKeyId}", given: given(jane, accessKey)},
	{service: "sts", operation: "GetFederationToken", on: "arn:aws:sts::{account}:federated-user/bob", input: "Name=bob " + tagged,
		needs: []string{"sts:TagSession arn:aws:sts::{account}:federated-user/bob"}},
	{service: "sts", operation: "GetWebIdentityToken", on: "*", input: "Audience.member.1=app SigningAlgorithm=ES384 " + tagged, given: given("EnableOutboundWebIdentityFederation"),
		needs: []string{"sts:TagGetWebIdentityToken *"}},
}
