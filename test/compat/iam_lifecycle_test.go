package compat

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/test/compat/harness"
)

// state is what Terraform would keep of a resource: attributes by name,
// documents parsed, tags as a map.
type state = map[string]any

// resource is a kind of thing that is configured, with the calls that
// Terraform's provider makes for it.
type resource struct {
	name   string
	create func() error
	// update goes from the first configuration to the second; nil if every change
	// makes the thing anew.
	update func() error
	// destroy is nil for a setting that stays when it is no longer managed.
	destroy func() error
	read    func() (state, error)
	// want and changed are what is to be read back of the two configurations.
	want, changed state
}

// lifeCycle is an account in which resources are made.
type lifeCycle struct {
	t   *testing.T
	s   *harness.Server
	c   *iam.Client
	ctx context.Context
}

// TestLifeCycle takes every resource of IAM that Terraform manages through its
// life by the provider's own calls: made, read back equal to its configuration
// twice (a plan would be empty), changed in place, read back equal, destroyed,
// and then no more (C-01, C-02, C-04, C-17 to C-23, R-19, R-20).
func TestLifeCycle(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	l := &lifeCycle{t: t, s: s, c: iamClient(s, productionRoot.provider()), ctx: t.Context()}
	before := summary(t, l.c)
	for _, r := range slices.Concat(l.users(), l.groups(), l.policies(), l.roles(), l.providers(), l.credentials(), l.account()) {
		t.Run(r.name, func(t *testing.T) {
			if err := r.create(); err != nil {
				t.Fatalf("create: %v", err)
			}
			r.readBack(t, "after the creation", r.want)
			if r.update != nil {
				if err := r.update(); err != nil {
					t.Fatalf("update: %v", err)
				}
				r.readBack(t, "after the update", r.changed)
			}
			if r.destroy == nil {
				return
			}
			if err := r.destroy(); err != nil {
				t.Fatalf("destroy: %v", err)
			}
			if got, err := r.read(); !is[*types.NoSuchEntityException](err) {
				t.Errorf("after the destruction: %v, %v; want NoSuchEntity", got, err)
			}
		})
	}
	if after := summary(t, l.c); !reflect.DeepEqual(before, after) {
		t.Errorf("before, the account had %v, afterwards %v", before, after)
	}
}

