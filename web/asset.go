package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strings"
	"sync"
)

//go:embed assets
var assetFiles embed.FS

// AssetPrefix is the path under which every surface that shows these pages
// serves the assets.
const AssetPrefix = "/assets/"

// Asset is a file that pages refer to. Its name contains a hash of its
// content, so that it may be cached for ever.
type Asset struct {
	Name        string // file name; the path is AssetPrefix + Name
	ContentType string
	Body        []byte // shared; not to be modified
}

// The files, their names in pages and their types.
var assetSources = []struct{ stem, ext, contentType string }{
	{"pages", ".css", "text/css; charset=utf-8"},
	{"reveal", ".js", "text/javascript; charset=utf-8"},
	{"passkey", ".js", "text/javascript; charset=utf-8"},
	{"logo", ".svg", "image/svg+xml"},
}

var assets = sync.OnceValue(func() map[string]Asset {
	all := make(map[string]Asset, len(assetSources))
	for _, s := range assetSources {
		body, err := assetFiles.ReadFile("assets/" + s.stem + s.ext)
		if err != nil {
			panic(err) // assetSources names a file that is not built in
		}
		sum := sha256.Sum256(body)
		name := s.stem + "-" + hex.EncodeToString(sum[:6]) + s.ext
		all[s.stem+s.ext] = Asset{Name: name, ContentType: s.contentType, Body: body}
	}
	return all
})

// Assets returns every asset.
func Assets() []Asset {
	var all []Asset
	for _, s := range assetSources {
		all = append(all, assets()[s.stem+s.ext])
	}
	return all
}

// ContentSecurityPolicy returns the value of the Content-Security-Policy
// header under which every page works. Browsers apply form-action to the
// redirects that follow a form too, so a page whose form may end in a redirect
// to another origin (as sign-in does, with a code for the portal, and consent,
// with one for an application) names that origin in formTargets, as scheme,
// host and port. What could end the directive is left out of it.
func ContentSecurityPolicy(formTargets ...string) string {
	var b strings.Builder
	b.WriteString("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self' data:; " +
		"base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	for _, target := range formTargets {
		if target != "" && !strings.ContainsAny(target, " \t\r\n;,'\"") {
			b.WriteString(" " + target)
		}
	}
	return b.String()
}
