package organizations_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/store"
)

// An account is created in the background: under the root, with its tags, the role
// by which the management account gets in and the service's own, and without root
// credentials (F-08, behaviours.md 9.4, 9.6).
func TestCreateAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.update(func(tx store.Tx) error {
		return account.SetContact(tx, management, account.Contact{FullName: "Jane", AddressLine1: "1", City: "City", StateOrRegion: "WA",
			PostalCode: "98101", CountryCode: "US", Phone: "+12065550100", CompanyName: "Example"})
	})
	for _, role := range []string{"", "Admins"} {
		asked, err := w.create("Production "+role, "prod"+role+"@example.com", role)
		if err != nil || asked.State != types.CreateAccountStateInProgress || !strings.HasPrefix(*asked.Id, "car-") || asked.AccountId != nil || asked.CompletedTimestamp != nil {
			t.Fatalf("%+v, %v", asked, err)
		}
		w.clock.Advance(time.Second)
		w.work()
		done := w.status(asked.Id)
		if done.State != types.CreateAccountStateSucceeded || done.AccountId == nil || !done.CompletedTimestamp.After(*done.RequestedTimestamp) {
			t.Fatalf("%+v", done)
		}
		id := *done.AccountId
		a, err := w.account(id)
		if err != nil || a.JoinedMethod != types.AccountJoinedMethodCreated || a.State != types.AccountStateActive || *a.Email != "prod"+role+"@example.com" {
			t.Errorf("%+v, %v", a, err)
		}
		if role == "" {
			role = "OrganizationAccountAccessRole"
		}
		w.view(func(tx store.Tx) error {
			r, err := tx.RoleByName(id, role)
			if err != nil {
				return err
			}
			held, err := tx.Attachments(r.ID)
			if err != nil || len(held) != 1 || !strings.HasSuffix(held[0].PolicyARN, "/AdministratorAccess") || !strings.Contains(r.TrustPolicy, "arn:aws:iam::"+management+":root") {
				t.Errorf("%+v, %+v, %v", r, held, err)
			}
			if linked, err := membership.Linked(tx, id); err != nil || !linked {
				t.Errorf("linked %t, %v", linked, err)
			}
			if _, err := tx.Password(credential.Owner{Kind: credential.RootUser, ID: id}); !fault.Is(err, fault.NotFound) {
				t.Errorf("a root password: %v", err)
			}
			tags, err := org.Tags(tx, id)
			if fmt.Sprint(tags) != "[{team a}]" {
				t.Errorf("tags: %v", tags)
			}
			c, contactErr := tx.Contact(id)
			if contactErr != nil || c.CompanyName != "Example" {
				t.Errorf("contact: %+v, %v", c, contactErr)
			}
			return err
		})
		w.work() // whoever tries again does nothing
	}
	all, err := w.service.ListAccounts(w.Context(), w.by(management, "ListAccounts"), &awsorg.ListAccountsInput{})
	if err != nil || len(all.Accounts) != 3 {
		t.Errorf("%d accounts, %v", len(all.Accounts), err)
	}
	_, err = w.service.DescribeCreateAccountStatus(w.Context(), w.by(management, "DescribeCreateAccountStatus"),
		&awsorg.DescribeCreateAccountStatusInput{CreateAccountRequestId: aws.String("car-00000000")})
	w.expect("a request that is none", err, "CreateAccountStatusNotFound")
	_, err = w.service.CreateGovCloudAccount(w.Context(), w.by(management, "CreateGovCloudAccount"), &awsorg.CreateGovCloudAccountInput{})
	w.expect("GovCloud", err, "ConstraintViolation/MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED")
}

