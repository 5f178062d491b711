package account_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"

	"sekisho/internal/account"
	service "sekisho/internal/services/account"
	"sekisho/internal/store"
)

const (
	newEmail  = "new-root@example.com"
	noUpdate  = "There is no pending update of the primary e-mail address to that address."
	wrongCode = "The one-time password is not valid."
	tooMany   = "There were too many attempts with wrong codes. Start the update anew."
)

// startEmail is what the management account does.
func (w *world) startEmail(id, email string) (string, error) {
	out, err := w.service.StartPrimaryEmailUpdate(w.Context(), w.by(management, "StartPrimaryEmailUpdate"),
		&awsaccount.StartPrimaryEmailUpdateInput{AccountId: &id, PrimaryEmail: &email})
	return string(out.Status), err
}

func (w *world) acceptEmail(id, email, otp string) (string, error) {
	out, err := w.service.AcceptPrimaryEmailUpdate(w.Context(), w.by(management, "AcceptPrimaryEmailUpdate"),
		&awsaccount.AcceptPrimaryEmailUpdateInput{AccountId: &id, PrimaryEmail: &email, Otp: &otp})
	if err != nil {
		return "", err
	}
	return string(out.Status), nil
}

// email is the member's address.
func (w *world) email() string {
	w.Helper()
	out, err := w.service.GetPrimaryEmail(w.Context(), w.by(management, "GetPrimaryEmail"), &awsaccount.GetPrimaryEmailInput{AccountId: of(member)})
	w.expect("GetPrimaryEmail", err, "", "")
	return aws.ToString(out.PrimaryEmail)
}

func (w *world) emailStatus() (string, error) {
	out, err := w.service.GetPrimaryEmailUpdateStatus(w.Context(), w.by(management, "GetPrimaryEmailUpdateStatus"),
		&service.GetPrimaryEmailUpdateStatusInput{AccountId: of(member)})
	return string(out.Status), err
}

// code is that of the newest mail.
func (w *world) code() string {
	w.Helper()
	m := w.outbox()[0]
	if len(m.Codes) != 1 {
		w.Fatalf("the mail %q has codes %q", m.Subject, m.Codes)
	}
	return m.Codes[0]
}

// The root user's address changes when the code comes back that was sent to the
// new one, and whoever reads the old one is told (A-41, N-25).
func TestPrimaryEmailUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.email()
	_, err := w.emailStatus()
	w.expect("before", err, "ResourceNotFoundException", "The primary e-mail address was not to be updated.")
	status, err := w.startEmail(member, newEmail)
	if err != nil || status != "PENDING" {
		t.Fatal(status, err)
	}
	m := w.outbox()
	if len(m) != 1 || m[0].To != newEmail || m[0].From != "verify@example.com" || !regexp.MustCompile(`^[a-zA-Z0-9]{6}$`).MatchString(m[0].Codes[0]) ||
		!strings.Contains(m[0].Text, m[0].Codes[0]) || strings.Contains(m[0].Subject, m[0].Codes[0]) {
		t.Fatalf("mail: %+v", m)
	}
	if status, _ := w.emailStatus(); status != "PENDING" || w.email() != old {
		t.Errorf("meanwhile: %s, %s", status, w.email())
	}
	_, err = w.acceptEmail(member, "another@example.com", w.code())
	w.expect("another address", err, "ResourceNotFoundException", noUpdate)
	_, err = w.acceptEmail(sibling, newEmail, w.code())
	w.expect("another account", err, "ResourceNotFoundException", noUpdate)
	code := w.code()
	w.clock.Advance(time.Second)
	status, err = w.acceptEmail(member, newEmail, code)
	if err != nil || status != "ACCEPTED" {
		t.Fatal(status, err)
	}
	if status, _ := w.emailStatus(); status != "COMPLETED" || w.email() != newEmail {
		t.Errorf("afterwards: %s, %s", status, w.email())
	}
	if m := w.outbox(); len(m) != 3 || !slices.Contains([]string{m[0].To, m[1].To}, old) || !slices.Contains([]string{m[0].To, m[1].To}, newEmail) || m[0].From != "no-reply@signin.aws" || len(m[0].Codes) != 0 {
		t.Errorf("notice: %+v", m) // N-25
	}
	_, err = w.acceptEmail(member, newEmail, code)
	w.expect("the same code again", err, "ResourceNotFoundException", noUpdate)
	if got := fmt.Sprint(w.events(member)); got != "[AcceptPrimaryEmailUpdate StartPrimaryEmailUpdate]" {
		t.Errorf("the member's history: %s", got)
	}
}

func TestPrimaryEmailRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ what, email, code, message string }{
		{"no address", "nobody", "ValidationException", "The e-mail address is not valid."},
		{"two lines", "a@example.com\r\nBcc: b@example.com", "ValidationException", "The e-mail address is not valid."},
		{"its own", "ROOT+" + member + "@example.com", "ConflictException", "The e-mail address is already in use by an account."},
		{"another account's", "root+" + management + "@example.com", "ConflictException", "The e-mail address is already in use by an account."},
		{"what no mail can be sent to", "a..b@example.com", "ValidationException", "The recipient is not an e-mail address."},
	} {
		_, err := w.startEmail(member, c.email)
		w.expect(c.what, err, c.code, c.message)
	}
	if n := len(w.outbox()); n != 0 {
		t.Errorf("%d mails", n)
	}
	// By whom it is not managed.
	_, err := w.service.StartPrimaryEmailUpdate(w.Context(), w.by(member, "StartPrimaryEmailUpdate"),
		&awsaccount.StartPrimaryEmailUpdateInput{AccountId: of(member), PrimaryEmail: aws.String(newEmail)})
	w.expect("by the member", err, "AccessDeniedException", "User: arn:aws:iam::"+member+":root is not authorized to perform: account:StartPrimaryEmailUpdate")
	_, err = w.startEmail(management, newEmail)
	w.expect("of the management account", err, "AccessDeniedException", "User: arn:aws:iam::"+management+":root is not authorized to perform: "+
		"account:StartPrimaryEmailUpdate (The management account can only be managed using the standalone context from the management account.)")
	// Somebody gets the address while the code is on its way.
	_, err = w.startEmail(member, newEmail)
	w.expect("a free one", err, "", "")
	w.update(func(tx store.Tx) error {
		return tx.PutAccount(account.Account{ID: nobody, Name: "Quick", Email: newEmail, Status: account.Active, CreatedAt: start})
	})
	_, err = w.acceptEmail(member, newEmail, w.code())
	w.expect("taken meanwhile", err, "ConflictException", "The e-mail address is already in use by an account.")
}

// A code is good for a day, and beginning anew makes the one before worthless.
func TestPrimaryEmailCodeEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.startEmail(member, newEmail)
	w.expect("first", err, "", "")
	first := w.code()
	w.clock.Advance(time.Second)
	_, err = w.startEmail(member, newEmail)
	w.expect("second", err, "", "")
	second := w.code()
	_, err = w.acceptEmail(member, newEmail, first)
	w.expect("the first code", err, "ValidationException", wrongCode)
	w.clock.Advance(24 * time.Hour)
	_, err = w.acceptEmail(member, newEmail, second)
	w.expect("a day later", err, "ResourceNotFoundException", noUpdate)
	if status, _ := w.emailStatus(); status != "FAILED" {
		t.Errorf("status %s", status)
	}
}

// Guessing does not help, however many guess at the same time.
func TestPrimaryEmailThrottled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.startEmail(member, newEmail)
	w.expect("starting", err, "", "")
	right := w.code()
	wrong := "000000"
	if right == wrong {
		wrong = "111111"
	}
	var guesses sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		guesses.Go(func() { _, errs[i] = w.acceptEmail(member, newEmail, wrong) })
	}
	guesses.Wait()
	evaluated := 0
	for _, err := range errs {
		if strings.Contains(fmt.Sprint(err), wrongCode) {
			evaluated++
		} else {
			w.expect("guess", err, "TooManyRequestsException", tooMany)
		}
	}
	if evaluated != 5 {
		t.Errorf("%d codes were evaluated", evaluated)
	}
	_, err = w.acceptEmail(member, newEmail, right)
	w.expect("the right one, too late", err, "TooManyRequestsException", tooMany)
	if status, _ := w.emailStatus(); status != "FAILED" {
		t.Errorf("status %s", status)
	}
	// Beginning anew gives new tries, but not without end.
	for range 4 {
		_, err = w.startEmail(member, newEmail)
		w.expect("starting anew", err, "", "")
	}
	_, err = w.startEmail(member, newEmail)
	w.expect("starting too often", err, "TooManyRequestsException", "The e-mail address was to be changed too often. Try again later.")
	if n := len(w.outbox()); n != 5 {
		t.Errorf("%d mails", n)
	}
	w.clock.Advance(time.Hour)
	_, err = w.startEmail(member, newEmail)
	w.expect("an hour later", err, "", "")
	status, err := w.acceptEmail(member, newEmail, w.code())
	if err != nil || status != "ACCEPTED" {
		t.Error(status, err)
	}
}
