package web

// helpPages are the pages under /help by their name in the address: a table of
// what they say, by the keys of their messages. Where a requirement tells what a
// page must say, its id stands with the test that holds it.
var helpPages = map[HelpPage]helpContent{
	"index": {Title: "help.index", Intro: "help.index.intro", Sections: []HelpSection{
		{ID: "user-types", Title: "help.index.user-types", Blocks: []HelpBlock{
			{Text: "help.index.user-types.1"},
			{Link: "help.index.user-types.2", To: "/help/user-types"},
		}},
		{ID: "sign-in", Title: "help.index.sign-in", Blocks: []HelpBlock{
			{Text: "help.index.sign-in.1"},
			{Link: "help.index.sign-in.2", To: "/help/sign-in"},
		}},
		{ID: "accounts", Title: "help.index.accounts", Blocks: []HelpBlock{
			{Link: "help.index.accounts.1", To: "/help/root-tasks"},
			{Link: "help.index.accounts.2", To: "/help/best-practices"},
			{Link: "help.index.accounts.3", To: "/help/support-plans"},
		}},
		{ID: "networks", Title: "help.index.networks", Blocks: []HelpBlock{
			{Link: "help.index.networks.1", To: "/help/allow-list"},
			{Link: "help.index.networks.2", To: "/help/resilience"},
		}},
		{ID: "words", Title: "help.index.words", Blocks: []HelpBlock{
			{Link: "help.index.words.1", To: "/help/glossary"},
		}},
		{ID: "contact", Title: "help.index.contact", Blocks: []HelpBlock{
			{Text: "help.index.contact.1"},
			{Link: "help.index.contact.2", To: "/contact-us"},
		}},
	}},
	"glossary": {Title: "help.glossary", Intro: "help.glossary.intro", Sections: []HelpSection{
		{ID: "account", Title: "help.glossary.account", Blocks: []HelpBlock{
			{Text: "help.glossary.account.1"},
		}},
		{ID: "administrator", Title: "help.glossary.administrator", Blocks: []HelpBlock{
			{Text: "help.glossary.administrator.1"},
		}},
		{ID: "user", Title: "help.glossary.user", Blocks: []HelpBlock{
			{Text: "help.glossary.user.1"},
		}},
		{ID: "credentials", Title: "help.glossary.credentials", Blocks: []HelpBlock{
			{Text: "help.glossary.credentials.1"},
			{Items: []string{"help.glossary.credentials.2", "help.glossary.credentials.3"}},
		}},
		{ID: "root-user-credentials", Title: "help.glossary.root-user-credentials", Blocks: []HelpBlock{
			{Text: "help.glossary.root-user-credentials.1"},
			{Link: "help.glossary.root-user-credentials.2", To: "/help/root-tasks"},
		}},
		{ID: "corporate-credentials", Title: "help.glossary.corporate-credentials", Blocks: []HelpBlock{
			{Text: "help.glossary.corporate-credentials.1"},
		}},
		{ID: "profile", Title: "help.glossary.profile", Blocks: []HelpBlock{
			{Text: "help.glossary.profile.1"},
		}},
		{ID: "verification-code", Title: "help.glossary.verification-code", Blocks: []HelpBlock{
			{Text: "help.glossary.verification-code.1"},
		}},
	}},
	"user-types": {Title: "help.user-types", Intro: "help.user-types.intro", Sections: []HelpSection{
		{ID: "root", Title: "help.user-types.root", Blocks: []HelpBlock{
			{Text: "help.user-types.root.1"},
			{Text: "help.user-types.root.2"},
			{Link: "help.user-types.root.3", To: "/?user=root"},
		}},
		{ID: "iam", Title: "help.user-types.iam", Blocks: []HelpBlock{
			{Text: "help.user-types.iam.1"},
			{Link: "help.user-types.iam.2", To: "/signin/iam"},
		}},
		{ID: "portal", Title: "help.user-types.portal", Blocks: []HelpBlock{
			{Text: "help.user-types.portal.1"},
			{Text: "help.user-types.portal.2"},
			{Lines: "portal"},
			{Text: "help.user-types.portal.3"},
		}},
		{ID: "federated", Title: "help.user-types.federated", Blocks: []HelpBlock{
			{Text: "help.user-types.federated.1"},
		}},
		{ID: "builder-id", Title: "help.user-types.builder-id", Blocks: []HelpBlock{
			{Text: "help.user-types.builder-id.1"},
		}},
		{ID: "cli", Title: "help.user-types.cli", Blocks: []HelpBlock{
			{Text: "help.user-types.cli.1"},
		}},
		{ID: "none", Title: "help.user-types.none", Blocks: []HelpBlock{
			{Text: "help.user-types.none.1"},
			{Link: "help.user-types.none.2", To: "/signup"},
		}},
	}},
	"sign-in": {Title: "help.sign-in", Intro: "help.sign-in.intro", Sections: []HelpSection{
		{ID: "credentials", Title: "help.sign-in.credentials", Blocks: []HelpBlock{
			{Text: "help.sign-in.credentials.1"},
			{Items: []string{"help.sign-in.credentials.2", "help.sign-in.credentials.3", "help.sign-in.credentials.4"}},
			{Link: "help.sign-in.credentials.5", To: "/help/user-types"},
		}},
		{ID: "root-email", Title: "help.sign-in.root-email", Blocks: []HelpBlock{
			{Text: "help.sign-in.root-email.1"},
			{Text: "help.sign-in.root-email.2"},
		}},
		{ID: "account-id", Title: "help.sign-in.account-id", Blocks: []HelpBlock{
			{Text: "help.sign-in.account-id.1"},
			{Lines: "account"},
			{Text: "help.sign-in.account-id.2"},
		}},
		{ID: "browser", Title: "help.sign-in.browser", Blocks: []HelpBlock{
			{Text: "help.sign-in.browser.1"},
		}},
		{ID: "security-check", Title: "help.sign-in.security-check", Blocks: []HelpBlock{
			{Text: "help.sign-in.security-check.1"},
		}},
		{ID: "page-missing", Title: "help.sign-in.page-missing", Blocks: []HelpBlock{
			{Text: "help.sign-in.page-missing.1"},
			{Link: "help.sign-in.page-missing.2", To: "/help/allow-list"},
		}},
		{ID: "verification-code", Title: "help.sign-in.verification-code", Blocks: []HelpBlock{
			{Text: "help.sign-in.verification-code.1"},
			{Items: []string{"help.sign-in.verification-code.2", "help.sign-in.verification-code.3", "help.sign-in.verification-code.4"}},
		}},
		{ID: "mailbox", Title: "help.sign-in.mailbox", Blocks: []HelpBlock{
			{Items: []string{"help.sign-in.mailbox.1", "help.sign-in.mailbox.2", "help.sign-in.mailbox.3"}},
			{Text: "help.sign-in.mailbox.4"},
			{Link: "help.sign-in.mailbox.5", To: "/contact-us?topic=cannot-sign-in"},
		}},
		{ID: "root-mfa", Title: "help.sign-in.root-mfa", Blocks: []HelpBlock{
			{Text: "help.sign-in.root-mfa.1"},
			{Link: "help.sign-in.root-mfa.2", To: "/contact-us?topic=account-credentials"},
		}},
		{ID: "iam-mfa", Title: "help.sign-in.iam-mfa", Blocks: []HelpBlock{
			{Text: "help.sign-in.iam-mfa.1"},
		}},
		{ID: "password-root", Title: "help.sign-in.password-root", Blocks: []HelpBlock{
			{Text: "help.sign-in.password-root.1"},
			{Text: "help.sign-in.password-root.2"},
			{Link: "help.sign-in.password-root.3", To: "/?user=root"},
		}},
		{ID: "password-iam", Title: "help.sign-in.password-iam", Blocks: []HelpBlock{
			{Text: "help.sign-in.password-iam.1"},
		}},
		{ID: "keys", Title: "help.sign-in.keys", Blocks: []HelpBlock{
			{Text: "help.sign-in.keys.1"},
		}},
		{ID: "same-email", Title: "help.sign-in.same-email", Blocks: []HelpBlock{
			{Text: "help.sign-in.same-email.1"},
		}},
		{ID: "suspended", Title: "help.sign-in.suspended", Blocks: []HelpBlock{
			{Text: "help.sign-in.suspended.1"},
			{Link: "help.sign-in.suspended.2", To: "/contact-us?topic=account-and-billing"},
		}},
		{ID: "retail", Title: "help.sign-in.retail", Blocks: []HelpBlock{
			{Text: "help.sign-in.retail.1"},
		}},
	}},
	"root-tasks": {Title: "help.root-tasks", Intro: "help.root-tasks.intro", Sections: []HelpSection{
		{ID: "account", Title: "help.root-tasks.account", Blocks: []HelpBlock{
			{Items: []string{"help.root-tasks.account.1", "help.root-tasks.account.2", "help.root-tasks.account.3", "help.root-tasks.account.4"}},
		}},
		{ID: "access", Title: "help.root-tasks.access", Blocks: []HelpBlock{
			{Items: []string{"help.root-tasks.access.1", "help.root-tasks.access.2", "help.root-tasks.access.3"}},
		}},
		{ID: "at-aws", Title: "help.root-tasks.at-aws", Blocks: []HelpBlock{
			{Items: []string{"help.root-tasks.at-aws.1"}},
		}},
		{ID: "members", Title: "help.root-tasks.members", Blocks: []HelpBlock{
			{Text: "help.root-tasks.members.1"},
		}},
	}},
	"allow-list": {Title: "help.allow-list", Intro: "help.allow-list.intro", Sections: []HelpSection{
		{ID: "all", Title: "help.allow-list.all", Blocks: []HelpBlock{
			{Lines: "all"},
		}},
		{ID: "accounts", Title: "help.allow-list.accounts", Blocks: []HelpBlock{
			{Text: "help.allow-list.accounts.1"},
			{Lines: "accounts"},
		}},
		{ID: "portal", Title: "help.allow-list.portal", Blocks: []HelpBlock{
			{Text: "help.allow-list.portal.1"},
			{Lines: "portals"},
		}},
		{ID: "builder-id", Title: "help.allow-list.builder-id", Blocks: []HelpBlock{
			{Text: "help.allow-list.builder-id.1"},
			{Lines: "builder"},
		}},
		{ID: "api", Title: "help.allow-list.api", Blocks: []HelpBlock{
			{Text: "help.allow-list.api.1"},
			{Lines: "api"},
		}},
		{ID: "captcha", Title: "help.allow-list.captcha", Blocks: []HelpBlock{
			{Text: "help.allow-list.captcha.1"},
		}},
		{ID: "retail", Title: "help.allow-list.retail", Blocks: []HelpBlock{
			{Text: "help.allow-list.retail.1"},
		}},
		{ID: "regions", Title: "help.allow-list.regions", Blocks: []HelpBlock{
			{Text: "help.allow-list.regions.1"},
			{Lines: "region"},
		}},
	}},
	"resilience": {Title: "help.resilience", Intro: "help.resilience.intro", Sections: []HelpSection{
		{ID: "addresses", Title: "help.resilience.addresses", Blocks: []HelpBlock{
			{Text: "help.resilience.addresses.1"},
			{Lines: "account"},
		}},
		{ID: "break-glass", Title: "help.resilience.break-glass", Blocks: []HelpBlock{
			{Text: "help.resilience.break-glass.1"},
		}},
		{ID: "devices", Title: "help.resilience.devices", Blocks: []HelpBlock{
			{Text: "help.resilience.devices.1"},
		}},
		{ID: "server", Title: "help.resilience.server", Blocks: []HelpBlock{
			{Text: "help.resilience.server.1"},
		}},
	}},
	"best-practices": {Title: "help.best-practices", Intro: "help.best-practices.intro", Sections: []HelpSection{
		{ID: "root", Title: "help.best-practices.root", Blocks: []HelpBlock{
			{Text: "help.best-practices.root.1"},
			{Text: "help.best-practices.root.2"},
		}},
		{ID: "identities", Title: "help.best-practices.identities", Blocks: []HelpBlock{
			{Items: []string{"help.best-practices.identities.1", "help.best-practices.identities.2", "help.best-practices.identities.3"}},
		}},
		{ID: "permissions", Title: "help.best-practices.permissions", Blocks: []HelpBlock{
			{Text: "help.best-practices.permissions.1"},
		}},
		{ID: "share", Title: "help.best-practices.share", Blocks: []HelpBlock{
			{Text: "help.best-practices.share.1"},
			{Link: "help.best-practices.share.2", To: "/help/user-types"},
		}},
		{ID: "contacts", Title: "help.best-practices.contacts", Blocks: []HelpBlock{
			{Text: "help.best-practices.contacts.1"},
			{Link: "help.best-practices.contacts.2", To: "console:/account"},
			{Link: "help.best-practices.contacts.3", To: "/account/email"},
			{Link: "help.best-practices.contacts.4", To: "/account/password"},
		}},
		{ID: "iam", Title: "help.best-practices.iam", Blocks: []HelpBlock{
			{Text: "help.best-practices.iam.1"},
			{Link: "help.best-practices.iam.2", To: "console:/iam/home"},
		}},
		{ID: "rotate", Title: "help.best-practices.rotate", Blocks: []HelpBlock{
			{Text: "help.best-practices.rotate.1"},
		}},
	}},
	"support-plans": {Title: "help.support-plans", Intro: "help.support-plans.intro", Sections: []HelpSection{
		{ID: "basic", Title: "help.support-plans.basic", Blocks: []HelpBlock{
			{Items: []string{"help.support-plans.basic.1", "help.support-plans.basic.2", "help.support-plans.basic.3"}},
		}},
		{ID: "developer", Title: "help.support-plans.developer", Blocks: []HelpBlock{
			{Items: []string{"help.support-plans.developer.1", "help.support-plans.developer.2", "help.support-plans.developer.3"}},
		}},
		{ID: "business", Title: "help.support-plans.business", Blocks: []HelpBlock{
			{Items: []string{"help.support-plans.business.1", "help.support-plans.business.2", "help.support-plans.business.3", "help.support-plans.business.4"}},
		}},
		{ID: "who", Title: "help.support-plans.who", Blocks: []HelpBlock{
			{Text: "help.support-plans.who.1"},
		}},
	}},
}
