package audit

// Identity types, CloudTrail's userIdentity.type.
const (
	TypeRoot           = "Root"
	TypeIAMUser        = "IAMUser"
	TypeAssumedRole    = "AssumedRole"
	TypeFederatedUser  = "FederatedUser"
	TypeSAMLUser       = "SAMLUser"
	TypeWebIdentity    = "WebIdentityUser"
	TypeIdentityCenter = "IdentityCenterUser"
	TypeService        = "AWSService"
	TypeAccount        = "AWSAccount" // somebody of another account, in the history of whose role was asked for
	TypeUnknown        = "Unknown"
)

// Identity is who did it as CloudTrail's userIdentity tells it, beyond the ARN, the
// name and the key, which the event has itself. The zero value says nothing, and
// the reader goes by the ARN.
type Identity struct {
	Type string `json:"type,omitempty"`
	ID   string `json:"id,omitempty"` // principalId: AIDA…, AROA…:session, the account of a root user
	// Issuer is the role of a session (its ARN with the path), IssuerID its AROA….
	Issuer   string `json:"issuer,omitempty"`
	IssuerID string `json:"issuerId,omitempty"`
	// CreatedAt is when the session began, in Unix seconds; 0 for who has none. MFA
	// says that it began with a second factor.
	CreatedAt      int64  `json:"createdAt,omitempty"`
	MFA            bool   `json:"mfa,omitempty"`
	SourceIdentity string `json:"sourceIdentity,omitempty"`
	// OnBehalfOf is the identity store user id of the person behind a session.
	OnBehalfOf string `json:"onBehalfOf,omitempty"`
}

// RootUserName is the name that the root user's events have, who has none: by it they
// are looked up. The store gives it to those without a name.
const RootUserName = "root"

// RootIdentity is the root user of an account, for events that no signed call makes,
// such as those of the sign-in page. mfa says that a second factor was given.
func RootIdentity(account string, mfa bool) Identity {
	return Identity{Type: TypeRoot, ID: account, MFA: mfa}
}

// IAMUserIdentity is the same of the IAM user with that unique id (AIDA…).
func IAMUserIdentity(id string, mfa bool) Identity {
	return Identity{Type: TypeIAMUser, ID: id, MFA: mfa}
}

// toOthers is what another account learns of who it was.
func (i Identity) toOthers() Identity {
	switch i.Type {
	case TypeRoot, TypeIAMUser, TypeAssumedRole, TypeFederatedUser:
		return Identity{Type: TypeAccount, ID: i.ID, SourceIdentity: i.SourceIdentity}
	}
	return i
}
