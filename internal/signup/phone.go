package signup

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/telephone"
	"sekisho/web"
)

func (h *Handler) askPhone(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PhoneStep, func(o owner) error {
		if o.reg.Phone.Blocked() {
			return h.showBlocked(w, r, o)
		}
		var known account.Contact
		err := h.DB.View(r.Context(), func(tx store.Tx) (err error) { known, err = tx.Contact(o.account.ID); return err })
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		return h.showPhone(w, r, o, http.StatusOK, phoneForm{country: known.CountryCode, phone: telephone.Show(known.Phone)})
	})
}

// phoneForm is the form of a number as somebody filled it in.
type phoneForm struct {
	voice          bool
	country, phone string
}

// showPhone shows the page with new challenges: none is shown twice.
func (h *Handler) showPhone(w http.ResponseWriter, r *http.Request, o owner, status int, p phoneForm, wrong ...web.SignUpError) error {
	f := h.newFlow(w, r, stepPhone, o.account.ID)
	f.Picture, f.Sound = h.Captcha.NewPicture(), h.Captcha.NewSound()
	return h.Site.Show(w, r, status, web.SignUpPhone{
		Frame: h.frame(r, pathPhone, f), Action: pathPhone, Voice: p.voice, Country: p.country, Phone: p.phone,
		ImageURL: pathCaptcha + f.Picture + ".png", AudioURL: pathCaptcha + f.Sound + ".wav", RefreshURL: pathPhone, SupportURL: h.supportURL(),
		Errors: wrong,
	})
}

func (h *Handler) showBlocked(w http.ResponseWriter, r *http.Request, o owner) error {
	frame := h.Site.Frame(r)
	frame.Path = pathPhone
	return h.Site.Show(w, r, http.StatusForbidden, web.SignUpBlocked{
		Frame: frame, Email: o.account.Email, SupportURL: h.supportURL(), ConsoleURL: h.Site.Map.Console() + consoleHome,
	})
}

// sendPIN sends a PIN to a number. Messages cost money and calls wake people, so
// they are counted by number, by account and by network (against SMS pumping), and
// only for who reads the picture.
func (h *Handler) sendPIN(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PhoneStep, func(o owner) error {
		f, form, err := h.openOwn(r, stepPhone, o)
		if err != nil {
			return err
		}
		if o.reg.Phone.Blocked() {
			return h.showBlocked(w, r, o)
		}
		p := phoneForm{
			voice: form.Get(web.FieldByVoice) == string(notify.Voice), country: form.Get(web.FieldCountry),
			phone: norm.NFKC.String(strings.Join(strings.Fields(bounded(form.Get(web.FieldPhone))), " ")),
		}
		number, wrong := p.check(form.Get(web.FieldByVoice))
		answer := strings.TrimSpace(bounded(form.Get(web.FieldCaptcha)))
		if answer == "" {
			wrong = append(wrong, web.FaultCaptchaRequired)
		}
		if len(wrong) > 0 {
			return h.showPhone(w, r, o, http.StatusUnprocessableEntity, p, wrong...)
		}
		now := h.Site.Clock.Now()
		next := h.newFlow(w, r, stepPIN, o.account.ID).withCode(now)
		next.Number, next.Voice = number, p.voice
		asked := credential.DailyKey("sign-up/owner", o.account.ID, now)
		budget := append(h.network(r), credential.DailyKey("sign-up/number", number, now), asked)
		human := false
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
			human, err = h.Captcha.CheckEither(tx, f.Picture, f.Sound, answer, now)
			if err != nil || !human {
				return err // a wrong answer is spent as well
			}
			if err := mayAsk(tx, asked, now); err != nil {
				return err
			}
			if err := credential.Reserve(tx, budget, now); err != nil {
				return err
			}
			by := notify.SMS
			if p.voice {
				by = notify.Voice
			}
			e := h.event(r, eventPIN, o.account.ID, "")
			e.Set("channel", string(by))
			if err := tx.AppendEvent(e); err != nil {
				return err
			}
			return h.mail.pin(tx, by, number, next.Code, h.Site.Locale(r), now)
		})
		if err != nil {
			return err
		}
		if !human {
			return h.showPhone(w, r, o, http.StatusUnprocessableEntity, p, web.FaultCaptchaWrong)
		}
		return h.see(w, pathPIN, next)
	})
}

