package iam

import "time"

// ReportStore keeps reports and the account's own settings.
type ReportStore interface {
	// IAMSettings returns what the account has set, or the defaults.
	IAMSettings(account string) (Settings, error)
	// IssuerSettings returns the settings of the account with that issuer
	// identifier, or NotFound.
	IssuerSettings(issuer string) (Settings, error)
	PutIAMSettings(s Settings) error

	// CredentialReport returns the account's newest report, or NotFound.
	CredentialReport(account string) (CredentialReport, error)
	// PutCredentialReport replaces the account's report.
	PutCredentialReport(r CredentialReport) error

	// AccessReport returns the account's report, or NotFound.
	AccessReport(account, id string) (AccessReport, error)
	// PutAccessReport keeps it until it is AccessReportLifetime old.
	PutAccessReport(r AccessReport) error
}

// CredentialReport is who of an account had which credentials.
type CredentialReport struct {
	Account     string
	Content     string // CSV (behaviours.md 5.8)
	GeneratedAt time.Time
}

// AccessReport says which services a user, group, role or managed policy gives
// access to, and when they were last used.
type AccessReport struct {
	ID      string // a UUID
	Account string
	// Caller is who asked, and who alone may read it: the id of a user or role, or
	// the account's for its root user.
	Caller      string
	ActionLevel bool
	CreatedAt   time.Time
	Services    []AccessedService // in order of namespace
	// Entities are whom the permissions come to: the user or role itself, a group's
	// members, whom a policy is attached to. Accesses refer to them by index.
	Entities []AccessEntity
}

// AccessEntity is a user or role of a report, as it was then.
type AccessEntity struct {
	Kind Kind
	ID   string
	Path string
	Name string
	ARN  string
}

// AccessedService is a service that the permissions reach.
type AccessedService struct {
	Namespace string // as actions name it: "iam"
	// Accesses are the last ones of each entity that had any, newest first.
	Accesses []Access `json:",omitempty"`
	// Actions are the last accesses to each tracked action, in order of name.
	Actions []AccessedAction `json:",omitempty"`
}

// AccessedAction is a tracked action. Its access is nil if there was none.
type AccessedAction struct {
	Name   string
	Access *Access `json:",omitempty"`
}

// Access is when an entity of the report last called, and in which region.
type Access struct {
	Entity int
	At     time.Time
	Region string
}

// AccessReportLifetime is how long a report can be read.
const AccessReportLifetime = 24 * time.Hour
