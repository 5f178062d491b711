package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"sekisho/internal/audit"
	"sekisho/internal/call"
)

// jsonService is a service whose operations take and answer JSON.
type jsonService struct {
	name   string // for which requests are signed, which its actions begin with, and which events are of
	target string // what stands before the operation in X-Amz-Target; "" when the path names it
}

// callJSON makes a call; without an id in k it is not signed.
func (w *world) callJSON(s jsonService, k key, operation, body string) answer {
	w.Helper()
	path, contentType := "/", "application/x-amz-json-1.1"
	if s.target == "" {
		path, contentType = "/"+strings.ToLower(operation[:1])+operation[1:], "application/json"
	}
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", contentType)
	if s.target != "" {
		h.Header.Set("X-Amz-Target", s.target+"."+operation)
	}
	if k.id != "" {
		w.sign(h, s.name, body, k)
	}
	res, err := w.client.Do(h)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), decision: res.Header.Get("X-Sekisho-Decision-Id")}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		w.Fatal(err)
	}
	// Some services say message: Go takes either for it.
	var said struct{ Message string }
	w.said(a, &said)
	a.message = said.Message
	return a
}

// sign signs with the SDK's own signer, so that what is accepted here is what
// clients send.
func (w *world) sign(h *http.Request, service, body string, k key) {
	w.Helper()
	sum := sha256.Sum256([]byte(body))
	creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
	if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), service, "us-east-1", time.Now()); err != nil {
		w.Fatal(err)
	}
}

// said reads what a service answered in JSON into a value.
func (w *world) said(a answer, into any) {
	w.Helper()
	if len(a.body) == 0 {
		return
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		w.Errorf("%v: %s", err, a.body)
	}
}

// walk is the calls of all operations of a service, and how many of each there were.
type walk struct {
	*world
	service jsonService
	calls   map[string]int
}

func (w *world) walk(s jsonService) *walk {
	return &walk{world: w, service: s, calls: make(map[string]int)}
}

// barred is a user who may everything but what is of the service.
func (w *walk) barred(t *testing.T, account string) caller {
	t.Helper()
	return w.user(t, account, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", w.service.name+":*", "*")))
}

// step is an operation with its input.
type step struct {
	*walk
	t               *testing.T
	operation, body string
}

func (w *walk) step(t *testing.T, operation, body string) step { return step{w, t, operation, body} }

func (s step) action() string { return s.service.name + ":" + s.operation }

// denied is how AWS begins to tell that c may not; unallowed is how it ends when
// nothing allows it, and forbidden when something denies it.
func (s step) denied(c caller, on string) string {
	return "User: " + c.arn + " is not authorized to perform: " + s.action() + " on resource: " + on
}

func (s step) unallowed() string {
	return " because no identity-based policy allows the " + s.action() + " action"
}

const forbidden = " with an explicit deny in an identity-based policy"

// try holds a call to its answer: the code, "" for success, and how the message
// begins and ends.
func (s step) try(what string, k key, code, begins, ends string) answer {
	s.t.Helper()
	s.calls[s.operation]++
	a := s.callJSON(s.service, k, s.operation, s.body)
	if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
		s.t.Errorf("%s: %s: %v", s.operation, what, a)
	}
	return a
}

// decided tries who is denied by policy, which names the decision.
func (s step) decided(what string, c caller, on, ends string) {
	s.t.Helper()
	if a := s.try(what, c.key, "AccessDeniedException", s.denied(c, on), ends); a.decision == "" {
		s.t.Errorf("%s: %s: no decision to ask about", s.operation, what)
	}
}

// refused tries who has no signature, a wrong one, no policy and one that denies.
func (s step) refused(none, barred caller, on string) {
	s.t.Helper()
	s.try("no signature", key{}, "MissingAuthenticationTokenException", noToken, "")
	s.try("wrong secret", key{id: none.key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, "")
	s.decided("no policy", none, on, s.unallowed())
	s.decided("denied", barred, on, forbidden)
}

// exactly tries, of the account, who lacks the action on one of what is needed, each
// in turn, and returns the statements of who has it on exactly those.
func (s step) exactly(account string, needed []string) (statements []string) {
	s.t.Helper()
	but := func(missing string) []string {
		statements := []string{statement("Allow", "Action", s.action(), "arn:aws:"+s.service.name+":::nothing")}
		for _, on := range needed {
			if on != missing {
				statements = append(statements, statement("Allow", "Action", s.action(), on))
			}
		}
		return statements
	}
	for i, missing := range needed {
		c := s.user(s.t, account, "without-"+string(rune('0'+i))+s.operation, document(but(missing)...))
		s.decided("without "+missing, c, missing, s.unallowed())
	}
	return but("")
}

// recorded ends the program and holds the trail to one event of each call. Events
// that aside reports are of others than who called.
func (w *walk) recorded(t *testing.T, aside func(audit.Event) bool) {
	t.Helper()
	w.stop()
	trail := w.trail(t)
	for name, n := range w.calls {
		got := 0
		for _, e := range trail[name] {
			if e.Source != w.service.name+".amazonaws.com" {
				t.Errorf("%s: from %s", name, e.Source)
			}
			if aside == nil || !aside(e) {
				got += e.Count
			}
		}
		if got != n {
			t.Errorf("%s: %d events of %d calls", name, got, n)
		}
	}
	w.secretless(t)
}

// complete holds every operation of a table to have been called, but those that
// are walked elsewhere.
func (w *walk) complete(t *testing.T, table call.Table, elsewhere func(operation string) bool) {
	t.Helper()
	for name := range table {
		if w.calls[name] == 0 && (elsewhere == nil || !elsewhere(name)) {
			t.Errorf("%s was not called", name)
		}
	}
}
