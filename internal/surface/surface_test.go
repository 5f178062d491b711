package surface_test

import (
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/surface"
)

func at(t testing.TB, publicURL string) surface.Map {
	t.Helper()
	u, err := url.Parse(publicURL)
	if err != nil {
		t.Fatal(err)
	}
	return surface.New(u, "eu-central-1")
}

// Every row of the design's table of surfaces that is served, by our names and
// by AWS's (D-03 to D-07, D-12, D-18, P-06).
func TestFind(t *testing.T) {
	t.Parallel()
	local := at(t, "http://localhost:8420")
	for _, c := range []struct {
		host string
		want surface.Place
	}{
		{"localhost", surface.Place{Kind: surface.Base}},
		{"127.0.0.1", surface.Place{Kind: surface.Base}},
		{"[::1]", surface.Place{Kind: surface.Base}},
		{"api.localhost", surface.Place{Kind: surface.API}},
		{"signin.localhost", surface.Place{Kind: surface.SignIn}},
		{"device.sso.localhost", surface.Place{Kind: surface.Device}},
		{"device.sso.eu-west-1.localhost", surface.Place{Kind: surface.Device, Region: "eu-west-1"}},
		{"d-1234567890.awsapps.localhost", surface.Place{Kind: surface.Portal, Name: "d-1234567890"}},
		{"example.awsapps.localhost", surface.Place{Kind: surface.Portal, Name: "example"}},
		{"api.awsapps.localhost", surface.Place{Kind: surface.Portal, Name: "api"}},
		{"ssoins-0123456789abcdef.portal.eu-west-1.app.localhost", surface.Place{Kind: surface.Portal, Name: "ssoins-0123456789abcdef", Region: "eu-west-1"}},
		{"ssoins-0123456789abcdef.eu-west-1.portal.localhost", surface.Place{Kind: surface.Portal, Name: "ssoins-0123456789abcdef", Region: "eu-west-1"}},
		{"ssoins-0123456789abcdef.portal.eu-west-1.app.aws", surface.Place{Kind: surface.Portal, Name: "ssoins-0123456789abcdef", Region: "eu-west-1"}},
		{"ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com", surface.Place{Kind: surface.Portal, Name: "ssoins-0123456789abcdef", Region: "eu-west-1"}},
		{"identitycenter.localhost", surface.Place{Kind: surface.Portal}},
		{"identitycenter.amazonaws.com", surface.Place{Kind: surface.Portal}},
		{"iam.localhost", surface.Place{Kind: surface.API, Service: "iam"}},
		{"sts.localhost", surface.Place{Kind: surface.API, Service: "sts"}},
		{"sts.ap-northeast-1.localhost", surface.Place{Kind: surface.API, Service: "sts", Region: "ap-northeast-1"}},
		{"oidc.us-east-1.localhost", surface.Place{Kind: surface.API, Service: "sso-oidc", Region: "us-east-1"}},
		{"portal.sso.us-east-1.localhost", surface.Place{Kind: surface.API, Service: "sso", Region: "us-east-1"}},
		{"sso.us-gov-west-1.localhost", surface.Place{Kind: surface.API, Service: "sso-admin", Region: "us-gov-west-1"}},
		{"identitystore.us-east-1.localhost", surface.Place{Kind: surface.API, Service: "identitystore", Region: "us-east-1"}},
		{"organizations.us-east-1.localhost", surface.Place{Kind: surface.API, Service: "organizations", Region: "us-east-1"}},
		{"account.us-east-1.localhost", surface.Place{Kind: surface.API, Service: "account", Region: "us-east-1"}},

		{"iam.amazonaws.com", surface.Place{Kind: surface.API, Service: "iam"}},
		{"sts.amazonaws.com", surface.Place{Kind: surface.API, Service: "sts"}},
		{"sts.eu-west-1.amazonaws.com", surface.Place{Kind: surface.API, Service: "sts", Region: "eu-west-1"}},
		{"sts.eu-west-1.api.aws", surface.Place{Kind: surface.API, Service: "sts", Region: "eu-west-1"}},
		{"oidc.eu-west-1.amazonaws.com", surface.Place{Kind: surface.API, Service: "sso-oidc", Region: "eu-west-1"}},
		{"portal.sso.eu-west-1.amazonaws.com", surface.Place{Kind: surface.API, Service: "sso", Region: "eu-west-1"}},
		{"sso.us-east-1.amazonaws.com", surface.Place{Kind: surface.API, Service: "sso-admin", Region: "us-east-1"}},
		{"device.sso.us-east-1.amazonaws.com", surface.Place{Kind: surface.Device, Region: "us-east-1"}},
		{"d-1234567890.awsapps.com", surface.Place{Kind: surface.Portal, Name: "d-1234567890"}},
		{"example.awsapps.com", surface.Place{Kind: surface.Portal, Name: "example"}},
		{"signin.aws.amazon.com", surface.Place{Kind: surface.SignIn}},
		{"signin.aws", surface.Place{Kind: surface.SignIn}},
		{"us-east-1.signin.aws", surface.Place{Kind: surface.SignIn}},

		// Near misses get no surface.
		{"", surface.Place{}},
		{".", surface.Place{}},
		{".localhost", surface.Place{}},
		{"evil-localhost", surface.Place{}},
		{"localhost.evil.com", surface.Place{}},
		{"signin.localhost.evil.com", surface.Place{}},
		{"evil.com", surface.Place{}},
		{"xlocalhost", surface.Place{}},
		{"signinlocalhost", surface.Place{}},
		{"evil.localhost", surface.Place{}},
		{"example.signin.localhost", surface.Place{Kind: surface.AccountSignIn, Name: "example"}},
		{"111122223333.signin.localhost", surface.Place{Kind: surface.AccountSignIn, Name: "111122223333"}},
		{"111122223333.signin.aws.amazon.com", surface.Place{Kind: surface.AccountSignIn, Name: "111122223333"}},
		{"my-company-1.signin.localhost", surface.Place{Kind: surface.AccountSignIn, Name: "my-company-1"}},
		{"us-gov-west-1.signin.localhost", surface.Place{Kind: surface.SignIn, Region: "us-gov-west-1"}},
		{"ap-southeast-2.signin.localhost", surface.Place{Kind: surface.SignIn, Region: "ap-southeast-2"}},
		{"us-east-1.signin.localhost", surface.Place{Kind: surface.SignIn, Region: "us-east-1"}},
		{"us-east-1.signin.aws.amazon.com", surface.Place{Kind: surface.SignIn, Region: "us-east-1"}},
		{"a.b.signin.localhost", surface.Place{}},
		{"console.localhost", surface.Place{Kind: surface.Console}},
		{"console.aws.amazon.com", surface.Place{Kind: surface.Console}},
		{"us-east-1.console.aws.amazon.com", surface.Place{Kind: surface.Console, Region: "us-east-1"}},
		{"x.console.aws.amazon.com", surface.Place{}},
		{"portal.aws.amazon.com", surface.Place{Kind: surface.SignUp}}, // D-12
		{"signin.x.localhost", surface.Place{}},
		{"signin.us-east-1.localhost.", surface.Place{Kind: surface.API, Service: "signin", Region: "us-east-1"}},
		{"a.b.awsapps.localhost", surface.Place{}},
		{"signin.example.awsapps.localhost", surface.Place{}},
		{".awsapps.localhost", surface.Place{}},
		{"awsapps.localhost", surface.Place{}},
		{"a.b.awsapps.com", surface.Place{}},
		{".awsapps.com", surface.Place{}},
		{"awsapps.com", surface.Place{}},
		{"evilawsapps.com", surface.Place{}},
		{"example.awsapps.com.evil.com", surface.Place{}},
		{"amazonaws.com", surface.Place{}},
		{"evilamazonaws.com", surface.Place{}},
		{"stsamazonaws.com", surface.Place{}},
		{"sts.evil.amazonaws.com", surface.Place{}},
		{"s3.amazonaws.com", surface.Place{}},
		{"example.portal.eu-west-1.app.aws", surface.Place{}},
		{"ssoins-0123456789abcdef.portal.nowhere.app.aws", surface.Place{}},
		{"ssoins-0123456789abcdef.portal.eu-west-1.app.aws.evil.com", surface.Place{}},
		{"a.ssoins-0123456789abcdef.portal.eu-west-1.app.aws", surface.Place{}},
		{"ssoins-0123456789abcde.eu-west-1.portal.amazonaws.com", surface.Place{}},
		{"identitycenter.amazonaws.com.evil.com", surface.Place{}},
		{"app.aws", surface.Place{}},
		{"evil-signin.aws", surface.Place{}},
		{"signin.aws.amazon.com.evil.com", surface.Place{}},
		{"sts..localhost", surface.Place{}},
		{"sts.us-east-1.us-east-1.localhost", surface.Place{Region: "us-east-1"}},
		{"sts.US-EAST.localhost", surface.Place{}},
		{"127.0.0.2", surface.Place{}},
		{"0.0.0.0", surface.Place{}},
		{"127.0.0.1.nip.io", surface.Place{}},
		{"signin.127.0.0.1", surface.Place{}},
		{"::ffff:127.0.0.1", surface.Place{}},
		{"localhost\x00.evil.com", surface.Place{}},
		{"localhost evil.com", surface.Place{}},

		// Rows that later versions serve.
		{"profile.localhost", surface.Place{}},
	} {
		// Case, port and the root's dot do not matter.
		for _, spelling := range []string{c.host, strings.ToUpper(c.host), c.host + ":8420", c.host + ":443", c.host + "."} {
			if strings.HasSuffix(spelling, "..") || c.host == "" && spelling != "" || strings.HasSuffix(spelling, "].") || c.host == "::ffff:127.0.0.1" && spelling != c.host {
				continue
			}
			got := local.Find(spelling)
			if got.Kind != c.want.Kind || got.Service != c.want.Service || got.Name != c.want.Name || got.Kind != surface.Unknown && got.Region != c.want.Region {
				t.Errorf("%q: %+v, want %+v", spelling, got, c.want)
			}
		}
	}
}

