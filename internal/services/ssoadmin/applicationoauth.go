package ssoadmin

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/document"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// applicationOAuthTable guards how applications get tokens.
var applicationOAuthTable = call.Table{
	"PutApplicationAccessScope":    {Action: "sso:PutApplicationAccessScope", Resource: "application"},
	"GetApplicationAccessScope":    {Action: "sso:GetApplicationAccessScope", Resource: "application", ReadOnly: true},
	"DeleteApplicationAccessScope": {Action: "sso:DeleteApplicationAccessScope", Resource: "application"},
	"ListApplicationAccessScopes":  {Action: "sso:ListApplicationAccessScopes", Resource: "application", ReadOnly: true},

	"PutApplicationAuthenticationMethod":    {Action: "sso:PutApplicationAuthenticationMethod", Resource: "application"},
	"GetApplicationAuthenticationMethod":    {Action: "sso:GetApplicationAuthenticationMethod", Resource: "application", ReadOnly: true},
	"DeleteApplicationAuthenticationMethod": {Action: "sso:DeleteApplicationAuthenticationMethod", Resource: "application"},
	"ListApplicationAuthenticationMethods":  {Action: "sso:ListApplicationAuthenticationMethods", Resource: "application", ReadOnly: true},

	"PutApplicationGrant":    {Action: "sso:PutApplicationGrant", Resource: "application"},
	"GetApplicationGrant":    {Action: "sso:GetApplicationGrant", Resource: "application", ReadOnly: true},
	"DeleteApplicationGrant": {Action: "sso:DeleteApplicationGrant", Resource: "application"},
	"ListApplicationGrants":  {Action: "sso:ListApplicationGrants", Resource: "application", ReadOnly: true},

	"GetApplicationSessionConfiguration": {Action: "sso:GetApplicationSessionConfiguration", Resource: "application", ReadOnly: true},
	"PutApplicationSessionConfiguration": {Action: "sso:PutApplicationSessionConfiguration", Resource: "application"},
}

// mostScopes is the longest page of access scopes.
const mostScopes = 10

// configuration reads that of an application that the caller may see.
func (s *Service) configuration(ctx context.Context, c *call.Call, name *string, fn func(application.Configuration) error) error {
	return s.viewApplication(ctx, c, name, func(tx store.Tx, _ access.Caller, a application.Application) error {
		found, err := tx.ApplicationConfiguration(a.ID)
		if err != nil {
			return err
		}
		return fn(found)
	})
}

// PutApplicationAccessScope lets an application ask for a scope.
func (s *Service) PutApplicationAccessScope(ctx context.Context, c *call.Call, in *ssoadmin.PutApplicationAccessScopeInput) (*ssoadmin.PutApplicationAccessScopeOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.PutScope(tx, a, application.Scope{Name: aws.ToString(in.Scope), Targets: in.AuthorizedTargets})
	})
	return &ssoadmin.PutApplicationAccessScopeOutput{}, err
}

// GetApplicationAccessScope tells what tokens with a scope are for.
func (s *Service) GetApplicationAccessScope(ctx context.Context, c *call.Call, in *ssoadmin.GetApplicationAccessScopeInput) (*ssoadmin.GetApplicationAccessScopeOutput, error) {
	var out ssoadmin.GetApplicationAccessScopeOutput
	err := s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		scope, err := found.Scope(aws.ToString(in.Scope))
		out.Scope, out.AuthorizedTargets = &scope.Name, scope.Targets
		return err
	})
	return &out, err
}

// DeleteApplicationAccessScope takes a scope away.
func (s *Service) DeleteApplicationAccessScope(ctx context.Context, c *call.Call, in *ssoadmin.DeleteApplicationAccessScopeInput) (*ssoadmin.DeleteApplicationAccessScopeOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.DeleteScope(tx, a.ID, aws.ToString(in.Scope))
	})
	return &ssoadmin.DeleteApplicationAccessScopeOutput{}, err
}

// ListApplicationAccessScopes lists an application's scopes by name.
func (s *Service) ListApplicationAccessScopes(ctx context.Context, c *call.Call, in *ssoadmin.ListApplicationAccessScopesInput) (*ssoadmin.ListApplicationAccessScopesOutput, error) {
	out := ssoadmin.ListApplicationAccessScopesOutput{Scopes: []types.ScopeDetails{}}
	p, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), mostScopes)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		scopes := window(found.Scopes, p, func(s application.Scope) string { return s.Name })
		out.NextToken = nextToken(scopes.Next)
		for _, scope := range scopes.Items {
			out.Scopes = append(out.Scopes, types.ScopeDetails{Scope: &scope.Name, AuthorizedTargets: scope.Targets})
		}
		return nil
	})
	return &out, err
}

