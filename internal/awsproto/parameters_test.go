package awsproto

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	identitystoretypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	var many []iamtypes.Tag
	for i := range 12 {
		many = append(many, iamtypes.Tag{Key: aws.String(fmt.Sprint("k", i)), Value: aws.String("secret-looking")})
	}
	for _, test := range []struct {
		name  string
		codec *Codec
		in    any
		want  []Parameter
	}{
		{
			"texts", codecFor[iam.AttachUserPolicyInput, iam.AttachUserPolicyOutput](t, "iam", "AttachUserPolicy"),
			&iam.AttachUserPolicyInput{UserName: aws.String("taro"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")},
			[]Parameter{{"userName", "taro"}, {"policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"}},
		},
		{
			"the member of a union", codecFor[identitystore.CreateGroupMembershipInput, identitystore.CreateGroupMembershipOutput](t, "identitystore", "CreateGroupMembership"),
			&identitystore.CreateGroupMembershipInput{GroupId: aws.String("g"), MemberId: &identitystoretypes.MemberIdMemberUserId{Value: "u"}},
			[]Parameter{{"groupId", "g"}, {"memberId", "u"}},
		},
		{
			"no member of a union", codecFor[identitystore.CreateGroupMembershipInput, identitystore.CreateGroupMembershipOutput](t, "identitystore", "CreateGroupMembership"),
			&identitystore.CreateGroupMembershipInput{}, nil,
		},
		{
			"nothing", codecFor[iam.CreateAccessKeyInput, iam.CreateAccessKeyOutput](t, "iam", "CreateAccessKey"),
			&iam.CreateAccessKeyInput{}, nil,
		},
		{
			"a document, a long text, tags, a number",
			codecFor[iam.CreateRoleInput, iam.CreateRoleOutput](t, "iam", "CreateRole"),
			&iam.CreateRoleInput{
				RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String("{}"), Description: aws.String(strings.Repeat("役", 300)),
				MaxSessionDuration: aws.Int32(7200), Tags: many,
			},
			[]Parameter{
				{"roleName", "r"}, {"assumeRolePolicyDocument", "2 bytes, sha256:44136fa355b3678a"},
				{"description", strings.Repeat("役", 84) + "…"}, {"maxSessionDuration", "7200"},
				{"tags", "k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, … of 12"},
			},
		},
		{
			"booleans that are set, and that are not", codecFor[iam.UpdateAccountPasswordPolicyInput, iam.UpdateAccountPasswordPolicyOutput](t, "iam", "UpdateAccountPasswordPolicy"),
			&iam.UpdateAccountPasswordPolicyInput{RequireSymbols: true, HardExpiry: aws.Bool(false)},
			[]Parameter{{"requireSymbols", "true"}, {"hardExpiry", "false"}},
		},
		{
			"a password", codecFor[iam.CreateLoginProfileInput, iam.CreateLoginProfileOutput](t, "iam", "CreateLoginProfile"),
			&iam.CreateLoginProfileInput{UserName: aws.String("taro"), Password: aws.String("secret"), PasswordResetRequired: true},
			[]Parameter{{"userName", "taro"}, {"passwordResetRequired", "true"}},
		},
		{
			"a device and its codes, which are secret although no model says so",
			codecFor[iam.EnableMFADeviceInput, iam.EnableMFADeviceOutput](t, "iam", "EnableMFADevice"),
			&iam.EnableMFADeviceInput{UserName: aws.String("taro"), SerialNumber: aws.String("arn:aws:iam::1:mfa/x"), AuthenticationCode1: aws.String("123456"), AuthenticationCode2: aws.String("654321")},
			[]Parameter{{"userName", "taro"}, {"serialNumber", "arn:aws:iam::1:mfa/x"}},
		},
		{
			"structures of one member, and of more", codecFor[sts.AssumeRoleInput, sts.AssumeRoleOutput](t, "sts", "AssumeRole"),
			&sts.AssumeRoleInput{
				RoleArn: aws.String("r"), RoleSessionName: aws.String("me"), PolicyArns: []ststypes.PolicyDescriptorType{{Arn: aws.String("a")}, {Arn: aws.String("b")}},
				Policy: aws.String("{}"), TransitiveTagKeys: []string{"x"}, TokenCode: aws.String("123456"), SourceIdentity: aws.String("taro"),
				ProvidedContexts: []ststypes.ProvidedContext{{ProviderArn: aws.String("p"), ContextAssertion: aws.String("secret")}},
			},
			[]Parameter{
				{"roleArn", "r"}, {"roleSessionName", "me"}, {"policyArns", "a, b"}, {"policy", "2 bytes, sha256:44136fa355b3678a"},
				{"transitiveTagKeys", "x"}, {"sourceIdentity", "taro"}, {"providedContexts", "1 entries"},
			},
		},
		{
			"a structure for itself", codecFor[sts.AssumeRootInput, sts.AssumeRootOutput](t, "sts", "AssumeRoot"),
			&sts.AssumeRootInput{TargetPrincipal: aws.String("111122223333"), TaskPolicyArn: &ststypes.PolicyDescriptorType{Arn: aws.String("a")}},
			[]Parameter{{"targetPrincipal", "111122223333"}, {"taskPolicyArn", "a"}},
		},
		{
			"JSON", codecFor[organizations.CreatePolicyInput, organizations.CreatePolicyOutput](t, "organizations", "CreatePolicy"),
			&organizations.CreatePolicyInput{Name: aws.String("n"), Content: aws.String("{}"), Description: aws.String("d"), Type: "SERVICE_CONTROL_POLICY"},
			[]Parameter{{"description", "d"}, {"name", "n"}, {"type", "SERVICE_CONTROL_POLICY"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			have := test.codec.Parameters(test.in)
			if test.name == "JSON" { // the content of a policy is told by its hash or, where the model marks it, not at all
				have = slices.DeleteFunc(have, func(p Parameter) bool { return p.Name == "content" })
				slices.SortFunc(have, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
			}
			if !reflect.DeepEqual(have, test.want) {
				t.Errorf("have %q\nwant %q", have, test.want)
			}
		})
	}
}

// looksSecret finds members that let somebody in by their names; public are those
// of such names that do not.
var (
	looksSecret = regexp.MustCompile(`(?i)(password|secret|token|code|assertion|private|verifier|seed|credential|passphrase)`)
	public      = regexp.MustCompile(`(?i)(^(next|pagination|client_?request|idempotency)_?token$|credentialId|RemovePrivateKey|EncodedMessage|^clientToken$|TokenIssuerArn|TokenType|ErrorCode|` +
		`PasswordResetRequired|PasswordReusePrevention|ToChangePassword|GlobalEndpointTokenVersion|(quota|service|country|postal|region)Code)`)
)

// No value that lets somebody in is said, whatever it is part of: every such
// string of every input of every operation is one secret (promise 23).
func TestParametersAreNotSecret(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	everyCodec(t, func(t *testing.T, c *Codec) {
		if c.input == nil {
			return
		}
		in := reflect.New(c.in)
		var put func(n *node, v reflect.Value, name string, hidden bool, depth int)
		put = func(n *node, v reflect.Value, name string, hidden bool, depth int) {
			hidden = hidden || n.shape.isSecret()
			switch n.kind {
			case kindString:
				if hidden {
					v.SetString(secret)
				} else if looksSecret.MatchString(name) && !public.MatchString(name) && len(n.shape.Enum) == 0 {
					t.Errorf("%s.%s: %s %s looks secret, but neither the model nor the list says so", c.op.api.ID, c.op.Name, name, n.shape.Name)
				}
			case kindBlob:
				if hidden {
					v.SetBytes([]byte(secret))
				}
			case kindList:
				if depth < 5 && !n.elemPointer {
					v.Set(reflect.MakeSlice(n.typ, 1, 1))
					put(n.elem, v.Index(0), name, hidden, depth+1)
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
						put(f.node, place, f.member.Name, hidden, depth+1)
					}
				}
			}
		}
		put(c.input, in.Elem(), "", false, 0)
		for _, p := range c.Parameters(in.Interface()) {
			if strings.Contains(p.Value, secret) {
				t.Errorf("%s.%s says %q", c.op.api.ID, c.op.Name, p)
			}
		}
	})
}

// Every name in the list of what the models do not mark is one that they have, and
// do not mark.
func TestUnmarkedShapesExist(t *testing.T) {
	t.Parallel()
	found := make(map[string]bool)
	for _, id := range Services() {
		api := Service(id)
		api.ensure()
		for name, sh := range api.shapes {
			if slices.Contains(unmarked, name) {
				found[name] = found[name] || !sh.Sensitive
			}
		}
	}
	for _, name := range unmarked {
		if !found[name] {
			t.Errorf("every %s is marked, or there is none", name)
		}
	}
}

func TestIssues(t *testing.T) {
	t.Parallel()
	for c, want := range map[*Codec]bool{
		codecFor[sts.AssumeRoleInput, sts.AssumeRoleOutput](t, "sts", "AssumeRole"):                      true,
		codecFor[sts.GetCallerIdentityInput, sts.GetCallerIdentityOutput](t, "sts", "GetCallerIdentity"): false,
		codecFor[iam.CreateAccessKeyInput, iam.CreateAccessKeyOutput](t, "iam", "CreateAccessKey"):       true,
		codecFor[iam.GetUserInput, iam.GetUserOutput](t, "iam", "GetUser"):                               false,
	} {
		if c.Issues() != want {
			t.Errorf("%s: %v", c.op.Name, !want)
		}
	}
}
