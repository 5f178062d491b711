import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useMessages } from '../../messages';
import { simulatorMessages } from './messages';
import { contextTypes, type ContextRow } from './simulation';

/** IAM takes no more context entries than a form would ever hold. */
const MOST = 50;

/** Edits what the conditions are told of the call. */
export function ContextEditor({ context, onChange }: { context: readonly ContextRow[]; onChange: (context: ContextRow[]) => void }) {
  const t = useMessages(simulatorMessages);
  const types = contextTypes.map((value) => ({ value, label: t.types[value] }));
  const change = (at: number, to: Partial<ContextRow>) => onChange(context.map((row, i) => (i === at ? { ...row, ...to } : row)));
  return (
    <AttributeEditor<ContextRow>
      items={context}
      empty={t.noContext}
      addButtonText={t.addKey}
      removeButtonText={t.removeKey}
      removeButtonAriaLabel={({ key }) => `${t.removeKey}: ${key}`}
      disableAddButton={context.length >= MOST}
      onAddButtonClick={() => onChange([...context, { key: '', type: 'string', values: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(context.filter((_, i) => i !== detail.itemIndex))}
      definition={[
        {
          label: t.key,
          control: ({ key }, i) => <Input value={key} placeholder="aws:SourceIp" autoComplete={false} spellcheck={false} onChange={({ detail }) => change(i, { key: detail.value })} />,
        },
        {
          label: t.type,
          control: ({ type }, i) => (
            <Select
              options={types}
              selectedOption={types.find(({ value }) => value === type) ?? null}
              onChange={({ detail }) => change(i, { type: contextTypes.find((one) => one === detail.selectedOption.value) ?? 'string' })}
            />
          ),
        },
        {
          label: t.values,
          control: ({ values }, i) => <Input value={values} placeholder={t.valuesHint} autoComplete={false} spellcheck={false} onChange={({ detail }) => change(i, { values: detail.value })} />,
        },
      ]}
    />
  );
}
