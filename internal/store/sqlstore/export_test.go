package sqlstore

import (
	"context"
	"time"

	"sekisho/internal/sqldb"
)

// OpenAtTime is Open with another clock for what runs between processes.
func OpenAtTime(ctx context.Context, c sqldb.Config, sealer Sealer, wall func() time.Time) (*DB, error) {
	return open(ctx, c, sealer, wall)
}

// SQL is the database beneath, for tests that look at rows.
func (d *DB) SQL() *sqldb.DB { return d.sql }

// Tickets are the ids that the feed gives to transactions, and their end.
func Tickets(d *DB) (take func(int, *string) ([]string, string), finish func(string, bool)) {
	return func(n int, turn *string) ([]string, string) { return d.feed.take(n, (*ticket)(turn)) },
		func(turn string, unknown bool) { d.feed.finish(ticket(turn), unknown) }
}

// Statements are those whose plans are looked at, by name.
func Statements() map[string]string {
	all := map[string]string{
		"accounts of":          accountsOf,
		"due registrations":    dueRegistrations,
		"payment methods of":   paymentMethodsOf,
		"pending payments":     pendingPaymentMethods,
		"delegations in":       delegationRequestsIn,
		"delegations of":       delegationRequestsOf,
		"open delegations":     openDelegationRequests,
		"organization reports": orgReportCount,
		"uses in":              usesIn,
		"region of a use":      useRegion,
		"permission sets of":   permissionSetsOf,
		"holds":                holds,
		"nodes":                otherNodes,
		"changes of a node":    "SELECT id, settled, change_key FROM changes WHERE node = ? AND id >= ? ORDER BY id",
		"changes to forget":    "SELECT id FROM changes WHERE node = ? AND id < ? ORDER BY id LIMIT ?",
		"grants to forget":     endedGrants,
		"user by name":         "SELECT " + userColumns + " FROM users WHERE directory = ? AND user_name_key = ?",
		"members":              "SELECT user_id FROM memberships WHERE group_id = ? ORDER BY user_id",
		"groups of":            "SELECT group_id FROM memberships WHERE user_id = ? ORDER BY group_id",
		"role of set":          "SELECT " + roleColumns + " FROM roles WHERE permission_set = ? AND account = ?",
		"roles of set":         "SELECT " + roleColumns + " FROM roles WHERE permission_set = ? ORDER BY account",
		"role by name":         roleByName,
		"roles under a path":   rolesUnderPath,
		"policy by name":       policyByName,
		"policies under":       policiesUnder,
		"inline policies":      inlinePolicies,
		"attachments":          attachments,
		"attachments of":       attachmentsOf,
		"attachment count":     attachmentCount,
		"attached bytes":       attachedBytes,
		"bounded by":           boundedBy,
		"server certificates":  serverCertificatesUnderPath,
		"signing certificates": signingCertificatesOf,
		"SSH keys":             sshPublicKeysOf,
		"service credentials":  serviceCredentialsOf,
		"of all services":      serviceCredentialsIn,
		"of one service":       serviceCredentialsFor,
		"service user name":    serviceCredentialNamed,
		"assignments in":       "SELECT count(*) FROM assignments WHERE account = ? AND permission_set = ?",
		"sessions of":          "SELECT " + sessionColumns + " FROM sessions WHERE user_id = ? ORDER BY created_at DESC, id",
		"end sessions of":      "UPDATE sessions SET ended_at = ? WHERE user_id = ? AND ended_at = 0",
		"due messages":         "SELECT " + messageColumns + " FROM messages WHERE delivered_at = 0 AND next_attempt <= ? ORDER BY id LIMIT ?",
		"events":               "SELECT " + eventColumns + " FROM events WHERE id <> '' AND id < ? ORDER BY id DESC LIMIT ?",
		"events by name":       "SELECT " + eventColumns + " FROM events WHERE id <> '' AND name = ? AND id < ? ORDER BY id DESC LIMIT ?",
		"events by account":    "SELECT " + eventColumns + " FROM events WHERE id <> '' AND account = ? ORDER BY id DESC LIMIT ?",
		"passing events":       passing,
		"assignments to":       "DELETE FROM assignments WHERE principal_type = ? AND principal_id = ?",
		"grants of a user":     "DELETE FROM grants WHERE user_id = ?",
		"cookies of a session": "DELETE FROM cookies WHERE session_id = ?",
		"access tokens of":     "DELETE FROM access_tokens WHERE grant_id = ?",
		"refresh tokens of":    "DELETE FROM refresh_tokens WHERE grant_id = ?",
		"delete set":           "DELETE FROM permission_sets WHERE id = ?",
		"delete user":          "DELETE FROM users WHERE id = ?",

		"IAM users under":          iamUsersUnder,
		"IAM groups under":         iamGroupsUnder,
		"instance profiles under":  instanceProfilesUnder,
		"instance profiles of":     instanceProfilesOf,
		"IAM user by name":         "SELECT " + iamUserColumns + " FROM iam_users WHERE account = ? AND name_key = ?",
		"IAM group by name":        "SELECT " + iamGroupColumns + " FROM iam_groups WHERE account = ? AND name_key = ?",
		"instance profile by name": "SELECT " + instanceProfileColumns + " FROM instance_profiles WHERE account = ? AND name_key = ?",
		"IAM members":              iamMembers,
		"IAM groups of":            iamGroupsOf,
		"add IAM member":           addIAMMember,
		"rename IAM member":        renameMember,
		"delete IAM user":          "DELETE FROM iam_users WHERE id = ? RETURNING account",
		"delete IAM group":         "DELETE FROM iam_groups WHERE id = ? RETURNING account",
		"console logins":           consoleLogins,
		"count of a noun":          "SELECT n FROM iam_counts WHERE account = ? AND noun = ?",
	}
	for _, e := range expiring {
		all[e.table+" to forget"] = "SELECT " + e.key + " FROM " + e.table + " WHERE forget_at < ?" + e.also + " ORDER BY forget_at LIMIT ?"
	}
	return all
}
