package orgfile_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/orgfile"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC)

// house is a database to which files are applied. Hashes of passwords are the
// passwords with a mark.
type house struct {
	*testing.T
	db     store.DB
	hashed int
}

func newHouse(t *testing.T) *house { return &house{T: t, db: storetest.Open(t)} }

func (h *house) try(f *orgfile.File) ([]orgfile.Change, error) {
	a := &orgfile.Applier{Store: h.db, Hash: func(_ context.Context, s secret.String) (string, error) {
		h.hashed++
		return "hash of " + s.Reveal(), nil
	}}
	return a.Apply(h.Context(), f, now)
}

func (h *house) apply(text string) []orgfile.Change {
	h.Helper()
	changes, err := h.try(parse(h, text))
	if err != nil {
		h.Fatal(err)
	}
	return slices.DeleteFunc(changes, func(c orgfile.Change) bool { return c.Action == "not applied" })
}

func (h *house) view(fn func(store.Tx) error) {
	h.Helper()
	if err := h.db.View(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) update(fn func(store.Tx) error) {
	h.Helper()
	if err := h.db.Update(h.Context(), nil, fn); err != nil {
		h.Fatal(err)
	}
}

func lines(changes []orgfile.Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintln(&b, c)
	}
	return b.String()
}

func (h *house) export() string {
	h.Helper()
	f, err := orgfile.Export(h.Context(), h.db, "")
	if err != nil {
		h.Fatal(err)
	}
	raw, err := f.Marshal()
	if err != nil {
		h.Fatal(err)
	}
	return string(raw)
}

// Applying a file again changes nothing, and neither does what Export writes:
// it is a fixed point, with everything that a file can have.
func TestApplyIsIdempotent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.apply(good)
	if len(first) < 20 {
		t.Errorf("the first time:\n%s", lines(first))
	}
	hashed := h.hashed
	if again := h.apply(good); len(again) != 0 {
		t.Errorf("the second time:\n%s", lines(again))
	}
	if h.hashed != hashed {
		t.Error("passwords that are set were hashed again")
	}
	exported := h.export()
	if changes := h.apply(exported); len(changes) != 0 {
		t.Errorf("the exported file:\n%s\n%s", lines(changes), exported)
	}
	if again := h.export(); again != exported {
		t.Errorf("exported, applied and exported:\n%s\n%s", exported, again)
	}
	for _, s := range []string{"Secret-53", "root-key-is-secret", "hash of", "AKIA", "password"} {
		if strings.Contains(exported, s) {
			t.Errorf("the export has %q", s)
		}
	}
	// A new database made from the export is the same organisation.
	other := newHouse(t)
	other.apply(exported)
	if got := other.export(); sorted(got) != sorted(exported) {
		t.Errorf("elsewhere:\n%s\n%s", got, exported)
	}
}

// sorted is text with its lines in order: members and assignments are listed in
// the order of random ids.
func sorted(text string) string {
	l := strings.Split(text, "\n")
	slices.Sort(l)
	return strings.Join(l, "\n")
}

