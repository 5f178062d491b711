package storetest

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// Fresh makes a new, empty database for a test and returns how to open it. Each
// call of what it returns is another handle on the same database, as another
// process would have, closed when the test ends.
type Fresh func(t *testing.T) (open func() store.DB)

// Run holds the implementation behind fresh to the contract of store.DB.
func Run(t *testing.T, fresh Fresh) {
	single := func(test func(*testing.T, store.DB)) func(*testing.T, func() store.DB) {
		return func(t *testing.T, open func() store.DB) { test(t, open()) }
	}
	for _, c := range []struct {
		name string
		test func(*testing.T, func() store.DB)
	}{
		{"RoundTrip", single(testRoundTrip)},
		{"Missing", single(testMissing)},
		{"Unique", single(testUnique)},
		{"References", single(testReferences)},
		{"Order", single(testOrder)},
		{"Memberships", single(testMemberships)},
		{"Held", single(testHeld)},
		{"Many", single(testMany)},
		{"Paging", single(testPaging)},
		{"Directory", single(testDirectory)},
		{"MembershipIDs", single(testMembershipIDs)},
		{"Search", single(testSearch)},
		{"People", single(testPeople)},
		{"PersonMFA", single(testPersonMFA)},
		{"Favourites", single(testFavourites)},
		{"DeleteUser", single(testDeleteUser)},
		{"DeleteGroup", single(testDeleteGroup)},
		{"Sessions", single(testSessions)},
		{"OneTime", single(testOneTime)},
		{"OneTimeRaced", testOneTimeRaced},
		{"Attempts", single(testAttempts)},
		{"Outbox", single(testOutbox)},
		{"RefreshTokensBounded", single(testRefreshTokensBounded)},
		{"Transactions", single(testTransactions)},
		{"Serializable", testSerializable},
		{"Audit", single(testAudit)},
		{"EventFilters", single(testEventFilters)},
		{"SharedEvents", single(testSharedEvents)},
		{"EventHistory", single(testEventHistory)},
		{"ChangeKeys", single(testChangeKeys)},
		{"ChangesRolledBack", single(testChangesRolledBack)},
		{"ChangesAcross", testChangesAcross},
		{"ChangesOutOfOrder", testChangesOutOfOrder},
		{"MassChange", testMassChange},
		{"IAMSettings", single(testIAMSettings)},
		{"IAMReports", single(testIAMReports)},
		{"IAMDelegation", single(testIAMDelegation)},
		{"IAMOrgReports", single(testIAMOrgReports)},
		{"IAMWebIdentityKeys", single(testIAMWebIdentityKeys)},

		{"IAMMFADevices", single(testIAMMFADevices)},
		{"IAMPasswords", single(testIAMPasswords)},
		{"IAMUses", single(testIAMUses)},
		{"Expire", single(testExpire)},
		{"ExpireEvents", single(testExpireEvents)},
		{"ExpireBatches", single(testExpireBatches)},
		{"AccessInstances", single(testAccessInstances)},
		{"AccessAssignments", single(testAccessAssignments)},
		{"AccessProvisioned", single(testAccessProvisioned)},
		{"AccessRequests", single(testAccessRequests)},
		{"IdleRoles", single(testIdleRoles)},
		{"Applications", single(testApplications)},
		{"ApplicationAssignments", single(testApplicationAssignments)},
		{"ApplicationsVisible", single(testApplicationsVisible)},
		{"TokenIssuers", single(testTokenIssuers)},
		{"ClientRequests", single(testClientRequests)},
		{"ApplicationChanges", single(testApplicationChanges)},
		{"OrgAttachments", single(testOrgAttachments)},
		{"OrgTags", single(testOrgTags)},
		{"OrgDelegation", single(testOrgDelegation)},
		{"IAMPolicies", single(testIAMPolicies)},
		{"IAMPolicyPages", single(testIAMPolicyPages)},
		{"InlinePolicies", single(testInlinePolicies)},
		{"Attachments", single(testAttachments)},
		{"IAMSAMLProviders", single(testIAMSAMLProviders)},
		{"IAMOIDCProviders", single(testIAMOIDCProviders)},
		{"IAMServerCertificates", single(testIAMServerCertificates)},
		{"IAMSigningCertificates", single(testIAMSigningCertificates)},
		{"IAMSSHPublicKeys", single(testIAMSSHPublicKeys)},
		{"IAMServiceCredentials", single(testIAMServiceCredentials)},
		{"IAMRoles", single(testIAMRoles)},
		{"IAMRolePages", single(testIAMRolePages)},
		{"DeletionTasks", single(testDeletionTasks)},
		{"IAMUsers", single(testIAMUsers)},
		{"IAMPaths", single(testIAMPaths)},
		{"ConsoleLogins", single(testConsoleLogins)},
		{"IAMGroups", single(testIAMGroups)},
		{"IAMQuotas", single(testIAMQuotas)},
		{"InstanceProfiles", single(testInstanceProfiles)},
		{"AccountContacts", single(testAccountContacts)},
		{"AccountStandings", single(testStandings)},
		{"AccountEmails", single(testAccountEmails)},
		{"AccountRegions", single(testAccountRegions)},
		{"Handshakes", single(testHandshakes)},
		{"ResponsibilityTransfers", single(testResponsibilityTransfers)},
		{"AccountCreations", single(testAccountCreations)},
		{"AccountClosures", single(testAccountClosures)},
		{"Verifications", single(testVerifications)},
		{"Registrations", single(testRegistrations)},
		{"PaymentMethods", single(testPaymentMethods)},
		{"SupportCases", single(testSupportCases)},
		{"SupportAttachments", single(testSupportAttachments)},
		{"SupportExpires", single(testSupportExpires)},
		{"Clear", testClear},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, fresh(t))
		})
	}
}

