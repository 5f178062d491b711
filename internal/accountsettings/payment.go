package accountsettings

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/cardform"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// billingSource is the source of events about payment methods, as AWS names it.
const billingSource = "payments.amazonaws.com"

func (h *Handler) methods(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.showMethods(w, r, v, http.StatusOK, "")
}

func (h *Handler) showMethods(w http.ResponseWriter, r *http.Request, v visit, status int, fail web.SettingsError) error {
	all, err := h.methodsOf(r, v.account.ID)
	if err != nil {
		return err
	}
	p := web.SettingsPayment{
		Frame: h.frame(w, r, v, flow{Path: pathPayment}), DefaultAction: pathPaymentDefault, RemoveAction: pathPaymentRemove,
		AddURL: pathCard, BackURL: pathHome, Error: fail,
	}
	for _, m := range all {
		shown := web.SettingsMethod{
			ID: m.ID, Brand: string(m.Brand), LastFour: m.LastFour, Month: m.ExpiryMonth, Year: m.ExpiryYear,
			Default: m.Default, Expired: m.Expired(v.now), Status: string(m.Status), Declined: cardform.Declined(m.Error),
		}
		p.Methods = append(p.Methods, shown)
	}
	return h.Site.Show(w, r, status, p)
}

func (h *Handler) methodsOf(r *http.Request, accountID string) (all []payment.Method, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		all, err = payment.Methods(tx, accountID)
		return err
	})
	return all, err
}

func (h *Handler) setDefault(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.changeMethod(w, r, v, "SetDefaultPaymentMethod", payment.SetDefault)
}

func (h *Handler) removeMethod(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.changeMethod(w, r, v, "DeletePaymentMethod", payment.Remove)
}

// changeMethod does something to the method that the form names, which is looked
// for among the account's own.
func (h *Handler) changeMethod(w http.ResponseWriter, r *http.Request, v visit, name string, do func(tx payment.Store, account, id string) error) error {
	form, _, err := h.form(r, v)
	if err != nil {
		return err
	}
	id := form.Get(web.FieldMethod)
	e := h.event(r, v, billingSource, name)
	err = h.DB.Update(r.Context(), e, func(tx store.Tx) error {
		if err := do(tx, v.account.ID, id); err != nil {
			return err
		}
		e.Resource = id // it is one of ours
		return h.tell(tx, v, account.PaymentChanged)
	})
	switch fault.ReasonOf(err) {
	case "payment-method-default":
		return h.showMethods(w, r, v, http.StatusConflict, web.SettingsMethodDefault)
	case "payment-method-declined":
		return h.showMethods(w, r, v, http.StatusConflict, web.SettingsMethodDeclined)
	}
	if err != nil && !fault.Is(err, fault.NotFound) { // what is gone needs no more doing
		return err
	}
	return pagehttp.See(w, pathPayment)
}

func (h *Handler) askCard(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.showCard(w, r, v, http.StatusOK, web.SettingsCard{})
}

func (h *Handler) showCard(w http.ResponseWriter, r *http.Request, v visit, status int, p web.SettingsCard) error {
	c, err := h.contact(r, v)
	if err != nil {
		return err
	}
	p.Frame, p.Action, p.CancelURL, p.Year = h.frame(w, r, v, flow{Path: pathCard}), pathCard, pathPayment, v.now.Year()
	p.Contact = cardform.Known(c)
	p.India = c.CountryCode == payment.India
	if p.Contact == "" {
		p.NewAddress = true
	}
	return h.Site.Show(w, r, status, p)
}

// contact is the account's primary contact; zero if nobody gave one.
func (h *Handler) contact(r *http.Request, v visit) (c account.Contact, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		c, err = tx.Contact(v.account.ID)
		if fault.Is(err, fault.NotFound) {
			c, err = account.Contact{}, nil
		}
		return err
	})
	return c, err
}

