package policy

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The reference decides as behaviours.md 3 reads, from the documents as text, with nothing of
// the engine: encoding/json, time, net, math/big and the definition of wildcards. It
// is slow and takes well-formed documents only.

// refSet is Set with documents.
type refSet struct {
	identity, boundary, session, resource []string
	hasBoundary, hasSession, hasResource  bool
	trust                                 bool // the resource's policy is of a role
	scp, rcp                              [][]string
	resourceAccount                       string
	mustAllow                             bool
}

// set is the engine's form of it.
func (s *refSet) set() *Set {
	sources := func(kind Kind, docs []string) []Source {
		out := make([]Source, len(docs))
		for i, d := range docs {
			out[i].Policy = MustParse(kind, d)
		}
		return out
	}
	kind := ResourcePolicy
	if s.trust {
		kind = TrustPolicy
	}
	out := &Set{
		Identity:    sources(IdentityPolicy, s.identity),
		HasBoundary: s.hasBoundary, Boundary: sources(IdentityPolicy, s.boundary),
		HasSession: s.hasSession, Session: sources(IdentityPolicy, s.session),
		HasResource: s.hasResource, Resource: sources(kind, s.resource),
		ResourceAccount: s.resourceAccount, ResourceMustAllow: s.mustAllow,
	}
	for _, l := range s.scp {
		out.SCP = append(out.SCP, sources(ServiceControlPolicy, l))
	}
	for _, l := range s.rcp {
		out.RCP = append(out.RCP, sources(ResourceControlPolicy, l))
	}
	return out
}

type refRequest struct {
	action, resource string
	p                Principal
	ctx              map[string][]string
	bounded, trust   bool
}

func refStatements(document string) (out []map[string]any, variables bool) {
	var d struct {
		Version   string
		Statement []map[string]any
	}
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		panic(err)
	}
	return d.Statement, d.Version == "2012-10-17"
}

func refStrings(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, refStrings(x)...)
		}
		return out
	case string:
		return []string{v}
	case bool:
		if v {
			return []string{"true"}
		}
		return []string{"false"}
	case float64:
		return []string{big.NewFloat(v).Text('g', -1)}
	}
	panic("unexpected value")
}

// refExpand puts values for variables. Characters that are not wildcards
// although they look so are moved to a private plane.
func refExpand(text string, ctx map[string][]string) (string, bool) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		inside, after, _ := strings.Cut(rest, "}")
		text = after
		key, fallback, has := strings.Cut(inside, ", ")
		v := ctx[strings.ToLower(key)]
		switch {
		case inside == "*" || inside == "?" || inside == "$":
			out.WriteString(refPlain(inside))
		case len(v) == 1:
			out.WriteString(refPlain(v[0]))
		case has:
			out.WriteString(refPlain(strings.Trim(fallback, "'")))
		default:
			return "", false
		}
	}
}

func refPlain(s string) string { return strings.NewReplacer("*", "\uE000", "?", "\uE001").Replace(s) }

func refLike(pattern, s string, ctx map[string][]string) bool {
	p, ok := refExpand(pattern, ctx)
	return ok && naive(p, refPlain(s))
}

func refHow(names []string, typ string, p Principal) naming {
	best := unnamed
	for _, n := range names {
		var how naming
		switch {
		case n == "*" && (typ == "*" || typ == "AWS"):
			how = namedEveryone
		case typ == "AWS" && p.Account != "" && (n == p.Account || n == "arn:aws:iam::"+p.Account+":root"):
			how = namedAccount
		case typ == "AWS" && (p.Kind == RoleSession || p.Kind == FederatedUser) && n == p.ARN:
			how = namedSession
		case typ == "AWS" && p.Kind != RootUser && p.EntityARN != "" && (n == p.EntityARN || n == p.EntityID):
			how = namedEntity
		case typ == "Federated" && p.Federated == n, typ == "Service" && p.Service == n:
			how = namedEntity
		}
		best = max(best, how)
	}
	return best
}

func refPrincipal(element any, p Principal) naming {
	if s, ok := element.(string); ok {
		return refHow([]string{s}, "*", p)
	}
	best := unnamed
	for typ, v := range element.(map[string]any) {
		best = max(best, refHow(refStrings(v), typ, p))
	}
	return best
}

