// Package membership is how accounts come into organizations and leave them: what
// an account gets that is created in one or joins it, what it loses that leaves, and
// what its owner is told by mail (F-06 to F-08, behaviours.md 9.6).
//
// The organization's own facts and rules are org's, what Identity Center has in an
// account is access's, applications are application's, and identities are iam's;
// this package does what needs them all at once, in the caller's transaction.
package membership

import (
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
)

// Tx is what it takes.
type Tx interface {
	access.Store // with account.Store and iam.Store
	application.Store
	notify.Store
	org.Store
	payment.Store
	registration.Store
}

const (
	// Principal is Organizations as a service.
	Principal = "organizations.amazonaws.com"
	// LinkedRole is its role in every member account.
	LinkedRole = "AWSServiceRoleForOrganizations"
)

// Found makes an organization that the account manages, with the service's role in
// the account (F-05). One that is in an organization is a Conflict, one that is not
// active a Limit.
func Found(tx Tx, accountID string, features org.FeatureSet, now time.Time) (org.Organization, error) {
	a, err := tx.Account(accountID)
	if err != nil {
		return org.Organization{}, err
	}
	if a.Status != account.Active {
		return org.Organization{}, fault.New(fault.Limit, "ACCOUNT_CREATION_NOT_COMPLETE", "The setup of the account isn't complete, or the account isn't active.")
	}
	o, err := org.New(tx, accountID, features, now)
	if err != nil {
		return o, err
	}
	return o, link(tx, accountID, now)
}

// Enter makes a standalone account a member under the root, with tags and with the
// roles of the services that work in all of an organization's accounts.
func Enter(tx Tx, o org.Organization, a account.Account, method account.JoinedMethod, tags []org.Tag, now time.Time) error {
	if err := org.Join(tx, o, a, o.Path(), method, now); err != nil {
		return err
	}
	if err := org.SetTags(tx, o.ID, a.ID, tags); err != nil {
		return err
	}
	if err := link(tx, a.ID, now); err != nil {
		return err
	}
	return access.Joined(tx, now, a.ID)
}

// link makes the service's role in the account unless it is there.
func link(tx Tx, accountID string, now time.Time) error {
	if _, err := tx.RoleByName(accountID, LinkedRole); !fault.Is(err, fault.NotFound) {
		return err
	}
	_, err := iam.CreateServiceLinkedRole(tx, now, accountID, Principal, "", "")
	return err
}

