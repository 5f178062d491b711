package web

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		chosen, header string
		want           Locale
	}{
		{"", "", English},
		{"", "ja", Japanese},
		{"", "ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", Japanese},
		{"", "en-GB,en;q=0.9,ja;q=0.8", English},
		{"", "ja;q=0.2, en;q=0.9", English},
		{"", "fr-FR, ja;q=0.5", Japanese},
		{"", "fr", English},
		{"", "*", English},
		{"", ";;;=\x00", English},
		{"ja", "en", Japanese},
		{"en", "ja", English},
		{"fr", "ja", Japanese},
		{"JA", "", English},
		{"", "ja," + strings.Repeat("x-longer-than-any-browser-sends,", 10000), Japanese},
		{"", strings.Repeat("a", 1<<20), English},
	} {
		if got := Negotiate(tt.chosen, tt.header); got != tt.want {
			t.Errorf("Negotiate(%q, %.40q) = %s, want %s", tt.chosen, tt.header, got, tt.want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	for _, s := range []string{"", "ja", "ja-JP,ja;q=0.9,en;q=0.7", "*;q=0", "en;q=1.5,,;", "i-klingon", "zh-Hant-TW-u-nu-latn"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if loc := Negotiate("", header); loc != English && loc != Japanese {
			t.Errorf("%q: %q", header, loc)
		}
	})
}

func TestWithLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ path, want string }{
		{"/", "/?lang=ja"},
		{"/start?x=1&lang=en", "/start?lang=ja&x=1"},
		{"/?user_code=BCDF-GHJK#there", "/?lang=ja&user_code=BCDF-GHJK"},
		{"", "/?lang=ja"},
		{"https://evil.example/", "/?lang=ja"},
		{"//evil.example/", "/?lang=ja"},
		{"///evil.example/", "/?lang=ja"},
		{`/\evil.example/`, "/?lang=ja"},
		{"javascript:alert(1)", "/?lang=ja"},
		{"%zz", "/?lang=ja"},
	} {
		if got := withLanguage(tt.path, Japanese); got != tt.want {
			t.Errorf("withLanguage(%q) = %q, want %q", tt.path, got, tt.want)
		}
	}
}

// The language links never leave the host.
func FuzzWithLanguage(f *testing.F) {
	for _, s := range []string{"/", "/a?b=c", "//x", `/\x`, "/%2f%2fx", "/%5cx", "x:y", "/\t/x", "?a", "#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := withLanguage(path, Japanese)
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || u.Query().Get(ParamLanguage) != "ja" ||
			!strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\t\r\n") {
			t.Errorf("%q: %q %v", path, got, err)
		}
	})
}

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in    string
		lines bool
		want  string
	}{
		{"AWS CLI", false, "AWS CLI"},
		{"  a \t\r\n b\u2028c ", false, "a b c"},
		{"a\nb\u202ec\x1b[0m", true, "a\nbc[0m"},
		{"zero\u200bwidth\ufeff", false, "zerowidth"},
		{"関所の名前はとても長い", false, "関所の名前はとても…"},
		{"\xff", false, "\uFFFD"},
		{"\u202e\u2066", false, ""},
	} {
		if got := clean(tt.in, 10, tt.lines); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("AWS CLI \u202e\xff\n")
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s, 20, false)
		if utf8.RuneCountInString(got) > 20 || !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\u202e\u2066\u2028") {
			t.Errorf("%q: %q", s, got)
		}
	})
}

// The message keeps its text, whatever is found in it.
func FuzzSegments(f *testing.F) {
	f.Add("open http://x/1 or type 1", "http://x/1", "1")
	f.Fuzz(func(t *testing.T, text, link, code string) {
		m := MailboxMessage{Text: text, Links: []string{link}, Codes: []string{code}}
		var b strings.Builder
		for _, s := range (&rendering{}).Segments(m) {
			b.WriteString(s.Text)
		}
		if want := clean(text, maxText, true); b.String() != want {
			t.Errorf("%q became %q", want, b.String())
		}
	})
}

// Promise 11: a request from another place is warned of, one from here is not.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind       ConsentKind
		from, here string
		want       bool
	}{
		{ConsentDevice, "192.0.2.1", "192.0.2.1", false},
		{ConsentDevice, "192.0.2.1", "192.0.2.2", true},
		{ConsentDevice, "::ffff:192.0.2.1", "192.0.2.1", false},
		{ConsentDevice, "127.0.0.1", "::1", false},
		{ConsentDevice, "127.0.0.1", "192.0.2.1", true},
		{ConsentDevice, "2001:db8::1", "2001:db8::2:3", false},
		{ConsentDevice, "2001:db8::1", "2001:db8:0:1::1", true},
		{ConsentDevice, "fe80::1%eth0", "fe80::1%eth1", false},
		{ConsentDevice, "2001:db8::1", "192.0.2.1", true},
		{ConsentDevice, "", "192.0.2.1", false},
		{ConsentCode, "192.0.2.1", "192.0.2.2", false},
	} {
		from, _ := netip.ParseAddr(tt.from)
		here, _ := netip.ParseAddr(tt.here)
		if got := (Consent{Kind: tt.kind, FromAddress: from, HereAddress: here}).Elsewhere(); got != tt.want {
			t.Errorf("%s from %q at %q: %v", tt.kind, tt.from, tt.here, got)
		}
	}
}

func TestMinutes(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]int{-1: 1, 0: 1, time.Second: 1, time.Minute: 1, time.Minute + 1: 2, time.Hour: 60} {
		if got := minutes(d); got != want {
			t.Errorf("minutes(%s) = %d, want %d", d, got, want)
		}
	}
}

func TestAppleRules(t *testing.T) {
	t.Parallel()
	p := PasswordRules{MinLength: 8, MaxLength: 64, Upper: true, Symbol: true}
	if got, want := p.AppleRules(), "minlength: 8; maxlength: 64; required: upper; required: special;"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
