package cloudtrail_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	awscloudtrail "github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
)

// recorded is the record of e, without what is the same in all.
func recorded(t *testing.T, e audit.Event) map[string]any {
	t.Helper()
	e.At, e.Account, e.Region, e.SourceIP, e.UserAgent, e.RequestID = ago(0), account, "us-east-1", "192.0.2.1", "curl/8 <&>", "r-1"
	w := newWorld(t, &e)
	out, err := w.ask(account, &awscloudtrail.LookupEventsInput{})
	if err != nil || len(out.Events) != 1 {
		t.Fatal(out, err)
	}
	said := *out.Events[0].CloudTrailEvent
	if strings.ContainsAny(said, "\n") || !strings.Contains(said, `"curl/8 <&>"`) || !strings.HasPrefix(said, `{"eventVersion":"1.11","userIdentity":{"type":`) {
		t.Errorf("the record is %s", said)
	}
	var r map[string]any
	if err := json.Unmarshal([]byte(said), &r); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"eventVersion": "1.11", "eventTime": "2026-11-22T09:00:00Z", "eventSource": e.Source, "eventName": e.Name, "awsRegion": "us-east-1",
		"sourceIPAddress": "192.0.2.1", "userAgent": "curl/8 <&>", "requestID": "r-1", "eventID": wire(e.ID), "readOnly": e.ReadOnly,
		"managementEvent": true, "recipientAccountId": account, "eventCategory": "Management",
	} {
		if r[name] != want {
			t.Errorf("%s of %s: %v, want %v", name, e.Name, r[name], want)
		}
		delete(r, name)
	}
	return r
}

