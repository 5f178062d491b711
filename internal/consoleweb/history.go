package consoleweb

import (
	"net/http"
	"slices"

	"sekisho/internal/call"
	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/internal/session"
)

const (
	cookieHistory = "sekisho-roles"
	// maxHistory is how many roles a browser keeps (behaviours.md 8.4).
	maxHistory = 5
	// maxHistoryCookie is what fits into a cookie beside its name.
	maxHistoryCookie = 3800
	historyLife      = session.Afterlife * 2 * 90 // 90 days
)

// pastRole is a role that this browser switched to.
type pastRole struct {
	Account     string `cbor:"1,keyasint" json:"account"` // as it was typed: alias or id
	Role        string `cbor:"2,keyasint" json:"roleName"`
	DisplayName string `cbor:"3,keyasint,omitempty" json:"displayName"`
	Color       string `cbor:"4,keyasint,omitempty" json:"color"`
}

// pastRoles are those of one person: another one who signs in with the same
// browser does not learn of them.
type pastRoles struct {
	Owner string     `cbor:"1,keyasint"` // ARN
	Roles []pastRole `cbor:"2,keyasint"`
}

// history is what this browser remembers of owner's roles, newest first.
func (h *Handler) history(r *http.Request, owner call.Principal) []pastRole {
	past, err := sealed.Open[pastRoles](h.Ring, keys.RoleHistory, h.Site.Cookie(r, cookieHistory))
	if err != nil || past.Owner != owner.ARN {
		return []pastRole{}
	}
	return past.Roles
}

// remember puts a role at the head of the history.
func (h *Handler) remember(w http.ResponseWriter, r *http.Request, owner call.Principal, now pastRole) {
	past := pastRoles{owner.ARN, append([]pastRole{now}, slices.DeleteFunc(h.history(r, owner), func(p pastRole) bool {
		return p.Account == now.Account && p.Role == now.Role
	})...)}
	past.Roles = past.Roles[:min(len(past.Roles), maxHistory)]
	value := sealed.Seal(h.Ring, keys.RoleHistory, past)
	for len(value) > maxHistoryCookie {
		past.Roles = past.Roles[:len(past.Roles)-1]
		value = sealed.Seal(h.Ring, keys.RoleHistory, past)
	}
	h.Site.SetCookie(w, cookieHistory, value, historyLife)
}
