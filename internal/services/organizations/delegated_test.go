package organizations_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

func (r *realm) trust(service string) error {
	r.Helper()
	_, err := ask(r, root(chief), "EnableAWSServiceAccess", r.service.EnableAWSServiceAccess, &awsorg.EnableAWSServiceAccessInput{ServicePrincipal: &service})
	return err
}

func (r *realm) distrust(service string) error {
	r.Helper()
	_, err := ask(r, root(chief), "DisableAWSServiceAccess", r.service.DisableAWSServiceAccess, &awsorg.DisableAWSServiceAccessInput{ServicePrincipal: &service})
	return err
}

func (r *realm) register(id, service string) error {
	r.Helper()
	_, err := ask(r, root(chief), "RegisterDelegatedAdministrator", r.service.RegisterDelegatedAdministrator,
		&awsorg.RegisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &service})
	return err
}

func (r *realm) deregister(id, service string) error {
	r.Helper()
	_, err := ask(r, root(chief), "DeregisterDelegatedAdministrator", r.service.DeregisterDelegatedAdministrator,
		&awsorg.DeregisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &service})
	return err
}

// listPolicies is an operation that delegated administrators may call.
func (r *realm) listPolicies(p call.Principal, t types.PolicyType) error {
	r.Helper()
	_, err := ask(r, p, "ListPolicies", r.service.ListPolicies, &awsorg.ListPoliciesInput{Filter: t})
	return err
}

// One account administers Identity Center, others each service that is trusted; the
// management account and suspended ones none (F-09, G-62, behaviours.md 9.6).
func TestDelegatedAdministrators(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	r.expect("before it is trusted", r.register(prod, org.IdentityCenter), "ConstraintViolation SERVICE_ACCESS_NOT_ENABLED")
	r.expect("trusting", r.trust(org.IdentityCenter), "")
	r.expect("trusting twice", r.trust(org.IdentityCenter), "")
	r.expect("no service", r.trust("nothing.amazonaws.com"), "InvalidInput UNRECOGNIZED_SERVICE_PRINCIPAL")
	r.expect("management", r.register(chief, org.IdentityCenter), "ConstraintViolation CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
	r.expect("an outsider", r.register(outsider, org.IdentityCenter), "AccountNotFound")
	r.expect("no service", r.register(prod, "nothing.amazonaws.com"), "InvalidInput UNRECOGNIZED_SERVICE_PRINCIPAL")
	r.expect("a reader before", r.listPolicies(root(prod), scp), "AccessDenied")
	r.expect("registering", r.register(prod, org.IdentityCenter), "")
	r.expect("registering twice", r.register(prod, org.IdentityCenter), "AccountAlreadyRegistered")
	r.expect("a second", r.register(dev, org.IdentityCenter), "ConstraintViolation DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE")
	r.expect("the layer above an organization (F-11)", r.trust("controltower.amazonaws.com"), "")
	r.expect("still administered", r.distrust(org.IdentityCenter), "ConstraintViolation DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE")
	r.expect("trusting", r.trust("ram.amazonaws.com"), "")
	r.clock.Advance(time.Hour)
	for _, id := range []string{prod, dev} {
		r.expect("registering", r.register(id, "ram.amazonaws.com"), "")
	}

	// They may read, and change nothing.
	r.expect("a reader", r.listPolicies(root(prod), scp), "")
	_, err := ask(r, root(prod), "CreatePolicy", r.service.CreatePolicy, &awsorg.CreatePolicyInput{Type: scp, Name: aws.String("x"), Description: aws.String(""), Content: aws.String(noQueues)})
	r.expect("a writer", err, "AccessDenied")
	_, err = ask(r, root(prod), "EnableAWSServiceAccess", r.service.EnableAWSServiceAccess, &awsorg.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("ram.amazonaws.com")})
	r.expect("a writer", err, "AccessDenied")

	_, err = ask(r, root(prod), "ListDelegatedAdministrators", r.service.ListDelegatedAdministrators, &awsorg.ListDelegatedAdministratorsInput{ServicePrincipal: aws.String("nothing.amazonaws.com")})
	r.expect("of no service", err, "InvalidInput UNRECOGNIZED_SERVICE_PRINCIPAL")
	r.expect("deregistering management", r.deregister(chief, org.IdentityCenter), "ConstraintViolation CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")

	list := func(service string) (got []string) {
		in := &awsorg.ListDelegatedAdministratorsInput{MaxResults: aws.Int32(1)}
		if service != "" {
			in.ServicePrincipal = &service
		}
		for {
			out := must[awsorg.ListDelegatedAdministratorsOutput](t)(ask(r, root(prod), "ListDelegatedAdministrators", r.service.ListDelegatedAdministrators, in))
			for _, d := range out.DelegatedAdministrators {
				got = append(got, fmt.Sprint(*d.Id, " ", d.DelegationEnabledDate.Sub(began)))
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return got
			}
		}
	}
	for service, want := range map[string][]string{
		"": {prod + " 0s", dev + " 1h0m0s"}, org.IdentityCenter: {prod + " 0s"}, "ram.amazonaws.com": {prod + " 1h0m0s", dev + " 1h0m0s"}, "fms.amazonaws.com": nil,
	} {
		if got := list(service); !slices.Equal(got, want) {
			t.Errorf("administrators of %q: %v", service, got)
		}
	}
	services := func(id string) (*awsorg.ListDelegatedServicesForAccountOutput, error) {
		return ask(r, root(chief), "ListDelegatedServicesForAccount", r.service.ListDelegatedServicesForAccount, &awsorg.ListDelegatedServicesForAccountInput{AccountId: &id})
	}
	if out := must[awsorg.ListDelegatedServicesForAccountOutput](t)(services(prod)); len(out.DelegatedServices) != 2 || *out.DelegatedServices[1].ServicePrincipal != org.IdentityCenter {
		t.Errorf("%+v", out.DelegatedServices)
	}
	_, err = services(chief)
	r.expect("who administers nothing", err, "AccountNotRegistered")
	_, err = services(outsider)
	r.expect("an outsider", err, "AccountNotFound")

	r.expect("deregistering", r.deregister(prod, org.IdentityCenter), "")
	r.expect("deregistering again", r.deregister(prod, org.IdentityCenter), "AccountNotRegistered")
	r.expect("of another service", r.deregister(dev, org.IdentityCenter), "AccountNotRegistered")
	r.expect("an outsider", r.deregister(outsider, org.IdentityCenter), "AccountNotFound")
	r.expect("the next one", r.register(dev, org.IdentityCenter), "")
	r.expect("deregistering", r.deregister(prod, "ram.amazonaws.com"), "")
	r.expect("a reader no more", r.listPolicies(root(prod), scp), "AccessDenied")
	r.expect("deregistering", r.deregister(dev, org.IdentityCenter), "")
	r.expect("trusted no more", r.distrust(org.IdentityCenter), "")
	r.update(func(tx store.Tx) error {
		a, err := tx.Account(dev)
		if err != nil {
			return err
		}
		a.Status = account.Suspended
		return tx.PutAccount(a)
	})
	r.expect("suspended", r.register(dev, "ram.amazonaws.com"), "ConstraintViolation CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR")
}

