package ssodirectory

func (in *DescribeDirectorySettingsInput) instance() *string { return in.InstanceArn }
func (in *UpdateMfaSettingsInput) instance() *string         { return in.InstanceArn }
func (in *UpdatePortalSessionInput) instance() *string       { return in.InstanceArn }
func (in *SetPortalSubdomainInput) instance() *string        { return in.InstanceArn }
func (in *UpdateEmailOtpInput) instance() *string            { return in.InstanceArn }
func (in *SearchUsersInput) instance() *string               { return in.InstanceArn }
func (in *SearchGroupsInput) instance() *string              { return in.InstanceArn }
func (in *DescribeUserSecurityInput) instance() *string      { return in.InstanceArn }
func (in *InviteUserInput) instance() *string                { return in.InstanceArn }
func (in *GenerateOneTimePasswordInput) instance() *string   { return in.InstanceArn }
func (in *SendPasswordResetInput) instance() *string         { return in.InstanceArn }
func (in *SendEmailVerificationInput) instance() *string     { return in.InstanceArn }
func (in *SetUserStatusInput) instance() *string             { return in.InstanceArn }
func (in *ListUserSessionsInput) instance() *string          { return in.InstanceArn }
func (in *EndUserSessionsInput) instance() *string           { return in.InstanceArn }
func (in *ListMfaDevicesInput) instance() *string            { return in.InstanceArn }
func (in *RenameMfaDeviceInput) instance() *string           { return in.InstanceArn }
func (in *DeleteMfaDeviceInput) instance() *string           { return in.InstanceArn }
func (in *StartTotpDeviceInput) instance() *string           { return in.InstanceArn }
func (in *CompleteTotpDeviceInput) instance() *string        { return in.InstanceArn }
func (in *DescribeRoleQuotasInput) instance() *string        { return in.InstanceArn }
