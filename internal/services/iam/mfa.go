package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/skip2/go-qrcode"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// qrPixels is the width of QR codes.
const qrPixels = 256

// CreateVirtualMFADevice makes a device. Its seed is told this once, as text and
// as the QR code that authenticators read.
func (s *Service) CreateVirtualMFADevice(ctx context.Context, c *call.Call, in *awsiam.CreateVirtualMFADeviceInput) (*awsiam.CreateVirtualMFADeviceOutput, error) {
	var d iam.MFADevice
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		d, err = iam.CreateVirtualMFADevice(tx, c.Now, c.Principal.Account, pathOr(in.Path), aws.ToString(in.VirtualMFADeviceName), tagsOf(in.Tags))
		return err
	})
	if err != nil {
		return nil, err
	}
	holder := c.Principal.Account
	if c.Principal.Kind == call.IAMUser {
		holder = c.Principal.UserName
	}
	png, err := qrcode.Encode(d.Enrolment(holder), qrcode.Medium, qrPixels)
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateVirtualMFADeviceOutput{VirtualMFADevice: &types.VirtualMFADevice{
		SerialNumber: aws.String(d.Serial), Base32StringSeed: []byte(d.Seed.Reveal()), QRCodePNG: png, Tags: wireTags(d.Tags),
	}}, nil
}

// DeleteVirtualMFADevice removes a device that nobody has.
func (s *Service) DeleteVirtualMFADevice(ctx context.Context, c *call.Call, in *awsiam.DeleteVirtualMFADeviceInput) (*awsiam.DeleteVirtualMFADeviceOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteVirtualMFADevice(tx, c.Principal.Account, aws.ToString(in.SerialNumber))
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.DeleteVirtualMFADeviceOutput{}, nil
}

