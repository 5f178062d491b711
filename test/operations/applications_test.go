package operations

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/access"
	"sekisho/internal/services/ssoadmin"
	"sekisho/internal/store"
)

// applicationOperation is an operation on Identity Center's applications or trusted
// token issuers with an input, in the order in which they succeed. {instance},
// {application}, {issuer} and {jane} are what there is, and what was made before.
type applicationOperation struct {
	name, input string
	on          string   // the resource that a denial names
	also        []string // further resources that the action is needed on
	tags        bool     // it needs sso:TagResource, too
}

const (
	onApplication, onInstance, onIssuer = "{application}", "{instance}", "{issuer}"
	customProvider                      = "arn:aws:sso::aws:applicationProvider/custom"

	ofApplication = `"ApplicationArn":"{application}"`
	ofJane        = ofApplication + `,"PrincipalId":"{jane}","PrincipalType":"USER"`
	ofInstance    = `"InstanceArn":"{instance}"`
	actorPolicy   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sso-oauth:CreateTokenWithIAM","Resource":"*"}]}`
	issuerOf      = `{"OidcJwtConfiguration":{"IssuerUrl":"https://idp.example.com","ClaimAttributePath":"email","IdentityStoreAttributePath":"emails.value","JwksRetrievalOption":"OPEN_ID_DISCOVERY"}}`
)

var applicationOperations = []applicationOperation{
	{name: "CreateApplication", on: onInstance, tags: true,
		input: ofInstance + `,"ApplicationProviderArn":"` + customProvider + `","Name":"App","Tags":[{"Key":"team","Value":"blue"}]`,
		also:  []string{customProvider, "arn:aws:sso::" + management + ":application/{instanceId}/*"}},
	{name: "DescribeApplication", on: onApplication, input: ofApplication},
	{name: "UpdateApplication", on: onApplication, input: ofApplication + `,"Name":"New"`},
	{name: "ListApplications", on: "*", input: ofInstance},
	{name: "DescribeApplicationProvider", on: customProvider, input: `"ApplicationProviderArn":"` + customProvider + `"`},
	{name: "ListApplicationProviders", on: "arn:aws:sso::aws:applicationProvider/*"},
	{name: "PutApplicationAssignmentConfiguration", on: onApplication, input: ofApplication + `,"AssignmentRequired":true`},
	{name: "GetApplicationAssignmentConfiguration", on: onApplication, input: ofApplication},
	{name: "CreateApplicationAssignment", on: onApplication, input: ofJane},
	{name: "DescribeApplicationAssignment", on: onApplication, input: ofJane},
	{name: "ListApplicationAssignments", on: onApplication, input: ofApplication},
	{name: "ListApplicationAssignmentsForPrincipal", on: onInstance, input: ofInstance + `,"PrincipalId":"{jane}","PrincipalType":"USER"`},
	{name: "DeleteApplicationAssignment", on: onApplication, input: ofJane},
	{name: "PutApplicationAccessScope", on: onApplication, input: ofApplication + `,"Scope":"sso:account:access","AuthorizedTargets":["{application}"]`},
	{name: "GetApplicationAccessScope", on: onApplication, input: ofApplication + `,"Scope":"sso:account:access"`},
	{name: "ListApplicationAccessScopes", on: onApplication, input: ofApplication},
	{name: "DeleteApplicationAccessScope", on: onApplication, input: ofApplication + `,"Scope":"sso:account:access"`},
	{name: "PutApplicationAuthenticationMethod", on: onApplication,
		input: ofApplication + `,"AuthenticationMethodType":"IAM","AuthenticationMethod":{"Iam":{"ActorPolicy":` + actorPolicy + `}}`},
	{name: "GetApplicationAuthenticationMethod", on: onApplication, input: ofApplication + `,"AuthenticationMethodType":"IAM"`},
	{name: "ListApplicationAuthenticationMethods", on: onApplication, input: ofApplication},
	{name: "DeleteApplicationAuthenticationMethod", on: onApplication, input: ofApplication + `,"AuthenticationMethodType":"IAM"`},
	{name: "PutApplicationSessionConfiguration", on: onApplication, input: ofApplication + `,"UserBackgroundSessionApplicationStatus":"ENABLED"`},
	{name: "GetApplicationSessionConfiguration", on: onApplication, input: ofApplication},
	{name: "CreateTrustedTokenIssuer", on: onInstance,
		input: ofInstance + `,"Name":"idp","TrustedTokenIssuerType":"OIDC_JWT","TrustedTokenIssuerConfiguration":` + issuerOf,
		also:  []string{"arn:aws:sso::" + management + ":trustedTokenIssuer/{instanceId}/*"}},
	{name: "DescribeTrustedTokenIssuer", on: onIssuer, input: `"TrustedTokenIssuerArn":"{issuer}"`},
	{name: "UpdateTrustedTokenIssuer", on: onIssuer, input: `"TrustedTokenIssuerArn":"{issuer}","Name":"idp2"`},
	{name: "ListTrustedTokenIssuers", on: onInstance, input: ofInstance},
	{name: "PutApplicationGrant", on: onApplication, input: ofApplication + `,"GrantType":"urn:ietf:params:oauth:grant-type:jwt-bearer","Grant":` +
		`{"JwtBearer":{"AuthorizedTokenIssuers":[{"TrustedTokenIssuerArn":"{issuer}","AuthorizedAudiences":["aud"]}]}}`},
	{name: "GetApplicationGrant", on: onApplication, input: ofApplication + `,"GrantType":"urn:ietf:params:oauth:grant-type:jwt-bearer"`},
	{name: "ListApplicationGrants", on: onApplication, input: ofApplication},
	{name: "DeleteApplicationGrant", on: onApplication, input: ofApplication + `,"GrantType":"urn:ietf:params:oauth:grant-type:jwt-bearer"`},
	{name: "DeleteTrustedTokenIssuer", on: onIssuer, input: `"TrustedTokenIssuerArn":"{issuer}"`},
	{name: "DeleteApplication", on: onApplication, input: ofApplication},
}

