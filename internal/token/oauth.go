// Package token is what stands for a person's consent: OAuth grants with their
// device codes, authorization codes, access and refresh tokens (RFC 6749, 7636,
// 8628, 9700), and the sealed temporary credentials of role sessions.
//
// It owns their rules: single use, rotation, reuse, lifetimes. Who approves is
// signin's business, how they travel is the services'.
package token

import (
	"time"

	"sekisho/internal/secret"
)

// Lifetimes and limits (api-surface.md 5.4 to 5.7).
const (
	RegistrationLife = 90 * 24 * time.Hour
	DeviceCodeLife   = 10 * time.Minute
	DeviceInterval   = time.Second
	CodeLife         = 5 * time.Minute
	// AccessTokenLife is for grants with a refresh token. botocore refreshes a
	// token with less than 15 minutes left each time it is used, so it must be
	// well above that. Grants without refresh get one token for the whole session.
	AccessTokenLife = time.Hour
	// RefreshGrace is how long a refresh token that was used once may be used
	// again: several processes share one, and an answer can get lost. Later use
	// is theft and ends the grant (RFC 9700 4.14.2).
	RefreshGrace = 2 * time.Minute
)

// DeviceStatus is where a device authorization stands.
type DeviceStatus string

// The states of a device authorization.
const (
	Pending  DeviceStatus = "pending"
	Approved DeviceStatus = "approved"
	Refused  DeviceStatus = "denied"
	Redeemed DeviceStatus = "redeemed"
)

// DeviceAuthorization is a device grant under way (RFC 8628).
type DeviceAuthorization struct {
	Hash     string // of the device code
	UserCode string // XXXX-XXXX
	// Client is the hash of the client id that asked; only it may redeem.
	Client     string
	ClientName string
	Scopes     []string
	Instance   string // whose start URL it was asked with; only its people may approve
	SourceIP   string // of the device that asks, shown to the person who approves
	UserAgent  string
	Status     DeviceStatus
	Session    string // of the person who approved
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// AuthorizationCode is a code of the PKCE flow.
type AuthorizationCode struct {
	Hash        string
	Client      string // hash of the client id
	ClientName  string
	RedirectURI string // as given to /authorize, with its port
	Challenge   string // S256, unpadded base64url
	Scopes      []string
	Session     string
	ExpiresAt   time.Time
	UsedAt      time.Time // zero until redeemed
	Grant       string    // that it was redeemed for
}

// Grant is a client's standing permission to act for a person, within the
// portal session in which it was given.
type Grant struct {
	ID          string // UUID
	Session     string
	User        string
	Client      string
	ClientName  string
	Scopes      []string
	Refreshable bool
	CreatedAt   time.Time
	EndedAt     time.Time
	EndReason   string
}

// AccessToken is a portal bearer token.
type AccessToken struct {
	Hash      string
	Grant     string
	ExpiresAt time.Time
}

// RefreshToken is one link in the chain of a grant's refresh tokens.
type RefreshToken struct {
	Hash      string
	Grant     string
	ExpiresAt time.Time
	UsedAt    time.Time
}

// Store keeps grants and tokens.
type Store interface {
	PutDeviceAuthorization(d DeviceAuthorization) error
	DeviceAuthorization(hash string) (DeviceAuthorization, error)
	DeviceAuthorizationByUserCode(code string) (DeviceAuthorization, error)

	PutAuthorizationCode(c AuthorizationCode) error
	AuthorizationCode(hash string) (AuthorizationCode, error)

	PutGrant(g Grant) error
	Grant(id string) (Grant, error)

	PutAccessToken(t AccessToken) error
	AccessToken(hash string) (AccessToken, error)

	PutRefreshToken(t RefreshToken) error
	RefreshToken(hash string) (RefreshToken, error)

	// SpendOnce records that a one-time value was used; the second time it is
	// Conflict. The record may be dropped after expires.
	SpendOnce(hash string, expires time.Time) error
}

// Issued is the answer of the token endpoint.
type Issued struct {
	AccessToken  secret.String
	RefreshToken secret.String // empty when the grant cannot be refreshed
	ExpiresIn    time.Duration
}
