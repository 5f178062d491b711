package directory

import (
	"strings"

	"sekisho/internal/page"
)

// searched are the names by which people are found, in the order in which they
// are shown: who has the user name comes first.
var searched = []Key{ByUserName, ByEmail, ByDisplayName}

// Name is the user's name of that kind as it is searched, in lower case.
func (u User) Name(by Key) string {
	switch by {
	case ByEmail:
		return FoldName(u.Email)
	case ByDisplayName:
		return FoldName(u.DisplayName)
	}
	return FoldName(u.UserName)
}

// Place is where the user stands in a list by that name: the name and the id,
// which has no space in it.
func (u User) Place(by Key) string { return u.Name(by) + " " + u.ID }

// Place is where the group stands in a list by name.
func (g Group) Place() string { return FoldName(g.DisplayName) + " " + g.ID }

// PlaceOf takes a place apart; nothing is before "".
func PlaceOf(place string) (name, id string) {
	i := strings.LastIndexByte(place, ' ')
	if i < 0 {
		return place, ""
	}
	return place[:i], place[i+1:]
}

// SearchUsers pages through the people of a directory whose user name, e-mail
// address or display name begins with a prefix, ignoring case; with "", through
// everybody by user name. Nobody is there twice. A page costs what it returns and
// whom it leaves out because another name had matched already.
func SearchUsers(tx Store, in, prefix string, p page.Request) (page.Page[User], error) {
	prefix = FoldName(prefix)
	by, after, _ := strings.Cut(p.After, "/")
	type found struct {
		User
		place string
	}
	var items []found
	for stage, key := range searched {
		switch {
		case prefix == "" && stage > 0, len(items) > p.Limit:
			continue
		case by != "" && by != string(key):
			continue // on a page before
		}
		at := after
		by, after = "", ""
		for len(items) <= p.Limit {
			got, err := tx.UsersByPrefix(in, key, prefix, page.Request{Limit: p.Limit + 1 - len(items), After: at})
			if err != nil {
				return page.Page[User]{}, err
			}
			for _, u := range got.Items {
				if !u.named(searched[:stage], prefix) {
					items = append(items, found{u, string(key) + "/" + u.Place(key)})
				}
			}
			if at = got.Next; at == "" {
				break
			}
		}
	}
	cut := page.Cut(items, p.Limit, func(f found) string { return f.place })
	out := page.Page[User]{Next: cut.Next}
	for _, f := range cut.Items {
		out.Items = append(out.Items, f.User)
	}
	return out, nil
}

// named reports whether one of the names begins with prefix.
func (u User) named(keys []Key, prefix string) bool {
	for _, k := range keys {
		if strings.HasPrefix(u.Name(k), prefix) {
			return true
		}
	}
	return false
}

// SearchGroups pages through the groups of a directory whose name begins with a
// prefix, ignoring case, in order of name.
func SearchGroups(tx Store, in, prefix string, p page.Request) (page.Page[Group], error) {
	return tx.GroupsByPrefix(in, FoldName(prefix), p)
}
