// Package appshell is what the hosts of browser apps have in common: the app's
// files, the page that tells the app who is signed in, the mark that ties a sign-in
// to the browser which left for it, and the host's own cookie.
//
// Who may be signed in, and what the app is told of them, is for the host
// (internal/portal, internal/consoleweb).
package appshell

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

	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// Config is what a shell is made from.
type Config struct {
	Site *pagehttp.Site
	DB   store.DB
	// App is the built browser app; nil if the program was built without it.
	App fs.FS
	// Title is what the app is called where it is missing, "the access portal".
	Title string
	// Surface has the cookie named Cookie.
	Surface session.Surface
	Cookie  string
	// StateLife is how long a person may take to sign in.
	StateLife time.Duration
}

// Shell serves one browser app.
type Shell struct {
	Config
	app *app
}

// New makes the shell. It fails if the app's files cannot be read or are no app's.
func New(c Config) (*Shell, error) {
	s := &Shell{Config: c}
	if c.App == nil {
		return s, nil
	}
	var err error
	if s.app, err = loadApp(c.App); err != nil {
		return nil, fmt.Errorf("the app of %s: %w", c.Title, err)
	}
	return s, nil
}

// marker is where index.html takes the session's facts.
const marker = "<!--sekisho:session-->"

// appPolicy lets an app load its own files and call its own host, nothing else.
const appPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// app is a browser app: its page, and its other files, which are read when they are
// asked for. Most never are, and none need be in memory before.
type app struct {
	head, tail []byte // of index.html, around the marker
	assets     map[string]*asset
}

// asset is a file whose name contains a hash of its content.
type asset struct {
	contentType string
	read        func() ([]byte, error)
	zipped      func() ([]byte, error) // made once; nil if not worth it
}

func loadApp(files fs.FS) (*app, error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, err
	}
	head, tail, ok := bytes.Cut(index, []byte(marker))
	if !ok {
		return nil, fmt.Errorf("index.html has no %s", marker)
	}
	a := &app{head: head, tail: tail, assets: make(map[string]*asset)}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		a.assets[e.Name()] = newAsset(files, e.Name())
	}
	return a, nil
}

// contentTypes are those of the files that Vite makes: what the machine's own
// table of types says must not matter.
var contentTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".woff": "font/woff", ".png": "image/png", ".json": "application/json",
}

func newAsset(files fs.FS, name string) *asset {
	ext := path.Ext(name)
	a := &asset{contentType: contentTypes[ext], read: func() ([]byte, error) { return fs.ReadFile(files, path.Join("assets", name)) }}
	if a.contentType == "" {
		a.contentType = mime.TypeByExtension(ext)
	}
	if ext == ".js" || ext == ".css" || ext == ".svg" {
		a.zipped = sync.OnceValues(func() ([]byte, error) {
			body, err := a.read()
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a known level
			_, _ = z.Write(body)                                  // to memory
			_ = z.Close()
			return b.Bytes(), nil
		})
	}
	return a
}

// Asset serves the file of the app that the path's {name} names. Browsers may keep
// it for ever.
func (s *Shell) Asset(w http.ResponseWriter, r *http.Request) error {
	if s.app == nil {
		return s.Site.NotFound(w, r)
	}
	a, ok := s.app.assets[r.PathValue("name")]
	if !ok {
		return s.Site.NotFound(w, r)
	}
	read, zipped := a.read, a.zipped != nil && acceptsGzip(r)
	if zipped {
		read = a.zipped
	}
	body, err := read()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if a.zipped != nil {
		w.Header().Set("Vary", "Accept-Encoding")
	}
	if zipped {
		w.Header().Set("Content-Encoding", "gzip")
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

// Show answers with the app. facts, as JSON, are what it is told of the session:
// nothing secret may be among them.
func (s *Shell) Show(w http.ResponseWriter, facts any) error {
	if s.app == nil {
		return &pagehttp.Problem{Status: http.StatusServiceUnavailable, Kind: web.SetupProblem,
			Detail: "This program was built without the pages of " + s.Title + ". Build it with `make build`."}
	}
	// json.Marshal writes <, > and & as \u003c, \u003e and \u0026, so that no
	// value can end the element that it stands in.
	told, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", appPolicy)
	header.Set("Referrer-Policy", "no-referrer")
	for _, part := range [][]byte{s.app.head, []byte(`<script type="application/json" id="sekisho-session">`), told, []byte(`</script>`), s.app.tail} {
		_, _ = w.Write(part) // a browser that is gone needs no answer
	}
	return nil
}
