package policy

// Value is the value of a condition key in a request: absent (the zero Value),
// one string, or several. Numbers, dates, booleans and addresses are in the form
// in which policies write them ("3600", "2026-01-02T03:04:05Z", "true", "192.0.2.1").
type Value struct {
	one  string
	many []string
	set  bool // one holds the value
}

// One is the value of a single-valued key. An empty string is a value.
func One(s string) Value { return Value{one: s, set: true} }

// Many is the value of a multivalued key. AWS does not tell an empty list from
// an absent key, and neither do we: Many(nil) is the zero Value. The slice is
// kept, not copied.
func Many(ss []string) Value { return Value{many: ss} }

// Len is the number of values; 0 means that the key is absent.
func (v Value) Len() int {
	if v.set {
		return 1
	}
	return len(v.many)
}

// At is the i-th value.
func (v Value) At(i int) string {
	if v.set {
		return v.one
	}
	return v.many[i]
}

// Strings are all values, in a slice of their own.
func (v Value) Strings() []string {
	if v.set {
		return []string{v.one}
	}
	return append([]string(nil), v.many...)
}

// hollow tells that a set operator has nothing to look at: AWS counts a lone
// empty string as an empty set there.
func (v Value) hollow() bool {
	return v.Len() == 0 || v.Len() == 1 && v.At(0) == ""
}

// A Context answers what the condition keys of one request are. Get is asked
// with the key in lower case ("aws:principaltag/team"), from one goroutine at a time,
// and only for keys that a policy names.
type Context interface {
	Get(key string) Value
}

// MapContext is a Context of fixed values. Its keys are in lower case.
type MapContext map[string][]string

// Get implements Context.
func (m MapContext) Get(key string) Value { return Many(m[key]) }
