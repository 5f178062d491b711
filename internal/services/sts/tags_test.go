package sts_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
)

func tags(pairs ...string) (out []types.Tag) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
	}
	return out
}

func tagged(transitive []string, pairs ...string) func(*awssts.AssumeRoleInput) {
	return func(in *awssts.AssumeRoleInput) { in.Tags, in.TransitiveTagKeys = tags(pairs...), transitive }
}

// Which tags a session may be given (behaviours.md 4.2).
func TestSessionTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	r := w.role(management, "R", trust(jane.ARN()), "")
	untagged := w.role(management, "Untagged", trusting(`{"AWS":"`+jane.ARN()+`"}`, `"sts:AssumeRole"`), "")
	onlyTeam := w.role(management, "OnlyTeam", trust(jane.ARN(), `,"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]},"StringLike":{"aws:RequestTag/team":"*"}}`), "")
	many := make([]string, 0, 102)
	for i := range 51 {
		many = append(many, fmt.Sprint("k", i), "v")
	}
	const duplicate = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
	for _, c := range []struct {
		name          string
		role          iam.Role
		change        func(*awssts.AssumeRoleInput)
		code, message string
	}{
		{"tags", r, tagged(nil, "team", "a", "Cost Center", "1"), "", ""},
		{"empty value", r, tagged(nil, "team", ""), "", ""},
		{"the same twice", r, tagged(nil, "team", "a", "team", "b"), "InvalidParameterValue", duplicate},
		{"the same in another case", r, tagged(nil, "team", "a", "TEAM", "a"), "InvalidParameterValue", duplicate},
		{"transitive", r, tagged([]string{"TEAM"}, "team", "a"), "", ""},
		{"transitive but not there", r, tagged([]string{"unit"}, "team", "a"), "InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."},
		{"AWS's own", r, tagged(nil, "AWS:team", "a"), "InvalidParameterValue", `Tag keys beginning with "aws:" are reserved: AWS:team`},
		{"too many", r, tagged(nil, many...), "ValidationError", "A session has at most 50 tags."},
		{"TagSession is missing", untagged, tagged(nil, "team", "a"), "AccessDenied", denied(long(jane), "sts:TagSession", untagged.ARN())},
		{"no tags, TagSession is missing", untagged, tagged(nil), "", ""},
		{"tags that the trust asks for", onlyTeam, tagged(nil, "team", "a"), "", ""},
		{"none", onlyTeam, tagged(nil), "AccessDenied", denied(long(jane), "sts:AssumeRole", onlyTeam.ARN())},
		{"more than those", onlyTeam, tagged(nil, "team", "a", "unit", "b"), "AccessDenied", denied(long(jane), "sts:AssumeRole", onlyTeam.ARN())},
	} {
		_, err := w.assume(long(jane), c.role.ARN(), c.change)
		w.expect(c.name, err, c.code, c.message)
	}
	// A session that packs well takes no more memory than others when it is opened.
	wide := make([]string, 0, 100)
	for i := range 50 {
		wide = append(wide, fmt.Sprint(strings.Repeat("𝔸", 120), i), strings.Repeat("𝔸", 256))
	}
	if _, err := w.assume(long(jane), r.ARN(), tagged(nil, wide...)); err == nil {
		t.Error("a session of 77 KB was issued")
	}
	_, err := w.assume(long(jane), r.ARN(), tagged(nil, wide[:30]...))
	w.expect("15 wide tags", err, "", "")
}

