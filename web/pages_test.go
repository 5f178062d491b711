package web_test

import (
	"bytes"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sekisho/web"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	dump   = flag.String("dump", "", "also write every page, with its assets, into this directory, to be looked at")
)

func pages(t testing.TB) *web.Pages {
	t.Helper()
	p, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func render(t testing.TB, p *web.Pages, page web.Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Render(&b, page); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// each runs a test on every sample in every language.
func each(t *testing.T, test func(t *testing.T, name string, loc web.Locale, body string)) {
	t.Parallel()
	p := pages(t)
	for _, loc := range web.Locales() {
		for name, page := range samples(loc) {
			t.Run(name+"/"+string(loc), func(t *testing.T) {
				test(t, name, loc, render(t, p, page))
			})
		}
	}
}

// golden compares got with a file of testdata/golden. Names of assets are
// written without their hash, so that a change of style changes no page.
func golden(t *testing.T, file, got string) {
	t.Helper()
	for _, a := range web.Assets() {
		got = strings.ReplaceAll(got, a.Name, a.Name[:strings.IndexByte(a.Name, '-')]+filepath.Ext(a.Name))
	}
	file = filepath.Join("testdata", "golden", file)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s; after an intended change, run with -update and review.\n%s", file, got)
	}
}

func TestGolden(t *testing.T) {
	each(t, func(t *testing.T, name string, loc web.Locale, body string) {
		golden(t, name+"."+string(loc)+".html", body)
		if *dump != "" {
			dumpPage(t, name+"."+string(loc)+".html", body)
		}
	})
}

func dumpPage(t *testing.T, name, body string) {
	t.Helper()
	files := map[string][]byte{name: []byte(strings.ReplaceAll(body, `"/assets/`, `"assets/`))}
	for _, a := range web.Assets() {
		files["assets/"+a.Name] = a.Body
	}
	for name, body := range files {
		file := filepath.Join(*dump, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A page with everything that it loads stays under 40 KB (design, Pages).
func TestSize(t *testing.T) {
	var assets int
	for _, a := range web.Assets() {
		assets += len(a.Body)
	}
	each(t, func(t *testing.T, _ string, _ web.Locale, body string) {
		if n := assets + len(body); n >= 40_000 {
			t.Errorf("%d bytes with assets, want fewer than 40,000", n)
		}
	})
}

// What assistive technology and password managers rely on, and what the
// content security policy forbids.
func TestMarkup(t *testing.T) {
	each(t, func(t *testing.T, _ string, loc web.Locale, body string) {
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		ids, labelled := map[string]bool{}, map[string]bool{}
		for n := range doc.Descendants() {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("id %s is not unique", id)
				}
				ids[id] = true
			}
			if n.Data == "label" {
				labelled[attr(n, "for")] = strings.TrimSpace(text(n)) != ""
			}
		}
		var h1, mains, autofocus int
		var languages []string
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "style", strings.HasPrefix(a.Key, "on"):
					t.Errorf("<%s %s> is refused by the policy", n.Data, a.Key)
				case a.Key == "aria-describedby", a.Key == "aria-labelledby":
					for _, id := range strings.Fields(a.Val) {
						if !ids[id] {
							t.Errorf("%s=%q: no such id", a.Key, a.Val)
						}
					}
				case a.Key == "autofocus":
					autofocus++
				case strings.Contains(a.Val, "ZgotmplZ"), strings.HasPrefix(a.Val, "javascript:"):
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
			switch n.Data {
			case "html":
				if attr(n, "lang") != string(loc) {
					t.Errorf("lang=%q, want %q", attr(n, "lang"), loc)
				}
			case "h1":
				h1++
			case "main":
				mains++
			case "style", "iframe", "object":
				t.Errorf("<%s> is refused by the policy", n.Data)
			case "script":
				if attr(n, "src") == "" || n.FirstChild != nil {
					t.Error("script inside the page is refused by the policy")
				}
			case "a":
				href := attr(n, "href")
				if strings.HasPrefix(href, "#") && !ids[href[1:]] {
					t.Errorf("link to %s: no such id", href)
				}
				if href == "" || strings.TrimSpace(text(n)) == "" {
					t.Errorf("a link without address or text: %q %q", href, text(n))
				}
				if lang := attr(n, "hreflang"); lang != "" {
					languages = append(languages, lang)
					if !strings.Contains(href, "lang="+lang) {
						t.Errorf("the link to %s leads to %s", lang, href)
					}
				}
			case "img":
				if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
					t.Error("a picture without alternative")
				}
			case "input":
				if attr(n, "type") != "hidden" && !labelled[attr(n, "id")] {
					t.Errorf("input %s has no label", attr(n, "name"))
				}
				if attr(n, "type") == "password" && attr(n, "value") != "" {
					t.Error("a password is written into the page")
				}
				if !slices.Contains(fields, attr(n, "name")) {
					t.Errorf("input %s is not one of the Field constants", attr(n, "name"))
				}
			case "button":
				if strings.TrimSpace(text(n)) == "" {
					t.Error("a button without text")
				}
			case "form":
				if attr(n, "method") != "post" || attr(n, "action") == "" || !strings.Contains(inner(n), `name="flow" value="flow-token"`) {
					t.Errorf("form without method, action or flow: %s", inner(n))
				}
			}
		}
		if h1 != 1 || mains != 1 || autofocus > 1 {
			t.Errorf("%d h1, %d main, %d autofocus; want one, one, at most one", h1, mains, autofocus)
		}
		if !slices.Equal(languages, []string{"en", "ja"}) {
			t.Errorf("language links: %v", languages)
		}
	})
}

