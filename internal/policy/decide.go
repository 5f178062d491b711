package policy

// evaluation is one request being decided.
type evaluation struct {
	r   *Request
	set *Set
	ctx Context
}

// verdict is what the policies of one layer say.
type verdict struct {
	denied, allowed         bool
	denySource, allowSource *Source
	denyIndex, allowIndex   int
	how                     naming // the caller by the strongest Allow
}

// outcome is what all layers say.
type outcome struct {
	rcp, scp, resource, identity, boundary, session verdict
}

type noContext struct{}

func (noContext) Get(string) Value { return Value{} }

func (s *Set) hasBoundary() bool { return s.HasBoundary || len(s.Boundary) > 0 }
func (s *Set) hasResource() bool { return s.HasResource || len(s.Resource) > 0 }
func (s *Set) hasSession() bool  { return s.HasSession || len(s.Session) > 0 }

// Decide decides a request (behaviours.md 3.6 to 3.8). An explicit Deny in any
// policy wins; otherwise every layer that applies has to allow. It does not
// allocate unless a policy compares binary values or ignores case in a variable.
func Decide(r *Request, s *Set) Decision {
	e, o := evaluate(r, s)
	return e.resolve(&o)
}

func evaluate(r *Request, s *Set) (evaluation, outcome) {
	e := evaluation{r: r, set: s, ctx: r.Context}
	if e.ctx == nil {
		e.ctx = noContext{}
	}
	var o outcome
	o.rcp = e.levels(s.RCP)
	o.scp = e.levels(s.SCP)
	if s.hasResource() {
		e.scan(s.Resource, &o.resource, true)
	}
	e.scan(s.Identity, &o.identity, false)
	if r.Principal.unlimited() && !o.identity.allowed {
		o.identity.allowed, o.identity.allowIndex = true, -1
	}
	e.scan(s.Boundary, &o.boundary, false)
	e.scan(s.Session, &o.session, false)
	return e, o
}

// scan asks the policies of one layer. Every Deny is asked; of the Allows, as many
// as are needed to know the strongest.
func (e *evaluation) scan(sources []Source, v *verdict, resource bool) {
	for i := range sources {
		p := sources[i].Policy
		if p == nil {
			continue
		}
		for _, n := range p.denies {
			if v.denied {
				return
			}
			if _, ok := p.statements[n].applies(e); ok {
				v.denied, v.denySource, v.denyIndex = true, &sources[i], int(n)
				return
			}
		}
		for _, n := range p.allows {
			if v.allowed && (!resource || v.how == namedSession) {
				break
			}
			// A policy of a resource that names no principal is none: it allows nobody.
			if resource && p.statements[n].principals == nil {
				continue
			}
			if how, ok := p.statements[n].applies(e); ok && (!v.allowed || how > v.how) {
				v.allowed, v.allowSource, v.allowIndex, v.how = true, &sources[i], int(n), how
			}
		}
	}
}

// levels asks policies of an organization: each level must allow.
func (e *evaluation) levels(levels [][]Source) verdict {
	all := verdict{allowed: true, allowIndex: -1}
	for _, level := range levels {
		var v verdict
		e.scan(level, &v, false)
		if v.denied {
			v.allowed = false
			return v
		}
		if !v.allowed {
			all = verdict{}
		} else if all.allowed {
			all.allowSource, all.allowIndex = v.allowSource, v.allowIndex
		}
	}
	return all
}

