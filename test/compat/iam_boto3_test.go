package compat

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"sekisho/internal/saml/samltest"
	"sekisho/test/compat/harness"
)

// boto3 runs a command of python/iam.py as the member account's root user and
// reads its answer:
//
//	paginators    page through everything, one by one
//	waiters       wait for what is there and for what is not
//	documents     what documents and errors look like to a program
func boto3(t *testing.T, command string, out any) {
	t.Helper()
	s := startIAM(t)
	h := s.Home(t)
	cert, key := certificate(t, "web.example.com")
	one, _ := certificate(t, "one.example.com")
	two, _ := certificate(t, "two.example.com")
	material := must[[]byte](t)(json.Marshal(map[string]any{
		"certificate": cert, "key": key, "certificates": []string{cert, one, two}, "ssh": []string{"", sshKey(t), sshKey(t)},
		"saml": samltest.New("https://idp.example.com/saml").Metadata(),
	}))
	h.Write("material.json", string(material))
	script, _ := filepath.Abs("python/iam.py")
	h = h.With("COMPAT_ENDPOINT="+s.Base, "COMPAT_MATERIAL="+h.Path("material.json"), "AWS_ACCESS_KEY_ID="+productionKeyID, "AWS_SECRET_ACCESS_KEY="+productionSecret)
	raw := h.Must(harness.Python(t, "python"), script, command)
	if err := json.Unmarshal([]byte(raw), out); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
}

// TestBoto3Paginators: every paginator of IAM, with pages of one, gives what one
// large page gives, each element once (api-surface.md section 2).
func TestBoto3Paginators(t *testing.T) {
	t.Parallel()
	type result struct {
		Pages, Elements int
		Same            bool
	}
	var got map[string]result
	boto3(t, "paginators", &got)
	if len(got) < 34 {
		t.Errorf("boto3 has %d paginators for IAM", len(got))
	}
	for operation, r := range got {
		least := 2
		switch operation {
		case "list_account_aliases": // an account has one
			least = 1
		case "list_mfa_devices": // none was enabled
			least = 0
		}
		if !r.Same || r.Elements < least || r.Pages < least {
			t.Errorf("%s: %+v, want %d elements or more, one to a page, the same as at once", operation, r, least)
		}
	}
}

// TestBoto3Waiters: IAM's waiters end at once when the thing is there, and in
// vain when it is not (api-surface.md section 2).
func TestBoto3Waiters(t *testing.T) {
	t.Parallel()
	var got struct {
		Names []string
		Vain  map[string]string
	}
	boto3(t, "waiters", &got)
	if want := []string{"instance_profile_exists", "policy_exists", "role_exists", "user_exists"}; !slices.Equal(got.Names, want) {
		t.Errorf("the waiters are %q, want %q", got.Names, want)
	}
	for name, reason := range got.Vain {
		matches(t, name+", in vain", reason, `Max attempts exceeded.*`)
	}
}

// TestBoto3Documents: policy documents arrive as dictionaries equal to what was
// sent, whatever characters they have; errors of the client and of the server
// are told apart, and the server's are the client's own exceptions
// (api-surface.md sections 2 and 9).
func TestBoto3Documents(t *testing.T) {
	t.Parallel()
	var got struct {
		Same     map[string]bool
		Failures map[string]string
	}
	boto3(t, "documents", &got)
	for what, same := range got.Same {
		if !same {
			t.Errorf("%s: not what was sent", what)
		}
	}
	for what, want := range map[string]string{
		"no name":                 "refused by the client",
		"empty name":              "refused by the client",
		"page size":               "refused by the client",
		"characters":              "400 ValidationError ClientError",
		"length":                  "400 ValidationError ClientError",
		"page size of the server": "400 ValidationError ClientError",
		"taken":                   "409 EntityAlreadyExists EntityAlreadyExistsException",
		"missing":                 "404 NoSuchEntity NoSuchEntityException",
		"in use":                  "409 DeleteConflict DeleteConflictException",
		"malformed":               "400 MalformedPolicyDocument MalformedPolicyDocumentException",
		"malformed trust":         "400 MalformedPolicyDocument MalformedPolicyDocumentException",
		"reserved path":           "400 InvalidInput InvalidInputException",
		"managed by AWS":          "403 AccessDenied ClientError",
		"no password policy":      "404 NoSuchEntity NoSuchEntityException",
		"no report":               "410 ReportNotPresent CredentialReportNotPresentException",
		"certificate":             "400 MalformedCertificate MalformedCertificateException",
		"public key":              "400 UnrecognizedPublicKeyEncoding UnrecognizedPublicKeyEncodingException",
	} {
		if got.Failures[what] != want {
			t.Errorf("%s: %s, want %s", what, got.Failures[what], want)
		}
	}
}
