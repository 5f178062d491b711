package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

const directoryA, directoryB = "d-000000000a", "d-000000000b"

// wholeUser has something in every field.
func wholeUser() directory.User {
	u := testUser("u1")
	u.Directory, u.CreatedBy, u.UpdatedBy = directoryA, "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/taro"
	u.ExternalIDs = []directory.ExternalID{{Issuer: "https://idp.example", ID: "1"}, {Issuer: "https://other.example", ID: "1"}}
	u.Profile = directory.Profile{
		Formatted: "Dr. ジェーン", NickName: "janey", Birthdate: "1990-02-28", EmailType: "work", EmailPrimary: true,
		Addresses: []directory.Address{{Country: "JP", Primary: true}}, PhoneNumbers: []directory.Labelled{{Value: "+81"}},
		Photos: []directory.Labelled{{Value: "https://example.com/1.png", Display: "Me"}}, Roles: []directory.Labelled{{Value: "r"}},
		Enterprise: &directory.Enterprise{CostCenter: "4130", Manager: &directory.Manager{Value: "7"}},
	}
	return u
}

// testDirectory: what is kept of people and groups, how they are found, and how
// many there are, each directory for itself.
func testDirectory(t *testing.T, db store.DB) {
	u, g := wholeUser(), testGroup("g1")
	g.Directory, g.CreatedBy, g.UpdatedAt, g.UpdatedBy = directoryA, "a", now.Add(time.Hour), "b"
	g.ExternalIDs = []directory.ExternalID{{Issuer: "https://idp.example", ID: "1"}}
	update(t, db, func(tx store.Tx) error { return do(tx.PutUser(u), tx.PutUser(u), tx.PutGroup(g), tx.PutGroup(g)) })
	equal(t, "user", get(t, db, func(tx store.Tx) (directory.User, error) { return tx.User("u1") }), u)
	equal(t, "group", get(t, db, func(tx store.Tx) (directory.Group, error) { return tx.Group("g1") }), g)
	for _, id := range []directory.ExternalID{{Issuer: "https://other.example", ID: "1"}, {ID: "1"}} {
		equal(t, "by external id", get(t, db, func(tx store.Tx) (directory.User, error) { return tx.UserByExternalID(directoryA, id) }), u)
	}
	equal(t, "group by external id", get(t, db, func(tx store.Tx) (directory.Group, error) { return tx.GroupByExternalID(directoryA, g.ExternalIDs[0]) }), g)
	equal(t, "by address", get(t, db, func(tx store.Tx) (directory.User, error) { return tx.UserByEmail(directoryA, "U1@EXAMPLE.com") }), u)
	for name, read := range map[string]func(store.Tx) error{
		"other directory's address":     func(tx store.Tx) error { _, err := tx.UserByEmail(directoryB, u.Email); return err },
		"other directory's external id": func(tx store.Tx) error { _, err := tx.UserByExternalID(directoryB, u.ExternalIDs[0]); return err },
		"other issuer's": func(tx store.Tx) error {
			_, err := tx.UserByExternalID(directoryA, directory.ExternalID{Issuer: "x", ID: "1"})
			return err
		},
		"group's other issuer's": func(tx store.Tx) error {
			_, err := tx.GroupByExternalID(directoryA, directory.ExternalID{Issuer: "x", ID: "1"})
			return err
		},
		"membership":    func(tx store.Tx) error { _, err := tx.Membership("none"); return err },
		"membership of": func(tx store.Tx) error { _, err := tx.MembershipOf("g1", "u1"); return err },
	} {
		refused(t, name, db.View(t.Context(), read), fault.NotFound, "")
	}
	refused(t, "taken external id", db.Update(t.Context(), nil, func(tx store.Tx) error {
		v := testUser("u2")
		v.Directory, v.ExternalIDs = directoryA, u.ExternalIDs[:1]
		return tx.PutUser(v)
	}), fault.AlreadyExists, "external-id-taken")
	counts := func(in string) [2]int {
		return get(t, db, func(tx store.Tx) (n [2]int, err error) {
			if n[0], err = tx.UserCount(in); err != nil {
				return n, err
			}
			n[1], err = tx.GroupCount(in)
			return n, err
		})
	}
	equal(t, "counts", counts(directoryA), [2]int{1, 1})
	equal(t, "counts of another", counts(directoryB), [2]int{0, 0})
	update(t, db, func(tx store.Tx) error { return do(tx.DeleteUser("u1"), tx.DeleteGroup("g1")) })
	equal(t, "counts after", counts(directoryA), [2]int{0, 0})
	update(t, db, func(tx store.Tx) error { return do(tx.PutUser(u), tx.PutGroup(g)) }) // the ids are free again
}

