package application

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// Bounds of what an application's configuration holds. AWS's model has those of
// lists and audiences; the last two are ours, where it has none.
const (
	maxListed      = 10 // targets of a scope, redirect URIs, issuers of a grant, audiences of an issuer
	maxAudience    = 512
	maxRedirectURI = 2048  // characters
	maxActorPolicy = 10240 // characters
)

// Configuration is how an application gets tokens.
type Configuration struct {
	Scopes []Scope // in order of name
	Grants []Grant // in order of type
	// ActorPolicy says who may ask for tokens as the application by the IAM
	// authentication method: a policy document, "" without the method.
	ActorPolicy string
	// BackgroundSessions lets jobs go on that a person started, when the person's
	// session has ended.
	BackgroundSessions bool
}

// Scope is an access scope that the application may ask for.
type Scope struct {
	Name    string   // 1 to 3 parts with colons, each 1 to 50 letters, digits and underscores
	Targets []string // ARNs of the instance or its applications that a token with it is for; may be none
}

// GrantType is an OAuth 2.0 grant by which an application gets tokens.
type GrantType string

// The grant types (RFC 6749, 7523 and 8693).
const (
	AuthorizationCode GrantType = "authorization_code"
	RefreshToken      GrantType = "refresh_token"
	JWTBearer         GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	TokenExchange     GrantType = "urn:ietf:params:oauth:grant-type:token-exchange"
)

// Grant is one that an application may use.
type Grant struct {
	Type         GrantType
	RedirectURIs []string           // of AuthorizationCode, 1 to 10
	Issuers      []AuthorizedIssuer // of JWTBearer, 1 to 10
}

// AuthorizedIssuer is a trusted token issuer whose tokens the application may
// exchange if they are for one of the audiences.
type AuthorizedIssuer struct {
	ARN       string
	Audiences []string // 1 to 10, each 1 to 512 characters
}

// configure changes an application's configuration.
func configure(tx Store, id string, change func(*Configuration) error) error {
	c, err := tx.ApplicationConfiguration(id)
	if err != nil {
		return err
	}
	if err := change(&c); err != nil {
		return err
	}
	return tx.PutApplicationConfiguration(id, c)
}

var scopeName = regexp.MustCompile(`^\w{1,50}(:\w{1,50}){0,2}$`)

// PutScope gives an application an access scope, or a scope other targets. It is
// Invalid for a name that cannot be, NotFound for a target that is not of the
// application's instance, and a Limit for the 26th scope.
func PutScope(tx Store, a Application, s Scope) error {
	if !scopeName.MatchString(s.Name) {
		return fault.New(fault.Invalid, "scope", "The access scope %q is not valid.", s.Name)
	}
	if len(s.Targets) > maxListed {
		return fault.New(fault.Invalid, "scope-targets", "An access scope can have at most %d authorized targets.", maxListed)
	}
	for _, target := range s.Targets {
		if err := ofInstance(tx, a.Instance, target); err != nil {
			return err
		}
	}
	return configure(tx, a.ID, func(c *Configuration) error {
		at, found := slices.BinarySearchFunc(c.Scopes, s.Name, func(s Scope, name string) int { return strings.Compare(s.Name, name) })
		switch {
		case found:
			c.Scopes[at] = s
		case len(c.Scopes) >= MaxScopes:
			return quota("access scopes for an application", MaxScopes)
		default:
			c.Scopes = slices.Insert(c.Scopes, at, s)
		}
		return nil
	})
}

// ofInstance is NotFound unless the ARN is the instance's or that of one of its
// applications: a token for another instance's would cross a wall.
func ofInstance(tx Store, instance, target string) error {
	if target == "arn:aws:sso:::instance/"+instance {
		return nil
	}
	a, err := ByARN(tx, target)
	if err == nil && a.Instance != instance {
		return noApplication(target)
	}
	return err
}

// Scope returns one by name, or NotFound.
func (c Configuration) Scope(name string) (Scope, error) {
	for _, s := range c.Scopes {
		if s.Name == name {
			return s, nil
		}
	}
	return Scope{}, fault.New(fault.NotFound, "no-scope", "Could not find the access scope %s", name)
}

// DeleteScope takes an access scope away, or is NotFound.
func DeleteScope(tx Store, application, name string) error {
	return configure(tx, application, func(c *Configuration) error {
		_, err := c.Scope(name)
		c.Scopes = slices.DeleteFunc(c.Scopes, func(s Scope) bool { return s.Name == name })
		return err
	})
}

// PutGrant lets an application use a grant, or changes how. It is Invalid for one
// that cannot be, and NotFound for a trusted token issuer that is not of the
// application's instance.
func PutGrant(tx Store, a Application, g Grant) error {
	if err := g.validate(); err != nil {
		return err
	}
	for _, issuer := range g.Issuers {
		i, err := TokenIssuerByARN(tx, issuer.ARN)
		if err != nil {
			return err
		}
		if i.Instance != a.Instance {
			return noTokenIssuer(issuer.ARN)
		}
	}
	return configure(tx, a.ID, func(c *Configuration) error {
		at, found := slices.BinarySearchFunc(c.Grants, g.Type, func(g Grant, t GrantType) int { return strings.Compare(string(g.Type), string(t)) })
		if found {
			c.Grants[at] = g
		} else {
			c.Grants = slices.Insert(c.Grants, at, g)
		}
		return nil
	})
}

