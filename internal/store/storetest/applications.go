package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// The instances, accounts and people of applications' tests. jane and joe are in
// the directory of the first instance, eve is in the other's.
const (
	appsIn, appsElsewhere = "ssoins-0000000000000001", "ssoins-0000000000000002"
	appsOf, appsToo       = "111122223333", "444455556666"
)

func putApplicationWorld(t *testing.T, db store.DB) {
	t.Helper()
	update(t, db, func(tx store.Tx) error {
		err := do(tx.PutAccount(testAccount(appsOf)), tx.PutAccount(testAccount(appsToo)),
			tx.PutInstance(access.Instance{ID: appsIn, DirectoryID: "d-0000000001", Owner: appsOf, CreatedAt: now}),
			tx.PutInstance(access.Instance{ID: appsElsewhere, DirectoryID: "d-0000000002", Owner: appsToo, CreatedAt: now}))
		for id, in := range map[string]string{"jane": "d-0000000001", "joe": "d-0000000001", "eve": "d-0000000002"} {
			u := testUser(id)
			u.Directory = in
			err = do(err, tx.PutUser(u))
		}
		return do(err, tx.PutGroup(directory.Group{ID: "g1", Directory: "d-0000000001", DisplayName: "One"}),
			tx.PutGroup(directory.Group{ID: "g2", Directory: "d-0000000001", DisplayName: "Two"}), tx.AddMember("g1", "jane"), tx.AddMember("g2", "jane"))
	})
}

// testApplication is enabled, visible and only for those who are assigned.
func testApplication(n int) application.Application {
	return application.Application{
		ID: fmt.Sprintf("apl-%016d", n), Instance: appsIn, Account: appsOf, Provider: "custom", Name: fmt.Sprintf("アプリ %d", n), Description: "何か",
		Status: application.Enabled, Visibility: application.Enabled, SignIn: application.SignIn{Origin: application.FromApplication, URL: "https://app.example.com/"},
		AssignmentRequired: true, Tags: []iam.Tag{{Key: "b", Value: "2"}, {Key: "a"}}, CreatedAt: now.Add(time.Duration(n) * time.Second), CreatedFrom: "us-east-1",
	}
}

func applicationIDs(p page.Page[application.Application]) string {
	var ids []string
	for _, a := range p.Items {
		ids = append(ids, strings.TrimLeft(a.ID, "apl-0"))
	}
	return strings.Join(ids, " ")
}

