package organizations_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/authz"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/org"
	service "sekisho/internal/services/organizations"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts of a realm.
const (
	chief    = "111122223333" // manages the organization
	prod     = "444455556666" // in the unit Workloads/Prod
	dev      = "777788889999" // in the unit Workloads
	outsider = "999988887777" // in no organization
)

var began = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// realm is an organization behind a gate: what is asked is named, decided and
// done as the gateway does it.
type realm struct {
	testing.TB
	db       store.DB
	clock    *clock.Fixed
	authz    *authz.Authorizer
	names    service.Names
	service  *service.Service
	org      org.Organization
	workload string // the unit's id
	leaf     string // of Workloads/Prod
}

func newRealm(tb testing.TB) *realm {
	tb.Helper()
	r := &realm{TB: tb, db: storetest.Open(tb), clock: clock.NewFixed(began)}
	r.update(func(tx store.Tx) (err error) {
		for _, id := range []string{chief, prod, dev, outsider} {
			a := account.Account{ID: id, Name: "Account " + id, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: began}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		if r.org, err = storetest.NewOrganization(tx, began, chief); err != nil {
			return err
		}
		path, err := storetest.Unit(tx, r.org, "Workloads/Prod")
		ids := org.Above(path)
		r.workload, r.leaf = ids[1], ids[2]
		return errors.Join(err, storetest.Join(tx, r.org, prod, "Workloads/Prod"), storetest.Join(tx, r.org, dev, "Workloads"))
	})
	facts := live.New(r.db)
	facts.Follow(tb.Context())
	r.authz = &authz.Authorizer{Live: facts}
	r.names = service.Names{Store: r.db}
	r.service = &service.Service{Store: r.db, Authz: r.authz}
	return r
}

func (r *realm) update(fn func(store.Tx) error) {
	r.Helper()
	if err := r.db.Update(context.Background(), nil, fn); err != nil {
		r.Fatal(err)
	}
}

// root is an account's root user.
func root(id string) call.Principal {
	return call.Principal{Kind: call.Root, Account: id, ARN: arn.Root(id), EntityARN: arn.Root(id), UserID: id}
}

// user makes an IAM user with an inline policy.
func (r *realm) user(id, name, document string) call.Principal {
	r.Helper()
	var u iam.User
	r.update(func(tx store.Tx) (err error) {
		if u, err = iam.CreateUser(tx, began, iam.User{Account: id, Path: "/", Name: name}); err != nil {
			return err
		}
		return iam.PutInlinePolicy(tx, id, iam.UserKind, name, "inline", document)
	})
	return call.Principal{Kind: call.IAMUser, Account: id, ARN: u.ARN(), UserID: u.ID, UserName: name, Entity: u.ID, EntityARN: u.ARN()}
}

// statement is a policy of one statement.
func statement(format string, args ...any) string {
	return `{"Version":"2012-10-17","Statement":[{` + fmt.Sprintf(format, args...) + `}]}`
}

// ask makes a call as the gateway does.
func ask[I, O any](r *realm, p call.Principal, operation string, method func(context.Context, *call.Call, *I) (*O, error), in *I) (*O, error) {
	r.Helper()
	rule := service.Table[operation]
	c := &call.Call{
		RequestID: "request", Service: "organizations", Operation: operation, Region: "us-east-1", Now: r.clock.Now(), Principal: p,
		Event: &audit.Event{At: r.clock.Now(), Account: p.Account, Source: "organizations.amazonaws.com", Name: operation, PrincipalID: p.ARN, Count: 1},
	}
	t, err := r.names.Target(r.Context(), c, rule, in)
	if err != nil {
		return nil, err
	}
	if err := r.authz.Authorize(r.Context(), c, rule, t); err != nil {
		return nil, err
	}
	if rule.TagAction != "" && len(t.Keys[call.TagKeys]) > 0 {
		if err := r.authz.Allow(r.Context(), c, rule.TagAction, t); err != nil {
			return nil, err
		}
	}
	return method(r.Context(), c, in)
}

// must is the answer of a call that has to succeed.
func must[O any](tb testing.TB) func(*O, error) *O {
	return func(out *O, err error) *O {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return out
	}
}

// expect holds err to "Exception", "Exception REASON", "denied …" with what a
// denial's words end in, or "" for success.
func (r *realm) expect(what string, err error, want string) {
	r.Helper()
	var got string
	if d, ok := errors.AsType[*authz.Denial](err); ok {
		got = "denied " + d.Message
		if i := strings.Index(got, " on resource: "); i > 0 && !strings.HasPrefix(want, "denied User") {
			_, because, _ := strings.Cut(got[i+len(" on resource: "):], " ")
			got = "denied " + because
		}
	} else if e, ok := awsproto.Service("organizations").ErrorOf(err); ok {
		got = strings.TrimSuffix(e.Code, "Exception")
		if reason := reasonOf(err); reason != "" {
			got += " " + reason
		}
	} else if err != nil {
		got = err.Error()
	}
	if got != want {
		r.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// reasonOf is the Reason of an exception that has one.
func reasonOf(err error) string {
	if e, ok := errors.AsType[*types.ConstraintViolationException](err); ok {
		return string(e.Reason)
	}
	if e, ok := errors.AsType[*types.InvalidInputException](err); ok {
		return string(e.Reason)
	}
	return ""
}

// create makes a policy and returns its id.
func (r *realm) create(t types.PolicyType, name, document string, tags ...types.Tag) string {
	r.Helper()
	in := &awsorg.CreatePolicyInput{Type: t, Name: &name, Description: aws.String("d"), Content: &document, Tags: tags}
	return *must[awsorg.CreatePolicyOutput](r)(ask(r, root(chief), "CreatePolicy", r.service.CreatePolicy, in)).Policy.PolicySummary.Id
}

func (r *realm) attach(p call.Principal, id, target string) error {
	r.Helper()
	_, err := ask(r, p, "AttachPolicy", r.service.AttachPolicy, &awsorg.AttachPolicyInput{PolicyId: &id, TargetId: &target})
	return err
}

func (r *realm) detach(p call.Principal, id, target string) error {
	r.Helper()
	_, err := ask(r, p, "DetachPolicy", r.service.DetachPolicy, &awsorg.DetachPolicyInput{PolicyId: &id, TargetId: &target})
	return err
}

func (r *realm) enable(t types.PolicyType) error {
	r.Helper()
	_, err := ask(r, root(chief), "EnablePolicyType", r.service.EnablePolicyType, &awsorg.EnablePolicyTypeInput{RootId: &r.org.Root, PolicyType: t})
	return err
}

func (r *realm) disable(t types.PolicyType) error {
	r.Helper()
	_, err := ask(r, root(chief), "DisablePolicyType", r.service.DisablePolicyType, &awsorg.DisablePolicyTypeInput{RootId: &r.org.Root, PolicyType: t})
	return err
}

// on are the ids of the service control policies on a target.
func (r *realm) on(target string) (ids []string) {
	r.Helper()
	in := &awsorg.ListPoliciesForTargetInput{TargetId: &target, Filter: types.PolicyTypeServiceControlPolicy}
	for _, p := range must[awsorg.ListPoliciesForTargetOutput](r)(ask(r, root(chief), "ListPoliciesForTarget", r.service.ListPoliciesForTarget, in)).Policies {
		ids = append(ids, *p.Id)
	}
	return ids
}

// may reports whether the principal may do the action in its account.
func (r *realm) may(p call.Principal, action string) bool {
	r.Helper()
	err := r.authz.Allow(r.Context(), &call.Call{Now: r.clock.Now(), Region: "us-east-1", Principal: p}, action, call.Target{})
	if _, denied := errors.AsType[*authz.Denial](err); err != nil && !denied {
		r.Fatal(err)
	}
	return err == nil
}
