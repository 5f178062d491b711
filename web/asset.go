package web

// AssetPrefix is the path under which every surface that shows these pages
// serves the assets.
const AssetPrefix = "/assets/"

// Asset is a file that pages refer to. Its name contains a hash of its
// content, so that it may be cached for ever.
type Asset struct {
	Name        string // file name; the path is AssetPrefix + Name
	ContentType string
	Body        []byte // not to be modified
}

// Assets returns every asset.
func Assets() []Asset { return nil }

// ContentSecurityPolicy returns the value of the Content-Security-Policy
// header under which every page works. Browsers apply form-action to the
// redirects that follow a form too, so a page whose form may end in a redirect
// to another origin (as consent does, with an authorization code) names that
// origin in formTargets.
func ContentSecurityPolicy(formTargets ...string) string { return "" }
