package compat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The Go SDK reads home directory and cache from the process's environment, so
// its client is a process of its own: this test program, told by a variable.
const goClientVariable = "SEKISHO_COMPAT_GO_CLIENT"

// goClient is what sdk_test.go asks of the SDK; it prints the answer as JSON.
func goClient(command string) int {
	ctx, args := context.Background(), os.Args[1:]
	var (
		out any
		err error
	)
	switch command {
	case "identity":
		out, err = goIdentity(ctx, args[0])
	case "portal":
		out, err = goPortal(ctx, args[0], args[1], args[2])
	case "oidc":
		out, err = goOIDC(ctx, args[0], args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		return 1
	}
	return 0
}

func goIdentity(ctx context.Context, profile string) (identity, error) {
	c, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile), config.WithRetryMaxAttempts(1))
	if err != nil {
		return identity{}, err
	}
	out, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		e := identity{Error: fmt.Sprintf("%T", err), Message: err.Error()}
		if api, ok := errors.AsType[smithy.APIError](err); ok {
			e.Error = api.ErrorCode()
		}
		return e, nil
	}
	return identity{ARN: *out.Arn, Account: *out.Account, UserID: *out.UserId}, nil
}

// goFailure is what a call failed with; typed if err is one of the service's own
// exceptions.
func goFailure(err error, typed bool) failure {
	f := failure{Status: 200}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		f.Code, f.Typed = api.ErrorCode(), typed
	}
	if res, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		f.Status = res.HTTPStatusCode()
	}
	return f
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func goPortal(ctx context.Context, endpoint, account, role string) (out portalAnswer, err error) {
	client := sso.New(sso.Options{BaseEndpoint: &endpoint, Region: region, RetryMaxAttempts: 1})
	token := aws.String(os.Getenv("COMPAT_ACCESS_TOKEN"))
	accounts := sso.NewListAccountsPaginator(client, &sso.ListAccountsInput{AccessToken: token, MaxResults: aws.Int32(1)})
	for accounts.HasMorePages() {
		page, err := accounts.NextPage(ctx)
		if err != nil {
			return out, err
		}
		out.AccountPages++
		for _, a := range page.AccountList {
			out.Accounts = append(out.Accounts, *a.AccountId)
		}
	}
	roles := sso.NewListAccountRolesPaginator(client, &sso.ListAccountRolesInput{AccessToken: token, AccountId: &account, MaxResults: aws.Int32(1)})
	for roles.HasMorePages() {
		page, err := roles.NextPage(ctx)
		if err != nil {
			return out, err
		}
		out.RolePages++
		for _, r := range page.RoleList {
			out.Roles = append(out.Roles, *r.RoleName)
		}
	}
	creds, err := client.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: &account, RoleName: &role})
	if err != nil {
		return out, err
	}
	out.AccessKeyID, out.Expiration = *creds.RoleCredentials.AccessKeyId, creds.RoleCredentials.Expiration

	out.Failures = map[string]failure{}
	_, err = client.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: &account, RoleName: aws.String("NoSuchRole")})
	out.Failures["no such role"] = goFailure(err, false)
	_, err = client.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: aws.String("no-such-token")})
	out.Failures["no such token"] = goFailure(err, is[*ssotypes.UnauthorizedException](err))
	_, err = client.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: token, NextToken: aws.String("no such page")})
	out.Failures["no such page"] = goFailure(err, is[*ssotypes.InvalidRequestException](err))
	if _, err = client.Logout(ctx, &sso.LogoutInput{AccessToken: token}); err != nil {
		return out, err
	}
	_, err = client.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: token})
	out.Failures["after logout"] = goFailure(err, is[*ssotypes.UnauthorizedException](err))
	return out, nil
}

func goOIDC(ctx context.Context, endpoint, startURL string) (out oidcAnswer, err error) {
	client := ssooidc.New(ssooidc.Options{BaseEndpoint: &endpoint, Region: region, RetryMaxAttempts: 1})
	public, scope := aws.String("public"), []string{"sso:account:access"}
	me, err := client.RegisterClient(ctx, &ssooidc.RegisterClientInput{ClientName: aws.String("compat"), ClientType: public, Scopes: scope})
	if err != nil {
		return out, err
	}
	device, err := client.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{ClientId: me.ClientId, ClientSecret: me.ClientSecret, StartUrl: &startURL})
	if err != nil {
		return out, err
	}
	out.ExpiresIn, out.Interval, out.UserCode = device.ExpiresIn, device.Interval, *device.UserCode
	create := func(change func(*ssooidc.CreateTokenInput)) error {
		in := &ssooidc.CreateTokenInput{
			ClientId: me.ClientId, ClientSecret: me.ClientSecret,
			GrantType: aws.String("urn:ietf:params:oauth:grant-type:device_code"), DeviceCode: device.DeviceCode,
		}
		change(in)
		_, err := client.CreateToken(ctx, in)
		return err
	}
	x := aws.String("x")
	out.Failures = map[string]failure{}
	err = create(func(*ssooidc.CreateTokenInput) {})
	out.Failures["pending"] = goFailure(err, is[*oidctypes.AuthorizationPendingException](err))
	err = create(func(in *ssooidc.CreateTokenInput) { in.DeviceCode = x })
	out.Failures["no such device code"] = goFailure(err, is[*oidctypes.InvalidGrantException](err))
	err = create(func(in *ssooidc.CreateTokenInput) { in.ClientSecret = x })
	out.Failures["wrong secret"] = goFailure(err, is[*oidctypes.InvalidClientException](err))
	err = create(func(in *ssooidc.CreateTokenInput) {
		in.GrantType, in.DeviceCode, in.RefreshToken = aws.String("refresh_token"), nil, x
	})
	out.Failures["no such refresh token"] = goFailure(err, is[*oidctypes.InvalidGrantException](err))
	err = create(func(in *ssooidc.CreateTokenInput) { in.GrantType = aws.String("password") })
	out.Failures["no such grant type"] = goFailure(err, is[*oidctypes.UnsupportedGrantTypeException](err))
	_, err = client.RegisterClient(ctx, &ssooidc.RegisterClientInput{ClientName: aws.String("compat"), ClientType: public, Scopes: []string{"everything"}})
	out.Failures["no such scope"] = goFailure(err, is[*oidctypes.InvalidScopeException](err))
	_, err = client.RegisterClient(ctx, &ssooidc.RegisterClientInput{ClientName: aws.String("compat"), ClientType: aws.String("confidential")})
	out.Failures["confidential"] = goFailure(err, is[*oidctypes.InvalidClientMetadataException](err))
	_, err = client.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{
		ClientId: me.ClientId, ClientSecret: me.ClientSecret, StartUrl: aws.String("https://other.awsapps.com/start"),
	})
	out.Failures["foreign start URL"] = goFailure(err, is[*oidctypes.InvalidRequestException](err))
	for range 10 {
		err = create(func(*ssooidc.CreateTokenInput) {})
	}
	out.Failures["too fast"] = goFailure(err, is[*oidctypes.SlowDownException](err))
	return out, nil
}

// goClientInShell is the Go SDK's client as a command of a POSIX shell; its
// argument is the profile, which may be empty.
func goClientInShell(t testing.TB) string {
	t.Helper()
	return goClientVariable + "=identity '" + os.Args[0] + "'"
}
