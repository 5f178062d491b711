package web_test

import "sekisho/web"

func init() { sampleSets = append(sampleSets, organizationSamples) }

func organizationSamples(loc web.Locale) map[string]web.Page {
	ask := web.OrgVerify{
		Frame:  web.Frame{Locale: loc, Path: "/organizations/verify?token=example", RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"},
		Action: "/organizations/verify", Email: "root@example.com", AccountID: "111122223333", AccountName: "Example & <Corp>",
		ConsoleURL: "http://console.localhost:8420/organizations/v2/home",
	}
	done := ask
	done.Verified = true
	return map[string]web.Page{"org-verify": ask, "org-verify-done": done}
}
