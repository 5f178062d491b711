// Package version is which release this is.
package version

// Version is set by the linker in releases.
var Version = "0.1.0-dev"
