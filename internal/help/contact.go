package help

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/store"
	"sekisho/internal/support"
	"sekisho/web"
)

// flow is what the form carries, and afterwards the page that confirms it.
type flow struct {
	Browser  string    `cbor:"1,keyasint"`
	IssuedAt time.Time `cbor:"2,keyasint"`
	Picture  string    `cbor:"3,keyasint,omitempty"`
	Sound    string    `cbor:"4,keyasint,omitempty"`
	Number   string    `cbor:"5,keyasint,omitempty"` // of what was sent
}

const (
	flowLife = time.Hour
	paramKey = "flow"

	// Bounds of the form's fields, those of support.Contact.
	maxAccount = 64
	maxSubject = 256
	maxText    = 8000
)

func (h *Handler) seal(f flow) string { return sealed.Seal(h.Ring, keys.ContactFlow, f) }

// open reads a flow of this browser that is not too old.
func (h *Handler) open(r *http.Request, text string) (flow, error) {
	f, err := sealed.Open[flow](h.Ring, keys.ContactFlow, text)
	if err != nil || !sealed.Same(h.Site.Cookie(r, sealed.CookieBrowser), f.Browser) || h.Site.Clock.Now().Sub(f.IssuedAt) > flowLife {
		return flow{}, sealed.ErrSeal
	}
	return f, nil
}

func topics() (names []string) {
	for _, t := range support.Topics {
		names = append(names, string(t))
	}
	return names
}

// askContact shows the form, for the topic that the address names (O-07).
func (h *Handler) askContact(w http.ResponseWriter, r *http.Request) error {
	return h.showContact(w, r, http.StatusOK, support.Contact{Topic: topicOf(r.URL.Query().Get(web.FieldContactTopic))}, nil)
}

// topicOf is the topic of that name, or the one under which everything else goes.
func topicOf(name string) support.Topic {
	if t := support.Topic(name); slices.Contains(support.Topics, t) {
		return t
	}
	return support.TopicAccountAndBilling
}

// showContact shows the form with new challenges: none is shown twice.
func (h *Handler) showContact(w http.ResponseWriter, r *http.Request, status int, c support.Contact, wrong []web.ContactError) error {
	f := flow{Browser: sealed.Browser(h.Site, w, r), IssuedAt: h.Site.Clock.Now(), Picture: h.Captcha.NewPicture(), Sound: h.Captcha.NewSound()}
	again := pathContact + "?" + url.Values{web.FieldContactTopic: {string(c.Topic)}}.Encode()
	page := web.Contact{
		Frame: h.Site.Frame(r), Action: pathContact, Topics: topics(), Topic: string(c.Topic), Email: c.Email, Account: c.AccountHint,
		Title: c.Subject, Text: c.Text, ImageURL: pathCaptcha + f.Picture + ".png", AudioURL: pathCaptcha + f.Sound + ".wav",
		RefreshURL: again, ConsoleURL: h.Site.Map.Console() + "/support/home", Errors: wrong,
	}
	page.Path, page.Flow = again, h.seal(f)
	return h.Site.Show(w, r, status, page)
}

// check returns what is wrong with the form, in the order of its fields. What
// exists is not looked at.
func check(c support.Contact, topic, captcha string) (wrong []web.ContactError) {
	for _, rule := range []struct {
		broken bool
		err    web.ContactError
	}{
		{!slices.Contains(support.Topics, support.Topic(topic)), web.ContactTopicInvalid},
		{!account.ValidEmail(c.Email), web.ContactEmailInvalid},
		{utf8.RuneCountInString(c.AccountHint) > maxAccount, web.ContactAccountInvalid},
		{c.Subject == "" || utf8.RuneCountInString(c.Subject) > maxSubject, web.ContactSubjectInvalid},
		{strings.TrimSpace(c.Text) == "" || utf8.RuneCountInString(c.Text) > maxText, web.ContactTextInvalid},
		{captcha == "", web.ContactCaptchaRequired},
	} {
		if rule.broken {
			wrong = append(wrong, rule.err)
		}
	}
	return wrong
}

// reasons are the fields of support's own refusals.
var reasons = map[string]web.ContactError{
	"contact-email": web.ContactEmailInvalid, "contact-account": web.ContactAccountInvalid, "contact-topic": web.ContactTopicInvalid,
	"contact-subject": web.ContactSubjectInvalid, "contact-text": web.ContactTextInvalid,
}

// contact stores what somebody wrote, once a CAPTCHA was read, and not too often
// from one address or network.
func (h *Handler) contact(w http.ResponseWriter, r *http.Request) error {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return err
	}
	f, err := h.open(r, form.Get(web.FieldFlow))
	if err != nil || f.Picture == "" {
		return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm, NextURL: pathContact, Cause: err}
	}
	field := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	c := support.Contact{
		Email: field(web.FieldContactEmail), AccountHint: field(web.FieldContactAccount), Topic: topicOf(form.Get(web.FieldContactTopic)),
		Subject: field(web.FieldContactSubject), Text: form.Get(web.FieldContactText), Locale: string(h.Site.Locale(r)),
	}
	answer := field(web.FieldCaptcha)
	if wrong := check(c, form.Get(web.FieldContactTopic), answer); len(wrong) > 0 {
		return h.showContact(w, r, http.StatusUnprocessableEntity, c, wrong)
	}
	now := h.Site.Clock.Now()
	var human bool
	var kept support.Contact
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if human, err = h.Captcha.CheckEither(tx, f.Picture, f.Sound, answer, now); err != nil || !human {
			return err // a wrong answer is spent as well
		}
		budget := []credential.Key{credential.DailyKey("contact", c.Email, now), credential.DailyKey("contact-network", h.network(r), now)}
		if err := credential.Reserve(tx, budget, now); err != nil {
			return err
		}
		kept, err = support.OpenContact(tx, c, now)
		return err
	})
	if e, ok := fault.As(err); ok && reasons[e.Reason] != "" {
		return h.showContact(w, r, http.StatusUnprocessableEntity, c, []web.ContactError{reasons[e.Reason]})
	}
	if err != nil {
		return err
	}
	if !human {
		return h.showContact(w, r, http.StatusUnprocessableEntity, c, []web.ContactError{web.ContactCaptchaWrong})
	}
	f.Number, f.Picture, f.Sound = kept.ID, "", ""
	return pagehttp.See(w, pathDone+"?"+url.Values{paramKey: {h.seal(f)}}.Encode())
}

// network is the client's address, or of IPv6 the /64, which is what a single
// subscriber has.
func (h *Handler) network(r *http.Request) string {
	a, err := netip.ParseAddr(h.Site.ClientIP(r))
	if err != nil {
		return ""
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

// contactDone confirms what was sent. Its address is worth nothing to others.
func (h *Handler) contactDone(w http.ResponseWriter, r *http.Request) error {
	f, err := h.open(r, r.URL.Query().Get(paramKey))
	if err != nil || f.Number == "" {
		return pagehttp.See(w, pathContact) // an old link
	}
	return h.Site.Show(w, r, http.StatusOK, web.ContactDone{Frame: h.Site.Frame(r), Number: f.Number, HelpURL: pathHelp})
}
