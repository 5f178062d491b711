package ssoadmin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// world is the world of applications with what permission sets need beside it.
type world struct{ *appWorld }

const administratorAccess, readOnlyAccess = "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"

func newWorld(tb testing.TB) *world {
	tb.Helper()
	return &world{newAppWorld(tb)}
}

// delegate makes the member the delegated administrator of Identity Center.
func (w *world) delegate() {
	w.Helper()
	w.update(func(tx store.Tx) error {
		return tx.PutDelegate(org.Delegate{Organization: appOrganization, Account: appMember, Service: access.Principal, Since: appStart})
	})
}

// work takes steps until nothing is left to do, as the worker does.
func (w *world) work() {
	w.Helper()
	for {
		var due []access.Request
		w.update(func(tx store.Tx) (err error) {
			due, err = tx.DueAccessRequests(appStart, "", 100)
			return err
		})
		if len(due) == 0 {
			return
		}
		for _, r := range due {
			err := w.db.Update(w.Context(), nil, func(tx store.Tx) error {
				next, err := access.Step(tx, appStart, r)
				if err != nil {
					return err
				}
				return tx.PutAccessRequest(next)
			})
			if f, ok := fault.As(err); ok {
				w.update(func(tx store.Tx) error {
					next, err := access.Fail(tx, r, f)
					if err != nil {
						return err
					}
					return tx.PutAccessRequest(next)
				})
			} else if err != nil {
				w.Fatal(err)
			}
		}
	}
}

// set makes a permission set and returns its ARN.
func (w *world) set(name string) string {
	w.Helper()
	out, err := w.service.CreatePermissionSet(w.Context(), w.by(appManagement, "CreatePermissionSet"),
		&ssoadmin.CreatePermissionSetInput{InstanceArn: aws.String(appInstance), Name: &name})
	if err != nil {
		w.Fatal(err)
	}
	return *out.PermissionSet.PermissionSetArn
}

func (w *world) assign(caller, set, account string, kind types.PrincipalType, principal string) (*types.AccountAssignmentOperationStatus, error) {
	w.Helper()
	out, err := w.service.CreateAccountAssignment(w.Context(), w.by(caller, "CreateAccountAssignment"), &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: aws.String(appInstance), PermissionSetArn: &set, TargetId: &account, TargetType: types.TargetTypeAwsAccount, PrincipalType: kind, PrincipalId: &principal,
	})
	if err != nil {
		return nil, err
	}
	return out.AccountAssignmentCreationStatus, nil
}

func (w *world) unassign(caller, set, account string, kind types.PrincipalType, principal string) (*types.AccountAssignmentOperationStatus, error) {
	w.Helper()
	out, err := w.service.DeleteAccountAssignment(w.Context(), w.by(caller, "DeleteAccountAssignment"), &ssoadmin.DeleteAccountAssignmentInput{
		InstanceArn: aws.String(appInstance), PermissionSetArn: &set, TargetId: &account, TargetType: types.TargetTypeAwsAccount, PrincipalType: kind, PrincipalId: &principal,
	})
	if err != nil {
		return nil, err
	}
	return out.AccountAssignmentDeletionStatus, nil
}

// assigned assigns, and sees that it is done.
func (w *world) assigned(set, account string, kind types.PrincipalType, principal string) {
	w.Helper()
	r, err := w.assign(appManagement, set, account, kind, principal)
	if err != nil {
		w.Fatal(err)
	}
	w.work()
	if got := w.creation(*r.RequestId); got.Status != types.StatusValuesSucceeded {
		w.Fatalf("%+v: %s", got, aws.ToString(got.FailureReason))
	}
}

func (w *world) creation(id string) *types.AccountAssignmentOperationStatus {
	w.Helper()
	out, err := w.service.DescribeAccountAssignmentCreationStatus(w.Context(), w.by(appManagement, "DescribeAccountAssignmentCreationStatus"),
		&ssoadmin.DescribeAccountAssignmentCreationStatusInput{InstanceArn: aws.String(appInstance), AccountAssignmentCreationRequestId: &id})
	if err != nil {
		w.Fatal(err)
	}
	return out.AccountAssignmentCreationStatus
}

// role is the set's role in the member account, with the ARNs of its policies; NotFound is "".
func (w *world) role(set string) (r iam.Role, policies string) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		r, err = tx.RoleOfPermissionSet(appMember, set[strings.LastIndexByte(set, '/')+1:])
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		attached, err := tx.Attachments(r.ID)
		var names []string
		for _, a := range attached {
			names = append(names, a.PolicyARN)
		}
		policies = strings.Join(names, " ")
		return err
	})
	return r, policies
}
