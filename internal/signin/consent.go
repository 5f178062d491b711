package signin

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
	"sekisho/web"
)

// asked is a consent to be given or refused, and by whom.
type asked struct {
	place   place
	session session.Session
	user    directory.User
	device  token.DeviceAuthorization // ForDevice
	client  token.Client              // ForClient
}

// askConsent shows who asks for what (I-08, promise 11). Only a signed-in
// person gets to see it, and their wrong codes are counted.
func (h *Handler) askConsent(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepConsent)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		return nil // looking a code up counts, and HEAD changes nothing
	}
	a, err := h.asker(r, f)
	if err != nil {
		return err
	}
	if f.Request.Purpose == ForDevice {
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return h.countLookup(tx, r, &a, f.Request.UserCode) })
		if err == nil && a.device.UserCode == "" {
			err = codeInvalid(h.Site.Map.Verification(f.Request.Portal, ""))
		}
		if err != nil {
			return err
		}
	}
	return h.showConsent(w, r, f, a)
}

func codeInvalid(next string) error {
	return &pagehttp.Problem{Status: http.StatusNotFound, Kind: web.CodeInvalid, NextURL: next, Cause: token.ErrUserCode}
}

// asker makes sure that the person whom the page was made for is the one at the
// browser now.
func (h *Handler) asker(r *http.Request, f flow) (a asked, err error) {
	s, u, ok, err := h.signedIn(r)
	if err != nil {
		return a, err
	}
	if !ok || s.ID != f.Session {
		return a, h.stale(f.Request)
	}
	a.session, a.user = s, u
	if a.place, err = h.place(r.Context(), f.Request.Portal); err != nil {
		return a, err
	}
	if u.Directory != a.place.DirectoryID {
		return a, h.stale(f.Request)
	}
	if f.Request.Purpose == ForClient {
		if a.client, err = h.Clients.Find(f.Request.ClientID, h.Site.Clock.Now()); err != nil {
			return a, h.stale(Request{})
		}
	}
	return a, nil
}

// countLookup finds what waits under a user code and leaves a.device empty if
// nothing does. A wrong code stays counted, against the person and the address:
// the caller commits either way.
func (h *Handler) countLookup(tx store.Tx, r *http.Request, a *asked, userCode string) error {
	now := h.Site.Clock.Now()
	keys := h.codeKeys(r, a.user, now)
	if err := credential.Reserve(tx, keys, now); err != nil {
		return err
	}
	d, err := token.PendingDevice(tx, a.place.ID, userCode, now)
	if errors.Is(err, token.ErrUserCode) {
		a.device = token.DeviceAuthorization{}
		return tx.AppendEvent(h.event(r, a.place, a.user, eventDeviceDecision, "no-such-user-code"))
	}
	if err != nil {
		return err
	}
	a.device = d
	// A right code takes back its own try, not the wrong ones before: otherwise
	// a code of one's own would buy further guesses.
	return credential.Release(tx, keys)
}

func (h *Handler) codeKeys(r *http.Request, u directory.User, now time.Time) []credential.Key {
	return append([]credential.Key{credential.DailyKey("user-code", u.ID, now)}, h.Site.Network(r)...)
}

func (h *Handler) showConsent(w http.ResponseWriter, r *http.Request, f flow, a asked) error {
	here, _ := netip.ParseAddr(h.Site.ClientIP(r))
	page := web.Consent{
		Frame:        h.frame(r, pathConsent, f),
		Action:       pathConsent,
		Organisation: a.place.organization,
		UserName:     a.user.UserName,
		Now:          h.Site.Clock.Now(),
		HereAddress:  here,
	}
	if f.Request.Purpose == ForDevice {
		page.Kind = web.ConsentDevice
		page.ClientName, page.UserCode, page.Scopes = a.device.ClientName, a.device.UserCode, a.device.Scopes
		page.RequestedAt, page.FromAgent = a.device.CreatedAt, a.device.UserAgent
		page.FromAddress, _ = netip.ParseAddr(a.device.SourceIP)
	} else {
		page.Kind = web.ConsentCode
		page.ClientName, page.RedirectURI, page.Scopes = a.client.Name, f.Request.RedirectURI, f.Request.Scopes
		page.RequestedAt = f.Request.IssuedAt
	}
	if len(page.Scopes) == 0 {
		// Older clients name no scope and get what the only one gives.
		page.Scopes = []string{token.ScopeAccountAccess}
	}
	return h.Site.Show(w, r, http.StatusOK, page, formTarget(f.Request.RedirectURI))
}

