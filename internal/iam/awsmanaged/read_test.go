package awsmanaged

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const someDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`

func dirOf(files map[string]string) fstest.MapFS {
	dir := fstest.MapFS{}
	for name, content := range files {
		dir[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return dir
}

func TestReadDir(t *testing.T) {
	t.Parallel()
	pretty := strings.NewReplacer(",", ",\n  ", ":", ": ").Replace(someDocument)
	pretty = strings.Replace(pretty, "s3: *", "s3:*", 1)
	got, err := ReadDir(dirOf(map[string]string{
		"ReadOnlyAccess": `{"PolicyVersion": {"Document": ` + pretty + `, "VersionId": "v901",
			"IsDefaultVersion": true, "CreateDate": "2027-01-02T03:04:05+00:00"}}`,
		"Billing.json":             someDocument, // its path is known
		"service-role/NewOne.json": someDocument,
		"AWSSSONew.json": `{"arn": "arn:aws:iam::aws:policy/aws-service-role/AWSSSONew", "name": "AWSSSONew", "version": "v3",
			"description": "New.", "createdate": "2027-01-01T00:00:00Z", "updatedate": "2027-02-01T00:00:00+00:00",
			"access_levels": ["Read"], "deprecated": false, "document": ` + someDocument + `}`,
		"Gone.json":       `{"arn": null, "name": "Gone", "deprecated": true, "document": ` + someDocument + `}`,
		".git/config":     "[core]",
		".editorconfig":   "root = true",
		"One.json":        `{"Version":"2008-10-17","Id":"x","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`,
		"root-task/.keep": "",
	}))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range got {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %v", strings.TrimPrefix(p.ARN, arnPrefix), p.DefaultVersion,
			p.CreatedAt.Format(time.DateOnly), p.UpdatedAt.Format(time.DateOnly), p.Attachable))
	}
	want := []string{
		"/One v1 0001-01-01 0001-01-01 true",
		"/ReadOnlyAccess v901 2015-02-06 2027-01-02 true",
		"/aws-service-role/AWSSSONew v3 2027-01-01 2027-02-01 false",
		"/job-function/Billing v30 2016-11-10 2026-07-30 true",
		"/service-role/NewOne v1 0001-01-01 0001-01-01 true",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	for _, p := range got {
		known, ok := Lookup(p.ARN)
		switch {
		case p.Name == "ReadOnlyAccess" && (p.ID != known.ID || p.Description != known.Description || p.Document != someDocument):
			t.Errorf("%+v", p)
		case !ok && !strings.HasPrefix(p.ID, "ANPA"):
			t.Errorf("%s: id %q", p.ARN, p.ID)
		case p.Name == "AWSSSONew" && p.Description != "New.":
			t.Errorf("%+v", p)
		}
	}
}

