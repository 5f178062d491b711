package compat

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/test/compat/harness"
)

// cli is the AWS CLI of one person's machine, whose profiles it writes as its
// user would.
type cli struct {
	t    *testing.T
	s    *harness.Server
	home *harness.Home

	config, credentials string
}

// newCLI is a CLI whose profile "root" is the member account's root user.
func newCLI(t *testing.T, s *harness.Server) *cli {
	t.Helper()
	c := &cli{t: t, s: s, home: s.Home(t).Overlay()}
	c.profile("root", productionRoot)
	return c
}

// profile gives a profile static credentials.
func (c *cli) profile(name string, k keys) {
	c.t.Helper()
	c.configure(name)
	c.credentials += fmt.Sprintf("[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n", name, k.ID, k.Secret)
	if k.Token != "" {
		c.credentials += "aws_session_token = " + k.Token + "\n"
	}
	c.home.Write(".aws/credentials", c.credentials)
}

// configure gives a profile settings, KEY = VALUE.
func (c *cli) configure(name string, settings ...string) {
	c.t.Helper()
	c.config += fmt.Sprintf("[profile %s]\nregion = %s\n%s\n\n", name, region, strings.Join(settings, "\n"))
	c.home.Write(".aws/config", c.config)
}

func (c *cli) args(profile, line string, more []string) []string {
	return append(append(strings.Fields(line), more...), "--profile", profile)
}

// ok runs `aws LINE MORE… --profile PROFILE`, which must succeed, and returns
// what it prints.
func (c *cli) ok(profile, line string, more ...string) string {
	c.t.Helper()
	return strings.TrimSpace(c.home.Must(awsCLI, c.args(profile, line, more)...))
}

// text is ok for one value of the answer, by a JMESPath query.
func (c *cli) text(profile, line, query string, more ...string) string {
	c.t.Helper()
	return c.ok(profile, line, append(more, "--output", "text", "--query", query)...)
}

// refused runs a command that has to fail, with an error whose text is all of
// the pattern, as the CLI prints it.
func (c *cli) refused(profile, pattern, line string, more ...string) {
	c.t.Helper()
	r := c.home.Run(awsCLI, c.args(profile, line, more)...)
	if got := strings.TrimSpace(r.Stderr); r.Code != 254 || !regexp.MustCompile(`\A(?:`+pattern+`)\z`).MatchString(got) {
		c.t.Errorf("aws %s: exit %d, %q; want 254 and %s", line, r.Code, got, pattern)
	}
}

// accessKey makes an access key for a user and a profile of that name.
func (c *cli) accessKey(by, user, profile string) keys {
	c.t.Helper()
	var out struct {
		AccessKey struct{ AccessKeyID, SecretAccessKey, Status, UserName string }
	}
	c.json(&out, by, "iam create-access-key --user-name "+user)
	k := keys{ID: out.AccessKey.AccessKeyID, Secret: c.s.Secret("a secret key of "+user, out.AccessKey.SecretAccessKey)}
	matches(c.t, "an access key's id", k.ID, `AKIA[A-Z2-7]{16}`)
	matches(c.t, "a secret access key", k.Secret, `[A-Za-z0-9+/]{40}`)
	if out.AccessKey.Status != "Active" || out.AccessKey.UserName != user {
		c.t.Errorf("the new key is %s's and %s", out.AccessKey.UserName, out.AccessKey.Status)
	}
	c.profile(profile, k)
	return k
}

func (c *cli) json(out any, profile, line string, more ...string) {
	c.t.Helper()
	raw := c.ok(profile, line, more...)
	if err := json.Unmarshal([]byte(raw), out); err != nil {
		c.t.Fatalf("aws %s: %v in %q", line, err, raw)
	}
}

