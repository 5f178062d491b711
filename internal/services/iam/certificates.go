package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

var certificateTable = call.Table{
	"UploadServerCertificate":   {Action: "iam:UploadServerCertificate", TagAction: "iam:TagServerCertificate", Resource: "new-server-certificate"},
	"GetServerCertificate":      {Action: "iam:GetServerCertificate", Resource: "server-certificate", ReadOnly: true},
	"ListServerCertificates":    {Action: "iam:ListServerCertificates", Resource: "server-certificate/", ReadOnly: true},
	"UpdateServerCertificate":   {Action: "iam:UpdateServerCertificate", Resource: "server-certificate"},
	"DeleteServerCertificate":   {Action: "iam:DeleteServerCertificate", Resource: "server-certificate"},
	"TagServerCertificate":      {Action: "iam:TagServerCertificate", Resource: "server-certificate"},
	"UntagServerCertificate":    {Action: "iam:UntagServerCertificate", Resource: "server-certificate"},
	"ListServerCertificateTags": {Action: "iam:ListServerCertificateTags", Resource: "server-certificate", ReadOnly: true},

	"UploadSigningCertificate": {Action: "iam:UploadSigningCertificate", Resource: "user"},
	"ListSigningCertificates":  {Action: "iam:ListSigningCertificates", Resource: "user", ReadOnly: true},
	"UpdateSigningCertificate": {Action: "iam:UpdateSigningCertificate", Resource: "user"},
	"DeleteSigningCertificate": {Action: "iam:DeleteSigningCertificate", Resource: "user"},

	"UploadSSHPublicKey": {Action: "iam:UploadSSHPublicKey", Resource: "user"},
	"GetSSHPublicKey":    {Action: "iam:GetSSHPublicKey", Resource: "user", ReadOnly: true},
	"ListSSHPublicKeys":  {Action: "iam:ListSSHPublicKeys", Resource: "user", ReadOnly: true},
	"UpdateSSHPublicKey": {Action: "iam:UpdateSSHPublicKey", Resource: "user"},
	"DeleteSSHPublicKey": {Action: "iam:DeleteSSHPublicKey", Resource: "user"},

	"CreateServiceSpecificCredential": {Action: "iam:CreateServiceSpecificCredential", Resource: "user"},
	"ListServiceSpecificCredentials":  {Action: "iam:ListServiceSpecificCredentials", Resource: "user-or-all", ReadOnly: true},
	"ResetServiceSpecificCredential":  {Action: "iam:ResetServiceSpecificCredential", Resource: "user"},
	"UpdateServiceSpecificCredential": {Action: "iam:UpdateServiceSpecificCredential", Resource: "user"},
	"DeleteServiceSpecificCredential": {Action: "iam:DeleteServiceSpecificCredential", Resource: "user"},
}

func wireServerCertificate(c iam.ServerCertificate) types.ServerCertificateMetadata {
	return types.ServerCertificateMetadata{
		Path: aws.String(c.Path), ServerCertificateName: aws.String(c.Name), ServerCertificateId: aws.String(c.ID), Arn: aws.String(c.ARN()),
		UploadDate: at(c.UploadedAt), Expiration: at(c.ExpiresAt),
	}
}

