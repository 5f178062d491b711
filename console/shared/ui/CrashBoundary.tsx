import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, type ReactNode } from 'react';
import { useLocale } from '../locale';

/** Keeps a defect in one part of the page from leaving the person before a blank one. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { t } = useLocale();
  return (
    <div role="alert">
      <Alert
        type="error"
        header={t.portal.crashed.title}
        action={<Button onClick={() => location.reload()}>{t.portal.crashed.action}</Button>}
      >
        {t.portal.crashed.text}
      </Alert>
    </div>
  );
}
