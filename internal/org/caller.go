package org

import (
	"sekisho/internal/fault"
)

// ErrNotManagement refuses an account what only the management account may ask,
// in Organizations' own words. It tells nothing of what is there.
var ErrNotManagement = fault.New(fault.Denied, "not-management", "You don't have permissions to access this resource.")

// Caller returns the organization of which somebody in the account may ask for the
// action, such as "organizations:ListAccounts": the one that the account manages
// or, for what may be delegated, the one that it belongs to (behaviours.md 9.6).
// A member that may not is Denied; an account in no organization is [ErrNone].
func Caller(tx Tx, accountID, action string) (Organization, error) {
	o, err := Of(tx, accountID)
	if err != nil || o.ManagementAccount == accountID {
		return o, err
	}
	ok, err := mayRun(tx, o, accountID, action)
	if err == nil && !ok {
		err = ErrNotManagement
	}
	if err != nil {
		return Organization{}, err
	}
	return o, nil
}

// mayRun reports whether a member may do what is the management account's to do:
// an account that administers some service for the organization may read, and
// those may more that the organization's resource policy lets in.
func mayRun(tx Tx, o Organization, accountID, action string) (bool, error) {
	if ok, err := ReadDelegated(tx, accountID, action); ok || err != nil {
		return ok, err
	}
	return Lets(tx, o, accountID, action)
}

// readable are the actions of which the models say that they can be called from
// "the management account or a member account that is a delegated administrator".
var readable = map[string]bool{
	"organizations:DescribeAccount":                        true,
	"organizations:DescribeCreateAccountStatus":            true,
	"organizations:DescribeEffectivePolicy":                true,
	"organizations:DescribeOrganizationalUnit":             true,
	"organizations:DescribePolicy":                         true,
	"organizations:DescribeResourcePolicy":                 true,
	"organizations:ListAWSServiceAccessForOrganization":    true,
	"organizations:ListAccounts":                           true,
	"organizations:ListAccountsForParent":                  true,
	"organizations:ListAccountsWithInvalidEffectivePolicy": true,
	"organizations:ListChildren":                           true,
	"organizations:ListCreateAccountStatus":                true,
	"organizations:ListDelegatedAdministrators":            true,
	"organizations:ListDelegatedServicesForAccount":        true,
	"organizations:ListEffectivePolicyValidationErrors":    true,
	"organizations:ListHandshakesForOrganization":          true,
	"organizations:ListOrganizationalUnitsForParent":       true,
	"organizations:ListParents":                            true,
	"organizations:ListPolicies":                           true,
	"organizations:ListPoliciesForTarget":                  true,
	"organizations:ListRoots":                              true,
	"organizations:ListTagsForResource":                    true,
	"organizations:ListTargetsForPolicy":                   true,
}
