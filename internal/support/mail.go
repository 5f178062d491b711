package support

import (
	"fmt"
	"unicode/utf8"

	"sekisho/internal/notify"
)

// words are what the mail with an answer says around it.
type words struct {
	subject  string // of display id and subject
	ofCase   string // of display id and account
	ofForm   string // of display id
	reply    string // how to answer, for cases
	replyTo  string // how to answer, for contacts
	noSecret string // O-13
	noChange string // O-10
}

var mailWords = map[string]words{
	"en": {
		subject:  "[Case %s] Re: %s",
		ofCase:   "AWS Support has answered case %s of the AWS account %s:",
		ofForm:   "AWS Support has answered your request %s:",
		reply:    "To answer, sign in to the AWS Management Console and open the case in the Support Center. Answers to this message are not read.",
		replyTo:  "To write to us again, use the contact form and name the number of this request. Answers to this message are not read.",
		noSecret: "Do not include sensitive information, such as credit card numbers, passwords or access keys, in your communication with AWS.",
		noChange: "AWS Support never asks for your password and cannot view, provide or change the credentials of an account.",
	},
	"ja": {
		subject:  "[ケース %s] Re: %s",
		ofCase:   "AWS サポートがケース %s (AWS アカウント %s) に回答しました:",
		ofForm:   "AWS サポートがお問い合わせ %s に回答しました:",
		reply:    "返信するには、AWS マネジメントコンソールにサインインし、サポートセンターでケースを開いてください。このメールへの返信は読まれません。",
		replyTo:  "再度お問い合わせいただく場合は、お問い合わせフォームにこの番号をご記入ください。このメールへの返信は読まれません。",
		noSecret: "AWS とのやり取りには、クレジットカード番号、パスワード、アクセスキーなどの機密情報を含めないでください。",
		noChange: "AWS サポートがパスワードをお尋ねすることはありません。また、アカウントの認証情報を閲覧、提供、変更することはできません。",
	},
}

const mailRule = "----------------------------------------"

// answerMail is the mail with an answer, in the case's language if there are words
// for it.
func answerMail(c Case, body string) notify.Content {
	w, ok := mailWords[c.Language]
	if !ok {
		w = mailWords["en"]
	}
	intro, reply := fmt.Sprintf(w.ofForm, c.DisplayID), w.replyTo
	if c.Account != "" {
		intro, reply = fmt.Sprintf(w.ofCase, c.DisplayID, c.Account), w.reply
	}
	return notify.Content{
		Subject: fmt.Sprintf(w.subject, c.DisplayID, shorten(c.Subject, 120)),
		Text:    intro + "\n\n" + mailRule + "\n" + body + "\n" + mailRule + "\n\n" + reply + "\n\n" + w.noSecret + "\n" + w.noChange + "\n",
	}
}

// shorten cuts s to at most n characters.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
