// Package console carries the browser apps that npm builds in this directory
// inside the binary.
//
// It owns nothing but the files: which address an app is served at, under which
// headers, and to whom, is for the surface that serves it (internal/portal,
// internal/consoleweb).
package console

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// dist holds one directory per built app. The committed dist/.gitkeep lets the
// program compile before the first build.
//
//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the binary was compiled without the browser apps.
var ErrNotBuilt = errors.New("the browser apps are not built; run `make build`")

// Portal returns the access portal's files: index.html, which refers to every
// other file as /start/assets/<name>, and assets/, whose names contain a hash
// of their content, so that they may be cached for ever. It fails with
// ErrNotBuilt when the binary was compiled before the app.
func Portal() (fs.FS, error) { return app("portal") }

// Management returns the console's files, as Portal does the portal's; index.html
// refers to every other file as /console-assets/assets/<name>.
func Management() (fs.FS, error) { return app("management") }

func app(name string) (fs.FS, error) {
	files, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		return nil, fmt.Errorf("console app %q: %w", name, err)
	}
	if _, err := fs.Stat(files, "index.html"); err != nil {
		return nil, fmt.Errorf("console app %q: %w", name, ErrNotBuilt)
	}
	return files, nil
}
