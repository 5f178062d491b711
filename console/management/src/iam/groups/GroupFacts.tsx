import { GetGroupCommand } from '@aws-sdk/client-iam';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { attachedPolicies } from '../permissions/holders';
import { groupMessages } from './messages';

/** How many attached policies a row names. */
const NAMED = 2;

/** What a list of groups says of one beyond what ListGroups does, asked for as far as rows are drawn. */
export function GroupPolicies({ group }: { group: string }) {
  const t = useMessages(groupMessages);
  const { iam } = useClients();
  const { data, error } = useQuery({
    queryKey: ['iam', 'group-policies', group],
    queryFn: async ({ signal }) => attachedPolicies(await iam(), { kind: 'group', name: group }, signal),
  });
  if (error) return <Unknown />;
  if (!data) return <Spinner />;
  if (data.length === 0) return t.noPolicies;
  const names = data.slice(0, NAMED).map(({ PolicyName }) => PolicyName);
  return (
    <span className="long-words">
      {names.join(', ')}
      {data.length > NAMED && ` ${t.more(data.length - NAMED)}`}
    </span>
  );
}

export function GroupSize({ group }: { group: string }) {
  const { iam } = useClients();
  const { data, error } = useQuery({
    queryKey: ['iam', 'group-size', group],
    queryFn: async ({ signal }) => {
      const { Users = [], IsTruncated } = await (await iam()).send(new GetGroupCommand({ GroupName: group, MaxItems: 1000 }), { abortSignal: signal });
      return `${Users.length}${IsTruncated ? '+' : ''}`;
    },
  });
  if (error) return <Unknown />;
  return data ?? <Spinner />;
}

function Unknown() {
  const t = useMessages(groupMessages);
  return (
    <span title={t.unknown} aria-label={t.unknown} role="img">
      –
    </span>
  );
}
