package iam_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// The report's columns, and what stands in them for each sort of credential
// (behaviours.md 5.8).
func TestCredentialReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := w.user("Bob")
	w.user("alice")
	w.user("new")
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	w.update(func(tx store.Tx) error {
		if err := tx.PutPassword(credential.Password{Owner: iam.PasswordOf(bob.ID), Hash: "h", SetAt: day(1)}); err != nil {
			return err
		}
		fresh, err := tx.IAMUserByName(acct, "new")
		if err != nil {
			return err
		}
		if err := tx.PutPassword(credential.Password{Owner: iam.PasswordOf(fresh.ID), Hash: "h", SetAt: day(1)}); err != nil {
			return err
		}
		if err := tx.PutPasswordPolicy(iam.PasswordPolicy{Account: acct, MaxAgeDays: 90}); err != nil {
			return err
		}
		if err := tx.PutMFADevice(iam.MFADevice{Serial: "arn:aws:iam::" + acct + ":mfa/Bob", Account: acct, Kind: iam.VirtualMFA, User: bob.ID, EnabledAt: day(1), CreatedAt: day(1)}); err != nil {
			return err
		}
		for _, k := range []iam.AccessKey{
			{ID: "AKIA1", Account: acct, User: bob.ID, Active: true, CreatedAt: day(2)}, {ID: "AKIA2", Account: acct, User: bob.ID, CreatedAt: day(3)},
		} {
			if err := tx.PutAccessKey(k); err != nil {
				return err
			}
		}
		if err := tx.PutSigningCertificate(iam.SigningCertificate{ID: "CERT", Account: acct, User: bob.ID, Body: "b", Hash: "h", Active: true, UploadedAt: day(4)}); err != nil {
			return err
		}
		return tx.PutUses([]iam.Use{
			{Account: acct, Entity: bob.ID, Service: "signin", Action: "ConsoleLogin", At: day(5)},
			{Account: acct, Entity: bob.ID, AccessKey: "AKIA1", Service: "sts", Action: "GetCallerIdentity", Region: "eu-west-1", At: day(6)},
			{Account: acct, Entity: acct, Service: "signin", Action: "ConsoleLogin", At: day(7)},
		})
	})
	generate := func() string {
		return string(must(w.service.GenerateCredentialReport(t.Context(), w.root(), &awsiam.GenerateCredentialReportInput{})).State)
	}
	get := func() (*awsiam.GetCredentialReportOutput, error) {
		return w.service.GetCredentialReport(t.Context(), w.root(), &awsiam.GetCredentialReportInput{})
	}
	_, err := get()
	w.expect("none", err, "ReportNotPresent", "The credential report for account "+acct+" does not exist. Generate it first.")
	if got := generate(); got != "STARTED" {
		t.Errorf("State %s, want STARTED", got)
	}
	report := must(get())
	if report.ReportFormat != "text/csv" || !report.GeneratedTime.Equal(start.Truncate(time.Second)) {
		t.Errorf("%s of %v", report.ReportFormat, report.GeneratedTime)
	}
	rows := must(csv.NewReader(strings.NewReader(string(report.Content))).ReadAll())
	none := "false,N/A,N/A,N/A,N/A"
	want := []string{
		"user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
			"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
			"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
			"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated",
		"<root_account>,arn:aws:iam::111122223333:root,2026-11-22T09:00:00+00:00,not_supported,2026-11-29T09:00:00+00:00,not_supported,not_supported,false," +
			none + "," + none + ",false,N/A,false,N/A",
		"alice,arn:aws:iam::111122223333:user/alice,2026-11-22T09:00:00+00:00,false,N/A,N/A,N/A,false," + none + "," + none + ",false,N/A,false,N/A",
		"Bob,arn:aws:iam::111122223333:user/Bob,2026-11-22T09:00:00+00:00,true,2026-11-27T09:00:00+00:00,2026-11-23T09:00:00+00:00,2027-02-21T09:00:00+00:00,true," +
			"true,2026-11-24T09:00:00+00:00,2026-11-28T09:00:00+00:00,eu-west-1,sts,false,2026-11-25T09:00:00+00:00,N/A,N/A,N/A," +
			"true,2026-11-26T09:00:00+00:00,false,N/A",
		"new,arn:aws:iam::111122223333:user/new,2026-11-22T09:00:00+00:00,true,no_information,2026-11-23T09:00:00+00:00,2027-02-21T09:00:00+00:00,false," + none + "," + none + ",false,N/A,false,N/A",
	}
	for i, row := range rows {
		if i >= len(want) || strings.Join(row, ",") != want[i] {
			t.Errorf("row %d: %v", i, row)
		}
	}
	if len(rows) != len(want) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}

	// A report is good for four hours, and no other is made meanwhile.
	w.user("later")
	w.clock.Advance(4*time.Hour - time.Microsecond)
	if got := generate(); got != "COMPLETE" {
		t.Errorf("State %s, want COMPLETE", got)
	}
	if again := must(get()); string(again.Content) != string(report.Content) {
		t.Error("another report within four hours")
	}
	w.clock.Advance(time.Microsecond)
	_, err = get()
	w.expect("old", err, "ReportExpired", "The credential report for account "+acct+" has expired. Generate a new one.")
	if got := generate(); got != "STARTED" {
		t.Errorf("State %s, want STARTED again", got)
	}
	if again := must(get()); !strings.Contains(string(again.Content), "\nlater,") {
		t.Error("the new report is the old one")
	}
	// Another account has none of this.
	_, err = w.service.GetCredentialReport(t.Context(), w.other(), &awsiam.GetCredentialReportInput{})
	w.expect("other", err, "ReportNotPresent", "The credential report for account "+otherAcct+" does not exist. Generate it first.")
}

// The report goes on where a page of users ends.
func TestCredentialReportOfMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const users = 1001
	w.update(func(tx store.Tx) error {
		for i := range users {
			u := iam.User{ID: arn.NewUniqueID(arn.PrefixUser, acct), Account: acct, Path: "/", Name: fmt.Sprintf("user%04d", i), CreatedAt: start}
			if err := tx.PutIAMUser(u); err != nil {
				return err
			}
		}
		return nil
	})
	must(w.service.GenerateCredentialReport(t.Context(), w.root(), &awsiam.GenerateCredentialReportInput{}))
	out := must(w.service.GetCredentialReport(t.Context(), w.root(), &awsiam.GetCredentialReportInput{}))
	rows := must(csv.NewReader(strings.NewReader(string(out.Content))).ReadAll())
	if last := rows[len(rows)-1][0]; len(rows) != users+2 || last != "user1000" {
		t.Errorf("%d rows, the last of %s", len(rows), last)
	}
}
