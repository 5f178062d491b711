package help_test

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/captcha"
	"sekisho/internal/clock"
	"sekisho/internal/help"
	"sekisho/internal/page"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/support"
	"sekisho/internal/surface"
	"sekisho/web"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	captcha *captcha.Service
	addr    surface.Map
	handler *help.Handler
	from    string // the client's address
}

func newWorld(t testing.TB, publicURL string) *world {
	t.Helper()
	db, ring := storetest.OpenWithRing(t)
	public, err := url.Parse(publicURL)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, db: db, clock: clock.NewFixed(start), addr: surface.New(public, "eu-central-1"), from: "198.51.100.7"}
	w.captcha = captcha.New(ring, w.clock)
	site := &pagehttp.Site{Pages: pages, Map: w.addr, Clock: w.clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		ClientIP: func(*http.Request) string { return w.from }, RequestID: func(*http.Request) string { return "request" }}
	w.handler = help.New(help.Deps{Site: site, DB: db, Ring: ring, Captcha: w.captcha})
	return w
}

type browser struct {
	*world
	jar http.CookieJar
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	return &browser{w, jar}
}

func (b *browser) do(method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	b.Helper()
	u, err := url.Parse(b.addr.SignIn() + path)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequestWithContext(context.Background(), method, u.RequestURI(), strings.NewReader(form.Encode()))
	r.Host = u.Host
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	for _, c := range b.jar.Cookies(u) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	b.jar.SetCookies(u, w.Result().Cookies())
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder { return b.do(http.MethodGet, path, nil) }

// contents are what each page has to say, by requirement.
var contents = []struct{ req, path, want, japanese string }{
	{"help", "/help", "I cannot sign in", "サインインできない場合"},
	{"Q-42, R-09", "/help/glossary", "Also account administrator or IAM administrator", "IAM 管理者とも呼ばれます"},
	{"R-10", "/help/glossary", "A person or an application that calls AWS products", "人またはアプリケーション"},
	{"R-11", "/help/glossary", "while you sign in with multi-factor authentication", "多要素認証"},
	{"R-12", "/help/glossary", "What signing up for a Builder ID creates", "ビルダー ID の登録時に作成される"},
	{"R-13", "/help/glossary", "an access key ID and a secret access key", "短期のものを推奨"},
	{"R-01, R-02", "/help/user-types", "There are five kinds of user", "5 つのタイプ"},
	{"R-22", "/help/user-types", `href="/signin/iam"`, `href="/?user=root"`},
	{"R-23", "/help/user-types", `href="/signup"`, `href="/signup"`},
	{"M-05, M-09", "/help/sign-in", "Most often it is the wrong page", "サインインページが違います"},
	{"M-06, M-16, M-17", "/help/sign-in", "Look for mail from AWS", "登録直後にアカウントに届いた"},
	{"M-07, M-14", "/help/sign-in", "The first 12 digits of the address", "最初の 12 桁"},
	{"M-08", "/help/sign-in", "Support cannot recover an ID or alias", "サポートは ID やエイリアスを復元できません"},
	{"M-10, M-11", "/help/sign-in", "cache and cookies, or use another browser", "キャッシュと Cookie を削除"},
	{"M-12", "/help/sign-in", "Listen to the digits", "音声を聞く"},
	{"M-13", "/help/sign-in", `href="/help/allow-list"`, `href="/help/allow-list"`},
	{"M-15", "/help/sign-in", "@verify.signin.aws", "@verify.signin.aws"},
	{"M-18", "/help/sign-in", "catch-all", "キャッチオール"},
	{"M-19", "/help/sign-in", `href="/contact-us?topic=cannot-sign-in"`, `href="/contact-us?topic=cannot-sign-in"`},
	{"M-20", "/help/sign-in", "by a call or text message", "通話またはテキストメッセージ"},
	{"M-21", "/help/sign-in", "Support cannot help an IAM user with MFA", "IAM ユーザーの MFA をサポートできません"},
	{"M-22", "/help/sign-in", "Ask your administrator, who alone can set a new password", "新しいパスワードを設定できるのは管理者だけ"},
	{"M-23", "/help/sign-in", "name+aws@example.com", "name+aws@example.com"},
	{"M-24", "/help/sign-in", "Sign in as root user: the console shows why", "利用停止中"},
	{"M-26", "/help/sign-in", "Amazon customer service", "Amazon カスタマーサービス"},
	{"M-27", "/help/sign-in", "Neither can be read again; both can be replaced", "どちらも再表示できません"},
	{"B-04", "/help/root-tasks", "Tasks that require root user credentials", "ルートユーザー認証情報が必要なタスク"},
	{"D-20", "/help/resilience", "How sign-in stays reachable", "緊急用のユーザー"},
	{"Q-03, Q-09", "/help/best-practices", "1. Protect the root user", "1. ルートユーザーを保護する"},
	{"Q-04, Q-28", "/help/best-practices", "Temporary credentials for workloads.", "一時的な認証情報"},
	{"Q-04, Q-28", "/help/best-practices", "Access keys only where long-term credentials are needed.", "長期的な認証情報"},
	{"Q-05", "/help/best-practices", "Begin with AWS managed policies and move on to least privilege", "AWS マネージドポリシーから始めて、最小権限に移行"},
	{"Q-06", "/help/best-practices", `href="/help/user-types"`, `href="/help/user-types"`},
	{"Q-08", "/help/best-practices", `href="http://console.localhost:8420/iam/home"`, `href="http://console.localhost:8420/iam/home"`},
	{"Q-07", "/help/best-practices", `href="http://console.localhost:8420/account"`, `href="/account/email"`},
	{"Q-10", "/help/best-practices", "Test the administrator's access in another browser", "別のブラウザで"},
	{"Q-11", "/help/best-practices", "Change passwords and access keys regularly", "定期的に変更する"},
	{"A-13", "/help/support-plans", "Technical cases by email, chat and phone", "24 時間 365 日"},
	{"P-01", "/help/allow-list", "in every Region by the same addresses", "どのリージョンでも"},
	{"P-02", "/help/allow-list", "one Region for Builder IDs, us-east-1", "us-east-1"},
	{"P-07", "/help/allow-list", "in one Region, which a connected directory has to share", "接続するディレクトリも同じリージョンにある必要があります"},
	{"O-12", "/help/user-types", "Support does not know the addresses of portals", "サポートはポータルの URL を復元できません"},
	{"D-15", "/help/user-types", "There is no sign-in address that all of them share", "共通のサインイン URL はありません"},
	{"D-10", "/help/user-types", "Each of them has a sign-in address of its own", "サインイン URL は、アクセスするサービスごとに異なります"},
	{"D-18", "/help/allow-list", "*.signin.aws.amazon.com", "*.signin.aws.amazon.com"},
	{"D-18", "/help/allow-list", "*.awsapps.com and *.signin.aws", "*.awsapps.com、*.signin.aws"},
	{"D-18", "/help/allow-list", "www.amazon.com", "www.amazon.com"},
	{"O-06", "/contact-us", "I'm an AWS customer and I'm looking for billing or account support", "AWS のお客様であり、請求またはアカウントサポートを探しています"},
	{"O-07", "/contact-us", "I can't log in to my AWS account", "AWSアカウントにログインできません"},
	{"O-07", "/contact-us", "Request support for AWS account credentials", "AWSアカウント認証情報のサポートをリクエスト"},
	{"O-11", "/contact-us", "There is no telephone number", "電話での受付は行っていません"},
	{"O-13", "/contact-us", "Do not write passwords, card numbers or secret keys", "カード番号"},
	{"M-26", "/contact-us", "Amazon customer service", "Amazon カスタマーサービス"},
}

// Every page says what its requirements ask for, in both languages, to everybody.
func TestPagesSayWhatTheyMust(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "http://localhost:8420")
	b := w.browser()
	for _, c := range contents {
		if p := b.get(c.path + "?lang=en"); p.Code != http.StatusOK || !strings.Contains(html.UnescapeString(p.Body.String()), c.want) {
			t.Errorf("%s: %s (%d) does not say %q", c.req, c.path, p.Code, c.want)
		}
		if p := b.get(c.path + "?lang=ja"); !strings.Contains(html.UnescapeString(p.Body.String()), c.japanese) {
			t.Errorf("%s: %s does not say %q", c.req, c.path, c.japanese)
		}
	}
	for path, want := range map[string]string{
		"/jp/contact-us": "/contact-us?lang=ja", "/jp/contact-us/": "/contact-us?lang=ja", "/help/": "/help", "/contact-us/": "/contact-us", // D-14
	} {
		if p := b.get(path); p.Header().Get("Location") != want {
			t.Errorf("%s leads to %q", path, p.Header().Get("Location"))
		}
	}
	if p := b.get("/help/nothing"); p.Code != http.StatusNotFound {
		t.Errorf("a page that there is not is answered %d", p.Code)
	}
	for topic, selected := range map[string]string{"fraud": "fraud", "account-credentials": "account-credentials", "reactivate": "account-and-billing", "<x>": "account-and-billing"} { // A-44, O-07
		if p := b.get("/contact-us?topic=" + url.QueryEscape(topic)); !strings.Contains(p.Body.String(), `value="`+selected+`" selected`) {
			t.Errorf("topic %s does not choose %s", topic, selected)
		}
	}
	// M-25: all of it without signing in and without a cookie.
	if p := w.browser().get("/help/sign-in"); len(p.Result().Cookies()) != 0 {
		t.Error("reading sets a cookie")
	}
}

