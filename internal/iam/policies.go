package iam

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// AWSAccount stands where the account of AWS's own policies would: in their
// ARNs, and in Policy.Account of those that were imported.
const AWSAccount = "aws"

// maxVersions is how many versions a policy keeps (behaviours.md 1.5).
const maxVersions = 5

// ManagedPolicy is a managed policy from wherever it comes: a customer's, one of
// AWS's that was imported, or one of AWS's that every account finds in place.
type ManagedPolicy struct {
	Policy
	// BuiltIn ones are in no table and have one version.
	BuiltIn bool
	// Attachable is false for those that only service-linked roles may have.
	Attachable bool
}

// FindPolicy is the managed policy with the ARN, or NotFound. An imported policy
// goes before the built-in one of the same name.
func FindPolicy(tx PolicyStore, policyARN string) (ManagedPolicy, error) {
	account, name, err := splitPolicyARN(policyARN)
	if err != nil {
		return ManagedPolicy{}, err
	}
	return findPolicy(tx, policyARN, account, name)
}

func findPolicy(tx PolicyStore, policyARN, account, name string) (ManagedPolicy, error) {
	p, err := tx.PolicyByName(account, name)
	switch {
	case err == nil && p.ARN() == policyARN:
		return kept(p), nil
	case err != nil && !fault.Is(err, fault.NotFound):
		return ManagedPolicy{}, err
	}
	if account == AWSAccount {
		metas := builtIn()
		if i, ok := slices.BinarySearchFunc(metas, policyARN, byARN); ok {
			return builtInPolicy(metas[i]), nil
		}
	}
	return ManagedPolicy{}, fault.New(fault.NotFound, "no-policy", "Policy %s was not found.", policyARN)
}

// builtIn is AWS's own policies, in order of ARN.
var builtIn = sync.OnceValue(awsmanaged.All)

func byARN(m awsmanaged.Meta, policyARN string) int { return strings.Compare(m.ARN, policyARN) }

func kept(p Policy) ManagedPolicy {
	return ManagedPolicy{Policy: p, Attachable: p.Account != AWSAccount || p.Path != awsmanaged.SLRPath}
}

func builtInPolicy(m awsmanaged.Meta) ManagedPolicy {
	version, err := strconv.Atoi(strings.TrimPrefix(m.DefaultVersion, "v"))
	if err != nil {
		panic("iam: " + m.ARN + " has the version " + m.DefaultVersion) // the table's own tests read all of them
	}
	return ManagedPolicy{
		Policy: Policy{
			ID: m.ID, Account: AWSAccount, Path: m.Path, Name: m.Name, Description: m.Description,
			DefaultVersion: version, LastVersion: version, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
		},
		BuiltIn: true, Attachable: m.Attachable,
	}
}

// splitPolicyARN is the account and name of a managed policy's ARN. Its error is
// Invalid.
func splitPolicyARN(policyARN string) (account, name string, err error) {
	if _, err := arn.Parse(policyARN); err != nil {
		return "", "", fault.New(fault.Invalid, "validation", "Invalid ARN:  Could not be parsed!")
	}
	account, kind, _, name, ok := arn.SplitIAM(policyARN)
	if !ok || kind != "policy" {
		return "", "", fault.New(fault.Invalid, "arn", "ARN %s is not valid.", policyARN)
	}
	return account, name, nil
}

// DefaultDocument is the document of the policy's default version, or NotFound.
func DefaultDocument(tx PolicyStore, policyARN string) (string, error) {
	m, err := FindPolicy(tx, policyARN)
	if err != nil {
		return "", err
	}
	v, err := m.Default(tx)
	return v.Document, err
}

// Version is one version with its document, or NotFound. id is how the caller
// wrote it and number what that means, 0 for nothing.
func (m ManagedPolicy) Version(tx PolicyStore, id string, number int) (PolicyVersion, error) {
	if !m.BuiltIn {
		v, err := tx.PolicyVersion(m.ID, number)
		if fault.Is(err, fault.NotFound) {
			err = errNoVersion(m.ARN(), id)
		}
		return v, err
	}
	if p, ok := awsmanaged.Lookup(m.ARN()); ok && number == m.DefaultVersion {
		return PolicyVersion{Policy: m.ID, Number: number, Document: p.Document, CreatedAt: m.UpdatedAt}, nil
	}
	return PolicyVersion{}, errNoVersion(m.ARN(), id)
}

