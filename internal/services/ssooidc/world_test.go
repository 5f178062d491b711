package ssooidc

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/live"
	"sekisho/internal/orgfile"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/internal/token"
)

const organisation = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com}
identity_center:
  region: us-east-1
  subdomain: example
  directory_id: d-1234567890
  users: [{username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}]
`

const (
	startURL   = "https://example.awsapps.com/start"
	callback   = "http://127.0.0.1/oauth/callback"
	callbackAt = "http://127.0.0.1:41941/oauth/callback"
	verifier   = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is the service over the real domain and store, with jane signed in.
type world struct {
	testing.TB
	db       store.DB
	clock    *clock.Fixed
	facts    *live.Cache
	clients  token.Clients
	service  *Service
	instance string
	jane     string
	portal   session.Session
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clock.NewFixed(start)}
	db, ring := storetest.OpenWithRing(tb)
	w.db, w.clients = db, token.Clients{Ring: ring}
	f, err := orgfile.Parse([]byte(organisation))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := (&orgfile.Applier{Store: db}).Apply(tb.Context(), f, start); err != nil {
		tb.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		jane, err := storetest.User(tx, "jane")
		w.jane = jane.ID
		inst, e := access.Home(tx)
		w.instance = inst.ID
		return errors.Join(err, e)
	})
	w.signIn(8 * time.Hour)
	w.facts = live.New(db)
	w.facts.Follow(tb.Context())
	w.service = w.node()
	return w
}

// node is one more server on the same database, with throttles of its own.
func (w *world) node() *Service {
	return &Service{Store: w.db, Live: w.facts, Clients: w.clients, Map: surface.New(&url.URL{Scheme: "http", Host: "localhost:8420"}, "us-east-1")}
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) signIn(life time.Duration) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		w.portal, err = session.Begin(tx, uuid.NewString(), w.jane, w.clock.Now(), life, "192.0.2.7", "browser")
		return err
	})
}

func (w *world) signOut() {
	w.Helper()
	w.update(func(tx store.Tx) error { return tx.EndSession(w.portal.ID, w.clock.Now(), session.SignedOut) })
}

func (w *world) call() *call.Call {
	now := w.clock.Now()
	return &call.Call{Now: now, SourceIP: "192.0.2.7", UserAgent: "aws-cli", Event: &audit.Event{At: now, Source: "sso.amazonaws.com", Name: "test"}}
}

// client is a registration with its secret, as a client keeps them.
type client struct{ id, secret *string }

func (w *world) register(in *ssooidc.RegisterClientInput) (client, error) {
	w.Helper()
	if in.ClientType == nil {
		in.ClientType = aws.String("public")
	}
	if in.ClientName == nil {
		in.ClientName = aws.String("botocore-client-test")
	}
	out, err := w.service.RegisterClient(w.Context(), w.call(), in)
	if err != nil {
		return client{}, err
	}
	return client{out.ClientId, out.ClientSecret}, nil
}

// session is the registration that an sso-session makes for the device grant,
// legacy the one of a profile without, and pkce that of the code grant.
func (w *world) session() client {
	return w.must(&ssooidc.RegisterClientInput{Scopes: []string{token.ScopeAccountAccess}})
}
func (w *world) legacy() client { return w.must(&ssooidc.RegisterClientInput{}) }
func (w *world) pkce() client {
	return w.must(&ssooidc.RegisterClientInput{
		Scopes: []string{token.ScopeAccountAccess}, GrantTypes: []string{token.GrantAuthorizationCode, token.GrantRefreshToken},
		RedirectUris: []string{callback}, IssuerUrl: aws.String(startURL),
	})
}

func (w *world) must(in *ssooidc.RegisterClientInput) client {
	w.Helper()
	c, err := w.register(in)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *world) start(c client, url string) (*ssooidc.StartDeviceAuthorizationOutput, error) {
	return w.service.StartDeviceAuthorization(context.Background(), w.call(), &ssooidc.StartDeviceAuthorizationInput{
		ClientId: c.id, ClientSecret: c.secret, StartUrl: aws.String(url),
	})
}

// device starts an authorization that must start.
func (w *world) device(c client) *ssooidc.StartDeviceAuthorizationOutput {
	w.Helper()
	d, err := w.start(c, startURL)
	if err != nil {
		w.Fatal(err)
	}
	return d
}

func (w *world) decide(d *ssooidc.StartDeviceAuthorizationOutput, allow bool) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		_, err := token.DecideDevice(tx, w.instance, *d.UserCode, w.portal, allow, w.clock.Now())
		return err
	})
}

func (w *world) poll(c client, d *ssooidc.StartDeviceAuthorizationOutput) (*ssooidc.CreateTokenOutput, error) {
	return w.create(&ssooidc.CreateTokenInput{ClientId: c.id, ClientSecret: c.secret, GrantType: aws.String(token.GrantDeviceCode), DeviceCode: d.DeviceCode})
}

func (w *world) refresh(c client, refreshToken string) (*ssooidc.CreateTokenOutput, error) {
	return w.create(&ssooidc.CreateTokenInput{ClientId: c.id, ClientSecret: c.secret, GrantType: aws.String(token.GrantRefreshToken), RefreshToken: &refreshToken})
}

func (w *world) create(in *ssooidc.CreateTokenInput) (*ssooidc.CreateTokenOutput, error) {
	return w.service.CreateToken(context.Background(), w.call(), in)
}

// code is what jane's browser brings back from /authorize.
func (w *world) code(c client) string {
	w.Helper()
	registered, err := w.clients.Find(*c.id, w.clock.Now())
	if err != nil {
		w.Fatal(err)
	}
	sum := sha256.Sum256([]byte(verifier))
	var code secret.String
	w.update(func(tx store.Tx) (err error) {
		code, err = token.GiveCode(tx, token.AuthorizeRequest{
			Client: registered, RedirectURI: callbackAt, State: "s", Challenge: base64.RawURLEncoding.EncodeToString(sum[:]),
		}, w.portal, w.clock.Now())
		return err
	})
	return code.Reveal()
}

func codeInput(c client, code string) *ssooidc.CreateTokenInput {
	return &ssooidc.CreateTokenInput{
		ClientId: c.id, ClientSecret: c.secret, GrantType: aws.String(token.GrantAuthorizationCode),
		Code: &code, RedirectUri: aws.String(callbackAt), CodeVerifier: aws.String(verifier),
	}
}

// tokens signs a client in by the device grant.
func (w *world) tokens(c client) *ssooidc.CreateTokenOutput {
	w.Helper()
	d := w.device(c)
	w.decide(d, true)
	out, err := w.poll(c, d)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// good reports whether a bearer token stands now.
func (w *world) good(accessToken *string) bool {
	w.Helper()
	b, err := w.facts.Bearer(context.Background(), secret.NewString(*accessToken).Hash())
	if live.Gone(err) {
		return false
	}
	if err != nil {
		w.Fatal(err)
	}
	s, err := w.facts.Session(context.Background(), b.Grant.Session)
	if err != nil {
		w.Fatal(err)
	}
	now := w.clock.Now()
	return now.Before(b.Token.ExpiresAt) && b.Grant.EndedAt.IsZero() && s.Live(now)
}

// told is an error as it stands on the wire.
type told struct {
	status      int
	code, oauth string
}

func (w *world) told(err error) told {
	w.Helper()
	if err == nil {
		return told{status: 200}
	}
	api := awsproto.Service("sso-oidc")
	e, ok := api.ErrorOf(err)
	if !ok {
		w.Errorf("%v is nothing that a client may see", err)
		return told{}
	}
	res := api.EncodeError(e, "id")
	defer res.Release()
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Message     string `json:"message"` // what old clients show
	}
	if err := json.Unmarshal(res.Body, &body); err != nil || body.Description == "" || body.Message != body.Description {
		w.Errorf("body %s: %v", res.Body, err)
	}
	return told{e.Status, e.Code, body.Error}
}

func (w *world) expect(what string, err error, want told) {
	w.Helper()
	if got := w.told(err); got != want {
		w.Errorf("%s: %+v (%v), want %+v", what, got, err, want)
	}
}

// The answers of behaviours.md 7.5.
var (
	ok                    = told{status: 200}
	authorizationPending  = told{400, "AuthorizationPendingException", "authorization_pending"}
	slow                  = told{400, "SlowDownException", "slow_down"}
	expiredToken          = told{400, "ExpiredTokenException", "expired_token"}
	accessDenied          = told{400, "AccessDeniedException", "access_denied"}
	invalidGrant          = told{400, "InvalidGrantException", "invalid_grant"}
	invalidClient         = told{401, "InvalidClientException", "invalid_client"}
	invalidClientMetadata = told{400, "InvalidClientMetadataException", "invalid_client_metadata"}
	invalidRequest        = told{400, "InvalidRequestException", "invalid_request"}
	invalidRedirectURI    = told{400, "InvalidRedirectUriException", "invalid_redirect_uri"}
	invalidScope          = told{400, "InvalidScopeException", "invalid_scope"}
	unsupportedGrantType  = told{400, "UnsupportedGrantTypeException", "unsupported_grant_type"}
)
