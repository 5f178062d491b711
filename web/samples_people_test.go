package web_test

import (
	"time"

	"sekisho/web"
)

func init() {
	sampleSets = append(sampleSets, peopleSamples)
	mailSets = append(mailSets, peopleMails)
}

func peopleSamples(loc web.Locale) map[string]web.Page {
	frame := func(path string) web.Frame {
		return web.Frame{Locale: loc, Path: path, RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	}
	first := web.FirstSignIn{Frame: frame("/first?flow=abc"), Action: "/first", Organisation: organisation, UserName: "jane",
		ImageURL: "/captcha/abc.png", AudioURL: "/captcha/abd.wav", RefreshURL: "/first?flow=abc", BackURL: "/password?flow=abc"}
	code := web.FirstSignInCode{Frame: frame("/first/code?flow=abc"), Action: "/first/code", Organisation: organisation, UserName: "jane", Valid: 10 * time.Minute,
		AgainURL: "/first?flow=abc", BackURL: "/password?flow=abc"}
	password := web.Password{Frame: frame("/password?flow=abc"), Action: "/password", Organisation: organisation, UserName: "jane", ChangeURL: "/identify?flow=abc",
		ForgotURL: "/forgot?flow=abc", FirstURL: "/first?flow=abc"}
	newPassword := web.NewPassword{Frame: frame("/new-password"), Action: "/new-password", Organisation: organisation, UserName: "jane", Reason: web.AfterCode, Rules: rules}
	verify := web.VerifyEmail{Frame: frame("/verify?flow=abc"), Action: "/verify", Organisation: organisation, UserName: "jane", Email: "jane@example.com"}
	hostile := verify
	hostile.UserName, hostile.Email, hostile.Organisation = `<script>alert(1)</script>`+"\u202e", `"><img src=x>@example.com`, long("Organisation", 20)
	pages := map[string]web.Page{
		"people-first":          first,
		"people-code":           code,
		"people-password":       password,
		"people-new-password":   newPassword,
		"people-done":           web.PasswordDone{Frame: frame("/done"), UserName: "jane", First: true, PortalURL: portalURL, ContinueURL: portalURL},
		"people-verify":         verify,
		"people-verify-hostile": hostile,
		"people-verified":       web.EmailVerified{Frame: frame("/done"), Email: "jane@example.com", PortalURL: portalURL, ContinueURL: portalURL},
	}
	for _, e := range []web.CaptchaError{web.CaptchaRequired, web.CaptchaWrong} {
		p := first
		p.Error = e
		pages["people-first-"+string(e)] = p
	}
	for _, e := range []web.FirstCodeError{web.FirstCodeRequired, web.FirstCodeWrong} {
		p := code
		p.Error = e
		pages["people-code-"+string(e)] = p
	}
	return pages
}

func peopleMails() map[string]web.Mail {
	return map[string]web.Mail{
		"invitation": web.InvitationMail{Organisation: organisation, UserName: "jane", AcceptURL: "http://signin.localhost:8420/platform/invitation?token=s3cret",
			Valid: 7 * 24 * time.Hour, PortalURL: portalURL},
		"email-verification": web.EmailVerificationMail{Organisation: organisation, UserName: "jane", VerifyURL: "http://signin.localhost:8420/platform/verify-email?token=s3cret",
			Valid: 7 * 24 * time.Hour},
		"sign-in-code": web.FirstSignInCodeMail{Organisation: organisation, UserName: "jane", Code: "493027", Valid: 10 * time.Minute},
	}
}
