package policy

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// gen makes requests and policies of a small vocabulary, so that they often meet.
type gen struct{ *rand.Rand }

func pick[T any](g gen, from ...T) T { return from[g.IntN(len(from))] }

func (g gen) some(from ...string) any {
	n := 1 + g.IntN(2)
	if n == 1 && g.IntN(2) == 0 {
		return pick(g, from...)
	}
	out := make([]string, n)
	for i := range out {
		out[i] = pick(g, from...)
	}
	return out
}

var (
	genActions   = []string{"*", "*", "s3:*", "s3:Get*", "S3:GetObject", "s3:PutObject", "s3:?etObject", "sts:AssumeRole", "sts:*", "*:Get*", "s3:*Object"}
	genResources = []string{"*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", "arn:aws:s3:::b/${k, 'bob'}/?", "arn:aws:s3:::b/${*}/*", "arn:aws:s3:::*/x"}
	genPeople    = []Principal{
		bob,
		{Kind: RootUser, Account: home, ARN: "arn:aws:iam::" + home + ":root", EntityARN: "arn:aws:iam::" + home + ":root"},
		{Kind: RoleSession, Account: home, ARN: "arn:aws:sts::" + home + ":assumed-role/r/s", EntityARN: "arn:aws:iam::" + home + ":role/p/r", EntityID: "AROACKCEVSQ6C2EXAMPLE"},
		{Kind: RoleSession, Account: other, ARN: "arn:aws:sts::" + other + ":assumed-role/r/s", EntityARN: "arn:aws:iam::" + other + ":role/p/r", EntityID: "AROACKCEVSQ6C2EXAMPLF"},
		{Kind: FederatedUser, Account: home, ARN: "arn:aws:sts::" + home + ":federated-user/carol", EntityARN: bob.EntityARN, EntityID: bob.EntityID},
		{Kind: SAMLFederated, Federated: "arn:aws:iam::" + home + ":saml-provider/x"},
		{Kind: WebIdentity, Federated: "accounts.google.com"},
		{Kind: Service, Service: "ec2.amazonaws.com"},
		{Kind: Anonymous},
	}
)

func (g gen) principal() any {
	if g.IntN(5) == 0 {
		return "*"
	}
	out := map[string]any{}
	if g.IntN(5) > 0 {
		var names []string
		for _, p := range genPeople {
			for _, n := range []string{p.ARN, p.EntityARN, p.EntityID, p.Account} {
				if n != "" {
					names = append(names, n)
				}
			}
		}
		list := []string{}
		for range 1 + g.IntN(5) {
			list = append(list, pick(g, append(names, "*")...))
		}
		out["AWS"] = list
	}
	if g.IntN(3) == 0 || len(out) == 0 {
		out["Federated"] = g.some("accounts.google.com", "arn:aws:iam::"+home+":saml-provider/x", "www.amazon.com")
	}
	if g.IntN(3) == 0 {
		out["Service"] = g.some("ec2.amazonaws.com", "lambda.amazonaws.com")
	}
	return out
}

// genConditions are values by operator, as policies have them.
var genConditions = map[string][]string{
	"StringEquals": {"bob", "eve", "${aws:username}", "${k}", "${k, 'bob'}", "*"}, "StringNotEquals": {"bob", "${k}", "${aws:username}"},
	"StringEqualsIgnoreCase": {"BOB", "${aws:username}"}, "StringNotEqualsIgnoreCase": {"Bob", "x"},
	"StringLike": {"b*", "?ob", "*${aws:username}*", "${*}"}, "StringNotLike": {"b*", "${k}*"},
	"NumericEquals": {"5", "5.0", "7"}, "NumericNotEquals": {"5"}, "NumericLessThan": {"6"}, "NumericLessThanEquals": {"5"}, "NumericGreaterThan": {"4"}, "NumericGreaterThanEquals": {"7"},
	"DateEquals": {"2026-01-02T00:00:00Z"}, "DateNotEquals": {"2026-01-02T00:00:00Z"}, "DateLessThan": {"2026-01-03T00:00:00+01:00"}, "DateLessThanEquals": {"2026-01-02T00:00:00Z"},
	"DateGreaterThan": {"2026-01-01T23:59:59.5Z"}, "DateGreaterThanEquals": {"2027-01-01T00:00:00Z"},
	"Bool": {"true", "false", "True"}, "BinaryEquals": {"Ym9i", "ZXZl"},
	"IpAddress": {"192.0.2.0/24", "2001:db8::/32", "192.0.2.7"}, "NotIpAddress": {"192.0.2.0/28", "198.51.100.0/24"},
	"ArnLike": {"arn:aws:iam::*:user/b*", "arn:aws:iam:*", "*", "arn:aws:iam::123456789012:user/${aws:username}"}, "ArnEquals": {"arn:aws:iam::123456789012:user/?ob"},
	"ArnNotLike": {"arn:*:*:*:*:user/bob"}, "ArnNotEquals": {"arn:aws:iam::1*:role/x"}, "Null": {"true", "false"},
}

