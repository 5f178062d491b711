package awsproto

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/signin"
	signintypes "github.com/aws/aws-sdk-go-v2/service/signin/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// AWS's wording, behaviours.md 2.5.
func TestValidationWording(t *testing.T) {
	t.Parallel()
	createUser := codecFor[iam.CreateUserInput, iam.CreateUserOutput](t, "iam", "CreateUser")
	changePassword := codecFor[iam.ChangePasswordInput, iam.ChangePasswordOutput](t, "iam", "ChangePassword")
	updateKey := codecFor[iam.UpdateAccessKeyInput, iam.UpdateAccessKeyOutput](t, "iam", "UpdateAccessKey")
	assumeRole := codecFor[sts.AssumeRoleInput, sts.AssumeRoleOutput](t, "sts", "AssumeRole")
	simulate := codecFor[iam.SimulateCustomPolicyInput, iam.SimulateCustomPolicyOutput](t, "iam", "SimulateCustomPolicy")
	listAccounts := codecFor[organizations.ListAccountsInput, organizations.ListAccountsOutput](t, "organizations", "ListAccounts")
	token := codecFor[signin.CreateOAuth2TokenInput, signin.CreateOAuth2TokenOutput](t, "signin", "CreateOAuth2Token")
	role := func(change func(*sts.AssumeRoleInput)) *sts.AssumeRoleInput {
		in := &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::111122223333:role/R"), RoleSessionName: aws.String("me")}
		change(in)
		return in
	}
	for _, test := range []struct {
		name  string
		codec *Codec
		in    any
		want  string
	}{
		{"valid", createUser, &iam.CreateUserInput{UserName: aws.String("taro")}, ""},
		{
			"required", createUser, &iam.CreateUserInput{},
			"1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
		},
		{
			"too long, counted in code points", createUser, &iam.CreateUserInput{UserName: aws.String(strings.Repeat("a", 65))},
			"1 validation error detected: Value '" + strings.Repeat("a", 65) + "' at 'userName' failed to satisfy constraint: " +
				"Member must have length less than or equal to 64",
		},
		{
			"pattern", createUser, &iam.CreateUserInput{UserName: aws.String("a b")},
			`1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: [\w+=,.@-]+`,
		},
		{
			"two, one deep in a list", createUser, &iam.CreateUserInput{
				Path: aws.String("x"), UserName: aws.String("taro"),
				Tags: []iamtypes.Tag{{Key: aws.String("a"), Value: aws.String("")}, {Key: aws.String(""), Value: aws.String("é")}},
			},
			`3 validation errors detected: Value 'x' at 'path' failed to satisfy constraint: Member must satisfy regular expression pattern: ` +
				`(\u002F)|(\u002F[\u0021-\u007E]+\u002F); ` +
				`Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; ` +
				`Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ` +
				`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`,
		},
		{
			"enumeration", updateKey, &iam.UpdateAccessKeyInput{AccessKeyId: aws.String("AKIAIOSFODNN7EXAMPLE"), Status: "Off"},
			"1 validation error detected: Value 'Off' at 'status' failed to satisfy constraint: Member must satisfy enum value set: " +
				"[Active, Inactive, Expired]",
		},
		{
			"sensitive", changePassword, &iam.ChangePasswordInput{OldPassword: aws.String("pässwort\u0001"), NewPassword: aws.String("good")},
			`1 validation error detected: Value at 'oldPassword' failed to satisfy constraint: Member must satisfy regular expression ` +
				`pattern: [\u0009\u000A\u000D\u0020-\u00FF]+`,
		},
		{
			"range", assumeRole, role(func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }),
			"1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: " +
				"Member must have value greater than or equal to 900",
		},
		{
			"structure in a list", assumeRole,
			role(func(in *sts.AssumeRoleInput) {
				in.PolicyArns = []ststypes.PolicyDescriptorType{{Arn: aws.String("short")}}
			}),
			"1 validation error detected: Value 'short' at 'policyArns.1.member.arn' failed to satisfy constraint: " +
				"Member must have length greater than or equal to 20",
		},
		{
			"list of scalars", simulate,
			&iam.SimulateCustomPolicyInput{PolicyInputList: []string{"{}"}, ActionNames: []string{"s3:GetObject", "s3"}},
			"1 validation error detected: Value '[s3:GetObject, s3]' at 'actionNames' failed to satisfy constraint: " +
				"Member must satisfy constraint: [Member must have length less than or equal to 128, " +
				"Member must have length greater than or equal to 3]",
		},
		{
			"json", listAccounts, &organizations.ListAccountsInput{MaxResults: aws.Int32(21)},
			"1 validation error detected: Value '21' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 20",
		},
		{
			"payload", token, &signin.CreateOAuth2TokenInput{TokenInput: &signintypes.CreateOAuth2TokenRequestBody{
				ClientId: aws.String("arn:aws:signin:::devtools/same-device"), GrantType: aws.String("password"),
			}},
			"1 validation error detected: Value 'password' at 'tokenInput.grantType' failed to satisfy constraint: " +
				"Member must satisfy regular expression pattern: (authorization_code|refresh_token)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			have := ""
			if v := test.codec.Validate(test.in); v != nil {
				have = v.Error()
			}
			if have != test.want {
				t.Errorf("have %s\nwant %s", have, test.want)
			}
		})
	}
}