// Links of help pages lead to pages that there are.
func TestLinksBetweenPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "http://localhost:8420")
	b := w.browser()
	link := regexp.MustCompile(`href="(/(?:help|contact-us)[^"#]*)"`)
	for _, name := range append(web.HelpPages(), "../contact-us") {
		body := b.get("/help/" + string(name)).Body.String()
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			if p := b.get(html.UnescapeString(m[1])); p.Code != http.StatusOK {
				t.Errorf("%s leads to %s, which is answered %d", name, m[1], p.Code)
			}
		}
	}
}

// P-03 to P-06, P-08: the lists for firewalls are this server's, wherever it is.
func TestAllowListIsThisServers(t *testing.T) {
	t.Parallel()
	for publicURL, wants := range map[string][]string{
		"http://localhost:8420": {"*.localhost:8420", "signin.localhost:8420", "http://[yourdirectory].awsapps.localhost:8420/start", "oidc.REGION.localhost:8420"},
		"https://sso.example.com": {"*.sso.example.com", "*.signin.sso.example.com", "*.awsapps.sso.example.com", "https://[yourdirectory].awsapps.sso.example.com/login", "eu-central-1",
			"view.awsapps.sso.example.com/start", "profile.sso.example.com", "oidc.REGION.sso.example.com", "portal.sso.REGION.sso.example.com"},
	} {
		body := newWorld(t, publicURL).browser().get("/help/allow-list").Body.String()
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s", publicURL, want)
			}
		}
	}
}

