package org

import (
	"regexp"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Tag is a tag of a root, unit, account, policy, resource policy or transfer.
type Tag struct{ Key, Value string }

// MaxTags is how many a resource can have.
const MaxTags = 50

// TagStore keeps tags by the id of what has them.
type TagStore interface {
	// OrgTags pages through the resource's tags in order of key.
	OrgTags(resource string, p page.Request) (page.Page[Tag], error)
	// PutOrgTag creates or replaces it.
	PutOrgTag(organization, resource string, t Tag) error
	// DeleteOrgTag removes it if it is there.
	DeleteOrgTag(resource, key string) error
	// DeleteOrgTags removes all that the resource has.
	DeleteOrgTags(resource string) error
}

// Tags are all tags of a resource.
func Tags(tx Store, resource string) ([]Tag, error) {
	all, err := tx.OrgTags(resource, page.Request{Limit: MaxTags})
	return all.Items, err
}

// SetTags adds tags to a resource of the organization, or replaces the values of
// those that it has.
func SetTags(tx Store, organization, resource string, tags []Tag) error {
	if err := validTags(tags); err != nil {
		return err
	}
	have, err := Tags(tx, resource)
	if err != nil {
		return err
	}
	keys := make(map[string]bool, len(have)+len(tags))
	for _, t := range have {
		keys[t.Key] = true
	}
	for _, t := range tags {
		keys[t.Key] = true
		if err := tx.PutOrgTag(organization, resource, t); err != nil {
			return err
		}
	}
	if len(keys) > MaxTags {
		return errTooManyTags
	}
	return nil
}

// RemoveTags takes the tags with those keys away.
func RemoveTags(tx Store, resource string, keys []string) error {
	for _, k := range keys {
		if systemTag(k) {
			return errSystemTag
		}
		if err := tx.DeleteOrgTag(resource, k); err != nil {
			return err
		}
	}
	return nil
}

var (
	errTooManyTags = constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the maximum number of tags allowed on this resource.")

	errSystemTag = invalid("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag.")
	tagText      = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

func systemTag(key string) bool { return len(key) >= 4 && strings.EqualFold(key[:4], "aws:") }

// validTags bounds what the wire model leaves open. Keys differ by case.
func validTags(tags []Tag) error {
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		switch {
		case systemTag(t.Key):
			return errSystemTag
		case seen[t.Key]:
			return invalid("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.")
		case t.Key == "" || !tagText.MatchString(t.Key) || !tagText.MatchString(t.Value):
			return invalid("INVALID_PATTERN", "You provided a tag that doesn't match the required pattern.")
		}
		seen[t.Key] = true
	}
	return nil
}

// Tagged finds what has tags by its id, or returns NotFound. AWS's own policies
// have none.
func Tagged(tx Tx, o Organization, id string) error {
	var err error
	var of string
	switch {
	case strings.HasPrefix(id, "rp-"):
		var p ResourcePolicy
		if p, err = tx.OrgResourcePolicy(o.ID); p.ID == id {
			of = p.Organization
		}
	case strings.HasPrefix(id, "rt-"):
		var t Transfer
		t, err = tx.Transfer(id)
		of = t.Target // the source has no tags of its own on it
	case strings.HasPrefix(id, "p-"):
		var p Policy
		p, err = tx.OrgPolicy(id)
		of = p.Organization
	default:
		_, err := TargetOf(tx, o, id)
		return err
	}
	if err != nil || of != o.ID {
		return noTarget(err)
	}
	return nil
}

// noTarget hides whether something is absent or another organization's; other
// errors pass.
func noTarget(err error) error {
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return fault.New(fault.NotFound, "TargetNotFound", "You specified a target that doesn't exist.").Wrap(err)
}
