package compat

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/test/compat/harness"
)

const (
	iamOrgFile = "testdata/iam.yaml"

	productionKeyID  = "AKIAI44QH8DHBEXAMPLE"
	productionSecret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"

	administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"
)

// productionRoot are the root user's keys of the member account.
var productionRoot = keys{ID: productionKeyID, Secret: productionSecret}

// startIAM runs the program with the organisation for IAM's tests.
func startIAM(t testing.TB, env ...string) *harness.Server {
	t.Helper()
	s := harness.Start(t, iamOrgFile, env...)
	s.Secret("jane's password", jane.Password)
	s.Secret("taro's password", taro.Password)
	s.Secret("the management account's root key", rootSecret)
	s.Secret("the member account's root key", productionSecret)
	return s
}

func (k keys) provider() aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret, SessionToken: k.Token}, nil
	})
}

// iamClient is the Go SDK's client for these credentials. It tries once, so that
// a fault of the program is not hidden by a second try.
func iamClient(s *harness.Server, who aws.CredentialsProvider) *iam.Client {
	return iam.New(iam.Options{BaseEndpoint: &s.Base, Region: region, Credentials: who, RetryMaxAttempts: 1})
}

func stsClient(s *harness.Server, who aws.CredentialsProvider) *sts.Client {
	return sts.New(sts.Options{BaseEndpoint: &s.Base, Region: region, Credentials: who, RetryMaxAttempts: 1})
}

// must is a call that has to succeed.
func must[T any](t testing.TB) func(out T, err error) T {
	t.Helper()
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// allow is a policy document that allows the actions on everything.
func allow(actions ...string) string {
	return document(map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"})
}

// trust is a trust policy for AWS principals.
func trust(principals ...string) string {
	return document(map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": principals}})
}

func document(statements ...map[string]any) string {
	raw, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// totp is the code that a virtual device with this base32 seed shows at a time
// (RFC 6238: SHA-1, 30 s, six digits).
func totp(t testing.TB, seed string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(seed, "="))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[offset:])&0x7fffffff)%1_000_000)
}

// certificate makes a self-signed certificate and its key, both in PEM.
func certificate(t testing.TB, name string) (cert, key string) {
	t.Helper()
	private := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), DNSNames: []string{name},
	}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private))
	secret := must[[]byte](t)(x509.MarshalECPrivateKey(private))
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}))
}

// matches fails unless all of text is the pattern.
func matches(t testing.TB, what, text, pattern string) {
	t.Helper()
	if !regexp.MustCompile(`\A(?s:` + pattern + `)\z`).MatchString(text) {
		t.Errorf("%s is %q, want %s", what, text, pattern)
	}
}

// summary is how many the account has of everything.
func summary(t testing.TB, c *iam.Client) map[string]int32 {
	t.Helper()
	return must[*iam.GetAccountSummaryOutput](t)(c.GetAccountSummary(t.Context(), &iam.GetAccountSummaryInput{})).SummaryMap
}

func userName(i int) string { return fmt.Sprintf("user-%02d", i) }

// makeUsers makes so many users.
func makeUsers(t testing.TB, c *iam.Client, n int) {
	t.Helper()
	for i := range n {
		must[*iam.CreateUserOutput](t)(c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String(userName(i))}))
	}
}
