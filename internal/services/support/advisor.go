package support

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"sekisho/internal/call"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// maxChecks bounds the ids of one call, which the model does not.
const maxChecks = 100

// DescribeTrustedAdvisorChecks tells which checks there are: of AWS's, those about
// what there is here.
func (s *Service) DescribeTrustedAdvisorChecks(_ context.Context, _ *call.Call, in *awssupport.DescribeTrustedAdvisorChecksInput) (*awssupport.DescribeTrustedAdvisorChecksOutput, error) {
	out := awssupport.DescribeTrustedAdvisorChecksOutput{Checks: []types.TrustedAdvisorCheckDescription{}}
	lang := aws.ToString(in.Language)
	if !advisorLanguages[lang] {
		return nil, parameter("The language is not supported.")
	}
	for _, k := range support.Checks {
		out.Checks = append(out.Checks, types.TrustedAdvisorCheckDescription{
			Id: aws.String(k.ID), Name: aws.String(k.Name.In(lang)), Description: aws.String(k.Description.In(lang)),
			Category: aws.String(k.Category), Metadata: texts(k.Columns),
		})
	}
	return &out, nil
}

// advisorLanguages are those that may be asked for; what there are no words for is
// told in English.
var advisorLanguages = map[string]bool{"zh": true, "zh_TW": true, "en": true, "fr": true, "de": true, "id": true, "it": true, "ja": true, "ko": true, "pt_BR": true, "es": true}

// DescribeTrustedAdvisorCheckResult tells how a check of the account came out.
func (s *Service) DescribeTrustedAdvisorCheckResult(ctx context.Context, c *call.Call, in *awssupport.DescribeTrustedAdvisorCheckResultInput) (*awssupport.DescribeTrustedAdvisorCheckResultOutput, error) {
	if lang := aws.ToString(in.Language); lang != "" && !advisorLanguages[lang] {
		return nil, parameter("The language is not supported.")
	}
	var out awssupport.DescribeTrustedAdvisorCheckResultOutput
	err := s.results(ctx, c, []*string{in.CheckId}, func(k support.Check, r support.Result) {
		w := types.TrustedAdvisorCheckResult{
			CheckId: aws.String(k.ID), Timestamp: checkTime(r), Status: aws.String(string(r.Status)), ResourcesSummary: wireSummary(r),
			CategorySpecificSummary: noSavings(), FlaggedResources: []types.TrustedAdvisorResourceDetail{},
		}
		for _, f := range r.Flagged {
			w.FlaggedResources = append(w.FlaggedResources, types.TrustedAdvisorResourceDetail{
				ResourceId: aws.String(f.ID), Status: aws.String(string(f.Status)), Metadata: texts(f.Metadata),
			})
		}
		out.Result = &w
	})
	return &out, err
}

// DescribeTrustedAdvisorCheckSummaries tells in short how checks came out.
func (s *Service) DescribeTrustedAdvisorCheckSummaries(ctx context.Context, c *call.Call, in *awssupport.DescribeTrustedAdvisorCheckSummariesInput) (*awssupport.DescribeTrustedAdvisorCheckSummariesOutput, error) {
	out := awssupport.DescribeTrustedAdvisorCheckSummariesOutput{Summaries: []types.TrustedAdvisorCheckSummary{}}
	err := s.results(ctx, c, in.CheckIds, func(k support.Check, r support.Result) {
		out.Summaries = append(out.Summaries, types.TrustedAdvisorCheckSummary{
			CheckId: aws.String(k.ID), Timestamp: checkTime(r), Status: aws.String(string(r.Status)), HasFlaggedResources: r.FlaggedCount > 0,
			ResourcesSummary: wireSummary(r), CategorySpecificSummary: noSavings(),
		})
	})
	return &out, err
}

// results calls each with the results of the account's checks.
func (s *Service) results(ctx context.Context, c *call.Call, ids []*string, each func(support.Check, support.Result)) error {
	checks, err := checksOf(ids)
	if err != nil {
		return wireError(err)
	}
	results := make([]support.Result, len(checks))
	err = s.view(ctx, func(tx store.Tx) (err error) {
		for i, k := range checks {
			if results[i], err = k.Result(tx, c.Principal.Account, c.Now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, k := range checks {
		each(k, results[i])
	}
	return nil
}

func checksOf(ids []*string) ([]support.Check, error) {
	if len(ids) > maxChecks {
		return nil, parameter("There are too many check IDs.")
	}
	checks := make([]support.Check, len(ids))
	for i, id := range ids {
		var err error
		if checks[i], err = support.CheckByID(aws.ToString(id)); err != nil {
			return nil, err
		}
	}
	return checks, nil
}

// DescribeTrustedAdvisorCheckRefreshStatuses tells when checks were last asked for.
func (s *Service) DescribeTrustedAdvisorCheckRefreshStatuses(ctx context.Context, c *call.Call, in *awssupport.DescribeTrustedAdvisorCheckRefreshStatusesInput) (*awssupport.DescribeTrustedAdvisorCheckRefreshStatusesOutput, error) {
	checks, err := checksOf(in.CheckIds)
	if err != nil {
		return nil, wireError(err)
	}
	var out awssupport.DescribeTrustedAdvisorCheckRefreshStatusesOutput
	err = s.view(ctx, func(tx store.Tx) error {
		out.Statuses = []types.TrustedAdvisorCheckRefreshStatus{}
		for _, k := range checks {
			r, err := k.Refreshed(tx, c.Principal.Account, c.Now)
			if err != nil {
				return err
			}
			out.Statuses = append(out.Statuses, wireRefreshed(k, r))
		}
		return nil
	})
	return &out, err
}

// RefreshTrustedAdvisorCheck runs a check and keeps what it finds. It is done with
// that, so that the status is never that it waits.
func (s *Service) RefreshTrustedAdvisorCheck(ctx context.Context, c *call.Call, in *awssupport.RefreshTrustedAdvisorCheckInput) (*awssupport.RefreshTrustedAdvisorCheckOutput, error) {
	k, err := support.CheckByID(aws.ToString(in.CheckId))
	if err != nil {
		return nil, wireError(err)
	}
	var out awssupport.RefreshTrustedAdvisorCheckOutput
	err = s.update(ctx, c, func(tx store.Tx) error {
		r, err := k.Refresh(tx, c.Principal.Account, c.Now)
		status := wireRefreshed(k, r)
		out.Status = &status
		return err
	})
	return &out, err
}

func wireRefreshed(k support.Check, r support.Refreshed) types.TrustedAdvisorCheckRefreshStatus {
	status := "success"
	if r.At.IsZero() {
		status = "none"
	}
	return types.TrustedAdvisorCheckRefreshStatus{CheckId: aws.String(k.ID), Status: &status, MillisUntilNextRefreshable: r.Again.Milliseconds()}
}

func checkTime(r support.Result) *string {
	return aws.String(r.At.UTC().Format("2006-01-02T15:04:05Z"))
}

func wireSummary(r support.Result) *types.TrustedAdvisorResourcesSummary {
	return &types.TrustedAdvisorResourcesSummary{ResourcesProcessed: int64(r.Processed), ResourcesFlagged: int64(r.FlaggedCount)}
}

// noSavings is the summary of checks that are not about costs.
func noSavings() *types.TrustedAdvisorCategorySpecificSummary {
	return &types.TrustedAdvisorCategorySpecificSummary{CostOptimizing: &types.TrustedAdvisorCostOptimizingSummary{}}
}

func texts(s []string) []*string {
	out := make([]*string, len(s))
	for i := range s {
		out[i] = &s[i]
	}
	return out
}
