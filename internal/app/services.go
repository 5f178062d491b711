package app

import (
	"context"
	"net/url"

	"sekisho/internal/audit"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/saml"
	accountservice "sekisho/internal/services/account"
	iamservice "sekisho/internal/services/iam"
	"sekisho/internal/services/sts"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// awsSAML is where AWS takes SAML responses. Identity providers that were set up
// for AWS name it, also when a resolver brings their people here.
const awsSAML = "https://signin.aws.amazon.com/saml"

// samlAudience is AWS's name as a service provider.
const samlAudience = "urn:amazon:webservices"

func (s *Server) accountService() *accountservice.Service {
	return &accountservice.Service{Store: s.Store, Senders: s.senders}
}

func (s *Server) iamService() *iamservice.Service {
	return &iamservice.Service{
		Store: s.Store, Live: s.live, Authz: s.authz, Hasher: s.hasher,
		Thumbprint: (&oidc.Verifier{}).Thumbprint,
		Issuer:     s.issuer,
		Ring:       s.Ring,
		Senders:    s.senders,
	}
}

func (s *Server) stsService(sessions token.Sessions) *sts.Service {
	here, _ := url.JoinPath(s.Map.SignIn(), "saml") // it is an address already
	return &sts.Service{
		Store: s.Store, Live: s.live, Sessions: sessions, Authz: s.authz,
		SAML:     &saml.Verifier{Recipients: []string{awsSAML, here}, Audiences: []string{samlAudience, awsSAML, here}},
		OIDC:     &oidc.Verifier{},
		Issuer:   s.issuer,
		Decision: s.decision,
	}
}

// decision finds a refusal, also one that is not stored yet.
func (s *Server) decision(ctx context.Context, id string) (e audit.Event, err error) {
	if e, ok := s.counts.Decision(id); ok {
		return e, nil
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		e, err = tx.Decision(id)
		return err
	})
	return e, err
}

func (s *Server) recordUses(ctx context.Context, batch []iam.Use) error {
	return s.Store.Update(ctx, nil, func(tx store.Tx) error { return tx.PutUses(batch) })
}
