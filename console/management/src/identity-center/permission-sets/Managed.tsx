import {
  AttachManagedPolicyToPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  type AttachedManagedPolicy,
} from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Link from '@cloudscape-design/components/link';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { allPages } from '../../sdk/allPages';
import { FormModal } from '../../ui/FormModal';
import { ManagedPolicyPicker } from './ManagedPolicyPicker';
import { setMessages } from './messages';
import { inTurn, usePart, type PartProps } from './part';
import { MOST_MANAGED } from './policies';
import { PolicyList } from './PolicyList';

/** The AWS managed policies of a set. */
export function Managed(props: PartProps) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const part = usePart('managed', props);
  const { of, queryKey, changed } = part;
  const [chosen, setChosen] = useState<AttachedManagedPolicy[] | null>(null);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListManagedPoliciesInPermissionSetCommand({ ...of, NextToken, MaxResults: 100 }), { abortSignal: signal }),
        (page) => page.AttachedManagedPolicies,
      );
    },
  });
  const has = new Set(query.data?.map(({ Arn }) => Arn));
  const attach = async () => {
    const client = await ssoAdmin();
    try {
      const wanted = (chosen ?? []).filter(({ Arn }) => !has.has(Arn));
      await inTurn(wanted, ({ Arn }) => client.send(new AttachManagedPolicyToPermissionSetCommand({ ...of, ManagedPolicyArn: Arn })));
      setChosen(null);
    } finally {
      // Also when one failed: those before it are there.
      await changed();
    }
  };
  const tooMany = chosen !== null && chosen.length + has.size > MOST_MANAGED;
  return (
    <>
      <PolicyList<AttachedManagedPolicy>
        query={query}
        part={part}
        title={t.managed}
        description={t.managedText}
        empty={t.noneManaged}
        trackBy={({ Arn = '' }) => Arn}
        name={({ Name = '' }) => Name}
        columns={[
          {
            id: 'name',
            header: t.policyName,
            isRowHeader: true,
            minWidth: 200,
            cell: ({ Name, Arn = '' }) => (
              <Link href={`/iam/policies/details/${Arn}`}>
                <span className="long-words">{Name}</span>
              </Link>
            ),
          },
          { id: 'arn', header: 'ARN', minWidth: 220, cell: ({ Arn }) => <span className="long-words">{Arn}</span> },
        ]}
        onAttach={() => setChosen([])}
        detach={async ({ Arn }) => (await ssoAdmin()).send(new DetachManagedPolicyFromPermissionSetCommand({ ...of, ManagedPolicyArn: Arn }))}
      />
      {chosen && (
        <FormModal title={t.attachTitle} submit={t.attach} size="large" disabled={chosen.length === 0 || tooMany} onSubmit={attach} onClose={() => setChosen(null)}>
          {tooMany && <Alert type="error">{t.limit(MOST_MANAGED)}</Alert>}
          <ManagedPolicyPicker selected={chosen} onSelect={setChosen} />
        </FormModal>
      )}
    </>
  );
}
