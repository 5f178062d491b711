package web

import (
	"fmt"
	"slices"
	"strings"
)

// HelpPage names a page under /help; the first is /help itself.
type HelpPage string

// HelpIndex lists the others, which their paths name.
const HelpIndex HelpPage = "index"

// HelpPages are the pages in order of name.
func HelpPages() []HelpPage {
	var names []HelpPage
	for name := range helpPages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Lists of addresses that help pages show, which only the server knows.
const (
	HelpPortal   = "portal"   // what addresses of portals look like
	HelpAccount  = "account"  // what addresses of accounts' sign-in pages look like
	HelpAll      = "all"      // what lets everything through
	HelpAccounts = "accounts" // what root users and IAM users need
	HelpPortals  = "portals"
	HelpBuilder  = "builder"
	HelpAPI      = "api"
	HelpRegion   = "region" // of Identity Center
)

// Help is one of the pages that explain (D-20, M-05 to M-24, P-01 to P-08, Q-03 to
//
type Help struct {
	Frame
	Page       HelpPage
	Lines      map[string][]string // by the names above
	ConsoleURL string              // without the path
}

// helpContent is what a help page says: keys of messages.
type helpContent struct {
	Title, Intro string
	Sections     []HelpSection
}

// HelpSection is a part of a page with an address of its own, "#" and the ID.
type HelpSection struct {
	ID, Title string
	Blocks    []HelpBlock
}

// HelpBlock is one of: a paragraph, a list, a link, a list of addresses.
type HelpBlock struct {
	Text     string
	Items    []string
	Link, To string // To is a path of the sign-in host, or "console:" and one of the console's
	Lines    string
}

func (Help) template() string { return "help" }

// Content is what the page says.
func (h Help) Content() (helpContent, error) {
	c, ok := helpPages[h.Page]
	if !ok {
		return c, fmt.Errorf("web: no help page %s", h.Page)
	}
	return c, nil
}

// Index reports whether this is the list of pages.
func (h Help) Index() bool { return h.Page == HelpIndex }

// Address is where a link of the page leads.
func (h Help) Address(to string) string {
	if path, ok := strings.CutPrefix(to, "console:"); ok {
		return h.ConsoleURL + path
	}
	return to
}

// Names of the contact form's fields.
const (
	FieldContactEmail   = "contact_email"
	FieldContactAccount = "contact_account"
	FieldContactTopic   = "topic"
	FieldContactSubject = "subject"
	FieldContactText    = "text"
)

// ContactError is what was wrong with the contact form: the message's key.
type ContactError string

// The faults.
const (
	ContactEmailInvalid    ContactError = "contact.error.email"
	ContactAccountInvalid  ContactError = "contact.error.account"
	ContactTopicInvalid    ContactError = "contact.error.topic"
	ContactSubjectInvalid  ContactError = "contact.error.subject"
	ContactTextInvalid     ContactError = "contact.error.text"
	ContactCaptchaRequired ContactError = "contact.error.captcha-required"
	ContactCaptchaWrong    ContactError = "contact.error.captcha-wrong"
)

var contactFields = map[ContactError]string{
	ContactEmailInvalid: FieldContactEmail, ContactAccountInvalid: FieldContactAccount, ContactTopicInvalid: FieldContactTopic,
	ContactSubjectInvalid: FieldContactSubject, ContactTextInvalid: FieldContactText,
	ContactCaptchaRequired: FieldCaptcha, ContactCaptchaWrong: FieldCaptcha,
}

// Contact is the form for who cannot sign in (O-06 to O-08, O-11, O-13).
type Contact struct {
	Frame
	Action                             string // posts flow, captcha and the fields above
	Topics                             []string
	Topic, Email, Account, Title, Text string
	ImageURL, AudioURL, RefreshURL     string
	ConsoleURL                         string // where who can sign in opens a case
	Errors                             []ContactError
}

// ContactDone confirms that the form was taken.
type ContactDone struct {
	Frame
	Number  string // by which its writer can name it
	HelpURL string
}

func (Contact) template() string     { return "contact" }
func (ContactDone) template() string { return "contact-done" }

func (p Contact) faults() []fault {
	var faults []fault
	for _, e := range p.Errors {
		faults = append(faults, fault{field: contactFields[e], key: string(e)})
	}
	return faults
}

// topicKeys are what the topics of support.Topics are called.
var topicKeys = map[string]string{
	"account-and-billing": "contact.topic.account-and-billing", "cannot-sign-in": "contact.topic.cannot-sign-in",
	"account-credentials": "contact.topic.account-credentials", "builder-id": "contact.topic.builder-id", "fraud": "contact.topic.fraud",
}

// Topic is what a topic is called.
func (r *rendering) Topic(name string) (string, error) {
	key, ok := topicKeys[name]
	if !ok {
		return "", fmt.Errorf("web: no topic %s", name)
	}
	return r.T(key)
}
