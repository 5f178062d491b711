package audit

// SignInSource is the source of the events of sign-in pages (behaviours.md 9.3).
const SignInSource = "signin.amazonaws.com"

// Events of sign-in pages that CloudTrail records as AwsConsoleSignIn. Their
// outcome, CloudTrail's responseElements {"ConsoleLogin": "Success"}, follows from
// name and error code: an event that has an [Event.ErrorCode] is a failure, which
// has [SignInFailed] for its message unless [Event.ErrorMessage] says another.
const (
	ConsoleLogin              = "ConsoleLogin"              // a root or IAM user signed in, or tried to
	CheckMFA                  = "CheckMfa"                  // a second factor was asked for
	SwitchRole                = "SwitchRole"                // the console took a role
	ExitRole                  = "ExitRole"                  // the console went back
	RenewRole                 = "RenewRole"                 // the role's session was made anew
	GetSigninToken            = "GetSigninToken"            // #nosec G101 -- a federation endpoint's operation, no credential
	PasswordRecoveryRequested = "PasswordRecoveryRequested" // root: a link was mailed
	PasswordRecoveryCompleted = "PasswordRecoveryCompleted" // root: and used
	PasswordUpdated           = "PasswordUpdated"           // root
	EmailUpdated              = "EmailUpdated"              // root
)

// Details of sign-in events, named as in CloudTrail's additionalEventData: the
// details of events from [SignInSource] are that, and not requestParameters, which
// such events have none of.
const (
	DetailMFAUsed       = "MFAUsed"         // [Yes] or [No]
	DetailMFAIdentifier = "MFAIdentifier"   // the device's serial number or ARN
	DetailMFAType       = "MfaType"         // of CheckMfa: [VirtualMFA], [U2FMFA], [MultipleMFA]
	DetailLoginTo       = "LoginTo"         // the address that the browser goes on to, without what is secret in it
	DetailMobileVersion = "MobileVersion"   // [Yes] or [No]
	DetailSAMLProvider  = "SamlProviderArn" // of federated sign-in
	DetailSwitchFrom    = "SwitchFrom"      // of SwitchRole and ExitRole: the ARN of who switches
	DetailRedirectTo    = "RedirectTo"      // of SwitchRole: the address after
)

// Values of details.
const (
	Yes         = "Yes"
	No          = "No"
	VirtualMFA  = "Virtual MFA"
	U2FMFA      = "U2F MFA"
	MultipleMFA = "Multiple MFA Devices"
)

// What CloudTrail says of who could not sign in.
const (
	SignInFailed = "Failed authentication"
	// NoSuchUserName is the message where the account has no user of the name, and
	// HiddenUserName stands for that name: people type passwords into the wrong field.
	NoSuchUserName = "No username found in supplied account"
	HiddenUserName = "HIDDEN_DUE_TO_SECURITY_REASONS"
)

// IsConsoleSignIn reports whether the trail knows events from [SignInSource] with
// that name as CloudTrail's AwsConsoleSignIn.
func IsConsoleSignIn(name string) bool {
	switch name {
	case ConsoleLogin, CheckMFA, SwitchRole, ExitRole, RenewRole, GetSigninToken,
		PasswordRecoveryRequested, PasswordRecoveryCompleted, PasswordUpdated, EmailUpdated:
		return true
	}
	return false
}
