// Package gateway is the front door of every AWS API. A request goes through
// the same stages whatever the service: find the operation, authenticate,
// decode, validate, authorize, begin the audit event, call, encode.
//
// It owns the order of the stages and the answers of each that fails. The wire
// is awsproto's, identity authn's, permission authz's; what an operation does is
// its service's, of which the gateway knows only the table and the methods.
package gateway

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/sigv4"
	"sekisho/internal/surface"
)

// Gateway answers API requests. Fields are set before the first request.
type Gateway struct {
	Authn *authn.Authenticator
	Authz *authz.Authorizer
	// Uses is told of every call that was allowed, for last-used facts; nil for nobody.
	Uses   interface{ Note(u iam.Use) }
	Clock  clock.Clock
	Map    surface.Map
	Log    *slog.Logger
	Counts *audit.Counter
	// ClientIP tells the client's address, RequestID the id given to the request.
	ClientIP  func(*http.Request) string
	RequestID func(http.ResponseWriter) string

	services map[string]*service
	bodies   bodies
}

// request is one request on its way through the stages.
type request struct {
	http      *http.Request
	body      []byte
	wire      awsproto.Request
	id        string
	place     surface.Place
	principal *call.Principal // given by a surface's own session, not to be authenticated
}

// ServeHTTP answers an API request that came to place.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request, place surface.Place) {
	g.serve(w, &request{http: r, id: g.RequestID(w), place: place})
}

// ServeAs answers a request to one service in a region ("" for the home region)
// that a browser surface has already authenticated by its session cookie: p takes
// the place of the bearer token or of the signature.
func (g *Gateway) ServeAs(w http.ResponseWriter, r *http.Request, service, region string, p call.Principal) {
	g.serve(w, &request{http: r, id: g.RequestID(w), place: surface.Place{Kind: surface.API, Service: service, Region: region}, principal: &p})
}

func (g *Gateway) serve(w http.ResponseWriter, r *request) {
	body, done, refused := g.bodies.read(w, r.http, g.maxBody(r))
	defer done()
	if refused != 0 {
		api := guessAPI(r.http, r.place)
		send(w, api.EncodeError(api.Refuse(refused, ""), r.id))
		return
	}
	r.body = body
	r.wire = awsproto.Request{Method: r.http.Method, RawQuery: r.http.URL.RawQuery, Header: r.http.Header, Body: body}

	op, api, e := g.find(r)
	if api == nil {
		writeNoSuchPath(w)
		return
	}
	if op == nil {
		send(w, api.EncodeError(e, r.id))
		return
	}
	c := g.begin(r, op)
	res, err := g.run(r.http.Context(), r, op, c)
	if err != nil {
		res = op.api.EncodeError(g.failed(op, c, err), r.id)
	}
	decision := c.Event.DecisionID
	if !c.Event.Recorded() {
		decision = g.Counts.Add(c.Event)
	}
	if decision != "" {
		w.Header().Set(decisionHeader, decision)
	}
	send(w, res)
}

// failed notes in the call's event why it failed, and returns what the caller is told.
func (g *Gateway) failed(op *operation, c *call.Call, err error) awsproto.Error {
	e := g.wireError(op, c, err)
	c.Event.ErrorCode, c.Event.ErrorMessage = e.Code, clean(e.Message, 1024)
	if c.Event.ErrorReason == "" {
		c.Event.ErrorReason = err.Error()
	}
	c.Event.ErrorReason = clean(c.Event.ErrorReason, 1024)
	if d, ok := errors.AsType[*authz.Denial](err); ok && g.Counts.Explains(c.Event) {
		c.Event.Decision = d.Explanation()
	}
	return e
}

// decisionHeader names the refusal, for "sekisho policy explain".
const decisionHeader = "X-Sekisho-Decision-Id"