// testApplications: applications come back as they were put, each instance lists
// its own by name, and what goes takes all with it that hangs on it (G-60).
func testApplications(t *testing.T, db store.DB) {
	putApplicationWorld(t, db)
	one, two, three, four := testApplication(1), testApplication(2), testApplication(3), testApplication(4)
	least := application.Application{ID: one.ID, Instance: appsIn, Account: appsOf, Provider: "custom", Name: "x", CreatedAt: now}
	for _, a := range []application.Application{least, one} {
		update(t, db, func(tx store.Tx) error { return tx.PutApplication(a) })
		equal(t, "application", get(t, db, func(tx store.Tx) (application.Application, error) { return tx.Application(a.ID) }), a)
	}
	two.Name, two.Account = one.Name, appsToo // names need not differ
	three.Name, three.Provider = "A first", "other"
	four.Instance = appsElsewhere
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutApplication(two), tx.PutApplication(three), tx.PutApplication(four))
	})

	for _, c := range []struct {
		instance string
		filter   application.Filter
		want     string
	}{
		{appsIn, application.Filter{}, "3 1 2"},
		{appsElsewhere, application.Filter{}, "4"},
		{"ssoins-none", application.Filter{}, ""},
		{appsIn, application.Filter{Account: appsOf}, "3 1"},
		{appsIn, application.Filter{Account: appsToo}, "2"},
		{appsIn, application.Filter{Provider: "custom"}, "1 2"},
		{appsIn, application.Filter{Account: appsOf, Provider: "other"}, "3"},
	} {
		var seen []string
		for p := (page.Request{Limit: 1}); ; {
			got := get(t, db, func(tx store.Tx) (page.Page[application.Application], error) {
				return tx.Applications(c.instance, c.filter, p)
			})
			if len(got.Items) > 0 {
				seen = append(seen, applicationIDs(got))
			}
			if p.After = got.Next; p.After == "" {
				break
			}
		}
		equal(t, fmt.Sprintf("%s %+v", c.instance, c.filter), strings.Join(seen, " "), c.want)
	}
	equal(t, "count", get(t, db, func(tx store.Tx) (int, error) { return tx.ApplicationCount(appsIn) }), 3)

	configuration := application.Configuration{
		Scopes: []application.Scope{{Name: "sso:account:access", Targets: []string{one.ARN()}}, {Name: "z"}},
		Grants: []application.Grant{
			{Type: application.AuthorizationCode, RedirectURIs: []string{"https://app.example.com/cb?x=<&>"}},
			{Type: application.JWTBearer, Issuers: []application.AuthorizedIssuer{{ARN: "arn:x", Audiences: []string{"あ"}}}},
		},
		ActorPolicy: `{"Version":"2012-10-17"}`, BackgroundSessions: true,
	}
	read := func(id string) application.Configuration {
		return get(t, db, func(tx store.Tx) (application.Configuration, error) { return tx.ApplicationConfiguration(id) })
	}
	equal(t, "no configuration", read(one.ID), application.Configuration{})
	for _, c := range []application.Configuration{configuration, {}, configuration} {
		update(t, db, func(tx store.Tx) error { return tx.PutApplicationConfiguration(one.ID, c) })
		equal(t, "configuration", read(one.ID), c)
	}

	assigned := application.Assignment{Application: one.ID, PrincipalType: access.ToUser, PrincipalID: "jane", CreatedAt: now}
	update(t, db, func(tx store.Tx) error { return tx.PutApplicationAssignment(assigned) })
	update(t, db, func(tx store.Tx) error { return tx.DeleteApplication(one.ID) })
	equal(t, "configuration of one that is gone", read(one.ID), application.Configuration{})
	nowhere := testApplication(9)
	nowhere.Instance = "ssoins-none"
	for what, fn := range map[string]func(store.Tx) error{
		"an application":                func(tx store.Tx) error { _, err := tx.Application(one.ID); return err },
		"its assignment":                func(tx store.Tx) error { _, err := tx.ApplicationAssignment(assigned); return err },
		"deleting it again":             func(tx store.Tx) error { return tx.DeleteApplication(one.ID) },
		"configuring it":                func(tx store.Tx) error { return tx.PutApplicationConfiguration(one.ID, configuration) },
		"assigning to it":               func(tx store.Tx) error { return tx.PutApplicationAssignment(assigned) },
		"an application of no instance": func(tx store.Tx) error { return tx.PutApplication(nowhere) },
		"a trusted token issuer":        func(tx store.Tx) error { _, err := tx.TokenIssuer("tti-0"); return err },
		"deleting one":                  func(tx store.Tx) error { return tx.DeleteTokenIssuer("tti-0") },
		"one of no instance": func(tx store.Tx) error {
			return tx.PutTokenIssuer(application.TokenIssuer{ID: "t", Instance: "x", Account: appsOf})
		},
		"a request that nobody has made": func(tx store.Tx) error { _, err := tx.ClientRequest("k"); return err },
	} {
		refused(t, what, db.Update(t.Context(), nil, fn), fault.NotFound, "")
	}
}

