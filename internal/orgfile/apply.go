package orgfile

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// Change is one line of the diff that Apply reports.
type Change struct {
	Action string // "create", "update", "delete", "keep", "not applied" or Weak
	Kind   string // "account", "user"…
	Name   string
}

// String is the line.
func (c Change) String() string { return fmt.Sprintf("%-11s %s %s", c.Action, c.Kind, c.Name) }

// Weak is the action of a line that warns of a password.
const Weak = "weak"

// Applier applies files.
type Applier struct {
	Store store.DB
	// Hash makes password hashes; see credential.Hasher.
	Hash func(context.Context, secret.String) (string, error)
}

// Apply makes the database say what the file says, in one transaction, and
// returns what changed. Applying the same file again changes nothing.
//
// What an earlier file declared and this one does not is removed; what came
// from elsewhere (APIs, the console) stays. Accounts are never removed: closing
// one is not a thing to happen by leaving out a line. Passwords are set for
// people who have none.
func (a *Applier) Apply(ctx context.Context, f *File, now time.Time) ([]Change, error) {
	if err := errors.Join(f.check(), f.checkKeyFiles()); err != nil {
		return nil, err
	}
	first, err := a.firstPasswords(ctx, f)
	if err != nil {
		return nil, err
	}
	var changes []Change
	ev := &audit.Event{At: now, Source: "sekisho", Name: "ApplyOrganizationFile", UserName: "operator", Count: 1}
	err = a.Store.Update(ctx, ev, func(tx store.Tx) error {
		r := &run{file: f, tx: tx, now: now, first: first}
		if err := r.all(); err != nil {
			return err
		}
		changes = r.changes
		ev.Set("changes", fmt.Sprint(len(changes)))
		return nil
	})
	return changes, err
}

// run is one application of a file in one transaction.
type run struct {
	file    *File
	tx      store.Tx
	now     time.Time
	first   map[person]firstPassword
	changes []Change

	org      org.Organization
	inst     access.Instance
	units    map[string]org.Unit // by names from the root, such as "Workloads/Prod"
	accounts map[string]string   // name or id in the file → id
	users    map[string]string   // user name → id
	groups   map[string]string
	sets     map[string]string
	declared declared // what IAM section names, by id
}

func (r *run) note(action, kind, name string) {
	r.changes = append(r.changes, Change{action, kind, name})
}

