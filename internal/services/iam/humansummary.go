package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
)

// maxSummary is how many characters a summary may have.
const maxSummary = 10000

// GetHumanReadableSummary tells in words what a delegation request asks for. AWS
// has a language model write it; here it is put together from the policy, the same
// for the same policy, in English or Japanese.
func (s *Service) GetHumanReadableSummary(ctx context.Context, c *call.Call, in *awsiam.GetHumanReadableSummaryInput) (*awsiam.GetHumanReadableSummaryOutput, error) {
	entity := aws.ToString(in.EntityArn)
	account, id, ok := delegationID(entity)
	if !ok {
		return nil, wireError(invalidInput("Summaries are supported for delegation requests only."))
	}
	r, err := s.delegationRequest(ctx, c, id)
	if err != nil {
		return nil, err
	}
	if account != r.OwnerAccount && (r.OwnerAccount != "" || account != c.Principal.Account) {
		return nil, errNoDelegation(entity)
	}
	locale := aws.ToString(in.Locale)
	if locale == "" {
		locale = "en"
	}
	out := &awsiam.GetHumanReadableSummaryOutput{Locale: aws.String(locale), SummaryState: types.SummaryStateTypeNotSupported}
	language, ok := summaryLanguage(locale)
	if !ok {
		return out, nil
	}
	text, err := iam.SummarizeDelegation(r, language)
	if err != nil {
		return nil, err
	}
	if len([]rune(text)) > maxSummary {
		out.SummaryState = types.SummaryStateTypeNotAvailable
		return out, nil
	}
	out.SummaryContent, out.SummaryState = aws.String(text), types.SummaryStateTypeAvailable
	return out, nil
}

// summaryLanguage is the language of a locale such as "ja", "ja_JP" or "en-US".
func summaryLanguage(locale string) (iam.SummaryLanguage, bool) {
	language, _, _ := strings.Cut(strings.ReplaceAll(locale, "-", "_"), "_")
	switch strings.ToLower(language) {
	case "en":
		return iam.EnglishSummary, true
	case "ja":
		return iam.JapaneseSummary, true
	}
	return 0, false
}