// resolve puts the layers together.
func (e *evaluation) resolve(o *outcome) Decision {
	s, p := e.set, &e.r.Principal
	onResource := s.resourceLayer()
	switch {
	case o.rcp.denied:
		return o.rcp.deny(RCPLayer)
	case o.scp.denied:
		return o.scp.deny(SCPLayer)
	case o.resource.denied:
		return o.resource.deny(onResource)
	case o.identity.denied:
		return o.identity.deny(IdentityLayer)
	case o.boundary.denied && p.Kind != RootUser:
		return o.boundary.deny(BoundaryLayer)
	case o.session.denied:
		return o.session.deny(SessionLayer)
	case !o.rcp.allowed:
		return missing(RCPLayer)
	case !o.scp.allowed:
		return missing(SCPLayer)
	case !p.ofAccount():
		if !o.resource.allowed {
			return missing(onResource)
		}
		return o.resource.allow(onResource)
	}
	if s.ResourceAccount != "" && s.ResourceAccount != p.Account {
		// Both accounts must allow, each on its own (behaviours.md 3.7).
		if d, ok := e.own(o, waiver{}); !ok {
			return d
		}
		if !o.resource.allowed {
			return missing(onResource)
		}
		return o.resource.allow(onResource)
	}
	if s.ResourceMustAllow && !o.resource.allowed {
		return missing(onResource)
	}
	w := e.waive(&o.resource)
	if d, ok := e.own(o, w); !ok {
		return d
	}
	if w.identity {
		return o.resource.allow(onResource)
	}
	return o.identity.allow(IdentityLayer)
}

// waiver says which layers need not allow because the resource's policy does.
type waiver struct{ identity, boundary, session bool }

// waive is the table of behaviours.md 3.6, step 5: what an Allow of a resource's
// policy gives a principal of the same account, by how it names the principal.
func (e *evaluation) waive(v *verdict) waiver {
	if !v.allowed {
		return waiver{}
	}
	switch v.how {
	case namedSession:
		return waiver{identity: true, boundary: true, session: true}
	case namedEntity:
		return waiver{identity: true, boundary: e.r.Principal.Kind == User}
	case namedEveryone:
		// Trust policies that say "*" delegate, as if they named the account.
		return waiver{identity: v.allowSource.Policy.kind != TrustPolicy}
	}
	return waiver{}
}

// own asks the layers of the caller's side. It is false with the reason if one
// does not allow.
func (e *evaluation) own(o *outcome, w waiver) (Decision, bool) {
	kind := e.r.Principal.Kind
	switch {
	case !w.identity && !o.identity.allowed:
		return missing(IdentityLayer), false
	case !w.boundary && e.set.hasBoundary() && kind != RootUser && !o.boundary.allowed:
		return missing(BoundaryLayer), false
	case !w.session && (e.set.hasSession() || kind == FederatedUser) && !o.session.allowed:
		return missing(SessionLayer), false
	}
	return Decision{}, true
}

func (v *verdict) allow(l Layer) Decision {
	return Decision{Allowed: true, Layer: l, Source: v.allowSource, Statement: v.allowIndex}
}

func (v *verdict) deny(l Layer) Decision {
	return Decision{Explicit: true, Layer: l, Source: v.denySource, Statement: v.denyIndex}
}

// missing is the decision of a layer in which nothing allows.
func missing(l Layer) Decision { return Decision{Layer: l, Statement: -1} }

// resourceLayer is the name of the resource's layer.
func (s *Set) resourceLayer() Layer {
	for i := range s.Resource {
		if p := s.Resource[i].Policy; p != nil && p.kind == TrustPolicy {
			return TrustLayer
		}
	}
	return ResourceLayer
}

// wordings are the types of policies as denials name them (behaviours.md 2.6).
var wordings = [...]struct{ name, article string }{
	IdentityLayer: {"identity-based policy", "an"},
	ResourceLayer: {"resource-based policy", "a"},
	BoundaryLayer: {"permissions boundary", "a"},
	SessionLayer:  {"session policy", "a"},
	SCPLayer:      {"service control policy", "a"},
	RCPLayer:      {"resource control policy", "a"},
	TrustLayer:    {"role trust policy", "the"},
}

// String is the layer as denials name it: "identity-based policy".
func (l Layer) String() string { return wordings[l].name }

// Because is the reason of a denial as AWS words it (behaviours.md 2.6), empty
// for what is allowed:
//
//	because no identity-based policy allows the iam:CreateUser action
//	with an explicit deny in a service control policy
func (d Decision) Because(action string) string {
	w := wordings[d.Layer]
	switch {
	case d.Allowed:
		return ""
	case d.Explicit:
		return "with an explicit deny in " + w.article + " " + w.name
	}
	return "because no " + w.name + " allows the " + action + " action"
}
