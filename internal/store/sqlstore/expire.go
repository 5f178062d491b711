package sqlstore

import (
	"time"

	"sekisho/internal/sqldb"
)

// expiring names, for each table whose rows are forgotten, its key and what
// must also hold. Rows go in an order in which nothing outlives what it hangs
// on: a session stays until its grants are gone.
var expiring = []struct{ table, key, also string }{
	{"cookies", "hash", ""},
	{"handoffs", "hash", ""},
	{"device_authorizations", "hash", ""},
	{"authorization_codes", "hash", ""},
	{"access_tokens", "hash", ""},
	{"refresh_tokens", "hash", ""},
	{"sessions", "id", " AND NOT EXISTS (SELECT 1 FROM grants WHERE grants.session_id = sessions.id)"},
	{"reset_links", "hash", ""},
	{"directory_links", "hash", ""},
	{"trusted_browsers", "hash", ""},
	{"attempts", "attempt_key", ""},
	{"spent", "hash", ""},
	{"messages", "id", ""},
	{"iam_uses", "use_key", ""},
	{"deletion_tasks", "id", ""},
	{"access_reports", "id", ""},
	{"delegation_requests", "id", ""},
	{"organization_reports", "id", ""},
	{"client_requests", "request_key", ""},
	{"access_requests", "id", " AND status <> 'IN_PROGRESS'"},
	{"handshakes", "id", ""},
	{"responsibility_transfers", "id", ""},
	{"account_creations", "id", ""},
	{"account_closures", "account", ""},
	{"support_attachments", "id", ""},
	{"support_attachment_sets", "id", " AND NOT EXISTS (SELECT 1 FROM support_attachments a WHERE a.set_id = support_attachment_sets.id)"},
	{"support_communications", "id", ""},
	{"support_cases", "id", " AND NOT EXISTS (SELECT 1 FROM support_communications m WHERE m.case_id = support_cases.id)"},
}

// endedGrants finds the grants of sessions that are to be forgotten.
const endedGrants = `
SELECT g.id FROM sessions s CROSS JOIN grants g
WHERE g.session_id = s.id AND s.forget_at < ? ORDER BY s.forget_at LIMIT ?`

// Expire also removes old rows of the change feed, by the machine's clock, and
// events of what changed nothing. Those of changes never expire.
func (t *tx) Expire(now time.Time, limit int) (int, error) {
	before := sqldb.Micros(now)
	total, err := t.expireGrants(before, limit)
	if err != nil {
		return 0, err
	}
	for _, e := range expiring {
		n, err := t.exec("DELETE FROM "+e.table+" WHERE "+e.key+" IN (SELECT "+e.key+" FROM "+e.table+
			" WHERE forget_at < ?"+e.also+" ORDER BY forget_at LIMIT ?)", before, limit)
		if err != nil {
			return 0, err
		}
		total += int(n)
	}
	events, err := t.expireEvents(now, limit)
	if err != nil {
		return 0, err
	}
	n, err := t.db.feed.expire(t, limit)
	return total + events + n, err
}

func (t *tx) expireGrants(before int64, limit int) (int, error) {
	ids, err := strs(t, endedGrants, before, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := t.dropTokensOf(id); err != nil {
			return 0, err
		}
		if _, err := t.exec("DELETE FROM grants WHERE id = ?", id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// cleared are all tables but data_keys and the migrations' own, those that
// refer before those that are referred to.
var cleared = []string{
	"changes", "events", "messages", "spent",
	"support_communications", "support_attachments", "support_attachment_sets", "support_cases", "support_check_results",
	"client_requests", "application_assignments", "application_configurations", "applications", "token_issuers",
	"refresh_tokens", "access_tokens", "grants", "authorization_codes", "device_authorizations",
	"handoffs", "cookies", "sessions", "attempts", "reset_links", "passwords", "directory_links", "directory_security", "person_mfa_devices", "trusted_browsers", "person_favourites", "external_ids", "directory_counts",
	"access_requests", "idle_roles", "access_attributes", "instance_regions",
	"assignments", "memberships", "user_groups", "users", "permission_sets", "instances",
	"ssh_public_keys", "service_credentials", "signing_certificates", "server_certificates", "oidc_providers",
	"iam_attachments", "iam_inline_policies", "iam_policy_versions", "iam_policies",
	"iam_memberships", "iam_groups", "iam_users", "instance_profiles", "iam_counts", "iam_quotas",
	"web_identity_keys", "iam_settings", "credential_reports", "access_reports", "delegation_requests", "organization_reports",
	"deletion_tasks", "mfa_devices", "password_policies", "iam_uses", "access_key_uses", "access_keys", "saml_providers", "roles",
	"handshakes", "responsibility_transfers", "account_creations", "account_closures", "account_verifications",
	"registrations", "payment_methods", "account_contacts", "account_alternate_contacts", "account_email_updates", "account_regions", "account_standings", "accounts", "org_tags", "org_resource_policies", "org_trusted_services", "org_delegates", "org_attachments", "org_policies", "organizational_units", "organizations",
}

// Clear tells watchers that everything has changed.
func (t *tx) Clear() error {
	for _, table := range cleared {
		if _, err := t.exec("DELETE FROM " + table); err != nil {
			return err
		}
	}
	t.noteEverything()
	return nil
}
