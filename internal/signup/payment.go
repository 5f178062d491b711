package signup

import (
	"errors"
	"net/http"

	"sekisho/internal/account"
	"sekisho/internal/cardform"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

func (h *Handler) askPayment(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PaymentStep, func(o owner) error {
		return h.showPayment(w, r, o, http.StatusOK, cardform.Form{}, "")
	})
}

func (h *Handler) showPayment(w http.ResponseWriter, r *http.Request, o owner, status int, c cardform.Form, declined web.SignUpDecline, wrong ...web.SignUpError) error {
	var known account.Contact
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) { known, err = tx.Contact(o.account.ID); return err })
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	p := web.SignUpPayment{
		Frame: h.frame(r, pathPayment, h.newFlow(w, r, stepPayment, o.account.ID)), Action: pathPayment,
		Contact: cardform.Known(known), India: o.reg.Agreement.Seller == registration.AISPL, Year: h.Site.Clock.Now().Year(),
		Declined: declined, Errors: wrong,
	}
	c.Again(&p)
	if p.Address.Country == "" {
		p.Address.Country = known.CountryCode
	}
	return h.Site.Show(w, r, status, p)
}

// addCard verifies a card and keeps what may be kept of it. Cards are counted
// before the gateway is asked, and a good one gives no try back: a thief who has
// thousands must not learn here which of them are good.
func (h *Handler) addCard(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PaymentStep, func(o owner) error {
		_, form, err := h.openOwn(r, stepPayment, o)
		if err != nil {
			return err
		}
		c := cardform.Read(form)
		if !c.Chosen() {
			return h.showPayment(w, r, o, http.StatusUnprocessableEntity, c, "", web.FaultBillingAddressRequired)
		}
		var known account.Contact
		now := h.Site.Clock.Now()
		budget := append(h.network(r), payment.Tries(o.account.ID, now))
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
			if known, err = tx.Contact(o.account.ID); err != nil {
				return err
			}
			return credential.Reserve(tx, budget, now)
		})
		if err != nil {
			return err
		}
		m, err := payment.New(r.Context(), h.Payments, o.account.ID, c.Card(), c.Billed(known), known.Phone, now)
		if bad, ok := errors.AsType[*payment.CardError](err); ok {
			if err := h.giveBack(r, budget); err != nil { // no gateway was asked
				return err
			}
			return h.showPayment(w, r, o, http.StatusUnprocessableEntity, c, "", c.Faults(bad)...)
		}
		if err != nil {
			return err
		}
		if err := h.keep(r, m, payment.Add); err != nil {
			return err
		}
		return h.afterCard(w, r, o, m, c)
	})
}

func (h *Handler) giveBack(r *http.Request, budget []credential.Key) error {
	return h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return credential.Release(tx, budget) })
}

// keep stores the method, by add, with its event, and lets activation be tried if it waited
// for this.
func (h *Handler) keep(r *http.Request, m payment.Method, add func(payment.Store, payment.Method) error) error {
	return h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if err := add(tx, m); err != nil {
			return err
		}
		if m.Status == payment.Unconfirmed {
			return nil
		}
		if m.Status != payment.Declined {
			reg, err := tx.Registration(m.Account)
			if err == nil {
				err = registration.Retry(tx, &reg, h.Site.Clock.Now())
			}
			if err != nil {
				return err
			}
		}
		e := h.event(r, eventPayment, m.Account, string(m.Error))
		e.Set("paymentMethod", m.ID)
		e.Set("brand", string(m.Brand))
		e.Set("lastFour", m.LastFour)
		e.Set("status", string(m.Status))
		return tx.AppendEvent(e)
	})
}

// afterCard goes on after a gateway answered.
func (h *Handler) afterCard(w http.ResponseWriter, r *http.Request, o owner, m payment.Method, c cardform.Form) error {
	switch m.Status {
	case payment.Declined:
		return h.showPayment(w, r, o, http.StatusUnprocessableEntity, c, cardform.Declined(m.Error))
	case payment.Unconfirmed:
		f := h.newFlow(w, r, stepPaymentCode, o.account.ID)
		f.Method = m.ID
		return h.see(w, pathPaymentCode, f)
	}
	return pagehttp.See(w, PathContinue)
}

func (h *Handler) askPaymentCode(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PaymentStep, func(o owner) error {
		f, err := h.openPage(r, stepPaymentCode)
		if err != nil {
			return err
		}
		return h.showPaymentCode(w, r, o, f, http.StatusOK)
	})
}

func (h *Handler) showPaymentCode(w http.ResponseWriter, r *http.Request, o owner, f flow, status int, wrong ...web.SignUpError) error {
	var m payment.Method
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) { m, err = payment.Of(tx, o.account.ID, f.Method); return err })
	if fault.Is(err, fault.NotFound) {
		return pagehttp.See(w, pathPayment)
	}
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, status, web.SignUpPaymentCode{
		Frame: h.frame(r, pathPaymentCode, f), Action: pathPaymentCode, LastFour: m.LastFour, AgainURL: pathPayment, Errors: wrong,
	})
}

// confirmCard gives the gateway the one-time password of the card's institution.
func (h *Handler) confirmCard(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PaymentStep, func(o owner) error {
		f, form, err := h.openOwn(r, stepPaymentCode, o)
		if err != nil {
			return err
		}
		given := typedCode(form.Get(web.FieldCode))
		if given == "" {
			return h.showPaymentCode(w, r, o, f, http.StatusUnprocessableEntity, web.FaultCodeRequired)
		}
		var m payment.Method
		now := h.Site.Clock.Now()
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
			m, err = payment.CountTry(tx, o.account.ID, f.Method, now)
			return err
		})
		switch {
		case fault.Is(err, fault.NotFound):
			return pagehttp.See(w, pathPayment)
		case fault.Is(err, fault.Expired):
			return h.showPayment(w, r, o, http.StatusUnprocessableEntity, cardform.Form{}, web.DeclineCodeOver)
		case err != nil:
			return err
		}
		if m, err = payment.Confirm(r.Context(), h.Payments, m, secret.NewString(given), now); err != nil {
			return err
		}
		if err := h.keep(r, m, payment.AddConfirmed); fault.Is(err, fault.NotFound) { // another try was faster
			return pagehttp.See(w, pathPayment)
		} else if err != nil {
			return err
		}
		if m.Status == payment.Unconfirmed {
			return h.showPaymentCode(w, r, o, f, http.StatusUnprocessableEntity, web.FaultCodeBank)
		}
		return h.afterCard(w, r, o, m, cardform.Form{})
	})
}
