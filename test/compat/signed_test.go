package compat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"sekisho/test/compat/harness"
)

// keys are what a caller signs with.
type keys struct{ ID, Secret, Token string }

// roleCredentials gets the role's credentials for an access token, as every
// client does (I-01).
func roleCredentials(t testing.TB, s *harness.Server, token, account, role string) keys {
	t.Helper()
	a := bearer(t, s, "/federation/credentials?role_name="+role+"&account_id="+account, token)
	var out struct {
		RoleCredentials struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	}
	if err := json.Unmarshal(a.Body, &out); err != nil || a.Status != http.StatusOK {
		t.Fatalf("GetRoleCredentials: %d %v", a.Status, err)
	}
	c := out.RoleCredentials
	return keys{c.AccessKeyID, s.Secret("a role's secret key", c.SecretAccessKey), s.Secret("a session token", c.SessionToken)}
}

const whoAmI = "Action=GetCallerIdentity&Version=2011-06-15"

// query makes a Query request that is not signed yet.
func query(t testing.TB, s *harness.Server, method, body string) *http.Request {
	t.Helper()
	address := s.Base + "/"
	if method == http.MethodGet {
		address, body = address+"?"+body, ""
	}
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	return r
}

func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// sign signs r for STS with the Go SDK's signer.
func sign(t testing.TB, r *http.Request, body string, k keys, at time.Time) *http.Request {
	t.Helper()
	return signFor(t, r, body, k, at, "sts", region)
}

// signFor is sign with another scope.
func signFor(t testing.TB, r *http.Request, body string, k keys, at time.Time, service, region string) *http.Request {
	t.Helper()
	err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret, SessionToken: k.Token},
		r, hash(body), service, region, at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// presign is the address of a GetCallerIdentity that whoever has it may ask.
func presign(t testing.TB, s *harness.Server, k keys, at time.Time) string {
	t.Helper()
	r := query(t, s, http.MethodGet, whoAmI)
	address, _, err := v4.NewSigner().PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret, SessionToken: k.Token},
		r, hash(""), "sts", region, at)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func callerIdentity(t testing.TB, s *harness.Server, k keys) answer {
	t.Helper()
	return send(t, sign(t, query(t, s, http.MethodPost, whoAmI), whoAmI, k, time.Now()))
}

// caller reads GetCallerIdentity's answer.
func caller(t testing.TB, a answer) (arn string) {
	t.Helper()
	var out struct {
		XMLName xml.Name                              `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
		Result  struct{ Arn, Account, UserId string } `xml:"GetCallerIdentityResult"`
	}
	if err := xml.Unmarshal(a.Body, &out); err != nil || a.Status != http.StatusOK {
		t.Fatalf("GetCallerIdentity: %d %v\n%s", a.Status, err, a.Body)
	}
	return out.Result.Arn
}

// refusal is an error as a Query client reads it; code is "" after a success.
// Whatever a Query service refuses it refuses in XML (api-surface.md 0.11).
func refusal(t testing.TB, a answer) (code, message string) {
	t.Helper()
	if a.Status == http.StatusOK {
		return "", ""
	}
	var out struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Error     struct{ Type, Code, Message string }
		RequestId string
	}
	if err := xml.Unmarshal(a.Body, &out); err != nil {
		t.Errorf("a Query error that is no XML (%d): %v\n%s", a.Status, err, a.Body)
		return "?", ""
	}
	if ct := a.Header.Get("Content-Type"); !strings.HasPrefix(ct, "text/xml") {
		t.Errorf("a Query error has the content type %q", ct)
	}
	if id := a.Header.Get("x-amzn-RequestId"); id == "" || id != out.RequestId {
		t.Errorf("the request id is %q in the body and %q in the header", out.RequestId, id)
	}
	if out.Error.Type != "Sender" || a.Status < 400 || a.Status > 499 {
		t.Errorf("%s is of type %q with status %d", out.Error.Code, out.Error.Type, a.Status)
	}
	return out.Error.Code, out.Error.Message
}
