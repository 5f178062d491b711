package consoleweb

import (
	"net/http"

	"sekisho/internal/pagehttp"
	"sekisho/internal/portal"
)

// open marks the browser of somebody who opens a role from a portal, and sends it
// back there for the code (see portal.ConsolePass). It leads to portals of this
// server alone, as nobody else can make a pass.
func (h *Handler) open(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get(portal.ParamPass)
	pass, err := portal.ReadConsolePass(h.Ring, text)
	if err != nil {
		return pagehttp.See(w, pathHome) // an old link: whoever is signed in goes on
	}
	return pagehttp.See(w, pass.Return(h.Site, text, h.shell.State(w, r)))
}
