// Package favourite is what people keep first in their access portal: accounts and
// applications, by id (behaviours.md 6.12). It says nothing about who may use them,
// and does not ask whether they exist: the portal shows a favourite only where it
// lists what it is of.
package favourite

import (
	"regexp"
	"slices"
	"time"

	"sekisho/internal/fault"
)

// Max is how many favourites a person may have.
const Max = 200

// Kind says what a favourite is of.
type Kind string

// The kinds.
const (
	Account     Kind = "ACCOUNT"
	Application Kind = "APPLICATION"
)

// Favourite is one of a person's.
type Favourite struct {
	User     string // id in the identity store
	Kind     Kind
	Target   string // id of the account or application
	MarkedAt time.Time
}

// Store keeps favourites. Those of a deleted person go with them.
type Store interface {
	// Favourites returns a user's, in order of kind and target.
	Favourites(user string) ([]Favourite, error)
	// PutFavourite keeps f, unless there is one of the same already.
	PutFavourite(f Favourite) error
	// DeleteFavourite removes what f is of from the user's favourites; that it is
	// none does not matter.
	DeleteFavourite(f Favourite) error
}

// targets are the ids that there can be.
var targets = map[Kind]*regexp.Regexp{
	Account:     regexp.MustCompile(`^\d{12}$`),
	Application: regexp.MustCompile(`^apl-[a-zA-Z0-9]{16}$`),
}

// Validate is an Invalid fault for what cannot be a favourite.
func (f Favourite) Validate() error {
	if pattern := targets[f.Kind]; pattern == nil || !pattern.MatchString(f.Target) {
		return fault.New(fault.Invalid, "favourite", "Only accounts and applications can be favourites.")
	}
	return nil
}

// Mark makes f a favourite at f.MarkedAt. What is one already stays as it is. It is
// a Limit fault beyond the two hundredth.
func Mark(tx Store, f Favourite) error {
	if err := f.Validate(); err != nil {
		return err
	}
	have, err := tx.Favourites(f.User)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(have, func(h Favourite) bool { return h.Kind == f.Kind && h.Target == f.Target }) {
		return nil
	}
	if len(have) >= Max {
		return fault.New(fault.Limit, "favourites", "You have %d favourites, which is the most there can be.", Max)
	}
	return tx.PutFavourite(f)
}

// Unmark takes f from the favourites.
func Unmark(tx Store, f Favourite) error {
	if err := f.Validate(); err != nil {
		return err
	}
	return tx.DeleteFavourite(f)
}
