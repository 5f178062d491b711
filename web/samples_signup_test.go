package web_test

import (
	"time"

	"sekisho/web"
)

func init() {
	sampleSets = append(sampleSets, signUpSamples)
	mailSets = append(mailSets, signUpMails)
	fields = append(fields, web.FieldEmail, web.FieldAccountName, web.FieldCode, web.FieldAccountType, web.FieldFullName, web.FieldCompany,
		web.FieldPhone, web.FieldAddressLine1, web.FieldAddressLine2, web.FieldCity, web.FieldStateOrRegion, web.FieldPostalCode, web.FieldAgree,
		web.FieldCardNumber, web.FieldCardHolder, web.FieldCardCVV, web.FieldBillingAddress, web.FieldByVoice, web.FieldSupportPlan)
}

func signUpSamples(loc web.Locale) map[string]web.Page {
	frame := web.Frame{Locale: loc, Path: "/signup?flow=abc", RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	const email, support = "jane@example.com", "http://console.localhost:8420/support/home"
	address := web.SignUpAddress{FullName: "Jane Doe", Company: "Example Corp", Phone: "+81 3 1234 5678", Country: "JP", Line1: "1-1 Chiyoda", City: "Chiyoda-ku",
		State: "Tokyo", PostalCode: "100-0001"}
	account := web.SignUpAccount{Frame: frame, Action: "/signup", ContinueURL: "/signup/continue"}
	code := web.SignUpCode{Frame: frame, Action: "/signup/verify", Email: email, Minutes: 10, ChangeURL: "/signup"}
	contact := web.SignUpContact{Frame: frame, Action: "/signup/contact", Address: web.SignUpAddress{Country: "JP"}, AgreementURL: "/signup/agreement"}
	payment := web.SignUpPayment{Frame: frame, Action: "/signup/payment", Contact: "Jane Doe, 1-1 Chiyoda, Tokyo 100-0001, JP", Year: 2026}
	bank := web.SignUpPaymentCode{Frame: frame, Action: "/signup/payment/code", LastFour: "3220", AgainURL: "/signup/payment"}
	phone := web.SignUpPhone{Frame: frame, Action: "/signup/phone", Country: "JP", ImageURL: "/captcha/25br2n.png", AudioURL: "/captcha/25br2n.wav", RefreshURL: "/signup/phone", SupportURL: support}
	pin := web.SignUpPIN{Frame: frame, Action: "/signup/phone/pin", Number: "+81 3-1234-5678", Left: 4, AgainURL: "/signup/phone", SupportURL: support}
	plan := web.SignUpPlan{Frame: frame, Action: "/signup/plan", Plan: "basic", CompareURL: "/help/support-plans"}
	status := web.SignUpStatus{Frame: frame, State: web.SignUpUnderWay, AccountID: "111122223333", AccountName: "paulo-santos-testaccount", Email: email,
		ConsoleURL: "http://console.localhost:8420/", PaymentURL: "/account/payment", SupportURL: support}
	pages := map[string]web.Page{
		"signup-start":        web.SignUpStart{Frame: frame, AccountName: "AnyCompany-audit-prod", ConsoleURL: "http://console.localhost:8420/", SignInURL: "/", CreateURL: "/signup?new=1"},
		"signup-account":      account,
		"signup-code":         code,
		"signup-password":     web.SignUpPassword{Frame: frame, Action: "/signup/password", Email: email, Rules: web.PasswordRules{MinLength: 8, MaxLength: 128, Classes: 3, NotCommon: true, NotAccount: true}},
		"signup-contact":      contact,
		"signup-agreement":    web.SignUpAgreement{Frame: frame},
		"signup-payment":      payment,
		"signup-payment-code": bank,
		"signup-phone":        phone,
		"signup-pin":          pin,
		"signup-blocked":      web.SignUpBlocked{Frame: frame, Email: email, SupportURL: support, ConsoleURL: "http://console.localhost:8420/"},
		"signup-plan":         plan,
	}
	account.Email, account.Name = "Jane <jane@example.com>", long("<name>", 20)
	account.Errors = []web.SignUpError{web.FaultEmailInvalid, web.FaultAccountNameInvalid, web.FaultEmailTaken, web.FaultEmailRequired, web.FaultAccountNameRequired}
	pages["signup-account-errors"] = account
	code.Errors, code.Resent = []web.SignUpError{web.FaultCodeRequired, web.FaultCodeWrong, web.FaultCodeOver, web.FaultCodeWait}, true
	pages["signup-code-errors"] = code
	pages["signup-password-errors"] = web.SignUpPassword{Frame: frame, Action: "/signup/password", Email: email, Rules: web.PasswordRules{MinLength: 8, MaxLength: 128},
		Errors: []web.NewPasswordError{web.NewPasswordRequired, web.NewPasswordMismatch}}
	contact.Professional, contact.Address, contact.Agreed = true, address, true
	contact.Errors = []web.SignUpError{web.FaultAccountTypeRequired, web.FaultFullNameRequired, web.FaultFullNameInvalid, web.FaultCompanyRequired, web.FaultCompanyInvalid,
		web.FaultPhoneRequired, web.FaultPhoneInvalid, web.FaultCountryRequired, web.FaultCountryInvalid, web.FaultAddressLine1Required, web.FaultAddressLine1Invalid,
		web.FaultAddressLine2Invalid, web.FaultCityRequired, web.FaultCityInvalid, web.FaultStateRequired, web.FaultStateInvalid, web.FaultPostalCodeRequired,
		web.FaultPostalCodeInvalid, web.FaultAgreeRequired}
	pages["signup-contact-errors"] = contact
	payment.India, payment.NewAddress, payment.Holder, payment.Month, payment.ChosenYear, payment.Address = true, true, "JANE DOE", "03", "2031", address
	payment.Errors = []web.SignUpError{web.FaultCardNumberInvalid, web.FaultCardMonthInvalid, web.FaultCardCvvInvalid, web.FaultCardHolderInvalid, web.FaultBillingAddressRequired}
	pages["signup-payment-errors"] = payment
	payment.Errors = nil
	payment.Declined = web.DeclineNotHonored
	pages["signup-payment-declined"] = payment
	bank.Errors = []web.SignUpError{web.FaultCodeBank}
	pages["signup-payment-code-wrong"] = bank
	phone.Voice, phone.Phone = true, "03 1234 5678"
	phone.Errors = []web.SignUpError{web.FaultChannelRequired, web.FaultPhoneRequired, web.FaultPhoneInvalid, web.FaultCaptchaRequired, web.FaultCaptchaWrong}
	pages["signup-phone-errors"] = phone
	pin.Errors, pin.Voice = []web.SignUpError{web.FaultCodePin}, true
	pages["signup-pin-wrong"] = pin
	plan.Errors, plan.Plan = []web.SignUpError{web.FaultPlanRequired}, ""
	pages["signup-plan-required"] = plan
	for _, s := range []web.SignUpState{web.SignUpActive, web.SignUpIncomplete, web.SignUpInformation, web.SignUpPaymentDeclined, web.SignUpPaymentPending, web.SignUpUnderWay} {
		p := status
		if p.State = s; s == web.SignUpIncomplete {
			p.NextURL = "/signup/continue"
		}
		if s == web.SignUpInformation {
			p.Asked, p.AskedAt = "1. A copy of your <b>passport</b>\n2. 住民票", noon
		}
		pages["signup-status-"+string(s)] = p
	}
	status.Just = true
	pages["signup-done"] = status
	return pages
}

func signUpMails() map[string]web.Mail {
	const email, name, id = "jane@example.com", "AnyCompany-audit-prod", "111122223333"
	return map[string]web.Mail{
		"signup-code":         web.SignUpCodeMail{Email: email, Code: "s3cret", Valid: 10 * time.Minute},
		"signup-taken":        web.SignUpTakenMail{Email: email, SignInURL: "http://signin.localhost:8420/"},
		"account-created":     web.AccountCreatedMail{Email: email, Name: name, AccountID: id, ContinueURL: "http://signin.localhost:8420/signup/continue"},
		"account-activated":   web.AccountActivatedMail{Email: email, Name: name, AccountID: id, ConsoleURL: "http://console.localhost:8420/"},
		"account-information": web.AccountInformationMail{Email: email, Name: name, AccountID: id, Asked: "A copy of your passport", SupportURL: "http://console.localhost:8420/support/home"},
	}
}