// UploadServerCertificate keeps a certificate with its private key, which nothing
// shows again.
func (s *Service) UploadServerCertificate(ctx context.Context, c *call.Call, in *awsiam.UploadServerCertificateInput) (*awsiam.UploadServerCertificateOutput, error) {
	var cert iam.ServerCertificate
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		cert, err = iam.UploadServerCertificate(tx, c.Now, iam.ServerCertificate{
			Account: c.Principal.Account, Path: pathOr(in.Path), Name: aws.ToString(in.ServerCertificateName),
			Body: aws.ToString(in.CertificateBody), Chain: aws.ToString(in.CertificateChain),
			PrivateKey: secret.NewString(aws.ToString(in.PrivateKey)), Tags: tagsOf(in.Tags),
		})
		c.Event.Set("serverCertificateId", cert.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	metadata := wireServerCertificate(cert)
	return &awsiam.UploadServerCertificateOutput{ServerCertificateMetadata: &metadata, Tags: wireTags(iam.SortTags(cert.Tags))}, nil
}

// GetServerCertificate shows a certificate and its chain.
func (s *Service) GetServerCertificate(ctx context.Context, c *call.Call, in *awsiam.GetServerCertificateInput) (*awsiam.GetServerCertificateOutput, error) {
	var cert iam.ServerCertificate
	err := s.view(ctx, func(tx store.Tx) (err error) {
		cert, err = iam.ServerCertificateNamed(tx, c.Principal.Account, aws.ToString(in.ServerCertificateName))
		return err
	})
	if err != nil {
		return nil, err
	}
	metadata := wireServerCertificate(cert)
	return &awsiam.GetServerCertificateOutput{ServerCertificate: &types.ServerCertificate{
		ServerCertificateMetadata: &metadata, CertificateBody: aws.String(cert.Body), CertificateChain: orNoMember(cert.Chain),
		Tags: shownTags(iam.SortTags(cert.Tags)),
	}}, nil
}

// ListServerCertificates pages through the certificates under a path.
func (s *Service) ListServerCertificates(ctx context.Context, c *call.Call, in *awsiam.ListServerCertificatesInput) (*awsiam.ListServerCertificatesOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	var certs page.Page[iam.ServerCertificate]
	err = s.view(ctx, func(tx store.Tx) (err error) {
		certs, err = tx.ServerCertificates(c.Principal.Account, aws.ToString(in.PathPrefix), p)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListServerCertificatesOutput{
		ServerCertificateMetadataList: wireAll(certs.Items, wireServerCertificate), IsTruncated: certs.Next != "", Marker: next(certs.Next),
	}, nil
}

// UpdateServerCertificate renames a certificate or gives it another path. Who
// does that must be allowed to update what it is and what it becomes.
func (s *Service) UpdateServerCertificate(ctx context.Context, c *call.Call, in *awsiam.UpdateServerCertificateInput) (*awsiam.UpdateServerCertificateOutput, error) {
	account, name := c.Principal.Account, aws.ToString(in.ServerCertificateName)
	var becomes iam.ServerCertificate
	err := s.view(ctx, func(tx store.Tx) (err error) {
		becomes, err = iam.ServerCertificateNamed(tx, account, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	becomes.Path, becomes.Name = replaced(becomes.Path, in.NewPath), replaced(becomes.Name, in.NewServerCertificateName)
	if err := s.Authz.Allow(ctx, c, "iam:UpdateServerCertificate", call.Target{ARN: becomes.ARN()}); err != nil {
		return nil, err
	}
	err = s.update(ctx, c, func(tx store.Tx) error {
		return iam.UpdateServerCertificate(tx, account, name, aws.ToString(in.NewPath), aws.ToString(in.NewServerCertificateName))
	})
	return &awsiam.UpdateServerCertificateOutput{}, err
}

// DeleteServerCertificate deletes a certificate and its private key.
func (s *Service) DeleteServerCertificate(ctx context.Context, c *call.Call, in *awsiam.DeleteServerCertificateInput) (*awsiam.DeleteServerCertificateOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteServerCertificate(tx, c.Principal.Account, aws.ToString(in.ServerCertificateName))
	})
	return &awsiam.DeleteServerCertificateOutput{}, err
}

// TagServerCertificate puts tags on a certificate.
func (s *Service) TagServerCertificate(ctx context.Context, c *call.Call, in *awsiam.TagServerCertificateInput) (*awsiam.TagServerCertificateOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.TagServerCertificate(tx, c.Principal.Account, aws.ToString(in.ServerCertificateName), tagsOf(in.Tags))
	})
	return &awsiam.TagServerCertificateOutput{}, err
}

// UntagServerCertificate takes tags off a certificate.
func (s *Service) UntagServerCertificate(ctx context.Context, c *call.Call, in *awsiam.UntagServerCertificateInput) (*awsiam.UntagServerCertificateOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.UntagServerCertificate(tx, c.Principal.Account, aws.ToString(in.ServerCertificateName), in.TagKeys)
	})
	return &awsiam.UntagServerCertificateOutput{}, err
}

// ListServerCertificateTags lists a certificate's tags in order of key.
func (s *Service) ListServerCertificateTags(ctx context.Context, c *call.Call, in *awsiam.ListServerCertificateTagsInput) (*awsiam.ListServerCertificateTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		cert, err := iam.ServerCertificateNamed(tx, c.Principal.Account, aws.ToString(in.ServerCertificateName))
		return cert.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListServerCertificateTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}

