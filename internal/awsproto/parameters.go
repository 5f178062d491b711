package awsproto

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parameter is a member of an input as the audit trail says it. Its name is CloudTrail's: the member's with a small first
// letter, those of structures behind a dot.
type Parameter struct{ Name, Value string }

// What a parameter says at most. Whoever needs a document whole finds it where it was put.
const (
	maxSaid        = 256     // bytes of a text
	maxSaidEntries = 10      // of a list or map
	maxSaidDepth   = 3       // structures in structures
	longText       = 4 << 10 // a text that may be longer is told by length and hash
)

// unmarked are the shapes whose values let somebody in although the models do not mark them as sensitive.
var unmarked = []string{"tokenCodeType", "authenticationCodeType", "contextAssertionType", "AuthCode", "AuthorizationCode", "CodeVerifier", "DeviceCode"}

// isSecret tells whether values of the shape must not be repeated anywhere.
func (sh *shape) isSecret() bool { return sh.Sensitive || slices.Contains(unmarked, sh.Name) }

// Parameters tells what a decoded input asks for, in the order of the model and without anything secret: numbers, booleans
// and texts up to 256 bytes; the first ten entries of lists of these; keys of tags and maps; policy documents, certificates
// and whatever else may be long by length and hash. in is what [Codec.Decode] filled.
func (c *Codec) Parameters(in any) []Parameter {
	v, err := structOf(in, c.in)
	if err != nil || c.input == nil {
		return nil
	}
	return parameters(nil, "", c.input, v, maxSaidDepth)
}

func parameters(out []Parameter, prefix string, n *node, of reflect.Value, depth int) []Parameter {
	for i := range n.fields {
		f := &n.fields[i]
		v, ok := f.value(of)
		if !ok || f.isInline() && v.IsZero() || f.node.shape.isSecret() {
			continue
		}
		name := prefix + f.path
		if f.node.kind == kindStructure && len(f.node.fields) > 1 && depth > 1 {
			out = parameters(out, name+".", f.node, v, depth-1)
		} else if s := f.node.said(v); s != "" {
			out = append(out, Parameter{name, s})
		}
	}
	return out
}

// said is a value in words; "" when it has none, or must not have any.
func (n *node) said(v reflect.Value) string {
	if n.shape.isSecret() {
		return ""
	}
	switch n.kind {
	case kindString:
		return n.saidText(v.String())
	case kindInteger:
		return strconv.FormatInt(v.Int(), 10)
	case kindFloat:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case kindBoolean:
		return strconv.FormatBool(v.Bool())
	case kindTimestamp:
		return v.Interface().(time.Time).UTC().Format(time.RFC3339) //nolint:forcetypeassert // bound to nothing else
	case kindBlob:
		return fmt.Sprintf("%d bytes", v.Len())
	case kindList:
		return n.saidList(v)
	case kindMap:
		keys := make([]string, 0, v.Len())
		for _, k := range v.MapKeys() {
			keys = append(keys, n.key.said(k))
		}
		slices.Sort(keys)
		return few(keys[:min(len(keys), maxSaidEntries)], len(keys))
	case kindUnion:
		if v.IsNil() {
			return ""
		}
		if f, value, err := n.variant(v); err == nil {
			return f.node.said(value)
		}
	case kindStructure:
		if f := n.identifying(); f != nil {
			if v, ok := f.value(v); ok {
				return f.node.said(v)
			}
		}
	}
	return ""
}

// identifying is the member that stands for a whole structure: its only one, or the key of a tag.
func (n *node) identifying() *field {
	if len(n.fields) == 1 {
		return &n.fields[0]
	}
	if len(n.fields) == 2 && n.fields[0].path == "key" && n.fields[1].path == "value" {
		return &n.fields[0]
	}
	return nil
}

func (n *node) saidText(s string) string {
	if strings.Contains(n.shape.Name, "Document") || n.shape.Max != nil && *n.shape.Max >= longText {
		sum := sha256.Sum256([]byte(s))
		return fmt.Sprintf("%d bytes, sha256:%s", len(s), hex.EncodeToString(sum[:8]))
	}
	if len(s) > maxSaid {
		return strings.ToValidUTF8(s[:maxSaid-len("…")], "") + "…"
	}
	return s
}

// saidList names the entries of a list, or tells how many there are when they have no names.
func (n *node) saidList(v reflect.Value) string {
	if n.elem.kind == kindStructure && n.elem.identifying() == nil {
		return fmt.Sprintf("%d entries", v.Len())
	}
	var said []string
	for i := range min(v.Len(), maxSaidEntries) {
		entry := v.Index(i)
		if n.elemPointer {
			if entry.IsNil() {
				continue
			}
			entry = entry.Elem()
		}
		if s := n.elem.said(entry); s != "" {
			said = append(said, s)
		}
	}
	return few(said, v.Len())
}

func few(said []string, of int) string {
	s := strings.Join(said, ", ")
	if of > maxSaidEntries && s != "" {
		s += fmt.Sprintf(", … of %d", of)
	}
	return s
}

// Issues tells whether the operation gives its caller something secret, such as credentials.
func (c *Codec) Issues() bool { return c.output != nil && c.output.issues(make(map[*node]bool)) }

func (n *node) issues(seen map[*node]bool) bool {
	if n == nil || seen[n] {
		return false
	}
	seen[n] = true
	return n.shape.isSecret() || n.elem.issues(seen) || n.key.issues(seen) ||
		slices.ContainsFunc(n.fields, func(f field) bool { return f.node.issues(seen) })
}
