package organizations_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// An organization has its creator as management account, one root with service
// control policies enabled, the service's role, and its owner is written to (F-05,
// F-06, F-07, behaviours.md 9.6).
func TestCreateOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.refuse = "iam:CreateServiceLinkedRole"
	_, err := w.service.CreateOrganization(w.Context(), w.by(management, "CreateOrganization"), &awsorg.CreateOrganizationInput{})
	w.expect("without the permission for the role", err, "AccessDeniedForDependency")
	w.refuse = ""
	_, err = w.service.DescribeOrganization(w.Context(), w.by(management, "DescribeOrganization"), nil)
	w.expect("before", err, "AWSOrganizationsNotInUse")
	o := w.found("")
	if o.FeatureSet != types.OrganizationFeatureSetAll || *o.MasterAccountId != management || *o.MasterAccountEmail != email(management) ||
		*o.Arn != "arn:aws:organizations::"+management+":organization/"+*o.Id || *o.MasterAccountArn != "arn:aws:organizations::"+management+":account/"+*o.Id+"/"+management {
		t.Errorf("%+v", o)
	}
	_, err = w.service.CreateOrganization(w.Context(), w.by(management, "CreateOrganization"), &awsorg.CreateOrganizationInput{})
	w.expect("twice", err, "AlreadyInOrganization")
	// No type of policy is enabled by itself: Terraform enables those that it is told to.
	roots, err := w.service.ListRoots(w.Context(), w.by(management, "ListRoots"), &awsorg.ListRootsInput{})
	if err != nil || len(roots.Roots) != 1 || *roots.Roots[0].Name != "Root" || len(roots.Roots[0].PolicyTypes) != 0 || roots.NextToken != nil {
		t.Errorf("roots: %+v, %v", roots, err)
	}
	a, err := w.account(management)
	if err != nil || a.JoinedMethod != types.AccountJoinedMethodInvited || len(a.Paths) != 1 || !strings.HasSuffix(a.Paths[0], "/"+management+"/") {
		t.Errorf("%+v, %v", a, err)
	}
	if got := fmt.Sprint(w.events(management)); got != "[CreateOrganization AccountJoinedOrganization]" && got != "[AccountJoinedOrganization CreateOrganization]" {
		t.Errorf("history: %s", got)
	}
	if m := w.outbox(); len(m) != 1 || m[0].To != email(management) || !link.MatchString(m[0].Text) {
		t.Errorf("mail: %+v", m) // N-13
	}
	w.view(func(tx store.Tx) error {
		linked, err := membership.Linked(tx, management)
		if !linked {
			t.Error("no service-linked role")
		}
		return err
	})
}

// An organization for consolidated billing only has no policy types.
func TestConsolidatedBilling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if o := w.found(types.OrganizationFeatureSetConsolidatedBilling); o.FeatureSet != types.OrganizationFeatureSetConsolidatedBilling {
		t.Errorf("%+v", o)
	}
	roots, err := w.service.ListRoots(w.Context(), w.by(management, "ListRoots"), &awsorg.ListRootsInput{})
	if err != nil || len(roots.Roots[0].PolicyTypes) != 0 {
		t.Errorf("%+v, %v", roots, err)
	}
}

