package web_test

import (
	"strings"
	"testing"
	"time"

	"sekisho/web"
)

const signInPattern = "signin.localhost:8420/"

func accountSamples(loc web.Locale) map[string]web.Page {
	frame := func(path string) web.Frame {
		return web.Frame{Locale: loc, Path: path, RequestID: "f3b1c0de-7a2e-4a53-9d44-0c5a6f1e2b7d", Flow: "flow-token"}
	}
	main := web.AccountMain{Frame: frame("/"), Action: "/", UserType: web.UserTypeRoot, SignUpURL: "/signup", IAMURL: "/signin/iam", ForgotURL: "/signin/forgot", SignInURL: signInPattern}
	check := web.SecurityCheck{Frame: frame("/signin/check?flow=abc"), Action: "/signin/check", ImageURL: "/captcha/25br2n.png", AudioURL: "/captcha/25br2n.wav", RefreshURL: "/signin/check?flow=abc", CancelURL: "/",
		IAMURL: "/signin/iam", ForgotURL: "/signin/forgot?flow=abc", SignInURL: signInPattern}
	root := web.RootPassword{Frame: frame("/signin/root?flow=abc"), Action: "/signin/root", Email: "root@example.com", ForgotURL: "/signin/forgot?flow=abc",
		OtherURL: "/", SignUpURL: "/signup", IAMURL: "/signin/iam", SignInURL: signInPattern}
	iam := web.IAMSignIn{Frame: frame("/signin/iam"), Action: "/signin/iam", RootURL: "/?user=root", IAMURL: "/signin/iam", ForgotURL: "/signin/forgot", SignInURL: signInPattern}
	code := web.AccountCode{Frame: frame("/signin/code?flow=abc"), Action: "/signin/code", Email: "root@example.com", Valid: 10 * time.Minute, OtherURL: "/"}
	password := web.AccountPassword{Frame: frame("/signin/new-password?flow=abc"), Action: "/signin/new-password", Reason: web.AccountMustChange, Account: "111122223333", UserName: "alice",
		Rules: web.PasswordRules{MinLength: 8, MaxLength: 128, Classes: 3, NotAccount: true}, OtherURL: "/"}
	recovery := web.AccountRecovery{Frame: frame("/signin/forgot?flow=abc"), Action: "/signin/forgot", Email: "root@example.com", ImageURL: "/captcha/777f6b.png", AudioURL: "/captcha/777f6b.wav",
		RefreshURL: "/signin/forgot?flow=abc", CancelURL: "/"}

	pages := map[string]web.Page{
		"account-main":          main,
		"account-check":         check,
		"account-root":          root,
		"account-iam":           iam,
		"account-code":          code,
		"account-password":      password,
		"account-recovery":      recovery,
		"account-recovery-sent": web.AccountRecoverySent{Frame: frame("/signin/sent?flow=abc"), Email: "root@example.com", Valid: time.Hour, ContinueURL: "/"},
		"account-password-done": web.AccountPasswordDone{Frame: frame("/signin/done"), ContinueURL: "/"},
		"account-sign-out":      web.AccountSignOut{Frame: frame("/signin/signout"), Action: "/signin/signout", Account: "111122223333", CancelURL: "/"},
		"account-sign-out-first": web.AccountSignOut{Frame: frame("/signin/forgot?flow=abc"), Action: "/signin/signout", UserName: "alice", Account: "111122223333",
			ForRecovery: true, CancelURL: "/"},
	}
	closedMain, closedRoot := main, root
	closedMain.SignUpURL, closedRoot.SignUpURL = "", ""
	pages["account-main-closed"], pages["account-root-closed"] = closedMain, closedRoot
	chosen := main
	chosen.UserType, chosen.Email, chosen.Account, chosen.Notice = web.UserTypeIAM, "root@example.com", "example", web.NoticeSignedOut
	pages["account-main-iam"] = chosen
	for _, e := range []web.AccountError{web.EmailRequired, web.EmailInvalid, web.AccountRequired, web.AccountInvalid} {
		p := main
		p.Error = e
		if strings.HasPrefix(string(e), "account") {
			p.UserType = web.UserTypeIAM
		}
		pages["account-main-"+string(e)] = p
	}
	for _, e := range []web.AccountError{web.AccountPasswordRequired, web.AuthenticationFailed, web.SignInThrottled, web.SignInLocked} {
		r, i := root, iam
		r.Error, r.RetryAfter = e, 4*time.Minute+time.Second
		i.Errors, i.RetryAfter, i.Account, i.UserName, i.Remember = []web.AccountError{e}, r.RetryAfter, "example", "alice", true
		pages["account-root-"+string(e)], pages["account-iam-"+string(e)] = r, i
	}
	own := iam
	own.Account, own.Specific = "111122223333", true
	pages["account-iam-own"] = own
	empty := iam
	empty.Errors = []web.AccountError{web.AccountRequired, web.IAMUserRequired, web.AccountPasswordRequired}
	empty.Notice = ""
	pages["account-iam-empty"] = empty
	ended := own
	ended.UserName, ended.Notice = "alice", web.NoticeSessionEnded
	pages["account-iam-ended"] = ended
	refused := check
	refused.Refused = true
	pages["account-check-refused"] = refused
	wrong := check
	wrong.Error = web.CaptchaWrong
	pages["account-check-wrong"] = wrong
	for _, e := range []web.AccountError{web.SignInCodeRequired, web.SignInCodeWrong, web.SignInCodeSpent, web.SignInCodeResent} {
		p := code
		p.Error, p.RetryAfter = e, time.Minute
		pages["account-code-"+string(e)] = p
	}
	again := code
	again.Resent = true
	pages["account-code-again"] = again
	for _, r := range []web.AccountPasswordReason{web.AccountExpired, web.AccountPasswordOver} {
		p := password
		p.Reason = r
		pages["account-password-"+string(r)] = p
	}
	forgotten := password
	forgotten.Reason, forgotten.Account, forgotten.UserName, forgotten.EndAll, forgotten.Rules.NotCommon = web.AccountForgotten, "", "root@example.com", true, true
	pages["account-password-forgotten"] = forgotten
	forgotten.Errors = []web.NewPasswordError{web.NewPasswordTooShort, web.NewPasswordClasses, web.NewPasswordAccount}
	pages["account-password-errors"] = forgotten
	nobody := recovery
	nobody.Email, nobody.EmailError, nobody.Error = "", web.EmailRequired, web.CaptchaRequired
	pages["account-recovery-nobody"] = nobody
	hostile := root
	hostile.Email = `"><script>alert(1)</script>@example.com`
	pages["account-root-hostile"] = hostile
	return pages
}

