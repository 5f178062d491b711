package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

const (
	iamAcct  = "111122223333"
	iamOther = "444455556666"
)

func twoAccounts(t *testing.T, db store.DB) {
	t.Helper()
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(iamAcct)), tx.PutAccount(testAccount(iamOther)))
	})
}

func iamUser(id, path, name string) iam.User {
	return iam.User{ID: id, Account: iamAcct, Path: path, Name: name, CreatedAt: now}
}

// refusedUpdate runs fn in a transaction of its own, which must fail.
func refusedUpdate(t *testing.T, db store.DB, what string, kind fault.Kind, reason string, fn func(store.Tx) error) {
	t.Helper()
	refused(t, what, db.Update(t.Context(), nil, fn), kind, reason)
}

// testIAMUsers: users come back as they were put, their names are taken ignoring
// case, and their number is kept.
func testIAMUsers(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	full := iam.User{
		ID: "AIDA1", Account: iamAcct, Path: "/division_abc/", Name: "Zoe", Boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess",
		Tags: []iam.Tag{{Key: "b", Value: `"`}, {Key: "a", Value: ""}, {Key: "部", Value: "開発"}}, CreatedAt: now, FromFile: true,
	}
	bare := iam.User{ID: "AIDA1", Account: iamAcct, Path: "/", Name: "zoe2"}
	for _, u := range []iam.User{full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutIAMUser(u) })
		equal(t, "by id", get(t, db, func(tx store.Tx) (iam.User, error) { return tx.IAMUser("AIDA1") }), u)
	}
	equal(t, "by name", get(t, db, func(tx store.Tx) (iam.User, error) { return tx.IAMUserByName(iamAcct, "zOE") }), full)
	equal(t, "count", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, iam.Users) }), 1)
	view(t, db, func(tx store.Tx) error {
		_, err := tx.IAMUserByName(iamOther, "Zoe")
		refused(t, "in another account", err, fault.NotFound, "no-iam-user")
		_, err = tx.IAMUserByName(iamAcct, "zoe2")
		refused(t, "a name of before", err, fault.NotFound, "no-iam-user")
		_, err = tx.IAMUser("AIDA2")
		refused(t, "unknown", err, fault.NotFound, "no-iam-user")
		return nil
	})
	refusedUpdate(t, db, "another's name", fault.AlreadyExists, "iam-user-name-taken", func(tx store.Tx) error {
		return tx.PutIAMUser(iamUser("AIDA2", "/division_abc/", "zoe"))
	})
	refusedUpdate(t, db, "another's name, elsewhere", fault.AlreadyExists, "iam-user-name-taken", func(tx store.Tx) error {
		return do(tx.PutIAMUser(iamUser("AIDA2", "/", "x")), tx.PutIAMUser(iamUser("AIDA2", "/", "ZOE")))
	})
	refusedUpdate(t, db, "no account", fault.NotFound, "no-account", func(tx store.Tx) error {
		return tx.PutIAMUser(iam.User{ID: "AIDA3", Account: "999999999999", Name: "x"})
	})
	equal(t, "keys of a change", noted(t, db, func(tx store.Tx) error { return tx.PutIAMUser(full) }), []string{store.KeyIAMUser("AIDA1")})
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutIAMUser(iam.User{ID: "AIDA9", Account: iamOther, Path: "/", Name: "Zoe"}), tx.PutIAMUser(iamUser("AIDA2", "/", "x")))
	})
	equal(t, "count of two", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, iam.Users) }), 2)
	equal(t, "keys of a deletion", noted(t, db, func(tx store.Tx) error { return tx.DeleteIAMUser("AIDA1") }), []string{store.KeyIAMUser("AIDA1")})
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-iam-user", func(tx store.Tx) error { return tx.DeleteIAMUser("AIDA1") })
	equal(t, "count after", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, iam.Users) }), 1)
	equal(t, "count of the other account", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamOther, iam.Users) }), 1)
}

