package operations

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// row is what there is to know of an operation: what it acts on, a call of it
// that succeeds, and what has to be there before.
type row struct {
	operation string
	// on is the resource that policies have to name, below
	// "arn:aws:iam::<account>:"; whole if it is an ARN; or "*".
	on string
	// input are the parameters, "Name=value" with spaces between.
	input string
	// given are calls that come before, "Operation Name=value …", made by the
	// root user; those that begin with "me:" by the caller, and those that begin
	// with "nobody:" by one who is refused.
	given []string
	// needs are further actions that the call asks for: "action resource".
	needs []string
	// prior are actions that only the caller's part of given asks for.
	prior []string
	// other is another resource of that kind, if it is not on with an "x" behind.
	other string
	// said is how a denial names the resource, if not by its ARN.
	said string
	// manager says that only the management account can do it.
	manager bool
	service string // "" is iam
}

func (r row) serviceID() string {
	if r.service == "" {
		return "iam"
	}
	return r.service
}

func (r row) action() string { return r.serviceID() + ":" + r.operation }

// In values, {account} is the row's account, {me} the caller's user name,
// {decision} the id of the last refusal, {code1} and {code2} what an
// authenticator shows with the last seed that was made, {old1} and {old2} what it
// showed before that, and {Name} the text of the last element of that name that
// a call of given answered with. The rest are documents of documents_test.go.
var placeholder = regexp.MustCompile(`\{([A-Za-z0-9-]+)\}`)

func fill(tb testing.TB, template string, vars map[string]string) string {
	tb.Helper()
	return placeholder.ReplaceAllStringFunc(template, func(s string) string {
		name := s[1 : len(s)-1]
		if v, ok := vars[name]; ok {
			return v
		}
		if steps, ok := codes[name]; ok {
			code, err := totp.GenerateCode(seed(vars), time.Now().Add(time.Duration(steps)*30*time.Second))
			if err != nil {
				tb.Errorf("{%s}: %v", name, err)
			}
			return code
		}
		if document, ok := documents()[name]; ok {
			return document
		}
		tb.Errorf("nobody knows what {%s} is in %q", name, template)
		return s
	})
}

var codes = map[string]int{"old1": -5, "old2": -4, "code1": -1, "code2": 0, "next": 1}

// parameters reads "Name=value Name=value".
func parameters(tb testing.TB, template string, vars map[string]string) url.Values {
	tb.Helper()
	v := make(url.Values)
	for _, field := range strings.Fields(template) {
		name, value, _ := strings.Cut(field, "=")
		v.Set(name, fill(tb, value, vars))
	}
	return v
}

// resource is the ARN of what on says.
func resource(tb testing.TB, on string, vars map[string]string) string {
	tb.Helper()
	on = fill(tb, on, vars)
	if on == "*" || strings.HasPrefix(on, "arn:") {
		return on
	}
	return "arn:aws:iam::" + vars["account"] + ":" + on
}

// prepare makes the calls of given and returns what they answered.
func (w *world) prepare(tb testing.TB, given []string, vars map[string]string, root, me, nobody key) {
	tb.Helper()
	for _, g := range given {
		by := root
		who, rest, prefixed := strings.Cut(g, ":")
		if prefixed && who == "me" {
			by, g = me, rest
		}
		refused := prefixed && who == "nobody"
		if refused {
			by, g = nobody, rest
		}
		operation, input, _ := strings.Cut(g, " ")
		r := request{service: "iam", operation: operation, input: parameters(tb, input, vars)}
		a := w.call(r, by)
		if refused != (a.code == "AccessDenied") || !refused && a.status != 200 {
			tb.Errorf("given %s: %v", g, a)
		}
		for name, text := range a.texts {
			vars[name] = text
		}
		if refused {
			vars["decision"] = a.decision
		}
	}
}