func (r *run) all() error {
	for _, s := range r.file.NotApplied() {
		r.note("not applied", "section", s+": this version does not manage it yet")
	}
	if r.file.Organization == nil {
		return nil
	}
	steps := []func() error{r.organization, r.controlPolicies, r.iam}
	if r.file.IdentityCenter != nil {
		// Who leaves goes first: somebody new may have the e-mail address. Otherwise
		// assignments go before what they name goes, and come after it has come.
		steps = append(steps, r.instance, r.removeUsers, r.putUsers, r.putGroups, r.putPermissionSets, r.assignments, r.removeGroups, r.removePermissionSets)
	}
	// Last, when nobody is left who has one of the policies that go.
	for _, step := range append(steps, r.removeIAM) {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) organization() error {
	existing, err := r.tx.Accounts()
	if err != nil {
		return err
	}
	r.accounts, r.units = make(map[string]string), make(map[string]org.Unit)
	have := indexAccounts(existing)
	for i, fa := range r.file.accounts() {
		id, err := r.account(fa, have)
		if err == nil && i == 0 {
			err = r.manage(id, existing)
		}
		if err != nil {
			return fmt.Errorf("account %q: %w", fa.Name, err)
		}
		r.accounts[fa.Name], r.accounts[id] = id, id
	}
	for _, a := range existing {
		if a.FromFile && r.accounts[a.ID] == "" {
			r.note("keep", "account", a.ID+" ("+a.Name+"): not in the file any more; accounts are closed, not removed")
		}
	}
	return nil
}

// manage makes the organization that the account manages, unless there is one.
func (r *run) manage(id string, existing []account.Account) error {
	for _, a := range existing {
		manages, err := r.tx.Manages(a.ID)
		if err != nil {
			return err
		}
		if a.FromFile && manages != "" && a.ID != id {
			return fmt.Errorf("the organization's management account is %s and cannot be changed", a.ID)
		}
	}
	var err error
	r.org, err = r.tx.OrganizationManagedBy(id)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if r.org, err = org.New(r.tx, id, org.AllFeatures, r.now); err != nil {
		return err
	}
	// A file's organization is one to work with: its control policies count.
	if r.org, err = org.SetPolicyType(r.tx, r.org, org.ServiceControl, true); err != nil {
		return err
	}
	r.note("create", "organization", r.org.ID)
	// A file says what is in the organization, and these two work in it.
	for _, service := range []string{org.IdentityCenter, org.IAM} {
		if err := org.EnableTrust(r.tx, r.org, service, r.now); err != nil {
			return err
		}
	}
	return nil
}

// unit is the path of ids of the unit with these names from the root; units that
// are missing on the way are made.
func (r *run) unit(names string) (string, error) {
	if names == "" {
		return r.org.Path(), nil
	}
	if u, ok := r.units[names]; ok {
		return u.Path, nil
	}
	above, name := "", names
	if i := strings.LastIndexByte(names, '/'); i >= 0 {
		above, name = names[:i], names[i+1:]
	}
	if _, err := r.unit(above); err != nil {
		return "", err
	}
	parent := r.org.Root
	if above != "" {
		parent = r.units[above].ID
	}
	u, err := r.tx.UnitByName(parent, name)
	if fault.Is(err, fault.NotFound) {
		r.note("create", "organizational unit", names)
		if u, err = org.NewUnit(r.tx, r.org, parent, name, r.now); err == nil {
			u.FromFile = true
			err = r.tx.PutUnit(u)
		}
	}
	r.units[names] = u
	return u.Path, err
}

// accountIndex finds accounts by what a file may know them by; a file and a
// database have ten thousand of them.
type accountIndex struct {
	byID, byEmail map[string]account.Account
	byName        map[string]account.Account // of those that a file declared
}

// indexAccounts takes accounts in order of id; of equal names the first counts.
func indexAccounts(accounts []account.Account) accountIndex {
	x := accountIndex{make(map[string]account.Account), make(map[string]account.Account), make(map[string]account.Account)}
	for _, a := range accounts {
		x.byID[a.ID], x.byEmail[a.Email] = a, a
		if _, taken := x.byName[a.Name]; a.FromFile && !taken {
			x.byName[a.Name] = a
		}
	}
	return x
}

// find returns the account that fa means: by id if it has one, else by e-mail
// address or name, whichever account's id comes first.
func (x accountIndex) find(fa Account) (account.Account, bool) {
	if fa.ID != "" {
		a, ok := x.byID[fa.ID]
		return a, ok
	}
	mail, byMail := x.byEmail[fa.Email]
	name, byName := x.byName[fa.Name]
	if byMail && (!byName || mail.ID <= name.ID) {
		return mail, true
	}
	return name, byName
}

// errStandalone keeps a file from taking in an account that somebody signed up for.
func errStandalone(a account.Account) error {
	return fmt.Errorf("%s (%s) is an account that somebody signed up for and that is in no organization: a file cannot declare it", a.ID, a.Email)
}

func (r *run) account(fa Account, existing accountIndex) (string, error) {
	have, found := existing.find(fa)
	switch {
	case found && have.Standalone():
		return "", errStandalone(have)
	case found && r.org.ID != "" && have.Organization != r.org.ID:
		return "", fmt.Errorf("%s is a member of another organization, %s", have.ID, have.Organization)
	}
	want := have
	if !found {
		want = account.Account{ID: fa.ID, Status: account.Active, CreatedAt: r.now}
		if want.ID == "" {
			want.ID = arn.NewAccountID()
		}
	}
	want.Name, want.Email, want.FromFile = fa.Name, fa.Email, true
	if fa.Alias != "" {
		want.Alias = fa.Alias // one that was given by the API stays
	}
	if err := want.Validate(); err != nil {
		return "", err
	}
	write := r.tx.PutAccount
	if r.org.ID != "" { // it is known once the management account is there
		path, err := r.unit(fa.OU)
		if err != nil {
			return "", err
		}
		if want.OrgPath = path; !found {
			write = func(a account.Account) error { return org.Join(r.tx, r.org, a, path, account.Created, r.now) }
		}
	}
	if err := put(r, found, have, want, "account", want.ID+" ("+want.Name+")", write); err != nil {
		return "", err
	}
	owner := credential.Owner{Kind: credential.RootUser, ID: want.ID}
	if found && have.Email != want.Email {
		// Links that were mailed to the address before must not work any more.
		if err := r.tx.DropResetLinks(owner); err != nil {
			return "", err
		}
	}
	if err := r.firstPassword(person{credential.RootUser, fa.Email}, owner, false); err != nil {
		return "", err
	}
	return want.ID, r.rootKey(want.ID, fa.AccessKey)
}

// rootKey makes the root user's keys be the file's one, if the file has one.
func (r *run) rootKey(accountID string, fk *AccessKey) error {
	if fk == nil {
		return nil
	}
	have, err := r.tx.AccessKeysOf(accountID, "")
	if err != nil {
		return err
	}
	s, err := r.file.password(fk.Secret, fk.SecretFile)
	if err != nil {
		return err
	}
	want := iam.AccessKey{ID: fk.ID, Account: accountID, Secret: s, Active: true, CreatedAt: r.now}
	same := false
	for _, k := range have {
		if k.ID == want.ID && k.Secret.Equal(want.Secret) {
			same = true
			continue
		}
		r.note("delete", "root access key", k.ID)
		if err := r.tx.DeleteAccessKey(k.ID); err != nil {
			return err
		}
	}
	if same {
		return nil
	}
	r.note("create", "root access key", want.ID)
	return r.tx.PutAccessKey(want)
}

func (r *run) instance() error {
	ic := r.file.IdentityCenter
	have, err := r.tx.InstanceOf(r.org.ID)
	found := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	want := have
	if !found {
		want = ic.instance(r.org, r.now)
	}
	switch {
	case ic.DirectoryID != "" && ic.DirectoryID != want.DirectoryID:
		return fmt.Errorf("identity_center.directory_id is %s and cannot be changed", want.DirectoryID)
	case ic.InstanceID != "" && ic.InstanceID != want.ID:
		return fmt.Errorf("identity_center.instance_id is %s and cannot be changed", want.ID)
	case ic.Region != "" && ic.Region != want.Region:
		return fmt.Errorf("identity_center.region is %s and cannot be changed", want.Region)
	case want.Subdomain != "" && ic.Subdomain != "" && ic.Subdomain != want.Subdomain:
		return fmt.Errorf("identity_center.subdomain is %s and cannot be changed", want.Subdomain)
	}
	if ic.Subdomain != "" {
		want.Subdomain = ic.Subdomain
	}
	if ic.SessionDuration.Duration != 0 {
		want.SessionDuration = ic.SessionDuration.Duration
	}
	if err := want.Validate(); err != nil {
		return err
	}
	r.inst = want
	return put(r, found, have, want, "identity center", want.ID+" ("+want.DirectoryID+")", r.tx.PutInstance)
}

// instance is the one that the file describes, when there is none yet.
func (ic *IdentityCenter) instance(o org.Organization, now time.Time) access.Instance {
	i := access.NewInstance(o.ManagementAccount, o.ID, "us-east-1", now)
	i.Subdomain = ic.Subdomain
	if ic.InstanceID != "" {
		i.ID = ic.InstanceID
	}
	if ic.DirectoryID != "" {
		i.DirectoryID = ic.DirectoryID
	}
	if ic.Region != "" {
		i.Region = ic.Region
	}
	if ic.SessionDuration.Duration != 0 {
		i.SessionDuration = ic.SessionDuration.Duration
	}
	return i
}

// into makes a person be what the file says.
func (fu *User) into(want *directory.User) {
	want.UserName = fu.UserName // found ignoring case
	want.GivenName, want.FamilyName, want.DisplayName = fu.GivenName, fu.FamilyName, fu.DisplayName
	if want.DisplayName == "" {
		want.DisplayName = fu.GivenName + " " + fu.FamilyName
	}
	want.Email, want.Locale, want.FromFile = fu.Email, fu.Locale, true
	want.Disabled = fu.Enabled != nil && !*fu.Enabled
}

func (r *run) putUsers() error {
	r.users = make(map[string]string)
	for _, fu := range r.file.IdentityCenter.Users {
		have, err := r.tx.UserByName(r.inst.DirectoryID, fu.UserName)
		found := err == nil
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		want := have
		if !found {
			want = directory.User{ID: uuid.NewString(), Directory: r.inst.DirectoryID, CreatedAt: r.now, UpdatedAt: r.now}
		}
		fu.into(&want)
		if err := want.Validate(); err != nil {
			return err
		}
		if err := put(r, found, have, want, "user", want.UserName, r.tx.PutUser); err != nil {
			return err
		}
		if want.Disabled && !have.Disabled && found {
			if err := r.tx.EndSessionsOf(want.ID, r.now, session.UserDisabled); err != nil {
				return err
			}
		}
		r.users[fu.UserName] = want.ID
		owner := credential.Owner{Kind: credential.DirectoryUser, ID: want.ID}
		if err := r.firstPassword(person{credential.DirectoryUser, fu.UserName}, owner, fu.PasswordResetRequired); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) putGroups() error {
	r.groups = make(map[string]string)
	for _, fg := range r.file.IdentityCenter.Groups {
		have, err := r.tx.GroupByName(r.inst.DirectoryID, fg.Name)
		found := err == nil
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		want := have
		if !found {
			want = directory.Group{ID: uuid.NewString(), Directory: r.inst.DirectoryID, DisplayName: fg.Name, CreatedAt: r.now}
		}
		want.Description, want.FromFile = fg.Description, true
		if err := want.Validate(); err != nil {
			return err
		}
		if err := put(r, found, have, want, "group", want.DisplayName, r.tx.PutGroup); err != nil {
			return err
		}
		r.groups[fg.Name] = want.ID
		if err := r.members(fg, want.ID); err != nil {
			return err
		}
	}
	return nil
}

// members makes the group's members be the file's.
func (r *run) members(fg Group, id string) error {
	have, err := r.tx.Members(id)
	if err != nil {
		return err
	}
	want := make(map[string]string, len(fg.Members))
	for _, name := range fg.Members {
		want[r.users[name]] = name
	}
	for _, u := range have {
		if _, ok := want[u]; ok {
			delete(want, u)
			continue
		}
		r.note("delete", "member", fg.Name+"/"+u)
		if err := r.tx.RemoveMember(id, u); err != nil {
			return err
		}
	}
	for _, name := range fg.Members {
		u := r.users[name]
		if _, ok := want[u]; !ok {
			continue
		}
		delete(want, u)
		r.note("create", "member", fg.Name+"/"+name)
		if err := r.tx.AddMember(id, u); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) putPermissionSets() error {
	r.sets = make(map[string]string)
	for _, fp := range r.file.IdentityCenter.PermissionSets {
		have, err := r.tx.PermissionSetByName(r.inst.ID, fp.Name)
		found := err == nil
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		want := have
		if !found {
			want = access.PermissionSet{ID: arn.NewHexID("ps-", 16), Instance: r.inst.ID, Name: fp.Name, CreatedAt: r.now}
		}
		fp.into(&want)
		if err := want.Validate(); err != nil {
			return err
		}
		if err := put(r, found, have, want, "permission set", want.Name, r.tx.PutPermissionSet); err != nil {
			return err
		}
		if found && !reflect.DeepEqual(have, want) {
			if err := access.Reprovision(r.tx, r.now, want); err != nil {
				return err
			}
		}
		r.sets[fp.Name] = want.ID
	}
	return nil
}

// into makes a permission set be what the file says.
func (fp *PermissionSet) into(want *access.PermissionSet) {
	want.Description, want.RelayState, want.Boundary, want.FromFile = fp.Description, fp.RelayState, fp.PermissionsBoundary, true
	want.ManagedPolicies = nil // not empty: as the store returns it
	want.ManagedPolicies = append(want.ManagedPolicies, fp.ManagedPolicies...)
	want.CustomerPolicies = nil
	for _, c := range fp.CustomerManagedPolicies {
		want.CustomerPolicies = append(want.CustomerPolicies, pathOr(c.Path)+c.Name)
	}
	want.InlinePolicy = ""
	if fp.InlinePolicy != nil {
		want.InlinePolicy = fp.InlinePolicy.JSON
	}
	if want.SessionDuration = fp.SessionDuration.Duration; want.SessionDuration == 0 {
		want.SessionDuration = access.DefaultRoleSession
	}
}

func (r *run) assignments() error {
	type at struct {
		account, set string
		kind         access.PrincipalType
		principal    string
	}
	want := make(map[at]string)
	var order []at
	for _, fa := range r.file.IdentityCenter.Assignments {
		add := func(kind access.PrincipalType, id, name string) {
			k := at{r.accounts[fa.Account], r.sets[fa.PermissionSet], kind, id}
			if _, dup := want[k]; !dup {
				want[k] = fa.PermissionSet + " in " + fa.Account + " to " + name
				order = append(order, k)
			}
		}
		for _, g := range fa.Groups {
			add(access.ToGroup, r.groups[g], "group "+g)
		}
		for _, u := range fa.Users {
			add(access.ToUser, r.users[u], "user "+u)
		}
	}
	have, err := ofInstance(r.tx, r.inst)
	if err != nil {
		return err
	}
	for _, h := range have {
		k := at{h.Account, h.PermissionSet, h.PrincipalType, h.PrincipalID}
		if _, ok := want[k]; ok {
			delete(want, k)
			continue
		}
		if !h.FromFile {
			continue
		}
		if err := r.unassign(h); err != nil {
			return err
		}
	}
	for _, k := range order {
		name, ok := want[k]
		if !ok {
			continue
		}
		r.note("create", "assignment", name)
		a := access.Assignment{Account: k.account, PermissionSet: k.set, PrincipalType: k.kind, PrincipalID: k.principal, FromFile: true}
		if err := access.Assign(r.tx, r.now, a); err != nil {
			return err
		}
	}
	return nil
}

// put writes want if it is new or differs, and notes it.
func put[T any](r *run, found bool, have, want T, kind, name string, write func(T) error) error {
	action := "create"
	if found {
		if reflect.DeepEqual(have, want) {
			return nil
		}
		action = "update"
	}
	r.note(action, kind, name)
	return write(want)
}