func TestApply(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	h.view(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil || o.ManagementAccount != "111122223333" || !regexp.MustCompile(`^o-[a-z0-9]{10}$`).MatchString(o.ID) {
			t.Errorf("organization %+v, %v", o, err)
		}
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		staging := account.Account{}
		for _, a := range accounts {
			if a.Name == "Staging" {
				staging = a
			}
			if a.Status != account.Active || !a.FromFile || !a.CreatedAt.Equal(now) {
				t.Errorf("account %+v", a)
			}
		}
		if len(accounts) != 3 || len(staging.ID) != 12 {
			t.Errorf("accounts %+v", accounts)
		}
		i, err := access.Home(tx)
		if err != nil || i.ID != "ssoins-0123456789abcdef" || i.Region != "eu-central-1" || i.Subdomain != "example" || i.SessionDuration != 8*time.Hour || i.Owner != "111122223333" {
			t.Errorf("instance %+v, %v", i, err)
		}
		jane, err := storetest.User(tx, "jane")
		if err != nil || jane.DisplayName != "Jane Doe" || jane.Disabled || !jane.FromFile {
			t.Errorf("jane %+v, %v", jane, err)
		}
		taro, err := storetest.User(tx, "taro")
		if err != nil || taro.DisplayName != "山田 太郎" || !taro.Disabled || taro.Locale != "ja" {
			t.Errorf("taro %+v, %v", taro, err)
		}
		bounded, err := storetest.PermissionSet(tx, "Bounded")
		if err != nil || bounded.SessionDuration != 4*time.Hour || strings.Join(bounded.CustomerPolicies, " ") != "/Base /team/x/Extra" || bounded.Boundary == "" || bounded.RelayState == "" {
			t.Errorf("set %+v, %v", bounded, err)
		}
		admin, err := storetest.PermissionSet(tx, "AdministratorAccess")
		if err != nil || admin.SessionDuration != time.Hour { // G-38
			t.Errorf("set %+v, %v", admin, err)
		}
		for _, who := range []struct {
			user, account, set string
			want               bool
		}{
			{jane.ID, "111122223333", admin.ID, true}, {jane.ID, "444455556666", admin.ID, true}, {jane.ID, staging.ID, bounded.ID, true},
			{taro.ID, "111122223333", admin.ID, false}, {taro.ID, "444455556666", admin.ID, true}, {jane.ID, staging.ID, admin.ID, false},
		} {
			if got, err := tx.Holds(who.user, who.account, who.set); err != nil || got != who.want {
				t.Errorf("%+v: %v, %v", who, got, err)
			}
		}
		return nil
	})
	var events []string
	h.view(func(tx store.Tx) error {
		all, err := tx.Events(store.EventFilter{Name: "ApplyOrganizationFile", Limit: 10})
		for _, e := range all {
			events = append(events, e.Source+" "+e.UserName+" "+e.Detail["changes"])
		}
		return err
	})
	if len(events) != 1 || !strings.HasPrefix(events[0], "sekisho operator ") {
		t.Errorf("the trail has %q", events)
	}
}

// Ids, region and subdomain are given once and kept (D-04).
func TestWhatCannotChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"directory", edit(t, "d-1234567890", "d-0987654321"), "directory_id is d-1234567890 and cannot be changed"},
		{"instance", edit(t, "ssoins-0123456789abcdef", "ssoins-fedcba9876543210"), "instance_id is ssoins-0123456789abcdef and cannot be changed"},
		{"region", edit(t, "region: eu-central-1", "region: us-east-1"), "region is eu-central-1 and cannot be changed"},
		{"subdomain", edit(t, "subdomain: example", "subdomain: another"), "subdomain is example and cannot be changed"},
		{"management account", edit(t, `{id: "111122223333", name: Example Corp, email: root@example.com, alias: example`, `{id: "999988887777", name: Other, email: other@example.com`), "cannot be changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.apply(good)
			before := h.export()
			text := strings.ReplaceAll(c.text, "account: Example Corp", `account: Production`)
			if _, err := h.try(parse(t, text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if h.export() != before {
				t.Error("something changed all the same")
			}
		})
	}
	h := newHouse(t)
	small := "organization: {management_account: {name: X, email: root@example.com}}\nidentity_center: {}"
	h.apply(small)
	var made access.Instance
	h.view(func(tx store.Tx) (err error) { made, err = access.Home(tx); return err })
	if made.Region != "us-east-1" || made.SessionDuration != 8*time.Hour || made.Validate() != nil { // G-56
		t.Errorf("made %+v", made)
	}
	if again := h.apply(small); len(again) != 0 {
		t.Errorf("generated ids are not kept:\n%s", lines(again))
	}
	h.apply(strings.Replace(small, "{}", "{subdomain: chosen}", 1))
	if again := h.apply(small); len(again) != 0 {
		t.Errorf("leaving the subdomain out:\n%s", lines(again))
	}
}

