package iam

import (
	"sekisho/internal/credential"
	"sekisho/internal/fault"
)

// Summary is how much of everything an account has and may have, by the names of
// behaviours.md 5.9.
func Summary(tx SecretStore, account string) (map[string]int, error) {
	s := summary{tx: tx, account: account, values: map[string]int{
		"UserPolicySizeQuota":             MaxUserPolicies,
		"GroupPolicySizeQuota":            MaxGroupPolicies,
		"RolePolicySizeQuota":             MaxRolePolicies,
		"AssumeRolePolicySizeQuota":       MaxTrustPolicy,
		"PolicySizeQuota":                 MaxManagedPolicy,
		"GroupsPerUserQuota":              groupsPerUser,
		"SigningCertificatesPerUserQuota": maxSigningCertificates,
		"AccessKeysPerUserQuota":          maxAccessKeys,
		"VersionsPerPolicyQuota":          maxVersions,
	}}
	for _, part := range []func() error{s.counts, s.attachedQuotas, s.root, s.settings} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return s.values, nil
}

type summary struct {
	tx      SecretStore
	account string
	values  map[string]int
}

// counted are the nouns of the summary with the name of their number and of
// their quota, "" for none.
var counted = []struct {
	noun        Noun
	have, quota string
}{
	{Users, "Users", "UsersQuota"},
	{Groups, "Groups", "GroupsQuota"},
	{Roles, "Roles", "RolesQuota"},
	{Policies, "Policies", "PoliciesQuota"},
	{PolicyVersions, "PolicyVersionsInUse", "PolicyVersionsInUseQuota"},
	{InstanceProfiles, "InstanceProfiles", "InstanceProfilesQuota"},
	{ServerCertificates, "ServerCertificates", "ServerCertificatesQuota"},
	{MFADevices, "MFADevices", ""},
	{MFADevicesInUse, "MFADevicesInUse", ""},
	{SAMLProviders, "Providers", ""},
	{OIDCProviders, "Providers", ""},
}

func (s *summary) counts() error {
	for _, c := range counted {
		n, err := s.tx.IAMCount(s.account, c.noun)
		if err != nil {
			return err
		}
		s.values[c.have] += n
		if c.quota == "" {
			continue
		}
		if s.values[c.quota], err = Quota(s.tx, s.account, c.noun); err != nil {
			return err
		}
	}
	return nil
}

func (s *summary) attachedQuotas() (err error) {
	for kind, name := range map[Kind]string{
		UserKind: "AttachedPoliciesPerUserQuota", GroupKind: "AttachedPoliciesPerGroupQuota", RoleKind: "AttachedPoliciesPerRoleQuota",
	} {
		if s.values[name], err = AttachedQuota(s.tx, s.account, kind); err != nil {
			return err
		}
	}
	return nil
}

// root is which credentials the root user has.
func (s *summary) root() error {
	devices, err := s.tx.MFADevicesOf(s.account, "")
	if err != nil {
		return err
	}
	keys, err := s.tx.AccessKeysOf(s.account, "")
	if err != nil {
		return err
	}
	certificates, err := s.tx.SigningCertificates(s.account, "")
	if err != nil {
		return err
	}
	p, err := s.tx.Password(credential.Owner{Kind: credential.RootUser, ID: s.account})
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.values["AccountMFAEnabled"] = one(len(devices) > 0)
	s.values["AccountAccessKeysPresent"] = one(len(keys) > 0)
	s.values["AccountSigningCertificatesPresent"] = one(len(certificates) > 0)
	s.values["AccountPasswordPresent"] = one(p.Hash != "")
	return nil
}

func (s *summary) settings() error {
	own, err := s.tx.IAMSettings(s.account)
	s.values["GlobalEndpointTokenVersion"] = own.GlobalTokens
	return err
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