// addCard verifies a card and keeps it as a method, whatever its institution said
// . Tries are few, and a good card gives none back: the form must not
// serve to find out which of many stolen numbers are good, with one's own in between.
func (h *Handler) addCard(w http.ResponseWriter, r *http.Request, v visit) error {
	form, _, err := h.form(r, v)
	if err != nil {
		return err
	}
	contact, err := h.contact(r, v)
	if err != nil {
		return err
	}
	card := cardform.Read(form)
	var again web.SettingsCard
	card.Again(&again.SignUpPayment)
	tries := append(h.Site.Network(r), payment.Tries(v.account.ID, v.now))
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return credential.Reserve(tx, tries, v.now) })
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		again.Error, again.RetryAfter = web.SettingsCardOften, pagehttp.RetryAfter(t, v.now)
		return h.showCard(w, r, v, http.StatusTooManyRequests, again)
	}
	if err != nil {
		return err
	}
	phone, _ := notify.Telephone(contact.Phone) // "" where there is none: banks know their customers
	m, err := payment.New(r.Context(), h.Payments, v.account.ID, card.Card(), card.Billed(contact), phone, v.now)
	if err != nil { // nobody was asked, or nobody answered
		release := func(tx store.Tx) error { return credential.Release(tx, tries) }
		err = errors.Join(err, h.DB.Update(context.WithoutCancel(r.Context()), nil, release))
	}
	if wrong, ok := errors.AsType[*payment.CardError](err); ok {
		again.Errors = card.Faults(wrong)
		return h.showCard(w, r, v, http.StatusUnprocessableEntity, again)
	}
	if fault.Is(err, fault.Unavailable) {
		again.Error = web.SettingsCardUnanswered
		return h.showCard(w, r, v, http.StatusServiceUnavailable, again)
	}
	if err != nil {
		return err
	}
	fail, err := h.keep(r, v, m, payment.Add)
	if err != nil {
		return err
	}
	switch {
	case fail != "":
		again.Error = fail
		return h.showCard(w, r, v, http.StatusConflict, again)
	case m.Status == payment.Declined:
		again.Declined = cardform.Declined(m.Error)
		return h.showCard(w, r, v, http.StatusUnprocessableEntity, again)
	case m.Status == payment.Unconfirmed:
		f := flow{Path: pathCardCode, Method: m.ID, Browser: sealed.Browser(h.Site, w, r), Session: v.session.ID, At: v.now}
		return pagehttp.See(w, pathCardCode+"?"+url.Values{"flow": {sealed.Seal(h.Ring, keys.SettingsFlow, f)}}.Encode())
	}
	return pagehttp.See(w, pathPayment)
}

// keep stores, by add, a method that the gateway answered about. A good one lets an
// activation go on that waited for it.
func (h *Handler) keep(r *http.Request, v visit, m payment.Method, add func(payment.Store, payment.Method) error) (web.SettingsError, error) {
	e := h.event(r, v, billingSource, "CreatePaymentMethod")
	e.Resource = m.ID
	e.Set("status", string(m.Status))
	err := h.DB.Update(r.Context(), e, func(tx store.Tx) error {
		if err := add(tx, m); err != nil {
			return err
		}
		if m.Status != payment.Valid && m.Status != payment.Pending {
			return nil
		}
		g, err := tx.Registration(v.account.ID)
		if err == nil {
			err = registration.Retry(tx, &g, v.now)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		return h.tell(tx, v, account.PaymentChanged)
	})
	if fault.Is(err, fault.Limit) {
		return web.SettingsCardMany, nil
	}
	return "", err
}

func (h *Handler) askCardCode(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := h.open(r, v, r.URL.Query().Get("flow"))
	if err != nil {
		return err
	}
	return h.showCardCode(w, r, v, f, http.StatusOK, "")
}

func (h *Handler) showCardCode(w http.ResponseWriter, r *http.Request, v visit, f flow, status int, fail web.SettingsError) error {
	var m payment.Method
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		m, err = payment.Of(tx, v.account.ID, f.Method)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return pagehttp.See(w, pathPayment)
	}
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, status, web.SettingsCardCode{
		Frame: h.frame(w, r, v, f), Action: pathCardCode, LastFour: m.LastFour, AgainURL: pathCard, Error: fail,
	})
}

// confirmCard gives the institution's one-time password to the gateway.
func (h *Handler) confirmCard(w http.ResponseWriter, r *http.Request, v visit) error {
	form, f, err := h.form(r, v)
	if err != nil {
		return err
	}
	code := strings.TrimSpace(form.Get(web.FieldCode))
	if code == "" {
		return h.showCardCode(w, r, v, f, http.StatusUnprocessableEntity, web.SettingsCodeRequired)
	}
	var m payment.Method
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		m, err = payment.CountTry(tx, v.account.ID, f.Method, v.now)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return pagehttp.See(w, pathPayment)
	case fault.Is(err, fault.Expired):
		return h.showCardCode(w, r, v, f, http.StatusUnprocessableEntity, web.SettingsCardCodeSpent)
	case err != nil:
		return err
	}
	if m, err = payment.Confirm(r.Context(), h.Payments, m, secret.NewString(code), v.now); err != nil {
		return err
	}
	fail, err := h.keep(r, v, m, payment.AddConfirmed)
	if fault.Is(err, fault.NotFound) { // another try was faster
		return pagehttp.See(w, pathPayment)
	}
	if err != nil {
		return err
	}
	if fail == "" && m.Status == payment.Unconfirmed {
		fail = web.SettingsCodeWrong
	}
	if fail != "" {
		return h.showCardCode(w, r, v, f, http.StatusUnprocessableEntity, fail)
	}
	return pagehttp.See(w, pathPayment) // which says what became of it
}
