package policy

import "strings"

// What single steps cost, in nanoseconds of an ordinary machine; the benchmark
// of the policy simulator compares their sum with a clock.
const (
	perStatement = 1200.0 // with what is told of it
	perKey       = 250.0
	perCondition = 300.0
	perOperand   = 60.0
	perTold      = 10.0 // a byte that an explanation quotes
	perPiece     = 4.0
	perVariable  = 60.0
	perParsed    = 250.0 // a date, number or address
	askings      = 4.0   // how often Explain asks a statement at most
	actionLength = 128.0 // of the longest action that callers may give
	mostWeight   = 1 << 53
)

// Weight is how much work it is at most to Explain what p says of each of the
// resources in one context: about as many nanoseconds, the same for the same
// arguments on every machine. Callers who bring policies and contexts of their
// own are bounded by it.
func (p *Policy) Weight(resources []string, ctx Context) int {
	if p == nil {
		return 0
	}
	if ctx == nil {
		ctx = noContext{}
	}
	texts, values := weigh(Many(resources)), make(map[string]load)
	w := texts.count * (perKey*float64(len(p.keys)) + perVariable*float64(len(p.principals)))
	for i := range p.statements {
		st := &p.statements[i]
		each := perStatement
		for j := range st.actions {
			each += st.actions[j].weight()
		}
		for j := range st.conditions {
			each += st.conditions[j].weight(ctx, values)
		}
		w += texts.count*each + texts.bytes*perTold
		for j := range st.resources {
			w += askings * st.resources[j].weight(texts, ctx)
		}
	}
	return int(min(w, mostWeight))
}

// load is texts that patterns are compared with.
type load struct {
	count, bytes float64
	wide         bool // not all are ASCII
}

func weigh(v Value) load {
	l := load{count: float64(v.Len())}
	for i := range v.Len() {
		s := v.At(i)
		l.bytes += float64(len(s))
		l.wide = l.wide || !isASCII(s)
	}
	return l
}

// weight is what it costs to compare with one action and to tell of it.
func (a *actionPattern) weight() float64 {
	w := 20 + float64(len(a.text))
	if a.shape == generalShape {
		tail := float64(len(a.text) - strings.LastIndexByte(a.text, '*') - 1)
		w += actionLength / 2 * min(tail+1, actionLength/2)
	}
	return askings * w
}

// weight is what it costs to ask the condition and to tell of it. known are the
// values of keys that were weighed before.
func (c *condition) weight(ctx Context, known map[string]load) float64 {
	values, ok := known[c.lower]
	if !ok {
		values = weigh(ctx.Get(c.lower))
		known[c.lower] = values
	}
	w := perCondition + values.bytes*perTold
	for _, s := range c.written {
		w += float64(len(s)) * perTold
	}
	for i := range c.values {
		w += perOperand + askings*c.op.weight(&c.values[i], values, ctx)
	}
	return w
}

// weight is what it costs to compare an operand with each of the values.
func (op operator) weight(o *operand, values load, ctx Context) float64 {
	switch op.family {
	case stringEquals, stringLike:
		return o.text.weight(values, ctx)
	case stringIgnoreCase:
		perByte := 2.0
		if values.wide || !isASCII(o.text.source) {
			perByte = 20
		}
		_, own := o.text.segments[0].weight(ctx)
		return values.count*(10+own) + perByte*values.bytes
	case arnLike:
		w := o.text.weight(values, ctx)
		for i := range o.parts {
			w += o.parts[i].weight(values, ctx)
		}
		return w
	case numeric, date, address, binary:
		return values.count*perParsed + 2*values.bytes
	}
	return values.count * 10
}

// weight is what it costs to match each of the texts. Middle segments are looked
// for: those without a search of their own are tried at each place.
func (p *pattern) weight(texts load, ctx Context) float64 {
	if p.shape != generalShape {
		return texts.count*10 + texts.bytes/16
	}
	perText, perByte := 30.0, 1.0
	for i := range p.segments {
		g := &p.segments[i]
		lookups, tries := g.weight(ctx)
		perText += lookups + tries
		switch {
		case i == 0 || i == len(p.segments)-1:
		case g.find != nil && !texts.wide:
			perByte = max(perByte, 1+1.5*float64(len(g.find.masks[0])))
		case len(g.pieces) > 1 || g.pieces[0].literal == "":
			perByte = max(perByte, 5+tries)
		default:
			perByte = max(perByte, 2)
		}
	}
	return texts.count*perText + texts.bytes*perByte
}

// weight is what it costs to see that the segment's variables have values, and to
// try the segment at one place.
func (g *segment) weight(ctx Context) (lookups, once float64) {
	once = float64(g.chars) / 16
	for _, x := range g.pieces {
		once += perPiece
		if x.variable != nil {
			v, _ := x.variable.value(ctx)
			lookups += perVariable
			once += perVariable + float64(len(v))/16
		}
	}
	return lookups, once
}
