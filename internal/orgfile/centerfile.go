package orgfile

// IdentityCenter is the instance with its people and what they are assigned. Keys
// of settings that are not there leave the settings as they are.
type IdentityCenter struct {
	Region              string          `yaml:"region,omitempty"`
	Regions             Exactly[string] `yaml:"regions,omitempty"` // beside its own
	Name                string          `yaml:"name,omitempty"`
	Subdomain           string          `yaml:"subdomain,omitempty"`
	DirectoryID         string          `yaml:"directory_id,omitempty"`
	InstanceID          string          `yaml:"instance_id,omitempty"`
	SessionDuration     Duration        `yaml:"session_duration,omitempty"`
	MFA                 *MFA            `yaml:"mfa,omitempty"`
	EmailOTP            *bool           `yaml:"email_otp,omitempty"`
	Tags                Tags            `yaml:"tags,omitempty"`
	AccessControl       *AccessControl  `yaml:"access_control,omitempty"`
	Users               []User          `yaml:"users,omitempty"`
	Groups              []Group         `yaml:"groups,omitempty"`
	PermissionSets      []PermissionSet `yaml:"permission_sets,omitempty"`
	Assignments         []Assignment    `yaml:"assignments,omitempty"`
	TrustedTokenIssuers []TokenIssuer   `yaml:"trusted_token_issuers,omitempty"`
	Applications        []Application   `yaml:"applications,omitempty"`
}

// MFA is what is asked of people beside their password (G-52).
type MFA struct {
	Prompt      string   `yaml:"prompt,omitempty"`    // CONTEXT_AWARE, ALWAYS_ON or DISABLED
	Types       []string `yaml:"types,omitempty"`     // WEBAUTHN, TOTP
	NoDevice    string   `yaml:"no_device,omitempty"` // REQUIRE_REGISTRATION, EMAIL_OTP, BLOCK or ALLOW
	SelfService *bool    `yaml:"self_service,omitempty"`
}

// AccessControl is whether attributes for access control are on, and which.
type AccessControl struct {
	Enabled    bool        `yaml:"enabled"`
	Attributes []Attribute `yaml:"attributes,omitempty"`
}

// Attribute is one of them, with a source such as ${path:userName}.
type Attribute struct {
	Key    string `yaml:"key"`
	Source string `yaml:"source"`
}

// User is a person. A password in the file is for the first time only: it is
// set if the person has none yet.
type User struct {
	ID           string `yaml:"id,omitempty"`
	UserName     string `yaml:"username"`
	GivenName    string `yaml:"given_name"`
	FamilyName   string `yaml:"family_name"`
	DisplayName  string `yaml:"display_name,omitempty"`
	Email        string `yaml:"email,omitempty"`
	NoEmail      bool   `yaml:"no_email,omitempty"` // that there is no address is meant
	Locale       string `yaml:"locale,omitempty"`
	Password     Secret `yaml:"password,omitempty"`
	PasswordFile string `yaml:"password_file,omitempty"`
	// PasswordResetRequired makes the password a one-time one (H-08).
	PasswordResetRequired bool  `yaml:"password_reset_required,omitempty"`
	Enabled               *bool `yaml:"enabled,omitempty"`
	// Profile is all of the other attributes, where it is there.
	Profile     *Profile            `yaml:"profile,omitempty"`
	ExternalIDs Exactly[ExternalID] `yaml:"external_ids,omitempty"`
}

// Profile is what is known of a person beside (behaviours.md 6.6).
type Profile struct {
	Formatted         string      `yaml:"formatted,omitempty"`
	MiddleName        string      `yaml:"middle_name,omitempty"`
	HonorificPrefix   string      `yaml:"honorific_prefix,omitempty"`
	HonorificSuffix   string      `yaml:"honorific_suffix,omitempty"`
	NickName          string      `yaml:"nick_name,omitempty"`
	ProfileURL        string      `yaml:"profile_url,omitempty"`
	UserType          string      `yaml:"user_type,omitempty"`
	Title             string      `yaml:"title,omitempty"`
	PreferredLanguage string      `yaml:"preferred_language,omitempty"`
	Timezone          string      `yaml:"timezone,omitempty"`
	Website           string      `yaml:"website,omitempty"`
	Birthdate         string      `yaml:"birthdate,omitempty"`
	EmailType         string      `yaml:"email_type,omitempty"`
	EmailPrimary      bool        `yaml:"email_primary,omitempty"`
	Addresses         []Address   `yaml:"addresses,omitempty"`
	PhoneNumbers      []Labelled  `yaml:"phone_numbers,omitempty"`
	Photos            []Labelled  `yaml:"photos,omitempty"`
	Roles             []Labelled  `yaml:"roles,omitempty"`
	Enterprise        *Enterprise `yaml:"enterprise,omitempty"`
}

// Address is where somebody can be found.
type Address struct {
	StreetAddress string `yaml:"street_address,omitempty"`
	Locality      string `yaml:"locality,omitempty"`
	Region        string `yaml:"region,omitempty"`
	PostalCode    string `yaml:"postal_code,omitempty"`
	Country       string `yaml:"country,omitempty"`
	Formatted     string `yaml:"formatted,omitempty"`
	Type          string `yaml:"type,omitempty"`
	Primary       bool   `yaml:"primary,omitempty"`
}

