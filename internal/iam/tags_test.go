package iam_test

import (
	"fmt"
	"slices"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
)

func tags(pairs ...string) []iam.Tag {
	var out []iam.Tag
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, iam.Tag{Key: pairs[i], Value: pairs[i+1]})
	}
	return out
}

func numbered(n int) []iam.Tag {
	var out []iam.Tag
	for i := range n {
		out = append(out, iam.Tag{Key: fmt.Sprint("k", i)})
	}
	return out
}

// Keys are the same whatever their case on users and roles, and keep the case in
// which they were given last; elsewhere case tells them apart (behaviours.md 5.7).
// There are at most 50 (1.5), and "aws:" is AWS's (1.4).
func TestSetTags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		have, add []iam.Tag
		fold      bool
		want      []iam.Tag
		kind      fault.Kind
		message   string
	}{
		{name: "none"},
		{name: "new after old", have: tags("b", "1"), add: tags("a", "2"), want: tags("b", "1", "a", "2")},
		{name: "replaced in its place", have: tags("a", "1", "b", "2"), add: tags("a", "3"), want: tags("a", "3", "b", "2")},
		{name: "another case is another key", have: tags("Team", "1"), add: tags("team", "2"), want: tags("Team", "1", "team", "2")},
		{name: "another case is the same key", have: tags("Team", "1"), add: tags("team", "2"), fold: true, want: tags("team", "2")},
		{name: "given twice", add: tags("a", "1", "a", "2"), kind: fault.Invalid, message: "Duplicate tag keys found."},
		{name: "given in two cases", add: tags("a", "1", "A", "2"), want: tags("a", "1", "A", "2")},
		{
			name: "given in two cases of one key", add: tags("a", "1", "A", "2"), fold: true, kind: fault.Invalid,
			message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
		},
		{name: "AWS's own", add: tags("aws:x", "1"), kind: fault.Invalid, message: "System tags cannot be added/updated by requester"},
		{name: "AWS's own in capitals", add: tags("AWS:x", "1"), kind: fault.Invalid, message: "System tags cannot be added/updated by requester"},
		{name: "50", have: numbered(49), add: tags("x", ""), want: append(numbered(49), iam.Tag{Key: "x"})},
		{name: "51", have: numbered(50), add: tags("x", ""), kind: fault.Limit, message: "The number of tags has reached the maximum limit."},
		{name: "50 of which one is new in value only", have: numbered(50), add: tags("k49", ""), want: numbered(50)},
	} {
		before := slices.Clone(c.have)
		got, err := iam.SetTags(c.have, c.add, c.fold)
		if f, ok := fault.As(err); ok && (f.Kind != c.kind || f.Public != c.message) || !ok && c.message != "" {
			t.Errorf("%s: %v", c.name, err)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if !slices.Equal(c.have, before) {
			t.Errorf("%s: what was there is changed: %v", c.name, c.have)
		}
	}
}

func TestUnsetTags(t *testing.T) {
	t.Parallel()
	have := tags("Team", "1", "team", "2", "b", "3")
	for _, c := range []struct {
		keys []string
		fold bool
		want []iam.Tag
	}{
		{nil, false, have},
		{[]string{"nobody's"}, false, have},
		{[]string{"team"}, false, tags("Team", "1", "b", "3")},
		{[]string{"TEAM"}, true, tags("b", "3")},
		{[]string{"team", "b", "Team"}, false, nil},
	} {
		if got := iam.UnsetTags(have, c.keys, c.fold); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.keys, got, c.want)
		}
	}
	if !slices.Equal(have, tags("Team", "1", "team", "2", "b", "3")) {
		t.Errorf("what was there is changed: %v", have)
	}
}

func TestSortTags(t *testing.T) {
	t.Parallel()
	have := tags("b", "1", "B", "2", "a", "3")
	if got := iam.SortTags(have); !slices.Equal(got, tags("B", "2", "a", "3", "b", "1")) || have[0].Key != "b" {
		t.Errorf("%v of %v", got, have)
	}
}