func refSpared(element any, p Principal) bool {
	lists := func(names ...string) bool {
		m, ok := element.(map[string]any)
		return ok && slices.ContainsFunc(refStrings(m["AWS"]), func(s string) bool { return slices.Contains(names, s) })
	}
	if element == "*" || lists("*") {
		return true
	}
	account := lists(p.Account, "arn:aws:iam::"+p.Account+":root")
	switch p.Kind {
	case RootUser:
		return account
	case User:
		return account && lists(p.EntityARN, p.EntityID)
	case RoleSession, FederatedUser:
		return account && lists(p.EntityARN, p.EntityID) && lists(p.ARN)
	}
	return refPrincipal(element, p) != unnamed
}

func refApplies(st map[string]any, r refRequest, variables bool) (naming, bool) {
	deny := st["Effect"] == "Deny"
	action := func(a string) bool { return naive(strings.ToLower(a), strings.ToLower(r.action)) }
	if a, ok := st["Action"]; ok && !slices.ContainsFunc(refStrings(a), action) {
		return 0, false
	}
	if a, ok := st["NotAction"]; ok && slices.ContainsFunc(refStrings(a), action) {
		return 0, false
	}
	resource := func(a string) bool {
		if !variables {
			return naive(a, r.resource)
		}
		return refLike(a, r.resource, r.ctx)
	}
	if a, ok := st["Resource"]; ok && !slices.ContainsFunc(refStrings(a), resource) {
		return 0, false
	}
	if a, ok := st["NotResource"]; ok && slices.ContainsFunc(refStrings(a), resource) {
		return 0, false
	}
	how := unnamed
	if a, ok := st["Principal"]; ok {
		how = refPrincipal(a, r.p)
		outside := r.p.Kind == SAMLFederated || r.p.Kind == WebIdentity || r.p.Kind == Service || r.p.Kind == Anonymous
		if how == unnamed || r.trust && !deny && outside && how == namedEveryone {
			return 0, false
		}
	}
	if a, ok := st["NotPrincipal"]; ok {
		how = namedEveryone
		if deny && !r.bounded && refSpared(a, r.p) || !deny && refPrincipal(a, r.p) != unnamed {
			return 0, false
		}
	}
	conditions, _ := st["Condition"].(map[string]any)
	for op, keys := range conditions {
		for key, values := range keys.(map[string]any) {
			if !refCondition(op, r.ctx[strings.ToLower(key)], refStrings(values), r.ctx, variables) {
				return 0, false
			}
		}
	}
	return how, true
}

func refCondition(op string, got, want []string, ctx map[string][]string, variables bool) bool {
	if op == "Null" {
		return slices.Contains(want, map[bool]string{true: "true", false: "false"}[len(got) == 0])
	}
	op, exists := strings.CutSuffix(op, "IfExists")
	if exists && len(got) == 0 {
		return true
	}
	op, all := strings.CutPrefix(op, "ForAllValues:")
	op, some := strings.CutPrefix(op, "ForAnyValue:")
	negated := strings.Contains(op, "Not")
	op = strings.Replace(op, "Not", "", 1)
	one := func(v string) bool {
		return slices.ContainsFunc(want, func(w string) bool { return refCompare(op, v, w, ctx, variables) })
	}
	empty := len(got) == 0 || len(got) == 1 && got[0] == ""
	switch {
	case all:
		return empty || !slices.ContainsFunc(got, func(v string) bool { return one(v) == negated })
	case some:
		return !empty && slices.ContainsFunc(got, func(v string) bool { return one(v) != negated })
	}
	return slices.ContainsFunc(got, one) != negated
}

func refCompare(op, got, want string, ctx map[string][]string, variables bool) bool {
	text, resolved := want, true
	if variables && (strings.HasPrefix(op, "String") || strings.HasPrefix(op, "Arn")) {
		text, resolved = refExpand(want, ctx)
	}
	order := func(cmp int) bool {
		switch {
		case strings.HasSuffix(op, "LessThan"):
			return cmp < 0
		case strings.HasSuffix(op, "LessThanEquals"):
			return cmp <= 0
		case strings.HasSuffix(op, "GreaterThan"):
			return cmp > 0
		case strings.HasSuffix(op, "GreaterThanEquals"):
			return cmp >= 0
		}
		return cmp == 0
	}
	switch {
	case !resolved:
		return false
	case op == "StringEquals":
		return refPlain(text) == refPlain(got)
	case op == "StringEqualsIgnoreCase":
		return strings.EqualFold(refPlain(text), refPlain(got))
	case op == "StringLike":
		return naive(text, refPlain(got))
	case strings.HasPrefix(op, "Numeric"):
		a, ok1 := new(big.Rat).SetString(got)
		b, ok2 := new(big.Rat).SetString(want)
		return ok1 && ok2 && order(a.Cmp(b))
	case strings.HasPrefix(op, "Date"):
		a, err1 := refTime(got)
		b, err2 := refTime(want)
		return err1 == nil && err2 == nil && order(a.Compare(b))
	case op == "Bool":
		return strings.EqualFold(got, want)
	case op == "BinaryEquals":
		a, err1 := base64.StdEncoding.DecodeString(got)
		b, err2 := base64.StdEncoding.DecodeString(want)
		return err1 == nil && err2 == nil && string(a) == string(b)
	case op == "IpAddress":
		if !strings.Contains(want, "/") {
			return net.ParseIP(want).Equal(net.ParseIP(got))
		}
		_, block, err := net.ParseCIDR(want)
		ip := net.ParseIP(got)
		return err == nil && ip != nil && block.Contains(ip)
	case strings.HasPrefix(op, "Arn"):
		a, b := strings.SplitN(got, ":", 6), strings.SplitN(text, ":", 6)
		if text == "*" {
			return len(a) == 6
		}
		if len(a) != 6 || len(b) != 6 {
			return false
		}
		for i := range a {
			if !naive(b[i], refPlain(a[i])) {
				return false
			}
		}
		return true
	}
	panic(op)
}

