package iam

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// OrgReport says which services the service control policies let accounts of the
// organization use, and when their identities last did.
type OrgReport struct {
	ID        string // a UUID
	Account   string // that asked for it
	CreatedAt time.Time
	// Failure is why there is nothing in it; "" if all is well.
	Failure  string               `json:",omitempty"`
	Services []OrgAccessedService `json:",omitempty"` // in order of namespace
}

// OrgAccessedService is a service that the policies allow.
type OrgAccessedService struct {
	Namespace string // as actions name it: "iam"
	// At is when it was last used; zero for never. The rest is of that use.
	At       time.Time
	Region   string `json:",omitempty"`
	Path     string `json:",omitempty"` // of the account: o-…/r-…/<account>
	Entities int    `json:",omitempty"` // how many users, roles and root users used it
}

// OrgReportLifetime is how long such a report can be read.
const OrgReportLifetime = 24 * time.Hour

// maxOrgReports is how many an account may have at a time.
const maxOrgReports = 1000

// ServiceUse is the use of a service by all identities of an account.
type ServiceUse struct {
	Service  string
	At       time.Time // of the last use
	Region   string    // of that
	Entities int
}

// OrgReportStore keeps organizations' access reports.
type OrgReportStore interface {
	// OrgReport returns the account's report, or NotFound.
	OrgReport(account, id string) (OrgReport, error)
	// OrgReportCount is how many the account has.
	OrgReportCount(account string) (int, error)
	// PutOrgReport keeps it until it is OrgReportLifetime old.
	PutOrgReport(r OrgReport) error
	// UsesIn returns what the account's identities used since then, in order of service.
	UsesIn(account string, since time.Time) ([]ServiceUse, error)
}

// OrgReportTx is what it takes to make such a report.
type OrgReportTx interface {
	Store
	account.Store
	org.Store
}

// NewOrgReport makes a report about what entityPath names, for the management
// account: o-…/r-… is all accounts but the management account, and o-…/r-…/<account
// id> one account. With a control policy's id, it is about what that one allows and
// about accounts to which it applies. Who is not the management account is Denied;
// a path or policy that does not exist makes a report that says so.
func NewOrgReport(tx OrgReportTx, now time.Time, caller, entityPath, policyID string) (OrgReport, error) {
	o, err := managing(tx, caller)
	if err != nil {
		return OrgReport{}, err
	}
	have, err := tx.OrgReportCount(caller)
	if err != nil {
		return OrgReport{}, err
	}
	if have >= maxOrgReports {
		return OrgReport{}, fault.New(fault.Limit, "report-limit", "The request failed because the maximum number of concurrent reports for the account was reached.")
	}
	r := orgReporting{tx: tx, org: o, report: OrgReport{ID: newUUID(), Account: caller, CreatedAt: now}}
	err = r.make(strings.TrimSuffix(entityPath, "/"), policyID)
	if f, ok := fault.As(err); ok && f.Reason == "organization-report" {
		r.report.Failure, err = f.Public, nil
	}
	return r.report, err
}

// managing is the organization that the account manages.
func managing(tx org.Store, caller string) (org.Organization, error) {
	o, err := tx.OrganizationManagedBy(caller)
	if fault.Is(err, fault.NotFound) {
		return o, fault.New(fault.Denied, "not-management", "Only the management account of an organization can have reports about it.")
	}
	return o, err
}

// orgReporting is a report being made.
type orgReporting struct {
	tx       OrgReportTx
	org      org.Organization
	report   OrgReport
	accounts []account.Account // that it is about
}

func failed(format string, args ...any) error {
	return fault.New(fault.NotFound, "organization-report", format, args...)
}

func (r *orgReporting) make(entityPath, policyID string) error {
	root := r.org.ID + "/" + r.org.Root
	rest, ok := strings.CutPrefix(entityPath, root)
	if !ok {
		return failed("The entity path %s does not exist in the organization.", entityPath)
	}
	all, err := page.All(func(p page.Request) (page.Page[account.Account], error) {
		return r.tx.AccountsOfOrganization(r.org.ID, p)
	})
	if err != nil {
		return err
	}
	levels := []string{r.org.Root}
	if rest == "" {
		r.accounts = slices.DeleteFunc(all, func(a account.Account) bool { return a.ID == r.org.ManagementAccount })
	} else {
		i := slices.IndexFunc(all, func(a account.Account) bool { return "/"+a.ID == rest })
		if i < 0 {
			return failed("The entity path %s does not exist in the organization.", entityPath)
		}
		r.accounts, levels = all[i:i+1], org.Levels(all[i])
		if all[i].ID == r.org.ManagementAccount {
			levels, policyID = nil, "" // service control policies do not reach it
		}
	}
	allowed, err := r.allowed(levels, policyID)
	if err != nil {
		return err
	}
	for _, namespace := range awsmanaged.Services() {
		if allowed(namespace) {
			r.report.Services = append(r.report.Services, OrgAccessedService{Namespace: namespace})
		}
	}
	return r.uses(root)
}

