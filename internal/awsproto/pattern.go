package awsproto

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// pattern is a regular expression of a model. The models are written for Java and mean the whole value. A pattern is
// translated on first use: to a plain set of characters where it is one repeated class, as most are, else to RE2.
type pattern struct {
	source string

	once  sync.Once
	match func(string) bool
}

// matches tells whether the whole of s fits. A pattern that cannot be translated fits everything; a test holds that there
// is none.
func (p *pattern) matches(s string) bool {
	p.once.Do(func() {
		match, err := compile(p.source)
		if err != nil {
			match = func(string) bool { return true }
		}
		p.match = match
	})
	return p.match(s)
}

// byHand holds the patterns that RE2 has no words for, or that say in Java something other than what they mean.
var byHand = map[string]func(string) bool{
	// iam accountAliasType: the lookahead forbids two hyphens in a row.
	`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`: func(s string) bool {
		return aliasCharacters().MatchString(s) && !strings.Contains(s, "--")
	},
	// sso-admin Duration: the lookahead demands something behind the P.
	`(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?`: func(s string) bool {
		body := strings.TrimPrefix(strings.TrimPrefix(s, "-"), "P")
		return durationParts().MatchString(s) && body != "" && body != "T"
	},
	// sts arnType: \u10000-\u10FFFF is written as if \u took five and six digits; meant is all of Unicode beyond the BMP.
	`[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`: func(s string) bool {
		return s != "" && everyRune(s, func(r rune) bool {
			return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0x7E || r == 0x85 || r >= 0xA0 && r != 0xFFFE && r != 0xFFFF
		})
	},
	// cloudtrail PartitionKeyName and PartitionKeyType: the surrogate pairs of Java stand for the same.
	`[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*`: func(s string) bool {
		return everyRune(s, func(r rune) bool { return r == '\t' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF })
	},
}

var (
	aliasCharacters = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\A[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\z`) })
	durationParts   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\A-?P(?:\d+Y)?(?:\d+M)?(?:\d+[DW])?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?\z`)
	})
)

func everyRune(s string, in func(rune) bool) bool {
	for _, r := range s {
		if !in(r) {
			return false
		}
	}
	return true
}

// compile translates a pattern.
func compile(source string) (func(string) bool, error) {
	if match := byHand[source]; match != nil {
		return match, nil
	}
	translated, err := translate(source)
	if err != nil {
		return nil, err
	}
	if tree, err := syntax.Parse(translated, syntax.Perl); err == nil {
		if match := repeatedClass(tree.Simplify()); match != nil {
			return match, nil
		}
	}
	re, err := regexp.Compile(`\A(?:` + translated + `)\z`)
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

// repeatedClass makes a matcher for [class]* and [class]+, with or without anchors around it; nil for anything else.
func repeatedClass(tree *syntax.Regexp) func(string) bool {
	for tree.Op == syntax.OpConcat || tree.Op == syntax.OpCapture {
		subs := tree.Sub
		for len(subs) > 0 && subs[0].Op == syntax.OpBeginText {
			subs = subs[1:]
		}
		for len(subs) > 0 && subs[len(subs)-1].Op == syntax.OpEndText {
			subs = subs[:len(subs)-1]
		}
		if len(subs) != 1 {
			return nil
		}
		tree = subs[0]
	}
	if tree.Op != syntax.OpStar && tree.Op != syntax.OpPlus || tree.Sub[0].Op != syntax.OpCharClass {
		return nil
	}
	least, ranges := 0, tree.Sub[0].Rune
	if tree.Op == syntax.OpPlus {
		least = 1
	}
	var ascii [utf8.RuneSelf]bool
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1] && r < utf8.RuneSelf; r++ {
			ascii[r] = true
		}
	}
	return func(s string) bool {
		if len(s) < least {
			return false
		}
		for i := 0; i < len(s); {
			if c := s[i]; c < utf8.RuneSelf {
				if !ascii[c] {
					return false
				}
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(s[i:])
			if !inRanges(ranges, r) {
				return false
			}
			i += size
		}
		return true
	}
}

// inRanges searches sorted pairs of first and last.
func inRanges(ranges []rune, r rune) bool {
	from, to := 0, len(ranges)/2
	for from < to {
		middle := (from + to) / 2
		switch {
		case r < ranges[2*middle]:
			to = middle
		case r > ranges[2*middle+1]:
			from = middle + 1
		default:
			return true
		}
	}
	return false
}

// What Java means by classes that RE2 understands otherwise.
const (
	javaSpace = `\t\n\x0B\f\r ` // RE2's \s has no vertical tab
	javaDot   = `[^\n\r\x{85}\x{2028}\x{2029}]`
)

// translate rewrites a Java pattern in RE2: \uXXXX, \s, the dot, and anchors, which Java's matches() takes for granted.
func translate(source string) (string, error) {
	var b strings.Builder
	inClass, dotAll := false, false
	if rest, ok := strings.CutPrefix(source, "(?s)"); ok {
		dotAll, source = true, rest
		b.WriteString("(?s)")
	}
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c == '\\' && i+1 < len(source):
			i++
			switch e := source[i]; e {
			case 'u':
				if i+4 >= len(source) {
					return "", fmt.Errorf("pattern %s: \\u without four digits", source)
				}
				b.WriteString(`\x{` + source[i+1:i+5] + `}`)
				i += 4
			case 's':
				if inClass {
					b.WriteString(javaSpace)
				} else {
					b.WriteString("[" + javaSpace + "]")
				}
			default:
				b.WriteByte('\\')
				b.WriteByte(e)
			}
		case c == '[' && !inClass:
			inClass = true
			b.WriteByte(c)
		case c == ']' && inClass:
			inClass = false
			b.WriteByte(c)
		case c == '.' && !inClass && !dotAll:
			b.WriteString(javaDot)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}
