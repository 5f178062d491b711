package orgfile

// Exactly is a list that, where a file has it, is the whole truth: what is not in
// it goes, whoever made it. A file without the key leaves everything as it is.
type Exactly[T any] []T

// IsZero leaves a list out that was not said; an empty one is written.
func (e Exactly[T]) IsZero() bool { return e == nil }

// Organization is the organization with its accounts. It is found by its
// management account.
type Organization struct {
	ID     string `yaml:"id,omitempty"`      // o-…
	RootID string `yaml:"root_id,omitempty"` // r-…
	// FeatureSet is ALL unless CONSOLIDATED_BILLING is said.
	FeatureSet              string            `yaml:"feature_set,omitempty"`
	AccountLimit            int               `yaml:"account_limit,omitempty"`
	ManagementAccount       Account           `yaml:"management_account"`
	Accounts                []Account         `yaml:"accounts,omitempty"`
	OrganizationalUnits     []Unit            `yaml:"organizational_units,omitempty"`
	RootTags                Tags              `yaml:"root_tags,omitempty"`
	TrustedServices         Exactly[string]   `yaml:"trusted_services,omitempty"`
	PolicyTypes             Exactly[string]   `yaml:"policy_types,omitempty"`
	ServiceControlPolicies  []ControlPolicy   `yaml:"service_control_policies,omitempty"`
	ResourceControlPolicies []ControlPolicy   `yaml:"resource_control_policies,omitempty"`
	Policies                []TypedPolicy     `yaml:"policies,omitempty"`
	WithoutFullAccess       Exactly[string]   `yaml:"without_full_access,omitempty"`
	DelegatedAdministrators Exactly[Delegate] `yaml:"delegated_administrators,omitempty"`
	ResourcePolicy          *ResourcePolicy   `yaml:"resource_policy,omitempty"`
	RootFeatures            Exactly[string]   `yaml:"root_features,omitempty"`
}

// Account is an AWS account.
type Account struct {
	ID    string `yaml:"id,omitempty"`
	Name  string `yaml:"name"`
	Email string `yaml:"email"`
	Alias string `yaml:"alias,omitempty"`
	// OU is the unit that it is in, by path or id; "" is the root.
	OU           string     `yaml:"ou,omitempty"`
	Tags         Tags       `yaml:"tags,omitempty"`
	Password     Secret     `yaml:"password,omitempty"`
	PasswordFile string     `yaml:"password_file,omitempty"`
	AccessKey    *AccessKey `yaml:"access_key,omitempty"`
}

// AccessKey is a long-term key of a root user.
type AccessKey struct {
	ID         string `yaml:"id"`
	Secret     Secret `yaml:"secret,omitempty"`
	SecretFile string `yaml:"secret_file,omitempty"`
}

// Unit is an organisational unit. Those that accounts are in need not be listed.
type Unit struct {
	ID     string `yaml:"id,omitempty"` // ou-…
	Name   string `yaml:"name"`
	Parent string `yaml:"parent,omitempty"` // a unit by path or id; "" is the root
	Tags   Tags   `yaml:"tags,omitempty"`
}

// ControlPolicy is a policy of the organization. Targets are "Root", units by path
// or id, and accounts by name or id.
type ControlPolicy struct {
	ID          string    `yaml:"id,omitempty"` // p-…
	Name        string    `yaml:"name"`
	Description string    `yaml:"description,omitempty"`
	Targets     []string  `yaml:"targets,omitempty"`
	Document    *Document `yaml:"document"`
	Tags        Tags      `yaml:"tags,omitempty"`
}

// TypedPolicy is a ControlPolicy of any type, such as TAG_POLICY.
type TypedPolicy struct {
	Type        string    `yaml:"type"`
	ID          string    `yaml:"id,omitempty"`
	Name        string    `yaml:"name"`
	Description string    `yaml:"description,omitempty"`
	Targets     []string  `yaml:"targets,omitempty"`
	Document    *Document `yaml:"document"`
	Tags        Tags      `yaml:"tags,omitempty"`
}

func (p TypedPolicy) policy() ControlPolicy {
	return ControlPolicy{p.ID, p.Name, p.Description, p.Targets, p.Document, p.Tags}
}

// Delegate is a member account, by name or id, that administers services.
type Delegate struct {
	Account  string   `yaml:"account"`
	Services []string `yaml:"services"`
}

// ResourcePolicy is the organization's; one without a document takes it away.
type ResourcePolicy struct {
	ID       string    `yaml:"id,omitempty"` // rp-…
	Document *Document `yaml:"document,omitempty"`
	Tags     Tags      `yaml:"tags,omitempty"`
}
