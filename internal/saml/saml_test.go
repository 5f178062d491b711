package saml_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sekisho/internal/saml"
	"sekisho/internal/saml/samltest"
)

const (
	entity    = "https://idp.example.com/metadata"
	endpoint  = "https://signin.aws.amazon.com/saml"
	roleARN   = "arn:aws:iam::111122223333:role/Reader"
	idpARN    = "arn:aws:iam::111122223333:saml-provider/Corp"
	emailType = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
)

var (
	now      = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	verifier = &saml.Verifier{Recipients: []string{endpoint, "http://signin.localhost/saml"}, Audiences: []string{endpoint, "urn:amazon:webservices"}}

	// The keys of testdata, which nothing else uses: a fuzzer's worker processes
	// must agree on who signed the seeds.
	provider = sync.OnceValue(func() *samltest.Provider { return samltest.NewWithKey(entity, key("provider.pem")) })
	sealKey  = sync.OnceValue(func() *rsa.PrivateKey { return key("decryption.pem") })
	stranger = sync.OnceValue(func() *samltest.Provider { return samltest.New(entity) })
	metadata = sync.OnceValue(func() saml.Metadata {
		md, err := saml.ParseMetadata(provider().Metadata())
		if err != nil {
			panic(err)
		}
		return md
	})
)

// key reads a private key of testdata.
func key(name string) *rsa.PrivateKey {
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(text)
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return k.(*rsa.PrivateKey)
}

// good is a response that is believed, with everything that AWS reads in it.
func good() samltest.Response {
	return samltest.Response{
		IssuedAt: now, ID: "_assertion-1", Subject: "alice@example.com", SubjectFormat: emailType,
		SessionEnds: now.Add(8 * time.Hour),
		Attributes: map[string][]string{
			saml.AttributeRole:                     {roleARN + "," + idpARN},
			saml.AttributeRoleSessionName:          {"alice"},
			saml.AttributePrincipalTag + "Project": {"Marketing & Sales"},
			saml.AttributeTransitiveTagKeys:        {"Project"},
			saml.AttributeSourceIdentity:           {"alice"},
			saml.AttributeSessionDuration:          {"1800"},
			"urn:oid:1.3.6.1.4.1.5923.1.1.1.1":     {"member", "staff"},
			"urn:oid:1.3.6.1.4.1.5923.1.1.1.6":     {"alice@example.org"},
		},
	}
}

// refused checks an error's code, and its message if one is wanted.
func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	var e *saml.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, code)
	}
	if e.Code != code || message != "" && e.Message != message {
		t.Fatalf("got %v, want %s: %s", e, code, message)
	}
}

func TestVerifyReadsWhatWasSigned(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*samltest.Response){
		"assertion signed":            func(*samltest.Response) {},
		"both signed":                 func(r *samltest.Response) { r.SignResponse = true },
		"response signed":             func(r *samltest.Response) { r.SignResponse, r.SkipAssertion = true, true },
		"encrypted, assertion signed": func(r *samltest.Response) { r.EncryptTo = &sealKey().PublicKey },
		"encrypted, response signed": func(r *samltest.Response) {
			r.EncryptTo, r.SignResponse, r.SkipAssertion = &sealKey().PublicKey, true, true
		},
		"encrypted, both signed":       func(r *samltest.Response) { r.EncryptTo, r.SignResponse = &sealKey().PublicKey, true },
		"encrypted with CBC":           func(r *samltest.Response) { r.EncryptTo, r.CBC = &sealKey().PublicKey, true },
		"destination is the recipient": func(r *samltest.Response) { r.Destination = endpoint },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := good()
			edit(&r)
			text := provider().Sign(r)
			if iss, err := verifier.Issuer(text); r.EncryptTo == nil && (err != nil || iss != entity) {
				t.Errorf("Issuer: %q, %v", iss, err)
			}
			got, err := verifier.Verify(metadata(), text, now, stranger().Key, sealKey())
			if err != nil {
				t.Fatal(err)
			}
			want := &saml.Assertion{
				ID: "_assertion-1", Issuer: entity, Subject: "alice@example.com", SubjectFormat: emailType,
				Audience: "urn:amazon:webservices", Recipient: endpoint, Attributes: r.Attributes,
				IssuedAt: now, NotOnOrAfter: now.Add(5 * time.Minute), SessionNotOnOrAfter: now.Add(8 * time.Hour), Encrypted: r.EncryptTo != nil,
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMetadataIsRead(t *testing.T) {
	t.Parallel()
	md := metadata()
	if md.EntityID != entity || len(md.Certificates) != 1 || !md.Certificates[0].Equal(provider().Certificate) {
		t.Errorf("%+v", md)
	}
	if len(md.SingleSignOn) != 2 || !strings.HasSuffix(md.SingleSignOn[0].Binding, "HTTP-POST") || len(md.NameIDFormats) != 1 {
		t.Errorf("%+v", md.SingleSignOn)
	}
}
