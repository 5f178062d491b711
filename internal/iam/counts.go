package iam

import (
	"maps"
	"slices"

	"sekisho/internal/fault"
)

// QuotaStore keeps the quotas of accounts that have others than AWS gives to all.
type QuotaStore interface {
	// IAMQuota returns the account's own quota for the noun, or NotFound.
	IAMQuota(account string, n Noun) (int, error)
	PutIAMQuota(account string, n Noun, quota int) error
}

// quotas are what an account may have of each noun, and the words for it
// (behaviours.md 1.5). Each account has its own.
var quotas = map[Noun]struct {
	limit int
	name  string
}{
	Users:              {5000, "UsersPerAccount"},
	Groups:             {300, "GroupsPerAccount"},
	Roles:              {1000, "RolesPerAccount"},
	Policies:           {1500, "PoliciesPerAccount"},
	PolicyVersions:     {10000, "PolicyVersionsInUsePerAccount"},
	InstanceProfiles:   {1000, "InstanceProfilesPerAccount"},
	ServerCertificates: {20, "ServerCertificatesPerAccount"},
	SAMLProviders:      {100, "SAMLProvidersPerAccount"},
	OIDCProviders:      {100, "OpenIdConnectProvidersPerAccount"},
	MFADevices:         {5000, "MFADevicesPerAccount"},
}

// Nouns are those that have a quota, in order.
func Nouns() []Noun { return slices.Sorted(maps.Keys(quotas)) }

// Quota is how many of the noun the account may have: its own quota if it has
// one, and otherwise AWS's default. Of virtual MFA devices there may be as many
// as users.
func Quota(tx Store, account string, n Noun) (int, error) {
	own, err := tx.IAMQuota(account, n)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return own, err
	}
	if n == MFADevices {
		return Quota(tx, account, Users)
	}
	return quotas[n].limit, nil
}

// WithinQuota is the Limit fault that refuses one more of the noun, or nil.
func WithinQuota(tx Store, account string, n Noun) error { return WithinQuotaOf(tx, account, n, 1) }

// WithinQuotaOf is WithinQuota for so many more at once.
func WithinQuotaOf(tx Store, account string, n Noun, more int) error {
	quota, err := Quota(tx, account, n)
	if err != nil {
		return err
	}
	have, err := tx.IAMCount(account, n)
	if err != nil {
		return err
	}
	if have+more > quota {
		return exceeds(quotas[n].name, quota)
	}
	return nil
}

// exceeds is the fault of passing a quota, in AWS's words.
func exceeds(name string, quota int) error {
	return fault.New(fault.Limit, "quota", "Cannot exceed quota for %s: %d", name, quota)
}
