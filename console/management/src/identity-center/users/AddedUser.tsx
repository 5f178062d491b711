import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useIdentityCenter } from '../api';
import type { Instance } from '../enable/WithInstance';
import { finish, type Added } from './addUser';
import { userMessages } from './messages';
import { OneTimePassword } from './OneTimePassword';
import { userHref } from './useUsers';

/** After a user was added: the one-time password to pass on, and what is still missing. */
export function AddedUser({ instance, added, onChange }: { instance: Instance; added: Added; onChange: (added: Added) => void }) {
  const all = useMessages(userMessages);
  const t = all.wizard;
  const { identityStore } = useClients();
  const call = useIdentityCenter();
  const [running, setRunning] = useState(false);
  const [closed, setClosed] = useState(false);
  const { userId, wanted, issued, missing } = added;
  const name = wanted.profile.userName;

  const retry = async () => {
    setRunning(true);
    onChange(await finish(await identityStore(), call, instance, added));
    setRunning(false);
  };

  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      {missing.length > 0 ? (
        <Alert
          type="warning"
          header={t.partly(name)}
          action={
            <Button loading={running} onClick={() => void retry()}>
              {t.retry}
            </Button>
          }
        >
          <ul className="plain-list">
            {missing.map(({ part, error }) => (
              <li key={part.kind === 'group' ? part.group.GroupId : part.kind} className="long-words">
                {t.parts[part.kind]} {part.kind === 'group' && part.group.DisplayName}: {error instanceof Error ? error.message : errorCode(error)}
              </li>
            ))}
          </ul>
        </Alert>
      ) : (
        <Alert type="success">{t.added(name)}</Alert>
      )}
      <Box>
        <SpaceBetween direction="horizontal" size="xs">
          <Button href="/singlesignon/users">{t.done}</Button>
          <Button href="/singlesignon/accounts">{t.assign}</Button>
          <Button variant="primary" href={userHref(userId)}>
            {t.view}
          </Button>
        </SpaceBetween>
      </Box>
      {issued && !closed && <OneTimePassword issued={issued} onClose={() => setClosed(true)} />}
    </SpaceBetween>
  );
}
