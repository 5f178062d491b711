package iam_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// issued is a certificate of key, valid around start, that issuer signed with its
// key; nil signs itself.
func issued(name string, key crypto.Signer, issuer *x509.Certificate, issuerKey crypto.Signer) *x509.Certificate {
	return issuedFor(name, start.Add(-time.Hour), start.AddDate(1, 0, 0), key, issuer, issuerKey)
}

func issuedFor(name string, from, until time.Time, key crypto.Signer, issuer *x509.Certificate, issuerKey crypto.Signer) *x509.Certificate {
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until,
		BasicConstraintsValid: true, IsCA: true,
	}
	if issuer == nil {
		issuer, issuerKey = c, key
	}
	return must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, c, issuer, key.Public(), issuerKey))))
}

func certPEM(certs ...*x509.Certificate) (text string) {
	for _, c := range certs {
		text += pemOf("CERTIFICATE", c.Raw)
	}
	return text
}

func (w *world) serverCertificate(path, name string) string {
	w.Helper()
	key := rsaKeys()[0]
	must(w.service.UploadServerCertificate(w.Context(), w.root(), &awsiam.UploadServerCertificateInput{
		Path: &path, ServerCertificateName: &name, CertificateBody: aws.String(certPEM(issued(name, key, nil, nil))), PrivateKey: aws.String(pkcs1(key)),
	}))
	return name
}

func TestServerCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keys := rsaKeys()
	root := issued("root", keys[0], nil, nil)
	intermediate := issued("intermediate", keys[1], root, keys[0])
	leaf := issued("leaf", keys[2], intermediate, keys[1])
	body, chain := certPEM(leaf), certPEM(intermediate, root)
	c := w.root()
	made := must(w.service.UploadServerCertificate(t.Context(), c, &awsiam.UploadServerCertificateInput{
		Path: aws.String("/cloudfront/"), ServerCertificateName: aws.String("ProdCert"), CertificateBody: &body, CertificateChain: &chain,
		PrivateKey: aws.String(pkcs1(keys[2])), Tags: []types.Tag{wireTag("z", "1"), wireTag("a", "2")},
	}))
	m := made.ServerCertificateMetadata
	if *m.Arn != "arn:aws:iam::"+acct+":server-certificate/cloudfront/ProdCert" || *m.Path != "/cloudfront/" || *m.ServerCertificateName != "ProdCert" ||
		!regexp.MustCompile(`^ASCA[A-Z2-7]{17}$`).MatchString(*m.ServerCertificateId) || !m.UploadDate.Equal(start.Truncate(time.Second)) ||
		!m.Expiration.Equal(leaf.NotAfter) || !slices.Equal(tagged(made.Tags), []string{"a=2", "z=1"}) {
		t.Errorf("made: %+v %v", m, made.Tags)
	}
	if got := detail(c); !slices.Equal(got, []string{"serverCertificateId"}) {
		t.Errorf("the event says %v", got)
	}
	got := must(w.service.GetServerCertificate(t.Context(), w.root(), &awsiam.GetServerCertificateInput{ServerCertificateName: aws.String("PRODcert")})).ServerCertificate
	if *got.CertificateBody != strings.TrimSpace(body) || *got.CertificateChain != strings.TrimSpace(chain) || !reflect.DeepEqual(got.ServerCertificateMetadata, m) || !reflect.DeepEqual(got.Tags, made.Tags) {
		t.Errorf("read back: %+v", got)
	}
	var kept iam.ServerCertificate
	w.view(func(tx store.Tx) (err error) { kept, err = tx.ServerCertificateByName(acct, "prodcert"); return err })
	if kept.PrivateKey.Reveal() != pkcs1(keys[2]) {
		t.Error("the private key is not kept")
	}

	// Renaming and moving; who does it has to be allowed both names.
	update := func(path, name string) error {
		in := &awsiam.UpdateServerCertificateInput{ServerCertificateName: aws.String("ProdCert")}
		if path != "" {
			in.NewPath = &path
		}
		if name != "" {
			in.NewServerCertificateName = &name
		}
		_, err := w.service.UpdateServerCertificate(t.Context(), w.root(), in)
		return err
	}
	w.serverCertificate("/", "Other")
	w.expect("a taken name", update("", "OTHER"), "EntityAlreadyExists", "The Server Certificate with name OTHER already exists.")
	w.expect("moved, and its own name in another writing", update("/elb/", "prodCERT"), "", "")
	last := w.authz.asked[len(w.authz.asked)-1]
	if last.action != "iam:UpdateServerCertificate" || last.target.ARN != "arn:aws:iam::"+acct+":server-certificate/elb/prodCERT" {
		t.Errorf("asked %+v", last)
	}
	w.authz.denied = map[string]bool{"iam:UpdateServerCertificate": true}
	w.expect("not allowed", update("/x/", ""), errDenied.Error(), "")
	w.authz.denied = nil
	got = must(w.service.GetServerCertificate(t.Context(), w.root(), &awsiam.GetServerCertificateInput{ServerCertificateName: aws.String("prodcert")})).ServerCertificate
	if *got.ServerCertificateMetadata.Arn != "arn:aws:iam::"+acct+":server-certificate/elb/prodCERT" || *got.ServerCertificateMetadata.ServerCertificateId != *m.ServerCertificateId ||
		*got.CertificateBody != strings.TrimSpace(body) || !reflect.DeepEqual(got.Tags, made.Tags) {
		t.Errorf("moved: %+v", got)
	}

	must(w.service.DeleteServerCertificate(t.Context(), w.root(), &awsiam.DeleteServerCertificateInput{ServerCertificateName: aws.String("PRODCERT")}))
	const missing = "The Server Certificate with name ProdCert cannot be found."
	_, err1 := w.service.DeleteServerCertificate(t.Context(), w.root(), &awsiam.DeleteServerCertificateInput{ServerCertificateName: aws.String("ProdCert")})
	_, err2 := w.service.GetServerCertificate(t.Context(), w.root(), &awsiam.GetServerCertificateInput{ServerCertificateName: aws.String("ProdCert")})
	_, err3 := w.service.TagServerCertificate(t.Context(), w.root(), &awsiam.TagServerCertificateInput{ServerCertificateName: aws.String("ProdCert")})
	for _, err := range []error{err1, err2, err3, update("/", "")} {
		w.expect("deleted", err, "NoSuchEntity", missing)
	}
}

func TestServerCertificateRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.quota(iam.ServerCertificates, 3)
	w.serverCertificate("/", "Taken")
	keys := rsaKeys()
	root := issued("root", keys[0], nil, nil)
	intermediate := issued("intermediate", keys[1], root, keys[0])
	leaf := issued("leaf", keys[2], intermediate, keys[1])
	old := issuedFor("old", start.AddDate(-2, 0, 0), start.AddDate(-1, 0, 0), keys[2], nil, nil)
	ec := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	ecPEM := pemOf("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}) + pemOf("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(ec)))
	const (
		notPEM   = "Unable to parse certificate. Please ensure the certificate is in PEM format."
		badKey   = "Unable to parse private key. Please ensure the key is in PEM format and not encrypted."
		badChain = "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any " +
			"intermediaries in order. The index within the chain of the invalid certificate is: "
	)
	var long []*x509.Certificate
	for range 33 {
		long = append(long, root)
	}
	for _, c := range []struct {
		name, as, body, key, chain string
		code, message              string
	}{
		{"taken", "TAKEN", certPEM(leaf), pkcs1(keys[2]), "", "EntityAlreadyExists", "The Server Certificate with name TAKEN already exists."},
		{"no PEM", "x", "MIIB", pkcs1(keys[2]), "", "MalformedCertificate", notPEM},
		{"words before it", "x", "leaf:\n" + certPEM(leaf), pkcs1(keys[2]), "", "MalformedCertificate", notPEM},
		{"two certificates", "x", certPEM(leaf, root), pkcs1(keys[2]), "", "MalformedCertificate", notPEM},
		{"a key for a certificate", "x", pkcs1(keys[2]), pkcs1(keys[2]), "", "MalformedCertificate", notPEM},
		{"no DER", "x", pemOf("CERTIFICATE", []byte("x")), pkcs1(keys[2]), "", "MalformedCertificate", notPEM},
		{"expired", "x", certPEM(old), pkcs1(keys[2]), "", "MalformedCertificate",
			"The certificate is not valid now: its validity is from 2024-11-22T09:00:00Z to 2025-11-22T09:00:00Z."},
		{"another key", "x", certPEM(leaf), pkcs1(keys[3]), "", "KeyPairMismatch", "The private key does not match the public key of the certificate."},
		{"a key of another kind", "x", certPEM(leaf), ecPEM, "", "KeyPairMismatch", "The private key does not match the public key of the certificate."},
		{"encrypted key", "x", certPEM(leaf), pemOf("ENCRYPTED PRIVATE KEY", []byte("x")), "", "MalformedCertificate", badKey},
		{"no key", "x", certPEM(leaf), "x", "", "MalformedCertificate", badKey},
		{"chain begins too late", "x", certPEM(leaf), pkcs1(keys[2]), certPEM(root), "MalformedCertificate", badChain + "-1"},
		{"chain in disorder", "x", certPEM(leaf), pkcs1(keys[2]), certPEM(intermediate, intermediate), "MalformedCertificate", badChain + "0"},
		{"chain with words", "x", certPEM(leaf), pkcs1(keys[2]), certPEM(intermediate) + "root:\n" + certPEM(root), "MalformedCertificate", badChain + "-1"},
		{"chain without end", "x", certPEM(root), pkcs1(keys[0]), certPEM(long...), "MalformedCertificate", badChain + "-1"},
		{"ECDSA", "x", certPEM(issued("ec", ec, root, keys[0])), ecPEM, certPEM(root), "", ""},
		{"the last of the quota", "y", certPEM(leaf), pkcs1(keys[2]), "\n", "", ""},
		{"one more", "z", certPEM(leaf), pkcs1(keys[2]), "", "LimitExceeded", "Cannot exceed quota for ServerCertificatesPerAccount: 3"},
	} {
		_, err := w.service.UploadServerCertificate(t.Context(), w.root(), &awsiam.UploadServerCertificateInput{
			ServerCertificateName: &c.as, CertificateBody: &c.body, PrivateKey: &c.key, CertificateChain: &c.chain,
		})
		w.expect(c.name, err, c.code, c.message)
	}
	// Deleting gives the quota back.
	must(w.service.DeleteServerCertificate(t.Context(), w.root(), &awsiam.DeleteServerCertificateInput{ServerCertificateName: aws.String("x")}))
	w.serverCertificate("/", "z")
}

