package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/gateway"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// The synthetic services are one for each protocol, each with an operation that
// a policy must allow and one that every principal may call. They hold the
// stages to what they promise to services that are yet to come.
type (
	syntheticIAM     struct{ do func(*call.Call) error }
	syntheticOrg     struct{ do func(*call.Call) error }
	syntheticAccount struct{ do func(*call.Call) error }
)

func (s *syntheticIAM) ListAccountAliases(_ context.Context, c *call.Call, _ *iam.ListAccountAliasesInput) (*iam.ListAccountAliasesOutput, error) {
	return &iam.ListAccountAliasesOutput{}, s.do(c)
}

func (s *syntheticIAM) GetAccountSummary(_ context.Context, c *call.Call, _ *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
	return &iam.GetAccountSummaryOutput{}, s.do(c)
}

func (s *syntheticOrg) ListRoots(_ context.Context, c *call.Call, _ *organizations.ListRootsInput) (*organizations.ListRootsOutput, error) {
	return &organizations.ListRootsOutput{}, s.do(c)
}

func (s *syntheticOrg) DescribeOrganization(_ context.Context, c *call.Call, _ *organizations.DescribeOrganizationInput) (*organizations.DescribeOrganizationOutput, error) {
	return &organizations.DescribeOrganizationOutput{}, s.do(c)
}

func (s *syntheticAccount) ListRegions(_ context.Context, c *call.Call, _ *account.ListRegionsInput) (*account.ListRegionsOutput, error) {
	return &account.ListRegionsOutput{}, s.do(c)
}

func (s *syntheticAccount) GetContactInformation(_ context.Context, c *call.Call, _ *account.GetContactInformationInput) (*account.GetContactInformationOutput, error) {
	return &account.GetContactInformationOutput{}, s.do(c)
}

var (
	syntheticSigned = []gateway.Built{
		{Service: "account", Operation: "ListRegions"}, {Service: "iam", Operation: "ListAccountAliases"}, {Service: "organizations", Operation: "ListRoots"},
	}
	syntheticSignedOnly = []gateway.Built{
		{Service: "account", Operation: "GetContactInformation"}, {Service: "iam", Operation: "GetAccountSummary"}, {Service: "organizations", Operation: "DescribeOrganization"},
	}
)

// synthesize adds the synthetic services; do is what all their operations do.
func (w *world) synthesize(do func(*call.Call) error) {
	w.Helper()
	w.register("iam", call.Table{
		"ListAccountAliases": {Action: "iam:ListAccountAliases"},
		"GetAccountSummary":  {Action: "iam:GetAccountSummary", Access: call.SignedOnly, ReadOnly: true},
	}, &syntheticIAM{do})
	w.register("organizations", call.Table{
		"ListRoots":            {Action: "organizations:ListRoots"},
		"DescribeOrganization": {Action: "organizations:DescribeOrganization", Access: call.SignedOnly, ReadOnly: true},
	}, &syntheticOrg{do})
	w.register("account", call.Table{
		"ListRegions":           {Action: "account:ListRegions"},
		"GetContactInformation": {Action: "account:GetContactInformation", Access: call.SignedOnly, ReadOnly: true},
	}, &syntheticAccount{do})
}

func nothing(*call.Call) error { return nil }

// inputs are valid inputs of the operations that need one, as query string or
// as body.
func (w *world) inputs() map[string]string {
	client := fmt.Sprintf(`"clientId":%q,"clientSecret":%q`, w.client.ID, w.clientSecret.Reveal())
	return map[string]string{
		"sso:GetRoleCredentials":            "?role_name=ReadOnly&account_id=" + production,
		"sso:ListAccountRoles":              "?account_id=" + production,
		"sso-oidc:RegisterClient":           `{"clientName":"test","clientType":"public"}`,
		"sso-oidc:StartDeviceAuthorization": `{` + client + `,"startUrl":"https://example.awsapps.com/start"}`,
		"sso-oidc:CreateToken":              `{` + client + `,"grantType":"refresh_token","refreshToken":"` + w.refresh + `"}`,
	}
}

