package web_test

import (
	"maps"
	"net/netip"
	"time"

	"sekisho/web"
)

// noon is when the samples take place.
var noon = time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC)

const (
	organisation = "Example Corp"
	portalURL    = "http://example.awsapps.localhost:8420/start"
)

var rules = web.PasswordRules{MinLength: 8, MaxLength: 64, Upper: true, Lower: true, Digit: true, Symbol: true, Remember: 3, NotCommon: true, NotName: true}

// sampleSets make the samples of each part of the site.
var sampleSets = []func(web.Locale) map[string]web.Page{signinSamples, accountSamples}

// mailSets make the e-mails of each part, by the name of their golden file.
var mailSets = []func() map[string]web.Mail{signinMails, accountMails}

// samples are the pages in their states, as flows show them, by the name of
// their golden file.
func samples(loc web.Locale) map[string]web.Page {
	all := make(map[string]web.Page)
	for _, set := range sampleSets {
		maps.Copy(all, set(loc))
	}
	return all
}

func mails() map[string]web.Mail {
	all := make(map[string]web.Mail)
	for _, set := range mailSets {
		maps.Copy(all, set())
	}
	return all
}

func signinSamples(loc web.Locale) map[string]web.Page {
	frame := func(path string) web.Frame {
		return web.Frame{Locale: loc, Path: path, RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	}
	dev := func(path string) web.Frame {
		f := frame(path)
		f.MailboxURL = "/_sekisho/dev/mailbox"
		return f
	}
	identify := web.Identify{Frame: frame("/v1/authorize?flow=abc"), Action: "/identify", Organisation: organisation, PortalURL: portalURL, SigninURL: "/"}
	password := web.Password{Frame: frame("/password?flow=abc"), Action: "/password", Organisation: organisation, UserName: "jane", ChangeURL: "/identify?flow=abc", ForgotURL: "/forgot?flow=abc"}
	newPassword := web.NewPassword{Frame: frame("/new-password"), Action: "/new-password", Organisation: organisation, UserName: "jane", Reason: web.AfterOneTimePassword, Rules: rules}
	forgot := web.Forgot{Frame: dev("/forgot"), Action: "/forgot", Organisation: organisation, UserName: "Jane_Doe", ImageURL: "/captcha/25br2n.png", AudioURL: "/captcha/25br2n.wav", RefreshURL: "/forgot?flow=abc", CancelURL: "/identify?flow=abc"}
	consent := web.Consent{Frame: frame("/consent"), Action: "/consent", Kind: web.ConsentDevice, ClientName: "botocore-client-my-sso", UserCode: "BCDF-GHJK",
		Scopes: []string{"sso:account:access"}, Organisation: organisation, UserName: "jane", RequestedAt: noon.Add(-90 * time.Second), Now: noon,
		FromAddress: netip.MustParseAddr("192.0.2.17"), HereAddress: netip.MustParseAddr("192.0.2.17"), FromAgent: "aws-cli/2.35 on Linux"}

	pages := map[string]web.Page{
		"identify":        identify,
		"password":        password,
		"new-password":    newPassword,
		"forgot":          forgot,
		"forgot-sent":     web.ForgotSent{Frame: dev("/forgot/sent"), ContinueURL: portalURL},
		"password-done":   web.PasswordDone{Frame: frame("/done"), UserName: "jane", PortalURL: portalURL, ContinueURL: portalURL},
		"device-entry":    web.DeviceEntry{Frame: frame("/"), Action: "/"},
		"device-invalid":  web.DeviceEntry{Frame: frame("/"), Action: "/", UserCode: "bcdf-ghj", Error: web.UserCodeInvalid},
		"device-required": web.DeviceEntry{Frame: frame("/"), Action: "/", Error: web.UserCodeRequired},
		"device-confirm":  web.DeviceConfirm{Frame: frame("/?user_code=BCDF-GHJK"), Action: "/confirm", UserCode: "BCDF-GHJK"},
		"consent-device":  consent,
		"device-approved": web.DeviceDone{Frame: frame("/"), Approved: true, ClientName: "botocore-client-my-sso"},
		"device-unnamed":  web.DeviceDone{Frame: frame("/"), Approved: true},
		"device-denied":   web.DeviceDone{Frame: frame("/"), ClientName: "botocore-client-my-sso"},
		"signin-home":     web.SigninHome{Frame: frame("/"), PortalPattern: "awsapps.localhost:8420/start"},
		"signin-home-all": web.SigninHome{Frame: frame("/"), PortalPattern: "awsapps.localhost:8420/start", RootURL: "/root", IAMUserURL: "/iam", BuilderIDURL: "/builder", FederationURL: "/federation"},
		"landing":         web.Landing{Frame: dev("/"), Version: "0.1.0", ConsoleURL: "http://console.localhost:8420/", SignUpURL: "http://signin.localhost:8420/signup", Portals: []web.Portal{{Organisation: organisation, URL: portalURL}}, SigninURL: "http://signin.localhost:8420/", APIEndpoint: "http://localhost:8420"},
		"landing-bare":    web.Landing{Frame: frame("/"), ConsoleURL: "https://console.sso.example.net/", APIEndpoint: "https://sso.example.net"},
		"mailbox-empty":   web.Mailbox{Frame: dev("/_sekisho/dev/mailbox")},
		"mailbox": web.Mailbox{Frame: dev("/_sekisho/dev/mailbox"), Older: 1, Messages: []web.MailboxMessage{
			{ID: "2", Channel: "email", From: "no-reply@signin.aws", To: "jane@example.com", Subject: "Reset your password",
				Text:  "Hello jane,\n\nopen this link:\n\nhttp://signin.localhost:8420/reset?token=493027\n\nThe code is 493027.\n",
				Links: []string{"http://signin.localhost:8420/reset?token=493027"}, Codes: []string{"493027"}, CreatedAt: noon},
			{ID: "1", Channel: "sms", From: "Sekisho", To: "+81312345678", Text: "Your code is 118204.", Codes: []string{"118204"}, CreatedAt: noon.Add(-time.Hour)},
			{ID: "0", Channel: "voice", From: "Sekisho", To: "+81312345678", Text: "9 9 1", CreatedAt: noon.Add(-25 * time.Hour)},
		}},
	}

	for _, n := range []web.Notice{web.NoticeSignedOut, web.NoticeSessionEnded, web.NoticePasswordChanged} {
		p := identify
		p.Notice = n
		pages["identify-"+string(n)] = p
	}
	for _, e := range []web.IdentifyError{web.UserNameRequired, web.UserNameInvalid} {
		p := identify
		p.Error = e
		pages["identify-"+string(e)] = p
	}
	for _, e := range []web.PasswordError{web.PasswordRequired, web.PasswordIncorrect, web.PasswordThrottled, web.PasswordLocked, web.PasswordExpired} {
		p := password
		p.Error, p.RetryAfter = e, 4*time.Minute+time.Second
		pages["password-"+string(e)] = p
	}
	for _, r := range []web.NewPasswordReason{web.AfterReset, web.AfterInvitation} {
		p := newPassword
		p.Reason = r
		pages["new-password-"+string(r)] = p
	}
	p := newPassword
	p.Errors = []web.NewPasswordError{web.NewPasswordRequired, web.NewPasswordTooShort, web.NewPasswordTooLong, web.NewPasswordNoUpper, web.NewPasswordNoLower,
		web.NewPasswordNoDigit, web.NewPasswordNoSymbol, web.NewPasswordReused, web.NewPasswordCommon, web.NewPasswordContainsName, web.NewPasswordBadCharacter, web.NewPasswordMismatch}
	pages["new-password-errors"] = p
	p = newPassword
	p.Rules = web.PasswordRules{MinLength: 12}
	pages["new-password-plain"] = p

	for _, e := range []web.CaptchaError{web.CaptchaRequired, web.CaptchaWrong} {
		p := forgot
		p.Error = e
		pages["forgot-"+string(e)] = p
	}
	blank := forgot
	blank.UserName, blank.AudioURL, blank.NameError = "", "", web.UserNameRequired
	pages["forgot-nameless"] = blank

	elsewhere := consent
	elsewhere.HereAddress = netip.MustParseAddr("2001:db8::5")
	elsewhere.Scopes = []string{"sso:account:access", "openid", "codewhisperer:completions"}
	pages["consent-elsewhere"] = elsewhere
	code := consent
	code.Kind, code.UserCode, code.RedirectURI, code.RequestedAt = web.ConsentCode, "", "http://127.0.0.1:54321/oauth/callback", noon
	code.FromAddress, code.FromAgent = netip.Addr{}, ""
	pages["consent-code"] = code
	hostile := consent
	hostile.ClientName = `<script>alert(1)</script> "the bank"` + "\u202e\x00 of AWS\n" + long("W", 300)
	hostile.UserName, hostile.Organisation = `"><img src=x>`+long("ユ", 200), long("Organisation", 20)
	hostile.FromAddress, hostile.FromAgent = netip.Addr{}, "<b>agent</b>"
	hostile.Scopes = nil
	pages["consent-hostile"] = hostile

	for _, k := range []web.ProblemKind{web.NotFound, web.MethodNotAllowed, web.LinkExpired, web.LinkUsed, web.CodeInvalid, web.TooManyAttempts, web.Busy,
		web.StaleForm, web.UnknownPortal, web.BadRequest, web.AccessDenied, web.SignUpClosed, web.SetupProblem, web.Internal} {
		p := web.Problem{Frame: frame("/"), Kind: k, NextURL: "/"}
		switch k {
		case web.BadRequest:
			p.Detail = "redirect_uri is not registered for this client"
		case web.TooManyAttempts:
			p.RetryAfter = time.Minute
		case web.NotFound:
			p.NextURL, p.RequestID = "", ""
		}
		pages["problem-"+string(k)] = p
	}
	return pages
}

func signinMails() map[string]web.Mail {
	return map[string]web.Mail{
		"password-reset": web.PasswordResetMail{Organisation: organisation, UserName: "jane", ResetURL: "http://signin.localhost:8420/reset?token=s3cret", Valid: time.Hour, PortalURL: portalURL},
		"one-time":       web.OneTimePasswordMail{Organisation: organisation, UserName: "jane", Password: "s3cret&<Pw>", Valid: 7 * 24 * time.Hour, PortalURL: portalURL},
		"replaced":       web.PasswordReplacedMail{Organisation: organisation, UserName: "jane", At: noon, Valid: 7 * 24 * time.Hour, PortalURL: portalURL},
		"changed":        web.PasswordChangedMail{UserName: "jane", At: noon, PortalURL: portalURL},
	}
}

func long(s string, n int) string {
	var all string
	for range n {
		all += s
	}
	return all
}
