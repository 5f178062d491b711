package awsmanaged

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/arn"
)

// The bounds of a directory that is read. AWS's longest document has 150 KB, and
// data sets add what they found out about it.
const (
	mostFiles       = 10_000
	mostFile        = 4 << 20
	mostDocuments   = 64 << 20 // all documents together, compacted
	mostDescription = 1000
)

// The names that IAM allows (behaviours.md 1.4).
var (
	namePattern    = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,128}$`)
	pathPattern    = regexp.MustCompile(`^/([A-Za-z0-9_+=,.@-]{1,64}/){0,4}$`)
	versionPattern = regexp.MustCompile(`^v[1-9][0-9]{0,5}$`)
)

// ReadDir reads AWS-managed policies from a directory, so that newer ones than
// those of the program can be had. Each file is one policy, its name the
// policy's with or without ".json", in one of three forms:
//
//   - what `aws iam get-policy-version` prints: {"PolicyVersion": {"Document": …, "VersionId": …}};
//   - a record: {"document": …} with any of "arn", "name", "version",
//     "description", "createdate" and "updatedate" (RFC 3339); other members are
//     passed over, and so is the whole file if it says "deprecated": true;
//   - the document alone.
//
// A policy whose ARN the file does not say has that of the program's policy of
// the same name, and if there is none the path of the directory that the file is
// in: "service-role/X.json" is arn:aws:iam::aws:policy/service-role/X. What else
// is not said is taken from the program's policy too; the version of a new policy
// is "v1".
//
// Files whose names begin with "." are passed over. Anything else that is not
// such a file is an error that begins with the file's name. Of a document only
// the outline is checked, that it has a Version and at least one Statement; what
// it may say is the policy engine's to judge. The result is ordered by ARN.
func ReadDir(dir fs.FS) ([]Policy, error) {
	var all []Policy
	from := map[string]string{} // file by ARN
	files, size := 0, 0
	err := fs.WalkDir(dir, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch hidden := strings.HasPrefix(d.Name(), ".") && file != "."; {
		case hidden && d.IsDir():
			return fs.SkipDir
		case hidden || d.IsDir():
			return nil
		}
		if files++; files > mostFiles {
			return fmt.Errorf("more than %d files", mostFiles)
		}
		p, skip, err := readFile(dir, file, d)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", file, err)
		case skip:
			return nil
		case from[p.ARN] != "":
			return fmt.Errorf("%s: %s is in %s too", file, p.ARN, from[p.ARN])
		}
		if size += len(p.Document); size > mostDocuments {
			return fmt.Errorf("%s: the documents have more than %d bytes together", file, mostDocuments)
		}
		from[p.ARN] = file
		all = append(all, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Policy) int { return cmp.Compare(a.ARN, b.ARN) })
	return all, nil
}

// readFile is the policy in a file; skip says that it is one that AWS withdrew.
func readFile(dir fs.FS, file string, d fs.DirEntry) (p Policy, skip bool, err error) {
	if !d.Type().IsRegular() {
		return Policy{}, false, errors.New("not a regular file")
	}
	name := strings.TrimSuffix(path.Base(file), ".json")
	if !namePattern.MatchString(name) || path.Ext(name) != "" {
		return Policy{}, false, errors.New("the file's name must be that of a policy, with or without .json")
	}
	f, err := dir.Open(file)
	if err != nil {
		return Policy{}, false, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	switch {
	case err != nil:
		return Policy{}, false, err
	case len(data) > mostFile:
		return Policy{}, false, fmt.Errorf("more than %d bytes", mostFile)
	}
	r, err := parse(data)
	if err != nil || r.deprecated {
		return Policy{}, r.deprecated, err
	}
	where := "/"
	if folder := path.Dir(file); folder != "." {
		where = "/" + folder + "/"
	}
	p, err = r.policy(where, name)
	return p, false, err
}

// record is what a file says.
type record struct {
	arn, name, version, description string
	created, updated                time.Time
	document                        json.RawMessage
	deprecated                      bool
}

// parse reads a file of any form.
func parse(data []byte) (record, error) {
	if !utf8.Valid(data) {
		return record{}, errors.New("not UTF-8")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return record{}, fmt.Errorf("not a JSON object: %w", err)
	}
	switch {
	case members["PolicyVersion"] != nil:
		return parseVersion(members)
	case members["document"] != nil:
		return parseRecord(members)
	case members["Statement"] != nil:
		return record{document: data}, nil
	}
	return record{}, errors.New(`has none of "PolicyVersion", "document" and "Statement"`)
}

// parseVersion reads the output of get-policy-version.
func parseVersion(members map[string]json.RawMessage) (record, error) {
	if len(members) != 1 {
		return record{}, errors.New("has more than PolicyVersion")
	}
	var v struct {
		Document         json.RawMessage
		VersionID        string `json:"VersionId"`
		IsDefaultVersion *bool
		CreateDate       time.Time
	}
	d := json.NewDecoder(bytes.NewReader(members["PolicyVersion"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return record{}, fmt.Errorf("PolicyVersion: %w", err)
	}
	if v.IsDefaultVersion != nil && !*v.IsDefaultVersion {
		return record{}, fmt.Errorf("PolicyVersion: %s is not the default version", v.VersionID)
	}
	return record{version: v.VersionID, updated: v.CreateDate, document: v.Document}, nil
}

// parseRecord reads a policy with its metadata beside the document.
func parseRecord(members map[string]json.RawMessage) (record, error) {
	r := record{document: members["document"]}
	for _, m := range []struct {
		name string
		into any
	}{
		{"arn", &r.arn}, {"name", &r.name}, {"version", &r.version}, {"description", &r.description},
		{"createdate", &r.created}, {"updatedate", &r.updated}, {"deprecated", &r.deprecated},
	} {
		if members[m.name] == nil {
			continue
		}
		if err := json.Unmarshal(members[m.name], m.into); err != nil {
			return record{}, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return r, nil
}

// policy is what a file says and, where it does not, what is known; folder and
// name are where the file stands.
func (r record) policy(folder, name string) (Policy, error) {
	if r.name != "" && r.name != name {
		return Policy{}, fmt.Errorf("name is %q, which is not the file's", r.name)
	}
	m, err := r.identity(folder, name)
	if err != nil {
		return Policy{}, err
	}
	if known, ok := policies().numbers[m.ARN]; ok {
		m = policies().metas[known]
	}
	m.DefaultVersion = cmp.Or(r.version, m.DefaultVersion, "v1")
	m.Description = cmp.Or(r.description, m.Description)
	if !r.updated.IsZero() {
		m.UpdatedAt = r.updated.UTC().Truncate(time.Second)
	}
	switch {
	case !r.created.IsZero():
		m.CreatedAt = r.created.UTC().Truncate(time.Second)
	case m.CreatedAt.IsZero():
		m.CreatedAt = m.UpdatedAt
	}
	switch {
	case !versionPattern.MatchString(m.DefaultVersion):
		return Policy{}, fmt.Errorf("version %q is not like v1", m.DefaultVersion)
	case utf8.RuneCountInString(m.Description) > mostDescription:
		return Policy{}, fmt.Errorf("description has more than %d characters", mostDescription)
	}
	m.complete()
	document, err := outline(r.document)
	if err != nil {
		return Policy{}, fmt.Errorf("document: %w", err)
	}
	return Policy{Meta: m, Document: document}, nil
}

// identity is the ARN that the file says or that follows from where it stands.
func (r record) identity(folder, name string) (Meta, error) {
	resource := "policy" + folder + name
	switch {
	case r.arn != "":
		a, err := arn.Parse(r.arn)
		if err != nil || a.Partition != arn.Partition || a.Service != "iam" || a.Region != "" || a.Account != "aws" {
			return Meta{}, fmt.Errorf("arn %q is not of an AWS-managed policy", r.arn)
		}
		resource = a.Resource
	case folder == "/":
		if known := slices.IndexFunc(policies().metas, func(m Meta) bool { return m.Name == name }); known >= 0 {
			return policies().metas[known], nil
		}
	}
	where, ok := strings.CutPrefix(resource, "policy")
	if ok {
		where, ok = strings.CutSuffix(where, name)
	}
	if !ok || !pathPattern.MatchString(where) {
		return Meta{}, fmt.Errorf("%q is not the path and name of a policy %s", resource, name)
	}
	return Meta{ARN: arnPrefix + where + name, Name: name, Path: where}, nil
}

// outline checks that a document has the shape of a policy and takes out its
// white space.
func outline(document json.RawMessage) (string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(document, &members); err != nil {
		return "", errors.New("not a JSON object")
	}
	var version string
	if json.Unmarshal(members["Version"], &version) != nil || version != "2012-10-17" && version != "2008-10-17" {
		return "", errors.New("the Version must be 2012-10-17 or 2008-10-17")
	}
	for name := range members {
		if name != "Version" && name != "Id" && name != "Statement" {
			return "", fmt.Errorf("%q is no element of a policy", name)
		}
	}
	var one map[string]json.RawMessage
	var many []map[string]json.RawMessage
	if json.Unmarshal(members["Statement"], &many) != nil {
		if json.Unmarshal(members["Statement"], &one) != nil {
			return "", errors.New("the Statement must be an object or an array of them")
		}
		many = append(many[:0], one)
	}
	if len(many) == 0 || slices.ContainsFunc(many, func(s map[string]json.RawMessage) bool { return len(s) == 0 }) {
		return "", errors.New("the Statement is empty")
	}
	var out bytes.Buffer
	if err := json.Compact(&out, document); err != nil {
		return "", err
	}
	return out.String(), nil
}
