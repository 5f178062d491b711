package token

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"strings"
	"time"

	"sekisho/internal/fault"
)

// Durations of sessions (behaviours.md 4.1).
const (
	DefaultRoleSession   = time.Hour
	MaxChainedSession    = time.Hour
	DefaultUserSession   = 12 * time.Hour
	MaxRootSession       = time.Hour
	MaxAssumedRoot       = 15 * time.Minute
	maxSessionPolicy     = 2048 // characters of the inline policy and the ARNs together
	maxSessionPolicyARNs = 10
	// packedLimit is how many bytes policies and tags may take once they are packed:
	// they travel in a header with every call.
	packedLimit = 4096
)

// Asked is what a caller wants of a new session, beside whose it is.
type Asked struct {
	Policy         string // inline, JSON; "" for none
	PolicyARNs     []string
	Tags           []Tag
	TransitiveTags []string
	SourceIdentity string
}

func invalid(format string, args ...any) error {
	return fault.New(fault.Invalid, "validation", format, args...)
}

// Begin makes what the new session carries of what was asked, and of the
// caller's own session when it is one of a role: source identity and transitive
// tags pass down the chain and cannot be changed on the way (behaviours.md 4.2).
// s has the rest filled in already. It returns how full the session is, in
// percent, 0 when there is nothing to pack.
func (a Asked) Begin(s *Session, caller *Session) (packed int, err error) {
	if err := checkTags(a.Tags, a.TransitiveTags); err != nil {
		return 0, err
	}
	s.SourceIdentity, s.PolicyARNs = a.SourceIdentity, a.PolicyARNs
	if a.Policy != "" {
		s.Policies = []string{a.Policy}
	}
	s.Tags, s.TransitiveTags = a.Tags, a.TransitiveTags
	if caller != nil && caller.OfRole() {
		if err := a.inherit(s, caller); err != nil {
			return 0, err
		}
	}
	return pack(s, a.Policy, a.PolicyARNs)
}

// OfRole reports whether the session is a role's, so that assuming another role
// with it is chaining.
func (r *Session) OfRole() bool { return r.Kind <= AssumedWeb }

func (a Asked) inherit(s, caller *Session) error {
	if caller.SourceIdentity != "" {
		if a.SourceIdentity != "" && a.SourceIdentity != caller.SourceIdentity {
			return invalid("The source identity is already set for this assume role session")
		}
		s.SourceIdentity = caller.SourceIdentity
	}
	for _, key := range caller.TransitiveTags {
		if hasKey(a.TransitiveTags, key) {
			return fault.New(fault.Invalid, "invalid-parameter", "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
		if _, set := tagOf(a.Tags, key); set {
			return fault.New(fault.Invalid, "invalid-parameter", "One of the specified tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
		if value, ok := tagOf(caller.Tags, key); ok {
			s.Tags = append(s.Tags[:len(s.Tags):len(s.Tags)], Tag{key, value})
			s.TransitiveTags = append(s.TransitiveTags[:len(s.TransitiveTags):len(s.TransitiveTags)], key)
		}
	}
	return nil
}

// Inherited reports whether a session made with the caller's gets tags or a
// source identity from it, for which the trust policy has to allow.
func (r *Session) Inherited() (tags, sourceIdentity bool) {
	if r == nil || !r.OfRole() {
		return false, false
	}
	return len(r.TransitiveTags) > 0, r.SourceIdentity != ""
}

func checkTags(tags []Tag, transitive []string) error {
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		k := strings.ToLower(t.Key)
		if strings.HasPrefix(k, "aws:") {
			return fault.New(fault.Invalid, "invalid-parameter", "Tag keys beginning with \"aws:\" are reserved: %s", t.Key)
		}
		if seen[k] {
			return fault.New(fault.Invalid, "invalid-parameter", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[k] = true
	}
	for _, k := range transitive {
		if !seen[strings.ToLower(k)] {
			return fault.New(fault.Invalid, "invalid-parameter", "The specified transitive tag key must be included in the requested tags.")
		}
	}
	return nil
}

func tagOf(tags []Tag, key string) (string, bool) {
	for _, t := range tags {
		if strings.EqualFold(t.Key, key) {
			return t.Value, true
		}
	}
	return "", false
}

func hasKey(keys []string, key string) bool {
	for _, k := range keys {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// pack measures what policies and tags take, as AWS does: in plain characters
// for policies, and in percent of the room that there is when compressed.
func pack(s *Session, policy string, policyARNs []string) (int, error) {
	plain := len([]rune(policy))
	for _, a := range policyARNs {
		plain += len(a)
	}
	if plain > maxSessionPolicy || len(policyARNs) > maxSessionPolicyARNs {
		return 0, fault.New(fault.Limit, "packed-policy-too-large",
			"The session policies have %d characters and %d policy ARNs; at most %d characters and %d ARNs fit.", plain, len(policyARNs), maxSessionPolicy, maxSessionPolicyARNs)
	}
	if plain == 0 && len(s.Tags) == 0 {
		return 0, nil
	}
	raw, err := json.Marshal([]any{s.Policies, s.PolicyARNs, s.Tags, s.TransitiveTags})
	if err != nil {
		return 0, err
	}
	percent := max(1, (len(deflate(raw))*100+packedLimit-1)/packedLimit)
	if percent > 100 {
		return 0, fault.New(fault.Limit, "packed-policy-too-large", "Packed size of session policies and tags consumes %d%% of allotted space.", percent)
	}
	return percent, nil
}

func deflate(raw []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is right
	}
	_, _ = w.Write(raw) // to memory: cannot fail
	_ = w.Close()
	return b.Bytes()
}
