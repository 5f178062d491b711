package orgfile_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"sekisho/internal/orgfile"
)

// good is a file with one of everything that a file can have.
const good = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com, alias: example, password: Root-Secret-53, access_key: {id: AKIAEXAMPLEEXAMPLE00, secret: root-key-is-secret}}
  accounts:
    - {id: "444455556666", name: Production, email: prod@example.com, ou: Workloads/Prod}
    - {name: Staging, email: staging@example.com}
  service_control_policies:
    - name: NoLeaving
      targets: [Root, Workloads, Production]
      document: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}]}
identity_center:
  region: eu-central-1
  subdomain: example
  directory_id: d-1234567890
  instance_id: ssoins-0123456789abcdef
  session_duration: PT8H
  users:
    - {username: jane, given_name: Jane, family_name: Doe, email: jane@example.com, password: Jane-Secret-53}
    - {username: taro, given_name: 太郎, family_name: 山田, display_name: 山田 太郎, email: taro@example.com, locale: ja, enabled: false}
    - {username: erika, given_name: Erika, family_name: M, email: erika@example.com, password: Erika-Secret-53, password_reset_required: true}
  groups:
    - {name: Admins, description: Who may do everything, members: [jane]}
    - {name: Everybody, members: [jane, taro, jane]}
    - {name: Nobody}
  permission_sets:
    - name: AdministratorAccess
      managed_policies: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    - name: Bounded
      description: In its bounds
      session_duration: PT4H
      relay_state: https://console.aws.amazon.com/s3
      managed_policies: []
      customer_managed_policies: [{name: Base}, {name: Extra, path: /team/x/}]
      permissions_boundary: arn:aws:iam::aws:policy/PowerUserAccess
      inline_policy:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Action: "s3:*", Resource: "*", Condition: {NumericLessThan: {"s3:max-keys": 10}, Bool: {"aws:SecureTransport": true}}}]
    - name: AsJSON
      inline_policy: '{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::<&>", "Condition": {"NumericLessThan": {"s3:max-keys": 12345678901234567890}} } ] }'
  assignments:
    - {account: Example Corp, permission_set: AdministratorAccess, groups: [Admins]}
    - {account: "444455556666", permission_set: AdministratorAccess, groups: [Admins], users: [taro]}
    - {account: Staging, permission_set: Bounded, groups: [Everybody, Everybody], users: [erika]}