// now is the time of the tests, to the microsecond that is kept.
var now = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func view(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// get reads one value in a transaction of its own.
func get[T any](t *testing.T, db store.DB, read func(store.Tx) (T, error)) (v T) {
	t.Helper()
	view(t, db, func(tx store.Tx) (err error) {
		v, err = read(tx)
		return err
	})
	return v
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// refused checks an expected failure: its kind, its reason if one is given, and
// that there are words for whoever asked.
func refused(t *testing.T, what string, err error, kind fault.Kind, reason string) {
	t.Helper()
	f, ok := fault.As(err)
	switch {
	case !ok || f.Kind != kind:
		t.Errorf("%s: got %v, want %v", what, err, kind)
	case reason != "" && f.Reason != reason:
		t.Errorf("%s: reason %q, want %q", what, f.Reason, reason)
	case f.Public == "" || strings.Contains(f.Public, "%!"):
		t.Errorf("%s: public words are %q", what, f.Public)
	}
}

// do runs several writes, stopping at the first that fails.
func do(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var errGiveUp = errors.New("the function gives up")

func testAccount(id string) account.Account {
	return account.Account{ID: id, Name: "Account " + id, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: now}
}

func testUser(id string) directory.User {
	return directory.User{
		ID: id, UserName: "name-" + id, GivenName: "Given", FamilyName: "Family", DisplayName: "Given Family",
		Email: id + "@example.com", CreatedAt: now, UpdatedAt: now,
	}
}

func testGroup(id string) directory.Group {
	return directory.Group{ID: id, DisplayName: "Group " + id, CreatedAt: now}
}

func testSet(id string) access.PermissionSet {
	return access.PermissionSet{ID: id, Name: "Set-" + id, SessionDuration: time.Hour, CreatedAt: now}
}

// allAssignments are those of all instances.
func allAssignments(tx store.Tx) ([]access.Assignment, error) { return page.All(tx.Assignments) }

// allUsers are those of the directory "", as testUser makes them.
func allUsers(tx store.Tx) ([]directory.User, error) {
	return page.All(func(p page.Request) (page.Page[directory.User], error) { return tx.Users("", p) })
}

func assign(account, set string, kind access.PrincipalType, principal string) access.Assignment {
	return access.Assignment{Account: account, PermissionSet: set, PrincipalType: kind, PrincipalID: principal, CreatedAt: now}
}
