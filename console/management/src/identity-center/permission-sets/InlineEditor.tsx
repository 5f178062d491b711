import Spinner from '@cloudscape-design/components/spinner';
import { lazy, Suspense } from 'react';
import { useMessages } from '../../messages';
import { setMessages } from './messages';

const PolicyEditor = lazy(async () => ({ default: (await import('../../policy-editor/PolicyEditor')).PolicyEditor }));

/** What a new policy begins with. */
export const blankInline = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [], Resource: [] }] }, null, 4);

/** The editor of a set's inline policy, whose code is fetched when it is first shown. */
export function InlineEditor({ value, onChange, onValid }: { value: string; onChange: (document: string) => void; onValid: (valid: boolean) => void }) {
  const t = useMessages(setMessages).policies;
  return (
    <Suspense fallback={<Spinner />}>
      <PolicyEditor value={value} onChange={onChange} kind="identity" label={t.inlineDocument} onValid={onValid} />
    </Suspense>
  );
}