// Trusted services are listed with when they became so; one by which enabled
// policies work stays trusted.
func TestTrustedServices(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	r.clock.Advance(time.Hour)
	r.expect("trusting", r.trust("securityhub.amazonaws.com"), "")
	r.expect("enabling", r.enable(types.PolicyTypeSecurityhubPolicy), "")
	r.expect("policies work by it", r.distrust("securityhub.amazonaws.com"), "ConstraintViolation POLICY_TYPE_ENABLED_FOR_THIS_SERVICE")
	out := must[awsorg.ListAWSServiceAccessForOrganizationOutput](t)(ask(r, root(chief), "ListAWSServiceAccessForOrganization", r.service.ListAWSServiceAccessForOrganization, &awsorg.ListAWSServiceAccessForOrganizationInput{}))
	want := []types.EnabledServicePrincipal{
		{ServicePrincipal: aws.String(org.IAM), DateEnabled: &began}, {ServicePrincipal: aws.String("securityhub.amazonaws.com"), DateEnabled: aws.Time(began.Add(time.Hour))},
	}
	if !reflect.DeepEqual(out.EnabledServicePrincipals, want) {
		t.Errorf("%+v", out.EnabledServicePrincipals)
	}
	r.expect("disabling", r.disable(types.PolicyTypeSecurityhubPolicy), "")
	r.expect("distrusting", r.distrust("securityhub.amazonaws.com"), "")
	r.expect("distrusting twice", r.distrust("securityhub.amazonaws.com"), "")
	limited := r.user(chief, "limited", statement(`"Effect":"Allow","Action":"organizations:EnableAWSServiceAccess","Resource":"*","Condition":{"StringEquals":{"organizations:ServicePrincipal":"ram.amazonaws.com"}}`))
	for service, want := range map[string]string{
		"ram.amazonaws.com": "",
		"fms.amazonaws.com": "denied because no identity-based policy allows the organizations:EnableAWSServiceAccess action",
	} {
		_, err := ask(r, limited, "EnableAWSServiceAccess", r.service.EnableAWSServiceAccess, &awsorg.EnableAWSServiceAccessInput{ServicePrincipal: &service})
		r.expect("by condition", err, want)
	}
}
