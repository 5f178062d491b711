import {
  DeregisterDelegatedAdministratorCommand,
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  RegisterDelegatedAdministratorCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { allPages } from '../../sdk/allPages';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import { OfOrganization } from '../OfOrganization';
import { everything, useChanged } from '../organization';
import { paths } from '../paths';
import { servicesMessages } from './messages';
import { isPrincipal, knownPrincipals, serviceName } from './services';

interface Service {
  principal: string;
  enabled: boolean;
  since: Date | undefined;
  administrators: { id: string; name: string }[];
}

/** Which services may act in the whole organization, and who administers them (F-09). */
export function Component() {
  const t = useMessages(servicesMessages);
  usePageTitle(t.title);
  return <OfOrganization title={t.title}>{() => <Services />}</OfOrganization>;
}

async function fetchServices(client: OrganizationsClient, abortSignal: AbortSignal): Promise<Service[]> {
  const [enabled, administrators] = await Promise.all([
    allPages(
      (NextToken) => client.send(new ListAWSServiceAccessForOrganizationCommand({ NextToken }), { abortSignal }),
      (page) => page.EnabledServicePrincipals,
    ),
    allPages(
      (NextToken) => client.send(new ListDelegatedAdministratorsCommand({ NextToken }), { abortSignal }),
      (page) => page.DelegatedAdministrators,
    ),
  ]);
  const delegated = new Map<string, { id: string; name: string }[]>();
  await Promise.all(
    administrators.map(async ({ Id = '', Name = '' }) => {
      const services = await allPages(
        (NextToken) => client.send(new ListDelegatedServicesForAccountCommand({ AccountId: Id, NextToken }), { abortSignal }),
        (page) => page.DelegatedServices,
      );
      for (const { ServicePrincipal = '' } of services) delegated.set(ServicePrincipal, [...(delegated.get(ServicePrincipal) ?? []), { id: Id, name: Name }]);
    }),
  );
  const since = new Map(enabled.map(({ ServicePrincipal = '', DateEnabled }) => [ServicePrincipal, DateEnabled]));
  return [...new Set([...knownPrincipals, ...since.keys(), ...delegated.keys()])].map((principal) => ({
    principal,
    enabled: since.has(principal),
    since: since.get(principal),
    administrators: delegated.get(principal) ?? [],
  }));
}

function Services() {
  const t = useMessages(servicesMessages);
  const format = useFormat();
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const [registering, setRegistering] = useState('');
  const [naming, setNaming] = useState(false);
  const query = useQuery({ queryKey: [...everything, 'services'], queryFn: async ({ signal }) => fetchServices(await organizations(), signal) });

  const done = async (content: string) => {
    notify({ type: 'success', content });
    await changed();
  };
  const setAccess = (principal: string, enable: boolean) => {
    const name = serviceName(principal);
    ask({
      title: enable ? t.enableTitle(name) : t.disableTitle(name),
      text: enable ? t.enableText : t.disableText,
      button: enable ? t.enable : t.disable,
      reversible: true,
      onConfirm: async () => {
        const client = await organizations();
        await (enable
          ? client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: principal }))
          : client.send(new DisableAWSServiceAccessCommand({ ServicePrincipal: principal })));
        await done(enable ? t.didEnable(name) : t.didDisable(name));
      },
    });
  };
  const deregister = (principal: string, account: string) => {
    const name = serviceName(principal);
    ask({
      title: t.deregisterTitle(account, name),
      text: t.deregisterText,
      button: t.deregister,
      reversible: true,
      onConfirm: async () => {
        await (await organizations()).send(new DeregisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal: principal }));
        await done(t.deregistered(account, name));
      },
    });
  };
  const act = (id: string, principal: string) => {
    if (id === 'enable') setAccess(principal, true);
    if (id === 'disable') setAccess(principal, false);
    if (id === 'register') setRegistering(principal);
    if (id.startsWith('deregister/')) deregister(principal, id.slice('deregister/'.length));
  };

  return (
    <>
      <EntityTable<Service>
        list={wholeList(query)}
        title={t.title}
        description={t.description}
        trackBy={({ principal }) => principal}
        text={({ principal }) => `${principal} ${serviceName(principal)}`}
        actions={<Button onClick={() => setNaming(true)}>{t.other}</Button>}
        empty={t.none}
        columns={[
          { id: 'service', header: t.service, isRowHeader: true, minWidth: 180, cell: ({ principal }) => serviceName(principal) },
          { id: 'principal', header: t.principal, minWidth: 180, cell: ({ principal }) => <span className="long-words">{principal}</span> },
          {
            id: 'access',
            header: t.access,
            minWidth: 150,
            cell: ({ enabled }) => <StatusIndicator type={enabled ? 'success' : 'stopped'}>{enabled ? t.enabled : t.disabled}</StatusIndicator>,
          },
          { id: 'since', header: t.since, cell: ({ since }) => format.date(since) },
          {
            id: 'administrators',
            header: t.administrators,
            minWidth: 160,
            cell: ({ administrators }) =>
              administrators.length === 0 ? (
                t.none
              ) : (
                <ul className="plain-list">
                  {administrators.map(({ id, name }) => (
                    <li key={id}>
                      <Link href={paths.account(id)}>{name}</Link> ({id})
                    </li>
                  ))}
                </ul>
              ),
          },
          {
            id: 'actions',
            header: t.actions,
            cell: ({ principal, enabled, administrators }) => (
              <ButtonDropdown
                variant="inline-icon"
                ariaLabel={t.actionsOf(serviceName(principal))}
                expandToViewport
                items={[
                  enabled ? { id: 'disable', text: t.disable } : { id: 'enable', text: t.enable },
                  { id: 'register', text: t.register },
                  ...administrators.map(({ id, name }) => ({ id: `deregister/${id}`, text: `${t.deregister}: ${name}` })),
                ]}
                onItemClick={({ detail }) => act(detail.id, principal)}
              />
            ),
          },
        ]}
      />
      {dialog}
      {registering && (
        <RegisterModal
          principal={registering}
          onClose={() => setRegistering('')}
          onDone={async (account) => {
            setRegistering('');
            await done(t.registered(account, serviceName(registering)));
          }}
        />
      )}
      {naming && (
        <PrincipalModal
          onClose={() => setNaming(false)}
          onDone={(principal) => {
            setNaming(false);
            setAccess(principal, true);
          }}
        />
      )}
    </>
  );
}

