package ssoadmin

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// instanceTable guards instances and their regions.
var instanceTable = call.Table{
	"CreateInstance":   {Action: "sso:CreateInstance", TagAction: "sso:TagInstance"},
	"DescribeInstance": {Action: "sso:DescribeInstance", Resource: "instance", ReadOnly: true},
	"ListInstances":    {Action: "sso:ListInstances", ReadOnly: true},
	"UpdateInstance":   {Action: "sso:UpdateInstance", Resource: "instance"},
	"DeleteInstance":   {Action: "sso:DeleteInstance", Resource: "instance"},

	"AddRegion":      {Action: "sso:AddRegion", Resource: "instance"},
	"RemoveRegion":   {Action: "sso:RemoveRegion", Resource: "instance"},
	"DescribeRegion": {Action: "sso:DescribeRegion", Resource: "instance", ReadOnly: true},
	"ListRegions":    {Action: "sso:ListRegions", Resource: "instance", ReadOnly: true},
}

var (
	errFeatures = fault.New(fault.Invalid, "all-features", "IAM Identity Center requires an organization with all features enabled.")
	errNotOwner = fault.New(fault.Denied, "not-owner", "An instance can be deleted only by the account that owns it.")
	errKMS      = fault.New(fault.Invalid, "customer-key", "Customer managed keys are not available: this server encrypts with its own keys.")
	errBoth     = fault.New(fault.Invalid, "one-change", "EncryptionConfiguration and PermissionSetsEnabled cannot be changed in one request.")
)

// CreateInstance enables IAM Identity Center. The management account enables it for
// its organization, which has to have all features (F-03, F-04, G-04); another
// account gets an instance of its own. AWS enables an organization's in its console
// only, which does it here by this operation.
func (s *Service) CreateInstance(ctx context.Context, c *call.Call, in *ssoadmin.CreateInstanceInput) (*ssoadmin.CreateInstanceOutput, error) {
	var out ssoadmin.CreateInstanceOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		made, err := once(tx, c, in.ClientToken, in, func() (string, error) {
			i, err := enable(tx, c, aws.ToString(in.Name), in.Tags)
			return i.ARN(), err
		})
		out.InstanceArn = &made
		c.Event.Set("instanceArn", made)
		return err
	})
	return &out, err
}

func enable(tx store.Tx, c *call.Call, name string, tags []types.Tag) (access.Instance, error) {
	owner := c.Principal.Account
	organization, err := tx.Manages(owner)
	if err != nil {
		return access.Instance{}, err
	}
	if organization == "" {
		return access.New(tx, owner, "", c.Region, name, tagsOf(tags), c.Now)
	}
	o, err := tx.Organization(organization)
	if err != nil {
		return access.Instance{}, err
	}
	if o.Features != org.AllFeatures {
		return access.Instance{}, errFeatures
	}
	i, err := access.New(tx, owner, organization, c.Region, name, tagsOf(tags), c.Now)
	if err != nil {
		return i, err
	}
	return i, org.EnableTrust(tx, o, access.Principal, c.Now)
}

// DescribeInstance tells of an instance that the caller's account owns, or that is
// its organization's.
func (s *Service) DescribeInstance(ctx context.Context, c *call.Call, in *ssoadmin.DescribeInstanceInput) (*ssoadmin.DescribeInstanceOutput, error) {
	var out ssoadmin.DescribeInstanceOutput
	err := s.view(ctx, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, idOf(in.InstanceArn))
		if err != nil {
			return err
		}
		i := by.Instance
		out = ssoadmin.DescribeInstanceOutput{
			InstanceArn: aws.String(i.ARN()), IdentityStoreId: aws.String(i.DirectoryID), OwnerAccountId: aws.String(i.Owner), Name: some(i.Name),
			CreatedDate: aws.Time(i.CreatedAt), Status: types.InstanceStatus(i.Status), PermissionSetsEnabled: aws.Bool(i.Organization != ""),
			EncryptionConfigurationDetails: &types.EncryptionConfigurationDetails{
				KeyType: types.KmsKeyTypeAwsOwnedKmsKey, EncryptionStatus: types.KmsKeyStatusEnabled,
			},
		}
		return nil
	})
	return &out, err
}

// ListInstances lists the account's own instance and its organization's.
func (s *Service) ListInstances(ctx context.Context, c *call.Call, in *ssoadmin.ListInstancesInput) (*ssoadmin.ListInstancesOutput, error) {
	var out ssoadmin.ListInstancesOutput
	err := s.view(ctx, func(tx store.Tx) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		all, err := visible(tx, c.Principal.Account)
		if err != nil {
			return err
		}
		got := window(all, want, func(i access.Instance) string { return i.ID })
		out.NextToken = nextToken(got.Next)
		out.Instances = make([]types.InstanceMetadata, len(got.Items))
		for n, i := range got.Items {
			regions, err := regionsOf(tx, i)
			if err != nil {
				return err
			}
			out.Instances[n] = types.InstanceMetadata{
				InstanceArn: aws.String(i.ARN()), IdentityStoreId: aws.String(i.DirectoryID), OwnerAccountId: aws.String(i.Owner), Name: some(i.Name),
				CreatedDate: aws.Time(i.CreatedAt), Status: types.InstanceStatus(i.Status), PrimaryRegion: aws.String(i.Region), Regions: regions,
			}
		}
		return nil
	})
	return &out, err
}

