package secondfactor

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// How a root user gets around a lost device (B-22): by a code that is mailed to the
// account's address and then a PIN that is sent to its contact's telephone, both
// good once, in the browser that asked for them. Whoever guesses at them knows the
// password already and has to guess both: of a million, five tries each, of at most
// a hundred a day that can be sent.
const (
	sentLife  = 10 * time.Minute
	sentTries = 5

	mailed     = "factor-recovery-mail"
	telephoned = "factor-recovery-telephone"
)

// RecoveryLife is how long the whole way around a lost device may take: the page
// about it, the mailed code, the telephone, the PIN, and the page to remove the
// device.
const RecoveryLife = 3*Life + 2*sentLife

// sent is a code that went to somebody. It is in the flow, which only we can read.
type sent struct {
	ID    string    `cbor:"1,keyasint"`
	Code  string    `cbor:"2,keyasint"` // six digits
	At    time.Time `cbor:"3,keyasint"`
	Voice bool      `cbor:"4,keyasint,omitempty"`
}

func newSent(now time.Time) sent {
	return sent{ID: secret.Token("", 16).Reveal(), Code: secret.Pick("0123456789", 6), At: now}
}

// spent is under what it is remembered that the code was used.
func (s sent) spent() string { return secret.NewString("factor-recovery\x00" + s.ID).Hash() }

// trouble says what to do about a lost device, or one that does not work.
func (h *Handler) trouble(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFactor, stepMail)
	if err != nil {
		return err
	}
	return h.showTrouble(w, r, f.at(stepFactor, f.At), http.StatusOK, "", 0)
}

func (h *Handler) showTrouble(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.RecoveryError, retry time.Duration) error {
	devices, err := h.devices(r, f.Challenge)
	if err != nil {
		return err
	}
	p := web.FactorTrouble{
		Frame: h.frame(r, pathTrouble, f), Action: pathTrouble, Name: f.Challenge.Name, Root: f.Challenge.root(),
		BackURL: h.pageOf(pathFactor, f.still()), ContactURL: contactPath, Error: problem, RetryAfter: retry,
	}
	if len(devices.Of(iam.VirtualMFA)) > 0 {
		p.ResyncURL = h.pageOf(pathResync, f.still())
	}
	return h.show(w, r, status, p, retry)
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request, status int, p web.Page, retry time.Duration) error {
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, p)
}

// tooMany are the answers to too many tries or messages.
func (h *Handler) tooMany(t *credential.ThrottledError) (web.RecoveryError, time.Duration) {
	if t.Until.IsZero() {
		return web.RecoveryLocked, 0
	}
	return web.RecoveryThrottled, pagehttp.RetryAfter(t, h.Site.Clock.Now())
}

// sendMail mails the code. IAM users have no such way: only their administrator can
// help them (C-16, M-21).
func (h *Handler) sendMail(w http.ResponseWriter, r *http.Request) error {
	f, _, err := h.openForm(r, stepFactor)
	if err != nil {
		return err
	}
	if !f.Challenge.root() {
		return h.Site.NotFound(w, r)
	}
	now := h.Site.Clock.Now()
	s := newSent(now)
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if err := credential.Reserve(tx, []credential.Key{credential.DailyKey(mailed, f.Challenge.Account, now)}, now); err != nil {
			return err
		}
		if err := h.mail(tx, r, f.Challenge.Account, notify.FactorRecovery, func(a account.Account) (web.Mail, []string) {
			return web.FactorRecoveryMail{Email: a.Email, Code: s.Code, Valid: sentLife}, []string{s.Code}
		}); err != nil {
			return err
		}
		return tx.AppendEvent(h.event(r, f.Challenge, eventRecoveryRequested))
	})
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		problem, retry := h.tooMany(t)
		return h.showTrouble(w, r, f, http.StatusTooManyRequests, problem, retry)
	}
	if err != nil {
		return err
	}
	f = f.at(stepMail, now)
	f.Sent = s
	return pagehttp.See(w, h.pageOf(pathMail, f))
}

