package compat

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"sekisho/test/compat/harness"
)

// TestAccessEndsAtOnce: what ends a person's access ends it for credentials that
// are alive, within a second of the command's end, in servers that have them in
// their caches (design, "Credentials, sessions, tokens"; G-56, L-04, promise 12).
func TestAccessEndsAtOnce(t *testing.T) {
	t.Parallel()
	original, err := os.ReadFile(orgFile)
	if err != nil {
		t.Fatal(err)
	}
	apply := func(edit ...string) func(testing.TB, *harness.Server, *harness.Browser) {
		changed := strings.NewReplacer(edit...).Replace(string(original))
		return func(t testing.TB, s *harness.Server, _ *harness.Browser) {
			if changed == string(original) {
				t.Fatalf("the organisation file has no %q", edit[0])
			}
			s.Command(t, changed, "org", "apply", "-")
		}
	}
	command := func(args ...string) func(testing.TB, *harness.Server, *harness.Browser) {
		return func(t testing.TB, s *harness.Server, _ *harness.Browser) { s.Command(t, "", args...) }
	}
	for name, test := range map[string]struct {
		end     func(testing.TB, *harness.Server, *harness.Browser)
		code    string
		message string
		bearer  int // status of the access token afterwards
	}{
		"unassigned": {
			apply("    - {account: Staging, permission_set: PowerUserAccess, groups: [Developers]}\n", ""),
			"InvalidClientTokenId", "The security token included in the request is invalid.", 200,
		},
		"removed from the group": {
			apply("members: [jane, taro]", "members: [jane]"),
			"InvalidClientTokenId", "The security token included in the request is invalid.", 200,
		},
		"disabled": {
			command("admin", "disable-user", "taro"),
			"InvalidClientTokenId", "The security token included in the request is invalid.", 401,
		},
		"disabled in the file": {
			apply("locale: ja,", "locale: ja, enabled: false,"),
			"InvalidClientTokenId", "The security token included in the request is invalid.", 401,
		},
		"signed out by the administrator": {
			command("admin", "sign-out-user", "taro"),
			"ExpiredToken", "The security token included in the request is expired", 401,
		},
		"given a one-time password": {
			command("admin", "one-time-password", "taro"),
			"ExpiredToken", "The security token included in the request is expired", 401,
		},
		"signed out of the portal": {
			func(_ testing.TB, s *harness.Server, b *harness.Browser) { b.SignOut(s.Portal(portalName)) },
			"ExpiredToken", "The security token included in the request is expired", 401,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			b := s.Browser(t)
			b.Walk(s.Portal(portalName)+"/start", taro, "")
			c := newCurrentCLI(t, s)
			token := c.login(b, taro)
			held := roleCredentials(t, s, token.Access, staging, "PowerUserAccess")
			for range 3 { // so that every cache has what it caches
				if arn := caller(t, callerIdentity(t, s, held)); !roleARN(staging, "PowerUserAccess", taro).MatchString(arn) {
					t.Fatalf("the caller is %s", arn)
				}
				if status := listAccounts(t, s, token.Access); status != 200 {
					t.Fatalf("the access token gets status %d", status)
				}
			}

			test.end(t, s, b)
			withinASecond(t, test.code, func() string { return codeOf(t, s, held) })
			if _, message := refusal(t, callerIdentity(t, s, held)); message != test.message {
				t.Errorf("the refusal says %q, want %q", message, test.message)
			}
			if status := listAccounts(t, s, token.Access); status != test.bearer {
				t.Errorf("the access token gets status %d, want %d", status, test.bearer)
			}
			a := bearer(t, s, "/federation/credentials?role_name=PowerUserAccess&account_id="+staging, token.Access)
			if want := map[int]int{200: 403, 401: 401}[test.bearer]; a.Status != want {
				t.Errorf("GetRoleCredentials gets status %d, want %d", a.Status, want)
			}
			if a, m := c.refresh(token.Refresh); test.bearer == 401 && (a.Status != 400 || m["error"] != "invalid_grant") {
				t.Errorf("the refresh token gets %d %v, want 400 invalid_grant", a.Status, m["error"])
			}
		})
	}
}