// ask makes a request for the operation, as its protocol has it.
func (w *world) ask(op gateway.Built) ask {
	w.Helper()
	api := awsproto.Service(op.Service)
	wire, ok := api.Operation(op.Operation)
	if !ok {
		w.Fatalf("%s has no operation %s", op.Service, op.Operation)
	}
	input := w.inputs()[op.Service+":"+op.Operation]
	switch api.Protocol {
	case awsproto.Query:
		return ask{http.MethodPost, base + "/", map[string]string{"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
			"Action=" + op.Operation + "&Version=" + api.Version + input}
	case awsproto.JSON:
		return ask{http.MethodPost, base + "/", map[string]string{"Content-Type": "application/x-amz-json-1.1",
			"X-Amz-Target": api.TargetPrefix + "." + op.Operation}, cmpOr(input, "{}")}
	}
	a := ask{method: wire.HTTPMethod, url: base + wire.Path}
	if strings.HasPrefix(input, "?") {
		a.url += input
	} else if input != "" || wire.HTTPMethod == http.MethodPost && op.Operation != "Logout" {
		a.body, a.header = cmpOr(input, "{}"), map[string]string{"Content-Type": "application/json"}
	}
	if op.Rule.Access == call.Bearer {
		a = a.with("x-amz-sso_bearer_token", w.bearer)
	}
	return a
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func signed(a call.Access) bool { return a == call.Signed || a == call.SignedOnly }

// wireError is a front-door error in the three protocols (api-surface.md, "Front-door errors").
type wireError struct{ query, json, rest answerCode }

type answerCode struct {
	status int
	code   string
}

func (e wireError) of(service string) answerCode {
	switch awsproto.Service(service).Protocol {
	case awsproto.Query:
		return e.query
	case awsproto.JSON:
		return e.json
	}
	return e.rest
}

var (
	missingToken = wireError{
		answerCode{403, "MissingAuthenticationToken"}, answerCode{400, "MissingAuthenticationTokenException"}, answerCode{403, "MissingAuthenticationTokenException"}}
	incomplete = wireError{
		answerCode{400, "IncompleteSignature"}, answerCode{400, "IncompleteSignatureException"}, answerCode{403, "IncompleteSignatureException"}}
	unknownKey = wireError{
		answerCode{403, "InvalidClientTokenId"}, answerCode{400, "UnrecognizedClientException"}, answerCode{403, "UnrecognizedClientException"}}
	badSignature = wireError{
		answerCode{403, "SignatureDoesNotMatch"}, answerCode{400, "InvalidSignatureException"}, answerCode{403, "InvalidSignatureException"}}
	expiredToken = wireError{
		answerCode{403, "ExpiredToken"}, answerCode{400, "ExpiredTokenException"}, answerCode{403, "ExpiredTokenException"}}
	accessDenied = wireError{
		answerCode{403, "AccessDenied"}, answerCode{400, "AccessDeniedException"}, answerCode{403, "AccessDeniedException"}}
)

const (
	invalidToken  = "The security token included in the request is invalid."
	wrongSecret   = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	sessionIsOver = "The security token included in the request is expired"
)

// Every signed operation, built or yet to come, refuses whoever does not prove
// who they are, in its protocol's form, and the trail says so (design, "The gate").
func TestEverySignedOperationRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(func(c *call.Call) error { t.Errorf("%s:%s was reached", c.Service, c.Operation); return nil })
	now := w.clock.Now()
	forged := w.temporaryKey()
	forged.token = "A" + forged.token
	other := w.issue(time.Hour)
	mixed := w.temporaryKey()
	mixed.id = other.AccessKeyID
	bare := w.temporaryKey()
	bare.token = ""
	past := w.issue(-time.Second)
	arnOfJane := "arn:aws:sts::" + production + ":assumed-role/" + w.role.Name + "/jane"
	arnOfRoot := "arn:aws:iam::" + management + ":root"

	cases := []struct {
		name      string
		key       key
		service   string        // to sign for, if not the right one
		early     time.Duration // how long ago it was signed
		change    func(*http.Request)
		want      wireError
		message   string // its beginning
		principal string // in the trail
	}{
		{name: "no signature", change: func(r *http.Request) { r.Header.Del("Authorization") }, key: w.rootKey(), want: missingToken},
		{name: "malformed", change: func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA") }, key: w.rootKey(), want: incomplete},
		{name: "another service's scope", key: w.rootKey(), service: "s3", want: badSignature, message: "Credential should be scoped to correct service: '"},
		{name: "unknown key", key: key{id: "AKIAIOSFODNN7EXAMPLE", secret: "x"}, want: unknownKey, message: invalidToken},
		{name: "temporary key without token", key: bare, want: unknownKey, message: invalidToken},
		{name: "forged token", key: forged, want: unknownKey, message: invalidToken},
		{name: "token of another key", key: mixed, want: unknownKey, message: invalidToken},
		{name: "expired session", key: key{past.AccessKeyID, past.SecretKey.Reveal(), past.SessionToken.Reveal()}, want: expiredToken, message: sessionIsOver, principal: arnOfJane},
		{name: "stale", key: w.rootKey(), early: 15*time.Minute + time.Second, want: badSignature, message: "Signature expired: ", principal: arnOfRoot},
		{name: "from the future", key: w.rootKey(), early: -15*time.Minute - time.Second, want: badSignature, message: "Signature not yet current: ", principal: arnOfRoot},
		{name: "wrong secret", key: key{id: w.root.ID, secret: "wrong"}, want: badSignature, message: wrongSecret, principal: arnOfRoot},
		{name: "wrong secret of a session", key: key{w.temporary.AccessKeyID, "wrong", w.temporary.SessionToken.Reveal()}, want: badSignature, message: wrongSecret, principal: arnOfJane},
		{name: "altered host", key: w.rootKey(), change: func(r *http.Request) { r.Host = "127.0.0.1:8420" }, want: badSignature, message: wrongSecret, principal: arnOfRoot},
		{name: "another query", key: w.rootKey(), change: func(r *http.Request) { r.URL.RawQuery = "x=1" }, want: badSignature, message: wrongSecret, principal: arnOfRoot},
		{name: "another body", key: w.rootKey(), change: func(r *http.Request) {
			r.Body = io.NopCloser(io.MultiReader(r.Body, strings.NewReader("&")))
		}, want: badSignature, message: wrongSecret, principal: arnOfRoot},
		{name: "long-term key with a token", key: key{w.root.ID, w.root.Secret.Reveal(), w.temporary.SessionToken.Reveal()}, want: unknownKey, message: invalidToken, principal: arnOfRoot},
	}
	for _, op := range w.gate.Operations() {
		if !signed(op.Rule.Access) {
			continue
		}
		for _, c := range cases {
			what := op.Service + ":" + op.Operation + ": " + c.name
			service := cmpOr(c.service, awsproto.Service(op.Service).SigningName)
			r := w.ask(op).sign(t, c.key, service, "us-east-1", now.Add(-c.early))
			if c.change != nil {
				c.change(r)
			}
			want := c.want.of(op.Service)
			a := w.send(r)
			w.expect(what, a, want.status, want.code)
			if !strings.HasPrefix(a.message, c.message) {
				t.Errorf("%s: message %q", what, a.message)
			}
			w.oneEvent(what, op, want.code, c.principal)
		}
	}
}

// oneEvent holds the trail to exactly one new, counted event for op.
func (w *world) oneEvent(what string, op gateway.Built, code, principal string) {
	w.Helper()
	events := w.counted()
	if len(events) != 1 || events[0].Count != 1 {
		w.Errorf("%s: events %+v", what, events)
		return
	}
	e := events[0]
	if e.Name != op.Operation || e.ErrorCode != code || e.PrincipalID != principal || (code != "") != (e.ErrorReason != "") ||
		e.SourceIP != clientIP || e.RequestID == "" || e.Source == "" || e.ReadOnly != op.Rule.ReadOnly {
		w.Errorf("%s: event %+v", what, e)
	}
	w.secretless(what, e)
}

// secretless looks for the world's secrets in an event.
func (w *world) secretless(what string, e audit.Event) {
	w.Helper()
	text := fmt.Sprintf("%+v", e)
	for name, s := range w.secrets() {
		if strings.Contains(text, s) {
			w.Errorf("%s: the event shows the %s", what, name)
		}
	}
}

func (w *world) secrets() map[string]string {
	return map[string]string{
		"root key's secret": w.root.Secret.Reveal(), "session's secret": w.temporary.SecretKey.Reveal(),
		"session token": w.temporary.SessionToken.Reveal(), "bearer token": w.bearer, "refresh token": w.refresh,
		"client secret": w.clientSecret.Reveal(),
	}
}

// The clock windows are those of the protocol (behaviours.md 2.4, promise 2):
// to the second, 15 minutes for Query services and 5 for the others.
func TestClockWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(nothing)
	for _, op := range syntheticSignedOnly {
		window := 5 * time.Minute
		if op.Service == "iam" {
			window = 15 * time.Minute
		}
		for off, good := range map[time.Duration]bool{
			-window - time.Second: false, -window + time.Second: true, 0: true, window - time.Second: true, window + time.Second: false,
		} {
			a := w.send(w.ask(op).sign(t, w.rootKey(), awsproto.Service(op.Service).SigningName, "us-east-1", w.clock.Now().Add(off)))
			if want := badSignature.of(op.Service); !good {
				w.expect(op.Service+" "+off.String(), a, want.status, want.code)
			} else if a.Code != http.StatusOK {
				t.Errorf("%s %v: %d %s", op.Service, off, a.Code, a.Body)
			}
		}
	}
}

// An operation is denied to everybody until something allows it (promise 14,
// behaviours.md 2.6): the table's zero value guards the most.
func TestDefaultDeny(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(func(c *call.Call) error { t.Errorf("%s:%s was reached", c.Service, c.Operation); return nil })
	for _, op := range syntheticSigned {
		for principal, k := range map[string]key{
			"arn:aws:sts::" + production + ":assumed-role/" + w.role.Name + "/jane": w.temporaryKey(),
		} {
			a := w.send(w.ask(op).sign(t, k, awsproto.Service(op.Service).SigningName, "us-east-1", w.clock.Now()))
			want := accessDenied.of(op.Service)
			w.expect(op.Operation, a, want.status, want.code)
			action := op.Service + ":" + op.Operation
			if message := "User: " + principal + " is not authorized to perform: " + action + " on resource: * because no identity-based policy allows the " + action + " action"; a.message != message {
				t.Errorf("message %q, want %q", a.message, message)
			}
			w.oneEvent(op.Operation, op, want.code, principal)
		}
	}
}

// Every bearer operation refuses every token that does not stand for a person
// who is signed in now (promise 12), and says the same to all of them.
func TestEveryBearerOperationRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	disable := func(disabled bool) {
		w.update(func(tx store.Tx) error {
			u, err := tx.User(w.jane)
			if err != nil {
				return err
			}
			u.Disabled = disabled
			return tx.PutUser(u)
		})
	}
	cases := []struct {
		name  string
		token func() string // prepares and returns the token to show
		after func()
	}{
		{name: "none", token: func() string { return "" }},
		{name: "unknown", token: func() string { return w.bearer + "x" }},
		{name: "too long", token: func() string { return strings.Repeat("a", 5000) }},
		{name: "refresh token instead", token: func() string { return w.refresh }},
		{name: "expired", token: func() string { w.clock.Advance(time.Hour); return w.bearer }},
		{name: "ended grant", token: func() string {
			w.update(func(tx store.Tx) error {
				w.grant.EndedAt, w.grant.EndReason = w.clock.Now(), "test"
				return tx.PutGrant(w.grant)
			})
			return w.bearer
		}},
		{name: "signed out", token: func() string {
			w.update(func(tx store.Tx) error { return tx.EndSession(w.portal.ID, w.clock.Now(), session.SignedOut) })
			return w.bearer
		}},
		{name: "disabled user", token: func() string { disable(true); return w.bearer }, after: func() { disable(false) }},
		{name: "deleted user", token: func() string {
			w.update(func(tx store.Tx) error { return tx.DeleteUser(w.jane) })
			return w.bearer
		}}, // last: jane does not come back
	}
	var operations []gateway.Built
	for _, op := range w.gate.Operations() {
		if op.Rule.Access == call.Bearer {
			operations = append(operations, op)
		}
	}
	if len(operations) == 0 {
		t.Fatal("no bearer operations")
	}
	for _, c := range cases {
		w.signIn()
		// Asked once while all is well, so that what is remembered has to be forgotten.
		if a := w.send(w.ask(gateway.Built{Service: "sso", Operation: "ListAccounts", Rule: call.Rule{Access: call.Bearer}}).request()); a.Code != http.StatusOK {
			t.Fatalf("before %s: %d %s", c.name, a.Code, a.Body)
		}
		w.counted()
		shown := c.token()
		for _, op := range operations {
			what := op.Operation + ": " + c.name
			a := w.send(w.ask(op).with("x-amz-sso_bearer_token", shown).request())
			w.expect(what, a, http.StatusUnauthorized, "UnauthorizedException")
			if a.message != "Session token not found or invalid" {
				t.Errorf("%s: message %q", what, a.message)
			}
			principal := w.jane
			if slices.Contains([]string{"none", "unknown", "too long", "refresh token instead", "deleted user"}, c.name) {
				principal = ""
			}
			w.oneEvent(what, op, "UnauthorizedException", principal)
		}
		if c.after != nil {
			c.after()
		}
	}
}

