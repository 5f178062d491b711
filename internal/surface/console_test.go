package surface_test

import (
	"net/url"
	"testing"
)

// behaviours.md 6.12, 8.4: which page of the console an address means, and that no
// other address means one (open redirect).
func TestConsolePath(t *testing.T) {
	t.Parallel()
	m := at(t, "http://localhost:8420")
	for address, want := range map[string]string{
		"https://console.aws.amazon.com/iam/home?x=1#/users":         "/iam/home?x=1#/users",
		"https://eu-west-1.console.aws.amazon.com/support/home":      "/support/home?region=eu-west-1",
		"https://eu-west-1.console.aws.amazon.com/a?region=eu-north": "/a?region=eu-north",
		"http://console.localhost:8420/account":                      "/account",
		"http://console.localhost:8420":                              "/",
		"/iam/home":                                                  "/iam/home",
		"":                                                           "",
		"iam/home":                                                   "",
		"//evil.example/iam":                                         "",
		"https://console.aws.amazon.com.evil.example/":               "",
		"https://user@console.aws.amazon.com/":                       "",
		"javascript:alert(1)":                                        "",
		"javascript://console.aws.amazon.com/%0aalert(1)":            "",
		"http://console.aws.amazon.com//evil.example":                "/evil.example",
		"http://signin.localhost:8420/":                              "",
		"https://console.aws.amazon.com/%zz":                         "",
	} {
		if got := m.ConsolePath(address); got != want {
			t.Errorf("%q is %q, want %q", address, got, want)
		}
	}
}

func FuzzConsolePath(f *testing.F) {
	for _, s := range []string{"https://console.aws.amazon.com/iam/home?x=1#/users", "//evil.example/", "/\\evil.example", "https://eu-west-1.console.aws.amazon.com//x"} {
		f.Add(s)
	}
	m := at(f, "http://localhost:8420")
	base := &url.URL{Scheme: "http", Host: "console.localhost:8420", Path: "/"}
	f.Fuzz(func(t *testing.T, address string) {
		got := m.ConsolePath(address)
		if got == "" {
			return
		}
		if u, err := base.Parse(got); err != nil || u.Host != base.Host || u.Scheme != base.Scheme || got[0] != '/' {
			t.Errorf("%q is %q", address, got)
		}
	})
}
