package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sekisho/internal/call"
	"sekisho/internal/gateway"
)

// A browser surface vouches for its person to one service only, and only where
// a bearer token would do: what is to be signed stays to be signed.
func TestServeAs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.synthesize(nothing)
	jane := call.Principal{Kind: call.PortalUser, ARN: w.jane, UserID: w.jane, DirectoryUser: w.jane, UserName: "jane", Session: w.portal.ID}
	serve := func(service string, a ask) answer {
		rec := httptest.NewRecorder()
		w.gate.ServeAs(rec, a.request(), service, "", jane)
		return w.read(rec)
	}
	accounts := ask{method: http.MethodGet, url: "http://example.awsapps.localhost:8420/assignment/accounts"}
	// The model requires a token, so the page's SDK sends one; what it says means nothing.
	w.expect("no token", serve("sso", accounts), 400, "InvalidRequestException")
	w.counted()
	placeholder := accounts.with("x-amz-sso_bearer_token", "session-cookie")
	for name, a := range map[string]ask{
		"any token": placeholder, "a long one": placeholder.with("x-amz-sso_bearer_token", strings.Repeat("x", 5000)), "a signature": placeholder.with("Authorization", stsScope),
	} {
		if got := serve("sso", a); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), production) {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
		w.oneEvent(name, gateway.Built{Operation: "ListAccounts", Rule: call.Rule{ReadOnly: true}}, "", w.jane)
	}

	w.expect("another service's path", serve("sso", ask{http.MethodPost, base + "/client/register", nil, "{}"}), 404, "UnknownOperationException")
	w.expect("another service's target", serve("sso", w.ask(syntheticSignedOnly[2])), 404, "UnknownOperationException")
	w.expect("another service's action", serve("sso", w.ask(syntheticSignedOnly[1])), 404, "UnknownOperationException")
	for _, op := range append(syntheticSigned, syntheticSignedOnly...) {
		want := missingToken.of(op.Service)
		w.expect(op.Operation+" unsigned", serve(op.Service, w.ask(op)), want.status, want.code)
	}
}
