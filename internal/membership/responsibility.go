package membership

import (
	"fmt"
	"time"

	"sekisho/internal/notify"
	"sekisho/internal/org"
)

// SendTransferInvitation queues the mail by which an organization is asked to
// transfer a responsibility, as [Mail.SendInvitation] does to join.
func (m Mail) SendTransferInvitation(tx Tx, o org.Organization, t org.Transfer, h org.Handshake, now time.Time) error {
	sender, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return err
	}
	to, ok, err := invitedAddress(tx, h)
	if err != nil || !ok {
		return err
	}
	start, until := t.StartsAt.Format(time.DateOnly), h.ExpiresAt.UTC().Format(time.RFC1123)
	return m.put(tx, notify.AccountNotice, to, notify.Content{
		Subject: "Your AWS organization has been invited to transfer its billing",
		Text: fmt.Sprintf("The owner of the AWS account %s (%s, %s) asks that their organization %s manage the bills of yours from %s on.%s\n\n"+
			"Sign in to your management account and accept or decline the invitation until %s:\n\n%s\n\n"+
			"If you do not know who invites you, do nothing.\n\n"+
			"AWS アカウント %s (%s, %s) の所有者が、%s から、あなたの組織の請求を組織 %s が管理することを求めています。"+
			"管理アカウントにサインインし、招待を承認または拒否してください。お心当たりがない場合は、何もしないでください。\n",
			sender.ID, sender.Name, sender.Email, o.ID, start, written(h.Notes), until, m.InviteURL, sender.ID, sender.Name, sender.Email, start, o.ID),
		Links: []string{m.InviteURL},
	}, now)
}
