package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sekisho/internal/call"
	"sekisho/internal/gateway"
)

const (
	formType = "application/x-www-form-urlencoded; charset=utf-8"
	jsonType = "application/x-amz-json-1.1"
	stsScope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00"
	orgScope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/organizations/aws4_request, SignedHeaders=host, Signature=00"
)

// The operation is found by target, by action and version, or by method and
// path, within what the host serves (api-surface.md, "Serving everything from
// one host"). Nobody proves anything here: that the operation was found is in
// the trail, and that none was found is told in the form that fits best.
func TestDispatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(nothing)
	form := func(method, url, body string) ask {
		return ask{method, url, map[string]string{"Content-Type": formType}, body}
	}
	target := func(url, target string) ask {
		return ask{http.MethodPost, url, map[string]string{"Content-Type": jsonType, "X-Amz-Target": target}, "{}"}
	}
	get := func(url string) ask { return ask{method: http.MethodGet, url: url} }
	post := func(url string) ask {
		return ask{http.MethodPost, url, map[string]string{"Content-Type": "application/json"}, "{}"}
	}
	const (
		identity = "Action=GetCallerIdentity&Version=2011-06-15"
		summary  = "Action=GetAccountSummary&Version=2010-05-08"
		describe = "AWSOrganizationsV20161128.DescribeOrganization"
		noToken  = "MissingAuthenticationToken"
	)
	for name, c := range map[string]struct {
		ask    ask
		found  string // source and name of the event; "" is none
		status int
		code   string
	}{
		// By target.
		"target":                        {target(base+"/", describe), "organizations DescribeOrganization", 400, "MissingAuthenticationTokenException"},
		"target on its host":            {target("http://organizations.us-east-1.localhost/", describe), "organizations DescribeOrganization", 400, "MissingAuthenticationTokenException"},
		"target on AWS's host":          {target("https://organizations.us-east-1.amazonaws.com/", describe), "organizations DescribeOrganization", 400, "MissingAuthenticationTokenException"},
		"target, no such operation":     {target(base+"/", "AWSOrganizationsV20161128.Nope"), "", 400, "UnknownOperationException"},
		"target, operation not built":   {target(base+"/", "AWSOrganizationsV20161128.CreateAccount"), "", 400, "UnknownOperationException"},
		"target, service not built":     {target(base+"/", "AWSIdentityStore.ListUsers"), "", 400, "UnknownOperationException"},
		"target, no such service":       {target(base+"/", "Nope.Nope"), "", 400, "UnknownOperationException"},
		"target without operation":      {target(base+"/", "AWSOrganizationsV20161128"), "", 400, "UnknownOperationException"},
		"target on another JSON host":   {target("http://identitystore.us-east-1.localhost/", describe), "", 400, "UnknownOperationException"},
		"target on a Query host":        {target("http://sts.us-east-1.localhost/", describe), "", 400, "InvalidAction"},
		"target on a REST host":         {target("http://oidc.us-east-1.localhost/", describe), "", 404, "UnknownOperationException"},
		"JSON without target, by scope": {ask{http.MethodPost, base + "/", map[string]string{"Content-Type": jsonType, "Authorization": orgScope}, "{}"}, "", 400, "UnknownOperationException"},

		// By action and version.
		"action in the body":            {form("POST", base+"/", identity), "sts GetCallerIdentity", 403, noToken},
		"action in the query":           {get(base + "/?" + identity), "sts GetCallerIdentity", 403, noToken},
		"version last, others first":    {form("POST", base+"/", "X=1&Action=GetCallerIdentity&Y=2&Version=2011-06-15"), "sts GetCallerIdentity", 403, noToken},
		"the first of two actions":      {form("POST", base+"/", "Action=GetCallerIdentity&Action=Nope&Version=2011-06-15"), "sts GetCallerIdentity", 403, noToken},
		"body before query":             {form("POST", base+"/?Action=Nope&Version=2010-05-08", identity), "sts GetCallerIdentity", 403, noToken},
		"the version tells the service": {form("POST", base+"/", summary), "iam GetAccountSummary", 403, noToken},
		"on its host":                   {form("POST", "http://sts.eu-west-1.localhost:8420/", identity), "sts GetCallerIdentity", 403, noToken},
		"on its host without version":   {form("POST", "http://sts.localhost:8420/", "Action=GetCallerIdentity"), "sts GetCallerIdentity", 403, noToken},
		"on AWS's host":                 {form("POST", "https://sts.amazonaws.com/", identity), "sts GetCallerIdentity", 403, noToken},
		"on api.":                       {form("POST", "http://api.localhost:8420/", identity), "sts GetCallerIdentity", 403, noToken},
		"no content type":               {ask{http.MethodPost, base + "/", nil, identity}, "sts GetCallerIdentity", 403, noToken},
		"HEAD":                          {ask{http.MethodHead, base + "/?" + identity, nil, ""}, "sts GetCallerIdentity", 403, noToken},
		"PUT, whose body is no form":    {form("PUT", base+"/", identity), "", 400, "MissingAction"},
		"no such action":                {form("POST", base+"/", "Action=Nope&Version=2011-06-15"), "", 400, "InvalidAction"},
		"action not built":              {form("POST", base+"/", "Action=AssumeRole&Version=2011-06-15"), "", 400, "InvalidAction"},
		"no such version":               {form("POST", base+"/", "Action=GetCallerIdentity&Version=1999-01-01"), "", 400, "InvalidAction"},
		"no version":                    {form("POST", base+"/", "Action=GetCallerIdentity"), "", 400, "InvalidAction"},
		"no action":                     {form("POST", base+"/", "Version=2011-06-15"), "", 400, "MissingAction"},
		"nothing":                       {get(base + "/"), "", 400, "MissingAction"},
		"DELETE of nothing":             {ask{http.MethodDelete, base + "/", nil, ""}, "", 400, "MissingAction"},
		"IAM asked at STS":              {form("POST", "http://sts.localhost/", summary), "", 400, "InvalidAction"},
		"STS asked at IAM":              {form("POST", "http://iam.localhost/", identity), "", 400, "InvalidAction"},
		"action at a JSON host":         {form("POST", "http://organizations.us-east-1.localhost/", identity), "", 400, "UnknownOperationException"},
		"action at a REST host":         {form("POST", "http://portal.sso.us-east-1.localhost/", identity), "", 404, "UnknownOperationException"},
		"path with a form":              {form("POST", base+"/sts", identity), "", 400, "InvalidAction"},
		"path with a Query scope":       {get(base+"/nope").with("Authorization", stsScope), "", 400, "InvalidAction"},
		"broken percent triplet":        {form("POST", base+"/", "Action=%zz"), "", 400, "MalformedInput"},
		"not UTF-8":                     {form("POST", base+"/", "Action=%ff"), "", 400, "MalformedInput"},

		// By method and path.
		"path":                   {get(base + "/assignment/accounts"), "sso ListAccounts", 401, "UnauthorizedException"},
		"path on its host":       {get("http://portal.sso.us-east-1.localhost/assignment/accounts"), "sso ListAccounts", 401, "UnauthorizedException"},
		"path on another host":   {get("http://oidc.us-east-1.localhost/assignment/accounts"), "", 404, "UnknownOperationException"},
		"path of the other":      {post("http://portal.sso.us-east-1.localhost/client/register"), "", 404, "UnknownOperationException"},
		"path to be signed":      {post(base + "/getContactInformation"), "account GetContactInformation", 403, "MissingAuthenticationTokenException"},
		"no such path":           {get(base + "/nope"), "", 404, "UnknownOperationException"},
		"wrong method":           {post(base + "/assignment/accounts"), "", 404, "UnknownOperationException"},
		"HEAD of a path":         {ask{http.MethodHead, base + "/assignment/accounts", nil, ""}, "", 404, "UnknownOperationException"},
		"PUT of a path":          {ask{http.MethodPut, base + "/logout", nil, ""}, "", 404, "UnknownOperationException"},
		"DELETE of a path":       {ask{http.MethodDelete, base + "/logout", nil, ""}, "", 404, "UnknownOperationException"},
		"the signed twin":        {post(base + "/token?aws_iam=t"), "", 404, "UnknownOperationException"},
		"operation not built":    {post(base + "/putContactInformation"), "", 404, "UnknownOperationException"},
		"JSON to the root":       {post(base + "/"), "", 404, "UnknownOperationException"},
		"empty segments":         {get(base + "//assignment///accounts"), "sso ListAccounts", 401, "UnauthorizedException"},
		"dot segment":            {get(base + "/./assignment/./accounts"), "sso ListAccounts", 401, "UnauthorizedException"},
		"dot dot segment":        {get(base + "/nope/../assignment/accounts"), "sso ListAccounts", 401, "UnauthorizedException"},
		"above the root":         {get(base + "/../../assignment/accounts"), "sso ListAccounts", 401, "UnauthorizedException"},
		"escaped dot is no dot":  {get(base + "/%2e/assignment/accounts"), "", 404, "UnknownOperationException"},
		"escaped slash is none":  {get(base + "/assignment%2Faccounts"), "", 404, "UnknownOperationException"},
		"another case":           {get(base + "/Assignment/Accounts"), "", 404, "UnknownOperationException"},
		"path below":             {get(base + "/assignment/accounts/x"), "", 404, "UnknownOperationException"},
		"form for a REST path":   {form("POST", base+"/logout", ""), "", 400, "InvalidAction"},
		"broken query, open":     {get(base + "/assignment/accounts?%zz"), "sso ListAccounts", 401, "UnauthorizedException"},
		"unbuilt path of signin": {post(base + "/v1/token"), "", 404, "UnknownOperationException"},
	} {
		a := w.send(c.ask.request())
		w.expect(name, a, c.status, c.code)
		found := ""
		for _, e := range w.counted() {
			found += strings.TrimSuffix(e.Source, ".amazonaws.com") + " " + e.Name
		}
		if found != c.found {
			t.Errorf("%s: found %q, want %q", name, found, c.found)
		}
	}
}

