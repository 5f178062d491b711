package iam_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// Only the management account enables and sees what the organization can do with
// members' root users (behaviours.md 4.7).
func TestOrganizationsFeatures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	features := func() *awsiam.ListOrganizationsFeaturesOutput {
		return must(w.service.ListOrganizationsFeatures(t.Context(), w.root(), &awsiam.ListOrganizationsFeaturesInput{}))
	}
	sessions := func() (on bool) {
		w.view(func(tx store.Tx) (err error) {
			o, err := storetest.Organization(tx)
			if err == nil {
				on, err = iam.RootSessionsEnabled(tx, o)
			}
			return err
		})
		return on
	}
	for _, step := range []struct {
		do       func() ([]types.FeatureType, error)
		want     []types.FeatureType
		sessions bool
	}{
		{func() ([]types.FeatureType, error) { return features().EnabledFeatures, nil }, []types.FeatureType{}, false},
		{func() ([]types.FeatureType, error) {
			out, err := w.service.EnableOrganizationsRootSessions(t.Context(), w.root(), &awsiam.EnableOrganizationsRootSessionsInput{})
			return out.EnabledFeatures, err
		}, []types.FeatureType{"RootSessions"}, true},
		{func() ([]types.FeatureType, error) {
			out, err := w.service.EnableOrganizationsRootCredentialsManagement(t.Context(), w.root(), &awsiam.EnableOrganizationsRootCredentialsManagementInput{})
			return out.EnabledFeatures, err
		}, []types.FeatureType{"RootCredentialsManagement", "RootSessions"}, true},
		{func() ([]types.FeatureType, error) { return features().EnabledFeatures, nil }, []types.FeatureType{"RootCredentialsManagement", "RootSessions"}, true},
		{func() ([]types.FeatureType, error) {
			out, err := w.service.DisableOrganizationsRootSessions(t.Context(), w.root(), &awsiam.DisableOrganizationsRootSessionsInput{})
			return out.EnabledFeatures, err
		}, []types.FeatureType{"RootCredentialsManagement"}, false},
		{func() ([]types.FeatureType, error) {
			out, err := w.service.DisableOrganizationsRootCredentialsManagement(t.Context(), w.root(), &awsiam.DisableOrganizationsRootCredentialsManagementInput{})
			return out.EnabledFeatures, err
		}, []types.FeatureType{}, false},
	} {
		same(t, "features", must(step.do()), step.want)
		if got := sessions(); got != step.sessions {
			t.Errorf("after %v: root sessions %v", step.want, got)
		}
	}
	if id := *features().OrganizationId; id != "o-exampleorg1" {
		t.Errorf("organization %s", id)
	}

	ask := map[string]func(context.Context, *call.Call) error{
		"List": func(ctx context.Context, c *call.Call) error {
			_, err := w.service.ListOrganizationsFeatures(ctx, c, &awsiam.ListOrganizationsFeaturesInput{})
			return err
		},
		"Enable": func(ctx context.Context, c *call.Call) error {
			_, err := w.service.EnableOrganizationsRootSessions(ctx, c, &awsiam.EnableOrganizationsRootSessionsInput{})
			return err
		},
	}
	for name, do := range ask {
		w.expect(name, do(t.Context(), w.other()), "AccountNotManagementOrDelegatedAdministratorException",
			"The account "+otherAcct+" is not the management account or a delegated administrator of the organization.")
	}
	// A delegated administrator for IAM sees and disables, and does not enable (behaviours.md 4.7).
	change := func(fn func(store.Tx, org.Organization) error) {
		w.update(func(tx store.Tx) error {
			o, err := storetest.Organization(tx)
			return errors.Join(err, fn(tx, o))
		})
	}
	change(func(tx store.Tx, o org.Organization) error { return org.Register(tx, o, otherAcct, org.IAM, start) })
	w.expect("List", ask["List"](t.Context(), w.other()), "", "")
	w.expect("Enable", ask["Enable"](t.Context(), w.other()), "CallerIsNotManagementAccountException",
		"The account "+otherAcct+" is not the management account of the organization.")
	_, err := w.service.DisableOrganizationsRootSessions(t.Context(), w.other(), &awsiam.DisableOrganizationsRootSessionsInput{})
	w.expect("Disable", err, "", "")
	change(func(tx store.Tx, o org.Organization) error {
		return errors.Join(org.Deregister(tx, o, otherAcct, org.IAM), org.DisableTrust(tx, o, org.IAM))
	})
	for name, do := range ask {
		w.expect(name, do(t.Context(), w.root()), "ServiceAccessNotEnabledException", "Trusted access for IAM in Organizations is not enabled.")
	}
	change(func(tx store.Tx, o org.Organization) error {
		o.Features = org.ConsolidatedBilling
		return tx.PutOrganization(o)
	})
	for name, do := range ask {
		w.expect(name, do(t.Context(), w.root()), "OrganizationNotInAllFeaturesModeException", "The organization o-exampleorg1 does not have all features enabled.")
	}
	w.update(func(tx store.Tx) error { return tx.Clear() })
	for name, do := range ask {
		w.expect(name, do(t.Context(), w.root()), "OrganizationNotFoundException", "The account "+acct+" is not part of an organization.")
	}
}

