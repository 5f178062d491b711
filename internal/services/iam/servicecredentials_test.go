package iam_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

const (
	codeCommit = "codecommit.amazonaws.com"
	bedrock    = "bedrock.amazonaws.com"
)

func (w *world) serviceCredential(user, service string) *types.ServiceSpecificCredential {
	w.Helper()
	return must(w.service.CreateServiceSpecificCredential(w.Context(), w.root(), &awsiam.CreateServiceSpecificCredentialInput{
		UserName: &user, ServiceName: &service,
	})).ServiceSpecificCredential
}

// keptHash is what the store has of a credential's password.
func (w *world) keptHash(id *string) string {
	w.Helper()
	var c iam.ServiceCredential
	w.view(func(tx store.Tx) (err error) { c, err = tx.ServiceCredential(*id); return err })
	return c.Hash
}

// A password is shown when it is made and kept as a hash.
func TestServiceCredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("Jane")
	c := w.root()
	made := must(w.service.CreateServiceSpecificCredential(t.Context(), c, &awsiam.CreateServiceSpecificCredentialInput{
		UserName: aws.String("jane"), ServiceName: aws.String(codeCommit),
	})).ServiceSpecificCredential
	if *made.UserName != "Jane" || *made.ServiceName != codeCommit || *made.ServiceUserName != "Jane-at-"+acct || made.Status != types.StatusTypeActive ||
		!regexp.MustCompile(`^ACCA[A-Z2-7]{17}$`).MatchString(*made.ServiceSpecificCredentialId) || !made.CreateDate.Equal(start.Truncate(time.Second)) ||
		len(must(base64.StdEncoding.DecodeString(*made.ServicePassword))) != 32 ||
		made.ExpirationDate != nil || made.ServiceCredentialAlias != nil || made.ServiceCredentialSecret != nil {
		t.Errorf("made: %+v", made)
	}
	if got := detail(c); !slices.Equal(got, []string{"serviceSpecificCredentialId"}) {
		t.Errorf("the event says %v", got)
	}
	if w.keptHash(made.ServiceSpecificCredentialId) != secret.NewString(*made.ServicePassword).Hash() {
		t.Error("another hash is kept")
	}
	if second := w.serviceCredential("Jane", codeCommit); *second.ServiceUserName != "Jane+1-at-"+acct {
		t.Errorf("the second is for %s", *second.ServiceUserName)
	}

	// Resetting: another password, and everything else as it was.
	w.clock.Advance(time.Hour)
	reset := must(w.service.ResetServiceSpecificCredential(t.Context(), w.as("Jane"), &awsiam.ResetServiceSpecificCredentialInput{
		ServiceSpecificCredentialId: made.ServiceSpecificCredentialId,
	})).ServiceSpecificCredential
	if *reset.ServicePassword == *made.ServicePassword || *reset.ServiceUserName != *made.ServiceUserName || !reset.CreateDate.Equal(*made.CreateDate) ||
		w.keptHash(made.ServiceSpecificCredentialId) != secret.NewString(*reset.ServicePassword).Hash() {
		t.Errorf("reset: %+v", reset)
	}

	// Who is renamed keeps the old name with the service, and who comes after
	// gets another.
	must(w.service.UpdateUser(t.Context(), w.root(), &awsiam.UpdateUserInput{UserName: aws.String("jane"), NewUserName: aws.String("janet")}))
	w.user("Jane")
	if later := w.serviceCredential("Jane", codeCommit); *later.ServiceUserName != "Jane+2-at-"+acct {
		t.Errorf("the other Jane is %s", *later.ServiceUserName)
	}
}