var genValues = []string{"bob", "eve", "Bob", "5", "7.0", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00", "true", "false", "Ym9i", "192.0.2.7", "2001:db8::9", "arn:aws:iam::123456789012:user/bob", "*", ""}

func (g gen) condition() map[string]any {
	names := make([]string, 0, len(genConditions))
	for n := range genConditions {
		names = append(names, n)
	}
	slices.Sort(names)
	out := map[string]any{}
	for range 1 + g.IntN(2) {
		op := pick(g, names...)
		values := g.some(genConditions[op]...)
		name := op
		if op != "Null" {
			name = pick(g, "", "", "", "ForAllValues:", "ForAnyValue:") + op + pick(g, "", "", "IfExists")
		}
		out[name] = map[string]any{pick(g, "k", "K", "aws:UserName", "m"): values}
	}
	return out
}

func (g gen) statement(kind Kind, effect string) map[string]any {
	st := map[string]any{"Effect": effect}
	if effect == "" {
		st["Effect"] = pick(g, "Allow", "Allow", "Allow", "Deny")
	}
	action, resource := "Action", "Resource"
	if g.IntN(6) == 0 {
		action = "NotAction"
	}
	if g.IntN(6) == 0 {
		resource = "NotResource"
	}
	st[action], st[resource] = g.some(genActions...), g.some(genResources...)
	if g.IntN(2) == 0 {
		st["Condition"] = g.condition()
	}
	switch kind {
	case ResourcePolicy:
		st[pick(g, "Principal", "Principal", "Principal", "NotPrincipal")] = g.principal()
	case TrustPolicy:
		delete(st, resource)
		delete(st, "NotAction")
		st["Action"], st["Principal"] = g.some("sts:AssumeRole", "sts:*", "sts:AssumeRole*"), g.principal()
	case ResourceControlPolicy:
		st["Principal"] = "*"
		if st["Effect"] == "Allow" {
			return map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
		}
	}
	return st
}

func document(statements []map[string]any) string {
	b, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (g gen) document(kind Kind) string {
	var list []map[string]any
	for range 1 + g.IntN(3) {
		list = append(list, g.statement(kind, ""))
	}
	return document(list)
}

func (g gen) documents(kind Kind, most int) []string {
	var out []string
	for range g.IntN(most + 1) {
		out = append(out, g.document(kind))
	}
	return out
}

func (g gen) levels(kind Kind, full string) [][]string {
	var out [][]string
	if g.IntN(3) == 0 {
		for range 1 + g.IntN(2) {
			level := g.documents(kind, 1)
			if g.IntN(4) > 0 {
				level = append(level, full)
			}
			out = append(out, level)
		}
	}
	return out
}

func (g gen) set() *refSet {
	all := map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}
	public := map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}
	s := &refSet{
		identity: g.documents(IdentityPolicy, 2), hasBoundary: g.IntN(3) == 0, hasSession: g.IntN(3) == 0, hasResource: g.IntN(2) == 0,
		resourceAccount: pick(g, "", home, other), mustAllow: g.IntN(4) == 0,
		scp: g.levels(ServiceControlPolicy, document([]map[string]any{all})), rcp: g.levels(ResourceControlPolicy, document([]map[string]any{public})),
	}
	if s.hasBoundary {
		s.boundary = g.documents(IdentityPolicy, 1)
	}
	if s.hasSession {
		s.session = g.documents(IdentityPolicy, 2)
	}
	if s.hasResource {
		kind := ResourcePolicy
		if g.IntN(3) == 0 {
			kind, s.trust, s.mustAllow = TrustPolicy, true, true
		}
		s.resource = []string{g.document(kind)}
	}
	return s
}

