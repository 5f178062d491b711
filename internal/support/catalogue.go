package support

import (
	"slices"
	"strings"
)

// IssueType says which part of AWS Support a case is for.
type IssueType string

// The issue types. Account and billing support is [CustomerService].
const (
	CustomerService IssueType = "customer-service"
	Technical       IssueType = "technical"
)

// Plan is an account's support plan.
type Plan string

// The plans that can be chosen at sign-up.
const (
	Basic     Plan = "basic"
	Developer Plan = "developer"
	Business  Plan = "business"
)

// Name is what something is called in each language of [Languages]; English is
// there always and stands in for what is missing.
type Name struct{ English, Japanese string }

// In is the name in a language.
func (n Name) In(language string) string {
	if language == "ja" && n.Japanese != "" {
		return n.Japanese
	}
	return n.English
}

// Category is one kind of matter within a service.
type Category struct {
	Code string
	Name Name
}

// Service is something that cases can be about.
type Service struct {
	Code       string
	Name       Name
	IssueType  IssueType
	Categories []Category
}

// Services are what cases can be about: account and billing support, in the words
// of O-02, and for technical cases the services that there are here.
var Services = []Service{
	{"customer-account", Name{"Account", "アカウント"}, CustomerService, []Category{
		{"activation", Name{"Activation", "アクティベーション"}},
		{"sign-in", Name{"Sign-in and multi-factor authentication", "サインインと多要素認証"}},
		{"account-information", Name{"Change of account information", "アカウント情報の変更"}},
		{"close-or-reopen-account", Name{"Closing or reopening an account", "アカウントの解約または再開"}},
		{"security", Name{"Security of the account", "アカウントのセキュリティ"}},
		{"other-account-issues", Name{"Other account issues", "その他のアカウントの問題"}},
	}},
	{"billing", Name{"Billing", "請求"}, CustomerService, []Category{
		{"update-billing-details", Name{"Billing details", "請求情報の更新"}},
		{"payment-issue", Name{"Payment method", "支払い方法の問題"}},
		{"other-billing-questions", Name{"Other billing questions", "その他の請求に関する質問"}},
	}},
	{"account-management", Name{"Account management", "アカウント管理"}, CustomerService, []Category{
		{"billing", Name{"Support plan", "サポートプラン"}},
		{"other", Name{"Other", "その他"}},
	}},
	{"identity-and-access-management", Name{"Identity and Access Management (IAM)", ""}, Technical, technical},
	{"security-token-service", Name{"Security Token Service (STS)", ""}, Technical, technical},
	{"iam-identity-center", Name{"IAM Identity Center", ""}, Technical, technical},
	{"organizations", Name{"Organizations", ""}, Technical, technical},
	{"cloudtrail", Name{"CloudTrail", ""}, Technical, technical},
}

var technical = []Category{
	{"general-guidance", Name{"General guidance", "一般的なガイダンス"}},
	{"api", Name{"API, CLI and SDKs", "API、CLI、SDK"}},
	{"console", Name{"Console", "コンソール"}},
	{"other", Name{"Other", "その他"}},
}

// ServiceByCode is the service of that code.
func ServiceByCode(code string) (Service, bool) {
	for _, s := range Services {
		if s.Code == code {
			return s, true
		}
	}
	return Service{}, false
}

// Category is the service's category of that code.
func (s Service) Category(code string) (Category, bool) {
	for _, c := range s.Categories {
		if c.Code == code {
			return c, true
		}
	}
	return Category{}, false
}

// Severity is how urgent a case is.
type Severity struct {
	Code string
	Name Name
}

var severities = []Severity{
	{"low", Name{"General guidance", "一般的なガイダンス"}},
	{"normal", Name{"System impaired", "システム障害"}},
	{"high", Name{"Production system impaired", "本番システム障害"}},
	{"urgent", Name{"Production system down", "本番システムダウン"}},
	{"critical", Name{"Business-critical system down", "ビジネスクリティカルシステムダウン"}},
}

// Severities are the levels that cases can have under a plan, the lowest first:
// Basic has general guidance only, and the critical one belongs to plans that
// cannot be chosen here.
func Severities(p Plan) []Severity {
	switch p {
	case Business:
		return severities[:4]
	case Developer:
		return severities[:2]
	default:
		return severities[:1]
	}
}

// SeverityOf is the level of a code and whether the plan has it.
func SeverityOf(p Plan, code string) (s Severity, ok bool) {
	for _, s := range Severities(p) {
		if s.Code == code {
			return s, true
		}
	}
	return Severity{}, false
}

// Language is a language in which cases are handled.
type Language struct {
	Code    string // ISO 639-1
	English string // its name in capitals, as the API has it
	Own     string // its name in itself
}

// Languages are those in which cases are handled. Staff answer in English where
// they have no words of their own.
var Languages = []Language{
	{"en", "ENGLISH", "English"}, {"ja", "JAPANESE", "日本語"}, {"zh", "CHINESE", "中文"}, {"ko", "KOREAN", "한국어"},
}

// KnownLanguage reports whether cases are handled in the language.
func KnownLanguage(code string) bool {
	return slices.ContainsFunc(Languages, func(l Language) bool { return l.Code == code })
}

// languageOr is the language of a locale such as "ja" or "ja-JP", or fallback.
func languageOr(locale, fallback string) string {
	code, _, _ := strings.Cut(locale, "-")
	if KnownLanguage(code) {
		return code
	}
	return fallback
}

// Method is how somebody wants to be answered (O-02).
type Method string

// The methods, as the API has them. There is no telephone number to call (O-11):
// with Call, staff call the number that the case gives.
const (
	Web  Method = "web"
	Chat Method = "chat"
	Call Method = "call"
)

// Methods are all of them. They are open at all hours: the operator's own hours
// are not known here.
var Methods = []Method{Web, Call, Chat}
