package ssodirectory

// The inputs and outputs, in the form of the SDK's: their facts are in
// internal/awsproto/facts/sso-directory.json, made of the model in tools/facts/own.
type (
	// Prompt is one of CONTEXT_AWARE, ALWAYS_ON, DISABLED.
	Prompt string

	// MfaType is one of WEBAUTHN, TOTP.
	MfaType string

	// NoDevice is one of REQUIRE_REGISTRATION, EMAIL_OTP, BLOCK, ALLOW.
	NoDevice string

	// IdentitySource is one of IDENTITY_CENTER, ACTIVE_DIRECTORY, EXTERNAL_IDP.
	IdentitySource string

	// PasswordState is one of NONE, INVITED, ONE_TIME, SET.
	PasswordState string

	// UserStatus is one of ENABLED, DISABLED.
	UserStatus string

	// MfaSettings is what is asked beside the password.
	MfaSettings struct {
		Prompt      Prompt
		Types       []MfaType
		NoDevice    NoDevice
		SelfService bool
	}

	// FoundUser is a person as lists show them.
	FoundUser struct {
		UserId      *string
		UserName    *string
		DisplayName *string
		Email       *string
		Status      UserStatus
	}

	// FoundGroup is a group as lists show it.
	FoundGroup struct {
		GroupId     *string
		DisplayName *string
		Description *string
	}

	// UserSession is a session of a person; times are RFC 3339.
	UserSession struct {
		SessionId *string
		CreatedAt *string
		ExpiresAt *string
		SourceIp  *string
		UserAgent *string
		Kind      *string
	}

	// MfaDevice is a device; times are RFC 3339.
	MfaDevice struct {
		DeviceId   *string
		Name       *string
		Type       MfaType
		CreatedAt  *string
		LastUsedAt *string
	}

	// RoleQuota is how many roles an account has and may have.
	RoleQuota struct {
		AccountId *string
		Roles     int32
		Limit     int32
	}

	// DescribeDirectorySettingsInput is what DescribeDirectorySettings takes.
	DescribeDirectorySettingsInput struct {
		InstanceArn *string
	}

	// DescribeDirectorySettingsOutput is what DescribeDirectorySettings answers.
	DescribeDirectorySettingsOutput struct {
		PortalUrl            *string
		Subdomain            *string
		PortalSessionMinutes int32
		Mfa                  *MfaSettings
		EmailOtpForApiUsers  bool
		IdentitySource       IdentitySource
	}

	// UpdateMfaSettingsInput is what UpdateMfaSettings takes.
	UpdateMfaSettingsInput struct {
		InstanceArn *string
		Mfa         *MfaSettings
	}

	// UpdateMfaSettingsOutput is what UpdateMfaSettings answers.
	UpdateMfaSettingsOutput struct {
	}

	// UpdatePortalSessionInput is what UpdatePortalSession takes.
	UpdatePortalSessionInput struct {
		InstanceArn *string
		Minutes     int32
	}

	// UpdatePortalSessionOutput is what UpdatePortalSession answers.
	UpdatePortalSessionOutput struct {
	}

	// SetPortalSubdomainInput is what SetPortalSubdomain takes.
	SetPortalSubdomainInput struct {
		InstanceArn *string
		Subdomain   *string
	}

	// SetPortalSubdomainOutput is what SetPortalSubdomain answers.
	SetPortalSubdomainOutput struct {
	}

	// UpdateEmailOtpInput is what UpdateEmailOtp takes.
	UpdateEmailOtpInput struct {
		InstanceArn *string
		Enabled     bool
	}

	// UpdateEmailOtpOutput is what UpdateEmailOtp answers.
	UpdateEmailOtpOutput struct {
	}

	// SearchUsersInput is what SearchUsers takes.
	SearchUsersInput struct {
		InstanceArn *string
		Prefix      *string
		NextToken   *string
	}

	// SearchUsersOutput is what SearchUsers answers.
	SearchUsersOutput struct {
		Users     []FoundUser
		NextToken *string
	}

	// SearchGroupsInput is what SearchGroups takes.
	SearchGroupsInput struct {
		InstanceArn *string
		Prefix      *string
		NextToken   *string
	}

	// SearchGroupsOutput is what SearchGroups answers.
	SearchGroupsOutput struct {
		Groups    []FoundGroup
		NextToken *string
	}

	// DescribeUserSecurityInput is what DescribeUserSecurity takes.
	DescribeUserSecurityInput struct {
		InstanceArn *string
		UserId      *string
	}

	// DescribeUserSecurityOutput is what DescribeUserSecurity answers.
	DescribeUserSecurityOutput struct {
		PasswordState            PasswordState
		InvitationExpiresAt      *string
		OneTimePasswordExpiresAt *string // set in the state ONE_TIME only
		EmailVerified            bool
		EmailVerificationSentAt  *string
		MfaDeviceCount           int32
		LastSignInAt             *string
	}

	// InviteUserInput is what InviteUser takes.
	InviteUserInput struct {
		InstanceArn *string
		UserId      *string
	}

	// InviteUserOutput is what InviteUser answers.
	InviteUserOutput struct {
	}

	// GenerateOneTimePasswordInput is what GenerateOneTimePassword takes.
	GenerateOneTimePasswordInput struct {
		InstanceArn *string
		UserId      *string
	}

	// GenerateOneTimePasswordOutput is what GenerateOneTimePassword answers.
	GenerateOneTimePasswordOutput struct {
		OneTimePassword *string
		PortalUrl       *string
		UserName        *string
	}

	// SendPasswordResetInput is what SendPasswordReset takes.
	SendPasswordResetInput struct {
		InstanceArn *string
		UserId      *string
	}

	// SendPasswordResetOutput is what SendPasswordReset answers.
	SendPasswordResetOutput struct {
	}

	// SendEmailVerificationInput is what SendEmailVerification takes.
	SendEmailVerificationInput struct {
		InstanceArn *string
		UserId      *string
	}

	// SendEmailVerificationOutput is what SendEmailVerification answers.
	SendEmailVerificationOutput struct {
	}

	// SetUserStatusInput is what SetUserStatus takes.
	SetUserStatusInput struct {
		InstanceArn *string
		UserId      *string
		Status      UserStatus
	}

	// SetUserStatusOutput is what SetUserStatus answers.
	SetUserStatusOutput struct {
	}

	// ListUserSessionsInput is what ListUserSessions takes.
	ListUserSessionsInput struct {
		InstanceArn *string
		UserId      *string
		NextToken   *string
	}

	// ListUserSessionsOutput is what ListUserSessions answers.
	ListUserSessionsOutput struct {
		Sessions  []UserSession
		NextToken *string
	}

	// EndUserSessionsInput is what EndUserSessions takes.
	EndUserSessionsInput struct {
		InstanceArn *string
		UserId      *string
		SessionIds  []string
	}

	// EndUserSessionsOutput is what EndUserSessions answers.
	EndUserSessionsOutput struct {
	}

	// ListMfaDevicesInput is what ListMfaDevices takes.
	ListMfaDevicesInput struct {
		InstanceArn *string
		UserId      *string
	}

	// ListMfaDevicesOutput is what ListMfaDevices answers.
	ListMfaDevicesOutput struct {
		Devices []MfaDevice
	}

	// RenameMfaDeviceInput is what RenameMfaDevice takes.
	RenameMfaDeviceInput struct {
		InstanceArn *string
		UserId      *string
		DeviceId    *string
		Name        *string
	}

	// RenameMfaDeviceOutput is what RenameMfaDevice answers.
	RenameMfaDeviceOutput struct {
	}

	// DeleteMfaDeviceInput is what DeleteMfaDevice takes.
	DeleteMfaDeviceInput struct {
		InstanceArn *string
		UserId      *string
		DeviceId    *string
	}

	// DeleteMfaDeviceOutput is what DeleteMfaDevice answers.
	DeleteMfaDeviceOutput struct {
	}

	// StartTotpDeviceInput is what StartTotpDevice takes.
	StartTotpDeviceInput struct {
		InstanceArn *string
		UserId      *string
	}

	// StartTotpDeviceOutput is what StartTotpDevice answers.
	StartTotpDeviceOutput struct {
		Registration *string
		Secret       *string
		OtpauthUrl   *string
		QrCodePng    *string
	}

	// CompleteTotpDeviceInput is what CompleteTotpDevice takes.
	CompleteTotpDeviceInput struct {
		InstanceArn  *string
		UserId       *string
		Registration *string
		Code         *string
		Name         *string
	}

	// CompleteTotpDeviceOutput is what CompleteTotpDevice answers.
	CompleteTotpDeviceOutput struct {
		DeviceId *string
	}

	// DescribeRoleQuotasInput is what DescribeRoleQuotas takes.
	DescribeRoleQuotasInput struct {
		InstanceArn *string
		AccountIds  []string
	}

	// DescribeRoleQuotasOutput is what DescribeRoleQuotas answers.
	DescribeRoleQuotasOutput struct {
		Accounts []RoleQuota
	}
)