function RegisterModal({ principal, onDone, onClose }: { principal: string; onDone: (account: string) => Promise<void>; onClose: () => void }) {
  const t = useMessages(servicesMessages);
  const { organizations } = useClients();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const account = typed.replaceAll(/[\s-]/g, '');
  const wrong = !/^\d{12}$/.test(account);
  const register = async () => {
    setTried(true);
    if (wrong) return false;
    await (await organizations()).send(new RegisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal: principal }));
    await onDone(account);
    return undefined;
  };
  return (
    <FormModal title={t.registerTitle(serviceName(principal))} submit={t.register} onSubmit={register} onClose={onClose}>
      <div>{t.registerText}</div>
      <FormField label={t.account} constraintText={t.accountHint} errorText={tried && wrong && t.accountInvalid}>
        <Input value={typed} inputMode="numeric" autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
    </FormModal>
  );
}

/** Names a service that is not in the list. */
function PrincipalModal({ onDone, onClose }: { onDone: (principal: string) => void; onClose: () => void }) {
  const t = useMessages(servicesMessages);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const wrong = !isPrincipal(typed.trim());
  const next = async () => {
    setTried(true);
    if (wrong) return false;
    onDone(typed.trim());
    return undefined;
  };
  return (
    <FormModal title={t.other} submit={t.enable} onSubmit={next} onClose={onClose}>
      <FormField label={t.principal} constraintText={t.otherPrincipal} errorText={tried && wrong && t.otherInvalid}>
        <Input value={typed} autoComplete={false} spellcheck={false} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
    </FormModal>
  );
}
