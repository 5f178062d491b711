package iam

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/token"
)

// tradeIn is what a trade-in token says, sealed.
type tradeIn struct {
	Request   string `cbor:"1,keyasint"`
	Requestor string `cbor:"2,keyasint"`
	SentAt    int64  `cbor:"3,keyasint"` // Unix microseconds
}

// maxTradeIn is more bytes than a token has.
const maxTradeIn = 1024

// sealTradeIn makes the token of a request that is being finalized.
func sealTradeIn(ring *keys.Ring, r DelegationRequest) (string, error) {
	raw, err := cbor.Marshal(tradeIn{r.ID, r.Requestor, r.SentAt.UnixMicro()})
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(ring.Seal(keys.TradeIn, raw)), nil
}

// The reasons for which a token is not good. Who is not the requestor does not
// learn which tokens there are.
var (
	errTradeIn = fault.New(fault.Denied, "trade-in", "The trade-in token is not valid.")
	errTraded  = fault.New(fault.Expired, "trade-in-expired", "The trade-in token has expired or was traded in already.")
)

// TradeDelegationToken gives the requestor, for the token and once, the session
// that was delegated: it is the approver's, held to the request's policy, and
// ends at the returned time, however late the token comes. errors are Denied, or
// Expired of the reason "trade-in-expired".
func TradeDelegationToken(tx Store, ring *keys.Ring, now time.Time, c DelegationCaller, tradeInToken string) (DelegationRequest, time.Time, error) {
	var none DelegationRequest
	if err := c.mayDelegate(); err != nil {
		return none, time.Time{}, err
	}
	t, err := openTradeIn(ring, tradeInToken)
	if err != nil {
		return none, time.Time{}, err
	}
	if t.Requestor != c.Account {
		return none, time.Time{}, errTradeIn
	}
	r, err := tx.DelegationRequest(t.Request)
	if fault.Is(err, fault.NotFound) {
		return none, time.Time{}, errTraded.Wrap(err)
	}
	if err != nil {
		return none, time.Time{}, err
	}
	if r.Requestor != t.Requestor || r.SentAt.UnixMicro() != t.SentAt || r.Approval == nil {
		return none, time.Time{}, errTradeIn
	}
	ends := r.SentAt.Add(time.Duration(r.Seconds) * time.Second).Truncate(time.Second)
	if r.StateAt(now) != DelegationFinalized || !r.TradedAt.IsZero() || !now.Before(ends) {
		return none, time.Time{}, errTraded
	}
	if err := stillThere(tx, r.Approval.Session); err != nil {
		return none, time.Time{}, err
	}
	r.TradedAt = now
	return r, ends, tx.PutDelegationRequest(r)
}

func openTradeIn(ring *keys.Ring, text string) (t tradeIn, err error) {
	if len(text) > maxTradeIn {
		return t, errTradeIn
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return t, errTradeIn
	}
	raw, err := ring.Open(keys.TradeIn, sealed)
	if err != nil {
		return t, errTradeIn
	}
	if err := cbor.Unmarshal(raw, &t); err != nil {
		return t, errTradeIn
	}
	return t, nil
}

// stillThere refuses a token whose approver is gone.
func stillThere(tx Store, s token.Session) (err error) {
	switch {
	case s.Entity == "":
		return nil
	case s.RoleName != "":
		_, err = tx.Role(s.Entity)
	default:
		_, err = tx.IAMUser(s.Entity)
	}
	if fault.Is(err, fault.NotFound) {
		return errTraded.Wrap(err)
	}
	return err
}

// notify.DelegationRequest is the kind of the messages, and delegationSender whom they are
// from. AWS publishes them to the requestor's SNS topic.
const (
	delegationSender string = "no-reply@sns.amazonaws.com"
)

// tellRequestor writes to the address of the requestor's account what became of
// the request, with the token when there is one. Topics are kept, but nothing
// here can publish to them.
func tellRequestor(tx DelegationTx, now time.Time, r DelegationRequest, tradeInToken string) error {
	requestor, err := tx.Account(r.Requestor)
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Delegation request: %s\nWorkflow: %s\nAccount: %s\nState: %s\n", r.ID, r.WorkflowID, r.OwnerAccount, r.State)
	if r.State == DelegationRejected && r.RejectionReason != "" {
		fmt.Fprintf(&text, "Reason: %s\n", r.RejectionReason)
	}
	content := notify.Content{Subject: "Delegation request " + r.ID + " is " + string(r.State)}
	if tradeInToken != "" {
		fmt.Fprintf(&text, "Trade-in token, good once, until %s:\n\n%s\n",
			r.SentAt.Add(time.Duration(r.Seconds)*time.Second).UTC().Format(time.RFC3339), tradeInToken)
		content.Codes = []string{tradeInToken}
	}
	content.Text = text.String()
	m, err := notify.Senders{notify.DelegationRequest: delegationSender}.NewEmail(notify.DelegationRequest, requestor.Email, content, now)
	if err != nil {
		return err
	}
	return tx.PutMessage(m)
}
