// Package identitystore is the API of an instance's directory: its users, its
// groups, and who is in which group (behaviours.md 6.6).
//
// The rules are those of package directory of the domain, and people's for what
// ends with a person; this package owns the operations' table, what each acts on
// (targets.go), who may ask (reach), the service's errors and how things look on
// the wire.
package identitystore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// Table guards the operations. Resource says which things beside the directory
// itself an operation acts on ([Names]).
var Table = call.Table{
	"CreateUser":   {Action: "identitystore:CreateUser", Resource: "directory"},
	"DescribeUser": {Action: "identitystore:DescribeUser", Resource: "user", ReadOnly: true},
	"UpdateUser":   {Action: "identitystore:UpdateUser", Resource: "user"},
	"DeleteUser":   {Action: "identitystore:DeleteUser", Resource: "user"},
	"ListUsers":    {Action: "identitystore:ListUsers", Resource: "users", ReadOnly: true},
	"GetUserId":    {Action: "identitystore:GetUserId", Resource: "users", ReadOnly: true},

	"CreateGroup":   {Action: "identitystore:CreateGroup", Resource: "directory"},
	"DescribeGroup": {Action: "identitystore:DescribeGroup", Resource: "group", ReadOnly: true},
	"UpdateGroup":   {Action: "identitystore:UpdateGroup", Resource: "group"},
	"DeleteGroup":   {Action: "identitystore:DeleteGroup", Resource: "group"},
	"ListGroups":    {Action: "identitystore:ListGroups", Resource: "groups", ReadOnly: true},
	"GetGroupId":    {Action: "identitystore:GetGroupId", Resource: "groups", ReadOnly: true},

	"CreateGroupMembership":         {Action: "identitystore:CreateGroupMembership", Resource: "group and member"},
	"DescribeGroupMembership":       {Action: "identitystore:DescribeGroupMembership", Resource: "membership", ReadOnly: true},
	"DeleteGroupMembership":         {Action: "identitystore:DeleteGroupMembership", Resource: "membership"},
	"GetGroupMembershipId":          {Action: "identitystore:GetGroupMembershipId", Resource: "group and member", ReadOnly: true},
	"ListGroupMemberships":          {Action: "identitystore:ListGroupMemberships", Resource: "group", ReadOnly: true},
	"ListGroupMembershipsForMember": {Action: "identitystore:ListGroupMembershipsForMember", Resource: "member", ReadOnly: true},
	"IsMemberInGroups":              {Action: "identitystore:IsMemberInGroups", Resource: "groups and member", ReadOnly: true},
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// Authz decides about the users and groups that a call names beside its directory.
	Authz call.Authorizer
}

// reach returns the instance whose directory the caller names. Of one that the
// caller's account does not run it is told as little as of one that is not there.
func reach(tx store.Tx, c *call.Call, directoryID string) (access.Instance, error) {
	inst, err := access.AdministeredDirectory(tx, c.Principal.Account, directoryID)
	if fault.Is(err, fault.Denied) {
		err = noStore(directoryID)
	}
	return inst, err
}

// view reads of the directory that the caller names; its error is one of the wire.
func (s *Service) view(ctx context.Context, c *call.Call, in any, fn func(store.Tx, access.Instance) error) error {
	if err := s.allowed(ctx, c, in); err != nil {
		return err
	}
	return wireError(s.Store.View(ctx, func(tx store.Tx) error {
		inst, err := reach(tx, c, directoryOf(in))
		if err != nil {
			return err
		}
		return fn(tx, inst)
	}))
}

// update changes the directory that the caller names, together with the audit
// event of c, of which the account that owns the instance learns; its error is one
// of the wire. fn may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, in any, fn func(store.Tx, access.Instance) error) error {
	if err := s.allowed(ctx, c, in); err != nil {
		return err
	}
	return wireError(s.Store.Update(ctx, c.Event, func(tx store.Tx) error {
		inst, err := reach(tx, c, directoryOf(in))
		if err != nil {
			return err
		}
		if inst.Owner != c.Principal.Account {
			c.Event.Shared = inst.Owner
		}
		return fn(tx, inst)
	}))
}

// pageSize is how many items a page has, and has at most (the model's MaxResults).
const pageSize = 100

func wanted(token *string, maxResults *int32) (page.Request, error) {
	return page.Parse(aws.ToString(token), int(aws.ToInt32(maxResults)), pageSize)
}

// next is the NextToken of an answer.
func next(after string) *string {
	if after == "" {
		return nil
	}
	return aws.String(page.Token(after))
}
