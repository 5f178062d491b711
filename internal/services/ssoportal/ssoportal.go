// Package ssoportal is the access portal's API (service "sso"): what a person
// with a portal access token may list, and the temporary credentials of the
// roles that person holds (api-surface.md 5.8).
package ssoportal

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/sso/types"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/live"
	"sekisho/internal/page"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// Table guards the operations.
var Table = call.Table{
	"GetRoleCredentials": {Action: "sso:GetRoleCredentials", Access: call.Bearer, ReadOnly: true},
	"ListAccountRoles":   {Action: "sso:ListAccountRoles", Access: call.Bearer, ReadOnly: true},
	"ListAccounts":       {Action: "sso:ListAccounts", Access: call.Bearer, ReadOnly: true},
	"Logout":             {Action: "sso:Logout", Access: call.Bearer},
}

// Service implements the operations of Table.
type Service struct {
	Store    store.DB
	Live     *live.Cache
	Sessions token.Sessions
}

// pageSize is both the default and the most that a page holds.
const pageSize = 100

// ListAccounts lists the accounts in which the person holds a permission set
// (H-12) and which are in use: a page that has others is shorter than was asked for.
func (s *Service) ListAccounts(ctx context.Context, c *call.Call, in *sso.ListAccountsInput) (*sso.ListAccountsOutput, error) {
	want, err := wantedPage(accountsToken, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, wireError(err)
	}
	got, err := s.Live.AccountsOf(ctx, c.Principal.DirectoryUser, want)
	if err != nil {
		return nil, wireError(err)
	}
	out := &sso.ListAccountsOutput{AccountList: make([]types.AccountInfo, 0, len(got.Items)), NextToken: nextToken(accountsToken, got.Next)}
	for _, a := range got.Items {
		if a.Status != account.Active {
			continue
		}
		out.AccountList = append(out.AccountList, types.AccountInfo{
			AccountId: aws.String(a.ID), AccountName: aws.String(a.Name), EmailAddress: aws.String(a.Email),
		})
	}
	return out, nil
}

// ListAccountRoles lists the permission sets that the person holds in an
// account; on this wire they are called roles (H-15).
func (s *Service) ListAccountRoles(ctx context.Context, c *call.Call, in *sso.ListAccountRolesInput) (*sso.ListAccountRolesOutput, error) {
	accountID := aws.ToString(in.AccountId)
	if !arn.ValidAccount(accountID) {
		return nil, errNoAccess
	}
	want, err := wantedPage(rolesToken, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, wireError(err)
	}
	got, err := s.Live.PermissionSetsOf(ctx, c.Principal.DirectoryUser, accountID, want)
	if err != nil {
		return nil, wireError(err)
	}
	if len(got.Items) == 0 && want.After == "" {
		return nil, errNoAccess
	}
	if err := s.inUse(ctx, accountID); err != nil {
		return nil, err
	}
	out := &sso.ListAccountRolesOutput{RoleList: make([]types.RoleInfo, 0, len(got.Items)), NextToken: nextToken(rolesToken, got.Next)}
	for _, p := range got.Items {
		out.RoleList = append(out.RoleList, types.RoleInfo{AccountId: in.AccountId, RoleName: aws.String(p.Name)})
	}
	return out, nil
}

// inUse refuses accounts that are suspended, closed or not yet active, into which
// nobody gets: as it refuses those that do not exist.
func (s *Service) inUse(ctx context.Context, accountID string) error {
	standing, err := s.Live.Membership(ctx, accountID)
	if err != nil && !live.Gone(err) {
		return wireError(err)
	}
	if err != nil || standing.Status != account.Active {
		return errNoAccess
	}
	return nil
}