// Linked reports whether the account has the service's role.
func Linked(tx Tx, accountID string) (bool, error) {
	_, err := tx.RoleByName(accountID, LinkedRole)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// depart makes a member standalone, and takes from it what the organization's
// services had there: nobody comes in by them any more.
func depart(tx Tx, o org.Organization, a account.Account, now time.Time) error {
	if err := application.Left(tx, o.ID, a.ID); err != nil {
		return err
	}
	if err := unlink(tx, a.ID); err != nil {
		return err
	}
	return org.Leave(tx, o, a, now)
}

// unlink takes away what services of an organization have in an account.
func unlink(tx Tx, accountID string) error {
	if err := access.Left(tx, accountID); err != nil {
		return err
	}
	r, err := tx.RoleByName(accountID, LinkedRole)
	if fault.Is(err, fault.NotFound) || err == nil && !r.ServiceLinked() {
		return nil
	}
	if err != nil {
		return err
	}
	return iam.RemoveRole(tx, r)
}

// Remove makes a member standalone if it may leave and can stand alone.
func Remove(tx Tx, o org.Organization, accountID string, now time.Time) error {
	a, err := org.Member(tx, o, accountID)
	if err != nil {
		return err
	}
	if err := org.CanLeave(tx, o, a, now); err != nil {
		return err
	}
	if err := standsAlone(tx, a, now); err != nil {
		return err
	}
	return depart(tx, o, a, now)
}

// standsAlone refuses an account that was created in the organization and lacks
// what AWS asks of standalone ones: whom to reach, and how it pays (behaviours.md
// 9.6). The rest that is asked at sign-up, a support plan, is Basic unless chosen.
func standsAlone(tx Tx, a account.Account, now time.Time) error {
	if a.JoinedMethod != account.Created {
		return nil
	}
	c, err := tx.Contact(a.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if c.Phone == "" {
		return fault.New(fault.Limit, "ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION",
			"The account has no contact information with a telephone number, which a standalone account must have.")
	}
	methods, err := payment.Standing(tx, a.ID, now)
	if err != nil {
		return err
	}
	if methods != payment.Valid {
		return fault.New(fault.Limit, "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED", "The account has no valid payment method, which a standalone account must have.")
	}
	return nil
}

// Clean takes a closed account out of its organization when all that it had has
// been deleted, and returns the organization that it was in; ok is false if it was
// in none. A management account stays: without it there is no organization.
func Clean(tx Tx, accountID string, now time.Time) (o org.Organization, ok bool, err error) {
	a, err := tx.Account(accountID)
	if err != nil || a.Standalone() {
		return o, false, err
	}
	if o, err = tx.Organization(a.Organization); err != nil || o.ManagementAccount == a.ID {
		return o, false, err
	}
	services, err := org.ServicesOf(tx, o, a.ID, page.Request{})
	if err == nil {
		for _, d := range services.Items {
			if err := tx.DeleteDelegate(a.ID, d.Service); err != nil {
				return o, false, err
			}
		}
	} else if !fault.Is(err, fault.NotFound) {
		return o, false, err
	}
	return o, true, depart(tx, o, a, now)
}

// Accepted is what came of a handshake that was accepted.
type Accepted struct {
	Handshake    org.Handshake
	Organization org.Organization // the sender's
	// Left is the organization that the account was in before; its id is "" for none.
	Left org.Organization
}

// Accept brings a handshake to its end for the account that received it: who
// accepts an invitation becomes a member, and leaves the organization that it was
// in for that.
func Accept(tx Tx, accountID, id string, now time.Time) (Accepted, error) {
	h, o, err := org.Answer(tx, accountID, id, org.Accepted, now)
	done := Accepted{Handshake: h, Organization: o}
	if err != nil {
		return done, err
	}
	a, err := tx.Account(accountID)
	if err != nil {
		return done, err
	}
	if h.Recipient.Type == org.EmailParty {
		// Otherwise one could create an account with a partner's address, have it leave,
		// and come in with the invitation that was meant for the partner.
		ok, err := proved(tx, a)
		if err == nil && !ok {
			err = fault.New(fault.Denied, "address-not-proved",
				"Nobody has shown that the e-mail address of this account is theirs. Ask to be invited by account ID.")
		}
		if err != nil {
			return done, err
		}
	}
	if h.Action != org.InviteAccount {
		return done, nil
	}
	switch a.Organization {
	case "":
	case o.ID:
		return done, fault.New(fault.Conflict, "ALREADY_IN_AN_ORGANIZATION", "The account is a member of the organization already.")
	default:
		if done.Left, err = tx.Organization(a.Organization); err != nil {
			return done, err
		}
		if err := Remove(tx, done.Left, a.ID, now); err != nil {
			return done, err
		}
		if a, err = tx.Account(accountID); err != nil {
			return done, err
		}
	}
	n, err := tx.MemberCount(o.ID)
	if err != nil {
		return done, err
	}
	if n >= o.Accounts() {
		return done, fault.New(fault.Conflict, "ACCOUNT_NUMBER_LIMIT_EXCEEDED", "The organization has its allowed number of accounts (%d).", o.Accounts())
	}
	return done, Enter(tx, o, a, account.Invited, h.Tags, now)
}

// Close closes a member account for its organization, and reports whether it did:
// of several that try, one does. One that was closed, or has left, meanwhile is
// left alone.
func Close(tx Tx, accountID string, now time.Time) (account.Account, bool, error) {
	c, err := tx.Closure(accountID)
	if fault.Is(err, fault.NotFound) {
		return account.Account{}, false, nil
	}
	if err != nil {
		return account.Account{}, false, err
	}
	c.CompletedAt = now
	if err := tx.PutClosure(c); err != nil {
		return account.Account{}, false, err
	}
	a, err := tx.Account(accountID)
	if err != nil || a.Organization != c.Organization || a.Status == account.Closed {
		return a, false, err
	}
	a, err = account.Close(tx, accountID, false, "", now)
	return a, err == nil, err
}

// Dissolve removes an organization in which there is only its management account
// left, with what its services had there; its instance of Identity Center is
// deleted in the background.
func Dissolve(tx Tx, o org.Organization, now time.Time) error {
	inst, err := tx.InstanceOf(o.ID)
	if err == nil {
		err = access.RequestDeletion(tx, inst, now)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if _, err := org.Delete(tx, o, now); err != nil {
		return err
	}
	return unlink(tx, o.ManagementAccount)
}
