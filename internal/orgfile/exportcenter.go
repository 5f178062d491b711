package orgfile

import (
	"cmp"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
)

// centerExport writes an instance of Identity Center into a file.
type centerExport struct {
	*exporter
	inst          access.Instance
	users, groups map[string]string // id → what the file calls them
	sets          map[string]string
}

func (e *centerExport) center(accounts []account.Account) error {
	i, self, otp := e.inst, e.inst.MFA.SelfService, e.inst.EmailOTP
	e.file.IdentityCenter = &IdentityCenter{
		Region: i.Region, Name: i.Name, Subdomain: i.Subdomain, DirectoryID: i.DirectoryID, InstanceID: i.ID, SessionDuration: Duration{i.SessionDuration},
		MFA:      &MFA{Prompt: string(i.MFA.Prompt), NoDevice: string(i.MFA.NoDevice), SelfService: &self},
		EmailOTP: &otp, Tags: tagsFrom(i.Tags),
	}
	e.file.IdentityCenter.MFA.Types = each(i.MFA.Types, func(t access.MFAType) string { return string(t) })
	steps := []func() error{
		e.settings, e.exportUsers, e.exportGroups, e.exportSets, func() error { return e.assignments(accounts) }, e.tokenIssuers, e.applications,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (e *centerExport) settings() error {
	ic := e.file.IdentityCenter
	regions, err := e.tx.Regions(e.inst.ID)
	if err != nil {
		return err
	}
	for _, r := range regions {
		ic.Regions = append(ic.Regions, r.Name)
	}
	attributes, err := e.tx.Attributes(e.inst.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	ic.AccessControl = &AccessControl{Enabled: true, Attributes: each(attributes, func(a access.Attribute) Attribute { return Attribute(a) })}
	return err
}

func (e *centerExport) exportUsers() error {
	users, err := usersOf(e.tx, e.inst)
	if err != nil {
		return err
	}
	e.users = make(map[string]string, len(users))
	out := make([]User, 0, len(users))
	for i := range users {
		u := &users[i]
		e.users[u.ID] = u.UserName
		out = append(out, exportUser(u))
	}
	e.file.IdentityCenter.Users = out
	return nil
}

func exportUser(u *directory.User) User {
	fu := User{
		ID: u.ID, UserName: u.UserName, GivenName: u.GivenName, FamilyName: u.FamilyName, DisplayName: u.DisplayName, Email: u.Email, NoEmail: u.Email == "",
		Locale: u.Locale, ExternalIDs: each(u.ExternalIDs, externalIDOf),
	}
	if u.Disabled {
		fu.Enabled = new(bool)
	}
	if p := profileOf(u.Profile); !p.empty() {
		fu.Profile = p
	}
	return fu
}

func externalIDOf(id directory.ExternalID) ExternalID {
	return ExternalID{Issuer: id.Issuer, ID: id.ID}
}

func (e *centerExport) exportGroups() error {
	groups, err := groupsOf(e.tx, e.inst)
	if err != nil {
		return err
	}
	e.groups = make(map[string]string, len(groups))
	for _, g := range groups {
		e.groups[g.ID] = g.DisplayName
		members, err := e.tx.Members(g.ID)
		if err != nil {
			return err
		}
		fg := Group{ID: g.ID, Name: g.DisplayName, Description: g.Description, ExternalIDs: each(g.ExternalIDs, externalIDOf)}
		for _, m := range members {
			fg.Members = append(fg.Members, e.users[m])
		}
		e.file.IdentityCenter.Groups = append(e.file.IdentityCenter.Groups, fg)
	}
	return nil
}

func (e *centerExport) exportSets() error {
	sets, err := setsOf(e.tx, e.inst)
	e.sets = make(map[string]string, len(sets))
	for _, p := range sets {
		e.sets[p.ID] = p.Name
		e.file.IdentityCenter.PermissionSets = append(e.file.IdentityCenter.PermissionSets, exportPermissionSet(p))
	}
	return err
}

func exportPermissionSet(p access.PermissionSet) PermissionSet {
	return PermissionSet{
		ID: p.ID, Name: p.Name, Description: p.Description, SessionDuration: Duration{p.SessionDuration}, RelayState: p.RelayState,
		ManagedPolicies: p.ManagedPolicies, PermissionsBoundary: p.Boundary, InlinePolicy: documentOf(p.InlinePolicy), Tags: tagsFrom(p.Tags),
		CustomerManagedPolicies: each(p.CustomerPolicies, func(c string) CustomerPolicy {
			path, name := access.SplitReference(c)
			return CustomerPolicy{Name: name, Path: path}
		}),
	}
}

// assignments writes them account by account, those of one set together.
func (e *centerExport) assignments(accounts []account.Account) error {
	ic := e.file.IdentityCenter
	for _, acc := range accounts {
		all, err := e.tx.AssignmentsInAccount(acc.ID) // in order of set
		if err != nil {
			return err
		}
		set := ""
		for _, a := range all {
			if e.sets[a.PermissionSet] == "" {
				continue // of another instance
			}
			if a.PermissionSet != set {
				set = a.PermissionSet
				ic.Assignments = append(ic.Assignments, Assignment{Account: e.accounts[acc.ID], PermissionSet: e.sets[set]})
			}
			last := &ic.Assignments[len(ic.Assignments)-1]
			if a.PrincipalType == access.ToGroup {
				last.Groups = append(last.Groups, e.groups[a.PrincipalID])
			} else {
				last.Users = append(last.Users, e.users[a.PrincipalID])
			}
		}
	}
	return nil
}

func (e *centerExport) tokenIssuers() error {
	all, err := tokenIssuersOf(e.tx, e.inst)
	for _, i := range all {
		e.file.IdentityCenter.TrustedTokenIssuers = append(e.file.IdentityCenter.TrustedTokenIssuers, TokenIssuer{
			ID: i.ID, Name: i.Name, URL: i.URL, ClaimPath: i.ClaimPath, AttributePath: i.AttributePath, Tags: tagsFrom(i.Tags),
		})
	}
	return err
}

func (e *centerExport) applications() error {
	all, err := applicationsOf(e.tx, e.inst)
	if err != nil {
		return err
	}
	for _, a := range all {
		fa, err := e.application(a)
		if err != nil {
			return err
		}
		e.file.IdentityCenter.Applications = append(e.file.IdentityCenter.Applications, fa)
	}
	return nil
}

func (e *centerExport) application(a application.Application) (Application, error) {
	enabled, visible, required := a.Status == application.Enabled, a.Visibility == application.Enabled, a.AssignmentRequired
	fa := Application{
		ID: a.ID, Name: a.Name, Provider: a.Provider, Account: cmp.Or(e.accounts[a.Account], a.Account), Description: a.Description,
		Enabled: &enabled, Visible: &visible, AssignmentRequired: &required, Tags: tagsFrom(a.Tags),
	}
	if a.SignIn != (application.SignIn{}) {
		fa.SignIn = &SignIn{Origin: string(a.SignIn.Origin), URL: a.SignIn.URL}
	}
	c, err := e.tx.ApplicationConfiguration(a.ID)
	if err != nil {
		return fa, err
	}
	fa.BackgroundSessions, fa.ActorPolicy = c.BackgroundSessions, documentOf(c.ActorPolicy)
	fa.Scopes = each(c.Scopes, func(s application.Scope) Scope { return Scope(s) })
	fa.Grants = each(c.Grants, func(g application.Grant) Grant {
		return Grant{Type: string(g.Type), RedirectURIs: g.RedirectURIs, Issuers: each(g.Issuers, func(i application.AuthorizedIssuer) Issuer {
			return Issuer{Issuer: i.ARN[strings.LastIndexByte(i.ARN, '/')+1:], Audiences: i.Audiences}
		})}
	})
	members, err := applicationAssignmentsOf(e.tx, a)
	for _, m := range members {
		if m.PrincipalType == access.ToGroup {
			fa.Groups = append(fa.Groups, e.groups[m.PrincipalID])
		} else {
			fa.Users = append(fa.Users, e.users[m.PrincipalID])
		}
	}
	return fa, err
}