// formTarget is the origin of a redirect URI as Content-Security-Policy writes
// it, which has no way to write an IPv6 address: then it is the scheme.
func formTarget(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	if err != nil || u.Host == "" {
		return ""
	}
	if strings.HasPrefix(u.Host, "[") {
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}

// decide takes the person's answer, once.
func (h *Handler) decide(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepConsent)
	if err != nil {
		return err
	}
	decision := form.Get(web.FieldDecision)
	if decision != web.DecisionAllow && decision != web.DecisionDeny {
		return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.BadRequest}
	}
	a, err := h.asker(r, f)
	if err != nil {
		return err
	}
	if f.Request.Purpose == ForDevice {
		return h.decideDevice(w, r, f, a, decision == web.DecisionAllow)
	}
	return h.decideClient(w, r, f, a, decision == web.DecisionAllow)
}

func (h *Handler) decideDevice(w http.ResponseWriter, r *http.Request, f flow, a asked, allow bool) error {
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if err := h.countLookup(tx, r, &a, f.Request.UserCode); err != nil || a.device.UserCode == "" {
			return err
		}
		if err := h.stillSignedIn(tx, r, f); err != nil {
			return err
		}
		if _, err := token.DecideDevice(tx, a.place.ID, f.Request.UserCode, a.session, allow, h.Site.Clock.Now()); err != nil {
			return err
		}
		return h.appendDecision(tx, r, a, eventDeviceDecision, a.device.ClientName, allow)
	})
	if err != nil {
		return err
	}
	if a.device.UserCode == "" {
		return codeInvalid(h.Site.Map.Verification(f.Request.Portal, ""))
	}
	done := flow{Step: stepDeviceDone, Request: f.Request, Browser: f.Browser, Approved: allow, ClientName: a.device.ClientName}
	return pagehttp.See(w, h.pageOf(pathDone, done))
}

func (h *Handler) decideClient(w http.ResponseWriter, r *http.Request, f flow, a asked, allow bool) error {
	var code secret.String
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		now := h.Site.Clock.Now()
		spent := secret.NewString("consent\x00" + string(f.Request.ID)).Hash()
		if err := tx.SpendOnce(spent, f.Request.IssuedAt.Add(RequestLife)); fault.Is(err, fault.Conflict) {
			return h.stale(Request{}) // answered already
		} else if err != nil {
			return err
		}
		if err := h.stillSignedIn(tx, r, f); err != nil {
			return err
		}
		if err := h.appendDecision(tx, r, a, eventClientDecision, a.client.Name, allow); err != nil || !allow {
			return err
		}
		code, err = token.GiveCode(tx, token.AuthorizeRequest{
			Client:      a.client,
			RedirectURI: f.Request.RedirectURI,
			State:       f.Request.ClientState,
			Challenge:   f.Request.Challenge,
			Scopes:      f.Request.Scopes,
		}, a.session, now)
		return err
	})
	if err != nil {
		return err
	}
	answer := url.Values{"state": {f.Request.ClientState}}
	if allow {
		answer.Set("code", code.Reveal())
	} else {
		answer.Set("error", token.AccessDenied)
		answer.Set("error_description", "The request was denied.")
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return pagehttp.See(w, f.Request.RedirectURI+"?"+answer.Encode())
}

// stillSignedIn checks in the deciding transaction what asker saw before it.
func (h *Handler) stillSignedIn(tx store.Tx, r *http.Request, f flow) error {
	s, _, err := FindSignedIn(tx, h.Site.Cookie(r, cookieSession), session.SignIn, pagehttp.Host(r), h.Site.Clock.Now())
	if fault.Is(err, fault.Unauthenticated) || err == nil && s.ID != f.Session {
		return h.stale(f.Request)
	}
	return err
}

func (h *Handler) appendDecision(tx store.Tx, r *http.Request, a asked, name, client string, allow bool) error {
	reason := ""
	if !allow {
		reason = "denied-by-user"
	}
	e := h.event(r, a.place, a.user, name, reason)
	e.Set("ClientName", client)
	return tx.AppendEvent(e)
}
