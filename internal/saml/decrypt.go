package saml

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // registers the hash that RSA-OAEP of XML Encryption 1.0 is defined with
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/beevik/etree"
)

// maxDecryptionKeys is how many private keys a provider can have at a time.
const maxDecryptionKeys = 2

// errSealed is the one error of everything that can go wrong in here: which of
// key, padding or tag was wrong would help whoever probes for it.
var errSealed = errors.New("assertion could not be decrypted")

// blockCiphers are the ciphers of an assertion: key length in bytes, and
// whether it is authenticated. CBC is not: that a response was changed shows
// only at its signature, and what its padding says is not told to anybody.
var blockCiphers = map[string]struct {
	key int
	gcm bool
}{
	nsXMLEnc + "aes128-cbc":   {16, false},
	nsXMLEnc + "aes192-cbc":   {24, false},
	nsXMLEnc + "aes256-cbc":   {32, false},
	nsXMLEnc11 + "aes128-gcm": {16, true},
	nsXMLEnc11 + "aes192-gcm": {24, true},
	nsXMLEnc11 + "aes256-gcm": {32, true},
}

var oaepDigests = map[string]crypto.Hash{
	"":                           crypto.SHA1, // the default of both specifications
	nsSignature + "sha1":         crypto.SHA1,
	nsXMLEnc + "sha256":          crypto.SHA256,
	nsXMLEnc + "sha512":          crypto.SHA512,
	nsXMLEnc11 + "mgf1sha1":      crypto.SHA1,
	nsXMLEnc11 + "mgf1sha256":    crypto.SHA256,
	nsXMLEnc11 + "mgf1sha384":    crypto.SHA384,
	nsXMLEnc11 + "mgf1sha512":    crypto.SHA512,
	algMoreSignatures + "sha384": crypto.SHA384,
}

const algMoreSignatures = "http://www.w3.org/2001/04/xmldsig-more#"

// open decrypts an EncryptedAssertion with the first of keys that fits. The
// content key is wrapped by RSA-OAEP; RSA PKCS #1 v1.5 is refused, because
// unwrapping it cannot be kept from telling about the key.
//
// The libraries at hand panic on short ciphertexts or know one cipher only,
// and the parts that matter are the standard library's.
func open(sealed *etree.Element, keys []*rsa.PrivateKey) ([]byte, error) {
	if len(keys) > maxDecryptionKeys {
		keys = keys[:maxDecryptionKeys]
	}
	data, err := one(sealed, nsXMLEnc, "EncryptedData")
	if err != nil {
		return nil, errSealed
	}
	method, text, err := cipherOf(data)
	alg, ok := blockCiphers[attr(method, "Algorithm")]
	if err != nil || !ok {
		return nil, errSealed
	}
	// The wrapped key is inside of the data's KeyInfo, or beside the data.
	holder := sealed
	if info := children(data, nsSignature, "KeyInfo"); len(info) == 1 && len(children(info[0], nsXMLEnc, "EncryptedKey")) > 0 {
		holder = info[0]
	}
	wrapped := children(holder, nsXMLEnc, "EncryptedKey")
	if len(wrapped) == 0 || len(wrapped) > maxDecryptionKeys {
		return nil, errSealed
	}
	for _, w := range wrapped {
		for _, k := range keys {
			content, err := unwrap(w, k)
			if err != nil || len(content) != alg.key {
				continue
			}
			if plain, err := decipher(content, text, alg.gcm); err == nil {
				return plain, nil
			}
		}
	}
	return nil, errSealed
}

// cipherOf returns the method and the ciphertext of an EncryptedData or EncryptedKey.
func cipherOf(e *etree.Element) (method *etree.Element, ciphertext []byte, err error) {
	method = etree.NewElement("none")
	m, err := one(e, nsXMLEnc, "EncryptionMethod")
	if err != nil {
		return method, nil, err
	}
	d, err := one(e, nsXMLEnc, "CipherData")
	if err != nil {
		return method, nil, err
	}
	v, err := one(d, nsXMLEnc, "CipherValue")
	if err != nil {
		return method, nil, err
	}
	s, err := text(v)
	if err != nil {
		return method, nil, err
	}
	ciphertext, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	return m, ciphertext, err
}

// unwrap opens the content key in an EncryptedKey.
func unwrap(e *etree.Element, key *rsa.PrivateKey) ([]byte, error) {
	method, ciphertext, err := cipherOf(e)
	if err != nil {
		return nil, err
	}
	if len(children(method, nsXMLEnc, "OAEPparams")) > 0 {
		return nil, errSealed
	}
	digest, okDigest := oaepDigests[algorithmIn(method, nsSignature, "DigestMethod")]
	mgf := crypto.SHA1
	okMGF := true
	switch attr(method, "Algorithm") {
	case nsXMLEnc + "rsa-oaep-mgf1p": // whose mask is always made with SHA-1
	case nsXMLEnc11 + "rsa-oaep":
		mgf, okMGF = oaepDigests[algorithmIn(method, nsXMLEnc11, "MGF")]
	default:
		return nil, errSealed
	}
	if !okDigest || !okMGF {
		return nil, errSealed
	}
	return key.Decrypt(nil, ciphertext, &rsa.OAEPOptions{Hash: digest, MGFHash: mgf})
}

// algorithmIn returns the Algorithm of e's only child ns:local, "" if there is none.
func algorithmIn(e *etree.Element, ns, local string) string {
	if c := children(e, ns, local); len(c) > 0 {
		return attr(c[0], "Algorithm")
	}
	return ""
}

// decipher opens text, which begins with its initialization vector.
func decipher(key, text []byte, gcm bool) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if gcm {
		g, err := cipher.NewGCM(block)
		if err != nil || len(text) < g.NonceSize() {
			return nil, errSealed
		}
		return g.Open(nil, text[:g.NonceSize()], text[g.NonceSize():], nil)
	}
	const size = aes.BlockSize
	if len(text) < 2*size || len(text)%size != 0 {
		return nil, errSealed
	}
	plain := make([]byte, len(text)-size)
	cipher.NewCBCDecrypter(block, text[:size]).CryptBlocks(plain, text[size:])
	// ISO 10126: the last byte counts the padding, the rest of it is anything.
	n := int(plain[len(plain)-1])
	if n < 1 || n > size {
		return nil, errSealed
	}
	return plain[:len(plain)-n], nil
}
