package iam

import (
	"encoding/base64"
	"fmt"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/secret"
)

// ServiceCredential is a service-specific credential: a name and a password, or
// an API key, with which a user reaches one service that signs nothing.
type ServiceCredential struct {
	ID      string // ACCA…
	Account string
	User    string // id
	Service string // codecommit.amazonaws.com…
	// UserName is what the service knows the user by, or the API key's alias;
	// unique in the account for the service.
	UserName string
	Hash     string // of the password or key: secret.String.Hash
	Active   bool
	// CreatedAt is kept when the password is reset.
	CreatedAt time.Time
	ExpiresAt time.Time // zero for never
}

// ServiceCredentialStore keeps service-specific credentials.
type ServiceCredentialStore interface {
	ServiceCredential(id string) (ServiceCredential, error)
	// ServiceCredentialNamed finds by what the service knows the user by.
	ServiceCredentialNamed(account, service, userName string) (ServiceCredential, error)
	// ServiceCredentialsOf returns the user's, oldest first.
	ServiceCredentialsOf(user string) ([]ServiceCredential, error)
	// ServiceCredentials pages through the account's for the service, or for all
	// services for "", in order of id.
	ServiceCredentials(account, service string, p page.Request) (page.Page[ServiceCredential], error)
	PutServiceCredential(c ServiceCredential) error
	DeleteServiceCredential(id string) error
}

// maxServiceCredentials is for each service.
const maxServiceCredentials = 2

// apiKeys are the services that take a service-specific credential. Those with a
// prefix take it as one API key that begins so and may expire; for the others it
// is a user name and a password.
var apiKeys = map[string]string{
	"bedrock.amazonaws.com":    "ABSK",
	"logs.amazonaws.com":       "ACWL",
	"cassandra.amazonaws.com":  "",
	"codecommit.amazonaws.com": "",
}

// APIKey reports whether the credential is an API key.
func (c ServiceCredential) APIKey() bool { return apiKeys[c.Service] != "" }

// Expired reports whether the credential's time is over.
func (c ServiceCredential) Expired(now time.Time) bool {
	return !c.ExpiresAt.IsZero() && !now.Before(c.ExpiresAt)
}

// CheckCredentialService refuses a service that has no such credentials.
func CheckCredentialService(service string) error {
	if _, ok := apiKeys[service]; !ok {
		return fault.New(fault.NotFound, "not-supported-service", "The service %s does not support service-specific credentials.", service)
	}
	return nil
}

// CreateServiceCredential gives a credential to the user and returns its password
// or key, which is not kept. days is after how many it expires, 0 for never; only
// API keys can.
func CreateServiceCredential(tx Store, now time.Time, user User, service string, days int) (ServiceCredential, secret.String, error) {
	if err := CheckCredentialService(service); err != nil {
		return ServiceCredential{}, secret.String{}, err
	}
	c := ServiceCredential{
		ID: arn.NewUniqueID(arn.PrefixServiceSpecificCredential, user.Account), Account: user.Account, User: user.ID,
		Service: service, Active: true, CreatedAt: now,
	}
	if days > 0 {
		if !c.APIKey() {
			return ServiceCredential{}, secret.String{}, fault.New(fault.Invalid, "validation",
				"CredentialAgeDays is not supported for the service %s.", service)
		}
		c.ExpiresAt = now.AddDate(0, 0, days)
	}
	have, err := tx.ServiceCredentialsOf(user.ID)
	if err != nil {
		return ServiceCredential{}, secret.String{}, err
	}
	n := 0
	for _, h := range have {
		if h.Service == service {
			n++
		}
	}
	if n >= maxServiceCredentials {
		return ServiceCredential{}, secret.String{}, exceeds("ServiceSpecificCredentialsPerUser", maxServiceCredentials)
	}
	if c.UserName, err = serviceUserName(tx, user, service); err != nil {
		return ServiceCredential{}, secret.String{}, err
	}
	password := c.newPassword()
	return c, password, tx.PutServiceCredential(c)
}

// ResetServiceCredential gives one of the user's credentials a new password or
// key; the old one is good no more.
func ResetServiceCredential(tx Store, user User, id string) (ServiceCredential, secret.String, error) {
	c, err := serviceCredentialOf(tx, user, id)
	if err != nil {
		return ServiceCredential{}, secret.String{}, err
	}
	password := c.newPassword()
	return c, password, tx.PutServiceCredential(c)
}

// SetServiceCredentialActive sets the status of one of the user's credentials.
func SetServiceCredentialActive(tx Store, user User, id string, active bool) error {
	c, err := serviceCredentialOf(tx, user, id)
	if err != nil {
		return err
	}
	c.Active = active
	return tx.PutServiceCredential(c)
}

// DeleteServiceCredential deletes one of the user's credentials.
func DeleteServiceCredential(tx Store, user User, id string) error {
	if _, err := serviceCredentialOf(tx, user, id); err != nil {
		return err
	}
	return tx.DeleteServiceCredential(id)
}

func serviceCredentialOf(tx Store, user User, id string) (ServiceCredential, error) {
	c, err := tx.ServiceCredential(id)
	if err == nil && c.User != user.ID {
		err = fault.New(fault.NotFound, "no-service-credential", "")
	}
	return c, missing(err, "No such credential %s exists", id)
}

// serviceUserName is jane-at-111122223333, or jane+1-at-111122223333 for the
// second. More than two are passed over only if a user was renamed and another
// took the old name.
func serviceUserName(tx Store, user User, service string) (string, error) {
	for n := 0; ; n++ {
		name := user.Name + "-at-" + user.Account
		if n > 0 {
			name = fmt.Sprintf("%s+%d-at-%s", user.Name, n, user.Account)
		}
		_, err := tx.ServiceCredentialNamed(user.Account, service, name)
		if fault.Is(err, fault.NotFound) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// newPassword gives the credential a new password of 256 random bits. An API key
// holds the alias too, so that its bearer needs to show nothing else.
func (c *ServiceCredential) newPassword() secret.String {
	text := base64.StdEncoding.EncodeToString(secret.Random(32))
	if prefix := apiKeys[c.Service]; prefix != "" {
		text = prefix + base64.StdEncoding.EncodeToString([]byte(c.UserName+":"+text))
	}
	password := secret.NewString(text)
	c.Hash = password.Hash()
	return password
}

// serviceCredentialsHold is a Conflict while the user has service-specific
// credentials.
func serviceCredentialsHold(tx Store, u User) error {
	held, err := tx.ServiceCredentialsOf(u.ID)
	return holds(len(held), err, "must delete service specific credentials first")
}
