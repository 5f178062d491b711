package account_test

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/call"
	service "sekisho/internal/services/account"
	"sekisho/internal/store"
)

// What policies see of a call: the account as a resource of itself or of the
// organization's management account, and the service's own condition keys.
func TestTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const members = "arn:aws:account::" + management + ":account/" + orgID + "/"
	target := func(caller string, in any) call.Target {
		t.Helper()
		got, err := (service.Names{Store: w.db}).Target(w.Context(), w.by(caller, "test"), call.Rule{Resource: "account"}, in)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, c := range []struct {
		caller string
		in     any
		arn    string
		keys   map[string][]string
	}{
		{member, &awsaccount.GetAccountInformationInput{}, "arn:aws:account::" + member + ":account", nil},
		{management, &awsaccount.GetAccountInformationInput{AccountId: of(member)}, members + member, nil},
		{management, &awsaccount.GetGovCloudAccountInformationInput{StandardAccountId: of(member)}, members + member, nil},
		{member, &awsaccount.GetAccountInformationInput{AccountId: of(sibling)}, members + sibling, nil},
		{management, &service.GetPrimaryEmailUpdateStatusInput{AccountId: of(nobody)}, members + nobody, nil},
		{member, &awsaccount.EnableRegionInput{RegionName: aws.String("ap-east-1")}, "arn:aws:account::" + member + ":account",
			map[string][]string{"account:targetregion": {"ap-east-1"}}},
		{management, &awsaccount.DeleteAlternateContactInput{AccountId: of(member), AlternateContactType: types.AlternateContactTypeSecurity}, members + member,
			map[string][]string{"account:alternatecontacttypes": {"SECURITY"}}},
		{management, &awsaccount.StartPrimaryEmailUpdateInput{AccountId: of(member), PrimaryEmail: aws.String("a@example.org")}, members + member,
			map[string][]string{"account:emailtargetdomain": {"example.org"}}},
		{management, &awsaccount.StartPrimaryEmailUpdateInput{AccountId: of(member), PrimaryEmail: aws.String("nobody")}, members + member, nil},
	} {
		if c.keys == nil {
			c.keys = map[string][]string{}
		}
		if got := target(c.caller, c.in); got.ARN != c.arn || !reflect.DeepEqual(got.Keys, c.keys) {
			t.Errorf("%+v: %s %v", c.in, got.ARN, got.Keys)
		}
	}
	w.update(store.Tx.Clear)
	if got := target(management, &awsaccount.GetAccountInformationInput{AccountId: of(member)}); got.ARN != "arn:aws:account::"+member+":account" {
		t.Errorf("without an organization: %s", got.ARN)
	}
}
