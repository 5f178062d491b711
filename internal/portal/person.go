package portal

import (
	"context"
	"net/http"
	"net/url"

	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/arn"
	"sekisho/internal/favourite"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// pathOwn has the doors of what AWS's portal asks its own server for.
const pathOwn = "/api/_portal"

// doors are the ways in beside the API, by method and path.
func (h *Handler) doors() map[string]func(*http.Request, visitor) (any, error) {
	return map[string]func(*http.Request, visitor) (any, error){
		"GET " + pathOwn + "/applications":              h.applications,
		"GET " + pathOwn + "/accounts/{id}":             h.standing,
		"PUT " + pathOwn + "/favourites/{kind}/{id}":    h.mark,
		"DELETE " + pathOwn + "/favourites/{kind}/{id}": h.unmark,
		"GET " + pathOwn + "/sessions":                  h.sessions,
		"DELETE " + pathOwn + "/sessions/{id}":          h.endSession,
		"POST " + pathOwn + "/sessions/end-all-others":  h.endOtherSessions,
	}
}

// applicationsPage is how many applications come at once.
const applicationsPage = 100

type applicationFacts struct {
	ID          string `json:"applicationId"`
	Name        string `json:"name"`
	Description string `json:"description"`
	URL         string `json:"url,omitempty"` // none: it cannot be opened from here
}

// applications pages through what the person may open, in order of name (H-12, H-18).
func (h *Handler) applications(r *http.Request, v visitor) (any, error) {
	want, err := page.Parse(r.URL.Query().Get("next_token"), applicationsPage, applicationsPage)
	if err != nil {
		return nil, err
	}
	var got page.Page[application.Application]
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		got, err = application.VisibleTo(tx, v.user.ID, want)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := struct {
		Applications []applicationFacts `json:"applications"`
		NextToken    string             `json:"nextToken,omitempty"`
	}{make([]applicationFacts, 0, len(got.Items)), page.Token(got.Next)}
	for _, a := range got.Items {
		out.Applications = append(out.Applications, applicationFacts{a.ID, a.Name, a.Description, opensAt(a.SignIn)})
	}
	return out, nil
}

// opensAt is the application's own address, "" if its sign-in begins elsewhere. Only
// https leads out of the portal: whoever may change an application decides where
// people go, and shall not send them where others can read along. What is kept is
// looked at again, since a link of another scheme would run in the portal.
func opensAt(s application.SignIn) string {
	u, err := url.Parse(s.URL)
	if err != nil || s.Origin != application.FromApplication || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// standing tells why a role of an account that the person holds cannot be had: the
// account may be suspended or closed. Of other accounts it says as much
// as of those that do not exist, nothing.
func (h *Handler) standing(r *http.Request, v visitor) (any, error) {
	out := struct {
		Status account.Status `json:"status"`
	}{}
	id := r.PathValue("id")
	if !arn.ValidAccount(id) {
		return out, nil
	}
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		held, err := tx.PermissionSetsOf(v.user.ID, id, page.Request{Limit: 1})
		if err != nil || len(held.Items) == 0 {
			return err
		}
		a, err := tx.Account(id)
		out.Status = a.Status
		return err
	})
	return out, err
}

// favouriteKinds are the kinds by their word in an address.
var favouriteKinds = map[string]favourite.Kind{"accounts": favourite.Account, "applications": favourite.Application}

// favouriteFacts are a person's favourites, which the page itself tells: there are at
// most [favourite.Max], and a list that is drawn without them would jump.
type favouriteFacts struct {
	Accounts     []string `json:"accounts"`
	Applications []string `json:"applications"`
}

func (h *Handler) favourites(ctx context.Context, user string) (favouriteFacts, error) {
	out := favouriteFacts{Accounts: []string{}, Applications: []string{}}
	err := h.DB.View(ctx, func(tx store.Tx) error {
		all, err := tx.Favourites(user)
		for _, f := range all {
			if f.Kind == favourite.Account {
				out.Accounts = append(out.Accounts, f.Target)
			} else {
				out.Applications = append(out.Applications, f.Target)
			}
		}
		return err
	})
	return out, err
}

func (h *Handler) mark(r *http.Request, v visitor) (any, error) {
	return nil, h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return favourite.Mark(tx, h.asked(r, v)) })
}

func (h *Handler) unmark(r *http.Request, v visitor) (any, error) {
	return nil, h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return favourite.Unmark(tx, h.asked(r, v)) })
}

// asked is the favourite that the address names.
func (h *Handler) asked(r *http.Request, v visitor) favourite.Favourite {
	return favourite.Favourite{
		User: v.user.ID, Kind: favouriteKinds[r.PathValue("kind")], Target: r.PathValue("id"), MarkedAt: h.Site.Clock.Now(),
	}
}