func testMembershipIDs(t *testing.T, db store.DB) {
	made := directory.Membership{ID: "m1", Group: "g1", User: "u1", CreatedAt: now, CreatedBy: "by"}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutUser(testUser("u1")), tx.PutUser(testUser("u2")), tx.PutGroup(testGroup("g1")), tx.PutGroup(testGroup("g2")),
			tx.PutMembership(made), tx.AddMember("g1", "u2"), tx.AddMember("g2", "u1"), tx.AddMember("g1", "u1"))
	})
	equal(t, "membership", get(t, db, func(tx store.Tx) (directory.Membership, error) { return tx.Membership("m1") }), made)
	equal(t, "of", get(t, db, func(tx store.Tx) (directory.Membership, error) { return tx.MembershipOf("g1", "u1") }), made)
	refused(t, "twice", db.Update(t.Context(), nil, func(tx store.Tx) error {
		return tx.PutMembership(directory.Membership{ID: "m2", Group: "g1", User: "u1"})
	}), fault.AlreadyExists, directory.ReasonMember)
	refused(t, "no group", db.Update(t.Context(), nil, func(tx store.Tx) error {
		return tx.PutMembership(directory.Membership{ID: "m2", Group: "none", User: "u1"})
	}), fault.NotFound, "")
	for name, list := range map[string]func(store.Tx, page.Request) (page.Page[directory.Membership], error){
		"g1/u1 g1/u2": func(tx store.Tx, p page.Request) (page.Page[directory.Membership], error) {
			return tx.MembershipsIn("g1", p)
		},
		"g1/u1 g2/u1": func(tx store.Tx, p page.Request) (page.Page[directory.Membership], error) {
			return tx.MembershipsOf("u1", p)
		},
	} {
		var got []string
		view(t, db, func(tx store.Tx) error {
			for p := (page.Request{Limit: 1}); ; {
				m, err := list(tx, p)
				if err != nil {
					return err
				}
				for _, m := range m.Items {
					if m.ID == "" {
						t.Error("a membership without an id")
					}
					got = append(got, m.Group+"/"+m.User)
				}
				if p.After = m.Next; p.After == "" {
					return nil
				}
			}
		})
		equal(t, "page by page", strings.Join(got, " "), name)
	}
}

