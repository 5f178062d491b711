package iam_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	service "sekisho/internal/services/iam"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts of the world. The first is the management account.
const (
	acct      = "111122223333"
	otherAcct = "444455556666"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC)

// world is the service over a real database with two accounts and nothing in
// them. Nobody is refused by policy unless authz says so.
type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	authz   *authorizer
	service *service.Service
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	return newWorldIn(tb, storetest.Open(tb))
}

// newWorldIn is newWorld in an empty database.
func newWorldIn(tb testing.TB, db store.DB) *world {
	tb.Helper()
	w := &world{TB: tb, db: db, clock: clock.NewFixed(start), authz: &authorizer{}}
	w.update(func(tx store.Tx) error {
		for id, name := range map[string]string{acct: "Example Corp", otherAcct: "Production"} {
			if err := tx.PutAccount(account.Account{ID: id, Name: name, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		_, err := storetest.NewOrganization(tx, start, acct, otherAcct)
		return err
	})
	facts := live.New(w.db)
	facts.Follow(tb.Context())
	// Argon2id at its smallest: these tests are about what is kept, not how.
	w.service = &service.Service{Store: w.db, Live: facts, Authz: w.authz, Hasher: &credential.Hasher{Params: credential.Params{Memory: 64, Time: 1, Threads: 1}}}
	return w
}

// authorizer allows all but the denied actions and remembers what it was asked.
type authorizer struct {
	denied map[string]bool
	asked  []asked
}

type asked struct {
	action string
	target call.Target
}

var errDenied = errors.New("denied by the test")

func (a *authorizer) Allow(_ context.Context, _ *call.Call, action string, t call.Target) error {
	a.asked = append(a.asked, asked{action, t})
	if a.denied[action] {
		return errDenied
	}
	return nil
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) view(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.View(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// call is an operation under way, of the principal and at the clock's time.
func (w *world) call(p call.Principal) *call.Call {
	now := w.clock.Now()
	return &call.Call{
		RequestID: "request", Service: "iam", Operation: "test", Region: "us-east-1", Now: now, Principal: p, SourceIP: "192.0.2.7",
		Event: &audit.Event{At: now, Account: p.Account, Source: "iam.amazonaws.com", Name: "test", PrincipalID: p.ARN, Count: 1},
	}
}

// root is a call of the root user of the first account.
func (w *world) root() *call.Call { return w.call(rootOf(acct)) }

// other is a call of the root user of the second.
func (w *world) other() *call.Call { return w.call(rootOf(otherAcct)) }

// as is a call of an IAM user of the first account, who is in the store.
func (w *world) as(userName string) *call.Call {
	w.Helper()
	var u iam.User
	w.view(func(tx store.Tx) (err error) {
		u, err = tx.IAMUserByName(acct, userName)
		return err
	})
	return w.call(call.Principal{Kind: call.IAMUser, Account: acct, ARN: u.ARN(), UserID: u.ID, Entity: u.ID, EntityARN: u.ARN(),
		UserName: u.Name, AccessKeyID: "AKIAEXAMPLE"})
}

// asRole is a call of a session of a role of the first account.
func (w *world) asRole() *call.Call {
	return w.call(call.Principal{Kind: call.AssumedRole, Account: acct, ARN: arn.AssumedRole(acct, "Admin", "jane"), UserID: "AROAEXAMPLE:jane",
		Entity: "AROAEXAMPLE", EntityARN: arn.Role(acct, "/", "Admin"), AccessKeyID: "ASIAEXAMPLE"})
}

func rootOf(accountID string) call.Principal {
	return call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), UserID: accountID, AccessKeyID: "AKIAROOT"}
}

// expect holds err to its code and message; "" is success.
func (w *world) expect(what string, err error, code, message string) {
	w.Helper()
	var gotCode, gotMessage string
	if e, ok := errors.AsType[*call.Error](err); ok {
		gotCode, gotMessage = e.Code, e.Message
	} else if e, ok := awsproto.Service("iam").ErrorOf(err); ok { // one that the model has
		gotCode, gotMessage = e.Code, e.Message
	} else if err != nil {
		gotCode = err.Error()
	}
	if gotCode != code || gotMessage != message {
		w.Errorf("%s:\n got %s %q\nwant %s %q", what, gotCode, gotMessage, code, message)
	}
}

// must is the output of an operation that has to succeed.
func must[T any](out T, err error) T {
	if err != nil {
		panic(err)
	}
	return out
}

// user makes an IAM user in the first account.
func (w *world) user(name string) iam.User {
	w.Helper()
	must(w.service.CreateUser(w.Context(), w.root(), &awsiam.CreateUserInput{UserName: &name}))
	var u iam.User
	w.view(func(tx store.Tx) (err error) {
		u, err = tx.IAMUserByName(acct, name)
		return err
	})
	return u
}

// group makes a group of the users in the first account.
func (w *world) group(name string, members ...string) iam.Group {
	w.Helper()
	must(w.service.CreateGroup(w.Context(), w.root(), &awsiam.CreateGroupInput{GroupName: &name}))
	for _, m := range members {
		must(w.service.AddUserToGroup(w.Context(), w.root(), &awsiam.AddUserToGroupInput{GroupName: &name, UserName: &m}))
	}
	var g iam.Group
	w.view(func(tx store.Tx) (err error) {
		g, err = tx.IAMGroupByName(acct, name)
		return err
	})
	return g
}

// role puts a role into the first account, past the service.
func (w *world) role(name string) iam.Role {
	w.Helper()
	r := iam.Role{
		ID: arn.NewUniqueID(arn.PrefixRole, acct), Account: acct, Path: "/", Name: name, MaxSessionSeconds: 3600, CreatedAt: start,
		TrustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
	}
	w.update(func(tx store.Tx) error { return tx.PutRole(r) })
	return r
}

// quota gives the first account a quota of its own.
func (w *world) quota(n iam.Noun, quota int) {
	w.Helper()
	w.update(func(tx store.Tx) error { return tx.PutIAMQuota(acct, n, quota) })
}

// listed is what a list operation with Marker and MaxItems has in all, read one
// item at a time; every page but the last must say that it is not the last.
func listed[T any](w *world, list func(marker *string, maxItems *int32) (items []T, truncated bool, next *string, err error)) []T {
	w.Helper()
	var all []T
	for marker := (*string)(nil); ; {
		items, truncated, next, err := list(marker, aws.Int32(1))
		if err != nil {
			w.Fatal(err)
		}
		if all = append(all, items...); len(items) > 1 || truncated != (next != nil) || len(all) > 1000 {
			w.Fatalf("a page of %d items, IsTruncated %v, Marker %v", len(items), truncated, next)
		}
		if next == nil {
			return all
		}
		marker = next
	}
}

// detail are the names of the facts that a call added to its audit event.
func detail(c *call.Call) []string { return slices.Sorted(maps.Keys(c.Event.Detail)) }
