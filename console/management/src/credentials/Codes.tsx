import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useMessages } from '../messages';
import { codeFault } from './device';
import { messages } from './messages';

export interface CodePair {
  codes: readonly [string, string];
  /** Whether both may be sent; shows what is wrong when not. */
  check: () => boolean;
  fields: React.ReactNode;
}

/** Two codes that follow each other, in two fields. */
export function useCodePair(): CodePair {
  const t = useMessages(messages).assign;
  const [code1, setCode1] = useState('');
  const [code2, setCode2] = useState('');
  const [checked, setChecked] = useState(false);
  const fault1 = codeFault(code1);
  const fault2 = codeFault(code2, code1);
  const words = { '': '', invalid: t.codeInvalid, same: t.codesSame };
  return {
    codes: [code1, code2],
    check: () => {
      setChecked(true);
      return fault1 === '' && fault2 === '';
    },
    fields: (
      <SpaceBetween size="s">
        <FormField label={t.code1} errorText={checked && words[fault1]}>
          <CodeInput value={code1} onChange={setCode1} />
        </FormField>
        <FormField label={t.code2} errorText={checked && words[fault2]}>
          <CodeInput value={code2} onChange={setCode2} />
        </FormField>
      </SpaceBetween>
    ),
  };
}

function CodeInput({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  return (
    <Input
      value={value}
      inputMode="numeric"
      autoComplete="one-time-code"
      // Apps show codes in two groups.
      onChange={({ detail }) => onChange(detail.value.replace(/\s/g, '').slice(0, 6))}
    />
  );
}
