package ssoadmin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/store"
)

// The history tells what a call made, and which request goes on in the background
// because of it (repudiation): both are in the event that commits with the change.
func TestHistoryNamesWhatWasMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := w.set("Admin")
	r, err := w.assign(appManagement, set, appMember, types.PrincipalTypeUser, jane)
	if err != nil {
		t.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		all, err := tx.Events(store.EventFilter{Account: appManagement, Limit: 100})
		details := make(map[string]map[string]string)
		for _, e := range all {
			details[e.Name] = e.Detail
		}
		if got := details["CreatePermissionSet"]["permissionSetArn"]; got != set {
			t.Errorf("the set: %q", got)
		}
		if got := details["CreateAccountAssignment"]["requestId"]; got != *r.RequestId {
			t.Errorf("the request: %q", got)
		}
		return err
	})
}

// What a delegated administrator changes is in the history of the account that owns
// the instance, and what the owner changes of a member's in the member's (repudiation).
func TestHistoryOfTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.delegate()
	w.update(func(tx store.Tx) error {
		i, err := tx.Instance("ssoins-0123456789abcdef")
		i.Status, i.SessionDuration = access.InstanceActive, access.DefaultPortalSession
		return firstOf(err, tx.PutInstance(i))
	})
	set, app := w.set("Admin"), w.create(appManagement, "Wiki")
	instance, region, name := aws.String(appInstance), aws.String("eu-west-1"), aws.String("Example")
	issuer, err := w.service.CreateTrustedTokenIssuer(w.Context(), w.by(appManagement, "CreateTrustedTokenIssuer"), &ssoadmin.CreateTrustedTokenIssuerInput{
		InstanceArn: instance, Name: name, TrustedTokenIssuerType: types.TrustedTokenIssuerTypeOidcJwt,
		TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration{Value: types.OidcJwtConfiguration{
			IssuerUrl: aws.String("https://issuer.example.com"), ClaimAttributePath: aws.String("email"), IdentityStoreAttributePath: aws.String("emails.value"),
			JwksRetrievalOption: types.JwksRetrievalOptionOpenIdDiscovery,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	tag := func(arn string) func(*call.Call) error {
		return func(c *call.Call) error {
			_, err := w.service.TagResource(t.Context(), c, &ssoadmin.TagResourceInput{ResourceArn: &arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
			return err
		}
	}
	for _, do := range []struct {
		what string
		call func(*call.Call) error
	}{
		{"UpdateInstance", func(c *call.Call) error {
			_, err := w.service.UpdateInstance(t.Context(), c, &ssoadmin.UpdateInstanceInput{InstanceArn: instance, Name: name})
			return err
		}},
		{"AddRegion", func(c *call.Call) error {
			_, err := w.service.AddRegion(t.Context(), c, &ssoadmin.AddRegionInput{InstanceArn: instance, RegionName: region})
			return err
		}},
		{"RemoveRegion", func(c *call.Call) error {
			_, err := w.service.RemoveRegion(t.Context(), c, &ssoadmin.RemoveRegionInput{InstanceArn: instance, RegionName: region})
			return err
		}},
		{"tags of the instance", tag(appInstance)},
		{"tags of a set", tag(set)},
		{"tags of an application", tag(app)},
		{"tags of a token issuer", tag(*issuer.TrustedTokenIssuerArn)},
	} {
		c := w.by(appMember, "AnyOperation")
		w.expect(do.what, do.call(c), "", "")
		if c.Event.Shared != appManagement {
			t.Errorf("%s: shared with %q", do.what, c.Event.Shared)
		}
	}
	c := w.by(appManagement, "TagResource")
	w.expect("tags of the member's application", tag(w.create(appMember, "Chat"))(c), "", "")
	if c.Event.Shared != appMember {
		t.Errorf("shared with %q", c.Event.Shared)
	}
}