var fields = []string{web.FieldFlow, web.FieldUserName, web.FieldPassword, web.FieldNewPassword, web.FieldConfirm,
	web.FieldCaptcha, web.FieldUserCode, web.FieldDecision,
	web.FieldUserType, web.FieldEmail, web.FieldAccount, web.FieldRemember, web.FieldCode, web.FieldEndAll}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func inner(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		_ = html.Render(&b, c)
	}
	return b.String()
}

// The labels that the requirements print, in both languages.
func TestLabels(t *testing.T) {
	t.Parallel()
	p := pages(t)
	for _, tt := range []struct {
		req, page string
		en, ja    []string
	}{
		{"H-05", "identify", []string{">Next<"}, []string{">次へ<"}},
		{"H-05", "password", []string{">Forgot password<", ">Sign in<"}, []string{">パスワードを忘れた場合<", ">サインイン<"}},
		{"D-19", "identify", []string{"access portal users of Example Corp"}, []string{"Example Corp のアクセスポータルのユーザー"}},
		{"H-24", "forgot", []string{"<h1>Forgot password</h1>", "Verify that you&#39;re a real person. Enter the characters from the image below.", ">Next<", ">Cancel<", "Jane_Doe"}, []string{">次へ<", "Jane_Doe"}},
		{"H-25", "forgot-sent", []string{"<h1>Reset password email sent</h1>",
			"Please check your inbox. If you did not receive a password reset email, confirm that your username is correct, or ask your administrator to check your registered email.", ">Continue<"}, nil},
		{"N-08", "forgot-sent", []string{"spam and junk"}, []string{"スパム", "迷惑メール"}},
		{"Q-37", "factor-code", []string{"Submit them at once"}, []string{"表示されたらすぐに送信"}},
		{"Q-26", "password-done", []string{"Bookmark", portalURL}, []string{"ブックマーク", portalURL}},
		{"Q-27", "password-done", []string{"Save it"}, []string{"保存"}},
		{"M-28", "signin-home", []string{"awsapps.localhost:8420/start"}, []string{"awsapps.localhost:8420/start"}},
		{"M-29", "problem-unknown-portal", []string{"ask your administrator"}, []string{"管理者にお問い合わせ"}},
		{"M-33", "problem-setup", []string{"<h1>It&#39;s not you, it&#39;s us</h1>"}, []string{"<h1>お客様ではなく、当社です</h1>"}},
		{"M-34", "problem-setup", []string{"date and time", "Network Time Protocol"}, []string{"日付と時刻", "Network Time Protocol"}},
		{"I-08", "consent-device", []string{"botocore-client-my-sso", "BCDF-GHJK", "192.0.2.17", "aws-cli/2.35", "14 March 2026, 11:58 UTC", "1 minute ago", ">Allow access<", ">Deny<"},
			[]string{"2026年3月14日 11:58 (UTC)", ">アクセスを許可<", ">拒否<"}},
		{"promise 11", "consent-elsewhere", []string{"another address", "2001:db8::5"}, []string{"2001:db8::5"}},
		{"R-01", "signin-home-all", []string{"Root user", "IAM user", "Access portal user", "Federated identity", "Builder ID user"}, []string{"ルートユーザー", "IAM ユーザー", "フェデレーテッド ID", "ビルダー ID"}},
	} {
		for loc, wants := range map[web.Locale][]string{web.English: tt.en, web.Japanese: tt.ja} {
			page, ok := samples(loc)[tt.page]
			if !ok {
				t.Fatalf("no sample %s", tt.page)
			}
			body := render(t, p, page)
			for _, want := range wants {
				if !strings.Contains(body, want) {
					t.Errorf("%s: %s in %s lacks %q", tt.req, tt.page, loc, want)
				}
			}
		}
	}
}