func (r resource) readBack(t *testing.T, when string, want state) {
	t.Helper()
	for range 2 {
		got, err := r.read()
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		for name := range want {
			if !reflect.DeepEqual(got[name], want[name]) {
				t.Errorf("%s: %s is %#v, want %#v", when, name, got[name], want[name])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
}

// did is a call whose answer does not matter.
func did[Out any](_ Out, err error) error { return err }

// each makes calls until one fails.
func each(calls ...func() error) func() error {
	return func() error {
		for _, call := range calls {
			if err := call(); err != nil {
				return err
			}
		}
		return nil
	}
}

// gone is what Terraform makes of a list that no longer has the thing.
func gone(found bool) error {
	if found {
		return nil
	}
	return &types.NoSuchEntityException{Message: aws.String("not in the list")}
}

// parsed is a document as IAM returns it, or nil if it cannot be read.
func parsed(document *string) (out any) {
	plain, err := url.PathUnescape(aws.ToString(document))
	if err == nil {
		err = json.Unmarshal([]byte(plain), &out)
	}
	if err != nil {
		return err
	}
	return out
}

func tagsOf(list []types.Tag) map[string]string {
	tags := map[string]string{}
	for _, tag := range list {
		tags[*tag.Key] = *tag.Value
	}
	return tags
}

// firstTags and changedTags differ by a tag that goes, one that comes and one
// that changes; retag is what is called for that.
func firstTags() []types.Tag {
	return []types.Tag{{Key: aws.String("Old"), Value: aws.String("")}, {Key: aws.String("Stage"), Value: aws.String("one")}}
}

var (
	newTags      = []types.Tag{{Key: aws.String("Stage"), Value: aws.String("two")}, {Key: aws.String("team:name"), Value: aws.String("Ops + Café")}}
	oldTagKeys   = []string{"Old"}
	wantTags     = map[string]string{"Old": "", "Stage": "one"}
	wantNewTags  = map[string]string{"Stage": "two", "team:name": "Ops + Café"}
	one, two     = allow("iam:GetUser"), allow("iam:GetRole", "s3:*")
	readOnly     = aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")
	powerUser    = aws.String("arn:aws:iam::aws:policy/PowerUserAccess")
	boundaryUser = aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
)

// needs are a user, group or role that a resource hangs on, made before and
// deleted after it.
func (l *lifeCycle) needsUser(name string, r resource) resource {
	n := &name
	r.create = each(func() error { return did(l.c.CreateUser(l.ctx, &iam.CreateUserInput{UserName: n})) }, r.create)
	r.destroy = each(r.destroy, func() error { return did(l.c.DeleteUser(l.ctx, &iam.DeleteUserInput{UserName: n})) })
	return r
}

func (l *lifeCycle) needsGroup(name string, r resource) resource {
	n := &name
	r.create = each(func() error { return did(l.c.CreateGroup(l.ctx, &iam.CreateGroupInput{GroupName: n})) }, r.create)
	r.destroy = each(r.destroy, func() error { return did(l.c.DeleteGroup(l.ctx, &iam.DeleteGroupInput{GroupName: n})) })
	return r
}

func (l *lifeCycle) needsRole(name string, r resource) resource {
	n := &name
	r.create = each(func() error {
		return did(l.c.CreateRole(l.ctx, &iam.CreateRoleInput{RoleName: n, AssumeRolePolicyDocument: aws.String(trust(production))}))
	}, r.create)
	r.destroy = each(r.destroy, func() error { return did(l.c.DeleteRole(l.ctx, &iam.DeleteRoleInput{RoleName: n})) })
	return r
}

func (l *lifeCycle) users() []resource {
	c, ctx := l.c, l.ctx
	name := aws.String("alice")
	inline := aws.String("inline")
	return []resource{
		{
			name: "aws_iam_user",
			create: func() error {
				return did(c.CreateUser(ctx, &iam.CreateUserInput{UserName: name, Path: aws.String("/people/"), PermissionsBoundary: powerUser, Tags: firstTags()}))
			},
			update: func() error {
				renamed := aws.String("alice.renamed")
				err := each(
					func() error {
						return did(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: name, NewUserName: renamed, NewPath: aws.String("/people/two/")}))
					},
					func() error {
						return did(c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: renamed, PermissionsBoundary: boundaryUser}))
					},
					func() error {
						return did(c.UntagUser(ctx, &iam.UntagUserInput{UserName: renamed, TagKeys: oldTagKeys}))
					},
					func() error { return did(c.TagUser(ctx, &iam.TagUserInput{UserName: renamed, Tags: newTags})) },
				)()
				name = renamed
				return err
			},
			destroy: func() error { return did(c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: name})) },
			read: func() (state, error) {
				out, err := c.GetUser(ctx, &iam.GetUserInput{UserName: name})
				if err != nil {
					return nil, err
				}
				return state{"arn": *out.User.Arn, "path": *out.User.Path, "boundary": *out.User.PermissionsBoundary.PermissionsBoundaryArn, "tags": tagsOf(out.User.Tags)}, nil
			},
			want:    state{"arn": "arn:aws:iam::" + production + ":user/people/alice", "path": "/people/", "boundary": *powerUser, "tags": wantTags},
			changed: state{"arn": "arn:aws:iam::" + production + ":user/people/two/alice.renamed", "path": "/people/two/", "boundary": *boundaryUser, "tags": wantNewTags},
		},
		l.needsUser("policied", resource{
			name: "aws_iam_user_policy",
			create: func() error {
				return did(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("policied"), PolicyName: inline, PolicyDocument: &one}))
			},
			update: func() error {
				return did(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("policied"), PolicyName: inline, PolicyDocument: &two}))
			},
			destroy: func() error {
				return did(c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: aws.String("policied"), PolicyName: inline}))
			},
			read: func() (state, error) {
				out, err := c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: aws.String("policied"), PolicyName: inline})
				if err != nil {
					return nil, err
				}
				return state{"policy": parsed(out.PolicyDocument)}, nil
			},
			want: state{"policy": parsed(&one)}, changed: state{"policy": parsed(&two)},
		}),
		l.needsUser("attached", resource{
			name: "aws_iam_user_policy_attachment",
			create: func() error {
				return did(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("attached"), PolicyArn: readOnly}))
			},
			destroy: func() error {
				return did(c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: aws.String("attached"), PolicyArn: readOnly}))
			},
			read: func() (state, error) {
				out, err := c.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: aws.String("attached")})
				if err != nil {
					return nil, err
				}
				return state{"policies": attachedARNs(out.AttachedPolicies)}, gone(len(out.AttachedPolicies) > 0)
			},
			want: state{"policies": []string{*readOnly}},
		}),
	}
}

