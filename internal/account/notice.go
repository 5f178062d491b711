package account

import (
	"fmt"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/notify"
)

// Notice is something about an account that its owner is told whoever did it, so
// that what the owner did not do is noticed (N-25, A-42).
type Notice string

// The notices.
const (
	PasswordChanged Notice = "password-changed" // the root user's
	EmailChanged    Notice = "email-changed"    // the root user's; also told to the address before
	RootKeyCreated  Notice = "root-key-created"
	RootMFAAdded    Notice = "root-mfa-added"
	RootMFARemoved  Notice = "root-mfa-removed"
	ContactChanged  Notice = "contact-changed" // the primary or an alternate contact
	PaymentChanged  Notice = "payment-changed"
	WasSuspended    Notice = "suspended"
	WasReactivated  Notice = "reactivated"
	WasClosed       Notice = "closed"
	WasReopened     Notice = "reopened"
)

// words are the texts of a notice. An account has no language of its own, so that
// a message has both.
type words struct{ subject, en, ja string }

var notices = map[Notice]words{
	PasswordChanged: {"The root user's password was changed",
		"The password of the root user was changed, and every other session of the root user was ended.",
		"ルートユーザーのパスワードが変更されました。ルートユーザーの他のセッションはすべて終了しました。"},
	EmailChanged: {"The root user's e-mail address was changed",
		"The e-mail address of the root user was changed. The address before is no longer good for signing in.",
		"ルートユーザーの E メールアドレスが変更されました。以前のアドレスではサインインできません。"},
	RootKeyCreated: {"A root user access key was created",
		"An access key of the root user was created. It has every permission in the account: delete it unless you need it.",
		"ルートユーザーのアクセスキーが作成されました。アカウントのすべての権限を持つキーです。必要がなければ削除してください。"},
	RootMFAAdded: {"An MFA device was added to the root user",
		"A multi-factor authentication device was assigned to the root user.",
		"ルートユーザーに多要素認証 (MFA) デバイスが割り当てられました。"},
	RootMFARemoved: {"An MFA device was removed from the root user",
		"A multi-factor authentication device of the root user was removed.",
		"ルートユーザーの多要素認証 (MFA) デバイスが削除されました。"},
	ContactChanged: {"The contact information was changed",
		"The contact information or an alternate contact of the account was changed.",
		"アカウントの連絡先情報または代替の連絡先が変更されました。"},
	PaymentChanged: {"The payment methods were changed",
		"The payment methods of the account were changed.",
		"アカウントの支払い方法が変更されました。"},
	WasSuspended: {"The account is suspended",
		"The account is suspended: its services cannot be used. Sign in as the root user and open a case in the Support Center to have it reactivated.",
		"アカウントは利用停止中です。サービスは使用できません。再度有効にするには、ルートユーザーとしてサインインし、サポートセンターでケースを作成してください。"},
	WasReactivated: {"The account is active again",
		"The account is active again, and its services can be used.",
		"アカウントは再び有効になり、サービスを使用できるようになりました。"},
	WasClosed: {"The account is closed",
		"The account is closed. Within 90 days the root user can sign in and reopen it. After that all that is in it is deleted, and its e-mail address cannot be used for another account.",
		"アカウントは解約されました。90 日以内であれば、ルートユーザーがサインインして再開できます。その後はアカウントの内容がすべて削除され、この E メールアドレスを別のアカウントに使用することはできません。"},
	WasReopened: {"The account is open again",
		"The account was reopened, and its services can be used again.",
		"アカウントは再開され、サービスを再び使用できるようになりました。"},
}

// telephoned are the notices that matter even to an owner who has lost the mailbox.
var telephoned = map[Notice]bool{PasswordChanged: true, EmailChanged: true, RootMFARemoved: true, WasSuspended: true, WasClosed: true}

// Notices is every notice.
func Notices() (all []Notice) {
	for n := range notices {
		all = append(all, n)
	}
	return all
}

// TellTx is what it takes to tell the owner of an account.
type TellTx interface {
	ContactStore
	notify.Store
}

