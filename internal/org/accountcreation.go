package org

import (
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Creation is a request to create a member account, which is worked on in the
// background (F-08, behaviours.md 9.6).
type Creation struct {
	ID           string // car- and 32 lower-case letters and digits
	Organization string
	Name         string
	Email        string
	// RoleName is of the role by which the management account gets in.
	RoleName string
	Tags     []Tag
	State    CreationState
	Failure  CreationFailure // why it failed; "" otherwise
	Account  string          // that was created; "" before
	Failures int             // tries that ended for no reason of the request's
	// RequestedAt and CompletedAt are its beginning and end.
	RequestedAt, CompletedAt time.Time
}

// CreationState is how far a request has come.
type CreationState string

// The states.
const (
	CreationInProgress CreationState = "IN_PROGRESS"
	CreationSucceeded  CreationState = "SUCCEEDED"
	CreationFailed     CreationState = "FAILED"
)

// CreationFailure is why an account was not created, in AWS's words.
type CreationFailure string

// The reasons that there are here.
const (
	AccountLimitExceeded     CreationFailure = "ACCOUNT_LIMIT_EXCEEDED"
	EmailAlreadyExists       CreationFailure = "EMAIL_ALREADY_EXISTS"
	InvalidEmail             CreationFailure = "INVALID_EMAIL"
	ConcurrentModification   CreationFailure = "CONCURRENT_ACCOUNT_MODIFICATION"
	InternalFailure          CreationFailure = "INTERNAL_FAILURE"
	MissingPaymentInstrument CreationFailure = "MISSING_PAYMENT_INSTRUMENT"
	InvalidPaymentInstrument CreationFailure = "INVALID_PAYMENT_INSTRUMENT"
)

// CreationKept is how long after its end one can ask what became of a request.
const CreationKept = 90 * 24 * time.Hour

// DefaultRoleName is of the role by which the management account gets in.
const DefaultRoleName = "OrganizationAccountAccessRole"

// CreationStore keeps requests.
type CreationStore interface {
	// Creation returns it, or NotFound.
	Creation(id string) (Creation, error)
	// Creations pages through the organization's in order of id; with states only those.
	Creations(organization string, states []CreationState, p page.Request) (page.Page[Creation], error)
	// PendingCreations are those in progress, of one organization or with "" of all,
	// the oldest first.
	PendingCreations(organization string, limit int) ([]Creation, error)
	// PutCreation creates or replaces it.
	PutCreation(c Creation) error
}

// Forgotten reports whether nobody can ask any more what became of the request.
func (c Creation) Forgotten(now time.Time) bool {
	return !c.CompletedAt.IsZero() && !now.Before(c.CompletedAt.Add(CreationKept))
}

// FindCreation returns a request of the organization, or NotFound.
func FindCreation(tx Store, o Organization, id string, now time.Time) (Creation, error) {
	c, err := tx.Creation(id)
	if err == nil && (c.Organization != o.ID || c.Forgotten(now)) {
		err = fault.New(fault.NotFound, "CreateAccountStatusNotFound", "You specified a create account request that doesn't exist.")
	}
	if err != nil {
		return Creation{}, err
	}
	return c, nil
}

// RequestAccount notes that an account is to be created with the name, address,
// role and tags of c. What cannot be, and what the organization has no room for,
// is refused at once; what depends on other accounts fails the request later.
func RequestAccount(tx Tx, o Organization, c Creation, now time.Time) (Creation, error) {
	if c.RoleName == "" {
		c.RoleName = DefaultRoleName
	}
	if reservedRole(c.RoleName) {
		return Creation{}, invalid("INVALID_ROLE_NAME", "You provided a role name that isn't valid. A role name can't begin with a reserved prefix.")
	}
	if !account.IsName(c.Name) {
		return Creation{}, invalid("INVALID_PATTERN", "You provided a value that does not match the required pattern.")
	}
	if err := validTags(c.Tags); err != nil {
		return Creation{}, err
	}
	if len(c.Tags) > MaxTags {
		return Creation{}, constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the maximum number of tags allowed on this resource.")
	}
	under, err := tx.PendingCreations(o.ID, maxCreations)
	if err != nil {
		return Creation{}, err
	}
	if len(under) >= maxCreations {
		return Creation{}, constraint("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", "You have exceeded the number of accounts that can be created at a time (%d).", maxCreations)
	}
	taken, err := places(tx, o, now)
	if err != nil {
		return Creation{}, err
	}
	if taken >= o.Accounts() {
		return Creation{}, constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts (%d).", o.Accounts())
	}
	c.ID, c.Organization, c.State, c.RequestedAt = arn.NewID("car-", 32), o.ID, CreationInProgress, now
	for _, other := range under {
		if strings.EqualFold(other.Email, c.Email) {
			c = c.Fail(ConcurrentModification, now)
		}
	}
	return c, tx.PutCreation(c)
}

// reservedRole reports whether only AWS gives roles such names.
func reservedRole(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "awsservicerolefor") || strings.HasPrefix(name, "awsreservedsso_")
}

// Fail is the request as it has failed.
func (c Creation) Fail(why CreationFailure, now time.Time) Creation {
	c.State, c.Failure, c.CompletedAt = CreationFailed, why, now
	return c
}

// Succeed is the request as it has led to an account.
func (c Creation) Succeed(accountID string, now time.Time) Creation {
	c.State, c.Account, c.CompletedAt = CreationSucceeded, accountID, now
	return c
}