func (g gen) request(trust bool) refRequest {
	r := refRequest{
		action: pick(g, "s3:GetObject", "s3:PutObject", "S3:getobject", "sts:AssumeRole", "ec2:GetX"), resource: pick(g, "*", "arn:aws:s3:::b/bob/x", "arn:aws:s3:::b/eve/x", "arn:aws:s3:::b/*/x", "arn:aws:s3:::c/x"),
		p: pick(g, genPeople...), ctx: map[string][]string{},
	}
	if trust {
		r.action = "sts:AssumeRole"
	}
	for _, k := range []string{"k", "m", "aws:username"} {
		switch g.IntN(4) {
		case 0:
			r.ctx[k] = []string{pick(g, genValues...), pick(g, genValues...)}
		case 1, 2:
			r.ctx[k] = []string{pick(g, genValues...)}
		}
	}
	return r
}

func (r refRequest) request() *Request {
	return &Request{Action: r.action, Resource: r.resource, Principal: r.p, Context: MapContext(r.ctx)}
}

// rounds is how many random cases each property sees.
const rounds = 400

func eachCase(t *testing.T, seed uint64, rounds int, check func(g gen, s *refSet, r refRequest)) {
	t.Helper()
	g := gen{rand.New(rand.NewPCG(seed, 20261122))}
	for range rounds {
		s := g.set()
		for range 3 {
			check(g, s, g.request(s.trust))
			if t.Failed() {
				return
			}
		}
	}
}

func describe(s *refSet, r refRequest) string {
	return fmt.Sprintf("%+v\n%+v", r, *s)
}

// TestReference compares every decision with the slow evaluator's (promise 14).
func TestReference(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	eachCase(t, 1, 8*rounds, func(_ gen, s *refSet, r refRequest) {
		allowed, explicit, layer := refDecide(s, r)
		d := Decide(r.request(), s.set())
		if d.Allowed != allowed || d.Explicit != explicit || d.Layer != layer {
			t.Errorf("got %v %v %v, want %v %v %v\n%s", d.Allowed, d.Explicit, d.Layer, allowed, explicit, layer, describe(s, r))
		}
		count[fmt.Sprint(allowed, explicit, layer)]++
	})
	// The cases have to meet everything, or they show nothing.
	for _, want := range []string{
		"true false identity-based policy", "true false resource-based policy", "true false role trust policy",
		"false false identity-based policy", "false false resource-based policy", "false false permissions boundary", "false false session policy", "false false service control policy", "false false resource control policy", "false false role trust policy",
		"false true identity-based policy", "false true resource-based policy", "false true permissions boundary", "false true session policy", "false true service control policy", "false true resource control policy", "false true role trust policy",
	} {
		if count[want] < 5 {
			t.Errorf("only %d cases are %s", count[want], want)
		}
	}
}

// layersOf are the documents of every layer, for changes.
func (s *refSet) layersOf() map[*[]string]Kind {
	out := map[*[]string]Kind{&s.identity: IdentityPolicy}
	if s.hasBoundary {
		out[&s.boundary] = IdentityPolicy
	}
	if s.hasSession {
		out[&s.session] = IdentityPolicy
	}
	if s.hasResource {
		out[&s.resource] = ResourcePolicy
		if s.trust {
			out[&s.resource] = TrustPolicy
		}
	}
	for i := range s.scp {
		out[&s.scp[i]] = ServiceControlPolicy
	}
	for i := range s.rcp {
		out[&s.rcp[i]] = ResourceControlPolicy
	}
	return out
}

// clone copies what the properties change.
func (s *refSet) clone() *refSet {
	c := *s
	for _, l := range []*[]string{&c.identity, &c.boundary, &c.session, &c.resource} {
		*l = slices.Clone(*l)
	}
	for _, l := range []*[][]string{&c.scp, &c.rcp} {
		*l = slices.Clone(*l)
		for i := range *l {
			(*l)[i] = slices.Clone((*l)[i])
		}
	}
	return &c
}

// TestDenyWins adds a Deny of everything to each layer in turn: nothing is allowed then, and the denial
// is explicit (promise 14). Only the root user's boundary is no layer.
func TestDenyWins(t *testing.T) {
	t.Parallel()
	eachCase(t, 2, rounds, func(_ gen, s *refSet, r refRequest) {
		c := s.clone()
		for layer, kind := range c.layersOf() {
			if layer == &c.boundary && r.p.Kind == RootUser {
				continue
			}
			before := *layer
			st := map[string]any{"Effect": "Deny", "Action": "*", "Resource": "*"}
			switch kind {
			case TrustPolicy:
				st = map[string]any{"Effect": "Deny", "Action": "sts:*", "Principal": "*"}
			case ResourcePolicy, ResourceControlPolicy:
				st["Principal"] = "*"
			}
			*layer = append(slices.Clone(before), document([]map[string]any{st}))
			if d := Decide(r.request(), c.set()); d.Allowed || !d.Explicit {
				t.Errorf("allowed although denied\n%s", describe(c, r))
			}
			*layer = before
		}
	})
}