// The address is verified by the link in the mail, within 24 hours; a newer mail
// replaces it, and before it nobody can be invited (F-06, N-13).
func TestVerification(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	_, err := w.invite(types.HandshakePartyTypeAccount, invited)
	w.expect("before", err, "AccountOwnerNotVerified")
	token := func() secret.String {
		return secret.NewString(link.FindStringSubmatch(w.outbox()[0].Text)[1])
	}
	try := func(token secret.String) (done bool) {
		err := w.db.Update(w.Context(), nil, func(tx store.Tx) error {
			v, err := org.Verify(tx, token, w.clock.Now())
			done = !v.VerifiedAt.IsZero()
			return err
		})
		return err == nil && done
	}
	send := func() error {
		return w.db.Update(w.Context(), nil, func(tx store.Tx) error {
			o, err := tx.OrganizationManagedBy(management)
			if err != nil {
				return err
			}
			_, err = w.service.Mail.SendVerification(tx, o, w.clock.Now())
			return err
		})
	}
	first := token()
	w.clock.Advance(24 * time.Hour)
	if try(first) {
		t.Error("verified after 24 hours")
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	second := token()
	if try(first) || try(secret.NewString("guess")) {
		t.Error("verified by a link that is no good")
	}
	for range 2 { // a link that was followed is not an error
		if !try(second) {
			t.Error("not verified by the newest link")
		}
	}
	_, err = w.invite(types.HandshakePartyTypeAccount, invited)
	w.expect("afterwards", err, "")
	// Another address has to be verified anew.
	w.update(func(tx store.Tx) error {
		a, err := tx.Account(management)
		if err != nil {
			return err
		}
		a.Email = "new@example.com"
		return tx.PutAccount(a)
	})
	_, err = w.invite(types.HandshakePartyTypeAccount, stranger)
	w.expect("with another address", err, "AccountOwnerNotVerified")
	if try(second) {
		t.Error("the link of the former address verifies")
	}
	for range 3 {
		if err := send(); err != nil {
			t.Fatal(err)
		}
	}
	_ = send()
	if err := send(); err == nil { // against flooding a mailbox
		t.Error("mail without end")
	}
}

// Only an organization without members can be deleted, and its account is
// standalone afterwards.
func TestDeleteOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.verify()
	w.join(invited)
	remove := func(by string) error {
		_, err := w.service.DeleteOrganization(w.Context(), w.by(by, "DeleteOrganization"), nil)
		return err
	}
	w.expect("by a member", remove(invited), "AccessDenied")
	w.expect("with members", remove(management), "OrganizationNotEmpty")
	_, err := w.service.LeaveOrganization(w.Context(), w.by(invited, "LeaveOrganization"), nil)
	w.expect("leave", err, "")
	w.expect("delete", remove(management), "")
	w.expect("again", remove(management), "AWSOrganizationsNotInUse")
	w.view(func(tx store.Tx) error {
		a, err := tx.Account(management)
		linked, _ := membership.Linked(tx, management)
		if !a.Standalone() || linked {
			t.Errorf("%+v, linked %t", a, linked)
		}
		return err
	})
	w.found("") // again
}

// Who manages no organization is told nothing of one (behaviours.md 9.6).
func TestManagementOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.verify()
	w.join(invited)
	root := w.root()
	for name, try := range map[string]func(by string) error{
		"ListAccounts": func(by string) error {
			_, err := w.service.ListAccounts(w.Context(), w.by(by, "ListAccounts"), &awsorg.ListAccountsInput{})
			return err
		},
		"DescribeAccount": func(by string) error {
			_, err := w.service.DescribeAccount(w.Context(), w.by(by, "DescribeAccount"), &awsorg.DescribeAccountInput{AccountId: aws.String(nobody)})
			return err
		},
		"CreateAccount": func(by string) error {
			_, err := w.service.CreateAccount(w.Context(), w.by(by, "CreateAccount"), &awsorg.CreateAccountInput{AccountName: aws.String("a"), Email: aws.String("a@example.com")})
			return err
		},
		"CreateOrganizationalUnit": func(by string) error {
			_, err := w.service.CreateOrganizationalUnit(w.Context(), w.by(by, "CreateOrganizationalUnit"), &awsorg.CreateOrganizationalUnitInput{ParentId: &root, Name: aws.String("a")})
			return err
		},
		"CloseAccount": func(by string) error {
			_, err := w.service.CloseAccount(w.Context(), w.by(by, "CloseAccount"), &awsorg.CloseAccountInput{AccountId: aws.String(management)})
			return err
		},
	} {
		w.expect(name+" by a member", try(invited), "AccessDenied")
		w.expect(name+" from outside", try(stranger), "AWSOrganizationsNotInUse")
	}
	// A delegated administrator may read, and nothing else (F-09).
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(management)
		if err != nil {
			return err
		}
		return tx.PutDelegate(org.Delegate{Organization: o.ID, Account: invited, Service: org.AccountManagement, Since: start})
	})
	_, err := w.service.ListAccounts(w.Context(), w.by(invited, "ListAccounts"), &awsorg.ListAccountsInput{})
	w.expect("delegated: ListAccounts", err, "")
	_, err = w.service.CloseAccount(w.Context(), w.by(invited, "CloseAccount"), &awsorg.CloseAccountInput{AccountId: aws.String(management)})
	w.expect("delegated: CloseAccount", err, "AccessDenied")
	_, err = w.service.LeaveOrganization(w.Context(), w.by(invited, "LeaveOrganization"), nil)
	w.expect("delegated: leave", err, "ConstraintViolation/CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG")
}

