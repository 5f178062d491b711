package signup

import (
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"sekisho/internal/account"
	"sekisho/internal/cardform"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/telephone"
	"sekisho/web"
)

func (h *Handler) askContact(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepContact)
	if err != nil {
		return err
	}
	return h.showContact(w, r, f, http.StatusOK, contact{address: web.SignUpAddress{Country: homeOf(r, h.Site.Locale(r))}})
}

// contact is the form as somebody filled it in.
type contact struct {
	professional bool
	address      web.SignUpAddress
	agreed       bool
}

func (h *Handler) showContact(w http.ResponseWriter, r *http.Request, f flow, status int, c contact, wrong ...web.SignUpError) error {
	return h.Site.Show(w, r, status, web.SignUpContact{
		Frame: h.frame(r, pathContact, f), Action: pathContact, Professional: c.professional, Address: c.address, Agreed: c.agreed,
		AgreementURL: pathAgreement, Errors: wrong,
	})
}

// agreement shows what owners agree to.
func (h *Handler) agreement(w http.ResponseWriter, r *http.Request) error {
	return h.Site.Show(w, r, http.StatusOK, web.SignUpAgreement{Frame: h.Site.Frame(r)})
}

// create opens the account and signs its root user in.
func (h *Handler) create(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepContact)
	if err != nil {
		return err
	}
	c := contact{form.Get(web.FieldAccountType) == string(registration.Professional), typedAddress(form), form.Get(web.FieldAgree) != ""}
	opening, wrong := c.opening(form.Get(web.FieldAccountType))
	if len(wrong) > 0 {
		return h.showContact(w, r, f, http.StatusUnprocessableEntity, c, wrong...)
	}
	loc, now := h.Site.Locale(r), h.Site.Clock.Now()
	opening.Name, opening.Email, opening.PasswordHash, opening.Language = f.Name, f.Email, f.PasswordHash, string(loc)
	var a account.Account
	e := h.event(r, eventCreated, "", "")
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if a, err = registration.Open(tx, opening, now); err != nil {
			return err
		}
		e = h.event(r, eventCreated, a.ID, "")
		e.Set("accountType", string(opening.Type))
		e.Set("seller", string(registration.SellerIn(opening.Contact.CountryCode)))
		if err := tx.AppendEvent(e); err != nil {
			return err
		}
		return h.mail.created(tx, a, loc, now)
	})
	switch {
	case fault.ReasonOf(err) == registration.EmailTaken:
		// Whoever is here reads the address's mail, and may know. It is also what a
		// finished form is answered that is posted again.
		again := h.newFlow(w, r, stepAccount, "")
		again.Name = f.Name
		return h.showAccount(w, r, again, http.StatusConflict, web.FaultEmailTaken)
	case fault.Is(err, fault.Invalid):
		if wrong, ok := contactFaults[fault.ReasonOf(err)]; ok {
			return h.showContact(w, r, f, http.StatusUnprocessableEntity, c, wrong)
		}
		return err
	case err != nil:
		return err
	}
	if _, err := h.SignIn(w, r, a.ID); err != nil {
		h.Site.Log.ErrorContext(r.Context(), "nobody was signed in after a sign-up", "request_id", h.Site.RequestID(r), "error", err)
		return pagehttp.See(w, h.SignInFor(PathContinue))
	}
	return pagehttp.See(w, PathContinue)
}

// contactFaults are the reasons for which account refuses a contact.
var contactFaults = map[string]web.SignUpError{
	"full-name": web.FaultFullNameInvalid, "company-name": web.FaultCompanyInvalid, "address-line1": web.FaultAddressLine1Invalid,
	"address-line2": web.FaultAddressLine2Invalid, "city": web.FaultCityInvalid, "state-or-region": web.FaultStateRequired,
	"postal-code": web.FaultPostalCodeInvalid, "country-code": web.FaultCountryInvalid, "phone-number": web.FaultPhoneInvalid,
}

// The lengths of contacts in characters are those of AWS's model.
const (
	maxLine  = 60
	maxShort = 50
	maxCode  = 20
)

// opening is the contact as registration takes it, or what is wrong with it.
func (c contact) opening(chosen string) (registration.Opening, []web.SignUpError) {
	var wrong []web.SignUpError
	check := func(value string, most int, required, invalid web.SignUpError) {
		switch {
		case value == "" && required != "":
			wrong = append(wrong, required)
		case !cardform.Fits(value, most):
			wrong = append(wrong, invalid)
		}
	}
	a := c.address
	kind := registration.Type(chosen)
	if kind != registration.Personal && kind != registration.Professional {
		wrong = append(wrong, web.FaultAccountTypeRequired)
	}
	check(a.FullName, maxShort, web.FaultFullNameRequired, web.FaultFullNameInvalid)
	if kind == registration.Professional {
		check(a.Company, maxShort, web.FaultCompanyRequired, web.FaultCompanyInvalid)
	} else {
		a.Company = "" // it was not asked for
	}
	number, ok := dialled(a.Phone, a.Country)
	switch {
	case a.Phone == "":
		wrong = append(wrong, web.FaultPhoneRequired)
	case !ok:
		wrong = append(wrong, web.FaultPhoneInvalid)
	}
	if !web.IsCountry(a.Country) {
		wrong = append(wrong, web.FaultCountryInvalid)
	}
	check(a.Line1, maxLine, web.FaultAddressLine1Required, web.FaultAddressLine1Invalid)
	check(a.Line2, maxLine, "", web.FaultAddressLine2Invalid)
	check(a.City, maxShort, web.FaultCityRequired, web.FaultCityInvalid)
	check(a.State, maxShort, "", web.FaultStateInvalid)
	check(a.PostalCode, maxCode, web.FaultPostalCodeRequired, web.FaultPostalCodeInvalid)
	if !c.agreed {
		wrong = append(wrong, web.FaultAgreeRequired)
	}
	return registration.Opening{Type: kind, Contact: account.Contact{
		FullName: a.FullName, CompanyName: a.Company, AddressLine1: a.Line1, AddressLine2: a.Line2, City: a.City, StateOrRegion: a.State,
		PostalCode: a.PostalCode, CountryCode: a.Country, Phone: number,
	}}, wrong
}

// typedAddress are the fields of the contact, tidied.
func typedAddress(form url.Values) web.SignUpAddress {
	a := cardform.Address(form)
	a.Company = strings.Join(strings.Fields(norm.NFC.String(bounded(form.Get(web.FieldCompany)))), " ")
	a.Phone = strings.Join(strings.Fields(norm.NFKC.String(bounded(form.Get(web.FieldPhone)))), " ")
	return a
}

// dialled is the number of somebody who lives in a country, in E.164: one of that
// country, or one of any other with its + and calling code.
func dialled(typed, country string) (string, bool) {
	number, ok := telephone.Parse(typed, country)
	if ok || !strings.HasPrefix(typed, "+") {
		return number, ok
	}
	for _, other := range telephone.Countries() {
		if number, ok := telephone.Parse(typed, other); ok {
			return number, true
		}
	}
	return "", false
}

// homeOf guesses the country that a person is asked for last: the one that the
// browser prefers, or the one where the page's language is spoken.
func homeOf(r *http.Request, loc web.Locale) string {
	tags, _, err := language.ParseAcceptLanguage(bounded(r.Header.Get("Accept-Language")))
	if err == nil && len(tags) > 0 {
		if region, sure := tags[0].Region(); sure == language.Exact && web.IsCountry(region.String()) {
			return region.String()
		}
	}
	if loc == web.Japanese {
		return "JP"
	}
	return "US"
}
