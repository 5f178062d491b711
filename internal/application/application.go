// Package application is what people reach from Identity Center beside accounts:
// applications, who is assigned to them, how they get tokens (grants, access
// scopes, authentication methods), and the trusted token issuers whose tokens they
// may exchange (G-60, H-18, behaviours.md 6.11).
//
// It owns these objects and their rules. Instances are access's, people and groups
// directory's; the protocols that use what is kept here are elsewhere.
package application

import (
	"net/url"
	"regexp"
	"time"
	"unicode"
	"unicode/utf8"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// Quotas of an instance and of an application (behaviours.md 1.7).
const (
	MaxApplications = 7000 // of an instance
	MaxTokenIssuers = 10   // of an instance
	MaxGroups       = 100  // assigned to an application
	MaxScopes       = 25   // of an application
)

// Status is whether an application can be used.
type Status string

// The wire's words for what is on and what is off.
const (
	Enabled  Status = "ENABLED"
	Disabled Status = "DISABLED"
)

// Origin is where signing in to an application begins.
type Origin string

// The origins: Identity Center signs the person in to a SAML application itself,
// or sends the browser to the application's own address.
const (
	FromIdentityCenter Origin = "IDENTITY_CENTER"
	FromApplication    Origin = "APPLICATION"
)

// SignIn is how the portal brings people to an application.
type SignIn struct {
	Origin Origin
	// URL of http or https, at most 512 characters; FromApplication needs one.
	URL string
}

// Application is one that people of an instance can be assigned to.
type Application struct {
	ID          string // apl- and 16 lower-case letters and digits
	Instance    string
	Account     string // whose it is: the account that made it
	Provider    string // the name of its provider, such as "custom"
	Name        string // 1 to 100 characters; several may have the same
	Description string // at most 128 characters
	Status      Status
	Visibility  Status // whether portals show it; said once, when it is made
	SignIn      SignIn // zero if nothing was said
	// AssignmentRequired keeps everybody out who is not assigned, by themselves or
	// by a group. Without it the application is open to all of the directory.
	AssignmentRequired bool
	Tags               []iam.Tag
	CreatedAt          time.Time
	CreatedFrom        string // region
	FromFile           bool   // declared by the organisation file
}

// Assignment lets a user or group use an application.
type Assignment struct {
	Application   string // id
	PrincipalType access.PrincipalType
	PrincipalID   string
	CreatedAt     time.Time
}

// Filter narrows an instance's applications; "" does not.
type Filter struct{ Account, Provider string }

// Store keeps applications and trusted token issuers. Lists are paged by name and
// id, assignments by application and principal.
type Store interface {
	access.Store // with account.Store and directory.Store

	// Application returns the application with that id, or NotFound.
	Application(id string) (Application, error)
	Applications(instance string, f Filter, p page.Request) (page.Page[Application], error)
	ApplicationCount(instance string) (int, error)
	// PutApplication creates or replaces it.
	PutApplication(a Application) error
	// DeleteApplication removes it with its configuration and its assignments, or is NotFound.
	DeleteApplication(id string) error

	// ApplicationConfiguration is zero for an application for which none was put.
	ApplicationConfiguration(id string) (Configuration, error)
	PutApplicationConfiguration(id string, c Configuration) error

	// ApplicationAssignment returns the one with the same application and principal, or NotFound.
	ApplicationAssignment(a Assignment) (Assignment, error)
	// ApplicationAssignments pages through those of an application.
	ApplicationAssignments(application string, p page.Request) (page.Page[Assignment], error)
	// ApplicationAssignmentsTo pages through those of a principal, for a user with
	// those of the groups that the user is in; of one application only, unless "".
	ApplicationAssignmentsTo(kind access.PrincipalType, principal, application string, p page.Request) (page.Page[Assignment], error)
	// ApplicationGroupCount is how many groups are assigned to an application.
	ApplicationGroupCount(application string) (int, error)
	// PutApplicationAssignment does nothing if there is such an assignment.
	PutApplicationAssignment(a Assignment) error
	// DeleteApplicationAssignment is NotFound if there is none with the same
	// application and principal.
	DeleteApplicationAssignment(a Assignment) error
	// ApplicationsVisibleTo pages through what VisibleTo tells.
	ApplicationsVisibleTo(user string, p page.Request) (page.Page[Application], error)

	// TokenIssuer returns the trusted token issuer with that id, or NotFound.
	TokenIssuer(id string) (TokenIssuer, error)
	TokenIssuers(instance string, p page.Request) (page.Page[TokenIssuer], error)
	TokenIssuerCount(instance string) (int, error)
	// PutTokenIssuer creates or replaces it.
	PutTokenIssuer(i TokenIssuer) error
	DeleteTokenIssuer(id string) error

	// DeleteApplicationsOf removes all applications and trusted token issuers of an instance.
	DeleteApplicationsOf(instance string) error

	// ClientRequest returns what was kept under the key, or NotFound. It may be past
	// its time.
	ClientRequest(key string) (ClientRequest, error)
	// PutClientRequest creates or replaces it.
	PutClientRequest(r ClientRequest) error
}

const (
	maxName        = 100
	maxDescription = 128
	maxURL         = 512
)

var applicationURL = regexp.MustCompile(`^https?://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]$`)

// Validate checks an application against AWS's limits (behaviours.md 1.4). Names
// and descriptions are shown to people: they have no control characters.
func (a Application) Validate() error {
	switch {
	case a.Name == "" || !shown(a.Name, maxName):
		return fault.New(fault.Invalid, "application-name", "The application name must be 1 to %d characters without control characters.", maxName)
	case !shown(a.Description, maxDescription):
		return fault.New(fault.Invalid, "application-description", "The application description must be at most %d characters without control characters.", maxDescription)
	case a.Status != Enabled && a.Status != Disabled:
		return fault.New(fault.Invalid, "application-status", "The application status must be ENABLED or DISABLED.")
	case a.Visibility != Enabled && a.Visibility != Disabled:
		return fault.New(fault.Invalid, "application-visibility", "The visibility of the application must be ENABLED or DISABLED.")
	}
	return a.SignIn.validate()
}

func (s SignIn) validate() error {
	switch {
	case s == SignIn{}:
		return nil
	case s.Origin != FromIdentityCenter && s.Origin != FromApplication:
		return fault.New(fault.Invalid, "sign-in-origin", "The sign-in origin must be IDENTITY_CENTER or APPLICATION.")
	case s.URL == "" && s.Origin == FromApplication:
		return fault.New(fault.Invalid, "application-url", "ApplicationUrl is required when the sign-in origin is APPLICATION.")
	case s.URL != "" && !validURL(s.URL):
		return fault.New(fault.Invalid, "application-url", "ApplicationUrl must be a URL of http or https with at most %d characters.", maxURL)
	}
	return nil
}

// validURL reports whether the portal can send a browser there. The scheme is what
// keeps a script out of a link; a name before the host, as in
// https://aws.example@evil.example, would dress one host up as another.
func validURL(raw string) bool {
	if len(raw) > maxURL || !applicationURL.MatchString(raw) {
		return false
	}
	u, err := url.Parse(raw)
	return err == nil && u.Hostname() != "" && u.User == nil
}

// shown reports whether s can be shown to people: at most so many characters, none
// of which controls anything.
func shown(s string, most int) bool {
	if utf8.RuneCountInString(s) > most || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}