func (g *Gateway) begin(r *request, op *operation) *call.Call {
	now := g.Clock.Now()
	c := &call.Call{
		RequestID: r.id,
		Service:   op.api.ID,
		Operation: op.wire.Name,
		Region:    r.place.Region,
		Now:       now,
		SourceIP:  g.ClientIP(r.http),
		UserAgent: clean(r.http.UserAgent(), 512),
		Secure:    g.Map.Secure(),
	}
	if c.Region == "" {
		c.Region = g.Map.Region()
	}
	c.Event = &audit.Event{
		At: now, Source: op.eventSource, Name: op.wire.Name, Region: c.Region, SourceIP: c.SourceIP,
		UserAgent: c.UserAgent, RequestID: c.RequestID, ReadOnly: op.rule.ReadOnly, Count: 1,
	}
	return c
}

// run takes the call through authentication, decoding, validation and
// authorization to the service, and its output to the wire. A panic becomes an
// error, so that the caller gets it in the form that its protocol has for errors.
func (g *Gateway) run(ctx context.Context, r *request, op *operation, c *call.Call) (res *awsproto.Response, err error) {
	defer recovered(&err)
	err = g.authenticate(ctx, r, op, c)
	identify(c)
	if err == nil {
		err = g.standing(ctx, op, c)
	}
	if err != nil {
		return nil, err
	}
	in := op.codec.NewInput()
	if err := op.codec.Decode(&r.wire, in); err != nil {
		return nil, err
	}
	out, err := g.perform(ctx, op, c, in)
	if err != nil {
		return nil, err
	}
	return op.codec.Encode(out, r.id)
}

// recovered makes a panic an error of the function that defers it.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// identify notes in the call's event who makes it.
func identify(c *call.Call) {
	p := &c.Principal
	c.Event.Account, c.Event.PrincipalID, c.Event.UserName, c.Event.AccessKeyID = p.Account, p.ARN, p.UserName, p.AccessKeyID
	c.Event.Identity = p.Identity()
}

// perform takes an input through validation and authorization to the service.
func (g *Gateway) perform(ctx context.Context, op *operation, c *call.Call, in any) (any, error) {
	if v := op.codec.Validate(in); v != nil {
		return nil, v
	}
	op.tell(c, in)
	if err := g.authorize(ctx, op, c, in); err != nil {
		return nil, err
	}
	return op.call(ctx, c, in)
}

// authorize decides the call's own action, and notes that it was made.
func (g *Gateway) authorize(ctx context.Context, op *operation, c *call.Call, in any) (err error) {
	var t call.Target
	if op.rule.Access == call.Signed && op.targets != nil {
		if t, err = op.targets.Target(ctx, c, op.rule, in); err != nil {
			return err
		}
		c.Event.Resource = clean(t.ARN, 2048)
	}
	if err := g.Authz.Authorize(ctx, c, op.rule, t); err != nil {
		return err
	}
	if tag := op.rule.TagAction; tag != "" && len(t.Keys[call.TagKeys]) > 0 {
		if err := g.Authz.Allow(ctx, c, tag, t); err != nil {
			return err
		}
	}
	if p := &c.Principal; g.Uses != nil && p.Account != "" {
		u := iam.Use{Account: p.Account, Entity: p.Entity, Service: op.service, Action: op.action, Region: c.Region, At: c.Now}
		if u.Entity == "" {
			u.Entity = p.Account
		}
		if p.Temporary == nil {
			u.AccessKey = p.AccessKeyID
		}
		g.Uses.Note(u)
	}
	return nil
}

// Clock windows (behaviours.md 2.4, 11.2).
const (
	queryWindow = 15 * time.Minute
	jsonWindow  = 5 * time.Minute
)

func (g *Gateway) authenticate(ctx context.Context, r *request, op *operation, c *call.Call) (err error) {
	if op.rule.Access == call.Open {
		return nil // whatever Authorization header there is, is ignored
	}
	if r.principal != nil {
		if portal := r.principal.Kind == call.PortalUser; portal != (op.rule.Access == call.Bearer) {
			return &authn.Refusal{Why: authn.MissingToken, Message: "Missing Authentication Token", Reason: "a session of another surface"}
		}
		c.Principal = *r.principal
		return nil
	}
	if op.rule.Access == call.Bearer {
		c.Principal, err = g.Authn.Bearer(ctx, secret.NewString(bearerToken(r.http.Header)))
		return err
	}
	window := queryWindow
	if op.api.Protocol != awsproto.Query {
		window = jsonWindow
	}
	signed, err := g.Authn.Signature(ctx, &sigv4.Request{
		Method:   r.http.Method,
		Host:     r.http.Host,
		Path:     r.http.URL.EscapedPath(),
		RawQuery: r.http.URL.RawQuery,
		Header:   r.http.Header,
	}, r.body, op.api.SigningName, window)
	c.Principal = signed.Principal
	if err == nil {
		c.Region, c.Event.Region = signed.Region, signed.Region
	}
	return err
}

