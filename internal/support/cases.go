package support

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// NewCase is what [OpenCase] is told. Members that may be left out are filled as
// AWS does: the issue type is technical, the severity the lowest, the language English.
type NewCase struct {
	Account      string
	Subject      string
	Body         string
	IssueType    IssueType
	ServiceCode  string
	CategoryCode string
	SeverityCode string
	Language     string
	CC           []string
	// AttachmentSet is the id of the set that goes with the case; "" for none.
	AttachmentSet string
	// SubmittedBy names the principal, such as "jane (User)"; "" is the root user.
	SubmittedBy string
}

// OpenCase opens a case of an account, whatever state the account is in (A-40,
// O-03). A technical case needs a plan other than Basic: without one it is Denied
// with the reason "support-plan". What cannot be is Invalid, more than 20 cases in
// a day are Limit with the reason "support-cases".
func OpenCase(tx Tx, n NewCase, plan Plan, now time.Time) (Case, error) {
	a, err := tx.Account(n.Account)
	if err != nil {
		return Case{}, err
	}
	if err := n.complete(plan); err != nil {
		return Case{}, err
	}
	opened, err := tx.SupportCaseCount(n.Account, now.Add(-casesEvery))
	if err != nil {
		return Case{}, err
	}
	if opened >= maxCases {
		return Case{}, fault.New(fault.Limit, "support-cases", "The case creation limit for the account has been exceeded.")
	}
	displayID, err := newDisplayID(tx, now)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID:        arn.NewHexID("case-"+n.Account+"-mu"+n.Language+"-"+strconv.Itoa(now.UTC().Year())+"-", 16),
		DisplayID: displayID, Account: n.Account, Subject: n.Subject, IssueType: n.IssueType, ServiceCode: n.ServiceCode,
		CategoryCode: n.CategoryCode, SeverityCode: n.SeverityCode, Language: n.Language, Status: Unassigned, CC: n.CC,
		SubmittedBy: a.Email, CreatedAt: now, UpdatedAt: now,
	}
	if err := tx.PutSupportCase(c); err != nil {
		return c, err
	}
	return c, write(tx, c, message{body: n.Body, by: n.SubmittedBy, set: n.AttachmentSet, email: a.Email}, now)
}

// complete fills and checks what the case is to be.
func (n *NewCase) complete(plan Plan) (err error) {
	n.Subject, n.Body = strings.TrimSpace(n.Subject), normal(n.Body)
	if n.IssueType == "" {
		n.IssueType = Technical
	}
	if n.Language == "" {
		n.Language = "en"
	}
	if n.SeverityCode == "" {
		n.SeverityCode = Severities(plan)[0].Code
	}
	if n.IssueType != Technical && n.IssueType != CustomerService {
		return invalid("issue-type", "The issue type %q is not valid.", n.IssueType)
	}
	if !KnownLanguage(n.Language) {
		return invalid("language", "The language %q is not supported.", n.Language)
	}
	if !line(n.Subject, 1, maxSubject) {
		return invalid("subject", "The subject must be one line of 1 to %d characters.", maxSubject)
	}
	if !text(n.Body) {
		return notText("The communication body")
	}
	if n.IssueType == Technical && plan == Basic {
		return fault.New(fault.Denied, "support-plan", "AWS Premium Support Subscription is required for technical support cases.")
	}
	if err := Classified(n.IssueType, n.ServiceCode, n.CategoryCode); err != nil {
		return err
	}
	if _, ok := SeverityOf(plan, n.SeverityCode); !ok {
		return invalid("severity", "The severity code %q is not available.", n.SeverityCode)
	}
	n.CC, err = addCC(nil, n.CC)
	return err
}

// Classified checks that cases of an issue type can be about the category of the service.
func Classified(i IssueType, service, category string) error {
	s, ok := ServiceByCode(service)
	if !ok || s.IssueType != i {
		return invalid("service", "The service code %q is not valid for the issue type %q.", service, i)
	}
	if _, ok := s.Category(category); !ok {
		return invalid("category", "The category code %q is not valid for the service code %q.", category, service)
	}
	return nil
}

