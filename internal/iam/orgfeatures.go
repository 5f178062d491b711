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

// OrgFeaturesOf are the features of the organization that the account manages.
// Only the management account may ask: others are Denied. It is NotFound if there
// is no organization.
func OrgFeaturesOf(tx OrgFeatureStore, account string) (OrgFeatures, error) {
	o, s, err := managed(tx, account)
	return featuresOf(o, s), err
}

// SetOrgFeature enables or disables a feature of the organization that the
// account manages; that it is so already does not matter.
func SetOrgFeature(tx OrgFeatureStore, account string, f OrgFeature, enabled bool) (OrgFeatures, error) {
	o, s, err := managed(tx, account)
	if err != nil {
		return OrgFeatures{}, err
	}
	if f == RootSessions {
		s.RootSessions = enabled
	} else {
		s.RootCredentialsManagement = enabled
	}
	return featuresOf(o, s), tx.PutIAMSettings(s)
}

// RootSessionsEnabled reports whether the organization's management account may
// assume the root users of its members.
func RootSessionsEnabled(tx OrgFeatureStore, o org.Organization) (bool, error) {
	s, err := tx.IAMSettings(o.ManagementAccount)
	return s.RootSessions, err
}

// managed is the organization that the account manages, and the settings in
// which its features are.
func managed(tx OrgFeatureStore, account string) (org.Organization, Settings, error) {
	o, err := org.Of(tx, account)
	if fault.Is(err, fault.NotFound) {
		return o, Settings{}, fault.New(fault.NotFound, "organization-not-found", "The account %s is not part of an organization.", account).Wrap(err)
	}
	if err != nil {
		return o, Settings{}, err
	}
	if o.ManagementAccount != account {
		return o, Settings{}, fault.New(fault.Denied, "not-management-account",
			"The account %s is not the management account or a delegated administrator of the organization.", account)
	}
	s, err := tx.IAMSettings(account)
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
