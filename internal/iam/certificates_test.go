package iam

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// Nothing but blocks is read: package pem by itself would pass over the rest.
func TestPEMBlocks(t *testing.T) {
	t.Parallel()
	a, b := block("A", []byte("a")), block("B", []byte("bb"))
	for _, c := range []struct {
		name, text string
		want       int // blocks; -1 for refused
	}{
		{"none", "", 0},
		{"white space", " \r\n\t", 0},
		{"one", a, 1},
		{"without the last line end", strings.TrimSpace(a), 1},
		{"carriage returns", strings.ReplaceAll(a+b, "\n", "\r\n"), 2},
		{"apart", "\n" + a + "\n\n " + b, 2},
		{"words before", "x\n" + a, -1},
		{"words between", a + "x\n" + b, -1},
		{"words after", a + "x", -1},
		{"one that is broken before one that is not", "-----BEGIN A-----\n!\n-----END A-----\n" + b, -1},
		{"never ending", "-----BEGIN A-----\nYQ==\n", -1},
	} {
		got, err := pemBlocks(c.text)
		if (err != nil) != (c.want < 0) || err == nil && len(got) != c.want {
			t.Errorf("%s: %d blocks, %v", c.name, len(got), err)
		}
	}
}

// A text is at most one certificate, and what was read is what stands there.
func FuzzParseCertificate(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{block("CERTIFICATE", der), block("CERTIFICATE", der[:40]), block("X", der), "x", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCertificate(text)
		if err != nil {
			return
		}
		again, err := parseCertificate(block("CERTIFICATE", c.Raw))
		if err != nil || !again.Equal(c) {
			t.Errorf("%q is another certificate when it is written again: %v", text, err)
		}
		if checkChain(c, text) == nil && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil {
			t.Errorf("%q is its own chain and has not signed itself", text)
		}
	})
}

// A private key that is read can be used, and a refusal repeats nothing of the
// text.
func FuzzParsePrivateKey(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	pkcs8, err1 := x509.MarshalPKCS8PrivateKey(key)
	sec1, err2 := x509.MarshalECPrivateKey(ec)
	if err1 != nil || err2 != nil {
		f.Fatal(err1, err2)
	}
	for _, s := range []string{
		block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), block("PRIVATE KEY", pkcs8), block("EC PRIVATE KEY", sec1),
		block("EC PARAMETERS", nil) + block("EC PRIVATE KEY", sec1), block("ENCRYPTED PRIVATE KEY", pkcs8), block("PRIVATE KEY", sec1), "x", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 16384 { // the model's bound
			return
		}
		signer, err := parsePrivateKey(text)
		switch {
		case err == nil && signer.Public() == nil:
			t.Error("a key without a public half")
		case err != nil && len(text) > 8 && strings.Contains(err.Error(), text):
			t.Errorf("the error tells the key: %v", err)
		}
	})
}

// A key that is taken is an RSA key whose one line is taken again as the same key.
func FuzzParseSSHKey(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, minSSHBits)
	if err != nil {
		f.Fatal(err)
	}
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		f.Fatal(err)
	}
	line := string(ssh.MarshalAuthorizedKey(public))
	for _, s := range []string{
		line, strings.TrimSpace(line) + " jane@example.com", "no-pty " + line, line + line, line[:100], "ssh-rsa ", "",
		block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey)), block("PUBLIC KEY", []byte("x")),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		key, encoding, err := parseSSHKey(body)
		if err != nil {
			return
		}
		if encoding != SSHEncoded && encoding != PEMEncoded {
			t.Errorf("%q is encoded as %q", body, encoding)
		}
		again, _, err := parseSSHKey(string(ssh.MarshalAuthorizedKey(key)))
		if err != nil || !bytes.Equal(again.Marshal(), key.Marshal()) {
			t.Errorf("%q is another key when it is written again: %v", body, err)
		}
	})
}
