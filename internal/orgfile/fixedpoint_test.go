package orgfile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/orgfile"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// everything makes, by the operations behind the APIs, an organization with one of
// everything that files can say, under names that make it hard.
func everything(h *house) {
	h.Helper()
	h.update(func(tx store.Tx) error {
		m := &maker{house: h, tx: tx}
		o := m.organization("111122223333")
		m.structure(o)
		m.control(o)
		m.center(o)
		return nil
	})
}

// maker makes things, of which none may fail.
type maker struct {
	*house
	tx   store.Tx
	odd  org.Unit
	prod org.Unit
}

func (m *maker) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func got[T any](m *maker) func(v T, err error) T {
	return func(v T, err error) T {
		m.Helper()
		m.must(err)
		return v
	}
}

func (m *maker) account(id, name string) account.Account {
	a := account.Account{ID: id, Name: name, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: now}
	m.must(m.tx.PutAccount(a))
	return a
}

func (m *maker) organization(management string) org.Organization {
	m.account(management, "Management")
	o := got[org.Organization](m)(org.New(m.tx, management, org.AllFeatures, now))
	o.AccountLimit = 50
	m.must(m.tx.PutOrganization(o))
	for _, s := range []string{org.IAM, org.IdentityCenter, "securityhub.amazonaws.com", "backup.amazonaws.com"} {
		m.must(org.EnableTrust(m.tx, o, s, now))
	}
	return o
}

// structure makes units and accounts: an empty unit, names with slashes and of the
// root, two accounts with one name, one called as another's id.
func (m *maker) structure(o org.Organization) {
	unit := got[org.Unit](m)
	workloads := unit(org.CreateUnit(m.tx, o, o.Root, "Workloads", []org.Tag{{Key: "team", Value: "a b"}}, now))
	m.prod = unit(org.CreateUnit(m.tx, o, workloads.ID, "Prod", nil, now))
	unit(org.CreateUnit(m.tx, o, o.Root, "Empty", nil, now))
	unit(org.CreateUnit(m.tx, o, o.Root, "Root", nil, now))
	m.odd = unit(org.CreateUnit(m.tx, o, workloads.ID, "Dev/Test: 試験", nil, now))
	below := unit(org.CreateUnit(m.tx, o, m.odd.ID, "Inner", nil, now))
	for i, place := range []struct{ name, path string }{
		{"Same", o.Path()}, {"Same", m.prod.Path}, {"111122223333", m.odd.Path}, {"Workloads", below.Path}, {"yes", workloads.Path}, {"Gone", m.prod.Path},
	} {
		id := fmt.Sprintf("44445555%04d", i)
		m.must(org.Join(m.tx, o, m.account(id, place.name), place.path, account.Created, now))
		m.must(org.SetTags(m.tx, o.ID, id, []org.Tag{{Key: "n", Value: fmt.Sprint(i)}}))
	}
	gone := got[account.Account](m)(m.tx.Account("444455550005"))
	gone.Status = account.Closed
	m.must(m.tx.PutAccount(gone))
	m.must(org.SetTags(m.tx, o.ID, o.Root, []org.Tag{{Key: "root", Value: ""}}))
}