func (h *Handler) askMailed(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepMail)
	if err != nil {
		return err
	}
	return h.showMailed(w, r, f, http.StatusOK, "")
}

func (h *Handler) showMailed(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.RecoveryError) error {
	return h.show(w, r, status, web.FactorMail{
		Frame: h.frame(r, pathMail, f), Action: pathMail, Email: f.Challenge.Name, ContactURL: contactPath,
		AgainURL: h.pageOf(pathTrouble, f.at(stepFactor, f.At)), Error: problem,
	}, 0)
}

func (h *Handler) checkMailed(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepMail)
	if err != nil {
		return err
	}
	problem, err := h.checkSent(r, f, form.Get(web.FieldRecoveryCode))
	if err != nil {
		return err
	}
	if problem != "" {
		return h.showMailed(w, r, f, http.StatusUnprocessableEntity, problem)
	}
	return pagehttp.See(w, h.pageOf(pathPhone, f.at(stepPhone, h.Site.Clock.Now())))
}

// checkSent compares what was typed with the code that was sent, and uses it up if
// it is right.
func (h *Handler) checkSent(r *http.Request, f flow, typed string) (problem web.RecoveryError, err error) {
	typed = digits(typed)
	if !isCode(typed) {
		return web.RecoveryRequired, nil
	}
	now := h.Site.Clock.Now()
	tries := []credential.Key{credential.CodeKey("factor-recovery/" + f.Sent.ID)}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		problem = ""
		failed, err := credential.Failures(tx, tries, now)
		if err != nil {
			return err
		}
		if failed >= sentTries || !now.Before(f.Sent.At.Add(sentLife)) {
			problem = web.RecoveryExpired
			return nil
		}
		if !secret.NewString(typed).Equal(secret.NewString(f.Sent.Code)) {
			problem = web.RecoveryIncorrect
			if err := credential.Reserve(tx, tries, now); err != nil {
				return err
			}
			return tx.AppendEvent(h.recoveryFailure(r, f))
		}
		if err := tx.SpendOnce(f.Sent.spent(), f.Sent.At.Add(sentLife)); fault.Is(err, fault.Conflict) {
			return errStale
		} else if err != nil {
			return err
		}
		return credential.Succeeded(tx, tries)
	})
	return problem, err
}

func (h *Handler) recoveryFailure(r *http.Request, f flow) *audit.Event {
	e := h.event(r, f.Challenge, eventRecoveryCompleted)
	e.ErrorCode, e.ErrorReason = "Failure", mailed+"-code"
	if f.Step == stepPIN {
		e.ErrorReason = telephoned + "-code"
	}
	return e
}