func TestReadDirRefuses(t *testing.T) {
	t.Parallel()
	doc := func(d string) string { return `{"document": ` + d + `}` }
	for _, c := range []struct{ file, content, want string }{
		{"README.md", "# Policies", "README.md: the file's name must be that of a policy"},
		{"a b.json", someDocument, "a b.json: the file's name must be"},
		{"X.json", "", "X.json: not a JSON object"},
		{"X.json", "[]", "X.json: not a JSON object"},
		{"X.json", someDocument + "x", "X.json: not a JSON object"},
		{"X.json", "\xff", "X.json: not UTF-8"},
		{"X.json", `{"statement":[]}`, `X.json: has none of "PolicyVersion", "document" and "Statement"`},
		{"X.json", strings.Repeat(" ", mostFile+1), "X.json: more than 4194304 bytes"},
		{"X.json", `{"PolicyVersion":{"Document":` + someDocument + `},"More":1}`, "X.json: has more than PolicyVersion"},
		{"X.json", `{"PolicyVersion":{"Document":` + someDocument + `,"More":1}}`, `X.json: PolicyVersion: json: unknown field "More"`},
		{"X.json", `{"PolicyVersion":{"Document":` + someDocument + `,"VersionId":"v2","IsDefaultVersion":false}}`, "v2 is not the default version"},
		{"X.json", `{"PolicyVersion":{"VersionId":"v2"}}`, "X.json: document: not a JSON object"},
		{"X.json", `{"name":"Y","document":` + someDocument + `}`, `X.json: name is "Y", which is not the file's`},
		{"X.json", `{"name":7,"document":` + someDocument + `}`, "X.json: name: json:"},
		{"X.json", `{"version":"3","document":` + someDocument + `}`, `X.json: version "3" is not like v1`},
		{"X.json", `{"createdate":"yesterday","document":` + someDocument + `}`, "X.json: createdate: "},
		{"X.json", `{"description":"` + strings.Repeat("x", 1001) + `","document":` + someDocument + `}`, "X.json: description has more than 1000"},
		{"X.json", `{"arn":"arn:aws:iam::111122223333:policy/X","document":` + someDocument + `}`, "is not of an AWS-managed policy"},
		{"X.json", `{"arn":"arn:aws:iam::aws:role/X","document":` + someDocument + `}`, "is not the path and name of a policy X"},
		{"X.json", `{"arn":"arn:aws:iam::aws:policy/Y","document":` + someDocument + `}`, "is not the path and name of a policy X"},
		{"X.json", `{"arn":"arn:aws:iam::aws:policyX","document":` + someDocument + `}`, "is not the path and name of a policy X"},
		{"a b/X.json", someDocument, "a b/X.json: "},
		{"X.json", doc(`"text"`), "X.json: document: not a JSON object"},
		{"X.json", doc(`{"Statement":[{"Effect":"Allow"}]}`), "X.json: document: the Version must be"},
		{"X.json", doc(`{"Version":"2012-10-18","Statement":[{"Effect":"Allow"}]}`), "X.json: document: the Version must be"},
		{"X.json", doc(`{"Version":"2012-10-17"}`), "X.json: document: the Statement must be"},
		{"X.json", doc(`{"Version":"2012-10-17","Statement":[]}`), "X.json: document: the Statement is empty"},
		{"X.json", doc(`{"Version":"2012-10-17","Statement":[{}]}`), "X.json: document: the Statement is empty"},
		{"X.json", doc(`{"Version":"2012-10-17","Statement":null}`), "X.json: document: the Statement is empty"},
		{"X.json", doc(`{"Version":"2012-10-17","Statement":["x"]}`), "X.json: document: the Statement must be"},
		{"X.json", doc(`{"Version":"2012-10-17","Statements":[],"Statement":[{"Effect":"Allow"}]}`), `"Statements" is no element`},
	} {
		got, err := ReadDir(dirOf(map[string]string{c.file: c.content}))
		if err == nil || !strings.Contains(err.Error(), c.want) || got != nil {
			t.Errorf("%s %.80s: %d policies, error %v, want %q", c.file, c.content, len(got), err, c.want)
		}
	}
	if _, err := ReadDir(dirOf(map[string]string{"X": someDocument, "X.json": someDocument})); err == nil ||
		err.Error() != "X.json: arn:aws:iam::aws:policy/X is in X too" {
		t.Errorf("the same policy twice: %v", err)
	}
	many := fstest.MapFS{}
	for i := range mostFiles + 1 {
		many[fmt.Sprintf("P%d", i)] = &fstest.MapFile{Data: []byte(`{"deprecated":true,"document":{}}`)}
	}
	if _, err := ReadDir(many); err == nil || err.Error() != "more than 10000 files" {
		t.Errorf("too many files: %v", err)
	}
}

// TestReadDirOfDisk shows what a real directory can do that a map cannot: a link
// out of it is not followed, and one that is missing is said to be.
func TestReadDirOfDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "X.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadDir(os.DirFS(dir)); err == nil || err.Error() != "X.json: not a regular file" {
		t.Errorf("a link: %v", err)
	}
	if _, err := ReadDir(os.DirFS(filepath.Join(dir, "none"))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing directory: %v", err)
	}
}

// FuzzReadDir holds that what is read is whole and reads the same again from
// what it says of itself.
func FuzzReadDir(f *testing.F) {
	f.Add("X.json", someDocument)
	f.Add("service-role/X", `{"PolicyVersion":{"Document":`+someDocument+`,"VersionId":"v2","CreateDate":"2027-01-02T03:04:05Z"}}`)
	f.Add("Billing", `{"arn":"arn:aws:iam::aws:policy/job-function/Billing","version":"v99","document":`+someDocument+`}`)
	f.Add("X.json", `{"document":{"Version":"2012-10-17","Statement":[{"":1}]}}`)
	f.Fuzz(func(t *testing.T, file, content string) {
		if !fs.ValidPath(file) || file == "." {
			t.Skip()
		}
		got, err := ReadDir(dirOf(map[string]string{file: content}))
		if err != nil || len(got) == 0 {
			return
		}
		p := got[0]
		if len(got) != 1 || p.ARN != arnPrefix+p.Path+p.Name || p.DefaultVersion == "" || p.ID == "" || p.Document == "" {
			t.Fatalf("%q: %+v", file, got)
		}
		again, err := ReadDir(dirOf(map[string]string{
			p.Name: fmt.Sprintf(`{"arn":%q,"document":%s}`, p.ARN, p.Document),
		}))
		if err != nil || len(again) != 1 || again[0].ARN != p.ARN || again[0].Document != p.Document {
			t.Fatalf("%+v reads again as %+v, %v", p, again, err)
		}
	})
}
