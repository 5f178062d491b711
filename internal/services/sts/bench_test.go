package sts_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
)

// BenchmarkAssumeRole is the operation without HTTP: the decision over two
// accounts and the sealed credentials. The aim is 10,000 a second.
func BenchmarkAssumeRole(b *testing.B) {
	w := newWorld(b)
	jane := w.user(management, "jane", allow("sts:*"))
	r := w.role(production, "R", trust(management), allow("s3:*"))
	for name, in := range map[string]*awssts.AssumeRoleInput{
		"plain":  {},
		"tags":   {Tags: tags("team", "a", "unit", "b", "cost-center", "1234"), TransitiveTagKeys: []string{"team"}},
		"policy": {Policy: aws.String(allow("s3:GetObject", "s3:ListBucket"))},
	} {
		in.RoleArn, in.RoleSessionName = aws.String(r.ARN()), aws.String("session")
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			c := w.call(long(jane))
			for b.Loop() {
				if _, err := w.service.AssumeRole(b.Context(), c, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}