// Strangers' text is shown as text: escaped, in one order, bounded.
func TestEscaping(t *testing.T) {
	t.Parallel()
	body := render(t, pages(t), samples(web.English)["consent-hostile"])
	for _, bad := range []string{"<script>alert", "<img src=x", "<b>agent", "\u202e", "\x00", "WWW" + long("W", 100), "ユ" + long("ユ", 199)} {
		if strings.Contains(body, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "…"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	same := render(t, pages(t), samples(web.English)["consent-device"])
	if strings.Contains(same, "another address") {
		t.Error("a request from the browser's own address is warned of")
	}
}

// A refused password is answered with one text, in which the user may as well
// not exist (promise 4).
func TestRefusalTellsNothing(t *testing.T) {
	t.Parallel()
	p := pages(t)
	for loc, want := range map[web.Locale]string{web.English: "The username or password is incorrect.", web.Japanese: "ユーザー名またはパスワードが正しくありません。"} {
		if body := render(t, p, samples(loc)["password-incorrect"]); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", loc, want)
		}
	}
}

func TestRenderWritesOnceOrNothing(t *testing.T) {
	t.Parallel()
	var w countingWriter
	if err := pages(t).Render(&w, samples(web.English)["identify"]); err != nil || w.calls != 1 {
		t.Errorf("%d writes, error %v", w.calls, err)
	}
	w = countingWriter{}
	if err := pages(t).Render(&w, web.Problem{Kind: "no such kind"}); err == nil || w.calls != 0 {
		t.Errorf("%d writes, error %v; want none and an error", w.calls, err)
	}
}

type countingWriter struct{ calls int }

func (w *countingWriter) Write(b []byte) (int, error) { w.calls++; return len(b), nil }

func TestUnknownLocaleIsEnglish(t *testing.T) {
	t.Parallel()
	page := samples("fr")["identify"]
	if body := render(t, pages(t), page); !strings.Contains(body, `<html lang="en">`) {
		t.Error("not in English")
	}
}

func TestMailGolden(t *testing.T) {
	t.Parallel()
	p := pages(t)
	for _, loc := range web.Locales() {
		for name, m := range mails() {
			got, err := p.Mail(m, loc)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "mail-"+name+"."+string(loc)+".txt", "Subject: "+got.Subject+"\n\n"+got.Text)
			golden(t, "mail-"+name+"."+string(loc)+".html", got.HTML)
			if *dump != "" {
				dumpPage(t, "mail-"+name+"."+string(loc)+".html", got.HTML)
			}
		}
	}
}

// A name cannot add lines to a mail or markup to its HTML.
func TestMailEscaping(t *testing.T) {
	t.Parallel()
	m := web.PasswordResetMail{Organisation: "Ex\r\nBcc: all@example.com", UserName: "<b>jane</b>\nhttp://evil.example", ResetURL: "http://signin.localhost/reset", Valid: 1}
	got, err := pages(t).Mail(m, web.English)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(got.Subject, "\r\n") || strings.Contains(got.Text, "\nBcc") || strings.Contains(got.Text, "\nhttp://evil") || strings.Contains(got.HTML, "<b>jane") {
		t.Errorf("%q\n%s\n%s", got.Subject, got.Text, got.HTML)
	}
	if !strings.Contains(got.Text, "\nhttp://signin.localhost/reset\n") || !strings.Contains(got.Text, "within 1 minute.") {
		t.Error(got.Text)
	}
}

// Printing or logging a mail never shows its secret.
func TestMailSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	for name, m := range mails() {
		written, err := pages(t).Mail(m, web.English)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		for _, v := range []any{m, written} {
			fmt.Fprintf(&b, "%v %+v %#v %s\n", v, v, v, v)
			slog.New(slog.NewTextHandler(&b, nil)).Info("x", "mail", v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "mail", v)
		}
		if strings.Contains(b.String(), "s3cret") {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	for _, a := range web.Assets() {
		if len(a.Body) == 0 || a.ContentType == "" || !strings.Contains(a.Name, "-") {
			t.Errorf("%s: %d bytes of %q", a.Name, len(a.Body), a.ContentType)
		}
	}
}

func TestContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		targets []string
		end     string
	}{
		{nil, "form-action 'self'"},
		{[]string{"http://127.0.0.1:5000", ""}, "form-action 'self' http://127.0.0.1:5000"},
		{[]string{"https://a; script-src *", "https://b.example"}, "form-action 'self' https://b.example"},
	} {
		got := web.ContentSecurityPolicy(tt.targets...)
		if !strings.HasPrefix(got, "default-src 'none';") || !strings.HasSuffix(got, tt.end) {
			t.Errorf("%q: %s", tt.targets, got)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	p, page := pages(b), samples(web.Japanese)["consent-device"]
	var buf bytes.Buffer
	for b.Loop() {
		buf.Reset()
		if err := p.Render(&buf, page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		pages(b)
	}
}
