package pagehttp

import (
	"net/http"
	"net/netip"

	"sekisho/internal/credential"
)

// Network is what tries from the browser's address count under, whoever they are
// for; none where the address cannot be told.
func (s *Site) Network(r *http.Request) []credential.Key {
	a, err := netip.ParseAddr(s.ClientIP(r))
	if err != nil {
		return nil
	}
	return []credential.Key{credential.AddressKey(a)}
}