func attachedARNs(list []types.AttachedPolicy) (arns []string) {
	for _, p := range list {
		arns = append(arns, *p.PolicyArn)
	}
	slices.Sort(arns)
	return arns
}

func (l *lifeCycle) groups() []resource {
	c, ctx := l.c, l.ctx
	name := aws.String("Readers")
	members := func(group string, users ...string) func() error {
		return func() (err error) {
			for _, u := range users {
				err = errors.Join(err, did(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: &group, UserName: aws.String(u)})))
			}
			return err
		}
	}
	leave := func(group, user string) func() error {
		return func() error {
			return did(c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: &group, UserName: &user}))
		}
	}
	return []resource{
		{
			name: "aws_iam_group",
			create: func() error {
				return did(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: name, Path: aws.String("/g/")}))
			},
			update: func() error {
				renamed := aws.String("Readers2")
				err := did(c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: name, NewGroupName: renamed, NewPath: aws.String("/g/two/")}))
				name = renamed
				return err
			},
			destroy: func() error { return did(c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: name})) },
			read: func() (state, error) {
				out, err := c.GetGroup(ctx, &iam.GetGroupInput{GroupName: name})
				if err != nil {
					return nil, err
				}
				return state{"arn": *out.Group.Arn, "path": *out.Group.Path}, nil
			},
			want:    state{"arn": "arn:aws:iam::" + production + ":group/g/Readers", "path": "/g/"},
			changed: state{"arn": "arn:aws:iam::" + production + ":group/g/two/Readers2", "path": "/g/two/"},
		},
		l.needsUser("m1", l.needsUser("m2", l.needsUser("m3", l.needsGroup("Membership", resource{
			name:    "aws_iam_group_membership",
			create:  members("Membership", "m1", "m2"),
			update:  each(leave("Membership", "m1"), members("Membership", "m3")),
			destroy: each(leave("Membership", "m2"), leave("Membership", "m3")),
			read: func() (state, error) {
				out, err := c.GetGroup(ctx, &iam.GetGroupInput{GroupName: aws.String("Membership")})
				if err != nil {
					return nil, err
				}
				var users []string
				for _, u := range out.Users {
					users = append(users, *u.UserName)
				}
				return state{"users": users}, nil
			},
			want: state{"users": []string{"m1", "m2"}}, changed: state{"users": []string{"m2", "m3"}},
		})))),
		l.needsGroup("G1", l.needsGroup("G2", l.needsUser("member", resource{
			name:    "aws_iam_user_group_membership",
			create:  members("G1", "member"),
			update:  each(members("G2", "member"), leave("G1", "member")),
			destroy: leave("G2", "member"),
			read: func() (state, error) {
				out, err := c.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: aws.String("member")})
				if err != nil {
					return nil, err
				}
				var groups []string
				for _, g := range out.Groups {
					groups = append(groups, *g.GroupName)
				}
				return state{"groups": groups}, nil
			},
			want: state{"groups": []string{"G1"}}, changed: state{"groups": []string{"G2"}},
		}))),
		l.needsGroup("Policied", resource{
			name: "aws_iam_group_policy",
			create: func() error {
				return did(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: aws.String("Policied"), PolicyName: aws.String("p"), PolicyDocument: &one}))
			},
			update: func() error {
				return did(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: aws.String("Policied"), PolicyName: aws.String("p"), PolicyDocument: &two}))
			},
			destroy: func() error {
				return did(c.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: aws.String("Policied"), PolicyName: aws.String("p")}))
			},
			read: func() (state, error) {
				out, err := c.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: aws.String("Policied"), PolicyName: aws.String("p")})
				if err != nil {
					return nil, err
				}
				return state{"policy": parsed(out.PolicyDocument)}, nil
			},
			want: state{"policy": parsed(&one)}, changed: state{"policy": parsed(&two)},
		}),
		l.needsGroup("Attached", resource{
			name: "aws_iam_group_policy_attachment",
			create: func() error {
				return did(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: aws.String("Attached"), PolicyArn: readOnly}))
			},
			destroy: func() error {
				return did(c.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: aws.String("Attached"), PolicyArn: readOnly}))
			},
			read: func() (state, error) {
				out, err := c.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: aws.String("Attached")})
				if err != nil {
					return nil, err
				}
				return state{"policies": attachedARNs(out.AttachedPolicies)}, gone(len(out.AttachedPolicies) > 0)
			},
			want: state{"policies": []string{*readOnly}},
		}),
	}
}
