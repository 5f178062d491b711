package sts

import (
	"context"
	"crypto/rsa"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/policy"
	"sekisho/internal/saml"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// AssumeRoleWithSAML gives credentials of a role to whom an identity provider of
// the role's account vouches for (behaviours.md 4.3).
func (s *Service) AssumeRoleWithSAML(ctx context.Context, c *call.Call, in *sts.AssumeRoleWithSAMLInput) (*sts.AssumeRoleWithSAMLOutput, error) {
	const action = "sts:AssumeRoleWithSAML"
	role, target, err := s.roleTarget(ctx, aws.ToString(in.RoleArn))
	if err != nil {
		return nil, err
	}
	target.Refusal = "Not authorized to perform " + action
	providerARN := aws.ToString(in.PrincipalArn)
	provider, err := s.samlProvider(ctx, providerARN, target.Account)
	if err != nil {
		return nil, err
	}
	metadata, err := s.metadata.of(provider.Metadata)
	if err != nil {
		return nil, invalidToken("Specified provider doesn't exist.")
	}
	said, err := s.SAML.Verify(metadata, aws.ToString(in.SAMLAssertion), c.Now, decryption(provider)...)
	if err != nil {
		return nil, wireError(err)
	}
	if provider.Encryption == iam.EncryptionRequired && !said.Encrypted {
		return nil, invalidToken("The identity provider requires that assertions are encrypted.")
	}
	qualifier := saml.NameQualifier(said.Issuer, target.Account, provider.Name)
	c.Principal = call.Principal{Kind: call.SAMLFederated, ARN: providerARN, EntityARN: providerARN, Federated: providerARN, UserName: said.Subject}
	c.Event.Account, c.Event.PrincipalID, c.Event.UserName = target.Account, providerARN, said.Subject
	for k, v := range said.ConditionKeys() {
		target.Keys[k] = v
	}
	set(target.Keys, "saml:doc", target.Account+"/"+provider.Name)
	set(target.Keys, "saml:namequalifier", qualifier)
	if said.Subject == "" || !said.Allows(target.ARN, providerARN) {
		target.Policy = nobody
	}
	session := token.Session{
		Kind: token.AssumedSAML, Account: target.Account, Entity: role.ID, RoleName: role.Name, Provider: providerARN,
		Keys: map[string]string{"saml:namequalifier": qualifier, "saml:sub": said.Subject, "saml:sub_type": said.SubjectType()},
	}
	asked, err := askedBySAML(said, &session)
	if err != nil {
		return nil, wireError(err)
	}
	set(target.Keys, "sts:rolesessionname", session.Name)
	asked.Policy, asked.PolicyARNs = aws.ToString(in.Policy), policyARNs(in.PolicyArns)
	packed, err := asked.Begin(&session, nil)
	if err != nil {
		return nil, wireError(err)
	}
	if err := s.trusted(ctx, c, action, session, target); err != nil {
		return nil, err
	}
	life, err := samlLife(c, in.DurationSeconds, role, said)
	if err != nil {
		return nil, err
	}
	if err := s.checkPolicies(ctx, role.Account, asked); err != nil {
		return nil, err
	}
	if err := s.once(ctx, said, target.ARN); err != nil {
		return nil, err
	}
	creds, err := s.issue(c, session, life)
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRoleWithSAMLOutput{
		Credentials: creds, AssumedRoleUser: assumedRoleUser(session),
		PackedPolicySize: percent(packed), //nolint:staticcheck // what replaces it is newer than the model that we serve
		Subject:          aws.String(said.Subject), SubjectType: aws.String(said.SubjectType()), Issuer: aws.String(said.Issuer),
		Audience: aws.String(said.Recipient), NameQualifier: aws.String(qualifier), SourceIdentity: orNil(session.SourceIdentity),
	}, nil
}

// samlProvider is the provider of that ARN, which must be of the role's account.
func (s *Service) samlProvider(ctx context.Context, providerARN, account string) (p iam.SAMLProvider, err error) {
	a, err := arn.Parse(providerARN)
	name, ok := strings.CutPrefix(a.Resource, "saml-provider/")
	if err != nil || !ok || a.Service != "iam" {
		return p, invalid(providerARN + " is invalid")
	}
	none := invalidToken("Specified provider doesn't exist.")
	if a.Account != account {
		return p, none
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		p, err = tx.SAMLProvider(account, name)
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && p.Metadata == "" {
		return p, none
	}
	return p, err
}

// decryption are the keys that open what the provider encrypts. One that cannot
// be read opens nothing.
func decryption(p iam.SAMLProvider) (keys []*rsa.PrivateKey) {
	for _, k := range p.PrivateKeys {
		if key, err := k.RSA(); err == nil {
			keys = append(keys, key)
		}
	}
	return keys
}

// askedBySAML reads what the assertion asks for the session.
func askedBySAML(said *saml.Assertion, session *token.Session) (a token.Asked, err error) {
	if session.Name, err = said.SessionName(); err != nil {
		return a, err
	}
	if a.SourceIdentity, err = said.SourceIdentity(); err != nil {
		return a, err
	}
	tags, err := said.PrincipalTags()
	a.Tags, a.TransitiveTags = ordered(tags), said.TransitiveTagKeys()
	return a, err
}

// samlLife is bounded by the role and by what the provider says of the sign-in.
func samlLife(c *call.Call, asked *int32, role iam.Role, said *saml.Assertion) (time.Duration, error) {
	life, err := roleLife(asked, role, false)
	if err != nil {
		return 0, err
	}
	if wanted, err := said.SessionDuration(); err != nil {
		return 0, wireError(err)
	} else if wanted > 0 {
		life = min(life, wanted)
	}
	if !said.SessionNotOnOrAfter.IsZero() {
		life = min(life, said.SessionNotOnOrAfter.Sub(c.Now))
	}
	return life, nil
}

// once refuses an assertion that was used for this role before (promise 18). For
// another role of the same person it may be used again, as clients that offer a
// choice of roles do.
func (s *Service) once(ctx context.Context, said *saml.Assertion, roleARN string) error {
	hash := secret.NewString("saml-assertion\x00" + said.Issuer + "\x00" + said.ID + "\x00" + roleARN).Hash()
	err := s.Store.Update(ctx, nil, func(tx store.Tx) error { return tx.SpendOnce(hash, said.NotOnOrAfter) })
	if fault.Is(err, fault.Conflict) {
		return invalidToken("The SAML assertion has been used already. Sign in again for a new one.")
	}
	return err
}

// AssumeRoleWithWebIdentity gives credentials of a role to whom an OpenID
// Connect provider of the role's account vouches for (behaviours.md 4.4). A
// token may be used as often as it is valid: that is how workloads use theirs.
func (s *Service) AssumeRoleWithWebIdentity(ctx context.Context, c *call.Call, in *sts.AssumeRoleWithWebIdentityInput) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	const action = "sts:AssumeRoleWithWebIdentity"
	role, target, err := s.roleTarget(ctx, aws.ToString(in.RoleArn))
	if err != nil {
		return nil, err
	}
	target.Refusal = "Not authorized to perform " + action
	if in.ProviderId != nil {
		return nil, invalid("ProviderId is for OAuth 2.0 access tokens of www.amazon.com and graph.facebook.com, which cannot be verified here")
	}
	provider, err := s.oidcProvider(ctx, aws.ToString(in.WebIdentityToken), target.Account)
	if err != nil {
		return nil, wireError(err)
	}
	said, err := s.OIDC.Verify(ctx, provider, aws.ToString(in.WebIdentityToken), c.Now)
	if err != nil {
		return nil, wireError(err)
	}
	providerARN := arn.OIDCProvider(target.Account, provider.Name())
	c.Principal = call.Principal{Kind: call.WebIdentity, ARN: providerARN, EntityARN: providerARN, Federated: providerARN, UserName: said.Subject}
	c.Event.Account, c.Event.PrincipalID, c.Event.UserName = target.Account, providerARN, said.Subject
	session := token.Session{
		Kind: token.AssumedWeb, Account: target.Account, Entity: role.ID, RoleName: role.Name, Name: aws.ToString(in.RoleSessionName),
		Provider: providerARN, Keys: make(map[string]string),
	}
	for k, v := range said.ConditionKeys() {
		k = policy.Fold(k)
		target.Keys[k] = v
		if claim := k[strings.LastIndexByte(k, ':')+1:]; len(v) == 1 && len(v[0]) <= maxKeptClaim && slices.Contains(keptClaims, claim) {
			session.Keys[k] = v[0]
		}
	}
	set(target.Keys, "sts:rolesessionname", session.Name)
	asked := token.Asked{
		Policy: aws.ToString(in.Policy), PolicyARNs: policyARNs(in.PolicyArns), SourceIdentity: said.SourceIdentity,
		Tags: ordered(said.PrincipalTags), TransitiveTags: said.TransitiveTagKeys,
	}
	packed, err := asked.Begin(&session, nil)
	if err != nil {
		return nil, wireError(err)
	}
	creds, err := s.assume(ctx, c, action, session, target, role, asked, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRoleWithWebIdentityOutput{
		Credentials: creds, AssumedRoleUser: assumedRoleUser(session),
		PackedPolicySize:            percent(packed), //nolint:staticcheck // what replaces it is newer than the model that we serve
		SubjectFromWebIdentityToken: aws.String(said.Subject), Audience: aws.String(said.ClientID), Provider: aws.String(said.Issuer),
		SourceIdentity: orNil(session.SourceIdentity),
	}, nil
}

// keptClaims are those that stay condition keys in the session's own calls
// (behaviours.md 3.5).
var keptClaims = []string{"aud", "amr", "id", "sub"}

// maxKeptClaim bounds what a claim takes of every session token, in bytes.
const maxKeptClaim = 256

// oidcProvider is the provider of the role's account that issued the token.
func (s *Service) oidcProvider(ctx context.Context, idToken, account string) (oidc.Provider, error) {
	issuer, err := oidc.UnverifiedIssuer(idToken)
	if err != nil {
		return oidc.Provider{}, err
	}
	url := strings.TrimPrefix(issuer, "https://")
	var p iam.OIDCProvider
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		p, err = tx.OIDCProvider(account, url)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return oidc.Provider{}, invalidToken("No OpenIDConnect provider found in your account for " + issuer)
	}
	return oidc.Provider{URL: "https://" + p.URL, ClientIDs: p.ClientIDs, Thumbprints: p.Thumbprints}, err
}

func invalidToken(message string) error {
	return &types.InvalidIdentityTokenException{Message: aws.String(message)}
}

// ordered are the tags in order of key, so that equal requests make equal sessions.
func ordered(tags map[string]string) []token.Tag {
	out := make([]token.Tag, 0, len(tags))
	for k, v := range tags {
		out = append(out, token.Tag{Key: k, Value: v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}