// Lists page in order of path and name, under a path (behaviours.md 1.4).
func TestListServerCertificates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"/b/ Y", "/b/ x", "/ z", "/a/ w"} {
		path, name, _ := strings.Cut(name, " ")
		w.serverCertificate(path, name)
	}
	for prefix, want := range map[string][]string{"": {"z", "w", "x", "Y"}, "/b": {"x", "Y"}, "/none/": nil} {
		got := listed(w, func(marker *string, maxItems *int32) ([]types.ServerCertificateMetadata, bool, *string, error) {
			in := &awsiam.ListServerCertificatesInput{Marker: marker, MaxItems: maxItems}
			if prefix != "" {
				in.PathPrefix = &prefix
			}
			out, err := w.service.ListServerCertificates(t.Context(), w.root(), in)
			return out.ServerCertificateMetadataList, out.IsTruncated, out.Marker, err
		})
		var names []string
		for _, m := range got {
			names = append(names, *m.ServerCertificateName)
		}
		if !slices.Equal(names, want) {
			t.Errorf("under %q: %v, want %v", prefix, names, want)
		}
	}
	if out := must(w.service.ListServerCertificates(t.Context(), w.other(), &awsiam.ListServerCertificatesInput{})); out.ServerCertificateMetadataList == nil ||
		len(out.ServerCertificateMetadataList) != 0 {
		t.Errorf("the other account's: %+v", out)
	}
	_, err := w.service.ListServerCertificates(t.Context(), w.root(), &awsiam.ListServerCertificatesInput{Marker: aws.String("x")})
	w.expect("a marker of nobody", err, "ValidationError", "Invalid Marker.")
}

