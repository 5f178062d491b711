import { ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-sso-admin';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { FailureAlert } from '../../ui/FailureAlert';
import { TagsPanel } from '../../ui/TagsPanel';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../../sdk/allPages';

/** The tags of a permission set, an application or the instance itself, to be edited. */
export function ResourceTags({ instance, arn }: { instance: Instance; arn: string }) {
  const { ssoAdmin } = useClients();
  const of = { InstanceArn: instance.arn, ResourceArn: arn };
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'tags', arn],
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListTagsForResourceCommand({ ...of, NextToken }), { abortSignal: signal }),
        (page) => page.Tags,
      );
    },
  });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spinner />;
  return (
    <TagsPanel
      tags={data}
      onSave={async ({ put, remove }) => {
        const client = await ssoAdmin();
        if (remove.length > 0) await client.send(new UntagResourceCommand({ ...of, TagKeys: remove }));
        if (put.length > 0) await client.send(new TagResourceCommand({ ...of, Tags: put }));
        await refetch();
      }}
    />
  );
}
