package iam_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// accountSizes are how many users the account has; what an operation costs must
// not grow from one to the next.
var accountSizes = []int{200, 100_000} // a page deep in the middle needs 200

// crowded is a world on a database of the engine, whose first account has n users,
// user000000 and on.
func crowded(b *testing.B, c sqldb.Config, n int) *world {
	b.Helper()
	const batch = 2000
	w := newWorldIn(b, storetest.OpenAt(b, c, storetest.NewRing(b)))
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

// BenchmarkIAM is what operations cost in accounts of two sizes on both engines. A
// change waits for its commit, alone: others that wait at the same time would share it.
func BenchmarkIAM(b *testing.B) {
	sqldbtest.EachBench(b, func(b *testing.B, open func() sqldb.Config) {
		for _, n := range accountSizes {
			w := crowded(b, open(), n)
			reads(b, w, n)
			changes(b, w, n)
		}
	})
}

func reads(b *testing.B, w *world, n int) {
	b.Helper()
	half := w.halfway(n)
	w.role("Deploy")
	w.policies(110)
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
	b.Run(fmt.Sprintf("GetRole/of=%d", n), func(b *testing.B) {
		in := &awsiam.GetRoleInput{RoleName: aws.String("Deploy")}
		for b.Loop() {
			must(w.service.GetRole(b.Context(), w.root(), in))
		}
	})
	b.Run(fmt.Sprintf("ListPolicies/of=%d", n), func(b *testing.B) {
		in := &awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal, MaxItems: aws.Int32(100)}
		for b.Loop() {
			if got := must(w.service.ListPolicies(b.Context(), w.root(), in)); len(got.Policies) != 100 {
				b.Fatalf("%d policies", len(got.Policies))
			}
		}
	})
}

func changes(b *testing.B, w *world, n int) {
	b.Helper()
	made := 0 // in all runs
	b.Run(fmt.Sprintf("CreateUser/of=%d", n), func(b *testing.B) {
		for ; b.Loop(); made++ {
			in := &awsiam.CreateUserInput{UserName: aws.String(fmt.Sprint("new", made))}
			must(w.service.CreateUser(b.Context(), w.root(), in))
		}
	})
	// One of the two takes away what the other gave: attaching again changes nothing.
	b.Run(fmt.Sprintf("AttachAndDetachRolePolicy/of=%d", n), func(b *testing.B) {
		role, policyARN := aws.String("Deploy"), aws.String("arn:aws:iam::"+acct+":policy/policy000")
		for b.Loop() {
			must(w.service.AttachRolePolicy(b.Context(), w.root(), &awsiam.AttachRolePolicyInput{RoleName: role, PolicyArn: policyARN}))
			must(w.service.DetachRolePolicy(b.Context(), w.root(), &awsiam.DetachRolePolicyInput{RoleName: role, PolicyArn: policyARN}))
		}
	})
}

// policies gives the first account n customer managed policies, policy000 and on.
func (w *world) policies(n int) {
	w.Helper()
	for i := range n {
		must(w.service.CreatePolicy(w.Context(), w.root(), &awsiam.CreatePolicyInput{
			PolicyName:     aws.String(fmt.Sprintf("policy%03d", i)),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`),
		}))
	}
}
