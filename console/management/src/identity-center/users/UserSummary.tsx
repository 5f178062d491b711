import type { User } from '@aws-sdk/client-identitystore';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useConsole } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FailureAlert } from '../../ui/FailureAlert';
import { useIdentityCenter, type UserSecurity } from '../api';
import type { Instance } from '../enable/WithInstance';
import { userMessages } from './messages';
import { Status } from './Status';
import { emailOf } from './useUsers';
import { securityKey, timeOf, useSecurity } from './useSecurity';

/** Who the person is to the directory, and how they sign in (G-30). */
export function UserSummary({ instance, user }: { instance: Instance; user: User }) {
  const t = useMessages(userMessages);
  const format = useFormat();
  const { UserId: id = '', UserName, UserStatus, CreatedAt, CreatedBy } = user;
  const security = useSecurity(instance, id);
  const items: KeyValuePairsProps.Item[] = [
    { label: t.userName, value: <span className="long-words">{UserName}</span> },
    { label: t.displayName, value: <span className="long-words">{user.DisplayName || '–'}</span> },
    { label: t.status, value: <Status status={UserStatus} /> },
    { label: t.email, value: <Email instance={instance} user={user} security={security.data} /> },
    ...(security.data
      ? [
          { label: t.password, value: <Password instance={instance} user={user} security={security.data} /> },
          { label: t.mfaDevices, value: String(security.data.MfaDeviceCount) },
          { label: t.lastSignIn, value: <LastSignIn at={timeOf(security.data.LastSignInAt)} /> },
        ]
      : []),
    { label: t.created, value: format.dateTime(CreatedAt) },
    { label: t.createdBy, value: <span className="long-words">{CreatedBy || '–'}</span> },
    { label: t.id, value: <CopyValue label={t.id} text={id} /> },
  ];
  return (
    <Container header={<Header variant="h2">{t.summary}</Header>}>
      <SpaceBetween size="m">
        <KeyValuePairs columns={3} minColumnWidth={220} items={items} />
        {security.error && <FailureAlert error={security.error} onRetry={() => void security.refetch()} />}
      </SpaceBetween>
    </Container>
  );
}

function LastSignIn({ at }: { at: Date | undefined }) {
  const t = useMessages(userMessages);
  const format = useFormat();
  return <span title={format.dateTime(at, '')}>{format.ago(at, t.never)}</span>;
}

interface PartProps {
  instance: Instance;
  user: User;
}

/** Sends something to the person's address, and says so. */
function Send({ instance, user, operation, text, done }: PartProps & { operation: 'InviteUser' | 'SendEmailVerification'; text: string; done: (email: string) => string }) {
  const all = useMessages(userMessages);
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const [running, setRunning] = useState(false);
  const { UserId: id = '', UserStatus } = user;
  const send = async () => {
    setRunning(true);
    try {
      await call(operation, { InstanceArn: instance.arn, UserId: id });
      notify({ type: 'success', content: done(emailOf(user)) });
      await queries.invalidateQueries({ queryKey: securityKey(instance, id) });
    } catch (error) {
      notify({ type: 'error', content: <FailureAlert error={error} /> });
    }
    setRunning(false);
  };
  return (
    <Button variant="inline-link" loading={running} disabled={UserStatus === 'DISABLED'} disabledReason={all.isDisabled} onClick={() => void send()}>
      {text}
    </Button>
  );
}

function Email({ instance, user, security }: PartProps & { security: UserSecurity | undefined }) {
  const t = useMessages(userMessages);
  const format = useFormat();
  const email = emailOf(user);
  if (!email) return <>–</>;
  return (
    <div>
      <div className="long-words">{email}</div>
      {security?.EmailVerified === true && <StatusIndicator type="success">{t.verified}</StatusIndicator>}
      {security?.EmailVerified === false && (
        <>
          <StatusIndicator type="pending">{t.unverified}</StatusIndicator>
          <div>
            <Send instance={instance} user={user} operation="SendEmailVerification" text={t.verify} done={t.verifySent} />
          </div>
          {security.EmailVerificationSentAt && (
            <Box color="text-body-secondary" fontSize="body-s">
              {t.verificationSent(format.ago(timeOf(security.EmailVerificationSentAt)))}
            </Box>
          )}
        </>
      )}
    </div>
  );
}

function Password({ instance, user, security }: PartProps & { security: UserSecurity }) {
  const t = useMessages(userMessages);
  const format = useFormat();
  const { now } = useConsole();
  const { PasswordState: state } = security;
  const expires = timeOf(security.InvitationExpiresAt ?? security.OneTimePasswordExpiresAt);
  const over = expires !== undefined && expires.getTime() <= now();
  const lasts = state === 'INVITED' ? (over ? t.invitationOver : t.invitedUntil) : over ? t.oneTimeOver : t.oneTimeUntil;
  const waiting = state === 'NONE' || state === 'INVITED';
  return (
    <div>
      <StatusIndicator type={state === 'SET' ? 'success' : over ? 'warning' : 'pending'}>{t.passwords[state]}</StatusIndicator>
      {expires && (
        <Box color="text-body-secondary" fontSize="body-s">
          {lasts(format.dateTime(expires))}
        </Box>
      )}
      {waiting && emailOf(user) && (
        <div>
          <Send instance={instance} user={user} operation="InviteUser" text={state === 'INVITED' ? t.inviteAgain : t.invite} done={t.invited} />
        </div>
      )}
    </div>
  );
}
