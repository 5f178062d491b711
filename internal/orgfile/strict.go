package orgfile

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"sekisho/internal/nearest"
)

var (
	fileType     = reflect.TypeFor[File]()
	nodeType     = reflect.TypeFor[yaml.Node]()
	unmarshalers = reflect.TypeFor[yaml.Unmarshaler]()
)

// keyChecker refuses keys that a type does not have. The YAML library can do
// that too, but does not say what the author may have meant.
type keyChecker struct {
	// seen are the anchors that were looked at: following each alias would take
	// a time that is no longer bounded by the file's size.
	seen map[anchored]bool
}

type anchored struct {
	node *yaml.Node
	as   reflect.Type
}

func (c *keyChecker) check(n *yaml.Node, t reflect.Type) error {
	if n.Kind == yaml.DocumentNode {
		return c.check(n.Content[0], t)
	}
	if n.Kind == yaml.AliasNode {
		a := anchored{n.Alias, t}
		if c.seen[a] {
			return nil
		}
		c.seen[a] = true
		n = n.Alias
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nodeType || reflect.PointerTo(t).Implements(unmarshalers) {
		return nil
	}
	switch {
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			if err := c.check(item, t.Elem()); err != nil {
				return err
			}
		}
	case t.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		known := fieldsOf(t)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			field, ok := known[key.Value]
			if !ok {
				names := make([]string, 0, len(known))
				for name := range known {
					names = append(names, name)
				}
				return fmt.Errorf("line %d: unknown key %q%s", key.Line, key.Value, nearest.Hint(key.Value, names))
			}
			if err := c.check(n.Content[i+1], field); err != nil {
				return err
			}
		}
	}
	return nil
}

func fieldsOf(t reflect.Type) map[string]reflect.Type {
	m := make(map[string]reflect.Type)
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" {
			m[name] = t.Field(i).Type
		}
	}
	return m
}
