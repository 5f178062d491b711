package sts

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/uuid"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/oidc"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

const (
	defaultWebToken = 5 * time.Minute
	// maxWebToken is how many bytes the claims of a token may have: it travels in
	// headers of services that are not ours.
	maxWebToken = 8 << 10
	// awsClaims is the claim that has everything which is AWS's own.
	awsClaims = "https://sts.amazonaws.com/"
)

func tokenTarget(in *sts.GetWebIdentityTokenInput) call.Target {
	t := call.Target{Keys: map[string][]string{
		"sts:identitytokenaudience": in.Audience,
		"sts:durationseconds":       {strconv.Itoa(int(webTokenLife(in) / time.Second))},
	}}
	set(t.Keys, "sts:signingalgorithm", aws.ToString(in.SigningAlgorithm))
	requestTags(&t, in.Tags)
	return t
}

func requestTags(t *call.Target, tags []types.Tag) {
	for _, tag := range tags {
		t.Keys["aws:requesttag/"+policy.Fold(aws.ToString(tag.Key))] = []string{aws.ToString(tag.Value)}
		t.Keys["aws:tagkeys"] = append(t.Keys["aws:tagkeys"], aws.ToString(tag.Key))
	}
}

func webTokenLife(in *sts.GetWebIdentityTokenInput) time.Duration {
	if in.DurationSeconds == nil {
		return defaultWebToken
	}
	return time.Duration(*in.DurationSeconds) * time.Second
}

