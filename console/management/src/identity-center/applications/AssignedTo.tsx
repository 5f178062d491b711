import {
  CreateApplicationAssignmentCommand,
  DeleteApplicationAssignmentCommand,
  GetApplicationAssignmentConfigurationCommand,
  ListApplicationAssignmentsCommand,
  PutApplicationAssignmentConfigurationCommand,
} from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { useList } from '../../ui/useList';
import type { Instance } from '../enable/WithInstance';
import { mapPool } from '../access/pool';
import { PrincipalPicker } from '../access/PrincipalPicker';
import { principalHref, principalKey, usePrincipalNames, type Principal } from '../access/principals';
import { accessMessages } from '../accessMessages';
import { AssignmentChoice } from './ApplicationFields';
import { applicationMessages } from './messages';

interface Props {
  instance: Instance;
  arn: string;
}

/** Who can use the application: those who are assigned, or everybody. */
export function AssignedTo(props: Props) {
  return (
    <SpaceBetween size="l">
      <Requirement {...props} />
      <Assigned {...props} />
    </SpaceBetween>
  );
}

function Requirement({ arn }: Props) {
  const words = useMessages(applicationMessages);
  const t = words.page;
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const [edited, setEdited] = useState<boolean | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'assignment-required', arn],
    queryFn: async ({ signal }) => (await (await ssoAdmin()).send(new GetApplicationAssignmentConfigurationCommand({ ApplicationArn: arn }), { abortSignal: signal })).AssignmentRequired ?? true,
  });
  const save = async () => {
    await (await ssoAdmin()).send(new PutApplicationAssignmentConfigurationCommand({ ApplicationArn: arn, AssignmentRequired: edited ?? true }));
    notify({ type: 'success', content: t.saved });
    await refetch();
    setEdited(null);
  };
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Button disabled={data === undefined} onClick={() => setEdited(data ?? true)}>
                {t.editAccess}
              </Button>
            }
          >
            {words.create.assignment}
          </Header>
        }
      >
        {data === undefined ? <Spinner /> : data ? words.fields.requiredText : <Alert type="info">{t.openText}</Alert>}
      </Container>
      {edited !== null && (
        <FormModal title={t.editAccess} onSubmit={save} onClose={() => setEdited(null)}>
          <AssignmentChoice required={edited} onChange={setEdited} />
        </FormModal>
      )}
    </>
  );
}

function Assigned({ instance, arn }: Props) {
  const words = useMessages(accessMessages);
  const t = useMessages(applicationMessages).page;
  const queries = useQueryClient();
  const notify = useNotify();
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const name = usePrincipalNames(instance);
  const [selected, setSelected] = useState<Principal[]>([]);
  const [chosen, setChosen] = useState<Principal[] | null>(null);
  const queryKey = ['sso-admin', 'application-assignments', arn];
  const list = useList<Principal>(queryKey, async (NextToken, abortSignal) => {
    const page = await (await ssoAdmin()).send(new ListApplicationAssignmentsCommand({ ApplicationArn: arn, NextToken, MaxResults: 100 }), { abortSignal });
    return { items: await mapPool(page.ApplicationAssignments ?? [], ({ PrincipalType = 'USER', PrincipalId = '' }) => name(PrincipalType, PrincipalId)), marker: page.NextToken || undefined };
  });
  const refresh = () => queries.invalidateQueries({ queryKey });
  const each = async (principals: readonly Principal[], assigns: boolean) => {
    const client = await ssoAdmin();
    try {
      await mapPool(principals, ({ type, id }): Promise<unknown> => {
        const input = { ApplicationArn: arn, PrincipalType: type, PrincipalId: id };
        return assigns ? client.send(new CreateApplicationAssignmentCommand(input)) : client.send(new DeleteApplicationAssignmentCommand(input));
      });
    } finally {
      // Also when one failed: those before it are done.
      await refresh();
    }
  };
  const assign = async () => {
    await each(chosen ?? [], true);
    notify({ type: 'success', content: t.assignedNotice(chosen?.length ?? 0) });
    setChosen(null);
  };
  const unassign = () =>
    ask({
      title: t.unassignTitle(selected.length),
      text: t.unassignText,
      button: t.unassign,
      reversible: true,
      onConfirm: async () => {
        await each(selected, false);
        setSelected([]);
      },
    });
  return (
    <>
      <EntityTable<Principal>
        variant="container"
        list={list}
        title={t.assigned}
        description={t.assignedText}
        trackBy={principalKey}
        text={(p) => `${p.name} ${p.detail}`}
        empty={t.noneAssigned}
        selection={{ selected, onSelect: setSelected, label: (p) => words.principal.select(p.name) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={unassign}>
              {t.unassign}
            </Button>
            <Button variant="primary" onClick={() => setChosen([])}>
              {t.assign}
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: words.name,
            isRowHeader: true,
            sortingField: 'name',
            minWidth: 180,
            cell: (p) => (
              <Link href={principalHref(p)}>
                <span className="long-words">{p.name}</span>
              </Link>
            ),
          },
          { id: 'type', header: words.type, cell: ({ type }) => words.principal[type] },
          { id: 'detail', header: words.description, cell: ({ detail }) => <span className="long-words">{detail || '–'}</span> },
        ]}
      />
      {dialog}
      {chosen && (
        <FormModal title={t.assign} submit={t.assignSubmit} size="large" disabled={chosen.length === 0} onSubmit={assign} onClose={() => setChosen(null)}>
          <PrincipalPicker instance={instance} selected={chosen} onSelect={setChosen} />
        </FormModal>
      )}
    </>
  );
}
