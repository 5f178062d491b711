package storetest

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// stored is a value with how to write it and how to read it back.
type stored struct {
	name string
	put  func(store.Tx) error
	get  func(store.Tx) (any, error)
	want any
}

func row[T any](name string, v T, put func(store.Tx, T) error, get func(store.Tx) (T, error)) stored {
	return stored{name, func(tx store.Tx) error { return put(tx, v) }, func(tx store.Tx) (any, error) { return get(tx) }, v}
}

// rows are values of every noun: one with all fields set, then another under
// the same key with as few as possible, so that replacing is shown too.
func rows() []stored {
	var (
		later        = now.Add(time.Hour)
		acct         = func(tx store.Tx) (account.Account, error) { return tx.Account("111122223333") }
		user         = func(tx store.Tx) (directory.User, error) { return tx.User("u1") }
		group        = func(tx store.Tx) (directory.Group, error) { return tx.Group("g1") }
		inst         = func(tx store.Tx) (access.Instance, error) { return tx.Instance("ssoins-1") }
		organization = func(tx store.Tx) (org.Organization, error) { return tx.Organization("o-1") }
		unit         = func(tx store.Tx) (org.Unit, error) { return tx.Unit("ou-1") }
		control      = func(tx store.Tx) (org.Policy, error) { return tx.OrgPolicy("p-1") }
		set          = func(tx store.Tx) (access.PermissionSet, error) { return tx.PermissionSet("ps-1") }
		role         = func(tx store.Tx) (iam.Role, error) { return tx.RoleOfPermissionSet("111122223333", "ps-1") }
		key          = func(tx store.Tx) (iam.AccessKey, error) { return tx.AccessKey("AKIA1") }
		sess         = func(tx store.Tx) (session.Session, error) { return tx.Session("s1") }
		grant        = func(tx store.Tx) (token.Grant, error) { return tx.Grant("gr1") }
		owner        = credential.Owner{Kind: credential.RootUser, ID: "111122223333"}
		pass         = func(tx store.Tx) (credential.Password, error) { return tx.Password(owner) }
		dev          = func(tx store.Tx) (token.DeviceAuthorization, error) { return tx.DeviceAuthorization("d1") }
		code         = func(tx store.Tx) (token.AuthorizationCode, error) { return tx.AuthorizationCode("c1") }
		msg          = func(tx store.Tx) (notify.Message, error) { m, err := tx.Messages(1); return m[0], err }
	)
	return []stored{
		row("organization", org.Organization{ID: "o-1", ManagementAccount: "111122223333", Root: "r-1", Features: org.AllFeatures,
			PolicyTypes: []org.PolicyType{org.ServiceControl, "TAG_POLICY"}, CreatedAt: now}, store.Tx.PutOrganization, organization),
		row("organization replaced", org.Organization{ID: "o-1"}, store.Tx.PutOrganization, organization),
		row("unit", org.Unit{ID: "ou-1", Organization: "o-1", Parent: "r-1", Name: "開発", Path: "o-1/r-1/ou-1/", CreatedAt: now, FromFile: true}, store.Tx.PutUnit, unit),
		row("unit replaced", org.Unit{ID: "ou-1", Organization: "o-1"}, store.Tx.PutUnit, unit),
		row("organization policy", org.Policy{ID: "p-1", Organization: "o-1", Type: org.ServiceControl, Name: "P", Description: "d", Document: "{}", FromFile: true},
			store.Tx.PutOrgPolicy, control),
		row("organization policy replaced", org.Policy{ID: "p-1", Organization: "o-1"}, store.Tx.PutOrgPolicy, control),
		row("account", account.Account{ID: "111122223333", Name: "開発", Email: "Root@Example.com", Alias: "example", Status: account.Suspended,
			Organization: "o-1", OrgPath: "o-1/r-1/ou-1/", JoinedMethod: account.Invited, JoinedAt: later, CreatedAt: now, FromFile: true}, store.Tx.PutAccount, acct),
		row("account replaced", account.Account{ID: "111122223333", Name: "x", Email: "root@example.com"}, store.Tx.PutAccount, acct),
		row("user", directory.User{ID: "u1", Directory: "d-1234567890", UserName: "Zoë", GivenName: "Zoë", FamilyName: "O'Neill", DisplayName: `Z "o"`, Email: "Zoe@Example.com",
			Locale: "ja", Disabled: true, CreatedAt: now, UpdatedAt: later, FromFile: true}, store.Tx.PutUser, user),
		row("user replaced", directory.User{ID: "u1", UserName: "zoë"}, store.Tx.PutUser, user),
		row("group", directory.Group{ID: "g1", Directory: "d-1234567890", DisplayName: "Admins", Description: "All of them", CreatedAt: now, FromFile: true}, store.Tx.PutGroup, group),
		row("group replaced", directory.Group{ID: "g1", DisplayName: "admins"}, store.Tx.PutGroup, group),
		row("instance", access.Instance{ID: "ssoins-1", DirectoryID: "d-1234567890", Region: "us-east-1", Subdomain: "example",
			Name: "名前", Organization: "o-1", Owner: "111122223333", Status: access.InstanceActive, SessionDuration: 8 * time.Hour,
			MFA:      access.MFA{Prompt: access.AlwaysOn, Types: []access.MFAType{access.TOTP}, NoDevice: access.BlockSignIn, SelfService: true},
			EmailOTP: true, CreatedAt: now}, store.Tx.PutInstance, inst),
		row("instance replaced", access.Instance{ID: "ssoins-1"}, store.Tx.PutInstance, inst),
		row("permission set", access.PermissionSet{ID: "ps-1", Instance: "ssoins-1", Name: "Admin", Description: "d", SessionDuration: 90 * time.Minute, RelayState: "https://r",
			ManagedPolicies: []string{"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"}, CustomerPolicies: []string{"/p/c"},
			InlinePolicy: `{"Version":"2012-10-17"}`, Boundary: "/b", CreatedAt: now, FromFile: true}, store.Tx.PutPermissionSet, set),
		row("permission set replaced", access.PermissionSet{ID: "ps-1", Name: "admin"}, store.Tx.PutPermissionSet, set),
		row("role", iam.Role{ID: "AROA1", Account: "111122223333", Path: "/p/", Name: "Role", Description: "d", TrustPolicy: "{}",
			MaxSessionSeconds: 43200, PermissionSet: "ps-1", CreatedAt: now}, store.Tx.PutRole, role),
		row("role replaced", iam.Role{ID: "AROA1", Account: "111122223333", Path: "/", Name: "role", PermissionSet: "ps-1"}, store.Tx.PutRole, role),
		row("access key", iam.AccessKey{ID: "AKIA1", Account: "111122223333", User: "AIDA1", Secret: secret.NewString("s3cr3t/+"), Active: true,
			CreatedAt: now}, store.Tx.PutAccessKey, key),
		row("access key replaced", iam.AccessKey{ID: "AKIA1", Account: "111122223333", Secret: secret.NewString("")}, store.Tx.PutAccessKey, key),
		row("SAML provider", []iam.SAMLProvider{{Account: "111122223333", Name: "P", CreatedAt: now, ExpiresAt: later}},
			func(tx store.Tx, p []iam.SAMLProvider) error { return tx.PutSAMLProvider(p[0]) },
			func(tx store.Tx) ([]iam.SAMLProvider, error) { return tx.SAMLProviders("111122223333") }),
		row("assignment", []access.Assignment{{Account: "111122223333", PermissionSet: "ps-1", PrincipalType: access.ToUser, PrincipalID: "u1", CreatedAt: now, FromFile: true}},
			func(tx store.Tx, a []access.Assignment) error { return tx.PutAssignment(a[0]) }, allAssignments),
		row("assignment replaced", []access.Assignment{{Account: "111122223333", PermissionSet: "ps-1", PrincipalType: access.ToUser, PrincipalID: "u1"}},
			func(tx store.Tx, a []access.Assignment) error { return tx.PutAssignment(a[0]) }, allAssignments),
		row("password", credential.Password{Owner: owner, Hash: "$argon2id$…", MustChange: true, History: []string{"b", "a"}, SetAt: now}, store.Tx.PutPassword, pass),
		row("password replaced", credential.Password{Owner: owner, Hash: "h"}, store.Tx.PutPassword, pass),
		row("reset link", credential.ResetLink{Hash: "r1", Owner: owner, ExpiresAt: now}, store.Tx.PutResetLink,
			func(tx store.Tx) (credential.ResetLink, error) { return tx.ResetLink("r1") }),
		row("attempts", credential.Attempts{Key: "name/jane", Failures: 3, LastFailure: now}, store.Tx.PutAttempts,
			func(tx store.Tx) (credential.Attempts, error) { return tx.Attempts("name/jane") }),
		row("session", session.Session{ID: "s1", User: "u1", CreatedAt: now, ExpiresAt: later, EndedAt: later, EndReason: session.SignedOut,
			SourceIP: "2001:db8::1", UserAgent: "curl"}, store.Tx.PutSession, sess),
		row("session of a root user", session.Session{ID: "s1", Kind: session.RootUser, User: "111122223333", Account: "111122223333", CreatedAt: now, ExpiresAt: later, MFAAt: now},
			store.Tx.PutSession, sess),
		row("session of a role that switched", session.Session{ID: "s1", Kind: session.Role, User: "u1", Account: "111122223333", ExpiresAt: later, Token: secret.NewString("sealed"),
			Switched: session.Switched{Token: secret.NewString("other"), Account: "444455556666", Role: "ops/Admin", DisplayName: "管理", Color: "f2b0a9"}}, store.Tx.PutSession, sess),
		row("session replaced", session.Session{ID: "s1", User: "u1", ExpiresAt: now}, store.Tx.PutSession, sess),
		row("cookie", session.Cookie{Hash: "k1", Session: "s1", Surface: session.Portal, Host: "h", ExpiresAt: now}, store.Tx.PutCookie,
			func(tx store.Tx) (session.Cookie, error) { return tx.Cookie("k1") }),
		row("device authorization", token.DeviceAuthorization{Hash: "d1", UserCode: "BCDF-GHJK", Client: "c", ClientName: "AWS CLI", Scopes: []string{"sso:account:access"},
			Instance: "ssoins-0123456789abcdef", SourceIP: "192.0.2.1", UserAgent: "botocore", Status: token.Approved, Session: "s1", CreatedAt: now, ExpiresAt: later}, store.Tx.PutDeviceAuthorization, dev),
		row("device authorization replaced", token.DeviceAuthorization{Hash: "d1", UserCode: "BCDF-GHJK", Status: token.Redeemed}, store.Tx.PutDeviceAuthorization, dev),
		row("authorization code", token.AuthorizationCode{Hash: "c1", Client: "c", ClientName: "n", RedirectURI: "http://127.0.0.1:1/", Challenge: "x",
			Scopes: []string{"a", "b"}, Session: "s1", ExpiresAt: now, UsedAt: later, Grant: "gr1"}, store.Tx.PutAuthorizationCode, code),
		row("authorization code replaced", token.AuthorizationCode{Hash: "c1"}, store.Tx.PutAuthorizationCode, code),
		row("grant", token.Grant{ID: "gr1", Session: "s1", User: "u1", Client: "c", ClientName: "n", Scopes: []string{"a"}, Refreshable: true,
			CreatedAt: now, EndedAt: later, EndReason: "reuse"}, store.Tx.PutGrant, grant),
		row("grant replaced", token.Grant{ID: "gr1"}, store.Tx.PutGrant, grant),
		row("access token", token.AccessToken{Hash: "a1", Grant: "gr1", ExpiresAt: now}, store.Tx.PutAccessToken,
			func(tx store.Tx) (token.AccessToken, error) { return tx.AccessToken("a1") }),
		row("refresh token", token.RefreshToken{Hash: "f1", Grant: "gr1", ExpiresAt: later, UsedAt: now}, store.Tx.PutRefreshToken,
			func(tx store.Tx) (token.RefreshToken, error) { return tx.RefreshToken("f1") }),
		row("message", notify.Message{ID: "m1", Channel: notify.Email, From: notify.FromIdentityCenter, To: "jane@example.com", Subject: "件名", Text: "text", HTML: "<p>",
			Links: []string{"https://x"}, Codes: []string{"123456"}, CreatedAt: now, Attempts: 2, NextAttempt: later, DeliveredAt: later}, store.Tx.PutMessage, msg),
		row("message replaced", notify.Message{ID: "m1", CreatedAt: now}, store.Tx.PutMessage, msg),
	}
}

