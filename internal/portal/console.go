package portal

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// Opening a console takes three steps, because a handoff's code must be tied to
// the browser by a cookie of the host that takes it: the portal's script asks for
// a pass, the console's host marks the browser and sends it back with the pass,
// and the portal hands over. The pass is worth something only to the browser that
// is signed in to this portal as the person who asked (E-12, H-16).

// ConsolePass says which console session a browser fetches from which portal.
type ConsolePass struct {
	Portal  string    `cbor:"1,keyasint"` // by which name it was asked for
	Asker   string    `cbor:"2,keyasint"` // id of the portal session
	Session string    `cbor:"3,keyasint"` // id of the console session
	To      string    `cbor:"4,keyasint,omitempty"`
	At      time.Time `cbor:"5,keyasint"`
}

// passLife is how long the redirects may take.
const passLife = session.HandoffLife

// Query parameters of the redirects.
const (
	ParamPass  = "pass"
	paramState = "state"
)

// ReadConsolePass reads a pass that a portal of this server made; an Invalid fault
// if it is none.
func ReadConsolePass(ring *keys.Ring, text string) (ConsolePass, error) {
	return sealed.Open[ConsolePass](ring, keys.ConsoleReturn, text)
}

// Return is the address of the portal that hands over to a browser which keeps the
// value whose hash is state.
func (p ConsolePass) Return(site *pagehttp.Site, text, state string) string {
	return site.Map.Portal(p.Portal) + pathConsole + "?" + url.Values{ParamPass: {text}, paramState: {state}}.Encode()
}

// maxConsoleRequest bounds what the script sends, in bytes.
const maxConsoleRequest = 8 << 10

// openConsole makes a console session of a role that the person holds, and answers
// where the browser gets it. Only the portal's own script can ask for it.
func (h *Handler) openConsole(w http.ResponseWriter, r *http.Request) error {
	v, ok := h.enter(w, r)
	if !ok {
		return nil
	}
	var asked struct {
		AccountID   string `json:"accountId"`
		RoleName    string `json:"roleName"`
		Destination string `json:"destination"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxConsoleRequest)).Decode(&asked); err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestException", "The request is not valid.")
		return nil //nolint:nilerr // the script is told
	}
	role, until, err := h.Role(w, r, principalOf(v.session, v.user), asked.AccountID, asked.RoleName)
	if e, ok := errors.AsType[*call.Error](err); ok {
		refuse(w, e.Status, e.Code, e.Message)
		return nil
	}
	if err != nil {
		return err
	}
	now := h.Site.Clock.Now()
	pass := ConsolePass{Portal: v.name, Asker: v.session.ID, At: now}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		set, err := tx.PermissionSetByName(v.ID, asked.RoleName)
		if err != nil {
			return err
		}
		pass.To = h.destination(asked.Destination, set)
		s, err := session.BeginConsole(tx, session.Session{
			ID: uuid.NewString(), Kind: session.Role, User: v.user.ID, Account: asked.AccountID, Token: role,
			SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), MFAAt: v.session.MFAAt,
		}, now, until.Sub(now))
		pass.Session = s.ID
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	q := url.Values{ParamPass: {sealed.Seal(h.Ring, keys.ConsoleReturn, pass)}}
	return json.NewEncoder(w).Encode(map[string]string{"location": h.Site.Map.Console() + pathConsoleOpen + "?" + q.Encode()})
}

// pathConsoleOpen is where the console's host marks the browser.
const pathConsoleOpen = "/open"

// destination is the page of the console to open: what was asked for, or what the
// permission set says, or "" for its home (behaviours.md 6.12).
func (h *Handler) destination(asked string, set access.PermissionSet) string {
	for _, address := range []string{asked, set.RelayState} {
		if to := h.Site.Map.ConsolePath(address); address != "" && to != "" {
			return to
		}
	}
	return ""
}

// handOver sends the browser back to the console with a code for the session that
// its pass names.
func (h *Handler) handOver(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodHead {
		return nil
	}
	p, err := h.find(r)
	if err != nil {
		return err
	}
	held, _, err := h.signedIn(r)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	pass, bad := ReadConsolePass(h.Ring, r.URL.Query().Get(ParamPass))
	now := h.Site.Clock.Now()
	if err != nil || bad != nil || pass.Asker != held.ID || pass.Portal != p.name || now.Sub(pass.At) > passLife {
		return pagehttp.See(w, pathStart) // whoever came here by a link sees what they may open
	}
	console := h.Site.Map.Console()
	var code secret.String
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		s, err := tx.Session(pass.Session)
		if err != nil {
			return err
		}
		code, err = session.GiveHandoff(tx, s, session.Console, pagehttp.HostOf(console), r.URL.Query().Get(paramState), now)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return pagehttp.See(w, pathStart)
	}
	if err != nil {
		return err
	}
	q := url.Values{"code": {code.Reveal()}}
	if pass.To != "" {
		q.Set("to", pass.To)
	}
	return pagehttp.See(w, h.Site.WithLanguage(r, console+pathConsoleHandoff+"?"+q.Encode()))
}

// pathConsoleHandoff is where the console's host takes codes.
const pathConsoleHandoff = "/handoff"