// TestCLIAdministrator is how an account begins: its root user makes a group of
// administrators and a first user, who does the rest with a key of their own and
// rotates it; the administrator sees account id, alias and names (C-01, C-02, C-04,
// C-15, C-18 to C-23, R-19, R-20).
func TestCLIAdministrator(t *testing.T) {
	t.Parallel()
	c := newCLI(t, startIAM(t))
	c.ok("root", "iam create-group --group-name Administrators")
	c.ok("root", "iam attach-group-policy --group-name Administrators --policy-arn "+administratorAccess)
	matches(t, "the user's ARN", c.text("root", "iam create-user --user-name Zhang@example.com --path /people/", "User.Arn"),
		`arn:aws:iam::`+production+`:user/people/Zhang@example.com`)
	c.ok("root", "iam wait user-exists --user-name Zhang@example.com")
	c.ok("root", "iam create-login-profile --user-name Zhang@example.com --password-reset-required --password",
		c.s.Secret("the user's password", "Barrier-Station-1600"))
	old := c.accessKey("root", "Zhang@example.com", "zhang")

	matches(t, "the caller", c.text("zhang", "sts get-caller-identity", "[Arn,UserId]"), `arn:aws:iam::`+production+`:user/people/Zhang@example.com\sAIDA[A-Z2-7]{17}`)
	c.refused("zhang", `An error occurred \(AccessDenied\) when calling the CreateUser operation: User: arn:aws:iam::`+production+
		`:user/people/Zhang@example\.com is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::`+production+
		`:user/x because no identity-based policy allows the iam:CreateUser action.*`, "iam create-user --user-name x")
	c.ok("root", "iam add-user-to-group --group-name Administrators --user-name Zhang@example.com")
	c.ok("zhang", "iam create-user --user-name li")
	c.refused("zhang", `An error occurred \(EntityAlreadyExists\) when calling the CreateUser operation: User with name LI already exists\.`, "iam create-user --user-name LI")
	c.refused("zhang", `An error occurred \(NoSuchEntity\) when calling the GetUser operation: The user with name nobody cannot be found\.`, "iam get-user --user-name nobody")
	c.refused("zhang", `An error occurred \(DeleteConflict\) when calling the DeleteGroup operation: Cannot delete entity, must .* first\.`, "iam delete-group --group-name Administrators")
	c.refused("zhang", `An error occurred \(ValidationError\) when calling the CreateUser operation: 1 validation error detected: Value 'has space' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\w\+=,\.@-\]\+`,
		"iam create-user --user-name", "has space")

	// Rotation: two keys at once and never three, the old one is disabled, then
	// deleted, and nobody gets to see a secret key again.
	c.accessKey("zhang", "Zhang@example.com", "zhang-new")
	c.refused("zhang-new", `An error occurred \(LimitExceeded\) when calling the CreateAccessKey operation: Cannot exceed quota for AccessKeysPerUser: 2`, "iam create-access-key")
	c.ok("zhang-new", "iam update-access-key --status Inactive --access-key-id "+old.ID)
	c.refused("zhang", `An error occurred \(InvalidClientTokenId\) when calling the GetCallerIdentity operation: The security token included in the request is invalid\.?`, "sts get-caller-identity")
	matches(t, "the keys' states", c.text("zhang-new", "iam list-access-keys", "AccessKeyMetadata[].Status|sort(@)"), `Active\sInactive`)
	c.ok("zhang-new", "iam delete-access-key --access-key-id "+old.ID)
	matches(t, "the keys that are left", c.text("zhang-new", "iam list-access-keys", "length(AccessKeyMetadata)"), `1`)
	matches(t, "the last use", c.text("zhang-new", "iam get-access-key-last-used --access-key-id "+c.text("zhang-new", "iam list-access-keys", "AccessKeyMetadata[0].AccessKeyId"),
		"[UserName,AccessKeyLastUsed.ServiceName]"), `Zhang@example\.com\s(iam|sts)`)

	c.ok("zhang-new", "iam create-account-alias --account-alias example-prod")
	matches(t, "the alias", c.text("zhang-new", "iam list-account-aliases", "AccountAliases"), `example-prod`)
	c.ok("zhang-new", "iam delete-account-alias --account-alias example-prod")
	c.refused("zhang-new", `An error occurred \(NoSuchEntity\) when calling the GetAccountPasswordPolicy operation: The Password Policy with domain name `+production+` cannot be found\.`,
		"iam get-account-password-policy")
	c.ok("zhang-new", "iam update-account-password-policy --minimum-password-length 14 --require-symbols")
	matches(t, "the password policy", c.text("zhang-new", "iam get-account-password-policy", "PasswordPolicy.[MinimumPasswordLength,RequireSymbols,ExpirePasswords]"), `14\sTrue\sFalse`)
	c.refused("zhang-new", `An error occurred \(PasswordPolicyViolation\) when calling the CreateLoginProfile operation: Password should have a minimum length of 14.*`,
		"iam create-login-profile --user-name li --password", "Short-1")
}

