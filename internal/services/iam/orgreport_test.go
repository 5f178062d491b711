package iam_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/account"
	"sekisho/internal/iam"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/org"
	service "sekisho/internal/services/iam"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const orgRoot = "o-exampleorg1/r-exam"

// reporting is a world with control policies and uses: the second account is
// under all policies, the third, in an organizational unit, under one more.
func reporting(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	scp := func(tx store.Tx, id, document string, targets ...string) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Attach(tx, o, org.Policy{ID: id, Type: org.ServiceControl, Name: id, Document: document}, targets...)
	}
	join := func(tx store.Tx, id, unit string) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Join(tx, o, id, unit)
	}
	use := func(account, service string, at time.Time) iam.Use {
		return iam.Use{Account: account, Entity: "AIDA" + account, Service: service, Action: "A" + service, Region: "eu-west-1", At: at}
	}
	w.update(func(tx store.Tx) error {
		for _, err := range []error{
			tx.PutAccount(account.Account{ID: thirdAcct, Name: "Third", Email: "root+3@example.com", Status: account.Active, CreatedAt: start}),
			join(tx, thirdAcct, "Sandbox/Dev"),
			scp(tx, "p-nosqs000", `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sqs:*","Resource":"*"}}`, "/"),
			scp(tx, "p-sandbox0", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:*","s3:*","sts:*"],"Resource":"*"},
				{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}},
				{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::x"}]}`, "Sandbox"),
			scp(tx, "p-allow000", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:*","sts:Get*"],"Resource":"*"}}`, "Sandbox/Dev"),
			tx.PutUses([]iam.Use{
				use(acct, "iam", start), use(otherAcct, "iam", start.Add(-time.Hour)), use(otherAcct, "sqs", start), use(thirdAcct, "iam", start.Add(-2*time.Hour)),
				use(thirdAcct, "sts", start.Add(-401*24*time.Hour)), use(otherAcct, "s3", start.Add(-3*time.Hour)),
			}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) orgReport(path, policyID string) *awsiam.GetOrganizationsAccessReportOutput {
	w.Helper()
	job := must(w.service.GenerateOrganizationsAccessReport(w.Context(), w.root(), &awsiam.GenerateOrganizationsAccessReportInput{
		EntityPath: &path, OrganizationsPolicyId: textOf(policyID)}))
	return must(w.service.GetOrganizationsAccessReport(w.Context(), w.root(), &awsiam.GetOrganizationsAccessReportInput{JobId: job.JobId, MaxItems: aws.Int32(1000)}))
}

func TestOrganizationsAccessReport(t *testing.T) {
	t.Parallel()
	w := reporting(t)
	all := len(awsmanaged.Services())
	type used struct {
		at       time.Time
		path     string
		entities int32
	}
	third, other, own := orgRoot+"/"+thirdAcct, orgRoot+"/"+otherAcct, orgRoot+"/"+acct
	for name, c := range map[string]struct {
		path, policy string
		services     int
		used         map[string]used
		not          []string // must not be there
	}{
		"root":    {orgRoot, "", all - 1, map[string]used{"iam": {start.Add(-time.Hour), other, 2}, "s3": {start.Add(-3 * time.Hour), other, 1}}, []string{"sqs"}},
		"slash":   {orgRoot + "/", "", all - 1, map[string]used{"iam": {start.Add(-time.Hour), other, 2}, "s3": {start.Add(-3 * time.Hour), other, 1}}, nil},
		"account": {other, "", all - 1, map[string]used{"iam": {start.Add(-time.Hour), other, 1}, "s3": {start.Add(-3 * time.Hour), other, 1}}, []string{"sqs"}},
		// Denied with a condition, or on some resources, is not denied; long ago is never.
		"in a unit":                    {third, "", 3, map[string]used{"iam": {start.Add(-2 * time.Hour), third, 1}}, []string{"sqs", "ec2"}},
		"management":                   {own, "p-nosqs000", all, map[string]used{"iam": {start, own, 1}}, nil},
		"policy of the root":           {orgRoot, "p-nosqs000", 0, map[string]used{}, nil},
		"policy of a unit":             {orgRoot, "p-allow000", 2, map[string]used{"iam": {start.Add(-2 * time.Hour), third, 1}}, nil},
		"policy of another unit":       {other, "p-allow000", 2, map[string]used{}, nil},
		"policy that allows all there": {other, org.FullAWSAccess.ID, all, map[string]used{"iam": {start.Add(-time.Hour), other, 1}, "s3": {start.Add(-3 * time.Hour), other, 1}, "sqs": {start, other, 1}}, nil},
	} {
		out := w.orgReport(c.path, c.policy)
		if out.JobStatus != types.JobStatusTypeCompleted || int(*out.NumberOfServicesAccessible) != c.services || len(out.AccessDetails) != c.services ||
			int(*out.NumberOfServicesNotAccessed) != c.services-len(c.used) || out.IsTruncated {
			t.Errorf("%s: %s, %d services, %d not accessed, %d told", name, out.JobStatus, *out.NumberOfServicesAccessible, *out.NumberOfServicesNotAccessed, len(out.AccessDetails))
		}
		for _, d := range out.AccessDetails {
			want, ok := c.used[*d.ServiceNamespace]
			if ok != (d.LastAuthenticatedTime != nil) || slices.Contains(c.not, *d.ServiceNamespace) {
				t.Errorf("%s: %s: %+v", name, *d.ServiceNamespace, d)
			} else if ok && (!d.LastAuthenticatedTime.Equal(want.at.Truncate(time.Second)) || *d.EntityPath != want.path || *d.TotalAuthenticatedEntities != want.entities || *d.Region != "eu-west-1") {
				t.Errorf("%s: %s: %s by %d at %s", name, *d.ServiceNamespace, *d.EntityPath, *d.TotalAuthenticatedEntities, d.LastAuthenticatedTime)
			}
		}
	}
	// Where FullAWSAccess was taken off, only what is allowed there is left.
	w.update(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		path, err := storetest.Unit(tx, o, "Sandbox/Dev")
		if err != nil {
			return err
		}
		return org.Detach(tx, o, org.FullAWSAccess.ID, strings.Split(path, "/")[3])
	})
	if out := w.orgReport(third, ""); *out.NumberOfServicesAccessible != 2 {
		t.Errorf("under a list of what is allowed: %d services", *out.NumberOfServicesAccessible)
	}
	for path, policyID := range map[string]string{
		"o-exampleorg2/r-exam": "", "o-exampleorg1/r-none": "", orgRoot + "/999999999999": "", orgRoot + "/ou-exam-12345678": "", orgRoot + "x": "", orgRoot: "p-missing0",
	} {
		out := w.orgReport(path, policyID)
		if out.JobStatus != types.JobStatusTypeFailed || *out.ErrorDetails.Code != "EntityNotFound" || *out.ErrorDetails.Message == "" || len(out.AccessDetails) != 0 {
			t.Errorf("%s: %+v", path, out)
		}
	}
}

func TestOrganizationsAccessReportOrder(t *testing.T) {
	t.Parallel()
	w := reporting(t)
	job := must(w.service.GenerateOrganizationsAccessReport(t.Context(), w.root(), &awsiam.GenerateOrganizationsAccessReportInput{EntityPath: aws.String(orgRoot + "/" + thirdAcct)})).JobId
	for key, want := range map[types.SortKeyType][]string{
		"": {"iam", "s3", "sts"},
		types.SortKeyTypeServiceNamespaceAscending:       {"iam", "s3", "sts"},
		types.SortKeyTypeServiceNamespaceDescending:      {"sts", "s3", "iam"},
		types.SortKeyTypeLastAuthenticatedTimeAscending:  {"s3", "sts", "iam"},
		types.SortKeyTypeLastAuthenticatedTimeDescending: {"iam", "s3", "sts"},
	} {
		var got []string
		for _, d := range listed(w, func(marker *string, most *int32) ([]types.AccessDetail, bool, *string, error) {
			out, err := w.service.GetOrganizationsAccessReport(t.Context(), w.root(), &awsiam.GetOrganizationsAccessReportInput{JobId: job, Marker: marker, MaxItems: most, SortKey: key})
			return out.AccessDetails, out.IsTruncated, out.Marker, err
		}) {
			got = append(got, *d.ServiceNamespace)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", key, got)
		}
	}
}

func TestOrganizationsAccessReportRefusals(t *testing.T) {
	t.Parallel()
	w := reporting(t)
	in := &awsiam.GenerateOrganizationsAccessReportInput{EntityPath: aws.String(orgRoot), OrganizationsPolicyId: aws.String("p-nosqs000")}
	job := must(w.service.GenerateOrganizationsAccessReport(t.Context(), w.root(), in)).JobId
	_, err := w.service.GenerateOrganizationsAccessReport(t.Context(), w.other(), in)
	w.expectDenied("a member", err, "not-management")
	_, err = w.service.GetOrganizationsAccessReport(t.Context(), w.other(), &awsiam.GetOrganizationsAccessReportInput{JobId: job})
	w.expectDenied("a member reads", err, "not-management")
	_, err = w.service.GetOrganizationsAccessReport(t.Context(), w.root(), &awsiam.GetOrganizationsAccessReportInput{JobId: aws.String("x")})
	w.expect("no job", err, "NoSuchEntity", "The job with id x cannot be found.")
	target := must(service.Names{Store: w.db}.Target(t.Context(), w.root(), service.Table["GenerateOrganizationsAccessReport"], in))
	if target.ARN != "arn:aws:iam::"+acct+":access-report/"+orgRoot || target.Keys["iam:organizationspolicyid"][0] != "p-nosqs000" {
		t.Errorf("got %+v", target)
	}
	w.update(func(tx store.Tx) error {
		for i := range 999 {
			if err := tx.PutOrgReport(iam.OrgReport{ID: string(rune('a'+i%26)) + time.Duration(i).String(), Account: acct, CreatedAt: start}); err != nil {
				return err
			}
		}
		return nil
	})
	_, err = w.service.GenerateOrganizationsAccessReport(t.Context(), w.root(), in)
	w.expect("too many", err, "ReportGenerationLimitExceeded", "The request failed because the maximum number of concurrent reports for the account was reached.")
}
