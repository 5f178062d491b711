package awsproto

import (
	"reflect"

	accessanalyzer "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	iam "github.com/aws/aws-sdk-go-v2/service/iam/types"
	identitystoredoc "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	identitystore "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	rolesanywhere "github.com/aws/aws-sdk-go-v2/service/rolesanywhere/types"
	ssoadmindoc "github.com/aws/aws-sdk-go-v2/service/ssoadmin/document"
	ssoadmin "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// unions says which Go struct stands for which member of a union, the one thing reflection cannot find out: an interface
// does not know who implements it. A union or member that is missing here fails in Bind.
var unions = map[reflect.Type]map[string]reflect.Type{
	reflect.TypeFor[accessanalyzer.PathElement](): {
		"index":     reflect.TypeFor[accessanalyzer.PathElementMemberIndex](),
		"key":       reflect.TypeFor[accessanalyzer.PathElementMemberKey](),
		"substring": reflect.TypeFor[accessanalyzer.PathElementMemberSubstring](),
		"value":     reflect.TypeFor[accessanalyzer.PathElementMemberValue](),
	},
	reflect.TypeFor[iam.PolicyIdentifier](): {
		"PolicyType":             reflect.TypeFor[iam.PolicyIdentifierMemberPolicyType](),
		"PolicyArn":              reflect.TypeFor[iam.PolicyIdentifierMemberPolicyArn](),
		"InlinePolicyIdentifier": reflect.TypeFor[iam.PolicyIdentifierMemberInlinePolicyIdentifier](),
	},
	reflect.TypeFor[identitystore.MemberId](): {
		"UserId": reflect.TypeFor[identitystore.MemberIdMemberUserId](),
	},
	reflect.TypeFor[identitystore.AlternateIdentifier](): {
		"ExternalId":      reflect.TypeFor[identitystore.AlternateIdentifierMemberExternalId](),
		"UniqueAttribute": reflect.TypeFor[identitystore.AlternateIdentifierMemberUniqueAttribute](),
	},
	reflect.TypeFor[rolesanywhere.SourceData](): {
		"x509CertificateData": reflect.TypeFor[rolesanywhere.SourceDataMemberX509CertificateData](),
		"acmPcaArn":           reflect.TypeFor[rolesanywhere.SourceDataMemberAcmPcaArn](),
	},
	reflect.TypeFor[ssoadmin.AuthenticationMethod](): {
		"Iam": reflect.TypeFor[ssoadmin.AuthenticationMethodMemberIam](),
	},
	reflect.TypeFor[ssoadmin.Grant](): {
		"AuthorizationCode": reflect.TypeFor[ssoadmin.GrantMemberAuthorizationCode](),
		"JwtBearer":         reflect.TypeFor[ssoadmin.GrantMemberJwtBearer](),
		"RefreshToken":      reflect.TypeFor[ssoadmin.GrantMemberRefreshToken](),
		"TokenExchange":     reflect.TypeFor[ssoadmin.GrantMemberTokenExchange](),
	},
	reflect.TypeFor[ssoadmin.TrustedTokenIssuerConfiguration](): {
		"OidcJwtConfiguration": reflect.TypeFor[ssoadmin.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration](),
	},
	reflect.TypeFor[ssoadmin.TrustedTokenIssuerUpdateConfiguration](): {
		"OidcJwtConfiguration": reflect.TypeFor[ssoadmin.TrustedTokenIssuerUpdateConfigurationMemberOidcJwtConfiguration](),
	},
}

// documents makes the SDK's free-form JSON values, one constructor for each service's own interface type.
var documents = map[reflect.Type]func(any) any{
	reflect.TypeFor[identitystoredoc.Interface](): func(v any) any { return identitystoredoc.NewLazyDocument(v) },
	reflect.TypeFor[ssoadmindoc.Interface]():      func(v any) any { return ssoadmindoc.NewLazyDocument(v) },
}
