package support

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"sekisho/internal/call"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// DescribeServices tells what cases can be about: all services, or those that are
// named; a code that there is not is left out.
func (s *Service) DescribeServices(_ context.Context, _ *call.Call, in *awssupport.DescribeServicesInput) (*awssupport.DescribeServicesOutput, error) {
	lang, err := language(in.Language)
	if err != nil {
		return nil, err
	}
	out := awssupport.DescribeServicesOutput{Services: []types.Service{}}
	for _, v := range support.Services {
		if len(in.ServiceCodeList) > 0 && !slices.Contains(in.ServiceCodeList, v.Code) {
			continue
		}
		w := types.Service{Code: aws.String(v.Code), Name: aws.String(v.Name.In(lang))}
		for _, c := range v.Categories {
			w.Categories = append(w.Categories, types.Category{Code: aws.String(c.Code), Name: aws.String(c.Name.In(lang))})
		}
		out.Services = append(out.Services, w)
	}
	return &out, nil
}

// DescribeSeverityLevels tells how urgent a case can be under the account's plan.
func (s *Service) DescribeSeverityLevels(ctx context.Context, c *call.Call, in *awssupport.DescribeSeverityLevelsInput) (*awssupport.DescribeSeverityLevelsOutput, error) {
	lang, err := language(in.Language)
	if err != nil {
		return nil, err
	}
	var out awssupport.DescribeSeverityLevelsOutput
	err = s.view(ctx, func(tx store.Tx) error {
		plan, err := s.plan(tx, c.Principal.Account)
		out.SeverityLevels = nil
		for _, v := range support.Severities(plan) {
			out.SeverityLevels = append(out.SeverityLevels, types.SeverityLevel{Code: aws.String(v.Code), Name: aws.String(v.Name.In(lang))})
		}
		return err
	})
	return &out, err
}

// DescribeSupportedLanguages tells in which languages cases of a category are handled.
func (s *Service) DescribeSupportedLanguages(_ context.Context, _ *call.Call, in *awssupport.DescribeSupportedLanguagesInput) (*awssupport.DescribeSupportedLanguagesOutput, error) {
	if err := support.Classified(support.IssueType(*in.IssueType), *in.ServiceCode, *in.CategoryCode); err != nil {
		return nil, wireError(err)
	}
	var out awssupport.DescribeSupportedLanguagesOutput
	for _, l := range support.Languages {
		out.SupportedLanguages = append(out.SupportedLanguages, types.SupportedLanguage{Code: aws.String(l.Code), Language: aws.String(l.English), Display: aws.String(l.Own)})
	}
	return &out, nil
}

// DescribeCreateCaseOptions tells how whoever opens a case can be answered.
func (s *Service) DescribeCreateCaseOptions(_ context.Context, _ *call.Call, in *awssupport.DescribeCreateCaseOptionsInput) (*awssupport.DescribeCreateCaseOptionsOutput, error) {
	if _, err := language(in.Language); err != nil {
		return nil, err
	}
	if err := support.Classified(support.IssueType(*in.IssueType), *in.ServiceCode, *in.CategoryCode); err != nil {
		return nil, wireError(err)
	}
	out := awssupport.DescribeCreateCaseOptionsOutput{LanguageAvailability: aws.String("available")}
	for _, m := range support.Methods {
		out.CommunicationTypes = append(out.CommunicationTypes, types.CommunicationTypeOptions{
			Type:                aws.String(string(m)),
			SupportedHours:      []types.SupportedHour{{StartTime: aws.String("00:00:00.000"), EndTime: aws.String("23:59:59.999")}},
			DatesWithoutSupport: []types.DateInterval{},
		})
	}
	return &out, nil
}
