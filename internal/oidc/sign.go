package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// The algorithms with which web identity tokens are issued (GetWebIdentityToken).
const (
	RS256 = "RS256" // RSA of 2048 bits
	ES384 = "ES384" // ECDSA on P-384
)

// NewKey makes a key for alg, RS256 or ES384.
func NewKey(alg string) (crypto.Signer, error) {
	switch alg {
	case RS256:
		return rsa.GenerateKey(rand.Reader, minRSABits)
	case ES384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return nil, fmt.Errorf("oidc: no key for algorithm %q", alg)
}

// KeyID names a public key by itself: its RFC 7638 thumbprint in base64url.
func KeyID(key crypto.PublicKey) (string, error) {
	h, err := (&jose.JSONWebKey{Key: key}).Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(h), err
}

// Sign makes a token of claims, signed with key by alg, RS256 or ES384, which
// has to be the key's. Times in claims are whole seconds since 1970.
func Sign(claims map[string]any, key crypto.Signer, keyID, alg string) (string, error) {
	if s := suits(key.Public()); (alg != RS256 && alg != ES384) || len(s) == 0 || s[0] != alg {
		return "", fmt.Errorf("oidc: the key does not sign by %q", alg)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key},
		(&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", keyID))
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	jws, err := s.Sign(payload)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

// PublicKey is one that verifies tokens of ours.
type PublicKey struct {
	ID        string
	Algorithm string
	Key       crypto.PublicKey
}

// JWKS makes the key set document (RFC 7517). Anything but a public key in it
// is an error: a private one would be published.
func JWKS(keys []PublicKey) ([]byte, error) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range keys {
		j := jose.JSONWebKey{Key: k.Key, KeyID: k.ID, Algorithm: k.Algorithm, Use: "sig"}
		if !j.IsPublic() || !j.Valid() {
			return nil, fmt.Errorf("oidc: key %q is not a public key", k.ID)
		}
		set.Keys = append(set.Keys, j)
	}
	return json.Marshal(set)
}

// Discovery makes the discovery document of an issuer whose key set is at
// issuer/.well-known/jwks.json, with the members that relying parties need to
// verify tokens (OpenID Connect Discovery 3).
func Discovery(issuer string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"issuer":                                issuer,
		"jwks_uri":                              issuer + JWKSPath,
		"response_types_supported":              []string{"id_token"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{RS256, ES384},
		"claims_supported":                      []string{"aud", "exp", "iat", "iss", "jti", "nbf", "sub"},
	})
}

// Where relying parties look, below the issuer.
const (
	DiscoveryPath = "/.well-known/openid-configuration"
	JWKSPath      = "/.well-known/jwks.json"
)
