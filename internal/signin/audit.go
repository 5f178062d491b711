package signin

import (
	"net/http"

	"sekisho/internal/audit"
	"sekisho/internal/directory"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
)

// The events of sign-in (behaviours.md 6.7, 9.3).
const (
	eventChallenge      = "CredentialChallenge"
	eventVerification   = "CredentialVerification"
	eventAuthentication = "UserAuthentication"

	eventResetRequested = "PasswordRecoveryRequested"
	eventPasswordUpdate = "UpdatePassword"
	eventEmailVerified  = "VerifyEmail"
	eventDeviceDecision = "DeviceAuthorization"
	eventClientDecision = "Authorize"
)

const (
	eventSource = "signin.amazonaws.com"
	failure     = "Failure"

	// hiddenName stands for a user name that nobody has: people type passwords
	// into the wrong field.
	hiddenName = "HIDDEN_DUE_TO_SECURITY_REASONS"
)

// event makes an event about u; reason is "" for a success.
func (h *Handler) event(r *http.Request, p place, u directory.User, name, reason string) *audit.Event {
	e := &audit.Event{
		At:          h.Site.Clock.Now(),
		Account:     p.Owner,
		Source:      eventSource,
		Name:        name,
		Region:      p.Region,
		PrincipalID: u.ID,
		UserName:    u.UserName,
		SourceIP:    h.Site.ClientIP(r),
		UserAgent:   pagehttp.UserAgent(r),
		RequestID:   h.Site.RequestID(r),
		Resource:    p.DirectoryID,
	}
	if u.ID == "" {
		e.UserName = hiddenName
	}
	if reason != "" {
		e.ErrorCode, e.ErrorReason = failure, reason
	}
	return e
}

// appendSignIn notes one try at a password: that it was asked for and what came of
// it. reason is "" for a success.
func (h *Handler) appendSignIn(tx store.Tx, r *http.Request, c candidate, reason string) error {
	for _, name := range []string{eventChallenge, eventVerification} {
		why := reason
		if name == eventChallenge {
			why = ""
		}
		e := h.event(r, c.place, c.user, name, why)
		e.Set("CredentialType", "PASSWORD")
		if err := tx.AppendEvent(e); err != nil {
			return err
		}
	}
	return nil
}

// recordSignIn is appendSignIn for a failure, which changes nothing else.
func (h *Handler) recordSignIn(r *http.Request, c candidate, reason string) error {
	return h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		return h.appendSignIn(tx, r, c, reason)
	})
}
