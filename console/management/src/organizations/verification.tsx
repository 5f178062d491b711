import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useOwnApi } from '../sdk/ownApi';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';
import { everything } from './organization';

/** Whether the management account's address was verified, for which there are 24 hours (F-06, N-13). */
export interface EmailVerification {
  Email: string;
  Status: 'VERIFIED' | 'PENDING' | 'EXPIRED';
  SentAt?: string;
  ExpiresAt?: string;
}

const key = [...everything, 'email-verification'] as const;

/** Undefined also where the person may not ask: then nothing is said about it. */
export function useEmailVerification(enabled: boolean): UseQueryResult<EmailVerification> {
  const ask = useOwnApi();
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await ask('_organizations/DescribeEmailVerification', {}, signal)) as EmailVerification,
    enabled,
    retry: false,
  });
}

/** Says on the management account's pages that its address is yet to be verified, and sends the message again. */
export function VerificationNotice({ enabled }: { enabled: boolean }) {
  const t = useMessages(messages).verification;
  const format = useFormat();
  const notify = useNotify();
  const ask = useOwnApi();
  const queries = useQueryClient();
  const { data } = useEmailVerification(enabled);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  if (!data || data.Status === 'VERIFIED') return null;
  const pending = data.Status === 'PENDING';
  // Of an organization that did not begin here, but by the organisation file.
  const unsent = !pending && !data.SentAt;

  const resend = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await ask('_organizations/SendEmailVerification', {});
      notify({ type: 'success', content: t.sent });
      await queries.invalidateQueries({ queryKey: key });
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <>
      <Alert
        type="warning"
        header={pending || unsent ? t.pending(data.Email) : t.expired(data.Email)}
        action={
          <Button loading={running} onClick={() => void resend()}>
            {unsent ? t.send : t.resend}
          </Button>
        }
      >
        {unsent ? t.unsentText : pending ? t.pendingText(format.dateTime(data.ExpiresAt ? new Date(data.ExpiresAt) : undefined)) : t.expiredText}
      </Alert>
      {failure !== null && <FailureAlert error={failure} />}
    </>
  );
}
