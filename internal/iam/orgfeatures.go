package iam

import (
	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
)

// OrgFeature is something that an organization can do with the root users of its
// member accounts (behaviours.md 4.7).
type OrgFeature string

// The features.
const (
	// RootCredentialsManagement lets the management account take away root
	// credentials of members.
	RootCredentialsManagement OrgFeature = "RootCredentialsManagement"
	// RootSessions lets it act as their root users by sts:AssumeRoot.
	RootSessions OrgFeature = "RootSessions"
)

// OrgFeatureStore is what it takes to know the features.
type OrgFeatureStore interface {
	account.Store
	ReportStore
	org.Store
}

// OrgFeatures are an organization's id and the features that it has enabled.
type OrgFeatures struct {
	Organization string
	Enabled      []OrgFeature
}

// OrgFeaturesOf are the features of the account's organization. The management
// account may ask, and delegated administrators for IAM; others are Denied. It is
// NotFound if there is no organization.
func OrgFeaturesOf(tx OrgFeatureStore, account string) (OrgFeatures, error) {
	o, s, err := runIAM(tx, account)
	return featuresOf(o, s), err
}

// SetOrgFeature enables or disables a feature of the account's organization; that
// it is so already does not matter. Only the management account enables, and
// delegated administrators for IAM may disable.
func SetOrgFeature(tx OrgFeatureStore, account string, f OrgFeature, enabled bool) (OrgFeatures, error) {
	o, s, err := runIAM(tx, account)
	if err != nil {
		return OrgFeatures{}, err
	}
	if enabled && o.ManagementAccount != account {
		return OrgFeatures{}, fault.New(fault.Denied, "caller-not-management", "The account %s is not the management account of the organization.", account)
	}
	if f == RootSessions {
		s.RootSessions = enabled
	} else {
		s.RootCredentialsManagement = enabled
	}
	return featuresOf(o, s), tx.PutIAMSettings(s)
}

// RootSessionsEnabled reports whether those who run IAM for the organization may
// assume the root users of its members.
func RootSessionsEnabled(tx OrgFeatureStore, o org.Organization) (bool, error) {
	trusted, err := org.Trusts(tx, o, org.IAM)
	if err != nil || !trusted {
		return false, err
	}
	s, err := tx.IAMSettings(o.ManagementAccount)
	return s.RootSessions, err
}

// runIAM is the organization for which the account runs IAM, and the settings in
// which its features are.
func runIAM(tx OrgFeatureStore, account string) (org.Organization, Settings, error) {
	o, err := org.RunBy(tx, account, org.IAM)
	switch {
	case fault.Is(err, fault.NotFound):
		return o, Settings{}, fault.New(fault.NotFound, "organization-not-found", "The account %s is not part of an organization.", account).Wrap(err)
	case fault.Is(err, fault.Denied):
		return o, Settings{}, fault.New(fault.Denied, "not-management-account",
			"The account %s is not the management account or a delegated administrator of the organization.", account).Wrap(err)
	case err != nil:
		return o, Settings{}, err
	case o.Features != org.AllFeatures:
		return o, Settings{}, fault.New(fault.Conflict, "not-all-features", "The organization %s does not have all features enabled.", o.ID)
	}
	trusted, err := org.Trusts(tx, o, org.IAM)
	if err != nil {
		return o, Settings{}, err
	}
	if !trusted {
		return o, Settings{}, fault.New(fault.Conflict, "service-access", "Trusted access for IAM in Organizations is not enabled.")
	}
	s, err := tx.IAMSettings(o.ManagementAccount)
	return o, s, err
}

func featuresOf(o org.Organization, s Settings) OrgFeatures {
	f := OrgFeatures{Organization: o.ID}
	if s.RootCredentialsManagement {
		f.Enabled = append(f.Enabled, RootCredentialsManagement)
	}
	if s.RootSessions {
		f.Enabled = append(f.Enabled, RootSessions)
	}
	return f
}
