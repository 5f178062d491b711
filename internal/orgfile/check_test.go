package orgfile_test

import (
	"fmt"
	"strings"
	"testing"

	"sekisho/internal/orgfile"
)

// Whatever Apply would refuse without a look at the database, reading the file
// refuses, with the place (design, "The organisation file").
func TestCheck(t *testing.T) {
	t.Parallel()
	const (
		ofDevelopers = "iam of 444455556666: group \"Developers\": "
		ofTaro       = "iam of 444455556666: user \"taro\": "
		ofDeploy     = "iam of 444455556666: role \"Deploy\": "
		ofLimit      = "iam of 444455556666: policy \"Limit\": "
	)
	long := strings.Repeat("x", 10000)
	for _, c := range []struct{ name, old, replacement, want string }{
		{"account name", "name: Staging, email", "name: <Staging>, email", `account "<Staging>": account name`},
		{"account address", "staging@example.com", "staging", `account "Staging": account e-mail address "staging" is not valid`},
		{"address of another account", "staging@example.com", "ROOT@example.com", "another account has the e-mail address"},
		{"alias", "alias: example", "alias: Example", `account "Example Corp": account alias "Example"`},
		{"alias of another account", "name: Staging,", "name: Staging, alias: example,", "another account has the alias example"},
		{"root user's password twice", "password: Root-Secret-53", "password: x, password_file: y", `account "Example Corp": password and password_file exclude each other`},
		{"root user's key of a session", "AKIAEXAMPLEEXAMPLE00", "ASIAEXAMPLEEXAMPLE00", `account "Example Corp": the access key id "ASIAEXAMPLEEXAMPLE00" must be AKIA`},
		{"key of somebody else", "AKIATAROTAROTAROTARO", "AKIAEXAMPLEEXAMPLE00", ofTaro + `the access key "AKIAEXAMPLEEXAMPLE00" is there twice`},

		{"empty unit", "ou: Workloads/Prod", `ou: "X//../Y"`, `account "Production": ou "X//../Y": the name of an organisational unit`},
		{"unit called root", "ou: Workloads/Prod", "ou: Root/Prod", `account "Production": ou "Root/Prod" must be`},
		{"deep unit", "ou: Workloads/Prod", "ou: a/b/c/d/e/f", `account "Production": ou "a/b/c/d/e/f" must be`},

		{"control policy's document", `Statement: [{Effect: Deny, Action: "organizations`, `Statement: [{Effect: Refuse, Action: "organizations`, `service control policy "NoLeaving": document of line 10, written as JSON: line 1, column `},
		{"control policy with a principal", "Effect: Deny, Action", `Principal: "*", Effect: Deny, Action`, `service control policy "NoLeaving": document`},
		{"long control policy", "Effect: Deny, Action", `Sid: ` + long + `, Effect: Deny, Action`, `service control policy "NoLeaving": the document must be at most 5120 bytes`},
		{"control policy's target", "targets: [Root", "targets: [Elsewhere", `service control policy "NoLeaving": the target "Elsewhere"`},
		{"control policy's name", "name: NoLeaving", "name: " + long, "the name must be at most 128 characters"},

		{"region", "eu-central-1", "Frankfurt", `identity_center: region "Frankfurt"`},
		{"subdomain", "subdomain: example", "subdomain: view", `identity_center: subdomain "view"`},
		{"directory id", "d-1234567890", "1234567890", "identity_center: directory_id"},
		{"instance id", "ssoins-0123456789abcdef", "evil.example/", "identity_center: instance_id"},
		{"portal session", "session_duration: PT8H", "session_duration: P91D", "15 minutes and 90 days"},
		{"user name", "{username: erika,", `{username: "eri ka",`, `user "eri ka": user name`},
		{"user's address", "erika@example.com", "erika", `user "erika": e-mail address`},
		{"address of another user", "erika@example.com", "Jane@example.com", `user "erika": another user has the e-mail address Jane@example.com`},
		{"password twice", "password: Jane-Secret-53", "password: x, password_file: jane.txt", `user "jane": password and password_file exclude each other`},
		{"group name", "{name: Nobody}", "{name: ''}", "group name"},
		{"set's name", "- name: AsJSON", "- name: As JSON", `permission set "As JSON": permission set name`},
		{"set's managed policy", "arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess", `permission set "AdministratorAccess": "AdministratorAccess" is not the ARN`},
		{"set's boundary", "permissions_boundary: arn:aws:iam::aws:policy/PowerUserAccess", "permissions_boundary: PowerUserAccess", `permission set "Bounded": permissions_boundary: "PowerUserAccess" is not the ARN`},
		{"set's boundary of the account", "permissions_boundary: arn:aws:iam::aws:policy/PowerUserAccess", "permissions_boundary: /a b/c", `permission set "Bounded": permissions_boundary: the path "/a b/"`},
		{"set's policy", `"Effect": "Allow", "Action": "*", "Resource": "arn`, `"Effect": "allow", "Action": "*", "Resource": "arn`, `permission set "AsJSON": inline_policy: document of line 39: line 1, column 55: The policy failed legacy parsing`},
		{"set's policy, key twice", `"Effect": "Allow", "Action": "*", "Resource": "arn`, `"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "arn`, `permission set "AsJSON": inline_policy: document of line 39: line 1, column`},
		{"set's long policy", "arn:aws:s3:::<&>", "arn:aws:s3:::" + long + long[:300] + "<&>", `permission set "AsJSON": inline_policy must have at most 10240 characters`},

		{"quota of nothing", "quotas: {users: 200000}", "quotas: {people: 5}", `iam of 444455556666: quotas: there is none for "people"`},
		{"no quota", "quotas: {users: 200000}", "quotas: {users: 0}", "iam of 444455556666: quotas: users must be at least 1"},
		{"group name", "{name: Developers,", `{name: "g/*",`, `iam of 444455556666: group "g/*": the name "g/*" must be`},
		{"user name of a pattern", "{name: hanako,", `{name: "*",`, `iam of 444455556666: user "*": the name "*" must be`},
		{"user name with a path", "{name: hanako,", `{name: "dev/taro",`, `the name "dev/taro" must be`},
		{"user name of other letters", "{name: hanako,", "{name: 山田,", `the name "山田" must be`},
		{"user's path", "path: /dev/", "path: dev", ofTaro + `the path "dev" must begin and end with /`},
		{"user's name twice", "{name: hanako,", "{name: TARO,", `iam of 444455556666: user "TARO" is there twice`},
		{"user in no group", "{name: hanako, groups: [Developers]", "{name: hanako, groups: [Others]", `user "hanako" is in the group "Others", which is not in groups`},
		{"user's tag", "tags: {team: x, cost", "tags: {aws:team: x, cost", ofTaro + "System tags cannot be added"},
		{"user's tag twice", "tags: {team: x, cost", "tags: {team: x, Team: y, cost", ofTaro + "Duplicate tag keys found"},
		{"user's tag of other characters", "tags: {team: x, cost", `tags: {"te*m": x, cost`, ofTaro + `the tag key "te*m"`},
		{"user's boundary", "permissions_boundary: Limit, tags: {team: x, cost", `permissions_boundary: "arn:aws:iam::111122223333:policy/Limit", tags: {team: x, cost`, ofTaro + `permissions_boundary: "arn:aws:iam::111122223333:policy/Limit" is a policy of another account`},
		{"user's key", "AKIATAROTAROTAROTARO", "ASIATAROTAROTAROTARO", ofTaro + `the access key id "ASIATAROTAROTAROTARO"`},
		{"user's secret", "secret: taro-key-is-secret", "secret: s", ofTaro + "the secret of the access key AKIATAROTAROTAROTARO must have 16 to 128 bytes"},
		{"user's secret twice", "secret: taro-key-is-secret", "secret: taro-key-is-secret, secret_file: x", ofTaro + "secret and secret_file exclude each other"},
		{"user's policy", "policies: [Limit]}", `policies: ["p/q"]}`, `iam of 444455556666: user "hanako": policies: the name "p/q"`},
		{"user's policy that is none", "policies: [Limit]}", `policies: [""]}`, `iam of 444455556666: user "hanako": one of its policies is empty`},
		{"group's policy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:group/ReadOnlyAccess", ofDevelopers + `policies: "arn:aws:iam::aws:group/ReadOnlyAccess" is not the ARN`},
		{"inline policy's name", "{name: Own,", "{name: My Own,", ofDevelopers + `policy "My Own": the name "My Own"`},
		{"inline policy twice", "{name: Own,", `{name: OWN, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}, {name: Own,`, ofDevelopers + `policy "Own": is there twice`},
		{"inline policy's document", `{name: Own, document: {Version: "2012-10-17", Statement: [{Effect: Allow`, `{name: Own, document: {Version: "2012-10-17", Statement: [{Effect: Permit`, ofDevelopers + `policy "Own": document of line 51, written as JSON: line 1, column 55: Syntax errors in policy (Effect is Allow or Deny)`},
		{"long inline policies", `Action: "iam:ChangePassword", Resource: "*"`, `Action: "iam:ChangePassword", Resource: "arn:aws:s3:::` + long + `"`, "Maximum policy size of 5120 bytes exceeded for group Developers"},
		{"role name of AWS's", "- name: Deploy", "- name: AWSReservedSSO_Deploy", "Role names that begin with 'AWSReservedSSO_' are reserved"},
		{"role's path of AWS's", "path: /ci/", "path: /aws-reserved/ci/", ofDeploy + "Path prefix '/aws-reserved/' can only be used by AWS"},
		{"role's path of a service's", "path: /ci/", "path: /aws-service-role/ci/", ofDeploy + "Path prefix '/aws-service-role/'"},
		{"role's description", "What pipelines use", "何でも", ofDeploy + "the description has characters"},
		{"role's session", "max_session_duration: PT2H", "max_session_duration: PT13H", ofDeploy + "max_session_duration must be between PT1H and PT12H"},
		{"role's trust in no form", `role/Start"}`, `bird/Start"}`, ofDeploy + "trust_policy: document of line 60, written as JSON: line 1, column"},
		{"role's trust", `"Action":"sts:AssumeRole"}]}'`, `"Action":"s3:GetObject"}]}'`, "iam of 444455556666: role \"Start\": trust_policy: document of line 65: line 1, column"},
		{"role's long trust", `"Action":"sts:AssumeRole"}]}'`, `"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:userid":"` + long + `"}}}]}'`, "Cannot exceed quota for ACLSizePerRole: 2048"},
		{"policy's path", "path: /team/x/, description", `path: "/team/*/", description`, `iam of Staging: policy "Extra": the path "/team/*/"`},
		{"policy's document", `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*"`, `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "everything"`, ofLimit + "document of line 66, written as JSON: line 1, column"},
		{"policy's document of other letters", `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"`, `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "arn:aws:s3:::山"`, ofLimit + "document of line 66, written as JSON: line 1, column 71: Syntax errors in policy"},
		{"long policy", `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"`, `{name: Limit, document: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "arn:aws:s3:::` + long + `"`, ofLimit + "Cannot exceed quota for PolicySize: 6144"},
	} {
		f, err := orgfile.Parse([]byte(edit(t, c.old, c.replacement)))
		if err == nil {
			t.Errorf("%s is taken: %+v", c.name, f)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		for _, hidden := range []string{"Secret-53", "key-is-secret"} {
			if strings.Contains(err.Error(), hidden) {
				t.Errorf("%s: a secret is told: %v", c.name, err)
			}
		}
	}
}

// Mistakes are told together, in the file's order, and not without end.
func TestCheckTellsAll(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("staging@example.com", "staging", "{name: hanako,", `{name: "*",`, "{username: erika,", `{username: "eri ka",`).Replace(good)
	_, err := orgfile.Parse([]byte(text))
	lines := strings.Split(fmt.Sprint(err), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], `account "Staging"`) || !strings.HasPrefix(lines[1], "iam of 444455556666") || !strings.HasPrefix(lines[2], `user "eri ka"`) {
		t.Errorf("%v", err)
	}
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, `, {name: "*%d"}`, i)
	}
	_, err = orgfile.Parse([]byte(edit(t, "groups: [{name: Developers, ", "groups: ["+many.String()[2:]+", {name: Developers, ")))
	if lines = strings.Split(fmt.Sprint(err), "\n"); len(lines) != 51 || lines[50] != "and 950 mistakes more" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// What only the database can know is Apply's to refuse.
func TestCheckLeavesReferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, replacement string }{
		{"policies: [Limit]}", "policies: [Unlimited]}"},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/Imported"},
		{"user/dev/taro", "user/dev/nobody"},
		{"targets: [Root", `targets: ["999988887777"`},
		{"secret: taro-key-is-secret", "secret_file: elsewhere"},
	} {
		parse(t, edit(t, c.old, c.replacement))
	}
}

// What is right and probably not meant is told beside.
func TestWarnings(t *testing.T) {
	t.Parallel()
	if got := parse(t, good).Warnings(); len(got) != 0 {
		t.Errorf("%q", got)
	}
	got := parse(t, edit(t, "      targets: [Root, Workloads, Production]\n", "")).Warnings()
	if len(got) != 1 || got[0] != `service control policy "NoLeaving" has no targets: it restricts nobody` {
		t.Errorf("%q", got)
	}
}
