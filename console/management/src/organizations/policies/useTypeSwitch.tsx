import { DisablePolicyTypeCommand, EnablePolicyTypeCommand } from '@aws-sdk/client-organizations';
import type { ReactNode } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useRoot } from '../../ui/accountTree/useRoot';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { useChanged } from '../organization';
import { policiesMessages } from './messages';
import type { TypeFacts } from './types';

/** Enables and disables types of policies, after saying what that does. */
export function useTypeSwitch(): { toggle: (facts: TypeFacts, enable: boolean) => void; dialog: ReactNode } {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { data: root } = useRoot();
  const { ask, dialog } = useConfirmDelete();
  const toggle = ({ type, authorization }: TypeFacts, enable: boolean) => {
    const name = t.names[type] ?? type;
    const input = { RootId: root?.Id, PolicyType: type };
    ask({
      title: enable ? t.enableTitle(name) : t.disableTitle(name),
      text: enable ? [t.enableText, ...(authorization ? [t.enableScp] : [])].join(' ') : t.disableText,
      button: enable ? t.enable(name) : t.disable(name),
      reversible: enable,
      onConfirm: async () => {
        const client = await organizations();
        await (enable ? client.send(new EnablePolicyTypeCommand(input)) : client.send(new DisablePolicyTypeCommand(input)));
        notify({ type: 'success', content: enable ? t.didEnable(name) : t.didDisable(name) });
        await changed();
      },
    });
  };
  return { toggle, dialog };
}
