package web_test

import (
	"strings"

	"sekisho/web"
)

func init() {
	sampleSets = append(sampleSets, helpSamples)
	fields = append(fields, web.FieldContactEmail, web.FieldContactAccount, web.FieldContactTopic, web.FieldContactSubject, web.FieldContactText)
}

func helpSamples(loc web.Locale) map[string]web.Page {
	frame := func(path string) web.Frame {
		return web.Frame{Locale: loc, Path: path, RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	}
	lines := map[string][]string{
		web.HelpPortal: {"http://d-1234567890.awsapps.localhost:8420/start"}, web.HelpAccount: {"http://111122223333.signin.localhost:8420/console"},
		web.HelpAll: {"localhost:8420", "*.localhost:8420"}, web.HelpAccounts: {"signin.localhost:8420"}, web.HelpPortals: {"*.awsapps.localhost:8420"},
		web.HelpBuilder: {"profile.localhost:8420"}, web.HelpAPI: {"oidc.REGION.localhost:8420"}, web.HelpRegion: {"us-east-1"},
	}
	all := map[string]web.Page{}
	for _, name := range web.HelpPages() {
		path := "/help/" + string(name)
		if name == web.HelpIndex {
			path = "/help"
		}
		all["help-"+string(name)] = web.Help{Frame: frame(path), Page: name, Lines: lines, ConsoleURL: "http://console.localhost:8420"}
	}
	form := web.Contact{
		Frame: frame("/contact-us"), Action: "/contact-us", Topics: []string{"account-and-billing", "cannot-sign-in", "account-credentials", "builder-id", "fraud"},
		Topic: "cannot-sign-in", ImageURL: "/captcha/25br2n.png", AudioURL: "/captcha/25br2n.wav", RefreshURL: "/contact-us?topic=cannot-sign-in",
		ConsoleURL: "http://console.localhost:8420/support/home",
	}
	wrong := form
	wrong.Email, wrong.Account, wrong.Title, wrong.Text = `a"b`, strings.Repeat("x", 65), "<b>Help</b>", "</textarea><script>alert(1)</script>"
	wrong.Errors = []web.ContactError{web.ContactEmailInvalid, web.ContactAccountInvalid, web.ContactTopicInvalid, web.ContactSubjectInvalid, web.ContactTextInvalid, web.ContactCaptchaWrong}
	required := form
	required.Errors = []web.ContactError{web.ContactCaptchaRequired}
	all["contact"], all["contact-wrong"], all["contact-required"] = form, wrong, required
	all["contact-done"] = web.ContactDone{Frame: frame("/contact-us/done"), Number: "1234567890", HelpURL: "/help"}
	return all
}
