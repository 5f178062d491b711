package iam

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

var credentialTable = call.Table{
	"CreateAccessKey":      {Action: "iam:CreateAccessKey", Resource: "user"},
	"ListAccessKeys":       {Action: "iam:ListAccessKeys", Resource: "user", ReadOnly: true},
	"UpdateAccessKey":      {Action: "iam:UpdateAccessKey", Resource: "user"},
	"DeleteAccessKey":      {Action: "iam:DeleteAccessKey", Resource: "user"},
	"GetAccessKeyLastUsed": {Action: "iam:GetAccessKeyLastUsed", Resource: "access-key", ReadOnly: true},

	"CreateLoginProfile":          {Action: "iam:CreateLoginProfile", Resource: "user"},
	"GetLoginProfile":             {Action: "iam:GetLoginProfile", Resource: "user", ReadOnly: true},
	"UpdateLoginProfile":          {Action: "iam:UpdateLoginProfile", Resource: "user"},
	"DeleteLoginProfile":          {Action: "iam:DeleteLoginProfile", Resource: "user"},
	"ChangePassword":              {Action: "iam:ChangePassword", Resource: "user"},
	"GetAccountPasswordPolicy":    {Action: "iam:GetAccountPasswordPolicy", Resource: "account", ReadOnly: true},
	"UpdateAccountPasswordPolicy": {Action: "iam:UpdateAccountPasswordPolicy", Resource: "account"},
	"DeleteAccountPasswordPolicy": {Action: "iam:DeleteAccountPasswordPolicy", Resource: "account"},

	"CreateVirtualMFADevice": {Action: "iam:CreateVirtualMFADevice", TagAction: "iam:TagMFADevice", Resource: "new-mfa"},
	"DeleteVirtualMFADevice": {Action: "iam:DeleteVirtualMFADevice", Resource: "mfa"},
	"ListVirtualMFADevices":  {Action: "iam:ListVirtualMFADevices", Resource: "mfa/", ReadOnly: true},
	"EnableMFADevice":        {Action: "iam:EnableMFADevice", Resource: "user"},
	"DeactivateMFADevice":    {Action: "iam:DeactivateMFADevice", Resource: "user"},
	"ResyncMFADevice":        {Action: "iam:ResyncMFADevice", Resource: "user"},
	"ListMFADevices":         {Action: "iam:ListMFADevices", Resource: "user", ReadOnly: true},
	"GetMFADevice":           {Action: "iam:GetMFADevice", Resource: "user", ReadOnly: true},
	"TagMFADevice":           {Action: "iam:TagMFADevice", Resource: "mfa"},
	"UntagMFADevice":         {Action: "iam:UntagMFADevice", Resource: "mfa"},
	"ListMFADeviceTags":      {Action: "iam:ListMFADeviceTags", Resource: "mfa", ReadOnly: true},
}

// holderOf is whose credentials an operation is about: the user that it names,
// or the caller.
func holderOf(tx store.Tx, c *call.Call, name *string) (iam.Holder, error) {
	if aws.ToString(name) == "" && c.Principal.Kind == call.Root {
		return iam.Holder{Account: c.Principal.Account}, nil
	}
	user, err := userOrSelf(c, name)
	if err != nil {
		return iam.Holder{}, err
	}
	return iam.HolderNamed(tx, c.Principal.Account, user)
}

// mfaHolderOf is holderOf for operations that must name a user: of the root user,
// itself is the account's id, always, or "root", unless that is an IAM user. So
// nobody can make a user to whom the root user's devices would be given.
func mfaHolderOf(tx store.Tx, c *call.Call, name *string) (iam.Holder, error) {
	root, n := c.Principal.Kind == call.Root, aws.ToString(name)
	if root && n == c.Principal.Account {
		return holderOf(tx, c, nil)
	}
	h, err := holderOf(tx, c, name)
	if root && n == "root" && fault.Is(err, fault.NotFound) {
		return holderOf(tx, c, nil)
	}
	return h, err
}

// userName is the holder's name on the wire: the root user has none.
func userName(h iam.Holder) *string {
	if h.Root() {
		return nil
	}
	return aws.String(h.User.Name)
}

// forMemberRoot reports whether c is about the password of the root user of a
// member account, which only a session of AssumeRoot gets at (behaviours.md 4.7).
func forMemberRoot(c *call.Call, name *string) bool {
	return aws.ToString(name) == "" && c.Principal.Kind == call.Root &&
		c.Principal.Temporary != nil && c.Principal.Temporary.Kind == token.AssumedRoot
}
