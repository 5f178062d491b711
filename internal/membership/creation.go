package membership

import (
	"encoding/json"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
)

// Create does what was asked for with the id, and returns the request as it ended;
// done is false if somebody else did it already. Either there is an account with
// all that belongs to it, or the request has failed for a reason of its own. An
// error is nobody's fault but ours: the caller lets nothing of it be kept, and
// tries again or gives up with [GiveUp].
func Create(tx Tx, id string, now time.Time) (c org.Creation, done bool, err error) {
	if c, err = tx.Creation(id); err != nil || c.State != org.CreationInProgress {
		return c, false, err
	}
	o, err := tx.Organization(c.Organization)
	if err != nil {
		return c, false, err
	}
	why, err := cannot(tx, o, c, now)
	if err != nil {
		return c, false, err
	}
	if why != "" {
		c = c.Fail(why, now)
		return c, true, tx.PutCreation(c)
	}
	a, err := open(tx, o, c, now)
	if err != nil {
		return c, false, err
	}
	c = c.Succeed(a.ID, now)
	return c, true, tx.PutCreation(c)
}

// cannot is why an account cannot be created; "" for no reason.
func cannot(tx Tx, o org.Organization, c org.Creation, now time.Time) (org.CreationFailure, error) {
	if !account.ValidEmail(c.Email) {
		return org.InvalidEmail, nil
	}
	_, err := tx.AccountByEmail(c.Email)
	if err == nil {
		return org.EmailAlreadyExists, nil // closed accounts keep theirs
	}
	if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	n, err := tx.MemberCount(o.ID)
	if err != nil {
		return "", err
	}
	if n >= o.Accounts() {
		return org.AccountLimitExceeded, nil
	}
	return pays(tx, o.ManagementAccount, now)
}

// pays is why the management account cannot pay for another one. Only accounts that
// somebody signed up for were ever asked how they pay.
func pays(tx Tx, management string, now time.Time) (org.CreationFailure, error) {
	_, err := tx.Registration(management)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	switch standing, err := payment.Standing(tx, management, now); {
	case err != nil:
		return "", err
	case standing == "":
		return org.MissingPaymentInstrument, nil
	case standing == payment.Declined:
		return org.InvalidPaymentInstrument, nil
	}
	return "", nil
}

// open opens the account: without any root credentials (behaviours.md 9.4), with
// the company's name and address of the management account, and with the role by
// which that one gets in.
func open(tx Tx, o org.Organization, c org.Creation, now time.Time) (account.Account, error) {
	id, err := registration.NewID(tx)
	if err != nil {
		return account.Account{}, err
	}
	a := account.Account{ID: id, Name: c.Name, Email: c.Email, Status: account.Active, CreatedAt: now}
	if err := a.Validate(); err != nil {
		return a, err
	}
	if err := tx.PutAccount(a); err != nil {
		return a, err
	}
	contact, err := tx.Contact(o.ManagementAccount)
	if err == nil {
		err = account.SetContact(tx, id, contact)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return a, err
	}
	role, err := iam.CreateRole(tx, now, iam.Role{Account: id, Path: "/", Name: c.RoleName, TrustPolicy: trust(o.ManagementAccount)})
	if err != nil {
		return a, err
	}
	if err := iam.Attach(tx, now, id, iam.RoleKind, role.Name, "arn:aws:iam::aws:policy/AdministratorAccess"); err != nil {
		return a, err
	}
	return a, Enter(tx, o, a, account.Created, c.Tags, now)
}

// trust lets whom the account lets assume the role.
func trust(accountID string) string {
	type statement struct {
		Effect    string
		Principal map[string]string
		Action    string
	}
	doc, err := json.Marshal(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"Allow", map[string]string{"AWS": arn.Root(accountID)}, "sts:AssumeRole"}}})
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(doc)
}

// maxTries is how often a request is tried that fails for no reason of its own.
const maxTries = 5

// GiveUp notes that a try ended with an error, and fails the request after some.
// done reports that it did.
func GiveUp(tx Tx, id string, now time.Time) (c org.Creation, done bool, err error) {
	if c, err = tx.Creation(id); err != nil || c.State != org.CreationInProgress {
		return c, false, err
	}
	if c.Failures++; c.Failures >= maxTries {
		c = c.Fail(org.InternalFailure, now)
	}
	return c, c.State == org.CreationFailed, tx.PutCreation(c)
}
