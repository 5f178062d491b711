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

// checkKeys refuses keys that t does not have. The YAML library can do that too,
// but does not say what the author may have meant.
func checkKeys(n *yaml.Node, t reflect.Type) error {
	if n.Kind == yaml.DocumentNode {
		return checkKeys(n.Content[0], t)
	}
	if n.Kind == yaml.AliasNode {
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
			if err := checkKeys(item, t.Elem()); err != nil {
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
			if err := checkKeys(n.Content[i+1], field); err != nil {
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
