import { UpdateUserCommand, type User } from '@aws-sdk/client-identitystore';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FormModal } from '../../ui/FormModal';
import type { Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { userMessages } from './messages';
import { faultsOf, operations, optionalGroups, profileOf, type Profile as ProfileValues } from './profile';
import { OptionalFields, PrimaryFields } from './ProfileFields';
import { takenField } from './refusal';
import { securityKey } from './useSecurity';
import { emailOf, userKey, usersKey } from './useUsers';

/** Every attribute of a person, and the form in which they are changed. */
export function Profile({ instance, user }: { instance: Instance; user: User }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(userMessages);
  const [editing, setEditing] = useState(false);
  const profile = profileOf(user);
  const sections = { primary: ['givenName', 'familyName', 'displayName', 'email'], ...optionalGroups } as const;
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Button disabled={user.UserStatus === 'DISABLED'} disabledReason={t.isDisabled} onClick={() => setEditing(true)}>
                {all.edit}
              </Button>
            }
          >
            {t.tabs.profile}
          </Header>
        }
      >
        <SpaceBetween size="l">
          {(Object.keys(sections) as (keyof typeof sections)[]).map((section) => (
            <SpaceBetween key={section} size="xs">
              <Header variant="h3">{t.groupsOfFields[section]}</Header>
              <KeyValuePairs
                columns={3}
                minColumnWidth={200}
                items={sections[section].map((key) => ({ label: t.fields[key], value: <span className="long-words">{profile[key] || '–'}</span> }))}
              />
            </SpaceBetween>
          ))}
        </SpaceBetween>
      </Container>
      {editing && <EditProfile instance={instance} user={user} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditProfile({ instance, user, onClose }: { instance: Instance; user: User; onClose: () => void }) {
  const t = useMessages(userMessages);
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [profile, setProfile] = useState<ProfileValues>(() => profileOf(user));
  const [tried, setTried] = useState(false);
  const [taken, setTaken] = useState('');
  const faults = faultsOf(profile);
  // Whom the API made without an address may go on without.
  if (faults.email === 'needed' && emailOf(user) === '') delete faults.email;
  const refused = taken === profile.email ? { email: t.taken.email } : {};
  const { UserId: id = '', UserName: name = '' } = user;

  const save = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0) return false;
    const Operations = operations(user, profile);
    if (Operations.length > 0) {
      try {
        await (await identityStore()).send(new UpdateUserCommand({ IdentityStoreId: instance.directory, UserId: id, Operations }));
      } catch (error) {
        if (takenField(error) !== 'email') throw error;
        setTaken(profile.email);
        return false;
      }
      const readdressed = Operations.some(({ AttributePath }) => AttributePath === 'emails');
      notify({ type: 'success', content: readdressed ? `${t.saved} ${t.emailChanged}` : t.saved });
      await Promise.all([userKey(instance, id), usersKey(instance), securityKey(instance, id)].map((queryKey) => queries.invalidateQueries({ queryKey })));
    }
    onClose();
    return undefined;
  };

  const fields = { profile, faults: tried ? faults : {}, refused, onChange: (change: Partial<ProfileValues>) => setProfile((now) => ({ ...now, ...change })) };
  return (
    <FormModal title={t.editTitle(name)} size="large" onSubmit={save} onClose={onClose}>
      <PrimaryFields isNew={false} {...fields} />
      <OptionalFields {...fields} />
    </FormModal>
  );
}