func (m *maker) control(o org.Organization) {
	changed := got[org.Organization](m)
	for _, t := range []org.PolicyType{org.TagPolicy, org.ServiceControl, org.ResourceControl, org.SecurityHub} {
		o = changed(org.EnablePolicyType(m.tx, o, o.Root, t))
	}
	policy := got[org.Policy](m)
	some := policy(org.NewPolicy(m.tx, o, org.Policy{Type: org.ServiceControl, Name: "Some", Description: "Lets some",
		Document: "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]\n}"}, []org.Tag{{Key: "k", Value: "v"}}, now))
	for _, target := range []string{m.prod.ID, m.odd.ID, "444455550000", "444455550003", "444455550005"} {
		m.must(org.Attach(m.tx, o, some.ID, target))
		m.must(org.Detach(m.tx, o, org.FullAWSAccess.ID, target))
	}
	policy(org.NewPolicy(m.tx, o, org.Policy{Type: org.ResourceControl, Name: "Loose",
		Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`}, nil, now))
	for i, name := range []string{"B", "A"} {
		p := policy(org.NewPolicy(m.tx, o, org.Policy{Type: org.TagPolicy, Name: name, Document: `{"tags":{"cost":{"tag_key":{"@@assign":"Cost` + fmt.Sprint(i) + `"}}}}`}, nil, now))
		m.must(org.Attach(m.tx, o, p.ID, o.Root))
	}
	policy(org.NewPolicy(m.tx, o, org.Policy{Type: org.BackupPolicy, Name: "Of a type that is off", Document: `{"plans":{}}`}, nil, now))
	m.must(org.Register(m.tx, o, "444455550000", org.IdentityCenter, now))
	m.must(org.Register(m.tx, o, "444455550000", "backup.amazonaws.com", now))
	m.must(org.Register(m.tx, o, "444455550001", "backup.amazonaws.com", now))
	_, err := org.SetResourcePolicy(m.tx, o, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455550000"},"Action":"organizations:ListAccounts","Resource":"*"}]}`,
		[]org.Tag{{Key: "of", Value: "policy"}})
	m.must(err)
	_, err = iam.SetOrgFeature(m.tx, o.ManagementAccount, iam.RootSessions, true)
	m.must(err)
}

func (m *maker) center(o org.Organization) {
	tags := []iam.Tag{{Key: "z", Value: "1"}, {Key: "a", Value: "2"}}
	inst := got[access.Instance](m)(access.New(m.tx, o.ManagementAccount, o.ID, "eu-west-1", "Corp", tags, now))
	inst.MFA, inst.EmailOTP, inst.Subdomain, inst.SessionDuration = access.MFA{Prompt: access.AlwaysOn, Types: []access.MFAType{access.TOTP}, NoDevice: access.BlockSignIn}, true, "corp", 90*time.Minute
	m.must(m.tx.PutInstance(inst))
	m.must(access.AddRegion(m.tx, inst, "us-east-1", now))
	m.must(access.SetAttributes(m.tx, inst, []access.Attribute{{Key: "CostCenter", Source: "${path:enterprise.costCenter}"}}))
	user := got[directory.User](m)
	jane := user(directory.CreateUser(m.tx, directory.User{
		Directory: inst.DirectoryID, UserName: "Jane", GivenName: "Jane", FamilyName: "Doe", DisplayName: "Jane Doe", Email: "jane@example.com", Locale: "en",
		Profile: directory.Profile{
			NickName: "JD", Title: "Dr.\tof\nall", EmailType: "work", EmailPrimary: true, PhoneNumbers: []directory.Labelled{{Value: "+81 3", Type: "work", Primary: true}},
			Addresses: []directory.Address{{Locality: "東京", Primary: true}}, Photos: []directory.Labelled{{Value: "https://example.com/a", Display: "a"}},
			Enterprise: &directory.Enterprise{CostCenter: "0123", Manager: &directory.Manager{Value: "x", Ref: "y"}},
		},
		ExternalIDs: []directory.ExternalID{{Issuer: "https://idp.example.com", ID: "1"}},
	}, "", now))
	robot := user(directory.CreateUser(m.tx, directory.User{Directory: inst.DirectoryID, UserName: "null", GivenName: "No", FamilyName: "Mail", DisplayName: "~"}, "", now))
	off := robot
	off.Disabled = true
	m.must(m.tx.PutUser(off))
	group := got[directory.Group](m)(directory.CreateGroup(m.tx, directory.Group{Directory: inst.DirectoryID, DisplayName: "Admins: all", ExternalIDs: []directory.ExternalID{{Issuer: "i", ID: "g"}}}, "", now))
	_, err := directory.Join(m.tx, group, jane, "", now)
	m.must(err)
	set := got[access.PermissionSet](m)(access.CreatePermissionSet(m.tx, inst, access.NewPermissionSet{Name: "Admin", Description: "All", Tags: tags}, now))
	m.must(access.AttachManaged(m.tx, inst, set, "arn:aws:iam::aws:policy/ReadOnlyAccess"))
	set = got[access.PermissionSet](m)(m.tx.PermissionSet(set.ID))
	m.must(access.SetInline(m.tx, set, `{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::<&>" } ] }`))
	for _, a := range []access.Assignment{
		{Account: "444455550000", PermissionSet: set.ID, PrincipalType: access.ToGroup, PrincipalID: group.ID},
		{Account: "444455550001", PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: jane.ID},
		{Account: o.ManagementAccount, PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: robot.ID},
	} {
		m.must(access.Assign(m.tx, now, a))
	}
	m.applications(inst, jane, group, tags)
}

// applications makes two with one name, and one that is configured.
func (m *maker) applications(inst access.Instance, jane directory.User, group directory.Group, tags []iam.Tag) {
	issuer := got[application.TokenIssuer](m)(application.CreateTokenIssuer(m.tx, application.NewTokenIssuer{
		Instance: inst, Name: "Idp", URL: "https://idp.example.com", ClaimPath: "email", AttributePath: "emails.value", Tags: tags,
	}, now))
	made := got[application.Application](m)
	n := application.New{Instance: inst, Account: "444455550001", Provider: "arn:aws:sso::aws:applicationProvider/custom", Name: "App", Status: application.Disabled, Tags: tags}
	made(application.Create(m.tx, n, now))
	n.Account, n.Status, n.Visibility, n.SignIn = inst.Owner, "", application.Disabled, application.SignIn{Origin: application.FromApplication, URL: "https://app.example.com/"}
	a := made(application.Create(m.tx, n, now))
	m.must(application.PutScope(m.tx, a, application.Scope{Name: "sso:account:access", Targets: []string{inst.ARN()}}))
	m.must(application.PutGrant(m.tx, a, application.Grant{Type: application.JWTBearer, Issuers: []application.AuthorizedIssuer{{ARN: issuer.ARN(), Audiences: []string{"me"}}}}))
	m.must(application.PutGrant(m.tx, a, application.Grant{Type: application.AuthorizationCode, RedirectURIs: []string{"https://app.example.com/cb"}}))
	m.must(application.PutActorPolicy(m.tx, a.ID, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455550000"}, "Action": "sso-oauth:CreateTokenWithIAM", "Resource": "*"}]}`))
	m.must(application.AllowBackgroundSessions(m.tx, a.ID, true))
	for _, p := range []application.Assignment{
		{Application: a.ID, PrincipalType: access.ToUser, PrincipalID: jane.ID}, {Application: a.ID, PrincipalType: access.ToGroup, PrincipalID: group.ID},
	} {
		m.must(application.Assign(m.tx, inst, p, now))
	}
	m.must(application.RequireAssignment(m.tx, a, false))
}

// roundTrip holds an export to what it promises: applied where it comes from it
// changes nothing, and applied to an empty database it makes the same again, with ids.
func roundTrip(h *house, other *house) {
	h.Helper()
	exported := h.export()
	if changes := h.apply(exported); len(changes) != 0 {
		h.Errorf("the exported file changes:\n%s\n%s", lines(changes), exported)
	}
	if again := h.export(); again != exported {
		h.Errorf("exported, applied and exported:\n%s", difference(exported, again))
	}
	if changes := h.apply(exported); len(changes) != 0 {
		h.Errorf("the exported file changes, applied again:\n%s", lines(changes))
	}
	other.apply(exported)
	if got := other.export(); got != exported {
		h.Errorf("elsewhere:\n%s", difference(exported, got))
	}
	if changes := other.apply(exported); len(changes) != 0 {
		h.Errorf("elsewhere, applied again:\n%s", lines(changes))
	}
}

// difference is the lines of which only one of the texts has as many.
func difference(a, b string) string {
	count := make(map[string]int)
	for _, l := range strings.Split(a, "\n") {
		count[l]++
	}
	for _, l := range strings.Split(b, "\n") {
		count[l]--
	}
	var out []string
	for l, n := range count {
		if n != 0 {
			out = append(out, fmt.Sprintf("%+d %s", -n, l))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// What the APIs and the console have made is written whole, and adopted without
// being changed.
func TestFixedPoint(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	everything(h)
	before := attachments(h)
	roundTrip(h, newHouse(t))
	if after := attachments(h); after != before {
		t.Errorf("attachments:\n%s", difference(before, after))
	}
	// What a file has adopted goes when the file does not have it any more.
	f := parse(h, h.export())
	f.IdentityCenter.Applications, f.Organization.Policies = f.IdentityCenter.Applications[:1], nil
	changes, err := h.try(f)
	if got := lines(changes); err != nil || strings.Count(got, "delete      application App\n") != 1 || strings.Count(got, "delete      tag policy ") != 2 {
		t.Errorf("%v\n%s", err, got)
	}
}

// attachments is all attachments, with their order at each target.
func attachments(h *house) string {
	var b strings.Builder
	h.view(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy("111122223333")
		if err != nil {
			return err
		}
		accounts, err := page.All(func(p page.Request) (page.Page[account.Account], error) { return tx.AccountsOfOrganization(o.ID, p) })
		for _, a := range accounts {
			for _, level := range org.Levels(a) {
				for _, t := range org.PolicyTypes() {
					ids, err := tx.AttachedOrgPolicies(level, t)
					if err != nil {
						return err
					}
					fmt.Fprintln(&b, level, t, ids)
				}
			}
		}
		return err
	})
	return b.String()
}

// Random small organizations survive the way into a file and back.
func TestRandomRoundTrips(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			random(h, rand.New(rand.NewPCG(seed, 5)))
			roundTrip(h, newHouse(t))
		})
	}
}

// awkward are names that files and YAML could take for something else.
var awkward = []string{"A", "b", "yes", "null", "0123", "1e3", "2026-11-22", "Root", "- x", "a: b", "#c", "'", "%", "é", "東京", "x/y", "~", "true", "0x1F", "@me", "&a", "*a", "!t", "|", "a\"b", "[1]", "{}", "=", "ou-abcd-12345678"}

// random makes an organization by operations, with what seems right to the dice.
func random(h *house, dice *rand.Rand) {
	h.update(func(tx store.Tx) error {
		m := &maker{house: h, tx: tx}
		o := m.organization("111122223333")
		drawn, deck := 0, dice.Perm(len(awkward))
		o = got[org.Organization](m)(org.EnablePolicyType(tx, o, o.Root, org.ServiceControl))
		pick := func() string { // no name twice: a transaction ends with what is refused
			drawn++
			return awkward[deck[drawn%len(deck)]] + strings.Repeat("+", drawn/len(deck))
		}
		units := []org.Unit{{ID: o.Root, Path: o.Path()}}
		for range dice.IntN(12) {
			parent := units[dice.IntN(len(units))]
			if len(org.Above(parent.Path)) <= org.MaxDepth {
				units = append(units, got[org.Unit](m)(org.CreateUnit(tx, o, parent.ID, pick(), nil, now)))
			}
		}
		targets := []string{o.Root}
		for i := range dice.IntN(8) {
			id := fmt.Sprintf("44445555%04d", i)
			name := strings.Map(func(r rune) rune {
				if r < 0x20 || r > 0x7e {
					return 'x'
				}
				return r
			}, pick())
			m.must(org.Join(tx, o, m.account(id, name), units[dice.IntN(len(units))].Path, account.Created, now))
			targets = append(targets, id)
		}
		for _, u := range units[1:] {
			targets = append(targets, u.ID)
		}
		for range dice.IntN(5) {
			p := got[org.Policy](m)(org.NewPolicy(tx, o, org.Policy{Type: org.ServiceControl, Name: pick(), Description: pick(),
				Document: `{"Version":"2012-10-17","Statement":[{"Sid":"` + fmt.Sprint("S", dice.IntN(9)) + `","Effect":"Allow","Action":"*","Resource":"*"}]}`}, nil, now))
			for range dice.IntN(4) {
				target := targets[dice.IntN(len(targets))]
				if org.Attach(tx, o, p.ID, target) != nil || dice.IntN(2) == 0 { // refused before anything is written
					continue
				}
				if attached, err := tx.AttachedOrgPolicies(target, org.ServiceControl); err == nil && slices.Contains(attached, org.FullAWSAccess.ID) {
					m.must(org.Detach(tx, o, org.FullAWSAccess.ID, target))
				}
			}
		}
		inst := got[access.Instance](m)(access.New(tx, o.ManagementAccount, o.ID, "us-east-1", "", nil, now))
		randomPeople(m, inst, dice, pick, append(targets[:1:1], o.ManagementAccount))
		return nil
	})
}

func randomPeople(m *maker, inst access.Instance, dice *rand.Rand, pick func() string, accounts []string) {
	var users []directory.User
	for i := range dice.IntN(8) {
		u := directory.User{Directory: inst.DirectoryID, UserName: strings.ReplaceAll(pick(), " ", "_"), GivenName: pick(), FamilyName: pick(), DisplayName: pick()}
		if u.Profile.NickName = pick(); i%2 == 0 {
			u.Email = fmt.Sprintf("u%d@example.com", i)
		}
		users = append(users, got[directory.User](m)(directory.CreateUser(m.tx, u, "", now)))
	}
	for range dice.IntN(5) {
		g := got[directory.Group](m)(directory.CreateGroup(m.tx, directory.Group{Directory: inst.DirectoryID, DisplayName: pick(), Description: pick()}, "", now))
		for _, u := range users {
			if dice.IntN(2) == 0 {
				_, err := directory.Join(m.tx, g, u, "", now)
				m.must(err)
			}
		}
	}
	for i := range dice.IntN(4) {
		set := got[access.PermissionSet](m)(access.CreatePermissionSet(m.tx, inst, access.NewPermissionSet{Name: fmt.Sprint("Set", i), Description: pick(), RelayState: pick()}, now))
		for _, u := range users {
			a := access.Assignment{Account: accounts[len(accounts)-1], PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: u.ID}
			if dice.IntN(2) == 0 {
				m.must(access.Assign(m.tx, now, a))
			}
		}
	}
}

// Two organizations on one server are two files, of which neither touches the other's.
func TestTwoOrganizations(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	second := strings.NewReplacer("111122223333", "222233334444", "444455556666", "555566667777", "@example.com", "@example.org", "alias: example", "alias: other",
		"subdomain: example", "subdomain: other", "d-1234567890", "d-1234567891", "ssoins-0123456789abcdef", "ssoins-0123456789abcdee",
		"AKIAEXAMPLEEXAMPLE00", "AKIAEXAMPLEEXAMPLE01", "AKIATAROTAROTAROTARO", "AKIATAROTAROTAROTAR1").Replace(good)
	h.apply(second)
	for _, text := range []string{good, second} {
		if again := h.apply(text); len(again) != 0 {
			t.Errorf("again:\n%s", lines(again))
		}
	}
	if _, err := exportOf(h, ""); err == nil || !strings.Contains(err.Error(), "111122223333, 222233334444") {
		t.Errorf("which one is not asked: %v", err)
	}
	for _, id := range []string{"111122223333", "222233334444"} {
		f, err := exportOf(h, id)
		if err != nil || f.Organization.ManagementAccount.ID != id || len(f.Organization.Accounts) != 2 || len(f.IAM) != 2 {
			t.Fatalf("%v, %+v", err, f)
		}
		if changes, err := h.try(f); err != nil || len(changes) != 0 {
			t.Errorf("%v\n%s", err, lines(changes))
		}
	}
	// An id of the other's is not taken over.
	mine, err := exportOf(h, "111122223333")
	if err != nil {
		t.Fatal(err)
	}
	other, err := exportOf(h, "222233334444")
	if err != nil {
		t.Fatal(err)
	}
	for what, steal := range map[string]func(){
		"user": func() {
			mine.IdentityCenter.Users = append(mine.IdentityCenter.Users, other.IdentityCenter.Users[0])
			mine.IdentityCenter.Users[3].UserName = "new"
		},
		"group": func() {
			mine.IdentityCenter.Groups[2].ID, mine.IdentityCenter.Groups[2].Name = other.IdentityCenter.Groups[2].ID, "New"
		},
		"permission set": func() {
			mine.IdentityCenter.PermissionSets = append(mine.IdentityCenter.PermissionSets, other.IdentityCenter.PermissionSets[0])
			mine.IdentityCenter.PermissionSets[3].Name = "New"
		},
		"policy": func() {
			p := &mine.Organization.ServiceControlPolicies[0]
			p.ID, p.Name = other.Organization.ServiceControlPolicies[0].ID, "New"
		},
	} {
		if mine, err = exportOf(h, "111122223333"); err != nil {
			t.Fatal(err)
		}
		steal()
		if _, err := h.try(mine); err == nil || !strings.Contains(err.Error(), "belongs to something else") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// An organization for consolidated billing is one again.
func TestConsolidatedBilling(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.update(func(tx store.Tx) error {
		m := &maker{house: h, tx: tx}
		m.account("111122223333", "Management")
		_, err := org.New(tx, "111122223333", org.ConsolidatedBilling, now)
		return err
	})
	roundTrip(h, newHouse(t))
}

func exportOf(h *house, management string) (*orgfile.File, error) {
	return orgfile.Export(h.Context(), h.db, management)
}
