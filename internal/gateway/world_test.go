package gateway_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/uuid"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/gateway"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/orgfile"
	"sekisho/internal/secret"
	"sekisho/internal/services/ssooidc"
	"sekisho/internal/services/ssoportal"
	"sekisho/internal/services/sts"
	"sekisho/internal/session"
	"sekisho/internal/sigv4"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/internal/token"
)

// organisation is small: one person, who holds one permission set in one account.
const organisation = `
organization:
  management_account: {id: "111122223333", name: Example Corp, email: root@example.com}
  accounts:
    - {id: "444455556666", name: Production, email: prod@example.com}
identity_center:
  region: eu-central-1
  subdomain: example
  directory_id: d-1234567890
  users: [{username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}]
  permission_sets: [{name: ReadOnly}]
  assignments: [{account: Production, permission_set: ReadOnly, users: [jane]}]
`

const (
	management = "111122223333"
	production = "444455556666"
	homeRegion = "eu-central-1"
	base       = "http://localhost:8420"
	clientIP   = "192.0.2.7"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is a gateway with the services of the program, over a database of its
// own, with jane signed in.
type world struct {
	testing.TB
	db       store.DB
	clock    *clock.Fixed
	gate     *gateway.Gateway
	addr     surface.Map
	roles    token.Sessions
	log      bytes.Buffer
	recorded []audit.Event // what the counter handed on

	jane         string
	setID        string
	role         iam.Role
	portal       session.Session
	clients      token.Clients
	client       token.Client
	clientSecret secret.String
	grant        token.Grant
	bearer       string
	refresh      string
	temporary    token.Credentials
	root         iam.AccessKey
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clock.NewFixed(start)}
	db, ring := storetest.OpenWithRing(tb)
	w.db, w.clients, w.roles = db, token.Clients{Ring: ring}, token.Sessions{Ring: ring}
	f, err := orgfile.Parse([]byte(organisation))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := (&orgfile.Applier{Store: db}).Apply(tb.Context(), f, start); err != nil {
		tb.Fatal(err)
	}
	if w.client, w.clientSecret, err = w.clients.Register(token.Client{Name: "test", Scopes: []string{token.ScopeAccountAccess}}, start); err != nil {
		tb.Fatal(err)
	}
	w.root = iam.AccessKey{ID: arn.NewUniqueID("AKIA", management), Account: management, Secret: token.NewSecretKey(), Active: true, CreatedAt: start}
	w.update(func(tx store.Tx) error {
		user, err := storetest.User(tx, "jane")
		if err != nil {
			return err
		}
		set, err := storetest.PermissionSet(tx, "ReadOnly")
		if err != nil {
			return err
		}
		w.jane, w.setID = user.ID, set.ID
		if w.role, err = tx.RoleOfPermissionSet(production, set.ID); err != nil {
			return err
		}
		return tx.PutAccessKey(w.root)
	})
	w.signIn()
	w.temporary = w.issue(time.Hour)
	w.build()
	return w
}

// callerIdentity is as much of STS as these tests need; all of it is tested where
// the whole program is (test/operations).
type callerIdentity struct{}

func (callerIdentity) GetCallerIdentity(ctx context.Context, c *call.Call, in *awssts.GetCallerIdentityInput) (*awssts.GetCallerIdentityOutput, error) {
	return (&sts.Service{}).GetCallerIdentity(ctx, c, in)
}

