package portal

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/surface"
	"sekisho/web"
)

// sessionMarker is where index.html takes the session's facts.
const sessionMarker = "<!--sekisho:session-->"

// appPolicy lets the app load its own files and call its own host, nothing else.
const appPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// app is the browser app's files, read once.
type app struct {
	head, tail []byte // of index.html, around the marker
	assets     map[string]*asset
}

// asset is a file whose name contains a hash of its content.
type asset struct {
	contentType string
	body        []byte
	zipped      func() []byte // made when first asked for; nil if not worth it
}

func loadApp(files fs.FS) (*app, error) {
	if files == nil {
		return nil, nil
	}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, fmt.Errorf("portal app: %w", err)
	}
	head, tail, ok := bytes.Cut(index, []byte(sessionMarker))
	if !ok {
		return nil, fmt.Errorf("portal app: index.html has no %s", sessionMarker)
	}
	a := &app{head: head, tail: tail, assets: make(map[string]*asset)}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		return nil, fmt.Errorf("portal app: %w", err)
	}
	for _, e := range entries {
		body, err := fs.ReadFile(files, path.Join("assets", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("portal app: %w", err)
		}
		a.assets[e.Name()] = newAsset(e.Name(), body)
	}
	return a, nil
}

// contentTypes are those of the files that Vite makes: what the machine's own
// table of types says must not matter.
var contentTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".woff": "font/woff", ".png": "image/png", ".json": "application/json",
}

func newAsset(name string, body []byte) *asset {
	ext := path.Ext(name)
	a := &asset{contentType: contentTypes[ext], body: body}
	if a.contentType == "" {
		a.contentType = mime.TypeByExtension(ext)
	}
	if ext == ".js" || ext == ".css" || ext == ".svg" {
		a.zipped = sync.OnceValue(func() []byte {
			var b bytes.Buffer
			z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a known level
			_, _ = z.Write(body)                                  // to memory
			_ = z.Close()
			return b.Bytes()
		})
	}
	return a
}

// asset serves a file of the app, which browsers may keep for ever.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request) error {
	if h.app == nil {
		return h.Site.NotFound(w, r)
	}
	a, ok := h.app.assets[r.PathValue("name")]
	if !ok {
		return h.Site.NotFound(w, r)
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	body := a.body
	if a.zipped != nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			w.Header().Set("Content-Encoding", "gzip")
			body = a.zipped()
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

// acceptsGzip is enough for browsers, which never refuse gzip by "q=0".
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if name, q, _ := strings.Cut(strings.TrimSpace(coding), ";"); name == "gzip" && q != "q=0" {
			return r.Header.Get("Range") == ""
		}
	}
	return false
}

// sessionFacts is what the page tells the app: no secret is in it.
type sessionFacts struct {
	User             userFacts         `json:"user"`
	DirectoryID      string            `json:"directoryId"`
	InstanceARN      string            `json:"instanceArn"`
	Region           string            `json:"region"`
	StartURL         string            `json:"startUrl"`
	AWSStartURL      string            `json:"awsStartUrl"`
	Endpoints        map[string]string `json:"endpoints"`
	SessionExpiresAt time.Time         `json:"sessionExpiresAt"`
	ServerTime       time.Time         `json:"serverTime"`
	Locale           web.Locale        `json:"locale"`
	OrganizationName string            `json:"organizationName"`
	SignOutPath      string            `json:"signOutPath"`
}

type userFacts struct {
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
}

// showApp answers with the app and who it is for.
func (h *Handler) showApp(w http.ResponseWriter, r *http.Request, p here, s session.Session, u directory.User) error {
	if h.app == nil {
		return &pagehttp.Problem{Status: http.StatusServiceUnavailable, Kind: web.SetupProblem,
			Detail: "This program was built without the access portal's pages. Build it with `make build`."}
	}
	// json.Marshal writes <, > and & as \u003c, \u003e and \u0026, so that no
	// value can end the element that it stands in.
	facts, err := json.Marshal(sessionFacts{
		User:             userFacts{u.UserName, u.DisplayName, u.Email},
		DirectoryID:      p.DirectoryID,
		InstanceARN:      arn.Instance(p.ID),
		Region:           p.Region,
		StartURL:         h.Site.Map.StartURL(p.name),
		AWSStartURL:      surface.AWSStartURL(p.name),
		Endpoints:        h.Endpoints,
		SessionExpiresAt: s.ExpiresAt.UTC(),
		ServerTime:       h.Site.Clock.Now().UTC(),
		Locale:           h.Site.Locale(r),
		OrganizationName: p.organization,
		SignOutPath:      pathSignOut,
	})
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", appPolicy)
	header.Set("Referrer-Policy", "no-referrer")
	for _, part := range [][]byte{h.app.head, []byte(`<script type="application/json" id="sekisho-session">`), facts, []byte(`</script>`), h.app.tail} {
		_, _ = w.Write(part) // a browser that is gone needs no answer
	}
	return nil
}
