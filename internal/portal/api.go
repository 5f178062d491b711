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

// visitor is who asks by script, and where.
type visitor struct {
	here
	session session.Session
	user    directory.User
}

// enter lets in what the portal's own script asks for the person signed in: the
// session cookie in place of a bearer token. No other site gets through, because
// browsers neither let it set the header nor hide where a request comes from. Who
// does not get in has been answered.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) (v visitor, ok bool) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	var err error
	if v.here, err = h.find(r); err != nil {
		h.Site.Handler(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
		return v, false
	}
	if !pagehttp.FromScript(r, v.address) {
		refuse(w, http.StatusForbidden, "ForbiddenException", "Forbidden")
		return v, false
	}
	if v.session, v.user, err = h.signedIn(r); err != nil {
		h.failed(w, r, err)
		return v, false
	}
	return v, true
}

// api is the door to the portal API for the app's script.
func (h *Handler) api(w http.ResponseWriter, r *http.Request) {
	v, ok := h.enter(w, r)
	if !ok {
		return
	}
	http.StripPrefix(pathAPI, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.API(w, r, principalOf(v.session, v.user))
	})).ServeHTTP(w, r)
}

// door answers the app's script what AWS has no API for. What fn returns is the
// body, as JSON; nil is none.
func (h *Handler) door(fn func(*http.Request, visitor) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, ok := h.enter(w, r)
		if !ok {
			return
		}
		out, err := fn(r, v)
		switch {
		case err != nil:
			h.failed(w, r, err)
		case out == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(out) // a browser that is gone needs no answer
		}
	}
}

// failed answers with what is said of an expected failure, and otherwise with
// nothing but that there was one.
func (h *Handler) failed(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := fault.As(err)
	if !ok {
		f = &fault.Error{}
	}
	switch f.Kind {
	case fault.Unauthenticated:
		refuse(w, http.StatusUnauthorized, "UnauthorizedException", noSession)
	case fault.Invalid:
		refuse(w, http.StatusBadRequest, "InvalidRequestException", f.Public)
	case fault.Limit:
		refuse(w, http.StatusBadRequest, "ServiceQuotaExceededException", f.Public)
	case fault.NotFound:
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", f.Public)
	default:
		h.Site.Log.ErrorContext(r.Context(), "portal API failed", "request_id", h.Site.RequestID(r), "error", err)
		refuse(w, http.StatusInternalServerError, "InternalServerException", "Internal error")
	}
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
