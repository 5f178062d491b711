package signin

import (
	"net/url"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/notify"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/web"
)

// Letters are what administrators have sent to people of a directory. Each makes
// what proves the person and queues the mail in the same transaction; it fails as
// the rule of package people does. Notices tell what an administrator changed. A person whose language is not known is
// written to in English.
type Letters struct {
	Mailer
	Map surface.Map
}

// sender is on whose behalf a letter to u speaks, and the portal that it is about.
func (l Letters) sender(tx store.Tx, u directory.User) (organization, portal string, err error) {
	inst, err := tx.InstanceByName(u.Directory)
	if err != nil {
		return "", "", err
	}
	organization, err = OrganizationName(tx, inst)
	return organization, l.Map.StartURL(inst.PortalName()), err
}

// The parameters of mailed links.
const (
	paramToken  = "token"
	paramPortal = "portal" // where to go on when the token tells nothing any more
)

// mailedLink is a page of the sign-in host with a token of u.
func mailedLink(m surface.Map, path string, token secret.String, u directory.User) string {
	return m.SignIn() + path + "?" + paramToken + "=" + url.QueryEscape(token.Reveal()) + "&" + paramPortal + "=" + url.QueryEscape(u.Directory)
}

// Invite invites u to set a first password (N-14). It replaces an older invitation.
func (l Letters) Invite(tx store.Tx, u directory.User, now time.Time) error {
	organization, portal, err := l.sender(tx, u)
	if err != nil {
		return err
	}
	token, err := people.Invite(tx, u, now)
	if err != nil {
		return err
	}
	accept := mailedLink(l.Map, pathInvitation, token, u)
	return l.Queue(tx, u, notify.Invitation, web.English, web.InvitationMail{
		Organisation: organization, UserName: u.UserName, AcceptURL: accept, Valid: people.InvitationLife, PortalURL: portal,
	}, Ask{Links: []string{accept}}, now)
}

// ResetPassword has u choose a new password (N-19).
func (l Letters) ResetPassword(tx store.Tx, u directory.User, now time.Time) error {
	organization, portal, err := l.sender(tx, u)
	if err != nil {
		return err
	}
	token, err := people.ResetPassword(tx, u, now)
	if err != nil {
		return err
	}
	reset := mailedLink(l.Map, pathReset, token, u)
	return l.Queue(tx, u, notify.PasswordReset, web.English, web.PasswordResetMail{
		Organisation: organization, UserName: u.UserName, ResetURL: reset, Valid: credential.ResetLinkLife, PortalURL: portal,
	}, Ask{Links: []string{reset}}, now)
}

// VerifyEmail has u verify the address.
func (l Letters) VerifyEmail(tx store.Tx, u directory.User, now time.Time) error {
	organization, _, err := l.sender(tx, u)
	if err != nil {
		return err
	}
	token, err := people.StartVerification(tx, u, now)
	if err != nil {
		return err
	}
	verify := mailedLink(l.Map, pathVerify, token, u)
	return l.Queue(tx, u, notify.EmailVerification, web.English, web.EmailVerificationMail{
		Organisation: organization, UserName: u.UserName, VerifyURL: verify, Valid: people.VerificationLife,
	}, Ask{Links: []string{verify}}, now)
}

// OneTimePassword hands a one-time password over (N-15), which the caller has set.
func (l Letters) OneTimePassword(tx store.Tx, u directory.User, password secret.String, now time.Time) error {
	organization, portal, err := l.sender(tx, u)
	if err != nil {
		return err
	}
	return l.Queue(tx, u, notify.OneTimePassword, web.English, web.OneTimePasswordMail{
		Organisation: organization, UserName: u.UserName, Password: password.Reveal(), Valid: people.OneTimePasswordLife, PortalURL: portal,
	}, Ask{Links: []string{portal}, Codes: []string{password.Reveal()}}, now)
}

// PasswordReplaced tells a person who has an address that a one-time password took the
// place of the password that the person had chosen, and does not hand it over.
func (l Letters) PasswordReplaced(tx store.Tx, u directory.User, now time.Time) error {
	organization, portal, err := l.sender(tx, u)
	if err != nil {
		return err
	}
	return l.Tell(tx, u, notify.PasswordChanged, web.English, web.PasswordReplacedMail{
		Organisation: organization, UserName: u.UserName, At: now, Valid: people.OneTimePasswordLife, PortalURL: portal,
	}, now)
}

// DeviceAdded tells a person who has an address of an MFA device, by its name, that an
// administrator registered.
func (l Letters) DeviceAdded(tx store.Tx, u directory.User, name string, now time.Time) error {
	return l.deviceNotice(tx, u, web.PersonDeviceAdded, name, now)
}

// DeviceRemoved tells of one that an administrator removed.
func (l Letters) DeviceRemoved(tx store.Tx, u directory.User, name string, now time.Time) error {
	return l.deviceNotice(tx, u, web.PersonDeviceRemoved, name, now)
}

func (l Letters) deviceNotice(tx store.Tx, u directory.User, k web.PersonMFANotice, name string, now time.Time) error {
	organization, portal, err := l.sender(tx, u)
	if err != nil {
		return err
	}
	return l.Tell(tx, u, notify.MFANotice, web.English, web.PersonMFANoticeMail{
		Kind: k, Organisation: organization, UserName: u.UserName, DeviceName: name, At: now, PortalURL: portal, ByAdministrator: true,
	}, now)
}
