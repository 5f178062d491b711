package ssoadmin

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// What calls act on is as the Service Authorization Reference has it, with the tags
// of what is there; what is not there is named all the same.
func TestApplicationTarget(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	app := application.Application{ID: "apl-0123456789abcdef", Instance: "ssoins-0123456789abcdef", Account: "111122223333", Tags: []iam.Tag{{Key: "k", Value: "v"}}}
	issuer := application.TokenIssuer{ID: "tti-01234567-89ab-cdef-0123-456789abcdef", Instance: app.Instance, Account: app.Account, Tags: []iam.Tag{{Key: "a", Value: "b"}}}
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		for _, err := range []error{
			tx.PutAccount(account.Account{ID: app.Account, Name: "a", Email: "a@example.com", Status: account.Active}),
			tx.PutInstance(access.Instance{ID: app.Instance, DirectoryID: "d-1234567890", Region: "eu-west-1", Owner: app.Account}),
			tx.PutApplication(app), tx.PutTokenIssuer(issuer),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	gone := app
	gone.ID = "apl-0000000000000000"
	for _, c := range []struct {
		resource string
		in       any
		want     call.Target
	}{
		{"application", &ssoadmin.DescribeApplicationInput{ApplicationArn: aws.String(app.ARN())}, call.Target{
			ARN: app.ARN(), Account: app.Account, Tags: map[string]string{"k": "v"},
			Keys: map[string][]string{"sso:applicationaccount": {app.Account}, "sso:primaryregion": {"eu-west-1"}},
		}},
		{"application", &ssoadmin.PutApplicationGrantInput{ApplicationArn: aws.String(gone.ARN())}, call.Target{
			ARN: gone.ARN(), Account: app.Account, Tags: map[string]string{}, Keys: map[string][]string{"sso:applicationaccount": {app.Account}},
		}},
		{"trusted-token-issuer", &ssoadmin.DeleteTrustedTokenIssuerInput{TrustedTokenIssuerArn: aws.String(issuer.ARN())}, call.Target{
			ARN: issuer.ARN(), Account: app.Account, Tags: map[string]string{"a": "b"}, Keys: map[string][]string{"sso:primaryregion": {"eu-west-1"}},
		}},
		{"application-provider", &ssoadmin.DescribeApplicationProviderInput{ApplicationProviderArn: aws.String("arn:aws:sso::aws:applicationProvider/x")}, call.Target{
			ARN: "arn:aws:sso::aws:applicationProvider/x",
		}},
		{"application-provider", &ssoadmin.ListApplicationProvidersInput{}, call.Target{ARN: "arn:aws:sso::aws:applicationProvider/*"}},
	} {
		err := db.View(t.Context(), func(tx store.Tx) error {
			got, err := applicationTarget(tx, call.Rule{Resource: c.resource}, c.in)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%T: %+v, want %+v", c.in, got, c.want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
