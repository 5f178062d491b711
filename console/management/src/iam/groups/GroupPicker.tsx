import type { Group, Policy } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FailureAlert } from '../../ui/FailureAlert';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { Nothing } from '../../ui/Nothing';
import { PolicyPicker } from '../permissions/PolicyPicker';
import { GroupPolicies } from './GroupFacts';
import { GroupName } from './GroupName';
import { createGroup, isGroupName, useGroups } from './groups';
import { groupMessages } from './messages';

/** The account's groups to choose from, and a way to make one that is missing (C-21). */
export function GroupPicker({ selected, onSelect }: { selected: readonly string[]; onSelect: (groups: string[]) => void }) {
  const t = useMessages(groupMessages);
  const groups = useGroups();
  const [creating, setCreating] = useState(false);
  const items = groups.items.filter(({ GroupName: name = '' }) => selected.includes(name));
  return (
    <>
      <EntityTable<Group>
        variant="embedded"
        list={groups}
        title={t.title}
        trackBy={({ GroupName: name = '' }) => name}
        text={({ GroupName: name = '' }) => name}
        selection={{ selected: items, onSelect: (chosen) => onSelect(chosen.map(({ GroupName: name = '' }) => name)), label: ({ GroupName: name = '' }) => t.select(name) }}
        actions={<Button onClick={() => setCreating(true)}>{t.create}</Button>}
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          { id: 'name', header: t.name, isRowHeader: true, sortingField: 'GroupName', minWidth: 160, cell: ({ GroupName: name }) => <span className="long-words">{name}</span> },
          { id: 'policies', header: t.policies, minWidth: 160, cell: ({ GroupName: name = '' }) => <GroupPolicies group={name} /> },
        ]}
      />
      {creating && (
        <CreateGroup
          onClose={() => setCreating(false)}
          onCreated={(name) => {
            setCreating(false);
            onSelect([...selected, name]);
          }}
        />
      )}
    </>
  );
}

function CreateGroup({ onClose, onCreated }: { onClose: () => void; onCreated: (name: string) => void }) {
  const t = useMessages(groupMessages);
  const { iam } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [policies, setPolicies] = useState<Policy[]>([]);
  const [fault, setFault] = useState('');

  const create = async () => {
    if (!isGroupName(name)) {
      setFault(t.nameWrong);
      return false;
    }
    try {
      const failures = await createGroup(
        await iam(),
        name,
        [],
        policies.map(({ Arn = '' }) => Arn),
      );
      if (failures.length > 0) notify({ type: 'warning', header: t.missing(name), content: <FailureAlert error={failures[0]} /> });
    } catch (error) {
      if (!errorCode(error).startsWith('EntityAlreadyExists')) throw error;
      setFault(t.nameTaken);
      return false;
    }
    await queries.invalidateQueries({ queryKey: ['iam', 'groups'] });
    onCreated(name);
    return undefined;
  };

  return (
    <FormModal title={t.create} submit={t.create} size="large" onSubmit={create} onClose={onClose}>
      <GroupName
        value={name}
        fault={fault}
        onChange={(typed) => {
          setName(typed);
          setFault('');
        }}
      />
      <PolicyPicker title={t.policiesOptional} selected={policies} onSelect={setPolicies} />
    </FormModal>
  );
}
