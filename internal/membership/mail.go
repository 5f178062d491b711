package membership

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/secret"
)

// Mail writes to the owners of accounts. An account has no language of its own, so
// that a message has both.
type Mail struct {
	Senders notify.Senders
	// VerifyURL is the page that takes what is in a mail of verification; InviteURL is
	// where invitations are answered.
	VerifyURL, InviteURL string
}

// TokenParam is the parameter of VerifyURL.
const TokenParam = "token"

// Verified reports whether the owner of the management account has shown that they
// read its mail: by the link that Organizations sent (F-06), or at sign-up, since
// when no address was taken that was not proved.
func Verified(tx Tx, o org.Organization) (bool, error) {
	a, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return false, err
	}
	return proved(tx, a)
}

// proved reports whether somebody has shown that they read the mail of the
// account's address. Nobody has of an account that an organization created: whoever
// asked for it named any address they liked.
func proved(tx Tx, a account.Account) (bool, error) {
	v, err := tx.Verification(a.ID)
	if err == nil && v.Verifies(a.Email) {
		return true, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}
	_, err = tx.Registration(a.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// SendVerification begins to verify the management account's address, and queues
// the mail with the link (F-06, N-13).
func (m Mail) SendVerification(tx Tx, o org.Organization, now time.Time) (org.Verification, error) {
	v, token, err := org.StartVerification(tx, o, now)
	if err != nil {
		return v, err
	}
	link := m.VerifyURL + "?" + url.Values{TokenParam: {token.Reveal()}}.Encode()
	until := v.ExpiresAt.UTC().Format(time.RFC1123)
	return v, m.put(tx, notify.AccountVerification, v.Email, notify.Content{
		Subject: "Verify your e-mail address for AWS Organizations",
		Text: fmt.Sprintf("The AWS account %s has created an organization. Before it can invite other accounts, confirm that this is your e-mail address:\n\n%s\n\n"+
			"The link is good until %s. If you do not expect this message, do nothing: the address will not be verified.\n\n"+
			"AWS アカウント %s が組織を作成しました。他のアカウントを招待する前に、上のリンクを開いて E メールアドレスを確認してください。"+
			"お心当たりがない場合は、何もしないでください。アドレスは確認されません。\n", v.Account, link, until, v.Account),
		Links: []string{link},
	}, now)
}

// SendInvitation queues the mail of an invitation to the address that was named, or
// to that of the account that was; an account that does not exist gets none.
func (m Mail) SendInvitation(tx Tx, o org.Organization, h org.Handshake, now time.Time) error {
	sender, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return err
	}
	to, ok, err := invitedAddress(tx, h)
	if err != nil || !ok {
		return err
	}
	until := h.ExpiresAt.UTC().Format(time.RFC1123)
	return m.put(tx, notify.AccountNotice, to, notify.Content{
		Subject: "Your AWS account has been invited to join an AWS organization",
		Text: fmt.Sprintf("The owner of the AWS account %s (%s, %s) invites your AWS account to join the organization %s.%s\n\n"+
			"Sign in to your account and accept or decline the invitation until %s:\n\n%s\n\n"+
			"Whoever manages an organization pays for its accounts and can restrict what they do. If you do not know who invites you, do nothing.\n\n"+
			"AWS アカウント %s (%s, %s) の所有者が、あなたの AWS アカウントを組織 %s に招待しています。"+
			"アカウントにサインインし、招待を承認または拒否してください。組織を管理するアカウントは、メンバーアカウントの支払いを行い、操作を制限できます。"+
			"お心当たりがない場合は、何もしないでください。\n",
			sender.ID, sender.Name, sender.Email, o.ID, written(h.Notes), until, m.InviteURL, sender.ID, sender.Name, sender.Email, o.ID),
		Links: []string{m.InviteURL},
	}, now)
}

// invitedAddress is where who is invited reads mail; ok is false if there is no such
// account.
func invitedAddress(tx Tx, h org.Handshake) (to string, ok bool, err error) {
	if h.Recipient.Type != org.AccountParty {
		return h.Recipient.ID, true, nil
	}
	a, err := tx.Account(h.Recipient.ID)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	return a.Email, err == nil, err
}

// written are the notes of an invitation, if it has any.
func written(notes string) string {
	if notes == "" {
		return ""
	}
	return "\n\nThey wrote / 差出人からのメッセージ:\n" + quoted(notes)
}

// quoted is what a stranger wrote, so that it is seen to be a stranger's: each line
// behind a mark, and nothing but text.
func quoted(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				return -1
			}
			return r
		}, line)
		b.WriteString("> " + strings.TrimSpace(line) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// put queues a message. An address to which nothing can be sent is passed over.
func (m Mail) put(tx notify.Store, k notify.Kind, to string, c notify.Content, now time.Time) error {
	msg, err := m.Senders.NewEmail(k, to, c, now)
	if fault.Is(err, fault.Invalid) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.PutMessage(msg)
}

// ByLink finds the verification that a link carries, with the account that it is of.
func ByLink(tx Tx, token secret.String, now time.Time) (org.Verification, account.Account, error) {
	v, err := org.FindVerification(tx, token, now)
	if err != nil {
		return v, account.Account{}, err
	}
	a, err := tx.Account(v.Account)
	return v, a, err
}