// What AWS says about an action that it does not know.
func TestUnknownActionMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for body, want := range map[string]string{
		"Action=Nope&Version=2011-06-15": "Could not find operation Nope for version 2011-06-15",
		"Action=Nope&Version=x":          "Could not find operation Nope for version x",
		"Action=Nope":                    "Could not find operation Nope for version NO_VERSION_SPECIFIED",
		"Action=" + strings.Repeat("é", 500) + "&Version=" + "v": "Could not find operation " + strings.Repeat("é", 64) + " for version v",
	} {
		a := w.send(ask{http.MethodPost, base + "/", map[string]string{"Content-Type": formType}, body}.request())
		if a.message != want || !strings.Contains(a.Body.String(), "http://webservices.amazon.com/AWSFault/2005-15-09") {
			t.Errorf("%s: %s", cut(body), a.Body)
		}
	}
}

func cut(s string) string { return s[:min(len(s), 40)] }

// One signature covers several spellings of a path; all of them reach the
// operation that was signed for, and no other (promise 1).
func TestSignedPathReachesWhatItCovers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var reached string
	w.synthesize(func(c *call.Call) error { reached = c.Operation; return nil })
	op := gateway.Built{Service: "account", Operation: "GetContactInformation"}
	for sent, good := range map[string]bool{
		"/getContactInformation": true, "//getContactInformation": true, "/./getContactInformation": true, "/x/../getContactInformation": true,
		"/listRegions": false, "/getContactInformation/../listRegions": false,
	} {
		reached = ""
		r := w.ask(op).sign(t, w.rootKey(), "account", "us-east-1", w.clock.Now())
		moved := httptest.NewRequest(r.Method, base+sent, r.Body)
		moved.Header = r.Header
		a := w.send(moved)
		if good && (a.Code != http.StatusOK || reached != "GetContactInformation") {
			t.Errorf("%s: %d %s, reached %q", sent, a.Code, a.Body, reached)
		}
		if !good {
			w.expect(sent, a, http.StatusForbidden, "InvalidSignatureException")
			if reached != "" {
				t.Errorf("%s reached %s", sent, reached)
			}
		}
	}
}

