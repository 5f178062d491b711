package orgfile

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

var (
	applicationID = regexp.MustCompile(`^apl-[a-zA-Z0-9]{16}$`)
	tokenIssuerID = regexp.MustCompile(`^tti-[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$`)
)

// putTokenIssuers makes the file's trusted token issuers be there. They are found by
// id, else by name among those that have no other id in the file.
func (r *run) putTokenIssuers() error {
	declared := r.file.IdentityCenter.TrustedTokenIssuers
	existing, err := tokenIssuersOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	ids := make(map[string]bool)
	for _, fi := range declared {
		ids[fi.ID] = true
	}
	r.issuers = make(map[string]string)
	for _, fi := range declared {
		at := slices.IndexFunc(existing, func(i application.TokenIssuer) bool {
			return i.ID == fi.ID || fi.ID == "" && i.Name == fi.Name && !ids[i.ID]
		})
		var have application.TokenIssuer
		if at >= 0 {
			have = existing[at]
		}
		want := have
		if at < 0 {
			want = application.TokenIssuer{ID: cmp.Or(fi.ID, "tti-"+uuid.NewString()), Instance: r.inst.ID, Account: r.inst.Owner, URL: fi.URL, CreatedAt: r.now}
			if _, err := r.tx.TokenIssuer(want.ID); !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("trusted token issuer %q: %w", fi.Name, cmp.Or(err, errTaken(want.ID)))
			}
		}
		if want.URL != fi.URL {
			return fmt.Errorf("trusted token issuer %q: its url is %s; another url is another issuer", fi.Name, want.URL)
		}
		want.Name, want.ClaimPath, want.AttributePath, want.FromFile = fi.Name, fi.ClaimPath, fi.AttributePath, true
		setTags(&want.Tags, fi.Tags)
		if err := want.Validate(); err != nil {
			return fmt.Errorf("trusted token issuer %q: %w", fi.Name, err)
		}
		if err := put(r, at >= 0, have, want, "trusted token issuer", want.Name, r.tx.PutTokenIssuer); err != nil {
			return err
		}
		ids[want.ID] = true
		r.issuers[want.ID] = want.ARN()
		r.issuers[want.Name] = want.ARN()
	}
	return nil
}

func (r *run) removeTokenIssuers() error {
	existing, err := tokenIssuersOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	for _, i := range existing {
		if !i.FromFile || r.issuers[i.ID] != "" {
			continue
		}
		r.note("delete", "trusted token issuer", i.Name)
		if err := r.tx.DeleteTokenIssuer(i.ID); err != nil {
			return err
		}
	}
	return nil
}

// applications makes the file's applications be there: all of them, before what may
// name others of them.
func (r *run) applications() error {
	declared := r.file.IdentityCenter.Applications
	existing, err := applicationsOf(r.tx, r.inst)
	if err != nil {
		return err
	}
	named := make(map[string]bool) // ids
	for i := range declared {
		named[declared[i].ID] = true
	}
	made := make([]application.Application, len(declared))
	for i := range declared {
		fa := &declared[i]
		at := slices.IndexFunc(existing, func(a application.Application) bool {
			return a.ID == fa.ID || fa.ID == "" && a.Name == fa.Name && !named[a.ID]
		})
		var have application.Application
		if at >= 0 {
			have = existing[at]
		}
		if made[i], err = r.application(fa, have, at >= 0); err != nil {
			return fmt.Errorf("application %q: %w", fa.Name, err)
		}
		named[made[i].ID] = true
	}
	for _, a := range existing {
		if !a.FromFile || named[a.ID] {
			continue
		}
		r.note("delete", "application", a.Name)
		if err := r.tx.DeleteApplication(a.ID); err != nil {
			return err
		}
	}
	for i := range declared {
		if err := r.configure(&declared[i], made[i]); err != nil {
			return fmt.Errorf("application %q: %w", declared[i].Name, err)
		}
	}
	return nil
}

func (r *run) application(fa *Application, have application.Application, found bool) (application.Application, error) {
	want := have
	if !found {
		want = application.Application{
			ID: cmp.Or(fa.ID, arn.NewID("apl-", 16)), Instance: r.inst.ID, Provider: cmp.Or(fa.Provider, application.Custom),
			Account: cmp.Or(r.accounts[fa.Account], r.org.ManagementAccount), Status: application.Enabled, Visibility: application.Enabled,
			AssignmentRequired: true, CreatedAt: r.now, CreatedFrom: r.inst.Region,
		}
		if _, err := r.tx.Application(want.ID); !fault.Is(err, fault.NotFound) {
			return want, cmp.Or(err, errTaken(want.ID))
		}
	}
	fa.into(&want)
	switch {
	case fa.Account != "" && r.accounts[fa.Account] != want.Account:
		return want, fmt.Errorf("it belongs to the account %s, which cannot be changed", want.Account)
	case fa.Provider != "" && fa.Provider != want.Provider:
		return want, fmt.Errorf("its provider is %s, which cannot be changed", want.Provider)
	}
	if err := want.Validate(); err != nil {
		return want, err
	}
	return want, put(r, found, have, want, "application", want.Name, r.tx.PutApplication)
}