func TestFindKeepsTheHost(t *testing.T) {
	t.Parallel()
	if got := at(t, "http://localhost:8420").Find("Example.AWSapps.Localhost:8420").Host; got != "example.awsapps.localhost:8420" {
		t.Errorf("host %q", got)
	}
}

// The same addresses both ways: what the map says is where it finds it.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		public, base, signIn, start, device string
		secure                              bool
	}{
		{"http://localhost:8420", "http://localhost:8420", "http://signin.localhost:8420", "http://example.awsapps.localhost:8420/start", "http://device.sso.localhost:8420", false},
		{"https://SSO.example.com", "https://sso.example.com", "https://signin.sso.example.com", "https://example.awsapps.sso.example.com/start", "https://device.sso.sso.example.com", true},
		{"https://sso.example.com:8443", "https://sso.example.com:8443", "https://signin.sso.example.com:8443", "https://example.awsapps.sso.example.com:8443/start", "https://device.sso.sso.example.com:8443", true},
	} {
		m := at(t, c.public)
		if m.Base() != c.base || m.SignIn() != c.signIn || m.StartURL("example") != c.start || m.Device() != c.device || m.Secure() != c.secure || m.Region() != "eu-central-1" {
			t.Errorf("%s: %s %s %s %s", c.public, m.Base(), m.SignIn(), m.StartURL("example"), m.Device())
		}
		for address, kind := range map[string]surface.Kind{c.base: surface.Base, c.signIn: surface.SignIn, c.start: surface.Portal, c.device: surface.Device} {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Find(u.Host); got.Kind != kind {
				t.Errorf("%s: %+v", address, got)
			}
		}
		if m.PortalName(m.StartURL("example")) != "example" {
			t.Errorf("%s: the portal's own address is not known", c.public)
		}
	}
	if surface.AWSStartURL("example") != "https://example.awsapps.com/start" ||
		surface.InstanceURL("ssoins-0123456789abcdef", "eu-west-1") != "https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com/" {
		t.Error("AWS's spellings")
	}
}

