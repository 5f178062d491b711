package compat

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
)

// TestValidatePolicy: the CLI and the Go SDK find the mistakes of a policy by
// AWS's own operation, if they may ask (C-22).
func TestValidatePolicy(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	const wrong = `{"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"iam:GetUser","Resource":"*"}]}`

	c := newCLI(t, s)
	var found struct {
		Findings []struct {
			FindingType, IssueCode string
			Locations              []struct {
				Span struct {
					Start struct{ Line, Column, Offset int }
				}
			}
		}
	}
	said := c.home.Must(awsCLI, "accessanalyzer", "validate-policy", "--policy-type", "IDENTITY_POLICY", "--policy-document", wrong,
		"--endpoint-url", s.Base, "--profile", "root")
	if err := json.Unmarshal([]byte(said), &found); err != nil {
		t.Fatal(err)
	}
	if len(found.Findings) != 1 || found.Findings[0].FindingType != "ERROR" || found.Findings[0].Locations[0].Span.Start.Offset != strings.Index(wrong, `"Permit"`) {
		t.Errorf("the CLI found %s", said)
	}

	admin, ctx := iamClient(s, productionRoot.provider()), t.Context()
	name := aws.String("writer")
	must[*iam.CreateUserOutput](t)(admin.CreateUser(ctx, &iam.CreateUserInput{UserName: name}))
	key := must[*iam.CreateAccessKeyOutput](t)(admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})).AccessKey
	writer := accessanalyzer.New(accessanalyzer.Options{BaseEndpoint: &s.Base, Region: region, RetryMaxAttempts: 1,
		Credentials: keys{ID: *key.AccessKeyId, Secret: *key.SecretAccessKey}.provider()})
	validate := func() error {
		_, err := writer.ValidatePolicy(ctx, &accessanalyzer.ValidatePolicyInput{PolicyType: types.PolicyTypeIdentityPolicy, PolicyDocument: aws.String(wrong)})
		return err
	}
	if e, ok := errors.AsType[*types.AccessDeniedException](validate()); !ok || !strings.Contains(e.ErrorMessage(), "access-analyzer:ValidatePolicy") {
		t.Errorf("a user without policies got %v", e)
	}
	must[*iam.PutUserPolicyOutput](t)(admin.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: name, PolicyDocument: aws.String(allow("access-analyzer:ValidatePolicy"))}))
	if err := validate(); err != nil {
		t.Errorf("a user who may got %v", err)
	}
	_, err := writer.ListAnalyzers(ctx, &accessanalyzer.ListAnalyzersInput{})
	if e, ok := errors.AsType[smithy.APIError](err); !ok || !strings.Contains(e.ErrorCode(), "UnknownOperation") {
		t.Errorf("an operation that is not there got %v", err)
	}
}
