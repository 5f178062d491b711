package organizationsconsole

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// foundAtOnce is how many accounts a page of a search has.
const foundAtOnce = 100

type (
	// SearchAccountsInput is what SearchAccounts takes. Words are searched as they
	// are, ignoring case.
	SearchAccountsInput struct{ Words, NextToken *string }

	// SearchAccountsOutput is what it answers.
	SearchAccountsOutput struct {
		Accounts  []FoundAccount
		NextToken *string
	}

	// AccountState is as Organizations has it.
	AccountState string

	// FoundAccount is what a list shows of an account; the time is RFC 3339.
	FoundAccount struct {
		Id, Arn, Name, Email *string
		State                AccountState
		JoinedTimestamp      *string
	}
)

// SearchAccounts pages through the accounts that have the words in their name, id or
// e-mail address, for whoever may list all accounts (F-07, F-13).
func (s *Service) SearchAccounts(ctx context.Context, c *call.Call, in *SearchAccountsInput) (*SearchAccountsOutput, error) {
	p, err := page.Parse(aws.ToString(in.NextToken), 0, foundAtOnce)
	if err != nil {
		return nil, wireError(err)
	}
	out := &SearchAccountsOutput{}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		o, err := org.Caller(tx, c.Principal.Account, "organizations:ListAccounts")
		if err != nil {
			return err
		}
		found, err := org.SearchAccounts(tx, o, strings.TrimSpace(aws.ToString(in.Words)), p)
		if err != nil {
			return err
		}
		closing, err := tx.PendingClosures(o.ID, len(found.Items)+org.MaxClosures)
		if err != nil {
			return err
		}
		pending := make(map[string]bool, len(closing))
		for _, c := range closing {
			pending[c.Account] = true
		}
		out.Accounts = make([]FoundAccount, len(found.Items))
		for i, a := range found.Items {
			out.Accounts[i] = FoundAccount{
				Id: &a.ID, Arn: aws.String(org.Target{ID: a.ID, Kind: org.AccountTarget}.ARN(o)), Name: &a.Name, Email: &a.Email,
				State: AccountState(a.Status), JoinedTimestamp: wireTime(a.JoinedAt),
			}
			if pending[a.ID] && a.Status != account.Closed {
				out.Accounts[i].State = "PENDING_CLOSURE"
			}
		}
		if found.Next != "" {
			out.NextToken = aws.String(page.Token(found.Next))
		}
		return nil
	})
	return out, wireError(err)
}
