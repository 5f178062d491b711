package compat

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// newVersion is what Terraform does when a policy's document changes: it makes
// room by deleting the oldest of five versions, and makes the new one default.
func (l *lifeCycle) newVersion(policy, document *string) error {
	out, err := l.c.ListPolicyVersions(l.ctx, &iam.ListPolicyVersionsInput{PolicyArn: policy})
	if err != nil {
		return err
	}
	if len(out.Versions) >= 5 {
		oldest := slices.MinFunc(out.Versions, func(a, b types.PolicyVersion) int {
			return cmp.Or(a.CreateDate.Compare(*b.CreateDate), cmp.Compare(*a.VersionId, *b.VersionId))
		})
		if err := did(l.c.DeletePolicyVersion(l.ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy, VersionId: oldest.VersionId})); err != nil {
			return err
		}
	}
	return did(l.c.CreatePolicyVersion(l.ctx, &iam.CreatePolicyVersionInput{PolicyArn: policy, PolicyDocument: document, SetAsDefault: true}))
}

func (l *lifeCycle) policies() []resource {
	c, ctx := l.c, l.ctx
	team := aws.String("arn:aws:iam::" + production + ":policy/p/Team")
	everywhere := aws.String("arn:aws:iam::" + production + ":policy/Everywhere")
	holder := aws.String("holder")
	return []resource{
		{
			name: "aws_iam_policy",
			create: func() error {
				return did(c.CreatePolicy(ctx, &iam.CreatePolicyInput{
					PolicyName: aws.String("Team"), Path: aws.String("/p/"), Description: aws.String("a & b: <c>"), PolicyDocument: &one, Tags: firstTags(),
				}))
			},
			update: func() error {
				for i := range 6 {
					if err := l.newVersion(team, aws.String(allow(fmt.Sprint("s3:Get", i, "*")))); err != nil {
						return err
					}
				}
				return each(
					func() error { return l.newVersion(team, &two) },
					func() error {
						return did(c.UntagPolicy(ctx, &iam.UntagPolicyInput{PolicyArn: team, TagKeys: oldTagKeys}))
					},
					func() error { return did(c.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: team, Tags: newTags})) },
				)()
			},
			destroy: func() error {
				out, err := c.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: team})
				if err != nil {
					return err
				}
				for _, v := range out.Versions {
					if !v.IsDefaultVersion {
						if err := did(c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: team, VersionId: v.VersionId})); err != nil {
							return err
						}
					}
				}
				return did(c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: team}))
			},
			read: func() (state, error) {
				out, err := c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: team})
				if err != nil {
					return nil, err
				}
				version, err := c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: team, VersionId: out.Policy.DefaultVersionId})
				if err != nil {
					return nil, err
				}
				return state{
					"path": *out.Policy.Path, "description": *out.Policy.Description, "version": *out.Policy.DefaultVersionId, "attachments": *out.Policy.AttachmentCount,
					"policy": parsed(version.PolicyVersion.Document), "tags": tagsOf(out.Policy.Tags),
				}, nil
			},
			want:    state{"path": "/p/", "description": "a & b: <c>", "version": "v1", "attachments": int32(0), "policy": parsed(&one), "tags": wantTags},
			changed: state{"path": "/p/", "description": "a & b: <c>", "version": "v8", "attachments": int32(0), "policy": parsed(&two), "tags": wantNewTags},
		},
		l.needsUser("holder", l.needsGroup("holder", l.needsRole("holder", resource{
			name: "aws_iam_policy_attachment",
			create: each(
				func() error {
					return did(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("Everywhere"), PolicyDocument: &one}))
				},
				func() error {
					return did(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: holder, PolicyArn: everywhere}))
				},
				func() error {
					return did(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: holder, PolicyArn: everywhere}))
				},
			),
			update: each(
				func() error {
					return did(c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: holder, PolicyArn: everywhere}))
				},
				func() error {
					return did(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: holder, PolicyArn: everywhere}))
				},
			),
			destroy: each(
				func() error {
					return did(c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: holder, PolicyArn: everywhere}))
				},
				func() error {
					return did(c.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: holder, PolicyArn: everywhere}))
				},
				func() error { return did(c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: everywhere})) },
			),
			read: func() (state, error) {
				out, err := c.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: everywhere})
				if err != nil {
					return nil, err
				}
				return state{"users": len(out.PolicyUsers), "groups": len(out.PolicyGroups), "roles": len(out.PolicyRoles)}, nil
			},
			want: state{"users": 1, "groups": 0, "roles": 1}, changed: state{"users": 0, "groups": 1, "roles": 1},
		}))),
	}
}

