import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Diagnostic } from '@codemirror/lint';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useClients } from '../console';
import { isDenied } from '../failure';
import { useMessages } from '../messages';
import { CodeEditor, type CodeEditorHandle } from './CodeEditor';
import { explain } from './explain';
import { blocks, longest, validate, type Finding, type PolicyKind, type Severity } from './findings';
import { editorMessages, explainMessages } from './messages';

/** How long after the last key the document is judged, in milliseconds. */
const PAUSE = 400;

/**
 * Edits a policy document: marks what is wrong as one types, by the server's own engine,
 * and says beside it in plain words what each statement does, where it has statements.
 */
export function PolicyEditor({
  value,
  onChange,
  kind,
  label,
  onValid,
  readOnly = false,
}: {
  value: string;
  onChange: (value: string) => void;
  kind: PolicyKind;
  label: string;
  /** Told whether the document can be saved, as far as is known. */
  onValid?: (valid: boolean) => void;
  readOnly?: boolean;
}) {
  const words = useMessages(editorMessages);
  const explaining = useMessages(explainMessages);
  const { accessAnalyzer } = useClients();
  const settled = useSettled(value, PAUSE);
  const editor = useRef<CodeEditorHandle>(null);
  const most = longest(kind);
  const tooLong = value.length > most;
  const judged = !readOnly && !tooLong && value.trim() !== '';
  const { data, error, isFetching } = useQuery({
    queryKey: ['accessanalyzer', 'validate', kind, settled],
    queryFn: async ({ signal }) => validate(await accessAnalyzer(), settled, kind, signal),
    enabled: judged && settled.trim() !== '' && settled.length <= most,
    placeholderData: (previous) => previous,
  });
  const current = settled === value;
  const findings = useMemo(() => (judged && data) || [], [judged, data]);
  const valid = value.trim() !== '' && !tooLong && !(current && blocks(findings));
  useEffect(() => onValid?.(valid), [onValid, valid]);

  const diagnostics = useMemo(() => findings.map(toDiagnostic), [findings]);
  const inWords = useId();
  const explained = useMemo(() => explain(value, explaining), [value, explaining]);

  const code = <CodeEditor ref={editor} value={value} onChange={onChange} label={label} diagnostics={diagnostics} readOnly={readOnly} />;

  return (
    <SpaceBetween size="m">
      {kind === 'other' ? (
        code
      ) : (
        <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
          {code}
          <SpaceBetween size="s">
            <Box variant="h4" tagOverride="div" id={inWords}>
              {words.inWords}
            </Box>
            {explained === undefined ? (
              <Box color="text-body-secondary">{words.unreadable}</Box>
            ) : (
              <ol className="policy-explained" aria-labelledby={inWords}>
                {explained.map(({ sid, effect, sentences }, i) => (
                  // oxlint-disable-next-line react/no-array-index-key -- statements have no identity but their place
                  <li key={i}>
                    {effect && <Badge color={effect === 'Allow' ? 'green' : 'red'}>{effect}</Badge>} {sid && <code>{sid}</code>}{' '}
                    <span className="long-words">{sentences.join(' ')}</span>
                  </li>
                ))}
              </ol>
            )}
          </SpaceBetween>
        </Grid>
      )}
      <div aria-live="polite">
        {readOnly ? null : tooLong ? (
          <StatusIndicator type="error">{words.tooLong(most)}</StatusIndicator>
        ) : error ? (
          <StatusIndicator type="info">{isDenied(error) ? words.mayNotValidate : words.notValidated}</StatusIndicator>
        ) : value.trim() === '' ? null : isFetching || !current ? (
          <StatusIndicator type="loading">{words.checking}</StatusIndicator>
        ) : findings.length === 0 ? (
          <StatusIndicator type="success">{words.nothingFound}</StatusIndicator>
        ) : (
          <StatusIndicator type={blocks(findings) ? 'error' : 'warning'}>{words.found(findings.length)}</StatusIndicator>
        )}
      </div>
      {findings.length > 0 && (
        <ul className="policy-findings" aria-label={words.findings}>
          {findings.map((f) => (
            <li key={`${f.from}/${f.code}/${f.message}`}>
              <Badge color={colors[f.severity]}>{words.severity[f.severity]}</Badge>{' '}
              <Button variant="inline-link" onClick={() => editor.current?.goTo(f.from)}>
                {words.line(f.line)}
              </Button>{' '}
              <span className="long-words" lang="en">
                {f.message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </SpaceBetween>
  );
}

const colors: Record<Severity, 'red' | 'severity-high' | 'blue' | 'grey'> = { error: 'red', security: 'severity-high', warning: 'blue', suggestion: 'grey' };

const toDiagnostic = (f: Finding): Diagnostic => ({
  from: f.from,
  to: Math.max(f.to, f.from),
  severity: f.severity === 'error' ? 'error' : f.severity === 'suggestion' ? 'info' : 'warning',
  message: f.message,
});

/** The value as it was when it last stood still for that long. */
function useSettled(value: string, milliseconds: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