// testRoundTrip: what is written is read back, in the same transaction and in a
// later one.
func testRoundTrip(t *testing.T, db store.DB) {
	for _, r := range rows() {
		update(t, db, func(tx store.Tx) error {
			if err := r.put(tx); err != nil {
				t.Errorf("%s: %v", r.name, err)
				return err
			}
			got, err := r.get(tx)
			equal(t, r.name+" in its transaction", got, r.want)
			return err
		})
		equal(t, r.name, get(t, db, r.get), r.want)
	}
	// The ring made its first key when the database was opened.
	wrapped := keys.Wrapped{ID: 4294967295, Sealed: []byte{0, 1, 255}, CreatedAt: now}
	update(t, db, func(tx store.Tx) error { return tx.PutDataKey(wrapped) })
	all := get(t, db, store.Tx.DataKeys)
	equal(t, "data key", all[len(all)-1], wrapped)
}

// testMissing: what does not exist is NotFound, with words for whoever asked,
// and an empty list is no failure.
func testMissing(t *testing.T, db store.DB) {
	owner := credential.Owner{Kind: credential.DirectoryUser, ID: "none"}
	for name, read := range map[string]func(store.Tx) error{
		"Organization":                  func(tx store.Tx) error { _, err := tx.Organization("none"); return err },
		"Account":                       func(tx store.Tx) error { _, err := tx.Account("none"); return err },
		"User":                          func(tx store.Tx) error { _, err := tx.User("none"); return err },
		"UserByName":                    func(tx store.Tx) error { _, err := tx.UserByName("", "none"); return err },
		"DeleteUser":                    func(tx store.Tx) error { return tx.DeleteUser("none") },
		"Group":                         func(tx store.Tx) error { _, err := tx.Group("none"); return err },
		"GroupByName":                   func(tx store.Tx) error { _, err := tx.GroupByName("", "none"); return err },
		"DeleteGroup":                   func(tx store.Tx) error { return tx.DeleteGroup("none") },
		"RoleOfPermissionSet":           func(tx store.Tx) error { _, err := tx.RoleOfPermissionSet("none", "none"); return err },
		"DeleteRole":                    func(tx store.Tx) error { return tx.DeleteRole("none") },
		"DeleteSAMLProvider":            func(tx store.Tx) error { return tx.DeleteSAMLProvider("none", "none") },
		"AccessKey":                     func(tx store.Tx) error { _, err := tx.AccessKey("none"); return err },
		"DeleteAccessKey":               func(tx store.Tx) error { return tx.DeleteAccessKey("none") },
		"OrganizationManagedBy":         func(tx store.Tx) error { _, err := tx.OrganizationManagedBy("none"); return err },
		"DeleteOrganization":            func(tx store.Tx) error { return tx.DeleteOrganization("none") },
		"Unit":                          func(tx store.Tx) error { _, err := tx.Unit("none"); return err },
		"UnitByName":                    func(tx store.Tx) error { _, err := tx.UnitByName("none", "none"); return err },
		"DeleteUnit":                    func(tx store.Tx) error { return tx.DeleteUnit("none") },
		"OrgPolicy":                     func(tx store.Tx) error { _, err := tx.OrgPolicy("none"); return err },
		"DeleteOrgPolicy":               func(tx store.Tx) error { return tx.DeleteOrgPolicy("none") },
		"DetachOrgPolicy":               func(tx store.Tx) error { return tx.DetachOrgPolicy("none", "none") },
		"Instance":                      func(tx store.Tx) error { _, err := tx.Instance("none"); return err },
		"InstanceByName":                func(tx store.Tx) error { _, err := tx.InstanceByName("none"); return err },
		"InstanceOf":                    func(tx store.Tx) error { _, err := tx.InstanceOf("none"); return err },
		"InstanceOwnedBy":               func(tx store.Tx) error { _, err := tx.InstanceOwnedBy("none"); return err },
		"DeleteInstance":                func(tx store.Tx) error { return tx.DeleteInstance("none") },
		"PermissionSet":                 func(tx store.Tx) error { _, err := tx.PermissionSet("none"); return err },
		"PermissionSetByName":           func(tx store.Tx) error { _, err := tx.PermissionSetByName("", "none"); return err },
		"DeletePermissionSet":           func(tx store.Tx) error { return tx.DeletePermissionSet("none") },
		"DeleteAssignment":              func(tx store.Tx) error { return tx.DeleteAssignment(assign("a", "b", access.ToUser, "c")) },
		"Password":                      func(tx store.Tx) error { _, err := tx.Password(owner); return err },
		"ResetLink":                     func(tx store.Tx) error { _, err := tx.ResetLink("none"); return err },
		"TakeResetLink":                 func(tx store.Tx) error { _, err := tx.TakeResetLink("none"); return err },
		"Session":                       func(tx store.Tx) error { _, err := tx.Session("none"); return err },
		"EndSession":                    func(tx store.Tx) error { return tx.EndSession("none", now, session.SignedOut) },
		"Cookie":                        func(tx store.Tx) error { _, err := tx.Cookie("none"); return err },
		"TakeHandoff":                   func(tx store.Tx) error { _, err := tx.TakeHandoff("none"); return err },
		"DeviceAuthorization":           func(tx store.Tx) error { _, err := tx.DeviceAuthorization("none"); return err },
		"DeviceAuthorizationByUserCode": func(tx store.Tx) error { _, err := tx.DeviceAuthorizationByUserCode("none"); return err },
		"AuthorizationCode":             func(tx store.Tx) error { _, err := tx.AuthorizationCode("none"); return err },
		"Grant":                         func(tx store.Tx) error { _, err := tx.Grant("none"); return err },
		"AccessToken":                   func(tx store.Tx) error { _, err := tx.AccessToken("none"); return err },
		"RefreshToken":                  func(tx store.Tx) error { _, err := tx.RefreshToken("none"); return err },
	} {
		refused(t, name, db.Update(t.Context(), nil, read), fault.NotFound, "")
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.RemoveMember("none", "none"), tx.DropResetLinks(owner), tx.ClearAttempts("none"), tx.DeleteCookie("none"),
			tx.EndSessionsOf("none", now, session.SignedOut), tx.DeleteMessages())
	})
	for name, read := range map[string]func(store.Tx) (int, error){
		"Accounts":      func(tx store.Tx) (int, error) { v, err := tx.Accounts(); return len(v), err },
		"Users":         func(tx store.Tx) (int, error) { v, err := tx.Users("", page.Request{}); return len(v.Items), err },
		"Groups":        func(tx store.Tx) (int, error) { v, err := tx.Groups("", page.Request{}); return len(v.Items), err },
		"GroupsOf":      func(tx store.Tx) (int, error) { v, err := tx.GroupsOf("none"); return len(v), err },
		"Members":       func(tx store.Tx) (int, error) { v, err := tx.Members("none"); return len(v), err },
		"SAMLProviders": func(tx store.Tx) (int, error) { v, err := tx.SAMLProviders("none"); return len(v), err },
		"AccessKeysOf":  func(tx store.Tx) (int, error) { v, err := tx.AccessKeysOf("none", ""); return len(v), err },
		"PermissionSets": func(tx store.Tx) (int, error) {
			v, err := tx.PermissionSets("", page.Request{})
			return len(v.Items), err
		},
		"Assignments": func(tx store.Tx) (int, error) { v, err := allAssignments(tx); return len(v), err },
		"SessionsOf":  func(tx store.Tx) (int, error) { v, err := tx.SessionsOf("none"); return len(v), err },
		"DueMessages": func(tx store.Tx) (int, error) { v, err := tx.DueMessages(now, 10); return len(v), err },
		"Events":      func(tx store.Tx) (int, error) { v, err := tx.Events(store.EventFilter{}); return len(v), err },
		"Attempts":    func(tx store.Tx) (int, error) { v, err := tx.Attempts("none"); return v.Failures, err },
	} {
		if n := get(t, db, read); n != 0 {
			t.Errorf("%s of nothing: %d", name, n)
		}
	}
}

