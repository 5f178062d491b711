package sts_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/oidc/oidctest"
	"sekisho/internal/services/sts"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// key is a long-term access key of the user, or of the account's root user for "".
func (w *world) key(accountID, user string) *types.Credentials {
	w.Helper()
	k := iam.AccessKey{ID: arn.NewUniqueID(arn.PrefixAccessKey, accountID), Account: accountID, User: user, Secret: token.NewSecretKey(), Active: true, CreatedAt: start}
	w.update(func(tx store.Tx) error { return tx.PutAccessKey(k) })
	return &types.Credentials{AccessKeyId: &k.ID, SecretAccessKey: aws.String(k.Secret.Reveal()), SessionToken: aws.String("")}
}

// Each kind of identity that an account can hold comes with credentials of its
// own kind, is told by GetCallerIdentity who it is, and may do what its own
// policies say, whatever those of the others say (A-03, R-14, R-15, R-20, R-21,
// behaviours.md 3.6, 4.6).
func TestIdentities(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("s3:GetObject", "sts:GetFederationToken"))
	role := w.role(management, "Deploy", trust(jane.ARN()), allow("s3:PutObject"), func(r *iam.Role) { r.Path = "/ci/" })
	w.samlProvider("Okta")
	workforce := w.role(management, "Workforce", bySAML(), allow("s3:ListBucket"))
	server := oidctest.New()
	t.Cleanup(server.Close)
	w.service.OIDC = &oidc.Verifier{HTTPClient: server.Client()}
	name := strings.TrimPrefix(server.Issuer(), "https://")
	w.update(func(tx store.Tx) error {
		return tx.PutOIDCProvider(iam.OIDCProvider{Account: management, URL: name, ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{server.Thumbprint()}, CreatedAt: start})
	})
	web := w.role(management, "Web", byToken(arn.OIDCProvider(management, name)), allow("s3:DeleteObject"))

	janesKey, rootKey := w.key(management, jane.ID), w.key(management, "")
	federation := allow("s3:GetObject", "s3:PutObject")
	for _, c := range []struct {
		name        string
		credentials *types.Credentials
		prefix      string // of the access key's id
		arn, userID string
		may         []string
	}{
		{"root user", rootKey, "AKIA", "arn:aws:iam::111122223333:root", management, []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"}},
		{"IAM user", janesKey, "AKIA", "arn:aws:iam::111122223333:user/jane", jane.ID, []string{"s3:GetObject"}},
		{
			"IAM user for a time",
			must(do(w, w.by(janesKey), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{})).Credentials,
			"ASIA", "arn:aws:iam::111122223333:user/jane", jane.ID, []string{"s3:GetObject"},
		},
		{
			"role, whose path is dropped",
			must(w.assume(w.by(janesKey), role.ARN())).Credentials,
			"ASIA", "arn:aws:sts::111122223333:assumed-role/Deploy/session", role.ID + ":session", []string{"s3:PutObject"},
		},
		{
			"federated from a corporate directory",
			must(w.withSAML(workforce.ARN(), idp().Sign(w.response(workforce.ARN())))).Credentials,
			"ASIA", "arn:aws:sts::111122223333:assumed-role/Workforce/alice", workforce.ID + ":alice", []string{"s3:ListBucket"},
		},
		{
			"federated by a web identity",
			must(do(w, anonymous, "AssumeRoleWithWebIdentity", w.service.AssumeRoleWithWebIdentity, &awssts.AssumeRoleWithWebIdentityInput{
				RoleArn: aws.String(web.ARN()), RoleSessionName: aws.String("runner"), WebIdentityToken: aws.String(server.Token("sts.amazonaws.com", start, nil)),
			})).Credentials,
			"ASIA", "arn:aws:sts::111122223333:assumed-role/Web/runner", web.ID + ":runner", []string{"s3:DeleteObject"},
		},
		{
			"federated by a broker, who gives a part of its own",
			must(do(w, w.by(janesKey), "GetFederationToken", w.service.GetFederationToken, &awssts.GetFederationTokenInput{Name: aws.String("guest"), Policy: &federation})).Credentials,
			"ASIA", "arn:aws:sts::111122223333:federated-user/guest", "111122223333:guest", []string{"s3:GetObject"},
		},
	} {
		p := w.by(c.credentials)
		out := must(do(w, p, "GetCallerIdentity", w.service.GetCallerIdentity, &awssts.GetCallerIdentityInput{}))
		if got, want := []string{*out.Account, *out.Arn, *out.UserId}, []string{management, c.arn, c.userID}; !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", c.name, got, want)
		}
		if !strings.HasPrefix(*c.credentials.AccessKeyId, c.prefix) {
			t.Errorf("%s has the key %s", c.name, *c.credentials.AccessKeyId)
		}
		for _, action := range []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject", "ec2:RunInstances"} {
			want := slices.Contains(c.may, action) || p.Kind == call.Root
			if got := w.may(p, action, "arn:aws:s3:::bucket/key"); got != want {
				t.Errorf("%s may %s: %v, want %v", c.name, action, got, want)
			}
		}
		// Without the secret the identity is nobody's to use.
		stolen := *c.credentials
		stolen.SecretAccessKey = aws.String("wrong")
		if _, err := w.as(&stolen, "sts"); err == nil {
			t.Errorf("%s needs no secret", c.name)
		}
	}
}

// No policy can take GetCallerIdentity away: its rule asks for a signature only.
func TestTable(t *testing.T) {
	t.Parallel()
	if r := sts.Table["GetCallerIdentity"]; r.Access != call.SignedOnly || !r.ReadOnly || r.Action != "sts:GetCallerIdentity" {
		t.Errorf("%+v", r)
	}
}
