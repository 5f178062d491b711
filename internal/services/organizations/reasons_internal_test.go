package organizations

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/org"
)

// kinds are the calls by which the domain refuses, with the words that AWS has for
// what they are refused for. A reason that is none of them would reach nobody.
var kinds = map[string]func(reason string) bool{
	"fault.Limit":    known[types.ConstraintViolationExceptionReason],
	"constraint":     known[types.ConstraintViolationExceptionReason],
	"fault.Invalid":  known[types.InvalidInputExceptionReason],
	"invalid":        known[types.InvalidInputExceptionReason],
	"fault.Conflict": known[types.HandshakeConstraintViolationExceptionReason],
}

func known[T interface {
	~string
	Values() []T
}](reason string) bool {
	return word[T](reason) != ""
}

// Every reason for which organizations and memberships are refused has a word of
// AWS's (behaviours.md 9.6): an exception's name, or a value of the enumeration that
// the exception of that kind has.
func TestReasonsAreAWS(t *testing.T) {
	t.Parallel()
	found := 0
	for _, pattern := range []string{"*.go", "../../org/*.go", "../../membership/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, source, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				called := written(source, set, c.Fun)
				args := c.Args
				if called == "fault.New" && len(args) > 1 {
					called, args = written(source, set, args[0]), args[1:]
				}
				is, ok := kinds[called]
				if !ok || len(args) == 0 {
					return true
				}
				literal, ok := args[0].(*ast.BasicLit)
				if !ok {
					return true
				}
				reason, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				found++
				if _, ok := exceptions[reason]; !ok && !is(reason) {
					t.Errorf("%s: AWS has no word %q for %s", set.Position(c.Pos()), reason, called)
				}
				return true
			})
		}
	}
	if found < 50 {
		t.Errorf("only %d reasons were found", found)
	}
}

func written(source []byte, set *token.FileSet, n ast.Node) string {
	return string(source[set.Position(n.Pos()).Offset:set.Position(n.End()).Offset])
}

// An account that was not created failed for one of AWS's reasons.
func TestCreationFailuresAreAWS(t *testing.T) {
	t.Parallel()
	for _, why := range []org.CreationFailure{
		org.AccountLimitExceeded, org.EmailAlreadyExists, org.InvalidEmail, org.ConcurrentModification, org.InternalFailure,
		org.MissingPaymentInstrument, org.InvalidPaymentInstrument,
	} {
		if !slices.Contains(types.CreateAccountFailureReason("").Values(), types.CreateAccountFailureReason(why)) {
			t.Errorf("AWS has no reason %s", why)
		}
	}
}
