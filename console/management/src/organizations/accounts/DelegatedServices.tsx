import { DeregisterDelegatedAdministratorCommand, ListDelegatedServicesForAccountCommand, type DelegatedService } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { allPages } from '../../sdk/allPages';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { wholeList } from '../../ui/useList';
import { everything, useChanged } from '../organization';
import { paths } from '../paths';
import { servicesMessages } from '../services/messages';
import { serviceName } from '../services/services';
import { accountsMessages } from './messages';

/** The services that a member account administers for the organization (F-09). */
export function DelegatedServices({ id }: { id: string }) {
  const t = useMessages(accountsMessages);
  const s = useMessages(servicesMessages);
  const format = useFormat();
  const { organizations } = useClients();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const query = useQuery({
    queryKey: [...everything, 'delegated-services', id],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      try {
        return await allPages(
          (NextToken) => client.send(new ListDelegatedServicesForAccountCommand({ AccountId: id, NextToken }), { abortSignal: signal }),
          (page) => page.DelegatedServices,
        );
      } catch (error) {
        // Of an account that was registered for nothing.
        if (errorCode(error) === 'AccountNotRegisteredException') return [];
        throw error;
      }
    },
  });
  const remove = (ServicePrincipal: string) =>
    ask({
      title: s.deregisterTitle(id, serviceName(ServicePrincipal)),
      text: s.deregisterText,
      button: t.deregister,
      reversible: true,
      onConfirm: async () => {
        await (await organizations()).send(new DeregisterDelegatedAdministratorCommand({ AccountId: id, ServicePrincipal }));
        await changed();
      },
    });
  return (
    <>
      <EntityTable<DelegatedService>
        variant="container"
        list={wholeList(query)}
        title={t.delegated}
        description={t.delegatedText}
        trackBy={({ ServicePrincipal = '' }) => ServicePrincipal}
        text={({ ServicePrincipal = '' }) => `${ServicePrincipal} ${serviceName(ServicePrincipal)}`}
        actions={<Button href={paths.services}>{t.manageServices}</Button>}
        empty={t.notDelegated}
        columns={[
          { id: 'service', header: t.service, isRowHeader: true, cell: ({ ServicePrincipal = '' }) => serviceName(ServicePrincipal) },
          { id: 'principal', header: s.principal, cell: ({ ServicePrincipal }) => <span className="long-words">{ServicePrincipal}</span> },
          { id: 'since', header: t.since, cell: ({ DelegationEnabledDate }) => format.dateTime(DelegationEnabledDate) },
          {
            id: 'actions',
            header: t.actions,
            cell: ({ ServicePrincipal = '' }) => (
              <Button variant="inline-link" ariaLabel={t.deregisterOf(serviceName(ServicePrincipal))} onClick={() => remove(ServicePrincipal)}>
                {t.deregister}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
    </>
  );
}
