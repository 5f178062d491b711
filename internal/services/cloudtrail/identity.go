package cloudtrail

import (
	"strconv"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
)

// userIdentity is who did it, its members in CloudTrail's order.
type userIdentity struct {
	Type             string          `json:"type"`
	PrincipalID      string          `json:"principalId,omitempty"`
	ARN              string          `json:"arn,omitempty"`
	AccountID        string          `json:"accountId,omitempty"`
	AccessKeyID      *string         `json:"accessKeyId,omitempty"` // "" for who failed to sign in
	UserName         string          `json:"userName,omitempty"`
	SessionContext   *sessionContext `json:"sessionContext,omitempty"`
	IdentityProvider string          `json:"identityProvider,omitempty"`
	OnBehalfOf       *onBehalfOf     `json:"onBehalfOf,omitempty"`
}

type sessionContext struct {
	SessionIssuer  *sessionIssuer     `json:"sessionIssuer,omitempty"`
	Attributes     *sessionAttributes `json:"attributes,omitempty"`
	SourceIdentity string             `json:"sourceIdentity,omitempty"`
}

type sessionIssuer struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId,omitempty"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId,omitempty"`
	UserName    string `json:"userName,omitempty"`
}

type sessionAttributes struct {
	CreationDate     string `json:"creationDate"`
	MFAAuthenticated string `json:"mfaAuthenticated"` // "true" or "false"
}

type onBehalfOf struct {
	UserID string `json:"userId"`
}

func identityOf(e *audit.Event) userIdentity {
	a, err := arn.Parse(e.PrincipalID)
	i := userIdentity{Type: identityType(e, a), PrincipalID: e.Identity.ID, AccountID: e.Account, AccessKeyID: orNil(e.AccessKeyID)}
	if err == nil {
		i.AccountID = a.Account
	}
	switch i.Type {
	case audit.TypeRoot, audit.TypeIAMUser, audit.TypeAssumedRole, audit.TypeFederatedUser:
		i.ARN = e.PrincipalID
		i.SessionContext = contextOf(e)
	case audit.TypeSAMLUser, audit.TypeWebIdentity:
		i.IdentityProvider, i.AccountID = e.PrincipalID, ""
	case audit.TypeUnknown, audit.TypeService:
		i.AccountID = ""
	}
	switch i.Type {
	case audit.TypeIAMUser, audit.TypeSAMLUser, audit.TypeWebIdentity, audit.TypeUnknown:
		i.UserName = e.UserName
	case audit.TypeIdentityCenter:
		i.UserName, i.OnBehalfOf = e.UserName, &onBehalfOf{e.PrincipalID}
	case audit.TypeAssumedRole:
		if e.Identity.OnBehalfOf != "" {
			i.OnBehalfOf = &onBehalfOf{e.Identity.OnBehalfOf}
		}
	}
	if typeOf(e) == consoleSignIn && e.ErrorCode != "" { // nobody is in: there is no key and no ARN
		none := ""
		i.AccessKeyID = &none
		if i.Type == audit.TypeIAMUser {
			i.ARN = ""
		}
	}
	return i
}

// identityType goes by the ARN where the event does not say.
func identityType(e *audit.Event, a arn.ARN) string {
	kind, _, _ := strings.Cut(a.Resource, "/")
	switch {
	case e.Identity.Type != "":
		return e.Identity.Type
	case e.UserName == audit.HiddenUserName:
		return audit.TypeIAMUser
	case e.PrincipalID == "":
		return audit.TypeUnknown
	case a.Resource == "root":
		return audit.TypeRoot
	case kind == "user":
		return audit.TypeIAMUser
	case kind == "assumed-role":
		return audit.TypeAssumedRole
	case kind == "federated-user":
		return audit.TypeFederatedUser
	case kind == "saml-provider":
		return audit.TypeSAMLUser
	case kind == "oidc-provider", strings.Contains(e.PrincipalID, "."):
		return audit.TypeWebIdentity
	case a == arn.ARN{}:
		return audit.TypeIdentityCenter
	}
	return audit.TypeUnknown
}

// contextOf is what is known of the session; nil for who has none.
func contextOf(e *audit.Event) *sessionContext {
	var c sessionContext
	if s := e.Identity.Issuer; s != "" {
		issuer := sessionIssuer{Type: "Role", PrincipalID: e.Identity.IssuerID, ARN: s}
		a, err := arn.Parse(s)
		if err == nil {
			issuer.AccountID = a.Account
		}
		_, kind, _, name, ok := arn.SplitIAM(s)
		switch {
		case a.Resource == "root":
			issuer.Type, issuer.PrincipalID = audit.TypeRoot, a.Account
		case ok && kind == "user":
			issuer.Type, issuer.UserName = audit.TypeIAMUser, name
		case ok:
			issuer.UserName = name
		}
		c.SessionIssuer = &issuer
	}
	if e.Identity.CreatedAt != 0 {
		c.Attributes = &sessionAttributes{time.Unix(e.Identity.CreatedAt, 0).UTC().Format(time.RFC3339), strconv.FormatBool(e.Identity.MFA)}
	}
	if c.SourceIdentity = e.Identity.SourceIdentity; c == (sessionContext{}) {
		return nil
	}
	return &c
}
