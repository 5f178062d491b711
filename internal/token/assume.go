package token

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"regexp"
	"sync"
	"time"
	"unicode/utf8"

	"sekisho/internal/fault"
	"sekisho/internal/policy"
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
	maxSessionTags       = 50
	maxTagKey            = 128 // characters
	maxTagValue          = 256
	// packedLimit is how many bytes policies and tags may take once they are packed:
	// they travel in a header with every call. However well they pack, unpacked they
	// take memory in every server that they are sent to, so they may have no more
	// than packedRatio times as many.
	packedLimit = 4096
	packedRatio = 8
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
	if a.SourceIdentity != "" && (!sourceIdentity.MatchString(a.SourceIdentity) || reserved(a.SourceIdentity)) {
		return 0, invalid(`Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`)
	}
	s.SourceIdentity, s.PolicyARNs = a.SourceIdentity, a.PolicyARNs
	if a.Policy != "" {
		s.Policies = []string{a.Policy}
	}
	s.Tags, s.TransitiveTags = a.Tags, unique(a.TransitiveTags)
	if caller != nil && caller.OfRole() {
		if err := a.inherit(s, caller); err != nil {
			return 0, err
		}
	}
	return pack(s, a.Policy, a.PolicyARNs)
}

// unique are the keys, each once.
func unique(keys []string) []string {
	var out []string
	for _, k := range keys {
		if !hasKey(out, k) {
			out = append(out, k)
		}
	}
	return out
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
		if _, set := tagOf(a.Tags, key); set || hasKey(a.TransitiveTags, key) {
			return fault.New(fault.Invalid, "invalid-parameter", "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
		if value, ok := tagOf(caller.Tags, key); ok {
			s.Tags = append(s.Tags[:len(s.Tags):len(s.Tags)], Tag{key, value})
			s.TransitiveTags = append(s.TransitiveTags[:len(s.TransitiveTags):len(s.TransitiveTags)], key)
		}
	}
	return nil
}

var sourceIdentity = regexp.MustCompile(`^[a-zA-Z_0-9+=,.@-]{2,64}$`)

// reserved reports whether a name is AWS's.
func reserved(name string) bool { return len(name) >= 4 && policy.SameKey(name[:4], "aws:") }

// tagText is what keys and values of tags are made of (behaviours.md 1.4).
var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// checkTags holds tags to AWS's rules wherever they come from: a request was
// held to some of them by its model, an assertion or ID token to none.
func checkTags(tags []Tag, transitive []string) error {
	if len(tags) > maxSessionTags {
		return invalid("A session has at most %d tags.", maxSessionTags)
	}
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		if n := utf8.RuneCountInString(t.Key); n == 0 || n > maxTagKey || utf8.RuneCountInString(t.Value) > maxTagValue ||
			!tagText.MatchString(t.Key) || !tagText.MatchString(t.Value) {
			return invalid("A session tag has a key of 1 to %d characters and a value of at most %d: letters, spaces, numbers and _.:/=+-@", maxTagKey, maxTagValue)
		}
		k := policy.Fold(t.Key)
		if reserved(k) {
			return fault.New(fault.Invalid, "invalid-parameter", "Tag keys beginning with \"aws:\" are reserved: %s", t.Key)
		}
		if seen[k] {
			return fault.New(fault.Invalid, "invalid-parameter", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[k] = true
	}
	for _, k := range transitive {
		if !seen[policy.Fold(k)] {
			return fault.New(fault.Invalid, "invalid-parameter", "The specified transitive tag key must be included in the requested tags.")
		}
	}
	return nil
}

func tagOf(tags []Tag, key string) (string, bool) {
	for _, t := range tags {
		if policy.SameKey(t.Key, key) {
			return t.Value, true
		}
	}
	return "", false
}

func hasKey(keys []string, key string) bool {
	for _, k := range keys {
		if policy.SameKey(k, key) {
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
	size := max(len(deflate(raw)), (len(raw)+packedRatio-1)/packedRatio)
	percent := max(1, (size*100+packedLimit-1)/packedLimit)
	if percent > 100 {
		return 0, fault.New(fault.Limit, "packed-policy-too-large", "Packed size of session policies and tags consumes %d%% of allotted space.", percent)
	}
	return percent, nil
}

// writers are kept because each has tables of a megabyte.
var writers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is right
	}
	return w
}}

func deflate(raw []byte) []byte {
	var b bytes.Buffer
	w, _ := writers.Get().(*flate.Writer) // nothing else is put there
	defer writers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(raw) // to memory: cannot fail
	_ = w.Close()
	return b.Bytes()
}
