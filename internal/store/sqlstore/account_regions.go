package sqlstore

import (
	"sekisho/internal/account"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var putRegionChoice = upsert("account_regions", "account, region", "account, region, enabled, at")

func (t *tx) RegionChoices(accountID string) ([]account.RegionChoice, error) {
	return all(t, func(r sqldb.Row) (c account.RegionChoice, err error) {
		return c, r.Scan(&c.Region, &c.Enable, sqldb.AsTime(&c.At))
	}, "SELECT region, enabled, at FROM account_regions WHERE account = ? ORDER BY region", accountID)
}

func (t *tx) PutRegionChoice(accountID string, c account.RegionChoice) error {
	_, err := t.exec(putRegionChoice, accountID, c.Region, c.Enable, sqldb.Micros(c.At))
	t.note(store.KeyAccount(accountID))
	return noAccount(err)
}