// GetRoleCredentials issues temporary credentials for a role that the person
// holds. They last as long as the permission set says, which may be longer than
// the portal session (H-20); ending that session ends them.
func (s *Service) GetRoleCredentials(ctx context.Context, c *call.Call, in *sso.GetRoleCredentialsInput) (*sso.GetRoleCredentialsOutput, error) {
	accountID, name := aws.ToString(in.AccountId), aws.ToString(in.RoleName)
	// The model bounds neither. What cannot be an account or a role is nobody's,
	// and must not get into the cache, the trail or a query.
	if !arn.ValidAccount(accountID) || !roleName.MatchString(name) {
		return nil, errNoAccess
	}
	c.Event.Account, c.Event.Resource = accountID, name
	set, err := s.permissionSet(ctx, c.Principal.DirectoryUser, name)
	if live.Gone(err) {
		return nil, errNoAccess
	}
	if err != nil {
		return nil, wireError(err)
	}
	holds, err := s.Live.Holds(ctx, c.Principal.DirectoryUser, accountID, set.ID)
	if err != nil {
		return nil, wireError(err)
	}
	if !holds {
		return nil, errNoAccess
	}
	if err := s.inUse(ctx, accountID); err != nil {
		return nil, err
	}
	role, err := s.Live.Role(ctx, accountID, set.ID)
	if live.Gone(err) {
		return nil, errNoAccess
	}
	if err != nil {
		return nil, wireError(err)
	}
	issued := token.Session{
		Account:       accountID,
		Entity:        role.ID,
		RoleName:      role.Name,
		Name:          access.RoleSessionName(c.Principal.UserName, c.Principal.DirectoryUser),
		User:          c.Principal.DirectoryUser,
		PermissionSet: set.ID,
		PortalSession: c.Principal.Session,
	}
	if err := s.tag(ctx, &issued, set.Instance); err != nil {
		return nil, wireError(err)
	}
	creds, err := s.Sessions.Issue(issued, c.Now, set.SessionDuration)
	if err != nil {
		return nil, err
	}
	c.Event.Set(audit.IssuedKey, creds.AccessKeyID)
	return &sso.GetRoleCredentialsOutput{RoleCredentials: &types.RoleCredentials{
		AccessKeyId:     aws.String(creds.AccessKeyID),
		SecretAccessKey: aws.String(creds.SecretKey.Reveal()),
		SessionToken:    aws.String(creds.SessionToken.Reveal()),
		Expiration:      creds.ExpiresAt.UnixMilli(),
	}}, nil
}

// tag gives a session the person's attributes for access control (behaviours.md 6.4).
func (s *Service) tag(ctx context.Context, issued *token.Session, instance string) error {
	attributes, err := s.Live.Attributes(ctx, instance)
	if err != nil || len(attributes) == 0 {
		return err
	}
	person, err := s.Live.User(ctx, issued.User)
	if err != nil {
		return err
	}
	var asked token.Asked
	for _, a := range attributes {
		if v, ok := a.Value(person); ok {
			asked.Tags = append(asked.Tags, token.Tag{Key: a.Key, Value: v})
		}
	}
	_, err = asked.Begin(issued, nil)
	return err
}

// permissionSet is the set of that name in the person's own instance.
func (s *Service) permissionSet(ctx context.Context, user, name string) (access.PermissionSet, error) {
	inst, err := s.Live.InstanceOf(ctx, user)
	if err != nil {
		return access.PermissionSet{}, err
	}
	return s.Live.PermissionSet(ctx, inst.ID, name)
}

// Logout ends the portal session behind the token and with it everything that
// came of it: the browser's sign-in, other tokens, role sessions.
func (s *Service) Logout(ctx context.Context, c *call.Call, _ *sso.LogoutInput) (*sso.LogoutOutput, error) {
	err := s.Store.Update(ctx, c.Event, func(tx store.Tx) error {
		return tx.EndSession(c.Principal.Session, c.Now, session.SignedOut)
	})
	if err != nil {
		return nil, wireError(err)
	}
	return &sso.LogoutOutput{}, nil
}

// roleName is what a permission set can be called.
var roleName = regexp.MustCompile(`^[\w+=,.@-]{1,32}$`)

// The lists whose pages tokens lead to.
const (
	accountsToken = "accounts/"
	rolesToken    = "roles/"
)

// wantedPage reads paging parameters. A token that is not of this list, or leads
// to what cannot be in it, is refused as Invalid.
func wantedPage(list string, nextToken *string, limit *int32) (page.Request, error) {
	want, err := page.Parse(aws.ToString(nextToken), int(aws.ToInt32(limit)), pageSize)
	if err != nil || want.After == "" {
		return want, err
	}
	after, ok := strings.CutPrefix(want.After, list)
	if !ok || !roleName.MatchString(after) || list == accountsToken && !arn.ValidAccount(after) {
		return page.Request{}, fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
	}
	want.After = after
	return want, nil
}

func nextToken(list, after string) *string {
	if after == "" {
		return nil
	}
	return aws.String(page.Token(list + after))
}
