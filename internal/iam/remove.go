package iam

import (
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

var firstPage = page.Request{Limit: 500}

// Declared are the nouns that the organisation file declared.
type Declared struct {
	Users    []User
	Groups   []Group
	Roles    []Role
	Policies []Policy
}

// DeclaredStore finds them in all accounts at once.
type DeclaredStore interface {
	IAMFromFile() (Declared, error)
}

// RemoveUser deletes a user together with all that hangs on it, as the console
// does (behaviours.md 5.2). The user's sessions end.
func RemoveUser(tx SecretStore, u User) error {
	if err := strip(tx, u.ID); err != nil {
		return err
	}
	for _, remove := range []func(SecretStore, User) error{removeMemberships, removeKeys, removeFactors, removeUploads} {
		if err := remove(tx, u); err != nil {
			return err
		}
	}
	return DeleteUser(tx, u)
}

// strip takes all policies off an identity.
func strip(tx Store, owner string) error {
	inline, err := tx.InlinePolicies(owner)
	if err != nil {
		return err
	}
	for _, p := range inline {
		if err := tx.DeleteInlinePolicy(owner, p.Name); err != nil {
			return err
		}
	}
	attached, err := tx.Attachments(owner)
	if err != nil {
		return err
	}
	for _, a := range attached {
		if err := tx.Detach(owner, a.PolicyARN); err != nil {
			return err
		}
	}
	return nil
}

func removeMemberships(tx SecretStore, u User) error {
	groups, err := tx.IAMGroupsOf(u.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := tx.RemoveIAMMember(g.ID, u.ID); err != nil {
			return err
		}
	}
	return nil
}

func removeKeys(tx SecretStore, u User) error {
	keys, err := tx.AccessKeysOf(u.Account, u.ID)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := tx.DeleteAccessKey(k.ID); err != nil {
			return err
		}
	}
	if err := tx.DeletePassword(PasswordOf(u.ID)); !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}

func removeFactors(tx SecretStore, u User) error {
	devices, err := tx.MFADevicesOf(u.Account, u.ID)
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

func removeUploads(tx SecretStore, u User) error {
	certificates, err := tx.SigningCertificates(u.Account, u.ID)
	if err != nil {
		return err
	}
	for _, c := range certificates {
		if err := tx.DeleteSigningCertificate(c.ID); err != nil {
			return err
		}
	}
	keys, err := tx.SSHPublicKeys(u.ID)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := tx.DeleteSSHPublicKey(k.ID); err != nil {
			return err
		}
	}
	credentials, err := tx.ServiceCredentialsOf(u.ID)
	if err != nil {
		return err
	}
	for _, c := range credentials {
		if err := tx.DeleteServiceCredential(c.ID); err != nil {
			return err
		}
	}
	return nil
}

// RemoveGroup deletes a group together with its policies and memberships.
func RemoveGroup(tx Store, g Group) error {
	if err := strip(tx, g.ID); err != nil {
		return err
	}
	for {
		members, err := tx.IAMMembers(g.ID, firstPage)
		if err != nil {
			return err
		}
		for _, u := range members.Items {
			if err := tx.RemoveIAMMember(g.ID, u.ID); err != nil {
				return err
			}
		}
		if members.Next == "" {
			return DeleteGroup(tx, g)
		}
	}
}

// RemovePolicy deletes a customer managed policy with its versions. While
// somebody has it, it is a Conflict.
func RemovePolicy(tx Store, p Policy) error {
	versions, err := tx.PolicyVersions(p.ID)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.Number == p.DefaultVersion {
			continue
		}
		if err := tx.DeletePolicyVersion(p.ID, v.Number); err != nil {
			return err
		}
	}
	return DeletePolicy(tx, p.Account, p.ARN())
}
