import type { User } from '@aws-sdk/client-identitystore';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FormModal } from '../../ui/FormModal';
import { useIdentityCenter } from '../api';
import type { Instance } from '../enable/WithInstance';
import { userMessages } from './messages';
import { OneTimePassword, type Issued } from './OneTimePassword';
import { securityKey } from './useSecurity';
import { emailOf } from './useUsers';

/** Resets a person's password by mail, or by a one-time password to pass on (behaviours.md 6.6). */
export function ResetPassword({ instance, user, onClose }: { instance: Instance; user: User; onClose: () => void }) {
  const t = useMessages(userMessages).reset;
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const email = emailOf(user);
  const [how, setHow] = useState(email ? 'mail' : 'otp');
  const [issued, setIssued] = useState<Issued | null>(null);

  const reset = async () => {
    const { UserId = '' } = user;
    const input = { InstanceArn: instance.arn, UserId };
    if (how === 'mail') {
      await call('SendPasswordReset', input);
      notify({ type: 'success', content: t.sent(email) });
      onClose();
    } else {
      setIssued(await call('GenerateOneTimePassword', input));
    }
    await queries.invalidateQueries({ queryKey: securityKey(instance, UserId) });
  };

  if (issued) return <OneTimePassword issued={issued} onClose={onClose} />;
  return (
    <FormModal title={t.title} submit={t.submit} onSubmit={reset} onClose={onClose}>
      <FormField label={t.how} stretch>
        <RadioGroup
          value={how}
          onChange={({ detail }) => setHow(detail.value)}
          items={[
            { value: 'mail', label: t.mail, description: t.mailText(email || '–'), disabled: !email },
            { value: 'otp', label: t.otp, description: t.otpText },
          ]}
        />
      </FormField>
    </FormModal>
  );
}
