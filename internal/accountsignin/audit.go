package accountsignin

import (
	"net/http"
	"strings"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/pagehttp"
)

const (
	failure    = "Failure"
	rootRegion = "us-east-1" // where CloudTrail has the sign-ins of root users
	// changePassword is how IAM tells of a password that was changed at sign-in.
	iamSource      = "iam.amazonaws.com"
	changePassword = "ChangePassword"
)

// event makes an event about c in the account's history; reason is "" for a
// success. Who tried an account that does not exist stands in the server's own
// trail only.
func (h *Handler) event(r *http.Request, source, name string, c candidate, mfa bool, reason string) *audit.Event {
	e := &audit.Event{
		At: h.Site.Clock.Now(), Account: c.account.ID, Source: source, Name: name, Region: h.Site.Map.Region(),
		SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r),
	}
	switch {
	case c.root && c.account.ID == "":
		e.Identity.Type, e.Region = audit.TypeRoot, rootRegion
	case c.root:
		e.Identity, e.Region = audit.RootIdentity(c.account.ID, mfa), rootRegion
		e.PrincipalID, e.UserName = arn.Root(c.account.ID), "root"
	case c.user.ID == "":
		e.Identity.Type, e.UserName = audit.TypeIAMUser, audit.HiddenUserName
		e.ErrorMessage = audit.NoSuchUserName
	default:
		e.Identity, e.UserName = audit.IAMUserIdentity(c.user.ID, mfa), c.user.Name
		if reason == "" { // of a failure CloudTrail tells no ARN
			e.PrincipalID = c.user.ARN()
		}
	}
	if reason != "" {
		e.ErrorCode, e.ErrorReason = failure, reason
	}
	return e
}

// signInEvent is ConsoleLogin, as CloudTrail tells it (behaviours.md 9.3).
func (h *Handler) signInEvent(r *http.Request, f flow, c candidate, reason string) *audit.Event {
	c.root = c.root || f.UserType != "iam"
	p := f.Proof
	mfa := p != nil && !p.MFAAt.IsZero()
	e := h.event(r, audit.SignInSource, audit.ConsoleLogin, c, mfa, reason)
	to := h.Site.Map.Console() + consoleHome
	switch req := f.Request; {
	case req.Here != "":
		to = h.Site.Map.SignIn() + localPath(req.Here)
	case req.Return != "":
		to = h.Site.Map.Console() + localPath(req.Return)
	}
	to, _, _ = strings.Cut(to, "?") // queries may carry what is nobody else's business
	e.Set(audit.DetailLoginTo, to)
	e.Set(audit.DetailMobileVersion, yesNo(r.Header.Get("Sec-Ch-Ua-Mobile") == "?1" || strings.Contains(r.UserAgent(), "Mobile")))
	e.Set(audit.DetailMFAUsed, yesNo(mfa))
	if mfa {
		e.Set(audit.DetailMFAIdentifier, p.MFASerial)
	}
	return e
}

func yesNo(b bool) string {
	if b {
		return audit.Yes
	}
	return audit.No
}