// What can be seen at once is refused at once; the rest fails the request.
func TestCreateAccountFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	refused := func(what, name, address, role, want string) {
		t.Helper()
		_, err := w.create(name, address, role)
		w.expect(what, err, want)
	}
	refused("a name like markup", "<b>", "a@example.com", "", "InvalidInput/INVALID_PATTERN")
	refused("a service's role", "a", "a@example.com", "AWSServiceRoleForX", "InvalidInput/INVALID_ROLE_NAME")
	refused("Identity Center's role", "a", "a@example.com", "AWSReservedSSO_x", "InvalidInput/INVALID_ROLE_NAME")
	fails := func(what, address string, want types.CreateAccountFailureReason) {
		t.Helper()
		asked, err := w.create("a", address, "")
		w.expect(what, err, "")
		w.work()
		if done := w.status(asked.Id); done.State != types.CreateAccountStateFailed || done.FailureReason != want || done.AccountId != nil || done.CompletedTimestamp == nil {
			t.Errorf("%s: %+v", what, done)
		}
	}
	fails("a taken address", strings.ToUpper(email(stranger)), types.CreateAccountFailureReasonEmailAlreadyExists)
	fails("an address that is none", ".a@example.com", types.CreateAccountFailureReasonInvalidEmail)
	// The same again while the first is under way.
	first, err := w.create("a", "same@example.com", "")
	w.expect("the first", err, "")
	second, err := w.create("a", "SAME@example.com", "")
	if err != nil || second.State != types.CreateAccountStateFailed || second.FailureReason != types.CreateAccountFailureReasonConcurrentAccountModification {
		t.Errorf("%+v, %v", second, err)
	}
	w.work()
	if done := w.status(first.Id); done.State != types.CreateAccountStateSucceeded {
		t.Errorf("%+v", done)
	}
	// The limit, at once and when it is lowered meanwhile.
	w.limit(3)
	asked, err := w.create("a", "third@example.com", "")
	w.expect("the third account", err, "")
	refused("a fourth", "a", "fourth@example.com", "", "ConstraintViolation/ACCOUNT_NUMBER_LIMIT_EXCEEDED")
	w.limit(2)
	w.work()
	if done := w.status(asked.Id); done.FailureReason != types.CreateAccountFailureReasonAccountLimitExceeded {
		t.Errorf("%+v", done)
	}
	w.limit(100)
	for i := range 5 {
		_, err := w.create("a", fmt.Sprintf("many%d@example.com", i), "")
		w.expect("at once", err, "")
	}
	refused("a sixth at a time", "a", "many5@example.com", "", "ConstraintViolation/ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED")
	listed := func(states ...types.CreateAccountState) int {
		out, err := w.service.ListCreateAccountStatus(w.Context(), w.by(management, "ListCreateAccountStatus"), &awsorg.ListCreateAccountStatusInput{States: states})
		if err != nil {
			t.Error(err)
		}
		return len(out.CreateAccountStatuses)
	}
	if got := []int{listed(), listed(types.CreateAccountStateInProgress), listed(types.CreateAccountStateFailed, types.CreateAccountStateSucceeded)}; fmt.Sprint(got) != "[10 5 5]" {
		t.Errorf("listed: %v", got)
	}

	// What became of a request is told for 90 days; one that is not done is told of
	// however long that takes.
	w.clock.Advance(org.CreationKept)
	if got := []int{listed(), listed(types.CreateAccountStateFailed, types.CreateAccountStateSucceeded)}; fmt.Sprint(got) != "[5 0]" {
		t.Errorf("listed after 90 days: %v", got)
	}
	_, err = w.service.DescribeCreateAccountStatus(w.Context(), w.by(management, "DescribeCreateAccountStatus"), &awsorg.DescribeCreateAccountStatusInput{CreateAccountRequestId: first.Id})
	w.expect("after 90 days", err, "CreateAccountStatusNotFound")
}

// A management account that somebody signed up for has to be able to pay.
func TestCreateAccountUnpaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.update(func(tx store.Tx) error {
		return tx.PutRegistration(registration.Registration{Account: management, StartedAt: start})
	})
	try := func(want types.CreateAccountFailureReason) {
		t.Helper()
		asked, err := w.create("a", "a@example.com", "")
		w.expect("create", err, "")
		w.work()
		if done := w.status(asked.Id); done.FailureReason != want {
			t.Errorf("%+v", done)
		}
	}
	try(types.CreateAccountFailureReasonMissingPaymentInstrument)
	card := payment.Method{ID: "pm-1", Account: management, Status: payment.Declined, ExpiryMonth: 12, ExpiryYear: 2030}
	w.update(func(tx store.Tx) error { return tx.PutPaymentMethod(card) })
	try(types.CreateAccountFailureReasonInvalidPaymentInstrument)
	card.Status = payment.Valid
	w.update(func(tx store.Tx) error { return tx.PutPaymentMethod(card) })
	try("")
}