// testApplicationAssignments: who is assigned is listed from both sides, users with
// what their groups have, and goes with the principal (G-60).
func testApplicationAssignments(t *testing.T, db store.DB) {
	putApplicationWorld(t, db)
	assign := func(n int, kind access.PrincipalType, principal string) application.Assignment {
		return application.Assignment{Application: testApplication(n).ID, PrincipalType: kind, PrincipalID: principal, CreatedAt: now}
	}
	given := []application.Assignment{
		assign(1, access.ToGroup, "g1"), assign(1, access.ToGroup, "g2"), assign(1, access.ToUser, "jane"), assign(1, access.ToUser, "joe"),
		assign(2, access.ToGroup, "g2"), assign(3, access.ToUser, "jane"),
	}
	update(t, db, func(tx store.Tx) error {
		err := do(tx.PutApplication(testApplication(1)), tx.PutApplication(testApplication(2)), tx.PutApplication(testApplication(3)))
		for _, a := range given {
			err = do(err, tx.PutApplicationAssignment(a))
		}
		return err
	})
	again := given[0]
	again.CreatedAt = now.Add(time.Hour)
	update(t, db, func(tx store.Tx) error { return tx.PutApplicationAssignment(again) })
	equal(t, "assigned twice", get(t, db, func(tx store.Tx) (application.Assignment, error) { return tx.ApplicationAssignment(again) }), given[0])
	equal(t, "groups", get(t, db, func(tx store.Tx) (int, error) { return tx.ApplicationGroupCount(given[0].Application) }), 2)

	list := func(read func(store.Tx, page.Request) (page.Page[application.Assignment], error)) (all []application.Assignment) {
		t.Helper()
		for p := (page.Request{Limit: 1}); ; {
			got := get(t, db, func(tx store.Tx) (page.Page[application.Assignment], error) { return read(tx, p) })
			all = append(all, got.Items...)
			if p.After = got.Next; p.After == "" {
				return all
			}
		}
	}
	to := func(kind access.PrincipalType, principal, id string) []application.Assignment {
		t.Helper()
		return list(func(tx store.Tx, p page.Request) (page.Page[application.Assignment], error) {
			return tx.ApplicationAssignmentsTo(kind, principal, id, p)
		})
	}
	of := func(n int) []application.Assignment {
		t.Helper()
		return list(func(tx store.Tx, p page.Request) (page.Page[application.Assignment], error) {
			return tx.ApplicationAssignments(testApplication(n).ID, p)
		})
	}
	equal(t, "of the first", of(1), given[:4])
	equal(t, "of none", len(of(9)), 0)
	equal(t, "to jane, by herself and by groups", to(access.ToUser, "jane", ""), []application.Assignment{given[0], given[1], given[2], given[4], given[5]})
	equal(t, "to jane, of the second", to(access.ToUser, "jane", given[4].Application), given[4:5])
	equal(t, "to joe", to(access.ToUser, "joe", ""), given[3:4])
	equal(t, "to a group", to(access.ToGroup, "g2", ""), []application.Assignment{given[1], given[4]})
	equal(t, "to a group, of the second", to(access.ToGroup, "g2", given[4].Application), given[4:5])
	equal(t, "to nobody", len(to(access.ToUser, "g2", "")), 0)

	update(t, db, func(tx store.Tx) error { return do(tx.DeleteUser("jane"), tx.DeleteGroup("g2")) })
	equal(t, "left of the first", of(1), []application.Assignment{given[0], given[3]})
	equal(t, "left of the second", len(of(2)), 0)
	update(t, db, func(tx store.Tx) error { return tx.DeleteApplicationAssignment(given[3]) })
	equal(t, "left after deleting", of(1), given[:1])
	refused(t, "deleting again", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeleteApplicationAssignment(given[3]) }),
		fault.NotFound, "no-application-assignment")
}