// However wrong an input is, the message stays of a size that can be sent and read.
func TestValidationIsBounded(t *testing.T) {
	t.Parallel()
	c := codecFor[iam.CreateUserInput, iam.CreateUserOutput](t, "iam", "CreateUser")
	in := &iam.CreateUserInput{UserName: aws.String(strings.Repeat("漢", 1<<20))}
	for range 1000 {
		in.Tags = append(in.Tags, iamtypes.Tag{})
	}
	v := c.Validate(in)
	if len(v) != MaxViolations || len(v.Error()) > 20_000 {
		t.Errorf("%d violations, %d bytes", len(v), len(v.Error()))
	}
}

// No value of a sensitive member is repeated, whatever it breaks: every string of every input is one secret.
func TestSensitiveValuesStayOut(t *testing.T) {
	t.Parallel()
	const secret = "\x01secret\x01"
	everyCodec(t, func(t *testing.T, c *Codec) {
		if c.input == nil {
			return
		}
		in := reflect.New(c.in)
		marked := 0
		var mark func(n *node, v reflect.Value, hidden bool, depth int)
		mark = func(n *node, v reflect.Value, hidden bool, depth int) {
			hidden = hidden || n.shape.Sensitive
			switch n.kind {
			case kindString:
				if hidden {
					marked++
					v.SetString(secret)
				}
			case kindList:
				if depth < 4 && !n.elemPointer {
					v.Set(reflect.MakeSlice(n.typ, 1, 1))
					mark(n.elem, v.Index(0), hidden, depth+1)
				}
			case kindStructure:
				for i := range n.fields {
					f := &n.fields[i]
					place := v.Field(f.index)
					if f.pointer && depth < 6 {
						place.Set(reflect.New(f.node.typ))
						place = place.Elem()
					}
					if !f.pointer || depth < 6 {
						mark(f.node, place, hidden, depth+1)
					}
				}
			}
		}
		mark(c.input, in.Elem(), false, 0)
		if marked == 0 {
			return
		}
		if v := c.Validate(in.Interface()); v != nil && strings.Contains(v.Error(), "secret") {
			t.Error(v.Error())
		}
	})
}

// Every pattern of every model is understood, and says what the model means.
func TestPatterns(t *testing.T) {
	t.Parallel()
	sources := map[string]bool{}
	for _, id := range Services() {
		api := Service(id)
		api.ensure()
		for name, sh := range api.shapes {
			if sh.pattern == nil {
				continue
			}
			sources[sh.Pattern] = true
			if _, err := compile(sh.Pattern); err != nil {
				t.Errorf("%s.%s: %s: %v", id, name, sh.Pattern, err)
			}
		}
	}
	for source := range byHand {
		if !sources[source] {
			t.Errorf("by hand, and in no model: %s", source)
		}
	}
	for _, test := range []struct {
		api, shape string
		fits       []string
		not        []string
	}{
		{"iam", "entityNameType", []string{"a", "a+=,.@-_"}, []string{"", "a b", "é", "a\n"}},
		{"iam", "accountAliasType", []string{"abc", "a-b-c"}, []string{"a--b", "-ab", "ab-", "ab", "A-b"}},
		{"iam", "pathType", []string{"/", "/a/", "/a/b/"}, []string{"", "a", "/a", "//\n/"}},
		{"iam", "tagKeyType", []string{"漢字 é-@"}, []string{"", "a!b", "a\tb"}},
		{"sts", "arnType", []string{"arn:aws:iam::1:role/x", "\u0085", "漢😀"}, []string{"", "\x01", "\x7f", "\uFFFF"}},
		{"sts", "roleSessionNameType", []string{"", "me@example.com"}, []string{"a b", "a/b"}},
		{"sso-admin", "Duration", []string{"PT1H", "P1D", "-P1Y", "PT1.5S", "P1DT2H"}, []string{"", "P", "PT", "-P", "1H", "PT1H\n"}},
		{"sso-admin", "Token", []string{"", "abc=/+"}, []string{"a b"}},
		{"organizations", "ChildId", []string{"111122223333", "ou-abcd-12345678"}, []string{"1111222233334", "x111122223333"}},
		{"cloudtrail", "PartitionKeyName", []string{"", "\t😀漢"}, []string{"\n", "\x01"}},
		{"cloudtrail", "QueryStatement", []string{"a\nb"}, nil},
		{"service-quotas", "QuotaDescription", []string{"abc"}, []string{"a\nb", strings.Repeat("a", 351)}},
	} {
		sh := Service(test.api).shapes[test.shape]
		if sh == nil || sh.pattern == nil {
			t.Errorf("%s.%s has no pattern", test.api, test.shape)
			continue
		}
		for _, s := range test.fits {
			if !sh.pattern.matches(s) {
				t.Errorf("%s.%s: %q does not fit %s", test.api, test.shape, s, sh.Pattern)
			}
		}
		for _, s := range test.not {
			if sh.pattern.matches(s) {
				t.Errorf("%s.%s: %q fits %s", test.api, test.shape, s, sh.Pattern)
			}
		}
	}
}