// Default is the version in force with its document.
func (m ManagedPolicy) Default(tx PolicyStore) (PolicyVersion, error) {
	return m.Version(tx, "v"+strconv.Itoa(m.DefaultVersion), m.DefaultVersion)
}

// Versions are the policy's versions with their documents, newest first.
func (m ManagedPolicy) Versions(tx PolicyStore) ([]PolicyVersion, error) {
	if !m.BuiltIn {
		return tx.PolicyVersions(m.ID)
	}
	v, err := m.Default(tx)
	return []PolicyVersion{v}, err
}

func errNoVersion(policyARN, version string) error {
	return fault.New(fault.NotFound, "no-policy-version", "Policy %s version %s does not exist or is not attachable.", policyARN, version)
}

// SeePolicy is FindPolicy for somebody in the account, who sees the account's own
// policies and AWS's; others' are Denied, whether they exist or not.
func SeePolicy(tx PolicyStore, account, policyARN string) (ManagedPolicy, error) {
	owner, name, err := splitPolicyARN(policyARN)
	if err != nil {
		return ManagedPolicy{}, err
	}
	if owner != account && owner != AWSAccount {
		return ManagedPolicy{}, errOutside
	}
	return findPolicy(tx, policyARN, owner, name)
}

// SeePolicyVersion is SeePolicy for one version, written id, which means number. A
// policy that is not there is a version that is not.
func SeePolicyVersion(tx PolicyStore, account, policyARN, id string, number int) (ManagedPolicy, PolicyVersion, error) {
	m, err := SeePolicy(tx, account, policyARN)
	if err != nil {
		return m, PolicyVersion{}, noVersion(err, policyARN, id)
	}
	v, err := m.Version(tx, id, number)
	return m, v, err
}

// noVersion is errNoVersion for a policy that was not found, and err otherwise.
func noVersion(err error, policyARN, id string) error {
	if fault.Is(err, fault.NotFound) {
		return errNoVersion(policyARN, id)
	}
	return err
}

// SeeUsed is SeePolicy for who asks on whom the policy hangs, which AWS refuses in
// other words.
func SeeUsed(tx PolicyStore, account, policyARN string) error {
	_, err := SeePolicy(tx, account, policyARN)
	return missing(err, "Policy %s does not exist or is not attachable.", policyARN)
}

// ownPolicy is SeePolicy for what only the account's own policies allow.
func ownPolicy(tx Store, account, policyARN string) (Policy, error) {
	m, err := SeePolicy(tx, account, policyARN)
	if err == nil && m.Account != account {
		return Policy{}, errOutside
	}
	return m.Policy, err
}

var errOutside = fault.New(fault.Denied, "policy-outside-account", "Policy is outside your own account.")

// NewPolicy is what a customer managed policy is made of.
type NewPolicy struct {
	Path, Name, Description, Document string
	Tags                              []Tag
}

// CreatePolicy makes a policy with its first version in the account. It is a
// Limit to have more than the account's quota or too long a document, and
// AlreadyExists if the name is taken under whatever path.
func CreatePolicy(tx Store, now time.Time, account string, n NewPolicy) (ManagedPolicy, error) {
	if err := checkNamed(Policies, n.Path, n.Name); err != nil {
		return ManagedPolicy{}, err
	}
	if err := checkManaged(n.Document); err != nil {
		return ManagedPolicy{}, err
	}
	tags, err := SetTags(nil, n.Tags, false)
	if err != nil {
		return ManagedPolicy{}, err
	}
	if err := WithinQuota(tx, account, Policies); err != nil {
		return ManagedPolicy{}, err
	}
	p := Policy{
		ID: arn.NewUniqueID(arn.PrefixPolicy, account), Account: account, Path: n.Path, Name: n.Name, Description: n.Description,
		DefaultVersion: 1, LastVersion: 1, Tags: tags, CreatedAt: now, UpdatedAt: now,
	}
	if err := tx.PutPolicy(p); err != nil {
		return ManagedPolicy{}, err
	}
	return kept(p), tx.PutPolicyVersion(PolicyVersion{Policy: p.ID, Number: 1, Document: n.Document, CreatedAt: now})
}

func checkManaged(document string) error {
	if err := CheckDocument(policy.IdentityPolicy, document); err != nil {
		return err
	}
	return CheckManagedSize(document)
}

