package ssooidc

import "testing"

// Registrations are free, so starts are throttled by address too.
func TestStartsAreBoundedByAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range addressPerSecond / startsPerSecond {
		client := w.session()
		for range startsPerSecond {
			_, err := w.start(client, startURL)
			w.expect("start", err, ok)
		}
	}
	_, err := w.start(w.session(), startURL)
	w.expect("one too many from here", err, slow)
}