// PutApplicationAuthenticationMethod says who may get tokens as the application.
func (s *Service) PutApplicationAuthenticationMethod(ctx context.Context, c *call.Call, in *ssoadmin.PutApplicationAuthenticationMethodInput) (*ssoadmin.PutApplicationAuthenticationMethodOutput, error) {
	method, ok := in.AuthenticationMethod.(*types.AuthenticationMethodMemberIam)
	if !ok || method.Value.ActorPolicy == nil {
		return nil, wireError(fault.New(fault.Invalid, "authentication-method", "The authentication method does not match its type."))
	}
	policy, err := method.Value.ActorPolicy.MarshalSmithyDocument()
	if err != nil {
		return nil, err
	}
	err = s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.PutActorPolicy(tx, a.ID, string(policy))
	})
	return &ssoadmin.PutApplicationAuthenticationMethodOutput{}, err
}

// GetApplicationAuthenticationMethod tells who may.
func (s *Service) GetApplicationAuthenticationMethod(ctx context.Context, c *call.Call, in *ssoadmin.GetApplicationAuthenticationMethodInput) (*ssoadmin.GetApplicationAuthenticationMethodOutput, error) {
	var out ssoadmin.GetApplicationAuthenticationMethodOutput
	err := s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		policy, err := found.IAMMethod()
		if err != nil {
			return err
		}
		out.AuthenticationMethod, err = wireIAMMethod(policy)
		return err
	})
	return &out, err
}

func wireIAMMethod(policy string) (types.AuthenticationMethod, error) {
	var v any
	if err := json.Unmarshal([]byte(policy), &v); err != nil {
		return nil, err
	}
	return &types.AuthenticationMethodMemberIam{Value: types.IamAuthenticationMethod{ActorPolicy: document.NewLazyDocument(v)}}, nil
}

// DeleteApplicationAuthenticationMethod lets nobody get tokens as the application.
func (s *Service) DeleteApplicationAuthenticationMethod(ctx context.Context, c *call.Call, in *ssoadmin.DeleteApplicationAuthenticationMethodInput) (*ssoadmin.DeleteApplicationAuthenticationMethodOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.DeleteActorPolicy(tx, a.ID)
	})
	return &ssoadmin.DeleteApplicationAuthenticationMethodOutput{}, err
}

// ListApplicationAuthenticationMethods lists them. There is one kind, so that there
// is one page.
func (s *Service) ListApplicationAuthenticationMethods(ctx context.Context, c *call.Call, in *ssoadmin.ListApplicationAuthenticationMethodsInput) (*ssoadmin.ListApplicationAuthenticationMethodsOutput, error) {
	out := ssoadmin.ListApplicationAuthenticationMethodsOutput{AuthenticationMethods: []types.AuthenticationMethodItem{}}
	if _, err := page.Parse(aws.ToString(in.NextToken), 0, mostListed); err != nil {
		return nil, wireError(err)
	}
	err := s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		if found.ActorPolicy == "" {
			return nil
		}
		method, err := wireIAMMethod(found.ActorPolicy)
		out.AuthenticationMethods = append(out.AuthenticationMethods,
			types.AuthenticationMethodItem{AuthenticationMethodType: types.AuthenticationMethodTypeIam, AuthenticationMethod: method})
		return err
	})
	return &out, err
}

// PutApplicationGrant lets an application use a grant.
func (s *Service) PutApplicationGrant(ctx context.Context, c *call.Call, in *ssoadmin.PutApplicationGrantInput) (*ssoadmin.PutApplicationGrantOutput, error) {
	g := grantOf(in.Grant)
	if string(g.Type) != string(in.GrantType) {
		return nil, wireError(fault.New(fault.Invalid, "grant", "The grant does not match the grant type %s.", in.GrantType))
	}
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.PutGrant(tx, a, g)
	})
	return &ssoadmin.PutApplicationGrantOutput{}, err
}

// GetApplicationGrant tells how an application uses a grant.
func (s *Service) GetApplicationGrant(ctx context.Context, c *call.Call, in *ssoadmin.GetApplicationGrantInput) (*ssoadmin.GetApplicationGrantOutput, error) {
	var out ssoadmin.GetApplicationGrantOutput
	err := s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		g, err := found.Grant(application.GrantType(in.GrantType))
		out.Grant = wireGrant(g)
		return err
	})
	return &out, err
}

