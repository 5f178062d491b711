// Package ssoadmin is the API by which IAM Identity Center is administered: instances,
// permission sets, assignments, applications and trusted token issuers (behaviours.md 6).
//
// The rules are those of packages access and application; this package owns the operations'
// tables, the service's errors and how things look on the wire.
package ssoadmin

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// Table guards the operations. Each noun's file has its own.
var Table = whole(instanceTable, permissionSetTable, policyTable, assignmentTable, provisioningTable, attributeTable, tagTable,
	applicationTable, applicationAssignmentTable, applicationOAuthTable, tokenIssuerTable)

func whole(tables ...call.Table) call.Table {
	all := make(call.Table)
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// Authz decides about what an operation does beside acting on its first resource.
	Authz call.Authorizer
}

// view reads; its error is one of the wire.
func (s *Service) view(ctx context.Context, fn func(store.Tx) error) error {
	return wireError(s.Store.View(ctx, fn))
}

// update changes something together with the audit event of c; its error is one
// of the wire. fn may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, fn func(store.Tx) error) error {
	return wireError(s.Store.Update(ctx, c.Event, fn))
}

var (
	errAccountInstance = fault.New(fault.Invalid, "account-instance", "Permission sets and account assignments are not available in account instances of IAM Identity Center.")
	errManagement      = fault.New(fault.Denied, "management-account",
		"You can't delete, modify, remove or assign access to permission sets provisioned in the management account")
)

// administered returns the instance that the ARN names for an account that runs it.
func administered(tx store.Tx, c *call.Call, instance *string) (access.Instance, error) {
	return access.Administered(tx, c.Principal.Account, idOf(instance))
}

// accounts is administered for what gives access to accounts, which an account's
// own instance does not (behaviours.md 6.1).
func accounts(tx store.Tx, c *call.Call, instance *string) (access.Instance, error) {
	inst, err := administered(tx, c, instance)
	if err == nil && inst.Organization == "" {
		err = errAccountInstance
	}
	return inst, err
}

// find returns the permission set that an ARN names, and its instance.
func find(tx store.Tx, c *call.Call, instance, set *string) (access.Instance, access.PermissionSet, error) {
	inst, err := accounts(tx, c, instance)
	if err != nil {
		return inst, access.PermissionSet{}, err
	}
	of, _ := splitSet(aws.ToString(set))
	p, err := access.SetOf(tx, inst, idOf(set))
	if err == nil && of != inst.ID {
		err = fault.New(fault.NotFound, "no-permission-set", "Could not find PermissionSet with id %s", idOf(set))
	}
	return inst, p, err
}

// change is find for what changes the set: not for a delegated administrator if the
// management account has it (behaviours.md 6.4).
func change(tx store.Tx, c *call.Call, instance, set *string) (access.Instance, access.PermissionSet, error) {
	inst, p, err := find(tx, c, instance, set)
	if err != nil || c.Principal.Account == inst.Owner {
		return inst, p, err
	}
	_, err = tx.RoleOfPermissionSet(inst.Owner, p.ID)
	switch {
	case err == nil:
		err = errManagement
	case fault.Is(err, fault.NotFound):
		err = nil
	}
	return inst, p, err
}

// splitSet takes the ARN of a permission set apart.
func splitSet(arn string) (instance, id string) {
	_, rest, _ := strings.Cut(arn, ":permissionSet/")
	instance, id, _ = strings.Cut(rest, "/")
	return instance, id
}

// listed is the page that a client asks for: 100 things unless it wants fewer.
func listed(token *string, limit *int32) (page.Request, error) {
	return page.Parse(aws.ToString(token), int(aws.ToInt32(limit)), mostListed)
}
