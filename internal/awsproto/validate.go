package awsproto

// Violation is one constraint of the model that an input breaks.
type Violation struct {
	Path       string // as AWS writes it: "tags.1.member.key"
	Value      string // as AWS writes it, quotes included; "" when the member is sensitive
	Constraint string // "Member must have length less than or equal to 64"
}

// Violations are all that an input breaks, in the model's order; nil is a valid input.
type Violations []Violation

// Validate holds an input, a pointer to the bound input type, against the model: required members, lengths, ranges,
// patterns and enumerations. Values of sensitive members never appear in the result.
func (c *Codec) Validate(in any) Violations { return c.validate(in) }

// Error is AWS's text: "2 validation errors detected: Value '…' at '…' failed to satisfy constraint: …; …".
func (v Violations) Error() string { return v.text() }
