package iam_test

import (
	"maps"
	"testing"

	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// empty is the summary of an account with nothing in it: quotas (behaviours.md
// 1.5), all keys (5.9).
var empty = map[string]int32{
	"Users": 0, "UsersQuota": 5000, "Groups": 0, "GroupsQuota": 300, "Roles": 0, "RolesQuota": 1000,
	"ServerCertificates": 0, "ServerCertificatesQuota": 20, "InstanceProfiles": 0, "InstanceProfilesQuota": 1000, "Providers": 0,
	"UserPolicySizeQuota": 2048, "GroupPolicySizeQuota": 5120, "RolePolicySizeQuota": 10240, "AssumeRolePolicySizeQuota": 2048, "PolicySizeQuota": 6144,
	"GroupsPerUserQuota": 10, "SigningCertificatesPerUserQuota": 2, "AccessKeysPerUserQuota": 2,
	"MFADevices": 0, "MFADevicesInUse": 0, "AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 0, "AccountSigningCertificatesPresent": 0,
	"AttachedPoliciesPerGroupQuota": 10, "AttachedPoliciesPerRoleQuota": 10, "AttachedPoliciesPerUserQuota": 10,
	"Policies": 0, "PoliciesQuota": 1500, "PolicyVersionsInUse": 0, "PolicyVersionsInUseQuota": 10000, "VersionsPerPolicyQuota": 5,
	"GlobalEndpointTokenVersion": 1,
}

func TestGetAccountSummary(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	summary := func() map[string]int32 {
		return must(w.service.GetAccountSummary(t.Context(), w.root(), &awsiam.GetAccountSummaryInput{})).SummaryMap
	}
	same(t, "empty", summary(), empty)
	peopled(w)
	w.quota(iam.Users, 6000)
	w.update(func(tx store.Tx) error {
		for _, d := range []iam.MFADevice{
			{Serial: "arn:aws:iam::" + acct + ":mfa/root-account-mfa-device", Account: acct, Kind: iam.VirtualMFA, EnabledAt: start, CreatedAt: start},
			{Serial: "arn:aws:iam::" + acct + ":mfa/spare", Account: acct, Kind: iam.VirtualMFA, CreatedAt: start},
		} {
			if err := tx.PutMFADevice(d); err != nil {
				return err
			}
		}
		if err := tx.PutAccessKey(iam.AccessKey{ID: "AKIAROOT", Account: acct, CreatedAt: start}); err != nil {
			return err
		}
		if err := tx.PutPassword(credential.Password{Owner: credential.Owner{Kind: credential.RootUser, ID: acct}, Hash: "h", SetAt: start}); err != nil {
			return err
		}
		return tx.PutSigningCertificate(iam.SigningCertificate{ID: "CERT", Account: acct, Body: "b", Hash: "h", Active: true, UploadedAt: start})
	})
	must(w.service.SetSecurityTokenServicePreferences(t.Context(), w.root(), &awsiam.SetSecurityTokenServicePreferencesInput{GlobalEndpointTokenVersion: "v2Token"}))
	want := maps.Clone(empty)
	maps.Copy(want, map[string]int32{
		"Users": 1, "UsersQuota": 6000, "Groups": 1, "Roles": 1, "InstanceProfiles": 1, "Policies": 1, "PolicyVersionsInUse": 2,
		"MFADevices": 2, "MFADevicesInUse": 1, "AccountMFAEnabled": 1, "AccountAccessKeysPresent": 1, "AccountPasswordPresent": 1,
		"AccountSigningCertificatesPresent": 1, "GlobalEndpointTokenVersion": 2,
	})
	same(t, "full", summary(), want)
	must(w.service.SetSecurityTokenServicePreferences(t.Context(), w.root(), &awsiam.SetSecurityTokenServicePreferencesInput{GlobalEndpointTokenVersion: "v1Token"}))
	if got := summary()["GlobalEndpointTokenVersion"]; got != 1 {
		t.Errorf("GlobalEndpointTokenVersion %d, want 1 again", got)
	}
	same(t, "another account", must(w.service.GetAccountSummary(t.Context(), w.other(), &awsiam.GetAccountSummaryInput{})).SummaryMap, empty)
}
