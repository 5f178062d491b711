package iam_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/call"
	"sekisho/internal/store"
)

// An account has one alias, another replaces it, and no two accounts have the
// same (behaviours.md 5.6).
func TestAccountAlias(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := func(c *call.Call, alias string) error {
		_, err := w.service.CreateAccountAlias(t.Context(), c, &awsiam.CreateAccountAliasInput{AccountAlias: &alias})
		return err
	}
	remove := func(c *call.Call, alias string) error {
		_, err := w.service.DeleteAccountAlias(t.Context(), c, &awsiam.DeleteAccountAliasInput{AccountAlias: &alias})
		return err
	}
	has := func(what string, c *call.Call, want ...string) {
		t.Helper()
		out := must(w.service.ListAccountAliases(t.Context(), c, &awsiam.ListAccountAliasesInput{MaxItems: aws.Int32(1)}))
		if !slices.Equal(out.AccountAliases, want) || out.AccountAliases == nil || out.IsTruncated || out.Marker != nil {
			t.Errorf("%s: %+v", what, out)
		}
	}
	has("none", w.root())
	w.expect("the first", create(w.root(), "example-corp"), "", "")
	has("the first", w.root(), "example-corp")
	has("another account's", w.other())
	w.expect("taken by another", create(w.other(), "example-corp"), "EntityAlreadyExists", "The account alias example-corp already exists.")
	w.expect("the same again", create(w.root(), "example-corp"), "EntityAlreadyExists", "The account alias example-corp already exists.")
	w.expect("another in its place", create(w.root(), "example"), "", "")
	has("another in its place", w.root(), "example")
	w.expect("what is free again", create(w.other(), "example-corp"), "", "")
	w.expect("delete what one had", remove(w.root(), "example-corp"), "NoSuchEntity", "The account alias example-corp cannot be found.")
	w.expect("an account id", create(w.root(), "999999999999"), "InvalidInput",
		`account alias "999999999999" must be 3 to 63 lower-case letters, digits and single hyphens, and not 12 digits`)
	w.expect("delete", remove(w.root(), "example"), "", "")
	has("after deletion", w.root())
	w.expect("delete again", remove(w.root(), "example"), "NoSuchEntity", "The account alias example cannot be found.")
	// What else is known of the account stays.
	w.view(func(tx store.Tx) error {
		a, err := tx.Account(acct)
		if a.Name != "Example Corp" || a.Email != "root+"+acct+"@example.com" || a.Alias != "" {
			t.Errorf("%+v", a)
		}
		return err
	})
}