// A request that fails for no reason of its own is tried again, and given up in the end.
func TestCreateAccountGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	asked, err := w.create("a", "a@example.com", "")
	w.expect("create", err, "")
	for i := range 5 {
		w.update(func(tx store.Tx) error {
			_, done, err := membership.GiveUp(tx, *asked.Id, w.clock.Now())
			if done != (i == 4) {
				t.Errorf("try %d: %t", i, done)
			}
			return err
		})
	}
	if done := w.status(asked.Id); done.FailureReason != types.CreateAccountFailureReasonInternalFailure {
		t.Errorf("%+v", done)
	}
}

// created is an account of the organization.
func (w *world) created(address string) string {
	w.Helper()
	asked, err := w.create("Created", address, "")
	if err != nil {
		w.Fatal(err)
	}
	w.work()
	return *w.status(asked.Id).AccountId
}

// Accounts are closed in the background; the management account is not, and not too
// many at a time (behaviours.md 1.6, 9.6).
func TestCloseAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.limit(100)
	var ids []string
	for i := range 4 {
		ids = append(ids, w.created(fmt.Sprintf("a%d@example.com", i)))
	}
	closeAccount := func(id string) error {
		_, err := w.service.CloseAccount(w.Context(), w.by(management, "CloseAccount"), &awsorg.CloseAccountInput{AccountId: &id})
		return err
	}
	w.expect("the management account", closeAccount(management), "ConstraintViolation/CANNOT_CLOSE_MANAGEMENT_ACCOUNT")
	w.expect("a stranger", closeAccount(stranger), "AccountNotFound")
	for _, id := range ids[:3] {
		w.expect("close", closeAccount(id), "")
	}
	w.expect("twice", closeAccount(ids[0]), "Conflict")
	w.expect("a fourth at a time", closeAccount(ids[3]), "ConstraintViolation/CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED")
	if a, err := w.account(ids[0]); err != nil || a.Status != types.AccountStatusPendingClosure || a.State != types.AccountStatePendingClosure {
		t.Errorf("%+v, %v", a, err)
	}
	_, err := w.service.LeaveOrganization(w.Context(), w.by(ids[0], "LeaveOrganization"), nil)
	w.expect("leave meanwhile", err, "ConcurrentModification")
	w.work()
	if a, err := w.account(ids[0]); err != nil || a.Status != types.AccountStatusSuspended || a.State != types.AccountStateClosed {
		t.Errorf("%+v, %v", a, err)
	}
	w.expect("again", closeAccount(ids[0]), "AccountAlreadyClosed")
	w.view(func(tx store.Tx) error {
		s, err := tx.Standing(ids[0])
		if s.ClosedAt.IsZero() {
			t.Errorf("%+v", s)
		}
		return err
	})
	// The quota of 30 days.
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(management)
		if err != nil {
			return err
		}
		for i := range 247 {
			id := fmt.Sprintf("3%011d", i)
			if err := tx.PutAccount(account.Account{ID: id, Name: "a", Email: email(id), Status: account.Closed, CreatedAt: start}); err != nil {
				return err
			}
			if err := tx.PutClosure(org.Closure{Account: id, Organization: o.ID, RequestedAt: start, CompletedAt: start}); err != nil {
				return err
			}
		}
		return nil
	})
	w.expect("too many", closeAccount(ids[3]), "ConstraintViolation/CLOSE_ACCOUNT_QUOTA_EXCEEDED")
	w.clock.Advance(31 * 24 * time.Hour)
	w.expect("a month later", closeAccount(ids[3]), "")
}