// testConsoleLogins: of any number of people at once.
func testConsoleLogins(t *testing.T, db store.DB) {
	var everybody []string
	want := make(map[string]time.Time)
	update(t, db, func(tx store.Tx) error {
		everybody = everybody[:0]
		var uses []iam.Use
		for i := range 250 {
			id := fmt.Sprint("AIDA", i)
			everybody = append(everybody, id)
			uses = append(uses, iam.Use{Account: iamAcct, Entity: id, Service: "iam", Action: "GetUser", At: now.Add(time.Hour)})
			if i%3 == 0 {
				want[id] = now.Add(time.Duration(i) * time.Minute)
				uses = append(uses, iam.Use{Account: iamAcct, Entity: id, Service: "signin", Action: "ConsoleLogin", At: want[id]})
			}
		}
		return tx.PutUses(uses)
	})
	logins := func(ids ...string) map[string]time.Time {
		return get(t, db, func(tx store.Tx) (map[string]time.Time, error) { return tx.ConsoleLogins(ids) })
	}
	equal(t, "of all", logins(everybody...), want)
	equal(t, "of one", logins("AIDA3"), map[string]time.Time{"AIDA3": want["AIDA3"]})
	equal(t, "of one who never did", logins("AIDA4"), map[string]time.Time{})
	equal(t, "of nobody", logins(), map[string]time.Time{})
}

// testIAMPaths: lists go through an account in order of path, then name ignoring
// case, whatever the size of their pages, and keep to a path prefix, which need
// not end where a part of a path does.
func testIAMPaths(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	inOrder := []string{"/ Bob", "/ carol", "/ Dan", "/a/ zed", "/a/b/ amy", "/ab/ Eve", "/b/ Al", "/b~/ x"}
	update(t, db, func(tx store.Tx) error {
		for i, at := range []int{5, 2, 7, 0, 3, 6, 1, 4} {
			var path, name string
			if _, err := fmt.Sscan(inOrder[at], &path, &name); err != nil {
				return err
			}
			id := fmt.Sprint(i)
			err := do(tx.PutIAMUser(iamUser("AIDA"+id, path, name)), tx.PutIAMGroup(iam.Group{ID: "AGPA" + id, Account: iamAcct, Path: path, Name: name}),
				tx.PutInstanceProfile(iam.InstanceProfile{ID: "AIPA" + id, Account: iamAcct, Path: path, Name: name}),
				tx.PutIAMUser(iam.User{ID: "AIDAother" + id, Account: iamOther, Path: path, Name: name}))
			if err != nil {
				return err
			}
		}
		return nil
	})
	for prefix, want := range map[string][]string{
		"": inOrder, "/": inOrder, "/a": inOrder[3:6], "/a/": inOrder[3:5], "/a/b/": inOrder[4:5], "/b": inOrder[6:], "/b/": inOrder[6:7], "/c": nil, "/~": nil,
	} {
		for limit := 1; limit <= len(inOrder)+1; limit++ {
			what := fmt.Sprintf("%q by %d", prefix, limit)
			equal(t, "users under "+what, throughPages(t, db, limit, func(tx store.Tx, p page.Request) (page.Page[iam.User], error) {
				return tx.IAMUsers(iamAcct, prefix, p)
			}, func(u iam.User) string { return u.Path + " " + u.Name }), want)
			equal(t, "groups under "+what, throughPages(t, db, limit, func(tx store.Tx, p page.Request) (page.Page[iam.Group], error) {
				return tx.IAMGroups(iamAcct, prefix, p)
			}, func(g iam.Group) string { return g.Path + " " + g.Name }), want)
			equal(t, "instance profiles under "+what, throughPages(t, db, limit, func(tx store.Tx, p page.Request) (page.Page[iam.InstanceProfile], error) {
				return tx.InstanceProfiles(iamAcct, prefix, p)
			}, func(p iam.InstanceProfile) string { return p.Path + " " + p.Name }), want)
		}
	}
	// A token of one prefix that is used with another neither fails nor goes back.
	got := get(t, db, func(tx store.Tx) (page.Page[iam.User], error) {
		return tx.IAMUsers(iamAcct, "/b/", page.Request{Limit: 5, After: "/a/ zed"})
	})
	if len(got.Items) != 1 || got.Items[0].Name != "Al" || got.Next != "" {
		t.Errorf("with the token of another prefix: %+v", got)
	}
}

// throughPages reads all pages of a list, each in a transaction of its own.
func throughPages[T any](t *testing.T, db store.DB, limit int, list func(store.Tx, page.Request) (page.Page[T], error), name func(T) string) (names []string) {
	t.Helper()
	for p := (page.Request{Limit: limit}); ; {
		got := get(t, db, func(tx store.Tx) (page.Page[T], error) { return list(tx, p) })
		if len(got.Items) > limit || len(got.Items) < limit && got.Next != "" {
			t.Fatalf("a page of %d of %d with next %q", len(got.Items), limit, got.Next)
		}
		for _, v := range got.Items {
			names = append(names, name(v))
		}
		if got.Next == "" || len(names) > 100 {
			return names
		}
		p.After = got.Next
	}
}

