package signin

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// A code by mail instead of a device (behaviours.md 6.7, H-09, N-17). Whoever guesses
// at it knows the password already: of a million, five tries each, of as many codes as
// the mails of a day allow.
const (
	mailedCodeLife  = 10 * time.Minute
	mailedCodeTries = 5
)

// mailedCode is a code that was mailed. It is in the flow, which only we can read.
type mailedCode struct {
	ID   string    `cbor:"1,keyasint"`
	Code string    `cbor:"2,keyasint"` // six digits
	At   time.Time `cbor:"3,keyasint"`
}

// spent is under what it is remembered that the code was used.
func (m mailedCode) spent() string { return secret.NewString("person-mfa-mail\x00" + m.ID).Hash() }

func (m mailedCode) tries() []credential.Key {
	return []credential.Key{credential.CodeKey("person-mfa-mail/" + m.ID)}
}

// mailsOf is what mails to the person are counted under, until one helped.
func mailsOf(c claimant, now time.Time) []credential.Key {
	return []credential.Key{credential.DailyKey("person-mfa-mail", c.user.ID, now)}
}

// mailFactorCode mails a code to the person of the flow and shows the page for it.
// Where too many were asked for, it is the page that says so.
func (h *Handler) mailFactorCode(w http.ResponseWriter, r *http.Request, f flow) error {
	now := h.Site.Clock.Now()
	f = f.at(stepMailedCode)
	sent := mailedCode{ID: secret.Token("", 16).Reveal(), Code: secret.Pick("0123456789", 6), At: now}
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		c, err := h.mailClaimant(tx, r, f)
		if err != nil {
			return err
		}
		if err := credential.Reserve(tx, mailsOf(c, now), now); err != nil {
			return err
		}
		m := Mailer{h.Site.Pages, h.Senders}
		letter := web.PersonMFACodeMail{Organisation: c.place.organization, UserName: c.user.UserName, Code: sent.Code, Valid: mailedCodeLife}
		if err := m.Queue(tx, c.user, notify.SignInCode, h.Site.Locale(r), letter, Ask{Codes: []string{sent.Code}}, now); err != nil {
			return err
		}
		return tx.AppendEvent(h.factorEvent(r, f, c.place, c.user, eventChallenge, credentialEmailOTP, ""))
	})
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		problem := web.PersonMailThrottled
		if t.Until.IsZero() {
			problem = web.PersonMailLocked
		}
		return h.showMailedCode(w, r, f, http.StatusTooManyRequests, problem, pagehttp.RetryAfter(t, now))
	}
	if err != nil {
		return err
	}
	f.Factor.Code = sent
	return pagehttp.See(w, h.pageOf(pathFactorMail, f))
}

// mailClaimant is a claimant for whom a mailed code is enough: who has got a device
// meanwhile, or of whom something else is asked, signs in again (against a weaker
// factor by an old page).
func (h *Handler) mailClaimant(tx store.Tx, r *http.Request, f flow) (claimant, error) {
	c, err := h.claimant(tx, r, f)
	if err != nil {
		return c, err
	}
	need, err := h.need(tx, r, c.place, c.user)
	enough := need == mfa.MailedCode || need == mfa.Nothing
	if err == nil && (!enough || len(c.devices) > 0 || f.Session != "") {
		err = h.stale(f.Request)
	}
	return c, err
}

func (h *Handler) askMailedCode(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepMailedCode)
	if err != nil {
		return err
	}
	return h.showMailedCode(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showMailedCode(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.PersonMFAMailError, retry time.Duration) error {
	c, err := h.claim(r, f)
	if err != nil {
		return err
	}
	of := h.personMFA(r, pathFactorMail, c, f)
	if r.Method == http.MethodPost {
		of.Path = h.pageOf(pathFactorMail, f)
	}
	return h.showFactor(w, r, status, web.PersonMFAMail{
		PersonMFA: of, Action: pathFactorMail, AgainAction: pathFactorMailAgain, Email: maskedAddress(c.user.Email),
		Trust: mayTrust(c.place, f), Valid: mailedCodeLife, Error: problem, RetryAfter: retry,
	}, retry, f)
}

// maskedAddress shows enough of an address to know one's own by: who gets here knows a
// password, which is not all.
func maskedAddress(email string) string {
	name, host, ok := strings.Cut(email, "@")
	if !ok {
		return "•••"
	}
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "•••@" + host
}

func (h *Handler) mailAnotherCode(w http.ResponseWriter, r *http.Request) error {
	f, _, err := h.openForm(r, stepMailedCode)
	if err != nil {
		return err
	}
	return h.mailFactorCode(w, r, f)
}

// checkMailedCode compares what was typed with the code that was mailed.
func (h *Handler) checkMailedCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepMailedCode)
	if err != nil {
		return err
	}
	typed := digits(form.Get(web.FieldRecoveryCode))
	if !isCode(typed) {
		return h.showMailedCode(w, r, f, http.StatusUnprocessableEntity, web.PersonMailRequired, 0)
	}
	var problem web.PersonMFAMailError
	refused, err := h.tryFactor(r, f, credentialEmailOTP, func(tx store.Tx, _ claimant) (err error) {
		problem, err = h.verifyMailedCode(tx, r, f, typed)
		return err
	})
	if err != nil {
		return err
	}
	if refused != nil {
		return h.showMailedCode(w, r, f, http.StatusUnprocessableEntity, problem, 0)
	}
	return h.passed(w, r, f, credentialEmailOTP, wantsTrust(form))
}

var errMailedCode = fault.New(fault.Denied, "mailed-code", "The verification code is not valid.")

// verifyMailedCode uses the code up if it is right, and else says what is wrong.
func (h *Handler) verifyMailedCode(tx store.Tx, r *http.Request, f flow, typed string) (web.PersonMFAMailError, error) {
	c, err := h.mailClaimant(tx, r, f)
	if err != nil {
		return "", err
	}
	now, sent := h.Site.Clock.Now(), f.Factor.Code
	failed, err := credential.Failures(tx, sent.tries(), now)
	if err != nil {
		return "", err
	}
	if sent.ID == "" || failed >= mailedCodeTries || !now.Before(sent.At.Add(mailedCodeLife)) {
		return web.PersonMailExpired, errMailedCode
	}
	if !secret.NewString(typed).Equal(secret.NewString(sent.Code)) {
		if err := credential.Reserve(tx, sent.tries(), now); err != nil {
			return web.PersonMailExpired, err
		}
		return web.PersonMailIncorrect, errMailedCode
	}
	if err := tx.SpendOnce(sent.spent(), sent.At.Add(mailedCodeLife)); fault.Is(err, fault.Conflict) {
		return "", h.stale(f.Request)
	} else if err != nil {
		return "", err
	}
	return "", credential.Succeeded(tx, append(sent.tries(), mailsOf(c, sent.At)...))
}
