import { CreateGroupCommand } from '@aws-sdk/client-identitystore';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { messages as uiMessages } from '../../ui/messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { mapPool } from '../access/pool';
import type { FoundUser } from '../api';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { UserPicker } from '../users/UserPicker';
import { GroupFields, groupFaults, isTaken } from './GroupFields';
import { join } from './join';
import { groupMessages } from './messages';
import { groupHref, groupsKey } from './useGroups';

export function Component() {
  const all = useMessages(peopleMessages);
  const t = useMessages(groupMessages);
  usePageTitle(t.create, { breadcrumbs: [{ text: all.groups, href: '/singlesignon/groups' }] });
  return <WithInstance title={t.create}>{(instance) => <CreateGroup instance={instance} />}</WithInstance>;
}

function CreateGroup({ instance }: { instance: Instance }) {
  const t = useMessages(groupMessages);
  const common = useMessages(uiMessages).common;
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const [values, setValues] = useState({ name: '', description: '' });
  const [users, setUsers] = useState<FoundUser[]>([]);
  const [tried, setTried] = useState(0);
  const [taken, setTaken] = useState('');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLDivElement>(null);

  // A refused form takes the keyboard to the first field that has to be mended.
  useEffect(() => {
    if (tried > 0) page.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [tried]);

  const create = async (event: FormEvent) => {
    event.preventDefault();
    const { name, description } = groupFaults(values);
    if (name || description) {
      setTried((n) => n + 1);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const client = await identityStore();
      const DisplayName = values.name.trim();
      const { GroupId = '' } = await client.send(
        new CreateGroupCommand({ IdentityStoreId: instance.directory, DisplayName, ...(values.description.trim() && { Description: values.description.trim() }) }),
      );
      const failed = (await mapPool(users, (user) => join(client, instance, GroupId, user.UserId).then(() => '', (error: unknown) => `${user.UserName}: ${String(error)}`))).filter(Boolean);
      if (failed.length === 0) notify({ type: 'success', content: t.made(DisplayName) });
      else notify({ type: 'warning', header: t.partly(DisplayName, failed.length), content: failed.slice(0, 5).join(' · ') });
      await queries.invalidateQueries({ queryKey: groupsKey(instance) });
      void navigate(groupHref(GroupId));
    } catch (error) {
      if (isTaken(error)) {
        setTaken(values.name);
        setTried((n) => n + 1);
      } else {
        setFailure(error);
      }
      setRunning(false);
    }
  };

  return (
    <div ref={page}>
      <form noValidate onSubmit={(event) => void create(event)}>
        <Form
          header={<Header variant="h1">{t.create}</Header>}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" href="/singlesignon/groups">
                {common.cancel}
              </Button>
              <Button variant="primary" loading={running}>
                {t.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            {failure !== null && <FailureAlert error={failure} />}
            <Container header={<Header variant="h2">{t.details}</Header>}>
              <SpaceBetween size="l">
                <GroupFields values={values} onChange={setValues} tried={tried > 0} taken={taken} />
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2" description={t.optional}>{t.addToNew}</Header>}>
              <UserPicker instance={instance} selected={users} onSelect={setUsers} />
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </div>
  );
}