// testUnique: names are unique, some ignoring case, and what takes a taken one
// is told which.
func testUnique(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		a, u := testAccount("111122223333"), testUser("u1")
		a.Email, a.Alias = "Root@Example.com", "example"
		u.UserName, u.Email = "Zoë", "Zoe@Example.com"
		role := iam.Role{ID: "AROA1", Account: a.ID, Name: "Role", PermissionSet: "ps-1"}
		return do(tx.PutAccount(a), tx.PutUser(u), tx.PutGroup(testGroup("g1")), tx.PutPermissionSet(testSet("ps-1")), tx.PutRole(role),
			tx.PutDeviceAuthorization(token.DeviceAuthorization{Hash: "d1", UserCode: "BCDF-GHJK"}))
	})
	user := func(change func(*directory.User)) func(store.Tx) error {
		u := testUser("u2")
		change(&u)
		return func(tx store.Tx) error { return tx.PutUser(u) }
	}
	acct := func(change func(*account.Account)) func(store.Tx) error {
		a := testAccount("444455556666")
		change(&a)
		return func(tx store.Tx) error { return tx.PutAccount(a) }
	}
	for _, c := range []struct {
		reason, names string
		put           func(store.Tx) error
	}{
		{"user-name-taken", "Zoë", user(func(u *directory.User) { u.UserName = "Zoë" })},
		{"user-name-taken", "zOË", user(func(u *directory.User) { u.UserName = "zOË" })},
		{"email-taken", "ZOE@example.com", user(func(u *directory.User) { u.Email = "ZOE@example.com" })},
		{"email-taken", "root@EXAMPLE.com", acct(func(a *account.Account) { a.Email = "root@EXAMPLE.com" })},
		{"alias-taken", "example", acct(func(a *account.Account) { a.Alias = "example" })},
		{"group-name-taken", "Group g1", func(tx store.Tx) error { return tx.PutGroup(directory.Group{ID: "g2", DisplayName: "Group g1"}) }},
		{"permission-set-name-taken", "Set-ps-1", func(tx store.Tx) error {
			return tx.PutPermissionSet(access.PermissionSet{ID: "ps-2", Name: "Set-ps-1"})
		}},
		{"role-name-taken", "ROLE", func(tx store.Tx) error {
			return tx.PutRole(iam.Role{ID: "AROA2", Account: "111122223333", Name: "ROLE"})
		}},
		{"permission-set-provisioned", "", func(tx store.Tx) error {
			return tx.PutRole(iam.Role{ID: "AROA2", Account: "111122223333", Name: "other", PermissionSet: "ps-1"})
		}},
		{"user-code-taken", "", func(tx store.Tx) error {
			return tx.PutDeviceAuthorization(token.DeviceAuthorization{Hash: "d2", UserCode: "BCDF-GHJK"})
		}},
	} {
		err := db.Update(t.Context(), nil, c.put)
		refused(t, c.reason, err, fault.AlreadyExists, c.reason)
		if f, ok := fault.As(err); ok && !strings.Contains(f.Public, c.names) {
			t.Errorf("%s: %q does not name %q", c.reason, f.Public, c.names)
		}
	}
	// Rows keep their own names, may change their case, and may have none.
	update(t, db, func(tx store.Tx) error {
		u := testUser("u1")
		u.UserName, u.Email = "ZOË", "ZOE@EXAMPLE.COM"
		a, b, c := testAccount("111122223333"), testAccount("444455556666"), testAccount("777788889999")
		a.Alias = "example"
		v, w := testUser("u3"), testUser("u4")
		v.Email, w.Email = "", ""
		return do(tx.PutUser(u), tx.PutAccount(a), tx.PutAccount(b), tx.PutAccount(c), tx.PutUser(v), tx.PutUser(w),
			tx.PutRole(iam.Role{ID: "AROA3", Account: b.ID, Name: "Role"}), tx.PutRole(iam.Role{ID: "AROA4", Account: b.ID, Name: "Other"}))
	})
	for _, name := range []string{"zoë", "ZOË", "Zoë"} {
		if u := get(t, db, func(tx store.Tx) (directory.User, error) { return tx.UserByName("", name) }); u.ID != "u1" {
			t.Errorf("UserByName(%q) is %q", name, u.ID)
		}
	}
}