// visible are the instances that an account can see, in order of id.
func visible(tx store.Tx, accountID string) ([]access.Instance, error) {
	a, err := tx.Account(accountID)
	if err != nil {
		return nil, err
	}
	var all []access.Instance
	own, err := tx.InstanceOwnedBy(accountID)
	switch {
	case err == nil:
		all = append(all, own)
	case !fault.Is(err, fault.NotFound):
		return nil, err
	}
	if a.Standalone() {
		return all, nil
	}
	whole, err := tx.InstanceOf(a.Organization)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && whole.ID == own.ID:
		return all, nil
	case err == nil && whole.ID < own.ID:
		return append([]access.Instance{whole}, all...), nil
	}
	return append(all, whole), err
}

// UpdateInstance renames an instance. Permission sets are there in an organization's
// and nowhere else, and keys are this server's: what changes neither is accepted.
func (s *Service) UpdateInstance(ctx context.Context, c *call.Call, in *ssoadmin.UpdateInstanceInput) (*ssoadmin.UpdateInstanceOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		i, err := administered(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		share(c, i.Owner)
		switch {
		case in.EncryptionConfiguration != nil && in.PermissionSetsEnabled != nil:
			return errBoth
		case in.EncryptionConfiguration != nil && in.EncryptionConfiguration.KeyType != types.KmsKeyTypeAwsOwnedKmsKey:
			return errKMS
		case in.PermissionSetsEnabled != nil && *in.PermissionSetsEnabled != (i.Organization != ""):
			return errAccountInstance
		case in.Name == nil:
			return nil
		}
		return access.Rename(tx, i, *in.Name)
	})
	return &ssoadmin.UpdateInstanceOutput{}, err
}

// DeleteInstance closes the portal at once and deletes everything in the instance by
// and by; until then its status is DELETE_IN_PROGRESS.
func (s *Service) DeleteInstance(ctx context.Context, c *call.Call, in *ssoadmin.DeleteInstanceInput) (*ssoadmin.DeleteInstanceOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, idOf(in.InstanceArn))
		if err != nil {
			return err
		}
		if by.Instance.Owner != c.Principal.Account {
			return errNotOwner
		}
		return access.RequestDeletion(tx, by.Instance, c.Now)
	})
	return &ssoadmin.DeleteInstanceOutput{}, err
}

// AddRegion puts an instance into one more region. The answer is AWS's, which does it
// in the background; here the instance is there by then.
func (s *Service) AddRegion(ctx context.Context, c *call.Call, in *ssoadmin.AddRegionInput) (*ssoadmin.AddRegionOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		i, err := administered(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		share(c, i.Owner)
		return access.AddRegion(tx, i, *in.RegionName, c.Now)
	})
	return &ssoadmin.AddRegionOutput{Status: types.RegionStatusAdding}, err
}

// RemoveRegion takes an instance out of one.
func (s *Service) RemoveRegion(ctx context.Context, c *call.Call, in *ssoadmin.RemoveRegionInput) (*ssoadmin.RemoveRegionOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		i, err := administered(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		share(c, i.Owner)
		return access.RemoveRegion(tx, i, *in.RegionName)
	})
	return &ssoadmin.RemoveRegionOutput{Status: types.RegionStatusRemoving}, err
}

// DescribeRegion tells of one region that an instance is in.
func (s *Service) DescribeRegion(ctx context.Context, c *call.Call, in *ssoadmin.DescribeRegionInput) (*ssoadmin.DescribeRegionOutput, error) {
	var out *ssoadmin.DescribeRegionOutput
	err := s.regions(ctx, c, in.InstanceArn, func(all []types.RegionMetadata) error {
		for _, r := range all {
			if *r.RegionName == *in.RegionName {
				out = &ssoadmin.DescribeRegionOutput{RegionName: r.RegionName, Status: r.Status, AddedDate: r.AddedDate, IsPrimaryRegion: r.IsPrimaryRegion}
				return nil
			}
		}
		return fault.New(fault.NotFound, "no-region", "The instance is not in the region %s.", *in.RegionName)
	})
	return out, err
}

// ListRegions lists the regions that an instance is in, its own first.
func (s *Service) ListRegions(ctx context.Context, c *call.Call, in *ssoadmin.ListRegionsInput) (*ssoadmin.ListRegionsOutput, error) {
	var out ssoadmin.ListRegionsOutput
	err := s.regions(ctx, c, in.InstanceArn, func(all []types.RegionMetadata) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		// The primary one comes first, as a name that no other is before.
		got := window(all, want, func(r types.RegionMetadata) string {
			if r.IsPrimaryRegion {
				return "-"
			}
			return *r.RegionName
		})
		out.Regions, out.NextToken = append([]types.RegionMetadata{}, got.Items...), nextToken(got.Next) // a list, also of none
		return nil
	})
	return &out, err
}

func (s *Service) regions(ctx context.Context, c *call.Call, instance *string, fn func([]types.RegionMetadata) error) error {
	return s.view(ctx, func(tx store.Tx) error {
		i, err := administered(tx, c, instance)
		if err != nil {
			return err
		}
		all, err := regionsOf(tx, i)
		if err != nil {
			return err
		}
		return fn(all)
	})
}

// regionsOf are all regions of the instance, its own first.
func regionsOf(tx store.Tx, i access.Instance) ([]types.RegionMetadata, error) {
	added, err := tx.Regions(i.ID)
	all := []types.RegionMetadata{{
		RegionName: aws.String(i.Region), Status: types.RegionStatusActive, AddedDate: aws.Time(i.CreatedAt), IsPrimaryRegion: true,
	}}
	for _, r := range added {
		all = append(all, types.RegionMetadata{RegionName: aws.String(r.Name), Status: types.RegionStatusActive, AddedDate: aws.Time(r.AddedAt)})
	}
	return all, err
}

// some is a text that is left out when it is empty.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
