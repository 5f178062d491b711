package policy

import (
	"slices"
	"strings"
)

// iamPaths are the beginnings of the resource part of IAM's ARNs.
var iamPaths = []string{
	"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/",
	"policy/", "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
}

// s3Regional are the beginnings of the resource part of those ARNs of S3 that have a region.
var s3Regional = []string{"accesspoint", "job/", "storage-lens", "async-request", "access-grants", "*"}

func (p *parser) resources(m *member, st *statement) {
	st.notResource, st.resourcesAt = m.key == "NotResource", m.start
	if p.kind == TrustPolicy {
		p.report(syntaxPhase, "UNSUPPORTED_POLICY_ELEMENT", m.start, "Has prohibited field "+m.key, "a trust policy has no %s: it is about its role", m.key)
		return
	}
	texts := p.texts(m)
	if m.value.kind == arrayNode && len(m.value.items) == 0 {
		p.report(resourcesPhase, "EMPTY_ARRAY_RESOURCE", m.value.start, msgNoResources, "%s is empty", m.key)
	}
	d := dialect{wildcards: true, variables: p.variables}
	for _, n := range texts {
		if n.text == "*" {
			st.anyResource = true
			continue
		}
		if p.kind != AWSManagedPolicy && !p.resourceFormat(n, d) {
			continue
		}
		x, err := parsePattern(padARN(n.text, d), d)
		if err != nil {
			p.report(legacyPhase, "INVALID_VARIABLE", n.start, msgLegacy, "%q: %v", n.text, err)
			continue
		}
		p.keysOf(&x)
		st.resources = append(st.resources, x)
	}
}

// padARN gives an ARN that ends too early a star for each part that it lacks, as
// IAM does.
func padARN(text string, d dialect) string {
	if n := len(splitARN(text, d)); n < 6 && strings.HasPrefix(text, "arn:") {
		return text + strings.Repeat(":*", 6-n)
	}
	return text
}

// resourceFormat reports what IAM does not take for a resource.
func (p *parser) resourceFormat(n *node, d dialect) bool {
	message, detail := resourceProblem(n.text, d)
	if message != "" {
		p.report(formatPhase, "INVALID_ARN", n.start, message, "%q: %s", n.text, detail)
		return false
	}
	parts := splitARN(n.text, d)
	switch {
	case len(parts) > 2 && parts[2] == "", len(parts) < 6 && strings.Contains(n.text, "::"):
		// Once a resource is known to be wrong, IAM tells that instead.
		if !slices.ContainsFunc(p.problems, func(x problem) bool { return x.phase == formatPhase }) {
			p.report(legacyPhase, "INVALID_ARN", n.start, msgLegacy, "%q is not an ARN: it has too few colons or no service", n.text)
		} else {
			p.report(formatPhase, "INVALID_ARN", n.start, `Resource `+n.text+` must be in ARN format or "*".`, "%q is not an ARN", n.text)
		}
		return false
	case d.variables && slices.ContainsFunc(parts[:min(5, len(parts))], func(s string) bool { return strings.Contains(s, "${") }):
		p.report(legacyPhase, "INVALID_VARIABLE", n.start, msgLegacy, "%q: variables may only stand behind the fifth colon", n.text)
		return false
	}
	return true
}

// resourceProblem is AWS's message about a resource, or "".
func resourceProblem(text string, d dialect) (message, detail string) {
	parts := splitARN(text, d)
	part := func(i int) string {
		if i < len(parts) && (parts[i] != "" || len(parts) > i+1) {
			return parts[i]
		}
		return "*"
	}
	switch {
	case len(parts) == 1:
		return `Resource ` + text + ` must be in ARN format or "*".`, "it is no ARN"
	case !matchFold(parts[1], "aws"): // a star is fine: AWS's own policies have arn:*:
		return `Partition "` + parts[1] + `" is not valid for resource "arn:` + parts[1] + `:` + part(2) + `:` + part(3) + `:` + part(4) + `:` + part(5) + `".`,
			"the partition of everything here is aws"
	case parts[0] != "arn":
		return `Resource ` + text + ` must be in ARN format or "*".`, "an ARN begins with arn:"
	case len(parts) == 2 || strings.ContainsAny(parts[2], "*?"):
		return "Resource vendor must be fully qualified and cannot contain regexes.", "the service has to be written out"
	}
	return regionProblem(text, parts)
}

// regionProblem is AWS's message about the rest of an ARN of IAM or S3, or "".
func regionProblem(text string, parts []string) (message, detail string) {
	regional := len(parts) < 4 || parts[3] != ""
	resource := ""
	if len(parts) == 6 {
		resource = parts[5]
	}
	has := func(prefixes []string) bool {
		return slices.ContainsFunc(prefixes, func(s string) bool { return strings.HasPrefix(resource, s) })
	}
	switch {
	case parts[2] == "iam" && regional:
		return "IAM resource " + text + " cannot contain region information.", "IAM has no regions"
	case parts[2] == "s3" && regional && !has(s3Regional):
		return "Resource " + text + " can not contain region information.", "buckets and objects have no region in their ARN"
	case parts[2] == "iam" && len(parts) == 6 && resource != "*" && resource != "root" && !has(iamPaths):
		return `IAM resource path must either be "*" or start with ` + strings.Join(iamPaths, ", ") + ".", "IAM has no such resource"
	}
	return "", ""
}