func wireSigningCertificate(h iam.Holder, c iam.SigningCertificate) types.SigningCertificate {
	return types.SigningCertificate{
		UserName: userName(h), CertificateId: aws.String(c.ID), CertificateBody: aws.String(c.Body), Status: wireStatus(c.Active),
		UploadDate: at(c.UploadedAt),
	}
}

// UploadSigningCertificate gives a certificate to the named user or the caller,
// root users included.
func (s *Service) UploadSigningCertificate(ctx context.Context, c *call.Call, in *awsiam.UploadSigningCertificateInput) (*awsiam.UploadSigningCertificateOutput, error) {
	var out types.SigningCertificate
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := holderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		cert, err := iam.UploadSigningCertificate(tx, c.Now, h, aws.ToString(in.CertificateBody))
		c.Event.Set("certificateId", cert.ID)
		out = wireSigningCertificate(h, cert)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.UploadSigningCertificateOutput{Certificate: &out}, nil
}

// ListSigningCertificates lists the certificates of the named user or the caller,
// oldest first.
func (s *Service) ListSigningCertificates(ctx context.Context, c *call.Call, in *awsiam.ListSigningCertificatesInput) (*awsiam.ListSigningCertificatesOutput, error) {
	want, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListSigningCertificatesOutput{}
	err = s.view(ctx, func(tx store.Tx) error {
		h, err := holderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		certs, err := tx.SigningCertificates(h.Account, h.User.ID)
		if err != nil {
			return err
		}
		p := pageOf(certs, want, func(c iam.SigningCertificate) string { return c.UploadedAt.UTC().Format(sortableTime) + c.ID })
		out.Certificates = wireAll(p.Items, func(c iam.SigningCertificate) types.SigningCertificate { return wireSigningCertificate(h, c) })
		out.Marker, out.IsTruncated = next(p.Next), p.Next != ""
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateSigningCertificate switches a certificate on or off.
func (s *Service) UpdateSigningCertificate(ctx context.Context, c *call.Call, in *awsiam.UpdateSigningCertificateInput) (*awsiam.UpdateSigningCertificateOutput, error) {
	c.Event.Set("certificateId", aws.ToString(in.CertificateId))
	err := s.switchCredential(ctx, c, in.UserName, in.Status, func(tx store.Tx, h iam.Holder, active bool) error {
		return iam.SetSigningCertificateActive(tx, h, aws.ToString(in.CertificateId), active)
	})
	return &awsiam.UpdateSigningCertificateOutput{}, err
}

// DeleteSigningCertificate deletes a certificate of the named user or the caller.
func (s *Service) DeleteSigningCertificate(ctx context.Context, c *call.Call, in *awsiam.DeleteSigningCertificateInput) (*awsiam.DeleteSigningCertificateOutput, error) {
	c.Event.Set("certificateId", aws.ToString(in.CertificateId))
	err := s.changeHeld(ctx, c, in.UserName, func(tx store.Tx, h iam.Holder) error {
		return iam.DeleteSigningCertificate(tx, h, aws.ToString(in.CertificateId))
	})
	return &awsiam.DeleteSigningCertificateOutput{}, err
}

// changeHeld changes a credential of the named user or the caller.
func (s *Service) changeHeld(ctx context.Context, c *call.Call, user *string, change func(store.Tx, iam.Holder) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		h, err := holderOf(tx, c, user)
		if err != nil {
			return err
		}
		return change(tx, h)
	})
}

// switchCredential is changeHeld for a status, which can be set to two of the
// three values of the model.
func (s *Service) switchCredential(ctx context.Context, c *call.Call, user *string, status types.StatusType,
	change func(tx store.Tx, h iam.Holder, active bool) error,
) error {
	if status == types.StatusTypeExpired {
		return wireError(fault.New(fault.Invalid, "status", "The status of a credential can be set to Active or Inactive."))
	}
	c.Event.Set("status", string(status))
	return s.changeHeld(ctx, c, user, func(tx store.Tx, h iam.Holder) error { return change(tx, h, status == types.StatusTypeActive) })
}