// ListVirtualMFADevices pages through the account's virtual devices, in order of
// serial number. Like AWS's it does not tell tags.
func (s *Service) ListVirtualMFADevices(ctx context.Context, c *call.Call, in *awsiam.ListVirtualMFADevicesInput) (*awsiam.ListVirtualMFADevicesOutput, error) {
	want, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	which := map[types.AssignmentStatusType]iam.Assignment{
		types.AssignmentStatusTypeAssigned: iam.Assigned, types.AssignmentStatusTypeUnassigned: iam.Unassigned,
	}[in.AssignmentStatus]
	out := &awsiam.ListVirtualMFADevicesOutput{VirtualMFADevices: []types.VirtualMFADevice{}}
	err = s.view(ctx, func(tx store.Tx) error {
		p, err := tx.MFADevices(c.Principal.Account, which, want)
		if err != nil {
			return err
		}
		out.Marker, out.IsTruncated = next(p.Next), p.Next != ""
		for _, d := range p.Items {
			v := types.VirtualMFADevice{SerialNumber: aws.String(d.Serial), EnableDate: at(d.EnabledAt)}
			if v.User, err = userOfDevice(tx, d); err != nil {
				return err
			}
			out.VirtualMFADevices = append(out.VirtualMFADevices, v)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// userOfDevice is whose device it is; nil for nobody's.
func userOfDevice(tx store.Tx, d iam.MFADevice) (*types.User, error) {
	if !d.Assigned() {
		return nil, nil //nolint:nilnil // nobody is an answer
	}
	if d.User == "" {
		a, err := tx.Account(d.Account)
		return &types.User{UserId: aws.String(a.ID), Arn: aws.String(arn.Root(a.ID)), CreateDate: at(a.CreatedAt)}, err
	}
	u, err := tx.IAMUser(d.User)
	out := wireUser(u)
	return &out, err
}

// EnableMFADevice assigns a device to a user who shows two codes of it.
func (s *Service) EnableMFADevice(ctx context.Context, c *call.Call, in *awsiam.EnableMFADeviceInput) (*awsiam.EnableMFADeviceOutput, error) {
	c.Event.Set("serialNumber", aws.ToString(in.SerialNumber))
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := mfaHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if err := iam.EnableMFADevice(tx, c.Now, h, aws.ToString(in.SerialNumber), aws.ToString(in.AuthenticationCode1), aws.ToString(in.AuthenticationCode2)); err != nil {
			return err
		}
		return s.tellRoot(tx, c, h, account.RootMFAAdded)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.EnableMFADeviceOutput{}, nil
}

// DeactivateMFADevice takes a device from a user (C-16).
func (s *Service) DeactivateMFADevice(ctx context.Context, c *call.Call, in *awsiam.DeactivateMFADeviceInput) (*awsiam.DeactivateMFADeviceOutput, error) {
	c.Event.Set("serialNumber", aws.ToString(in.SerialNumber))
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := mfaHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if err := iam.DeactivateMFADevice(tx, h, aws.ToString(in.SerialNumber)); err != nil {
			return err
		}
		return s.tellRoot(tx, c, h, account.RootMFARemoved)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.DeactivateMFADeviceOutput{}, nil
}

// ResyncMFADevice learns from two codes how far a device's clock is off.
func (s *Service) ResyncMFADevice(ctx context.Context, c *call.Call, in *awsiam.ResyncMFADeviceInput) (*awsiam.ResyncMFADeviceOutput, error) {
	c.Event.Set("serialNumber", aws.ToString(in.SerialNumber))
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := mfaHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		return iam.ResyncMFADevice(tx, c.Now, h, aws.ToString(in.SerialNumber), aws.ToString(in.AuthenticationCode1), aws.ToString(in.AuthenticationCode2))
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ResyncMFADeviceOutput{}, nil
}

// ListMFADevices lists the devices of a user, or of the caller.
func (s *Service) ListMFADevices(ctx context.Context, c *call.Call, in *awsiam.ListMFADevicesInput) (*awsiam.ListMFADevicesOutput, error) {
	want, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListMFADevicesOutput{MFADevices: []types.MFADevice{}}
	err = s.view(ctx, func(tx store.Tx) error {
		h, err := mfaHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		devices, err := tx.MFADevicesOf(h.Account, h.User.ID)
		if err != nil {
			return err
		}
		p := pageOf(devices, want, func(d iam.MFADevice) string { return d.Serial })
		out.Marker, out.IsTruncated = next(p.Next), p.Next != ""
		for _, d := range p.Items {
			out.MFADevices = append(out.MFADevices, types.MFADevice{
				UserName: userName(h), SerialNumber: aws.String(d.Serial), EnableDate: at(d.EnabledAt),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// GetMFADevice tells since when a user, or the caller, has a device. Passkeys and
// security keys have no certifications that we know of: their maker is not asked for.
func (s *Service) GetMFADevice(ctx context.Context, c *call.Call, in *awsiam.GetMFADeviceInput) (*awsiam.GetMFADeviceOutput, error) {
	out := &awsiam.GetMFADeviceOutput{SerialNumber: in.SerialNumber}
	err := s.view(ctx, func(tx store.Tx) error {
		h, err := mfaHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		d, err := iam.MFADeviceAssigned(tx, h, aws.ToString(in.SerialNumber))
		out.UserName, out.EnableDate = userName(h), at(d.EnabledAt)
		if d.Kind == iam.FIDO {
			out.Certifications = map[string]string{}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// TagMFADevice puts tags on a virtual device.
func (s *Service) TagMFADevice(ctx context.Context, c *call.Call, in *awsiam.TagMFADeviceInput) (*awsiam.TagMFADeviceOutput, error) {
	err := s.changeMFADevice(ctx, c, in.SerialNumber, func(d *iam.MFADevice) (err error) {
		d.Tags, err = iam.SetTags(d.Tags, tagsOf(in.Tags), false)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.TagMFADeviceOutput{}, nil
}

// UntagMFADevice takes tags off a virtual device.
func (s *Service) UntagMFADevice(ctx context.Context, c *call.Call, in *awsiam.UntagMFADeviceInput) (*awsiam.UntagMFADeviceOutput, error) {
	err := s.changeMFADevice(ctx, c, in.SerialNumber, func(d *iam.MFADevice) error {
		d.Tags = iam.UnsetTags(d.Tags, in.TagKeys, false)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.UntagMFADeviceOutput{}, nil
}

// changeMFADevice changes the virtual device that an operation names.
func (s *Service) changeMFADevice(ctx context.Context, c *call.Call, serial *string, change func(*iam.MFADevice) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		d, err := iam.MFADeviceOf(tx, c.Principal.Account, aws.ToString(serial))
		if err != nil {
			return err
		}
		if err := change(&d); err != nil {
			return err
		}
		return tx.PutMFADevice(d)
	})
}

// ListMFADeviceTags lists a device's tags in order of key.
func (s *Service) ListMFADeviceTags(ctx context.Context, c *call.Call, in *awsiam.ListMFADeviceTagsInput) (*awsiam.ListMFADeviceTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		d, err := iam.MFADeviceOf(tx, c.Principal.Account, aws.ToString(in.SerialNumber))
		return d.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListMFADeviceTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}
