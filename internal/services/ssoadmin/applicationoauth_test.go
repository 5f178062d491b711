package ssoadmin_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/document"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

func sorted(all []string) []string { return slices.Sorted(slices.Values(all)) }

// Access scopes are put, told, listed in pages of at most 10 and taken away.
func TestApplicationAccessScopes(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name := w.create(appMember, "App")
	put := func(scope string, targets ...string) error {
		_, err := w.service.PutApplicationAccessScope(t.Context(), w.by(appMember, "PutApplicationAccessScope"),
			&ssoadmin.PutApplicationAccessScopeInput{ApplicationArn: &name, Scope: &scope, AuthorizedTargets: targets})
		return err
	}
	for n := range 12 {
		w.expect("putting", put(fmt.Sprintf("s%02d", n), name), "", "")
	}
	w.expect("changing", put("s00", appInstance), "", "")
	get := &ssoadmin.GetApplicationAccessScopeInput{ApplicationArn: &name, Scope: aws.String("s00")}
	out, err := w.service.GetApplicationAccessScope(t.Context(), w.by(appMember, "Get"), get)
	if err != nil || *out.Scope != "s00" || !reflect.DeepEqual(out.AuthorizedTargets, []string{appInstance}) {
		t.Errorf("%+v, %v", out, err)
	}
	begin, err := w.service.ListApplicationAccessScopes(t.Context(), w.by(appMember, "List"), &ssoadmin.ListApplicationAccessScopesInput{ApplicationArn: &name})
	w.expect("listing", err, "", "")
	end, err := w.service.ListApplicationAccessScopes(t.Context(), w.by(appMember, "List"), &ssoadmin.ListApplicationAccessScopesInput{ApplicationArn: &name, NextToken: begin.NextToken})
	w.expect("listing on", err, "", "")
	if len(begin.Scopes) != 10 || len(end.Scopes) != 2 || *end.Scopes[0].Scope != "s10" || end.NextToken != nil {
		t.Errorf("%d, then %d", len(begin.Scopes), len(end.Scopes))
	}
	_, err = w.service.DeleteApplicationAccessScope(t.Context(), w.by(appMember, "Delete"), &ssoadmin.DeleteApplicationAccessScopeInput{ApplicationArn: &name, Scope: aws.String("s00")})
	w.expect("deleting", err, "", "")
	_, err = w.service.GetApplicationAccessScope(t.Context(), w.by(appMember, "Get"), get)
	w.expect("what was deleted", err, "ResourceNotFoundException", "Could not find the access scope s00")
	w.expect("for another instance", put("x", appOwnInstance), "ResourceNotFoundException", "Could not find Application with arn "+appOwnInstance)
}

