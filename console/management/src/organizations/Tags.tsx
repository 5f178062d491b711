import { ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-organizations';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useClients } from '../console';
import { allPages } from '../sdk/allPages';
import { FailureAlert } from '../ui/FailureAlert';
import { TagsPanel } from '../ui/TagsPanel';
import { everything } from './organization';

/** The tags of a root, a unit, an account, a policy or the resource policy. */
export function Tags({ id, readOnly = false }: { id: string; readOnly?: boolean }) {
  const { organizations } = useClients();
  const queries = useQueryClient();
  const queryKey = [...everything, 'tags', id];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const client = await organizations();
      return allPages(
        (NextToken) => client.send(new ListTagsForResourceCommand({ ResourceId: id, NextToken }), { abortSignal: signal }),
        (page) => page.Tags,
      );
    },
  });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spinner />;

  const save = async ({ put, remove }: { put: { Key: string; Value: string }[]; remove: string[] }) => {
    const client = await organizations();
    if (remove.length > 0) await client.send(new UntagResourceCommand({ ResourceId: id, TagKeys: remove }));
    if (put.length > 0) await client.send(new TagResourceCommand({ ResourceId: id, Tags: put }));
    await queries.invalidateQueries({ queryKey });
  };
  return <TagsPanel tags={data} onSave={save} readOnly={readOnly} />;
}