// TestMonotonic: adding a Deny or taking an Allow away never grants (promise 15).
func TestMonotonic(t *testing.T) {
	t.Parallel()
	eachCase(t, 3, rounds, func(g gen, s *refSet, r refRequest) {
		if Decide(r.request(), s.set()).Allowed {
			return
		}
		c := s.clone()
		for layer, kind := range c.layersOf() {
			before := slices.Clone(*layer)
			*layer = append(*layer, document([]map[string]any{g.statement(kind, "Deny")}))
			if Decide(r.request(), c.set()).Allowed {
				t.Errorf("a Deny granted\n%s", describe(c, r))
			}
			*layer = before
			for i, d := range before {
				list, _ := refStatements(d)
				for j, st := range list {
					if st["Effect"] != "Allow" {
						continue
					}
					rest := slices.Delete(slices.Clone(list), j, j+1)
					*layer = slices.Clone(before)
					if len(rest) == 0 {
						*layer = slices.Delete(*layer, i, i+1)
					} else {
						(*layer)[i] = document(rest)
					}
					if Decide(r.request(), c.set()).Allowed {
						t.Errorf("less Allow granted\n%s", describe(c, r))
					}
				}
			}
			*layer = before
		}
	})
}

// TestOrder: the order of statements and policies never matters (promise 15).
func TestOrder(t *testing.T) {
	t.Parallel()
	eachCase(t, 4, rounds, func(g gen, s *refSet, r refRequest) {
		c := s.clone()
		for layer := range c.layersOf() {
			for i, d := range *layer {
				list, _ := refStatements(d)
				g.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
				(*layer)[i] = document(list)
			}
			g.Shuffle(len(*layer), func(a, b int) { (*layer)[a], (*layer)[b] = (*layer)[b], (*layer)[a] })
		}
		a, b := Decide(r.request(), s.set()), Decide(r.request(), c.set())
		if a.Allowed != b.Allowed || a.Explicit != b.Explicit || a.Layer != b.Layer {
			t.Errorf("%+v, in another order %+v\n%s", a, b, describe(s, r))
		}
	})
}

// TestSessionIsSubset: what a session with session policies or a boundary may do, its role may do
// without (promise 13).
func TestSessionIsSubset(t *testing.T) {
	t.Parallel()
	allowed := 0
	eachCase(t, 5, 4*rounds, func(_ gen, s *refSet, r refRequest) {
		if r.p.Kind == FederatedUser || !Decide(r.request(), s.set()).Allowed {
			return // a federated user has nothing without a session policy
		}
		allowed++
		c := s.clone()
		c.hasSession, c.session = false, nil
		if !Decide(r.request(), c.set()).Allowed {
			t.Errorf("a session policy granted\n%s", describe(s, r))
		}
		c.hasBoundary, c.boundary = false, nil
		if !Decide(r.request(), c.set()).Allowed {
			t.Errorf("a boundary granted\n%s", describe(s, r))
		}
	})
	if allowed < 100 {
		t.Errorf("only %d cases were allowed", allowed)
	}
}

// TestExplainAgrees: Explain and Decide never differ, and a statement that did not match says why.
func TestExplainAgrees(t *testing.T) {
	t.Parallel()
	eachCase(t, 6, rounds, func(_ gen, s *refSet, r refRequest) {
		set, q := s.set(), r.request()
		x, d := Explain(q, set), Decide(q, set)
		if x.Result != d || x.Reason != d.Because(q.Action) || (x.Reason == "") != d.Allowed {
			t.Errorf("Explain %+v, Decide %+v", x.Result, d)
		}
		for _, l := range x.Layers {
			for _, src := range l.Sources {
				for _, st := range src.Statements {
					if st.Matched != (len(st.Mismatch) == 0) {
						t.Errorf("matched %v, but %+v\n%s", st.Matched, st.Mismatch, describe(s, r))
					}
				}
			}
		}
	})
}