// The record says in CloudTrail's words who did what, for every kind of identity and
// of event (behaviours.md 9.3).
func TestRecord(t *testing.T) {
	t.Parallel()
	jane := arn.User(account, "/team/", "jane")
	for _, c := range []struct {
		name  string
		event audit.Event
		want  string // JSON, what recorded leaves
	}{
		{"root user with a key", audit.Event{
			Source: "iam.amazonaws.com", Name: "CreateUser", PrincipalID: arn.Root(account), UserName: "root", AccessKeyID: "AKIA1", Identity: audit.RootIdentity(account, false),
			Resource: arn.User(account, "/", "taro"), Detail: map[string]string{"userName": "taro", "userId": "AIDA1", "tags": "a, b", "policy.name": "p", "policy.path": "/"},
		}, `{"userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333","accessKeyId":"AKIA1"},
			"requestParameters":{"userName":"taro","tags":"a, b","policy":{"name":"p","path":"/"}},"responseElements":{"userId":"AIDA1"},
			"resources":[{"ARN":"arn:aws:iam::111122223333:user/taro","accountId":"111122223333","type":"AWS::IAM::User"}],"eventType":"AwsApiCall"}`},
		{"user with a session and a second factor", audit.Event{
			Source: "sts.amazonaws.com", Name: "AssumeRole", PrincipalID: jane, UserName: "jane", AccessKeyID: "ASIA1",
			Identity: audit.Identity{Type: audit.TypeIAMUser, ID: "AIDA1", CreatedAt: ago(0).Unix() - 60, MFA: true},
			Detail:   map[string]string{"roleSessionName": "s", audit.IssuedKey: "ASIA2"}, ReadOnly: true,
		}, `{"userIdentity":{"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::111122223333:user/team/jane","accountId":"111122223333","accessKeyId":"ASIA1","userName":"jane",
			"sessionContext":{"attributes":{"creationDate":"2026-11-22T08:59:00Z","mfaAuthenticated":"true"}}},
			"requestParameters":{"roleSessionName":"s"},"responseElements":{"credentials":{"accessKeyId":"ASIA2"}},"eventType":"AwsApiCall"}`},
		{"role of a person, refused, many times", audit.Event{
			Source: "iam.amazonaws.com", Name: "ListUsers", PrincipalID: "arn:aws:sts::111122223333:assumed-role/Admin/jane", UserName: "jane", AccessKeyID: "ASIA1", ReadOnly: true,
			Identity: audit.Identity{Type: audit.TypeAssumedRole, ID: "AROA1:jane", Issuer: arn.Role(account, "/aws-reserved/", "Admin"), IssuerID: "AROA1",
				CreatedAt: ago(0).Unix(), SourceIdentity: "jane@example.com", OnBehalfOf: "u-1"},
			ErrorCode: "AccessDenied", ErrorMessage: "User: … is not authorized", ErrorReason: "no statement allows it", DecisionID: "d1", Count: 3,
		}, `{"userIdentity":{"type":"AssumedRole","principalId":"AROA1:jane","arn":"arn:aws:sts::111122223333:assumed-role/Admin/jane","accountId":"111122223333","accessKeyId":"ASIA1",
			"sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA1","arn":"arn:aws:iam::111122223333:role/aws-reserved/Admin","accountId":"111122223333","userName":"Admin"},
			"attributes":{"creationDate":"2026-11-22T09:00:00Z","mfaAuthenticated":"false"},"sourceIdentity":"jane@example.com"},"onBehalfOf":{"userId":"u-1"}},
			"errorCode":"AccessDenied","errorMessage":"User: … is not authorized","requestParameters":null,"responseElements":null,
			"additionalEventData":{"sekisho":{"reason":"no statement allows it","decisionId":"d1","count":3}},"eventType":"AwsApiCall"}`},
		{"federated user of the root user", audit.Event{
			Source: "iam.amazonaws.com", Name: "ListUsers", PrincipalID: arn.FederatedUser(account, "bob"), UserName: "bob",
			Identity: audit.Identity{Type: audit.TypeFederatedUser, ID: account + ":bob", Issuer: arn.Root(account)},
		}, `{"userIdentity":{"type":"FederatedUser","principalId":"111122223333:bob","arn":"arn:aws:sts::111122223333:federated-user/bob","accountId":"111122223333",
			"sessionContext":{"sessionIssuer":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}}},
			"requestParameters":null,"responseElements":null,"eventType":"AwsApiCall"}`},
		{"who an identity provider vouches for, several keys", audit.Event{
			Source: "sts.amazonaws.com", Name: "AssumeRoleWithSAML", PrincipalID: arn.SAMLProvider(account, "Okta"), UserName: "jane@example.com",
			Detail: map[string]string{audit.IssuedKey: "ASIA1 ASIA2"},
		}, `{"userIdentity":{"type":"SAMLUser","userName":"jane@example.com","identityProvider":"arn:aws:iam::111122223333:saml-provider/Okta"},
			"requestParameters":null,"responseElements":{"credentials":{"accessKeyId":"ASIA1"}},
			"additionalEventData":{"sekisho":{"issuedAccessKeyIds":["ASIA1","ASIA2"]}},"eventType":"AwsApiCall"}`},
		{"who calls from another account", audit.Event{
			Source: "sts.amazonaws.com", Name: "AssumeRole", PrincipalID: "arn:aws:iam::444455556666:user/ann", SharedID: strings.Repeat("ab", 16),
			Identity: audit.Identity{Type: audit.TypeAccount, ID: "AIDA2"},
		}, `{"userIdentity":{"type":"AWSAccount","principalId":"AIDA2","accountId":"444455556666"},
			"requestParameters":null,"responseElements":null,"eventType":"AwsApiCall","sharedEventID":"abababab-abab-abab-abab-abababababab"}`},
		{"nobody", audit.Event{Source: "iam.amazonaws.com", Name: "ListUsers", ErrorCode: "MissingAuthenticationToken", ErrorMessage: "m"},
			`{"userIdentity":{"type":"Unknown"},"errorCode":"MissingAuthenticationToken","errorMessage":"m","requestParameters":null,"responseElements":null,"eventType":"AwsApiCall"}`},
		{"a key that was made and one that was changed", audit.Event{Source: "iam.amazonaws.com", Name: "UpdateAccessKey", PrincipalID: jane, UserName: "jane",
			Detail: map[string]string{"accessKeyId": "AKIA1", "status": "Inactive"}},
			`{"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/team/jane","accountId":"111122223333","userName":"jane"},
			"requestParameters":{"accessKeyId":"AKIA1","status":"Inactive"},"responseElements":null,"eventType":"AwsApiCall"}`},
		{"a policy that is attached, by its id", audit.Event{Source: "organizations.amazonaws.com", Name: "AttachPolicy", PrincipalID: jane, UserName: "jane",
			Detail: map[string]string{"policyId": "p-1", "targetId": "ou-1"}},
			`{"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/team/jane","accountId":"111122223333","userName":"jane"},
			"requestParameters":{"policyId":"p-1","targetId":"ou-1"},"responseElements":null,"eventType":"AwsApiCall"}`},
		{"a permission set that was made", audit.Event{Source: "sso.amazonaws.com", Name: "CreatePermissionSet", PrincipalID: jane, UserName: "jane",
			Detail: map[string]string{"name": "Admin", "instanceArn": "i", "permissionSetArn": "p"}},
			`{"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/team/jane","accountId":"111122223333","userName":"jane"},
			"requestParameters":{"name":"Admin","instanceArn":"i"},"responseElements":{"permissionSetArn":"p"},"eventType":"AwsApiCall"}`},

		{"root user signs in", audit.Event{
			Source: audit.SignInSource, Name: audit.ConsoleLogin, PrincipalID: arn.Root(account), Identity: audit.RootIdentity(account, true),
			Detail: map[string]string{audit.DetailMFAUsed: audit.Yes, audit.DetailLoginTo: "https://console.example.com/console/home", audit.DetailMFAIdentifier: "arn:aws:iam::111122223333:mfa/phone"},
		}, `{"userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"},
			"requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},
			"additionalEventData":{"LoginTo":"https://console.example.com/console/home","MobileVersion":"No","MFAUsed":"Yes","MFAIdentifier":"arn:aws:iam::111122223333:mfa/phone"},"eventType":"AwsConsoleSignIn"}`},
		{"user fails to sign in", audit.Event{
			Source: audit.SignInSource, Name: audit.ConsoleLogin, PrincipalID: jane, UserName: "jane", Identity: audit.IAMUserIdentity("AIDA1", false),
			ErrorCode: "Failure", ErrorReason: "wrong-password",
		}, `{"userIdentity":{"type":"IAMUser","principalId":"AIDA1","accountId":"111122223333","accessKeyId":"","userName":"jane"},
			"errorMessage":"Failed authentication","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"},
			"additionalEventData":{"MobileVersion":"No","MFAUsed":"No","sekisho":{"reason":"wrong-password"}},"eventType":"AwsConsoleSignIn"}`},
		{"nobody's name", audit.Event{
			Source: audit.SignInSource, Name: audit.ConsoleLogin, UserName: audit.HiddenUserName, ErrorCode: "Failure", ErrorMessage: audit.NoSuchUserName,
		}, `{"userIdentity":{"type":"IAMUser","accountId":"111122223333","accessKeyId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"},
			"errorMessage":"No username found in supplied account","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"},
			"additionalEventData":{"MobileVersion":"No","MFAUsed":"No"},"eventType":"AwsConsoleSignIn"}`},
		{"role taken in the console", audit.Event{
			Source: audit.SignInSource, Name: audit.SwitchRole, PrincipalID: "arn:aws:sts::111122223333:assumed-role/Admin/jane",
			Detail: map[string]string{audit.DetailSwitchFrom: jane, audit.DetailRedirectTo: "https://console.example.com/"},
		}, `{"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Admin/jane","accountId":"111122223333"},
			"requestParameters":null,"responseElements":{"SwitchRole":"Success"},
			"additionalEventData":{"SwitchFrom":"arn:aws:iam::111122223333:user/team/jane","RedirectTo":"https://console.example.com/"},"eventType":"AwsConsoleSignIn"}`},
		{"person of Identity Center", audit.Event{
			Source: audit.SignInSource, Name: "CredentialVerification", PrincipalID: "u-1", UserName: "jane", Resource: "d-1234567890", ErrorCode: "Failure",
			Detail: map[string]string{"CredentialType": "PASSWORD"},
		}, `{"userIdentity":{"type":"IdentityCenterUser","accountId":"111122223333","userName":"jane","onBehalfOf":{"userId":"u-1"}},"errorCode":"Failure",
			"requestParameters":null,"responseElements":null,"additionalEventData":{"CredentialType":"PASSWORD"},
			"serviceEventDetails":{"CredentialVerification":"Failure"},"eventType":"AwsServiceEvent"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var want map[string]any
			if err := json.Unmarshal([]byte(c.want), &want); err != nil {
				t.Fatal(err)
			}
			got := recorded(t, c.event)
			if !reflect.DeepEqual(got, want) {
				g, _ := json.MarshalIndent(got, "", " ")
				x, _ := json.MarshalIndent(want, "", " ")
				t.Errorf("got\n%s\nwant\n%s", g, x)
			}
		})
	}
}
