package token

import (
	"encoding/base64"
	"time"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

// RoleSession is a session of a role, as its session token carries it, sealed:
// issuing and reading one touches no disk. Whether it still stands (the role
// exists, the assignment too, the person is enabled and not signed out) is
// checked at each use, elsewhere.
type RoleSession struct {
	AccessKeyID string `cbor:"1,keyasint"`
	SecretKey   string `cbor:"2,keyasint"`
	Account     string `cbor:"3,keyasint"`
	RoleID      string `cbor:"4,keyasint"`
	RoleName    string `cbor:"5,keyasint"`
	SessionName string `cbor:"6,keyasint"`
	IssuedAt    int64  `cbor:"7,keyasint"` // Unix seconds
	ExpiresAt   int64  `cbor:"8,keyasint"` // Unix seconds

	// For sessions that came from the access portal:
	User          string `cbor:"9,keyasint,omitempty"`
	PermissionSet string `cbor:"10,keyasint,omitempty"`
	PortalSession string `cbor:"11,keyasint,omitempty"`
}

// Expired reports whether the session is over at now.
func (r RoleSession) Expired(now time.Time) bool { return now.Unix() >= r.ExpiresAt }

// Credentials are temporary credentials as clients hold them.
type Credentials struct {
	AccessKeyID  string // ASIA…
	SecretKey    secret.String
	SessionToken secret.String
	ExpiresAt    time.Time // whole seconds
}

// RoleSessions issues and reads role sessions.
type RoleSessions struct{ Ring *keys.Ring }

const (
	secretKeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	maxSessionToken   = 4096
)

// NewSecretKey draws a secret access key of 40 characters (behaviours.md 1.2).
func NewSecretKey() secret.String { return secret.NewString(secret.Pick(secretKeyAlphabet, 40)) }

// Issue makes credentials for a session of the role, life long from now.
func (rs RoleSessions) Issue(r RoleSession, now time.Time, life time.Duration) (Credentials, error) {
	r.AccessKeyID = arn.NewUniqueID(arn.PrefixTemporaryKeyID, r.Account)
	r.SecretKey = NewSecretKey().Reveal()
	r.IssuedAt, r.ExpiresAt = now.Unix(), now.Add(life).Unix()
	raw, err := cbor.Marshal(r)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{
		AccessKeyID:  r.AccessKeyID,
		SecretKey:    secret.NewString(r.SecretKey),
		SessionToken: secret.NewString(base64.StdEncoding.EncodeToString(rs.Ring.Seal(keys.RoleSession, raw))),
		ExpiresAt:    time.Unix(r.ExpiresAt, 0).UTC(),
	}, nil
}

// Open reads a session token; an Invalid fault if it is none of ours. It does
// not look at the time: an expired session has its own answer.
func (rs RoleSessions) Open(sessionToken string) (RoleSession, error) {
	var r RoleSession
	if len(sessionToken) > maxSessionToken {
		return r, errSessionToken
	}
	sealed, ok := decode(base64.StdEncoding, sessionToken)
	if !ok {
		return r, errSessionToken
	}
	raw, err := rs.Ring.Open(keys.RoleSession, sealed)
	if err != nil {
		return r, errSessionToken
	}
	if err := cbor.Unmarshal(raw, &r); err != nil {
		return r, errSessionToken
	}
	return r, nil
}

var errSessionToken = fault.New(fault.Invalid, "session-token", "The security token included in the request is invalid.")