// A session's tags go before its role's, and the transitive ones down the chain,
// where nobody can change them (behaviours.md 4.2).
func TestTagsInChains(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	byTag := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team}/*"},{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}`
	own := func(r *iam.Role) { r.Tags = []iam.Tag{{Key: "Team", Value: "own"}} }
	first := w.role(management, "First", trust(jane.ARN()), byTag, own)
	second := w.role(management, "Second", trust(first.ARN()), byTag, own)
	third := w.role(management, "Third", trust(second.ARN()), byTag)
	untagged := w.role(management, "Untagged", trusting(`{"AWS":"`+first.ARN()+`"}`, `"sts:AssumeRole"`), "")
	reads := func(what string, p call.Principal, team string) {
		t.Helper()
		for _, of := range []string{"own", "a", "b"} {
			if w.may(p, "s3:GetObject", "arn:aws:s3:::"+of+"/k") != (of == team) {
				t.Errorf("%s: team %q: %v", what, of, of != team)
			}
		}
	}
	reads("role's tag", w.by(must(w.assume(long(jane), first.ARN())).Credentials), "own")
	plain := w.by(must(w.assume(long(jane), first.ARN(), tagged(nil, "team", "a"))).Credentials)
	reads("session's tag", plain, "a")
	reads("not transitive", w.by(must(w.assume(plain, second.ARN())).Credentials), "own")

	p := w.by(must(w.assume(long(jane), first.ARN(), tagged([]string{"team", "TEAM"}, "team", "a", "unit", "u"))).Credentials)
	two := w.by(must(w.assume(p, second.ARN(), tagged(nil, "unit", "v"))).Credentials)
	reads("inherited", two, "a")
	three := w.by(must(w.assume(two, third.ARN())).Credentials)
	reads("inherited twice", three, "a")
	if len(three.Temporary.Tags) != 1 || !reflect.DeepEqual(three.Temporary.TransitiveTags, []string{"team"}) {
		t.Errorf("%+v", three.Temporary)
	}
	const clash = "conflicts with a transitive tag key from the calling session."
	_, err := w.assume(p, second.ARN(), tagged([]string{"Team"}, "Team", "b"))
	w.expect("transitive anew", err, "InvalidParameterValue", "One of the specified transitive tag keys can't be set because it "+clash)
	_, err = w.assume(p, second.ARN(), tagged(nil, "TEAM", "b"))
	w.expect("changed", err, "InvalidParameterValue", "One of the specified transitive tag keys can't be set because it "+clash)
	_, err = w.assume(p, untagged.ARN())
	w.expect("inherited without TagSession", err, "AccessDenied", denied(p, "sts:TagSession", untagged.ARN()))
	_, err = w.assume(plain, untagged.ARN())
	w.expect("nothing to inherit", err, "", "")
}

// A source identity is set once, passes down the chain, and every role on the way
// has to allow it (behaviours.md 4.2).
func TestSourceIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	first := w.role(management, "First", trust(jane.ARN()), allow("sts:*"))
	second := w.role(management, "Second", trust(first.ARN(), `,"Condition":{"StringEquals":{"sts:SourceIdentity":"jane.doe","aws:SourceIdentity":"jane.doe"}}`), "")
	unset := w.role(management, "Unset", trusting(fmt.Sprintf(`{"AWS":[%q,%q]}`, jane.ARN(), first.ARN()), `["sts:AssumeRole","sts:TagSession"]`), "")
	as := func(identity string) func(*awssts.AssumeRoleInput) {
		return func(in *awssts.AssumeRoleInput) { in.SourceIdentity = aws.String(identity) }
	}
	_, err := w.assume(long(jane), unset.ARN(), as("jane.doe"))
	w.expect("SetSourceIdentity is missing", err, "AccessDenied", denied(long(jane), "sts:SetSourceIdentity", unset.ARN()))
	_, err = w.assume(long(jane), first.ARN(), as("AWS:jane"))
	w.expect("AWS's own", err, "ValidationError", `Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`)
	out := must(w.assume(long(jane), first.ARN(), as("jane.doe")))
	if aws.ToString(out.SourceIdentity) != "jane.doe" {
		t.Errorf("%+v", out)
	}
	p := w.by(out.Credentials)
	out, err = w.assume(p, second.ARN())
	w.expect("inherited", err, "", "")
	if err == nil && aws.ToString(out.SourceIdentity) != "jane.doe" {
		t.Errorf("%+v", out)
	}
	_, err = w.assume(p, second.ARN(), as("jane.doe"))
	w.expect("the same again", err, "", "")
	_, err = w.assume(p, second.ARN(), as("taro"))
	w.expect("another", err, "ValidationError", "The source identity is already set for this assume role session")
	_, err = w.assume(p, unset.ARN())
	w.expect("inherited without SetSourceIdentity", err, "AccessDenied", denied(p, "sts:SetSourceIdentity", unset.ARN()))
}
