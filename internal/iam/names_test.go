package iam_test

import (
	"strings"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
)

// Forms of names and paths (behaviours.md 1.4, the model's patterns).
func TestForms(t *testing.T) {
	t.Parallel()
	name := func(n iam.Noun) func(string) error { return func(s string) error { return iam.CheckName(n, s) } }
	path := func(n iam.Noun) func(string) error { return func(s string) error { return iam.CheckPath(n, s) } }
	policyARN := func(s string) error { return iam.CheckPolicyARN("111122223333", s) }
	tag := func(s string) error {
		key, value, _ := strings.Cut(s, "|")
		return iam.CheckTags([]iam.Tag{{Key: key, Value: value}}, true)
	}
	key := func(s string) error {
		id, hidden, _ := strings.Cut(s, "|")
		return iam.CheckAccessKey(iam.AccessKey{ID: id, Secret: secret.NewString(hidden)})
	}
	x := strings.Repeat
	for _, c := range []struct {
		what      string
		check     func(string) error
		good, bad []string
	}{
		{"user name", name(iam.Users), []string{"a", "Jane.Doe+x=1,@-_", x("a", 64)}, []string{"", "*", "a b", "admin/kenji", "山田", "a\x00", x("a", 65)}},
		{"group name", name(iam.Groups), []string{x("a", 128)}, []string{"g/*", x("a", 129)}},
		{"role name", name(iam.Roles), []string{x("a", 64)}, []string{"r/x*", x("a", 65), "a\n"}},
		{"policy name", name(iam.Policies), []string{x("a", 128)}, []string{"p/q", "é"}},
		{"path", path(iam.Users), []string{"/", "/a/", "/a/b*/", "/" + x("a", 510) + "/"}, []string{"", "a", "/a", "a/", "/ /", "/é/", "/" + x("a", 511) + "/"}},
		{"policy path", path(iam.Policies), []string{"/", "/a/b.c/"}, []string{"", "/a", "//", "/a//b/", "/*/"}},
		{"role description", func(s string) error { return iam.CheckDescription(iam.Roles, s) }, []string{"", "één\n", x("a", 1000)}, []string{"太郎", x("a", 1001), "\xff"}},
		{"policy description", func(s string) error { return iam.CheckDescription(iam.Policies, s) }, []string{"太郎"}, []string{x("é", 1001)}},
		{"policy ARN", policyARN, []string{"arn:aws:iam::aws:policy/job-function/Billing", "arn:aws:iam::111122223333:policy/p"},
			[]string{"", "p", "arn:aws:iam::111122223333:role/p", "arn:aws:iam::111122223333:policy/", "arn:aws:iam::1:policy/p", "arn:aws:iam::444455556666:policy/p", "arn:aws:iam::aws:policy/*"}},
		{"tag", tag, []string{"k", "k|v", "équipe|太郎 1", x("k", 128) + "|" + x("v", 256)}, []string{"", "aws:k", "AWS:k", "k*", "k|<", x("k", 129), "k|" + x("v", 257)}},
		{"access key", key, []string{"AKIAIOSFODNN7EXAMPLE|0123456789abcdef"},
			[]string{"ASIAIOSFODNN7EXAMPLE|0123456789abcdef", "AKIA|0123456789abcdef", "AKIAiosfodnn7example|0123456789abcdef", "AKIAIOSFODNN7EXAMPLE|0123456789abcde", "AKIAIOSFODNN7EXAMPLE|" + x("s", 129)}},
	} {
		for _, s := range c.good {
			if err := c.check(s); err != nil {
				t.Errorf("%s %.80q: %v", c.what, s, err)
			}
		}
		for _, s := range c.bad {
			err := c.check(s)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s %.80q is taken: %v", c.what, s, err)
				continue
			}
			if _, hidden, ok := strings.Cut(s, "|"); c.what == "access key" && ok && strings.Contains(err.Error(), hidden) {
				t.Errorf("the secret is told: %v", err)
			}
			if len(err.Error()) > 400 {
				t.Errorf("%s: %d characters of fault", c.what, len(err.Error()))
			}
		}
	}
}

// What a user, a role and a policy are made of is checked as a whole.
func TestValidate(t *testing.T) {
	t.Parallel()
	tags := []iam.Tag{{Key: "a"}, {Key: "A"}}
	user := iam.User{Account: "111122223333", Path: "/", Name: "u"}
	role := iam.Role{Account: "111122223333", Path: "/", Name: "r"}
	for name, c := range map[string]struct {
		value interface{ Validate() error }
		ok    bool
	}{
		"user":               {user, true},
		"user's tags":        {iam.User{Path: "/", Name: "u", Tags: tags}, false},
		"user's boundary":    {iam.User{Account: user.Account, Path: "/", Name: "u", Boundary: "arn:aws:iam::444455556666:policy/p"}, false},
		"group's path":       {iam.Group{Path: "/g", Name: "g"}, false},
		"role":               {role, true},
		"short session":      {iam.Role{Path: "/", Name: "r", MaxSessionSeconds: 3599}, false},
		"service's path":     {iam.Role{Path: "/aws-service-role/x/", Name: "r"}, false},
		"AWS's path":         {iam.Role{Path: "/aws-reserved/", Name: "r"}, false},
		"permission set's":   {iam.Role{Path: "/", Name: "awsreservedsso_X"}, false},
		"policy":             {iam.NewPolicy{Path: "/", Name: "p", Tags: tags[:1]}, true},
		"policy's tag twice": {iam.NewPolicy{Path: "/", Name: "p", Tags: append(tags, tags...)}, false},
	} {
		if err := c.value.Validate(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
