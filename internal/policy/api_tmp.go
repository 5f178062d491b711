package policy

// Explanation says how a decision came about.
type Explanation struct {
	Decision string             `json:"decision"` // allowed, explicitDeny or implicitDeny
	Reason   string             `json:"reason,omitempty"`
	Layers   []LayerExplanation `json:"layers"`
	// Missing are the context keys that policies name and the request lacks.
	Missing []string `json:"missing_context_values,omitempty"`
}

// LayerExplanation is what one layer said.
type LayerExplanation struct {
	Layer string `json:"layer"`
}

// Explain decides like Decide and tells why.
func Explain(r *Request, s *Set) Explanation { return Explanation{} }

// Finding is something that a document should not say.
type Finding struct {
	Severity string `json:"severity"` // ERROR, SECURITY_WARNING, WARNING or SUGGESTION
	Code     string `json:"code"`
	Message  string `json:"message"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
}

// Lint finds what AWS refuses and what is dangerous.
func Lint(kind Kind, document string) []Finding { return nil }
