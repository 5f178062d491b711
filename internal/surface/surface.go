// Package surface is the map of addresses: which surface of the server a host
// name means, and what address a surface has (design, "Surfaces"; D-01 to D-07,
// P-06). It knows names only; what a surface does is its own package's business.
package surface

import (
	"net"
	"net/url"
	"regexp"
	"strings"
)

// Kind is a surface.
type Kind uint8

// The surfaces. Unknown hosts get none of them.
const (
	Unknown Kind = iota
	Base         // D itself: every API on one address, and a landing page for people
	API          // an API by its AWS-shaped name, or api.D
	SignIn       // the only host that sees passwords
	Portal       // <directory id or subdomain>.awsapps.D, and by region or issuer (behaviours.md 6.2)
	Device       // device.sso.D: where a person types a device's code
	Console      // console.D
	// AccountSignIn is <alias or account id>.signin.D, where an account's IAM users begin.
	AccountSignIn
	SignUp // AWS's own address of sign-up
)

// Place is what a host name means.
type Place struct {
	Kind Kind
	// Service is the operation table's id for API places named after a service, else "".
	Service string
	// Region is the region in the host name, else "".
	Region string
	// Name is the portal's directory id, subdomain or instance id, or the account's
	// alias or id; "" of a portal's issuer address, which has the instance in its path.
	Name string
	// Host is the host as the browser sends it, lower-case, with its port if any.
	Host string
}

// Map knows the addresses of one server.
type Map struct {
	scheme string
	domain string // host without port, lower-case
	port   string // ":8420" or ""
	region string // home region, for addresses that need one
}

// New makes the map for the base domain (host, perhaps with port) as browsers
// see it under publicURL, such as http://localhost:8420.
func New(publicURL *url.URL, region string) Map {
	m := Map{scheme: publicURL.Scheme, domain: strings.ToLower(publicURL.Hostname()), region: region}
	if p := publicURL.Port(); p != "" {
		m.port = ":" + p
	}
	return m
}

// serviceHosts are the names of AWS's APIs as they stand before the region or
// the domain (api-surface.md section 1), with the operation table's id.
var serviceHosts = map[string]string{
	"iam": "iam", "sts": "sts", "portal.sso": "sso", "oidc": "sso-oidc", "sso": "sso-admin",
	"identitystore": "identitystore", "organizations": "organizations", "account": "account",
	"signin": "signin", "support": "support", "cloudtrail": "cloudtrail", "servicequotas": "service-quotas",
	"rolesanywhere": "rolesanywhere", "access-analyzer": "accessanalyzer",
}

