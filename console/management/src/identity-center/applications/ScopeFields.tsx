import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { useMessages } from '../../messages';
import { applicationMessages } from './messages';
import { MOST_SCOPES, scopeFaults, type Scope } from './oauth';

/** The access scopes of an application, with what tokens with them are for. */
export function ScopeFields({ scopes, onChange, tried }: { scopes: readonly Scope[]; onChange: (scopes: Scope[]) => void; /** Whether to say what is wrong. */ tried: boolean }) {
  const t = useMessages(applicationMessages).fields;
  const faults = scopeFaults(scopes);
  const change = (at: number, part: Partial<Scope>) => onChange(scopes.map((scope, i) => (i === at ? { ...scope, ...part } : scope)));
  return (
    <AttributeEditor<Scope>
      items={scopes}
      addButtonText={t.addScope}
      removeButtonText={t.removeScope}
      removeButtonAriaLabel={({ name }) => `${t.removeScope}: ${name}`}
      disableAddButton={scopes.length >= MOST_SCOPES}
      empty={t.noScopes}
      onAddButtonClick={() => onChange([...scopes, { name: '', targets: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(scopes.filter((_, i) => i !== detail.itemIndex))}
      definition={[
        {
          label: t.scope,
          control: ({ name }, i) => <Input value={name} ariaLabel={t.scope} autoComplete={false} spellcheck={false} onChange={({ detail }) => change(i, { name: detail.value })} />,
          errorText: (_, i) => tried && faults[i] === 'name' && t.scopeWrong,
        },
        {
          label: t.targets,
          constraintText: t.targetsHint,
          control: ({ targets }, i) => <Textarea value={targets} ariaLabel={t.targets} rows={1} spellcheck={false} onChange={({ detail }) => change(i, { targets: detail.value })} />,
          errorText: (_, i) => tried && faults[i] === 'targets' && t.targetsWrong,
        },
      ]}
    />
  );
}
