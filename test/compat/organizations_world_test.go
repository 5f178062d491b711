package compat

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"sekisho/test/compat/harness"
)

const (
	organizationsFile = "testdata/organizations.yaml"

	management = "111122223333"
	sandbox    = "222233334444"

	readOnlyAccess = "arn:aws:iam::aws:policy/ReadOnlyAccess"
)

// The root users' keys of the organisation of organizationsFile.
var (
	managementRoot = keys{ID: rootKeyID, Secret: rootSecret}
	stagingRoot    = keys{ID: "AKIAJ55RI9EICEXAMPLE", Secret: "kf8NuHcDmxCG/3Aq0Vul/i4zDp9owcEXAMPLEKEY"}
	sandboxRoot    = keys{ID: "AKIAK66SJ0FJDEXAMPLE", Secret: "lg9OvIdEnyDH/4Br1Wvm/j5AEq0pxdEXAMPLEKEY"}
)

// startOrganization runs the program with an organization of four accounts and an
// Identity Center instance.
func startOrganization(t testing.TB) *harness.Server {
	t.Helper()
	s := harness.Start(t, organizationsFile)
	s.Secret("jane's password", jane.Password)
	s.Secret("taro's password", taro.Password)
	for what, k := range map[string]keys{"management": managementRoot, "production": productionRoot, "staging": stagingRoot, "sandbox": sandboxRoot} {
		s.Secret("the root key of "+what, k.Secret)
	}
	return s
}

func organizationsClient(s *harness.Server, who aws.CredentialsProvider) *organizations.Client {
	return organizations.New(organizations.Options{BaseEndpoint: &s.Base, Region: region, Credentials: who, RetryMaxAttempts: 1})
}

func ssoadminClient(s *harness.Server, who aws.CredentialsProvider) *ssoadmin.Client {
	return ssoadmin.New(ssoadmin.Options{BaseEndpoint: &s.Base, Region: region, Credentials: who, RetryMaxAttempts: 1})
}

func identitystoreClient(s *harness.Server, who aws.CredentialsProvider) *identitystore.Client {
	return identitystore.New(identitystore.Options{BaseEndpoint: &s.Base, Region: region, Credentials: who, RetryMaxAttempts: 1})
}

// theInstance is the ARN of the organization's Identity Center instance, and
// theStore its directory.
func theInstance(t testing.TB, s *harness.Server) string {
	t.Helper()
	instance, _ := identityCenter(t, s)
	return instance
}

func theStore(t testing.TB, s *harness.Server) string {
	t.Helper()
	_, store := identityCenter(t, s)
	return store
}

func identityCenter(t testing.TB, s *harness.Server) (instance, store string) {
	t.Helper()
	out := must[*ssoadmin.ListInstancesOutput](t)(ssoadminClient(s, managementRoot.provider()).ListInstances(t.Context(), &ssoadmin.ListInstancesInput{}))
	if len(out.Instances) != 1 {
		t.Fatalf("%d instances", len(out.Instances))
	}
	return *out.Instances[0].InstanceArn, *out.Instances[0].IdentityStoreId
}

// reservedRoles are the names of Identity Center's roles in the account whose root
// user it is.
func reservedRoles(t testing.TB, s *harness.Server, of keys) (names []string) {
	t.Helper()
	out := must[*iam.ListRolesOutput](t)(iamClient(s, of.provider()).ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: aws.String("/aws-reserved/sso.amazonaws.com/")}))
	for _, r := range out.Roles {
		names = append(names, *r.RoleName)
	}
	return names
}

// eventually fails unless what becomes true within ten seconds: for work that the
// program does in the background, which clients wait for like this, too.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}