// refTime reads RFC 3339 and seconds since 1970.
func refTime(s string) (time.Time, error) {
	if !strings.ContainsAny(s, "-:T*") {
		whole, fraction, _ := strings.Cut(s, ".")
		sec, err := strconv.ParseInt(whole, 10, 64)
		nanos, err2 := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		return time.Unix(sec, nanos), errors.Join(err, err2)
	}
	return time.Parse(time.RFC3339Nano, s)
}

// refDecide is the reference's Decide: allowed, explicit, and the layer.
func refDecide(s *refSet, r refRequest) (allowed, explicit bool, layer Layer) {
	r.bounded = s.hasBoundary
	ask := func(docs []string) (allow, deny bool, how naming) {
		for _, d := range docs {
			list, variables := refStatements(d)
			for _, st := range list {
				if h, ok := refApplies(st, r, variables); ok {
					if st["Effect"] == "Deny" {
						deny = true
					} else {
						allow, how = true, max(how, h)
					}
				}
			}
		}
		return allow, deny, how
	}
	levels := func(all [][]string) (allow, deny bool) {
		allow = true
		for _, l := range all {
			a, d, _ := ask(l)
			allow, deny = allow && a, deny || d
		}
		return allow, deny
	}
	onResource := ResourceLayer
	if s.trust {
		onResource = TrustLayer
	}
	rcp, rcpDeny := levels(s.rcp)
	scp, scpDeny := levels(s.scp)
	r.trust = s.trust
	res, resDeny, how := ask(s.resource)
	r.trust = false
	id, idDeny, _ := ask(s.identity)
	bnd, bndDeny, _ := ask(s.boundary)
	ses, sesDeny, _ := ask(s.session)
	root, federated := r.p.Kind == RootUser, r.p.Kind == FederatedUser
	for _, x := range []struct {
		deny bool
		l    Layer
	}{{rcpDeny, RCPLayer}, {scpDeny, SCPLayer}, {resDeny, onResource}, {idDeny, IdentityLayer}, {bndDeny && !root, BoundaryLayer}, {sesDeny, SessionLayer}} {
		if x.deny {
			return false, true, x.l
		}
	}
	id = id || root
	bnd = bnd || !s.hasBoundary || root
	ses = ses || !s.hasSession && !federated
	by := IdentityLayer
	first := func(checks ...any) (bool, bool, Layer) {
		for i := 0; i < len(checks); i += 2 {
			if !checks[i].(bool) {
				return false, false, checks[i+1].(Layer)
			}
		}
		return true, false, by
	}
	switch {
	case r.p.Account == "":
		by = onResource
		return first(rcp, RCPLayer, scp, SCPLayer, res, onResource)
	case s.resourceAccount != "" && s.resourceAccount != r.p.Account:
		by = onResource
		return first(rcp, RCPLayer, scp, SCPLayer, id, IdentityLayer, bnd, BoundaryLayer, ses, SessionLayer, res, onResource)
	}
	skipIdentity := how == namedEntity || how == namedSession || how == namedEveryone && res && !s.trust
	skipBoundary := how == namedSession || how == namedEntity && r.p.Kind == User
	if skipIdentity {
		by = onResource
	}
	return first(rcp, RCPLayer, scp, SCPLayer, res || !s.mustAllow, onResource,
		id || skipIdentity, IdentityLayer, bnd || skipBoundary, BoundaryLayer, ses || how == namedSession, SessionLayer)
}