// into makes an application be what the file says.
func (fa *Application) into(want *application.Application) {
	want.Name, want.Description, want.FromFile = fa.Name, fa.Description, true
	onOff(&want.Status, fa.Enabled)
	onOff(&want.Visibility, fa.Visible)
	if fa.SignIn != nil {
		want.SignIn = application.SignIn{Origin: application.Origin(fa.SignIn.Origin), URL: fa.SignIn.URL}
	}
	if fa.AssignmentRequired != nil {
		want.AssignmentRequired = *fa.AssignmentRequired
	}
	setTags(&want.Tags, fa.Tags)
}

func onOff(status *application.Status, on *bool) {
	if on == nil {
		return
	}
	if *status = application.Disabled; *on {
		*status = application.Enabled
	}
}

// configure makes how an application gets tokens, and who may use it, be the file's.
func (r *run) configure(fa *Application, a application.Application) error {
	have, err := r.tx.ApplicationConfiguration(a.ID)
	if err != nil {
		return err
	}
	want, err := r.configuration(fa, have)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(have, want) {
		r.note("update", "application's configuration", a.Name)
		if err := r.writeConfiguration(a, want); err != nil {
			return err
		}
	}
	return r.applicationMembers(fa, a)
}

// configuration is what the file says; in order, as the store keeps it.
func (r *run) configuration(fa *Application, have application.Configuration) (application.Configuration, error) {
	c := application.Configuration{BackgroundSessions: fa.BackgroundSessions}
	c.Scopes = each(fa.Scopes, func(s Scope) application.Scope { return application.Scope(s) })
	slices.SortFunc(c.Scopes, func(a, b application.Scope) int { return strings.Compare(a.Name, b.Name) })
	for _, fg := range fa.Grants {
		g := application.Grant{Type: application.GrantType(fg.Type), RedirectURIs: fg.RedirectURIs}
		for _, i := range fg.Issuers {
			issuer := r.issuers[i.Issuer]
			if issuer == "" {
				return c, fmt.Errorf("a grant names the trusted token issuer %q, which is not in trusted_token_issuers", i.Issuer)
			}
			g.Issuers = append(g.Issuers, application.AuthorizedIssuer{ARN: issuer, Audiences: i.Audiences})
		}
		c.Grants = append(c.Grants, g)
	}
	slices.SortFunc(c.Grants, func(a, b application.Grant) int { return strings.Compare(string(a.Type), string(b.Type)) })
	if fa.ActorPolicy != nil {
		if c.ActorPolicy = fa.ActorPolicy.JSON; sameDocument(have.ActorPolicy, c.ActorPolicy) {
			c.ActorPolicy = have.ActorPolicy
		}
	}
	return c, nil
}

// writeConfiguration replaces the configuration, by the operations that check it.
func (r *run) writeConfiguration(a application.Application, c application.Configuration) error {
	if err := r.tx.PutApplicationConfiguration(a.ID, application.Configuration{BackgroundSessions: c.BackgroundSessions}); err != nil {
		return err
	}
	for _, s := range c.Scopes {
		if err := application.PutScope(r.tx, a, s); err != nil {
			return err
		}
	}
	for _, g := range c.Grants {
		if err := application.PutGrant(r.tx, a, g); err != nil {
			return err
		}
	}
	if c.ActorPolicy == "" {
		return nil
	}
	return application.PutActorPolicy(r.tx, a.ID, c.ActorPolicy)
}

// applicationMembers makes who is assigned to the application be the file's.
func (r *run) applicationMembers(fa *Application, a application.Application) error {
	type member struct {
		kind access.PrincipalType
		id   string
	}
	want := make(map[member]string)
	for _, g := range fa.Groups {
		want[member{access.ToGroup, r.groups[g]}] = "group " + g
	}
	for _, u := range fa.Users {
		want[member{access.ToUser, r.users[u]}] = "user " + u
	}
	have, err := applicationAssignmentsOf(r.tx, a)
	if err != nil {
		return err
	}
	for _, h := range have {
		m := member{h.PrincipalType, h.PrincipalID}
		if want[m] != "" {
			delete(want, m)
			continue
		}
		r.note("delete", "application's assignment", a.Name+" to "+string(m.kind)+" "+m.id)
		if err := r.tx.DeleteApplicationAssignment(h); err != nil {
			return err
		}
	}
	add := func(m member) error {
		name := want[m]
		if name == "" {
			return nil
		}
		delete(want, m)
		r.note("create", "application's assignment", a.Name+" to "+name)
		return application.Assign(r.tx, r.inst, application.Assignment{Application: a.ID, PrincipalType: m.kind, PrincipalID: m.id}, r.now)
	}
	for _, g := range fa.Groups {
		if err := add(member{access.ToGroup, r.groups[g]}); err != nil {
			return err
		}
	}
	for _, u := range fa.Users {
		if err := add(member{access.ToUser, r.users[u]}); err != nil {
			return err
		}
	}
	return nil
}