func (g Grant) validate() error {
	if (len(g.RedirectURIs) > 0) != (g.Type == AuthorizationCode) || (len(g.Issuers) > 0) != (g.Type == JWTBearer) {
		return fault.New(fault.Invalid, "grant", "The grant does not match the grant type %s, or lacks what this type requires.", g.Type)
	}
	switch g.Type {
	case AuthorizationCode:
		if len(g.RedirectURIs) > maxListed {
			return fault.New(fault.Invalid, "grant", "A grant can have at most %d redirect URIs.", maxListed)
		}
		for _, uri := range g.RedirectURIs {
			if !validRedirectURI(uri) {
				return fault.New(fault.Invalid, "redirect-uri", "The redirect URI %q is not valid.", uri)
			}
		}
	case JWTBearer:
		return validIssuers(g.Issuers)
	case RefreshToken, TokenExchange:
	default:
		return fault.New(fault.Invalid, "grant", "The grant type %q is not supported.", g.Type)
	}
	return nil
}

func validIssuers(issuers []AuthorizedIssuer) error {
	if len(issuers) > maxListed {
		return fault.New(fault.Invalid, "grant", "A grant can have at most %d trusted token issuers.", maxListed)
	}
	seen := make(map[string]bool)
	for _, i := range issuers {
		switch {
		case i.ARN == "" || seen[i.ARN]:
			return fault.New(fault.Invalid, "grant", "Each authorized token issuer must name a trusted token issuer, and no two the same.")
		case len(i.Audiences) == 0 || len(i.Audiences) > maxListed:
			return fault.New(fault.Invalid, "grant", "An authorized token issuer must have 1 to %d audiences.", maxListed)
		}
		seen[i.ARN] = true
		for _, audience := range i.Audiences {
			if audience == "" || !shown(audience, maxAudience) {
				return fault.New(fault.Invalid, "grant", "An audience must be 1 to %d characters.", maxAudience)
			}
		}
	}
	return nil
}

// validRedirectURI reports whether authorization codes may be sent to a URI: one
// of https, of http on the browser's own machine, or of a native app's private
// scheme, which has a dot (RFC 8252, 7). Script schemes have none, a fragment would
// be lost (RFC 6749, 3.1.2), and a code sent by http could be read on its way.
func validRedirectURI(raw string) bool {
	if len(raw) > maxRedirectURI || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '#' || r == '\\' || r == '*' }) {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return false
	}
	switch u.Scheme {
	case "https":
		return u.Hostname() != "" && u.Opaque == ""
	case "http":
		address, err := netip.ParseAddr(u.Hostname())
		return u.Hostname() == "localhost" || err == nil && address.IsLoopback()
	}
	return strings.Contains(u.Scheme, ".")
}

// Grant returns the one of a type, or NotFound.
func (c Configuration) Grant(t GrantType) (Grant, error) {
	for _, g := range c.Grants {
		if g.Type == t {
			return g, nil
		}
	}
	return Grant{}, fault.New(fault.NotFound, "no-grant", "Could not find a grant of the type %s", t)
}

// DeleteGrant takes a grant away, or is NotFound.
func DeleteGrant(tx Store, application string, t GrantType) error {
	return configure(tx, application, func(c *Configuration) error {
		_, err := c.Grant(t)
		c.Grants = slices.DeleteFunc(c.Grants, func(g Grant) bool { return g.Type == t })
		return err
	})
}

// PutActorPolicy lets those whom the policy allows to call CreateTokenWithIAM get
// tokens as the application. It is Invalid for a document that is no policy with
// principals.
func PutActorPolicy(tx Store, application, document string) error {
	if utf8.RuneCountInString(document) > maxActorPolicy {
		return fault.New(fault.Invalid, "actor-policy", "The actor policy must be at most %d characters.", maxActorPolicy)
	}
	if _, err := policy.Parse(policy.ResourcePolicy, document); err != nil {
		return fault.New(fault.Invalid, "actor-policy", "The actor policy is not valid: %s", err.Error())
	}
	return configure(tx, application, func(c *Configuration) error { c.ActorPolicy = document; return nil })
}

// IAMMethod is the policy of the IAM authentication method, or NotFound.
func (c Configuration) IAMMethod() (actorPolicy string, err error) {
	if c.ActorPolicy == "" {
		return "", fault.New(fault.NotFound, "no-authentication-method", "Could not find an authentication method of the type IAM")
	}
	return c.ActorPolicy, nil
}

// DeleteActorPolicy takes the IAM authentication method away, or is NotFound.
func DeleteActorPolicy(tx Store, application string) error {
	return configure(tx, application, func(c *Configuration) error {
		_, err := c.IAMMethod()
		c.ActorPolicy = ""
		return err
	})
}

// AllowBackgroundSessions says whether people's jobs may go on without them.
func AllowBackgroundSessions(tx Store, application string, allowed bool) error {
	return configure(tx, application, func(c *Configuration) error { c.BackgroundSessions = allowed; return nil })
}

func noApplication(arn string) error {
	return fault.New(fault.NotFound, "no-application", "Could not find Application with arn %s", arn)
}
