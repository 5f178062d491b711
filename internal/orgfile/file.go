// Package orgfile is the organisation as a file: strict reading, applying it as
// one transaction that is reported as a diff, and writing the same form out
// again (design, "The organisation file").
//
// It owns the form of the file and how it is reconciled; what an account, a user
// or a permission set may be is the domains' business.
package orgfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sosodev/duration"
	"go.yaml.in/yaml/v3"

	"sekisho/internal/secret"
)

// MaxSize is the most bytes that a file may have.
const MaxSize = 256 << 20

// File is an organisation file.
type File struct {
	Organization   *Organization   `yaml:"organization,omitempty"`
	IdentityCenter *IdentityCenter `yaml:"identity_center,omitempty"`
	IAM            []IAM           `yaml:"iam,omitempty"`
	// BuilderIDs belongs to the form but is not applied yet.
	BuilderIDs yaml.Node `yaml:"builder_ids,omitempty"`

	dir string // that relative password_file names start from
}

// Secret is a secret in the file. It is read, and never written out.
type Secret struct{ secret.String }

// UnmarshalYAML takes a scalar.
func (s *Secret) UnmarshalYAML(n *yaml.Node) error {
	var v string
	if err := n.Decode(&v); err != nil {
		return err
	}
	s.String = secret.NewString(v)
	return nil
}

// IsZero leaves secrets out when a file is written.
func (s Secret) IsZero() bool { return true }

const maxDays = 3650

// Duration is an ISO 8601 duration of whole seconds, such as PT8H.
type Duration struct{ time.Duration }

// UnmarshalYAML reads PT8H.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	parsed, err := duration.Parse(n.Value)
	if err != nil || parsed.Negative || parsed.Years != 0 || parsed.Months != 0 {
		return fmt.Errorf("line %d: %q is not an ISO 8601 duration such as PT8H", n.Line, n.Value)
	}
	d.Duration = parsed.ToTimeDuration()
	// What does not fit into a time.Duration comes out as anything at all.
	days := parsed.Weeks*7 + parsed.Days + parsed.Hours/24 + parsed.Minutes/24/60 + parsed.Seconds/24/60/60
	if !(days <= maxDays) || d.Duration%time.Second != 0 {
		return fmt.Errorf("line %d: %q is not a duration of whole seconds and at most %d days", n.Line, n.Value, maxDays)
	}
	return nil
}

// MarshalYAML writes PT8H.
func (d Duration) MarshalYAML() (any, error) { return duration.Format(d.Duration), nil }

// IsZero leaves an unset duration out.
func (d Duration) IsZero() bool { return d.Duration == 0 }

// Document is a policy document, written as YAML or as a string of JSON.
type Document struct {
	JSON string

	text string // as the author wrote it, if as a string
	line int    // of the file, where it begins
}

// UnmarshalYAML takes a mapping or a string of JSON.
func (d *Document) UnmarshalYAML(n *yaml.Node) error {
	var raw []byte
	if n.Kind == yaml.ScalarNode {
		raw = []byte(n.Value)
	} else {
		datesAreText(n, make(map[*yaml.Node]bool))
		var v map[string]any
		if err := n.Decode(&v); err != nil {
			return err
		}
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return fmt.Errorf("line %d: the policy document cannot be JSON: %w", n.Line, err)
		}
	}
	var object map[string]any
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("line %d: the policy document is not a JSON object: %w", n.Line, err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return err
	}
	d.JSON, d.line = compact.String(), n.Line
	if n.Kind == yaml.ScalarNode {
		d.text = n.Value
	}
	return nil
}

// datesAreText keeps "Version: 2012-10-17" what everybody means by it: YAML takes
// it for a time.
func datesAreText(n *yaml.Node, seen map[*yaml.Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	if n.Kind == yaml.AliasNode {
		datesAreText(n.Alias, seen)
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		datesAreText(c, seen)
	}
}

// MarshalYAML writes the document as a mapping, or as the string it is if that
// would be read back as another: with its keys in another order.
func (d Document) MarshalYAML() (any, error) {
	var v map[string]any
	if err := json.Unmarshal([]byte(d.JSON), &v); err != nil {
		return nil, err
	}
	if again, err := json.Marshal(v); err != nil || string(again) != d.JSON {
		return d.JSON, err
	}
	return v, nil
}

// Read reads and checks the file at path; "-" is standard input.
func Read(path string) (*File, error) {
	var (
		raw []byte
		err error
		dir = "."
	)
	if path == "-" {
		raw, err = io.ReadAll(io.LimitReader(os.Stdin, MaxSize+1))
	} else {
		dir = filepath.Dir(path)
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	f, err := Parse(raw)
	if err != nil {
		return nil, inFile(path, err)
	}
	f.dir = dir
	return f, nil
}

// inFile puts the file's name before each of the errors that err joins.
func inFile(path string, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Errorf("%s: %w", path, err)
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, fmt.Errorf("%s: %w", path, e))
	}
	return errors.Join(all...)
}

// Parse reads a file. Unknown keys are errors that name their line and the
// nearest known key. What else is wrong comes joined, one error for each mistake:
// everything that Apply would refuse without a look at the database, but for the
// files in which secrets are.
func Parse(raw []byte) (*File, error) {
	if len(raw) > MaxSize {
		return nil, fmt.Errorf("the file has more than %d MiB", MaxSize>>20)
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file is empty")
	} else if err != nil {
		return nil, err
	}
	if err := d.Decode(&more); err == nil {
		return nil, fmt.Errorf("line %d: a second document begins; everything must be in one", more.Line)
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := (&keyChecker{make(map[anchored]bool)}).check(&doc, fileType); err != nil {
		return nil, err
	}
	f := &File{dir: "."}
	if err := doc.Decode(f); err != nil {
		return nil, err
	}
	return f, f.check()
}

// NotApplied names the sections that are present and that this version does not apply.
func (f *File) NotApplied() []string {
	var s []string
	if !f.BuilderIDs.IsZero() {
		s = append(s, "builder_ids")
	}
	return s
}

// password returns the secret itself or what its file holds, without the line end.
func (f *File) password(direct Secret, file string) (secret.String, error) {
	if file == "" {
		return direct.String, nil
	}
	if !direct.Empty() {
		return secret.String{}, fmt.Errorf("password and password_file exclude each other")
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(f.dir, file)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return secret.String{}, err
	}
	return secret.NewString(strings.TrimRight(string(raw), "\r\n")), nil
}
