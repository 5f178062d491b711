package support

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"sekisho/internal/call"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// recentMessages is how many messages a case is shown with.
const recentMessages = 5

// CreateCase opens a case, also of an account that is not active (A-40, O-03). Who
// has the basic plan can ask for account and billing support only.
func (s *Service) CreateCase(ctx context.Context, c *call.Call, in *awssupport.CreateCaseInput) (*awssupport.CreateCaseOutput, error) {
	var out awssupport.CreateCaseOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		plan, err := s.plan(tx, c.Principal.Account)
		if err != nil {
			return err
		}
		opened, err := support.OpenCase(tx, support.NewCase{
			Account: c.Principal.Account, Subject: aws.ToString(in.Subject), Body: aws.ToString(in.CommunicationBody),
			IssueType: support.IssueType(aws.ToString(in.IssueType)), ServiceCode: aws.ToString(in.ServiceCode), CategoryCode: aws.ToString(in.CategoryCode),
			SeverityCode: aws.ToString(in.SeverityCode), Language: aws.ToString(in.Language), CC: in.CcEmailAddresses,
			AttachmentSet: aws.ToString(in.AttachmentSetId), SubmittedBy: submitter(c.Principal),
		}, plan, c.Now)
		out.CaseId = &opened.ID
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Event.Set("caseId", *out.CaseId)
	return &out, nil
}

// DescribeCases tells the account's cases: those that are named, or all that are
// not resolved, the newest first.
func (s *Service) DescribeCases(ctx context.Context, c *call.Call, in *awssupport.DescribeCasesInput) (*awssupport.DescribeCasesOutput, error) {
	out := awssupport.DescribeCasesOutput{Cases: []types.CaseDetails{}}
	filter := support.CaseFilter{Language: aws.ToString(in.Language), Resolved: in.IncludeResolvedCases}
	var err error
	if filter.Between, err = between(in.AfterTime, in.BeforeTime); err != nil {
		return nil, err
	}
	p, err := pageOf(in.NextToken, in.MaxResults)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.view(ctx, func(tx store.Tx) error {
		found, err := cases(tx, c.Principal.Account, in, filter, p)
		if err != nil {
			return err
		}
		out.NextToken = next(found.Next)
		for _, k := range found.Items {
			details := wireCase(k)
			if in.IncludeCommunications == nil || *in.IncludeCommunications {
				recent, err := tx.Communications(k.ID, support.Between{}, page.Request{Limit: recentMessages})
				if err != nil {
					return err
				}
				details.RecentCommunications = &types.RecentCaseCommunications{Communications: wireCommunications(recent.Items), NextToken: next(recent.Next)}
			}
			out.Cases = append(out.Cases, details)
		}
		return nil
	})
	return &out, err
}

// cases are those that the input names, whatever else it says, or a page of all.
func cases(tx store.Tx, account string, in *awssupport.DescribeCasesInput, f support.CaseFilter, p page.Request) (page.Page[support.Case], error) {
	if number := aws.ToString(in.DisplayId); number != "" {
		k, err := support.CaseByDisplayID(tx, account, number)
		return page.Page[support.Case]{Items: []support.Case{k}}, err
	}
	if len(in.CaseIdList) == 0 {
		return support.CasesOf(tx, account, f, p)
	}
	var named page.Page[support.Case]
	for _, id := range in.CaseIdList {
		k, err := support.CaseOf(tx, account, id)
		if err != nil {
			return named, err
		}
		named.Items = append(named.Items, k)
	}
	return named, nil
}

// AddCommunicationToCase adds a message to a case, and reopens one that was resolved.
func (s *Service) AddCommunicationToCase(ctx context.Context, c *call.Call, in *awssupport.AddCommunicationToCaseInput) (*awssupport.AddCommunicationToCaseOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		k, err := support.CaseOf(tx, c.Principal.Account, aws.ToString(in.CaseId))
		if err != nil {
			return err
		}
		_, err = support.AddCommunication(tx, k, support.Addition{
			Body: aws.ToString(in.CommunicationBody), CC: in.CcEmailAddresses, AttachmentSet: aws.ToString(in.AttachmentSetId), SubmittedBy: submitter(c.Principal),
		}, c.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awssupport.AddCommunicationToCaseOutput{Result: true}, nil
}

// DescribeCommunications tells what was written in a case, the newest first.
func (s *Service) DescribeCommunications(ctx context.Context, c *call.Call, in *awssupport.DescribeCommunicationsInput) (*awssupport.DescribeCommunicationsOutput, error) {
	var out awssupport.DescribeCommunicationsOutput
	b, err := between(in.AfterTime, in.BeforeTime)
	if err != nil {
		return nil, err
	}
	p, err := pageOf(in.NextToken, in.MaxResults)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.view(ctx, func(tx store.Tx) error {
		k, err := support.CaseOf(tx, c.Principal.Account, aws.ToString(in.CaseId))
		if err != nil {
			return err
		}
		found, err := tx.Communications(k.ID, b, p)
		out.Communications, out.NextToken = wireCommunications(found.Items), next(found.Next)
		return err
	})
	return &out, err
}

// ResolveCase closes a case.
func (s *Service) ResolveCase(ctx context.Context, c *call.Call, in *awssupport.ResolveCaseInput) (*awssupport.ResolveCaseOutput, error) {
	var out awssupport.ResolveCaseOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		k, err := support.CaseOf(tx, c.Principal.Account, aws.ToString(in.CaseId))
		if err != nil {
			return err
		}
		resolved, err := support.Resolve(tx, k, c.Now)
		out.InitialCaseStatus, out.FinalCaseStatus = aws.String(string(k.Status)), aws.String(string(resolved.Status))
		return err
	})
	return &out, err
}

func wireCase(k support.Case) types.CaseDetails {
	cc := k.CC
	if cc == nil {
		cc = []string{}
	}
	return types.CaseDetails{
		CaseId: &k.ID, DisplayId: &k.DisplayID, Subject: &k.Subject, Status: aws.String(string(k.Status)), ServiceCode: &k.ServiceCode,
		CategoryCode: &k.CategoryCode, SeverityCode: &k.SeverityCode, SubmittedBy: &k.SubmittedBy, TimeCreated: wireTime(k.CreatedAt),
		CcEmailAddresses: cc, Language: &k.Language,
	}
}

func wireCommunications(items []support.Communication) []types.Communication {
	out := make([]types.Communication, len(items))
	for i, m := range items {
		out[i] = types.Communication{CaseId: &m.CaseID, Body: &m.Body, SubmittedBy: &m.SubmittedBy, TimeCreated: wireTime(m.CreatedAt), AttachmentSet: []types.AttachmentDetails{}}
		for _, a := range m.Attachments {
			out[i].AttachmentSet = append(out[i].AttachmentSet, types.AttachmentDetails{AttachmentId: &a.ID, FileName: &a.FileName})
		}
	}
	return out
}