var flowField = regexp.MustCompile(`name="flow" value="([^"]*)"`)
var pictureName = regexp.MustCompile(`/captcha/([^"]+)\.png`)

// form opens the form and fills it in, with the answer of its CAPTCHA.
func (b *browser) form(change ...string) url.Values {
	b.Helper()
	body := b.get("/contact-us?topic=cannot-sign-in").Body.String()
	picture := pictureName.FindStringSubmatch(body)
	flow := flowField.FindStringSubmatch(body)
	if picture == nil || flow == nil {
		b.Fatalf("there is no form:\n%s", body)
	}
	answer, err := b.captcha.Answer(picture[1])
	if err != nil {
		b.Fatal(err)
	}
	v := url.Values{"flow": {flow[1]}, "topic": {"cannot-sign-in"}, "contact_email": {"jane@example.com"}, "contact_account": {"example"},
		"subject": {"Locked out"}, "text": {"The code never arrives.\r\nI tried another browser."}, "captcha": {answer}}
	for i := 0; i < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

func (b *browser) post(form url.Values) *httptest.ResponseRecorder {
	return b.do(http.MethodPost, "/contact-us", form, "Sec-Fetch-Site", "same-origin", "Origin", b.addr.SignIn())
}

// O-06, O-07, O-08, M-25: who cannot sign in opens a case and is told its number.
func TestContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "http://localhost:8420")
	b := w.browser()
	p := b.post(b.form())
	done := p.Header().Get("Location")
	if p.Code != http.StatusSeeOther || !strings.HasPrefix(done, "/contact-us/done?") {
		t.Fatalf("%d %s\n%s", p.Code, done, p.Body)
	}
	cases := w.cases()
	if len(cases) != 1 || cases[0].Email != "jane@example.com" || cases[0].AccountHint != "example" || cases[0].Account != "" || cases[0].Subject != "Locked out" {
		t.Fatalf("%+v", cases)
	}
	if p := b.get(done); p.Code != http.StatusOK || !strings.Contains(p.Body.String(), cases[0].DisplayID) {
		t.Errorf("the confirmation is answered %d", p.Code)
	}
	if p := w.browser().get(done); p.Code != http.StatusSeeOther {
		t.Errorf("another browser's look at the confirmation is answered %d", p.Code)
	}
}

