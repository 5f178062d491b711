import { AcceptHandshakeCommand, CancelHandshakeCommand, DeclineHandshakeCommand, type Handshake } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FailureAlert } from '../../ui/FailureAlert';
import { wholeList } from '../../ui/useList';
import { recipientOf, resourceOf, useHandshakes } from '../handshakes';
import { messages } from '../messages';
import { useChanged, useIsManagement, useOrganization } from '../organization';
import { paths } from '../paths';
import { invitationsMessages } from './messages';

/** Invitations: those of the organization to others; for other accounts, those that they received. */
export function Component() {
  const t = useMessages(invitationsMessages);
  usePageTitle(t.title);
  const { data, error, refetch } = useOrganization();
  const management = useIsManagement(data);
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      {management && <Sent />}
      <Received optional={management} />
    </SpaceBetween>
  );
}

const looks: Record<string, StatusIndicatorProps.Type> = { OPEN: 'pending', REQUESTED: 'pending', ACCEPTED: 'success', DECLINED: 'stopped', CANCELED: 'stopped', EXPIRED: 'stopped' };

function State({ state }: { state: Handshake['State'] }) {
  const t = useMessages(invitationsMessages);
  return state && <StatusIndicator type={looks[state] ?? 'info'}>{t.states[state]}</StatusIndicator>;
}

const isOpen = ({ State: state }: Handshake) => state === 'OPEN' || state === 'REQUESTED';

function Sent() {
  const all = useMessages(messages);
  const t = useMessages(invitationsMessages);
  const format = useFormat();
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const query = useHandshakes('sent');
  const cancel = (handshake: Handshake) =>
    ask({
      title: t.cancelTitle(recipientOf(handshake)),
      text: t.cancelText,
      button: t.cancel,
      reversible: true,
      onConfirm: async () => {
        await (await organizations()).send(new CancelHandshakeCommand({ HandshakeId: handshake.Id }));
        notify({ type: 'success', content: t.canceled });
        await changed();
      },
    });
  return (
    <>
      <EntityTable<Handshake>
        variant="container"
        list={wholeList(query)}
        title={t.sent}
        description={t.sentText}
        trackBy={({ Id = '' }) => Id}
        text={(handshake) => `${recipientOf(handshake)} ${handshake.Id ?? ''}`}
        actions={<Button href={paths.invite}>{t.invite}</Button>}
        empty={t.noneSent}
        columns={[
          { id: 'to', header: t.to, isRowHeader: true, minWidth: 170, cell: (handshake) => <span className="long-words">{recipientOf(handshake) || all.none}</span> },
          { id: 'kind', header: t.kind, cell: ({ Action = '' as never }) => t.kinds[Action] ?? Action },
          { id: 'state', header: t.state, cell: ({ State: state }) => <State state={state} /> },
          { id: 'requested', header: t.requested, cell: ({ RequestedTimestamp }) => format.dateTime(RequestedTimestamp) },
          { id: 'expires', header: t.expires, cell: ({ ExpirationTimestamp }) => format.dateTime(ExpirationTimestamp) },
          {
            id: 'actions',
            header: t.actions,
            cell: (handshake) =>
              isOpen(handshake) && (
                <Button variant="inline-link" ariaLabel={`${t.cancel}: ${recipientOf(handshake)}`} onClick={() => cancel(handshake)}>
                  {t.cancel}
                </Button>
              ),
          },
        ]}
      />
      {dialog}
    </>
  );
}

/** The invitations that the account received; where they are optional, none are not mentioned. */
function Received({ optional }: { optional: boolean }) {
  const all = useMessages(messages);
  const t = useMessages(invitationsMessages);
  const format = useFormat();
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const query = useHandshakes('received');

  const answer = (handshake: Handshake, accept: boolean) => {
    const accepting = t.accepting[handshake.Action ?? ''] ?? t.acceptingFeatures;
    ask({
      title: accept ? accepting.title : t.declineTitle,
      text: accept ? accepting.text : t.declineText,
      button: accept ? t.accept : t.decline,
      reversible: true,
      onConfirm: async () => {
        const client = await organizations();
        const input = { HandshakeId: handshake.Id };
        await (accept ? client.send(new AcceptHandshakeCommand(input)) : client.send(new DeclineHandshakeCommand(input)));
        notify({ type: 'success', content: accept ? t.accepted : t.declined });
        await changed();
      },
    });
  };

  if (optional && !query.error && (query.data ?? []).length === 0) return null;
  return (
    <>
      <EntityTable<Handshake>
        variant="container"
        list={wholeList(query)}
        title={t.received}
        description={t.receivedText}
        trackBy={({ Id = '' }) => Id}
        text={(handshake) => `${handshake.Id ?? ''} ${organizationOf(handshake)}`}
        empty={t.noneReceived}
        columns={[
          { id: 'organization', header: t.organization, isRowHeader: true, cell: (handshake) => organizationOf(handshake) },
          // Next to the name, where narrow windows show it: it is what one comes for.
          {
            id: 'actions',
            header: t.actions,
            cell: (handshake) =>
              isOpen(handshake) && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button variant="inline-link" ariaLabel={`${t.accept}: ${organizationOf(handshake)}`} onClick={() => answer(handshake, true)}>
                    {t.accept}
                  </Button>
                  <Button variant="inline-link" ariaLabel={`${t.decline}: ${organizationOf(handshake)}`} onClick={() => answer(handshake, false)}>
                    {t.decline}
                  </Button>
                </SpaceBetween>
              ),
          },
          { id: 'kind', header: t.kind, cell: ({ Action = '' as never }) => t.kinds[Action] ?? Action },
          {
            id: 'management',
            header: t.managementName,
            minWidth: 180,
            cell: (handshake) => (
              <span className="long-words">
                {resourceOf(handshake, 'MASTER_NAME', 'MANAGEMENT_NAME') ?? all.none} <br />
                {resourceOf(handshake, 'MASTER_EMAIL', 'MANAGEMENT_EMAIL')}
              </span>
            ),
          },
          { id: 'features', header: t.featureSet, cell: (handshake) => featuresOf(handshake, all.features) ?? all.none },
          { id: 'notes', header: t.notes, minWidth: 180, cell: (handshake) => <span className="long-words">{resourceOf(handshake, 'NOTES') ?? all.none}</span> },
          { id: 'state', header: t.state, cell: ({ State: state }) => <State state={state} /> },
          { id: 'expires', header: t.expires, cell: ({ ExpirationTimestamp }) => format.dateTime(ExpirationTimestamp) },
        ]}
      />
      {dialog}
    </>
  );
}

/** The organization's id; a party's has no prefix. */
function organizationOf(handshake: Handshake): string {
  const id = resourceOf(handshake, 'ORGANIZATION') ?? handshake.Parties?.find(({ Type }) => Type === 'ORGANIZATION')?.Id ?? '';
  return id === '' || id.startsWith('o-') ? id : `o-${id}`;
}

function featuresOf(handshake: Handshake, names: Readonly<Record<'ALL' | 'CONSOLIDATED_BILLING', string>>): string | undefined {
  const value = resourceOf(handshake, 'ORGANIZATION_FEATURE_SET');
  return value === 'ALL' || value === 'CONSOLIDATED_BILLING' ? names[value] : value;
}