// TestCLIPolicies: managed policies with their versions, the simulator, and what
// the account knows of itself.
func TestCLIPolicies(t *testing.T) {
	t.Parallel()
	c := newCLI(t, startIAM(t))
	sdk := iamClient(c.s, productionRoot.provider()) // for what needs no CLI to show it
	must[*iam.CreateUserOutput](t)(sdk.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("kim")}))
	arn := c.text("root", "iam create-policy --policy-name Team --description", "Policy.Arn", "what the team may do", "--policy-document", allow("iam:GetUser"))
	for _, action := range []string{"iam:ListUsers", "iam:ListRoles", "iam:ListGroups", "iam:ListPolicies"} {
		must[*iam.CreatePolicyVersionOutput](t)(sdk.CreatePolicyVersion(t.Context(), &iam.CreatePolicyVersionInput{
			PolicyArn: &arn, PolicyDocument: aws.String(allow(action)), SetAsDefault: true,
		}))
	}
	c.refused("root", `An error occurred \(LimitExceeded\) when calling the CreatePolicyVersion operation: A managed policy can have up to 5 versions\..*`,
		"iam create-policy-version --policy-arn "+arn+" --policy-document", allow("iam:*"))
	c.refused("root", `An error occurred \(DeleteConflict\) when calling the DeletePolicyVersion operation: Cannot delete the default version of a policy\.`,
		"iam delete-policy-version --version-id v5 --policy-arn "+arn)
	c.ok("root", "iam delete-policy-version --version-id v1 --policy-arn "+arn)
	c.ok("root", "iam set-default-policy-version --version-id v2 --policy-arn "+arn)
	matches(t, "the versions", c.text("root", "iam list-policy-versions --policy-arn "+arn, "Versions[].[VersionId,IsDefaultVersion]"), `v5\sFalse\sv4\sFalse\sv3\sFalse\sv2\sTrue`)
	matches(t, "the default version's action", c.text("root", "iam get-policy-version --version-id v2 --policy-arn "+arn, "PolicyVersion.Document.Statement[0].Action[0]"), `iam:ListUsers`)
	c.refused("root", `An error occurred \(MalformedPolicyDocument\) when calling the CreatePolicy operation: .+`,
		"iam create-policy --policy-name Broken --policy-document", `{"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"*","Resource":"*"}]}`)

	c.ok("root", "iam attach-user-policy --user-name kim --policy-arn "+arn)
	c.ok("root", "iam put-user-policy --user-name kim --policy-name no --policy-document",
		document(map[string]any{"Effect": "Deny", "Action": "iam:ListGroups", "Resource": "*"}))
	c.accessKey("root", "kim", "kim")
	matches(t, "the simulation", c.text("root", "iam simulate-principal-policy --policy-source-arn arn:aws:iam::"+production+":user/kim --action-names iam:ListUsers iam:ListGroups iam:ListRoles",
		"EvaluationResults[].[EvalActionName,EvalDecision]"), `iam:ListUsers\sallowed\siam:ListGroups\sexplicitDeny\siam:ListRoles\simplicitDeny`)
	c.ok("kim", "iam list-users")
	const user = `User: arn:aws:iam::` + production + `:user/kim is not authorized to perform: `
	c.refused("kim", `An error occurred \(AccessDenied\) when calling the ListGroups operation: `+user+`iam:ListGroups on resource: .+ with an explicit deny in an identity-based policy.*`, "iam list-groups")
	c.refused("kim", `An error occurred \(AccessDenied\) when calling the ListRoles operation: `+user+`iam:ListRoles on resource: .+ because no identity-based policy allows the iam:ListRoles action.*`, "iam list-roles")

	matches(t, "the summary", c.text("root", "iam get-account-summary", "SummaryMap.[Users,Policies,AccountAccessKeysPresent]"), `1\s1\s1`)
	var details struct {
		UserDetailList []struct {
			UserName                string
			UserPolicyList          []struct{ PolicyDocument map[string]any }
			AttachedManagedPolicies []struct{ PolicyName string }
		}
		Policies []struct{ PolicyName string }
	}
	c.json(&details, "root", "iam get-account-authorization-details --filter User LocalManagedPolicy")
	if len(details.UserDetailList) != 1 || len(details.Policies) != 1 || details.Policies[0].PolicyName != "Team" {
		t.Fatalf("the authorization details are %+v", details)
	}
	if u := details.UserDetailList[0]; u.UserName != "kim" || len(u.UserPolicyList) != 1 || u.UserPolicyList[0].PolicyDocument["Version"] != "2012-10-17" ||
		len(u.AttachedManagedPolicies) != 1 || u.AttachedManagedPolicies[0].PolicyName != "Team" {
		t.Errorf("kim's details are %+v", u)
	}

	matches(t, "the report's state", c.text("root", "iam generate-credential-report", "State"), `STARTED|COMPLETE`)
	content, err := base64.StdEncoding.DecodeString(c.text("root", "iam get-credential-report", "Content"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("the credential report: %v\n%s", err, content)
	}
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	for i, want := range []string{"<root_account>", "kim"} {
		if row := rows[i+1]; column(row, "user") != want || column(row, "access_key_1_active") != "true" || column(row, "mfa_active") != "false" {
			t.Errorf("the report says of %s: %q", want, row)
		}
	}
}