// The four grants come back as they were put.
func TestApplicationGrants(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name, issuer := w.create(appMember, "App"), w.issuer("idp")
	grants := []types.GrantItem{
		{GrantType: types.GrantTypeAuthorizationCode, Grant: &types.GrantMemberAuthorizationCode{Value: types.AuthorizationCodeGrant{RedirectUris: []string{"https://app.example.com/cb"}}}},
		{GrantType: types.GrantTypeRefreshToken, Grant: &types.GrantMemberRefreshToken{}},
		{GrantType: types.GrantTypeJwtBearer, Grant: &types.GrantMemberJwtBearer{Value: types.JwtBearerGrant{
			AuthorizedTokenIssuers: []types.AuthorizedTokenIssuer{{TrustedTokenIssuerArn: &issuer, AuthorizedAudiences: []string{"aud"}}},
		}}},
		{GrantType: types.GrantTypeTokenExchange, Grant: &types.GrantMemberTokenExchange{}},
	}
	for _, g := range grants {
		in := &ssoadmin.PutApplicationGrantInput{ApplicationArn: &name, Grant: g.Grant, GrantType: g.GrantType}
		_, err := w.service.PutApplicationGrant(t.Context(), w.by(appMember, "PutApplicationGrant"), in)
		w.expect("putting "+string(g.GrantType), err, "", "")
		got, err := w.service.GetApplicationGrant(t.Context(), w.by(appMember, "Get"), &ssoadmin.GetApplicationGrantInput{ApplicationArn: &name, GrantType: g.GrantType})
		if err != nil || !reflect.DeepEqual(got.Grant, g.Grant) {
			t.Errorf("%+v, %v, want %+v", got, err, g.Grant)
		}
	}
	list, err := w.service.ListApplicationGrants(t.Context(), w.by(appMember, "List"), &ssoadmin.ListApplicationGrantsInput{ApplicationArn: &name})
	if err != nil || !reflect.DeepEqual(list.Grants, grants) || list.NextToken != nil {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = w.service.PutApplicationGrant(t.Context(), w.by(appMember, "PutApplicationGrant"),
		&ssoadmin.PutApplicationGrantInput{ApplicationArn: &name, Grant: grants[0].Grant, GrantType: types.GrantTypeRefreshToken})
	w.expect("a grant of another type", err, "ValidationException", "The grant does not match the grant type refresh_token.")
	in := &ssoadmin.DeleteApplicationGrantInput{ApplicationArn: &name, GrantType: types.GrantTypeRefreshToken}
	_, err = w.service.DeleteApplicationGrant(t.Context(), w.by(appMember, "Delete"), in)
	w.expect("deleting", err, "", "")
	_, err = w.service.DeleteApplicationGrant(t.Context(), w.by(appMember, "Delete"), in)
	w.expect("deleting again", err, "ResourceNotFoundException", "Could not find a grant of the type refresh_token")
}

// The IAM authentication method is a policy document, which comes back as the same
// JSON.
func TestApplicationAuthenticationMethod(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name := w.create(appMember, "App")
	policy := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": "444455556666"}, "Action": "sso-oauth:CreateTokenWithIAM", "Resource": "*",
	}}}
	put := func(v any) error {
		_, err := w.service.PutApplicationAuthenticationMethod(t.Context(), w.by(appMember, "PutApplicationAuthenticationMethod"), &ssoadmin.PutApplicationAuthenticationMethodInput{
			ApplicationArn: &name, AuthenticationMethodType: types.AuthenticationMethodTypeIam,
			AuthenticationMethod: &types.AuthenticationMethodMemberIam{Value: types.IamAuthenticationMethod{ActorPolicy: document.NewLazyDocument(v)}},
		})
		return err
	}
	list := func() []types.AuthenticationMethodItem {
		t.Helper()
		out, err := w.service.ListApplicationAuthenticationMethods(t.Context(), w.by(appMember, "List"), &ssoadmin.ListApplicationAuthenticationMethodsInput{ApplicationArn: &name})
		w.expect("listing", err, "", "")
		return out.AuthenticationMethods
	}
	if len(list()) != 0 {
		t.Error("a new application has an authentication method")
	}
	w.expect("putting", put(policy), "", "")
	w.expect("no policy", put("x"), "ValidationException", "The actor policy is not valid: Syntax errors in policy.")
	in := &ssoadmin.GetApplicationAuthenticationMethodInput{ApplicationArn: &name, AuthenticationMethodType: types.AuthenticationMethodTypeIam}
	out, err := w.service.GetApplicationAuthenticationMethod(t.Context(), w.by(appMember, "Get"), in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := out.AuthenticationMethod.(*types.AuthenticationMethodMemberIam).Value.ActorPolicy.MarshalSmithyDocument()
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, any(policy)) {
		t.Errorf("%s, %v", text, err)
	}
	if all := list(); len(all) != 1 || all[0].AuthenticationMethodType != types.AuthenticationMethodTypeIam {
		t.Errorf("methods %+v", all)
	}
	_, err = w.service.DeleteApplicationAuthenticationMethod(t.Context(), w.by(appMember, "Delete"),
		&ssoadmin.DeleteApplicationAuthenticationMethodInput{ApplicationArn: &name, AuthenticationMethodType: types.AuthenticationMethodTypeIam})
	w.expect("deleting", err, "", "")
	_, err = w.service.GetApplicationAuthenticationMethod(t.Context(), w.by(appMember, "Get"), in)
	w.expect("what was deleted", err, "ResourceNotFoundException", "Could not find an authentication method of the type IAM")
}

// Sessions go on in the background only where somebody said so.
func TestApplicationSessionConfiguration(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name := w.create(appMember, "App")
	for _, c := range []struct {
		put, want types.UserBackgroundSessionApplicationStatus
	}{
		{"", "DISABLED"}, {"ENABLED", "ENABLED"}, {"", "ENABLED"}, {"DISABLED", "DISABLED"},
	} {
		_, err := w.service.PutApplicationSessionConfiguration(t.Context(), w.by(appMember, "PutApplicationSessionConfiguration"),
			&ssoadmin.PutApplicationSessionConfigurationInput{ApplicationArn: &name, UserBackgroundSessionApplicationStatus: c.put})
		w.expect("putting", err, "", "")
		got, err := w.service.GetApplicationSessionConfiguration(t.Context(), w.by(appMember, "Get"), &ssoadmin.GetApplicationSessionConfigurationInput{ApplicationArn: &name})
		if err != nil || got.UserBackgroundSessionApplicationStatus != c.want {
			t.Errorf("after %q: %+v, %v", c.put, got, err)
		}
	}
}
