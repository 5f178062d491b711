import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocale } from '../../../shared/locale';
import { CodeBlock, CopyButton, CopyValue } from '../../../shared/ui/CodeBlock';
import { usePortal } from '../context';
import type { Shell } from './quoting';
import { awsFile, defaultProfile, loginCommands, sessionName, ssoConfig, ssoProfile, type Assignment } from './snippets';

/** The recommended way: the client signs in by itself and keeps its credentials fresh (I-16, Q-30). */
export function IdentityCenterSection({ shell, assignment }: { shell: Shell; assignment: Assignment }) {
  const { t } = useLocale();
  const { session } = usePortal();
  const file = awsFile(shell, 'config');
  return (
    <Container header={<Header variant="h3">{t.credentials.recommended}</Header>}>
      <SpaceBetween size="s">
        <Box variant="p" padding="n">
          {t.credentials.recommendedText}
        </Box>
        <KeyValuePairs
          columns={1}
          items={[
            { label: t.credentials.startUrl, value: <CopyValue label={t.credentials.startUrl} text={session.awsStartUrl} /> },
            { label: t.credentials.ssoRegion, value: <CopyValue label={t.credentials.ssoRegion} text={session.region} /> },
          ]}
        />
        {session.startUrl !== session.awsStartUrl && (
          <Box color="text-body-secondary" fontSize="body-s">
            {t.credentials.startUrlNote}
          </Box>
        )}
        <div>{t.credentials.configText(file)}</div>
        <CodeBlock label={t.credentials.configLabel} text={ssoConfig(session, assignment)} />
        <SpaceBetween size="xs" direction="horizontal" alignItems="center">
          <span>{t.credentials.configRepeat(sessionName(session))}</span>
          <CopyButton label={t.credentials.copyProfile} button={t.credentials.copyProfile} text={ssoProfile(session, assignment)} />
        </SpaceBetween>
        <div>{t.credentials.loginText}</div>
        <CodeBlock label={t.credentials.loginLabel} text={loginCommands(shell, assignment)} />
        <ExpandableSection headerText={t.credentials.wizardHeader}>
          <SpaceBetween size="s">
            <div>{t.credentials.wizardText(file)}</div>
            <CodeBlock label={t.credentials.wizardLabel} text={defaultProfile(session)} />
          </SpaceBetween>
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}
