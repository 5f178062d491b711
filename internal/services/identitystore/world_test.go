package identitystore_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/org"
	service "sekisho/internal/services/identitystore"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts and directories of the world.
const (
	management = "111122223333"
	member     = "444455556666"
	stranger   = "777788889999" // has an instance of its own

	directoryID = "d-1234567890"
	foreignID   = "d-0987654321"
	nobody      = "00000000-0000-4000-8000-00000000dead"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC)

var errDenied = errors.New("denied")

// world is the service over a real database with an organization's instance and
// another of a stranger's.
type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	service *service.Service
	asked   []string // of the authorizer: ARNs
	deny    string   // the ARN that the authorizer denies
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, db: storetest.Open(tb), clock: clock.NewFixed(start)}
	w.update(func(tx store.Tx) error {
		if err := tx.PutOrganization(org.Organization{ID: "o-exampleorg1", ManagementAccount: management, Root: "r-exam", CreatedAt: start}); err != nil {
			return err
		}
		for id, organization := range map[string]string{management: "o-exampleorg1", member: "o-exampleorg1", stranger: ""} {
			a := account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Active, Organization: organization, CreatedAt: start}
			if organization != "" {
				a.OrgPath = "o-exampleorg1/r-exam/"
			}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		ours, theirs := access.NewInstance(management, "o-exampleorg1", "us-east-1", start), access.NewInstance(stranger, "", "us-east-1", start)
		ours.DirectoryID, theirs.DirectoryID = directoryID, foreignID
		return errors.Join(tx.PutInstance(ours), tx.PutInstance(theirs))
	})
	w.service = &service.Service{Store: w.db, Authz: w}
	return w
}

// Allow implements call.Authorizer.
func (w *world) Allow(_ context.Context, _ *call.Call, _ string, t call.Target) error {
	w.asked = append(w.asked, t.ARN)
	if t.ARN == w.deny {
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

// by is a call of an account's root user.
func (w *world) by(accountID, operation string) *call.Call {
	p := call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), UserID: accountID}
	now := w.clock.Now()
	return &call.Call{
		RequestID: "request", Service: "identitystore", Operation: operation, Region: "us-east-1", Now: now, Principal: p,
		Event: &audit.Event{At: now, Account: accountID, Source: "identitystore.amazonaws.com", Name: operation, PrincipalID: p.ARN, Count: 1},
	}
}

// do calls the operation of the input's name by the management account.
func do[O any](w *world, in any) (*O, error) { return doBy[O](w, management, in) }

func doBy[O any](w *world, accountID string, in any) (*O, error) {
	w.Helper()
	name := reflect.TypeOf(in).Elem().Name()
	name = name[:len(name)-len("Input")]
	w.asked = nil
	out := reflect.ValueOf(w.service).MethodByName(name).Call([]reflect.Value{
		reflect.ValueOf(context.Background()), reflect.ValueOf(w.by(accountID, name)), reflect.ValueOf(in),
	})
	err, _ := out[1].Interface().(error)
	result, ok := out[0].Interface().(*O)
	if !ok {
		w.Fatalf("%s answers %T", name, out[0].Interface())
	}
	return result, err
}

// must is do of what succeeds.
func must[O any](w *world, in any) *O {
	w.Helper()
	out, err := do[O](w, in)
	if err != nil {
		w.Fatalf("%T: %v", in, err)
	}
	return out
}

// expect holds err to its code and message; "" is success.
func (w *world) expect(what string, err error, code, message string) {
	w.Helper()
	var gotCode, gotMessage string
	if e, ok := awsproto.Service("identitystore").ErrorOf(err); ok {
		gotCode, gotMessage = e.Code, e.Message
	} else if err != nil {
		gotCode = err.Error()
	}
	if gotCode != code || gotMessage != message {
		w.Errorf("%s:\n got %s %q\nwant %s %q", what, gotCode, gotMessage, code, message)
	}
}

// newUser makes a person and returns the id.
func (w *world) newUser(name string) string {
	w.Helper()
	return *must[identitystore.CreateUserOutput](w, jane(name)).UserId
}

func (w *world) newGroup(name string) string {
	w.Helper()
	return *must[identitystore.CreateGroupOutput](w, &identitystore.CreateGroupInput{IdentityStoreId: aws.String(directoryID), DisplayName: aws.String(name)}).GroupId
}

func jane(name string) *identitystore.CreateUserInput {
	return &identitystore.CreateUserInput{
		IdentityStoreId: aws.String(directoryID), UserName: aws.String(name), DisplayName: aws.String("Jane Doe"),
		Name: &types.Name{GivenName: aws.String("Jane"), FamilyName: aws.String("Doe")}, Emails: []types.Email{{Value: aws.String(name + "@example.com"), Primary: true}},
	}
}

func userID(id string) types.MemberId { return &types.MemberIdMemberUserId{Value: id} }

func set(path string, value any) types.AttributeOperation {
	o := types.AttributeOperation{AttributePath: aws.String(path)}
	if value != nil {
		o.AttributeValue = document.NewLazyDocument(value)
	}
	return o
}