// addCC is have with the addresses of more, each of them once.
func addCC(have, more []string) ([]string, error) {
	have = slices.Clone(have)
	for _, address := range more {
		if !account.ValidEmail(address) {
			return nil, invalid("cc", "An address in ccEmailAddresses is not valid.")
		}
		if !slices.ContainsFunc(have, func(s string) bool { return strings.EqualFold(s, address) }) {
			have = append(have, address)
		}
	}
	if len(have) > MaxCC {
		return nil, invalid("cc", "A case can have at most %d addresses in ccEmailAddresses.", MaxCC)
	}
	return have, nil
}

// CaseOf is the account's case. Another account's is as one that does not exist,
// whoever asks (O-09).
func CaseOf(tx Store, account, id string) (Case, error) {
	c, err := tx.SupportCase(id)
	if err == nil && (account == "" || c.Account != account) {
		return Case{}, errNoCase
	}
	if fault.Is(err, fault.NotFound) {
		return Case{}, errNoCase
	}
	return c, err
}

// CaseByDisplayID is the account's case of that number, as [CaseOf].
func CaseByDisplayID(tx Store, account, displayID string) (Case, error) {
	c, err := tx.SupportCaseByDisplayID(displayID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Case{}, err
	}
	if err != nil || account == "" || c.Account != account {
		return Case{}, errNoCase
	}
	return c, nil
}

// CasesOf lists the account's cases, the newest first.
func CasesOf(tx Store, account string, f CaseFilter, p page.Request) (page.Page[Case], error) {
	if account == "" {
		return page.Page[Case]{}, errNoCase
	}
	return tx.SupportCasesOf(account, f, p)
}

// Addition is a customer's further message.
type Addition struct {
	Body          string
	CC            []string // added to the case's
	AttachmentSet string   // "" for none
	SubmittedBy   string   // as in [NewCase]
}

// AddCommunication adds the customer's message to the case. One that was resolved
// is reopened.
func AddCommunication(tx Tx, c Case, add Addition, now time.Time) (Case, error) {
	body := normal(add.Body)
	if !text(body) {
		return c, notText("The communication body")
	}
	a, err := tx.Account(c.Account)
	if err != nil {
		return c, err
	}
	if c.CC, err = addCC(c.CC, add.CC); err != nil {
		return c, err
	}
	switch c.Status {
	case Resolved:
		c.Status = Reopened
	case PendingCustomerAction:
		c.Status = CustomerActionCompleted
	}
	c.UpdatedAt = now
	if err := tx.PutSupportCase(c); err != nil {
		return c, err
	}
	return c, write(tx, c, message{body: body, by: add.SubmittedBy, set: add.AttachmentSet, email: a.Email}, now)
}

// Resolve closes the case. It can be reopened by writing to it.
func Resolve(tx Store, c Case, now time.Time) (Case, error) {
	if c.Status == Resolved {
		return c, nil
	}
	c.Status, c.UpdatedAt = Resolved, now
	return c, tx.PutSupportCase(c)
}

// message is what [write] adds to a case: by is who wrote it, "" for the root
// user, email the account's.
type message struct{ body, by, set, email string }

func write(tx Store, c Case, m message, now time.Time) error {
	n, err := tx.CommunicationCount(c.ID)
	if err != nil {
		return err
	}
	if n >= maxCommunications {
		return invalid("communications", "The case has %d communications already. Open a new case.", maxCommunications)
	}
	out := Communication{ID: newCommunicationID(now), CaseID: c.ID, Body: m.body, SubmittedBy: m.email, CreatedAt: now}
	if m.by != "" {
		out.SubmittedBy = m.by + " <" + m.email + ">"
	}
	if m.set != "" {
		if out.Attachments, err = useSet(tx, c, m.set, now); err != nil {
			return err
		}
	}
	return tx.PutCommunication(out)
}
