package compat

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"sekisho/test/compat/harness"
)

// answer is a response, read.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// send sends a request that is not made by any SDK.
func send(t testing.TB, r *http.Request) answer {
	t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r) // follows nothing, as API clients do
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, body}
}

// post sends a rest-json request and reads the JSON answer. Body is sent to the
// byte.
func post(t testing.TB, s *harness.Server, path, body string) (answer, map[string]any) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.Base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	a := send(t, r)
	var m map[string]any
	if err := json.Unmarshal(a.Body, &m); err != nil {
		t.Fatalf("%s: %v in %q", path, err, a.Body)
	}
	return a, m
}

// bearer makes a GET request to the portal API with an access token.
func bearer(t testing.TB, s *harness.Server, path, token string) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.Base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["x-amz-sso_bearer_token"] = []string{token}
	return send(t, r)
}

func listAccounts(t testing.TB, s *harness.Server, token string) (status int) {
	t.Helper()
	return bearer(t, s, "/assignment/accounts", token).Status
}