// What the file does not say any more goes; accounts stay; what came from
// elsewhere stays.
func TestRemoval(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	var taro directory.User
	h.update(func(tx store.Tx) error {
		inst, err := access.Home(tx)
		if err != nil {
			return err
		}
		other := directory.User{ID: "00000000-0000-4000-8000-000000000001", Directory: inst.DirectoryID, UserName: "other", GivenName: "O", FamilyName: "O", DisplayName: "O", Email: "other@example.com", CreatedAt: now, UpdatedAt: now}
		if err := tx.PutUser(other); err != nil {
			return err
		}
		if err := tx.PutGroup(directory.Group{ID: "00000000-0000-4000-8000-000000000002", Directory: inst.DirectoryID, DisplayName: "Other", CreatedAt: now}); err != nil {
			return err
		}
		if err := tx.PutPermissionSet(access.PermissionSet{ID: "ps-0000000000000000", Instance: inst.ID, Name: "Other", SessionDuration: time.Hour, CreatedAt: now}); err != nil {
			return err
		}
		if taro, err = storetest.User(tx, "taro"); err != nil {
			return err
		}
		// An assignment from elsewhere, to somebody whom the file will drop.
		for _, a := range []access.Assignment{
			{Account: "444455556666", PermissionSet: "ps-0000000000000000", PrincipalType: access.ToUser, PrincipalID: "00000000-0000-4000-8000-000000000001"},
			{Account: "111122223333", PermissionSet: "ps-0000000000000000", PrincipalType: access.ToUser, PrincipalID: taro.ID},
		} {
			if err := access.Assign(tx, now, a); err != nil {
				return err
			}
		}
		_, err = session.Begin(tx, "s-taro", taro.ID, now, time.Hour, "", "")
		return err
	})
	changes := h.apply(`
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com, alias: example}
identity_center:
  users:
    - {username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}
  permission_sets:
    - {name: AdministratorAccess, managed_policies: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
  assignments:
    - {account: Example Corp, permission_set: AdministratorAccess, users: [jane]}
`)
	got := lines(changes)
	for _, want := range []string{
		"delete      user taro\n", "delete      user erika\n", "delete      group Admins\n", "delete      group Everybody\n", "delete      permission set Bounded\n", "delete      permission set AsJSON\n",
		"keep        account 444455556666 (Production): not in the file any more; accounts are closed, not removed\n", "create      assignment AdministratorAccess in Example Corp to user jane\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not reported: %q, in\n%s", want, got)
		}
	}
	if again := h.apply(h.export()); strings.Contains(lines(again), "delete") {
		t.Errorf("again:\n%s", lines(again))
	}
	h.view(func(tx store.Tx) error {
		for what, err := range map[string]error{
			"user from elsewhere":  second(storetest.User(tx, "other")),
			"group from elsewhere": second(storetest.Group(tx, "Other")),
			"set from elsewhere":   second(storetest.PermissionSet(tx, "Other")),
			"account":              second(tx.Account("444455556666")),
			"role of who stays":    second(tx.RoleOfPermissionSet("444455556666", "ps-0000000000000000")),
		} {
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, err := range map[string]error{
			"user": second(storetest.User(tx, "taro")), "group": second(storetest.Group(tx, "Admins")), "set": second(storetest.PermissionSet(tx, "Bounded")), "session": second(tx.Session("s-taro")),
			"role of who went": second(tx.RoleOfPermissionSet("111122223333", "ps-0000000000000000")),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s is still there: %v", what, err)
			}
		}
		admin, err := storetest.PermissionSet(tx, "AdministratorAccess")
		if err != nil {
			return err
		}
		// The last assignment of a set in an account takes the role with it.
		if _, err := tx.RoleOfPermissionSet("444455556666", admin.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the role in Production stays: %v", err)
		}
		_, err = tx.RoleOfPermissionSet("111122223333", admin.ID)
		return err
	})
}