// GetWebIdentityToken vouches for the caller to services elsewhere: an ID token
// that they verify by the issuer's published keys (behaviours.md 4.8).
func (s *Service) GetWebIdentityToken(ctx context.Context, c *call.Call, in *sts.GetWebIdentityTokenInput) (*sts.GetWebIdentityTokenOutput, error) {
	if err := notOfUser(c, "GetWebIdentityToken"); err != nil {
		return nil, err
	}
	algorithm := aws.ToString(in.SigningAlgorithm)
	if algorithm != oidc.RS256 && algorithm != oidc.ES384 {
		return nil, invalid("SigningAlgorithm must be RS256 or ES384")
	}
	issuer, err := s.Live.Issuer(ctx, c.Principal.Account)
	if err != nil {
		return nil, err
	}
	if !issuer.Enabled {
		return nil, &types.OutboundWebIdentityFederationDisabledException{Message: aws.String("The outbound web identity federation feature is not enabled for this account.")}
	}
	tags := token.Asked{Tags: sessionTags(in.Tags)}
	if _, err := tags.Begin(new(token.Session), nil); err != nil {
		return nil, wireError(err)
	}
	if len(in.Tags) > 0 {
		if err := s.Authz.Allow(ctx, c, "sts:TagGetWebIdentityToken", tokenTarget(in)); err != nil {
			return nil, err
		}
	}
	issued := c.Now.Truncate(time.Second).UTC()
	expires := issued.Add(webTokenLife(in))
	if t := c.Principal.Temporary; t != nil && expires.Unix() > t.ExpiresAt {
		return nil, &types.SessionDurationEscalationException{Message: aws.String("The requested token duration would extend the session beyond its original expiration time.")}
	}
	own, err := s.ownClaims(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(in.Tags) > 0 {
		own["request_tags"] = tagMap(nil, tags.Tags)
	}
	claims := map[string]any{
		"iss": s.Issuer(c.Principal.Account, issuer.ID), "sub": c.Principal.EntityARN, "aud": audience(in.Audience),
		"iat": issued.Unix(), "nbf": issued.Unix(), "exp": expires.Unix(), "jti": uuid.NewString(), awsClaims: own,
	}
	if b, err := json.Marshal(claims); err != nil {
		return nil, err
	} else if len(b) > maxWebToken {
		return nil, &types.JWTPayloadSizeExceededException{Message: aws.String("The requested token payload size exceeds the maximum allowed size. Reduce the number of request tags.")}
	}
	key, err := s.signingKey(ctx, c, algorithm)
	if err != nil {
		return nil, err
	}
	jwt, err := oidc.Sign(claims, key.Signer, key.ID, algorithm)
	return &sts.GetWebIdentityTokenOutput{WebIdentityToken: aws.String(jwt), Expiration: aws.Time(expires)}, err
}

// audience is one text for one, as relying parties expect it, and a list for more.
func audience(names []string) any {
	if len(names) == 1 {
		return names[0]
	}
	return names
}

// ownClaims say who the caller is in AWS's terms.
func (s *Service) ownClaims(ctx context.Context, c *call.Call) (map[string]any, error) {
	p := &c.Principal
	own := map[string]any{"aws_account": p.Account, "source_region": c.Region, "principal_id": p.EntityARN}
	m, err := s.Live.Membership(ctx, p.Account)
	if err != nil && !live.Gone(err) {
		return nil, err
	}
	if err == nil && m.Organization != "" {
		own["org_id"] = m.Organization
	}
	var tags map[string]string
	if p.Entity != "" {
		e, err := s.Live.Entity(ctx, p.Entity)
		if err != nil && !live.Gone(err) {
			return nil, err
		}
		if err == nil {
			tags = entityTags(e.Tags)
		}
	}
	if t := p.Temporary; t != nil {
		tags = tagMap(tags, t.Tags)
		own["original_session_exp"] = time.Unix(t.ExpiresAt, 0).UTC().Format(time.RFC3339)
		if t.Provider != "" {
			own["federated_provider"] = t.Provider
		}
		if t.SourceIdentity != "" {
			own["source_identity"] = t.SourceIdentity
		}
	}
	if len(tags) > 0 {
		own["principal_tags"] = tags
	}
	if p.DirectoryUser != "" {
		own["identity_store_user_id"] = p.DirectoryUser
	}
	return own, nil
}

func entityTags(tags []iam.Tag) map[string]string {
	m := make(map[string]string, len(tags))
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}

// tagMap is m with the tags in the place of those of the same key in any case.
func tagMap(m map[string]string, tags []token.Tag) map[string]string {
	out := make(map[string]string, len(m)+len(tags))
	session := make(map[string]bool, len(tags))
	for _, t := range tags {
		out[t.Key] = t.Value
		session[policy.Fold(t.Key)] = true
	}
	for k, v := range m {
		if !session[policy.Fold(k)] {
			out[k] = v
		}
	}
	return out
}

// signingKey is the account's key for the algorithm. Keys are made for the first
// token.
func (s *Service) signingKey(ctx context.Context, c *call.Call, algorithm string) (live.IssuerKey, error) {
	account := c.Principal.Account
	issuer, err := s.Live.Issuer(ctx, account)
	if k, ok := issuer.Keys[algorithm]; ok || err != nil {
		return k, err
	}
	s.makingKey.Lock()
	defer s.makingKey.Unlock()
	if issuer, err = s.Live.Issuer(ctx, account); err != nil {
		return live.IssuerKey{}, err
	}
	if k, ok := issuer.Keys[algorithm]; ok {
		return k, nil
	}
	if err := s.makeKeys(ctx, account, c.Now); err != nil {
		return live.IssuerKey{}, err
	}
	issuer, err = s.Live.Issuer(ctx, account)
	if k, ok := issuer.Keys[algorithm]; ok || err != nil {
		return k, err
	}
	return live.IssuerKey{}, errors.New("sts: the signing key that was just stored is not there")
}

// makeKeys makes the account's key for every algorithm: relying parties keep what
// they read for a while, and should not have to learn of the other key later.
func (s *Service) makeKeys(ctx context.Context, account string, now time.Time) error {
	var made []iam.WebIdentityKey
	for _, algorithm := range []string{oidc.ES384, oidc.RS256} {
		signer, err := oidc.NewKey(algorithm)
		if err != nil {
			return err
		}
		id, err := oidc.KeyID(signer.Public())
		if err != nil {
			return err
		}
		key, err := iam.NewWebIdentityKey(account, algorithm, id, signer, now)
		if err != nil {
			return err
		}
		made = append(made, key)
	}
	// Another node may have been faster. Its keys are the account's then.
	return s.Store.Update(ctx, nil, func(tx store.Tx) error {
		for _, key := range made {
			if err := tx.AddWebIdentityKey(key); err != nil {
				return err
			}
		}
		return nil
	})
}
