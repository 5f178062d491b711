package orgfile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// person is whose password it is, as the file names them: root users by their
// e-mail address, Identity Center users by name.
type person struct {
	kind credential.OwnerKind
	name string
}

func (p person) String() string {
	if p.kind == credential.RootUser {
		return "root:" + p.name
	}
	return p.name
}

// firstPassword is a password to be set, and the rules that it breaks: in a file
// that is worth a warning, since it is for trying things out, but no refusal.
type firstPassword struct {
	hash string
	weak []credential.Violation
}

// firstPasswords hashes the passwords of those who have none yet, before the
// transaction, because hashing is slow on purpose.
func (a *Applier) firstPasswords(ctx context.Context, f *File) (map[person]firstPassword, error) {
	wanted := make(map[person]secret.String)
	add := func(key person, direct Secret, file string) error {
		p, err := f.password(direct, file)
		if err != nil {
			return fmt.Errorf("password of %s: %w", key, err)
		}
		if !p.Empty() {
			wanted[key] = p
		}
		return nil
	}
	if f.Organization != nil {
		for _, acc := range f.accounts() {
			if err := add(person{credential.RootUser, acc.Email}, acc.Password, acc.PasswordFile); err != nil {
				return nil, err
			}
		}
	}
	if f.IdentityCenter != nil {
		for _, u := range f.IdentityCenter.Users {
			if err := add(person{credential.DirectoryUser, u.UserName}, u.Password, u.PasswordFile); err != nil {
				return nil, err
			}
		}
	}
	for _, section := range f.IAM {
		for _, u := range section.Users {
			if err := add(person{credential.IAMUser, section.Account + "/" + u.Name}, u.Password, u.PasswordFile); err != nil {
				return nil, err
			}
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	err := a.Store.View(ctx, func(tx store.Tx) error { return dropExisting(tx, f, wanted) })
	if err != nil {
		return nil, err
	}
	first := make(map[person]firstPassword, len(wanted))
	for key, p := range wanted {
		hash, err := a.Hash(ctx, p)
		if err != nil {
			return nil, err
		}
		first[key] = firstPassword{hash, credential.Check(p, credential.Subject{UserName: key.name})}
	}
	return first, nil
}

func dropExisting(tx store.Tx, f *File, wanted map[person]secret.String) error {
	accounts, err := tx.Accounts()
	if err != nil {
		return err
	}
	directoryID, err := f.directory(tx, accounts)
	if err != nil {
		return err
	}
	accounts = f.ofOrganization(accounts)
	byKey := make(map[person]credential.Owner, len(wanted))
	for _, acc := range accounts {
		byKey[person{credential.RootUser, acc.Email}] = credential.Owner{Kind: credential.RootUser, ID: acc.ID}
	}
	for key := range wanted {
		if key.kind == credential.IAMUser {
			owner, err := iamOwner(tx, accounts, key.name)
			if err != nil {
				return err
			}
			if owner.ID != "" {
				byKey[key] = owner
			}
			continue
		}
		if key.kind != credential.DirectoryUser {
			continue
		}
		if u, err := tx.UserByName(directoryID, key.name); err == nil {
			byKey[key] = credential.Owner{Kind: credential.DirectoryUser, ID: u.ID}
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	for key, owner := range byKey {
		if _, err := tx.Password(owner); err == nil {
			delete(wanted, key)
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// ofOrganization are the accounts that are where the file's management account is:
// others may have the same names.
func (f *File) ofOrganization(accounts []account.Account) []account.Account {
	if f.Organization == nil {
		return nil
	}
	a, _ := indexAccounts(accounts).find(f.Organization.ManagementAccount)
	return slices.DeleteFunc(slices.Clone(accounts), func(other account.Account) bool { return other.Organization != a.Organization })
}

// directory is the identity store of the organization that the file declares; ""
// before there is one.
func (f *File) directory(tx store.Tx, accounts []account.Account) (string, error) {
	if f.Organization == nil {
		return "", nil
	}
	a, _ := indexAccounts(accounts).find(f.Organization.ManagementAccount)
	if a.Standalone() {
		return "", nil
	}
	inst, err := tx.InstanceOf(a.Organization)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return inst.DirectoryID, err
}

// iamOwner is the IAM user whom the file calls account/name; none if there is no
// such user yet.
func iamOwner(tx store.Tx, accounts []account.Account, name string) (credential.Owner, error) {
	at := strings.LastIndexByte(name, '/') // user names have no slash
	in, user := name[:at], name[at+1:]
	for _, a := range accounts {
		if a.Standalone() || a.ID != in && a.Name != in {
			continue
		}
		u, err := tx.IAMUserByName(a.ID, user)
		if fault.Is(err, fault.NotFound) {
			return credential.Owner{}, nil
		}
		return iam.PasswordOf(u.ID), err
	}
	return credential.Owner{}, nil
}

func (r *run) firstPassword(key person, owner credential.Owner, mustChange bool) error {
	first, ok := r.first[key]
	if !ok {
		return nil
	}
	if _, err := r.tx.Password(owner); !fault.Is(err, fault.NotFound) {
		return err // somebody set one meanwhile, or reading failed
	}
	r.note("create", "password", key.String())
	if len(first.weak) > 0 {
		r.note(Weak, "password", fmt.Sprintf("%s: a person could not choose it: %v", key, first.weak))
	}
	return r.tx.PutPassword(credential.Password{Owner: owner, Hash: first.hash, MustChange: mustChange, SetAt: r.now})
}
