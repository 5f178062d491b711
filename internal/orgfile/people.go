package orgfile

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
)

// principalID is the form of users' and groups' ids.
var principalID = regexp.MustCompile(`^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$`)

// into makes a person be what the file says.
func (fu *User) into(want *directory.User) {
	want.UserName = fu.UserName // found ignoring case
	want.GivenName, want.FamilyName = fu.GivenName, fu.FamilyName
	want.DisplayName = cmp.Or(fu.DisplayName, fu.GivenName+" "+fu.FamilyName)
	want.Email, want.Locale, want.FromFile = fu.Email, fu.Locale, true
	want.Disabled = fu.Enabled != nil && !*fu.Enabled
	if fu.Profile != nil {
		want.Profile = fu.Profile.profile()
	}
	if fu.ExternalIDs != nil {
		want.ExternalIDs = each(fu.ExternalIDs, ExternalID.externalID)
	}
}

func (id ExternalID) externalID() directory.ExternalID {
	return directory.ExternalID{Issuer: id.Issuer, ID: id.ID}
}

// peopleIndex is who is in the directory: asked for one by one, a hundred thousand
// people are a hundred thousand questions.
type peopleIndex struct {
	byID    map[string]directory.User
	byName  map[string]string // folded name → id
	byEmail map[string]string // address in lower case → id
}

// readUsers remembers the people who are there.
func (r *run) readUsers() error {
	r.people = peopleIndex{make(map[string]directory.User), make(map[string]string), make(map[string]string)}
	if r.newInstance {
		return nil
	}
	all, err := usersOf(r.tx, r.inst)
	for _, u := range all {
		r.people.remember(u)
	}
	return err
}

func (x peopleIndex) remember(u directory.User) {
	x.byID[u.ID], x.byName[directory.FoldName(u.UserName)] = u, u.ID
	if u.Email != "" {
		x.byEmail[strings.ToLower(u.Email)] = u.ID
	}
}

func (x peopleIndex) forget(u directory.User) {
	delete(x.byID, u.ID)
	delete(x.byName, directory.FoldName(u.UserName))
	delete(x.byEmail, strings.ToLower(u.Email))
}

// find returns the person whom the file means: by id if it has one, else by name.
func (x peopleIndex) find(fu *User) (directory.User, bool, error) {
	if u, ok := x.byID[fu.ID]; ok {
		return u, true, nil
	}
	id, ok := x.byName[directory.FoldName(fu.UserName)]
	if ok && fu.ID != "" {
		return directory.User{}, false, errKept(id, fu.ID)
	}
	return x.byID[id], ok, nil
}

func (r *run) putUsers() error {
	declared := r.file.IdentityCenter.Users
	r.users = make(map[string]string, len(declared))
	var made []directory.User
	for i := range declared {
		u, isNew, err := r.user(&declared[i])
		if err != nil {
			return fmt.Errorf("user %q: %w", declared[i].UserName, err)
		}
		if isNew {
			made = append(made, u)
		}
		r.users[u.UserName] = u.ID
	}
	for _, u := range made { // when those who were there have given up addresses
		if u.Email != "" && r.people.byEmail[strings.ToLower(u.Email)] != "" {
			return fault.New(fault.AlreadyExists, "email-taken", "The e-mail address %q of user %q belongs to another user.", u.Email, u.UserName)
		}
	}
	if err := r.tx.AddUsers(r.inst.DirectoryID, made); err != nil {
		return err
	}
	for i := range declared {
		fu := &declared[i]
		owner := credential.Owner{Kind: credential.DirectoryUser, ID: r.users[fu.UserName]}
		if err := r.firstPassword(person{credential.DirectoryUser, fu.UserName}, owner, fu.PasswordResetRequired); err != nil {
			return err
		}
	}
	return nil
}

// user makes a person who is there be what the file says; one who is new is still
// to be added.
func (r *run) user(fu *User) (want directory.User, isNew bool, err error) {
	have, found, err := r.people.find(fu)
	if err != nil {
		return have, false, err
	}
	want = have
	if !found {
		want = directory.User{ID: cmp.Or(fu.ID, uuid.NewString()), Directory: r.inst.DirectoryID, CreatedAt: r.now, UpdatedAt: r.now}
		fu.into(&want)
		r.note("create", "user", want.UserName)
		if fu.ID != "" {
			if _, err := r.tx.User(fu.ID); !fault.Is(err, fault.NotFound) {
				return want, true, cmp.Or(err, errTaken(fu.ID))
			}
		}
		return want, true, nil
	}
	fu.into(&want)
	if err := put(r, true, have, want, "user", want.UserName, r.tx.PutUser); err != nil {
		return want, false, err
	}
	r.people.forget(have)
	r.people.remember(want)
	return want, false, people.Changed(r.tx, have, want, r.now)
}

func (r *run) putGroups() error {
	existing, err := groupsOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	byID, byName := make(map[string]directory.Group, len(existing)), make(map[string]directory.Group, len(existing))
	for _, g := range existing {
		byID[g.ID], byName[g.DisplayName] = g, g
	}
	r.groups = make(map[string]string)
	for i := range r.file.IdentityCenter.Groups {
		fg := &r.file.IdentityCenter.Groups[i]
		have, found := byID[fg.ID]
		if !found {
			if have, found = byName[fg.Name]; found && fg.ID != "" {
				return fmt.Errorf("group %q: %w", fg.Name, errKept(have.ID, fg.ID))
			}
		}
		if err := r.group(fg, have, found); err != nil {
			return fmt.Errorf("group %q: %w", fg.Name, err)
		}
	}
	return nil
}

func (r *run) group(fg *Group, have directory.Group, found bool) error {
	want := have
	if !found {
		want = directory.Group{ID: cmp.Or(fg.ID, uuid.NewString()), Directory: r.inst.DirectoryID, CreatedAt: r.now}
		if fg.ID != "" {
			if _, err := r.tx.Group(fg.ID); !fault.Is(err, fault.NotFound) {
				return cmp.Or(err, errTaken(fg.ID))
			}
		}
	}
	want.DisplayName, want.Description, want.FromFile = fg.Name, fg.Description, true
	if fg.ExternalIDs != nil {
		want.ExternalIDs = each(fg.ExternalIDs, ExternalID.externalID)
	}
	if err := put(r, found, have, want, "group", want.DisplayName, r.tx.PutGroup); err != nil {
		return err
	}
	r.groups[fg.Name] = want.ID
	return r.groupMembers(fg, want.ID, found)
}

// groupMembers makes the group's members be the file's.
func (r *run) groupMembers(fg *Group, id string, found bool) error {
	want := make(map[string]bool, len(fg.Members))
	for _, name := range fg.Members {
		want[r.users[name]] = true
	}
	if found {
		have, err := r.tx.Members(id)
		if err != nil {
			return err
		}
		for _, u := range have {
			if want[u] {
				delete(want, u)
				continue
			}
			r.note("delete", "member", fg.Name+"/"+u)
			if err := r.tx.RemoveMember(id, u); err != nil {
				return err
			}
		}
	}
	var made []string
	for _, name := range fg.Members {
		u := r.users[name]
		if !want[u] {
			continue
		}
		delete(want, u)
		made = append(made, u)
		r.note("create", "member", fg.Name+"/"+name)
	}
	return r.tx.AddMembers(id, made)
}
