package iam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// MaxDelegatedPolicy is how many characters that are not white space the
// permissions of a delegation request may have.
const MaxDelegatedPolicy = 2048

// placeholder is where a template has a parameter. "@{" always begins one.
var placeholder = regexp.MustCompile(`@\{([^{}]*)\}`)

func badTemplate(format string, args ...any) error {
	return fault.New(fault.Invalid, "policy-template", format, args...)
}

// delegatedPolicy makes the permissions of a request: the default version of a
// customer managed policy of the requestor's account, with its placeholders
// filled in.
func delegatedPolicy(tx PolicyStore, requestor, templateARN string, parameters []DelegationParameter) (string, error) {
	missing := badTemplate("The policy template %s does not exist.", templateARN)
	owner, _, err := splitPolicyARN(templateARN)
	if err != nil || owner != requestor {
		return "", missing
	}
	template, err := DefaultDocument(tx, templateARN)
	if fault.Is(err, fault.NotFound) {
		return "", missing
	}
	if err != nil {
		return "", err
	}
	return FillTemplate(template, parameters)
}

// FillTemplate puts parameters in the place of a policy's placeholders, "@{name}"
// inside a string. A parameter of type stringList makes as many strings of the
// one in which it stands as it has values. Values are texts: they can neither end
// the string nor be a wildcard, a policy variable or another placeholder, so that
// a filled template never permits more than it shows. The result is a policy of at
// most MaxDelegatedPolicy characters; anything else is Invalid.
func FillTemplate(template string, parameters []DelegationParameter) (string, error) {
	before, err := policy.Parse(policy.IdentityPolicy, template)
	if err != nil {
		return "", badTemplate("The policy template is not a valid policy.")
	}
	f := filling{values: make(map[string]DelegationParameter, len(parameters)), used: make(map[string]bool)}
	for _, p := range parameters {
		if err := f.take(p); err != nil {
			return "", err
		}
	}
	if err := f.document(template); err != nil {
		return "", err
	}
	for _, p := range parameters {
		if !f.used[p.Name] {
			return "", badTemplate("The policy template has no parameter %s.", p.Name)
		}
	}
	document := f.out.String()
	if err := CheckDocument(policy.IdentityPolicy, document); err != nil {
		return "", badTemplate("The parameters make no valid policy of the template: %v", err)
	}
	after, err := policy.Parse(policy.IdentityPolicy, document)
	if err != nil || len(after.Statements()) != len(before.Statements()) {
		return "", badTemplate("The parameters make no valid policy of the template.")
	}
	if DocumentSize(document) > MaxDelegatedPolicy {
		return "", badTemplate("The policy of a delegation request can have at most %d characters.", MaxDelegatedPolicy)
	}
	return document, nil
}

// filling is a template being filled in.
type filling struct {
	values map[string]DelegationParameter
	used   map[string]bool
	out    strings.Builder
}

func (f *filling) take(p DelegationParameter) error {
	if _, twice := f.values[p.Name]; twice {
		return badTemplate("The parameter %s is given twice.", p.Name)
	}
	if len(p.Values) == 0 || !p.List && len(p.Values) > 1 {
		return badTemplate("The parameter %s must have a value, and no more than one unless it is of type stringList.", p.Name)
	}
	size := 0
	for _, v := range p.Values {
		size += len(v)
		if v == "" || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) {
			return badTemplate("The values of parameter %s must be printable ASCII.", p.Name)
		}
		if strings.ContainsAny(v, "*?$") || strings.Contains(v, "@{") {
			return badTemplate("The values of parameter %s must not have wildcards, variables or placeholders.", p.Name)
		}
	}
	if size > MaxDelegatedPolicy {
		return badTemplate("The values of parameter %s are too long.", p.Name)
	}
	f.values[p.Name] = p
	return nil
}

// document copies the template, which is valid JSON, and fills its strings in.
func (f *filling) document(template string) error {
	var within []byte // the open brackets
	for i := 0; i < len(template); {
		switch c := template[i]; c {
		case '"':
			end := literalEnd(template, i)
			next := strings.TrimLeft(template[end:], " \t\r\n")
			list := len(within) > 0 && within[len(within)-1] == '['
			if err := f.literal(template[i:end], list, strings.HasPrefix(next, ":")); err != nil {
				return err
			}
			i = end
			if f.out.Len() > maxFilled {
				return badTemplate("The policy of a delegation request can have at most %d characters.", MaxDelegatedPolicy)
			}
			continue
		case '{', '[':
			within = append(within, c)
		case '}', ']':
			within = within[:max(0, len(within)-1)]
		}
		f.out.WriteByte(template[i])
		i++
	}
	return nil
}

// maxFilled bounds what is written before it is measured: documents have white
// space, too.
const maxFilled = 131072

// literalEnd is the index after the string literal that begins at i.
func literalEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// literal writes a string literal, or several where it has a list. list says that
// it stands in one already, key that it is the name of a member.
func (f *filling) literal(raw string, list, key bool) error {
	var text string
	if err := json.Unmarshal([]byte(raw), &text); err != nil {
		return badTemplate("The policy template is not a valid policy.")
	}
	if !strings.Contains(text, "@{") {
		f.out.WriteString(raw)
		return nil
	}
	if key {
		return badTemplate("The policy template has a parameter in the name of an element: %s", text)
	}
	if strings.Contains(placeholder.ReplaceAllString(text, ""), "@{") {
		return badTemplate("The policy template has a parameter that does not end: %s", text)
	}
	var many *DelegationParameter
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		p, ok := f.values[m[1]]
		if !ok {
			return badTemplate("The parameter %s is missing.", m[1])
		}
		f.used[p.Name] = true
		if !p.List {
			continue
		}
		if many != nil {
			return badTemplate("The policy template has two parameters of type stringList in one text: %s", text)
		}
		many = &p
	}
	if many == nil {
		f.out.WriteString(f.text(text, ""))
		return nil
	}
	written := make([]string, len(many.Values))
	for i, v := range many.Values {
		written[i] = f.text(text, v)
	}
	if all := strings.Join(written, ","); list {
		f.out.WriteString(all)
	} else {
		fmt.Fprintf(&f.out, "[%s]", all)
	}
	return nil
}

// text is the string with its placeholders filled in, as JSON. item stands for
// the list.
func (f *filling) text(text, item string) string {
	filled := placeholder.ReplaceAllStringFunc(text, func(m string) string {
		if p := f.values[m[2:len(m)-1]]; !p.List {
			return p.Values[0]
		}
		return item
	})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(filled) // a string always has a form
	return strings.TrimSuffix(b.String(), "\n")
}