// testApplicationsVisible: the portal shows people what they are assigned or is
// open to all of their instance, if it is enabled and to be shown (H-18).
func testApplicationsVisible(t *testing.T, db store.DB) {
	putApplicationWorld(t, db)
	with := func(n int, change func(*application.Application)) application.Application {
		a := testApplication(n)
		if change != nil {
			change(&a)
		}
		return a
	}
	const direct, byGroup, open, off, hidden, others, nobodys, elsewhere = 1, 2, 3, 4, 5, 6, 7, 8
	update(t, db, func(tx store.Tx) error {
		var err error
		for _, a := range []application.Application{
			with(direct, nil), with(byGroup, func(a *application.Application) { a.Name = "Zebra" }),
			with(open, func(a *application.Application) { a.AssignmentRequired, a.Name = false, "Aardvark" }),
			with(off, func(a *application.Application) { a.Status = application.Disabled }),
			with(hidden, func(a *application.Application) { a.Visibility = application.Disabled }),
			with(others, nil), with(nobodys, nil),
			with(elsewhere, func(a *application.Application) { a.Instance, a.AssignmentRequired = appsElsewhere, false }),
		} {
			err = do(err, tx.PutApplication(a))
		}
		for _, a := range []application.Assignment{
			{Application: testApplication(direct).ID, PrincipalType: access.ToUser, PrincipalID: "jane"},
			{Application: testApplication(direct).ID, PrincipalType: access.ToGroup, PrincipalID: "g1"}, // twice, shown once
			{Application: testApplication(byGroup).ID, PrincipalType: access.ToGroup, PrincipalID: "g2"},
			{Application: testApplication(open).ID, PrincipalType: access.ToUser, PrincipalID: "jane"},
			{Application: testApplication(off).ID, PrincipalType: access.ToUser, PrincipalID: "jane"},
			{Application: testApplication(hidden).ID, PrincipalType: access.ToUser, PrincipalID: "jane"},
			{Application: testApplication(others).ID, PrincipalType: access.ToUser, PrincipalID: "joe"},
		} {
			err = do(err, tx.PutApplicationAssignment(a))
		}
		return err
	})
	for user, want := range map[string]string{"jane": "3 2 1", "joe": "3 6", "eve": "8", "nobody": ""} {
		var seen []string
		for p := (page.Request{Limit: 2}); ; {
			got := get(t, db, func(tx store.Tx) (page.Page[application.Application], error) {
				return application.VisibleTo(tx, user, p)
			})
			if len(got.Items) > 0 {
				seen = append(seen, applicationIDs(got))
			}
			if p.After = got.Next; p.After == "" {
				break
			}
		}
		equal(t, "visible to "+user, strings.Join(seen, " "), want)
	}
}

// testTokenIssuers: trusted token issuers come back as they were put, and go with
// their instance, as applications do.
func testTokenIssuers(t *testing.T, db store.DB) {
	putApplicationWorld(t, db)
	issuer := func(id, instance, name string) application.TokenIssuer {
		return application.TokenIssuer{ID: id, Instance: instance, Account: appsOf, Name: name, URL: "https://idp.example.com", ClaimPath: "email",
			AttributePath: "emails.value", Tags: []iam.Tag{{Key: "k", Value: "v"}}, CreatedAt: now}
	}
	last, first, other := issuer("tti-1", appsIn, "z"), issuer("tti-2", appsIn, "a"), issuer("tti-3", appsElsewhere, "m")
	changed := last
	changed.Name, changed.ClaimPath, changed.AttributePath, changed.Tags = "y", "sub", "userName", nil
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutTokenIssuer(last), tx.PutTokenIssuer(first), tx.PutTokenIssuer(other), tx.PutTokenIssuer(changed))
	})
	equal(t, "issuer", get(t, db, func(tx store.Tx) (application.TokenIssuer, error) { return tx.TokenIssuer("tti-1") }), changed)
	equal(t, "issuers", get(t, db, func(tx store.Tx) (int, error) { return tx.TokenIssuerCount(appsIn) }), 2)
	list := func(instance string, p page.Request) page.Page[application.TokenIssuer] {
		return get(t, db, func(tx store.Tx) (page.Page[application.TokenIssuer], error) { return tx.TokenIssuers(instance, p) })
	}
	begin := list(appsIn, page.Request{Limit: 1})
	equal(t, "the first page", begin.Items, []application.TokenIssuer{first})
	equal(t, "the second page", list(appsIn, page.Request{Limit: 1, After: begin.Next}), page.Page[application.TokenIssuer]{Items: []application.TokenIssuer{changed}})
	update(t, db, func(tx store.Tx) error { return tx.DeleteTokenIssuer(first.ID) })
	equal(t, "after deleting", list(appsIn, page.Request{}).Items, []application.TokenIssuer{changed})

	near, far := testApplication(1), testApplication(2)
	far.Instance = appsElsewhere
	assigned := application.Assignment{Application: near.ID, PrincipalType: access.ToUser, PrincipalID: "jane", CreatedAt: now}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutApplication(near), tx.PutApplication(far), tx.PutApplicationAssignment(assigned),
			tx.PutApplicationConfiguration(near.ID, application.Configuration{ActorPolicy: "{}"}))
	})
	update(t, db, func(tx store.Tx) error { return tx.DeleteInstance(appsIn) })
	equal(t, "issuers of the instance that went", len(list(appsIn, page.Request{}).Items), 0)
	equal(t, "issuers of the other", list(appsElsewhere, page.Request{}).Items, []application.TokenIssuer{other})
	equal(t, "applications that went", get(t, db, func(tx store.Tx) (int, error) { return tx.ApplicationCount(appsIn) }), 0)
	equal(t, "applications of the other", get(t, db, func(tx store.Tx) (int, error) { return tx.ApplicationCount(appsElsewhere) }), 1)
	refused(t, "an assignment that went", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.ApplicationAssignment(assigned); return err }),
		fault.NotFound, "no-application-assignment")
}

