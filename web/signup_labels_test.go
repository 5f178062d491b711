package web_test

import (
	"strings"
	"testing"

	"sekisho/web"
)

// The labels and the advice that the requirements print for sign-up.
func TestSignUpLabels(t *testing.T) {
	t.Parallel()
	p := pages(t)
	for _, tt := range []struct {
		req, page string
		en, ja    []string
	}{
		{"A-17", "signup-account", []string{"<h1>Create an AWS account</h1>"}, []string{"<h1>AWS アカウント を作成する</h1>"}},
		{"A-18", "signup-start", []string{">Sign in to the Console<", ">Create a new AWS account<", ">Sign in to a different account<"},
			[]string{">コンソールにサインインする<", ">新しい AWS アカウント を作成する<", ">別のアカウントにサインインする<"}},
		{"A-19", "signup-account", []string{">Continue<", "address is correct"}, []string{">続行<", "正しいことを確認"}},
		{"A-20", "signup-contact", []string{">Personal<", ">Professional<", "same features and functions"}, []string{">個人<", ">プロフェッショナル<", "特徴と機能は同じ"}},
		{"A-22", "signup-contact", []string{"AWS Customer Agreement"}, []string{"AWS カスタマーアグリーメント"}},
		{"A-23", "signup-contact", []string{">Create account and continue<"}, []string{">アカウントを作成してサインインする<"}},
		{"A-25", "signup-payment", []string{"<h1>Payment information</h1>", ">Use a new address<"}, []string{"<h1>支払い情報</h1>", ">新しい住所を使用<"}},
		{"A-26", "signup-payment", []string{">Verify and add<"}, []string{">確認して追加<"}},
		{"A-29", "signup-pin", []string{">Continue<"}, []string{">続行<"}},
		{"A-32", "signup-status-incomplete", []string{">Complete sign-up<"}, []string{">サインアップを完了する<"}},
		{"A-34", "signup-account", []string{">Sign in to an existing AWS account<"}, []string{">既存の AWS アカウント にサインイン<"}},
		{"A-38", "signup-blocked", []string{"Maximum number of failed attempts"}, []string{">最大失敗回数<"}},
		{"N-08", "signup-code", []string{"spam and junk"}, []string{"スパムフォルダと迷惑メールフォルダ"}},
		{"Q-12", "signup-account", []string{"AnyCompany-audit-prod", "paulo-santos-testaccount"}, []string{"AnyCompany-audit-prod", "paulo-santos-testaccount"}},
		{"Q-13", "signup-account", []string{"it.admins@example.com", "paulo.santos@example.com"}, []string{"it.admins@example.com", "配布リスト"}},
		{"Q-14", "signup-account", []string{"protect access"}, []string{"アクセスを保護"}},
		{"Q-15", "signup-account", []string{"company phone number"}, []string{"会社の電話番号"}},
		{"Q-16", "signup-account", []string{"send a test mail"}, []string{"テストメール"}},
		{"M-23", "signup-code", []string{"90 days", "email&#43;1@yourcompany.com", "Send a test mail"}, []string{"90 日", "email&#43;1@yourcompany.com", "テストメール"}},
		{"O-13", "signup-status-payment-pending", []string{"sensitive information such as credit card numbers"}, []string{"クレジットカード番号などの機密情報"}},
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

// Every country has a name in both languages, and the lists have the same ones.
func TestCountries(t *testing.T) {
	t.Parallel()
	en, ja := web.Countries(web.English), web.Countries(web.Japanese)
	if len(en) < 200 || len(en) != len(ja) {
		t.Fatalf("%d and %d countries", len(en), len(ja))
	}
	names := map[string]string{}
	for _, c := range en {
		if c.Name == "" || len(c.Code) != 2 || c.Dial < 1 || c.Dial > 999 {
			t.Errorf("%+v", c)
		}
		names[c.Code] = c.Name
	}
	for _, c := range ja {
		if names[c.Code] == "" || c.Name == "" || c.Code == "JP" && (c.Name != "日本" || c.Dial != 81) {
			t.Errorf("%+v, in English %q", c, names[c.Code])
		}
	}
}
