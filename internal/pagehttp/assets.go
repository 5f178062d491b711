package pagehttp

import (
	"bytes"
	"net/http"
	"time"

	"sekisho/web"
)

// RouteAssets adds the style sheet, script and pictures of the pages. Their
// names change with their content, so browsers may keep them for ever.
func (s *Site) RouteAssets(mux *http.ServeMux) {
	for _, a := range web.Assets() {
		s.Route(mux, web.AssetPrefix+a.Name, Methods{http.MethodGet: func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Content-Type", a.ContentType)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.Body))
			return nil
		}})
	}
}
