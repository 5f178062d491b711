package web

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func catalogues(t testing.TB) map[Locale]catalogue {
	t.Helper()
	all := map[Locale]catalogue{}
	for _, loc := range Locales() {
		c, err := readCatalogue(loc)
		if err != nil {
			t.Fatal(err)
		}
		all[loc] = c
	}
	return all
}

// Both languages say the same things about the same things.
func TestCataloguesMatch(t *testing.T) {
	t.Parallel()
	all := catalogues(t)
	en, ja := all[English], all[Japanese]
	for key, m := range en {
		if got, want := placeholders(ja[key]), placeholders(m); !slices.Equal(got, want) {
			t.Errorf("%s: ja has %v, en %v", key, got, want)
		}
	}
	for key := range ja {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is in ja only", key)
		}
	}
}

func placeholders(m message) []string {
	var names []string
	for _, p := range m {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// encoding/json takes the last of two equal keys in silence.
func TestCataloguesHaveNoDuplicates(t *testing.T) {
	t.Parallel()
	for _, loc := range Locales() {
		files, err := fs.Glob(messageFiles, "messages/"+string(loc)+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			noDuplicates(t, file)
		}
	}
}

func noDuplicates(t *testing.T, file string) {
	t.Helper()
	raw, err := messageFiles.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, seen := json.NewDecoder(bytes.NewReader(raw)), map[string]bool{}
	for {
		tok, err := d.Token()
		if err != nil {
			break
		}
		key, isString := tok.(string)
		if !isString {
			continue
		}
		if seen[key] {
			t.Errorf("%s: %s twice", file, key)
		}
		seen[key] = true
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
	}
}

// families are the keys that are put together: prefix, then each value of
// these constants, then one of the suffixes.
var families = []struct {
	prefix, constants string
	suffixes          []string
}{
	{"identify.notice.", "Notice", []string{""}},
	{"identify.error.", "IdentifyError", []string{""}},
	{"password.error.", "PasswordError", []string{""}},
	{"new-password.reason.", "NewPasswordReason", []string{""}},
	{"new-password.error.", "NewPasswordError", []string{""}},
	{"captcha.error.", "CaptchaError", []string{""}},
	{"device-entry.error.", "UserCodeError", []string{""}},
	{"problem.", "ProblemKind", []string{".title", ".what", ".next", ".link"}},
	{"mailbox.channel.", "channels", []string{""}},
	{"mail.", "letters", []string{".subject", ".text", ".action"}},
	{"mail.", "codes", []string{".subject", ".text"}},
	{"account.error.", "AccountError", []string{""}},
	{"factor.code.error.", "FactorCodeError", []string{""}},
	{"factor.resync.error.", "ResyncError", []string{""}},
	{"factor.passkey.error.", "PasskeyError", []string{""}},
	{"factor.recovery.error.", "RecoveryError", []string{""}},
	{"mail.factor-", "FactorNoticeKind", []string{".subject", ".text", ".after"}},
	{"account.password.reason.", "AccountPasswordReason", []string{""}},
	{"signup.status.", "SignUpState", []string{"", ".explain"}},
	{"signup.declined.", "SignUpDecline", []string{""}},
	{"settings.error.", "SettingsError", []string{""}},
	{"settings.notice.", "SettingsNotice", []string{""}},
	{"people.code.error.", "FirstCodeError", []string{""}},
	{"personmfa.mail.error.", "PersonMFAMailError", []string{""}},
	{"personmfa.error.", "PersonMFADeviceError", []string{""}},
	{"personmfa.notice.", "PersonMFANotice", []string{""}},
	{"mail.personmfa.", "deviceNotices", []string{".not-you"}},
	{"mail.", "signUpLetter", []string{".subject", ".text", ".action"}},
}

// Every message that is used exists, and every message is used.
func TestEveryMessageIsUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	constants := map[string][]string{
		"channels":      {"email", "sms", "voice"},
		"letters":       {"password-reset", "one-time-password", "password-changed", "password-replaced", "account-reset", "account-password", "invitation", "email-verification"},
		"codes":         {"signup-code", "account-code", "factor-recovery", "sign-in-code", "personmfa-code", "personmfa-added", "personmfa-removed"},
		"deviceNotices": {"added", "removed"},
	}
	literals := sources(t, constants)

	templates, err := filepath.Glob("templates/pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`\.T "([^"]+)"`)
	composed := regexp.MustCompile(`printf "([^"]+?)%s([^"]*)"`)
	for _, name := range append(templates, "templates/layout.html", "templates/partials.html", "templates/letter.html") {
		text, err := templateFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range direct.FindAllSubmatch(text, -1) {
			used[string(m[1])] = true
		}
		for _, m := range composed.FindAllStringSubmatch(string(text), -1) {
			known := slices.ContainsFunc(families, func(f struct {
				prefix, constants string
				suffixes          []string
			}) bool {
				return f.prefix == m[1] && slices.Contains(f.suffixes, m[2])
			})
			if !known {
				t.Errorf("%s puts together %s…%s, which is no family", name, m[1], m[2])
			}
		}
	}
	for _, f := range families {
		if len(constants[f.constants]) == 0 {
			t.Errorf("no constants %s", f.constants)
		}
		for _, value := range constants[f.constants] {
			for _, suffix := range f.suffixes {
				used[f.prefix+value+suffix] = true
			}
		}
	}
	en := catalogues(t)[English]
	for _, l := range literals {
		if _, ok := en[l]; ok {
			used[l] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is used and does not exist", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if !used[key] {
			t.Errorf("%s is never used", key)
		}
	}
}

// sources returns the string literals of the package, and adds its typed
// string constants by type.
func sources(t *testing.T, constants map[string][]string) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var literals []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if n.Kind == token.STRING {
					literals = append(literals, unquote(t, n))
				}
			case *ast.ValueSpec:
				if typ, ok := n.Type.(*ast.Ident); ok {
					for _, v := range n.Values {
						if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
							constants[typ.Name] = append(constants[typ.Name], unquote(t, lit))
						}
					}
				}
			}
			return true
		})
	}
	return literals
}

func unquote(t *testing.T, lit *ast.BasicLit) string {
	t.Helper()
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMessages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		args []any
		want string // empty: an error
	}{
		{"plain", nil, "plain"},
		{"{a} and {b}", []any{"b", 2, "a", "one"}, "one and 2"},
		{"wait {n|minute|minutes}.", []any{"n", 1}, "wait 1 minute."},
		{"wait {n|minute|minutes}.", []any{"n", 0}, "wait 0 minutes."},
		{"wait {n|minute|minutes}.", []any{"n", "two"}, ""},
		{"{missing}", nil, ""},
		{"{open", nil, ""},
		{"close}", nil, ""},
		{"{}", nil, ""},
		{"{a|b}", []any{"a", 1}, ""},
		{"{a|b|}", []any{"a", 1}, ""},
		{"{a{b}}", []any{"a", 1}, ""},
	} {
		got, err := func() (string, error) {
			m, err := parseMessage(tt.text)
			if err != nil {
				return "", err
			}
			return catalogue{"k": m}.text("k", tt.args...)
		}()
		if (err != nil) != (tt.want == "") || got != tt.want {
			t.Errorf("%q with %v: %q, %v; want %q", tt.text, tt.args, got, err, tt.want)
		}
	}
}

// A text that parses can be filled in, and no placeholder is left in it.
func FuzzParseMessage(f *testing.F) {
	for _, s := range []string{"", "plain", "{a}", "{n|one|other}", "a{b}c{d|e|f}g", "{", "}", "{}", "{{a}}", "{a|b}", "{a||}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMessage(s)
		if err != nil {
			return
		}
		var args []any
		for _, name := range placeholders(m) {
			args = append(args, name, 1)
		}
		got, err := catalogue{"k": m}.text("k", args...)
		if err != nil || strings.ContainsAny(got, "{}") || len(args) == 0 && got != s {
			t.Errorf("%q became %q, %v", s, got, err)
		}
	})
}

// Every template that is built in can be read, also one that nothing has shown yet.
func TestEveryTemplateParses(t *testing.T) {
	t.Parallel()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for name, parsed := range p.pages {
		if _, err := parsed(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
