package orgfile

import (
	"fmt"
	"sort"

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