// testSearch: people are found by the beginning of any of their names, in any
// case, nobody twice, page by page.
func testSearch(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		for i, c := range []struct{ in, name, email, display string }{
			{directoryA, "anna", "zz@example.com", "Ärger"},
			{directoryA, "bob", "anna.b@example.com", "Bob"},
			{directoryA, "carol", "carol@example.com", "Anna C"},
			{directoryA, "dave", "dave@example.com", "anna c"},
			{directoryA, "ANNEMARIE", "annemarie@example.com", "Annemarie"},
			{directoryA, "eve_x", "eve@example.com", "100% Eve"},
			{directoryB, "anna", "anna@example.com", "Anna"},
		} {
			u := testUser(fmt.Sprint("u", i))
			u.Directory, u.UserName, u.Email, u.DisplayName = c.in, c.name, c.email, c.display
			g := directory.Group{ID: fmt.Sprint("g", i), Directory: c.in, DisplayName: c.name + " group"}
			if err := do(tx.PutUser(u), tx.PutGroup(g)); err != nil {
				return err
			}
		}
		u := testUser("u-none")
		u.Directory, u.UserName, u.Email, u.DisplayName = directoryA, "zed", "", "Zed"
		return tx.PutUser(u)
	})
	for prefix, want := range map[string]string{
		"ANN":  "anna ANNEMARIE bob carol dave",
		"anna": "anna bob carol dave",
		"ä":    "anna",
		"100%": "eve_x",
		"eve_": "eve_x",
		"x":    "",
		"%":    "",
		"":     "anna ANNEMARIE bob carol dave eve_x zed",
	} {
		for limit := range 8 {
			var got []string
			view(t, db, func(tx store.Tx) error {
				for p := (page.Request{Limit: limit + 1}); ; {
					found, err := directory.SearchUsers(tx, directoryA, prefix, p)
					if err != nil {
						return err
					}
					if len(found.Items) > limit+1 || found.Next != "" && len(found.Items) != limit+1 {
						t.Errorf("%q: %d in a page of %d", prefix, len(found.Items), limit+1)
					}
					for _, u := range found.Items {
						got = append(got, u.UserName)
					}
					if p.After = found.Next; p.After == "" {
						return nil
					}
				}
			})
			equal(t, fmt.Sprintf("%q by %d", prefix, limit+1), strings.Join(got, " "), want)
		}
	}
	groups := get(t, db, func(tx store.Tx) (page.Page[directory.Group], error) {
		return directory.SearchGroups(tx, directoryA, "AN", page.Request{Limit: 1})
	})
	if len(groups.Items) != 1 || groups.Items[0].DisplayName != "anna group" || groups.Next == "" {
		t.Errorf("groups %+v", groups)
	}
}

// testPeople: what is mailed to a person replaces what was mailed for the same
// purpose, and goes with the person.
func testPeople(t *testing.T, db store.DB) {
	link := func(hash string, p people.Purpose) people.Link {
		return people.Link{Hash: hash, Purpose: p, User: "u1", Email: "u1@example.com", SentAt: now, ExpiresAt: now.Add(time.Hour)}
	}
	known := people.Security{User: "u1", VerifiedEmail: "u1@example.com", VerificationSentAt: now, LastSignInAt: now.Add(time.Minute)}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutUser(testUser("u1")), tx.PutLink(link("a", people.Invitation)), tx.PutLink(link("b", people.Invitation)), tx.PutLink(link("c", people.Code)),
			tx.PutSecurity(people.Security{User: "u1"}), tx.PutSecurity(known))
	})
	equal(t, "security", get(t, db, func(tx store.Tx) (people.Security, error) { return tx.Security("u1") }), known)
	equal(t, "security of nobody", get(t, db, func(tx store.Tx) (people.Security, error) { return tx.Security("none") }), people.Security{User: "none"})
	equal(t, "link", get(t, db, func(tx store.Tx) (people.Link, error) { return tx.Link("b") }), link("b", people.Invitation))
	equal(t, "link of", get(t, db, func(tx store.Tx) (people.Link, error) { return tx.LinkOf("u1", people.Code) }), link("c", people.Code))
	gone := func(hash string) {
		t.Helper()
		refused(t, hash, db.View(t.Context(), func(tx store.Tx) error { _, err := tx.Link(hash); return err }), fault.NotFound, "")
	}
	gone("a")
	update(t, db, func(tx store.Tx) error { return tx.DropLinks("u1", people.Code) })
	gone("c")
	update(t, db, func(tx store.Tx) error { return tx.DropLinks("u1", "") })
	gone("b")
	update(t, db, func(tx store.Tx) error { return do(tx.PutLink(link("d", people.Invitation)), tx.DeleteUser("u1")) })
	gone("d")
	equal(t, "security after", get(t, db, func(tx store.Tx) (people.Security, error) { return tx.Security("u1") }), people.Security{User: "u1"})
}
