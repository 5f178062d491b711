package orgfile

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/org"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
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

// applyTimeout bounds the one transaction: a million assignments take minutes.
const applyTimeout = time.Hour

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
	ctx = sqldb.WithUpdateTimeout(ctx, applyTimeout)
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

	org         org.Organization
	isNew       bool            // the organization
	inst        access.Instance // zero if there is none
	newInstance bool
	units       map[string]org.Unit // by what the file calls them: path and id
	accounts    map[string]string   // name or id in the file → id
	closed      map[string]bool     // ids of members that are closed and not in the file
	people      peopleIndex
	users       map[string]string // user name → id
	groups      map[string]string
	sets        map[string]string
	ownSets     map[string]access.PermissionSet // by id: all of the instance
	issuers     map[string]string               // name or id in the file → ARN
	declared    declared                        // what IAM section names, by id
	// uncontrolled are targets that lost a service control policy on the way.
	uncontrolled map[string]bool
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
	steps := []func() error{
		r.organization, r.controlPolicies, r.removeUnits, r.delegate, r.resourcePolicy, r.rootFeatures, r.distrust, r.iam,
	}
	if r.file.IdentityCenter != nil {
		// Who leaves goes first: somebody new may have the e-mail address. Otherwise
		// assignments go before what they name goes, and come after it has come.
		steps = append(steps, r.instance, r.readUsers, r.removeUsers, r.putUsers, r.putGroups, r.putPermissionSets, r.assignments,
			r.putTokenIssuers, r.applications, r.removeTokenIssuers, r.removeGroups, r.removePermissionSets)
	}
	// Last, when nobody is left who has one of the policies that go.
	for _, step := range append(steps, r.removeIAM) {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// put writes want if it is new or differs, and notes it. What came from elsewhere and
// is as the file says becomes the file's, which is no change.
func put[T any](r *run, found bool, have, want T, kind, name string, write func(T) error) error {
	if found && reflect.DeepEqual(have, want) {
		return nil
	}
	if !found {
		r.note("create", kind, name)
	} else if adopt(&have); !reflect.DeepEqual(have, want) {
		r.note("update", kind, name)
	}
	return write(want)
}

// adopt makes what v points to the file's. What cannot be is left alone.
func adopt(v any) {
	if f := reflect.ValueOf(v).Elem().FieldByName("FromFile"); f.IsValid() {
		f.SetBool(true)
	}
}
