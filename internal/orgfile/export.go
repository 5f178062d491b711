package orgfile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Export reads an organization into a file that, applied, changes nothing, and
// applied to an empty database makes the same organization again. Secrets are left
// out, and so are accounts that are closed. With no management account it is the only
// organization that there is, else the only one that a file declared; if that does not
// say which, the error does.
func Export(ctx context.Context, db store.DB, managementAccount string) (*File, error) {
	f := &File{}
	err := db.View(ctx, func(tx store.Tx) error {
		*f = File{} // the closure may run again
		o, err := exported(tx, managementAccount)
		if err != nil || o.ID == "" {
			return err
		}
		accounts, err := accountsOf(tx, o)
		if err != nil {
			return err
		}
		accounts = slices.DeleteFunc(accounts, func(a account.Account) bool { return a.Status == account.Closed })
		e := &exporter{tx: tx, file: f, org: o}
		if err := e.organization(accounts); err != nil {
			return err
		}
		if err := e.exportIAM(accounts); err != nil {
			return err
		}
		inst, err := tx.InstanceOf(o.ID)
		if fault.Is(err, fault.NotFound) || err == nil && inst.Status != access.InstanceActive {
			return nil
		}
		if err != nil {
			return err
		}
		return (&centerExport{exporter: e, inst: inst}).center(accounts)
	})
	return f, err
}

// exported is the organization to write; its zero value if there is none at all.
func exported(tx store.Tx, managementAccount string) (org.Organization, error) {
	if managementAccount != "" {
		return tx.OrganizationManagedBy(managementAccount)
	}
	all, err := tx.Accounts()
	if err != nil {
		return org.Organization{}, err
	}
	var some, ofFile []string // management accounts
	for _, a := range all {
		manages, err := tx.Manages(a.ID)
		if err != nil {
			return org.Organization{}, err
		}
		if manages == "" {
			continue
		}
		if some = append(some, a.ID); a.FromFile {
			ofFile = append(ofFile, a.ID)
		}
	}
	switch {
	case len(some) == 0:
		return org.Organization{}, nil
	case len(some) == 1:
		return tx.OrganizationManagedBy(some[0])
	case len(ofFile) == 1:
		return tx.OrganizationManagedBy(ofFile[0])
	}
	return org.Organization{}, fmt.Errorf("there are several organizations: say which one by its management account, one of %s", strings.Join(some, ", "))
}

// Marshal writes the file as YAML.
func (f *File) Marshal() ([]byte, error) {
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return []byte(b.String()), e.Close()
}
