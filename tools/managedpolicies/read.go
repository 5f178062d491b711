package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// sources are the files that the tables are made from.
type sources struct{ moto, ids, descriptions, services string }

// policy is an entry of moto's table.
type policy struct {
	Path             string
	DefaultVersionID string `json:"DefaultVersionId"`
	PolicyID         string `json:"PolicyId"`
	CreateDate       time.Time
	UpdateDate       time.Time
	Document         json.RawMessage

	name, description string
}

// readMoto reads the JSON text inside moto's Python file.
func readMoto(file string) (map[string]policy, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	const quotes = `"""`
	begin, end := bytes.Index(source, []byte(quotes)), bytes.LastIndex(source, []byte(quotes))
	if begin < 0 || begin == end {
		return nil, fmt.Errorf("%s: no text between %s", file, quotes)
	}
	text := source[begin+len(quotes) : end]
	if bytes.IndexByte(text, '\\') >= 0 {
		return nil, fmt.Errorf("%s: has escapes of Python, which are not understood", file)
	}
	var all map[string]policy
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all, nil
}

// described is a policy of iam-floyd: its description and, below it, path and name.
var described = regexp.MustCompile(`(?m)^/\*\* (.*) \*/\nAwsManagedPolicy\.\S+ = '([^']+)';$`)

// readDescriptions are the descriptions by path and name, such as "/job-function/Billing".
func readDescriptions(file string) (map[string]string, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, m := range described.FindAllSubmatch(source, -1) {
		all["/"+string(m[2])] = string(m[1])
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no descriptions found", file)
	}
	return all, nil
}

// ordered are the policies with everything that is known of them, in the order of ARNs.
func ordered(in sources) ([]policy, error) {
	now, err := readMoto(in.moto)
	if err != nil {
		return nil, err
	}
	ids, err := readMoto(in.ids)
	if err != nil {
		return nil, err
	}
	descriptions, err := readDescriptions(in.descriptions)
	if err != nil {
		return nil, err
	}
	var all []policy
	for name, p := range now {
		p.name = name
		p.PolicyID = ids[name].PolicyID
		p.description = descriptions[p.Path+name]
		if p.Document, err = tidy(p.Document); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b policy) int { return strings.Compare(a.Path+a.name, b.Path+b.name) })
	return all, nil
}

// The orders in which AWS writes the elements of a document; moto has them sorted.
var (
	documentOrder  = []string{"Version", "Id", "Statement"}
	statementOrder = []string{
		"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	}
)

// tidy is a document without white space and with its elements in AWS's order.
func tidy(document json.RawMessage) (json.RawMessage, error) {
	return reorder(document, documentOrder, func(element string, value json.RawMessage) (json.RawMessage, error) {
		if element != "Statement" {
			return value, nil
		}
		if value[0] == '{' {
			return reorder(value, statementOrder, nil)
		}
		var statements []json.RawMessage
		if err := json.Unmarshal(value, &statements); err != nil {
			return nil, err
		}
		for i, s := range statements {
			var err error
			if statements[i], err = reorder(s, statementOrder, nil); err != nil {
				return nil, err
			}
		}
		return append(append([]byte{'['}, bytes.Join(asBytes(statements), []byte{','})...), ']'), nil
	})
}

func asBytes(all []json.RawMessage) [][]byte {
	var out [][]byte
	for _, b := range all {
		out = append(out, b)
	}
	return out
}

// reorder writes an object with its members in an order; a member that is not in it is an error. inner, if not nil, changes the values.
func reorder(object json.RawMessage, order []string, inner func(string, json.RawMessage) (json.RawMessage, error)) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for _, element := range order {
		value, ok := members[element]
		if !ok {
			continue
		}
		delete(members, element)
		if inner != nil {
			var err error
			if value, err = inner(element, value); err != nil {
				return nil, err
			}
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%q:", element)
		if err := json.Compact(&out, value); err != nil {
			return nil, err
		}
	}
	for element := range members {
		return nil, fmt.Errorf("element %s is not known", element)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// actionPrefixes are the services whose actions the table has.
var actionPrefixes = []string{
	"account", "iam", "identitystore", "identitystore-auth", "organizations", "rolesanywhere",
	"signin", "sso", "sso-directory", "sso-oauth", "sts",
}

// readServices is the table of services: those of iam-data, and without a name those that policies name beside.
func readServices(dir string, policies []policy) ([]byte, error) {
	var names map[string]string
	if err := readJSON(filepath.Join(dir, "serviceNames.json"), &names); err != nil {
		return nil, err
	}
	action := regexp.MustCompile(`"([A-Za-z0-9-]+):[A-Za-z0-9*?]+"`)
	actions := regexp.MustCompile(`"(?:Not)?Action":(?:"[^"]*"|\[[^\]]*\])`)
	for _, p := range policies {
		for _, list := range actions.FindAll(p.Document, -1) {
			for _, m := range action.FindAllSubmatch(list, -1) {
				if prefix := strings.ToLower(string(m[1])); names[prefix] == "" {
					names[prefix] = ""
				}
			}
		}
	}
	var out bytes.Buffer
	for _, prefix := range sortedKeys(names) {
		fmt.Fprintf(&out, "%s\t%s\n", prefix, names[prefix])
	}
	return out.Bytes(), nil
}

// readActions is the table of actions. An action with several levels has the narrowest.
func readActions(dir string) ([]byte, error) {
	var out bytes.Buffer
	for _, prefix := range actionPrefixes {
		var actions map[string]struct{ Name, AccessLevel string }
		if err := readJSON(filepath.Join(dir, "actions", prefix+".json"), &actions); err != nil {
			return nil, err
		}
		for _, key := range sortedKeys(actions) {
			a := actions[key]
			level, _, _ := strings.Cut(a.AccessLevel, ",") // "Permissions management, Write", "Tagging, Write"
			if a.Name == "" || !slices.Contains([]string{"List", "Read", "Write", "Permissions management", "Tagging"}, level) {
				return nil, fmt.Errorf("%s:%s: access level %q", prefix, a.Name, a.AccessLevel)
			}
			fmt.Fprintf(&out, "%s\t%s\t%s\n", prefix, a.Name, level)
		}
	}
	return out.Bytes(), nil
}

func readJSON(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// check refuses what the index cannot carry.
func check(p policy) error {
	switch {
	case strings.ContainsAny(p.name+p.Path+p.description+p.DefaultVersionID, "\t\n"):
		return errors.New("has tabs or line ends")
	case p.CreateDate.IsZero() || p.UpdateDate.IsZero():
		return errors.New("has no dates")
	case p.DefaultVersionID == "" || !strings.HasPrefix(p.Path, "/") || !strings.HasSuffix(p.Path, "/"):
		return errors.New("has no version or path")
	}
	return nil
}