// Tell queues a notice to the root user's address and, of what matters most, a
// text message to the telephone of the primary contact (N-25). further are
// addresses that are told as well, such as the one before a change; "" is none.
// An address or number to which nothing can be sent must not be kept for that:
// it is passed over.
func Tell(tx TellTx, from notify.Senders, a Account, n Notice, at time.Time, further ...string) error {
	w, ok := notices[n]
	if !ok {
		return fmt.Errorf("account: no notice %q", n)
	}
	when := at.UTC().Format(time.RFC1123)
	content := notify.Content{
		Subject: fmt.Sprintf("AWS account %s: %s", a.ID, w.subject),
		Text: fmt.Sprintf("Account: %s (%s)\nTime: %s\n\n%s If you do not expect this message, contact AWS Support.\n\n"+
			"%sお心当たりがない場合は、AWS サポートにお問い合わせください。\n", a.ID, a.Name, when, w.en, w.ja),
	}
	for _, to := range append([]string{a.Email}, further...) {
		if to == "" {
			continue
		}
		m, err := from.NewEmail(notify.AccountNotice, to, content, at)
		if err := put(tx, m, err); err != nil {
			return err
		}
	}
	if !telephoned[n] {
		return nil
	}
	c, err := tx.Contact(a.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	number, err := notify.Telephone(c.Phone)
	if err != nil {
		return nil //nolint:nilerr // what AWS's pattern lets through is not always a number
	}
	m, err := from.NewText(notify.AccountNotice, notify.SMS, number, fmt.Sprintf("AWS account %s: %s (%s).", a.ID, w.subject, when), nil, at)
	return put(tx, m, err)
}

// put queues a message that could be made.
func put(tx notify.Store, m notify.Message, err error) error {
	if fault.Is(err, fault.Invalid) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.PutMessage(m)
}

// SendEmailCode queues the mail by which the reader of a new address proves it (N-04).
func SendEmailCode(tx notify.Store, from notify.Senders, a Account, u EmailUpdate, at time.Time) error {
	code, until := u.Code.Reveal(), u.ExpiresAt.UTC().Format(time.RFC1123)
	m, err := from.NewEmail(notify.AccountVerification, u.Email, notify.Content{
		Subject: "Verify the new e-mail address of AWS account " + a.ID,
		Text: fmt.Sprintf("Somebody who manages the AWS account %s (%s) asked to make this its primary e-mail address, "+
			"which is also that of its root user.\n\nOne-time password: %s\n\nIt is good once, until %s. "+
			"If you do not expect this message, do not pass the password on, and nothing will change.\n\n"+
			"AWS アカウント %s (%s) のルートユーザーの E メールアドレスを、このアドレスに変更するリクエストがありました。"+
			"上のワンタイムパスワードを入力してください。お心当たりがない場合は、誰にも伝えないでください。何も変更されません。\n",
			a.ID, a.Name, code, until, a.ID, a.Name),
		Codes: []string{code},
	}, at)
	if err != nil {
		return err
	}
	return tx.PutMessage(m)
}

// SendEmailTaken tells the reader of an address that an account has already that
// it was to become another account's, in place of a code: who asked is told
// nothing about it.
func SendEmailTaken(tx notify.Store, from notify.Senders, email string, at time.Time) error {
	m, err := from.NewEmail(notify.AccountNotice, email, notify.Content{
		Subject: "This e-mail address already has an AWS account",
		Text: "Somebody asked to make this the e-mail address of another AWS account. It belongs to an account already, and one address can be " +
			"that of one account only, so nothing was changed. If it was you, use another address, for example one with a plus sign " +
			"and a word before the @.\n\n" +
			"このアドレスを別の AWS アカウントの E メールアドレスにするリクエストがありましたが、すでにアカウントで使用されているため、何も変更していません。" +
			"ご自身のリクエストの場合は、@ の前にプラス記号と文字を加えるなど、別のアドレスを使用してください。\n",
	}, at)
	return put(tx, m, err)
}
