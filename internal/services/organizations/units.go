package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var unitTable = call.Table{
	"CreateOrganizationalUnit":         {Action: "organizations:CreateOrganizationalUnit", Resource: "parent", TagAction: "organizations:TagResource"},
	"DescribeOrganizationalUnit":       {Action: "organizations:DescribeOrganizationalUnit", Resource: "unit", ReadOnly: true},
	"UpdateOrganizationalUnit":         {Action: "organizations:UpdateOrganizationalUnit", Resource: "unit"},
	"DeleteOrganizationalUnit":         {Action: "organizations:DeleteOrganizationalUnit", Resource: "unit"},
	"ListOrganizationalUnitsForParent": {Action: "organizations:ListOrganizationalUnitsForParent", Resource: "parent", ReadOnly: true},
	"ListAccountsForParent":            {Action: "organizations:ListAccountsForParent", Resource: "parent", ReadOnly: true},
	"ListChildren":                     {Action: "organizations:ListChildren", Resource: "parent", ReadOnly: true},
	"ListParents":                      {Action: "organizations:ListParents", Resource: "child", ReadOnly: true},
	"MoveAccount":                      {Action: "organizations:MoveAccount", Resource: "account"},
}

// CreateOrganizationalUnit makes a unit under the root or a unit.
func (s *Service) CreateOrganizationalUnit(ctx context.Context, c *call.Call, in *awsorg.CreateOrganizationalUnitInput) (*awsorg.CreateOrganizationalUnitOutput, error) {
	var out awsorg.CreateOrganizationalUnitOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		u, err := org.CreateUnit(tx, o, aws.ToString(in.ParentId), aws.ToString(in.Name), tagsOf(in.Tags), c.Now)
		out.OrganizationalUnit = wireUnit(o, u)
		c.Event.Set("organizationalUnitId", u.ID)
		return err
	})
	return &out, err
}

// DescribeOrganizationalUnit tells of a unit.
func (s *Service) DescribeOrganizationalUnit(ctx context.Context, c *call.Call, in *awsorg.DescribeOrganizationalUnitInput) (*awsorg.DescribeOrganizationalUnitOutput, error) {
	var out awsorg.DescribeOrganizationalUnitOutput
	err := s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		u, err := org.FindUnit(tx, o, aws.ToString(in.OrganizationalUnitId))
		out.OrganizationalUnit = wireUnit(o, u)
		return err
	})
	return &out, err
}

// UpdateOrganizationalUnit renames a unit; without a name it changes nothing.
func (s *Service) UpdateOrganizationalUnit(ctx context.Context, c *call.Call, in *awsorg.UpdateOrganizationalUnitInput) (*awsorg.UpdateOrganizationalUnitOutput, error) {
	var out awsorg.UpdateOrganizationalUnitOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		u, err := org.FindUnit(tx, o, aws.ToString(in.OrganizationalUnitId))
		if err == nil && in.Name != nil {
			u, err = org.RenameUnit(tx, o, u.ID, *in.Name)
		}
		out.OrganizationalUnit = wireUnit(o, u)
		return err
	})
	return &out, err
}

// DeleteOrganizationalUnit removes a unit in which there is nothing.
func (s *Service) DeleteOrganizationalUnit(ctx context.Context, c *call.Call, in *awsorg.DeleteOrganizationalUnitInput) (*awsorg.DeleteOrganizationalUnitOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.RemoveUnit(tx, o, aws.ToString(in.OrganizationalUnitId))
	})
	return &awsorg.DeleteOrganizationalUnitOutput{}, err
}

// ListOrganizationalUnitsForParent lists the units directly under the root or a unit.
func (s *Service) ListOrganizationalUnitsForParent(ctx context.Context, c *call.Call, in *awsorg.ListOrganizationalUnitsForParentInput) (*awsorg.ListOrganizationalUnitsForParentOutput, error) {
	var organization org.Organization
	units, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Unit], error) {
		organization = o
		if _, err := org.PathOf(tx, o, aws.ToString(in.ParentId)); err != nil {
			return page.Page[org.Unit]{}, err
		}
		return tx.UnitsUnder(aws.ToString(in.ParentId), p)
	})
	out := &awsorg.ListOrganizationalUnitsForParentOutput{NextToken: next, OrganizationalUnits: make([]types.OrganizationalUnit, len(units))}
	for i, u := range units {
		out.OrganizationalUnits[i] = *wireUnit(organization, u)
	}
	return out, err
}

