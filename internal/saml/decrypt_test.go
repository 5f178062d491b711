package saml

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/beevik/etree"
)

// The ways in which providers wrap a content key (XML Encryption 1.1, 5.5.2).
func TestUnwrap(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("0123456789abcdef")
	const oaep, mgf1p = nsXMLEnc11 + "rsa-oaep", nsXMLEnc + "rsa-oaep-mgf1p"
	for _, c := range []struct {
		method, digest, mgf string
		opts                rsa.OAEPOptions
		ok                  bool
	}{
		{mgf1p, "", "", rsa.OAEPOptions{Hash: crypto.SHA1}, true},
		{mgf1p, nsSignature + "sha1", "", rsa.OAEPOptions{Hash: crypto.SHA1}, true},
		{mgf1p, nsXMLEnc + "sha256", "", rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA1}, true},
		{mgf1p, nsXMLEnc + "sha256", nsXMLEnc11 + "mgf1sha256", rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}, false}, // its mask is fixed
		{oaep, "", "", rsa.OAEPOptions{Hash: crypto.SHA1}, true},
		{oaep, nsXMLEnc + "sha256", nsXMLEnc11 + "mgf1sha256", rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}, true},
		{oaep, nsXMLEnc + "sha512", nsXMLEnc11 + "mgf1sha1", rsa.OAEPOptions{Hash: crypto.SHA512, MGFHash: crypto.SHA1}, true},
		{oaep, algMoreSignatures + "md5", "", rsa.OAEPOptions{Hash: crypto.SHA1}, false},
		{oaep, "", nsXMLEnc11 + "mgf1md5", rsa.OAEPOptions{Hash: crypto.SHA1}, false},
		{nsXMLEnc + "rsa-1_5", "", "", rsa.OAEPOptions{Hash: crypto.SHA1}, false},
	} {
		t.Run(fmt.Sprint(c.method, c.digest, c.mgf), func(t *testing.T) {
			t.Parallel()
			wrapped, err := rsa.EncryptOAEPWithOptions(rand.Reader, &key.PublicKey, content, &c.opts)
			if err != nil {
				t.Fatal(err)
			}
			d := etree.NewDocument()
			if err := d.ReadFromString(fmt.Sprintf(`<x:EncryptedKey xmlns:x="%s" xmlns:d="%s" xmlns:y="%s"><x:EncryptionMethod Algorithm="%s">`,
				nsXMLEnc, nsSignature, nsXMLEnc11, c.method) + algorithm("d:DigestMethod", c.digest) + algorithm("y:MGF", c.mgf) +
				`</x:EncryptionMethod><x:CipherData><x:CipherValue>` + base64.StdEncoding.EncodeToString(wrapped) + `</x:CipherValue></x:CipherData></x:EncryptedKey>`); err != nil {
				t.Fatal(err)
			}
			got, err := unwrap(d.Root(), key)
			if c.ok != (err == nil) || c.ok && !bytes.Equal(got, content) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func algorithm(tag, uri string) string {
	if uri == "" {
		return ""
	}
	return fmt.Sprintf(`<%s Algorithm="%s"/>`, tag, uri)
}

// No ciphertext of any length makes a cipher panic, or is believed with a tag.
func TestDecipherRefusesQuietly(t *testing.T) {
	t.Parallel()
	for name, alg := range blockCiphers {
		for n := range 80 {
			if plain, err := decipher(make([]byte, alg.key), make([]byte, n), alg.gcm); err == nil && (alg.gcm || len(plain) >= n) {
				t.Errorf("%s: opened %d bytes", name, n)
			}
		}
	}
}