func second[T any](_ T, err error) error { return err }

// People change names, and take over addresses.
func TestRenames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	var jane directory.User
	h.view(func(tx store.Tx) (err error) { jane, err = storetest.User(tx, "jane"); return err })

	capital := strings.NewReplacer("username: jane", "username: Jane", "[jane", "[Jane", ", jane]", ", Jane]").Replace(good)
	if got := lines(h.apply(capital)); got != "update      user Jane\n" {
		t.Errorf("another case:\n%s", got)
	}
	h.view(func(tx store.Tx) error {
		u, err := storetest.User(tx, "jane")
		if err == nil && (u.ID != jane.ID || u.UserName != "Jane") {
			t.Errorf("after another case: %+v", u)
		}
		return err
	})
	if again := h.apply(capital); len(again) != 0 {
		t.Errorf("again:\n%s", lines(again))
	}
	renamed := strings.NewReplacer("username: jane", "username: jane.doe", "[jane", "[jane.doe", ", jane]", ", jane.doe]").Replace(good)
	got := lines(h.apply(renamed))
	if !strings.Contains(got, "delete      user Jane\n") || !strings.Contains(got, "create      user jane.doe\n") {
		t.Errorf("another name with the same address:\n%s", got)
	}
	if again := h.apply(renamed); len(again) != 0 {
		t.Errorf("again:\n%s", lines(again))
	}
	got = lines(h.apply(strings.ReplaceAll(strings.ReplaceAll(renamed, "Production", "Live"), "prod@", "live@")))
	if got != "update      account 444455556666 (Live)\n" {
		t.Errorf("an account by its id:\n%s", got)
	}
}

// Disabling a person ends what the person has open.
func TestDisabling(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	h.update(func(tx store.Tx) error {
		jane, err := storetest.User(tx, "jane")
		if err != nil {
			return err
		}
		_, err = session.Begin(tx, "s1", jane.ID, now, time.Hour, "", "")
		return err
	})
	if got := lines(h.apply(edit(t, "email: jane@example.com,", "email: jane@example.com, enabled: false,"))); got != "update      user jane\n" {
		t.Errorf("%s", got)
	}
	h.view(func(tx store.Tx) error {
		s, err := tx.Session("s1")
		if err == nil && (s.EndReason != session.UserDisabled || !s.EndedAt.Equal(now)) {
			t.Errorf("session %+v", s)
		}
		return err
	})
	if got := lines(h.apply(good)); got != "update      user jane\n" {
		t.Errorf("enabling again: %s", got)
	}
}

// What was mailed to a person's address opens nothing once the file has moved the person
// to another one, or disabled them: not even when they are enabled again (takeover by
// who reads the old address).
func TestMailedLinksEndWithTheAddress(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{"moved": "email: jane2@example.com,", "disabled": "email: jane@example.com, enabled: false,"} {
		h := newHouse(t)
		h.apply(good)
		var reset, verification secret.String
		h.update(func(tx store.Tx) error {
			jane, err := storetest.User(tx, "jane")
			if err != nil {
				return err
			}
			if reset, err = people.ResetPassword(tx, jane, now); err != nil {
				return err
			}
			verification, err = people.StartVerification(tx, jane, now)
			return err
		})
		h.apply(edit(t, "email: jane@example.com,", change))
		h.apply(good)
		h.view(func(tx store.Tx) error {
			if _, err := credential.OpenResetLink(tx, reset, now); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: the link for a new password: %v", name, err)
			}
			if _, err := people.OpenVerification(tx, verification, now); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: the link that verifies the address: %v", name, err)
			}
			return nil
		})
	}
}

