package iam

import (
	"slices"
	"testing"

	"sekisho/internal/policy"
)

// The walk finds the principals that package policy finds, and changes nothing
// but them.
func FuzzEachAWSPrincipal(f *testing.F) {
	for _, doc := range []string{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}`,
		"{\n \"Statement\" : {\"Principal\" : { \"Service\":[\"ec2.amazonaws.com\"] , \"AWS\" :[ \"*\",\t\"111122223333\" ]},\n\"Action\":[\"sts:AssumeRole\"], \"Effect\":\"Allow\"}\n}\n",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/a","AROAABCDEFGHIJKLMNOPQ"]},"Action":"sts:*"},{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"AWS":"arn:aws:iam::111122223333:root"}}}]}`,
		`{"Statement":[{"Principal":{"AWS":"\u0061rn:aws:iam::111122223333:role\/x"},"Effect":"Allow","Action":"sts:AssumeRole"}],"Version":"2012-10-17"}`,
		`{"Statement":[`, `[]`, `"`, `{"Statement":{"Principal":{"AWS":7}}}`, `{"Statement":{"Principal":{"AWS":{"a":[]}}}}`, `{} {}`,
	} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		var found []string
		same, err := eachAWSPrincipal(doc, func(name string) (string, error) {
			found = append(found, name)
			return name, nil
		})
		parsed, refused := policy.Parse(policy.TrustPolicy, doc)
		if refused != nil {
			return
		}
		if err != nil || same != doc {
			t.Fatalf("%v\n got %q\nwant %q", err, same, doc)
		}
		want := awsPrincipals(parsed)
		if !slices.Equal(found, want) {
			t.Fatalf("found %q, want %q in %s", found, want, doc)
		}
		const id = "AROAABCDEFGHIJKLMNOPQ"
		other, err := eachAWSPrincipal(doc, func(string) (string, error) { return id, nil })
		if err != nil {
			t.Fatal(err)
		}
		again, err := policy.Parse(policy.TrustPolicy, other)
		if err != nil {
			t.Fatalf("%v: %s", err, other)
		}
		got := awsPrincipals(again)
		if len(got) != len(want) || slices.ContainsFunc(got, func(name string) bool { return name != id }) {
			t.Fatalf("%q in %s", got, other)
		}
	})
}

func awsPrincipals(p *policy.Policy) (names []string) {
	for _, e := range p.Principals() {
		if e.Type == "AWS" {
			names = append(names, e.Value)
		}
	}
	return names
}
