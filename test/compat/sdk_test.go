package compat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/test/compat/harness"
)

// sdk is a program that uses one SDK as its users do. It takes a command with
// its arguments and prints the answer as JSON:
//
//	identity PROFILE                who the profile's credentials are
//	portal ENDPOINT ACCOUNT ROLE    what the access token in COMPAT_ACCESS_TOKEN may see; ends with a logout
//	oidc ENDPOINT START-URL         what sso-oidc refuses
type sdk struct {
	name string
	// program is what to run with the arguments, and what to add to the environment.
	program func(t testing.TB, command string) (argv, env []string)
	// refreshesAt is a remaining life of the access token at which the SDK renews it
	// (api-surface.md 5.7).
	refreshesAt time.Duration
	// expired is what it reports when the portal session is over.
	expired string
}

var sdks = []sdk{
	{
		name: "boto3", refreshesAt: 5 * time.Minute, expired: "UnauthorizedSSOTokenError",
		program: func(t testing.TB, command string) ([]string, []string) {
			script, _ := filepath.Abs("python/client.py")
			return []string{harness.Python(t, "python"), script, command}, nil
		},
	},
	{
		name: "Go", refreshesAt: -time.Minute, expired: "UnauthorizedException",
		program: func(t testing.TB, command string) ([]string, []string) {
			return []string{os.Args[0]}, []string{goClientVariable + "=" + command}
		},
	},
	{
		name: "JavaScript", refreshesAt: time.Minute, expired: "CredentialsProviderError",
		program: func(t testing.TB, command string) ([]string, []string) {
			return []string{"node", filepath.Join(harness.Node(t, "node"), "client.mjs"), command}, nil
		},
	},
}

func (k sdk) start(t testing.TB, h *harness.Home, command string, args ...string) func(out any) error {
	t.Helper()
	argv, env := k.program(t, command)
	cmd, cancel := h.With(env...).Command(argv[0], append(argv[1:], args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	return func(out any) error {
		defer cancel()
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("%s %s: %w\n%s%s", k.name, command, err, &stdout, &stderr)
		}
		return json.Unmarshal(stdout.Bytes(), out)
	}
}

func (k sdk) run(t testing.TB, h *harness.Home, out any, command string, args ...string) {
	t.Helper()
	wait := k.start(t, h, command, args...)
	if err := wait(out); err != nil {
		t.Fatal(err)
	}
}

type identity struct {
	ARN     string `json:"arn"`
	Account string `json:"account"`
	UserID  string `json:"userId"`
	Error   string `json:"error"`
	Message string `json:"message"`
}

type failure struct {
	Code   string `json:"code"`
	Status int    `json:"status"`
	Typed  bool   `json:"typed"`
}

type portalAnswer struct {
	Accounts     []string           `json:"accounts"`
	AccountPages int                `json:"accountPages"`
	Roles        []string           `json:"roles"`
	RolePages    int                `json:"rolePages"`
	AccessKeyID  string             `json:"accessKeyId"`
	Expiration   int64              `json:"expiration"` // milliseconds since 1970
	Failures     map[string]failure `json:"failures"`
}

type oidcAnswer struct {
	ExpiresIn int32              `json:"expiresIn"`
	Interval  int32              `json:"interval"`
	UserCode  string             `json:"userCode"`
	Failures  map[string]failure `json:"failures"`
}

// eachSDK runs a test once for every SDK, each with a server, a home and a
// current CLI of its own that has registered.
func eachSDK(t *testing.T, test func(t *testing.T, k sdk, s *harness.Server, h *harness.Home, c *currentCLI)) {
	t.Parallel()
	for _, k := range sdks {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			h := s.Home(t)
			h.Write(".aws/config", strings.ReplaceAll(session, "region = "+region+"\n\n[profile", "region = "+region+"\nservices = here\n\n[profile")+"services = here\n\n"+h.Services("here"))
			test(t, k, s, h, newCurrentCLI(t, s))
		})
	}
}

// TestSDKProfile: each SDK works through an sso-session profile after one login
// by the CLI, for every role of the person (I-01, I-03, I-09); when the portal
// session is over it says so (I-10).
func TestSDKProfile(t *testing.T) {
	eachSDK(t, func(t *testing.T, k sdk, s *harness.Server, h *harness.Home, c *currentCLI) {
		b := s.Browser(t)
		b.Walk(s.Portal(portalName)+"/start", jane, "")
		c.save(h, c.login(b, jane), time.Hour)
		for profile, permissionSet := range map[string]string{"admin": "AdministratorAccess", "read": "ReadOnly"} {
			var id identity
			k.run(t, h, &id, "identity", profile)
			if !roleARN(production, permissionSet, jane).MatchString(id.ARN) || id.Account != production || !strings.HasSuffix(id.UserID, ":jane") {
				t.Errorf("profile %s is %+v", profile, id)
			}
		}
		b.SignOut(s.Portal(portalName))
		var id identity
		k.run(t, h, &id, "identity", "admin")
		if id.Error != k.expired {
			t.Errorf("after signing out of the portal: %+v, want the error %s", id, k.expired)
		}
	})
}

