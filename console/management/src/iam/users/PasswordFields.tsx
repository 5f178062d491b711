import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { settingsMessages } from '../settings/messages';
import { passwordRules, usePasswordPolicy } from '../settings/passwordPolicy';
import { userMessages } from './messages';
import type { PasswordWish } from './newUser';

/** Which console password a user gets: one that is made up here, or one that is typed. */
export function PasswordFields({ wish, onChange, tried }: { wish: PasswordWish; onChange: (wish: PasswordWish) => void; tried: boolean }) {
  const t = useMessages(userMessages).password;
  const words = useMessages(settingsMessages).rules;
  const policy = usePasswordPolicy();
  const [shown, setShown] = useState(false);
  // Who may not read the policy is told by the server what the password lacks.
  const rules = policy.data === undefined ? [] : passwordRules(policy.data, words);
  return (
    <SpaceBetween size="m">
      <FormField label={t.label} stretch>
        <RadioGroup
          value={wish.generated ? 'generated' : 'custom'}
          onChange={({ detail }) => onChange({ ...wish, generated: detail.value === 'generated' })}
          items={[
            { value: 'generated', label: t.generated, description: t.generatedText },
            { value: 'custom', label: t.custom, description: t.customText },
          ]}
        />
      </FormField>
      {!wish.generated && (
        <SpaceBetween size="xs">
          <FormField
            label={t.field}
            errorText={tried && wish.typed === '' && t.needed}
            constraintText={
              rules.length > 0 && (
                <>
                  {t.rules}
                  <ul className="rules">
                    {rules.map((rule) => (
                      <li key={rule}>{rule}</li>
                    ))}
                  </ul>
                </>
              )
            }
          >
            <Input
              type={shown ? 'text' : 'password'}
              // Not the person's own: their password manager has no business with it.
              autoComplete="off"
              spellcheck={false}
              value={wish.typed}
              onChange={({ detail }) => onChange({ ...wish, typed: detail.value })}
            />
          </FormField>
          <Checkbox checked={shown} onChange={({ detail }) => setShown(detail.checked)}>
            {t.show}
          </Checkbox>
        </SpaceBetween>
      )}
      <Checkbox checked={wish.mustChange} onChange={({ detail }) => onChange({ ...wish, mustChange: detail.checked })}>
        {t.mustChange}
        <Box color="text-body-secondary" fontSize="body-s">
          {t.mustChangeText}
        </Box>
      </Checkbox>
    </SpaceBetween>
  );
}
