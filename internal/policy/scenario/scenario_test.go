package scenario

import (
	"strings"
	"testing"
	"testing/fstest"

	"sekisho/internal/policy"
)

// TestScenarios holds the engine to every request of every file, and Explain to Decide
// (promise 14).
func TestScenarios(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	requests := 0
	for i := range all {
		s := &all[i]
		set, err := s.Set()
		if err != nil {
			t.Fatal(err)
		}
		for j := range s.Requests {
			requests++
			c, r := &s.Requests[j], s.Request(j)
			d, x := policy.Decide(r, set), policy.Explain(r, set)
			if x.Result != d || x.Reason != d.Because(c.Action) {
				t.Errorf("%s, %s: Explain says %+v, Decide %+v", s.Name, c.Name, x.Result, d)
			}
			if x.Decision != c.Expect || x.Layer != c.Layer || x.Reason != c.Message {
				t.Errorf("%s, %s:\n got %s, %s, %q\nwant %s, %s, %q", s.Name, c.Name, x.Decision, x.Layer, x.Reason, c.Expect, c.Layer, c.Message)
			}
		}
	}
	if requests < 60 {
		t.Errorf("only %d requests", requests)
	}
	t.Logf("%d scenarios, %d requests", len(all), requests)
}

// TestStrict wants a file that says more, less or something else than it may to
// be refused.
func TestStrict(t *testing.T) {
	t.Parallel()
	const good = `[{"name":"n","description":"d","account":"111122223333","principal":{"user":"u"},"policies":{},` +
		`"requests":[{"name":"r","action":"s3:GetObject","resource":"*","expect":"implicitDeny","layer":"identity-based policy","message":"m"}]}]`
	load := func(text string) error {
		_, err := Load(fstest.MapFS{"x.json": {Data: []byte(text)}})
		return err
	}
	if err := load(good); err != nil {
		t.Fatal(err)
	}
	for what, replace := range map[string][2]string{
		"unknown member":      {`"name":"n"`, `"name":"n","extra":1`},
		"no description":      {`"description":"d",`, ``},
		"nobody":              {`{"user":"u"}`, `{}`},
		"two principals":      {`{"user":"u"}`, `{"user":"u","role":"r"}`},
		"unknown decision":    {`"implicitDeny"`, `"deny"`},
		"no layer":            {`,"layer":"identity-based policy"`, ``},
		"no message":          {`,"message":"m"`, ``},
		"message if allowed":  {`"implicitDeny"`, `"allowed"`},
		"no requests":         {`"requests":[`, `"requests":[],"policies":[`},
		"bad policy":          {`"policies":{}`, `"policies":{"user":{"p":{}}}`},
		"two resource's ones": {`"policies":{}`, `"policies":{"resource":{},"trust":{}}`},
		"text behind":         {`]}]`, `]}][]`},
	} {
		text := strings.Replace(good, replace[0], replace[1], 1)
		if text == good {
			t.Fatalf("%s: nothing replaced", what)
		}
		if load(text) == nil {
			t.Errorf("%s: taken", what)
		}
	}
	twice := good[:len(good)-1] + "," + good[1:]
	if load(twice) == nil {
		t.Error("two scenarios of one name are taken")
	}
}