// Labelled is a telephone number, a photo or a role.
type Labelled struct {
	Value   string `yaml:"value,omitempty"`
	Type    string `yaml:"type,omitempty"`
	Display string `yaml:"display,omitempty"`
	Primary bool   `yaml:"primary,omitempty"`
}

// Enterprise is somebody's place in a company.
type Enterprise struct {
	EmployeeNumber string   `yaml:"employee_number,omitempty"`
	CostCenter     string   `yaml:"cost_center,omitempty"`
	Organization   string   `yaml:"organization,omitempty"`
	Division       string   `yaml:"division,omitempty"`
	Department     string   `yaml:"department,omitempty"`
	Manager        *Manager `yaml:"manager,omitempty"`
}

// Manager is to whom somebody reports.
type Manager struct {
	Value       string `yaml:"value,omitempty"`
	Ref         string `yaml:"ref,omitempty"`
	DisplayName string `yaml:"display_name,omitempty"`
}

// ExternalID is how another identity provider knows a user or group.
type ExternalID struct {
	Issuer string `yaml:"issuer"`
	ID     string `yaml:"id"`
}

// Group is a group with its members by user name.
type Group struct {
	ID          string              `yaml:"id,omitempty"`
	Name        string              `yaml:"name"`
	Description string              `yaml:"description,omitempty"`
	Members     []string            `yaml:"members,omitempty"`
	ExternalIDs Exactly[ExternalID] `yaml:"external_ids,omitempty"`
}

// PermissionSet is a permission set.
type PermissionSet struct {
	ID                      string           `yaml:"id,omitempty"` // ps-…
	Name                    string           `yaml:"name"`
	Description             string           `yaml:"description,omitempty"`
	SessionDuration         Duration         `yaml:"session_duration,omitempty"`
	RelayState              string           `yaml:"relay_state,omitempty"`
	ManagedPolicies         []string         `yaml:"managed_policies,omitempty"`
	CustomerManagedPolicies []CustomerPolicy `yaml:"customer_managed_policies,omitempty"`
	InlinePolicy            *Document        `yaml:"inline_policy,omitempty"`
	PermissionsBoundary     string           `yaml:"permissions_boundary,omitempty"`
	Tags                    Tags             `yaml:"tags,omitempty"`
}

// CustomerPolicy refers to a policy that each account must have.
type CustomerPolicy struct {
	Name string `yaml:"name"`
	Path string `yaml:"path,omitempty"`
}

// Assignment gives users and groups a permission set in an account, which is
// named by name or id.
type Assignment struct {
	Account       string   `yaml:"account"`
	PermissionSet string   `yaml:"permission_set"`
	Groups        []string `yaml:"groups,omitempty"`
	Users         []string `yaml:"users,omitempty"`
}

// TokenIssuer is a trusted token issuer.
type TokenIssuer struct {
	ID            string `yaml:"id,omitempty"` // tti-…
	Name          string `yaml:"name"`
	URL           string `yaml:"url"`
	ClaimPath     string `yaml:"claim_path"`
	AttributePath string `yaml:"attribute_path"` // emails.value, externalIds.id or userName
	Tags          Tags   `yaml:"tags,omitempty"`
}

// Application is one that people reach from the portal or that gets tokens.
type Application struct {
	ID       string `yaml:"id,omitempty"` // apl-…
	Name     string `yaml:"name"`
	Provider string `yaml:"provider,omitempty"` // the end of its ARN; "" is custom
	// Account is whose it is, by name or id; "" is the management account.
	Account            string    `yaml:"account,omitempty"`
	Description        string    `yaml:"description,omitempty"`
	Enabled            *bool     `yaml:"enabled,omitempty"`
	Visible            *bool     `yaml:"visible,omitempty"`
	SignIn             *SignIn   `yaml:"sign_in,omitempty"`
	AssignmentRequired *bool     `yaml:"assignment_required,omitempty"`
	Groups             []string  `yaml:"groups,omitempty"`
	Users              []string  `yaml:"users,omitempty"`
	Scopes             []Scope   `yaml:"scopes,omitempty"`
	Grants             []Grant   `yaml:"grants,omitempty"`
	ActorPolicy        *Document `yaml:"actor_policy,omitempty"`
	BackgroundSessions bool      `yaml:"background_sessions,omitempty"`
	Tags               Tags      `yaml:"tags,omitempty"`
}

// SignIn is how the portal brings people there.
type SignIn struct {
	Origin string `yaml:"origin"` // IDENTITY_CENTER or APPLICATION
	URL    string `yaml:"url,omitempty"`
}

// Scope is an access scope, for targets by ARN.
type Scope struct {
	Name    string   `yaml:"name"`
	Targets []string `yaml:"targets,omitempty"`
}

// Grant is an OAuth 2.0 grant by its type, such as authorization_code.
type Grant struct {
	Type         string   `yaml:"type"`
	RedirectURIs []string `yaml:"redirect_uris,omitempty"`
	Issuers      []Issuer `yaml:"issuers,omitempty"`
}

// Issuer is a trusted token issuer of the file, by name or id, and the audiences of
// which tokens may be exchanged.
type Issuer struct {
	Issuer    string   `yaml:"issuer"`
	Audiences []string `yaml:"audiences"`
}
