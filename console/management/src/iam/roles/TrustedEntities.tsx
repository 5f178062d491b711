import { useMessages } from '../../messages';
import { trusted } from './trust';
import { roleMessages } from './messages';

/** Whom a trust policy lets in, in words. */
export function TrustedEntities({ document }: { document: string }) {
  const t = useMessages(roleMessages).trusted;
  const entities = trusted(document);
  if (entities.length === 0) return t.nobody;
  return (
    <>
      {entities.map(({ type, id }) => (
        <div key={`${type} ${id}`} className="long-words">
          {describe(type, id)}
        </div>
      ))}
    </>
  );

  function describe(type: string, id: string): string {
    if (id === '*' && (type === 'AWS' || type === '*')) return t.everybody;
    const root = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(id);
    if (type === 'AWS') return root ? t.account(root[1]!) : id;
    return type === 'Service' ? t.service(id) : type === 'Federated' ? t.provider(id) : id;
  }
}
