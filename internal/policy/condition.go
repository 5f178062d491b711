package policy

// condition is one key under one operator: all conditions of a statement must
// hold, and of a condition's values any.
type condition struct {
	operator string // as written, for explanations
	key      string // as written
	lower    string
	op       operator
	set      quantifier
	ifExists bool
	values   []operand
	written  []string
	at       Position
}

// holds tells whether the request meets the condition (behaviours.md 3.2).
func (c *condition) holds(ctx Context) bool {
	v := ctx.Get(c.lower)
	if c.op.family == null {
		return c.null(v.Len() == 0)
	}
	switch {
	case v.Len() == 0 && c.ifExists:
		return true
	case c.set == forAll:
		return v.hollow() || c.all(v, ctx)
	case c.set == forAny:
		return !v.hollow() && c.some(v, ctx)
	case v.Len() == 0:
		return c.op.negated
	}
	// Several values without a set operator are AWS's undefined behaviour. Here
	// one that matches is enough, and a negation is the negation of that.
	for i := range v.Len() {
		if c.matches(v.At(i), ctx) {
			return !c.op.negated
		}
	}
	return c.op.negated
}

func (c *condition) null(absent bool) bool {
	for i := range c.values {
		if c.values[i].truth == absent {
			return true
		}
	}
	return false
}

// all: each value of the request matches one of the policy's, or, negated, none.
func (c *condition) all(v Value, ctx Context) bool {
	for i := range v.Len() {
		if c.matches(v.At(i), ctx) == c.op.negated {
			return false
		}
	}
	return true
}

// some: one value of the request matches one of the policy's, or, negated, none.
func (c *condition) some(v Value, ctx Context) bool {
	for i := range v.Len() {
		if c.matches(v.At(i), ctx) != c.op.negated {
			return true
		}
	}
	return false
}

// matches tells whether a value of the request matches one of the policy's.
func (c *condition) matches(value string, ctx Context) bool {
	for i := range c.values {
		if c.op.matches(&c.values[i], value, ctx) {
			return true
		}
	}
	return false
}
