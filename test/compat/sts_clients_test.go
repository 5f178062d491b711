package compat

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"sekisho/internal/oidc/oidctest"
	"sekisho/internal/saml/samltest"
	"sekisho/test/compat/harness"
)

// member makes a user of the member account with a key and, if any, a policy.
func member(t *testing.T, s *harness.Server, root *iam.Client, name, policy string) keys {
	t.Helper()
	must[*iam.CreateUserOutput](t)(root.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}))
	if policy != "" {
		must[*iam.PutUserPolicyOutput](t)(root.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: &name, PolicyName: &name, PolicyDocument: &policy}))
	}
	k := must[*iam.CreateAccessKeyOutput](t)(root.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: &name})).AccessKey
	return keys{ID: *k.AccessKeyId, Secret: s.Secret(name+"'s secret key", *k.SecretAccessKey)}
}

func callerARN(t *testing.T, c *sts.Client) string {
	t.Helper()
	return *must[*sts.GetCallerIdentityOutput](t)(c.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})).Arn
}

// codeIs fails unless the call was refused with this code.
func codeIs(t *testing.T, what string, err error, want string) {
	t.Helper()
	if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

// TestGoAssumeRole: the SDK's provider for roles, with external id, tags and a
// session policy, chained once, and what the sessions may then do.
func TestGoAssumeRole(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	root, ctx := iamClient(s, productionRoot.provider()), t.Context()
	user := member(t, s, root, "app", allow("sts:AssumeRole", "sts:TagSession"))
	first := must[*iam.CreateRoleOutput](t)(root.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("First"), AssumeRolePolicyDocument: aws.String(document(map[string]any{
		"Effect": "Allow", "Action": []string{"sts:AssumeRole", "sts:TagSession"}, "Principal": map[string]any{"AWS": production},
		"Condition": map[string]any{"StringEquals": map[string]any{"sts:ExternalId": "id", "aws:RequestTag/Team": "blue"}},
	}))})).Role
	second := must[*iam.CreateRoleOutput](t)(root.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("Second"), AssumeRolePolicyDocument: aws.String(trust(*first.Arn))})).Role
	for role, policy := range map[string]string{"First": allow("iam:List*", "sts:AssumeRole"), "Second": allow("iam:List*", "iam:Get*")} {
		must[*iam.PutRolePolicyOutput](t)(root.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String("p"), PolicyDocument: aws.String(policy)}))
	}
	assume := func(by aws.CredentialsProvider, role *string, options ...func(*stscreds.AssumeRoleOptions)) aws.CredentialsProvider {
		options = append(options, func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = "run" })
		return aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(stsClient(s, by), *role, options...))
	}
	tagged := func(o *stscreds.AssumeRoleOptions) {
		o.ExternalID, o.Tags = aws.String("id"), []ststypes.Tag{{Key: aws.String("Team"), Value: aws.String("blue")}}
	}
	one := assume(user.provider(), first.Arn, tagged)
	matches(t, "the caller", callerARN(t, stsClient(s, one)), `arn:aws:sts::`+production+`:assumed-role/First/run`)
	two := assume(one, second.Arn, func(o *stscreds.AssumeRoleOptions) {
		o.Policy = aws.String(allow("iam:ListRoles"))
	})
	matches(t, "the caller after the chain", callerARN(t, stsClient(s, two)), `arn:aws:sts::`+production+`:assumed-role/Second/run`)
	must[*iam.ListRolesOutput](t)(iamClient(s, two).ListRoles(ctx, &iam.ListRolesInput{}))
	_, err := iamClient(s, two).ListUsers(ctx, &iam.ListUsersInput{})
	codeIs(t, "outside the session policy", err, "AccessDenied")
	if !strings.Contains(err.Error(), "because no session policy allows the iam:ListUsers action") {
		t.Errorf("the refusal is %v", err)
	}
	for what, creds := range map[string]aws.CredentialsProvider{
		"without the external id": assume(user.provider(), first.Arn, func(o *stscreds.AssumeRoleOptions) { tagged(o); o.ExternalID = nil }),
		"without the tag":         assume(user.provider(), first.Arn, func(o *stscreds.AssumeRoleOptions) { tagged(o); o.Tags = nil }),
		"who is not trusted":      assume(user.provider(), second.Arn),
		"a role that is not":      assume(user.provider(), aws.String(*first.Arn+"x"), tagged),
		"the root user":           assume(productionRoot.provider(), first.Arn, tagged),
	} {
		_, err := creds.Retrieve(ctx)
		codeIs(t, what, err, "AccessDenied")
	}
	_, err = assume(one, second.Arn, func(o *stscreds.AssumeRoleOptions) { o.Duration = 2 * time.Hour }).Retrieve(ctx)
	codeIs(t, "two hours", err, "ValidationError")

	// Who may no longer be trusted is out at once when the role is gone.
	must[*iam.DeleteRolePolicyOutput](t)(root.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: second.RoleName, PolicyName: aws.String("p")}))
	must[*iam.DeleteRoleOutput](t)(root.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: second.RoleName}))
	_, err = stsClient(s, two).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	codeIs(t, "a session of a deleted role", err, "InvalidClientTokenId")
}

