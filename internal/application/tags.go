package application

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
)

// Tags returns those of the application or trusted token issuer that an ARN names,
// in order of key, or NotFound.
func Tags(tx Store, resource string) ([]iam.Tag, error) {
	var tags []iam.Tag
	err := onTags(tx, resource, func(have []iam.Tag) ([]iam.Tag, bool, error) {
		tags = iam.SortTags(have)
		return nil, false, nil
	})
	return tags, err
}

// SetTags adds tags to what the ARN names; a key that is there gets the new value.
// It is Invalid for a tag that cannot be, and a Limit beyond 50.
func SetTags(tx Store, resource string, add []iam.Tag) error {
	return onTags(tx, resource, func(have []iam.Tag) ([]iam.Tag, bool, error) {
		tags, err := checkedTags(have, add)
		return tags, true, err
	})
}

// UnsetTags takes tags away by key; keys that are not there do not matter.
func UnsetTags(tx Store, resource string, keys []string) error {
	return onTags(tx, resource, func(have []iam.Tag) ([]iam.Tag, bool, error) {
		return iam.UnsetTags(have, keys, false), true, nil
	})
}

// onTags shows the tags to fn, and writes what it returns if it says so.
func onTags(tx Store, resource string, fn func([]iam.Tag) (tags []iam.Tag, write bool, err error)) error {
	var have []iam.Tag
	var put func([]iam.Tag) error
	switch ParseARN(resource).Kind {
	case AnApplication:
		a, err := ByARN(tx, resource)
		if err != nil {
			return err
		}
		have, put = a.Tags, func(tags []iam.Tag) error { a.Tags = tags; return tx.PutApplication(a) }
	case ATokenIssuer:
		i, err := TokenIssuerByARN(tx, resource)
		if err != nil {
			return err
		}
		have, put = i.Tags, func(tags []iam.Tag) error { i.Tags = tags; return tx.PutTokenIssuer(i) }
	default:
		return fault.New(fault.NotFound, "no-resource", "Could not find the resource %s", resource)
	}
	tags, write, err := fn(have)
	if err != nil || !write {
		return err
	}
	return put(tags)
}

// checkedTags is have with add, whose keys differ by case as elsewhere in Identity Center.
func checkedTags(have, add []iam.Tag) ([]iam.Tag, error) {
	if err := iam.CheckTags(add, false); err != nil {
		return nil, err
	}
	return iam.SetTags(have, add, false)
}
