package accountsettings

import (
	"encoding/json"
	"errors"
	"net/http"

	"sekisho/internal/call"
	"sekisho/internal/payment"
	"sekisho/web"
)

// listMethods is the action that policies know for seeing payment methods.
const listMethods = "payments:ListPaymentInstruments"

// method is a payment method as the console's billing page reads it (E-10, A-36).
type method struct {
	ID          string         `json:"id"`
	Brand       string         `json:"brand"`
	LastFour    string         `json:"lastFour"`
	ExpiryMonth int            `json:"expiryMonth"`
	ExpiryYear  int            `json:"expiryYear"`
	IsDefault   bool           `json:"isDefault"`
	Status      payment.Status `json:"status"`
	Error       string         `json:"error"` // in words of the person's language; "" for none
}

// Billing answers GET /payment-methods, the one thing of billing that the console
// shows and for which AWS has no public API, to the root user and to whom a policy
// allows payments:ListPaymentInstruments.
func (h *Handler) Billing(w http.ResponseWriter, r *http.Request, p call.Principal) {
	if r.URL.Path != "/payment-methods" {
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", "There is nothing here.")
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "ValidationException", "The method is not allowed.")
		return
	}
	if err := h.Allow(r, p, listMethods, "*"); err != nil {
		h.refuseBilling(w, r, err)
		return
	}
	all, err := h.methodsOf(r, p.Account)
	if err != nil {
		h.refuseBilling(w, r, err)
		return
	}
	shown := make([]method, 0, len(all))
	for _, m := range all {
		why := ""
		if m.Error != "" {
			if why, err = h.Site.Pages.Declined(web.SignUpDecline(m.Error), h.Site.Locale(r)); err != nil {
				h.refuseBilling(w, r, err)
				return
			}
		}
		shown = append(shown, method{m.ID, string(m.Brand), m.LastFour, m.ExpiryMonth, m.ExpiryYear, m.Default, m.Status, why})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(shown)
}

// refuseBilling answers as AWS does to who may not; nobody is told what nobody expected.
func (h *Handler) refuseBilling(w http.ResponseWriter, r *http.Request, err error) {
	if denied, ok := errors.AsType[*Denied](err); ok {
		refuse(w, http.StatusForbidden, "AccessDeniedException", denied.Message)
		return
	}
	h.Site.Log.ErrorContext(r.Context(), "billing failed", "request_id", h.Site.RequestID(r), "error", err)
	refuse(w, http.StatusInternalServerError, "InternalServerException", "Internal error")
}

// Denied is the error of Deps.Allow for who may not; Message may be told.
type Denied struct{ Message string }

// Error is the text for logs.
func (d *Denied) Error() string { return d.Message }

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", code)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}