// testReferences: rows refer to what exists, and what is referred to stays.
func testReferences(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount("111122223333")), tx.PutUser(testUser("u1")), tx.PutGroup(testGroup("g1")),
			tx.PutPermissionSet(testSet("ps-1")), tx.PutAssignment(assign("111122223333", "ps-1", access.ToUser, "u1")))
	})
	for name, put := range map[string]func(store.Tx) error{
		"member of no group":    func(tx store.Tx) error { return tx.AddMember("none", "u1") },
		"no user as member":     func(tx store.Tx) error { return tx.AddMember("g1", "none") },
		"assigned in nothing":   func(tx store.Tx) error { return tx.PutAssignment(assign("none", "ps-1", access.ToUser, "u1")) },
		"nothing assigned":      func(tx store.Tx) error { return tx.PutAssignment(assign("111122223333", "none", access.ToUser, "u1")) },
		"role of no account":    func(tx store.Tx) error { return tx.PutRole(iam.Role{ID: "r", Account: "none", Name: "r"}) },
		"key of no account":     func(tx store.Tx) error { return tx.PutAccessKey(iam.AccessKey{ID: "k", Account: "none"}) },
		"provider in no acount": func(tx store.Tx) error { return tx.PutSAMLProvider(iam.SAMLProvider{Account: "none", Name: "p"}) },
	} {
		refused(t, name, db.Update(t.Context(), nil, put), fault.NotFound, "")
	}
	refused(t, "assigned set", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeletePermissionSet("ps-1") }),
		fault.Conflict, "permission-set-in-use")
	update(t, db, func(tx store.Tx) error {
		return do(tx.DeleteAssignment(assign("111122223333", "ps-1", access.ToUser, "u1")), tx.DeletePermissionSet("ps-1"))
	})
}

