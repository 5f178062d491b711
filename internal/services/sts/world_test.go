package sts_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/oidc"
	"sekisho/internal/org"
	"sekisho/internal/saml"
	"sekisho/internal/services/sts"
	"sekisho/internal/sigv4"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// The accounts of the world. The first is the management account.
const (
	management = "111122223333"
	production = "444455556666"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is the service with the decisions, the liveness and the authentication
// that it has in the program, over a real database.
type world struct {
	testing.TB
	db        store.DB
	clock     *clock.Fixed
	authz     *authz.Authorizer
	who       *authn.Authenticator
	service   *sts.Service
	decisions map[string]audit.Event
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clock.NewFixed(start), decisions: make(map[string]audit.Event)}
	db, ring := storetest.OpenWithRing(tb)
	w.db = db
	w.update(func(tx store.Tx) error {
		for id, name := range map[string]string{management: "Example Corp", production: "Production"} {
			if err := tx.PutAccount(account.Account{ID: id, Name: name, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		_, err := storetest.NewOrganization(tx, start, management, production)
		return err
	})
	facts := live.New(db)
	facts.Follow(tb.Context())
	w.authz = &authz.Authorizer{Live: facts}
	sessions := token.Sessions{Ring: ring}
	w.who = &authn.Authenticator{Live: facts, Sessions: sessions, Clock: w.clock, SigningKeys: sigv4.NewKeyCache(64)}
	w.service = &sts.Service{
		Store: db, Live: facts, Sessions: sessions, Authz: w.authz,
		SAML: &saml.Verifier{Recipients: []string{samlEndpoint}, Audiences: []string{samlAudience}},
		OIDC: &oidc.Verifier{},
		Issuer: func(account, id string) string {
			return "https://issuer.example.com/" + account + "/" + id
		},
		Decision: func(_ context.Context, id string) (audit.Event, error) {
			e, ok := w.decisions[id]
			if !ok {
				return e, fault.New(fault.NotFound, "no-decision", "")
			}
			return e, nil
		},
	}
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// user makes an IAM user with an inline policy; "" is none.
func (w *world) user(accountID, name, document string, tags ...iam.Tag) iam.User {
	w.Helper()
	var u iam.User
	w.update(func(tx store.Tx) (err error) {
		u, err = iam.CreateUser(tx, start, iam.User{Account: accountID, Path: "/", Name: name, Tags: tags})
		if err != nil || document == "" {
			return err
		}
		return iam.PutInlinePolicy(tx, accountID, iam.UserKind, name, "inline", document)
	})
	return u
}

// role makes a role as CreateRole keeps it, with an inline policy; "" is none.
func (w *world) role(accountID, name, trust, document string, change ...func(*iam.Role)) iam.Role {
	w.Helper()
	r := iam.Role{Account: accountID, Path: "/", Name: name, TrustPolicy: trust, MaxSessionSeconds: 3600}
	for _, f := range change {
		f(&r)
	}
	w.update(func(tx store.Tx) (err error) {
		if r, err = iam.CreateRole(tx, start, r); err != nil || document == "" {
			return err
		}
		return iam.PutInlinePolicy(tx, accountID, iam.RoleKind, name, "inline", document)
	})
	return r
}

// retrust gives the role another trust policy.
func (w *world) retrust(r iam.Role, trust string) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		if r.TrustPolicy, err = iam.CheckTrustPolicy(tx, trust); err != nil {
			return err
		}
		return tx.PutRole(r)
	})
}

// trust is a policy that trusts an AWS principal, with more of the statement.
func trust(principal string, more ...string) string {
	return trusting(fmt.Sprintf(`{"AWS":%q}`, principal), `["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]`, more...)
}

func trusting(principal, actions string, more ...string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":%s%s}]}`, principal, actions, strings.Join(more, ""))
}

// allow is a policy that allows the actions on everything.
func allow(actions ...string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["%s"],"Resource":"*"}]}`, strings.Join(actions, `","`))
}

// long is the principal of a long-term key of the user.
func long(u iam.User) call.Principal {
	return call.Principal{Kind: call.IAMUser, Account: u.Account, ARN: u.ARN(), UserID: u.ID, UserName: u.Name, Entity: u.ID, EntityARN: u.ARN(), AccessKeyID: "AKIAEXAMPLE"}
}

// rootUser is the management account's, with a key.
func rootUser() call.Principal {
	return call.Principal{Kind: call.Root, Account: management, ARN: arn.Root(management), EntityARN: arn.Root(management), UserID: management, UserName: "root", AccessKeyID: "AKIAROOT"}
}

// as signs a call to the service of that name with the credentials and returns
// whom authn takes it for.
func (w *world) as(c *types.Credentials, service string) (call.Principal, error) {
	w.Helper()
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	r := httptest.NewRequest(http.MethodPost, "http://sts.localhost/", strings.NewReader(body))
	r.ContentLength = 0 // not signed
	sum := sha256.Sum256([]byte(body))
	creds := aws.Credentials{AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken}
	if err := v4.NewSigner().SignHTTP(w.Context(), creds, r, hex.EncodeToString(sum[:]), service, "us-east-1", w.clock.Now()); err != nil {
		w.Fatal(err)
	}
	signed, err := w.who.Signature(w.Context(), &sigv4.Request{Method: r.Method, Host: r.Host, Path: "/", Header: r.Header}, []byte(body), service, time.Minute)
	return signed.Principal, err
}

// by is the principal of credentials that must be good.
func (w *world) by(c *types.Credentials) call.Principal {
	w.Helper()
	p, err := w.as(c, "sts")
	if err != nil {
		w.Fatalf("the credentials are refused: %v", err)
	}
	return p
}

func (w *world) call(p call.Principal) *call.Call {
	now := w.clock.Now()
	return &call.Call{
		RequestID: "request", Service: "sts", Operation: "test", Region: "us-east-1", Now: now, Principal: p, SourceIP: "192.0.2.7",
		Event: &audit.Event{At: now, Account: p.Account, Source: "sts.amazonaws.com", Name: "test", PrincipalID: p.ARN, Count: 1},
	}
}

// do calls the operation as the gateway does: authorization, then the method.
func do[I, O any](w *world, p call.Principal, operation string, method func(context.Context, *call.Call, *I) (*O, error), in *I) (*O, error) {
	w.Helper()
	rule, ok := sts.Table[operation]
	if !ok {
		w.Fatalf("no operation %s", operation)
	}
	c := w.call(p)
	t, err := sts.Names{}.Target(w.Context(), c, rule, in)
	if err == nil {
		err = w.authz.Authorize(w.Context(), c, rule, t)
	}
	if err != nil {
		return nil, err
	}
	return method(w.Context(), c, in)
}

func (w *world) assume(p call.Principal, roleARN string, change ...func(*awssts.AssumeRoleInput)) (*awssts.AssumeRoleOutput, error) {
	w.Helper()
	in := &awssts.AssumeRoleInput{RoleArn: &roleARN, RoleSessionName: aws.String("session")}
	for _, f := range change {
		f(in)
	}
	return do(w, p, "AssumeRole", w.service.AssumeRole, in)
}

// may reports whether the policies let the principal do action to an object.
func (w *world) may(p call.Principal, action, resource string) bool {
	w.Helper()
	err := w.authz.Allow(w.Context(), w.call(p), action, call.Target{ARN: resource})
	if _, ok := errors.AsType[*authz.Denial](err); !ok && err != nil {
		w.Fatal(err)
	}
	return err == nil
}

// expect holds err to its code and message; "" is success.
func (w *world) expect(what string, err error, code, message string) {
	w.Helper()
	gotCode, gotMessage := told(err)
	if gotCode != code || gotMessage != message {
		w.Errorf("%s:\n got %s %q\nwant %s %q", what, gotCode, gotMessage, code, message)
	}
}

// told is what the gateway would tell of err.
func told(err error) (code, message string) {
	if err == nil {
		return "", ""
	}
	if e, ok := awsproto.Service("sts").ErrorOf(err); ok {
		return e.Code, e.Message
	}
	if e, ok := errors.AsType[*call.Error](err); ok {
		return e.Code, e.Message
	}
	if d, ok := errors.AsType[*authz.Denial](err); ok {
		return "AccessDenied", d.Message
	}
	return err.Error(), ""
}

// denied is what is said to a principal whom the trust policy or its own policies
// refuse.
func denied(p call.Principal, action, resource string) string {
	return "User: " + p.ARN + " is not authorized to perform: " + action + " on resource: " + resource
}

// packed is PackedPolicySize of any output, 0 if it is left out.
func packed(out any) int32 {
	size, _ := reflect.ValueOf(out).Elem().FieldByName("PackedPolicySize").Interface().(*int32)
	return aws.ToInt32(size)
}

// must is the output of an operation that has to succeed.
func must[T any](out T, err error) T {
	if err != nil {
		panic(err)
	}
	return out
}

// control attaches a policy of the organization; "/" is the root.
func (w *world) control(p org.Policy, targets ...string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Attach(tx, o, p, targets...)
	})
}
