// Package scenario reads decisions that are written down as data: who asks, which
// policies hang on whom, and for each request what AWS answers and why. Whatever
// decides by policy (the engine, the gate, the simulators, the command line) is held
// to the same files.
//
// It owns the form of the files and turns them into what the engine takes. It
// decides nothing.
package scenario

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"sekisho/internal/policy"
)

//go:embed scenarios/*.json
var files embed.FS

// Scenario is one caller under one set of policies, with requests.
type Scenario struct {
	Name        string    `json:"name"`        // unique, of a-z 0-9 and hyphens
	Description string    `json:"description"` // what it shows, for people
	Account     string    `json:"account"`     // the caller's account; empty for callers without one
	Principal   Principal `json:"principal"`
	Policies    Policies  `json:"policies"`
	// ResourceAccount owns the resources; empty: the caller's account.
	ResourceAccount string `json:"resource_account,omitempty"`
	// Management is the account that manages the organization, which its control
	// policies pass by; empty: neither of the two above.
	Management string `json:"management,omitempty"`
	// MustAllow: the resource's policy has to allow, as that of a KMS key. A trust
	// policy always has to.
	MustAllow bool   `json:"resource_must_allow,omitempty"`
	Requests  []Case `json:"requests"`
}

// Principal is the caller. One of User alone, Role, Federated, Root, Service, SAML,
// WebIdentity and Anonymous is set.
type Principal struct {
	User        string            `json:"user,omitempty"`         // user name; with Federated: who asked for the session
	Role        string            `json:"role,omitempty"`         // role name
	Path        string            `json:"path,omitempty"`         // of the user or role; empty: "/"
	Session     string            `json:"session,omitempty"`      // role session name
	Federated   string            `json:"federated,omitempty"`    // name given to GetFederationToken
	Root        bool              `json:"root,omitempty"`         // the account's root user
	Service     string            `json:"service,omitempty"`      // "ec2.amazonaws.com"
	SAML        string            `json:"saml,omitempty"`         // ARN of the provider whose assertion is shown
	WebIdentity string            `json:"web_identity,omitempty"` // ARN or host of the provider whose token is shown
	Anonymous   bool              `json:"anonymous,omitempty"`
	ID          string            `json:"id,omitempty"`   // unique id; empty: one made of the name
	Tags        map[string]string `json:"tags,omitempty"` // of the user, role or session: aws:PrincipalTag/…
}

// Documents are policies by name: the ARN of a managed one, else an inline one.
type Documents map[string]json.RawMessage

// Policies are the policies by where they hang.
type Policies struct {
	User   Documents            `json:"user,omitempty"`
	Groups map[string]Documents `json:"groups,omitempty"` // of the user
	Role   Documents            `json:"role,omitempty"`
	// Boundary is the permissions boundary of the user or role.
	Boundary Documents `json:"boundary,omitempty"`
	// Session are the session policies, inline and managed; present and empty: none
	// was passed, which for a federated user is the same as nothing allowed.
	Session Documents `json:"session,omitempty"`
	// SCP and RCP have an element per level, from the organization's root down. Absent:
	// there is no organization. "FullAWSAccess": null stands for AWS's policy.
	SCP      []Documents     `json:"scp,omitempty"`
	RCP      []Documents     `json:"rcp,omitempty"`
	Resource json.RawMessage `json:"resource,omitempty"`
	Trust    json.RawMessage `json:"trust,omitempty"` // of the role that is assumed
}

// Case is one request and the answer to it.
type Case struct {
	Name     string `json:"name"`
	Action   string `json:"action"`
	Resource string `json:"resource"` // ARN or "*"
	// Context are the condition keys of the request beside those of the caller, which
	// follow from Principal.
	Context map[string]Texts `json:"context,omitempty"`
	Expect  string           `json:"expect"` // allowed, explicitDeny or implicitDeny
	Layer   string           `json:"layer"`  // that decided: "identity-based policy" …
	// Message is the reason in the denial (behaviours.md 2.6); empty if allowed.
	Message string `json:"message,omitempty"`
}

// Texts is one string or a list of them.
type Texts []string

