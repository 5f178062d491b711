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

// AddAttachmentsToSet keeps up to three files for an hour, to be sent with a case
// or a message.
func (s *Service) AddAttachmentsToSet(ctx context.Context, c *call.Call, in *awssupport.AddAttachmentsToSetInput) (*awssupport.AddAttachmentsToSetOutput, error) {
	files := make([]support.File, len(in.Attachments))
	for i, a := range in.Attachments {
		files[i] = support.File{Name: aws.ToString(a.FileName), Data: a.Data}
	}
	var out awssupport.AddAttachmentsToSetOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		set, err := support.Attach(tx, c.Principal.Account, aws.ToString(in.AttachmentSetId), files, c.Now)
		out.AttachmentSetId, out.ExpiryTime = &set.ID, wireTime(set.ExpiresAt)
		return err
	})
	return &out, err
}

// DescribeAttachment gives a file back.
func (s *Service) DescribeAttachment(ctx context.Context, c *call.Call, in *awssupport.DescribeAttachmentInput) (*awssupport.DescribeAttachmentOutput, error) {
	var out awssupport.DescribeAttachmentOutput
	err := s.view(ctx, func(tx store.Tx) error {
		a, err := support.AttachmentOf(tx, c.Principal.Account, aws.ToString(in.AttachmentId), c.Now)
		out.Attachment = &types.Attachment{FileName: &a.FileName, Data: a.Data}
		return err
	})
	return &out, err
}
