// Package ssodirectory is what AWS's console does for IAM Identity Center by APIs
// that AWS does not publish: how people of a directory are invited and prove who
// they are, their sessions, and what their portal asks of them. Its model is our
// own, in AWS's form; its actions are those that AWS's policies name.
//
// The rules are those of packages access, directory, people, mfa and session; this
// package owns the operations' table and how things look on the wire.
package ssodirectory

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// Table guards the operations. Only those about the instance's settings name it:
// AWS has no resources for sso-directory.
var Table = call.Table{
	"DescribeDirectorySettings": {Action: "sso:GetMfaDeviceManagementForDirectory", Resource: "instance", ReadOnly: true},
	"UpdateMfaSettings":         {Action: "sso:PutMfaDeviceManagementForDirectory", Resource: "instance"},
	"UpdatePortalSession":       {Action: "sso:UpdateSSOConfiguration", Resource: "instance"},
	"SetPortalSubdomain":        {Action: "sso:UpdateSSOConfiguration", Resource: "instance"},
	"UpdateEmailOtp":            {Action: "sso:UpdateSSOConfiguration", Resource: "instance"},
	"DescribeRoleQuotas":        {Action: "sso:ListPermissionSetsProvisionedToAccount", Resource: "instance", ReadOnly: true},

	"DescribeUserSecurity":    {Action: "sso-directory:DescribeUser", ReadOnly: true},
	"InviteUser":              {Action: "sso-directory:UpdatePassword"},
	"GenerateOneTimePassword": {Action: "sso-directory:UpdatePassword"},
	"SendPasswordReset":       {Action: "sso-directory:UpdatePassword"},
	"SendEmailVerification":   {Action: "sso-directory:VerifyEmail"},
	"SetUserStatus":           {Action: "sso-directory:UpdateUserStatus"},

	"SearchUsers":      {Action: "sso-directory:SearchUsers", ReadOnly: true},
	"SearchGroups":     {Action: "sso-directory:SearchGroups", ReadOnly: true},
	"ListUserSessions": {Action: "sso-directory:ListUserSessions", ReadOnly: true},
	"EndUserSessions":  {Action: "sso-directory:DeleteUserSessions"},

	"ListMfaDevices":     {Action: "sso-directory:ListMfaDevicesForUser", ReadOnly: true},
	"RenameMfaDevice":    {Action: "sso-directory:UpdateMfaDeviceForUser"},
	"DeleteMfaDevice":    {Action: "sso-directory:DeleteMfaDeviceForUser"},
	"StartTotpDevice":    {Action: "sso-directory:StartVirtualMfaDeviceRegistration"},
	"CompleteTotpDevice": {Action: "sso-directory:CompleteVirtualMfaDeviceRegistration"},
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// PortalURL is the address of the portal of a name.
	PortalURL func(name string) string
	Hasher    *credential.Hasher
	Letters   Letters
	Ring      *keys.Ring
}

// Names finds what calls act on.
type Names struct{}

// Target is the instance that the input names, for the operations about it.
func (Names) Target(_ context.Context, _ *call.Call, rule call.Rule, in any) (call.Target, error) {
	if rule.Resource == "" {
		return call.Target{}, nil
	}
	return call.Target{ARN: aws.ToString(in.(ofInstance).instance())}, nil
}

// ofInstance is every input.
type ofInstance interface{ instance() *string }

// reach returns the instance that the ARN names for an account that runs it. Others
// are Denied, whether or not there is such an instance.
func reach(tx store.Tx, c *call.Call, instanceARN *string) (access.Instance, error) {
	// In one form only, also where the model lets others through: a statement that
	// denies something of the instance has to be about the ARN that was decided upon.
	id, ok := strings.CutPrefix(aws.ToString(instanceARN), "arn:"+arn.Partition+":sso:::instance/")
	if !ok {
		return access.Instance{}, fault.New(fault.Invalid, "instance-arn", "The ARN of the instance is not valid.")
	}
	return access.Administered(tx, c.Principal.Account, id)
}

// view reads of the instance that the ARN names; its error is one of the wire.
func (s *Service) view(ctx context.Context, c *call.Call, instanceARN *string, fn func(store.Tx, access.Instance) error) error {
	return wireError(s.Store.View(ctx, func(tx store.Tx) error {
		inst, err := reach(tx, c, instanceARN)
		if err != nil {
			return err
		}
		return fn(tx, inst)
	}))
}

// update changes something of the instance together with the audit event of c, of
// which the instance's owner learns. fn may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, instanceARN *string, fn func(store.Tx, access.Instance) error) error {
	return wireError(s.Store.Update(ctx, c.Event, func(tx store.Tx) error {
		inst, err := reach(tx, c, instanceARN)
		if err != nil {
			return err
		}
		if inst.Owner != c.Principal.Account {
			c.Event.Shared = inst.Owner
		}
		return fn(tx, inst)
	}))
}

// person is the user of the instance's directory; anybody else's is NotFound.
func person(tx store.Tx, inst access.Instance, id *string) (directory.User, error) {
	u, err := tx.User(aws.ToString(id))
	if err == nil && u.Directory != inst.DirectoryID {
		err = fault.New(fault.NotFound, "no-user", "The user does not exist.")
	}
	return u, err
}

// pageSize is how many items a page has.
const pageSize = 50

func wanted(token *string) (page.Request, error) { return page.Parse(aws.ToString(token), 0, pageSize) }

func next(after string) *string {
	if after == "" {
		return nil
	}
	return aws.String(page.Token(after))
}

// wireTime is nil for never.
func wireTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return aws.String(t.UTC().Format(time.RFC3339))
}