// The region of the call is that of the signature, else of the host, else home.
func TestRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	identity := func(url string) ask {
		return ask{http.MethodPost, url, map[string]string{"Content-Type": formType}, "Action=GetCallerIdentity&Version=2011-06-15"}
	}
	for name, c := range map[string]struct {
		r    *http.Request
		want string
	}{
		"scope":          {identity("http://sts.us-west-2.localhost:8420/").sign(t, w.rootKey(), "sts", "eu-west-1", start), "eu-west-1"},
		"host":           {identity("http://sts.us-west-2.localhost:8420/").request(), "us-west-2"},
		"home":           {identity(base + "/").request(), homeRegion},
		"refused scope":  {identity(base+"/").sign(t, key{id: w.root.ID, secret: "wrong"}, "sts", "eu-west-1", start), homeRegion},
		"open at a host": {ask{http.MethodGet, "http://portal.sso.us-west-2.localhost:8420/assignment/accounts", nil, ""}.request(), "us-west-2"},
	} {
		w.send(c.r)
		if events := w.counted(); len(events) != 1 || events[0].Region != c.want {
			t.Errorf("%s: %+v", name, events)
		}
	}
}

// A body has its limit, and a client that breaks off gets nothing but an answer
// to what came.
func TestBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(nothing)
	form := func(n int) ask {
		body := "Action=GetCallerIdentity&Version=2011-06-15&X="
		return ask{http.MethodPost, base + "/", map[string]string{"Content-Type": formType}, body + strings.Repeat("x", n-len(body))}
	}
	w.expect("as large as may be", w.send(form(gateway.MaxBody).request()), 403, "MissingAuthenticationToken")
	w.counted()
	w.expect("too large", w.send(form(gateway.MaxBody+1).request()), 413, "RequestEntityTooLarge")
	large := ask{http.MethodPost, base + "/token", map[string]string{"Content-Type": "application/json"}, strings.Repeat(" ", gateway.MaxBody+1)}
	w.expect("too large for REST", w.send(large.request()), 413, "RequestEntityTooLargeException")
	json := ask{http.MethodPost, base + "/", map[string]string{"X-Amz-Target": "AWSOrganizationsV20161128.ListRoots"}, large.body}
	w.expect("too large for JSON", w.send(json.request()), 413, "RequestEntityTooLargeException")

	for url, code := range map[string]string{base + "/": "MalformedInput", base + "/token": "InvalidRequestException"} {
		r := httptest.NewRequest(http.MethodPost, url, io.MultiReader(strings.NewReader("Action=Get"), broken{}))
		r.Header.Set("Content-Type", map[string]string{base + "/": formType}[url])
		w.expect("broken off at "+url, w.send(r), 400, code)
	}
	if events := w.counted(); len(events) != 0 {
		t.Errorf("events of requests that named no operation: %+v", events)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Inputs that cannot be read or break the model's constraints are the caller's
// fault, in the service's own words where it has some (behaviours.md 2.5).
func TestBadInputs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(func(*call.Call) error { t.Error("reached"); return nil })
	rest := func(path, body string) *http.Request {
		return ask{http.MethodPost, base + path, map[string]string{"Content-Type": "application/json"}, body}.request()
	}
	for body, message := range map[string]string{
		`{`:                        "",
		`[]`:                       "",
		`"x"`:                      "",
		`{"clientName":1}`:         "",
		`{"clientName":"x"} {}`:    "",
		strings.Repeat("[", 1<<16): "",
		"\xff":                     "",
		`{}`:                       "2 validation errors detected: ",
		``:                         "2 validation errors detected: ",
		`{"clientName":"x"}`:       "1 validation error detected: Value null at 'clientType' failed to satisfy constraint: Member must not be null",
	} {
		a := w.send(rest("/client/register", body))
		w.expect(cut(body), a, 400, "InvalidRequestException")
		if !strings.HasPrefix(a.message, message) {
			t.Errorf("%s: message %q", cut(body), a.message)
		}
	}
	bearer := ask{http.MethodGet, base + "/assignment/accounts?max_result=101", map[string]string{"x-amz-sso_bearer_token": w.bearer}, ""}
	w.expect("too many", w.send(bearer.request()), 400, "InvalidRequestException")
	bearer.url = base + "/assignment/accounts?max_result=many"
	w.expect("not a number", w.send(bearer.request()), 400, "InvalidRequestException")

	list := ask{http.MethodPost, base + "/", map[string]string{"Content-Type": jsonType, "X-Amz-Target": "AWSOrganizationsV20161128.ListRoots"}, `{`}
	w.expect("JSON", w.send(list.sign(t, w.rootKey(), "organizations", "us-east-1", start)), 400, "SerializationException")
	w.counted()
}

