package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

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

// applicationAnswer is what such an operation answered.
type applicationAnswer struct {
	answer
	Message               string
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

// callSSO makes a call of IAM Identity Center; without an id in k it is not signed.
func (w *world) callSSO(k key, operation, members string) (a applicationAnswer) {
	w.Helper()
	body := "{" + members + "}"
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/", strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/x-amz-json-1.1")
	h.Header.Set("X-Amz-Target", "SWBExternalService."+operation)
	if k.id != "" {
		sum := sha256.Sum256([]byte(body))
		creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), "sso", "us-east-1", time.Now()); err != nil {
			w.Fatal(err)
		}
	}
	res, err := w.client.Do(h)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err == nil {
		err = json.Unmarshal(raw, &a)
	}
	if err != nil {
		w.Errorf("%s: %v: %s", operation, err, raw)
	}
	a.answer = answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), message: a.Message}
	return a
}

// Every operation on applications and trusted token issuers refuses calls that are
// unsigned, badly signed, not allowed by policy, or of another account, and answers
// who may do exactly this to exactly that; each call is in the trail (G-60).
func TestApplicationOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vars := map[string]string{"{application}": "", "{issuer}": ""}
	w.update(t, func(tx store.Tx) error {
		home, err := access.Home(tx)
		if err != nil {
			return err
		}
		jane, err := tx.UserByName(home.DirectoryID, "jane")
		vars["{instanceId}"], vars["{instance}"], vars["{jane}"] = home.ID, "arn:aws:sso:::instance/"+home.ID, jane.ID
		return err
	})
	filled := func(s string) string {
		for name, value := range vars {
			s = strings.ReplaceAll(s, name, value)
		}
		return s
	}
	none := w.user(t, management, "none", "")
	barred := w.user(t, management, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "sso:*", "*")))
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	calls := make(map[string]int)
	for _, op := range applicationOperations {
		action, input, on := "sso:"+op.name, filled(op.input), filled(op.on)
		try := func(what string, k key, code, begins, ends string) applicationAnswer {
			t.Helper()
			calls[op.name]++
			a := w.callSSO(k, op.name, input)
			if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
				t.Errorf("%s: %s: %v", op.name, what, a.answer)
			}
			return a
		}
		denied := func(c caller) string {
			return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: " + on
		}
		try("no signature", key{}, "MissingAuthenticationTokenException", noToken, "")
		try("wrong secret", key{id: none.key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, "")
		try("no policy", none.key, "AccessDeniedException", denied(none), " because no identity-based policy allows the "+action+" action")
		try("denied", barred.key, "AccessDeniedException", denied(barred), " with an explicit deny in an identity-based policy")
		if slices.Contains([]string{onApplication, onIssuer}, op.on) && op.name != "DescribeTrustedTokenIssuer" {
			try("a member of the organization that may everything in its own account", stranger.key, "AccessDeniedException", "", "")
		}
		statements := []string{statement("Allow", "Action", action, append([]string{on}, op.also...)...)}
		if op.tags {
			statements = append(statements, statement("Allow", "Action", "sso:TagResource", "*"))
		}
		for i := range statements {
			statements[i] = filled(statements[i])
		}
		if len(op.also) > 0 {
			part := w.user(t, management, "part-"+op.name, document(append(statements[1:], statement("Allow", "Action", action, on))...))
			try("allowed on the instance only", part.key, "AccessDeniedException", "User: "+part.arn+" is not authorized to perform: "+action, "")
		}
		allowed := w.user(t, management, "only-"+op.name, document(statements...))
		a := try("allowed", allowed.key, "", "", "")
		switch op.name {
		case "CreateApplication":
			vars["{application}"] = a.ApplicationArn
		case "CreateTrustedTokenIssuer":
			vars["{issuer}"] = a.TrustedTokenIssuerArn
		case "GetApplicationAuthenticationMethod":
			var want any
			if err := json.Unmarshal([]byte(actorPolicy), &want); err != nil {
				t.Fatal(err)
			}
			if got, wanted := asText(t, a.AuthenticationMethod.Iam.ActorPolicy), asText(t, want); got != wanted {
				t.Errorf("the policy that was put came back as %s", got)
			}
		case "GetApplicationGrant":
			if want := `{"JwtBearer":{"AuthorizedTokenIssuers":[{"AuthorizedAudiences":["aud"],"TrustedTokenIssuerArn":"` + vars["{issuer}"] + `"}]}}`; asText(t, a.Grant) != want {
				t.Errorf("the grant that was put came back as %s", a.Grant)
			}
		}
	}
	for name := range ssoadmin.Table {
		if (strings.Contains(name, "Application") || strings.Contains(name, "TrustedTokenIssuer")) && calls[name] == 0 {
			t.Errorf("%s was not called", name)
		}
	}
	w.stop()
	trail := w.trail(t)
	for name, n := range calls {
		got := 0
		for _, e := range trail[name] {
			if e.Source != "sso.amazonaws.com" {
				t.Errorf("%s: from %s", name, e.Source)
			}
			got += e.Count
		}
		if got != n {
			t.Errorf("%s: %d events of %d calls", name, got, n)
		}
	}
	w.secretless(t)
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
