import Box from '@cloudscape-design/components/box';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { CopyButton, CopyValue } from '../../../../shared/ui/CodeBlock';
import { useMessages } from '../../messages';
import { groupedAccountId } from '../../session';
import type { DirectorySettings } from '../api';
import type { Instance } from '../enable/WithInstance';
import { dashboardMessages } from './messages';

/** What people and clients need to know of an instance; the portal's address first (G-58). */
export function InstanceFacts({ instance, settings }: { instance: Instance; settings: DirectorySettings | undefined }) {
  const t = useMessages(dashboardMessages);
  const items: KeyValuePairsProps.Item[] = [
    ...(settings ? [{ label: t.source, value: t.sources[settings.IdentitySource] }] : []),
    { label: t.region, value: instance.region },
    { label: t.owner, value: groupedAccountId(instance.owner) },
    { label: t.name, value: <span className="long-words">{instance.name || t.unnamed}</span> },
    { label: t.id, value: <CopyValue label={t.id} text={instance.id} /> },
    { label: t.storeId, value: <CopyValue label={t.storeId} text={instance.directory} /> },
    { label: t.arn, value: <CopyValue label={t.arn} text={instance.arn} /> },
  ];
  return (
    <SpaceBetween size="l">
      {settings && <PortalUrl url={settings.PortalUrl} />}
      <KeyValuePairs columns={3} minColumnWidth={220} items={items} />
    </SpaceBetween>
  );
}

function PortalUrl({ url }: { url: string }) {
  const t = useMessages(dashboardMessages);
  return (
    <div>
      <Box variant="awsui-key-label">{t.portalUrl}</Box>
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Link href={url} external>
          <span className="long-words">{url}</span>
        </Link>
        <CopyButton label={t.portalUrl} text={url} />
      </SpaceBetween>
      <Box color="text-body-secondary" fontSize="body-s">
        {t.portalText}
      </Box>
    </div>
  );
}