// ssoAnswer is what the tests read of what IAM Identity Center answered.
type ssoAnswer struct {
	ApplicationArn        string
	TrustedTokenIssuerArn string
	AuthenticationMethod  struct{ Iam struct{ ActorPolicy any } }
	Grant                 json.RawMessage

	InstanceArn                     string
	PermissionSet                   struct{ PermissionSetArn string }
	AccountAssignmentCreationStatus struct{ RequestId string }
	AccountAssignmentDeletionStatus struct{ RequestId string }
	PermissionSetProvisioningStatus struct{ RequestId string }
}

var ssoService = jsonService{name: "sso", target: "SWBExternalService"}

// Every operation on applications and trusted token issuers refuses calls that are
// unsigned, badly signed, not allowed by policy, or of another account, and answers
// who may do exactly this to exactly that; each call is in the trail (G-60).
func TestApplicationOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vars := w.center(t)
	c := w.walk(ssoService)
	none, barred := w.user(t, management, "none", ""), c.barred(t, management)
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	for _, op := range applicationOperations {
		on := fillBraces(op.on, vars)
		s := c.step(t, op.name, "{"+fillBraces(op.input, vars)+"}")
		s.refused(none, barred, on)
		if slices.Contains([]string{onApplication, onIssuer}, op.on) && op.name != "DescribeTrustedTokenIssuer" {
			s.try("a member of the organization that may everything in its own account", stranger.key, "AccessDeniedException", "", "")
		}
		statements := []string{fillBraces(statement("Allow", "Action", s.action(), append([]string{on}, op.also...)...), vars)}
		if op.tags {
			statements = append(statements, statement("Allow", "Action", "sso:TagResource", "*"))
		}
		if len(op.also) > 0 {
			part := w.user(t, management, "part-"+op.name, document(append(statements[1:], statement("Allow", "Action", s.action(), on))...))
			s.try("allowed on the instance only", part.key, "AccessDeniedException", "User: "+part.arn+" is not authorized to perform: "+s.action(), "")
		}
		var said ssoAnswer
		w.said(s.try("allowed", w.user(t, management, "only-"+op.name, document(statements...)).key, "", "", ""), &said)
		switch op.name {
		case "CreateApplication":
			vars["application"] = said.ApplicationArn
		case "CreateTrustedTokenIssuer":
			vars["issuer"] = said.TrustedTokenIssuerArn
		case "GetApplicationAuthenticationMethod":
			var want any
			if err := json.Unmarshal([]byte(actorPolicy), &want); err != nil {
				t.Fatal(err)
			}
			if got, wanted := asText(t, said.AuthenticationMethod.Iam.ActorPolicy), asText(t, want); got != wanted {
				t.Errorf("the policy that was put came back as %s", got)
			}
		case "GetApplicationGrant":
			if want := `{"JwtBearer":{"AuthorizedTokenIssuers":[{"AuthorizedAudiences":["aud"],"TrustedTokenIssuerArn":"` + vars["issuer"] + `"}]}}`; asText(t, said.Grant) != want {
				t.Errorf("the grant that was put came back as %s", said.Grant)
			}
		}
	}
	c.complete(t, ssoadmin.Table, func(name string) bool { return !ofApplications(name) })
	c.recorded(t, nil)
}

// ofApplications reports whether an operation is on applications or trusted token issuers.
func ofApplications(operation string) bool {
	return strings.Contains(operation, "Application") || strings.Contains(operation, "TrustedTokenIssuer")
}

// center is what there is in the first instance: its id, its ARN, and jane's id.
func (w *world) center(t *testing.T) map[string]string {
	t.Helper()
	vars := make(map[string]string)
	w.view(t, func(tx store.Tx) error {
		home, err := access.Home(tx)
		if err != nil {
			return err
		}
		jane, err := tx.UserByName(home.DirectoryID, "jane")
		vars["instanceId"], vars["instance"], vars["jane"] = home.ID, home.ARN(), jane.ID
		return err
	})
	return vars
}

// asText is a value as JSON with its members in order.
func asText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err == nil {
		var again any
		if err = json.Unmarshal(b, &again); err == nil {
			b, err = json.Marshal(again)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
