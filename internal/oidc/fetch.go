package oidc

import (
	"context"
	"crypto/sha1" //nolint:gosec // AWS's thumbprints are SHA-1; finding another certificate with the same is not within reach
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	fetchTimeout = 5 * time.Second
	maxBody      = 1 << 20 // bytes
	maxRedirects = 3
)

// errCertificate is what a server that nothing vouches for is refused with.
var errCertificate = errors.New("certificate is trusted neither by a certificate authority nor by a thumbprint")

// get fetches address, which is https.
func (v *Verifier) get(ctx context.Context, p Provider, address string, now time.Time) ([]byte, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, unavailable(err)
	}
	req.Header.Set("Accept", "application/json")
	client := v.client(p, req.URL.Hostname(), now)
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, fetchError(err)
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests:
		return nil, nil, fetchError(fmt.Errorf("status %d", resp.StatusCode))
	case resp.StatusCode != http.StatusOK:
		return nil, nil, unavailable(fmt.Errorf("status %d", resp.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, nil, fetchError(err)
	}
	if len(body) > maxBody {
		return nil, nil, unavailable(errors.New("more than 1 MiB"))
	}
	return body, resp.Header, nil
}

// fetchError tells a server that may not be trusted from one that may answer later.
func fetchError(err error) *Error {
	var certificate *tls.CertificateVerificationError
	if errors.Is(err, errCertificate) || errors.As(err, &certificate) {
		return &Error{CodeInvalidIdentityToken, "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint", err}
	}
	if errors.Is(err, errRedirect) {
		return unavailable(err)
	}
	return &Error{CodeCommunication, "An error occurred while communicating with the identity provider", err}
}

var errRedirect = errors.New("redirected to another place")

// client returns what fetches from host. It is used once: keys are fetched
// rarely, and each provider has its own idea of whom to trust.
func (v *Verifier) client(p Provider, host string, now time.Time) *http.Client {
	c := http.Client{}
	if v.HTTPClient != nil {
		c = *v.HTTPClient
	} else {
		dialer := &net.Dialer{Control: public}
		c.Transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            dialer.DialContext,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: 64 << 10,
			TLSClientConfig: &tls.Config{
				MinVersion: tls.VersionTLS12,
				// The chain is checked by VerifyConnection, which Go calls in any case.
				InsecureSkipVerify: true, //nolint:gosec // see above
				VerifyConnection: func(cs tls.ConnectionState) error {
					return trusted(cs.PeerCertificates, host, v.Roots, p.Thumbprints, now)
				},
			},
		}
	}
	c.Timeout, c.Jar = fetchTimeout, nil
	c.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects || req.URL.Scheme != "https" || !strings.EqualFold(req.URL.Host, via[0].URL.Host) {
			return errRedirect
		}
		return nil
	}
	return &c
}

// public refuses connections to addresses at which clouds and operating systems
// answer the machine itself. Private networks are fine: there people run their
// own providers.
func public(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if a := ap.Addr().Unmap(); a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return fmt.Errorf("%s may not be connected to", a)
	}
	return nil
}

// trusted checks the chain that a server for host presents: by roots, or else
// by a certificate of the chain that has one of the thumbprints. Such a one has
// to be what the server's own certificate leads up to; that it was sent along
// proves nothing.
func trusted(chain []*x509.Certificate, host string, roots *x509.CertPool, thumbprints []string, now time.Time) error {
	if len(chain) == 0 {
		return errCertificate
	}
	opts := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool(), DNSName: host, CurrentTime: now}
	for _, c := range chain[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := chain[0].Verify(opts)
	if err == nil {
		return nil
	}
	opts.Roots = x509.NewCertPool()
	for _, c := range chain {
		if slices.ContainsFunc(thumbprints, func(t string) bool { return strings.EqualFold(t, thumbprint(c)) }) {
			opts.Roots.AddCert(c)
		}
	}
	if _, pinned := chain[0].Verify(opts); pinned != nil {
		return fmt.Errorf("%w: %v; %v", errCertificate, err, pinned)
	}
	return nil
}

// thumbprint is the SHA-1 of a certificate in lower-case hex.
func thumbprint(c *x509.Certificate) string {
	h := sha1.Sum(c.Raw) //nolint:gosec // see the import
	return hex.EncodeToString(h[:])
}

// Thumbprint connects to the host of an issuer's URL and returns the thumbprint
// of the last certificate that it presents, which is the top intermediate
// authority's: what CreateOpenIDConnectProvider keeps when it is given none
// (behaviours.md 5.10). Whether the host may be trusted is not asked: that is
// what the thumbprint is for. The error's code is InvalidInput for a URL that
// is none, OpenIdIdpCommunicationError for a host that cannot be reached.
func (v *Verifier) Thumbprint(ctx context.Context, issuer string) (string, error) {
	if err := CheckURL(issuer); err != nil {
		return "", err
	}
	u, err := url.Parse(issuer)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	port := u.Port()
	if port == "" {
		port = "443"
	}
	d := &tls.Dialer{
		NetDialer: &net.Dialer{Control: public},
		Config:    &tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname(), InsecureSkipVerify: true}, //nolint:gosec // nothing is sent, and see the comment
	}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return "", &Error{CodeProviderUnreachable, "Unable to connect to the identity provider", err}
	}
	defer func() { _ = conn.Close() }()
	tc, ok := conn.(*tls.Conn)
	if !ok {
		return "", errors.New("oidc: not a TLS connection")
	}
	chain := tc.ConnectionState().PeerCertificates
	return thumbprint(chain[len(chain)-1]), nil
}