// Bedrock's is an API key, which tells its alias and may expire.
func TestServiceCredentialAPIKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	made := must(w.service.CreateServiceSpecificCredential(t.Context(), w.root(), &awsiam.CreateServiceSpecificCredentialInput{
		UserName: aws.String("jane"), ServiceName: aws.String(bedrock), CredentialAgeDays: aws.Int32(30),
	})).ServiceSpecificCredential
	if *made.ServiceCredentialAlias != "jane-at-"+acct || made.ServiceUserName != nil || made.ServicePassword != nil ||
		!made.ExpirationDate.Equal(start.Truncate(time.Second).AddDate(0, 0, 30)) {
		t.Errorf("made: %+v", made)
	}
	key, ok := strings.CutPrefix(*made.ServiceCredentialSecret, "ABSK")
	if !ok || !strings.HasPrefix(string(must(base64.StdEncoding.DecodeString(key))), "jane-at-"+acct+":") {
		t.Errorf("the key does not tell its alias: %s", *made.ServiceCredentialSecret)
	}
	status := func() types.StatusType {
		out := must(w.service.ListServiceSpecificCredentials(t.Context(), w.root(), &awsiam.ListServiceSpecificCredentialsInput{UserName: aws.String("jane")}))
		return out.ServiceSpecificCredentials[0].Status
	}
	for _, c := range []struct {
		after time.Duration
		want  types.StatusType
	}{{30*24*time.Hour - time.Second, types.StatusTypeActive}, {time.Second, types.StatusTypeExpired}} {
		w.clock.Advance(c.after)
		if got := status(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestServiceCredentialRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	for _, c := range []struct {
		name, user, service string
		days                *int32
		code, message       string
	}{
		{"no such service", "jane", "lambda.amazonaws.com", nil, "NotSupportedService", "The service lambda.amazonaws.com does not support service-specific credentials."},
		{"nobody", "none", codeCommit, nil, "NoSuchEntity", "The user with name none cannot be found."},
		{"a password that expires", "jane", codeCommit, aws.Int32(1), "ValidationError", "CredentialAgeDays is not supported for the service codecommit.amazonaws.com."},
		{"one", "jane", codeCommit, nil, "", ""},
		{"two", "jane", codeCommit, nil, "", ""},
		{"three", "jane", codeCommit, nil, "LimitExceeded", "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2"},
		{"another service's", "jane", "cassandra.amazonaws.com", nil, "", ""},
	} {
		_, err := w.service.CreateServiceSpecificCredential(t.Context(), w.root(), &awsiam.CreateServiceSpecificCredentialInput{
			UserName: &c.user, ServiceName: &c.service, CredentialAgeDays: c.days,
		})
		w.expect(c.name, err, c.code, c.message)
	}
}

func TestServiceCredentialOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	w.user("john")
	id := w.serviceCredential("jane", codeCommit).ServiceSpecificCredentialId
	missing := "No such credential " + *id + " exists"
	hash := w.keptHash(id)
	for name, c := range map[string]struct {
		user          *string
		code, message string
	}{
		"john":          {aws.String("john"), "NoSuchEntity", missing},
		"nobody":        {aws.String("none"), "NoSuchEntity", "The user with name none cannot be found."},
		"the root user": {nil, "NoSuchEntity", missing},
	} {
		_, err1 := w.service.ResetServiceSpecificCredential(t.Context(), w.root(),
			&awsiam.ResetServiceSpecificCredentialInput{UserName: c.user, ServiceSpecificCredentialId: id})
		_, err2 := w.service.UpdateServiceSpecificCredential(t.Context(), w.root(),
			&awsiam.UpdateServiceSpecificCredentialInput{UserName: c.user, ServiceSpecificCredentialId: id, Status: types.StatusTypeInactive})
		_, err3 := w.service.DeleteServiceSpecificCredential(t.Context(), w.root(),
			&awsiam.DeleteServiceSpecificCredentialInput{UserName: c.user, ServiceSpecificCredentialId: id})
		for i, err := range []error{err1, err2, err3} {
			w.expect(fmt.Sprint(name, " ", i), err, c.code, c.message)
		}
	}
	if w.keptHash(id) != hash {
		t.Error("the password was changed")
	}
	jane := aws.String("jane")
	_, err := w.service.UpdateServiceSpecificCredential(t.Context(), w.root(),
		&awsiam.UpdateServiceSpecificCredentialInput{UserName: jane, ServiceSpecificCredentialId: id, Status: types.StatusTypeExpired})
	w.expect("expired", err, "InvalidInput", "The status of a credential can be set to Active or Inactive.")
	must(w.service.UpdateServiceSpecificCredential(t.Context(), w.root(),
		&awsiam.UpdateServiceSpecificCredentialInput{UserName: jane, ServiceSpecificCredentialId: id, Status: types.StatusTypeInactive}))
	own := must(w.service.ListServiceSpecificCredentials(t.Context(), w.as("jane"), &awsiam.ListServiceSpecificCredentialsInput{}))
	if len(own.ServiceSpecificCredentials) != 1 || own.ServiceSpecificCredentials[0].Status != types.StatusTypeInactive {
		t.Errorf("jane's own: %+v", own)
	}
	_, err = w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: jane})
	w.expect("its owner", err, "DeleteConflict", "Cannot delete entity, must delete service specific credentials first.")
	must(w.service.DeleteServiceSpecificCredential(t.Context(), w.root(), &awsiam.DeleteServiceSpecificCredentialInput{UserName: jane, ServiceSpecificCredentialId: id}))
	must(w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: jane}))
}

func TestListServiceCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"jane", "john"} {
		w.user(name)
		w.serviceCredential(name, codeCommit)
		w.serviceCredential(name, bedrock)
	}
	for _, c := range []struct {
		name string
		in   awsiam.ListServiceSpecificCredentialsInput
		want []string
	}{
		{"jane's", awsiam.ListServiceSpecificCredentialsInput{UserName: aws.String("jane")}, []string{"jane bedrock", "jane codecommit"}},
		{"jane's of a service", awsiam.ListServiceSpecificCredentialsInput{UserName: aws.String("jane"), ServiceName: aws.String(bedrock)}, []string{"jane bedrock"}},
		{"jane's of another", awsiam.ListServiceSpecificCredentialsInput{UserName: aws.String("jane"), ServiceName: aws.String("cassandra.amazonaws.com")}, nil},
		{"everybody's", awsiam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true)}, []string{"jane bedrock", "jane codecommit", "john bedrock", "john codecommit"}},
		{"everybody's of a service", awsiam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true), ServiceName: aws.String(codeCommit)},
			[]string{"jane codecommit", "john codecommit"}},
		{"the root user's", awsiam.ListServiceSpecificCredentialsInput{}, nil},
	} {
		items := listed(w, func(marker *string, maxItems *int32) ([]types.ServiceSpecificCredentialMetadata, bool, *string, error) {
			in := c.in
			in.Marker, in.MaxItems = marker, maxItems
			out, err := w.service.ListServiceSpecificCredentials(t.Context(), w.root(), &in)
			return out.ServiceSpecificCredentials, out.IsTruncated, out.Marker, err
		})
		var got []string
		for _, m := range items {
			got = append(got, *m.UserName+" "+strings.TrimSuffix(*m.ServiceName, ".amazonaws.com"))
			if known := aws.ToString(m.ServiceUserName) + aws.ToString(m.ServiceCredentialAlias); known != *m.UserName+"-at-"+acct {
				t.Errorf("%s: %s is known as %s", c.name, *m.UserName, known)
			}
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	_, err := w.service.ListServiceSpecificCredentials(t.Context(), w.root(),
		&awsiam.ListServiceSpecificCredentialsInput{UserName: aws.String("jane"), AllUsers: aws.Bool(true)})
	w.expect("both", err, "ValidationError", "UserName cannot be specified together with AllUsers.")
	_, err = w.service.ListServiceSpecificCredentials(t.Context(), w.root(), &awsiam.ListServiceSpecificCredentialsInput{ServiceName: aws.String("x")})
	w.expect("no such service", err, "NotSupportedService", "The service x does not support service-specific credentials.")
}
