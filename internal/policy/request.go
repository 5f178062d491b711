package policy

// PrincipalKind says what sort of caller a request has.
type PrincipalKind uint8

// The kinds of callers. The zero kind is nobody that we know: only policies
// that name everybody mean it.
const (
	Anonymous     PrincipalKind = iota
	RootUser                    // the account's root user, AssumeRoot's sessions too
	User                        // IAM user with long-term keys or a GetSessionToken session
	RoleSession                 // session of AssumeRole, or of a service's use of a role
	FederatedUser               // session of GetFederationToken
	SAMLFederated               // caller of AssumeRoleWithSAML, whom an assertion names
	WebIdentity                 // caller of AssumeRoleWithWebIdentity, whom a token names
	Service                     // an AWS service
)

// Principal is who makes a request.
type Principal struct {
	Kind    PrincipalKind
	Account string // twelve digits; empty for Anonymous, SAMLFederated, WebIdentity and Service
	// ARN is what GetCallerIdentity shows: of a session, the session's.
	ARN string
	// EntityARN is the ARN, path included, of the entity whose policies apply: of a
	// role's session the role, of a user the user, of a GetFederationToken session the user who asked for it.
	EntityARN string
	// EntityID is that entity's unique id (AIDA…, AROA…). Trust policies keep
	// these instead of ARNs once saved, so that a namesake inherits nothing.
	EntityID string
	// Federated is the provider behind SAMLFederated and WebIdentity: its ARN, or a
	// host such as accounts.google.com for those that need no provider.
	Federated string
	// Service is a service's name, such as "ec2.amazonaws.com".
	Service string
}

// Request is one thing that one principal wants to do to one resource.
type Request struct {
	Action    string // "iam:CreateUser", in any case
	Resource  string // ARN; "*" if the action has no resource
	Principal Principal
	Context   Context // nil: no key is present
}

// Source is a policy and where it hangs, for decisions and explanations.
type Source struct {
	Policy *Policy
	Name   string // policy ARN, or the name of an inline policy
	Type   string // PolicySourceType of the simulator: user, group, role, aws-managed, user-managed, resource, none
	Owner  string // ARN of the entity it hangs on
}

// Set is every policy that bears on a request, by layer.
type Set struct {
	// Identity holds the policies of the user and the user's groups, or of the role.
	Identity []Source
	// HasBoundary: the entity has a permissions boundary. If it was lost, Boundary is
	// empty, and nothing is allowed.
	HasBoundary bool
	Boundary    []Source
	// HasSession: session policies were passed. Together they allow what any of
	// them allows.
	HasSession bool
	Session    []Source
	// SCP has an element for each level from the organization's root down to the
	// principal's account, and each must allow. Nil: service control policies do not apply.
	SCP [][]Source
	// RCP is the same for the account of the resource.
	RCP [][]Source
	// HasResource: the resource has a policy of its own.
	HasResource bool
	Resource    []Source
	// ResourceAccount owns the resource. Empty: the principal's account.
	ResourceAccount string
	// ResourceMustAllow: nothing is allowed unless the resource's policy says so.
	// Roles (their trust policy) and KMS keys are such resources.
	ResourceMustAllow bool
}

// Layer is a type of policy, as the reasons for a denial name them.
type Layer uint8

// The layers. TrustLayer is ResourceLayer of a role.
const (
	IdentityLayer Layer = iota
	ResourceLayer
	BoundaryLayer
	SessionLayer
	SCPLayer
	RCPLayer
	TrustLayer
)

// Decision is the answer to a request.
type Decision struct {
	Allowed  bool
	Explicit bool    // not allowed because a statement says Deny
	Layer    Layer   // the layer that decided
	Source   *Source // the policy that allowed or denied; nil if the absence of one did
	// Statement is the index of the deciding statement in Source.Policy, -1 if none.
	Statement int
}