// tokenSource gives a new token each time, as the file does that a cluster mounts.
type tokenSource func() string

func (f tokenSource) GetIdentityToken() ([]byte, error) { return []byte(f()), nil }

// TestGoWebIdentity: a workload that has tokens of an OpenID Connect provider
// and nothing else gets a role's credentials, and new ones when they end (J-03,
// The provider is known by its thumbprint.
func TestGoWebIdentity(t *testing.T) {
	t.Parallel()
	// IAM takes no provider on a port of its own, so this one is at 443 of a name
	// to which a proxy leads.
	idp := oidctest.New()
	t.Cleanup(idp.Close)
	idp.URL = "https://example.com"
	s := startIAM(t, "HTTPS_PROXY="+tunnel(t, idp.Listener.Addr().String()))
	root, ctx := iamClient(s, productionRoot.provider()), t.Context()
	provider := must[*iam.CreateOpenIDConnectProviderOutput](t)(root.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String(idp.Issuer()), ClientIDList: []string{"sts.amazonaws.com"}, ThumbprintList: []string{idp.Thumbprint()},
	})).OpenIDConnectProviderArn
	issuer := strings.TrimPrefix(idp.Issuer(), "https://")
	role := must[*iam.CreateRoleOutput](t)(root.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("Workload"), AssumeRolePolicyDocument: aws.String(document(map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": map[string]any{"Federated": *provider},
		"Condition": map[string]any{"StringEquals": map[string]any{issuer + ":aud": "sts.amazonaws.com", issuer + ":sub": "system:serviceaccount:default:app"}},
	}))})).Role
	must[*iam.PutRolePolicyOutput](t)(root.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allow("iam:ListUsers"))}))

	given := 0
	workload := func(subject, audience string) *stscreds.WebIdentityRoleProvider {
		return stscreds.NewWebIdentityRoleProvider(stsClient(s, aws.AnonymousCredentials{}), *role.Arn, tokenSource(func() string {
			given++
			return s.Secret("a workload's token", idp.Token(audience, s.Now(t), map[string]any{"sub": subject}))
		}), func(o *stscreds.WebIdentityRoleOptions) { o.RoleSessionName, o.Duration = "pod", 15*time.Minute })
	}
	creds := aws.NewCredentialsCache(workload("system:serviceaccount:default:app", "sts.amazonaws.com"))
	// With retries, the SDK finds out by itself how far the clocks are apart.
	c := iam.New(iam.Options{BaseEndpoint: &s.Base, Region: region, Credentials: creds})
	must[*iam.ListUsersOutput](t)(c.ListUsers(ctx, &iam.ListUsersInput{}))
	must[*iam.ListUsersOutput](t)(c.ListUsers(ctx, &iam.ListUsersInput{}))
	matches(t, "the caller", callerARN(t, stsClient(s, creds)), `arn:aws:sts::`+production+`:assumed-role/Workload/pod`)
	if given != 1 {
		t.Errorf("for one session the provider gave %d tokens", given)
	}
	held := must[aws.Credentials](t)(creds.Retrieve(ctx))
	s.Secret("the session's token", held.SessionToken)
	if life := held.Expires.Sub(s.Now(t)); !held.CanExpire || life < 14*time.Minute || life > 15*time.Minute {
		t.Errorf("the credentials last %v, want a quarter of an hour", life)
	}
	_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("x")})
	codeIs(t, "what the role may not", err, "AccessDenied")

	s.Advance(t, 15*time.Minute+time.Second)
	_, err = c.ListUsers(ctx, &iam.ListUsersInput{})
	codeIs(t, "after the quarter of an hour", err, "ExpiredToken")
	creds.Invalidate()
	must[*iam.ListUsersOutput](t)(c.ListUsers(ctx, &iam.ListUsersInput{}))
	if given != 2 {
		t.Errorf("for two sessions the provider gave %d tokens", given)
	}

	_, err = workload("somebody:else", "sts.amazonaws.com").Retrieve(ctx)
	codeIs(t, "another subject", err, "AccessDenied")
	_, err = workload("system:serviceaccount:default:app", "another").Retrieve(ctx)
	codeIs(t, "another audience", err, "InvalidIdentityToken")
	s.Advance(t, 24*time.Hour) // the keys are to be fetched again
	idp.Close()
	_, err = workload("system:serviceaccount:default:app", "sts.amazonaws.com").Retrieve(ctx)
	codeIs(t, "a key that cannot be fetched", err, "IDPCommunicationError")
}

