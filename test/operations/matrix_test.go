package operations

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/live"
	iamservice "sekisho/internal/services/iam"
	"sekisho/internal/services/sts"
	"sekisho/internal/sigv4"
	"sekisho/internal/token"
)

var update = flag.Bool("update", false, "write testdata/matrix.golden anew")

const golden = "testdata/matrix.golden"

// column is a principal of the matrix.
type column struct {
	name, says string
	key        key
}

// columns makes the principals. Names are the matrix's.
func (w *world) columns(tb testing.TB) []column {
	tb.Helper()
	withPolicies := func(name string, managed ...string) key {
		c := w.user(tb, production, name, "")
		w.attach(tb, name, managed...)
		return c.key
	}
	admin := withPolicies("admin", "AdministratorAccess")
	reader := w.role(tb, "Reader", trustsAccount(), "IAMReadOnlyAccess")
	operator := w.role(tb, "Operator", trustsAccount(), "AdministratorAccess")
	bounded := withPolicies("bounded", "AdministratorAccess")
	w.do(tb, w.root(production), "iam", "PutUserPermissionsBoundary", "UserName=bounded PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess", nil)
	guarded := w.user(tb, production, "guarded", document(statement("Allow", "Action", "iam:*", "*"), statement("Deny", "Action", "iam:*Delete*", "*"),
		statement("Deny", "Action", "iam:*", "arn:aws:iam::"+production+":role/*")))
	return []column{
		{"mgmt-root", "root user of the management account", w.root(management)},
		{"root", "root user of a member account", w.root(production)},
		{"admin", "IAM user with AdministratorAccess", admin},
		{"power", "IAM user with PowerUserAccess", withPolicies("power", "PowerUserAccess")},
		{"read", "IAM user with ReadOnlyAccess", withPolicies("read", "ReadOnlyAccess")},
		{"audit", "IAM user with SecurityAudit", withPolicies("audit", "SecurityAudit")},
		{"iam-full", "IAM user with IAMFullAccess", withPolicies("iam-full", "IAMFullAccess")},
		{"nothing", "IAM user without policies", withPolicies("nothing")},
		{"guarded", "IAM user who is allowed iam:*, and denied iam:*Delete* and iam:* on roles", guarded.key},
		{"role", "session of a role with IAMReadOnlyAccess", w.assume(tb, admin, reader, "")},
		{"get-only", "session of a role with AdministratorAccess, whose session policy allows iam:Get*",
			w.assume(tb, admin, operator, document(statement("Allow", "Action", "iam:Get*", "*")))},
		{"bounded", "IAM user with AdministratorAccess under a boundary of ReadOnlyAccess", bounded},
		{"portal", "person with a permission set of ReadOnlyAccess", w.portalSession(tb)},
		{"scp", "IAM user who is allowed everything, under a service control policy that denies iam:*",
			w.user(tb, controlled, "admin", document(statement("Allow", "Action", "*", "*"))).key},
		{"scp-root", "root user under the same service control policy", w.root(controlled)},
	}
}

// who is the principal that the key proves, as the front door finds out.
func (w *world) who(tb testing.TB, a *authn.Authenticator, k key) call.Principal {
	tb.Helper()
	r := request{service: "sts", operation: "GetCallerIdentity"}
	h := w.signed(r, k)
	h.Header.Set("Content-Length", fmt.Sprint(h.ContentLength)) // as net/http's server has it
	s, err := a.Signature(tb.Context(), &sigv4.Request{Method: h.Method, Host: h.Host, Path: h.URL.EscapedPath(), RawQuery: h.URL.RawQuery, Header: h.Header},
		[]byte(r.body()), "sts", time.Minute)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Principal
}

// unknown stands for what only a call before would tell.
var unknown = map[string]string{
	"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "CertificateId": "ABCDEFGHIJKLMNOPQRSTUVWX", "SSHPublicKeyId": "APKAIOSFODNN7EXAMPLE",
	"ServiceSpecificCredentialId": "ACCAIOSFODNN7EXAMPLE", "JobId": "98a765b4-3cde-2101-2345-example678f9", "decision": "example",
	"DeletionTaskId": "task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling/00000000-0000-4000-8000-000000000000",
	"code1":          "123456", "code2": "654321",
}

