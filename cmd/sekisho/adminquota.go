package main

import (
	"fmt"
	"strconv"
	"text/tabwriter"

	"sekisho/internal/account"
	"sekisho/internal/app"
	"sekisho/internal/config"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// adminQuotaCmd is what AWS does when a customer asks for more: a quota of the
// account, or the number of accounts in the organization that it manages (A-07,
// behaviours.md 1.5, 1.6). The organisation file has both as well; applied again, it
// has the last word.
type adminQuotaCmd struct {
	List quotaListCmd `cmd:"" help:"List the quotas of an account."`
	Set  quotaSetCmd  `cmd:"" help:"Give an account a quota of its own."`
}

// accountsQuota is the quota of the organization that the account manages.
const accountsQuota = "accounts"

type quotaListCmd struct {
	config.Database `embed:""`
	Account         string `arg:"" help:"12-digit id, alias or root user's e-mail address of the account."`
}

// Run lists what the account may have, one a line.
func (c *quotaListCmd) Run(e *env) error {
	return withData(e.ctx, c.Database, true, func(b *app.Base) error {
		return b.Store.View(e.ctx, func(tx store.Tx) error {
			a, err := findAccount(tx, c.Account)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(w, "QUOTA\tVALUE")
			o, err := tx.OrganizationManagedBy(a.ID)
			if err == nil {
				_, _ = fmt.Fprintf(w, "%s\t%d\n", accountsQuota, o.Accounts())
			} else if !fault.Is(err, fault.NotFound) {
				return err
			}
			for _, n := range iam.Nouns() {
				value, err := iam.Quota(tx, a.ID, n)
				if err != nil {
					return err
				}
				_, _ = fmt.Fprintf(w, "%s\t%d\n", n, value)
			}
			return w.Flush()
		})
	})
}

type quotaSetCmd struct {
	onAccount `embed:""`
	Quota     string `arg:"" help:"Name as the list has it; accounts is of the organization that the account manages."`
	Value     int    `arg:"" help:"How many there may be, at least 1."`
}

// Run changes a quota; the change is in the account's history.
func (c *quotaSetCmd) Run(e *env) error {
	var of account.Account
	err := c.update(e, "SetQuota", c.Quota+": "+strconv.Itoa(c.Value), func(tx store.Tx, a admin) error {
		of = a.account
		if c.Quota == accountsQuota {
			o, err := tx.OrganizationManagedBy(of.ID)
			if fault.Is(err, fault.NotFound) {
				return fault.New(fault.Invalid, "no-organization", "The account manages no organization.")
			}
			if err != nil {
				return err
			}
			return org.SetAccounts(tx, o, c.Value)
		}
		if err := iam.CheckQuota(iam.Noun(c.Quota), c.Value); err != nil {
			return err
		}
		return tx.PutIAMQuota(of.ID, iam.Noun(c.Quota), c.Value)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s (%s): %s is %d.\n", of.ID, of.Name, c.Quota, c.Value)
	return err
}