// tunnel is the address of a proxy whose connections all lead to one place.
func tunnel(t *testing.T, address string) string {
	t.Helper()
	var open sync.WaitGroup
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "CONNECT only", http.StatusMethodNotAllowed)
			return
		}
		there, err := net.Dial("tcp", address)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		for _, way := range []struct{ to, from net.Conn }{{here, there}, {there, here}} {
			open.Go(func() {
				_, _ = io.Copy(way.to, way.from)
				_ = way.to.Close()
			})
		}
	}))
	t.Cleanup(func() { proxy.Close(); open.Wait() })
	return proxy.URL
}

// TestGoSAML: a SAML provider's assertion gets a role's credentials by a call
// that needs no others, and once only (J-03, R-21).
func TestGoSAML(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	root, ctx := iamClient(s, productionRoot.provider()), t.Context()
	idp := samltest.New("https://idp.example.com/saml")
	provider := must[*iam.CreateSAMLProviderOutput](t)(root.CreateSAMLProvider(ctx, &iam.CreateSAMLProviderInput{Name: aws.String("corp"), SAMLMetadataDocument: aws.String(idp.Metadata())})).SAMLProviderArn
	role := must[*iam.CreateRoleOutput](t)(root.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("Staff"), AssumeRolePolicyDocument: aws.String(document(map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML", "Principal": map[string]any{"Federated": *provider},
		"Condition": map[string]any{"StringEquals": map[string]any{"SAML:aud": "https://signin.aws.amazon.com/saml"}},
	}))})).Role
	must[*iam.PutRolePolicyOutput](t)(root.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allow("iam:ListUsers"))}))
	assertion := samlAssertion(idp, *role.Arn, *provider, s.Now(t))
	in := &sts.AssumeRoleWithSAMLInput{RoleArn: role.Arn, PrincipalArn: provider, SAMLAssertion: &assertion}
	out := must[*sts.AssumeRoleWithSAMLOutput](t)(stsClient(s, aws.AnonymousCredentials{}).AssumeRoleWithSAML(ctx, in))
	matches(t, "the session", *out.AssumedRoleUser.Arn, `arn:aws:sts::`+production+`:assumed-role/Staff/jane@example\.com`)
	matches(t, "the issuer", *out.Issuer, `https://idp\.example\.com/saml`)
	k := out.Credentials
	who := keys{ID: *k.AccessKeyId, Secret: *k.SecretAccessKey, Token: s.Secret("the session's token", *k.SessionToken)}
	must[*iam.ListUsersOutput](t)(iamClient(s, who.provider()).ListUsers(ctx, &iam.ListUsersInput{}))
	_, err := iamClient(s, who.provider()).ListRoles(ctx, &iam.ListRolesInput{})
	codeIs(t, "what the role may not", err, "AccessDenied")

	other := samlAssertion(samltest.New("https://idp.example.com/saml"), *role.Arn, *provider, s.Now(t))
	_, err = stsClient(s, aws.AnonymousCredentials{}).AssumeRoleWithSAML(ctx, &sts.AssumeRoleWithSAMLInput{RoleArn: role.Arn, PrincipalArn: provider, SAMLAssertion: &other})
	codeIs(t, "signed by somebody else", err, "InvalidIdentityToken")
	raw := must[[]byte](t)(base64.StdEncoding.DecodeString(assertion))
	forged := base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(raw), "jane@example.com", "root@example.com", 1)))
	_, err = stsClient(s, aws.AnonymousCredentials{}).AssumeRoleWithSAML(ctx, &sts.AssumeRoleWithSAMLInput{RoleArn: role.Arn, PrincipalArn: provider, SAMLAssertion: &forged})
	codeIs(t, "changed afterwards", err, "InvalidIdentityToken")
}

