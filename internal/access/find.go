package access

import (
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Home returns the oldest instance, whose region is this server's and
// which is meant where none is named, or NotFound before there is one.
func Home(tx Store) (Instance, error) {
	all, err := page.All(tx.Instances)
	if err != nil {
		return Instance{}, err
	}
	var home Instance
	for _, i := range all {
		if home.ID == "" || i.CreatedAt.Before(home.CreatedAt) {
			home = i
		}
	}
	if home.ID == "" {
		return home, fault.New(fault.NotFound, "no-instance", "IAM Identity Center is not enabled.")
	}
	return home, nil
}
