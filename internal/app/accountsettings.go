package app

import (
	"errors"
	"net/http"

	"sekisho/internal/accountsettings"
	"sekisho/internal/audit"
	"sekisho/internal/authz"
	"sekisho/internal/call"
	"sekisho/internal/pagehttp"
)

// allowSettings asks for what the settings of accounts have that is no operation of an API.
func (s *Server) allowSettings(r *http.Request, p call.Principal, action, resource string) error {
	c := &call.Call{
		Principal: p, Region: s.Map.Region(), Now: s.clock.Now(), SourceIP: s.http.ClientIP(r),
		UserAgent: pagehttp.UserAgent(r), Secure: s.Map.Secure(), Event: &audit.Event{},
	}
	err := s.authz.Allow(r.Context(), c, action, call.Target{ARN: resource})
	if d, ok := errors.AsType[*authz.Denial](err); ok {
		return &accountsettings.Denied{Message: d.Message}
	}
	return err
}
