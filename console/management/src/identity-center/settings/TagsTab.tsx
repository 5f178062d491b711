import { ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-sso-admin';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { FailureAlert } from '../../ui/FailureAlert';
import { TagsPanel } from '../../ui/TagsPanel';
import { allPages } from '../access/pages';
import type { Instance } from '../enable/WithInstance';

/** The instance's tags. */
export function TagsTab({ instance: { arn } }: { instance: Instance }) {
  const { ssoAdmin } = useClients();
  const query = useQuery({
    queryKey: ['singlesignon', 'tags', arn],
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListTagsForResourceCommand({ InstanceArn: arn, ResourceArn: arn, NextToken }), { abortSignal: signal }),
        ({ Tags }) => Tags,
      );
    },
  });
  if (query.error) return <FailureAlert error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Spinner />;
  return (
    <TagsPanel
      tags={query.data}
      onSave={async ({ put, remove: TagKeys }) => {
        const client = await ssoAdmin();
        const of = { InstanceArn: arn, ResourceArn: arn };
        if (TagKeys.length > 0) await client.send(new UntagResourceCommand({ ...of, TagKeys }));
        if (put.length > 0) await client.send(new TagResourceCommand({ ...of, Tags: put }));
        await query.refetch();
      }}
    />
  );
}