func (h *Handler) askPhone(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepPhone)
	if err != nil {
		return err
	}
	return h.showPhone(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showPhone(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.RecoveryError, retry time.Duration) error {
	number, err := h.telephone(r.Context(), f.Challenge.Account)
	if err != nil {
		return err
	}
	return h.show(w, r, status, web.FactorPhone{
		Frame: h.frame(r, pathPhone, f), Action: pathPhone, Number: masked(number), ContactURL: contactPath, Error: problem, RetryAfter: retry,
	}, retry)
}

// telephone is the number of the account's contact in E.164 form, or "" (B-23: it is
// changed where the contact is).
func (h *Handler) telephone(ctx context.Context, id string) (number string, err error) {
	err = h.DB.View(ctx, func(tx store.Tx) error {
		number, err = telephoneOf(tx, id)
		return err
	})
	return number, err
}

func telephoneOf(tx account.ContactStore, id string) (string, error) {
	c, err := tx.Contact(id)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	number, err := notify.Telephone(c.Phone)
	if fault.Is(err, fault.Invalid) {
		return "", nil // written before numbers had to have a country code
	}
	return number, err
}

// masked shows enough of a number to know one's own by: the last two digits.
func masked(number string) string {
	if number == "" {
		return ""
	}
	return "+" + strings.Repeat("•", len(number)-3) + number[len(number)-2:]
}

// sendPIN sends the PIN to the telephone, by a call or as text.
func (h *Handler) sendPIN(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepPhone)
	if err != nil {
		return err
	}
	now := h.Site.Clock.Now()
	s := newSent(now)
	s.Voice = form.Get(web.FieldPhoneChannel) != web.ChannelSMS
	channel := notify.SMS
	if s.Voice {
		channel = notify.Voice
	}
	text, err := h.Site.Pages.FactorText(s.Code, s.Voice, sentLife, h.Site.Locale(r))
	if err != nil {
		return err
	}
	none := false
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		number, err := telephoneOf(tx, f.Challenge.Account)
		if none = number == ""; none || err != nil {
			return err
		}
		if err := credential.Reserve(tx, []credential.Key{credential.DailyKey(telephoned, f.Challenge.Account, now)}, now); err != nil {
			return err
		}
		m, err := h.Senders.NewText(notify.FactorRecovery, channel, number, text, []string{s.Code}, now)
		if err != nil {
			return err
		}
		return tx.PutMessage(m)
	})
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		problem, retry := h.tooMany(t)
		return h.showPhone(w, r, f, http.StatusTooManyRequests, problem, retry)
	}
	if err != nil {
		return err
	}
	if none {
		return h.showPhone(w, r, f, http.StatusUnprocessableEntity, "", 0)
	}
	f = f.at(stepPIN, now)
	f.Sent = s
	return pagehttp.See(w, h.pageOf(pathPIN, f))
}

func (h *Handler) askPIN(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepPIN)
	if err != nil {
		return err
	}
	return h.showPIN(w, r, f, http.StatusOK, "")
}

func (h *Handler) showPIN(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.RecoveryError) error {
	number, err := h.telephone(r.Context(), f.Challenge.Account)
	if err != nil {
		return err
	}
	return h.show(w, r, status, web.FactorPIN{
		Frame: h.frame(r, pathPIN, f), Action: pathPIN, Number: masked(number), Voice: f.Sent.Voice, ContactURL: contactPath,
		AgainURL: h.pageOf(pathPhone, f.at(stepPhone, f.At)), Error: problem,
	}, 0)
}

func (h *Handler) checkPIN(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepPIN)
	if err != nil {
		return err
	}
	problem, err := h.checkSent(r, f, form.Get(web.FieldRecoveryCode))
	if err != nil {
		return err
	}
	if problem != "" {
		return h.showPIN(w, r, f, http.StatusUnprocessableEntity, problem)
	}
	return pagehttp.See(w, h.pageOf(pathRecovered, f.at(stepRecovered, h.Site.Clock.Now())))
}

// showRecovered tells to remove the lost device, which the sign-in leads to.
func (h *Handler) showRecovered(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepRecovered)
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, http.StatusOK, web.FactorRecovered{
		Frame: h.frame(r, pathRecovered, f), Action: pathRecovered, Name: f.Challenge.Name,
	}, h.Site.Map.Console())
}

// recovered ends the way. The owner is told by mail that somebody went it (N-25),
// if they are in.
func (h *Handler) recovered(w http.ResponseWriter, r *http.Request) error {
	f, _, err := h.openForm(r, stepRecovered)
	if err != nil {
		return err
	}
	p := Passed{Account: f.Challenge.Account, At: h.Site.Clock.Now(), Recovered: true}
	return h.Passed(w, r, f.Challenge.On, p, func(tx store.Tx) error {
		if err := spend(tx, f); err != nil {
			return err
		}
		if err := h.notice(tx, r, f.Challenge.Account, web.FactorWithout, ""); err != nil {
			return err
		}
		return tx.AppendEvent(h.event(r, f.Challenge, eventRecoveryCompleted))
	})
}
