package support

import (
	"strconv"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
)

// Topic is what somebody who is not signed in writes about.
type Topic string

// The topics of the contact form.
const (
	// TopicAccountAndBilling is "I'm an AWS customer and I'm looking for billing or
	// account support" (O-06, O-16).
	TopicAccountAndBilling Topic = "account-and-billing"
	// TopicCannotSignIn is "I can't log in to my AWS account" (O-07, O-08).
	TopicCannotSignIn Topic = "cannot-sign-in"
	// TopicCredentials is "Request support for AWS account credentials" (O-07).
	TopicCredentials Topic = "account-credentials"
	// TopicBuilderID is feedback about AWS Builder ID (O-14).
	TopicBuilderID Topic = "builder-id"
	// TopicFraud is "Report fraudulent activity".
	TopicFraud Topic = "fraud"
)

// Topics are all topics, in the order in which a form offers them.
var Topics = []Topic{TopicAccountAndBilling, TopicCannotSignIn, TopicCredentials, TopicFraud, TopicBuilderID}

// maxAccountHint bounds what a contact says of its account, in characters.
const maxAccountHint = 64

// Contact is what somebody wrote who is not signed in. Nothing in it is proved:
// an answer goes to Email only and tells nothing of any account (O-09).
type Contact struct {
	// ID is the case's display id, given by [OpenContact]: the number by which its
	// writer can name it.
	ID    string
	Email string // where to answer
	// AccountHint is the account id, alias or e-mail address that the writer
	// claims, at most 64 characters; may be "".
	AccountHint string
	Topic       Topic
	Subject     string // 1 to 256 characters, one line
	Text        string // 1 to 8000 characters
	Locale      string // of the form: "en", "ja" …; others count as "en"
}

// OpenContact stores what somebody wrote who is not signed in (O-06 to O-08, M-25),
// and returns it with its ID. A fault is Invalid, with the reason "contact-email",
// "contact-account", "contact-topic", "contact-subject" or "contact-text". Whether
// there is such an account or address is not looked at, so that the answer cannot
// tell. The caller throttles: it knows the network that the form came from.
func OpenContact(tx Store, c Contact, now time.Time) (Contact, error) {
	c.Email, c.AccountHint = strings.TrimSpace(c.Email), strings.TrimSpace(c.AccountHint)
	c.Subject, c.Text = strings.TrimSpace(c.Subject), normal(c.Text)
	known := false
	for _, t := range Topics {
		known = known || t == c.Topic
	}
	switch {
	case !account.ValidEmail(c.Email):
		return c, invalid("contact-email", "Enter the e-mail address at which we can answer you.")
	case !line(c.AccountHint, 0, maxAccountHint):
		return c, invalid("contact-account", "Enter the account ID, alias or e-mail address in at most %d characters.", maxAccountHint)
	case !known:
		return c, invalid("contact-topic", "Choose what you need help with.")
	case !line(c.Subject, 1, maxSubject):
		return c, invalid("contact-subject", "Enter a subject of at most %d characters.", maxSubject)
	case !text(c.Text):
		return c, invalid("contact-text", "Describe your request in at most %d characters, without control characters.", MaxBody)
	}
	displayID, err := newDisplayID(tx, now)
	if err != nil {
		return c, err
	}
	kept := Case{
		ID:        arn.NewHexID("contact-"+strconv.Itoa(now.UTC().Year())+"-", 16),
		DisplayID: displayID, AccountHint: c.AccountHint, Subject: c.Subject, IssueType: CustomerService, CategoryCode: string(c.Topic),
		SeverityCode: "low", Language: languageOr(c.Locale, "en"), Status: Unassigned, Email: c.Email, SubmittedBy: c.Email,
		CreatedAt: now, UpdatedAt: now,
	}
	if err := tx.PutSupportCase(kept); err != nil {
		return c, err
	}
	c.ID = displayID
	return c, tx.PutCommunication(Communication{ID: newCommunicationID(now), CaseID: kept.ID, Body: c.Text, SubmittedBy: c.Email, CreatedAt: now})
}
