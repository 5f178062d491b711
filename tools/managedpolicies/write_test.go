package main

import (
	"bytes"
	"compress/flate"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inputs writes small files in the forms of the sources.
func inputs(t *testing.T, moto string) sources {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, prefix := range actionPrefixes {
		write("actions/"+prefix+".json", `{"get":{"name":"Get","accessLevel":"Read"},"add":{"name":"Add","accessLevel":"Tagging, Write"}}`)
	}
	write("serviceNames.json", `{"s3":"Amazon S3","iam":"IAM"}`)
	return sources{
		moto:         write("now.py", "# Imported\ndata = \"\"\"\n"+moto+"\n\"\"\"\n"),
		ids:          write("ids.py", `data = """{"B":{"PolicyId":"ANPABBBBBBBBBBBBBBBBB"}}"""`),
		descriptions: write("d.js", "class X {}\n/** The one. */\nAwsManagedPolicy.B = 'job-function/B';\n/** Gone. */\nAwsManagedPolicy.C = 'C';\n"),
		services:     dir,
	}
}

const two = `{
 "B":{"CreateDate":"2020-01-01T00:00:00+00:00","UpdateDate":"2021-01-01T00:00:00+00:00","DefaultVersionId":"v7","Path":"/job-function/",
  "Document":{"Statement":{"Resource":"*","Effect":"Allow","Action":["S3:Get*","old:Do"]},"Version":"2012-10-17"}},
 "A":{"CreateDate":"2020-01-01T00:00:01+00:00","UpdateDate":"2020-01-01T00:00:01+00:00","DefaultVersionId":"v1","Path":"/",
  "Document":{"Version":"2012-10-17","Id":"i","Statement":[{"Condition":{"Bool":{"aws:x":"y"}},"Sid":"s","NotAction":"iam:*","Effect":"Deny","Resource":[ "a" ]}]}}
}`

func TestRun(t *testing.T) {
	t.Parallel()
	in, out := inputs(t, two), t.TempDir()
	if said, err := run(in, out); err != nil || !strings.HasPrefix(said, "2 policies as of 2021-01-01:") {
		t.Fatalf("said %q, error %v", said, err)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	inflate := func(data, dictionary []byte) string {
		text, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(data), dictionary))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	sizes, lines, _ := strings.Cut(inflate(read("index.flate"), nil), "\n")
	if want := "/A\tv1\t1577836801\t1577836801\t\t1\t147\t\n" +
		"/job-function/B\tv7\t1577836800\t1609459200\tANPABBBBBBBBBBBBBBBBB\t1\t100\tThe one.\n"; lines != want {
		t.Errorf("index is\n%swant\n%s", lines, want)
	}
	documents := read("documents.flate")
	first := bytes.NewReader(documents)
	dictionary, err := io.ReadAll(flate.NewReader(first))
	if err != nil || strings.Count(sizes, "\t") != 1 {
		t.Fatalf("dictionary: %v; sizes %q", err, sizes)
	}
	text := inflate(documents[len(documents)-first.Len():], dictionary)
	if want := `{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"s","Effect":"Deny","NotAction":"iam:*","Resource":["a"],` +
		`"Condition":{"Bool":{"aws:x":"y"}}}]}` +
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["S3:Get*","old:Do"],"Resource":"*"}}`; text != want {
		t.Errorf("documents are\n%s\nwant\n%s", text, want)
	}
	if got, want := string(read("services.tsv")), "iam\tIAM\nold\t\ns3\tAmazon S3\n"; got != want {
		t.Errorf("services are %q, want %q", got, want)
	}
	if got, want := string(read("actions.tsv")), "account\tAdd\tTagging\naccount\tGet\tRead\niam\tAdd\tTagging\n"; !strings.HasPrefix(got, want) {
		t.Errorf("actions are %q, want %q", got, want)
	}
	again := t.TempDir()
	if _, err := run(in, again); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.flate", "documents.flate"} {
		if data, err := os.ReadFile(filepath.Join(again, name)); err != nil || !bytes.Equal(data, read(name)) {
			t.Errorf("%s differs the second time: %v", name, err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for moto, want := range map[string]string{
		"no JSON":                                      "now.py: invalid character",
		`{"A":"` + `\\` + `"}`:                         "has escapes of Python",
		strings.Replace(two, "Sid", "Sig", 1):          "A: element Sig is not known",
		strings.Replace(two, `"Id"`, `"X"`, 1):         "A: element X is not known",
		strings.Replace(two, "v7", "", 1):              "B: has no version or path",
		strings.Replace(two, `"UpdateDate"`, `"U"`, 1): "B: has no dates",
		strings.Replace(two, `"A":`, `"A	":`, 1):       "now.py: invalid character",
	} {
		if _, err := run(inputs(t, moto), t.TempDir()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: error %v, want %q", moto, err, want)
		}
	}
}