func accountMails() map[string]web.Mail {
	return map[string]web.Mail{
		"account-code":     web.SignInCodeMail{Account: "Example Corp", Code: "s3cret", Valid: 10 * time.Minute, At: noon, Address: "192.0.2.17"},
		"account-reset":    web.RootResetMail{Account: "Example Corp", ResetURL: "http://signin.localhost:8420/signin/reset?token=s3cret", Valid: time.Hour},
		"account-password": web.RootPasswordMail{Account: "Example Corp", At: noon, Address: "192.0.2.17", SignInURL: "http://signin.localhost:8420/"},
	}
}

// The labels that the requirements print for root users' and IAM users' sign-in.
func TestAccountLabels(t *testing.T) {
	t.Parallel()
	p := pages(t)
	for _, c := range []struct {
		req, page string
		en, ja    []string
	}{
		{"B-06", "account-main",
			[]string{"<h1>Sign in</h1>", ">Root user<", "Account owner that performs tasks requiring unrestricted access.", ">IAM user<", "User within an account that performs daily tasks.",
				">Learn more<", ">Root user email address<", `placeholder="username@example.com"`, ">Next<"},
			[]string{">ルートユーザー<", ">IAM ユーザー<", ">次へ<"}},
		{"B-08", "account-check", []string{"<h1>Security check</h1>", "Type the characters seen in the image below", ">Submit<", "/captcha/25br2n.wav", "Show other characters"}, []string{"/captcha/25br2n.wav"}},
		{"B-11", "account-root", []string{"<h1>Root user sign in</h1>", "Email: <b>root@example.com</b>", ">Password<", ">Forgot password?<", ">Sign in<", ">Sign in to a different account<", ">Create a new AWS account<"},
			[]string{"<h1>ルートユーザーサインイン</h1>", ">パスワードをお忘れですか?<", ">サインイン<"}},
		{"B-17", "account-iam", []string{">Sign in using root user email<"}, []string{">ルートユーザーの E メールでサインイン<"}},
		{"B-28", "account-iam-own", []string{">Sign-in using root account credentials<"}, []string{">ルートアカウントの認証情報を使用してサインインする<"}},
		{"B-29", "account-recovery", []string{"<h1>Password recovery</h1>", ">Email address<", `value="root@example.com"`, "Type the characters seen in the image below", ">Enter characters here<", ">Cancel<", ">Send email<"}, nil},
		{"B-30", "account-recovery-sent", []string{"etailed instructions were sent to the email address associated with the account"}, nil},
		{"B-31", "account-password-forgotten", []string{"<h1>Reset password</h1>", ">New password<", ">Confirm new password<", ">Reset password<"}, nil},
		{"B-32", "account-password-done", []string{"<h1>Password reset successful</h1>", "Your password has been updated successfully. Sign in to access AWS properties.", ">Sign in<"}, nil},
		{"B-33", "account-recovery", []string{"only be reset, never retrieved"}, nil},
		{"C-09", "account-iam", []string{"<h1>Sign in as IAM user</h1>", ">Account ID (12 digits) or account alias<", ">IAM user name<", ">Password<", ">Remember this account<", ">Sign in<",
			">Forgot password?<", "IAM users, only your administrator can reset your password.", ">Learn more<"}, nil},
		{"M-05", "account-root-incorrect", []string{"<strong>Authentication failed</strong>", "Your authentication information is incorrect. Please try again.", "<details open", ">AWS access portal<"}, nil},
		{"M-05", "account-iam-incorrect", []string{"<strong>Authentication failed</strong>", "Your authentication information is incorrect. Please try again.", "<details open", ">AWS access portal<"}, nil},
		{"M-05", "account-check-refused", []string{"<strong>Authentication failed</strong>", "<details open", ">Forgot password?<"}, nil},
		{"M-06", "account-root", []string{"look for messages from AWS"}, nil},
		{"M-07", "account-iam", []string{"account=", signInPattern}, []string{"account=", signInPattern}},
		{"M-08", "account-iam", []string{"Support cannot recover it"}, nil},
		{"M-10", "account-iam", []string{"clear the cache and cookies"}, nil},
		{"N-08", "account-recovery-sent", []string{"spam and junk"}, []string{"スパムフォルダと迷惑メールフォルダ"}},
		{"N-08", "account-code", []string{"spam and junk"}, []string{"スパムフォルダと迷惑メールフォルダ"}},
		{"M-15", "account-code", []string{"@signin.aws", "@verify.signin.aws"}, []string{"@verify.signin.aws"}},
	} {
		for loc, wants := range map[web.Locale][]string{web.English: c.en, web.Japanese: c.ja} {
			body := render(t, p, samples(loc)[c.page])
			for _, want := range wants {
				if !strings.Contains(body, want) {
					t.Errorf("%s: %s in %s lacks %q", c.req, c.page, loc, want)
				}
			}
		}
	}
}
