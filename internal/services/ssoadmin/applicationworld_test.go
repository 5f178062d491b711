package ssoadmin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/org"
	service "sekisho/internal/services/ssoadmin"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts and people of the world of applications: an organization with its
// instance, and an account that stands alone with one of its own.
const (
	appManagement, appMember, appAlone = "111122223333", "444455556666", "777788889999"
	appOrganization                    = "o-abcdefghij"
	appInstance, appOwnInstance        = "arn:aws:sso:::instance/ssoins-0123456789abcdef", "arn:aws:sso:::instance/ssoins-fedcba9876543210"
	appProvider                        = "arn:aws:sso::aws:applicationProvider/custom"

	jane, eve = "01234567-89ab-cdef-0123-456789abcdef", "11111111-89ab-cdef-0123-456789abcdef"
	admins    = "22222222-89ab-cdef-0123-456789abcdef"

	notYours = "You do not have sufficient access to perform this action."
)

var appStart = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// appWorld is the service over a real database. jane is in the group of admins of
// the organization's directory; eve is in the other's.
type appWorld struct {
	testing.TB
	db      store.DB
	service *service.Service
	asked   []call.Target // what the authorizer was asked about
	deny    string        // the ARN that it denies
}

func newAppWorld(tb testing.TB) *appWorld {
	tb.Helper()
	w := &appWorld{TB: tb, db: storetest.Open(tb)}
	w.service = &service.Service{Store: w.db, Authz: w}
	w.update(func(tx store.Tx) error {
		errs := []error{tx.PutOrganization(org.Organization{ID: appOrganization, ManagementAccount: appManagement, Root: "r-abcd", CreatedAt: appStart})}
		for id, in := range map[string]string{appManagement: appOrganization, appMember: appOrganization, appAlone: ""} {
			errs = append(errs, tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Active, Organization: in, CreatedAt: appStart}))
		}
		return errors.Join(append(errs,
			tx.PutInstance(access.Instance{ID: "ssoins-0123456789abcdef", DirectoryID: "d-1234567890", Region: "us-east-1", Owner: appManagement, Organization: appOrganization}),
			tx.PutInstance(access.Instance{ID: "ssoins-fedcba9876543210", DirectoryID: "d-0987654321", Region: "us-east-1", Owner: appAlone}),
			tx.PutUser(directory.User{ID: jane, Directory: "d-1234567890", UserName: "jane", Email: "jane@example.com"}),
			tx.PutUser(directory.User{ID: eve, Directory: "d-0987654321", UserName: "eve", Email: "eve@example.com"}),
			tx.PutGroup(directory.Group{ID: admins, Directory: "d-1234567890", DisplayName: "Admins"}), tx.AddMember(admins, jane))...)
	})
	return w
}

// Allow implements call.Authorizer.
func (w *appWorld) Allow(_ context.Context, _ *call.Call, _ string, t call.Target) error {
	w.asked = append(w.asked, t)
	if t.ARN == w.deny {
		return &call.Error{Code: "AccessDeniedException", Message: "denied " + t.ARN, Status: 400}
	}
	return nil
}

func (w *appWorld) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// by is a call of an account's root user.
func (w *appWorld) by(accountID, operation string) *call.Call {
	p := call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), UserID: accountID}
	return &call.Call{
		RequestID: "request", Service: "sso-admin", Operation: operation, Region: "us-east-1", Now: appStart, Principal: p,
		Event: &audit.Event{At: appStart, Account: accountID, Source: "sso.amazonaws.com", Name: operation, PrincipalID: p.ARN, Count: 1},
	}
}

// expect holds err to its code and message; "" is success.
func (w *appWorld) expect(what string, err error, code, message string) {
	w.Helper()
	var gotCode, gotMessage string
	if e, ok := awsproto.Service("sso-admin").ErrorOf(err); ok {
		gotCode, gotMessage = e.Code, e.Message
	} else if refused, ok := errors.AsType[*call.Error](err); ok {
		gotCode, gotMessage = refused.Code, refused.Message
	} else if err != nil {
		gotCode = err.Error()
	}
	if gotCode != code || gotMessage != message {
		w.Errorf("%s:\n got %s %q\nwant %s %q", what, gotCode, gotMessage, code, message)
	}
}

// create makes an application of an account in the organization's instance.
func (w *appWorld) create(accountID, name string) string {
	w.Helper()
	out, err := w.service.CreateApplication(w.Context(), w.by(accountID, "CreateApplication"), &ssoadmin.CreateApplicationInput{
		InstanceArn: aws.String(appInstance), ApplicationProviderArn: aws.String(appProvider), Name: &name,
	})
	if err != nil {
		w.Fatal(err)
	}
	return *out.ApplicationArn
}
