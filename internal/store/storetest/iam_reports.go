package storetest

import (
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// testIAMSettings: settings are the defaults until they are set, an issuer is one
// account's, and every change is told.
func testIAMSettings(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	read := func(tx store.Tx) (iam.Settings, error) { return tx.IAMSettings(iamAcct) }
	equal(t, "unset", get(t, db, read), iam.DefaultSettings(iamAcct))
	full := iam.Settings{Account: iamAcct, GlobalTokens: 2, Issuer: "i-1", IssuesWebTokens: true, RootCredentialsManagement: true, RootSessions: true}
	for _, s := range []iam.Settings{full, iam.DefaultSettings(iamAcct), full} {
		keys := noted(t, db, func(tx store.Tx) error { return tx.PutIAMSettings(s) })
		equal(t, "told", keys, []string{store.KeyIAMSettings(iamAcct)})
		equal(t, "set", get(t, db, read), s)
	}
	equal(t, "by issuer", get(t, db, func(tx store.Tx) (iam.Settings, error) { return tx.IssuerSettings("i-1") }), full)
	// Those without an issuer are in nobody's way.
	update(t, db, func(tx store.Tx) error { return tx.PutIAMSettings(iam.DefaultSettings(iamOther)) })
	view(t, db, func(tx store.Tx) error {
		for _, issuer := range []string{"", "i-2"} {
			_, err := tx.IssuerSettings(issuer)
			refused(t, "issuer "+issuer, err, fault.NotFound, "no-issuer")
		}
		return nil
	})
	refusedUpdate(t, db, "unknown account", fault.NotFound, "", func(tx store.Tx) error { return tx.PutIAMSettings(iam.DefaultSettings("999999999999")) })
}

// testIAMReports: an account has one credential report, the newest; reports of
// last accesses are each account's own and are forgotten.
func testIAMReports(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	view(t, db, func(tx store.Tx) error {
		_, err := tx.CredentialReport(iamAcct)
		refused(t, "no credential report", err, fault.NotFound, "no-credential-report")
		return nil
	})
	for _, r := range []iam.CredentialReport{
		{Account: iamAcct, Content: "user\n\"a,b\"\n", GeneratedAt: now}, {Account: iamAcct, GeneratedAt: now.Add(time.Hour)},
	} {
		update(t, db, func(tx store.Tx) error { return tx.PutCredentialReport(r) })
		equal(t, "credential report", get(t, db, func(tx store.Tx) (iam.CredentialReport, error) { return tx.CredentialReport(iamAcct) }), r)
	}

	report := iam.AccessReport{
		ID: "r-1", Account: iamAcct, Caller: "AIDA1", ActionLevel: true, CreatedAt: now,
		Entities: []iam.AccessEntity{{Kind: iam.UserKind, ID: "AIDA1", Path: "/", Name: "Zoe", ARN: "arn:aws:iam::111122223333:user/Zoe"}},
		Services: []iam.AccessedService{
			{Namespace: "iam", Accesses: []iam.Access{{Entity: 0, At: now, Region: "us-east-1"}}, Actions: []iam.AccessedAction{
				{Name: "CreateUser", Access: &iam.Access{Entity: 0, At: now, Region: "us-east-1"}}, {Name: "GetUser"},
			}},
			{Namespace: "sts"},
		},
	}
	update(t, db, func(tx store.Tx) error { return tx.PutAccessReport(report) })
	find := func(account, id string) func(store.Tx) (iam.AccessReport, error) {
		return func(tx store.Tx) (iam.AccessReport, error) { return tx.AccessReport(account, id) }
	}
	equal(t, "access report", get(t, db, find(iamAcct, "r-1")), report)
	gone := func(what, account, id string) {
		t.Helper()
		view(t, db, func(tx store.Tx) error {
			_, err := tx.AccessReport(account, id)
			refused(t, what, err, fault.NotFound, "no-access-report")
			return nil
		})
	}
	gone("another account's", iamOther, "r-1")
	gone("unknown", iamAcct, "r-2")
	expire(t, db, now.Add(iam.AccessReportLifetime), 10)
	equal(t, "to the last", get(t, db, find(iamAcct, "r-1")), report)
	expire(t, db, now.Add(iam.AccessReportLifetime+time.Microsecond), 10)
	gone("forgotten", iamAcct, "r-1")
}