// A created account leaves when it is four days old and can stand alone; what the
// organization had in it goes with it, and both histories tell (behaviours.md 9.6).
func TestRemoveAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	id := w.created("a@example.com")
	remove := func(id string) error {
		_, err := w.service.RemoveAccountFromOrganization(w.Context(), w.by(management, "RemoveAccountFromOrganization"), &awsorg.RemoveAccountFromOrganizationInput{AccountId: &id})
		return err
	}
	w.expect("the management account", remove(management), "MasterCannotLeaveOrganization")
	_, err := w.service.LeaveOrganization(w.Context(), w.by(management, "LeaveOrganization"), nil)
	w.expect("the management account leaves", err, "MasterCannotLeaveOrganization")
	w.expect("a stranger", remove(stranger), "AccountNotFound")
	_, err = w.service.LeaveOrganization(w.Context(), w.by(stranger, "LeaveOrganization"), nil)
	w.expect("a stranger leaves", err, "AWSOrganizationsNotInUse")
	w.expect("at once", remove(id), "ConstraintViolation/WAIT_PERIOD_ACTIVE")
	w.clock.Advance(4 * 24 * time.Hour)
	w.expect("without a telephone", remove(id), "ConstraintViolation/ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION")
	w.update(func(tx store.Tx) error {
		return account.SetContact(tx, id, account.Contact{FullName: "Jane", AddressLine1: "1", City: "City", StateOrRegion: "WA", PostalCode: "98101", CountryCode: "US", Phone: "+12065550100"})
	})
	w.expect("without a card", remove(id), "ConstraintViolation/MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED")
	w.update(func(tx store.Tx) error {
		return tx.PutPaymentMethod(payment.Method{ID: "pm-1", Account: id, Status: payment.Valid, ExpiryMonth: 12, ExpiryYear: 2030})
	})
	w.expect("with all", remove(id), "")
	w.view(func(tx store.Tx) error {
		a, err := tx.Account(id)
		linked, _ := membership.Linked(tx, id)
		tags, _ := org.Tags(tx, id)
		attached, _ := tx.AttachedOrgPolicies(id, org.ServiceControl)
		roles, _ := tx.Roles(id, "/", page.Request{})
		if !a.Standalone() || a.JoinedMethod != "" || linked || len(tags) > 0 || len(attached) > 0 || len(roles.Items) != 1 || roles.Items[0].Name != org.DefaultRoleName {
			t.Errorf("%+v, linked %t, tags %v, policies %v, roles %+v", a, linked, tags, attached, roles.Items)
		}
		return err
	})
	if got := w.events(management)[:2]; fmt.Sprint(got) != "[RemoveAccountFromOrganization AccountDepartedOrganization]" && fmt.Sprint(got) != "[AccountDepartedOrganization RemoveAccountFromOrganization]" {
		t.Errorf("history: %v", got)
	}
	if got := fmt.Sprint(w.events(id)); got != "[RemoveAccountFromOrganization]" {
		t.Errorf("the member's history: %s", got)
	}
}

// An account that leaves takes no way to the organization's people with it: its
// applications in the organization's instance are gone with who was assigned to them.
// Those of others, and those of an instance of its own, stay (G-60).
func TestDepartedAccountsApplications(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.found("")
	w.verify()
	w.join(invited)
	const jane = "01234567-89ab-cdef-0123-456789abcdef"
	all := map[string]string{}
	w.update(func(tx store.Tx) error {
		theirs, err := access.New(tx, management, *o.Id, "us-east-1", "", nil, start)
		if err != nil {
			return err
		}
		own, err := access.New(tx, invited, "", "us-east-1", "", nil, start)
		if err != nil {
			return err
		}
		if err := tx.PutUser(directory.User{ID: jane, Directory: theirs.DirectoryID, UserName: "jane", Email: "jane@example.com"}); err != nil {
			return err
		}
		for name, in := range map[string]application.New{
			"member's": {Instance: theirs, Account: invited}, "another of the member's": {Instance: theirs, Account: invited},
			"management's": {Instance: theirs, Account: management}, "of its own": {Instance: own, Account: invited},
		} {
			in.Provider, in.Name = "arn:aws:sso::aws:applicationProvider/custom", name
			a, err := application.Create(tx, in, start)
			if err != nil {
				return err
			}
			all[name] = a.ID
		}
		for _, name := range []string{"member's", "management's"} {
			given := application.Assignment{Application: all[name], PrincipalType: access.ToUser, PrincipalID: jane, CreatedAt: start}
			if err := tx.PutApplicationAssignment(given); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := w.service.LeaveOrganization(w.Context(), w.by(invited, "LeaveOrganization"), nil)
	w.expect("leave", err, "")
	w.view(func(tx store.Tx) error {
		for name, id := range all {
			_, err := tx.Application(id)
			if stays := name == "management's" || name == "of its own"; stays != (err == nil) {
				t.Errorf("%s: %v", name, err)
			}
		}
		shown, err := tx.ApplicationsVisibleTo(jane, page.Request{})
		if len(shown.Items) != 1 || shown.Items[0].ID != all["management's"] {
			t.Errorf("shown: %+v", shown.Items)
		}
		given, _ := tx.ApplicationAssignments(all["member's"], page.Request{})
		if len(given.Items) > 0 {
			t.Errorf("assigned: %+v", given.Items)
		}
		return err
	})
}