// CreatePolicyVersion gives the policy a version, in force at once if asDefault.
// Numbers are never used again. A sixth version is a Limit.
func CreatePolicyVersion(tx Store, now time.Time, account, policyARN, document string, asDefault bool) (PolicyVersion, error) {
	p, err := ownPolicy(tx, account, policyARN)
	if err != nil {
		return PolicyVersion{}, err
	}
	if err := checkManaged(document); err != nil {
		return PolicyVersion{}, err
	}
	versions, err := tx.PolicyVersions(p.ID)
	if err != nil {
		return PolicyVersion{}, err
	}
	if len(versions) >= maxVersions {
		return PolicyVersion{}, fault.New(fault.Limit, "policy-versions", "A managed policy can have up to %d versions. "+
			"Before you create a new version, you must delete an existing version.", maxVersions)
	}
	p.LastVersion++
	if asDefault {
		p.DefaultVersion = p.LastVersion
	}
	p.UpdatedAt = now
	if err := tx.PutPolicy(p); err != nil {
		return PolicyVersion{}, err
	}
	v := PolicyVersion{Policy: p.ID, Number: p.LastVersion, Document: document, CreatedAt: now}
	return v, tx.PutPolicyVersion(v)
}

// SetDefaultPolicyVersion puts a version in force. version is how the caller
// wrote it, and number what that means.
func SetDefaultPolicyVersion(tx Store, account, policyARN, version string, number int) error {
	p, err := ownPolicy(tx, account, policyARN)
	if err != nil {
		return noVersion(err, policyARN, version)
	}
	if _, err := kept(p).Version(tx, version, number); err != nil {
		return err
	}
	p.DefaultVersion = number
	return tx.PutPolicy(p)
}

// DeletePolicyVersion removes a version. The one in force is a Conflict.
func DeletePolicyVersion(tx Store, account, policyARN, version string, number int) error {
	p, err := ownPolicy(tx, account, policyARN)
	if err != nil {
		return noVersion(err, policyARN, version)
	}
	if _, err := kept(p).Version(tx, version, number); err != nil {
		return err
	}
	if number == p.DefaultVersion {
		return fault.New(fault.Conflict, "default-version", "Cannot delete the default version of a policy.")
	}
	return tx.DeletePolicyVersion(p.ID, number)
}

// DeletePolicy removes a policy that hangs on nobody, bounds nobody and has no
// version but the one in force; otherwise it is a Conflict (behaviours.md 5.2).
func DeletePolicy(tx Store, account, policyARN string) error {
	p, err := ownPolicy(tx, account, policyARN)
	if err != nil {
		return err
	}
	use, err := UseOf(tx, account, kept(p))
	if err != nil {
		return err
	}
	if use.Attached > 0 || use.Bounding > 0 {
		return fault.New(fault.Conflict, "policy-attached", "Cannot delete a policy attached to entities.")
	}
	versions, err := tx.PolicyVersions(p.ID)
	if err != nil {
		return err
	}
	if len(versions) > 1 {
		return fault.New(fault.Conflict, "policy-versions", "This policy has more than one version. Before you delete a policy, "+
			"you must delete the policy's versions. The default version is deleted with the policy.")
	}
	return tx.DeletePolicy(p.ID)
}

// TagPolicy puts tags on the policy, whose keys differ by case (behaviours.md 5.7).
func TagPolicy(tx Store, account, policyARN string, tags []Tag) error {
	p, err := ownPolicy(tx, account, policyARN)
	if err != nil {
		return err
	}
	if p.Tags, err = SetTags(p.Tags, tags, false); err != nil {
		return err
	}
	return tx.PutPolicy(p)
}

// UntagPolicy takes the tags with these keys away.
func UntagPolicy(tx Store, account, policyARN string, keys []string) error {
	p, err := ownPolicy(tx, account, policyARN)
	if err != nil {
		return err
	}
	p.Tags = UnsetTags(p.Tags, keys, false)
	return tx.PutPolicy(p)
}

// PolicyUse is a managed policy with how many users, groups and roles of an
// account have it, and how many users and roles it bounds.
type PolicyUse struct {
	ManagedPolicy
	Attached, Bounding int
}

// UseOf is the policy's use in the account.
func UseOf(tx AttachmentStore, account string, m ManagedPolicy) (PolicyUse, error) {
	attached, err := tx.AttachmentCount(account, m.ARN())
	if err != nil {
		return PolicyUse{}, err
	}
	bounded, err := tx.BoundedBy(account, m.ARN())
	return PolicyUse{ManagedPolicy: m, Attached: attached, Bounding: len(bounded)}, err
}

