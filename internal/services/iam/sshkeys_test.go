package iam_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/crypto/ssh"
)

// authorizedKey is a key in one line, as OpenSSH writes it.
func authorizedKey(key any) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(must(ssh.NewPublicKey(key)))))
}

func spki(key any) string { return pemOf("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(key))) }

// A key that ssh-keygen made, and what "ssh-keygen -l -E md5" says of it.
const (
	knownKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDCfCjcAhjrxh4Hep6EK2TVA6sP7GhWa2sOIdjCKOJzxy+CMRdEo32vIz7pdQCllWRWlOb/+BEbZAIj2RSAhB12cGtp5Mra" +
		"rKI3q2dhrHrCOhisnF88tKTToKItAWZmVMe1zSs8vkSmRde5DB2W9d7oIsOuG4Lmb8hJUHa3I1r+THRlISJ7s3rv0wduwKPlwsfbCV80zmHAs9pk/0Trkpe79MFPrjaVH6HKHyKr" +
		"OBkpJ1yTUAE3tVPXI64ZJn6iLvToEBVCCJagZmkBMGesRfDHvXtqyhtJZSlTUMq5lfUyoNwyD077vyw4Kqf8WQP5tgN8tVvRidXSFOBoLhU5OXOx"
	knownFingerprint = "53:02:14:cf:66:af:d7:9b:6c:2f:e9:a8:12:9c:a2:09"
)

func TestSSHPublicKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	w.user("john")
	keys := rsaKeys()
	jane, john := aws.String("jane"), aws.String("john")
	upload := func(user *string, body string) (*types.SSHPublicKey, error) {
		out, err := w.service.UploadSSHPublicKey(t.Context(), w.root(), &awsiam.UploadSSHPublicKeyInput{UserName: user, SSHPublicKeyBody: &body})
		if err != nil {
			return nil, err
		}
		return out.SSHPublicKey, nil
	}
	get := func(user, id *string, encoding types.EncodingType) (*types.SSHPublicKey, error) {
		out, err := w.service.GetSSHPublicKey(t.Context(), w.root(), &awsiam.GetSSHPublicKeyInput{UserName: user, SSHPublicKeyId: id, Encoding: encoding})
		if err != nil {
			return nil, err
		}
		return out.SSHPublicKey, nil
	}
	line := knownKey
	text := spki(must(ssh.ParsePublicKey(must(base64.StdEncoding.DecodeString(line[len("ssh-rsa "):])))).(ssh.CryptoPublicKey).CryptoPublicKey())
	made := must(upload(aws.String("JANE"), line+" jane@example.com\n"))
	if *made.UserName != "jane" || !regexp.MustCompile(`^APKA[A-Z2-7]{16,17}$`).MatchString(*made.SSHPublicKeyId) || *made.SSHPublicKeyBody != line ||
		made.Status != types.StatusTypeActive || !made.UploadDate.Equal(start.Truncate(time.Second)) ||
		*made.Fingerprint != knownFingerprint {
		t.Errorf("made: %+v", made)
	}
	for encoding, want := range map[types.EncodingType]string{types.EncodingTypeSsh: line, types.EncodingTypePem: text} {
		if got := must(get(jane, made.SSHPublicKeyId, encoding)); *got.SSHPublicKeyBody != want || *got.Fingerprint != *made.Fingerprint {
			t.Errorf("as %s: %+v", encoding, got)
		}
	}
	// What comes in PEM is shown in PEM, and is the same key for all that.
	if inPEM := must(upload(john, text)); *inPEM.SSHPublicKeyBody != text || *inPEM.Fingerprint != *made.Fingerprint {
		t.Errorf("in PEM: %+v", inPEM)
	}
	must(upload(john, pemOf("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&keys[0].PublicKey)))) // its older form

	const (
		invalid   = "The public key is malformed or otherwise invalid."
		duplicate = "The SSH public key is already associated with the IAM user jane."
	)
	short := must(rsa.GenerateKey(rand.Reader, 1024))
	edKey, _, _ := ed25519.GenerateKey(rand.Reader)
	for _, c := range []struct{ name, user, body, code, message string }{
		{"the same again", "jane", line + " another comment", "DuplicateSSHPublicKey", duplicate},
		{"the same in PEM", "jane", text, "DuplicateSSHPublicKey", duplicate},
		{"another kind of key", "jane", authorizedKey(edKey), "UnrecognizedPublicKeyEncoding",
			"The public key encoding format is unsupported or unrecognized. Use ssh-rsa or PEM."},
		{"another kind in PEM", "jane", spki(edKey), "InvalidPublicKey", invalid},
		{"cut off", "jane", knownKey[:200], "InvalidPublicKey", invalid},
		{"two lines", "jane", line + "\n" + line, "InvalidPublicKey", invalid},
		{"short", "jane", authorizedKey(&short.PublicKey), "InvalidPublicKey", "The public key must be an RSA key of at least 2048 bits."},
		{"a private key", "jane", pkcs1(keys[1]), "InvalidPublicKey", invalid},
		{"PEM in words", "jane", "-----BEGIN PUBLIC KEY-----\nx", "InvalidPublicKey", invalid},
		{"nobody's", "none", line, "NoSuchEntity", "The user with name none cannot be found."},
		{"second", "jane", authorizedKey(&keys[1].PublicKey), "", ""},
		{"third", "jane", authorizedKey(&keys[2].PublicKey), "", ""},
		{"fourth", "jane", authorizedKey(&keys[3].PublicKey), "", ""},
		{"fifth", "jane", authorizedKey(&keys[4].PublicKey), "", ""},
		{"sixth", "jane", authorizedKey(&keys[5].PublicKey), "LimitExceeded", "Cannot exceed quota for SSHPublicKeysPerUser: 5"},
	} {
		_, err := upload(&c.user, c.body)
		w.expect(c.name, err, c.code, c.message)
	}

	list := listed(w, func(marker *string, maxItems *int32) ([]types.SSHPublicKeyMetadata, bool, *string, error) {
		out, err := w.service.ListSSHPublicKeys(t.Context(), w.root(), &awsiam.ListSSHPublicKeysInput{UserName: jane, Marker: marker, MaxItems: maxItems})
		return out.SSHPublicKeys, out.IsTruncated, out.Marker, err
	})
	if len(list) != 5 || *list[0].UserName != "jane" || list[0].UploadDate == nil {
		t.Errorf("list: %+v", list)
	}
	if own := must(w.service.ListSSHPublicKeys(t.Context(), w.as("john"), &awsiam.ListSSHPublicKeysInput{})); len(own.SSHPublicKeys) != 2 {
		t.Errorf("john's own: %+v", own)
	}
	if none := must(w.service.ListSSHPublicKeys(t.Context(), w.root(), &awsiam.ListSSHPublicKeysInput{})); none.SSHPublicKeys == nil || len(none.SSHPublicKeys) != 0 {
		t.Errorf("the root user's: %+v", none)
	}

	set := func(user *string, status types.StatusType) error {
		_, err := w.service.UpdateSSHPublicKey(t.Context(), w.root(),
			&awsiam.UpdateSSHPublicKeyInput{UserName: user, SSHPublicKeyId: made.SSHPublicKeyId, Status: status})
		return err
	}
	missing := "The Public Key with id " + *made.SSHPublicKeyId + " cannot be found."
	w.expect("off", set(jane, types.StatusTypeInactive), "", "")
	w.expect("expired", set(jane, types.StatusTypeExpired), "InvalidInput", "The status of a credential can be set to Active or Inactive.")
	w.expect("john's", set(john, types.StatusTypeActive), "NoSuchEntity", missing)
	if got := must(get(jane, made.SSHPublicKeyId, types.EncodingTypeSsh)); got.Status != types.StatusTypeInactive {
		t.Errorf("status %s", got.Status)
	}
	_, err := get(john, made.SSHPublicKeyId, types.EncodingTypeSsh)
	w.expect("read as john's", err, "NoSuchEntity", missing)
	_, err = w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: jane})
	w.expect("its owner", err, "DeleteConflict", "Cannot delete entity, must delete SSH public keys first.")
	_, err = w.service.DeleteSSHPublicKey(t.Context(), w.root(), &awsiam.DeleteSSHPublicKeyInput{UserName: john, SSHPublicKeyId: made.SSHPublicKeyId})
	w.expect("delete as john's", err, "NoSuchEntity", missing)
	for _, k := range list {
		must(w.service.DeleteSSHPublicKey(t.Context(), w.root(), &awsiam.DeleteSSHPublicKeyInput{UserName: jane, SSHPublicKeyId: k.SSHPublicKeyId}))
	}
	_, err = get(jane, made.SSHPublicKeyId, types.EncodingTypeSsh)
	w.expect("deleted", err, "NoSuchEntity", missing)
	must(w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: jane}))
}
