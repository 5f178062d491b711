/**
 * A client of `/api/_identity-center/`: what AWS's console does for a directory by APIs that
 * are not public. Each operation takes one object and answers one, as the SDK's do; times
 * are RFC 3339. Failures are told by `failure.ts` like those of the SDK.
 */
import { useMemo } from 'react';
import { useOwnApi } from '../sdk/ownApi';

export interface MfaSettings {
  /** When a sign-in asks for a second factor (G-52). */
  Prompt: 'CONTEXT_AWARE' | 'ALWAYS_ON' | 'DISABLED';
  Types: ('WEBAUTHN' | 'TOTP')[];
  /** What happens to a person who has no device yet. */
  NoDevice: 'REQUIRE_REGISTRATION' | 'EMAIL_OTP' | 'BLOCK' | 'ALLOW';
  /** People may add and manage their own devices. */
  SelfService: boolean;
}

export interface DirectorySettings {
  PortalUrl: string;
  /** '' until it is set, which can be done once. */
  Subdomain: string;
  /** 15 to 129,600. */
  PortalSessionMinutes: number;
  Mfa: MfaSettings;
  /** People created by API are sent a code when they first sign in. */
  EmailOtpForApiUsers: boolean;
  IdentitySource: 'IDENTITY_CENTER' | 'ACTIVE_DIRECTORY' | 'EXTERNAL_IDP';
}

export interface UserSecurity {
  PasswordState: 'NONE' | 'INVITED' | 'ONE_TIME' | 'SET';
  InvitationExpiresAt?: string;
  /** Of the state ONE_TIME. */
  OneTimePasswordExpiresAt?: string;
  EmailVerified: boolean;
  EmailVerificationSentAt?: string;
  MfaDeviceCount: number;
  LastSignInAt?: string;
}

export interface UserSession {
  SessionId: string;
  CreatedAt: string;
  ExpiresAt: string;
  SourceIp: string;
  UserAgent: string;
  Kind: string;
}

export interface MfaDevice {
  DeviceId: string;
  Name: string;
  Type: 'WEBAUTHN' | 'TOTP';
  CreatedAt: string;
  LastUsedAt?: string;
}

export interface RoleQuota {
  AccountId: string;
  Roles: number;
  Limit: number;
}

/** A person as lists show them; `UserStatus` as identitystore has it. */
export interface FoundUser {
  UserId: string;
  UserName: string;
  DisplayName: string;
  /** The primary address; '' for none. */
  Email: string;
  Status: 'ENABLED' | 'DISABLED';
}

export interface FoundGroup {
  GroupId: string;
  DisplayName: string;
  Description: string;
}

interface OfInstance {
  InstanceArn: string;
}

interface OfUser extends OfInstance {
  UserId: string;
}

/** '' finds all; otherwise what begins so, ignoring case. */
interface ByPrefix extends OfInstance {
  Prefix: string;
  NextToken?: string;
}

interface OfDevice extends OfUser {
  DeviceId: string;
}

type Nothing = Record<string, never>;

/** Every operation's input and output. */
export interface Operations {
  DescribeDirectorySettings: [OfInstance, DirectorySettings];
  UpdateMfaSettings: [OfInstance & { Mfa: MfaSettings }, Nothing];
  UpdatePortalSession: [OfInstance & { Minutes: number }, Nothing];
  SetPortalSubdomain: [OfInstance & { Subdomain: string }, Nothing];
  UpdateEmailOtp: [OfInstance & { Enabled: boolean }, Nothing];
  /** By user name, e-mail address or display name. */
  SearchUsers: [ByPrefix, { Users: FoundUser[]; NextToken?: string }];
  SearchGroups: [ByPrefix, { Groups: FoundGroup[]; NextToken?: string }];
  DescribeUserSecurity: [OfUser, UserSecurity];
  InviteUser: [OfUser, Nothing];
  GenerateOneTimePassword: [OfUser, { OneTimePassword: string; PortalUrl: string; UserName: string }];
  SendPasswordReset: [OfUser, Nothing];
  SendEmailVerification: [OfUser, Nothing];
  SetUserStatus: [OfUser & { Status: 'ENABLED' | 'DISABLED' }, Nothing];
  ListUserSessions: [OfUser & { NextToken?: string }, { Sessions: UserSession[]; NextToken?: string }];
  EndUserSessions: [OfUser & { SessionIds: string[] }, Nothing];
  ListMfaDevices: [OfUser, { Devices: MfaDevice[] }];
  RenameMfaDevice: [OfDevice & { Name: string }, Nothing];
  DeleteMfaDevice: [OfDevice, Nothing];
  /** `QrCodePng` is base64. */
  StartTotpDevice: [OfUser, { Registration: string; Secret: string; OtpauthUrl: string; QrCodePng: string }];
  CompleteTotpDevice: [OfUser & { Registration: string; Code: string; Name: string }, { DeviceId: string }];
  /** Of at most 20 accounts (G-50, Q-19). */
  DescribeRoleQuotas: [OfInstance & { AccountIds: string[] }, { Accounts: RoleQuota[] }];
}

export type IdentityCenter = <Op extends keyof Operations>(operation: Op, input: Operations[Op][0], signal?: AbortSignal) => Promise<Operations[Op][1]>;

/** `const call = useIdentityCenter(); await call('InviteUser', { InstanceArn, UserId })`. */
export function useIdentityCenter(): IdentityCenter {
  const ask = useOwnApi();
  return useMemo(
    (): IdentityCenter =>
      async <Op extends keyof Operations>(operation: Op, input: Operations[Op][0], signal?: AbortSignal) =>
        (await ask(`_identity-center/${operation}`, input, signal)) as Operations[Op][1],
    [ask],
  );
}