// TestGoUserSessions: GetSessionToken and GetFederationToken as the SDK's users
// have them.
func TestGoUserSessions(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	root, ctx := iamClient(s, productionRoot.provider()), t.Context()
	broker := member(t, s, root, "broker", allow("iam:List*", "sts:GetFederationToken", "sts:GetAccessKeyInfo"))
	c := stsClient(s, broker.provider())
	session := must[*sts.GetSessionTokenOutput](t)(c.GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})).Credentials
	matches(t, "the user's session", callerARN(t, stsClient(s, static(session))), `arn:aws:iam::`+production+`:user/broker`)
	_, err := iamClient(s, static(session)).ListUsers(ctx, &iam.ListUsersInput{})
	codeIs(t, "IAM without a second factor", err, "InvalidClientTokenId")
	_, err = stsClient(s, static(session)).GetSessionToken(ctx, &sts.GetSessionTokenInput{})
	codeIs(t, "a session's session", err, "AccessDenied")

	federated := must[*sts.GetFederationTokenOutput](t)(c.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("guest"), Policy: aws.String(allow("*"))}))
	matches(t, "the federated user", *federated.FederatedUser.Arn, `arn:aws:sts::`+production+`:federated-user/guest`)
	matches(t, "the federated user's call", callerARN(t, stsClient(s, static(federated.Credentials))), `arn:aws:sts::`+production+`:federated-user/guest`)
	info := must[*sts.GetAccessKeyInfoOutput](t)(c.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: federated.Credentials.AccessKeyId}))
	if *info.Account != production {
		t.Errorf("the key is of account %s", *info.Account)
	}
	_, err = c.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("guest"), Policy: aws.String(`{"Version":"2012-10-17"}`)})
	if !is[*ststypes.MalformedPolicyDocumentException](err) {
		t.Errorf("a malformed session policy: %v", err)
	}
}

func static(c *ststypes.Credentials) aws.CredentialsProvider {
	return keys{ID: *c.AccessKeyId, Secret: *c.SecretAccessKey, Token: *c.SessionToken}.provider()
}

// samlAssertion is what the provider posts for jane, good for one role.
func samlAssertion(idp *samltest.Provider, role, provider string, now time.Time) string {
	return idp.Sign(samltest.Response{Subject: "jane@example.com", IssuedAt: now, Attributes: map[string][]string{
		samltest.Role: {role + "," + provider}, samltest.RoleSessionName: {"jane@example.com"},
	}})
}
