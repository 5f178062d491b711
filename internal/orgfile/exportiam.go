package orgfile

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// exportIAM writes what IAM has in every account, but for what belongs to
// Identity Center and to services, who make theirs themselves.
func (e *exporter) exportIAM(accounts []account.Account) error {
	for _, a := range accounts {
		in := iamExport{tx: e.tx, account: a.ID, out: IAM{Account: e.accounts[a.ID]}}
		for _, step := range []func() error{in.groups, in.users, in.roles, in.policies} {
			if err := step(); err != nil {
				return err
			}
		}
		if len(in.out.Users)+len(in.out.Groups)+len(in.out.Roles)+len(in.out.Policies) > 0 {
			if err := in.quotas(); err != nil {
				return err
			}
			e.file.IAM = append(e.file.IAM, in.out)
		}
	}
	return nil
}

type iamExport struct {
	tx      store.Tx
	account string
	out     IAM
}

// eachOf walks all pages of a list.
func eachOf[T any](list func(page.Request) (page.Page[T], error), do func(T) error) error {
	p := page.Request{Limit: 500}
	for {
		got, err := list(p)
		if err != nil {
			return err
		}
		for _, item := range got.Items {
			if err := do(item); err != nil {
				return err
			}
		}
		if got.Next == "" {
			return nil
		}
		p.After = got.Next
	}
}

// quotas are those that the account has of its own.
func (e *iamExport) quotas() error {
	for _, n := range iam.Nouns() {
		quota, err := e.tx.IAMQuota(e.account, n)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if e.out.Quotas == nil {
			e.out.Quotas = make(map[string]int)
		}
		e.out.Quotas[string(n)] = quota
	}
	return nil
}

func (e *iamExport) groups() error {
	return eachOf(func(p page.Request) (page.Page[iam.Group], error) { return e.tx.IAMGroups(e.account, "/", p) }, func(g iam.Group) error {
		held, err := e.held(g.ID)
		e.out.Groups = append(e.out.Groups, IAMGroup{Name: g.Name, Path: rootless(g.Path), Policies: held})
		return err
	})
}

func (e *iamExport) users() error {
	return eachOf(func(p page.Request) (page.Page[iam.User], error) { return e.tx.IAMUsers(e.account, "/", p) }, func(u iam.User) error {
		held, err := e.held(u.ID)
		if err != nil {
			return err
		}
		fu := IAMUser{Name: u.Name, Path: rootless(u.Path), Policies: held, PermissionsBoundary: u.Boundary, Tags: tagsFrom(u.Tags)}
		groups, err := e.tx.IAMGroupsOf(u.ID)
		for _, g := range groups {
			fu.Groups = append(fu.Groups, g.Name)
		}
		e.out.Users = append(e.out.Users, fu)
		return err
	})
}

func (e *iamExport) roles() error {
	return eachOf(func(p page.Request) (page.Page[iam.Role], error) { return e.tx.Roles(e.account, "/", p) }, func(r iam.Role) error {
		if r.PermissionSet != "" || r.ServiceLinked() {
			return nil
		}
		held, err := e.held(r.ID)
		if err != nil {
			return err
		}
		trust, err := iam.ShowPrincipals(e.tx, r.TrustPolicy)
		e.out.Roles = append(e.out.Roles, IAMRole{
			Name: r.Name, Path: rootless(r.Path), Description: r.Description, TrustPolicy: documentOf(trust),
			MaxSessionDuration: Duration{time.Duration(r.MaxSessionSeconds) * time.Second}, Policies: held,
			PermissionsBoundary: r.Boundary, Tags: tagsFrom(r.Tags),
		})
		return err
	})
}

func (e *iamExport) policies() error {
	return eachOf(func(p page.Request) (page.Page[iam.Policy], error) { return e.tx.Policies(e.account, "/", p) }, func(p iam.Policy) error {
		document, err := iam.DefaultDocument(e.tx, p.ARN())
		e.out.Policies = append(e.out.Policies, ManagedPolicy{
			Name: p.Name, Path: rootless(p.Path), Description: p.Description, Document: documentOf(document), Tags: tagsFrom(p.Tags),
		})
		return err
	})
}

// held are the policies of one identity: managed ones, then inline ones.
func (e *iamExport) held(id string) ([]PolicyRef, error) {
	attached, err := e.tx.Attachments(id)
	if err != nil {
		return nil, err
	}
	var refs []PolicyRef
	for _, a := range attached {
		refs = append(refs, PolicyRef{Managed: a.PolicyARN})
	}
	inline, err := e.tx.InlinePolicies(id)
	for _, p := range inline {
		refs = append(refs, PolicyRef{Inline: inlinePolicy{p.Name, documentOf(p.Document)}})
	}
	return refs, err
}

func rootless(path string) string {
	if path == "/" {
		return ""
	}
	return path
}
