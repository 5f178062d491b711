// Package directory is the Identity Center directory: its users, its groups and
// who is in which group (behaviours.md 6.6).
//
// It owns people and groups, what is known of them, and the rules of making and
// changing them. Their passwords are credential's, what they may enter is access's,
// how clients ask is the service identitystore's.
package directory

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// User is a person in the directory.
type User struct {
	ID          string // UUID
	Directory   string // d-…: the identity store that it is in
	UserName    string // 1 to 128 letters, marks, symbols, numbers and punctuation; unique ignoring case
	GivenName   string
	FamilyName  string
	DisplayName string
	Email       string // unique ignoring case; "" for none, which only the API allows
	Locale      string // "en", "ja-JP" …, or "" for unknown; see [User.Language]
	Profile     Profile
	ExternalIDs []ExternalID
	Disabled    bool
	CreatedAt   time.Time
	CreatedBy   string // ARN of who did it; "" for this server itself
	UpdatedAt   time.Time
	UpdatedBy   string
	FromFile    bool // declared by the organisation file
}

// Language is what mails to the person are written in, as a language tag; "" for
// unknown.
func (u User) Language() string {
	if u.Profile.PreferredLanguage != "" {
		return u.Profile.PreferredLanguage
	}
	return u.Locale
}

// ExternalID is how another identity provider knows a user or a group.
type ExternalID struct {
	Issuer string // 1 to 256 characters
	ID     string // 1 to 256 characters; unique for its issuer in a directory
}

// Group is a set of users. Groups do not nest.
type Group struct {
	ID          string // UUID
	Directory   string
	DisplayName string // 1 to 1,024 characters, unique
	Description string
	ExternalIDs []ExternalID
	CreatedAt   time.Time
	CreatedBy   string
	UpdatedAt   time.Time
	UpdatedBy   string
	FromFile    bool
}

// Membership is that a user is in a group.
type Membership struct {
	ID        string // UUID
	Group     string
	User      string
	CreatedAt time.Time // zero for those of the organisation file
	CreatedBy string
}

// Key is a name by which users are searched.
type Key string

// The names of people.
const (
	ByUserName    Key = "user-name"
	ByEmail       Key = "email"
	ByDisplayName Key = "display-name"
)

// Store keeps users, groups and memberships.
type Store interface {
	// User returns the user with that id, or NotFound.
	User(id string) (User, error)
	// UserByName finds by user name ignoring case in a directory, or NotFound.
	UserByName(directory, name string) (User, error)
	// UserByEmail finds by address ignoring case in a directory, or NotFound.
	UserByEmail(directory, email string) (User, error)
	// UserByExternalID finds who is known so in a directory, or NotFound. Without an
	// issuer any will do.
	UserByExternalID(directory string, id ExternalID) (User, error)
	// Users pages through a directory's users, in order of user name.
	Users(directory string, p page.Request) (page.Page[User], error)
	// UsersByPrefix pages through those one of whose names begins with a prefix,
	// ignoring case, in order of that name.
	UsersByPrefix(directory string, by Key, prefix string, p page.Request) (page.Page[User], error)
	// UserCount and GroupCount are how many a directory has.
	UserCount(directory string) (int, error)
	GroupCount(directory string) (int, error)
	// PutUser creates or replaces. A taken name, address or external id is AlreadyExists.
	PutUser(u User) error
	// AddUsers creates many in one directory. A taken id, name, address or external id
	// is AlreadyExists.
	AddUsers(directory string, users []User) error
	// DeleteUser removes the user with its memberships, credentials and sessions.
	DeleteUser(id string) error

	Group(id string) (Group, error)
	GroupByName(directory, name string) (Group, error)
	GroupByExternalID(directory string, id ExternalID) (Group, error)
	// Groups pages through a directory's groups, in order of name.
	Groups(directory string, p page.Request) (page.Page[Group], error)
	// GroupsByPrefix pages through those whose name begins with a prefix, ignoring
	// case, in order of name.
	GroupsByPrefix(directory, prefix string, p page.Request) (page.Page[Group], error)
	PutGroup(g Group) error
	DeleteGroup(id string) error

	// GroupsOf returns the ids of the groups that the user is in.
	GroupsOf(user string) ([]string, error)
	// Members returns the ids of the group's users.
	Members(group string) ([]string, error)
	// AddMember and RemoveMember change one membership; doing it twice is no error.
	AddMember(group, user string) error
	RemoveMember(group, user string) error
	// AddMembers is AddMember for many.
	AddMembers(group string, users []string) error

	// Membership returns the one with that id, MembershipOf that of a user in a
	// group; or NotFound.
	Membership(id string) (Membership, error)
	MembershipOf(group, user string) (Membership, error)
	// MembershipsIn pages through a group's members in order of user id,
	// MembershipsOf through a user's groups in order of group id.
	MembershipsIn(group string, p page.Request) (page.Page[Membership], error)
	MembershipsOf(user string, p page.Request) (page.Page[Membership], error)
	// PutMembership adds one that is not there yet, else AlreadyExists.
	PutMembership(m Membership) error
}

// Validate checks the user against what the console and the organisation file ask
// (behaviours.md 1.4, 6.6); [User.Check] against what the API does.
func (u User) Validate() error {
	switch {
	case !ValidUserName(u.UserName):
		return fault.New(fault.Invalid, "user-name", "user name %q must be 1 to 128 characters without spaces", u.UserName)
	case !account.ValidEmail(u.Email):
		return fault.New(fault.Invalid, "user-email", "e-mail address %q of user %q is not valid", u.Email, u.UserName)
	case !bounded(u.GivenName), !bounded(u.FamilyName), !bounded(u.DisplayName):
		return fault.New(fault.Invalid, "user-names", "given, family and display name of user %q must be 1 to 1024 characters", u.UserName)
	}
	return nil
}

// Validate checks the group's name.
func (g Group) Validate() error {
	if !bounded(g.DisplayName) {
		return fault.New(fault.Invalid, "group-name", "group name %q must be 1 to 1024 characters", g.DisplayName)
	}
	return nil
}

// ValidUserName reports whether s can be a user name: [\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}.
func ValidUserName(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= 128 && utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
	}) < 0
}

// FoldName is the form under which names are unique and compared.
func FoldName(s string) string { return strings.ToLower(s) }

// bounded reports whether s can be a name that is shown: 1 to 1024 characters.
func bounded(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= 1024 && utf8.ValidString(s)
}