// testOrder: lists have the order that the contract names, by bytes on every engine.
func testOrder(t *testing.T, db store.DB) {
	names := []string{"b", "Ä", "a_", "a-", "Z", "1", "ä", "aa", "日", "B2"}
	update(t, db, func(tx store.Tx) error {
		for i, n := range names {
			id := string(rune('a' + i))
			a, u, g, p := testAccount("11112222333"+string(rune('0'+(7*i)%10))), testUser(id), testGroup(id), testSet(id)
			u.UserName, g.DisplayName, p.Name = n+id, n, n
			if err := do(tx.PutAccount(a), tx.PutUser(u), tx.PutGroup(g), tx.PutPermissionSet(p)); err != nil {
				return err
			}
		}
		for _, id := range []string{"AKIA2", "AKIA3", "AKIA1"} {
			k := iam.AccessKey{ID: id, Account: "111122223330", CreatedAt: now}
			if id == "AKIA3" {
				k.CreatedAt = now.Add(-time.Hour)
			}
			if err := do(tx.PutAccessKey(k), tx.PutSAMLProvider(iam.SAMLProvider{Account: "111122223330", Name: id}),
				tx.PutRole(iam.Role{ID: id, Account: "11112222333" + id[4:], Name: "r", PermissionSet: "ps"}),
				tx.PutSession(session.Session{ID: id, User: "u", CreatedAt: k.CreatedAt})); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, db, func(tx store.Tx) error {
		accounts, err1 := tx.Accounts()
		users, err2 := tx.Users("", page.Request{})
		groups, err3 := tx.Groups("", page.Request{})
		sets, err4 := tx.PermissionSets("", page.Request{})
		keys, err5 := tx.AccessKeysOf("111122223330", "")
		providers, err6 := tx.SAMLProviders("111122223330")
		sessions, err7 := tx.SessionsOf("u")
		sorted(t, "Accounts", accounts, 10, func(a account.Account) string { return a.ID })
		sorted(t, "Users", users.Items, 10, func(u directory.User) string { return directory.FoldName(u.UserName) })
		sorted(t, "Groups", groups.Items, 10, func(g directory.Group) string { return g.DisplayName })
		sorted(t, "PermissionSets", sets.Items, 10, func(p access.PermissionSet) string { return p.Name })
		equal(t, "AccessKeysOf", ids(keys, func(k iam.AccessKey) string { return k.ID }), []string{"AKIA3", "AKIA1", "AKIA2"})
		equal(t, "SAMLProviders", ids(providers, func(p iam.SAMLProvider) string { return p.Name }), []string{"AKIA1", "AKIA2", "AKIA3"})
		equal(t, "SessionsOf", ids(sessions, func(s session.Session) string { return s.ID }), []string{"AKIA1", "AKIA2", "AKIA3"})
		return do(err1, err2, err3, err4, err5, err6, err7)
	})
}

func sorted[T any](t *testing.T, what string, items []T, n int, key func(T) string) {
	t.Helper()
	keys := ids(items, key)
	if len(keys) != n || !slices.IsSorted(keys) {
		t.Errorf("%s: %d of %d items in the order %q", what, len(keys), n, keys)
	}
}

func ids[T any](items []T, id func(T) string) []string {
	var out []string
	for _, i := range items {
		out = append(out, id(i))
	}
	return out
}

func testMemberships(t *testing.T, db store.DB) {
	check := func(groups, members []string) {
		t.Helper()
		equal(t, "GroupsOf", get(t, db, func(tx store.Tx) ([]string, error) { return tx.GroupsOf("u1") }), groups)
		equal(t, "Members", get(t, db, func(tx store.Tx) ([]string, error) { return tx.Members("g1") }), members)
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutUser(testUser("u1")), tx.PutUser(testUser("u2")), tx.PutGroup(testGroup("g1")), tx.PutGroup(testGroup("g2")),
			tx.AddMember("g2", "u1"), tx.AddMember("g1", "u1"), tx.AddMember("g1", "u2"), tx.AddMember("g1", "u1"))
	})
	check([]string{"g1", "g2"}, []string{"u1", "u2"})
	update(t, db, func(tx store.Tx) error { return do(tx.RemoveMember("g1", "u1"), tx.RemoveMember("g1", "u1")) })
	check([]string{"g2"}, []string{"u2"})
}

