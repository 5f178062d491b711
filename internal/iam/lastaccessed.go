package iam

import (
	"cmp"
	"slices"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// trackingPeriod is how far back last accesses are told.
const trackingPeriod = 400 * 24 * time.Hour

// NewAccessReport finds out which services the user, group, role or managed
// policy with the ARN gives access to, by its permissions policies alone, and
// when those who have it last used them. caller is as AccessReport has it.
func NewAccessReport(tx Store, now time.Time, account, caller, entityARN string, actionLevel bool) (AccessReport, error) {
	r := AccessReport{ID: newUUID(), Account: account, Caller: caller, ActionLevel: actionLevel, CreatedAt: now}
	documents, err := r.subject(tx, entityARN)
	if err != nil {
		return AccessReport{}, err
	}
	for _, namespace := range awsmanaged.Services() {
		if slices.ContainsFunc(documents, func(p *policy.Policy) bool { return p.Grants(namespace) }) {
			r.Services = append(r.Services, AccessedService{Namespace: namespace})
		}
	}
	return r, r.uses(tx, now.Add(-trackingPeriod))
}

// subject finds what the report is about: its policies and whom they are for.
func (r *AccessReport) subject(tx Store, entityARN string) (documents []*policy.Policy, err error) {
	owner, kind, _, name, ok := arn.SplitIAM(entityARN)
	if !ok {
		return nil, fault.New(fault.Invalid, "arn", "ARN %s is not valid.", entityARN)
	}
	if kind == "policy" {
		return r.policy(tx, entityARN)
	}
	if kind != string(UserKind) && kind != string(GroupKind) && kind != string(RoleKind) {
		return nil, fault.New(fault.Invalid, "arn", "ARN %s is not valid.", entityARN)
	}
	if owner != r.Account {
		return nil, errNoSubject(entityARN)
	}
	i, err := FindIdentity(tx, r.Account, Kind(kind), name)
	if err != nil {
		return nil, err
	}
	if i.ARN() != entityARN {
		return nil, errNoSubject(entityARN)
	}
	held, err := PoliciesOf(tx, i)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		documents = addDocument(documents, h.Document)
	}
	return documents, r.add(tx, i.Kind, i.ID)
}

func (r *AccessReport) policy(tx Store, policyARN string) ([]*policy.Policy, error) {
	if _, err := SeePolicy(tx, r.Account, policyARN); err != nil {
		return nil, err
	}
	document, err := DefaultDocument(tx, policyARN)
	if err != nil {
		return nil, err
	}
	for p := (page.Request{Limit: 1000}); ; {
		attached, err := tx.AttachmentsOf(r.Account, policyARN, p)
		if err != nil {
			return nil, err
		}
		for _, a := range attached.Items {
			if err := r.add(tx, a.OwnerKind, a.Owner); err != nil {
				return nil, err
			}
		}
		if p.After = attached.Next; p.After == "" {
			return addDocument(nil, document), nil
		}
	}
}

// addDocument leaves out what cannot be read: it grants nothing.
func addDocument(documents []*policy.Policy, document string) []*policy.Policy {
	if p, err := policy.Parse(policy.AWSManagedPolicy, document); err == nil {
		documents = append(documents, p)
	}
	return documents
}

func errNoSubject(entityARN string) error {
	return fault.New(fault.NotFound, "no-entity", "ARN %s does not exist.", entityARN)
}

// add adds a user or role, or the members of a group, each once.
func (r *AccessReport) add(tx Store, kind Kind, id string) error {
	switch kind {
	case UserKind:
		u, err := tx.IAMUser(id)
		if err != nil {
			return err
		}
		r.addUser(u)
	case RoleKind:
		role, err := tx.Role(id)
		if err != nil {
			return err
		}
		r.Entities = append(r.Entities, AccessEntity{RoleKind, role.ID, role.Path, role.Name, role.ARN()})
	case GroupKind:
		for p := (page.Request{Limit: 1000}); ; {
			members, err := tx.IAMMembers(id, p)
			if err != nil {
				return err
			}
			for _, u := range members.Items {
				r.addUser(u)
			}
			if p.After = members.Next; p.After == "" {
				return nil
			}
		}
	}
	return nil
}

