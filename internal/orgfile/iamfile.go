package orgfile

import (
	"fmt"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"sekisho/internal/iam"
)

// IAM is what IAM keeps in one account, which is named by name or id.
type IAM struct {
	Account string `yaml:"account"`
	// Quotas are the account's own where they differ from AWS's: "users: 200000".
	Quotas   map[string]int  `yaml:"quotas,omitempty"`
	Users    []IAMUser       `yaml:"users,omitempty"`
	Groups   []IAMGroup      `yaml:"groups,omitempty"`
	Roles    []IAMRole       `yaml:"roles,omitempty"`
	Policies []ManagedPolicy `yaml:"policies,omitempty"`
}

// IAMUser is an IAM user. A password is for the first time only.
type IAMUser struct {
	Name                  string      `yaml:"name"`
	Path                  string      `yaml:"path,omitempty"`
	Password              Secret      `yaml:"password,omitempty"`
	PasswordFile          string      `yaml:"password_file,omitempty"`
	PasswordResetRequired bool        `yaml:"password_reset_required,omitempty"`
	AccessKey             *AccessKey  `yaml:"access_key,omitempty"`
	Groups                []string    `yaml:"groups,omitempty"`
	Policies              []PolicyRef `yaml:"policies,omitempty"`
	PermissionsBoundary   string      `yaml:"permissions_boundary,omitempty"`
	Tags                  Tags        `yaml:"tags,omitempty"`
}

// IAMGroup is a group of IAM users.
type IAMGroup struct {
	Name     string      `yaml:"name"`
	Path     string      `yaml:"path,omitempty"`
	Policies []PolicyRef `yaml:"policies,omitempty"`
}

// IAMRole is a role.
type IAMRole struct {
	Name                string      `yaml:"name"`
	Path                string      `yaml:"path,omitempty"`
	Description         string      `yaml:"description,omitempty"`
	TrustPolicy         *Document   `yaml:"trust_policy"`
	MaxSessionDuration  Duration    `yaml:"max_session_duration,omitempty"`
	Policies            []PolicyRef `yaml:"policies,omitempty"`
	PermissionsBoundary string      `yaml:"permissions_boundary,omitempty"`
	Tags                Tags        `yaml:"tags,omitempty"`
}

// ManagedPolicy is a customer managed policy.
type ManagedPolicy struct {
	Name        string    `yaml:"name"`
	Path        string    `yaml:"path,omitempty"`
	Description string    `yaml:"description,omitempty"`
	Document    *Document `yaml:"document"`
	Tags        Tags      `yaml:"tags,omitempty"`
}

// ControlPolicy is a policy of the organization. Targets are "Root", paths of
// organisational units, and accounts by name or id.
type ControlPolicy struct {
	Name     string    `yaml:"name"`
	Targets  []string  `yaml:"targets,omitempty"`
	Document *Document `yaml:"document"`
}

// PolicyRef is a managed policy by ARN, or by name if it is the account's own,
// or an inline policy with its name and document.
type PolicyRef struct {
	Managed string
	Inline  inlinePolicy
}

type inlinePolicy struct {
	Name     string    `yaml:"name"`
	Document *Document `yaml:"document"`
}

// UnmarshalYAML takes a string or a mapping of name and document.
func (p *PolicyRef) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		p.Managed = n.Value
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; n.Kind == yaml.MappingNode && k.Value != "name" && k.Value != "document" {
			return fmt.Errorf("line %d: an inline policy has name and document, not %q", k.Line, k.Value)
		}
	}
	if err := n.Decode(&p.Inline); err != nil {
		return err
	}
	if p.Inline.Name == "" || p.Inline.Document == nil {
		return fmt.Errorf("line %d: an inline policy needs a name and a document", n.Line)
	}
	return nil
}

// MarshalYAML is the other way.
func (p PolicyRef) MarshalYAML() (any, error) {
	if p.Managed != "" {
		return p.Managed, nil
	}
	return p.Inline, nil
}

// Tags are tags by key.
type Tags map[string]string

// list is the tags in order of key.
func (t Tags) list() []iam.Tag {
	var out []iam.Tag
	for k, v := range t {
		out = append(out, iam.Tag{Key: k, Value: v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

func tagsFrom(tags []iam.Tag) Tags {
	if len(tags) == 0 {
		return nil
	}
	t := make(Tags, len(tags))
	for _, tag := range tags {
		t[tag.Key] = tag.Value
	}
	return t
}

// sameTags compares tags without regard to their order, which a file has not.
func sameTags(a, b []iam.Tag) bool {
	if len(a) != len(b) {
		return false
	}
	t := tagsFrom(a)
	for _, tag := range b {
		if v, ok := t[tag.Key]; !ok || v != tag.Value {
			return false
		}
	}
	return true
}

func pathOr(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// checkIAM finds names that are twice there, and what the domain would not see.
func (f *File) checkIAM(accounts map[string]bool) error {
	ids := make(map[string]string)
	for _, a := range f.accounts() {
		ids[a.ID], ids[a.Name] = a.Name, a.Name
	}
	sections := make(map[string]bool)
	for _, s := range f.IAM {
		if !accounts[s.Account] {
			return fmt.Errorf("iam: the account %q is not in the organization", s.Account)
		}
		if !once(sections, ids[s.Account]) {
			return fmt.Errorf("iam: the account %q is there twice", s.Account)
		}
		if err := s.check(); err != nil {
			return fmt.Errorf("iam of %s: %w", s.Account, err)
		}
	}
	return nil
}

func (s *IAM) check() error {
	names := make(map[string]bool)
	add := func(kind, name, path string) error {
		if name == "" {
			return fmt.Errorf("a %s has no name", kind)
		}
		if !once(names, kind+"/"+strings.ToLower(name)) {
			return fmt.Errorf("%s %q is there twice (case does not matter)", kind, name)
		}
		if path != "" && (path[0] != '/' || path[len(path)-1] != '/') {
			return fmt.Errorf("%s %q: the path %q must begin and end with /", kind, name, path)
		}
		return nil
	}
	for _, g := range s.Groups {
		if err := add("group", g.Name, g.Path); err != nil {
			return err
		}
	}
	for _, u := range s.Users {
		if err := add("user", u.Name, u.Path); err != nil {
			return err
		}
		if k := u.AccessKey; k != nil && (len(k.ID) < 16 || len(k.ID) > 128 || k.Secret.Empty() && k.SecretFile == "") {
			return fmt.Errorf("user %q: access_key needs an id of 16 to 128 characters and a secret or secret_file", u.Name)
		}
		for _, g := range u.Groups {
			if !names["group/"+strings.ToLower(g)] {
				return fmt.Errorf("user %q is in the group %q, which is not in groups", u.Name, g)
			}
		}
	}
	for _, r := range s.Roles {
		if err := add("role", r.Name, r.Path); err != nil {
			return err
		}
		if r.TrustPolicy == nil {
			return fmt.Errorf("role %q has no trust_policy", r.Name)
		}
	}
	for _, p := range s.Policies {
		if err := add("policy", p.Name, p.Path); err != nil {
			return err
		}
		if p.Document == nil {
			return fmt.Errorf("policy %q has no document", p.Name)
		}
	}
	return nil
}
