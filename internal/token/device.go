package token

import (
	"errors"
	"strings"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
)

// Tx is what the grants' rules need of a transaction.
type Tx interface {
	Store
	session.Store
}

// userCodeAlphabet has no vowels, so that codes are never words, and no letters
// that look alike: 20^8 codes are 34 bits.
const userCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ"

// BeginDevice starts a device authorization for the client, at the portal of an
// instance. The returned value is the device code; only its hash is kept.
func BeginDevice(tx Store, c Client, instance, sourceIP, userAgent string, now time.Time) (DeviceAuthorization, secret.String, error) {
	code := secret.Token("", 32)
	letters := secret.Pick(userCodeAlphabet, 8)
	d := DeviceAuthorization{
		Hash:       code.Hash(),
		UserCode:   letters[:4] + "-" + letters[4:],
		Client:     c.Key(),
		ClientName: c.Name,
		Scopes:     c.Scopes,
		Instance:   instance,
		SourceIP:   sourceIP,
		UserAgent:  userAgent,
		Status:     Pending,
		CreatedAt:  now,
		ExpiresAt:  now.Add(DeviceCodeLife),
	}
	return d, code, tx.PutDeviceAuthorization(d)
}

// NormalizeUserCode turns what a person typed into XXXX-XXXX; "" if it cannot be a code.
func NormalizeUserCode(typed string) string {
	if len(typed) > 32 {
		return ""
	}
	s := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(s) != 8 || strings.Trim(s, userCodeAlphabet) != "" {
		return ""
	}
	return s[:4] + "-" + s[4:]
}

// ErrUserCode is the answer to every user code that is not waiting for a
// decision, so that probing tells nothing.
var ErrUserCode = fault.New(fault.NotFound, "user-code", "The code is not valid. It may have expired or been used: start again on the device.")

// PendingDevice finds the authorization that waits under a user code for a person of
// the instance. One that waits for people of another instance is as good as none.
func PendingDevice(tx Store, instance, userCode string, now time.Time) (DeviceAuthorization, error) {
	code := NormalizeUserCode(userCode)
	if code == "" {
		return DeviceAuthorization{}, ErrUserCode
	}
	d, err := tx.DeviceAuthorizationByUserCode(code)
	if fault.Is(err, fault.NotFound) {
		return d, ErrUserCode
	}
	if err != nil {
		return d, err
	}
	if d.Status != Pending || d.Instance != instance || !now.Before(d.ExpiresAt) {
		return DeviceAuthorization{}, ErrUserCode
	}
	return d, nil
}

// DecideDevice records the decision of a person of the instance. Only a live session
// decides.
func DecideDevice(tx Tx, instance, userCode string, s session.Session, allow bool, now time.Time) (DeviceAuthorization, error) {
	d, err := PendingDevice(tx, instance, userCode, now)
	if err != nil {
		return d, err
	}
	if !s.Live(now) {
		return d, session.ErrEnded
	}
	d.Session, d.Status = s.ID, Refused
	if allow {
		d.Status = Approved
	}
	return d, tx.PutDeviceAuthorization(d)
}

// Outcome is the answer to a token request. Refused, if not nil, is a fault
// whose reason is an OAuth error code; it is apart from the error of the
// transaction because a refusal may itself have to be committed (a grant that
// ends because its code was used twice).
type Outcome struct {
	Issued
	Grant   Grant
	Refused error
	// Revoked says that the refusal ended a grant, which has to be committed.
	Revoked bool
}

func refuse(code, format string, args ...any) Outcome {
	return Outcome{Refused: fault.New(fault.Invalid, code, format, args...)}
}

// PollDevice tells what a poll gets that cannot be redeemed now: a refused
// outcome, or none if the person has approved. It writes nothing, because most
// polls find the person still reading the page.
func PollDevice(tx Store, c Client, code secret.String, now time.Time) (DeviceAuthorization, Outcome, error) {
	d, err := tx.DeviceAuthorization(code.Hash())
	if fault.Is(err, fault.NotFound) || err == nil && d.Client != c.Key() {
		return d, refuse(InvalidGrant, "The device code is not valid."), nil
	}
	if err != nil {
		return d, Outcome{}, err
	}
	switch {
	case d.Status == Redeemed:
		return d, refuse(InvalidGrant, "The device code was used already."), nil
	case !now.Before(d.ExpiresAt):
		return d, refuse(ExpiredToken, "The device code has expired."), nil
	case d.Status == Refused:
		return d, refuse(AccessDenied, "The request was denied."), nil
	case d.Status == Pending:
		return d, refuse(AuthorizationPending, "The request has not been approved yet."), nil
	}
	return d, Outcome{}, nil
}

// RedeemDevice answers a poll with a device code: what PollDevice says, or
// once, the tokens.
func RedeemDevice(tx Tx, c Client, code secret.String, newID string, now time.Time) (Outcome, error) {
	d, out, err := PollDevice(tx, c, code, now)
	if err != nil || out.Refused != nil {
		return out, err
	}
	s, err := liveSession(tx, d.Session, now)
	if errors.Is(err, session.ErrEnded) {
		return refuse(AccessDenied, "The portal session in which the request was approved has ended."), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	d.Status = Redeemed
	if err := tx.PutDeviceAuthorization(d); err != nil {
		return Outcome{}, err
	}
	return begin(tx, c, s, newID, now)
}

// liveSession returns the session if the person is still signed in.
func liveSession(tx session.Store, id string, now time.Time) (session.Session, error) {
	s, err := tx.Session(id)
	if fault.Is(err, fault.NotFound) {
		return s, session.ErrEnded
	}
	if err != nil {
		return s, err
	}
	if !s.Live(now) {
		return s, session.ErrEnded
	}
	return s, nil
}
