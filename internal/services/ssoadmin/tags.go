package ssoadmin

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// tagTable guards the tags of everything in Identity Center that has tags.
var tagTable = call.Table{
	"TagResource":         {Action: "sso:TagResource", Resource: "tagged"},
	"UntagResource":       {Action: "sso:UntagResource", Resource: "tagged"},
	"ListTagsForResource": {Action: "sso:ListTagsForResource", Resource: "tagged", ReadOnly: true},
}

// TagResource adds tags; a key that is there gets the new value.
func (s *Service) TagResource(ctx context.Context, c *call.Call, in *ssoadmin.TagResourceInput) (*ssoadmin.TagResourceOutput, error) {
	add := tagsOf(in.Tags)
	err := s.retag(ctx, c, *in.ResourceArn, func(have []iam.Tag) ([]iam.Tag, error) {
		if err := iam.CheckTags(add, false); err != nil {
			return nil, err
		}
		return iam.SetTags(have, add, false)
	}, func(tx store.Tx) error { return application.SetTags(tx, *in.ResourceArn, add) })
	return &ssoadmin.TagResourceOutput{}, err
}

// UntagResource takes tags away; keys that are not there do not matter.
func (s *Service) UntagResource(ctx context.Context, c *call.Call, in *ssoadmin.UntagResourceInput) (*ssoadmin.UntagResourceOutput, error) {
	err := s.retag(ctx, c, *in.ResourceArn, func(have []iam.Tag) ([]iam.Tag, error) {
		return iam.UnsetTags(have, in.TagKeys, false), nil
	}, func(tx store.Tx) error { return application.UnsetTags(tx, *in.ResourceArn, in.TagKeys) })
	return &ssoadmin.UntagResourceOutput{}, err
}

// retag changes the tags of an instance or a permission set by fn, of anything else
// by other.
func (s *Service) retag(ctx context.Context, c *call.Call, arn string, fn func([]iam.Tag) ([]iam.Tag, error), other func(store.Tx) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		switch {
		case strings.Contains(arn, ":instance/"):
			inst, err := administered(tx, c, &arn)
			if err != nil {
				return err
			}
			share(c, inst.Owner)
			if inst.Tags, err = fn(inst.Tags); err != nil {
				return err
			}
			return tx.PutInstance(inst)
		case strings.Contains(arn, ":permissionSet/"):
			of, _ := splitSet(arn)
			inst, p, err := change(tx, c, &of, &arn)
			if err != nil {
				return err
			}
			share(c, inst.Owner)
			if p.Tags, err = fn(p.Tags); err != nil {
				return err
			}
			return tx.PutPermissionSet(p)
		}
		concerned, err := application.ReachTags(tx, c.Principal.Account, arn, true)
		if err != nil {
			return err
		}
		share(c, concerned...)
		return other(tx)
	})
}

// ListTagsForResource lists tags in order of key.
func (s *Service) ListTagsForResource(ctx context.Context, c *call.Call, in *ssoadmin.ListTagsForResourceInput) (*ssoadmin.ListTagsForResourceOutput, error) {
	var out ssoadmin.ListTagsForResourceOutput
	err := s.view(ctx, func(tx store.Tx) error {
		want, err := listed(in.NextToken, nil)
		if err != nil {
			return err
		}
		tags, err := tagsFor(tx, c, *in.ResourceArn)
		if err != nil {
			return err
		}
		got := window(iam.SortTags(tags), want, func(t iam.Tag) string { return t.Key })
		out.Tags, out.NextToken = make([]types.Tag, len(got.Items)), nextToken(got.Next)
		for i, t := range got.Items {
			out.Tags[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
		}
		return nil
	})
	return &out, err
}

func tagsFor(tx store.Tx, c *call.Call, arn string) ([]iam.Tag, error) {
	switch {
	case strings.Contains(arn, ":instance/"):
		by, err := access.Enter(tx, c.Principal.Account, idOf(&arn))
		return by.Instance.Tags, err
	case strings.Contains(arn, ":permissionSet/"):
		of, _ := splitSet(arn)
		_, p, err := find(tx, c, &of, &arn)
		return p.Tags, err
	}
	if _, err := application.ReachTags(tx, c.Principal.Account, arn, false); err != nil {
		return nil, err
	}
	return application.Tags(tx, arn)
}
