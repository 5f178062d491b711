package org

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// TrustedService is an AWS service that the organization lets work in all of its
// accounts.
type TrustedService struct {
	Service string // its principal
	Since   time.Time
}

// TrustStore keeps which services are trusted.
type TrustStore interface {
	// TrustedService returns it, or NotFound.
	TrustedService(organization, service string) (TrustedService, error)
	// TrustedServices pages through them in order of name.
	TrustedServices(organization string, p page.Request) (page.Page[TrustedService], error)
	// PutTrustedService creates it or does nothing.
	PutTrustedService(organization string, s TrustedService) error
	// DeleteTrustedService removes it if it is there.
	DeleteTrustedService(organization, service string) error
}

// Trusts reports whether the service is trusted.
func Trusts(tx Store, o Organization, service string) (bool, error) {
	_, err := tx.TrustedService(o.ID, service)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// EnableTrust lets a service work in the organization; twice is no error.
func EnableTrust(tx Store, o Organization, service string, now time.Time) error {
	if _, err := recognized(service); err != nil {
		return err
	}
	if o.Features != AllFeatures {
		return errNotAllFeatures
	}
	return tx.PutTrustedService(o.ID, TrustedService{service, now})
}

// DisableTrust ends it. While accounts administer the service, or policies of a
// type that it works by are enabled, it cannot.
func DisableTrust(tx Store, o Organization, service string) error {
	s, err := recognized(service)
	if err != nil {
		return err
	}
	if o.Features != AllFeatures {
		return errNotAllFeatures
	}
	delegates, err := tx.Delegates(o.ID, service, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	if len(delegates.Items) > 0 {
		return constraint("DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", "You must deregister all delegated administrators of %s before you disable its access.", service)
	}
	if s.policies != "" && o.Enabled(s.policies) {
		return constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", "You must disable the policy type %s before you disable the access of %s.", s.policies, service)
	}
	return tx.DeleteTrustedService(o.ID, service)
}

var errNotAllFeatures = constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "The organization must have all features enabled.")

func recognized(service string) (integration, error) {
	s, ok := integrations[service]
	if !ok {
		return s, invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
	}
	return s, nil
}

// integration is what Organizations knows of a service that works with it.
type integration struct {
	exclusive bool       // at most one account administers it
	policies  PolicyType // that need it to be trusted
}

// integrations are the services that AWS's user guide lists as working with
// Organizations ("AWS services that you can use with AWS Organizations").
var integrations = map[string]integration{
	"access-analyzer.amazonaws.com":                      {exclusive: true},
	"account.amazonaws.com":                              {},
	"agentless.inspector2.amazonaws.com":                 {},
	"aiops.amazonaws.com":                                {},
	"auditmanager.amazonaws.com":                         {},
	"aws-artifact-account-sync.amazonaws.com":            {},
	"backup.amazonaws.com":                               {},
	"bedrock.amazonaws.com":                              {policies: "BEDROCK_POLICY"},
	"billing-cost-management.amazonaws.com":              {},
	"chatbot.amazonaws.com":                              {policies: "CHATBOT_POLICY"},
	"cloudtrail.amazonaws.com":                           {},
	"compute-optimizer.amazonaws.com":                    {exclusive: true},
	"config-multiaccountsetup.amazonaws.com":             {},
	"config.amazonaws.com":                               {},
	"controltower.amazonaws.com":                         {},
	"cost-optimization-hub.bcm.amazonaws.com":            {},
	"detective.amazonaws.com":                            {exclusive: true},
	"devops-guru.amazonaws.com":                          {},
	"ds.amazonaws.com":                                   {},
	"ec2.amazonaws.com":                                  {policies: "DECLARATIVE_POLICY_EC2"},
	"ec2.capacitymanager.amazonaws.com":                  {},
	"fms.amazonaws.com":                                  {},
	"guardduty.amazonaws.com":                            {exclusive: true},
	"health.amazonaws.com":                               {},
	"iam.amazonaws.com":                                  {},
	"inspector2.amazonaws.com":                           {exclusive: true, policies: "INSPECTOR_POLICY"},
	"ipam.amazonaws.com":                                 {exclusive: true},
	"license-management.marketplace.amazonaws.com":       {},
	"license-manager-linux-subscriptions.amazonaws.com":  {},
	"license-manager.amazonaws.com":                      {},
	"license-manager.member-account.amazonaws.com":       {},
	"macie.amazonaws.com":                                {exclusive: true},
	"malware-protection.guardduty.amazonaws.com":         {},
	"member.org.stacksets.cloudformation.amazonaws.com":  {},
	"mpa.amazonaws.com":                                  {},
	"network-security-director.amazonaws.com":            {policies: "NETWORK_SECURITY_DIRECTOR_POLICY"},
	"networkflowmonitor.amazonaws.com":                   {},
	"networkmanager.amazonaws.com":                       {},
	"notifications.amazonaws.com":                        {},
	"observabilityadmin.amazonaws.com":                   {},
	"opsdatasync.ssm.amazonaws.com":                      {},
	"private-marketplace.marketplace.amazonaws.com":      {},
	"procurement-insights.marketplace.amazonaws.com":     {},
	"q.amazonaws.com":                                    {},
	"ram.amazonaws.com":                                  {},
	"reachabilityanalyzer.networkinsights.amazonaws.com": {},
	"reporting.trustedadvisor.amazonaws.com":             {},
	"resource-explorer-2.amazonaws.com":                  {exclusive: true},
	"s3.amazonaws.com":                                   {},
	"security-ir.amazonaws.com":                          {},
	"securityhub.amazonaws.com":                          {exclusive: true, policies: "SECURITYHUB_POLICY"},
	"securitylake.amazonaws.com":                         {exclusive: true},
	"servicecatalog.amazonaws.com":                       {},
	"servicequotas.amazonaws.com":                        {},
	"ssm-quicksetup.amazonaws.com":                       {},
	"ssm.amazonaws.com":                                  {},
	"sso.amazonaws.com":                                  {exclusive: true}, // behaviours.md 9.6
	"stacksets.cloudformation.amazonaws.com":             {},
	"storage-lens.s3.amazonaws.com":                      {},
	"tagpolicies.tag.amazonaws.com":                      {},
	"transform.amazonaws.com":                            {},
	"wellarchitected.amazonaws.com":                      {},
}
