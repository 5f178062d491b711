package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoSession = fault.New(fault.NotFound, "no-session", "The session does not exist.")
	errNoCookie  = fault.New(fault.NotFound, "no-cookie", "The cookie is not known.")
	errNoHandoff = fault.New(fault.NotFound, "no-handoff", "The code was used already or does not exist.")

	putSession = upsert("sessions", "id", sessionColumns+", forget_at")
	putCookie  = upsert("cookies", "hash", cookieColumns+", forget_at")
	putHandoff = upsert("handoffs", "hash", handoffColumns+", forget_at")
)

const (
	sessionColumns = "id, user_id, created_at, expires_at, ended_at, end_reason, source_ip, user_agent, kind, account, mfa_at, token, switched"
	cookieColumns  = "hash, session_id, surface, host, expires_at"
	handoffColumns = "hash, session_id, surface, host, state, expires_at"
)

func scanSession(r sqldb.Row) (s session.Session, err error) {
	var token, switched string
	err = r.Scan(&s.ID, &s.User, sqldb.AsTime(&s.CreatedAt), sqldb.AsTime(&s.ExpiresAt), sqldb.AsTime(&s.EndedAt),
		&s.EndReason, &s.SourceIP, &s.UserAgent, &s.Kind, &s.Account, sqldb.AsTime(&s.MFAAt), &token, &switched)
	if err != nil {
		return s, err
	}
	s.Token = secret.NewString(token)
	if switched != "" {
		var kept switchedRole
		if err := json.Unmarshal([]byte(switched), &kept); err != nil {
			return s, fmt.Errorf("session %s: %w", s.ID, err)
		}
		s.Switched = session.Switched{
			Token: secret.NewString(kept.Token), Account: kept.Account, Role: kept.Role, DisplayName: kept.DisplayName, Color: kept.Color,
		}
	}
	return s, nil
}

// switchedRole is how a session's switched role is kept. Its token is sealed
// already: it says nothing to who reads the database.
type switchedRole struct {
	Token       string `json:"token"`
	Account     string `json:"account"`
	Role        string `json:"role"`
	DisplayName string `json:"display_name"`
	Color       string `json:"color"`
}

func switchedText(s session.Switched) (string, error) {
	if s.None() {
		return "", nil
	}
	raw, err := json.Marshal(switchedRole{s.Token.Reveal(), s.Account, s.Role, s.DisplayName, s.Color})
	return string(raw), err
}

func (t *tx) Session(id string) (session.Session, error) {
	s, err := one(t, scanSession, "SELECT "+sessionColumns+" FROM sessions WHERE id = ?", id)
	return orNone(s, err, errNoSession)
}

// SessionsOf returns them newest first, with those that are over but not yet
// forgotten.
func (t *tx) SessionsOf(user string) ([]session.Session, error) {
	return all(t, scanSession, "SELECT "+sessionColumns+" FROM sessions WHERE user_id = ? ORDER BY created_at DESC, id", user)
}

func (t *tx) PutSession(s session.Session) error {
	over := s.ExpiresAt
	if !s.EndedAt.IsZero() {
		over = s.EndedAt
	}
	switched, err := switchedText(s.Switched)
	if err != nil {
		return err
	}
	_, err = t.exec(putSession, s.ID, s.User, sqldb.Micros(s.CreatedAt), sqldb.Micros(s.ExpiresAt), sqldb.Micros(s.EndedAt),
		s.EndReason, s.SourceIP, s.UserAgent, s.Kind, s.Account, sqldb.Micros(s.MFAAt), s.Token.Reveal(), switched, sqldb.Micros(over.Add(session.Afterlife)))
	t.note(store.KeySession(s.ID))
	return err
}

// EndSession is NotFound if there is no such session.
func (t *tx) EndSession(id string, at time.Time, reason string) error {
	n, err := t.exec("UPDATE sessions SET ended_at = ?, end_reason = ?, forget_at = ? WHERE id = ? AND ended_at = 0",
		sqldb.Micros(at), reason, sqldb.Micros(at.Add(session.Afterlife)), id)
	if err != nil {
		return err
	}
	if n == 0 {
		_, err = t.Session(id)
		return err
	}
	t.note(store.KeySession(id))
	return nil
}

func (t *tx) EndSessionsOf(user string, at time.Time, reason string) error {
	ids, err := strs(t, "UPDATE sessions SET ended_at = ?, end_reason = ?, forget_at = ? WHERE user_id = ? AND ended_at = 0 RETURNING id",
		sqldb.Micros(at), reason, sqldb.Micros(at.Add(session.Afterlife)), user)
	for _, id := range ids {
		t.note(store.KeySession(id))
	}
	if err != nil {
		return err
	}
	return t.DropTrustedBrowsers(user)
}

// dropSessionsOf removes a person's sessions and all that they led to.
func (t *tx) dropSessionsOf(user string) error {
	ids, err := strs(t, "DELETE FROM sessions WHERE user_id = ? RETURNING id", user)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t.note(store.KeySession(id))
		cookies, err := strs(t, "DELETE FROM cookies WHERE session_id = ? RETURNING hash", id)
		if err != nil {
			return err
		}
		for _, hash := range cookies {
			t.note(store.KeyCookie(hash))
		}
	}
	grants, err := strs(t, "DELETE FROM grants WHERE user_id = ? RETURNING id", user)
	if err != nil {
		return err
	}
	for _, id := range grants {
		t.note(store.KeyGrant(id))
		if err := t.dropTokensOf(id); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) Cookie(hash string) (session.Cookie, error) {
	c, err := one(t, func(r sqldb.Row) (c session.Cookie, err error) {
		return c, r.Scan(&c.Hash, &c.Session, &c.Surface, &c.Host, sqldb.AsTime(&c.ExpiresAt))
	}, "SELECT "+cookieColumns+" FROM cookies WHERE hash = ?", hash)
	return orNone(c, err, errNoCookie)
}

func (t *tx) PutCookie(c session.Cookie) error {
	expires := sqldb.Micros(c.ExpiresAt)
	_, err := t.exec(putCookie, c.Hash, c.Session, string(c.Surface), c.Host, expires, expires)
	return err
}

// DeleteCookie may be repeated: a browser that signs out twice is signed out.
func (t *tx) DeleteCookie(hash string) error {
	_, err := t.exec("DELETE FROM cookies WHERE hash = ?", hash)
	t.note(store.KeyCookie(hash))
	return err
}

func (t *tx) PutHandoff(h session.Handoff) error {
	expires := sqldb.Micros(h.ExpiresAt)
	_, err := t.exec(putHandoff, h.Hash, h.Session, string(h.Surface), h.Host, h.State, expires, expires)
	return err
}

func (t *tx) TakeHandoff(hash string) (session.Handoff, error) {
	h, err := one(t, func(r sqldb.Row) (h session.Handoff, err error) {
		return h, r.Scan(&h.Hash, &h.Session, &h.Surface, &h.Host, &h.State, sqldb.AsTime(&h.ExpiresAt))
	}, "DELETE FROM handoffs WHERE hash = ? RETURNING "+handoffColumns, hash)
	return orNone(h, err, errNoHandoff)
}
