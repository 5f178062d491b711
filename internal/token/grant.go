package token

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
)

// AuthorizeRequest is a valid request to /authorize, to be decided by a person.
type AuthorizeRequest struct {
	Client      Client
	RedirectURI string
	State       string
	Challenge   string
	Scopes      []string
}

// CheckAuthorize validates what came to /authorize after the client and the
// redirect URI have been found good; only then may errors be sent there. The
// fault's reason is an OAuth error code.
func CheckAuthorize(c Client, responseType, method, challenge, state string, scopes []string) error {
	switch {
	case responseType != "code":
		return fault.New(fault.Invalid, "unsupported_response_type", "response_type must be code.")
	case method != "S256":
		return fault.New(fault.Invalid, InvalidRequest, "code_challenge_method must be S256.")
	case !validChallenge(challenge):
		return fault.New(fault.Invalid, InvalidRequest, "code_challenge must be an unpadded base64url SHA-256.")
	case state == "" || len(state) > 1024:
		return fault.New(fault.Invalid, InvalidRequest, "state must be 1 to 1024 characters.")
	}
	return CheckScopes(scopes)
}

func validChallenge(s string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(raw) == sha256.Size
}

// GiveCode makes the authorization code for a request that the person of the
// session has allowed.
func GiveCode(tx Tx, r AuthorizeRequest, s session.Session, now time.Time) (secret.String, error) {
	if !s.Live(now) {
		return secret.String{}, session.ErrEnded
	}
	code := secret.Token("", 32)
	return code, tx.PutAuthorizationCode(AuthorizationCode{
		Hash:        code.Hash(),
		Client:      r.Client.Key(),
		ClientName:  r.Client.Name,
		RedirectURI: r.RedirectURI,
		Challenge:   r.Challenge,
		Scopes:      r.Scopes,
		Session:     s.ID,
		ExpiresAt:   now.Add(CodeLife),
	})
}

// RedeemCode exchanges an authorization code. A code that comes a second time
// ends the grant it gave (RFC 6749 4.1.2, ASVS 10.4.2). A wrong verifier does
// not spend the code: otherwise whoever glimpsed it could spoil it.
func RedeemCode(tx Tx, c Client, code secret.String, redirectURI, verifier, newID string, now time.Time) (Outcome, error) {
	a, err := tx.AuthorizationCode(code.Hash())
	if fault.Is(err, fault.NotFound) {
		return refuse(InvalidGrant, "The authorization code is not valid."), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if a.Client != c.Key() {
		return refuse(InvalidGrant, "The authorization code is not valid."), nil
	}
	if !a.UsedAt.IsZero() {
		if err := endGrant(tx, a.Grant, "authorization-code-reused", now); err != nil {
			return Outcome{}, err
		}
		return revoked("The authorization code was used already; what it gave is revoked."), nil
	}
	h := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(h[:])
	switch {
	case !now.Before(a.ExpiresAt):
		return refuse(InvalidGrant, "The authorization code has expired."), nil
	case a.RedirectURI != redirectURI:
		return refuse(InvalidGrant, "The redirect URI is not the one that was authorized."), nil
	case len(verifier) < 43 || len(verifier) > 128 || !secret.NewString(challenge).Equal(secret.NewString(a.Challenge)):
		return refuse(InvalidGrant, "The code verifier does not match the challenge."), nil
	}
	s, err := liveSession(tx, a.Session, now)
	if errors.Is(err, session.ErrEnded) {
		return refuse(InvalidGrant, "The portal session in which the request was approved has ended."), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	a.UsedAt, a.Grant = now, newID
	if err := tx.PutAuthorizationCode(a); err != nil {
		return Outcome{}, err
	}
	return begin(tx, c, s, newID, now)
}

// Refresh exchanges a refresh token for a new pair. Within RefreshGrace of its
// first use a token may be used again and gets a pair of its own; later use is
// taken for theft and ends the grant with everything it gave (RFC 9700 4.14.2).
func Refresh(tx Tx, c Client, refresh secret.String, now time.Time) (Outcome, error) {
	t, err := tx.RefreshToken(refresh.Hash())
	if fault.Is(err, fault.NotFound) {
		return refuse(InvalidGrant, "The refresh token is not valid."), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	g, err := tx.Grant(t.Grant)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Outcome{}, err
	}
	if err != nil || g.Client != c.Key() || !g.EndedAt.IsZero() {
		return refuse(InvalidGrant, "The refresh token is not valid."), nil //nolint:nilerr // only NotFound is left
	}
	if !t.UsedAt.IsZero() && now.After(t.UsedAt.Add(RefreshGrace)) {
		if err := endGrant(tx, g.ID, "refresh-token-reused", now); err != nil {
			return Outcome{}, err
		}
		return revoked("The refresh token was used already; sign in again."), nil
	}
	s, err := liveSession(tx, g.Session, now)
	if errors.Is(err, session.ErrEnded) || err == nil && !now.Before(t.ExpiresAt) {
		return refuse(InvalidGrant, "The portal session has ended; sign in again."), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if t.UsedAt.IsZero() {
		t.UsedAt = now
		if err := tx.PutRefreshToken(t); err != nil {
			return Outcome{}, err
		}
	}
	return issue(tx, g, s, now)
}

func begin(tx Tx, c Client, s session.Session, id string, now time.Time) (Outcome, error) {
	g := Grant{
		ID: id, Session: s.ID, User: s.User,
		Client: c.Key(), ClientName: c.Name, Scopes: c.Scopes,
		Refreshable: c.Refreshable(), CreatedAt: now,
	}
	if err := tx.PutGrant(g); err != nil {
		return Outcome{}, err
	}
	return issue(tx, g, s, now)
}

// issue makes a new pair of tokens for the grant, neither outliving the session.
func issue(tx Store, g Grant, s session.Session, now time.Time) (Outcome, error) {
	life := s.ExpiresAt.Sub(now)
	out := Outcome{Grant: g}
	if g.Refreshable {
		out.RefreshToken = secret.Token("aor", 32)
		if err := tx.PutRefreshToken(RefreshToken{Hash: out.RefreshToken.Hash(), Grant: g.ID, ExpiresAt: s.ExpiresAt}); err != nil {
			return Outcome{}, err
		}
		life = min(life, AccessTokenLife)
	}
	out.AccessToken, out.ExpiresIn = secret.Token("aoa", 32), life
	return out, tx.PutAccessToken(AccessToken{Hash: out.AccessToken.Hash(), Grant: g.ID, ExpiresAt: now.Add(life)})
}

func revoked(text string) Outcome {
	out := refuse(InvalidGrant, "%s", text)
	out.Revoked = true
	return out
}

func endGrant(tx Store, id, reason string, now time.Time) error {
	g, err := tx.Grant(id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || !g.EndedAt.IsZero() {
		return err
	}
	g.EndedAt, g.EndReason = now, reason
	return tx.PutGrant(g)
}
