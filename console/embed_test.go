package console

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// Holds whether or not npm has run: an app is either whole or reported as not built.
func TestAppIsWholeOrNotBuilt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		app  func() (fs.FS, error)
		base string // of the addresses by which index.html refers to its files
	}{
		{"portal", Portal, "/start/"},
		{"management", Management, "/console-assets/"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			files, err := tc.app()
			if err != nil {
				if !errors.Is(err, ErrNotBuilt) {
					t.Fatalf("got %v, want ErrNotBuilt", err)
				}
				return
			}
			index, err := fs.ReadFile(files, "index.html")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(index), "<!--sekisho:session-->") {
				t.Error("index.html lost the marker at which the server puts the session")
			}
			assets, err := fs.Glob(files, "assets/*")
			if err != nil {
				t.Fatal(err)
			}
			referred := slices.ContainsFunc(assets, func(asset string) bool {
				return strings.HasSuffix(asset, ".js") && strings.Contains(string(index), tc.base+asset)
			})
			if !referred {
				t.Errorf("index.html refers to none of %q", assets)
			}
		})
	}
}

func TestUnknownAppIsNotBuilt(t *testing.T) {
	t.Parallel()
	if _, err := app("no-such-app"); !errors.Is(err, ErrNotBuilt) {
		t.Fatalf("app(no-such-app) = %v, want ErrNotBuilt", err)
	}
}
