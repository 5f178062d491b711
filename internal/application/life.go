package application

import (
	"time"

	"sekisho/internal/access"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// New is what an application is made of. Instance, Account, Provider and Name are
// required; the rest has AWS's defaults: enabled, and visible in portals.
type New struct {
	Instance    access.Instance
	Account     string
	Provider    string // ARN
	Name        string
	Description string
	Status      Status
	Visibility  Status
	SignIn      SignIn
	Tags        []iam.Tag
}

// Create makes an application that nobody is assigned to yet. It is Invalid for a
// provider whose applications are not made in this way, a Conflict in an instance
// that is being deleted, and a Limit when it has its 7,000 applications.
func Create(tx Store, n New, now time.Time) (Application, error) {
	name, err := creatable(n.Provider)
	if err == nil {
		err = n.Instance.Live()
	}
	if err != nil {
		return Application{}, err
	}
	a := Application{
		ID: arn.NewID("apl-", 16), Instance: n.Instance.ID, Account: n.Account, Provider: name, Name: n.Name, Description: n.Description,
		Status: n.Status, Visibility: n.Visibility, SignIn: n.SignIn, AssignmentRequired: true, CreatedAt: now, CreatedFrom: n.Instance.Region,
	}
	if a.Status == "" {
		a.Status = Enabled
	}
	if a.Visibility == "" {
		a.Visibility = Enabled
	}
	if err := a.Validate(); err != nil {
		return Application{}, err
	}
	if a.Tags, err = checkedTags(nil, n.Tags); err != nil {
		return Application{}, err
	}
	have, err := tx.ApplicationCount(a.Instance)
	if err != nil {
		return Application{}, err
	}
	if have >= MaxApplications {
		return Application{}, quota("applications", MaxApplications)
	}
	return a, tx.PutApplication(a)
}

// Change is what of an application can be changed; what is nil stays.
type Change struct {
	Name, Description *string
	Status            *Status
	SignIn            *SignIn
}

// Update changes an application.
func Update(tx Store, a Application, c Change) error {
	set(&a.Name, c.Name)
	set(&a.Description, c.Description)
	set(&a.Status, c.Status)
	set(&a.SignIn, c.SignIn)
	if err := a.Validate(); err != nil {
		return err
	}
	return tx.PutApplication(a)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// RequireAssignment says whether people must be assigned to use the application.
// Those who are assigned stay so.
func RequireAssignment(tx Store, a Application, required bool) error {
	a.AssignmentRequired = required
	return tx.PutApplication(a)
}

func quota(of string, most int) error {
	return fault.New(fault.Limit, "quota-"+of, "You have exceeded AWS SSO limits. Cannot have more than %d %s. "+
		"Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html.", most, of)
}

// Left deletes what an account that leaves an organization has in the
// organization's instance: its applications, with who is assigned to them and by
// whom they get tokens. The account's own roles could otherwise go on asking for
// tokens of the organization's people, and nobody in the account could end that. What
// it has in an instance of its own stays.
func Left(tx Store, organization, accountID string) error {
	inst, err := tx.InstanceOf(organization)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for {
		all, err := tx.Applications(inst.ID, Filter{Account: accountID}, page.Request{})
		if err != nil || len(all.Items) == 0 {
			return err
		}
		for _, a := range all.Items {
			if err := tx.DeleteApplication(a.ID); err != nil {
				return err
			}
		}
	}
}
