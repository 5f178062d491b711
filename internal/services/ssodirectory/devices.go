package ssodirectory

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/store"
)

// ListMfaDevices lists a person's devices, oldest first.
func (s *Service) ListMfaDevices(ctx context.Context, c *call.Call, in *ListMfaDevicesInput) (*ListMfaDevicesOutput, error) {
	out := &ListMfaDevicesOutput{}
	err := s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		u, err := person(tx, inst, in.UserId)
		if err != nil {
			return err
		}
		devices, err := mfa.Devices(tx, u)
		out.Devices = make([]MfaDevice, 0, len(devices))
		for _, d := range devices {
			out.Devices = append(out.Devices, MfaDevice{
				DeviceId: aws.String(d.ID), Name: aws.String(d.Name), Type: MfaType(d.Kind), CreatedAt: wireTime(d.CreatedAt), LastUsedAt: wireTime(d.LastUsedAt),
			})
		}
		return err
	})
	return out, err
}

// RenameMfaDevice calls a device something else.
func (s *Service) RenameMfaDevice(ctx context.Context, c *call.Call, in *RenameMfaDeviceInput) (*RenameMfaDeviceOutput, error) {
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, _ access.Instance, u directory.User) error {
		return mfa.Rename(tx, u, aws.ToString(in.DeviceId), strings.TrimSpace(aws.ToString(in.Name)))
	})
	return &RenameMfaDeviceOutput{}, err
}

// DeleteMfaDevice takes a device from a person, which is good no more at once, and the
// trust in all of that person's browsers.
func (s *Service) DeleteMfaDevice(ctx context.Context, c *call.Call, in *DeleteMfaDeviceInput) (*DeleteMfaDeviceOutput, error) {
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, _ access.Instance, u directory.User) error {
		d, err := mfa.Delete(tx, u, aws.ToString(in.DeviceId))
		if err != nil {
			return err
		}
		c.Event.Set("deviceType", string(d.Kind))
		return s.Letters.DeviceRemoved(tx, u, d.Name, c.Now)
	})
	return &DeleteMfaDeviceOutput{}, err
}

// StartTotpDevice draws the seed of an authenticator app that the person will have.
// Nothing is kept of it until CompleteTotpDevice.
func (s *Service) StartTotpDevice(ctx context.Context, c *call.Call, in *StartTotpDeviceInput) (*StartTotpDeviceOutput, error) {
	var out *StartTotpDeviceOutput
	err := s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		u, err := person(tx, inst, in.UserId)
		if err != nil {
			return err
		}
		if err := u.Enabled(); err != nil {
			return err
		}
		have, err := mfa.Devices(tx, u)
		if err != nil {
			return err
		}
		if err := have.MayAdd(inst.MFA, access.TOTP); err != nil {
			return err
		}
		e, err := mfa.StartTOTP(s.Ring, u, c.Now)
		if err != nil {
			return err
		}
		out = &StartTotpDeviceOutput{
			Registration: aws.String(e.Registration.Reveal()), Secret: aws.String(e.Seed.Reveal()), OtpauthUrl: aws.String(e.URL.Reveal()),
			QrCodePng: aws.String(base64.StdEncoding.EncodeToString(e.QR)),
		}
		return nil
	})
	return out, err
}

// CompleteTotpDevice gives the person the app, once it has shown a code, and tells the
// person by mail, as does DeleteMfaDevice.
func (s *Service) CompleteTotpDevice(ctx context.Context, c *call.Call, in *CompleteTotpDeviceInput) (*CompleteTotpDeviceOutput, error) {
	var d mfa.Device
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, inst access.Instance, u directory.User) (err error) {
		code := strings.ReplaceAll(aws.ToString(in.Code), " ", "")
		d, err = mfa.CompleteTOTP(tx, s.Ring, inst.MFA, u, aws.ToString(in.Registration), code, strings.TrimSpace(aws.ToString(in.Name)), c.Now)
		if fault.Is(err, fault.Denied) { // who calls may do this; the code is no code of the app
			return fault.New(fault.Invalid, fault.ReasonOf(err), "The code is not one that the authenticator app shows.").Wrap(err)
		}
		if err != nil {
			return err
		}
		return s.Letters.DeviceAdded(tx, u, d.Name, c.Now)
	})
	if err != nil {
		return nil, err
	}
	return &CompleteTotpDeviceOutput{DeviceId: aws.String(d.ID)}, nil
}
