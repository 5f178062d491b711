package awsproto

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	identitystoretypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	organizationstypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	signintypes "github.com/aws/aws-sdk-go-v2/service/signin/types"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	ssooidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/smithy-go"
)

// The bytes of errors, api-surface.md sections 2 to 4 and behaviours.md 2.5 and 7.5.
func TestErrorForms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		api    string
		err    error
		status int
		header string // X-Amzn-Errortype
		body   string
	}{
		{
			"query: the wire code is not the shape's name", "iam",
			fmt.Errorf("wrapped: %w", &iamtypes.NoSuchEntityException{Message: aws.String("The user <taro> & co")}), 404, "",
			`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>` +
				`<Message>The user &lt;taro&gt; &amp; co</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`,
		},
		{
			"query: the server's fault", "iam", &iamtypes.ServiceFailureException{Message: aws.String("sorry")}, 500, "",
			`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Receiver</Type><Code>ServiceFailure</Code>` +
				`<Message>sorry</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`,
		},
		{
			"query: dispatch errors have their own namespace", "sts",
			Service("sts").Refuse(UnknownOperation, "Could not find operation Foo for version 2011-06-15"), 400, "",
			`<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09"><Error><Type>Sender</Type><Code>InvalidAction</Code>` +
				`<Message>Could not find operation Foo for version 2011-06-15</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`,
		},
		{
			"query: other refusals have the service's", "sts", Service("sts").Refuse(ExpiredToken, ""), 403, "",
			`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code>` +
				`<Message>The security token included in the request is expired</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`,
		},
		{
			"json: code twice, members in the model's case", "organizations",
			&organizationstypes.ConstraintViolationException{
				Message: aws.String("no"), Reason: organizationstypes.ConstraintViolationExceptionReasonAccountNumberLimitExceeded,
			}, 400, "ConstraintViolationException",
			`{"__type":"ConstraintViolationException","Message":"no","Reason":"ACCOUNT_NUMBER_LIMIT_EXCEEDED"}`,
		},
		{
			"json: a refusal in the service's own spelling", "sso-admin", Service("sso-admin").Refuse(AccessDenied, "not you"), 400,
			"AccessDeniedException", `{"__type":"AccessDeniedException","Message":"not you"}`,
		},
		{
			"rest-json", "sso", &ssotypes.UnauthorizedException{Message: aws.String("Session token not found or invalid")}, 401,
			"UnauthorizedException", `{"message":"Session token not found or invalid"}`,
		},
		{
			"rest-json: a code that no model has", "sso", Error{Code: "ForbiddenException", Message: "No access", Status: 403}, 403,
			"ForbiddenException", `{"message":"No access"}`,
		},
		{
			"sso-oidc: OAuth members given", "sso-oidc",
			&ssooidctypes.AccessDeniedException{Error_: aws.String("access_denied"), Error_description: aws.String("they said no")}, 400,
			"AccessDeniedException", `{"error":"access_denied","error_description":"they said no","message":"they said no"}`,
		},
		{
			"sso-oidc: OAuth members made up", "sso-oidc", &ssooidctypes.SlowDownException{}, 400,
			"SlowDownException", `{"message":"","error":"slow_down","error_description":""}`,
		},
		{
			"sso-oidc: unreadable", "sso-oidc", Service("sso-oidc").Refuse(Malformed, "not JSON"), 400,
			"InvalidRequestException", `{"message":"not JSON","error":"invalid_request","error_description":"not JSON"}`,
		},
		{
			"signin", "signin",
			&signintypes.AccessDeniedException{Error_: signintypes.OAuth2ErrorCodeTokenExpired, Message: aws.String("again")}, 400,
			"AccessDeniedException", `{"error":"TOKEN_EXPIRED","message":"again"}`,
		},
		{
			"an exception that tells the request", "identitystore",
			&identitystoretypes.ResourceNotFoundException{Message: aws.String("USER not found."), ResourceType: identitystoretypes.ResourceTypeUser}, 400,
			"ResourceNotFoundException", `{"__type":"ResourceNotFoundException","ResourceType":"USER","Message":"USER not found.","RequestId":"req-1"}`,
		},
		{
			"extra members", "identitystore",
			Error{Code: "ResourceNotFoundException", Message: "gone", Extra: map[string]any{"ResourceId": "u-1"}}, 400,
			"ResourceNotFoundException", `{"__type":"ResourceNotFoundException","Message":"gone","RequestId":"req-1","ResourceId":"u-1"}`,
		},
		{
			"an error with a modelled code and no type", "iam", &smithy.GenericAPIError{Code: "LimitExceeded", Message: "full"}, 409, "",
			`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>LimitExceeded</Code>` +
				`<Message>full</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api := Service(test.api)
			e, ok := api.ErrorOf(test.err)
			if !ok {
				t.Fatalf("ErrorOf(%v) knows nothing", test.err)
			}
			r := api.EncodeError(e, "req-1")
			h := http.Header{}
			r.SetHeaders(h)
			if r.Status != test.status || string(r.Body) != test.body || h.Get("X-Amzn-Errortype") != test.header {
				t.Errorf("have %d %q\n%s\nwant %d %q\n%s", r.Status, h.Get("X-Amzn-Errortype"), r.Body, test.status, test.header, test.body)
			}
			if h.Get("X-Amzn-Requestid") != "req-1" || h.Get("Content-Type") == "" {
				t.Errorf("headers: %v", h)
			}
		})
	}
}

// What is no error of the wire stays inside.
func TestErrorOfStrangers(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		errors.New("disk full"),
		&smithy.GenericAPIError{Code: "DiskFull"},
		(*iamtypes.NoSuchEntityException)(nil),
	} {
		if e, ok := Service("sts").ErrorOf(err); ok {
			t.Errorf("ErrorOf(%T) = %v", err, e)
		}
	}
}

// The front-door table of api-surface.md section 4, and the services that have an exception of their own for it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		api     string
		refusal Refusal
		code    string
		status  int
	}{
		{"iam", MissingToken, "MissingAuthenticationToken", 403},
		{"iam", UnknownKey, "InvalidClientTokenId", 403},
		{"iam", BadSignature, "SignatureDoesNotMatch", 403},
		{"iam", IncompleteSignature, "IncompleteSignature", 400},
		{"iam", ExpiredToken, "ExpiredToken", 403},
		{"iam", AccessDenied, "AccessDenied", 403},
		{"iam", MissingAction, "MissingAction", 400},
		{"iam", UnknownOperation, "InvalidAction", 400},
		{"iam", Validation, "ValidationError", 400},
		{"iam", Malformed, "MalformedInput", 400},
		{"iam", Throttled, "Throttling", 400},
		{"iam", Internal, "ServiceFailure", 500},
		{"sts", Internal, "InternalFailure", 500},
		{"sts", TooLarge, "RequestEntityTooLarge", 413},
		{"sso-admin", MissingToken, "MissingAuthenticationTokenException", 400},
		{"sso-admin", UnknownKey, "UnrecognizedClientException", 400},
		{"sso-admin", BadSignature, "InvalidSignatureException", 400},
		{"sso-admin", IncompleteSignature, "IncompleteSignatureException", 400},
		{"sso-admin", ExpiredToken, "ExpiredTokenException", 400},
		{"sso-admin", AccessDenied, "AccessDeniedException", 400},
		{"sso-admin", UnknownOperation, "UnknownOperationException", 400},
		{"sso-admin", Validation, "ValidationException", 400},
		{"sso-admin", Malformed, "SerializationException", 400},
		{"sso-admin", Throttled, "ThrottlingException", 400},
		{"organizations", Validation, "InvalidInputException", 400},
		{"organizations", Throttled, "TooManyRequestsException", 400},
		{"organizations", Internal, "ServiceException", 500},
		{"service-quotas", Validation, "IllegalArgumentException", 400},
		{"account", MissingToken, "MissingAuthenticationTokenException", 403},
		{"account", AccessDenied, "AccessDeniedException", 403},
		{"account", UnknownOperation, "UnknownOperationException", 404},
		{"account", Validation, "ValidationException", 400},
		{"account", Malformed, "SerializationException", 400},
		{"account", Throttled, "TooManyRequestsException", 429},
		{"rolesanywhere", Throttled, "TooManyRequestsException", 429},
		{"signin", Throttled, "TooManyRequestsError", 429},
		{"sso", Validation, "InvalidRequestException", 400},
		{"sso", Malformed, "InvalidRequestException", 400},
		{"sso", Unavailable, "ServiceUnavailableException", 503},
		{"sso-oidc", Throttled, "SlowDownException", 400},
		{"sso-oidc", Refusal(200), "InternalServerException", 500},
	} {
		e := Service(test.api).Refuse(test.refusal, "")
		if e.Code != test.code || e.Status != test.status || e.Fault != (test.status >= 500) || e.Message == "" {
			t.Errorf("%s: Refuse(%v) = %+v, want %s %d", test.api, test.refusal, e, test.code, test.status)
		}
	}
}

// Without an API the protocol alone decides the form.
func TestEncodeErrorWithoutAPI(t *testing.T) {
	t.Parallel()
	r := EncodeError(Query, Error{Code: "InvalidAction", Message: "?", Dispatch: true}, "r")
	if !strings.Contains(string(r.Body), faultNamespace) || r.Status != 400 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	r = EncodeError(RESTJSON, Error{Code: "UnknownOperationException", Status: 404}, "r")
	if string(r.Body) != `{"message":""}` || r.Status != 404 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
