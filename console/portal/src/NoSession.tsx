import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useLocale } from '../../shared/locale';

/** Shown when the page did not come from the server's /start, which alone writes the session into it. */
export function NoSession({ startPath }: { startPath: string }) {
  const { t } = useLocale();
  return (
    <main className="portal-main">
      <Alert type="warning" header={t.portal.noSession.title} action={<Button href={startPath}>{t.portal.noSession.action}</Button>}>
        {t.portal.noSession.text}
      </Alert>
    </main>
  );
}