// bearerToken reads the header that the CLI spells with underscores.
func bearerToken(h http.Header) string { return h.Get("x-amz-sso_bearer_token") }

func send(w http.ResponseWriter, res *awsproto.Response) {
	res.SetHeaders(w.Header())
	w.WriteHeader(res.Status)
	_, _ = w.Write(res.Body)
	res.Release()
}

// wireError finds the words for err. What nobody expected is logged and told to
// nobody.
func (g *Gateway) wireError(op *operation, c *call.Call, err error) awsproto.Error {
	if e, ok := op.api.ErrorOf(err); ok {
		return e
	}
	if v, ok := errors.AsType[awsproto.Violations](err); ok {
		return op.api.RefuseInput(v)
	}
	if d, ok := errors.AsType[*authz.Denial](err); ok {
		c.Event.ErrorReason, c.Event.ReasonKind = d.Reason, d.Kind
		c.Event.DecisionID = hex.EncodeToString(secret.Random(16))
		return op.api.Refuse(awsproto.AccessDenied, d.Message)
	}
	if e, ok := errors.AsType[*call.Error](err); ok {
		return awsproto.Error{Code: e.Code, Message: e.Message, Status: e.Status}
	}
	if r, ok := errors.AsType[*authn.Refusal](err); ok {
		c.Event.ErrorReason = r.Reason
		if op.rule.Access == call.Bearer {
			return awsproto.Error{Code: "UnauthorizedException", Message: r.Message, Status: http.StatusUnauthorized}
		}
		return op.api.Refuse(refusals[r.Why], r.Message)
	}
	if f, ok := fault.As(err); ok {
		if refusal, ok := faults[f.Kind]; ok {
			if f.Kind == fault.Unavailable && f.Reason != "cancelled" {
				g.Log.Error("not available", "request_id", c.RequestID, "operation", c.Service+":"+c.Operation, "error", err)
			}
			return op.api.Refuse(refusal, f.Public)
		}
	}
	if errors.Is(err, context.Canceled) { // nobody is there to read the answer
		c.Event.ErrorReason = "the client went away"
		return op.api.Refuse(awsproto.Unavailable, "")
	}
	// The trail is for administrators, stacks and drivers' words are for the log.
	c.Event.ErrorReason = "internal error; the log has it under the request's id"
	g.Log.Error("operation failed", "request_id", c.RequestID, "operation", c.Service+":"+c.Operation, "error", err)
	return op.api.Refuse(awsproto.Internal, "")
}

var refusals = map[authn.Why]awsproto.Refusal{
	authn.MissingToken: awsproto.MissingToken,
	authn.Incomplete:   awsproto.IncompleteSignature,
	authn.UnknownKey:   awsproto.UnknownKey,
	authn.ExpiredToken: awsproto.ExpiredToken,
	authn.BadSignature: awsproto.BadSignature,
	authn.Malformed:    awsproto.Malformed,
}

// faults are the kinds that mean the same for every service. A service that has
// an exception of its own for one maps it before it comes here.
var faults = map[fault.Kind]awsproto.Refusal{
	fault.Invalid:     awsproto.Validation,
	fault.Denied:      awsproto.AccessDenied,
	fault.Throttled:   awsproto.Throttled,
	fault.Unavailable: awsproto.Unavailable,
}

// clean makes what a client sent fit for the trail: at most that many bytes of
// text that every database takes (PostgreSQL refuses NUL and broken UTF-8, and
// with it everything that is stored in the same transaction) and every terminal
// shows as it is.
func clean(s string, most int) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(cut(s, most), "\uFFFD"))
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