// region is what AWS calls its regions: a place and a direction. Names of people's
// own, such as an alias "my-company-1", are none.
var region = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]{2,4})?-(central|(north|south)?(east|west)|north|south)-\d$`)

// ValidRegion reports whether s looks like the name of a region, "eu-west-1".
func ValidRegion(s string) bool { return len(s) <= 32 && region.MatchString(s) }

// awsSuffixes are the domains under which AWS's own names end. A resolver that
// points them here is routed by the same rules.
var awsSuffixes = []string{".amazonaws.com", ".api.aws", ".aws.amazon.com", ".signin.aws"}

// Find tells what host means. Host is a Host header: case and port do not
// matter for the names of this server beyond that the port is kept in Place.Host.
func (m Map) Find(host string) Place {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(name, ".")
	p := Place{Host: host}
	switch {
	case name == m.domain, name == "127.0.0.1", name == "[::1]", name == "::1":
		p.Kind = Base
		return p
	case strings.HasSuffix(name, "."+m.domain):
		return m.label(p, strings.TrimSuffix(name, "."+m.domain))
	case strings.HasSuffix(name, ".awsapps.com"):
		return m.label(p, strings.TrimSuffix(name, ".com"))
	case name == "signin.aws.amazon.com" || strings.HasSuffix(name, ".signin.aws") || name == "signin.aws":
		p.Kind = SignIn
		return p
	case name == "identitycenter.amazonaws.com":
		p.Kind = Portal
		return p
	case strings.HasSuffix(name, ".app.aws"):
		return m.label(p, strings.TrimSuffix(name, ".aws"))
	case name == "portal.aws.amazon.com": // D-12
		p.Kind = SignUp
		return p
	}
	for _, suffix := range awsSuffixes {
		if l, ok := strings.CutSuffix(name, suffix); ok {
			return m.label(p, l)
		}
	}
	return p
}

// label reads what stands before the base domain.
func (m Map) label(p Place, l string) Place {
	if l == "api" {
		p.Kind = API
		return p
	}
	if l == "signin" {
		p.Kind = SignIn
		return p
	}
	if l == "console" {
		p.Kind = Console
		return p
	}
	if name, ok := strings.CutSuffix(l, ".signin"); ok && name != "" && !strings.Contains(name, ".") {
		if region.MatchString(name) {
			p.Kind, p.Region = SignIn, name
		} else {
			p.Kind, p.Name = AccountSignIn, name
		}
		return p
	}
	if name, ok := strings.CutSuffix(l, ".console"); ok && region.MatchString(name) {
		p.Kind, p.Region = Console, name
		return p
	}
	if l == "device.sso" {
		p.Kind = Device
		return p
	}
	if name, ok := strings.CutSuffix(l, ".awsapps"); ok && name != "" && !strings.Contains(name, ".") {
		p.Kind, p.Name = Portal, name
		return p
	}
	if l == "identitycenter" {
		p.Kind = Portal
		return p
	}
	if name, in, ok := regionalPortal(l); ok {
		p.Kind, p.Name, p.Region = Portal, name, in
		return p
	}
	if s, ok := serviceHosts[l]; ok {
		p.Kind, p.Service = API, s
		return p
	}
	head, last := l, ""
	if i := strings.LastIndexByte(l, '.'); i >= 0 {
		head, last = l[:i], l[i+1:]
	}
	if !region.MatchString(last) {
		return p
	}
	p.Region = last
	if head == "device.sso" {
		p.Kind = Device
	} else if s, ok := serviceHosts[head]; ok {
		p.Kind, p.Service = API, s
	}
	return p
}

// instanceName is what names a portal in its addresses that have a region.
var instanceName = regexp.MustCompile(`^ssoins-[a-z0-9]{16}$`)

// regionalPortal reads the portal addresses that name an instance and a region:
// <instance>.portal.<region>.app and <instance>.<region>.portal (behaviours.md 6.2).
func regionalPortal(l string) (name, in string, ok bool) {
	parts := strings.Split(l, ".")
	switch {
	case len(parts) == 4 && parts[1] == "portal" && parts[3] == "app":
		name, in = parts[0], parts[2]
	case len(parts) == 3 && parts[2] == "portal":
		name, in = parts[0], parts[1]
	}
	return name, in, instanceName.MatchString(name) && region.MatchString(in)
}

// Region is the home region.
func (m Map) Region() string { return m.region }

// Secure reports whether browsers reach the server by https.
func (m Map) Secure() bool { return m.scheme == "https" }

// Base is the base address, where every API answers.
func (m Map) Base() string { return m.at("") }

// SignIn is the sign-in host's address.
func (m Map) SignIn() string { return m.at("signin.") }

// Console is the address of the management console (D-01).
func (m Map) Console() string { return m.at("console.") }

// AccountSignIn is where the IAM users of an account, named by alias or id, sign
// in (D-02).
func (m Map) AccountSignIn(name string) string { return m.at(name+".signin.") + "/console" }

// SignUp is where accounts are opened (D-12).
func (m Map) SignUp() string { return m.SignIn() + "/signup" }

// Portal is the address of the portal called name; its start page is at /start.
func (m Map) Portal(name string) string { return m.at(name + ".awsapps.") }

// PortalParam is the parameter of an address that names a portal.
const PortalParam = "portal"

// Verification is where people of a portal type the code that a device shows, or
// confirm it if it is known (RFC 8628 3.2). The device host looks no code up, so the
// address has to say whose it is; portal is "" for that of the oldest instance.
func (m Map) Verification(portal, userCode string) string {
	q := url.Values{}
	if portal != "" {
		q.Set(PortalParam, portal)
	}
	if userCode != "" {
		q.Set("user_code", userCode)
	}
	if len(q) == 0 {
		return m.Device() + "/"
	}
	return m.Device() + "/?" + q.Encode()
}

// StartURL is the portal's start page (D-03, D-04).
func (m Map) StartURL(name string) string { return m.Portal(name) + "/start" }

// Device is the address where a person types a device's code.
func (m Map) Device() string { return m.at("device.sso.") }

// ConsolePath is what of the console an address names, AWS's or ours: its path,
// query and fragment, with the region that its host names. "" if the address is
// none of the console's. A path alone is one of the console's.
func (m Map) ConsolePath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" || u.User != nil {
		return ""
	}
	if u.Scheme == "" && u.Host == "" {
		if !strings.HasPrefix(u.Path, "/") {
			return ""
		}
	} else if place := m.Find(u.Host); place.Kind != Console || u.Scheme != "https" && u.Scheme != m.scheme {
		return ""
	} else if q := u.Query(); place.Region != "" && !q.Has("region") {
		q.Set("region", place.Region)
		u.RawQuery = q.Encode()
	}
	return (&url.URL{Path: "/" + strings.TrimLeft(u.Path, "/"), RawQuery: u.RawQuery, Fragment: u.Fragment}).String()
}

// AWSStartURL is a spelling of the start URL that every CLI accepts without
// asking its host (api-surface.md 5.2).
func AWSStartURL(name string) string { return "https://" + name + ".awsapps.com/start" }

// InstanceURL is where a HEAD on the start URL redirects: the name from which
// the CLI reads the region. It is never fetched (api-surface.md 5.2).
func InstanceURL(instance, region string) string {
	return "https://" + instance + "." + region + ".portal.amazonaws.com/"
}

// PortalName returns which directory or instance a start URL names: the first
// label of its host (or the instance path of an issuer URL), in lower case; ""
// if it is no start URL of any known form. The address it stands at does not
// matter, only the name.
func (m Map) PortalName(startURL string) string {
	u, err := url.Parse(startURL)
	if err != nil || len(startURL) > 512 {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if host == "identitycenter.amazonaws.com" {
		return strings.ToLower(strings.Trim(u.Path, "/"))
	}
	for _, suffix := range []string{".awsapps." + m.domain, ".awsapps.com"} {
		if name, ok := strings.CutSuffix(host, suffix); ok && !strings.Contains(name, ".") {
			if path := strings.Trim(u.Path, "/"); path == "start" || path == "" {
				return name
			}
			return ""
		}
	}
	for _, suffix := range []string{".portal.amazonaws.com", ".app.aws"} {
		if rest, ok := strings.CutSuffix(host, suffix); ok {
			name, _, _ := strings.Cut(rest, ".")
			return name
		}
	}
	return ""
}

func (m Map) at(prefix string) string { return m.scheme + "://" + prefix + m.domain + m.port }
