package awsproto

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

func (c *Codec) decodeQuery(req *Request, v reflect.Value) error {
	form, err := req.Form()
	if err != nil {
		return c.malformed(err)
	}
	d := formDecoder{}
	if err := d.structure(c.input, v, form.params, 0); err != nil {
		return c.malformed(err)
	}
	return nil
}

// formDecoder reads dotted parameters. Every method gets the sorted parameters of one group and the length of the prefix
// they share, so that nothing is copied and the work is that of the parameters there are, whatever the list indexes say.
type formDecoder struct{ depth int }

func (d *formDecoder) structure(n *node, v reflect.Value, group []param, skip int) error {
	if len(group) == 0 {
		return nil
	}
	if d.depth++; d.depth > MaxDepth {
		return errDeep
	}
	defer func() { d.depth-- }()
	for i := range n.fields {
		f := &n.fields[i]
		exact, below, ok := d.find(f.node, group, skip, f.wire)
		if !ok {
			continue
		}
		place := v.Field(f.index)
		if f.pointer {
			place.Set(reflect.New(f.node.typ))
			place = place.Elem()
		}
		if err := d.value(f.node, place, exact, below, skip+len(f.wire)+1); err != nil {
			return fmt.Errorf("%s: %w", f.wire, err)
		}
	}
	return nil
}

// find looks for what a member of the given name has among the parameters: scalars a parameter of that very name, all
// others the group below it, or the bare name for an empty list.
func (d *formDecoder) find(n *node, group []param, skip int, name string) (exact param, below []param, ok bool) {
	exact, ok = exactly(group, skip, name)
	switch n.kind {
	case kindStructure, kindUnion:
		below = under(group, skip, name)
		return exact, below, len(below) > 0
	case kindList, kindMap:
		below = under(group, skip, name)
		return exact, below, len(below) > 0 || ok && exact.value == ""
	}
	return exact, nil, ok
}

// value reads a value; skip is the length of what the names in below share.
func (d *formDecoder) value(n *node, v reflect.Value, exact param, below []param, skip int) error {
	switch n.kind {
	case kindStructure:
		return d.structure(n, v, below, skip)
	case kindUnion:
		return d.union(n, v, below, skip)
	case kindList:
		return d.list(n, v, below, skip)
	case kindMap:
		return d.mapping(n, v, below, skip)
	}
	return setText(n, v, exact.value)
}

func (d *formDecoder) union(n *node, v reflect.Value, group []param, skip int) error {
	set := false
	for i := range n.fields {
		f := &n.fields[i]
		exact, below, ok := d.find(f.node, group, skip, f.wire)
		if !ok {
			continue
		}
		if set {
			return fmt.Errorf("more than one member of the union %s is set", n.shape.Name)
		}
		set = true
		variant := reflect.New(f.variant)
		if err := d.value(f.node, variant.Elem().Field(f.index), exact, below, skip+len(f.wire)+1); err != nil {
			return err
		}
		v.Set(variant)
	}
	return nil
}

// item is what one index of a list or map holds.
type item struct {
	index int
	group []param // names share the prefix up to and including the index
	skip  int     // length of that prefix
}

// items divides a group by the number that follows member or entry. Numbers count from 1 and need not be without gaps:
// an element has the place of its number among those that are there.
func items(group []param, skip int, word string) ([]item, error) {
	group = under(group, skip, word)
	skip += len(word) + 1
	var all []item
	for len(group) > 0 {
		number, _, _ := strings.Cut(group[0].name[skip:], ".")
		index := 0
		for _, c := range []byte(number) {
			if c < '0' || c > '9' || index > maxListIndex {
				index = 0
				break
			}
			index = index*10 + int(c-'0')
		}
		if index == 0 || index > maxListIndex || number[0] == '0' {
			return nil, fmt.Errorf("%.40q is not an index of a list", number)
		}
		size := 1
		for size < len(group) && belongs(group[size].name[skip:], number) {
			size++
		}
		all = append(all, item{index, group[:size], skip + len(number)})
		group = group[size:]
	}
	slices.SortFunc(all, func(a, b item) int { return cmp.Compare(a.index, b.index) })
	return all, nil
}

func belongs(name, number string) bool {
	return strings.HasPrefix(name, number) && (len(name) == len(number) || name[len(number)] == '.')
}

// part returns what an item has at its own name (exact) and below it.
func (it *item) part() (exact param, has bool, below []param) {
	if len(it.group[0].name) == it.skip {
		return it.group[0], true, it.group[1:]
	}
	return param{}, false, it.group
}

func (d *formDecoder) list(n *node, v reflect.Value, group []param, skip int) error {
	all, err := items(group, skip, "member")
	if err != nil {
		return err
	}
	slice := reflect.New(n.typ).Elem() // addressable, so that it can grow
	slice.Set(reflect.MakeSlice(n.typ, 0, len(all)))
	for i := range all {
		exact, has, below := all[i].part()
		if !has && len(below) > 0 && n.elem.isScalar() {
			continue // something below a scalar: unknown, as any other parameter that means nothing here
		}
		slice.SetLen(slice.Len() + 1)
		place := slice.Index(slice.Len() - 1)
		if n.elemPointer {
			place.Set(reflect.New(n.elem.typ))
			place = place.Elem()
		}
		if err := d.value(n.elem, place, exact, below, all[i].skip+1); err != nil {
			return err
		}
	}
	v.Set(slice)
	return nil
}

func (d *formDecoder) mapping(n *node, v reflect.Value, group []param, skip int) error {
	all, err := items(group, skip, "entry")
	if err != nil {
		return err
	}
	m := reflect.MakeMapWithSize(n.typ, len(all))
	for i := range all {
		_, _, below := all[i].part()
		name, ok := exactly(below, all[i].skip+1, "key")
		if !ok {
			return errors.New("an entry of a map has no key")
		}
		key := reflect.New(n.typ.Key()).Elem()
		key.SetString(name.value)
		place := reflect.New(n.typ.Elem()).Elem()
		into := place
		if n.elemPointer {
			place.Set(reflect.New(n.elem.typ))
			into = place.Elem()
		}
		exact, inner, ok := d.find(n.elem, below, all[i].skip+1, "value")
		if !ok {
			return errors.New("an entry of a map has no value")
		}
		if err := d.value(n.elem, into, exact, inner, all[i].skip+len(".value.")); err != nil {
			return err
		}
		if !m.MapIndex(key).IsValid() { // the first counts, here too
			m.SetMapIndex(key, place)
		}
	}
	v.Set(m)
	return nil
}

func (n *node) isScalar() bool { return n.kind < kindList }
