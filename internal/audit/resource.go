package audit

import "strings"

// resourceTypes are CloudTrail's names of what ARNs of IAM name, by the part before
// the first slash.
var resourceTypes = map[string]string{
	"user":               "AWS::IAM::User",
	"group":              "AWS::IAM::Group",
	"role":               "AWS::IAM::Role",
	"policy":             "AWS::IAM::Policy",
	"instance-profile":   "AWS::IAM::InstanceProfile",
	"mfa":                "AWS::IAM::MfaDevice",
	"saml-provider":      "AWS::IAM::SamlProvider",
	"oidc-provider":      "AWS::IAM::OpenIdConnectProvider",
	"server-certificate": "AWS::IAM::ServerCertificate",
}

// AccountResource is the type of an account that was acted on.
const AccountResource = "AWS::Organizations::Account"

// ResourceOf is what the event acted on as LookupEvents tells it: its type and its
// name, without account and path. Both are "" if nothing was, or if there is no
// name for the type; by [Event.Resource] it can be found all the same.
func (e *Event) ResourceOf() (kind, name string) {
	p := strings.SplitN(e.Resource, ":", 6)
	if len(p) != 6 || p[0] != "arn" {
		return "", ""
	}
	account, resource := p[4], p[5]
	kind, path, ok := strings.Cut(resource, "/")
	switch {
	case p[2] == "iam" && ok:
		kind, name = resourceTypes[kind], path[strings.LastIndexByte(path, '/')+1:]
		if p := resourceTypes["oidc-provider"]; kind == p {
			name = path // an address has slashes of its own
		}
	case p[2] == "iam" && resource == "root", p[2] == "account":
		kind, name = AccountResource, resource[strings.LastIndexByte(resource, '/')+1:]
		if !ok {
			name = account
		}
	default:
		kind = ""
	}
	if kind == "" || name == "" {
		return "", ""
	}
	return kind, name
}
