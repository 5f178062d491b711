package iam

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var reportTable = call.Table{
	"GetAccountSummary":                         {Action: "iam:GetAccountSummary", Resource: "account", ReadOnly: true},
	"GetAccountAuthorizationDetails":            {Action: "iam:GetAccountAuthorizationDetails", Resource: "account", ReadOnly: true},
	"SetSecurityTokenServicePreferences":        {Action: "iam:SetSecurityTokenServicePreferences", Resource: "account"},
	"GenerateCredentialReport":                  {Action: "iam:GenerateCredentialReport", Resource: "account"},
	"GetCredentialReport":                       {Action: "iam:GetCredentialReport", Resource: "account", ReadOnly: true},
	"GenerateServiceLastAccessedDetails":        {Action: "iam:GenerateServiceLastAccessedDetails", Resource: "entity"},
	"GetServiceLastAccessedDetails":             {Action: "iam:GetServiceLastAccessedDetails", Resource: "account", ReadOnly: true},
	"GetServiceLastAccessedDetailsWithEntities": {Action: "iam:GetServiceLastAccessedDetailsWithEntities", Resource: "account", ReadOnly: true},
	"GetContextKeysForCustomPolicy":             {Action: "iam:GetContextKeysForCustomPolicy", Resource: "account", ReadOnly: true},
	"GetContextKeysForPrincipalPolicy":          {Action: "iam:GetContextKeysForPrincipalPolicy", Resource: "entity", ReadOnly: true},
	"SimulateCustomPolicy":                      {Action: "iam:SimulateCustomPolicy", Resource: "account", ReadOnly: true},
	"SimulatePrincipalPolicy":                   {Action: "iam:SimulatePrincipalPolicy", Resource: "entity", ReadOnly: true},
}