// A panic in an operation is answered in its protocol's form, tells nothing,
// and takes nothing else with it. The log has it; the trail knows that it was.
func TestPanic(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*call.Call) error{
		"panic":      func(*call.Call) error { panic("canary") },
		"nil":        func(c *call.Call) error { c.Event.Detail["x"] = "canary"; return nil },
		"unexpected": func(*call.Call) error { return errors.New("driver: canary") },
	} {
		w := newWorld(t)
		w.synthesize(do)
		for _, op := range syntheticSignedOnly {
			// As their models have it.
			want := map[string]string{"iam": "ServiceFailure", "organizations": "ServiceException", "account": "InternalServerException"}
			a := w.send(w.ask(op).sign(t, w.rootKey(), op.Service, "us-east-1", start))
			w.expect(name+" in "+op.Service, a, 500, want[op.Service])
			body := a.Body.String()
			if strings.Contains(body, "canary") || strings.Contains(body, "goroutine") || strings.Contains(body, ".go") {
				t.Errorf("%s in %s tells: %s", name, op.Service, body)
			}
			events := w.counted()
			if len(events) != 1 || events[0].ErrorCode != want[op.Service] || events[0].ErrorReason == "" ||
				strings.Contains(events[0].ErrorReason, "canary") || strings.Contains(events[0].ErrorReason, "goroutine") {
				t.Errorf("%s in %s: events %+v", name, op.Service, events)
			}
		}
		if n := strings.Count(w.log.String(), `level=ERROR msg="operation failed" request_id=00000000-`); n != len(syntheticSignedOnly) {
			t.Errorf("%s: the log has %d entries:\n%s", name, n, &w.log)
		}
		if name != "nil" && !strings.Contains(w.log.String(), "canary") {
			t.Errorf("%s: the log does not say what went wrong", name)
		}
	}
}

