package iam

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/page"
)

// DeletionStatus is how far the deletion of a service-linked role is.
type DeletionStatus string

// The states of a task, which it never leaves: whether a role can go is known
// at once, so no task waits or is under way.
const (
	DeletionSucceeded DeletionStatus = "SUCCEEDED"
	DeletionFailed    DeletionStatus = "FAILED"
)

// DeletionTaskLifetime is how long one can ask how a deletion went.
const DeletionTaskLifetime = 30 * 24 * time.Hour

// maxTaskID is the longest id of a task (behaviours.md 1.3).
const maxTaskID = 1000

// taskPrefix begins the id of every deletion task; the service, the role's name
// and a UUID follow.
const taskPrefix = "task" + ServiceLinkedPath

// DeletionTask is how the deletion of a service-linked role went.
type DeletionTask struct {
	ID      string // task/aws-service-role/<service>/<role>/<uuid>
	Account string
	Status  DeletionStatus
	// Reason and Usage say why it failed.
	Reason    string
	Usage     []RoleUsage
	CreatedAt time.Time
}

// RoleUsage is what uses a role in a region.
type RoleUsage struct {
	Region    string
	Resources []string // ARNs
}

// DeletionTaskStore keeps deletion tasks for DeletionTaskLifetime.
type DeletionTaskStore interface {
	// DeletionTask returns the account's task, or NotFound.
	DeletionTask(account, id string) (DeletionTask, error)
	PutDeletionTask(d DeletionTask) error
}

// ServiceLinkedRoleName is the name of the role that a service has in an
// account, and whether the service is known.
func ServiceLinkedRoleName(service, suffix string) (string, bool) {
	known, ok := awsmanaged.ServiceLinkedRole(service)
	if suffix != "" {
		return known.RoleName + "_" + suffix, ok
	}
	return known.RoleName, ok
}

// CreateServiceLinkedRole makes the role that a service links to itself, with
// the service's trust and policy (behaviours.md 5.7). service is its principal,
// such as "autoscaling.amazonaws.com". It is Invalid if we do not know of a role
// of the service: what such a role may do is the service's to say, and a made-up
// one would only look as if it worked. It is Invalid, too, to have it twice.
//
// Service-linked roles count for the quota of roles, but it does not stop them.
func CreateServiceLinkedRole(tx Store, now time.Time, account, service, description, suffix string) (Role, error) {
	known, ok := awsmanaged.ServiceLinkedRole(service)
	name, _ := ServiceLinkedRoleName(service, suffix)
	switch {
	case !ok:
		return Role{}, fault.New(fault.Invalid, "no-service-linked-role", "Service-linked roles are not supported for service %s", service)
	case suffix != "" && !known.CustomSuffix:
		return Role{}, fault.New(fault.Invalid, "custom-suffix", "Custom suffix is not allowed for %s", service)
	case len(name) > maxRoleName:
		return Role{}, fault.New(fault.Invalid, "custom-suffix", "Service role name %s is longer than %d characters", name, maxRoleName)
	}
	if _, err := tx.RoleByName(account, name); !fault.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.New(fault.Invalid, "role-name-taken",
				"Service role name %s has been taken in this account, please try a different suffix.", name)
		}
		return Role{}, err
	}
	r := Role{
		ID: arn.NewUniqueID(arn.PrefixRole, account), Account: account, Path: ServiceLinkedPath + service + "/", Name: name,
		Description: description, TrustPolicy: serviceTrust(service), MaxSessionSeconds: DefaultRoleSession, CreatedAt: now,
	}
	if err := tx.PutRole(r); err != nil {
		return Role{}, err
	}
	return r, tx.Attach(Attachment{Owner: r.ID, OwnerKind: RoleKind, Account: account, PolicyARN: known.PolicyARN, AttachedAt: now})
}

// maxRoleName is the longest name of a role (behaviours.md 1.4).
const maxRoleName = 64

// serviceTrust is the trust policy of a service-linked role.
func serviceTrust(service string) string {
	type statement struct {
		Effect    string
		Principal map[string][]string
		Action    []string
	}
	doc, err := json.Marshal(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"Allow", map[string][]string{"Service": {service}}, []string{"sts:AssumeRole"}}}})
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(doc)
}

// DeleteServiceLinkedRole removes a service-linked role unless it is in use, and
// returns the task that says which of the two happened. It is NotFound if the
// account has no service-linked role of the name.
func DeleteServiceLinkedRole(tx Store, now time.Time, account, name string) (DeletionTask, error) {
	r, err := FindRole(tx, account, name)
	if err != nil {
		return DeletionTask{}, err
	}
	if !r.ServiceLinked() {
		return DeletionTask{}, fault.New(fault.NotFound, "no-role", "The service-linked role with name %s cannot be found.", name)
	}
	service := strings.Trim(strings.TrimPrefix(r.Path, ServiceLinkedPath), "/")
	task := DeletionTask{
		ID: taskPrefix + service + "/" + r.Name + "/" + uuid.NewString(), Account: account, Status: DeletionSucceeded, CreatedAt: now,
	}
	if task.Usage, err = linkedRoleUsage(tx, account, service); err != nil {
		return DeletionTask{}, err
	}
	if len(task.Usage) > 0 {
		task.Status, task.Reason = DeletionFailed, "The service-linked role "+r.Name+" is in use by resources of "+service+"."
	} else if err := RemoveRole(tx, r); err != nil {
		return DeletionTask{}, err
	}
	return task, tx.PutDeletionTask(task)
}

// maxUsage bounds the resources that a failed task lists.
const maxUsage = 20

// linkedRoleUsage is what needs the service's role in the account. Of the
// services with such a role only Identity Center keeps something here: the roles
// of permission sets, which it changes and removes by its own role.
func linkedRoleUsage(tx Store, account, service string) ([]RoleUsage, error) {
	if service != "sso.amazonaws.com" {
		return nil, nil
	}
	roles, err := tx.Roles(account, PermissionSetPath, page.Request{Limit: maxUsage})
	if err != nil || len(roles.Items) == 0 {
		return nil, err
	}
	usage := RoleUsage{Region: strings.Trim(strings.TrimPrefix(roles.Items[0].Path, PermissionSetPath), "/")}
	if usage.Region == "" {
		usage.Region = "us-east-1" // the path leaves this region out
	}
	for _, r := range roles.Items {
		usage.Resources = append(usage.Resources, r.ARN())
	}
	return []RoleUsage{usage}, nil
}

// SplitDeletionTask takes the id of a deletion task apart into the path and the
// name of the role.
func SplitDeletionTask(id string) (path, role string, ok bool) {
	rest, ok := strings.CutPrefix(id, taskPrefix)
	parts := strings.Split(rest, "/")
	if !ok || len(id) > maxTaskID || len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return "", "", false
	}
	return ServiceLinkedPath + parts[0] + "/", parts[1], true
}

// FindDeletionTask is the account's task, or NotFound; Invalid if the id is not
// one of a task.
func FindDeletionTask(tx Store, account, id string) (DeletionTask, error) {
	if _, _, ok := SplitDeletionTask(id); !ok {
		return DeletionTask{}, fault.New(fault.Invalid, "deletion-task-id", "The deletion task id %q is not valid.", id)
	}
	task, err := tx.DeletionTask(account, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "no-deletion-task", "The deletion task with id %s cannot be found.", id)
	}
	return task, err
}
