import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  type CustomerManagedPolicyReference,
} from '@aws-sdk/client-sso-admin';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { allPages } from '../../sdk/allPages';
import { FormModal } from '../../ui/FormModal';
import { CustomerPolicies } from './CustomerPolicies';
import { setMessages } from './messages';
import { inTurn, usePart, type PartProps } from './part';
import { referenceFaults } from './policies';
import { PolicyList } from './PolicyList';

const referenceKey = ({ Name = '', Path = '/' }: CustomerManagedPolicyReference): string => `${Path}${Name}`;

/** The policies of the accounts that a set names. */
export function Customer(props: PartProps) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const part = usePart('customer', props);
  const { of, queryKey, changed } = part;
  const [added, setAdded] = useState<CustomerManagedPolicyReference[] | null>(null);
  const [tried, setTried] = useState(false);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListCustomerManagedPolicyReferencesInPermissionSetCommand({ ...of, NextToken, MaxResults: 100 }), { abortSignal: signal }),
        (page) => page.CustomerManagedPolicyReferences,
      );
    },
  });
  const attach = async () => {
    setTried(true);
    if (!added || added.length === 0 || referenceFaults(added).some(Boolean)) return false;
    const client = await ssoAdmin();
    try {
      await inTurn(added, (reference) => client.send(new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...of, CustomerManagedPolicyReference: reference })));
      setAdded(null);
    } finally {
      await changed();
    }
    return undefined;
  };
  return (
    <>
      <PolicyList<CustomerManagedPolicyReference>
        query={query}
        part={part}
        title={t.customer}
        description={t.customerText}
        empty={t.noneCustomer}
        trackBy={referenceKey}
        name={referenceKey}
        columns={[
          { id: 'name', header: t.policyName, isRowHeader: true, minWidth: 200, cell: ({ Name }) => <span className="long-words">{Name}</span> },
          { id: 'path', header: t.path, cell: ({ Path }) => <span className="long-words">{Path ?? '/'}</span> },
        ]}
        onAttach={() => {
          setTried(false);
          setAdded([{ Name: '', Path: '/' }]);
        }}
        detach={async (reference) =>
          (await ssoAdmin()).send(new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({ ...of, CustomerManagedPolicyReference: reference }))
        }
      />
      {added && (
        <FormModal title={t.attachCustomerTitle} submit={t.attach} size="large" onSubmit={attach} onClose={() => setAdded(null)}>
          <div>{t.customerText}</div>
          <CustomerPolicies references={added} onChange={setAdded} tried={tried} />
        </FormModal>
      )}
    </>
  );
}