// Attacks on the form: forged, lifted into another browser, sent twice with one
// CAPTCHA, guessed, too old, and sent again and again.
func TestContactRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		try    func(b *browser) *httptest.ResponseRecorder
		status int
		cases  int
	}{
		"CSRF": {func(b *browser) *httptest.ResponseRecorder {
			return b.do(http.MethodPost, "/contact-us", b.form(), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
		}, http.StatusForbidden, 0},
		"lifted form": {func(b *browser) *httptest.ResponseRecorder { return b.world.browser().post(b.form()) }, http.StatusBadRequest, 0},
		"CAPTCHA reuse": {func(b *browser) *httptest.ResponseRecorder {
			form := b.form()
			b.post(form)
			return b.post(form)
		}, http.StatusUnprocessableEntity, 1},
		"CAPTCHA guessed": {func(b *browser) *httptest.ResponseRecorder { return b.post(b.form("captcha", "000000")) }, http.StatusUnprocessableEntity, 0},
		"CAPTCHA right after it was wrong": {func(b *browser) *httptest.ResponseRecorder {
			form := b.form()
			right := form.Get("captcha")
			form.Set("captcha", "000000")
			b.post(form)
			form.Set("captcha", right)
			return b.post(form)
		}, http.StatusUnprocessableEntity, 0},
		"old form": {func(b *browser) *httptest.ResponseRecorder {
			form := b.form()
			b.clock.Advance(time.Hour + time.Second)
			return b.post(form)
		}, http.StatusBadRequest, 0},
		"no flow":  {func(b *browser) *httptest.ResponseRecorder { return b.post(b.form("flow", "")) }, http.StatusBadRequest, 0},
		"too much": {func(b *browser) *httptest.ResponseRecorder { return b.post(b.form("text", strings.Repeat("x", 8001))) }, http.StatusUnprocessableEntity, 0},
		"flood of one address": {func(b *browser) *httptest.ResponseRecorder {
			for i := range 5 {
				b.from = "198.51.100." + string(rune('1'+i))
				b.post(b.form())
			}
			b.from = "198.51.100.9"
			return b.post(b.form())
		}, http.StatusTooManyRequests, 5},
		"flood of one network": {func(b *browser) *httptest.ResponseRecorder {
			for i := range 5 {
				b.from = "2001:db8::" + string(rune('1'+i))
				b.post(b.form("contact_email", string(rune('a'+i))+"@example.com"))
			}
			b.from = "2001:db8::ffff"
			return b.post(b.form("contact_email", "z@example.com"))
		}, http.StatusTooManyRequests, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "http://localhost:8420")
			p := c.try(w.browser())
			if p.Code != c.status || len(w.cases()) != c.cases {
				t.Errorf("answered %d with %d cases, want %d with %d", p.Code, len(w.cases()), c.status, c.cases)
			}
		})
	}
}

// Every fault is told at its field, and what was typed stays.
func TestContactFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "http://localhost:8420")
	b := w.browser()
	p := b.post(b.form("topic", "x", "contact_email", "x", "contact_account", strings.Repeat("x", 65), "subject", "", "captcha", ""))
	body := p.Body.String()
	for _, field := range []string{"topic", "contact_email", "contact_account", "subject", "captcha"} {
		if !strings.Contains(body, `href="#`+field+`"`) {
			t.Errorf("nothing is said of %s", field)
		}
	}
	if p.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "I tried another browser.") {
		t.Errorf("%d\n%s", p.Code, body)
	}
}

func (w *world) cases() (all []support.Case) {
	w.Helper()
	err := w.db.View(context.Background(), func(tx store.Tx) (err error) {
		found, err := tx.SupportCases(true, page.Request{Limit: 100})
		all = found.Items
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}
