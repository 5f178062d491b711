package ssoadmin_test

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

func newIssuer(name string) *ssoadmin.CreateTrustedTokenIssuerInput {
	return &ssoadmin.CreateTrustedTokenIssuerInput{
		InstanceArn: aws.String(appInstance), Name: &name, TrustedTokenIssuerType: types.TrustedTokenIssuerTypeOidcJwt,
		TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration{Value: types.OidcJwtConfiguration{
			IssuerUrl: aws.String("https://idp.example.com"), ClaimAttributePath: aws.String("email"), IdentityStoreAttributePath: aws.String("emails.value"),
			JwksRetrievalOption: types.JwksRetrievalOptionOpenIdDiscovery,
		}},
	}
}

// issuer makes a trusted token issuer in the organization's instance.
func (w *appWorld) issuer(name string) string {
	w.Helper()
	out, err := w.service.CreateTrustedTokenIssuer(w.Context(), w.by(appManagement, "CreateTrustedTokenIssuer"), newIssuer(name))
	if err != nil {
		w.Fatal(err)
	}
	return *out.TrustedTokenIssuerArn
}

// A trusted token issuer is made once for a client token, told, changed, listed and
// deleted.
func TestTrustedTokenIssuer(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	in := newIssuer("z")
	in.ClientToken = aws.String("token")
	made, err := w.service.CreateTrustedTokenIssuer(t.Context(), w.by(appManagement, "CreateTrustedTokenIssuer"), in)
	w.expect("creating", err, "", "")
	again, err := w.service.CreateTrustedTokenIssuer(t.Context(), w.by(appManagement, "CreateTrustedTokenIssuer"), in)
	w.expect("creating again", err, "", "")
	name := *made.TrustedTokenIssuerArn
	if !regexp.MustCompile(`^arn:aws:sso::111122223333:trustedTokenIssuer/ssoins-0123456789abcdef/tti-[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$`).MatchString(name) ||
		*again.TrustedTokenIssuerArn != name {
		t.Errorf("made %s, then %s", name, *again.TrustedTokenIssuerArn)
	}
	_, err = w.service.UpdateTrustedTokenIssuer(t.Context(), w.by(appManagement, "UpdateTrustedTokenIssuer"), &ssoadmin.UpdateTrustedTokenIssuerInput{
		TrustedTokenIssuerArn: &name, Name: aws.String("y"),
		TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerUpdateConfigurationMemberOidcJwtConfiguration{Value: types.OidcJwtUpdateConfiguration{
			ClaimAttributePath: aws.String("sub"), IdentityStoreAttributePath: aws.String("userName"),
		}},
	})
	w.expect("updating", err, "", "")
	got, err := w.service.DescribeTrustedTokenIssuer(t.Context(), w.by(appMember, "Describe"), &ssoadmin.DescribeTrustedTokenIssuerInput{TrustedTokenIssuerArn: &name})
	want := &ssoadmin.DescribeTrustedTokenIssuerOutput{
		Name: aws.String("y"), TrustedTokenIssuerArn: &name, TrustedTokenIssuerType: types.TrustedTokenIssuerTypeOidcJwt,
		TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration{Value: types.OidcJwtConfiguration{
			IssuerUrl: aws.String("https://idp.example.com"), ClaimAttributePath: aws.String("sub"), IdentityStoreAttributePath: aws.String("userName"),
			JwksRetrievalOption: types.JwksRetrievalOptionOpenIdDiscovery,
		}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	first := w.issuer("a")
	list, err := w.service.ListTrustedTokenIssuers(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListTrustedTokenIssuersInput{InstanceArn: aws.String(appInstance), MaxResults: aws.Int32(1)})
	if err != nil || len(list.TrustedTokenIssuers) != 1 || *list.TrustedTokenIssuers[0].TrustedTokenIssuerArn != first || list.NextToken == nil {
		t.Fatalf("%+v, %v", list, err)
	}
	list, err = w.service.ListTrustedTokenIssuers(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListTrustedTokenIssuersInput{InstanceArn: aws.String(appInstance), NextToken: list.NextToken})
	if err != nil || len(list.TrustedTokenIssuers) != 1 || *list.TrustedTokenIssuers[0].Name != "y" || list.NextToken != nil {
		t.Errorf("%+v, %v", list, err)
	}
	del := &ssoadmin.DeleteTrustedTokenIssuerInput{TrustedTokenIssuerArn: &name}
	_, err = w.service.DeleteTrustedTokenIssuer(t.Context(), w.by(appMember, "DeleteTrustedTokenIssuer"), del)
	w.expect("deleting by a member", err, "AccessDeniedException", notYours)
	_, err = w.service.DeleteTrustedTokenIssuer(t.Context(), w.by(appManagement, "DeleteTrustedTokenIssuer"), del)
	w.expect("deleting", err, "", "")
	_, err = w.service.DeleteTrustedTokenIssuer(t.Context(), w.by(appManagement, "DeleteTrustedTokenIssuer"), del)
	w.expect("deleting again", err, "ResourceNotFoundException", "The trusted token issuer does not exist.")
}

// Whom an instance trusts, those who run it say, and nobody else.
func TestTrustedTokenIssuerRefused(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	for _, caller := range []string{appMember, appAlone} {
		_, err := w.service.CreateTrustedTokenIssuer(t.Context(), w.by(caller, "CreateTrustedTokenIssuer"), newIssuer("x"))
		w.expect("creating by "+caller, err, "AccessDeniedException", notYours)
	}
	w.deny = "arn:aws:sso::111122223333:trustedTokenIssuer/ssoins-0123456789abcdef/tti-*"
	_, err := w.service.CreateTrustedTokenIssuer(t.Context(), w.by(appManagement, "CreateTrustedTokenIssuer"), newIssuer("x"))
	w.expect("creating without leave for issuers", err, "AccessDeniedException", "denied "+w.deny)
	w.deny = ""
	in := newIssuer("x")
	in.TrustedTokenIssuerConfiguration = nil
	_, err = w.service.CreateTrustedTokenIssuer(t.Context(), w.by(appManagement, "CreateTrustedTokenIssuer"), in)
	w.expect("creating without a configuration", err, "ValidationException", "The configuration does not match the type of the trusted token issuer.")
	_, err = w.service.ListTrustedTokenIssuers(t.Context(), w.by(appAlone, "List"), &ssoadmin.ListTrustedTokenIssuersInput{InstanceArn: aws.String(appInstance)})
	w.expect("listing by a stranger", err, "AccessDeniedException", notYours)
}