// All features need the consent of every account that was invited, and the
// management account's last word.
func TestEnableAllFeatures(t *testing.T) {
	t.Parallel()
	for _, last := range []string{"its own", "the question"} {
		w := newWorld(t)
		w.found(types.OrganizationFeatureSetConsolidatedBilling)
		w.verify()
		w.join(invited)
		w.join(stranger)
		enable := func() (*awsorg.EnableAllFeaturesOutput, error) {
			return w.service.EnableAllFeatures(w.Context(), w.by(management, "EnableAllFeatures"), nil)
		}
		out, err := enable()
		if err != nil || out.Handshake.State != types.HandshakeStateRequested || out.Handshake.Action != types.ActionTypeEnableAllFeatures {
			t.Fatalf("%+v, %v", out, err)
		}
		_, err = enable()
		w.expect("twice", err, "HandshakeConstraintViolation/ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION")
		_, err = w.invite(types.HandshakePartyTypeAccount, nobody)
		w.expect("invite meanwhile", err, "HandshakeConstraintViolation/INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES")
		_, err = w.accept(management, out.Handshake.Id)
		w.expect("too early", err, "InvalidHandshakeTransition")
		received := func(by string, action types.ActionType) types.Handshake {
			t.Helper()
			got, err := w.service.ListHandshakesForAccount(w.Context(), w.by(by, "ListHandshakesForAccount"),
				&awsorg.ListHandshakesForAccountInput{Filter: &types.HandshakeFilter{ActionType: action}})
			if err != nil || len(got.Handshakes) != 1 {
				t.Fatalf("%s: %+v, %v", by, got, err)
			}
			return got.Handshakes[0]
		}
		asked := received(invited, types.ActionTypeEnableAllFeatures)
		_, err = w.accept(management, asked.Id)
		w.expect("in the place of a member", err, "AccessDenied")
		_, err = w.accept(invited, asked.Id)
		w.expect("a member agrees", err, "")
		// The other leaves instead: its consent is not needed any more.
		_, err = w.service.LeaveOrganization(w.Context(), w.by(stranger, "LeaveOrganization"), nil)
		w.expect("another leaves", err, "")
		open, err := w.service.DescribeHandshake(w.Context(), w.by(management, "DescribeHandshake"), &awsorg.DescribeHandshakeInput{HandshakeId: out.Handshake.Id})
		if err != nil || open.Handshake.State != types.HandshakeStateOpen {
			t.Errorf("%+v, %v", open, err)
		}
		id := out.Handshake.Id
		if last == "the question" {
			id = received(management, types.ActionTypeApproveAllFeatures).Id
		}
		_, err = w.accept(management, id)
		w.expect("the last word: "+last, err, "")
		described, err := w.service.DescribeOrganization(w.Context(), w.by(invited, "DescribeOrganization"), nil)
		if err != nil || described.Organization.FeatureSet != types.OrganizationFeatureSetAll {
			t.Errorf("%+v, %v", described, err)
		}
		_, err = enable()
		w.expect("afterwards", err, "HandshakeConstraintViolation/ORGANIZATION_ALREADY_HAS_ALL_FEATURES")
		if got := received(management, types.ActionTypeApproveAllFeatures).State; got != types.HandshakeStateAccepted {
			t.Errorf("the question is %s", got)
		}
	}
}

// An invitation from before all features were asked for does not bring an account
// in that nobody asks for its consent (consent by the back door).
func TestNobodyJoinsWhileAllFeaturesAreEnabled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found(types.OrganizationFeatureSetConsolidatedBilling)
	w.verify()
	w.join(invited)
	early, err := w.invite(types.HandshakePartyTypeAccount, stranger)
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.service.EnableAllFeatures(w.Context(), w.by(management, "EnableAllFeatures"), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.accept(stranger, early.Id)
	w.expect("meanwhile", err, "HandshakeConstraintViolation/INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES")
	w.expect("the way is left", w.cancel(management, out.Handshake.Id), "")
	_, err = w.accept(stranger, early.Id)
	w.expect("afterwards", err, "")
}

// An account that is not active founds nothing.
func TestCreateOrganizationInactive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		a, err := tx.Account(stranger)
		if err != nil {
			return err
		}
		a.Status = account.PendingActivation
		return tx.PutAccount(a)
	})
	_, err := w.service.CreateOrganization(w.Context(), w.by(stranger, "CreateOrganization"), &awsorg.CreateOrganizationInput{})
	w.expect("pending", err, "ConstraintViolation/ACCOUNT_CREATION_NOT_COMPLETE")
}
