package web_test

import (
	"time"

	"sekisho/web"
)

func init() {
	sampleSets = append(sampleSets, factorSamples)
	mailSets = append(mailSets, factorMails)
	fields = append(fields, web.FieldMFACode, web.FieldMFACode2, web.FieldCredential, web.FieldFailure, web.FieldDeviceName, web.FieldRecoveryCode)
}

func factorSamples(loc web.Locale) map[string]web.Page {
	const (
		options = `{"challenge":"dGVzdA","rpId":"signin.localhost","allowCredentials":[{"type":"public-key","id":"AQ"}]}`
		contact = "/contact-us"
	)
	frame := web.Frame{Locale: loc, Path: "/mfa?flow=abc", RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	one := web.Factor{Frame: frame, Action: "/mfa/code", Name: "taro", TroubleURL: "/mfa/trouble?flow=abc"}
	several := one
	several.OtherURL = "/mfa?flow=abc"
	one.RetryAfter = 4 * time.Minute
	trouble := web.FactorTrouble{Frame: frame, Action: "/mfa/trouble", Name: "root@example.com", Root: true, BackURL: "/mfa?flow=abc", ContactURL: contact}
	troubleApp := trouble
	troubleApp.ResyncURL, troubleApp.Error, troubleApp.RetryAfter = "/mfa/resync?flow=abc", web.RecoveryThrottled, time.Minute
	mail := web.FactorMail{Frame: frame, Action: "/mfa/mail", Email: "root@example.com", AgainURL: "/mfa/trouble?flow=abc", ContactURL: contact}
	mailWrong := mail
	mailWrong.Error = web.RecoveryIncorrect
	phone := web.FactorPhone{Frame: frame, Action: "/mfa/phone", Number: "+1 ••• ••• ••00", ContactURL: contact}
	phoneNone := phone
	phoneNone.Number = ""
	phoneLocked := phone
	phoneLocked.Error = web.RecoveryLocked
	pin := web.FactorPIN{Frame: frame, Action: "/mfa/pin", Number: phone.Number, Voice: true, AgainURL: "/mfa/phone?flow=abc", ContactURL: contact}
	pinWrong := pin
	pinWrong.Voice, pinWrong.Error = false, web.RecoveryExpired
	register := web.PasskeyRegister{Frame: frame, Action: "/mfa/register", Name: "root@example.com", Root: true, Options: options, CancelURL: "http://console.localhost:8420/security-credentials"}
	other := register
	other.Root, other.Other, other.Name = false, true, "taro\u202e<b>"
	registerWrong := func(e web.PasskeyError) web.PasskeyRegister {
		r := register
		r.DeviceName, r.Error = `key"><script>`, e
		return r
	}
	registered := web.PasskeyRegistered{Frame: frame, Name: "root@example.com", DeviceName: "laptop", Devices: 1,
		Serial: "arn:aws:iam::111122223333:u2f/root-account-mfa-device/laptop-ABCDEFGHIJKLMNOPQRSTUVWXYZ", ContinueURL: register.CancelURL, AnotherURL: "/mfa/register"}
	full := registered
	full.Devices, full.AnotherURL = 8, ""
	return map[string]web.Page{
		"factor-choice":              web.FactorChoice{Frame: frame, Name: "taro", CodeURL: "/mfa/code?flow=abc", PasskeyURL: "/mfa/passkey?flow=abc", TroubleURL: "/mfa/trouble?flow=abc"},
		"factor-code":                web.FactorCode{Factor: one},
		"factor-code-wrong":          web.FactorCode{Factor: several, Error: web.FactorCodeIncorrect, ResyncURL: "/mfa/resync?flow=abc"},
		"factor-code-none":           web.FactorCode{Factor: one, Error: web.FactorCodeRequired},
		"factor-code-throttled":      web.FactorCode{Factor: one, Error: web.FactorCodeThrottled, ResyncURL: "/mfa/resync?flow=abc"},
		"factor-code-locked":         web.FactorCode{Factor: one, Error: web.FactorCodeLocked, ResyncURL: "/mfa/resync?flow=abc"},
		"factor-resync":              web.FactorResync{Factor: one, CodeURL: "/mfa/code?flow=abc"},
		"factor-resync-none":         web.FactorResync{Factor: one, Error: web.ResyncRequired, CodeURL: "/mfa/code?flow=abc"},
		"factor-resync-wrong":        web.FactorResync{Factor: one, Error: web.ResyncIncorrect, CodeURL: "/mfa/code?flow=abc"},
		"factor-resync-throttled":    web.FactorResync{Factor: one, Error: web.ResyncThrottled, CodeURL: "/mfa/code?flow=abc"},
		"factor-passkey":             web.FactorPasskey{Factor: several, Options: options},
		"factor-passkey-cancelled":   web.FactorPasskey{Factor: one, Error: web.PasskeyCancelled, Options: options},
		"factor-passkey-unsupported": web.FactorPasskey{Factor: one, Error: web.PasskeyUnsupported, Options: options},
		"factor-passkey-failed":      web.FactorPasskey{Factor: one, Error: web.PasskeyFailed, Options: options},
		"factor-passkey-throttled":   web.FactorPasskey{Factor: one, Error: web.PasskeyThrottled, Options: options},
		"factor-trouble":             trouble,
		"factor-trouble-app":         troubleApp,
		"factor-trouble-user":        web.FactorTrouble{Frame: frame, Name: "taro", BackURL: "/mfa?flow=abc"},
		"factor-mail":                mail,
		"factor-mail-wrong":          mailWrong,
		"factor-mail-none":           web.FactorMail{Frame: frame, Action: "/mfa/mail", Email: "root@example.com", AgainURL: "/mfa/trouble?flow=abc", ContactURL: contact, Error: web.RecoveryRequired},
		"factor-phone":               phone,
		"factor-phone-none":          phoneNone,
		"factor-phone-locked":        phoneLocked,
		"factor-pin":                 pin,
		"factor-pin-expired":         pinWrong,
		"factor-recovered":           web.FactorRecovered{Frame: frame, Action: "/mfa/recovered", Name: "root@example.com"},
		"passkey-register":           register,
		"passkey-register-other":     other,
		"passkey-register-name":      registerWrong(web.PasskeyNameInvalid),
		"passkey-register-no-name":   registerWrong(web.PasskeyNameRequired),
		"passkey-register-same-name": registerWrong(web.PasskeyNameTaken),
		"passkey-register-full":      registerWrong(web.PasskeyFull),
		"passkey-register-taken":     registerWrong(web.PasskeyTaken),
		"passkey-registered":         registered,
		"passkey-registered-full":    full,
	}
}

func factorMails() map[string]web.Mail {
	notice := func(k web.FactorNoticeKind) web.FactorNoticeMail {
		return web.FactorNoticeMail{Kind: k, Email: "root@example.com", Account: "111122223333", DeviceName: "laptop", At: noon, Address: "192.0.2.17"}
	}
	return map[string]web.Mail{
		"factor-recovery":  web.FactorRecoveryMail{Email: "root@example.com", Code: "s3cret", Valid: 10 * time.Minute},
		"factor-added":     notice(web.FactorAdded),
		"factor-recovered": notice(web.FactorWithout),
		"factor-cloned":    notice(web.FactorCloned),
	}
}
