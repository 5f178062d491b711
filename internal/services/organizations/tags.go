package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var tagTable = call.Table{
	"TagResource":         {Action: "organizations:TagResource", Resource: "tagged"},
	"UntagResource":       {Action: "organizations:UntagResource", Resource: "tagged"},
	"ListTagsForResource": {Action: "organizations:ListTagsForResource", ReadOnly: true, Resource: "tagged"},
}

// tagsOf are tags of the wire.
func tagsOf(tags []types.Tag) []org.Tag {
	all := make([]org.Tag, len(tags))
	for i, t := range tags {
		all[i] = org.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return all
}

// TagResource adds tags to a root, unit, account, policy or resource policy.
func (s *Service) TagResource(ctx context.Context, c *call.Call, in *awsorg.TagResourceInput) (*awsorg.TagResourceOutput, error) {
	id := aws.ToString(in.ResourceId)
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		if err := org.Tagged(tx, o, id); err != nil {
			return err
		}
		return org.SetTags(tx, o.ID, id, tagsOf(in.Tags))
	})
	return &awsorg.TagResourceOutput{}, err
}

// UntagResource takes tags away.
func (s *Service) UntagResource(ctx context.Context, c *call.Call, in *awsorg.UntagResourceInput) (*awsorg.UntagResourceOutput, error) {
	id := aws.ToString(in.ResourceId)
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		if err := org.Tagged(tx, o, id); err != nil {
			return err
		}
		return org.RemoveTags(tx, id, in.TagKeys)
	})
	return &awsorg.UntagResourceOutput{}, err
}

// ListTagsForResource lists them in order of key.
func (s *Service) ListTagsForResource(ctx context.Context, c *call.Call, in *awsorg.ListTagsForResourceInput) (*awsorg.ListTagsForResourceOutput, error) {
	id := aws.ToString(in.ResourceId)
	tags, next, err := list(ctx, s, c, in.NextToken, nil, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Tag], error) {
		if err := org.Tagged(tx, o, id); err != nil {
			return page.Page[org.Tag]{}, err
		}
		return tx.OrgTags(id, p)
	})
	out := &awsorg.ListTagsForResourceOutput{NextToken: next, Tags: make([]types.Tag, len(tags))}
	for i, t := range tags {
		out.Tags[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out, err
}