// DeleteApplicationGrant takes a grant away.
func (s *Service) DeleteApplicationGrant(ctx context.Context, c *call.Call, in *ssoadmin.DeleteApplicationGrantInput) (*ssoadmin.DeleteApplicationGrantOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.DeleteGrant(tx, a.ID, application.GrantType(in.GrantType))
	})
	return &ssoadmin.DeleteApplicationGrantOutput{}, err
}

// ListApplicationGrants lists the grants that an application uses. There are four
// kinds, so that there is one page.
func (s *Service) ListApplicationGrants(ctx context.Context, c *call.Call, in *ssoadmin.ListApplicationGrantsInput) (*ssoadmin.ListApplicationGrantsOutput, error) {
	out := ssoadmin.ListApplicationGrantsOutput{Grants: []types.GrantItem{}}
	if _, err := page.Parse(aws.ToString(in.NextToken), 0, mostListed); err != nil {
		return nil, wireError(err)
	}
	err := s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		for _, g := range found.Grants {
			out.Grants = append(out.Grants, types.GrantItem{GrantType: types.GrantType(g.Type), Grant: wireGrant(g)})
		}
		return nil
	})
	return &out, err
}

// grantOf is the grant that a union holds; a zero one for none.
func grantOf(in types.Grant) application.Grant {
	switch g := in.(type) {
	case *types.GrantMemberAuthorizationCode:
		return application.Grant{Type: application.AuthorizationCode, RedirectURIs: g.Value.RedirectUris}
	case *types.GrantMemberRefreshToken:
		return application.Grant{Type: application.RefreshToken}
	case *types.GrantMemberTokenExchange:
		return application.Grant{Type: application.TokenExchange}
	case *types.GrantMemberJwtBearer:
		out := application.Grant{Type: application.JWTBearer}
		for _, i := range g.Value.AuthorizedTokenIssuers {
			out.Issuers = append(out.Issuers, application.AuthorizedIssuer{ARN: aws.ToString(i.TrustedTokenIssuerArn), Audiences: i.AuthorizedAudiences})
		}
		return out
	}
	return application.Grant{}
}

func wireGrant(g application.Grant) types.Grant {
	switch g.Type {
	case application.AuthorizationCode:
		return &types.GrantMemberAuthorizationCode{Value: types.AuthorizationCodeGrant{RedirectUris: g.RedirectURIs}}
	case application.RefreshToken:
		return &types.GrantMemberRefreshToken{}
	case application.TokenExchange:
		return &types.GrantMemberTokenExchange{}
	case application.JWTBearer:
		var out types.JwtBearerGrant
		for _, i := range g.Issuers {
			out.AuthorizedTokenIssuers = append(out.AuthorizedTokenIssuers, types.AuthorizedTokenIssuer{TrustedTokenIssuerArn: &i.ARN, AuthorizedAudiences: i.Audiences})
		}
		return &types.GrantMemberJwtBearer{Value: out}
	}
	return nil
}

// GetApplicationSessionConfiguration tells whether people's jobs go on without them.
func (s *Service) GetApplicationSessionConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.GetApplicationSessionConfigurationInput) (*ssoadmin.GetApplicationSessionConfigurationOutput, error) {
	out := ssoadmin.GetApplicationSessionConfigurationOutput{UserBackgroundSessionApplicationStatus: types.UserBackgroundSessionApplicationStatusDisabled}
	err := s.configuration(ctx, c, in.ApplicationArn, func(found application.Configuration) error {
		if found.BackgroundSessions {
			out.UserBackgroundSessionApplicationStatus = types.UserBackgroundSessionApplicationStatusEnabled
		}
		return nil
	})
	return &out, err
}

// PutApplicationSessionConfiguration says whether they do; without a status all
// stays as it is.
func (s *Service) PutApplicationSessionConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.PutApplicationSessionConfigurationInput) (*ssoadmin.PutApplicationSessionConfigurationOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		if in.UserBackgroundSessionApplicationStatus == "" {
			return nil
		}
		return application.AllowBackgroundSessions(tx, a.ID, in.UserBackgroundSessionApplicationStatus == types.UserBackgroundSessionApplicationStatusEnabled)
	})
	return &ssoadmin.PutApplicationSessionConfigurationOutput{}, err
}
