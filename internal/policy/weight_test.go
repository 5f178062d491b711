package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Whatever makes an evaluation longer makes it heavier, each by about as much as
// it takes; the simulator's benchmark compares weights with the clock.
func TestWeight(t *testing.T) {
	t.Parallel()
	like := func(pattern string, operands, statements int) *Policy {
		st := fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringLike":{"k:x":["%s"]}}}`,
			strings.Join(slices.Repeat([]string{pattern}, operands), `","`))
		p, err := Parse(IdentityPolicy, `{"Version":"2012-10-17","Statement":[`+strings.Join(slices.Repeat([]string{st}, statements), ",")+`]}`)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const long = "*a?*b"
	one := []string{"*"}
	values := func(n int, s string) MapContext { return MapContext{"k:x": slices.Repeat([]string{s}, n)} }
	word := strings.Repeat("a", 100)
	base := like(long, 10, 10).Weight(one, values(10, word))
	for name, c := range map[string]struct {
		weight, least, most int // of base, in percent
	}{
		"same":             {like(long, 10, 10).Weight(one, values(10, word)), 100, 100},
		"statements":       {like(long, 10, 20).Weight(one, values(10, word)), 180, 200},
		"operands":         {like(long, 20, 10).Weight(one, values(10, word)), 180, 200},
		"values":           {like(long, 10, 10).Weight(one, values(20, word)), 180, 200},
		"longer values":    {like(long, 10, 10).Weight(one, values(10, word+word)), 150, 200},
		"resources":        {like(long, 10, 10).Weight([]string{"*", "*"}, values(10, word)), 199, 200},
		"not ASCII":        {like(long, 10, 10).Weight(one, values(10, word+"é")), 110, 1000},
		"long search":      {like("*"+strings.Repeat("a?", 200)+"*b", 10, 10).Weight(one, values(10, word)), 250, 1500},
		"variables":        {like("*"+strings.Repeat("${k:y}", 20)+"a*b", 10, 10).Weight(one, values(10, word)), 2500, 100000},
		"no search":        {like("a*", 10, 10).Weight(one, values(10, word)), 5, 40},
		"no value":         {like(long, 10, 10).Weight(one, nil), 1, 20},
		"no policy":        {(*Policy)(nil).Weight(one, nil), 0, 0},
		"more than counts": {min(like(strings.Repeat("*${k:y}b", 300), 40, 1).Weight(slices.Repeat(one, 100_000), values(100_000, word)), base*100), 10000, 10000},
	} {
		if percent := c.weight * 100 / base; percent < c.least || percent > c.most {
			t.Errorf("%s: %d%% of %d, want %d to %d", name, percent, base, c.least, c.most)
		}
	}
}