// Every spelling under which a client may name a portal (api-surface.md 5.2,
// behaviours.md 6.2, D-03, D-04), and what only looks like one.
func TestPortalName(t *testing.T) {
	t.Parallel()
	m := at(t, "http://localhost:8420")
	for startURL, want := range map[string]string{
		"http://d-1234567890.awsapps.localhost:8420/start":                "d-1234567890",
		"http://example.awsapps.localhost:8420/start":                     "example",
		"http://example.awsapps.localhost:8420/start/":                    "example",
		"http://example.awsapps.localhost:8420/start#":                    "example",
		"http://example.awsapps.localhost:8420/start#/":                   "example",
		"http://example.awsapps.localhost:8420/start/#/":                  "example",
		"http://example.awsapps.localhost:8420":                           "example",
		"https://example.awsapps.localhost/start":                         "example",
		"https://d-1234567890.awsapps.com/start":                          "d-1234567890",
		"https://D-1234567890.AWSAPPS.com/start":                          "d-1234567890",
		"https://example.awsapps.com/start/":                              "example",
		"https://example.awsapps.com/start#/":                             "example",
		"https://example.awsapps.com":                                     "example",
		"https://ssoins-0123456789abcdef.us-east-1.portal.amazonaws.com":  "ssoins-0123456789abcdef",
		"https://ssoins-0123456789abcdef.us-east-1.portal.amazonaws.com/": "ssoins-0123456789abcdef",
		"https://ssoins-0123456789abcdef.portal.us-east-1.app.aws":        "ssoins-0123456789abcdef",
		"https://identitycenter.amazonaws.com/ssoins-0123456789abcdef":    "ssoins-0123456789abcdef",
		"https://identitycenter.amazonaws.com/ssoins-0123456789ABCDEF/":   "ssoins-0123456789abcdef",

		"":                                  "",
		"example":                           "",
		"/start":                            "",
		"https:///start":                    "",
		"https://awsapps.com/start":         "",
		"https://.awsapps.com/start":        "",
		"https://a.b.awsapps.com/start":     "",
		"https://example.awsapps.com/login": "",
		"https://example.awsapps.com/start/admin":                    "",
		"https://example.awsapps.com.evil.com/start":                 "",
		"https://evil.com/example.awsapps.com/start":                 "",
		"https://evilawsapps.com/start":                              "",
		"https://example-awsapps.com/start":                          "",
		"https://example.awsapps.localhost.evil/start":               "",
		"https://identitycenter.amazonaws.com":                       "",
		"https://identitycenter.amazonaws.com/":                      "",
		"https://identitycenter.evil.com/ssoins-1":                   "",
		"https://portal.amazonaws.com/":                              "",
		"https://signin.localhost:8420/start":                        "",
		"https://localhost:8420/start":                               "",
		"https://exa mple.awsapps.com/start":                         "",
		"https://example.awsapps.com/start\n":                        "",
		"https://" + strings.Repeat("x", 600) + ".awsapps.com/start": "",
	} {
		if got := m.PortalName(startURL); got != want {
			t.Errorf("%.90q: %q, want %q", startURL, got, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"localhost", "a.awsapps.localhost:1", "[::1]:8420", "sts.us-east-1.amazonaws.com.", "ssoins-0123456789abcdef.portal.eu-west-1.app.aws", "identitycenter.localhost", ".", "]:[", "\xff.localhost"} {
		f.Add(s)
	}
	m := at(f, "http://localhost:8420")
	f.Fuzz(func(t *testing.T, host string) {
		p := m.Find(host)
		issuer := strings.HasPrefix(strings.ToLower(host), "identitycenter.")
		if p.Kind == surface.Portal && (p.Name == "" && !issuer || strings.ContainsAny(p.Name, ".")) {
			t.Errorf("%q is a portal called %q", host, p.Name)
		}
		if strings.HasSuffix(strings.ToLower(host), ".evil.com") && p.Kind != surface.Unknown {
			t.Errorf("%q is %+v", host, p)
		}
	})
}

func FuzzPortalName(f *testing.F) {
	for _, s := range []string{"https://a.awsapps.com/start", "https://identitycenter.amazonaws.com/ssoins-1", "://", "https://[::1]/", "%"} {
		f.Add(s)
	}
	m := at(f, "http://localhost:8420")
	f.Fuzz(func(t *testing.T, startURL string) {
		if name := m.PortalName(startURL); name != strings.ToLower(name) {
			t.Errorf("%q is called %q", startURL, name)
		}
	})
}