// TestAccessDoesNotReturn: credentials that were ended stay so when the reason
// is taken back. The role is made anew and is another one (behaviours.md 2.3,
// 6.3).
func TestAccessDoesNotReturn(t *testing.T) {
	t.Parallel()
	original, err := os.ReadFile(orgFile)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t)
	token := newCurrentCLI(t, s).login(s.Browser(t), taro)
	held := roleCredentials(t, s, token.Access, staging, "PowerUserAccess")
	before := caller(t, callerIdentity(t, s, held))

	without := strings.Replace(string(original), "    - {account: Staging, permission_set: PowerUserAccess, groups: [Developers]}\n", "", 1)
	s.Command(t, without, "org", "apply", "-")
	withinASecond(t, "InvalidClientTokenId", func() string { return codeOf(t, s, held) })
	s.Command(t, string(original), "org", "apply", "-")
	const path = "/federation/credentials?role_name=PowerUserAccess&account_id=" + staging
	withinASecond(t, "200", func() string { return strconv.Itoa(bearer(t, s, path, token.Access).Status) })
	again := roleCredentials(t, s, token.Access, staging, "PowerUserAccess")
	if after := caller(t, callerIdentity(t, s, again)); after == before {
		t.Errorf("the role that was made anew has the old one's name: %s", after)
	}
	if code := codeOf(t, s, held); code != "InvalidClientTokenId" {
		t.Errorf("credentials of the old role get %q, want InvalidClientTokenId", code)
	}

	s.Command(t, "", "admin", "disable-user", "taro")
	withinASecond(t, "InvalidClientTokenId", func() string { return codeOf(t, s, again) })
	s.Command(t, "", "admin", "enable-user", "taro")
	withinASecond(t, "ExpiredToken", func() string { return codeOf(t, s, again) })
}

// codeOf is the error that GetCallerIdentity gets with these credentials; "" is
// none.
func codeOf(t testing.TB, s *harness.Server, k keys) string {
	t.Helper()
	code, _ := refusal(t, callerIdentity(t, s, k))
	return code
}

// withinASecond fails unless get returns want within a second from now.
func withinASecond(t testing.TB, want string, get func() string) {
	t.Helper()
	var got string
	for began := time.Now(); time.Since(began) < time.Second; {
		if got = get(); got == want {
			return
		}
	}
	t.Fatalf("after a second it is still %q, want %q", got, want)
}

// TestRoleSessionExpires: credentials last as long as their permission set says
// (H-20, G-38), and then the answer is ExpiredToken, to the letter.
func TestRoleSessionExpires(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := newCurrentCLI(t, s).login(s.Browser(t), jane)
	hour := roleCredentials(t, s, token.Access, production, "ReadOnly")
	four := roleCredentials(t, s, token.Access, staging, "PowerUserAccess")
	for _, step := range []struct {
		advance    time.Duration
		hour, four string
	}{
		{59 * time.Minute, "", ""},
		{2 * time.Minute, "ExpiredToken", ""},
		{2*time.Hour + 57*time.Minute, "ExpiredToken", ""},
		{3 * time.Minute, "ExpiredToken", "ExpiredToken"},
	} {
		s.Advance(t, step.advance)
		now := s.Now(t)
		for what, test := range map[string]struct {
			keys keys
			want string
		}{"an hour": {hour, step.hour}, "four hours": {four, step.four}} {
			code, message := refusal(t, send(t, sign(t, query(t, s, "POST", whoAmI), whoAmI, test.keys, now)))
			if code != test.want {
				t.Errorf("credentials for %s get %q at %v, want %q", what, code, now, test.want)
			}
			if code == "ExpiredToken" && message != "The security token included in the request is expired" {
				t.Errorf("ExpiredToken says %q", message)
			}
		}
	}
}