// allowed tells which services the policies on the levels allow, or the one that
// is asked for. It leaves only the accounts to which that applies.
func (r *orgReporting) allowed(levels []string, policyID string) (func(namespace string) bool, error) {
	if policyID == "" {
		return r.allowedOn(levels)
	}
	p, err := org.Find(r.tx, r.org.ID, policyID)
	if fault.Is(err, fault.NotFound) || err == nil && p.Type != org.ServiceControl {
		return nil, failed("The service control policy %s does not exist in the organization.", policyID)
	}
	if err != nil {
		return nil, err
	}
	targets, err := page.All(func(q page.Request) (page.Page[string], error) { return r.tx.OrgPolicyTargets(r.org.ID, p.ID, q) })
	if err != nil {
		return nil, err
	}
	r.accounts = slices.DeleteFunc(slices.Clone(r.accounts), func(a account.Account) bool {
		return !slices.ContainsFunc(org.Levels(a), func(level string) bool { return slices.Contains(targets, level) })
	})
	return allowedBy([]org.Policy{p})
}

// allowedOn tells what is left after each level has allowed it.
func (r *orgReporting) allowedOn(levels []string) (func(namespace string) bool, error) {
	var all []func(string) bool
	if !r.org.Enabled(org.ServiceControl) {
		levels = nil
	}
	for _, level := range levels {
		policies, err := org.PoliciesOn(r.tx, r.org.ID, level, org.ServiceControl)
		if err != nil {
			return nil, err
		}
		allows, err := allowedBy(policies)
		if err != nil {
			return nil, err
		}
		all = append(all, allows)
	}
	return func(namespace string) bool {
		return !slices.ContainsFunc(all, func(allows func(string) bool) bool { return !allows(namespace) })
	}, nil
}

// allowedBy tells what policies on one level allow: what one of them grants some of
// and none denies all of.
func allowedBy(policies []org.Policy) (func(namespace string) bool, error) {
	parsed, documents := make([]*policy.Policy, len(policies)), make([]string, len(policies))
	for i, p := range policies {
		var err error
		if parsed[i], err = policy.Parse(policy.ServiceControlPolicy, p.Document); err != nil {
			return nil, failed("The service control policy %s cannot be read.", p.ID)
		}
		documents[i] = p.Document
	}
	return func(namespace string) bool {
		grants := slices.ContainsFunc(parsed, func(p *policy.Policy) bool { return p.Grants(namespace) })
		return grants && !denied(documents, namespace)
	}, nil
}

// denied reports whether a statement denies all of the service whatever the
// circumstances.
func denied(documents []string, namespace string) bool {
	for _, d := range documents {
		statements, err := Statements(d)
		if err != nil {
			return true // as one that cannot be read denies everything
		}
		for _, s := range statements {
			if s.Deny && len(s.Conditions) == 0 && !s.NotResource && slices.Contains(s.Resources, "*") && s.takesAll(namespace) {
				return true
			}
		}
	}
	return false
}

// takesAll reports whether the statement is about every action of the service.
func (s PolicyStatement) takesAll(namespace string) bool {
	if s.NotAction {
		return !slices.ContainsFunc(s.Actions, func(a string) bool {
			service, _, _ := strings.Cut(strings.ToLower(a), ":")
			head, _, wild := strings.Cut(service, "*")
			return service == namespace || wild && strings.HasPrefix(namespace, head) || strings.Contains(service, "?")
		})
	}
	return slices.ContainsFunc(s.Actions, func(a string) bool { return a == "*" || a == "*:*" || strings.EqualFold(a, namespace+":*") })
}

// uses fills in who used what.
func (r *orgReporting) uses(root string) error {
	places := make(map[string]*OrgAccessedService, len(r.report.Services))
	for i := range r.report.Services {
		places[r.report.Services[i].Namespace] = &r.report.Services[i]
	}
	for _, a := range r.accounts {
		uses, err := r.tx.UsesIn(a.ID, r.report.CreatedAt.Add(-trackingPeriod))
		if err != nil {
			return err
		}
		for _, u := range uses {
			s := places[u.Service]
			if s == nil {
				continue // not allowed (any more)
			}
			s.Entities += u.Entities
			if u.At.After(s.At) {
				s.At, s.Region, s.Path = u.At, u.Region, root+"/"+a.ID
			}
		}
	}
	return nil
}

// ReadOrgReport is the account's report. Who is not the management account any
// more is Denied.
func ReadOrgReport(tx OrgReportTx, account, id string) (OrgReport, error) {
	if _, err := managing(tx, account); err != nil {
		return OrgReport{}, err
	}
	r, err := tx.OrgReport(account, id)
	if fault.Is(err, fault.NotFound) {
		return r, fault.New(fault.NotFound, "no-organization-report", "The job with id %s cannot be found.", id).Wrap(err)
	}
	return r, err
}

// NotAccessed is how many of the services were not used.
func (r OrgReport) NotAccessed() (n int) {
	for _, s := range r.Services {
		if s.At.IsZero() {
			n++
		}
	}
	return n
}
