package compat

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"sekisho/test/compat/harness"
)

// awsCLI is the CLI as Debian ships it, whatever else the machine has.
const awsCLI = "/usr/bin/aws"

// TestCLIVersion holds what the other tests of this file are about.
func TestCLIVersion(t *testing.T) {
	t.Parallel()
	h := start(t).Home(t)
	if out := h.Must(awsCLI, "--version"); !strings.HasPrefix(out, "aws-cli/2.") {
		t.Errorf("%s is %q, want an AWS CLI v2", awsCLI, out)
	}
}

// TestCLIConfigureSSO takes a person through the wizard on a terminal, from
// nothing to a profile that works (I-02, I-04, I-08, I-09, I-12).
func TestCLIConfigureSSO(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := s.Home(t).Overlay()

	// The CLI opens the person's browser by itself.
	pipe := h.Path("browser-pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	h.Write("browser", "#!/bin/sh\nprintf '%s' \"$1\" > '"+pipe+"'\n")
	if err := os.Chmod(h.Path("browser"), 0o700); err != nil {
		t.Fatal(err)
	}
	term := h.With("BROWSER="+h.Path("browser")).Terminal(awsCLI, "configure", "sso")
	for _, answer := range []struct{ prompt, typed string }{
		{`SSO session name \(Recommended\):`, "work"},
		{`SSO start URL \[None\]:`, startURL},
		{`SSO region \[None\]:`, region},
		{`SSO registration scopes \[sso:account:access\]:`, ""},
	} {
		term.Expect(answer.prompt)
		term.Type(answer.typed)
	}
	address, err := os.ReadFile(pipe) // until the browser script has written it
	if err != nil {
		t.Fatal(err)
	}
	shown := term.Expect(`([A-Z]{4}-[A-Z]{4})`)[1]
	if !strings.HasSuffix(string(address), "/?user_code="+shown) {
		t.Errorf("the browser was sent to %q; the terminal shows the code %s", address, shown)
	}
	page := s.Browser(t).Open(string(address))
	if !strings.Contains(page.Text(), shown) {
		t.Errorf("the page does not show the terminal's code %s: %s", shown, page.Text())
	}
	page.Walk(jane, "allow")

	term.Expect(`There are 3 AWS accounts available to you`)
	term.Expect(`> Example Corp, root@example.com \(111122223333\)`)
	term.Type("\x1b[B") // one down: Production
	term.Expect(`Using the account ID ` + production)
	term.Expect(`There are 2 roles available to you`)
	term.Expect(`> AdministratorAccess`)
	term.Type("")
	term.Expect(`Using the role name "AdministratorAccess"`)
	term.Expect(`CLI default client Region \[None\]:`)
	term.Type("eu-west-1")
	term.Expect(`CLI default output format \[None\]:`)
	term.Type("")
	term.Expect(`CLI profile name \[AdministratorAccess-` + production + `\]:`)
	term.Type("")
	if code, screen := term.Wait(); code != 0 {
		t.Fatalf("aws configure sso: exit %d\n%s", code, screen)
	}

	out := h.Must(awsCLI, "sts", "get-caller-identity", "--profile", "AdministratorAccess-"+production)
	checkIdentity(t, out, production, "AdministratorAccess", jane)
}

// checkIdentity reads what `aws sts get-caller-identity` prints.
func checkIdentity(t *testing.T, out, account, permissionSet string, who harness.Person) {
	t.Helper()
	var id struct{ UserID, Account, Arn string }
	if err := json.Unmarshal([]byte(out), &id); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if !roleARN(account, permissionSet, who).MatchString(id.Arn) || id.Account != account {
		t.Errorf("the caller is %s in %s, want %s's %s in %s", id.Arn, id.Account, who.UserName, permissionSet, account)
	}
	if want := regexp.MustCompile(`^AROA[A-Z2-7]{17}:` + who.UserName + `$`); !want.MatchString(id.UserID) {
		t.Errorf("UserId is %q, want %s", id.UserID, want)
	}
}

// session is a config file with an sso-session and two profiles.
const session = `[sso-session work]
sso_start_url = ` + startURL + `
sso_region = ` + region + `
sso_registration_scopes = sso:account:access

[profile admin]
sso_session = work
sso_account_id = ` + production + `
sso_role_name = AdministratorAccess
region = ` + region + `

[profile read]
sso_session = work
sso_account_id = ` + production + `
sso_role_name = ReadOnly
region = ` + region + `
`

// login runs `aws sso login` and approves it: with printed set as a person does
// who reads code and address off the terminal and types them elsewhere, and else
// by the address that holds the code.
func login(t *testing.T, s *harness.Server, h *harness.Home, b *harness.Browser, who harness.Person, args ...string) {
	t.Helper()
	term := h.Terminal(awsCLI, append([]string{"sso", "login", "--no-browser"}, args...)...)
	address := term.Expect(`(http://device\.sso\.localhost:\d+/)\s`)[1]
	code := term.Expect(`([A-Z]{4}-[A-Z]{4})`)[1]
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	page := b.Open(address).Submit(map[string][]string{"user_code": {typed}}).Walk(who, "allow")
	if !strings.Contains(strings.ToLower(page.Text()), "close") {
		t.Errorf("after the approval the page says %q (%d), want that it can be closed", page.Text(), page.Status)
	}
	term.Expect(`Successfully logged into Start URL: ` + regexp.QuoteMeta(startURL))
	if exit, screen := term.Wait(); exit != 0 {
		t.Fatalf("aws sso login: exit %d\n%s", exit, screen)
	}
	for _, f := range cacheFiles(t, h, ".aws/sso/cache") {
		for _, name := range []string{"accessToken", "refreshToken", "clientSecret"} {
			if v, ok := f.content[name].(string); ok {
				s.Secret("the CLI's "+name, v)
			}
		}
	}
}

type cacheFile struct {
	path    string
	content map[string]any
}

func cacheFiles(t *testing.T, h *harness.Home, dir string) (files []cacheFile) {
	t.Helper()
	paths, _ := filepath.Glob(h.Path(dir + "/*.json"))
	for _, path := range paths {
		f := cacheFile{path: path}
		raw, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(raw, &f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// tokenFile is the one file of the SSO cache that holds an access token.
func tokenFile(t *testing.T, h *harness.Home) cacheFile {
	t.Helper()
	for _, f := range cacheFiles(t, h, ".aws/sso/cache") {
		if f.content["accessToken"] != nil {
			return f
		}
	}
	t.Fatal("the SSO cache has no token")
	return cacheFile{}
}

// TestCLISession is a working day with the CLI: one approval for every role,
// credentials and token renewed without a question once their hour is over, and
// `aws sso logout`, after which the server knows the token no longer (I-04, I-09,
// I-10, I-13).
func TestCLISession(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := s.Home(t).Overlay()
	h.Write(".aws/config", session)
	login(t, s, h, s.Browser(t), jane, "--sso-session", "work")
	checkIdentity(t, h.Must(awsCLI, "sts", "get-caller-identity", "--profile", "admin"), production, "AdministratorAccess", jane)
	checkIdentity(t, h.Must(awsCLI, "sts", "get-caller-identity", "--profile", "read"), production, "ReadOnly", jane)

	// The clocks of server and client go on by more than an hour: the role's
	// credentials, the cached ones too, and the access token are over.
	first := tokenFile(t, h).content["accessToken"].(string)
	if status := listAccounts(t, s, first); status != 200 {
		t.Fatalf("the CLI's access token gets status %d before its hour is over", status)
	}
	s.Advance(t, 61*time.Minute)
	if status := listAccounts(t, s, first); status != 401 {
		t.Fatalf("the access token gets status %d after its hour, want 401", status)
	}
	later := h.At(61 * time.Minute)
	checkIdentity(t, later.Must(awsCLI, "sts", "get-caller-identity", "--profile", "admin"), production, "AdministratorAccess", jane)
	second := s.Secret("the renewed access token", tokenFile(t, h).content["accessToken"].(string))
	if second == first {
		t.Error("the access token has not been renewed")
	}

	later.Must(awsCLI, "sso", "logout", "--profile", "admin")
	if status := listAccounts(t, s, second); status != 401 {
		t.Errorf("after aws sso logout the server answers the token with status %d, want 401", status)
	}
	r := later.Run(awsCLI, "sts", "get-caller-identity", "--profile", "admin")
	if r.Code != 255 || !strings.Contains(r.Stderr, "Error loading SSO Token") {
		t.Errorf("after aws sso logout: exit %d, %q; want 255 and that there is no token", r.Code, r.Stderr)
	}
}

// TestCLIAfterPortalSignOut shows that signing out of the portal ends what the
// CLI holds: cached role credentials, access token, refresh token (I-10, L-04).
func TestCLIAfterPortalSignOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := s.Home(t).Overlay()
	h.Write(".aws/config", session)
	b := s.Browser(t)
	b.Walk(s.Portal(portalName)+"/start", jane, "")
	login(t, s, h, b, jane, "--profile", "admin")
	h.Must(awsCLI, "sts", "get-caller-identity", "--profile", "admin")

	b.SignOut(s.Portal(portalName))
	r := h.Run(awsCLI, "sts", "get-caller-identity", "--profile", "admin")
	if r.Code != 254 || !strings.Contains(r.Stderr, "(ExpiredToken)") {
		t.Errorf("with cached role credentials: exit %d, %q; want 254 and ExpiredToken", r.Code, r.Stderr)
	}
	if err := os.RemoveAll(h.Path(".aws/cli")); err != nil {
		t.Fatal(err)
	}
	r = h.Run(awsCLI, "sts", "get-caller-identity", "--profile", "admin")
	if r.Code != 255 || !strings.Contains(r.Stderr, "aws sso login") {
		t.Errorf("with a cached token: exit %d, %q; want 255 and to be told to log in", r.Code, r.Stderr)
	}
	// An hour on, the CLI tries its refresh token.
	s.Advance(t, 61*time.Minute)
	r = h.At(61*time.Minute).Run(awsCLI, "sts", "get-caller-identity", "--profile", "admin")
	if r.Code != 255 || !strings.Contains(r.Stderr, "refresh failed") {
		t.Errorf("with a refresh token: exit %d, %q; want 255 and that the refresh failed", r.Code, r.Stderr)
	}
}

// TestCLILegacyProfile logs in with the start URL in the profile itself: the
// registration has no scopes, and the token, which cannot be refreshed, lasts as
// long as the portal session (I-07, I-12; behaviours.md 7.4).
func TestCLILegacyProfile(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := s.Home(t).Overlay()
	h.Write(".aws/config", `[profile old]
sso_start_url = `+startURL+`
sso_region = `+region+`
sso_account_id = `+staging+`
sso_role_name = PowerUserAccess
region = `+region+"\n")
	login(t, s, h, s.Browser(t), taro, "--profile", "old")
	checkIdentity(t, h.Must(awsCLI, "sts", "get-caller-identity", "--profile", "old"), staging, "PowerUserAccess", taro)

	token := tokenFile(t, h).content
	if token["refreshToken"] != nil {
		t.Error("a registration without scopes got a refresh token")
	}
	access := token["accessToken"].(string)
	s.Advance(t, 7*time.Hour+50*time.Minute)
	checkIdentity(t, h.At(7*time.Hour+50*time.Minute).Must(awsCLI, "sts", "get-caller-identity", "--profile", "old"), staging, "PowerUserAccess", taro)
	s.Advance(t, 11*time.Minute)
	if status := listAccounts(t, s, access); status != 401 {
		t.Errorf("past the portal session the token gets status %d, want 401", status)
	}
}

// TestCLIDeniedApproval shows what the CLI says when the person presses "Deny".
func TestCLIDeniedApproval(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := s.Home(t).Overlay()
	h.Write(".aws/config", session)
	term := h.Terminal(awsCLI, "sso", "login", "--no-browser", "--profile", "admin")
	address := term.Expect(`(http://device\.sso\.localhost:\d+/\?user_code=[A-Z]{4}-[A-Z]{4})`)[1]
	s.Browser(t).Walk(address, jane, "deny")
	term.Expect(`\(AccessDeniedException\) when calling the CreateToken operation`)
	if code, screen := term.Wait(); code != 254 {
		t.Errorf("exit %d, want 254\n%s", code, screen)
	}
}
