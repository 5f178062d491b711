import {
  GenerateServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsCommand,
  ListPoliciesGrantingServiceAccessCommand,
  type GetServiceLastAccessedDetailsCommandOutput,
  type IAMClient,
  type PolicyGrantingServiceAccess,
  type ServiceLastAccessed,
} from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { wholeList } from '../../ui/useList';
import { policyHref } from './holders';
import { permissionMessages } from './messages';

/** How long to wait before asking again whether the report is made, in milliseconds. */
const PAUSE = 1_000;

/** Which services somebody may use, and which they did: what could be taken away. */
export function AccessAdvisor({ arn, withPolicies = true }: { arn: string; /** Whether it is somebody that policies can be listed of. */ withPolicies?: boolean }) {
  const t = useMessages(permissionMessages).advisor;
  const format = useFormat();
  const { iam } = useClients();
  const [showing, setShowing] = useState<ServiceLastAccessed | null>(null);
  const query = useQuery({
    queryKey: ['iam', 'last-accessed', arn],
    queryFn: async ({ signal }) => lastAccessed(await iam(), arn, t.failed, signal),
  });
  return (
    <>
      <EntityTable<ServiceLastAccessed>
        variant="container"
        list={wholeList(query)}
        title={t.title}
        description={t.text}
        trackBy={({ ServiceNamespace = '' }) => ServiceNamespace}
        text={({ ServiceName = '', ServiceNamespace = '' }) => `${ServiceName} ${ServiceNamespace}`}
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          { id: 'service', header: t.service, isRowHeader: true, sortingField: 'ServiceName', minWidth: 200, cell: nameOf },
          ...(withPolicies
            ? [
                {
                  id: 'granted',
                  header: t.granted,
                  cell: (service: ServiceLastAccessed) => (
                    <Button variant="inline-link" ariaLabel={t.grantedBy(nameOf(service))} onClick={() => setShowing(service)}>
                      {t.show}
                    </Button>
                  ),
                },
              ]
            : []),
          {
            id: 'last',
            header: t.last,
            sortingComparator: (a, b) => (a.LastAuthenticated?.getTime() ?? 0) - (b.LastAuthenticated?.getTime() ?? 0),
            cell: ({ LastAuthenticated }) => <span title={format.dateTime(LastAuthenticated, '')}>{format.ago(LastAuthenticated, t.never)}</span>,
          },
          { id: 'region', header: t.region, cell: ({ LastAuthenticatedRegion }) => LastAuthenticatedRegion ?? '–' },
        ]}
      />
      {showing && <Granting arn={arn} service={showing} onClose={() => setShowing(null)} />}
    </>
  );
}

function Granting({ arn, service, onClose }: { arn: string; service: ServiceLastAccessed; onClose: () => void }) {
  const t = useMessages(permissionMessages);
  const { iam } = useClients();
  const query = useQuery({
    queryKey: ['iam', 'granting', arn, service.ServiceNamespace],
    queryFn: async ({ signal }) => {
      const { PoliciesGrantingServiceAccess = [] } = await (await iam()).send(
        new ListPoliciesGrantingServiceAccessCommand({ Arn: arn, ServiceNamespaces: [service.ServiceNamespace ?? ''] }),
        { abortSignal: signal },
      );
      return PoliciesGrantingServiceAccess.flatMap(({ Policies = [] }) => Policies);
    },
  });
  // IAM tells whose an inline policy is, but not whether a managed one hangs on a group.
  const where = (policy: PolicyGrantingServiceAccess) =>
    policy.EntityType === 'GROUP'
      ? `${t.scope.Inline}, ${t.advisor.viaGroup(policy.EntityName ?? '')}`
      : policy.PolicyType === 'INLINE'
        ? t.scope.Inline
        : policy.PolicyArn?.startsWith('arn:aws:iam::aws:')
          ? t.scope.AWS
          : t.scope.Local;
  return (
    <Modal visible header={t.advisor.grantedBy(nameOf(service))} onDismiss={onClose}>
      {query.error ? (
        <FailureAlert error={query.error} onRetry={() => void query.refetch()} />
      ) : !query.data ? (
        <Spinner />
      ) : query.data.length === 0 ? (
        t.advisor.noPolicies
      ) : (
        <ul className="plain-list">
          {query.data.map((policy) => (
            <li key={`${policy.EntityName}/${policy.PolicyArn ?? policy.PolicyName}`} className="long-words">
              {policy.PolicyArn ? <Link href={policyHref(policy.PolicyArn)}>{policy.PolicyName}</Link> : policy.PolicyName} – {where(policy)}
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}

/** Not every service that policies name has a name for people. */
const nameOf = ({ ServiceName, ServiceNamespace = '' }: ServiceLastAccessed): string => ServiceName || ServiceNamespace;

/** Has the report made, waits until it is, and reads all of it. */
async function lastAccessed(iam: IAMClient, Arn: string, failed: string, signal: AbortSignal): Promise<ServiceLastAccessed[]> {
  const options = { abortSignal: signal };
  const { JobId } = await iam.send(new GenerateServiceLastAccessedDetailsCommand({ Arn }), options);
  const services: ServiceLastAccessed[] = [];
  let marker: string | undefined;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    const page: GetServiceLastAccessedDetailsCommandOutput = await iam.send(new GetServiceLastAccessedDetailsCommand({ JobId, Marker: marker }), options);
    if (page.JobStatus === 'FAILED') throw new Error(page.Error?.Message ?? failed);
    if (page.JobStatus === 'IN_PROGRESS') {
      // oxlint-disable-next-line no-await-in-loop -- it is not made yet
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE);
      });
      signal.throwIfAborted();
      continue;
    }
    services.push(...(page.ServicesLastAccessed ?? []));
    if (!page.IsTruncated) return services;
    marker = page.Marker;
  }
}