func TestSigningCertificates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	w.user("john")
	keys := rsaKeys()
	body := func(i int) *string { return aws.String(certPEM(issued(fmt.Sprint("signer ", i), keys[i], nil, nil))) }
	upload := func(user, body *string) (*types.SigningCertificate, error) {
		out, err := w.service.UploadSigningCertificate(t.Context(), w.root(), &awsiam.UploadSigningCertificateInput{UserName: user, CertificateBody: body})
		if err != nil {
			return nil, err
		}
		return out.Certificate, nil
	}
	jane, john, first := aws.String("jane"), aws.String("john"), body(0)
	made := must(upload(aws.String("JANE"), first))
	if *made.UserName != "jane" || *made.CertificateBody != *first || made.Status != types.StatusTypeActive || !made.UploadDate.Equal(start.Truncate(time.Second)) ||
		!regexp.MustCompile(`^[A-Z2-7]{24,128}$`).MatchString(*made.CertificateId) {
		t.Errorf("made: %+v", made)
	}
	expired := certPEM(issuedFor("old", start.AddDate(-2, 0, 0), start.AddDate(-1, 0, 0), keys[1], nil, nil))
	for _, c := range []struct {
		name          string
		user, body    *string
		code, message string
	}{
		{"the same again", jane, first, "DuplicateCertificate", "The certificate is already associated with an IAM user in the account."},
		{"another's", john, first, "DuplicateCertificate", "The certificate is already associated with an IAM user in the account."},
		{"no certificate", jane, aws.String("x"), "MalformedCertificate", "Unable to parse certificate. Please ensure the certificate is in PEM format."},
		{"expired", jane, &expired, "InvalidCertificate", "The certificate is not valid now: its validity is from 2024-11-22T09:00:00Z to 2025-11-22T09:00:00Z."},
		{"nobody's", aws.String("none"), body(1), "NoSuchEntity", "The user with name none cannot be found."},
		{"second", jane, body(2), "", ""},
		{"third", jane, body(3), "LimitExceeded", "Cannot exceed quota for CertificatesPerUser: 2"},
		{"the root user's own", nil, body(4), "", ""},
	} {
		_, err := upload(c.user, c.body)
		w.expect(c.name, err, c.code, c.message)
	}

	list := func(user *string) []types.SigningCertificate {
		return listed(w, func(marker *string, maxItems *int32) ([]types.SigningCertificate, bool, *string, error) {
			out, err := w.service.ListSigningCertificates(t.Context(), w.root(),
				&awsiam.ListSigningCertificatesInput{UserName: user, Marker: marker, MaxItems: maxItems})
			return out.Certificates, out.IsTruncated, out.Marker, err
		})
	}
	if got := list(jane); len(got) != 2 {
		t.Errorf("jane's: %+v", got)
	}
	roots := list(nil)
	if len(roots) != 1 || roots[0].UserName != nil {
		t.Errorf("the root user's: %+v", roots)
	}
	if own := must(w.service.ListSigningCertificates(t.Context(), w.as("jane"), &awsiam.ListSigningCertificatesInput{})); len(own.Certificates) != 2 {
		t.Errorf("jane's own: %+v", own)
	}
	_, err := w.service.ListSigningCertificates(t.Context(), w.asRole(), &awsiam.ListSigningCertificatesInput{})
	w.expect("a role's", err, "ValidationError", "Must specify userName when calling with non-User credentials")

	set := func(user, id *string, status types.StatusType) error {
		_, err := w.service.UpdateSigningCertificate(t.Context(), w.root(),
			&awsiam.UpdateSigningCertificateInput{UserName: user, CertificateId: id, Status: status})
		return err
	}
	missing := "The Certificate with id " + *made.CertificateId + " cannot be found."
	w.expect("off", set(jane, made.CertificateId, types.StatusTypeInactive), "", "")
	w.expect("expired", set(jane, made.CertificateId, types.StatusTypeExpired), "InvalidInput", "The status of a credential can be set to Active or Inactive.")
	w.expect("john's", set(john, made.CertificateId, types.StatusTypeActive), "NoSuchEntity", missing)
	w.expect("the root user's", set(nil, made.CertificateId, types.StatusTypeActive), "NoSuchEntity", missing)
	for _, c := range list(jane) {
		if (c.Status == types.StatusTypeInactive) != (*c.CertificateId == *made.CertificateId) {
			t.Errorf("status: %+v", c)
		}
	}
	_, err = w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: jane})
	w.expect("its owner", err, "DeleteConflict", "Cannot delete entity, must delete signing certificates first.")
	remove := func(user, id *string) error {
		_, err := w.service.DeleteSigningCertificate(t.Context(), w.root(), &awsiam.DeleteSigningCertificateInput{UserName: user, CertificateId: id})
		return err
	}
	w.expect("delete as john's", remove(john, made.CertificateId), "NoSuchEntity", missing)
	for _, c := range list(jane) {
		w.expect("delete", remove(jane, c.CertificateId), "", "")
	}
	w.expect("delete twice", remove(jane, made.CertificateId), "NoSuchEntity", missing)
	w.expect("delete the root user's", remove(nil, roots[0].CertificateId), "", "")
	must(w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: jane}))
	must(upload(john, first)) // it is nobody's now
}