func testAttempts(t *testing.T, db store.DB) {
	read := func(key string) credential.Attempts {
		return get(t, db, func(tx store.Tx) (credential.Attempts, error) { return tx.Attempts(key) })
	}
	equal(t, "none", read("k"), credential.Attempts{Key: "k"})
	want := credential.Attempts{Key: "k", Failures: 4, LastFailure: now}
	update(t, db, func(tx store.Tx) error { return tx.PutAttempts(want) })
	equal(t, "some", read("k"), want)
	equal(t, "another key", read("K"), credential.Attempts{Key: "K"})
	update(t, db, func(tx store.Tx) error { return tx.ClearAttempts("k") })
	equal(t, "cleared", read("k"), credential.Attempts{Key: "k"})
}

func testOutbox(t *testing.T, db store.DB) {
	message := func(id string, next time.Time, delivered time.Time) notify.Message {
		return notify.Message{ID: id, Channel: notify.Email, To: "x@example.com", Text: id, CreatedAt: now, NextAttempt: next, DeliveredAt: delivered}
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutMessage(message("5", now.Add(time.Microsecond), time.Time{})), tx.PutMessage(message("3", now, time.Time{})),
			tx.PutMessage(message("2", now.Add(-time.Hour), now)), tx.PutMessage(message("1", time.Time{}, time.Time{})),
			tx.PutMessage(message("4", now.Add(-time.Hour), time.Time{})))
	})
	list := func(read func(store.Tx) ([]notify.Message, error)) []string {
		return ids(get(t, db, read), func(m notify.Message) string { return m.ID })
	}
	due := func(limit int) []string {
		return list(func(tx store.Tx) ([]notify.Message, error) { return tx.DueMessages(now, limit) })
	}
	equal(t, "due", due(10), []string{"1", "3", "4"})
	equal(t, "due, two", due(2), []string{"1", "3"})
	kept := func(limit int) []string {
		return list(func(tx store.Tx) ([]notify.Message, error) { return tx.Messages(limit) })
	}
	equal(t, "all", kept(10), []string{"5", "4", "3", "2", "1"})
	equal(t, "the newest two", kept(2), []string{"5", "4"})
	update(t, db, store.Tx.DeleteMessages)
	if got := kept(10); !reflect.DeepEqual(got, []string(nil)) {
		t.Errorf("after DeleteMessages: %v", got)
	}
}
