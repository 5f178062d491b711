package account_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/org"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const notAuthorized = " is not authorized to perform: account:GetAccountInformation"

// An account is reached by its own principals without a name, and by the
// management account of its organization by its name, and in no other way
// (behaviours.md 9.5, A-02).
func TestReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		what, caller, id string
		reached          string
		refused          string
	}{
		{"its own", member, "", member, ""},
		{"the management account's own", management, "", management, ""},
		{"a member of the caller's", management, member, member, ""},
		{"itself by name", management, management, "",
			notAuthorized + " (The management account can only be managed using the standalone context from the management account.)"},
		{"no account", management, nobody, "", notAuthorized},
		{"a member by itself by name", member, member, "", notAuthorized},
		{"another member", member, sibling, "", notAuthorized},
		{"no account by a member", member, nobody, "", notAuthorized},
		{"the management account by a member", member, management, "", notAuthorized},
	} {
		by := w.by(c.caller, "GetAccountInformation")
		out, err := w.service.GetAccountInformation(w.Context(), by, &awsaccount.GetAccountInformationInput{AccountId: of(c.id)})
		if c.refused != "" {
			w.expect(c.what, err, "AccessDeniedException", "User: "+by.Principal.ARN+c.refused)
			continue
		}
		w.expect(c.what, err, "", "")
		if aws.ToString(out.AccountId) != c.reached || !out.AccountCreatedDate.Equal(start) || out.AccountState != types.AccountStateActive {
			t.Errorf("%s: %+v", c.what, out)
		}
	}
}

// A delegated administrator for Account Management reaches members, and not the
// management account; not any more, it reaches itself only (F-09).
func TestReachDelegated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	change := func(fn func(store.Tx, org.Organization) error) {
		w.update(func(tx store.Tx) error {
			o, err := storetest.Organization(tx)
			return errors.Join(err, fn(tx, o))
		})
	}
	ask := func(id string) error {
		_, err := w.service.GetAccountInformation(w.Context(), w.by(member, "GetAccountInformation"), &awsaccount.GetAccountInformationInput{AccountId: of(id)})
		return err
	}
	refusal := "User: arn:aws:iam::" + member + ":root" + notAuthorized
	change(func(tx store.Tx, o org.Organization) error {
		return org.Register(tx, o, member, org.AccountManagement, start)
	})
	w.expect("a sibling", ask(sibling), "", "")
	w.expect("the management account", ask(management), "AccessDeniedException", refusal)
	w.expect("no account", ask(nobody), "AccessDeniedException", refusal)
	change(func(tx store.Tx, o org.Organization) error {
		return org.Deregister(tx, o, member, org.AccountManagement)
	})
	w.expect("a sibling, not any more", ask(sibling), "AccessDeniedException", refusal)
}

// Without trusted access even the management account reaches itself only, and is told
// what is missing; a member learns nothing of it (behaviours.md 9.5).
func TestReachWithoutTrust(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		return errors.Join(err, org.DisableTrust(tx, o, org.AccountManagement))
	})
	const missing = " (Your organization must first enable trusted access with AWS Account Management.)"
	for _, c := range []struct{ what, caller, id, refused string }{
		{"the management account's own", management, "", ""},
		{"a member of the caller's", management, member, missing},
		{"no account", management, nobody, missing},
		{"a member's own", member, "", ""},
		{"another member", member, sibling, "-"},
	} {
		by := w.by(c.caller, "GetAccountInformation")
		_, err := w.service.GetAccountInformation(w.Context(), by, &awsaccount.GetAccountInformationInput{AccountId: of(c.id)})
		if c.refused == "" {
			w.expect(c.what, err, "", "")
			continue
		}
		w.expect(c.what, err, "AccessDeniedException", "User: "+by.Principal.ARN+notAuthorized+strings.TrimPrefix(c.refused, "-"))
	}
}

// Without an organization, accounts reach themselves only.
func TestReachStandalone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(store.Tx.Clear)
	by := w.by(management, "GetAccountInformation")
	_, err := w.service.GetAccountInformation(w.Context(), by, &awsaccount.GetAccountInformationInput{AccountId: of(member)})
	w.expect("a member of none", err, "AccessDeniedException", "User: "+by.Principal.ARN+notAuthorized)
}

// The owner can change the account's name, and the management account those of
// members, who see it in their own history.
func TestPutAccountName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(caller, id, name string) error {
		_, err := w.service.PutAccountName(w.Context(), w.by(caller, "PutAccountName"), &awsaccount.PutAccountNameInput{AccountId: of(id), AccountName: &name})
		return err
	}
	name := func(id string) string {
		out, err := w.service.GetAccountInformation(w.Context(), w.by(id, "GetAccountInformation"), &awsaccount.GetAccountInformationInput{})
		w.expect("reading", err, "", "")
		return aws.ToString(out.AccountName)
	}
	w.expect("its own", put(member, "", "Production 2"), "", "")
	if got := name(member); got != "Production 2" {
		t.Errorf("called %q", got)
	}
	if n := len(w.events(management)); n != 0 {
		t.Errorf("%d events of the management account for what a member does", n)
	}
	w.expect("a member's", put(management, member, "Production 3"), "", "")
	if got := name(member); got != "Production 3" || name(management) != "Example Corp" {
		t.Errorf("called %q", got)
	}
	if mine, theirs := len(w.events(management)), len(w.events(member)); mine != 1 || theirs != 2 {
		t.Errorf("%d events of the management account and %d of the member", mine, theirs)
	}
	w.expect("what is no name", put(member, "", "<b>"), "ValidationException",
		`account name "<b>" must be 1 to 50 printable ASCII characters without < and >`)
	w.expect("a sibling's", put(member, sibling, "Mine"), "AccessDeniedException",
		"User: arn:aws:iam::"+member+":root is not authorized to perform: account:PutAccountName")
	if name(sibling) != "Sandbox" || name(member) != "Production 3" {
		t.Error("what was refused was done")
	}
}

func TestGovCloud(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := func(caller, id string) error {
		_, err := w.service.GetGovCloudAccountInformation(w.Context(), w.by(caller, "GetGovCloudAccountInformation"),
			&awsaccount.GetGovCloudAccountInformationInput{StandardAccountId: of(id)})
		return err
	}
	w.expect("a member's", get(management, member), "ResourceNotFoundException", "GovCloud Account ID not found for Standard Account - "+member+".")
	w.expect("its own", get(member, ""), "ResourceNotFoundException", "GovCloud Account ID not found for Standard Account - "+member+".")
	w.expect("a sibling's", get(member, sibling), "AccessDeniedException",
		"User: arn:aws:iam::"+member+":root is not authorized to perform: account:GetGovCloudAccountInformation")
}