// A client that goes away is nobody's failure: the log is not for it to fill.
func TestClientGoesAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r := ask{http.MethodGet, base + "/assignment/accounts", map[string]string{"x-amz-sso_bearer_token": w.bearer}, ""}.request()
	w.expect("gone", w.send(r.WithContext(gone)), 503, "ServiceUnavailableException")
	if events := w.counted(); len(events) != 1 || !strings.HasPrefix(events[0].ErrorReason, "unavailable (cancelled)") {
		t.Errorf("events %+v", events)
	}
	if w.log.Len() > 0 {
		t.Errorf("log: %s", &w.log)
	}
}

// The same when an operation only hears of it from what it waits for.
func TestClientGoesAwayWithinAnOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(func(*call.Call) error { return fmt.Errorf("waiting: %w", context.Canceled) })
	for _, op := range syntheticSignedOnly {
		if a := w.send(w.ask(op).sign(t, w.rootKey(), op.Service, "us-east-1", start)); a.Code != 503 {
			t.Errorf("%s: %d %s", op.Service, a.Code, a.code)
		}
		if events := w.counted(); len(events) != 1 || events[0].ErrorReason != "the client went away" {
			t.Errorf("%s: events %+v", op.Service, events)
		}
	}
	if w.log.Len() > 0 {
		t.Errorf("log: %s", &w.log)
	}
}