// GetAccountAuthorizationDetails pages through everything that decides what the
// account's identities may do: users, groups, roles, then the account's policies
// and those of AWS's that somebody has.
func (s *Service) GetAccountAuthorizationDetails(ctx context.Context, c *call.Call, in *awsiam.GetAccountAuthorizationDetailsInput) (*awsiam.GetAccountAuthorizationDetailsOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	from, after, err := placeIn(p.After)
	if err != nil {
		return nil, wireError(err)
	}
	var out *awsiam.GetAccountAuthorizationDetailsOutput
	err = s.view(ctx, func(tx store.Tx) error {
		out = &awsiam.GetAccountAuthorizationDetailsOutput{
			UserDetailList: []types.UserDetail{}, GroupDetailList: []types.GroupDetail{}, RoleDetailList: []types.RoleDetail{}, Policies: []types.ManagedPolicyDetail{},
		}
		d := authorizationDetails{tx: tx, account: c.Principal.Account, out: out}
		more, err := d.sections(in.Filter, from, page.Request{Limit: p.Limit, After: after})
		out.IsTruncated, out.Marker = more != "", next(more)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// placeIn takes a place "<section>/<key>" apart.
func placeIn(place string) (section int, after string, err error) {
	if place == "" {
		return 0, "", nil
	}
	number, after, _ := strings.Cut(place, "/")
	section, err = strconv.Atoi(number)
	if err != nil || section < 0 || section >= len(authorizationSections) {
		return 0, "", fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
	}
	return section, after, nil
}

// authorizationDetails gathers one page.
type authorizationDetails struct {
	tx      store.Tx
	account string
	out     *awsiam.GetAccountAuthorizationDetailsOutput
}

// authorizationSections are the lists in the order in which they are paged
// through. Each adds a page and tells how many items it had and where to go on.
var authorizationSections = []struct {
	entity types.EntityType
	add    func(*authorizationDetails, page.Request) (n int, next string, err error)
}{
	{types.EntityTypeUser, (*authorizationDetails).users},
	{types.EntityTypeGroup, (*authorizationDetails).groups},
	{types.EntityTypeRole, (*authorizationDetails).roles},
	{types.EntityTypeLocalManagedPolicy, (*authorizationDetails).localPolicies},
	{types.EntityTypeAWSManagedPolicy, (*authorizationDetails).awsPolicies},
}

// sections fills a page from the section on, and tells where the next one begins.
func (d *authorizationDetails) sections(filter []types.EntityType, from int, p page.Request) (next string, err error) {
	for i := from; i < len(authorizationSections); i++ {
		section := authorizationSections[i]
		if len(filter) > 0 && !slices.Contains(filter, section.entity) {
			continue
		}
		if p.Limit == 0 {
			return strconv.Itoa(i) + "/", nil
		}
		n, after, err := section.add(d, p)
		if err != nil {
			return "", err
		}
		if after != "" {
			return strconv.Itoa(i) + "/" + after, nil
		}
		p = page.Request{Limit: p.Limit - n}
	}
	return "", nil
}

// listing adds a page of things; detail makes one of them.
func listing[T, W any](p page.Request, list func(page.Request) (page.Page[T], error), detail func(T) (W, error), out *[]W) (int, string, error) {
	got, err := list(p)
	if err != nil {
		return 0, "", err
	}
	for _, item := range got.Items {
		w, err := detail(item)
		if err != nil {
			return 0, "", err
		}
		*out = append(*out, w)
	}
	return len(got.Items), got.Next, nil
}

func (d *authorizationDetails) users(p page.Request) (int, string, error) {
	return listing(p, func(p page.Request) (page.Page[iam.User], error) { return d.tx.IAMUsers(d.account, "/", p) },
		d.user, &d.out.UserDetailList)
}

func (d *authorizationDetails) user(u iam.User) (types.UserDetail, error) {
	out := types.UserDetail{
		Arn: aws.String(u.ARN()), UserId: aws.String(u.ID), UserName: aws.String(u.Name), Path: aws.String(u.Path), CreateDate: at(u.CreatedAt),
		PermissionsBoundary: wireBoundary(u.Boundary), Tags: wireTags(u.Tags), GroupList: []string{},
	}
	groups, err := d.tx.IAMGroupsOf(u.ID)
	if err != nil {
		return out, err
	}
	for _, g := range groups {
		out.GroupList = append(out.GroupList, g.Name)
	}
	out.UserPolicyList, out.AttachedManagedPolicies, err = d.policiesOf(u.ID)
	return out, err
}

func (d *authorizationDetails) groups(p page.Request) (int, string, error) {
	return listing(p, func(p page.Request) (page.Page[iam.Group], error) { return d.tx.IAMGroups(d.account, "/", p) },
		func(g iam.Group) (types.GroupDetail, error) {
			inline, attached, err := d.policiesOf(g.ID)
			return types.GroupDetail{
				Arn: aws.String(g.ARN()), GroupId: aws.String(g.ID), GroupName: aws.String(g.Name), Path: aws.String(g.Path), CreateDate: at(g.CreatedAt),
				GroupPolicyList: inline, AttachedManagedPolicies: attached,
			}, err
		}, &d.out.GroupDetailList)
}

func (d *authorizationDetails) roles(p page.Request) (int, string, error) {
	return listing(p, func(p page.Request) (page.Page[iam.Role], error) { return d.tx.Roles(d.account, "/", p) },
		d.role, &d.out.RoleDetailList)
}

func (d *authorizationDetails) role(r iam.Role) (out types.RoleDetail, err error) {
	shown, err := wireRole(d.tx, r)
	if err != nil {
		return out, err
	}
	out = types.RoleDetail{
		Arn: shown.Arn, RoleId: shown.RoleId, RoleName: shown.RoleName, Path: shown.Path, CreateDate: shown.CreateDate,
		AssumeRolePolicyDocument: shown.AssumeRolePolicyDocument, PermissionsBoundary: shown.PermissionsBoundary, Tags: shown.Tags,
	}
	profiles, err := d.tx.InstanceProfilesOf(r.ID)
	if err != nil {
		return out, err
	}
	if out.InstanceProfileList, err = wireProfiles(d.tx, profiles); err != nil {
		return out, err
	}
	if out.RoleLastUsed, err = roleLastUsed(d.tx, r.ID); err != nil {
		return out, err
	}
	out.RolePolicyList, out.AttachedManagedPolicies, err = d.policiesOf(r.ID)
	return out, err
}

// policiesOf are what hangs on a user, group or role.
func (d *authorizationDetails) policiesOf(owner string) ([]types.PolicyDetail, []types.AttachedPolicy, error) {
	inline, err := d.tx.InlinePolicies(owner)
	if err != nil {
		return nil, nil, err
	}
	attached, err := d.tx.Attachments(owner)
	return wireAll(inline, func(p iam.InlinePolicy) types.PolicyDetail {
			return types.PolicyDetail{PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document)}
		}), wireAll(attached, func(a iam.Attachment) types.AttachedPolicy {
			_, _, _, name, _ := arn.SplitIAM(a.PolicyARN)
			return types.AttachedPolicy{PolicyName: aws.String(name), PolicyArn: aws.String(a.PolicyARN)}
		}), err
}

func (d *authorizationDetails) localPolicies(p page.Request) (int, string, error) {
	return d.policies(p, iam.PolicyFilter{Local: true})
}

func (d *authorizationDetails) awsPolicies(p page.Request) (int, string, error) {
	return d.policies(p, iam.PolicyFilter{AWS: true, Attached: true})
}

func (d *authorizationDetails) policies(p page.Request, f iam.PolicyFilter) (int, string, error) {
	return listing(p, func(p page.Request) (page.Page[iam.PolicyUse], error) { return iam.ListPolicies(d.tx, d.account, f, p) },
		d.policy, &d.out.Policies)
}

func (d *authorizationDetails) policy(u iam.PolicyUse) (types.ManagedPolicyDetail, error) {
	shown := wirePolicy(u)
	out := types.ManagedPolicyDetail{
		Arn: shown.Arn, PolicyId: shown.PolicyId, PolicyName: shown.PolicyName, Path: shown.Path, DefaultVersionId: shown.DefaultVersionId,
		AttachmentCount: shown.AttachmentCount, PermissionsBoundaryUsageCount: shown.PermissionsBoundaryUsageCount, IsAttachable: shown.IsAttachable,
		CreateDate: shown.CreateDate, UpdateDate: shown.UpdateDate,
	}
	if u.Description != "" {
		out.Description = aws.String(u.Description)
	}
	versions, err := u.Versions(d.tx)
	out.PolicyVersionList = wireAll(versions, func(v iam.PolicyVersion) types.PolicyVersion {
		w := wireVersion(v, v.Number == u.DefaultVersion)
		w.Document = aws.String(v.Document)
		return w
	})
	return out, err
}