// ListAccountsForParent lists the accounts directly in the root or a unit.
func (s *Service) ListAccountsForParent(ctx context.Context, c *call.Call, in *awsorg.ListAccountsForParentInput) (*awsorg.ListAccountsForParentOutput, error) {
	accounts, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[types.Account], error) {
		path, err := org.PathOf(tx, o, aws.ToString(in.ParentId))
		if err != nil {
			return page.Page[types.Account]{}, err
		}
		return membersPage(tx, o, func() (page.Page[account.Account], error) { return tx.AccountsUnder(path, p) })
	})
	return &awsorg.ListAccountsForParentOutput{Accounts: accounts, NextToken: next}, err
}

// membersPage puts a page of accounts on the wire.
func membersPage(tx store.Tx, o org.Organization, read func() (page.Page[account.Account], error)) (page.Page[types.Account], error) {
	got, err := read()
	if err != nil {
		return page.Page[types.Account]{}, err
	}
	all, err := wireMembers(tx, o, got.Items...)
	return page.Page[types.Account]{Items: all, Next: got.Next}, err
}

// ListChildren lists the ids of the units or accounts directly in the root or a unit.
func (s *Service) ListChildren(ctx context.Context, c *call.Call, in *awsorg.ListChildrenInput) (*awsorg.ListChildrenOutput, error) {
	children, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[types.Child], error) {
		var ids page.Page[types.Child]
		path, err := org.PathOf(tx, o, aws.ToString(in.ParentId))
		if err != nil {
			return ids, err
		}
		add := func(id string) { ids.Items = append(ids.Items, types.Child{Id: &id, Type: in.ChildType}) }
		if in.ChildType == types.ChildTypeOrganizationalUnit {
			units, err := tx.UnitsUnder(aws.ToString(in.ParentId), p)
			for _, u := range units.Items {
				add(u.ID)
			}
			ids.Next = units.Next
			return ids, err
		}
		accounts, err := tx.AccountsUnder(path, p)
		for _, a := range accounts.Items {
			add(a.ID)
		}
		ids.Next = accounts.Next
		return ids, err
	})
	if children == nil {
		children = []types.Child{}
	}
	return &awsorg.ListChildrenOutput{Children: children, NextToken: next}, err
}

// ListParents tells the one root or unit that a unit or account is in.
func (s *Service) ListParents(ctx context.Context, c *call.Call, in *awsorg.ListParentsInput) (*awsorg.ListParentsOutput, error) {
	parents, _, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[types.Parent], error) {
		id, err := org.ParentOf(tx, o, aws.ToString(in.ChildId))
		if err != nil || p.After != "" {
			return page.Page[types.Parent]{}, err
		}
		kind := types.ParentTypeOrganizationalUnit
		if id == o.Root {
			kind = types.ParentTypeRoot
		}
		return page.Page[types.Parent]{Items: []types.Parent{{Id: &id, Type: kind}}}, nil
	})
	return &awsorg.ListParentsOutput{Parents: parents}, err
}

// MoveAccount takes an account from one root or unit to another. It is asked of all
// three whether the caller may.
func (s *Service) MoveAccount(ctx context.Context, c *call.Call, in *awsorg.MoveAccountInput) (*awsorg.MoveAccountOutput, error) {
	from, to := aws.ToString(in.SourceParentId), aws.ToString(in.DestinationParentId)
	for _, parent := range []string{from, to} {
		if err := s.alsoOn(ctx, c, parent); err != nil {
			return nil, err
		}
	}
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.Move(tx, o, aws.ToString(in.AccountId), from, to)
	})
	return &awsorg.MoveAccountOutput{}, err
}

// alsoOn asks whether the caller may do the call's action to something else.
func (s *Service) alsoOn(ctx context.Context, c *call.Call, id string) error {
	t := call.Target{Keys: make(map[string][]string)}
	rule := Table[c.Operation]
	err := s.view(ctx, func(tx store.Tx) error {
		o, err := org.Of(tx, c.Principal.Account)
		if err != nil {
			return err
		}
		if err := named(tx, o, id, &t); err != nil {
			return err
		}
		return lend(tx, o, c, rule, &t)
	})
	if err != nil {
		return err
	}
	return s.Authz.Allow(ctx, c, rule.Action, t)
}
