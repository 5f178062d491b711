import type { Organization } from '@aws-sdk/client-organizations';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { everything } from '../organization';
import { policiesMessages } from './messages';
import { reachOf } from './reach';

/** Says before a policy is attached or changed which accounts that reaches. */
export function ReachPreview({
  targets,
  organization,
  exempt,
}: {
  targets: readonly string[];
  organization: Organization;
  /** Whether the management account is not limited by it. */
  exempt: boolean;
}) {
  const t = useMessages(policiesMessages).reach;
  const { organizations } = useClients();
  const managementId = exempt ? organization.MasterAccountId : undefined;
  const { data, error, refetch } = useQuery({
    queryKey: [...everything, 'reach', exempt, ...targets.toSorted()],
    queryFn: async ({ signal }) => reachOf(await organizations(), targets, managementId, signal),
    staleTime: 0,
  });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <div aria-live="polite">
      <SpaceBetween size="xs">
        <Box variant="h4" tagOverride="div">
          {t.title}
        </Box>
        {!data ? (
          <StatusIndicator type="loading">{t.loading}</StatusIndicator>
        ) : (
          <>
            <StatusIndicator type={data.accounts.length > 0 ? 'warning' : 'info'}>
              {data.more ? t.atLeast(data.accounts.length) : data.accounts.length === 0 ? t.none : t.count(data.accounts.length)}
            </StatusIndicator>
            {exempt && data.accounts.length > 0 && <div>{t.atOnce}</div>}
            {data.management && <div>{t.exempt}</div>}
            {data.accounts.length > 0 && (
              <ExpandableSection headerText={data.more ? t.first(data.accounts.length) : t.list} defaultExpanded={data.accounts.length <= 10}>
                <ul className="plain-list">
                  {data.accounts.map(({ id, name }) => (
                    <li key={id}>
                      {name} ({id})
                    </li>
                  ))}
                </ul>
              </ExpandableSection>
            )}
          </>
        )}
      </SpaceBetween>
    </div>
  );
}
