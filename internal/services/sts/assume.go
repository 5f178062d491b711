package sts

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// AssumeRole gives temporary credentials of a role (R-21, behaviours.md 4.2). A
// role that does not exist and one that does not trust the caller are answered
// alike, so that nobody learns which roles there are.
func (s *Service) AssumeRole(ctx context.Context, c *call.Call, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	switch {
	case c.Principal.Kind == call.Root:
		return nil, accessDenied("Roles may not be assumed by root accounts.")
	case c.Principal.Kind == call.FederatedUser:
		return nil, accessDenied("Cannot call AssumeRole with credentials of GetFederationToken")
	case len(in.ProvidedContexts) > 0:
		return nil, invalid("ProvidedContexts are not supported: no context provider is set up")
	}
	asked := token.Asked{
		Policy: aws.ToString(in.Policy), PolicyARNs: policyARNs(in.PolicyArns), Tags: sessionTags(in.Tags),
		TransitiveTags: in.TransitiveTagKeys, SourceIdentity: aws.ToString(in.SourceIdentity),
	}
	role, target, err := s.roleTarget(ctx, aws.ToString(in.RoleArn))
	if err != nil {
		return nil, err
	}
	target.Terse = true
	set(target.Keys, "sts:externalid", aws.ToString(in.ExternalId))
	set(target.Keys, "sts:rolesessionname", aws.ToString(in.RoleSessionName))
	session := token.Session{
		Kind: token.Assumed, Account: target.Account, Entity: role.ID, RoleName: role.Name, Name: aws.ToString(in.RoleSessionName),
	}
	packed, err := asked.Begin(&session, c.Principal.Temporary)
	if err != nil {
		return nil, wireError(err)
	}
	if err := s.secondFactor(ctx, c, in.SerialNumber, in.TokenCode); err != nil {
		return nil, err
	}
	if in.TokenCode != nil {
		set(target.Keys, "aws:multifactorauthpresent", "true")
		set(target.Keys, "aws:multifactorauthage", "0")
	}
	creds, err := s.assume(ctx, c, "sts:AssumeRole", session, target, role, asked, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRoleOutput{
		Credentials: creds, AssumedRoleUser: assumedRoleUser(session),
		PackedPolicySize: percent(packed), //nolint:staticcheck // what replaces it is newer than the model that we serve
		SourceIdentity:   orNil(session.SourceIdentity),
	}, nil
}

// assume gives credentials of the session if the role trusts the caller. What is
// wrong with the duration and the policies is told only after that.
func (s *Service) assume(ctx context.Context, c *call.Call, action string, session token.Session, t call.Target, role iam.Role, asked token.Asked, seconds *int32) (*types.Credentials, error) {
	if err := s.trusted(ctx, c, action, session, t); err != nil {
		return nil, err
	}
	chained := c.Principal.Temporary != nil && c.Principal.Temporary.OfRole()
	life, err := roleLife(seconds, role, chained)
	if err != nil {
		return nil, err
	}
	if err := s.checkPolicies(ctx, role.Account, asked); err != nil {
		return nil, err
	}
	return s.issue(c, session, life)
}

// roleTarget is the role of that ARN with what authorization asks of it. A role
// that is not there, or whose account is not in use, is a target that nobody may assume.
func (s *Service) roleTarget(ctx context.Context, roleARN string) (iam.Role, call.Target, error) {
	owner, kind, _, name, ok := arn.SplitIAM(roleARN)
	if !ok || kind != "role" || !arn.ValidAccount(owner) {
		return iam.Role{}, call.Target{}, invalid(roleARN + " is invalid")
	}
	t := call.Target{ARN: roleARN, Account: owner, MustAllow: true, Keys: make(map[string][]string)}
	inUse, err := s.inUse(ctx, owner)
	if err != nil {
		return iam.Role{}, t, err
	}
	role, err := s.Live.RoleByName(ctx, owner, name)
	if live.Gone(err) {
		role, err = iam.Role{}, nil
	}
	if err != nil {
		return role, t, err
	}
	if role.ARN() != roleARN || !inUse {
		t.Policy = nobody
		return iam.Role{}, t, nil
	}
	t.Policy = s.Live.Compiled(policy.TrustPolicy, role.TrustPolicy)
	t.Tags = make(map[string]string, len(role.Tags))
	for _, tag := range role.Tags {
		t.Tags[tag.Key] = tag.Value
	}
	return role, t, nil
}

// inUse reports whether the roles of an account can be assumed: one that is
// suspended or closed is shut to other accounts too.
func (s *Service) inUse(ctx context.Context, id string) (bool, error) {
	m, err := s.Live.Membership(ctx, id)
	if live.Gone(err) {
		return false, nil
	}
	return err == nil && m.Status == account.Active, err
}

// nobody is the trust policy of a role that does not exist: it denies without a
// Deny, as that of a role does which does not name the caller.
var nobody = policy.MustParse(policy.TrustPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`)

// trusted asks for every action that the new session stands for: the assumption
// itself, and the tags and source identity that it carries or inherits.
func (s *Service) trusted(ctx context.Context, c *call.Call, action string, session token.Session, t call.Target) error {
	for _, tag := range session.Tags {
		t.Keys["aws:requesttag/"+policy.Fold(tag.Key)] = []string{tag.Value}
		t.Keys["aws:tagkeys"] = append(t.Keys["aws:tagkeys"], tag.Key)
	}
	if len(session.TransitiveTags) > 0 {
		t.Keys["sts:transitivetagkeys"] = session.TransitiveTags
	}
	set(t.Keys, "sts:sourceidentity", session.SourceIdentity)
	c.Event.Resource = t.ARN
	if session.Entity != "" { // there is such a role, and its account learns who asked for it
		c.Event.ShareWith(t.Account)
	}
	note(c, "roleSessionName", session.Name)
	note(c, "sourceIdentity", session.SourceIdentity)
	actions := []string{action}
	if len(session.Tags) > 0 {
		actions = append(actions, "sts:TagSession")
	}
	if session.SourceIdentity != "" {
		actions = append(actions, "sts:SetSourceIdentity")
	}
	for _, a := range actions {
		if err := s.Authz.Allow(ctx, c, a, t); err != nil {
			return err
		}
	}
	return nil
}

// roleLife is how long a session of the role may last (behaviours.md 4.2).
func roleLife(asked *int32, role iam.Role, chained bool) (time.Duration, error) {
	life := token.DefaultRoleSession
	if asked != nil {
		life = time.Duration(*asked) * time.Second
	}
	switch {
	case life > time.Duration(role.MaxSessionSeconds)*time.Second:
		return 0, invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	case chained && life > token.MaxChainedSession:
		return 0, invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	}
	return life, nil
}

// checkPolicies refuses session policies that cannot be read, and managed ones
// that are neither AWS's nor of the role's account.
func (s *Service) checkPolicies(ctx context.Context, account string, asked token.Asked) error {
	if asked.Policy != "" {
		if err := iam.CheckDocument(policy.IdentityPolicy, asked.Policy); err != nil {
			return wireError(err)
		}
	}
	for _, policyARN := range asked.PolicyARNs {
		owner, kind, _, _, ok := arn.SplitIAM(policyARN)
		if !ok || kind != "policy" {
			return invalid(policyARN + " is invalid")
		}
		if owner != account && owner != "aws" {
			return invalid("The policy " + policyARN + " must be in the same account as the role.")
		}
		if _, err := s.Live.ManagedPolicy(ctx, policyARN); live.Gone(err) {
			return wireError(fault.New(fault.Invalid, "malformed-policy-document", "The policy %s does not exist.", policyARN))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// The ways in which a second factor is none (behaviours.md 4.2).
const (
	mfaIncomplete = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
	mfaUnknown    = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
)

// secondFactor checks the code of the caller's own device, which is spent by
// that whatever comes of the call.
func (s *Service) secondFactor(ctx context.Context, c *call.Call, serial, code *string) error {
	if serial == nil && code == nil {
		return nil
	}
	if serial == nil || code == nil {
		return accessDenied(mfaIncomplete)
	}
	note(c, "serialNumber", *serial)
	p := &c.Principal
	if p.Temporary != nil && p.Temporary.Kind != token.UserSession || p.Kind != call.IAMUser && p.Kind != call.Root {
		return accessDenied(mfaUnknown)
	}
	var refused error
	err := s.Store.Update(ctx, nil, func(tx store.Tx) error {
		err := iam.VerifyMFA(tx, c.Now, p.Account, p.Entity, *serial, *code)
		if _, ok := fault.As(err); !ok {
			refused = nil
			return err
		}
		refused = err
		return nil // so that the try counts
	})
	if err != nil {
		return err
	}
	return wireError(refused)
}

// note adds a fact to the audit event, unless it is "".
func note(c *call.Call, key, value string) {
	if value != "" {
		c.Event.Set(key, value)
	}
}

func set(keys map[string][]string, key, value string) {
	if value != "" {
		keys[key] = []string{value}
	}
}

func policyARNs(in []types.PolicyDescriptorType) []string {
	var out []string
	for _, p := range in {
		if a := aws.ToString(p.Arn); a != "" {
			out = append(out, a)
		}
	}
	return out
}

func sessionTags(in []types.Tag) []token.Tag {
	var out []token.Tag
	for _, t := range in {
		out = append(out, token.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return out
}

// issue makes credentials for the session, life long from now. The trail gets
// their key's id, by which what is done with them leads back to this call.
func (s *Service) issue(c *call.Call, session token.Session, life time.Duration) (*types.Credentials, error) {
	creds, err := s.Sessions.Issue(session, c.Now, life)
	if err != nil {
		return nil, wireError(err)
	}
	c.Event.Set(audit.IssuedKey, creds.AccessKeyID)
	return &types.Credentials{
		AccessKeyId: aws.String(creds.AccessKeyID), SecretAccessKey: aws.String(creds.SecretKey.Reveal()),
		SessionToken: aws.String(creds.SessionToken.Reveal()), Expiration: aws.Time(creds.ExpiresAt),
	}, nil
}

func assumedRoleUser(s token.Session) *types.AssumedRoleUser {
	return &types.AssumedRoleUser{
		Arn: aws.String(arn.AssumedRole(s.Account, s.RoleName, s.Name)), AssumedRoleId: aws.String(s.Entity + ":" + s.Name),
	}
}

// percent is PackedPolicySize, which is left out when nothing was packed.
func percent(packed int) *int32 {
	if packed == 0 {
		return nil
	}
	return aws.Int32(int32(packed))
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
