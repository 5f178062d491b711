package mfa

import (
	"net/netip"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// TrustLife is how long a browser stays trusted at most.
const TrustLife = 30 * 24 * time.Hour

// TrustedBrowser is a browser in which a person said "This is a trusted device": with
// it there, no second factor is asked for while the context stays as it was. It is
// known by the hash of a random value that the browser has as a cookie.
type TrustedBrowser struct {
	Hash      string
	User      string
	Network   string // as [Context] has it
	Agent     string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Context is where a sign-in takes place (behaviours.md 6.7: device, browser,
// location).
type Context struct {
	Address   string // IP address
	UserAgent string
}

// network is the part of the address that stays when a provider gives a subscriber
// another one: /24 of IPv4, /48 of IPv6.
func (c Context) network() string {
	a, err := netip.ParseAddr(c.Address)
	if err != nil {
		return "unknown"
	}
	bits := 48
	if a = a.Unmap().WithZone(""); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

func (c Context) agent() string { return secret.NewString(c.UserAgent).Hash() }

// Trust makes a browser one that the person trusts and returns the value for its
// cookie, 256 random bits.
func Trust(tx Store, user string, at Context, now time.Time) (secret.String, error) {
	v := secret.Token("", 32)
	return v, tx.PutTrustedBrowser(TrustedBrowser{
		Hash: v.Hash(), User: user, Network: at.network(), Agent: at.agent(), CreatedAt: now, ExpiresAt: now.Add(TrustLife),
	})
}

// Trusted reports whether the cookie's value, which may be empty, is that of a browser
// that this person trusts, in the same context.
func Trusted(tx Store, user string, cookie secret.String, at Context, now time.Time) (bool, error) {
	if cookie.Empty() {
		return false, nil
	}
	b, err := tx.TrustedBrowser(cookie.Hash())
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && b.User == user && now.Before(b.ExpiresAt) && b.Network == at.network() && b.Agent == at.agent(), err
}
