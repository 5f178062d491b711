import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { setMessages } from './messages';
import { boundaryName, type SetPolicies } from './policies';

/** What a custom set is going to allow. */
export function PoliciesReview({ policies: { managed, customer, inline, boundary } }: { policies: SetPolicies }) {
  const t = useMessages(setMessages);
  const names = (all: readonly string[]) =>
    all.length === 0 ? (
      t.page.none
    ) : (
      <ul className="plain-list">
        {all.map((name) => (
          <li key={name} className="long-words">
            {name}
          </li>
        ))}
      </ul>
    );
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: t.policies.managed, value: names(managed.map(({ Name = '' }) => Name)) },
          { label: t.policies.customer, value: names(customer.map(({ Name = '', Path = '/' }) => `${Path}${Name}`)) },
          { label: t.policies.boundary, value: boundary ? <span className="long-words">{boundaryName(boundary)}</span> : t.page.none },
          { label: t.policies.inline, value: inline ? <pre className="policy-text">{inline}</pre> : t.page.none },
        ]}
      />
    </SpaceBetween>
  );
}
