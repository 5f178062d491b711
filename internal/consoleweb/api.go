package consoleweb

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/surface"
)

// headerPrincipal is the ARN of whom a page was made for. Its tab may be older than
// a switch of roles, or a sign-in as somebody else, in another.
const headerPrincipal = "X-Sekisho-Principal"

// headerRegion names the region that the navigation bar shows.
const headerRegion = "X-Sekisho-Region"

// billing stands where a service's name does for payment methods, which no public
// API of AWS's is for. No service's name begins so.
const billing = "_billing"

// own are the services by which AWS's console does what no public API is for; what
// follows the name is the operation.
var own = map[string]struct{ service, target string }{
	"_identity-center": {"sso-directory", "SekishoSSODirectory."},
	"_organizations":   {"organizations-console", "SekishoOrganizationsConsole."},
}

// api is the door to the APIs for the app's script: the session cookie in place
// of a signature. No other site gets through, because browsers neither let it set
// the header nor hide where a request comes from.
func (h *Handler) api(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	service := r.PathValue("service")
	if !pagehttp.FromScript(r, h.Site.Map.Console()) {
		refuse(w, service, http.StatusForbidden, "AccessDenied", "Forbidden")
		return
	}
	region := r.Header.Get(headerRegion)
	if region != "" && !surface.ValidRegion(region) {
		refuse(w, service, http.StatusBadRequest, "ValidationError", "The Region is not valid.")
		return
	}
	p, err := h.principal(r)
	switch {
	case fault.Is(err, fault.Unauthenticated):
		refuse(w, service, http.StatusUnauthorized, "ExpiredToken", "Your console session has ended. Sign in again.")
		return
	case err != nil:
		h.Site.Log.ErrorContext(r.Context(), "console API failed", "request_id", h.Site.RequestID(r), "error", err)
		refuse(w, service, http.StatusInternalServerError, "InternalFailure", "Internal error")
		return
	}
	if made := r.Header.Get(headerPrincipal); made != "" && made != p.ARN {
		refuse(w, service, http.StatusUnauthorized, "ExpiredToken", "You are "+p.ARN+" now, by another tab of this browser. Load the page again.")
		return
	}
	http.StripPrefix(pathAPI+service, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of, isOwn := own[service]
		switch {
		case isOwn:
			r.Header.Set("X-Amz-Target", of.target+strings.TrimPrefix(r.URL.Path, "/"))
			r.URL.Path, r.URL.RawPath = "/", ""
			h.API(w, r, of.service, region, p)
		case service != billing:
			h.API(w, r, service, region, p)
		case h.Billing != nil:
			h.Billing(w, r, p)
		default:
			http.NotFound(w, r)
		}
	})).ServeHTTP(w, r)
}

func (h *Handler) principal(r *http.Request) (call.Principal, error) {
	s, err := h.signedIn(r)
	if err != nil {
		return call.Principal{}, err
	}
	return h.Principal(r.Context(), s.ID)
}

// queryServices speak AWS's Query protocol, whose errors are XML.
var queryServices = map[string]bool{"iam": true, "sts": true}

// refuse answers as the service does, so that its client in the browser
// understands why.
func refuse(w http.ResponseWriter, service string, status int, code, message string) {
	if queryServices[service] {
		type fault struct {
			Type, Code, Message string
		}
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_ = xml.NewEncoder(w).Encode(struct {
			XMLName xml.Name `xml:"ErrorResponse"`
			Error   fault
		}{Error: fault{"Sender", code, message}})
		return
	}
	if !strings.HasSuffix(code, "Exception") {
		code += "Exception"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", code)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}

// fromScript reports whether the console's own script asks, and refuses it if not.
func (h *Handler) fromScript(w http.ResponseWriter, r *http.Request) bool {
	if pagehttp.FromScript(r, h.Site.Map.Console()) {
		return true
	}
	refuse(w, "", http.StatusForbidden, "AccessDenied", "Forbidden")
	return false
}

// answer tells the script something.
func answer(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}