// What clients send goes into the trail as text that every database takes.
func TestTrailHasCleanText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := ask{method: http.MethodGet, url: base + "/assignment/accounts"}.request()
	r.Header["User-Agent"] = []string{"a\xff\x00\x1b[31m" + strings.Repeat("é", 1000)}
	w.send(r)
	register := ask{http.MethodPost, base + "/client/register", map[string]string{"Content-Type": "application/json"},
		`{"clientName":"x","clientType":"public","scopes":["\u0000\u001b` + strings.Repeat("x", 5000) + `"]}`}
	w.send(register.request())
	events := w.counted()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	for _, e := range events {
		if len(e.UserAgent) > 512+8 || len(e.ErrorReason) > 1024+8 {
			t.Errorf("%s: user agent of %d bytes, reason of %d", e.Name, len(e.UserAgent), len(e.ErrorReason))
		}
		for _, s := range []string{e.UserAgent, e.ErrorReason, e.Resource} {
			if strings.ToValidUTF8(s, "") != s || strings.ContainsAny(s, "\x00\x1b") {
				t.Errorf("%s: %q", e.Name, s)
			}
		}
	}
}

// FuzzServeHTTP sends what nobody would send. It never panics and is never the
// server's fault.
func FuzzServeHTTP(f *testing.F) {
	w := newWorld(f)
	w.synthesize(nothing)
	signedHeader := w.ask(syntheticSignedOnly[1]).sign(f, w.rootKey(), "iam", "us-east-1", start).Header.Get("Authorization")
	for _, s := range []struct{ method, host, path, query, contentType, target, authorization, bearer, body string }{
		{"POST", "localhost:8420", "/", "", formType, "", signedHeader, "", "Action=GetAccountSummary&Version=2010-05-08"},
		{"GET", "sts.us-east-1.localhost", "/", "Action=GetCallerIdentity&Version=2011-06-15", "", "", stsScope, "", ""},
		{"GET", "sts.amazonaws.com", "/", "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261122%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261122T090000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00", "", "", "", "", ""},
		{"POST", "localhost", "/", "", jsonType, "AWSOrganizationsV20161128.DescribeOrganization", orgScope, "", "{}"},
		{"GET", "localhost", "/assignment/accounts", "max_result=1&next_token=MTE", "", "", "", w.bearer, ""},
		{"GET", "localhost", "/federation/credentials", "role_name=ReadOnly&account_id=" + production, "", "", "", w.bearer, ""},
		{"GET", "portal.sso.eu-west-1.localhost", "//assignment/../assignment/roles", "account_id=%00", "", "", "", w.bearer, ""},
		{"POST", "localhost", "/client/register", "", "application/json", "", "", "", w.inputs()["sso-oidc:RegisterClient"]},
		{"POST", "localhost", "/device_authorization", "", "application/json", "", "", "", w.inputs()["sso-oidc:StartDeviceAuthorization"]},
		{"POST", "localhost", "/token", "", "application/json", "", "", "", w.inputs()["sso-oidc:CreateToken"]},
		{"HEAD", "", "*", "%zz", "x", ".", "Credential=////", "", "\xff"},
	} {
		f.Add(s.method, s.host, s.path, s.query, s.contentType, s.target, s.authorization, s.bearer, []byte(s.body))
	}
	f.Fuzz(func(t *testing.T, method, host, path, query, contentType, target, authorization, bearer string, body []byte) {
		r := httptest.NewRequest(http.MethodGet, "/", bytes.NewReader(body))
		r.Method, r.Host = method, host
		r.URL.Path, r.URL.RawPath, r.URL.RawQuery = path, "", query
		for name, value := range map[string]string{
			"Content-Type": contentType, "X-Amz-Target": target, "Authorization": authorization, "X-Amz-Sso_bearer_token": bearer, "X-Amz-Date": "20261122T090000Z",
		} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		rec := httptest.NewRecorder()
		w.gate.ServeHTTP(rec, r, w.addr.Find(r.Host))
		if rec.Code >= 500 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if rec.Code < 200 || rec.Header().Get("X-Amzn-Requestid") == "" {
			t.Errorf("%d without a request id", rec.Code)
		}
	})
}
