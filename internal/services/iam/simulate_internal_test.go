package iam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
)

// costly are requests that ask for as much work as fits in 190 KB, each of
// another kind.
func costly() map[string]*awsiam.SimulateCustomPolicyInput {
	repeat := strings.Repeat
	policyOf := func(statements ...string) []string {
		return []string{`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`}
	}
	some := func(n int, of func(i int) string) []string {
		var out []string
		for i := range n {
			out = append(out, of(i))
		}
		return out
	}
	conditional := func(operator string, values ...string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{%q:{"aws:x":["%s"]}}}`, operator, strings.Join(values, `","`))
	}
	list := func(values []string) []types.ContextEntry {
		return []types.ContextEntry{{ContextKeyName: aws.String("aws:x"), ContextKeyType: types.ContextKeyTypeEnumStringList, ContextKeyValues: values}}
	}
	same := func(n int, s string) []string { return slices.Repeat([]string{s}, n) }
	actions := same(1000, "s3:GetObject")
	resource := func(pattern string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::%s"}`, pattern)
	}
	return map[string]*awsiam.SimulateCustomPolicyInput{
		"nothing much": {PolicyInputList: policyOf(`{"Effect":"Allow","Action":"*","Resource":"*"}`), ActionNames: actions},
		"statements of other actions": {ActionNames: actions, PolicyInputList: policyOf(some(1200, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":["ec2:Run%d","ec2:Stop*"],"Resource":"*"}`, i)
		})...)},
		"actions with stars": {ActionNames: same(1000, "s3:"+repeat("a", 60)), PolicyInputList: policyOf(some(1200, func(int) string {
			return `{"Effect":"Allow","Action":"s3:*` + repeat("a", 30) + `b","Resource":"*"}`
		})...)},
		"many statements, values and actions": {ActionNames: actions, PolicyInputList: policyOf(some(700, func(int) string {
			return conditional("StringLike", "*a*b*c")
		})...), ContextEntries: list(same(50, repeat("a", 250)))},
		"long patterns with question marks": {ActionNames: actions[:100], PolicyInputList: policyOf(conditional("ForAnyValue:StringLike", same(50, "*"+repeat("a?", 200)+"*b")...)),
			ContextEntries: list(same(100, repeat("a", 1000)))},
		"the same in values that are not ASCII": {ActionNames: actions[:100], PolicyInputList: policyOf(conditional("ForAnyValue:StringLike", same(5, "*"+repeat("a?", 200)+"c*b")...)),
			ContextEntries: list(same(20, repeat("a", 1000)+"é"))},
		"variables": {ActionNames: actions[:100], PolicyInputList: policyOf(conditional("ForAnyValue:StringLike", same(5, "*"+repeat("${aws:y}", 100)+"b*")...)),
			ContextEntries: append(list(same(10, repeat("a", 1000))), types.ContextEntry{ContextKeyName: aws.String("aws:y"), ContextKeyType: "string", ContextKeyValues: []string{"aaaa"}})},
		"ignoring case": {ActionNames: actions, PolicyInputList: policyOf(conditional("ForAnyValue:StringEqualsIgnoreCase", same(200, repeat("a", 500)+"b")...)),
			ContextEntries: list(same(150, repeat("A", 500)+"C"))},
		"dates": {ActionNames: actions, PolicyInputList: policyOf(conditional("ForAnyValue:DateEquals", same(2000, "2026-01-02T03:04:05Z")...)),
			ContextEntries: list(same(400, "2027-01-02T03:04:05Z"))},
		"ARNs": {ActionNames: actions, PolicyInputList: policyOf(conditional("ForAnyValue:ArnLike", same(1000, "arn:aws:s3:*:*:*a*a*a*b")...)),
			ContextEntries: list(same(1000, "arn:aws:s3:::"+repeat("a", 80)))},
		"resources": {ActionNames: actions, PolicyInputList: policyOf(some(800, func(int) string { return resource("*a?a*b") })...),
			ResourceArns: some(1200, func(i int) string { return fmt.Sprintf("arn:aws:s3:::%s%d", repeat("a", 80), i) })},
		"one resource as long as can be": {ActionNames: actions, PolicyInputList: policyOf(some(800, func(int) string { return resource("*a?a*b") })...),
			ResourceArns: []string{"arn:aws:s3:::" + repeat("a", 2000)}},
		"keys that are missing": {ActionNames: actions, ResourceArns: some(500, func(i int) string { return fmt.Sprintf("arn:aws:s3:::%d", i) }),
			PolicyInputList: policyOf(some(1000, func(i int) string {
				return fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:x%d":"true"}}}`, i)
			})...)},
	}
}

func caller() *call.Call {
	return &call.Call{Principal: call.Principal{Account: "111122223333"}, Event: &audit.Event{}}
}

// No page is more work than mostWork allows: it ends sooner, or is refused if one
// action would be too much (NF: a caller with the permission to simulate must not
// stop everybody else).
func TestSimulationWork(t *testing.T) {
	t.Parallel()
	for name, in := range costly() {
		m, err := customSimulation(caller(), in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in.MaxItems = aws.Int32(1000)
		each := m.weight()
		results, more, err := m.run(t.Context(), in.ActionNames, nil, in.MaxItems)
		switch {
		case each > mostWork:
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %d of work is done: %v", name, each, err)
			}
		case err != nil || len(results) == 0 || len(results)*each > mostWork || (len(results) < len(in.ActionNames)) != (more != nil):
			t.Errorf("%s: %d results of %d of work each, more: %v, %v", name, len(results), each, more != nil, err)
		case more != nil && (len(results)+1)*each <= mostWork:
			t.Errorf("%s: the page ends after %d results of %d of work", name, len(results), each)
		}
	}
}

// BenchmarkSimulation compares the work of whole pages with the clock: "ns/work"
// is below 1 if the bound is one of time.
func BenchmarkSimulation(b *testing.B) {
	for name, in := range costly() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			m, err := customSimulation(caller(), in)
			if err != nil {
				b.Fatal(err)
			}
			each, did := m.weight(), 0
			for b.Loop() {
				m.evaluate(in.ActionNames[0])
				did++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(did)/float64(each), "ns/work")
			b.ReportMetric(float64(each), "work/op")
		})
	}
}

// An account simulates one thing at a time, whoever waits too long is sent away,
// and nothing is left of it.
func TestSimulationsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s simulations
		done, err := s.begin(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		other, err := s.begin(t.Context(), "b")
		if err != nil {
			t.Fatalf("another account: %v", err)
		}
		other()

		waited := make(chan error)
		wait := func(ctx context.Context) {
			go func() {
				end, err := s.begin(ctx, "a")
				if err == nil {
					end()
				}
				waited <- err
			}()
		}
		ctx, cancel := context.WithCancel(t.Context())
		wait(ctx)
		synctest.Wait()
		cancel()
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Errorf("gone meanwhile: %v", err)
		}
		start := time.Now()
		wait(t.Context())
		if err := <-waited; !fault.Is(err, fault.Throttled) || time.Since(start) != longestWaiting {
			t.Errorf("waiting too long: %v after %v", err, time.Since(start))
		}
		for range mostWaiting {
			wait(t.Context())
		}
		synctest.Wait()
		if _, err := s.begin(t.Context(), "a"); !fault.Is(err, fault.Throttled) {
			t.Errorf("one too many: %v", err)
		}
		done()
		for range mostWaiting {
			if err := <-waited; err != nil {
				t.Errorf("after that: %v", err)
			}
		}
		synctest.Wait()
		if len(s.lines) != 0 {
			t.Errorf("%d lines are left", len(s.lines))
		}
	})
}
