package iam

import (
	"slices"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// maxTags is how many tags a resource may have (behaviours.md 1.5).
const maxTags = 50

// SetTags is have with add put in: a key that is there keeps its place and gets
// the new value, others come after. With fold, keys are the same whatever their
// case, as on users and roles, and what is given last says how the key is
// written (behaviours.md 5.7). It is Invalid to give a key twice or one of AWS's
// own ("aws:"), and a Limit to have more than 50. have is not changed.
func SetTags(have, add []Tag, fold bool) ([]Tag, error) {
	tags := slices.Clone(have)
	for i, t := range add {
		if strings.HasPrefix(policy.Fold(t.Key), "aws:") {
			return nil, fault.New(fault.Invalid, "reserved-tag", "System tags cannot be added/updated by requester")
		}
		if tagAt(add[:i], t.Key, fold) >= 0 {
			if fold {
				return nil, fault.New(fault.Invalid, "duplicate-tag", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
			}
			return nil, fault.New(fault.Invalid, "duplicate-tag", "Duplicate tag keys found.")
		}
		if at := tagAt(tags, t.Key, fold); at >= 0 {
			tags[at] = t
		} else {
			tags = append(tags, t)
		}
	}
	if len(tags) > maxTags {
		return nil, fault.New(fault.Limit, "quota", "The number of tags has reached the maximum limit.")
	}
	return tags, nil
}

// UnsetTags is have without the keys; those that are not there do not matter.
// have is not changed.
func UnsetTags(have []Tag, keys []string, fold bool) []Tag {
	var tags []Tag
	for _, t := range have {
		if !slices.ContainsFunc(keys, func(k string) bool { return sameKey(k, t.Key, fold) }) {
			tags = append(tags, t)
		}
	}
	return tags
}

func tagAt(tags []Tag, key string, fold bool) int {
	return slices.IndexFunc(tags, func(t Tag) bool { return sameKey(t.Key, key, fold) })
}

func sameKey(a, b string, fold bool) bool {
	return a == b || fold && policy.SameKey(a, b)
}

// SortTags is the tags in order of key, the order in which pages list them.
func SortTags(tags []Tag) []Tag {
	return slices.SortedFunc(slices.Values(tags), func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
}
