package token

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

// Session is what temporary credentials stand for, as their session token
// carries it, sealed: issuing and reading one touches no disk. Whether it still
// stands (the role or user exists, the assignment too, the person is enabled and
// not signed out) is checked at each use, elsewhere.
type Session struct {
	AccessKeyID string `cbor:"1,keyasint"`
	SecretKey   string `cbor:"2,keyasint"`
	Account     string `cbor:"3,keyasint"`
	// Entity is the id of the role or IAM user; "" is the account's root user.
	Entity string `cbor:"4,keyasint,omitempty"`
	// RoleName and Name are the two ends of the session's ARN; a federated user
	// has a Name only.
	RoleName  string `cbor:"5,keyasint,omitempty"`
	Name      string `cbor:"6,keyasint,omitempty"`
	IssuedAt  int64  `cbor:"7,keyasint"` // Unix seconds
	ExpiresAt int64  `cbor:"8,keyasint"` // Unix seconds

	// For sessions that came from the access portal:
	User          string `cbor:"9,keyasint,omitempty"`
	PermissionSet string `cbor:"10,keyasint,omitempty"`
	PortalSession string `cbor:"11,keyasint,omitempty"`

	Kind SessionKind `cbor:"12,keyasint,omitempty"`
	// Policies are inline session policies (JSON), PolicyARNs managed ones. With
	// none of both, a role session may do what its role may.
	Policies   []string `cbor:"13,keyasint,omitempty"`
	PolicyARNs []string `cbor:"14,keyasint,omitempty"`
	// Tags are the session's own; TransitiveTags names those that a chained
	// session inherits.
	Tags           []Tag    `cbor:"15,keyasint,omitempty"`
	TransitiveTags []string `cbor:"16,keyasint,omitempty"`
	SourceIdentity string   `cbor:"17,keyasint,omitempty"`
	// MFAAt is when the second factor was given, in Unix seconds; 0 if none was.
	MFAAt int64 `cbor:"18,keyasint,omitempty"`
	// Provider is the provider ARN or host that vouched for the person, Keys the
	// claims that stay available as condition keys (behaviours.md 3.5).
	Provider string            `cbor:"19,keyasint,omitempty"`
	Keys     map[string]string `cbor:"20,keyasint,omitempty"`
}

// Tag is a session tag.
type Tag struct {
	Key   string `cbor:"1,keyasint"`
	Value string `cbor:"2,keyasint"`
}

// SessionKind says which operation issued the credentials.
type SessionKind uint8

// The kinds of session.
const (
	PortalRole    SessionKind = iota // GetRoleCredentials of the access portal
	Assumed                          // AssumeRole
	AssumedSAML                      // AssumeRoleWithSAML
	AssumedWeb                       // AssumeRoleWithWebIdentity
	UserSession                      // GetSessionToken: the user or root user itself
	FederatedUser                    // GetFederationToken
	AssumedRoot                      // AssumeRoot
	Delegated                        // GetDelegatedAccessToken: the approver of a delegation request
)

// Expired reports whether the session is over at now.
func (r *Session) Expired(now time.Time) bool { return now.Unix() >= r.ExpiresAt }

// IsRoot reports whether the session is AssumeRoot's.
func (r *Session) IsRoot() bool { return r.Kind == AssumedRoot }

// Credentials are temporary credentials as clients hold them.
type Credentials struct {
	AccessKeyID  string // ASIA…
	SecretKey    secret.String
	SessionToken secret.String
	ExpiresAt    time.Time // whole seconds
}

// Sessions issues and reads temporary credentials.
type Sessions struct{ Ring *keys.Ring }

const (
	secretKeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	// maxSessionToken is what fits into a header beside everything else.
	maxSessionToken = 16 << 10
	// A session with more bytes than plainUpTo is compressed, behind a byte with
	// which no map of CBOR begins.
	plainUpTo   = 1024
	packedMark  = 0
	maxUnpacked = 64 << 10
)

// NewSecretKey draws a secret access key of 40 characters (behaviours.md 1.2).
func NewSecretKey() secret.String { return secret.NewString(secret.Pick(secretKeyAlphabet, 40)) }

// Issue makes credentials for the session, life long from now. A session that
// Open would not read again is a Limit fault of reason "packed-policy-too-large".
func (rs Sessions) Issue(r Session, now time.Time, life time.Duration) (Credentials, error) {
	r.AccessKeyID = arn.NewUniqueID(arn.PrefixTemporaryKeyID, r.Account)
	r.SecretKey = NewSecretKey().Reveal()
	r.IssuedAt, r.ExpiresAt = now.Unix(), now.Add(life).Unix()
	raw, err := cbor.Marshal(r)
	if err != nil {
		return Credentials{}, err
	}
	if len(raw) > plainUpTo {
		raw = append([]byte{packedMark}, deflate(raw)...)
	}
	sealed := base64.StdEncoding.EncodeToString(rs.Ring.Seal(keys.RoleSession, raw))
	if len(sealed) > maxSessionToken {
		return Credentials{}, fault.New(fault.Limit, "packed-policy-too-large", "The session does not fit into a session token.")
	}
	return Credentials{
		AccessKeyID:  r.AccessKeyID,
		SecretKey:    secret.NewString(r.SecretKey),
		SessionToken: secret.NewString(sealed),
		ExpiresAt:    time.Unix(r.ExpiresAt, 0).UTC(),
	}, nil
}

// Open reads a session token; an Invalid fault if it is none of ours. It does
// not look at the time: an expired session has its own answer.
func (rs Sessions) Open(sessionToken string) (*Session, error) {
	if len(sessionToken) > maxSessionToken {
		return nil, errSessionToken
	}
	sealed, ok := decode(base64.StdEncoding, sessionToken)
	if !ok {
		return nil, errSessionToken
	}
	raw, err := rs.Ring.Open(keys.RoleSession, sealed)
	if err != nil {
		return nil, errSessionToken
	}
	if raw, err = unpack(raw); err != nil {
		return nil, errSessionToken
	}
	s := new(Session)
	if err := cbor.Unmarshal(raw, s); err != nil {
		return nil, errSessionToken
	}
	return s, nil
}

// readers are kept because each has a window of 32 KiB.
var readers = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// unpack undoes what Issue does to a session that is long.
func unpack(raw []byte) ([]byte, error) {
	if len(raw) == 0 || raw[0] != packedMark {
		return raw, nil
	}
	r, _ := readers.Get().(io.Reader) // nothing else is put there
	defer readers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(raw[1:]), nil); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
	if err == nil && len(raw) > maxUnpacked {
		err = errSessionToken
	}
	return raw, err
}

var errSessionToken = fault.New(fault.Invalid, "session-token", "The security token included in the request is invalid.")