// maxPINs is how many PINs an account can have sent in a day, to whatever numbers:
// more than five are never tried, and each may cost what a premium number does.
const maxPINs = 10

// mayAsk refuses a PIN more than that, until the day is over.
func mayAsk(tx store.Tx, asked credential.Key, now time.Time) error {
	n, err := credential.Failures(tx, []credential.Key{asked}, now)
	if err == nil && n >= maxPINs {
		const day = 24 * time.Hour
		return &credential.ThrottledError{Until: now.Truncate(day).Add(day)}
	}
	return err
}

// check is the number in E.164, or what is wrong with the form.
func (p phoneForm) check(channel string) (number string, wrong []web.SignUpError) {
	if channel != string(notify.SMS) && channel != string(notify.Voice) {
		wrong = append(wrong, web.FaultChannelRequired)
	}
	number, ok := dialled(p.phone, p.country)
	switch {
	case p.phone == "":
		wrong = append(wrong, web.FaultPhoneRequired)
	case !web.IsCountry(p.country):
		wrong = append(wrong, web.FaultCountryRequired)
	case !ok:
		wrong = append(wrong, web.FaultPhoneInvalid)
	}
	return number, wrong
}

func (h *Handler) askPIN(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PhoneStep, func(o owner) error {
		f, err := h.openPage(r, stepPIN)
		if err != nil {
			return err
		}
		if o.reg.Phone.Blocked() {
			return h.showBlocked(w, r, o)
		}
		return h.showPIN(w, r, o, f, http.StatusOK)
	})
}

func (h *Handler) showPIN(w http.ResponseWriter, r *http.Request, o owner, f flow, status int, wrong ...web.SignUpError) error {
	return h.Site.Show(w, r, status, web.SignUpPIN{
		Frame: h.frame(r, pathPIN, f), Action: pathPIN, Number: telephone.Show(f.Number), Voice: f.Voice,
		Left: registration.MaxPhoneFailures - o.reg.Phone.Failures, AgainURL: pathPhone, SupportURL: h.supportURL(), Errors: wrong,
	})
}

// checkPIN compares the PIN. A try counts against the account, not against one
// PIN: asking for another one gives no new tries.
func (h *Handler) checkPIN(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PhoneStep, func(o owner) error {
		f, form, err := h.openOwn(r, stepPIN, o)
		if err != nil {
			return err
		}
		given := typedCode(form.Get(web.FieldCode))
		now := h.Site.Clock.Now()
		switch {
		case given == "":
			return h.showPIN(w, r, o, f, http.StatusUnprocessableEntity, web.FaultCodeRequired)
		case now.Sub(f.SentAt) >= codeLife:
			return h.showPIN(w, r, o, f, http.StatusUnprocessableEntity, web.FaultCodeOver)
		}
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
			o.reg, err = registration.CountPIN(tx, o.account.ID, f.Number)
			return err
		})
		if fault.ReasonOf(err) == registration.PhoneBlocked {
			return h.showBlocked(w, r, o)
		}
		if err != nil {
			return err
		}
		if !f.hasCode(given) {
			return h.wrongPIN(w, r, o, f)
		}
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
			if err := tx.SpendOnce(spent(f), f.SentAt.Add(codeLife)); err != nil {
				return err
			}
			if err := credential.Succeeded(tx, h.network(r)); err != nil {
				return err
			}
			if err := registration.PhoneVerified(tx, o.account.ID, f.Number, now); err != nil {
				return err
			}
			return tx.AppendEvent(h.event(r, eventPhone, o.account.ID, ""))
		})
		if fault.Is(err, fault.Conflict) {
			return h.showPIN(w, r, o, f, http.StatusUnprocessableEntity, web.FaultCodeOver)
		}
		if err != nil {
			return err
		}
		return pagehttp.See(w, PathContinue)
	})
}

func (h *Handler) wrongPIN(w http.ResponseWriter, r *http.Request, o owner, f flow) error {
	reason := "wrong-pin"
	if o.reg.Phone.Blocked() {
		reason = registration.PhoneBlocked
	}
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return tx.AppendEvent(h.event(r, eventPhone, o.account.ID, reason)) })
	if err != nil {
		return err
	}
	if o.reg.Phone.Blocked() {
		return h.showBlocked(w, r, o)
	}
	return h.showPIN(w, r, o, f, http.StatusUnprocessableEntity, web.FaultCodePin)
}
