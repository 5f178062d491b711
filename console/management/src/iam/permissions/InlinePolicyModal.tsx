import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { inlinePolicy, putInlinePolicy, type Holder } from './holders';
import { permissionMessages } from './messages';

const PolicyEditor = lazy(async () => ({ default: (await import('../../policy-editor/PolicyEditor')).PolicyEditor }));

/** What a new policy begins with. */
export const blankPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [], Resource: [] }] }, null, 4);

const NAME = /^[\w+=,.@-]{1,128}$/;

/** Creates an inline policy, or with a name edits the one that there is. */
export function InlinePolicyModal({
  holder,
  name,
  readOnly,
  onClose,
  onSaved,
}: {
  holder: Holder;
  name: string;
  readOnly: boolean;
  onClose: () => void;
  onSaved: (name: string) => void;
}) {
  const t = useMessages(permissionMessages);
  const { iam } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: ['iam', 'inline', holder.kind, holder.name, name],
    queryFn: async ({ signal }) => inlinePolicy(await iam(), holder, name, signal),
    enabled: name !== '',
    gcTime: 0,
  });
  const [typedName, setTypedName] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const document = typed ?? (name === '' ? blankPolicy : data);
  const as = name || typedName;

  const save = async () => {
    setTried(true);
    if (!NAME.test(as) || document === undefined) return;
    setRunning(true);
    setFailure(null);
    try {
      await putInlinePolicy(await iam(), holder, as, document);
      onSaved(as);
    } catch (refused) {
      setFailure(refused);
      setRunning(false);
    }
  };

  return (
    <Modal
      visible
      size="max"
      header={name === '' ? `${t.createInline}: ${holder.name}` : t.editInline(name)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.cancel}
            </Button>
            {!readOnly && (
              <Button variant="primary" loading={running} disabled={!valid || document === undefined} onClick={() => void save()}>
                {t.save}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {failure !== null && <FailureAlert error={failure} />}
        {error && <FailureAlert error={error} onRetry={() => void refetch()} />}
        {name === '' && (
          <FormField label={t.policyName} constraintText={t.policyNameHint} errorText={tried && !NAME.test(typedName) && t.policyNameWrong}>
            <Input value={typedName} onChange={({ detail }) => setTypedName(detail.value)} spellcheck={false} autoComplete={false} />
          </FormField>
        )}
        {document !== undefined && (
          <Suspense fallback={<Spinner />}>
            <PolicyEditor value={document} onChange={setTyped} kind="identity" label={t.document} onValid={setValid} />
          </Suspense>
        )}
      </SpaceBetween>
    </Modal>
  );
}
