package iam

import (
	"context"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

// Names finds what calls act on. It is not the Service itself, all methods of
// which are operations.
type Names struct{ Store store.DB }

// Target finds what a call acts on (rule.Resource) and the condition keys that
// its input gives (behaviours.md 3.5). A table's Resource is one of:
//
//	user, group, role, policy …      the thing that the input names
//	new-user, new-role …             one that is to be made
//	user/, role/ …                   the things under the input's path prefix
//	entity                           the user, group, role or policy of an ARN
//	account                          the caller's account, which has no ARN ("*")
func (n Names) Target(ctx context.Context, c *call.Call, rule call.Rule, in any) (t call.Target, err error) {
	f := fields{reflect.ValueOf(in).Elem()}
	t.Keys = requestKeys(f)
	account := c.Principal.Account
	if find := (finder{nil, c, f, account, &t}); !find.mayBeGranted(rule.Action) && find.told(rule.Resource) {
		return t, nil
	}
	err = n.Store.View(ctx, func(tx store.Tx) error {
		find := finder{tx, c, f, account, &t}
		if t.Granted, err = find.granted(rule.Action); err != nil {
			return err
		}
		return find.target(rule.Resource)
	})
	return t, err
}

// fields reads members of an input by name; what is not there is "".
type fields struct{ v reflect.Value }

func (f fields) text(name string) string {
	m := f.v.FieldByName(name)
	if !m.IsValid() {
		return ""
	}
	if m.Kind() == reflect.Pointer {
		if m.IsNil() {
			return ""
		}
		m = m.Elem()
	}
	if m.Kind() != reflect.String {
		return ""
	}
	return m.String()
}

func (f fields) value(name string) any {
	m := f.v.FieldByName(name)
	if !m.IsValid() {
		return nil
	}
	return m.Interface()
}

// requestKeys are the condition keys that members of the input stand for,
// whatever the operation.
func requestKeys(f fields) map[string][]string {
	keys := make(map[string][]string)
	if tags, ok := f.value("Tags").([]types.Tag); ok && len(tags) > 0 {
		for _, t := range tagsOf(tags) {
			k := "aws:requesttag/" + policy.Fold(t.Key)
			keys[k] = append(keys[k], t.Value)
			keys["aws:tagkeys"] = append(keys["aws:tagkeys"], t.Key)
		}
	}
	if names, ok := f.value("TagKeys").([]string); ok && len(names) > 0 {
		keys["aws:tagkeys"] = names
	}
	for member, key := range map[string]string{
		"PolicyArn": "iam:policyarn", "PermissionsBoundary": "iam:permissionsboundary", "AWSServiceName": "iam:awsservicename",
	} {
		if v := f.text(member); v != "" {
			keys[key] = []string{v}
		}
	}
	return keys
}

// finder finds one target in a snapshot.
type finder struct {
	tx      store.Tx
	call    *call.Call
	in      fields
	account string
	out     *call.Target
}

// told finds a target that the input alone tells, for which nothing has to be
// read. It is false for every other.
func (f finder) told(resource string) bool {
	if kind, ok := strings.CutSuffix(resource, "/"); ok {
		f.list(kind)
		return true
	}
	if kind, ok := strings.CutPrefix(resource, "new-"); ok {
		f.made(kind)
		return true
	}
	return resource == "" || resource == "account"
}

func (f finder) target(resource string) error {
	if f.told(resource) {
		return nil
	}
	switch resource {
	case "user":
		return f.user()
	case "group":
		g, err := f.tx.IAMGroupByName(f.account, f.in.text("GroupName"))
		return f.named(g.ARN(), arn.Group(f.account, "/", f.in.text("GroupName")), err)
	case "role":
		r, err := f.tx.RoleByName(f.account, f.in.text("RoleName"))
		f.entity(r.Tags, r.Boundary)
		return f.named(r.ARN(), arn.Role(f.account, "/", f.in.text("RoleName")), err)
	case "policy":
		return f.policy(f.in.text("PolicyArn"))
	case "instance-profile":
		p, err := f.tx.InstanceProfileByName(f.account, f.in.text("InstanceProfileName"))
		f.tags(p.Tags)
		return f.named(p.ARN(), arn.InstanceProfile(f.account, "/", f.in.text("InstanceProfileName")), err)
	case "entity":
		return f.byARN(firstOf(f.in.text("Arn"), f.in.text("PolicySourceArn"), f.in.text("EntityArn")))
	}
	return f.other(resource)
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// list is a target of lists: everything under the path prefix.
func (f finder) list(kind string) {
	prefix := firstOf(f.in.text("PathPrefix"), "/")
	f.out.ARN = "arn:aws:iam::" + f.account + ":" + kind + prefix
	if kind == "policy" {
		f.out.ARN, f.out.Said = "arn:aws:iam::"+f.account+":policy"+prefix, "policy path "+prefix
	}
}

// made is a thing that does not exist yet.
func (f finder) made(kind string) {
	path := firstOf(f.in.text("Path"), "/")
	switch kind {
	case "saml-provider":
		f.out.ARN = arn.SAMLProvider(f.account, f.in.text("Name"))
	case "oidc-provider":
		_, url, _ := strings.Cut(f.in.text("Url"), "://")
		f.out.ARN = arn.OIDCProvider(f.account, url)
	case "service-linked-role":
		service := f.in.text("AWSServiceName")
		name, _ := iam.ServiceLinkedRoleName(service, f.in.text("CustomSuffix"))
		f.out.ARN = arn.Role(f.account, iam.ServiceLinkedPath+service+"/", name)
	default:
		name := firstOf(f.in.text("UserName"), f.in.text("GroupName"), f.in.text("RoleName"), f.in.text("PolicyName"),
			f.in.text("InstanceProfileName"), f.in.text("VirtualMFADeviceName"), f.in.text("ServerCertificateName"))
		f.out.ARN = "arn:aws:iam::" + f.account + ":" + kind + path + name
	}
}

// user is the user that the input names, or the caller.
func (f finder) user() error {
	name := f.in.text("UserName")
	if name == "" {
		switch p := f.call.Principal; p.Kind {
		case call.IAMUser:
			name = p.UserName
		case call.Root:
			f.out.ARN = arn.Root(f.account)
			return nil
		default:
			f.out.ARN = arn.User(f.account, "/", "*")
			return nil
		}
	}
	u, err := f.tx.IAMUserByName(f.account, name)
	f.entity(u.Tags, u.Boundary)
	return f.named(u.ARN(), arn.User(f.account, "/", name), err)
}

// policy is a managed policy by ARN. AWS's own are in nobody's account.
func (f finder) policy(policyARN string) error {
	f.out.ARN = policyARN
	delete(f.out.Keys, "iam:policyarn") // there it is the resource itself
	account, kind, _, name, ok := arn.SplitIAM(policyARN)
	if !ok || kind != "policy" {
		return nil
	}
	if account != f.account {
		return nil
	}
	p, err := f.tx.PolicyByName(account, name)
	if err == nil && p.ARN() == policyARN {
		f.tags(p.Tags)
	}
	return ignoreMissing(err)
}

// byARN is a user, group, role or policy that is named by its ARN.
func (f finder) byARN(s string) error {
	f.out.ARN = s
	account, kind, _, name, ok := arn.SplitIAM(s)
	if !ok || account != f.account {
		return nil
	}
	switch kind {
	case "user":
		u, err := f.tx.IAMUserByName(account, name)
		f.entity(u.Tags, u.Boundary)
		return ignoreMissing(err)
	case "role":
		r, err := f.tx.RoleByName(account, name)
		f.entity(r.Tags, r.Boundary)
		return ignoreMissing(err)
	}
	return nil
}

// other are the things whose ARN stands in the input.
func (f finder) other(resource string) error {
	switch resource {
	case "delegation-request":
		return f.delegation()
	case "delegation-requests":
		f.delegationKeys()
	case "access-report":
		f.accessReport()
	case "mfa":
		return f.mfa(f.in.text("SerialNumber"))
	case "access-key":
		return f.accessKey(f.in.text("AccessKeyId"))
	case "saml-provider":
		f.out.ARN = f.in.text("SAMLProviderArn")
		p, err := iam.SAMLProviderByARN(f.tx, f.account, f.out.ARN)
		f.tags(p.Tags)
		return ignoreExpected(err)
	case "saml-providers":
		f.out.ARN = arn.SAMLProvider(f.account, "*")
	case "deletion-task":
		path, role, _ := iam.SplitDeletionTask(f.in.text("DeletionTaskId"))
		f.out.ARN = arn.Role(f.account, path, role)
	case "oidc-provider":
		f.out.ARN = f.in.text("OpenIDConnectProviderArn")
		p, err := iam.OIDCProviderByARN(f.tx, f.account, f.out.ARN)
		f.tags(p.Tags)
		return ignoreExpected(err)
	case "oidc-providers":
		f.out.ARN = arn.OIDCProvider(f.account, "*")
	case "server-certificate":
		name := f.in.text("ServerCertificateName")
		c, err := f.tx.ServerCertificateByName(f.account, name)
		f.tags(c.Tags)
		return f.named(c.ARN(), arn.ServerCertificate(f.account, "/", name), err)
	case "user-or-all":
		if all, _ := f.in.value("AllUsers").(*bool); all != nil && *all {
			f.out.ARN = arn.User(f.account, "/", "*")
			return nil
		}
		return f.user()
	default:
		return fault.New(fault.Internal, "target", "no resource %q", resource)
	}
	return nil
}

// mfa is a virtual device.
func (f finder) mfa(serial string) error {
	f.out.ARN = serial
	d, err := f.tx.MFADevice(serial)
	if err == nil && d.Account == f.account {
		f.tags(d.Tags)
	}
	return ignoreMissing(err)
}

// accessKey is the user who has the key; a denial names the key.
func (f finder) accessKey(id string) error {
	f.out.ARN, f.out.Said = arn.User(f.account, "/", "*"), "access key "+id
	k, err := f.tx.AccessKey(id)
	if err != nil || k.Account != f.account {
		return ignoreMissing(err)
	}
	if k.User == "" {
		f.out.ARN = arn.Root(f.account)
		return nil
	}
	u, err := f.tx.IAMUser(k.User)
	if err == nil {
		f.out.ARN = u.ARN()
		f.entity(u.Tags, u.Boundary)
	}
	return ignoreMissing(err)
}

// mayBeGranted reports whether an account could let its users do the action.
func (f finder) mayBeGranted(action string) bool {
	return f.call.Principal.Kind == call.IAMUser && (action == "iam:ChangePassword" || action == "iam:GetAccountPasswordPolicy")
}

// granted reports what an account lets all its users do by its password policy
// (behaviours.md 5.3).
func (f finder) granted(action string) (bool, error) {
	if !f.mayBeGranted(action) {
		return false, nil
	}
	p, err := iam.PasswordPolicyOf(f.tx, f.account)
	return p.UsersMayChange, err
}

// named is the target's ARN: the thing's own, or the one that it would have
// under the root path if it does not exist.
//
// A denial says the latter in any case: who has no permission must not learn
// what exists, in which path and how it is written.
func (f finder) named(found, otherwise string, err error) error {
	f.out.ARN, f.out.Said = found, otherwise
	if fault.Is(err, fault.NotFound) {
		f.out.ARN = otherwise
		return nil
	}
	return err
}

// entity takes over what a user or role gives to conditions. The boundary that
// an input asks for goes before the one that there is.
func (f finder) entity(tags []iam.Tag, boundary string) {
	f.tags(tags)
	if f.out.Keys["iam:permissionsboundary"] == nil && boundary != "" {
		f.out.Keys["iam:permissionsboundary"] = []string{boundary}
	}
}

func (f finder) tags(tags []iam.Tag) {
	if len(tags) == 0 {
		return
	}
	f.out.Tags = make(map[string]string, len(tags))
	for _, t := range tags {
		f.out.Tags[t.Key] = t.Value
	}
}

// ignoreExpected leaves what is wrong with an input to the operation, which has
// the words for it.
func ignoreExpected(err error) error {
	if _, expected := fault.As(err); expected {
		return nil
	}
	return err
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
