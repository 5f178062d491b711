package sts_test

import (
	"reflect"
	"testing"

	"sekisho/internal/call"
	"sekisho/internal/services/sts"
)

// GetCallerIdentity says what authn found, in the forms of behaviours.md 4.6.
func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	for _, p := range []call.Principal{
		{Kind: call.Root, Account: "111122223333", ARN: "arn:aws:iam::111122223333:root", UserID: "111122223333"},
		{Kind: call.AssumedRole, Account: "444455556666", ARN: "arn:aws:sts::444455556666:assumed-role/R/jane", UserID: "AROAEXAMPLE:jane"},
	} {
		out, err := (&sts.Service{}).GetCallerIdentity(t.Context(), &call.Call{Principal: p}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{*out.Account, *out.Arn, *out.UserId}
		if want := []string{p.Account, p.ARN, p.UserID}; !reflect.DeepEqual(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// No policy can take GetCallerIdentity away: its rule asks for a signature only.
func TestTable(t *testing.T) {
	t.Parallel()
	if r := sts.Table["GetCallerIdentity"]; r.Access != call.SignedOnly || !r.ReadOnly || r.Action != "sts:GetCallerIdentity" {
		t.Errorf("%+v", r)
	}
}
