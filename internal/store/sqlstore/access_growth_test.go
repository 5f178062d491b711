package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
)

// provisioned makes an organisation in whose accounts ten sets are provisioned and
// assigned; half of the accounts are behind. There are as many requests as accounts,
// three of which are not done.
func provisioned(t *testing.T, config sqldb.Config, accounts int) *sqlstore.DB {
	t.Helper()
	config.UpdateTimeout = 10 * time.Minute
	db := storetest.OpenAt(t, config, storetest.NewRing(t)).(*sqlstore.DB)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		for s := range 10 {
			if err := tx.PutPermissionSet(access.PermissionSet{ID: fmt.Sprint("ps-", s), Instance: "i", Name: fmt.Sprint("Set-", s)}); err != nil {
				return err
			}
		}
		for i := range accounts {
			id := fmt.Sprintf("%012d", i)
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com"}); err != nil {
				return err
			}
			some := []access.Assignment{{Account: "000000000000", PermissionSet: "ps-0", PrincipalType: access.ToUser, PrincipalID: fmt.Sprint("u", i)}}
			var roles []access.ProvisionedRole
			for s := range 10 {
				r := iam.Role{ID: fmt.Sprint("AROA", i, "-", s), Name: fmt.Sprint("r", s), PermissionSet: fmt.Sprint("ps-", s)}
				digest := "latest"
				if i%2 == 1 && s < 5 {
					digest = fmt.Sprint("behind", i%3)
				}
				roles = append(roles, access.ProvisionedRole{Role: r, Digest: digest})
				some = append(some, access.Assignment{Account: id, PermissionSet: r.PermissionSet, PrincipalType: access.ToGroup, PrincipalID: "g"})
			}
			if err := tx.AddProvisionedRoles(id, roles); err != nil {
				return err
			}
			if err := tx.AddAssignments(some); err != nil {
				return err
			}
			q := access.Request{ID: fmt.Sprint("r", i), Kind: access.AssignRequest, Instance: "i", Status: access.Succeeded, CreatedAt: at.Add(time.Duration(i) * time.Second), ForgetAt: at.Add(time.Hour)}
			if i < 3 {
				q.Status = access.InProgress
			}
			if err := tx.PutAccessRequest(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// TestAccessGrowth: lists of Identity Center cost what they return, whether there are
// ten accounts or thousands (behaviours.md 1.7).
func TestAccessGrowth(t *testing.T) {
	five := page.Request{Limit: 5}
	asks := map[string]func(tx store.Tx) (int, error){
		"AssignmentsOf": func(tx store.Tx) (int, error) {
			p, err := tx.AssignmentsOf("000000000000", "ps-0", five)
			return len(p.Items), err
		},
		"AssignmentsTo": func(tx store.Tx) (int, error) {
			p, err := tx.AssignmentsTo(access.ToGroup, "g", "", five)
			return len(p.Items), err
		},
		"ProvisionedRoles": func(tx store.Tx) (int, error) { p, err := tx.ProvisionedRoles("ps-3", five); return len(p.Items), err },
		"ProvisionedAccounts, up to date": func(tx store.Tx) (int, error) {
			p, err := tx.ProvisionedAccounts("ps-3", "latest", true, five)
			return len(p.Items), err
		},
		"ProvisionedAccounts, behind": func(tx store.Tx) (int, error) {
			p, err := tx.ProvisionedAccounts("ps-3", "latest", false, five)
			return len(p.Items), err
		},
		"ProvisionedAccounts, none behind": func(tx store.Tx) (int, error) {
			p, err := tx.ProvisionedAccounts("ps-7", "latest", false, five)
			return 1 + len(p.Items), err
		},
		"ProvisionedAccounts, the last behind": func(tx store.Tx) (int, error) {
			p, err := tx.ProvisionedAccounts("ps-3", "latest", false, page.Request{Limit: 5, After: "behind2/999999999999"})
			return 1 + len(p.Items), err
		},
		"ProvisionedSets": func(tx store.Tx) (int, error) {
			p, err := tx.ProvisionedSets("i", "000000000001", five)
			return len(p.Items), err
		},
		"Requests": func(tx store.Tx) (int, error) {
			p, err := tx.AccessRequests("i", access.AssignRequest, "", five)
			return len(p.Items), err
		},
		"Requests of a status": func(tx store.Tx) (int, error) {
			p, err := tx.AccessRequests("i", access.AssignRequest, access.InProgress, five)
			return len(p.Items), err
		},
		"Due": func(tx store.Tx) (int, error) {
			due, err := tx.DueAccessRequests(time.Now(), "node", 5)
			return len(due), err
		},
		"Under way": func(tx store.Tx) (int, error) { r, err := tx.AccessRequestsUnderWay("i", 100); return len(r), err },
	}
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		small, large := provisioned(t, open(), 10), provisioned(t, open(), 2000)
		for name, ask := range asks {
			compare(t, name, small, large, 40, func(tx store.Tx, _ bool, _ int) error {
				if n, err := ask(tx); err != nil || n == 0 {
					return fmt.Errorf("%d items, %v", n, err)
				}
				return nil
			})
		}
	})
}
