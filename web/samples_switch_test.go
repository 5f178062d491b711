package web_test

import "sekisho/web"

func init() {
	sampleSets = append(sampleSets, switchSamples)
	fields = append(fields, web.FieldAccount, web.FieldRole, web.FieldDisplayName, web.FieldColor, web.FieldRedirectURI)
}

func switchSamples(loc web.Locale) map[string]web.Page {
	form := web.SwitchRole{
		Frame:  web.Frame{Locale: loc, Path: "/switchrole?account=example", RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"},
		Action: "/switchrole", Who: "arn:aws:iam::111122223333:user/taro", Account: "example", Role: "team/Auditor",
		Colors: []string{"", "F2B0A9", "FBBF93", "FAD791", "B7CA9D", "99BCE3"}, CancelURL: "/", HelpURL: "http://signin.localhost:8420/help/user-types",
	}
	full := form
	full.DisplayName, full.Color, full.RedirectURI = "Audit <prod>", "99BCE3", "/iam/home#/users"
	full.History = []web.PastRole{
		{Account: "444455556666", Role: "Ops", DisplayName: "Ops & \u202eprod", Color: "F2B0A9"},
		{Account: "example", Role: `a"><script>alert(1)</script>`},
	}
	wrong := form
	wrong.Account, wrong.Role = "", "a/ b"
	wrong.Errors = []web.SwitchError{web.SwitchAccountRequired, web.SwitchRoleInvalid, web.SwitchDisplayNameInvalid, web.SwitchColorInvalid}
	denied := form
	denied.Denied = "User: arn:aws:iam::111122223333:user/taro is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::example:role/team/Auditor"
	root := form
	root.Who, root.RootUser = "arn:aws:iam::111122223333:root", true
	return map[string]web.Page{"switch": form, "switch-full": full, "switch-wrong": wrong, "switch-denied": denied, "switch-root": root}
}