// TestCLIRoleProfile: a profile that assumes a role from another one, with an
// external id and a code of the user's device, for which the CLI asks (R-17,
// R-21); what it is then refused can be decoded.
func TestCLIRoleProfile(t *testing.T) {
	t.Parallel()
	c := newCLI(t, startIAM(t))
	mina := "arn:aws:iam::" + production + ":user/mina"
	c.profile("mina", member(t, c.s, iamClient(c.s, productionRoot.provider()), "mina", document(
		map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": map[string]any{"Bool": map[string]any{"aws:MultiFactorAuthPresent": "true"}}},
		map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
	)))
	seedFile := c.home.Path("seed")
	device := c.text("root", "iam create-virtual-mfa-device --virtual-mfa-device-name mina --bootstrap-method Base32StringSeed --outfile "+seedFile, "VirtualMFADevice.SerialNumber")
	matches(t, "the device", device, `arn:aws:iam::`+production+`:mfa/mina`)
	seed := c.s.Secret("the device's seed", c.home.Read("seed"))
	matches(t, "the seed", seed, `[A-Z2-7]{64}`)
	now := c.s.Now(t)
	c.refused("root", `An error occurred \(InvalidAuthenticationCode\) when calling the EnableMFADevice operation: Authentication code for device is not valid\.`,
		"iam enable-mfa-device --user-name mina --serial-number "+device+" --authentication-code1 000000 --authentication-code2 000000")
	c.ok("root", "iam enable-mfa-device --user-name mina --serial-number "+device+" --authentication-code1 "+totp(t, seed, now.Add(-30*time.Second))+" --authentication-code2 "+totp(t, seed, now))
	matches(t, "mina's devices", c.text("root", "iam list-mfa-devices --user-name mina", "MFADevices[].SerialNumber"), device)

	role := c.text("root", "iam create-role --role-name Ops --assume-role-policy-document", "Role.Arn", document(map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": mina},
		"Condition": map[string]any{"StringEquals": map[string]any{"sts:ExternalId": "abc-123"}, "Bool": map[string]any{"aws:MultiFactorAuthPresent": "true"}},
	}))
	c.ok("root", "iam put-role-policy --role-name Ops --policy-name look --policy-document", allow("iam:Get*", "iam:List*", "sts:DecodeAuthorizationMessage"))
	c.ok("root", "iam create-instance-profile --instance-profile-name ops")
	c.ok("root", "iam add-role-to-instance-profile --instance-profile-name ops --role-name Ops")
	matches(t, "the instance profile's role", c.text("root", "iam get-instance-profile --instance-profile-name ops", "InstanceProfile.Roles[].RoleName"), `Ops`)

	c.configure("no-code", "role_arn = "+role, "source_profile = mina", "external_id = abc-123")
	c.configure("no-id", "role_arn = "+role, "source_profile = mina", "mfa_serial = "+device)
	c.configure("ops", "role_arn = "+role, "source_profile = mina", "external_id = abc-123", "mfa_serial = "+device, "role_session_name = mina")
	denied := `An error occurred \(AccessDenied\) when calling the AssumeRole operation: User: ` + mina + ` is not authorized to perform: sts:AssumeRole on resource: ` + role
	c.refused("no-code", denied, "sts get-caller-identity")

	// The code that enabled the device has been used, and so has every one before.
	c.s.Advance(t, 30*time.Second)
	later := *c
	later.home = c.home.At(30 * time.Second)
	ask := func(profile, code, line string) (int, string) {
		term := later.home.Terminal(awsCLI, c.args(profile, line, nil)...)
		term.Expect(`Enter MFA code for ` + device + `: `)
		term.Type(code)
		return term.Wait()
	}
	wrong := fmt.Sprintf("%06d", (must[int](t)(strconv.Atoi(totp(t, seed, c.s.Now(t))))+1)%1_000_000)
	if code, screen := ask("ops", wrong, "iam get-role --role-name Ops"); code != 254 || !strings.Contains(screen, "(AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed with invalid MFA one time pass code") {
		t.Errorf("with a wrong code: exit %d, %q", code, screen)
	}
	if code, screen := ask("no-id", totp(t, seed, c.s.Now(t)), "iam get-role --role-name Ops"); code != 254 || !regexp.MustCompile(denied).MatchString(screen) {
		t.Errorf("without the external id: exit %d, %q", code, screen)
	}
	c.s.Advance(t, 30*time.Second)
	later.home = c.home.At(time.Minute)
	if code, screen := ask("ops", totp(t, seed, c.s.Now(t)), "sts get-caller-identity"); code != 0 || !strings.Contains(screen, "arn:aws:sts::"+production+":assumed-role/Ops/mina") {
		t.Fatalf("with the right code: exit %d, %q", code, screen)
	}
	// The credentials are cached: nobody is asked again.
	matches(t, "the role's name", later.text("ops", "iam get-role --role-name Ops", "Role.RoleName"), `Ops`)
	r := later.home.Run(awsCLI, c.args("ops", "iam create-user --user-name x --debug", nil)...)
	if want := `is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::` + production + `:user/x because no identity-based policy allows the iam:CreateUser action`; !strings.Contains(r.Stderr, want) {
		t.Errorf("creating a user: exit %d, %q", r.Code, r.Stderr)
	}
	// The id of the refusal is in a header, which --debug prints.
	decision := regexp.MustCompile(`(?i)x-sekisho-decision-id': '([0-9a-f]{32})'`).FindStringSubmatch(r.Stderr)
	if decision == nil {
		t.Fatalf("no decision id in %q", r.Stderr)
	}
	var decoded struct {
		Allowed bool
		Context struct {
			Action    string
			Principal struct{ Arn string }
		}
	}
	if err := json.Unmarshal([]byte(later.text("ops", "sts decode-authorization-message --encoded-message "+decision[1], "DecodedMessage")), &decoded); err != nil {
		t.Fatal(err)
	}
	if decoded.Allowed || decoded.Context.Action != "iam:CreateUser" || decoded.Context.Principal.Arn != "arn:aws:sts::"+production+":assumed-role/Ops/mina" {
		t.Errorf("the decoded message is %+v", decoded)
	}

	// A session with the second factor, for what the user's own policies ask it for.
	c.refused("mina", `An error occurred \(AccessDenied\) when calling the ListUsers operation: .+ because no identity-based policy allows the iam:ListUsers action.*`, "iam list-users")
	c.s.Advance(t, 30*time.Second)
	later.home = c.home.At(90 * time.Second)
	var session struct {
		Credentials struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	}
	later.json(&session, "mina", "sts get-session-token --serial-number "+device+" --token-code "+totp(t, seed, c.s.Now(t)))
	k := session.Credentials
	later.profile("mfa", keys{ID: k.AccessKeyID, Secret: c.s.Secret("the session's secret key", k.SecretAccessKey), Token: c.s.Secret("the session's token", k.SessionToken)})
	matches(t, "users, with the second factor", later.text("mfa", "iam list-users", "Users[].UserName"), `mina`)
	c.ok("root", "iam deactivate-mfa-device --user-name mina --serial-number "+device)
	c.ok("root", "iam delete-virtual-mfa-device --serial-number "+device)
}

// TestCLIPaging: the CLI's own paging over the server's, and its tokens
// (api-surface.md section 2).
func TestCLIPaging(t *testing.T) {
	t.Parallel()
	c := newCLI(t, startIAM(t))
	client := iamClient(c.s, productionRoot.provider())
	makeUsers(t, client, 7)
	matches(t, "all of them", c.text("root", "iam list-users --page-size 2", "Users[].UserName"), `(user-0\d\s?){7}`)
	var page struct {
		Users     []struct{ UserName string }
		NextToken string
	}
	seen := 0
	for more := []string{}; ; more = []string{"--starting-token", page.NextToken} {
		page.Users, page.NextToken = nil, ""
		c.json(&page, "root", "iam list-users --max-items 3 --page-size 2", more...)
		for _, u := range page.Users {
			if want := userName(seen); u.UserName != want {
				t.Errorf("user %d is %s, want %s", seen, u.UserName, want)
			}
			seen++
		}
		if page.NextToken == "" {
			break
		}
	}
	if seen != 7 {
		t.Errorf("three at a time, there are %d users", seen)
	}
	c.refused("root", `An error occurred \(ValidationError\) when calling the ListUsers operation: Invalid Marker\.`, "iam list-users --no-paginate --marker nonsense")
}
