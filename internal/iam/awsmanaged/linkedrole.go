package awsmanaged

import (
	_ "embed" // the table
	"strings"
	"sync"
)

// linkedRolesData has a line for each role: service principal, role name, name of
// the managed policy, "suffix" if the role may have one, and description. It is
// kept by hand, in order, from AWS's user guides and from what AWS answered others.
//
//go:embed data/service-linked-roles.tsv
var linkedRolesData string

// SLR is how the role looks that a service links to itself. Its path is
// /aws-service-role/<service name>/, its trust policy allows sts:AssumeRole to
// the service, and its sessions last at most an hour.
type SLR struct {
	ServiceName string // the principal, such as "autoscaling.amazonaws.com"
	RoleName    string // such as "AWSServiceRoleForAutoScaling"
	PolicyARN   string // the one policy attached to it
	// CustomSuffix says that an account may have several, told apart by
	// "_<suffix>" after the name. Other services answer one with InvalidInput
	// "Custom suffix is not allowed for <service name>".
	CustomSuffix bool
	// Description is what the role has if the service itself made it; "" if that is
	// not known. CreateServiceLinkedRole takes the caller's and adds nothing.
	Description string
}

var linkedRoles = sync.OnceValue(func() map[string]SLR {
	all := map[string]SLR{}
	for line := range strings.Lines(linkedRolesData) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all[f[0]] = SLR{
			ServiceName: f[0], RoleName: f[1], PolicyARN: arnPrefix + SLRPath + f[2],
			CustomSuffix: f[3] == "suffix", Description: f[4],
		}
	}
	return all
})

// ServiceLinkedRole is the role of a service, by its principal (in lower case),
// if its name is well known. Services that are not here may have one too.
func ServiceLinkedRole(service string) (SLR, bool) {
	r, ok := linkedRoles()[service]
	return r, ok
}