// A file that fails in the middle, on what only the database knows, leaves nothing
// of itself, nor an event; what IAM refuses is told in IAM's words.
func TestApplyIsAtomic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"trust in nobody", edit(t, "user/dev/taro", "user/dev/nobody"), `Invalid principal in policy: "AWS":"arn:aws:iam::444455556666:user/dev/nobody"`},
		{"policy that is not there", edit(t, "policies: [Limit]}", "policies: [Unlimited]}"), `there is no policy "Unlimited" in the account`},
		{"AWS's policy that is not there", edit(t, "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadNothing"), "does not exist or is not attachable"},
		{"boundary that is not there", edit(t, "permissions_boundary: Limit\n", "permissions_boundary: Unlimited\n"), `there is no policy "Unlimited" in the account`},
		{"policy of a permission set that is not there", edit(t, "customer_managed_policies: [{name: Base}", "customer_managed_policies: [{name: Missing}"), "Missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			_, err := h.try(parse(t, c.text))
			if err == nil {
				t.Fatal("is applied")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			h.view(func(tx store.Tx) error {
				if accounts, err := tx.Accounts(); err != nil || len(accounts) != 0 {
					t.Errorf("accounts %v, %v", accounts, err)
				}
				if events, err := tx.Events(store.EventFilter{Limit: 10}); err != nil || len(events) != 0 {
					t.Errorf("events %v, %v", events, err)
				}
				return nil
			})
		})
	}
	h := newHouse(t)
	broken := errors.New("no memory left")
	a := &orgfile.Applier{Store: h.db, Hash: func(context.Context, secret.String) (string, error) { return "", broken }}
	if _, err := a.Apply(t.Context(), parse(t, good), now); !errors.Is(err, broken) {
		t.Errorf("a failing hash: %v", err)
	}
}

func TestNotAppliedIsReported(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	changes, err := h.try(parse(t, good))
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(changes[:1]); got != `not applied section builder_ids: this version does not manage it yet
` {
		t.Errorf("%s", got)
	}
	if got := newHouse(t).apply("{}"); len(got) != 0 {
		t.Errorf("an empty file: %s", lines(got))
	}
}

func TestExportOfNothing(t *testing.T) {
	t.Parallel()
	if got := newHouse(t).export(); strings.TrimSpace(got) != "{}" {
		t.Errorf("%q", got)
	}
}

// Thousands of accounts and assignments are applied in seconds (promises, "what
// the field's users complain about").
func TestLargeOrganisation(t *testing.T) {
	t.Parallel()
	const accounts = 2000
	var b strings.Builder
	b.WriteString("organization:\n  management_account: {name: Big, email: root@example.com}\n  accounts:\n")
	for i := range accounts {
		fmt.Fprintf(&b, "    - {id: \"%012d\", name: A%d, email: a%d@example.com, ou: Workloads}\n", 300000000000+i, i, i)
	}
	b.WriteString("identity_center:\n  users:\n    - {username: jane, given_name: J, family_name: D, email: jane@example.com}\n  groups: [{name: Admins, members: [jane]}]\n" +
		"  permission_sets: [{name: Admin}, {name: ReadOnly}]\n  assignments:\n")
	for i := range accounts {
		fmt.Fprintf(&b, "    - {account: A%d, permission_set: Admin, groups: [Admins]}\n    - {account: A%d, permission_set: ReadOnly, users: [jane]}\n", i, i)
	}
	h := newHouse(t)
	started := time.Now()
	f := parse(t, b.String())
	if _, err := h.try(f); err != nil {
		t.Fatal(err)
	}
	first := time.Since(started)
	started = time.Now()
	changes, err := h.try(f)
	if err != nil || len(changes) != 0 {
		t.Errorf("again: %d changes, %v", len(changes), err)
	}
	t.Logf("%d accounts with %d assignments: %v, again %v", accounts, 2*accounts, first, time.Since(started))
	if first > 30*time.Second {
		t.Errorf("took %v", first)
	}
	var held int
	h.view(func(tx store.Tx) error {
		all, err := page.All(tx.Assignments)
		held = len(all)
		return err
	})
	if held != 2*accounts {
		t.Errorf("%d assignments", held)
	}
}
