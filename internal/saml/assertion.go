package saml

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/beevik/etree"
)

const (
	maxID    = 256
	maxValue = 2048 // characters of a subject or an id that we keep
)

// read reads a, which a signature covered, and checks everything that it says
// of itself.
func (v *Verifier) read(a *etree.Element, md Metadata, now time.Time) (*Assertion, error) {
	out := &Assertion{ID: attr(a, "ID"), Issuer: md.EntityID}
	if attr(a, "Version") != "2.0" || out.ID == "" || len(out.ID) > maxID {
		return nil, invalid("Invalid SAML response", errors.New("version or id of the assertion"))
	}
	if err := issuer(a, md); err != nil {
		return nil, err
	}
	for _, step := range []func(*etree.Element, time.Time, *Assertion) error{v.issued, v.subject, v.conditions, authentication, attributes} {
		if err := step(a, now, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// issued checks the assertion's age.
func (v *Verifier) issued(a *etree.Element, now time.Time, out *Assertion) error {
	var err error
	if out.IssuedAt, err = instant(attr(a, "IssueInstant")); err != nil {
		return invalid("Invalid SAML response", errors.New("IssueInstant"))
	}
	window := v.Window
	if window == 0 {
		window = defaultWindow
	}
	if out.IssuedAt.After(now.Add(maxSkew)) {
		return invalid("Invalid SAML response", errors.New("IssueInstant is in the future"))
	}
	if out.NotOnOrAfter = out.IssuedAt.Add(window); !now.Before(out.NotOnOrAfter) {
		return expired("Token must be redeemed within %d minutes of issuance", int(window.Minutes()))
	}
	return nil
}

// subject reads the NameID and the one bearer confirmation (saml-profiles 4.1.4.2).
func (v *Verifier) subject(a *etree.Element, now time.Time, out *Assertion) error {
	// A response without a subject is answered as a role that may not be
	// assumed is (behaviours.md 4.3).
	nobody := func(err error) error {
		return &Error{CodeAccessDenied, "Not authorized to perform sts:AssumeRoleWithSAML", err.Error()}
	}
	s, err := one(a, nsAssertion, "Subject")
	if err != nil {
		return nobody(err)
	}
	id, err := one(s, nsAssertion, "NameID")
	if err != nil {
		return nobody(err)
	}
	if out.Subject, err = text(id); err != nil {
		return nobody(err)
	}
	out.SubjectFormat, out.NameQualifier, out.SPNameQualifier = attr(id, "Format"), attr(id, "NameQualifier"), attr(id, "SPNameQualifier")
	if out.Subject == "" || max(len(out.Subject), len(out.SubjectFormat), len(out.NameQualifier), len(out.SPNameQualifier)) > maxValue {
		return nobody(errors.New("length of NameID"))
	}
	c, err := one(s, nsAssertion, "SubjectConfirmation")
	if err == nil && attr(c, "Method") != methodBearer {
		err = errors.New("confirmation is not bearer")
	}
	if err == nil {
		c, err = one(c, nsAssertion, "SubjectConfirmationData")
	}
	if err != nil {
		return invalid("Invalid SAML response", err)
	}
	out.Recipient, out.InResponseTo = attr(c, "Recipient"), attr(c, "InResponseTo")
	if !slices.Contains(v.Recipients, out.Recipient) {
		return invalid("Response is not for this recipient", errors.New("Recipient"))
	}
	if attr(c, "NotOnOrAfter") == "" {
		return invalid("Invalid SAML response", errors.New("NotOnOrAfter is missing"))
	}
	return out.within(c, now)
}

// conditions checks times and audience. A condition of a kind that we do not
// know makes the assertion unusable (saml-core 2.5.1.1).
func (v *Verifier) conditions(a *etree.Element, now time.Time, out *Assertion) error {
	without := invalid("Response does not contain the required audience.", nil)
	c, err := one(a, nsAssertion, "Conditions")
	if err != nil {
		return without
	}
	if err := out.within(c, now); err != nil {
		return err
	}
	for _, e := range c.ChildElements() {
		switch {
		case is(e, nsAssertion, "AudienceRestriction"):
			// Restrictions are and-ed, the audiences in one are or-ed.
			found := ""
			for _, name := range children(e, nsAssertion, "Audience") {
				if s, err := text(name); err == nil && slices.Contains(v.Audiences, s) {
					found = s
				}
			}
			if out.Audience = found; found == "" {
				return without
			}
		case is(e, nsAssertion, "OneTimeUse"), is(e, nsAssertion, "ProxyRestriction"):
		default:
			return invalid("Invalid SAML response", errors.New("unknown condition"))
		}
	}
	if out.Audience == "" {
		return without
	}
	return nil
}

// within checks NotBefore and NotOnOrAfter of e and keeps the earliest end.
func (a *Assertion) within(e *etree.Element, now time.Time) error {
	if s := attr(e, "NotBefore"); s != "" {
		t, err := instant(s)
		if err != nil {
			return invalid("Invalid SAML response", errors.New("NotBefore"))
		}
		if now.Add(maxSkew).Before(t) {
			return invalid("Response is not valid yet", errors.New(e.Tag))
		}
	}
	if s := attr(e, "NotOnOrAfter"); s != "" {
		t, err := instant(s)
		if err != nil {
			return invalid("Invalid SAML response", errors.New("NotOnOrAfter"))
		}
		if !now.Before(t) {
			return expired("Token expired: current date/time %d must be before the expiration date/time %d", now.Unix(), t.Unix())
		}
		a.NotOnOrAfter = earlier(a.NotOnOrAfter, t)
	}
	return nil
}

// authentication reads how long the provider lets a session last.
func authentication(a *etree.Element, now time.Time, out *Assertion) error {
	for _, s := range children(a, nsAssertion, "AuthnStatement") {
		until := attr(s, "SessionNotOnOrAfter")
		if until == "" {
			continue
		}
		t, err := instant(until)
		if err != nil {
			return invalid("Invalid SAML response", errors.New("SessionNotOnOrAfter"))
		}
		if !now.Before(t) {
			return expired("Token expired: current date/time %d must be before the expiration date/time %d", now.Unix(), t.Unix())
		}
		out.SessionNotOnOrAfter = earlier(out.SessionNotOnOrAfter, t)
	}
	return nil
}

// attributes reads the attribute statements. Values of one name that come in
// several attributes are taken together.
func attributes(a *etree.Element, _ time.Time, out *Assertion) error {
	out.Attributes = map[string][]string{}
	for _, s := range children(a, nsAssertion, "AttributeStatement") {
		if len(children(s, nsAssertion, "EncryptedAttribute")) > 0 {
			return invalid("Invalid SAML response", errors.New("encrypted attribute"))
		}
		for _, e := range children(s, nsAssertion, "Attribute") {
			name := attr(e, "Name")
			if name == "" || len(name) > maxValue {
				return invalid("Invalid SAML response", fmt.Errorf("attribute name of %d characters", len(name)))
			}
			values := out.Attributes[name]
			for _, v := range children(e, nsAssertion, "AttributeValue") {
				// eduPersonTargetedID's value is a NameID.
				if in := v.ChildElements(); len(in) == 1 && is(in[0], nsAssertion, "NameID") {
					v = in[0]
				}
				if s, err := text(v); err == nil {
					values = append(values, s)
				}
			}
			out.Attributes[name] = values
		}
	}
	return nil
}