// testIAMGroups: groups, who is in them, and in what order both are listed when
// users change their names.
func testIAMGroups(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	full := iam.Group{ID: "AGPA1", Account: iamAcct, Path: "/p/", Name: "Admins", CreatedAt: now, FromFile: true}
	bare := iam.Group{ID: "AGPA1", Account: iamAcct, Path: "/", Name: "others"}
	for _, g := range []iam.Group{full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutIAMGroup(g) })
		equal(t, "by id", get(t, db, func(tx store.Tx) (iam.Group, error) { return tx.IAMGroup("AGPA1") }), g)
	}
	equal(t, "by name", get(t, db, func(tx store.Tx) (iam.Group, error) { return tx.IAMGroupByName(iamAcct, "aDMINS") }), full)
	refusedUpdate(t, db, "a taken name", fault.AlreadyExists, "iam-group-name-taken", func(tx store.Tx) error {
		return tx.PutIAMGroup(iam.Group{ID: "AGPA2", Account: iamAcct, Path: "/p/", Name: "admins"})
	})
	second := iam.Group{ID: "AGPA2", Account: iamAcct, Path: "/", Name: "aa"}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutIAMGroup(second), tx.PutIAMUser(iamUser("AIDA1", "/z/", "bea")), tx.PutIAMUser(iamUser("AIDA2", "/", "Cid")), tx.PutIAMUser(iamUser("AIDA3", "/", "Al")))
	})
	equal(t, "keys of joining", noted(t, db, func(tx store.Tx) error { return tx.AddIAMMember("AGPA1", "AIDA1", now) }), []string{store.KeyIAMMemberships("AIDA1")})
	equal(t, "keys of joining again", noted(t, db, func(tx store.Tx) error { return tx.AddIAMMember("AGPA1", "AIDA1", now) }), []string(nil))
	update(t, db, func(tx store.Tx) error {
		return do(tx.AddIAMMember("AGPA1", "AIDA2", now), tx.AddIAMMember("AGPA1", "AIDA3", now), tx.AddIAMMember("AGPA2", "AIDA1", now))
	})
	members := func(limit int) []string {
		return throughPages(t, db, limit, func(tx store.Tx, p page.Request) (page.Page[iam.User], error) { return tx.IAMMembers("AGPA1", p) },
			func(u iam.User) string { return u.Name })
	}
	for limit := 1; limit < 5; limit++ {
		equal(t, fmt.Sprint("members by ", limit), members(limit), []string{"Al", "bea", "Cid"})
	}
	update(t, db, func(tx store.Tx) error { return tx.PutIAMUser(iamUser("AIDA3", "/", "dee")) })
	equal(t, "members after a change of name", members(1), []string{"bea", "Cid", "dee"})
	equal(t, "groups of", get(t, db, func(tx store.Tx) ([]iam.Group, error) { return tx.IAMGroupsOf("AIDA1") }), []iam.Group{second, full})
	equal(t, "groups of nobody", get(t, db, func(tx store.Tx) ([]iam.Group, error) { return tx.IAMGroupsOf("AIDA9") }), []iam.Group(nil))

	refusedUpdate(t, db, "joining no group", fault.NotFound, "no-iam-group", func(tx store.Tx) error { return tx.AddIAMMember("AGPA9", "AIDA1", now) })
	refusedUpdate(t, db, "nobody joins", fault.NotFound, "no-iam-user", func(tx store.Tx) error { return tx.AddIAMMember("AGPA1", "AIDA9", now) })
	refusedUpdate(t, db, "leaving where one is not", fault.NotFound, "no-iam-membership", func(tx store.Tx) error { return tx.RemoveIAMMember("AGPA2", "AIDA2") })
	refusedUpdate(t, db, "deleting a member", fault.Conflict, "iam-user-in-group", func(tx store.Tx) error { return tx.DeleteIAMUser("AIDA1") })
	refusedUpdate(t, db, "deleting a group with members", fault.Conflict, "iam-group-has-members", func(tx store.Tx) error { return tx.DeleteIAMGroup("AGPA1") })

	equal(t, "keys of leaving", noted(t, db, func(tx store.Tx) error { return tx.RemoveIAMMember("AGPA2", "AIDA1") }), []string{store.KeyIAMMemberships("AIDA1")})
	equal(t, "groups after leaving", get(t, db, func(tx store.Tx) ([]iam.Group, error) { return tx.IAMGroupsOf("AIDA1") }), []iam.Group{full})
	equal(t, "keys of a deletion", noted(t, db, func(tx store.Tx) error { return tx.DeleteIAMGroup("AGPA2") }), []string{store.KeyPolicies("AGPA2")})
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-iam-group", func(tx store.Tx) error { return tx.DeleteIAMGroup("AGPA2") })
	equal(t, "count", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, iam.Groups) }), 1)
}

