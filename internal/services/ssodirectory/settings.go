package ssodirectory

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// DescribeDirectorySettings tells what the instance asks of its people.
func (s *Service) DescribeDirectorySettings(ctx context.Context, c *call.Call, in *DescribeDirectorySettingsInput) (*DescribeDirectorySettingsOutput, error) {
	var inst access.Instance
	err := s.view(ctx, c, in.InstanceArn, func(_ store.Tx, i access.Instance) error { inst = i; return nil })
	if err != nil {
		return nil, err
	}
	mfa := &MfaSettings{Prompt: Prompt(inst.MFA.Prompt), NoDevice: NoDevice(inst.MFA.NoDevice), SelfService: inst.MFA.SelfService}
	for _, t := range inst.MFA.Types {
		mfa.Types = append(mfa.Types, MfaType(t))
	}
	return &DescribeDirectorySettingsOutput{
		PortalUrl: aws.String(s.PortalURL(inst.PortalName())), Subdomain: aws.String(inst.Subdomain),
		PortalSessionMinutes: int32(inst.SessionDuration / time.Minute), Mfa: mfa, EmailOtpForApiUsers: inst.EmailOTP, IdentitySource: "IDENTITY_CENTER",
	}, nil
}

// UpdateMfaSettings sets when a second factor is asked for, and of which kinds (G-52).
func (s *Service) UpdateMfaSettings(ctx context.Context, c *call.Call, in *UpdateMfaSettingsInput) (*UpdateMfaSettingsOutput, error) {
	mfa := access.MFA{Prompt: access.Prompt(in.Mfa.Prompt), NoDevice: access.NoDevice(in.Mfa.NoDevice), SelfService: in.Mfa.SelfService}
	for _, t := range []access.MFAType{access.WebAuthn, access.TOTP} { // in this order, each once
		if slices.Contains(in.Mfa.Types, MfaType(t)) {
			mfa.Types = append(mfa.Types, t)
		}
	}
	err := s.update(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		inst.MFA = mfa
		return tx.PutInstance(inst)
	})
	return &UpdateMfaSettingsOutput{}, err
}

// UpdatePortalSession sets how long a sign-in at the portal lasts (G-56). Sessions
// that there are keep their time.
func (s *Service) UpdatePortalSession(ctx context.Context, c *call.Call, in *UpdatePortalSessionInput) (*UpdatePortalSessionOutput, error) {
	err := s.update(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		inst.SessionDuration = time.Duration(in.Minutes) * time.Minute
		if err := inst.Validate(); err != nil {
			return err
		}
		return tx.PutInstance(inst)
	})
	return &UpdatePortalSessionOutput{}, err
}

// SetPortalSubdomain gives the portal a name of its own, once (D-04, G-59).
func (s *Service) SetPortalSubdomain(ctx context.Context, c *call.Call, in *SetPortalSubdomainInput) (*SetPortalSubdomainOutput, error) {
	err := s.update(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		if inst.Subdomain != "" {
			return fault.New(fault.Conflict, "subdomain-set", "The portal is called %s already. The name cannot be changed.", inst.Subdomain)
		}
		inst.Subdomain = aws.ToString(in.Subdomain)
		if err := inst.Validate(); err != nil {
			return err
		}
		if taken, err := tx.InstanceByName(inst.Subdomain); err == nil && taken.ID != inst.ID {
			return fault.New(fault.Conflict, "subdomain-taken", "The portal name %q is taken.", inst.Subdomain)
		} else if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		return tx.PutInstance(inst)
	})
	return &SetPortalSubdomainOutput{}, err
}

// UpdateEmailOtp says whether people who were made by API are mailed a code when
// they first sign in.
func (s *Service) UpdateEmailOtp(ctx context.Context, c *call.Call, in *UpdateEmailOtpInput) (*UpdateEmailOtpOutput, error) {
	err := s.update(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		inst.EmailOTP = in.Enabled
		return tx.PutInstance(inst)
	})
	return &UpdateEmailOtpOutput{}, err
}

// DescribeRoleQuotas tells how close accounts of the organization are to their quota
// of roles (G-50, Q-19). Accounts that are not its are left out.
func (s *Service) DescribeRoleQuotas(ctx context.Context, c *call.Call, in *DescribeRoleQuotasInput) (*DescribeRoleQuotasOutput, error) {
	out := &DescribeRoleQuotasOutput{}
	err := s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		out.Accounts = make([]RoleQuota, 0, len(in.AccountIds))
		for _, id := range in.AccountIds {
			a, err := tx.Account(id)
			if fault.Is(err, fault.NotFound) || err == nil && (a.Standalone() || a.Organization != inst.Organization) {
				continue
			}
			if err != nil {
				return err
			}
			have, err := tx.IAMCount(id, iam.Roles)
			if err != nil {
				return err
			}
			limit, err := iam.Quota(tx, id, iam.Roles)
			if err != nil {
				return err
			}
			out.Accounts = append(out.Accounts, RoleQuota{AccountId: aws.String(id), Roles: int32(have), Limit: int32(limit)})
		}
		return nil
	})
	return out, err
}
