import { UpdateInstanceAccessControlAttributeConfigurationCommand } from '@aws-sdk/client-sso-admin';
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FormModal } from '../../ui/FormModal';
import type { Instance } from '../enable/WithInstance';
import { attributesOf, mappingFaults, MOST, SOURCES, type Mapping } from './attributes';
import { managementMessages } from './managementMessages';

/** Edits the attributes; nothing is asked until they are saved whole. */
export function EditAttributes({ instance, saved, onSaved, onClose }: { instance: Instance; saved: readonly Mapping[]; onSaved: () => void; onClose: () => void }) {
  const t = useMessages(managementMessages).attributes;
  const { ssoAdmin } = useClients();
  const [mappings, setMappings] = useState<readonly Mapping[]>(saved);
  const [tried, setTried] = useState(false);
  const faults = mappingFaults(mappings);
  const change = (index: number, part: Partial<Mapping>) => setMappings(mappings.map((each, i) => (i === index ? { ...each, ...part } : each)));

  const save = async () => {
    setTried(true);
    if (faults.some((fault) => Object.keys(fault).length > 0)) return false;
    const configuration = { InstanceArn: instance.arn, InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: attributesOf(mappings) } };
    await (await ssoAdmin()).send(new UpdateInstanceAccessControlAttributeConfigurationCommand(configuration));
    onSaved();
    return undefined;
  };

  const fault = (index: number, part: 'key' | 'source') => {
    const found = tried ? faults[index]?.[part] : undefined;
    return found && t.faults[found];
  };
  return (
    <FormModal title={t.manage} size="large" onSubmit={save} onClose={onClose}>
      <AttributeEditor<Mapping>
        items={mappings}
        addButtonText={t.add}
        removeButtonText={t.remove}
        removeButtonAriaLabel={({ key }) => t.removeOf(key)}
        disableAddButton={mappings.length >= MOST}
        empty={t.none}
        additionalInfo={mappings.length >= MOST ? t.full : t.left(MOST - mappings.length)}
        onAddButtonClick={() => setMappings([...mappings, { key: '', source: '' }])}
        onRemoveButtonClick={({ detail }) => setMappings(mappings.filter((_, i) => i !== detail.itemIndex))}
        // Sources are longer than keys.
        gridLayout={[{ breakpoint: 'xs', rows: [[2, 4]] }, { rows: [[1], [1]] }]}
        definition={[
          {
            label: t.key,
            errorText: (_, index) => fault(index, 'key'),
            control: ({ key }, index) => <Input value={key} placeholder={t.keyHint} autoComplete={false} spellcheck={false} onChange={({ detail }) => change(index, { key: detail.value })} />,
          },
          {
            label: t.value,
            errorText: (_, index) => fault(index, 'source'),
            control: ({ source }, index) => (
              <Autosuggest
                value={source}
                placeholder={t.valueHint}
                options={SOURCES.map((value) => ({ value }))}
                enteredTextLabel={t.use}
                expandToViewport
                onChange={({ detail }) => change(index, { source: detail.value })}
              />
            ),
          },
        ]}
      />
    </FormModal>
  );
}