// Every call is in the trail exactly once (promise 23): a change in its own
// transaction, all else counted.
func TestEveryOperationIsAuditedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(nothing)
	operations := w.gate.Operations()
	// Logout ends what the others lean on.
	slices.SortStableFunc(operations, func(a, b gateway.Built) int {
		return btoi(a.Operation == "Logout") - btoi(b.Operation == "Logout")
	})
	// These change nothing that is kept; their events have no transaction to be in.
	unstored := map[string]bool{"RegisterClient": true}
	for _, op := range operations {
		if op.Rule.Access == call.Signed {
			continue // denied: TestDefaultDeny
		}
		before := len(w.committed())
		a := w.ask(op)
		r := a.request()
		principal, keyID, region := "", "", homeRegion
		switch op.Rule.Access {
		case call.SignedOnly:
			r = a.sign(t, w.temporaryKey(), awsproto.Service(op.Service).SigningName, "ap-northeast-1", w.clock.Now())
			principal, keyID, region = "arn:aws:sts::"+production+":assumed-role/"+w.role.Name+"/jane", w.temporary.AccessKeyID, "ap-northeast-1"
		case call.Bearer:
			principal = w.jane
		}
		r.Header.Set("User-Agent", "aws-cli/2.36.7")
		if got := w.send(r); got.Code != http.StatusOK {
			t.Errorf("%s:%s: %d %s", op.Service, op.Operation, got.Code, got.Body)
			continue
		}
		counted, committed := w.counted(), w.committed()
		committed = committed[:len(committed)-before]
		if len(counted)+len(committed) != 1 || (len(committed) == 1) == (op.Rule.ReadOnly || unstored[op.Operation]) {
			t.Errorf("%s:%s: counted %+v, committed %+v", op.Service, op.Operation, counted, committed)
			continue
		}
		e := append(counted, committed...)[0]
		if op.Operation == "CreateToken" {
			principal = w.jane // known once the token is
		}
		if e.Name != op.Operation || e.PrincipalID != principal || e.AccessKeyID != keyID || e.Region != region || e.ErrorCode != "" || e.ErrorReason != "" ||
			e.Count != 1 || !e.At.Equal(w.clock.Now()) || e.UserAgent != "aws-cli/2.36.7" || e.SourceIP != clientIP {
			t.Errorf("%s:%s: event %+v", op.Service, op.Operation, e)
		}
		w.secretless(op.Operation, e)
	}
	for name, s := range w.secrets() {
		if strings.Contains(w.log.String(), s) {
			t.Errorf("the log shows the %s", name)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Clients that sign everything must not be refused where nothing is to be
// signed (api-surface.md, "Operations sent unsigned").
func TestOpenOperationsIgnoreAuthorization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	headers := []string{"Bearer x", "AWS4-HMAC-SHA256 Credential=AKIA", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00"}
	for _, op := range w.gate.Operations() {
		if op.Rule.Access != call.Open {
			continue
		}
		for _, h := range headers {
			if a := w.send(w.ask(op).with("Authorization", h).request()); a.Code != http.StatusOK {
				t.Errorf("%s with %q: %d %s", op.Operation, h, a.Code, a.Body)
			}
			if op.Operation == "CreateToken" {
				w.signIn() // each refresh token is for one use
			}
		}
	}
}

// What may be called without a signature is this list. It only ever gets
// shorter: who adds to it has to change this test, and say why.
func TestUnsignedOperations(t *testing.T) {
	t.Parallel()
	want := []string{
		"sso-oidc:CreateToken", "sso-oidc:RegisterClient", "sso-oidc:StartDeviceAuthorization",
		"sso:GetRoleCredentials", "sso:ListAccountRoles", "sso:ListAccounts", "sso:Logout",
	}
	var got []string
	for _, op := range newWorld(t).gate.Operations() {
		if !signed(op.Rule.Access) {
			got = append(got, op.Service+":"+op.Operation)
		}
	}
	slices.Sort(got)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("unsigned: %q", got)
	}
}

type notAnOperation struct{ syntheticIAM }

func (notAnOperation) OpenTheGate(context.Context, *call.Call, *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
	return nil, nil
}

type wrongShape struct{}

func (wrongShape) GetAccountSummary(context.Context, *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
	return nil, nil
}

type wrongTypes struct{}

func (wrongTypes) GetAccountSummary(context.Context, *call.Call, *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
	return nil, nil
}

// Register takes a table and a method set that agree to the letter, and nothing else.
func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	summary := call.Rule{Action: "iam:GetAccountSummary"}
	aliases := call.Rule{Action: "iam:ListAccountAliases"}
	both := call.Table{"GetAccountSummary": summary, "ListAccountAliases": aliases}
	for name, c := range map[string]struct {
		id    string
		table call.Table
		impl  any
		want  string // in the error; "" is no error
	}{
		"agreement":               {"iam", both, &syntheticIAM{}, ""},
		"no such service":         {"ec2", both, &syntheticIAM{}, `no facts for service "ec2"`},
		"method without row":      {"iam", call.Table{"GetAccountSummary": summary}, &syntheticIAM{}, "not in its table"},
		"row without method":      {"iam", call.Table{"GetAccountSummary": summary, "ListAccountAliases": aliases, "GetUser": {Action: "iam:GetUser"}}, &syntheticIAM{}, "no such method"},
		"not in the model":        {"iam", call.Table{"GetAccountSummary": summary, "ListAccountAliases": aliases, "OpenTheGate": {Action: "iam:OpenTheGate"}}, &notAnOperation{}, "has no operation OpenTheGate"},
		"wrong signature":         {"iam", call.Table{"GetAccountSummary": summary}, wrongShape{}, "is not func("},
		"another operation's":     {"iam", call.Table{"GetAccountSummary": summary}, wrongTypes{}, "has no field for member SummaryMap"},
		"signed by the model":     {"iam", call.Table{"GetAccountSummary": {Access: call.Open}, "ListAccountAliases": aliases}, &syntheticIAM{}, "disagree on whether"},
		"bearer where it signs":   {"iam", call.Table{"GetAccountSummary": {Access: call.Bearer}, "ListAccountAliases": aliases}, &syntheticIAM{}, "disagree on whether"},
		"no action":               {"iam", call.Table{"GetAccountSummary": {Action: "iam"}, "ListAccountAliases": aliases}, &syntheticIAM{}, "has no action"},
		"a resource nobody finds": {"iam", call.Table{"GetAccountSummary": {Action: "iam:GetAccountSummary", Resource: "user"}, "ListAccountAliases": aliases}, &syntheticIAM{}, "which nobody finds"},
		"methods of another wire": {"organizations", both, &syntheticIAM{}, "has no operation GetAccountSummary"},
	} {
		err := (&gateway.Gateway{}).Register(c.id, c.table, c.impl, nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
