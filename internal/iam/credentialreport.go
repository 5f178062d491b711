package iam

import (
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// CredentialReportLifetime is how long a report is good. While it is, no other
// is made (behaviours.md 5.8).
const CredentialReportLifetime = 4 * time.Hour

// FreshCredentialReport is the account's report if it is still good. Otherwise it
// is NotFound with the reason "report-not-present", or Expired.
func FreshCredentialReport(tx ReportStore, now time.Time, account string) (CredentialReport, error) {
	r, err := tx.CredentialReport(account)
	if fault.Is(err, fault.NotFound) {
		return r, fault.New(fault.NotFound, "report-not-present", "The credential report for account %s does not exist. Generate it first.", account)
	}
	if err == nil && !now.Before(r.GeneratedAt.Add(CredentialReportLifetime)) {
		err = fault.New(fault.Expired, "report-expired", "The credential report for account %s has expired. Generate a new one.", account)
	}
	return r, err
}

var credentialReportHeader = strings.Split("user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"+
	"password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"+
	"access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"+
	"access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,"+
	"cert_2_active,cert_2_last_rotated", ",")

// What stands for values that are not there.
const (
	notSupported  = "not_supported"
	noInformation = "no_information"
	notApplicable = "N/A"
)

// GenerateCredentialReport lists the root user and every IAM user of the account
// with their credentials.
func GenerateCredentialReport(tx SecretStore, now time.Time, account string) (CredentialReport, error) {
	var text strings.Builder
	g := credentialRows{tx: tx, account: account, out: csv.NewWriter(&text)}
	if err := g.out.Write(credentialReportHeader); err != nil {
		return CredentialReport{}, err
	}
	if err := g.all(); err != nil {
		return CredentialReport{}, err
	}
	g.out.Flush()
	return CredentialReport{Account: account, Content: text.String(), GeneratedAt: now}, g.out.Error()
}

// credentialRows writes the rows of one report.
type credentialRows struct {
	tx      SecretStore
	account string
	policy  PasswordPolicy
	out     *csv.Writer
}

func (g *credentialRows) all() (err error) {
	if g.policy, err = PasswordPolicyOf(g.tx, g.account); err != nil {
		return err
	}
	if err := g.root(); err != nil {
		return err
	}
	for p := (page.Request{Limit: 1000}); ; {
		users, err := g.tx.IAMUsers(g.account, "/", p)
		if err != nil {
			return err
		}
		for _, u := range users.Items {
			if err := g.user(u); err != nil {
				return err
			}
		}
		if p.After = users.Next; p.After == "" {
			return nil
		}
	}
}

func (g *credentialRows) root() error {
	a, err := g.tx.Account(g.account)
	if err != nil {
		return err
	}
	used, err := PasswordLastUsed(g.tx, g.account)
	if err != nil {
		return err
	}
	row := []string{"<root_account>", arn.Root(g.account), reportTime(a.CreatedAt), notSupported, reportTimeOr(used, noInformation), notSupported, notSupported}
	return g.row(row, "")
}

func (g *credentialRows) user(u User) error {
	row := []string{u.Name, u.ARN(), reportTime(u.CreatedAt)}
	p, err := g.tx.Password(PasswordOf(u.ID))
	switch {
	case fault.Is(err, fault.NotFound):
		row = append(row, "false", notApplicable, notApplicable, notApplicable)
	case err != nil:
		return err
	default:
		used, err := PasswordLastUsed(g.tx, u.ID)
		if err != nil {
			return err
		}
		row = append(row, "true", reportTimeOr(used, noInformation), reportTime(p.SetAt), reportTimeOr(g.policy.ExpiresAt(p.SetAt), notApplicable))
	}
	return g.row(row, u.ID)
}

// row adds what the root user, who is "", and IAM users have alike.
func (g *credentialRows) row(row []string, user string) error {
	devices, err := g.tx.MFADevicesOf(g.account, user)
	if err != nil {
		return err
	}
	row = append(row, strconv.FormatBool(len(devices) > 0))
	keys, err := g.tx.AccessKeysOf(g.account, user)
	if err != nil {
		return err
	}
	for i := range maxAccessKeys {
		cells := []string{"false", notApplicable, notApplicable, notApplicable, notApplicable}
		if i < len(keys) {
			if cells, err = g.accessKey(keys[i]); err != nil {
				return err
			}
		}
		row = append(row, cells...)
	}
	certificates, err := g.tx.SigningCertificates(g.account, user)
	if err != nil {
		return err
	}
	for i := range maxSigningCertificates {
		cells := []string{"false", notApplicable}
		if i < len(certificates) {
			cells = []string{strconv.FormatBool(certificates[i].Active), reportTime(certificates[i].UploadedAt)}
		}
		row = append(row, cells...)
	}
	return g.out.Write(row)
}

func (g *credentialRows) accessKey(k AccessKey) ([]string, error) {
	cells := []string{strconv.FormatBool(k.Active), reportTime(k.CreatedAt), notApplicable, notApplicable, notApplicable}
	use, err := g.tx.AccessKeyUse(k.ID)
	if fault.Is(err, fault.NotFound) {
		return cells, nil
	}
	if err != nil {
		return nil, err
	}
	cells[2], cells[4] = reportTime(use.At), use.Service
	if use.Region != "" {
		cells[3] = use.Region
	}
	return cells, nil
}

func reportTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

func reportTimeOr(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return reportTime(t)
}
