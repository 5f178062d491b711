package secondfactor

import (
	"net/http"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
)

// Events that CloudTrail has no names for: the way around a lost device (B-22).
const (
	eventRecoveryRequested = "MFARecoveryRequested"
	eventRecoveryCompleted = "MFARecoveryCompleted"
)

// rootRegion is where root users' sign-in events appear (behaviours.md 9.3).
const rootRegion = "us-east-1"

// event is an event of the sign-in host about who is signing in.
func (h *Handler) event(r *http.Request, c Challenge, name string) *audit.Event {
	e := &audit.Event{
		At: h.Site.Clock.Now(), Account: c.Account, Source: audit.SignInSource, Name: name, Region: h.Site.Map.Region(),
		UserName: c.Name, SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r),
		Identity: audit.IAMUserIdentity(c.User, false),
	}
	if c.root() {
		e.Region, e.UserName, e.PrincipalID, e.Identity = rootRegion, "", arn.Root(c.Account), audit.RootIdentity(c.Account, false)
	}
	return e
}

// failure is the sign-in that a refused factor ended (behaviours.md 9.3).
func (h *Handler) failure(r *http.Request, c Challenge, d iam.MFADevice, refused error) *audit.Event {
	e := h.event(r, c, audit.ConsoleLogin)
	e.PrincipalID = "" // as CloudTrail: no ARN of who did not get in
	e.ErrorCode, e.ErrorReason = "Failure", fault.ReasonOf(refused)
	e.Set(audit.DetailMFAUsed, audit.Yes)
	if d.Serial != "" {
		e.Set(audit.DetailMFAIdentifier, d.Serial)
	}
	return e
}

// kindsOf is what CloudTrail's MfaType says of the devices.
func kindsOf(devices iam.Devices) string {
	switch {
	case len(devices) > 1:
		return audit.MultipleMFA
	case len(devices.Of(iam.FIDO)) > 0:
		return audit.U2FMFA
	}
	return audit.VirtualMFA
}
