package iam_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// accountSizes are how many users the account has; what an operation costs must
// not grow from one to the next.
var accountSizes = []int{200, 100_000}

// crowded is a world whose first account has n users, user000000 and on.
func crowded(b *testing.B, n int) *world {
	b.Helper()
	const batch = 2000
	w := newWorld(b)
	w.quota(iam.Users, 100*n)
	for from := 0; from < n; from += batch {
		w.update(func(tx store.Tx) error {
			for i := from; i < min(from+batch, n); i++ {
				u := iam.User{ID: fmt.Sprintf("AIDALOADED%06d", i), Account: acct, Path: "/", Name: fmt.Sprintf("user%06d", i), CreatedAt: start}
				if err := tx.PutIAMUser(u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return w
}

// halfway is the Marker of the page that begins in the middle of the n users.
func (w *world) halfway(n int) *string {
	w.Helper()
	in := &awsiam.ListUsersInput{}
	for left := n / 2; left > 0; left -= int(*in.MaxItems) {
		in.MaxItems = aws.Int32(int32(min(left, 1000)))
		in.Marker = must(w.service.ListUsers(w.Context(), w.root(), in)).Marker
	}
	return in.Marker
}

func BenchmarkUsers(b *testing.B) {
	for _, n := range accountSizes {
		w := crowded(b, n)
		half := w.halfway(n)
		b.Run(fmt.Sprintf("GetUser/of=%d", n), func(b *testing.B) {
			in := &awsiam.GetUserInput{UserName: aws.String(fmt.Sprintf("USER%06d", n/2))}
			for b.Loop() {
				must(w.service.GetUser(b.Context(), w.root(), in))
			}
		})
		for name, marker := range map[string]*string{"first": nil, "deep": half} {
			b.Run(fmt.Sprintf("ListUsers/page=%s/of=%d", name, n), func(b *testing.B) {
				in := &awsiam.ListUsersInput{Marker: marker, MaxItems: aws.Int32(100)}
				for b.Loop() {
					if got := must(w.service.ListUsers(b.Context(), w.root(), in)); len(got.Users) != 100 {
						b.Fatalf("%d users", len(got.Users))
					}
				}
			})
		}
		made := 0 // in all runs
		b.Run(fmt.Sprintf("CreateUser/of=%d", n), func(b *testing.B) {
			for ; b.Loop(); made++ {
				in := &awsiam.CreateUserInput{UserName: aws.String(fmt.Sprint("new", made))}
				must(w.service.CreateUser(b.Context(), w.root(), in))
			}
		})
	}
}
