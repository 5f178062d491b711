import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocale } from '../../../shared/locale';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useSession } from '../console';
import { whoCanHelp, type Denial } from '../denial';
import { toConsoleFailure } from '../failure';
import { useMessages } from '../messages';
import { shellMessages } from '../messages.shell';
import { groupedAccountId } from '../session';

/**
 * Says what failed and what the person can do about it. A refusal says what was denied,
 * which kind of policy decided, and who can change that.
 */
export function FailureAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useLocale();
  const words = useMessages(shellMessages);
  const failure = toConsoleFailure(error);
  if (failure.kind === 'sessionEnded') {
    return (
      <div role="alert">
        <Alert type="warning" header={t.session.endedTitle} action={<Button onClick={signInAgain}>{t.session.signInAgain}</Button>}>
          {t.session.endedText}
        </Alert>
      </div>
    );
  }
  if (failure.code === 'OptInRequired') {
    return (
      <div role="alert">
        <Alert type="warning" header={words.notActive.title} action={<Button href="/">{words.notActive.action}</Button>}>
          {words.notActive.text}
        </Alert>
      </div>
    );
  }
  const retry = onRetry && <Button onClick={onRetry}>{t.failure.retry}</Button>;
  if (failure.denial) {
    const { action } = failure.denial;
    return (
      <div role="alert">
        <Alert type="warning" header={action ? words.denied.titleFor(action) : words.denied.title} action={retry}>
          <Refusal denial={failure.denial} message={failure.detail ?? ''} />
        </Alert>
      </div>
    );
  }
  const said = failure.kind === 'unexpected' && failure.code !== '' && failure.detail;
  const { title, text } = {
    throttled: { title: t.failure.throttledTitle, text: t.failure.throttledText },
    unreachable: { title: t.failure.unreachableTitle, text: t.failure.unreachableText },
    forbidden: { title: words.denied.title, text: '' },
    unexpected: { title: failure.code ? words.failure.title(failure.code) : t.failure.unexpectedTitle, text: said ? '' : t.failure.unexpectedText },
  }[failure.kind];
  return (
    <div role="alert">
      <Alert type="error" header={title} action={retry}>
        {text}
        {failure.detail && <Box color="inherit">{said ? failure.detail : t.failure.detail(failure.detail)}</Box>}
        {failure.requestId && (
          <Box color="inherit" fontSize="body-s">
            {t.failure.requestId(failure.requestId)}
          </Box>
        )}
      </Alert>
    </div>
  );
}

function Refusal({ denial, message }: { denial: Denial; message: string }) {
  const words = useMessages(shellMessages).denied;
  const { kind, accountId } = useSession();
  const helper = whoCanHelp(denial.policy, kind);
  const account = groupedAccountId(accountId);
  const { administrator, administratorById, ...others } = words.helper;
  const help = helper === 'administrator' ? (denial.decisionId ? administratorById : administrator)(account) : others[helper];
  const why = (denial.explicit ? words.explicit : words.implicit)[denial.policy];
  return (
    <SpaceBetween size="s">
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          ...(denial.action
            ? [{ label: words.what, value: <span className="long-words">{denial.resource ? words.on(denial.action, denial.resource) : denial.action}</span> }]
            : []),
          { label: words.why, value: <span className="long-words">{denial.action ? why : message || why}</span> },
          { label: words.who, value: help },
        ]}
      />
      {denial.decisionId && (
        <div>
          {words.decision}: <CopyValue label={words.decision} text={denial.decisionId} />
          <Box color="inherit" fontSize="body-s">
            {words.decisionText} <code className="long-words">sekisho policy explain {denial.decisionId}</code>
          </Box>
        </div>
      )}
    </SpaceBetween>
  );
}

/** The server asks for the sign-in, and comes back to this address. */
function signInAgain() {
  location.reload();
}
