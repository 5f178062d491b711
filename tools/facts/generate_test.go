package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sekisho/internal/awsproto/facts"
)

const sample = `{
 "metadata": {"protocol": "rest-json", "apiVersion": "2020-01-01", "endpointPrefix": "x", "serviceId": "X"},
 "operations": {
  "PutThing": {"name": "PutThing", "http": {"method": "PUT", "requestUri": "/thing/{id}?mode=new", "responseCode": 201},
   "input": {"shape": "PutThingRequest"}, "errors": [{"shape": "Gone"}], "authtype": "none"},
  "GetThing": {"name": "GetThing", "http": {"method": "GET", "requestUri": "/thing", "responseCode": 200}}
 },
 "shapes": {
  "PutThingRequest": {"type": "structure", "required": ["id"], "members": {
   "zeta": {"shape": "Names"},
   "id": {"shape": "Name", "location": "uri", "locationName": "id"},
   "alpha": {"shape": "Name", "locationName": "al-pha", "documentation": "gone"}}},
  "Names": {"type": "list", "member": {"shape": "Name"}, "max": 3},
  "Name": {"type": "string", "min": 1, "pattern": "<[a-z]>", "sensitive": true},
  "Gone": {"type": "structure", "members": {"Message": {"shape": "Name"}}, "exception": true, "error": {"code": "IsGone", "httpStatusCode": 410}},
  "Broken": {"type": "structure", "members": {}, "exception": true, "fault": true},
  "Unreached": {"type": "string"}
 }
}`

func TestConvert(t *testing.T) {
	t.Parallel()
	have, err := convert("x", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	one, three := 1.0, 3.0
	want := facts.Service{
		ID: "x", Protocol: facts.RESTJSON, APIVersion: "2020-01-01", EndpointPrefix: "x", SigningName: "x", MessageMember: "Message",
		Operations: []facts.Operation{
			{Name: "GetThing", Method: "GET", Path: "/thing", ReadOnly: true},
			{Name: "PutThing", Method: "PUT", Path: "/thing/{id}", Fixed: []string{"mode=new"}, Status: 201, Input: "PutThingRequest", Errors: []string{"Gone"}, Unsigned: true},
		},
		Shapes: []facts.Shape{
			{Name: "Broken", Type: "structure", Exception: &facts.Exception{Status: 500, Fault: true}},
			{Name: "Gone", Type: "structure", Members: []facts.Member{{Name: "Message", Shape: "Name"}}, Exception: &facts.Exception{Code: "IsGone", Status: 410}},
			{Name: "Name", Type: "string", Min: &one, Pattern: "<[a-z]>", Sensitive: true},
			{Name: "Names", Type: "list", Element: "Name", Max: &three},
			{Name: "PutThingRequest", Type: "structure", Required: []string{"id"}, Members: []facts.Member{
				{Name: "zeta", Shape: "Names"}, {Name: "id", Shape: "Name", Location: "uri"}, {Name: "alpha", Shape: "Name", LocationName: "al-pha"},
			}},
		},
	}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
}

func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"an unknown protocol": {"rest-json", "smithy-rpc-v2-cbor"},
		"a dangling shape":    {`"input": {"shape": "PutThingRequest"}`, `"input": {"shape": "Nothing"}`},
		"broken JSON":         {`"shapes": {`, `"shapes": [`},
	} {
		if _, err := convert("x", []byte(strings.Replace(sample, change[0], change[1], 1))); err == nil {
			t.Errorf("%s was converted", name)
		}
	}
}

// The same models give the same bytes, in either layout, and the bytes are JSON of the schema.
func TestRunIsDeterministic(t *testing.T) {
	t.Parallel()
	flat, deep := t.TempDir(), t.TempDir()
	for _, id := range services {
		if err := os.WriteFile(filepath.Join(flat, id+".json"), []byte(sample), 0o600); err != nil {
			t.Fatal(err)
		}
		for version, text := range map[string]string{"2019-01-01": "{}", "2020-01-01": sample} {
			dir := filepath.Join(deep, id, version)
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "service-2.json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, b := t.TempDir(), t.TempDir()
	if err := run(flat, a); err != nil {
		t.Fatal(err)
	}
	if err := run(deep, b); err != nil {
		t.Fatal(err)
	}
	for _, name := range append([]string{"index"}, services...) {
		first, err := os.ReadFile(filepath.Join(a, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		second, err := os.ReadFile(filepath.Join(b, name+".json"))
		if err != nil || string(first) != string(second) {
			t.Errorf("%s differs (%v)", name, err)
		}
		if !json.Valid(first) {
			t.Errorf("%s is not JSON", name)
		}
	}
	if err := run(t.TempDir(), t.TempDir()); err == nil {
		t.Error("a directory without models was accepted")
	}
}