// UnmarshalJSON reads either form.
func (t *Texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = Texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// All are the scenarios that come with the engine.
func All() ([]Scenario, error) {
	sub, err := fs.Sub(files, "scenarios")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads every *.json file at the root of fsys, each a list of scenarios, in the order
// of their names. Unknown members, unknown words and scenarios whose policies are
// refused are errors.
func Load(fsys fs.FS) ([]Scenario, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	var all []Scenario
	seen := map[string]bool{}
	for _, name := range names {
		list, err := load(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i := range list {
			if seen[list[i].Name] {
				return nil, fmt.Errorf("%s: there is another scenario %q", name, list[i].Name)
			}
			seen[list[i].Name] = true
		}
		all = append(all, list...)
	}
	return all, nil
}

func load(fsys fs.FS, name string) ([]Scenario, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	dec.DisallowUnknownFields()
	var list []Scenario
	if err := dec.Decode(&list); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the list")
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, fmt.Errorf("scenario %q: %w", list[i].Name, err)
		}
	}
	return list, nil
}

// check refuses a scenario that would show nothing.
func (s *Scenario) check() error {
	if s.Name == "" || s.Description == "" || len(s.Requests) == 0 {
		return errors.New("name, description and requests are needed")
	}
	if s.Principal.kind() == kindUnknown {
		return errors.New("principal names nobody, or more than one")
	}
	if s.Principal.kind() == policy.Anonymous != s.Principal.Anonymous {
		return errors.New("principal: anonymous stands alone")
	}
	for i := range s.Requests {
		c := &s.Requests[i]
		switch {
		case c.Name == "" || !strings.Contains(c.Action, ":") || c.Resource == "" || c.Layer == "":
			return fmt.Errorf("request %d: name, action, resource and layer are needed", i)
		case c.Expect != "allowed" && c.Expect != "explicitDeny" && c.Expect != "implicitDeny":
			return fmt.Errorf("request %q: expect %q", c.Name, c.Expect)
		case (c.Expect == "allowed") != (c.Message == ""):
			return fmt.Errorf("request %q: a denial has a message, and nothing else has", c.Name)
		}
	}
	_, err := s.Set()
	return err
}

const kindUnknown = policy.PrincipalKind(255)

func (p *Principal) kind() policy.PrincipalKind {
	kinds := map[policy.PrincipalKind]bool{
		policy.Anonymous:     p.Anonymous,
		policy.RootUser:      p.Root,
		policy.User:          p.User != "" && p.Federated == "",
		policy.RoleSession:   p.Role != "",
		policy.FederatedUser: p.Federated != "",
		policy.SAMLFederated: p.SAML != "",
		policy.WebIdentity:   p.WebIdentity != "",
		policy.Service:       p.Service != "",
	}
	kind := kindUnknown
	for k, is := range kinds {
		if is && kind != kindUnknown {
			return kindUnknown
		}
		if is {
			kind = k
		}
	}
	return kind
}

// Caller is the principal as the engine takes it.
func (s *Scenario) Caller() policy.Principal {
	p := &s.Principal
	path := p.Path
	if path == "" {
		path = "/"
	}
	iam, sts := "arn:aws:iam::"+s.Account+":", "arn:aws:sts::"+s.Account+":"
	out := policy.Principal{Kind: p.kind(), Account: s.Account}
	switch out.Kind {
	case policy.RootUser:
		out.ARN, out.EntityARN = iam+"root", iam+"root"
	case policy.User:
		out.ARN, out.EntityID = iam+"user"+path+p.User, p.id("AIDA", p.User)
		out.EntityARN = out.ARN
	case policy.RoleSession:
		out.ARN = sts + "assumed-role/" + p.Role + "/" + p.Session
		out.EntityARN, out.EntityID = iam+"role"+path+p.Role, p.id("AROA", p.Role)
	case policy.FederatedUser:
		out.ARN = sts + "federated-user/" + p.Federated
		out.EntityARN, out.EntityID = iam+"user"+path+p.User, p.id("AIDA", p.User)
	case policy.Service:
		out.Account, out.Service = "", p.Service
	case policy.SAMLFederated:
		out.Account, out.Federated = "", p.SAML
	case policy.WebIdentity:
		out.Account, out.Federated = "", p.WebIdentity
	case policy.Anonymous:
		out.Account = ""
	}
	return out
}

// id is the principal's unique id.
func (p *Principal) id(prefix, name string) string {
	if p.ID != "" {
		return p.ID
	}
	id := prefix
	for _, c := range strings.ToUpper(name) {
		if c >= 'A' && c <= 'Z' || c >= '2' && c <= '7' {
			id += string(c)
		}
	}
	return (id + "AAAAAAAAAAAAAAAAAAAAA")[:21]
}

// Request is the i-th request as the engine takes it, with the condition keys that
// every request of the caller has (behaviours.md 3.3).
func (s *Scenario) Request(i int) *policy.Request {
	c, p := &s.Requests[i], s.Caller()
	ctx := policy.MapContext{}
	set := func(key string, values ...string) { ctx[strings.ToLower(key)] = values }
	if s.Account != "" {
		set("aws:PrincipalAccount", s.Account)
		set("aws:PrincipalArn", p.EntityARN)
	}
	switch p.Kind {
	case policy.Anonymous:
		set("aws:PrincipalType", "Anonymous")
		set("aws:userid", "anonymous")
	case policy.RootUser:
		set("aws:PrincipalType", "Account")
		set("aws:userid", s.Account)
	case policy.User:
		set("aws:PrincipalType", "User")
		set("aws:username", s.Principal.User)
		set("aws:userid", p.EntityID)
	case policy.RoleSession:
		set("aws:PrincipalType", "AssumedRole")
		set("aws:userid", p.EntityID+":"+s.Principal.Session)
	case policy.FederatedUser:
		set("aws:PrincipalType", "FederatedUser")
		set("aws:userid", s.Account+":"+s.Principal.Federated)
	}
	for k, v := range s.Principal.Tags {
		set("aws:PrincipalTag/"+k, v)
	}
	for k, v := range c.Context {
		set(k, v...)
	}
	return &policy.Request{Action: c.Action, Resource: c.Resource, Principal: p, Context: ctx}
}

// Set is the scenario's policies as the engine takes them.
func (s *Scenario) Set() (*policy.Set, error) {
	b := builder{owner: s.Caller().EntityARN, account: s.Account}
	set := &policy.Set{ResourceAccount: s.ResourceAccount, ResourceMustAllow: s.MustAllow}
	p := &s.Policies
	set.Identity = b.documents(policy.IdentityPolicy, "user", b.owner, p.User)
	for _, g := range slices.Sorted(maps.Keys(p.Groups)) {
		set.Identity = append(set.Identity, b.documents(policy.IdentityPolicy, "group", "arn:aws:iam::"+s.Account+":group/"+g, p.Groups[g])...)
	}
	set.Identity = append(set.Identity, b.documents(policy.IdentityPolicy, "role", b.owner, p.Role)...)
	if p.Boundary != nil {
		set.HasBoundary, set.Boundary = true, b.documents(policy.IdentityPolicy, "none", b.owner, p.Boundary)
	}
	if p.Session != nil {
		set.HasSession, set.Session = true, b.documents(policy.IdentityPolicy, "none", b.owner, p.Session)
	}
	scp, rcp := b.levels(policy.ServiceControlPolicy, p.SCP), b.levels(policy.ResourceControlPolicy, p.RCP)
	if s.Account != s.Management && !s.Principal.serviceLinked() {
		set.SCP = scp
	}
	owner := s.ResourceAccount
	if owner == "" {
		owner = s.Account
	}
	if owner != s.Management && !s.Principal.serviceLinked() {
		set.RCP = rcp
	}
	if p.Resource != nil {
		set.HasResource, set.Resource = true, b.documents(policy.ResourcePolicy, "resource", "", Documents{"resource policy": p.Resource})
	}
	if p.Trust != nil {
		if p.Resource != nil {
			b.err = errors.Join(b.err, errors.New("a role has a trust policy and no other policy of a resource"))
		}
		set.HasResource, set.ResourceMustAllow = true, true
		set.Resource = b.documents(policy.TrustPolicy, "resource", "", Documents{"trust policy": p.Trust})
	}
	return set, b.err
}

// builder parses documents and keeps what went wrong.
type builder struct {
	owner, account string
	err            error
}

// fullAccess are AWS's policies that let everything through.
var fullAccess = map[policy.Kind]string{
	policy.ServiceControlPolicy:  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	policy.ResourceControlPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
}

// levels are the control policies of an organization from the root down.
func (b *builder) levels(kind policy.Kind, levels []Documents) (out [][]policy.Source) {
	for _, level := range levels {
		out = append(out, b.documents(kind, "none", "", level))
	}
	return out
}

// serviceLinked reports whether the caller is a role of an AWS service, which
// control policies never touch (behaviours.md 3.6).
func (p *Principal) serviceLinked() bool {
	return p.Role != "" && strings.HasPrefix(p.Path, "/aws-service-role/")
}

func (b *builder) documents(kind policy.Kind, typ, owner string, docs Documents) []policy.Source {
	var out []policy.Source
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		document := string(docs[name])
		if full, ok := fullAccess[kind]; ok && document == "null" {
			document = full
		}
		p, err := policy.Parse(kind, document)
		if err != nil {
			var syntax *policy.SyntaxError
			if errors.As(err, &syntax) {
				err = fmt.Errorf("%w %s (line %d, column %d)", err, syntax.Detail, syntax.Line, syntax.Column)
			}
			b.err = errors.Join(b.err, fmt.Errorf("policy %q: %w", name, err))
			continue
		}
		t := typ
		switch {
		case strings.HasPrefix(name, "arn:aws:iam::aws:"):
			t = "aws-managed"
		case strings.HasPrefix(name, "arn:"):
			t = "user-managed"
		}
		out = append(out, policy.Source{Policy: p, Name: name, Type: t, Owner: owner})
	}
	return out
}