// An account keeps its issuer, whether or not it issues tokens (behaviours.md 4.8).
func TestOutboundWebIdentityFederation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.service.Issuer = func(account, id string) string { return "https://" + id + ".tokens.example.com/" + account }
	info := func(c *call.Call) (*awsiam.GetOutboundWebIdentityFederationInfoOutput, error) {
		return w.service.GetOutboundWebIdentityFederationInfo(t.Context(), c, &awsiam.GetOutboundWebIdentityFederationInfoInput{})
	}
	enable := func(c *call.Call) (*awsiam.EnableOutboundWebIdentityFederationOutput, error) {
		return w.service.EnableOutboundWebIdentityFederation(t.Context(), c, &awsiam.EnableOutboundWebIdentityFederationInput{})
	}
	disable := func() error {
		_, err := w.service.DisableOutboundWebIdentityFederation(t.Context(), w.root(), &awsiam.DisableOutboundWebIdentityFederationInput{})
		return err
	}
	const off = "Outbound web identity federation is not enabled for account " + acct + "."
	_, err := info(w.root())
	w.expect("info", err, "FeatureDisabled", off)
	w.expect("disable", disable(), "FeatureDisabled", off)

	first := *must(enable(w.root())).IssuerIdentifier
	if !strings.HasSuffix(first, ".tokens.example.com/"+acct) || len(first) != len("https://"+".tokens.example.com/"+acct)+36 {
		t.Errorf("issuer %s", first)
	}
	_, err = enable(w.root())
	w.expect("enable", err, "FeatureEnabled", "Outbound web identity federation is already enabled for account "+acct+".")
	if got := must(info(w.root())); *got.IssuerIdentifier != first || !got.JwtVendingEnabled {
		t.Errorf("info: %+v", got)
	}
	if other := *must(enable(w.other())).IssuerIdentifier; other[:44] == first[:44] {
		t.Errorf("two accounts with the issuer %s", other)
	}
	w.expect("disable", disable(), "", "")
	_, err = info(w.root())
	w.expect("info", err, "FeatureDisabled", off)
	if again := *must(enable(w.root())).IssuerIdentifier; again != first {
		t.Errorf("issuer %s, was %s", again, first)
	}
	id := strings.TrimPrefix(first, "https://")[:36]
	w.view(func(tx store.Tx) error {
		got, enabled, err := iam.OutboundIssuer(tx, acct)
		if got != id || !enabled {
			t.Errorf("issuer %q, enabled %v", got, enabled)
		}
		s, err2 := tx.IssuerSettings(id)
		if s.Account != acct {
			t.Errorf("issuer %s is account %q's", id, s.Account)
		}
		if err == nil {
			err = err2
		}
		return err
	})
}