iam:
  - account: Staging
    policies:
      - {name: Base, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:Get*", Resource: "*"}]}}
      - {name: Extra, path: /team/x/, description: More, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:Put*", Resource: "*"}]}, tags: {team: x}}
  - account: "444455556666"
    quotas: {users: 200000}
    groups: [{name: Developers, policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess", {name: Own, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "iam:ChangePassword", Resource: "*"}]}}]}]
    users:
      - {name: taro, path: /dev/, password: Taro-Secret-53, groups: [Developers], access_key: {id: AKIATAROTAROTAROTARO, secret: taro-key-is-secret}, permissions_boundary: Limit, tags: {team: x, cost: "1"}}
      - {name: hanako, groups: [Developers], policies: [Limit]}
    roles:
      - name: Deploy
        path: /ci/
        description: What pipelines use
        max_session_duration: PT2H
        trust_policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/Start"}, Action: "sts:AssumeRole"}]}
        policies: ["arn:aws:iam::aws:policy/PowerUserAccess", {name: Inline, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}}]
        permissions_boundary: Limit
        tags: {team: x}
      - name: Start
        trust_policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/dev/taro"},"Action":"sts:AssumeRole"}]}'
    policies: [{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
builder_ids: []
`

func parse(t testing.TB, text string) *orgfile.File {
	t.Helper()
	f, err := orgfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParse(t *testing.T) {
	t.Parallel()
	f := parse(t, good)
	ic := f.IdentityCenter
	if f.Organization.ManagementAccount.ID != "111122223333" || len(f.Organization.Accounts) != 2 || ic.SessionDuration.Duration != 8*time.Hour ||
		len(ic.Users) != 3 || *ic.Users[1].Enabled || len(ic.PermissionSets) != 3 || len(ic.Assignments) != 3 {
		t.Errorf("%+v", f)
	}
	if want := `{"Statement":[{"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":10}},"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`; ic.PermissionSets[1].InlinePolicy.JSON != want {
		t.Errorf("policy written as YAML: %s", ic.PermissionSets[1].InlinePolicy.JSON)
	}
	if want := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::<&>","Condition":{"NumericLessThan":{"s3:max-keys":12345678901234567890}}}]}`; ic.PermissionSets[2].InlinePolicy.JSON != want {
		t.Errorf("policy written as JSON: %s", ic.PermissionSets[2].InlinePolicy.JSON)
	}
	if got := strings.Join(f.NotApplied(), " "); got != "builder_ids" {
		t.Errorf("not applied: %s", got)
	}
	if len(parse(t, "{}").NotApplied()) != 0 {
		t.Error("what is not there is reported")
	}
	if printed := fmt.Sprintf("%+v %#v", f, f.IdentityCenter.Users[0]); strings.Contains(printed, "Secret-53") || strings.Contains(printed, "-key-is-secret") {
		t.Error("passwords are printed")
	}
}

// edit is good with one text replaced.
func edit(t testing.TB, old, replacement string) string {
	t.Helper()
	if strings.Count(good, old) == 0 {
		t.Fatalf("%q is not in the file", old)
	}
	return strings.Replace(good, old, replacement, 1)
}

// Every mistake is refused with words that say where and what (design, "The
// organisation file").
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"only a comment", "# nothing\n", "the file is empty"},
		{"a list", "[]", "cannot unmarshal"},
		{"a word", "hello", "cannot unmarshal"},
		{"no YAML", "a: [", "did not find"},
		{"two documents", "{}\n---\n{}\n", "second document"},
		{"broken second document", "{}\n---\n[", "did not find"},
		{"NUL", "a\x00b", "control characters"},

		{"unknown section", "organisation: {}", `line 1: unknown key "organisation"; did you mean "organization"?`},
		{"unknown key in a mapping", edit(t, "ou: Workloads/Prod", "out: Workloads/Prod"), `line 5: unknown key "out"; did you mean "ou"?`},
		{"unknown key of a user", edit(t, "username: jane", "user_name: jane"), `line 18: unknown key "user_name"; did you mean "username"?`},
		{"unknown key of a set", edit(t, "relay_state:", "relay:"), `line 31: unknown key "relay"`},
		{"key of another type", edit(t, "{name: Nobody}", "{username: Nobody}"), `line 24: unknown key "username"`},
		{"key in capitals", edit(t, "region:", "Region:"), `unknown key "Region"; did you mean "region"?`},
		{"merge key", edit(t, "{name: Nobody}", "{<<: {name: Nobody}}"), `unknown key "<<"`},
		{"key behind an alias", "identity_center: {users: &u [{nme: x}], groups: *u}", "unknown key"},
		{"key twice", edit(t, "region: eu-central-1", "region: a\n  region: b"), "already defined"},
		{"list for a mapping", edit(t, "{name: Nobody}", "[Nobody]"), "cannot unmarshal"},
		{"mapping for a list", edit(t, "members: [jane]", "members: {jane: true}"), "cannot unmarshal"},
		{"list for a secret", edit(t, "password: Jane-Secret-53", "password: [x]"), "cannot unmarshal"},

		{"people without an organization", "identity_center: {}", "needs an organization"},
		{"account without name", edit(t, "name: Staging, ", ""), "name and email are required"},
		{"account without address", edit(t, "name: Staging, email: staging@example.com", "name: Staging"), "name and email are required"},
		{"short account id", edit(t, `"444455556666"`, `"44445555666"`), "is not 12 digits"},
		{"account with a lost zero", edit(t, `"444455556666"`, `44445555666`), "leading zeros"},
		{"account name twice", edit(t, "name: Staging", "name: Production"), `account "Production" is there twice`},
		{"account id twice", edit(t, `"444455556666"`, `"111122223333"`), `account "111122223333" is there twice`},
		{"short key id", edit(t, "AKIAEXAMPLEEXAMPLE00", "AKIA"), `account "Example Corp": the access key id "AKIA" must be`},
		{"key without secret", edit(t, ", secret: root-key-is-secret", ""), "access_key needs an id"},
		{"user twice", edit(t, "username: taro", "username: jane"), `user "jane" is there twice`},
		{"user twice but for case", edit(t, "username: taro", "username: JANE"), `user "JANE" is there twice`},
		{"group twice", edit(t, "name: Nobody", "name: Admins"), `group "Admins" is there twice`},
		{"unknown member", edit(t, "members: [jane]", "members: [bob]"), `group "Admins" has the member "bob"`},
		{"set twice", edit(t, "name: Bounded", "name: AsJSON"), `permission set "AsJSON" is there twice`},
		{"set too long", edit(t, "PT4H", "PT13H"), "between PT1H and PT12H"},
		{"set too short", edit(t, "PT4H", "PT59M59S"), "between PT1H and PT12H"},
		{"policy without name", edit(t, "{name: Base}", "{path: /x/}"), "customer managed policy"},
		{"policy path", edit(t, "path: /team/x/", "path: /team"), "customer managed policy"},
		{"policy name with a path", edit(t, "name: Base", "name: /x/Base"), "customer managed policy"},
		{"assignment in an unknown account", edit(t, "account: Staging,", "account: Nowhere,"), `names the account "Nowhere"`},
		{"assignment of an unknown set", edit(t, "permission_set: Bounded", "permission_set: Free"), `names the permission set "Free"`},
		{"assignment to nobody", edit(t, ", groups: [Everybody, Everybody], users: [erika]", ""), "names neither groups nor users"},
		{"assignment to an unknown group", edit(t, "groups: [Everybody, Everybody]", "groups: [Some]"), `names the group "Some"`},
		{"assignment to an unknown user", edit(t, "users: [erika]", "users: [bob]"), `names the user "bob"`},

		{"duration in words", edit(t, "PT8H", "8 hours"), "is not an ISO 8601 duration"},
		{"negative duration", edit(t, "PT8H", "-PT8H"), "is not an ISO 8601 duration"},
		{"duration in months", edit(t, "PT8H", "P1M"), "is not an ISO 8601 duration"},
		{"parts of a second", edit(t, "PT8H", "PT8H0.5S"), "whole seconds"},
		{"more than any clock", edit(t, "PT8H", "P99999999999D"), "at most"},
		{"endless duration", edit(t, "PT8H", "PT"+strings.Repeat("9", 400)+"H"), "duration"},
		{"policy that is a list", edit(t, "inline_policy: '", "inline_policy: '[]' #"), "not a JSON object"},
		{"policy that is no JSON", edit(t, "inline_policy: '", "inline_policy: '{x' #"), "not a JSON object"},
		{"policy with a key that is none", edit(t, "Version: 2012-10-17", "Version: {1: {[x]: 2}}"), ""},
		{"policy without a number", edit(t, "Version: 2012-10-17", "Version: .nan"), "cannot be JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := orgfile.Parse([]byte(c.text))
			if err == nil {
				t.Fatalf("is taken: %+v", f)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), "Secret-53") {
				t.Errorf("a password is told: %v", err)
			}
		})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "org.yaml")
	if err := os.WriteFile(path, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := orgfile.Read(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x: 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := orgfile.Read(path); err == nil || !strings.Contains(err.Error(), path+": line 1:") {
		t.Errorf("%v", err)
	}
	if _, err := orgfile.Read(filepath.Join(dir, "none.yaml")); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	if _, err := orgfile.Read("../../examples/demo.yaml"); err != nil {
		t.Errorf("the demo organisation: %v", err)
	}
}

// Ten megabytes of nonsense and bombs of aliases are refused, or read, in a time
// that their size bounds.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	repeat := func(s string, n int) []byte { return bytes.Repeat([]byte(s), n) }
	var bomb strings.Builder
	bomb.WriteString("identity_center:\n  groups: [{name: x, members: &a0 [" + strings.Repeat("x,", 1000) + "]}]\n  assignments: &b0\n")
	for range 20_000 {
		bomb.WriteString("  - {account: x, permission_set: y, groups: *a0}\n")
	}
	var nested strings.Builder
	nested.WriteString("builder_ids:\n  a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&nested, "  a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	policy := strings.Replace(nested.String(), "builder_ids:", "organization: {management_account: {name: x, email: root@example.com}}\nidentity_center:\n permission_sets:\n - name: x\n   inline_policy:", 1)
	policy = strings.ReplaceAll(policy, "\n  a", "\n    a")
	for name, c := range map[string]struct {
		raw []byte
		ok  bool
	}{
		"brackets":               {repeat("[", 10<<20), false},
		"braces":                 {repeat("{", 10<<20), false},
		"dashes":                 {repeat("- ", 1<<20), false},
		"one word":               {repeat("x", 10<<20), false},
		"zeros":                  {make([]byte, 10<<20), false},
		"noise":                  {repeat("\xff\xfe\xfd", 3<<20), false},
		"quotes":                 {repeat(`"`, 1<<20), false},
		"comments":               {repeat("#\n", 1<<20), false},
		"one long key":           {append(repeat("k", 1<<20), ": 1"...), false},
		"aliases in lists":       {[]byte(bomb.String()), false},
		"aliases in a policy":    {[]byte(policy), false},
		"aliases, never applied": {[]byte(nested.String()), true},
		"alias of itself":        {[]byte("builder_ids: &a [*a]"), true},
		"account alias":          {[]byte("iam: &a [*a]"), false},
		"people alias":           {[]byte("identity_center: {users: &a [*a]}"), false},
		"policy alias of itself": {[]byte("organization: {management_account: {name: x, email: root@example.com}}\nidentity_center: {permission_sets: [{name: x, inline_policy: &p {a: *p}}]}"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			started := time.Now()
			_, err := orgfile.Parse(c.raw)
			if (err == nil) != c.ok {
				t.Errorf("%.200v", err)
			}
			if took := time.Since(started); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// What is read is written as something that is read the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	for _, s := range []string{"", "{}", "iam: &a [*a]", "identity_center: {session_duration: P1DT2H}", "organization: {management_account: {name: 1, email: 2}}", "\xff", "- - -", "a: !!binary x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			return
		}
		a, err := orgfile.Parse(raw)
		if err != nil {
			return
		}
		a.BuilderIDs = yaml.Node{}
		for i := range a.IAM {
			for j := range a.IAM[i].Users {
				a.IAM[i].Users[j].AccessKey = nil
			}
		}
		if a.Organization != nil {
			a.Organization.ManagementAccount.AccessKey = nil // secrets are not written
			for i := range a.Organization.Accounts {
				a.Organization.Accounts[i].AccessKey = nil
			}
		}
		once, err := a.Marshal()
		if err != nil {
			t.Fatalf("cannot be written: %v", err)
		}
		b, err := orgfile.Parse(once)
		if err != nil {
			t.Fatalf("cannot be read again: %v\n%s", err, once)
		}
		if twice, err := b.Marshal(); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("differs, %v:\n%s\n%s", err, once, twice)
		}
	})
}
