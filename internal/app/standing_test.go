package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/smithy-go"

	"sekisho/internal/account"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// inProcess answers an SDK's requests without a network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "192.0.2.7:1234"
	in.Host = r.URL.Host
	if r.ContentLength > 0 { // as a server sees it
		in.Header.Set("Content-Length", strconv.FormatInt(r.ContentLength, 10))
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, in)
	return w.Result(), nil
}

// The attack: an account was suspended because a key was stolen, and the thief goes
// on with it where a suspended account may still call: changes its contact, enables
// Regions, reads its cases. Only its root user may put it right, and while it
// is not activated, everybody may find out why.
func TestStolenKeyOfSuspendedAccount(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir()))
	run(t, s)
	var stolen, root iam.AccessKey
	update(t, s, func(tx store.Tx) error {
		a := account.Account{ID: member, Name: "Member", Email: "b@example.com", Status: account.Active, CreatedAt: time.Now()}
		err := tx.PutAccount(a)
		if err != nil {
			return err
		}
		u, err := iam.CreateUser(tx, time.Now(), iam.User{Account: member, Path: "/", Name: "ann"})
		if err != nil {
			return err
		}
		stolen, err = iam.CreateAccessKey(tx, time.Now(), iam.Holder{Account: member, User: u})
		if err != nil {
			return err
		}
		if root, err = iam.CreateAccessKey(tx, time.Now(), iam.Holder{Account: member}); err != nil {
			return err
		}
		return iam.PutInlinePolicy(tx, member, iam.UserKind, "ann", "all",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	})
	status := func(to account.Status) {
		update(t, s, func(tx store.Tx) error {
			a, err := tx.Account(member)
			if err != nil {
				return err
			}
			a.Status = to
			return tx.PutAccount(a)
		})
	}
	code := func(err error) string {
		if e, ok := errors.AsType[smithy.APIError](err); ok {
			return e.ErrorCode()
		}
		if err != nil {
			t.Fatal(err)
		}
		return ""
	}
	for _, c := range []struct {
		status account.Status
		key    iam.AccessKey
		want   string
	}{
		{account.Active, stolen, ""},
		{account.PendingActivation, stolen, ""},
		{account.Suspended, stolen, notSubscribed},
		{account.Suspended, root, ""},
		{account.Closed, stolen, notSubscribed},
		{account.Closed, root, ""},
	} {
		status(c.status)
		cfg := aws.Config{
			Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider(c.key.ID, c.key.Secret.Reveal(), ""),
			HTTPClient: &http.Client{Transport: inProcess{s.http}}, BaseEndpoint: aws.String("http://localhost"), RetryMaxAttempts: 1,
		}
		_, err := awsaccount.NewFromConfig(cfg).ListRegions(t.Context(), &awsaccount.ListRegionsInput{})
		if got := code(err); got != c.want {
			t.Errorf("%s, key of %q: account:ListRegions is answered %q, want %q", c.status, c.key.User, got, c.want)
		}
		_, err = awssupport.NewFromConfig(cfg).DescribeCases(t.Context(), &awssupport.DescribeCasesInput{})
		if got := code(err); got != c.want {
			t.Errorf("%s, key of %q: support:DescribeCases is answered %q, want %q", c.status, c.key.User, got, c.want)
		}
	}
}