func (l *lifeCycle) roles() []resource {
	c, ctx := l.c, l.ctx
	name := aws.String("server")
	trusted, trustedAfter := trust(production), document(map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": []string{"ec2.amazonaws.com", "lambda.amazonaws.com"}},
	})
	inline := func(document *string) error {
		return did(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("inline"), PolicyDocument: document}))
	}
	profile, held := aws.String("profile"), aws.String("held")
	holds := func(role *string) error {
		return did(c.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: profile, RoleName: role}))
	}
	release := func(role *string) error {
		return did(c.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: profile, RoleName: role}))
	}
	linked := aws.String("AWSServiceRoleForAutoScaling_compat")
	return []resource{
		{
			name: "aws_iam_role",
			create: each(
				func() error {
					return did(c.CreateRole(ctx, &iam.CreateRoleInput{
						RoleName: name, Path: aws.String("/r/"), Description: aws.String("Serves"), AssumeRolePolicyDocument: &trusted, MaxSessionDuration: aws.Int32(3600),
						PermissionsBoundary: powerUser, Tags: firstTags(),
					}))
				},
				func() error { return inline(&one) },
				func() error {
					return did(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: readOnly}))
				},
			),
			update: each(
				func() error {
					return did(c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: &trustedAfter}))
				},
				func() error {
					return did(c.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: name, Description: aws.String("")}))
				},
				func() error {
					return did(c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(43200)}))
				},
				func() error {
					return did(c.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name}))
				},
				func() error { return inline(&two) },
				func() error {
					return did(c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: readOnly}))
				},
				func() error {
					return did(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: powerUser}))
				},
				func() error { return did(c.UntagRole(ctx, &iam.UntagRoleInput{RoleName: name, TagKeys: oldTagKeys})) },
				func() error { return did(c.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: newTags})) },
			),
			destroy: each(
				func() error {
					return did(c.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: name}))
				},
				func() error {
					return did(c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: powerUser}))
				},
				func() error {
					return did(c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("inline")}))
				},
				func() error { return did(c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})) },
			),
			read: func() (state, error) {
				out, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
				if err != nil {
					return nil, err
				}
				policy, err := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("inline")})
				if err != nil {
					return nil, err
				}
				attached, err := c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name})
				if err != nil {
					return nil, err
				}
				s := state{
					"arn": *out.Role.Arn, "trust": parsed(out.Role.AssumeRolePolicyDocument), "description": aws.ToString(out.Role.Description),
					"longest": *out.Role.MaxSessionDuration, "boundary": "", "tags": tagsOf(out.Role.Tags), "inline": parsed(policy.PolicyDocument),
					"attached": attachedARNs(attached.AttachedPolicies),
				}
				if b := out.Role.PermissionsBoundary; b != nil {
					s["boundary"] = *b.PermissionsBoundaryArn
				}
				return s, nil
			},
			want: state{
				"arn": "arn:aws:iam::" + production + ":role/r/server", "trust": parsed(aws.String(trust("arn:aws:iam::" + production + ":root"))), "description": "Serves",
				"longest": int32(3600), "boundary": *powerUser, "tags": wantTags, "inline": parsed(&one), "attached": []string{*readOnly},
			},
			changed: state{
				"arn": "arn:aws:iam::" + production + ":role/r/server", "trust": parsed(&trustedAfter), "description": "",
				"longest": int32(43200), "boundary": "", "tags": wantNewTags, "inline": parsed(&two), "attached": []string{*powerUser},
			},
		},
		l.needsRole("held", l.needsRole("other", resource{
			name: "aws_iam_instance_profile",
			create: each(
				func() error {
					return did(c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: profile, Path: aws.String("/i/"), Tags: firstTags()}))
				},
				func() error { return holds(held) },
			),
			update: each(
				func() error { return release(held) },
				func() error { return holds(aws.String("other")) },
				func() error {
					return did(c.UntagInstanceProfile(ctx, &iam.UntagInstanceProfileInput{InstanceProfileName: profile, TagKeys: oldTagKeys}))
				},
				func() error {
					return did(c.TagInstanceProfile(ctx, &iam.TagInstanceProfileInput{InstanceProfileName: profile, Tags: newTags}))
				},
			),
			destroy: each(
				func() error { return release(aws.String("other")) },
				func() error {
					return did(c.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: profile}))
				},
			),
			read: func() (state, error) {
				out, err := c.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: profile})
				if err != nil {
					return nil, err
				}
				p := out.InstanceProfile
				var roles []string
				for _, r := range p.Roles {
					roles = append(roles, *r.RoleName)
				}
				return state{"arn": *p.Arn, "roles": roles, "tags": tagsOf(p.Tags)}, nil
			},
			want:    state{"arn": "arn:aws:iam::" + production + ":instance-profile/i/profile", "roles": []string{"held"}, "tags": wantTags},
			changed: state{"arn": "arn:aws:iam::" + production + ":instance-profile/i/profile", "roles": []string{"other"}, "tags": wantNewTags},
		})),
		{
			name: "aws_iam_service_linked_role",
			create: each(
				func() error {
					return did(c.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{
						AWSServiceName: aws.String("autoscaling.amazonaws.com"), CustomSuffix: aws.String("compat"), Description: aws.String("one"),
					}))
				},
				func() error { return did(c.TagRole(ctx, &iam.TagRoleInput{RoleName: linked, Tags: firstTags()})) },
			),
			update: each(
				func() error {
					return did(c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: linked, Description: aws.String("two")}))
				},
				func() error { return did(c.UntagRole(ctx, &iam.UntagRoleInput{RoleName: linked, TagKeys: oldTagKeys})) },
				func() error { return did(c.TagRole(ctx, &iam.TagRoleInput{RoleName: linked, Tags: newTags})) },
			),
			destroy: func() error {
				out, err := c.DeleteServiceLinkedRole(ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: linked})
				if err != nil {
					return err
				}
				for range 1000 { // until the task is done; nothing uses the role
					task, err := c.GetServiceLinkedRoleDeletionStatus(ctx, &iam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: out.DeletionTaskId})
					if err != nil || task.Status == types.DeletionTaskStatusTypeSucceeded {
						return err
					}
					if task.Status == types.DeletionTaskStatusTypeFailed {
						return fmt.Errorf("the deletion failed: %v", aws.ToString(task.Reason.Reason))
					}
				}
				return fmt.Errorf("the deletion task does not end")
			},
			read: func() (state, error) {
				out, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: linked})
				if err != nil {
					return nil, err
				}
				return state{"arn": *out.Role.Arn, "description": *out.Role.Description, "tags": tagsOf(out.Role.Tags)}, nil
			},
			want: state{
				"arn":         "arn:aws:iam::" + production + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_compat",
				"description": "one", "tags": wantTags,
			},
			changed: state{
				"arn":         "arn:aws:iam::" + production + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_compat",
				"description": "two", "tags": wantNewTags,
			},
		},
	}
}
