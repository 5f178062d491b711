package portal

import (
	"encoding/json"
	"net/http"

	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
)

// noSession is the portal API's answer to every token that is not good
// (behaviours.md 7.6).
const noSession = "Session token not found or invalid"

// api is the door to the portal API for the app's script: the session cookie in
// place of a bearer token. No other site gets through, because browsers neither
// let it set the header nor hide where a request comes from.
func (h *Handler) api(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	p, err := h.find(r)
	if err != nil {
		h.Site.Handler(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
		return
	}
	if !pagehttp.FromScript(r, p.address) {
		refuse(w, http.StatusForbidden, "ForbiddenException", "Forbidden")
		return
	}
	s, u, err := h.signedIn(r)
	switch {
	case fault.Is(err, fault.Unauthenticated):
		refuse(w, http.StatusUnauthorized, "UnauthorizedException", noSession)
		return
	case err != nil:
		h.Site.Log.ErrorContext(r.Context(), "portal API failed", "request_id", h.Site.RequestID(r), "error", err)
		refuse(w, http.StatusInternalServerError, "InternalServerException", "Internal error")
		return
	}
	http.StripPrefix(pathAPI, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.API(w, r, principalOf(s, u))
	})).ServeHTTP(w, r)
}

// principalOf is a person as the portal API knows them.
func principalOf(s session.Session, u directory.User) call.Principal {
	return call.Principal{
		Kind:           call.PortalUser,
		ARN:            u.ID,
		UserID:         u.ID,
		DirectoryUser:  u.ID,
		UserName:       u.UserName,
		Session:        s.ID,
		SessionExpires: s.ExpiresAt,
	}
}

// refuse answers as the portal API does.
func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}
