// Package support is what people ask AWS Support and what they are answered:
// cases of accounts, the form for those who cannot sign in, what is attached, and
// the advisor's checks (O-01 to O-17).
//
// It owns the cases' rules, the services and categories that cases can be about,
// what staff may do, and the words of its mail. Staff see what was written to them
// and nothing else: nothing here reads or changes a credential's value (O-10), and
// no answer goes to anybody but whom the case belongs to (O-09). Who may open a
// case is authz's; how many forms one address may send is the form's.
package support

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// Status is how far a case has come, in the API's words.
type Status string

// The statuses. Unassigned, Opened and WorkInProgress wait for staff, as do
// Reopened and CustomerActionCompleted; PendingCustomerAction waits for the customer.
const (
	Unassigned              Status = "unassigned"
	Opened                  Status = "opened"
	WorkInProgress          Status = "work-in-progress"
	PendingCustomerAction   Status = "pending-customer-action"
	CustomerActionCompleted Status = "customer-action-completed"
	Reopened                Status = "reopened"
	Resolved                Status = "resolved"
)

// Staff is who answers, as customers see it: never a person's name or address.
const Staff = "Amazon Web Services"

// Bounds of cases (models/support.json), and those that are ours.
const (
	MaxBody           = 8000 // characters of a communication
	MaxCC             = 10   // addresses of a case
	maxSubject        = 256  // characters
	maxCommunications = 500  // of a case
	// maxCases is how many cases an account can open in casesEvery.
	maxCases   = 20
	casesEvery = 24 * time.Hour

	// Kept is how long a communication and what is attached to it are available
	// after they were written, and a case after it last changed.
	Kept = 365 * 24 * time.Hour
)

// Case is one matter between a customer and AWS Support.
type Case struct {
	// ID is case-<account>-mu<language>-<year>-<16 hex digits>, or that of a
	// contact, contact-<year>-<16 hex digits>.
	ID string
	// DisplayID is what people see: digits, in the order in which cases were opened.
	DisplayID string
	// Account is 12 digits; "" for a contact, which proved to be of none.
	Account string
	// AccountHint is what a contact says that its account is: an id, an alias or an
	// address, unproved; "" for cases of accounts.
	AccountHint  string
	Subject      string
	IssueType    IssueType
	ServiceCode  string
	CategoryCode string // of a contact, its topic
	SeverityCode string
	Language     string // ISO 639-1: of [Languages]
	Status       Status
	CC           []string
	// Email is where answers go: the account's root user's address is looked up
	// anew each time, so this is of contacts only.
	Email string
	// SubmittedBy is the address that the account had when the case was opened.
	SubmittedBy          string
	CreatedAt, UpdatedAt time.Time
}

// Open reports whether the case still waits for somebody.
func (c Case) Open() bool { return c.Status != Resolved }

// Communication is one message of a case.
type Communication struct {
	ID          string // in the order of a case's messages
	CaseID      string
	Body        string // 1 to MaxBody characters
	SubmittedBy string
	CreatedAt   time.Time
	Attachments []Attached
}

// Attached names what is attached to a communication.
type Attached struct{ ID, FileName string }

// Between narrows a list to what was made after After and before Before; zero
// times do not narrow.
type Between struct{ After, Before time.Time }

// CaseFilter narrows a list of cases.
type CaseFilter struct {
	Between
	Language string // "" is every one
	Resolved bool   // the resolved ones too
}

// Store keeps cases. Lists have the newest first; their page keys are display ids
// and communications' ids.
type Store interface {
	// SupportCase returns the case, or NotFound.
	SupportCase(id string) (Case, error)
	// SupportCaseByDisplayID returns the case, or NotFound.
	SupportCaseByDisplayID(displayID string) (Case, error)
	// PutSupportCase creates or replaces. An account that does not exist is NotFound.
	PutSupportCase(c Case) error
	// SupportCasesOf lists the cases of an account, which is never "".
	SupportCasesOf(account string, f CaseFilter, p page.Request) (page.Page[Case], error)
	// SupportCases lists everybody's cases and contacts, for staff.
	SupportCases(resolved bool, p page.Request) (page.Page[Case], error)
	// SupportCaseCount counts the cases that the account opened since then.
	SupportCaseCount(account string, since time.Time) (int, error)

	// PutCommunication adds a message to a case that exists.
	PutCommunication(c Communication) error
	// Communications lists a case's messages.
	Communications(caseID string, b Between, p page.Request) (page.Page[Communication], error)
	// CommunicationCount counts a case's messages.
	CommunicationCount(caseID string) (int, error)

	AttachmentStore
	CheckStore
}

// Tx is what the rules of cases need.
type Tx interface {
	Store
	iam.SecretStore // with account.Store
}

var errNoCase = fault.New(fault.NotFound, "no-support-case", "The requested caseId couldn't be located.")

func invalid(reason, format string, args ...any) error {
	return fault.New(fault.Invalid, reason, format, args...)
}