// testInstanceProfiles: instance profiles and the roles that they hold.
func testInstanceProfiles(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	update(t, db, func(tx store.Tx) error {
		return tx.PutRole(iam.Role{ID: "AROA1", Account: iamAcct, Path: "/", Name: "Web", TrustPolicy: "{}", CreatedAt: now})
	})
	full := iam.InstanceProfile{ID: "AIPA1", Account: iamAcct, Path: "/web/", Name: "Web", Role: "AROA1", Tags: []iam.Tag{{Key: "k", Value: "v"}}, CreatedAt: now}
	bare := iam.InstanceProfile{ID: "AIPA1", Account: iamAcct, Path: "/", Name: "b"}
	byName := func(name string) func(store.Tx) (iam.InstanceProfile, error) {
		return func(tx store.Tx) (iam.InstanceProfile, error) { return tx.InstanceProfileByName(iamAcct, name) }
	}
	for _, p := range []iam.InstanceProfile{full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutInstanceProfile(p) })
		equal(t, "by name", get(t, db, byName(p.Name)), p)
	}
	equal(t, "by name in another case", get(t, db, byName("wEB")), full)
	second := iam.InstanceProfile{ID: "AIPA2", Account: iamAcct, Path: "/", Name: "api", Role: "AROA1"}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutInstanceProfile(second), tx.PutInstanceProfile(iam.InstanceProfile{ID: "AIPA3", Account: iamAcct, Name: "x"}))
	})
	equal(t, "of the role", get(t, db, func(tx store.Tx) ([]iam.InstanceProfile, error) { return tx.InstanceProfilesOf("AROA1") }), []iam.InstanceProfile{second, full})
	equal(t, "count", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, iam.InstanceProfiles) }), 3)
	refusedUpdate(t, db, "a taken name", fault.AlreadyExists, "instance-profile-name-taken", func(tx store.Tx) error {
		return tx.PutInstanceProfile(iam.InstanceProfile{ID: "AIPA9", Account: iamAcct, Path: "/web/", Name: "WEB"})
	})
	refusedUpdate(t, db, "no such role", fault.NotFound, "no-role-or-account", func(tx store.Tx) error {
		return tx.PutInstanceProfile(iam.InstanceProfile{ID: "AIPA9", Account: iamAcct, Name: "y", Role: "AROA9"})
	})
	update(t, db, func(tx store.Tx) error { return tx.DeleteInstanceProfile("AIPA1") })
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-instance-profile", func(tx store.Tx) error { return tx.DeleteInstanceProfile("AIPA1") })
	view(t, db, func(tx store.Tx) error {
		_, err := tx.InstanceProfileByName(iamAcct, "Web")
		refused(t, "gone", err, fault.NotFound, "no-instance-profile")
		return nil
	})
	equal(t, "count after", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, iam.InstanceProfiles) }), 2)
}

// testIAMQuotas: an account's own quotas, and counts of what never was.
func testIAMQuotas(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	view(t, db, func(tx store.Tx) error {
		n, err := tx.IAMCount(iamAcct, iam.Users)
		equal(t, "count of none", n, 0)
		_, missing := tx.IAMQuota(iamAcct, iam.Users)
		refused(t, "no quota of its own", missing, fault.NotFound, "no-quota")
		return err
	})
	for _, quota := range []int{200_000, 0, 3} {
		update(t, db, func(tx store.Tx) error { return tx.PutIAMQuota(iamAcct, iam.Users, quota) })
		equal(t, "quota", get(t, db, func(tx store.Tx) (int, error) { return tx.IAMQuota(iamAcct, iam.Users) }), quota)
	}
	refusedUpdate(t, db, "no account", fault.NotFound, "no-account", func(tx store.Tx) error { return tx.PutIAMQuota("999999999999", iam.Users, 1) })
	view(t, db, func(tx store.Tx) error {
		for _, none := range []error{second(tx.IAMQuota(iamAcct, iam.Groups)), second(tx.IAMQuota(iamOther, iam.Users))} {
			refused(t, "another's quota", none, fault.NotFound, "no-quota")
		}
		return nil
	})
	update(t, db, store.Tx.Clear)
	update(t, db, func(tx store.Tx) error { return tx.PutAccount(testAccount(iamAcct)) })
	view(t, db, func(tx store.Tx) error {
		refused(t, "a quota after Clear", second(tx.IAMQuota(iamAcct, iam.Users)), fault.NotFound, "no-quota")
		return nil
	})
}

func second[T any](_ T, err error) error { return err }
