package web_test

import (
	"time"

	"sekisho/web"
)

func init() {
	sampleSets = append(sampleSets, settingsSamples)
	fields = append(fields, web.FieldAccountID, web.FieldNewEmail, web.FieldMethod)
}

func settingsSamples(loc web.Locale) map[string]web.Page {
	frame := func(path string) web.Frame {
		return web.Frame{Locale: loc, Path: path, RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	}
	const email, id = "root@example.com", "111122223333"
	home := web.SettingsHome{Frame: frame("/account"), AccountID: id, Name: organisation, Email: email, State: web.SettingsActive, Until: noon,
		ConsoleURL: "http://console.localhost:8420", AccountURL: "http://console.localhost:8420/account", PasswordURL: "/account/password",
		EmailURL: "/account/email", PaymentURL: "/account/payment", CloseURL: "/account/close", ReopenURL: "/account/reopen",
		SignUpURL: "/signup/continue", SupportURL: "/contact-us?topic=account-and-billing", FraudURL: "/contact-us?topic=fraud"}
	password := web.SettingsPassword{Frame: frame("/account/password"), Action: "/account/password", Email: email,
		Rules: web.PasswordRules{MinLength: 8, MaxLength: 128, Classes: 3, NotCommon: true, NotAccount: true}, CancelURL: "/account", ForgotURL: "/signin/forgot"}
	address := web.SettingsEmail{Frame: frame("/account/email"), Action: "/account/email", Email: email, CancelURL: "/account"}
	code := web.SettingsEmailCode{Frame: frame("/account/email/code?flow=abc"), Action: "/account/email/code", Email: email, NewEmail: "new@example.com", Hours: 24, AgainURL: "/account/email"}
	closing := web.SettingsClose{Frame: frame("/account/close"), Action: "/account/close", AccountID: id, Name: organisation, Email: email, Days: 90,
		CancelURL: "/account", AgainURL: "/?request=abc"}
	methods := web.SettingsPayment{Frame: frame("/account/payment"), DefaultAction: "/account/payment/default", RemoveAction: "/account/payment/remove",
		AddURL: "/account/payment/add", BackURL: "/account", Methods: []web.SettingsMethod{
			{ID: "pm-1", Brand: "Visa", LastFour: "1111", Month: 4, Year: 2029, Default: true, Status: "valid"},
			{ID: "pm-2", Brand: "American Express", LastFour: "0005", Month: 12, Year: 2030, Status: "pending"},
			{ID: "pm-3", Brand: "JCB", LastFour: "0000", Month: 1, Year: 2025, Status: "declined", Declined: web.DeclineInsufficientFunds, Expired: true},
		}}
	card := web.SettingsCard{SignUpPayment: web.SignUpPayment{Frame: frame("/account/payment/add"), Action: "/account/payment/add", Contact: "1 Main Street, Paris, 75001, FR", Year: 2026},
		CancelURL: "/account/payment"}
	bank := web.SettingsCardCode{Frame: frame("/account/payment/confirm?flow=abc"), Action: "/account/payment/confirm", LastFour: "3220", AgainURL: "/account/payment/add"}

	pages := map[string]web.Page{
		"settings-home":       home,
		"settings-password":   password,
		"settings-email":      address,
		"settings-email-code": code,
		"settings-close":      closing,
		"settings-payment":    methods,
		"settings-card":       card,
		"settings-card-code":  bank,
		"settings-reopen":     web.SettingsReopen{Frame: frame("/account/reopen"), Action: "/account/reopen", AccountID: id, Name: organisation, Until: noon, CancelURL: "/account"},
		"settings-denied": web.SettingsDenied{Frame: frame("/account/close"), UserName: "alice<script>", AccountID: id,
			ConsoleURL: "http://console.localhost:8420", SwitchURL: "/?request=abc"},
	}
	for _, s := range []web.SettingsState{web.SettingsPending, web.SettingsSuspended, web.SettingsShut} {
		p := home
		p.State = s
		pages["settings-home-"+string(s)] = p
	}
	for _, n := range []web.SettingsNotice{web.SettingsPasswordChanged, web.SettingsEmailChanged, web.SettingsClosed, web.SettingsReopened} {
		p := home
		p.Notice = n
		pages["settings-done-"+string(n)] = p
	}
	for _, e := range []web.SettingsError{web.SettingsPasswordRequired, web.SettingsPasswordWrong, web.SettingsPasswordSame, web.SettingsThrottled} {
		p := password
		p.Error, p.RetryAfter = e, 4*time.Minute+time.Second
		pages["settings-password-"+string(e)] = p
	}
	broken := password
	broken.Errors = []web.NewPasswordError{web.NewPasswordTooShort, web.NewPasswordClasses, web.NewPasswordAccount, web.NewPasswordReused, web.NewPasswordMismatch}
	broken.Rules.Remember = 1
	pages["settings-password-broken"] = broken
	for _, e := range []web.SettingsError{web.SettingsEmailRequired, web.SettingsEmailInvalid, web.SettingsEmailSame, web.SettingsEmailOften} {
		p := address
		p.Error, p.NewEmail = e, `"><img src=x>@example.com`
		pages["settings-email-"+string(e)] = p
	}
	begun := address
	begun.Pending, begun.CodeURL = "new@example.com", "/account/email/code"
	pages["settings-email-begun"] = begun
	wrong := code
	wrong.Errors, wrong.RetryAfter = []web.SettingsError{web.SettingsCodeRequired, web.SettingsCodeWrong, web.SettingsCodeSpent, web.SettingsPasswordWrong, web.SettingsThrottled}, time.Minute
	pages["settings-email-code-wrong"] = wrong
	for _, e := range []web.SettingsError{web.SettingsAccountIDRequired, web.SettingsAccountIDWrong, web.SettingsManages, web.SettingsNoMFA, web.SettingsPolicyDenies} {
		p := closing
		p.Error = e
		pages["settings-close-"+string(e)] = p
	}
	for _, e := range []web.SettingsError{web.SettingsMethodDefault, web.SettingsMethodDeclined} {
		p := methods
		p.Error = e
		pages["settings-payment-"+string(e)] = p
	}
	none := methods
	none.Methods = nil
	pages["settings-payment-none"] = none
	for _, e := range []web.SettingsError{web.SettingsCardUnanswered, web.SettingsCardMany, web.SettingsCardOften} {
		p := card
		p.Error, p.RetryAfter = e, time.Minute
		pages["settings-card-"+string(e)] = p
	}
	declined := card
	declined.Declined, declined.NewAddress, declined.India = web.DeclineWrongCvv, true, true
	declined.Errors = []web.SignUpError{web.FaultCardNumberInvalid, web.FaultCardMonthInvalid}
	pages["settings-card-declined"] = declined
	spent := bank
	spent.Error = web.SettingsCardCodeSpent
	pages["settings-card-code-spent"] = spent
	return pages
}
