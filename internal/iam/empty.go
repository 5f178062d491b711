package iam

import (
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Empty deletes what an account that was closed for good has in IAM: its users
// with their credentials, groups, roles, instance profiles, customer managed
// policies and identity providers, and the root user's credentials, so that
// nobody can sign in to it. It deletes at most limit of each kind and reports
// whether more is left: a large account takes several transactions.
func Empty(tx SecretStore, accountID string, limit int) (more bool, err error) {
	if err := emptyRoot(tx, accountID); err != nil {
		return false, err
	}
	p := page.Request{Limit: limit}
	users, err := tx.IAMUsers(accountID, "/", p)
	more, err = emptied(more, users, err, func(u User) error { return RemoveUser(tx, u) })
	if err != nil {
		return more, err
	}
	groups, err := tx.IAMGroups(accountID, "/", p)
	more, err = emptied(more, groups, err, func(g Group) error { return RemoveGroup(tx, g) })
	if err != nil {
		return more, err
	}
	roles, err := tx.Roles(accountID, "/", p)
	more, err = emptied(more, roles, err, func(r Role) error { return RemoveRole(tx, r) })
	if err != nil {
		return more, err
	}
	profiles, err := tx.InstanceProfiles(accountID, "/", p)
	more, err = emptied(more, profiles, err, func(i InstanceProfile) error { return tx.DeleteInstanceProfile(i.ID) })
	if more || err != nil {
		return more, err // policies are attached to what is left
	}
	policies, err := tx.Policies(accountID, "/", p)
	more, err = emptied(more, policies, err, func(p Policy) error { return RemovePolicy(tx, p) })
	if err != nil {
		return more, err
	}
	devices, err := tx.MFADevices(accountID, Any, p)
	more, err = emptied(more, devices, err, func(d MFADevice) error { return tx.DeleteMFADevice(d.Serial) })
	if err != nil {
		return more, err
	}
	return more, emptyProviders(tx, accountID)
}

// emptied removes the items of a page, read with err.
func emptied[T any](more bool, p page.Page[T], err error, remove func(T) error) (bool, error) {
	if err != nil {
		return more, err
	}
	for _, item := range p.Items {
		if err := remove(item); err != nil {
			return more, err
		}
	}
	return more || p.Next != "", nil
}

// emptyRoot takes from the root user all that it could sign in or sign calls with.
func emptyRoot(tx SecretStore, accountID string) error {
	owner := credential.Owner{Kind: credential.RootUser, ID: accountID}
	if err := tx.DeletePassword(owner); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := tx.DropResetLinks(owner); err != nil {
		return err
	}
	keys, err := tx.AccessKeysOf(accountID, "")
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := tx.DeleteAccessKey(k.ID); err != nil {
			return err
		}
	}
	devices, err := tx.MFADevicesOf(accountID, "")
	if err != nil {
		return err
	}
	for _, d := range devices {
		if err := tx.DeleteMFADevice(d.Serial); err != nil {
			return err
		}
	}
	return nil
}

func emptyProviders(tx SecretStore, accountID string) error {
	saml, err := tx.SAMLProviders(accountID)
	if err != nil {
		return err
	}
	for _, p := range saml {
		if err := tx.DeleteSAMLProvider(accountID, p.Name); err != nil {
			return err
		}
	}
	oidc, err := tx.OIDCProviders(accountID)
	if err != nil {
		return err
	}
	for _, p := range oidc {
		if err := tx.DeleteOIDCProvider(accountID, p.URL); err != nil {
			return err
		}
	}
	return nil
}
