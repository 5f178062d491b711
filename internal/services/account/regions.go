package account

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// regionsPage is both the default and the most that a page holds.
const regionsPage = 50

// regionsToken begins the tokens of this list.
const regionsToken = "regions/"

// ListRegions lists the regions that there are, or those of some statuses, with
// whether an account can use them.
func (s *Service) ListRegions(ctx context.Context, c *call.Call, in *awsaccount.ListRegionsInput) (*awsaccount.ListRegionsOutput, error) {
	var out awsaccount.ListRegionsOutput
	err := s.view(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		want, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), regionsPage)
		if err != nil {
			return err
		}
		after, ok := strings.CutPrefix(want.After, regionsToken)
		if want.After != "" && !ok {
			return fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
		}
		all, err := account.RegionsOf(tx, a.ID, c.Now)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r account.Region) bool {
			return r.Name <= after || len(in.RegionOptStatusContains) > 0 && !slices.Contains(in.RegionOptStatusContains, types.RegionOptStatus(r.Status))
		})
		some := page.Cut(all, want.Limit, func(r account.Region) string { return regionsToken + r.Name })
		out.NextToken, out.Regions = orNil(page.Token(some.Next)), make([]types.Region, 0, len(some.Items))
		for _, r := range some.Items {
			out.Regions = append(out.Regions, types.Region{RegionName: aws.String(r.Name), RegionOptStatus: types.RegionOptStatus(r.Status)})
		}
		return nil
	})
	return &out, err
}

// GetRegionOptStatus tells whether an account can use a region.
func (s *Service) GetRegionOptStatus(ctx context.Context, c *call.Call, in *awsaccount.GetRegionOptStatusInput) (*awsaccount.GetRegionOptStatusOutput, error) {
	var out awsaccount.GetRegionOptStatusOutput
	err := s.view(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		r, err := account.RegionOf(tx, a.ID, aws.ToString(in.RegionName), c.Now)
		out.RegionName, out.RegionOptStatus = aws.String(r.Name), types.RegionOptStatus(r.Status)
		return err
	})
	return &out, err
}

// EnableRegion opts an account in to a region.
func (s *Service) EnableRegion(ctx context.Context, c *call.Call, in *awsaccount.EnableRegionInput) (*awsaccount.EnableRegionOutput, error) {
	return &awsaccount.EnableRegionOutput{}, s.choose(ctx, c, in.AccountId, in.RegionName, true)
}

// DisableRegion is the other way.
func (s *Service) DisableRegion(ctx context.Context, c *call.Call, in *awsaccount.DisableRegionInput) (*awsaccount.DisableRegionOutput, error) {
	return &awsaccount.DisableRegionOutput{}, s.choose(ctx, c, in.AccountId, in.RegionName, false)
}

func (s *Service) choose(ctx context.Context, c *call.Call, id, region *string, enable bool) error {
	return s.update(ctx, c, id, func(tx store.Tx, a account.Account) error {
		return account.ChooseRegion(tx, a.ID, aws.ToString(region), enable, c.Now)
	})
}