// PolicyFilter narrows ListPolicies.
type PolicyFilter struct {
	PathPrefix string // "" is "/"
	// Local and AWS say whose policies are wanted: the account's, and AWS's.
	Local, AWS bool
	// Attached wants only policies that somebody in the account has, Bounding only
	// those that bound somebody.
	Attached, Bounding bool
}

// ListPolicies pages through the managed policies that the account sees: its own,
// AWS's imported ones, and the built-in ones that no imported one replaces. The
// first two are in order of path and name, the last in order of ARN. A page may
// have fewer policies than were asked for although more follow.
func ListPolicies(tx Store, account string, f PolicyFilter, p page.Request) (page.Page[PolicyUse], error) {
	l := policyList{tx: tx, account: account, filter: f, limit: p.Limit}
	stages := []struct {
		wanted bool
		read   func(after string) (next string, err error)
	}{
		{f.Local, func(after string) (string, error) { return l.kept(account, after) }},
		{f.AWS, func(after string) (string, error) { return l.kept(AWSAccount, after) }},
		{f.AWS, l.builtIn},
	}
	// A page begins at a stage and after a place in it.
	stage, after := 0, p.After
	if after != "" {
		stage = int(after[0]) - '0'
		if stage < 0 || stage >= len(stages) {
			return page.Page[PolicyUse]{}, fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
		}
		after = after[1:]
	}
	for ; stage < len(stages); stage++ {
		if !stages[stage].wanted {
			continue
		}
		if len(l.items) == l.limit {
			return page.Page[PolicyUse]{Items: l.items, Next: strconv.Itoa(stage)}, nil
		}
		next, err := stages[stage].read(after)
		if err != nil {
			return page.Page[PolicyUse]{}, err
		}
		if next != "" {
			return page.Page[PolicyUse]{Items: l.items, Next: strconv.Itoa(stage) + next}, nil
		}
		after = ""
	}
	return page.Page[PolicyUse]{Items: l.items}, nil
}

// policyList gathers one page of ListPolicies.
type policyList struct {
	tx      Store
	account string
	filter  PolicyFilter
	limit   int
	items   []PolicyUse
}

// add adds a policy if the filter wants it, which most often the first count
// settles.
func (l *policyList) add(m ManagedPolicy) error {
	attached, err := l.tx.AttachmentCount(l.account, m.ARN())
	if err != nil || l.filter.Attached && attached == 0 {
		return err
	}
	bounded, err := l.tx.BoundedBy(l.account, m.ARN())
	if err != nil || l.filter.Bounding && len(bounded) == 0 {
		return err
	}
	l.items = append(l.items, PolicyUse{ManagedPolicy: m, Attached: attached, Bounding: len(bounded)})
	return nil
}

// kept adds policies of the table until the page is full; next is where to go on.
func (l *policyList) kept(owner, after string) (next string, err error) {
	for {
		found, err := l.tx.Policies(owner, l.filter.PathPrefix, page.Request{Limit: l.limit - len(l.items), After: after})
		if err != nil {
			return "", err
		}
		for _, p := range found.Items {
			if err := l.add(kept(p)); err != nil {
				return "", err
			}
		}
		if found.Next == "" || len(l.items) == l.limit {
			return found.Next, nil
		}
		after = found.Next
	}
}

// builtIn adds built-in policies in the same way.
func (l *policyList) builtIn(after string) (next string, err error) {
	replaced, err := l.imported()
	if err != nil {
		return "", err
	}
	metas := builtIn()
	i, found := slices.BinarySearchFunc(metas, after, byARN)
	if found {
		i++
	}
	last := after
	for _, m := range metas[i:] {
		if !strings.HasPrefix(m.Path, l.filter.PathPrefix) || replaced[m.ARN] {
			continue
		}
		before := len(l.items)
		if err := l.add(builtInPolicy(m)); err != nil {
			return "", err
		}
		if len(l.items) > l.limit { // one too many says that there are more
			l.items = l.items[:before]
			return last, nil
		}
		last = m.ARN
	}
	return "", nil
}

// imported are the ARNs of AWS's policies that were imported, few or none.
func (l *policyList) imported() (map[string]bool, error) {
	arns := make(map[string]bool)
	for after := ""; ; {
		found, err := l.tx.Policies(AWSAccount, "", page.Request{Limit: 1000, After: after})
		if err != nil {
			return nil, err
		}
		for _, p := range found.Items {
			arns[p.ARN()] = true
		}
		if after = found.Next; after == "" {
			return arns, nil
		}
	}
}
