package organizations_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// A page of accounts costs the same in an organization of ten and of ten thousand,
// at its beginning and in its middle.
func BenchmarkListAccounts(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		w := newWorld(b)
		w.found("")
		w.update(func(tx store.Tx) error {
			o, err := tx.OrganizationManagedBy(management)
			if err != nil {
				return err
			}
			for i := range n {
				id := fmt.Sprintf("2%011d", i)
				a := account.Account{ID: id, Name: "Account", Email: email(id), Status: account.Active, CreatedAt: start}
				if err := org.Join(tx, o, a, o.Path(), account.Created, start); err != nil {
					return err
				}
			}
			return nil
		})
		root, token := w.root(), aws.String(page.Token(fmt.Sprintf("2%011d", n/2)))
		for name, call := range map[string]func() error{
			"ListAccounts": func() error {
				_, err := w.service.ListAccounts(b.Context(), w.by(management, "ListAccounts"), &awsorg.ListAccountsInput{NextToken: token, MaxResults: aws.Int32(5)})
				return err
			},
			"ListAccountsForParent": func() error {
				_, err := w.service.ListAccountsForParent(b.Context(), w.by(management, "ListAccountsForParent"),
					&awsorg.ListAccountsForParentInput{ParentId: &root, NextToken: token, MaxResults: aws.Int32(5)})
				return err
			},
			"ListChildren": func() error {
				_, err := w.service.ListChildren(b.Context(), w.by(management, "ListChildren"),
					&awsorg.ListChildrenInput{ParentId: &root, ChildType: types.ChildTypeAccount, MaxResults: aws.Int32(5)})
				return err
			},
			"DescribeAccount": func() error {
				_, err := w.account(fmt.Sprintf("2%011d", n/2))
				return err
			},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if err := call(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
