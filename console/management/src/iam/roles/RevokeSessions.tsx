import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useClients, useConsole } from '../../console';
import { isNotFound } from '../../failure';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { inlinePolicy, putInlinePolicy, type Holder } from '../permissions/holders';
import { statements } from '../../policy-editor/statements';
import { roleMessages } from './messages';
import { REVOKE_POLICY, revokeDocument } from './role';

/** Ends the sessions that a role has, as AWS's console does: by a policy that denies what is older than now. */
export function RevokeSessions({ role }: { role: string }) {
  const t = useMessages(roleMessages).sessions;
  const format = useFormat();
  const { iam } = useClients();
  const { now } = useConsole();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const holder: Holder = { kind: 'role', name: role };
  const queryKey = ['iam', 'inline', 'role', role, REVOKE_POLICY];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      try {
        return revokedBefore(await inlinePolicy(await iam(), holder, REVOKE_POLICY, signal));
      } catch (failure) {
        if (isNotFound(failure)) return '';
        throw failure;
      }
    },
  });

  const revoke = () =>
    ask({
      title: t.askTitle(role),
      text: t.askText,
      button: t.button,
      reversible: true,
      onConfirm: async () => {
        await putInlinePolicy(await iam(), holder, REVOKE_POLICY, revokeDocument(new Date(now())));
        notify({ type: 'success', content: t.done });
        await Promise.all([queries.invalidateQueries({ queryKey }), queries.invalidateQueries({ queryKey: ['iam', 'attached', 'role', role] })]);
      },
    });

  return (
    <Container
      header={
        <Header variant="h2" description={t.text} actions={<Button onClick={revoke}>{t.button}</Button>}>
          {t.title}
        </Header>
      }
    >
      {error ? (
        <FailureAlert error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Spinner />
      ) : data === '' ? (
        t.none
      ) : (
        <StatusIndicator type="info">{t.revokedAt(format.dateTime(new Date(data)))}</StatusIndicator>
      )}
      {dialog}
    </Container>
  );
}

/** The time that the policy names; '' if it names none that can be read. */
function revokedBefore(document: string): string {
  const value = statements(document)?.flatMap(({ conditions }) => conditions).find(({ key }) => key.toLowerCase() === 'aws:tokenissuetime')?.values[0] ?? '';
  return Number.isNaN(Date.parse(value)) ? '' : value;
}