func (r *AccessReport) addUser(u User) {
	r.Entities = append(r.Entities, AccessEntity{UserKind, u.ID, u.Path, u.Name, u.ARN()})
}

// uses fills in who used what since.
func (r *AccessReport) uses(tx Store, since time.Time) error {
	slices.SortFunc(r.Entities, func(a, b AccessEntity) int { return cmp.Compare(a.ID, b.ID) })
	r.Entities = slices.Compact(r.Entities) // one may have it in several ways
	services := make(map[string]*serviceUse)
	for i, e := range r.Entities {
		uses, err := tx.UsesOf(e.ID)
		if err != nil {
			return err
		}
		for _, u := range uses {
			if u.At.Before(since) {
				continue
			}
			s := services[u.Service]
			if s == nil {
				s = &serviceUse{actions: make(map[string]Access)}
				services[u.Service] = s
			}
			s.add(u.Action, Access{i, u.At, u.Region})
		}
	}
	for i := range r.Services {
		s := services[r.Services[i].Namespace]
		r.Services[i].Accesses = s.newest()
		if r.ActionLevel {
			r.Services[i].Actions = s.tracked(r.Services[i].Namespace)
		}
	}
	return nil
}

// serviceUse is the use of one service; nil is none.
type serviceUse struct {
	accesses []Access // one for each entity
	actions  map[string]Access
}

// add notes an access. Those of an entity come one after the other.
func (s *serviceUse) add(action string, a Access) {
	if last := len(s.accesses) - 1; last < 0 || s.accesses[last].Entity != a.Entity {
		s.accesses = append(s.accesses, a)
	} else if a.At.After(s.accesses[last].At) {
		s.accesses[last] = a
	}
	if have, ok := s.actions[action]; !ok || a.At.After(have.At) {
		s.actions[action] = a
	}
}

func (s *serviceUse) newest() []Access {
	if s == nil {
		return nil
	}
	slices.SortStableFunc(s.accesses, func(a, b Access) int { return b.At.Compare(a.At) })
	return s.accesses
}

// tracked are the actions of which we know that they exist: those of the
// services that have to do with identities.
func (s *serviceUse) tracked(namespace string) (actions []AccessedAction) {
	for _, known := range awsmanaged.Actions(namespace) {
		a := AccessedAction{Name: known.Name}
		if s != nil {
			if access, ok := s.actions[known.Name]; ok {
				a.Access = &access
			}
		}
		actions = append(actions, a)
	}
	return actions
}

// ReadAccessReport is the report, if it is the caller's.
func ReadAccessReport(tx ReportStore, account, caller, id string) (AccessReport, error) {
	r, err := tx.AccessReport(account, id)
	if err == nil && r.Caller != caller {
		err = fault.New(fault.NotFound, "access-report-of-another", "")
	}
	if fault.Is(err, fault.NotFound) {
		return AccessReport{}, fault.New(fault.NotFound, "no-access-report", "The job with id %s cannot be found.", id).Wrap(err)
	}
	return r, err
}

// Accesses are the last accesses of each of the report's entities to a service
// that it reaches, newest first and those without any last, whose time is zero.
func (r *AccessReport) Accesses(namespace string) []Access {
	i, ok := slices.BinarySearchFunc(r.Services, namespace, func(s AccessedService, n string) int { return cmp.Compare(s.Namespace, n) })
	if !ok {
		return nil
	}
	all := slices.Clone(r.Services[i].Accesses)
	had := make([]bool, len(r.Entities))
	for _, a := range all {
		had[a.Entity] = true
	}
	for e := range r.Entities {
		if !had[e] {
			all = append(all, Access{Entity: e})
		}
	}
	return all
}