// TestSDKRefresh: each SDK renews a token that is about to expire, by itself,
// and several processes may do it at once (I-10; api-surface.md 0.8).
func TestSDKRefresh(t *testing.T) {
	eachSDK(t, func(t *testing.T, k sdk, s *harness.Server, h *harness.Home, c *currentCLI) {
		first := c.login(s.Browser(t), jane)
		c.save(h, first, k.refreshesAt)
		var wg sync.WaitGroup
		for range 4 {
			wait := k.start(t, h, "identity", "admin")
			wg.Go(func() {
				var id identity
				if err := wait(&id); err != nil {
					t.Error(err)
				} else if !roleARN(production, "AdministratorAccess", jane).MatchString(id.ARN) {
					t.Errorf("one of four is %+v", id)
				}
			})
		}
		wg.Wait()
		var cached struct{ AccessToken, RefreshToken, ExpiresAt string }
		if err := json.Unmarshal([]byte(h.Read(tokenPath)), &cached); err != nil {
			t.Fatal(err)
		}
		s.Secret("the SDK's access token", cached.AccessToken)
		s.Secret("the SDK's refresh token", cached.RefreshToken)
		expires, err := time.Parse(time.RFC3339, cached.ExpiresAt)
		if err != nil || time.Until(expires) < 50*time.Minute {
			t.Errorf("the renewed token expires at %q (%v), want an hour from now", cached.ExpiresAt, err)
		}
		if cached.AccessToken == first.Access || cached.RefreshToken == first.Refresh {
			t.Error("the cache has the old tokens")
		}
		if status := listAccounts(t, s, cached.AccessToken); status != http.StatusOK {
			t.Errorf("the renewed access token gets status %d", status)
		}
	})
}

// TestSDKPortal: the portal API as each SDK sees it (H-12, H-15, I-01;
// api-surface.md 5.8, behaviours.md 7.6).
func TestSDKPortal(t *testing.T) {
	eachSDK(t, func(t *testing.T, k sdk, s *harness.Server, h *harness.Home, c *currentCLI) {
		before := time.Now()
		got := c.login(s.Browser(t), jane)
		var out portalAnswer
		k.run(t, h.With("COMPAT_ACCESS_TOKEN="+got.Access), &out, "portal", s.Base, production, "ReadOnly")
		if want := []string{"111122223333", production, staging}; !sameElements(out.Accounts, want) || out.AccountPages < len(want) {
			t.Errorf("accounts %q on %d pages, want %q with one on each", out.Accounts, out.AccountPages, want)
		}
		if want := []string{"AdministratorAccess", "ReadOnly"}; !sameElements(out.Roles, want) || out.RolePages < len(want) {
			t.Errorf("roles %q on %d pages, want %q with one on each", out.Roles, out.RolePages, want)
		}
		if !regexp.MustCompile(`^ASIA[A-Z2-7]{16}$`).MatchString(out.AccessKeyID) {
			t.Errorf("the access key id is %q", out.AccessKeyID)
		}
		if life := time.UnixMilli(out.Expiration).Sub(before); life < 59*time.Minute || life > 61*time.Minute {
			t.Errorf("the credentials last %v, want an hour", life)
		}
		checkFailures(t, out.Failures, map[string]failure{
			"no such role":  {"ForbiddenException", 403, false},
			"no such token": {"UnauthorizedException", 401, true},
			"no such page":  {"InvalidRequestException", 400, true},
			"after logout":  {"UnauthorizedException", 401, true},
		})
	})
}

// TestSDKDeviceGrant: what sso-oidc refuses arrives as the SDK's own exceptions
// (I-07; behaviours.md 7.5).
func TestSDKDeviceGrant(t *testing.T) {
	eachSDK(t, func(t *testing.T, k sdk, s *harness.Server, h *harness.Home, _ *currentCLI) {
		var out oidcAnswer
		k.run(t, h, &out, "oidc", s.Base, startURL)
		if out.ExpiresIn != 600 || out.Interval != 1 || !regexp.MustCompile(`^[A-Z]{4}-[A-Z]{4}$`).MatchString(out.UserCode) {
			t.Errorf("the device authorization is %+v, want 600 s, every second, XXXX-XXXX", out)
		}
		checkFailures(t, out.Failures, map[string]failure{
			"pending":               {"AuthorizationPendingException", 400, true},
			"no such device code":   {"InvalidGrantException", 400, true},
			"wrong secret":          {"InvalidClientException", 401, true},
			"no such refresh token": {"InvalidGrantException", 400, true},
			"no such grant type":    {"UnsupportedGrantTypeException", 400, true},
			"no such scope":         {"InvalidScopeException", 400, true},
			"confidential":          {"InvalidClientMetadataException", 400, true},
			"foreign start URL":     {"InvalidRequestException", 400, true},
			"too fast":              {"SlowDownException", 400, true},
		})
	})
}

func checkFailures(t *testing.T, got, want map[string]failure) {
	t.Helper()
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s: %+v, want %+v", name, got[name], w)
		}
	}
}

func sameElements(a, b []string) bool {
	count := func(list []string) map[string]int {
		m := map[string]int{}
		for _, s := range list {
			m[s]++
		}
		return m
	}
	return reflect.DeepEqual(count(a), count(b))
}
