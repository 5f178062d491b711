package portal

import (
	"net/http"
	"slices"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// shownSessions is how many sign-ins are listed; "end all others" ends the rest too.
const shownSessions = 100

type sessionRow struct {
	ID        string    `json:"sessionId"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	SourceIP  string    `json:"sourceIp"`
	UserAgent string    `json:"userAgent"`
	MFA       bool      `json:"mfa"`
	Current   bool      `json:"current"`
}

// signIns are the person's own that are not over, this one first, then newest first.
// The consoles that they led to are no sign-ins, and end with them.
func (h *Handler) signIns(tx store.Tx, v visitor) ([]session.Session, error) {
	all, err := tx.SessionsOf(v.user.ID)
	if err != nil {
		return nil, err
	}
	now := h.Site.Clock.Now()
	others := slices.DeleteFunc(all, func(s session.Session) bool {
		return s.Kind != session.Person || s.ID == v.session.ID || !s.Live(now)
	})
	return slices.Insert(others, 0, v.session), nil
}

// sessions lists where the person is signed in.
func (h *Handler) sessions(r *http.Request, v visitor) (any, error) {
	var all []session.Session
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		all, err = h.signIns(tx, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := struct {
		Sessions []sessionRow `json:"sessions"`
		Total    int          `json:"total"`
	}{make([]sessionRow, 0, min(len(all), shownSessions)), len(all)}
	for _, s := range all[:min(len(all), shownSessions)] {
		out.Sessions = append(out.Sessions, sessionRow{
			ID: s.ID, CreatedAt: s.CreatedAt.UTC(), ExpiresAt: s.ExpiresAt.UTC(), SourceIP: s.SourceIP, UserAgent: s.UserAgent,
			MFA: !s.MFAAt.IsZero(), Current: s.ID == v.session.ID,
		})
	}
	return out, nil
}

// endSession ends another sign-in of the same person, with everything that hangs on
// it. One of somebody else is not told from one that is not.
func (h *Handler) endSession(r *http.Request, v visitor) (any, error) {
	id := r.PathValue("id")
	if id == v.session.ID {
		return nil, fault.New(fault.Invalid, "own-session", "To end this session, sign out.")
	}
	return nil, h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		s, err := tx.Session(id)
		if err == nil && (s.User != v.user.ID || s.Kind != session.Person) || fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "no-session", "There is no such session.")
		}
		if err != nil {
			return err
		}
		return h.end(tx, r, v, s)
	})
}

// endOtherSessions ends all of the person's sign-ins but this one, and the trust in
// browsers (package mfa): who does it fears that one of them is not theirs.
func (h *Handler) endOtherSessions(r *http.Request, v visitor) (any, error) {
	ended := 0
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		all, err := h.signIns(tx, v)
		if err != nil {
			return err
		}
		for _, s := range all[1:] {
			if err := h.end(tx, r, v, s); err != nil {
				return err
			}
		}
		ended = len(all) - 1
		return tx.DropTrustedBrowsers(v.user.ID)
	})
	return map[string]int{"ended": ended}, err
}

// end ends a sign-in of v's, this or another.
func (h *Handler) end(tx store.Tx, r *http.Request, v visitor, s session.Session) error {
	now := h.Site.Clock.Now()
	if !s.Live(now) {
		return nil
	}
	if err := tx.EndSession(s.ID, now, session.SignedOut); err != nil {
		return err
	}
	e := &audit.Event{
		At: now, Account: v.Owner, Source: "sso.amazonaws.com", Name: "Logout",
		Region: v.Region, PrincipalID: v.user.ID, UserName: v.user.UserName, SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r),
		RequestID: h.Site.RequestID(r), Resource: v.DirectoryID,
	}
	if s.ID != v.session.ID {
		e.Set("endedSession", s.ID)
	}
	return tx.AppendEvent(e)
}
