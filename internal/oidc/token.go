package oidc

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json" // refuses a name twice in an object, and knows upper from lower case
)

const (
	minToken = 4
	maxToken = 20_000 // characters (behaviours.md 1.4)
	maxKeyID = 1024
)

// algorithms that an ID token may be signed with (behaviours.md 4.4).
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512}

// foreignKeys are header parameters that bring a key along, or change what is
// signed. No honest ID token has them, and a token that has them is not read.
var foreignKeys = []string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"}

// token is an ID token in its one form, compact, not yet verified.
type token struct {
	jws   *jose.JSONWebSignature
	alg   string
	keyID string
}

// notJWT is the error of everything that is not an ID token.
func notJWT(cause error) *Error {
	return &Error{CodeInvalidIdentityToken, "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)", cause}
}

// parse reads a token of 4-20,000 characters.
func parse(s string) (*token, error) {
	if len(s) < minToken || len(s) > maxToken {
		return nil, notJWT(errors.New("length"))
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return nil, notJWT(errors.New("not three parts"))
	}
	// Decoders forgive line breaks and stray last bits; a token has one spelling.
	var header []byte
	for i, part := range parts {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(raw) == 0 || strings.ContainsAny(part, "\r\n") {
			return nil, notJWT(errors.New("not base64url"))
		}
		if i == 0 {
			header = raw
		}
	}
	var h map[string]any
	if err := json.Unmarshal(header, &h); err != nil {
		return nil, notJWT(errors.New("header is not JSON"))
	}
	for _, name := range foreignKeys {
		if _, there := h[name]; there {
			return nil, notJWT(fmt.Errorf("header has %s", name))
		}
	}
	t := &token{}
	var ok bool
	if t.alg, ok = h["alg"].(string); !ok || !slices.Contains(algorithms, jose.SignatureAlgorithm(t.alg)) {
		return nil, notJWT(errors.New("algorithm"))
	}
	// Other kinds of token say so: at+jwt, logout+jwt, dpop+jwt.
	if typ, there := h["typ"]; there {
		if name, ok := typ.(string); !ok || !strings.EqualFold(name, "JWT") {
			return nil, notJWT(errors.New("typ"))
		}
	}
	if kid, there := h["kid"]; there {
		if t.keyID, ok = kid.(string); !ok || t.keyID == "" || len(t.keyID) > maxKeyID {
			return nil, notJWT(errors.New("kid"))
		}
	}
	var err error
	if t.jws, err = jose.ParseSignedCompact(s, algorithms); err != nil {
		return nil, notJWT(err)
	}
	return t, nil
}

// UnverifiedIssuer returns who a token says it is from, to find the provider
// with which to verify it. Nothing of it is verified yet.
func UnverifiedIssuer(token string) (string, error) {
	t, err := parse(token)
	if err != nil {
		return "", err
	}
	c, err := decode(t.jws.UnsafePayloadWithoutVerification())
	if err != nil {
		return "", err
	}
	return c.required("iss", maxURL)
}

// claims are those of a token, by name.
type claims map[string]any

func decode(payload []byte) (claims, error) {
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil || c == nil {
		return nil, notJWT(errors.New("claims are not a JSON object"))
	}
	return c, nil
}

// required returns a text that must be there, of 1 to limit characters.
func (c claims) required(name string, limit int) (string, error) {
	v, there := c[name]
	if !there {
		return "", &Error{CodeInvalidIdentityToken, "Missing a required claim: " + name, nil}
	}
	s, ok := v.(string)
	if !ok || s == "" || len(s) > limit {
		return "", notJWT(fmt.Errorf("claim %s", name))
	}
	return s, nil
}

// optional returns a text that may be there.
func (c claims) optional(name string) (string, error) {
	if _, there := c[name]; !there {
		return "", nil
	}
	return c.required(name, maxToken)
}

// list returns the texts of a claim that is one text or several; nil if it is not there.
func (c claims) list(name string) ([]string, error) {
	v, there := c[name]
	if !there {
		return nil, nil
	}
	out, ok := texts(v)
	if !ok {
		return nil, notJWT(fmt.Errorf("claim %s", name))
	}
	return out, nil
}

// texts reads a text or a list of texts.
func texts(v any) ([]string, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}

// seconds returns a time in whole seconds since 1970; 0 if it is not there.
func (c claims) seconds(name string) (int64, error) {
	v, there := c[name]
	if !there {
		return 0, nil
	}
	const limit = 1 << 40 // the year 36812; exact as a float64
	n, ok := v.(float64)
	if !ok || n < 1 || n > limit || n != float64(int64(n)) {
		return 0, notJWT(fmt.Errorf("claim %s is not an integer timestamp", name))
	}
	return int64(n), nil
}