// testClientRequests: what was done is known until its time.
func testClientRequests(t *testing.T, db store.DB) {
	r := application.ClientRequest{Key: "111122223333/CreateApplication/token", Digest: "d", Result: "r", Until: now.Add(time.Hour)}
	later := r
	later.Result = "s"
	for _, c := range []application.ClientRequest{r, later} {
		update(t, db, func(tx store.Tx) error { return tx.PutClientRequest(c) })
		equal(t, "request", get(t, db, func(tx store.Tx) (application.ClientRequest, error) { return tx.ClientRequest(r.Key) }), c)
	}
	expire(t, db, later.Until, 10)
	view(t, db, func(tx store.Tx) error { _, err := tx.ClientRequest(r.Key); return err })
	expire(t, db, later.Until.Add(time.Microsecond), 10)
	refused(t, "a request past its time", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.ClientRequest(r.Key); return err }),
		fault.NotFound, "no-client-request")
}

// testApplicationChanges: who keeps what was read of an application is told when it
// is no longer so.
func testApplicationChanges(t *testing.T, db store.DB) {
	putApplicationWorld(t, db)
	a := testApplication(1)
	given := application.Assignment{Application: a.ID, PrincipalType: access.ToUser, PrincipalID: "jane"}
	issuer := application.TokenIssuer{ID: "tti-1", Instance: appsIn, Account: appsOf}
	key, issuerKey := store.KeyApplication(a.ID), store.KeyTokenIssuer(issuer.ID)
	for _, c := range []struct {
		name  string
		write func(store.Tx) error
		want  []string
	}{
		{"PutApplication", func(tx store.Tx) error { return tx.PutApplication(a) }, []string{key}},
		{"PutApplicationConfiguration", func(tx store.Tx) error { return tx.PutApplicationConfiguration(a.ID, application.Configuration{}) }, []string{key}},
		{"PutApplicationAssignment", func(tx store.Tx) error { return tx.PutApplicationAssignment(given) }, sortedKeys(key, store.KeyAssigned("jane"))},
		{"DeleteApplicationAssignment", func(tx store.Tx) error { return tx.DeleteApplicationAssignment(given) }, sortedKeys(key, store.KeyAssigned("jane"))},
		{"DeleteApplication", func(tx store.Tx) error { return tx.DeleteApplication(a.ID) }, []string{key}},
		{"PutTokenIssuer", func(tx store.Tx) error { return tx.PutTokenIssuer(issuer) }, []string{issuerKey}},
		{"DeleteTokenIssuer", func(tx store.Tx) error { return tx.DeleteTokenIssuer(issuer.ID) }, []string{issuerKey}},
		{"DeleteApplicationsOf", func(tx store.Tx) error {
			return do(tx.PutApplication(a), tx.PutTokenIssuer(issuer), tx.DeleteApplicationsOf(appsIn))
		}, sortedKeys(key, issuerKey)},
	} {
		equal(t, c.name, noted(t, db, c.write), c.want)
	}
}