// target is what the row's call by the principal of c acts on, as the front door
// finds out, but on the resource of the row, which need not exist.
func (w *world) target(tb testing.TB, c *call.Call, r row, rule call.Rule) call.Target {
	tb.Helper()
	vars := map[string]string{"account": c.Principal.Account, "me": c.Principal.UserName}
	maps.Copy(vars, unknown)
	wire, _ := awsproto.Service(r.serviceID()).Operation(r.operation)
	method, _ := services[r.serviceID()].impl.MethodByName(r.operation) // all of that is held to each other at the start
	codec, err := wire.Bind(method.Type.In(3).Elem(), method.Type.Out(0).Elem())
	if err != nil {
		tb.Fatal(err)
	}
	input := codec.NewInput()
	body := request{service: r.serviceID(), operation: r.operation, input: parameters(tb, r.input, vars)}.body()
	if err := codec.Decode(&awsproto.Request{Method: http.MethodPost, Header: http.Header{}, Body: []byte(body)}, input); err != nil {
		tb.Fatal(err)
	}
	t, err := services[r.serviceID()].targets(w).Target(tb.Context(), c, rule, input)
	if err != nil {
		tb.Fatal(err)
	}
	t.ARN = resource(tb, r.on, vars)
	return t
}

// services are what the program registers beside the tables.
var services = map[string]struct {
	impl    reflect.Type
	targets func(w *world) call.Targets
}{
	"iam": {reflect.TypeFor[*iamservice.Service](), func(w *world) call.Targets { return iamservice.Names{Store: w.server.Store} }},
	"sts": {reflect.TypeFor[*sts.Service](), func(*world) call.Targets { return sts.Names{} }},
}

// Who may call what on a resource of their own account, as the enforcing
// authorizer decides it: a change of it shows in the golden file's diff. What a
// cell means is at the head of the file.
func TestMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	facts := live.New(w.server.Store)
	facts.Follow(t.Context())
	a := &authn.Authenticator{Live: facts, Sessions: token.Sessions{Ring: w.server.Ring}, Clock: clock.System{}, SigningKeys: sigv4.NewKeyCache(64)}
	decider := &authz.Authorizer{Live: facts}
	columns := w.columns(t)
	var b bytes.Buffer
	b.WriteString("# Who may call which operation on the resource beside it: A allowed, D denied by a statement, . allowed by none.\n" +
		"# Written by: go test ./test/operations -run TestMatrix -update\n#\n")
	principals := make([]call.Principal, len(columns))
	names := make([]string, len(columns))
	for i, c := range columns {
		fmt.Fprintf(&b, "# %-10s %s\n", c.name, c.says)
		principals[i], names[i] = w.who(t, a, c.key), c.name
	}
	b.WriteString("\n")
	const first = "%-49s %-42s"
	fmt.Fprintf(&b, first+" %s\n", "operation", "resource", strings.Join(names, " "))
	now := time.Now()
	for _, r := range rows() {
		rule := tables[r.serviceID()][r.operation]
		fmt.Fprintf(&b, first, r.action(), shown(r.on))
		for i, p := range principals {
			c := &call.Call{Service: r.serviceID(), Operation: r.operation, Region: "us-east-1", Now: now, Principal: p, SourceIP: "127.0.0.1"}
			target := w.target(t, c, r, rule)
			cell := "A"
			err := decider.Authorize(t.Context(), c, rule, target)
			if d, ok := errors.AsType[*authz.Denial](err); ok {
				cell = "."
				if strings.Contains(d.Message, "with an explicit deny in") {
					cell = "D"
				}
			} else if err != nil {
				t.Fatalf("%s by %s: %v", r.action(), names[i], err)
			}
			fmt.Fprintf(&b, " %-*s", len(names[i]), cell)
		}
		b.Truncate(len(bytes.TrimRight(b.Bytes(), " ")))
		b.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	compareLines(t, b.String(), string(want))
}

// shown shortens a resource to a column's width.
func shown(on string) string {
	if len(on) > 42 {
		return on[:20] + "…" + on[len(on)-21:]
	}
	return on
}

func compareLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, a, b)
		}
	}
}
