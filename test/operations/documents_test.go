package operations

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"sekisho/internal/saml/samltest"
)

const (
	allowsReading = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	allowsWriting = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`
	trustsEC2     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	trustsLambda  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// documents are the values of parameters that are too long for a row.
var documents = sync.OnceValue(func() map[string]string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	ours := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, ours, ours, key.Public(), key)
	if err != nil {
		panic(err)
	}
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		panic(err)
	}
	metadata := samltest.NewWithKey("https://idp.example.com/saml", key).Metadata()
	metadata += "<!--" + strings.Repeat(" ", max(0, 1000-len(metadata))) + "-->" // AWS wants a thousand characters
	return map[string]string{
		"policy": allowsReading, "policy2": allowsWriting, "trust": trustsEC2, "trust2": trustsLambda, "metadata": metadata,
		"certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})),
		"private-key": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		"ssh-key":     strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public))),
		"thumbprint":  strings.Repeat("ab", 20), "thumbprint2": strings.Repeat("cd", 20),
		"password": "Correct-Horse-53-Staple", "password2": "Battery-Gate-71-Checkpoint",
	}
})
