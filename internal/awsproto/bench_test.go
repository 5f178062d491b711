package awsproto

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// codecFor binds an operation to its types.
func codecFor[In, Out any](tb testing.TB, api, operation string) *Codec {
	tb.Helper()
	op, ok := Service(api).Operation(operation)
	if !ok {
		tb.Fatalf("%s has no operation %s", api, operation)
	}
	c, err := op.Bind(reflect.TypeFor[In](), reflect.TypeFor[Out]())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func benchmarkDecode(b *testing.B, c *Codec, request func() *Request) {
	b.ReportAllocs()
	for b.Loop() {
		in := c.NewInput()
		if err := c.Decode(request(), in); err != nil {
			b.Fatal(err)
		}
		if v := c.Validate(in); v != nil {
			b.Fatal(v)
		}
	}
}

func benchmarkEncode(b *testing.B, c *Codec, out any) {
	b.ReportAllocs()
	for b.Loop() {
		r, err := c.Encode(out, "c6104cbe-af31-11e0-8154-cbc7ccf896c7")
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(r.Body)))
		r.Release()
	}
}

func BenchmarkGetCallerIdentity(b *testing.B) {
	c := codecFor[sts.GetCallerIdentityInput, sts.GetCallerIdentityOutput](b, "sts", "GetCallerIdentity")
	body := []byte("Action=GetCallerIdentity&Version=2011-06-15")
	b.Run("decode+validate", func(b *testing.B) {
		benchmarkDecode(b, c, func() *Request {
			r := &Request{Method: http.MethodPost, Body: body}
			if form, err := r.Form(); err != nil || form.Get("Action") != "GetCallerIdentity" { // as the front door does
				b.Fatal(err)
			}
			return r
		})
	})
	b.Run("encode", func(b *testing.B) {
		benchmarkEncode(b, c, &sts.GetCallerIdentityOutput{
			Account: aws.String("111122223333"), UserId: aws.String("AIDACKCEVSQ6C2EXAMPLE"),
			Arn: aws.String("arn:aws:iam::111122223333:user/taro"),
		})
	})
}

func BenchmarkGetRoleCredentials(b *testing.B) {
	c := codecFor[sso.GetRoleCredentialsInput, sso.GetRoleCredentialsOutput](b, "sso", "GetRoleCredentials")
	header := http.Header{"X-Amz-Sso_bearer_token": {"token-token-token"}}
	b.Run("decode+validate", func(b *testing.B) {
		benchmarkDecode(b, c, func() *Request {
			return &Request{Method: http.MethodGet, Header: header, RawQuery: "role_name=Admin&account_id=111122223333"}
		})
	})
	b.Run("encode", func(b *testing.B) {
		benchmarkEncode(b, c, &sso.GetRoleCredentialsOutput{RoleCredentials: &ssotypes.RoleCredentials{
			AccessKeyId: aws.String("ASIAIOSFODNN7EXAMPLE"), SecretAccessKey: aws.String("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
			SessionToken: aws.String(strings.Repeat("IQoJb3JpZ2luX2Vj", 25)), Expiration: 1767322800000,
		}})
	})
}

func BenchmarkListUsers(b *testing.B) {
	c := codecFor[iam.ListUsersInput, iam.ListUsersOutput](b, "iam", "ListUsers")
	out := &iam.ListUsersOutput{}
	for i := range 1000 {
		out.Users = append(out.Users, iamtypes.User{
			UserName: aws.String(fmt.Sprint("user-", i)), UserId: aws.String("AIDACKCEVSQ6C2EXAMPLE"), Path: aws.String("/"),
			Arn: aws.String(fmt.Sprint("arn:aws:iam::111122223333:user/user-", i)), CreateDate: aws.Time(time.Unix(1767322800, 0)),
		})
	}
	b.Run("decode+validate", func(b *testing.B) {
		body := []byte("Action=ListUsers&Version=2010-05-08&PathPrefix=%2Fengineering%2F&MaxItems=1000&Marker=abc")
		benchmarkDecode(b, c, func() *Request { return &Request{Method: http.MethodPost, Body: body} })
	})
	b.Run("encode 1000", func(b *testing.B) { benchmarkEncode(b, c, out) })
}

// BenchmarkLoad is what the first request of a service pays for its facts.
func BenchmarkLoad(b *testing.B) {
	for _, id := range []string{"sts", "sso-admin", "iam"} {
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				(&API{ID: id}).ensure()
			}
		})
	}
}
