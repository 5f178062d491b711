package iam

import (
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// pageSize is how many items a page has unless the caller says otherwise
// (behaviours.md 1.4).
const pageSize = 100

// wanted reads Marker and MaxItems.
func wanted(marker *string, maxItems *int32) (page.Request, error) {
	p, err := page.Parse(aws.ToString(marker), int(aws.ToInt32(maxItems)), pageSize)
	return p, wireError(err)
}

// next is the Marker of an answer; IsTruncated is whether there is one.
func next(after string) *string {
	if after == "" {
		return nil
	}
	return aws.String(page.Token(after))
}

// pageOf cuts a page out of all items, of which quotas keep few. key names an
// item's place; keys must be in order.
func pageOf[T any](items []T, p page.Request, key func(T) string) page.Page[T] {
	start := 0
	for p.After != "" && start < len(items) && key(items[start]) <= p.After {
		start++
	}
	return page.Cut(items[start:], p.Limit, key)
}

// pathOr is the path, or the root for none.
func pathOr(path *string) string {
	if path == nil {
		return "/"
	}
	return *path
}

// tagsOf reads the tags of an input.
func tagsOf(in []types.Tag) []iam.Tag {
	tags := make([]iam.Tag, 0, len(in))
	for _, t := range in {
		tags = append(tags, iam.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return tags
}

// wireTags is the other way; no tags are no member.
func wireTags(tags []iam.Tag) []types.Tag {
	var out []types.Tag
	for _, t := range tags {
		out = append(out, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

// orEmpty is a list of texts that is there even without any.
func orEmpty(texts []string) []string { return append([]string{}, texts...) }

// shownTags are tags where AWS answers an empty list for none: of a policy, an
// instance profile, a certificate or a provider that is asked for by name. Users
// and roles, and what was just made, have no member then.
func shownTags(tags []iam.Tag) []types.Tag { return wireAll(tags, wireTag) }

// at is a time of the wire, nil for never.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// versionID and versionNumber turn "v3" into 3 and back; 0 is no version.
func versionID(n int) string { return "v" + strconv.Itoa(n) }

func versionNumber(id string) int {
	digits, ok := strings.CutPrefix(id, "v")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || versionID(n) != id {
		return 0
	}
	return n
}

// userOrSelf is the user that an operation names, or the caller's own where AWS
// lets the name be left out.
func userOrSelf(c *call.Call, name *string) (string, error) {
	if name != nil && *name != "" {
		return *name, nil
	}
	if c.Principal.Kind != call.IAMUser {
		return "", wireError(fault.New(fault.Invalid, "validation", "Must specify userName when calling with non-User credentials"))
	}
	return c.Principal.UserName, nil
}
