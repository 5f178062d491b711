package org

import (
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/page"
)

// searchBatch is how many accounts a search reads at a time.
const searchBatch = 1000

// SearchAccounts pages through the organization's accounts that have the words in
// their name, id or e-mail address, ignoring case, in order of id. It looks through
// all of them, of which there are ten thousand at most: ListAccounts, which gives
// twenty at a time, would have to be asked five hundred times.
func SearchAccounts(tx Tx, o Organization, words string, p page.Request) (page.Page[account.Account], error) {
	words = strings.ToLower(words)
	var found []account.Account
	for all := (page.Request{After: p.After, Limit: searchBatch}); ; {
		batch, err := tx.AccountsOfOrganization(o.ID, all)
		if err != nil {
			return page.Page[account.Account]{}, err
		}
		for _, a := range batch.Items {
			if strings.Contains(a.ID, words) || strings.Contains(strings.ToLower(a.Name), words) || strings.Contains(strings.ToLower(a.Email), words) {
				found = append(found, a)
			}
		}
		if batch.Next == "" || len(found) > p.Limit {
			return page.Cut(found, p.Limit, func(a account.Account) string { return a.ID }), nil
		}
		all.After = batch.Next
	}
}
