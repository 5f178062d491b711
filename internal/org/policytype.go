package org

import (
	"maps"
	"slices"
	"unicode/utf8"

	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// PolicyType is what a policy of the organization controls.
type PolicyType string

// The types that decide about calls, and the management policies, which say how
// services are to be set up and of which Organizations computes what is in effect.
const (
	ServiceControl          PolicyType = "SERVICE_CONTROL_POLICY"
	ResourceControl         PolicyType = "RESOURCE_CONTROL_POLICY"
	TagPolicy               PolicyType = "TAG_POLICY"
	BackupPolicy            PolicyType = "BACKUP_POLICY"
	AIOptOut                PolicyType = "AISERVICES_OPT_OUT_POLICY"
	Chatbot                 PolicyType = "CHATBOT_POLICY"
	DeclarativeEC2          PolicyType = "DECLARATIVE_POLICY_EC2"
	SecurityHub             PolicyType = "SECURITYHUB_POLICY"
	Inspector               PolicyType = "INSPECTOR_POLICY"
	UpgradeRollout          PolicyType = "UPGRADE_ROLLOUT_POLICY"
	Bedrock                 PolicyType = "BEDROCK_POLICY"
	S3                      PolicyType = "S3_POLICY"
	NetworkSecurityDirector PolicyType = "NETWORK_SECURITY_DIRECTOR_POLICY"
)

// policyType is what a type's policies are held to (behaviours.md 1.6).
type policyType struct {
	size    int // of a document: bytes of control policies, characters of others
	most    int // that are attached to one root, unit or account
	kind    policy.Kind
	key     string // of a management policy's only member
	shape   shape  // of that
	service string // that must be trusted before the type is enabled; "" for none
}

var policyTypes = map[PolicyType]policyType{
	ServiceControl:          {size: 5120, most: 5, kind: policy.ServiceControlPolicy},
	ResourceControl:         {size: 5120, most: 5, kind: policy.ResourceControlPolicy},
	TagPolicy:               {size: 10000, most: 10, key: "tags", shape: tagsShape},
	BackupPolicy:            {size: 10000, most: 10, key: "plans", shape: plansShape},
	AIOptOut:                {size: 2500, most: 5, key: "services", shape: optOutShape},
	Chatbot:                 {size: 10000, most: 5, key: "chatbot", shape: chatbotShape},
	DeclarativeEC2:          {size: 10000, most: 10, key: "ec2_attributes", shape: ec2Shape},
	SecurityHub:             {size: 10000, most: 10, key: "securityhub", shape: regionsShape, service: "securityhub.amazonaws.com"},
	Inspector:               {size: 10000, most: 10, key: "inspector", shape: anything, service: "inspector2.amazonaws.com"},
	UpgradeRollout:          {size: 10000, most: 10, key: "upgrade_rollout", shape: anything},
	Bedrock:                 {size: 10000, most: 10, key: "bedrock", shape: anything},
	S3:                      {size: 10000, most: 10, key: "s3_attributes", shape: anything},
	NetworkSecurityDirector: {size: 10000, most: 10, key: "network_security_director", shape: anything, service: "network-security-director.amazonaws.com"},
}

// MaxPolicies is how many policies of a type an organization can have.
const MaxPolicies = 1000

// PolicyTypes are all that there are, in order.
func PolicyTypes() []PolicyType { return slices.Sorted(maps.Keys(policyTypes)) }

// Known reports whether there is such a type.
func (t PolicyType) Known() bool { _, ok := policyTypes[t]; return ok }

// Management reports whether policies of the type come to an effective policy,
// rather than deciding calls.
func (t PolicyType) Management() bool { return policyTypes[t].key != "" }

// Default is AWS's own policy of the type; ok is false if it has none.
func (t PolicyType) Default() (p Policy, ok bool) {
	switch t {
	case ServiceControl:
		return FullAWSAccess, true
	case ResourceControl:
		return RCPFullAWSAccess, true
	}
	return Policy{}, false
}

// Validate refuses a document that cannot be one of the type.
func (t PolicyType) Validate(document string) error {
	rules, size := policyTypes[t], len(document)
	if t.Management() {
		size = utf8.RuneCountInString(document)
	}
	if size > rules.size {
		return constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the policy content size limit of %d.", rules.size)
	}
	var err error
	if t.Management() {
		_, err = parseDocument(t, document)
	} else {
		_, err = policy.Parse(rules.kind, document)
	}
	if err != nil {
		return fault.New(fault.Invalid, "MalformedPolicyDocument", "The provided policy document does not meet the requirements of the specified policy type.").Wrap(err)
	}
	return nil
}

// Available refuses what an organization cannot use: one for consolidated billing
// has no policies (behaviours.md 9.6).
func (o Organization) Available(t PolicyType) error {
	if !t.Known() {
		return invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type.")
	}
	if o.Features != AllFeatures {
		return fault.New(fault.Conflict, "PolicyTypeNotAvailableForOrganization",
			"You can't use the specified policy type with the feature set currently enabled for this organization.")
	}
	return nil
}

// EnablePolicyType makes policies of the type count in the organization. Of types
// with a policy of AWS's, that one is attached everywhere.
func EnablePolicyType(tx Tx, o Organization, root string, t PolicyType) (Organization, error) {
	if err := rooted(o, root); err != nil {
		return o, err
	}
	if err := o.Available(t); err != nil {
		return o, err
	}
	if o.Enabled(t) {
		return o, fault.New(fault.AlreadyExists, "PolicyTypeAlreadyEnabled", "The specified policy type is already enabled.")
	}
	if service := policyTypes[t].service; service != "" {
		trusted, err := Trusts(tx, o, service)
		if err != nil {
			return o, err
		}
		if !trusted {
			return o, constraint("SERVICE_ACCESS_NOT_ENABLED", "You must enable service access for %s before you enable the policy type %s.", service, t)
		}
	}
	return SetPolicyType(tx, o, t, true)
}

// DisablePolicyType makes policies of the type count no more, and detaches all of
// them from everything.
func DisablePolicyType(tx Tx, o Organization, root string, t PolicyType) (Organization, error) {
	if err := rooted(o, root); err != nil {
		return o, err
	}
	if !t.Known() {
		return o, invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type.")
	}
	if !o.Enabled(t) {
		return o, errTypeNotEnabled
	}
	o.PolicyTypes = slices.Clone(o.PolicyTypes)
	return SetPolicyType(tx, o, t, false)
}

var errTypeNotEnabled = fault.New(fault.Conflict, "PolicyTypeNotEnabled", "This operation can be performed only for enabled policy types.")

func rooted(o Organization, root string) error {
	if root != o.Root {
		return fault.New(fault.NotFound, "RootNotFound", "You specified a root that doesn't exist.")
	}
	return nil
}
