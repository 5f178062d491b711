package iam_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// Clients index the lists of an answer without asking whether they are there:
// those that AWS answers empty are empty, and those that it leaves out are no
// member (api-surface.md 2).
func TestEmptyLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c := t.Context(), w.root()
	w.user("ann")
	w.role("Server")
	policy := w.policy("/", "Reads")
	must(w.service.CreateInstanceProfile(ctx, c, &awsiam.CreateInstanceProfileInput{InstanceProfileName: aws.String("Web")}))
	w.serverCertificate("/", "tls")
	saml, oidc := w.samlProvider("Okta"), w.oidcProvider("token.example.com")
	for _, test := range []struct {
		name          string
		answer        any
		empty, absent []string
	}{
		{"GetUser", must(w.service.GetUser(ctx, c, &awsiam.GetUserInput{UserName: aws.String("ann")})).User, nil, []string{"Tags"}},
		{"GetRole", must(w.service.GetRole(ctx, c, &awsiam.GetRoleInput{RoleName: aws.String("Server")})).Role, nil, []string{"Tags"}},
		{"GetPolicy", must(w.service.GetPolicy(ctx, c, &awsiam.GetPolicyInput{PolicyArn: policy})).Policy, []string{"Tags"}, nil},
		{"ListPolicies", must(w.service.ListPolicies(ctx, c, &awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})).Policies[0], nil, []string{"Tags"}},
		{
			"ListEntitiesForPolicy", must(w.service.ListEntitiesForPolicy(ctx, c, &awsiam.ListEntitiesForPolicyInput{PolicyArn: policy})),
			[]string{"PolicyGroups", "PolicyRoles", "PolicyUsers"},
			nil,
		},
		{
			"GetInstanceProfile", must(w.service.GetInstanceProfile(ctx, c, &awsiam.GetInstanceProfileInput{InstanceProfileName: aws.String("Web")})).InstanceProfile,
			[]string{"Roles", "Tags"},
			nil,
		},
		{
			"ListInstanceProfiles", must(w.service.ListInstanceProfiles(ctx, c, &awsiam.ListInstanceProfilesInput{})).InstanceProfiles[0],
			[]string{"Roles"},
			[]string{"Tags"},
		},
		{
			"GetServerCertificate", must(w.service.GetServerCertificate(ctx, c, &awsiam.GetServerCertificateInput{ServerCertificateName: aws.String("tls")})).ServerCertificate,
			[]string{"Tags"},
			nil,
		},
		{
			"GetSAMLProvider", must(w.service.GetSAMLProvider(ctx, c, &awsiam.GetSAMLProviderInput{SAMLProviderArn: &saml})),
			[]string{"PrivateKeyList", "Tags"},
			nil,
		},
		{
			"GetOpenIDConnectProvider", must(w.service.GetOpenIDConnectProvider(ctx, c, &awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &oidc})),
			[]string{"ClientIDList", "Tags"},
			nil,
		},
	} {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(must(json.Marshal(test.answer)), &members); err != nil {
			t.Fatal(err)
		}
		var empty, absent []string
		for _, name := range slices.Sorted(maps.Keys(members)) {
			switch {
			case string(members[name]) == "[]":
				empty = append(empty, name)
			case string(members[name]) == "null" && slices.Contains(test.absent, name):
				absent = append(absent, name)
			}
		}
		if !slices.Equal(empty, test.empty) || !slices.Equal(absent, test.absent) {
			t.Errorf("%s: %v are empty and %v no members, want %v and %v", test.name, empty, absent, test.empty, test.absent)
		}
	}
	got := must(w.service.GetSAMLProvider(ctx, c, &awsiam.GetSAMLProviderInput{SAMLProviderArn: &saml}))
	if got.AssertionEncryptionMode != types.AssertionEncryptionModeTypeAllowed {
		t.Errorf("a provider that was never told how to encrypt says %q", got.AssertionEncryptionMode)
	}
}