// build makes the gateway as internal/app does.
func (w *world) build() {
	w.Helper()
	public, err := url.Parse(base)
	if err != nil {
		w.Fatal(err)
	}
	w.addr = surface.New(public, homeRegion)
	facts := live.New(w.db)
	facts.Follow(w.Context())
	counts := audit.NewCounter(func(_ context.Context, batch []*audit.Event) error {
		for _, e := range batch {
			w.recorded = append(w.recorded, *e)
		}
		return nil
	}, func(err error, _ int) { w.Error(err) })
	w.gate = &gateway.Gateway{
		Authn:  &authn.Authenticator{Live: facts, Sessions: w.roles, Clock: w.clock, SigningKeys: sigv4.NewKeyCache(64)},
		Authz:  &authz.Authorizer{Live: facts},
		Clock:  w.clock,
		Map:    w.addr,
		Log:    slog.New(slog.NewTextHandler(&w.log, nil)),
		Counts: counts,
		ClientIP: func(*http.Request) string {
			return clientIP
		},
		RequestID: func(http.ResponseWriter) string { return "00000000-0000-4000-8000-000000000001" },
	}
	w.register("sts", call.Table{"GetCallerIdentity": sts.Table["GetCallerIdentity"]}, callerIdentity{})
	w.register("sso", ssoportal.Table, &ssoportal.Service{Store: w.db, Live: facts, Sessions: w.roles})
	w.register("sso-oidc", ssooidc.Table, &ssooidc.Service{Store: w.db, Live: facts, Clients: w.clients, Map: w.addr})
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// signIn gives jane a portal session and, by the device flow, a grant in it.
func (w *world) signIn() {
	w.Helper()
	now := w.clock.Now()
	w.update(func(tx store.Tx) (err error) {
		if w.portal, err = session.Begin(tx, uuid.NewString(), w.jane, now, 8*time.Hour, clientIP, "browser"); err != nil {
			return err
		}
		d, code, err := token.BeginDevice(tx, w.client, "ssoins-1", clientIP, "cli", now)
		if err != nil {
			return err
		}
		if _, err := token.DecideDevice(tx, d.Instance, d.UserCode, w.portal, true, now); err != nil {
			return err
		}
		out, err := token.RedeemDevice(tx, w.client, code, uuid.NewString(), now)
		if err == nil {
			err = out.Refused
		}
		w.grant, w.bearer, w.refresh = out.Grant, out.AccessToken.Reveal(), out.RefreshToken.Reveal()
		return err
	})
}

// issue makes credentials of jane's role.
func (w *world) issue(life time.Duration) token.Credentials {
	w.Helper()
	creds, err := w.roles.Issue(token.Session{
		Account: production, Entity: w.role.ID, RoleName: w.role.Name, Name: "jane",
		User: w.jane, PermissionSet: w.setID, PortalSession: w.portal.ID,
	}, w.clock.Now(), life)
	if err != nil {
		w.Fatal(err)
	}
	return creds
}

// counted returns the events that went to the counter since the last call.
func (w *world) counted() []audit.Event {
	w.Helper()
	over, cancel := context.WithCancel(context.Background())
	cancel()
	w.recorded = nil
	w.gate.Counts.Run(over) // ended before it began, it stores what there is and returns
	return w.recorded
}

// committed returns the events that stand in the database, newest first.
func (w *world) committed() (events []audit.Event) {
	w.Helper()
	err := w.db.View(context.Background(), func(tx store.Tx) (err error) {
		events, err = tx.Events(store.EventFilter{})
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return events
}

// ask is a request before it is signed.
type ask struct {
	method, url string
	header      map[string]string
	body        string
}

func (a ask) with(name, value string) ask {
	h := map[string]string{name: value}
	for k, v := range a.header {
		if k != name {
			h[k] = v
		}
	}
	a.header = h
	return a
}

func (a ask) request() *http.Request {
	r := httptest.NewRequest(a.method, a.url, strings.NewReader(a.body))
	for k, v := range a.header {
		r.Header.Set(k, v)
	}
	return r
}

// key is what a caller signs with.
type key struct{ id, secret, token string }

func (w *world) temporaryKey() key {
	return key{w.temporary.AccessKeyID, w.temporary.SecretKey.Reveal(), w.temporary.SessionToken.Reveal()}
}

func (w *world) rootKey() key { return key{id: w.root.ID, secret: w.root.Secret.Reveal()} }

// sign signs with the SDK's own signer, so that what is accepted here is what
// clients send.
func (a ask) sign(tb testing.TB, k key, service, region string, at time.Time) *http.Request {
	tb.Helper()
	r := a.request()
	sum := sha256.Sum256([]byte(a.body))
	creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
	if err := v4.NewSigner().SignHTTP(tb.Context(), creds, r, hex.EncodeToString(sum[:]), service, region, at); err != nil {
		tb.Fatal(err)
	}
	if a.body != "" {
		r.Header.Set("Content-Length", strconv.Itoa(len(a.body))) // as net/http's server has it
	}
	return r
}

// answer is a response, read as its protocol has it.
type answer struct {
	*httptest.ResponseRecorder
	code, message string
}

// send lets the gateway answer r and reads an error in the form of its
// protocol: the codes on the wire, in all the places where clients look.
func (w *world) send(r *http.Request) answer {
	w.Helper()
	rec := httptest.NewRecorder()
	w.gate.ServeHTTP(rec, r, w.addr.Find(r.Host))
	return w.read(rec)
}

func (w *world) read(rec *httptest.ResponseRecorder) answer {
	w.Helper()
	a := answer{ResponseRecorder: rec}
	body := rec.Body.Bytes()
	if id := rec.Header().Get("X-Amzn-Requestid"); id == "" {
		w.Errorf("no request id in the header of status %d", rec.Code)
	}
	if rec.Code < 300 {
		return a
	}
	switch contentType := rec.Header().Get("Content-Type"); contentType {
	case "text/xml":
		var e struct {
			XMLName   xml.Name `xml:"ErrorResponse"`
			Type      string   `xml:"Error>Type"`
			Code      string   `xml:"Error>Code"`
			Message   string   `xml:"Error>Message"`
			RequestID string   `xml:"RequestId"`
		}
		if err := xml.Unmarshal(body, &e); err != nil {
			w.Errorf("error body %q: %v", body, err)
		}
		want := "Sender"
		if rec.Code >= 500 {
			want = "Receiver"
		}
		if e.Type != want || e.RequestID != rec.Header().Get("X-Amzn-Requestid") {
			w.Errorf("error body %s", body)
		}
		a.code, a.message = e.Code, e.Message
	case "application/json", "application/x-amz-json-1.1":
		var e map[string]any
		if err := json.Unmarshal(body, &e); err != nil {
			w.Errorf("error body %q: %v", body, err)
		}
		a.code = rec.Header().Get("X-Amzn-Errortype")
		a.message, _ = e["message"].(string)
		if a.message == "" {
			a.message, _ = e["Message"].(string)
		}
		if contentType == "application/x-amz-json-1.1" && e["__type"] != a.code {
			w.Errorf("__type %v beside header %s", e["__type"], a.code)
		}
	default:
		w.Errorf("error of type %q: %s", contentType, body)
	}
	return a
}

// expect holds the answer to a status and code.
func (w *world) expect(what string, a answer, status int, code string) {
	w.Helper()
	if a.Code != status || a.code != code {
		w.Errorf("%s: %d %s %q, want %d %s", what, a.Code, a.code, a.message, status, code)
	}
}

func (w *world) register(id string, table call.Table, impl any) {
	w.Helper()
	if err := w.gate.Register(id, table, impl, nil); err != nil {
		w.Fatal(err)
	}
}
