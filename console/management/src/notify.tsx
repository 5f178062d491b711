import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLocale } from '../../shared/locale';
import { useMessages } from './messages';
import { shellMessages } from './messages.shell';

export interface Notice {
  type: 'success' | 'info' | 'warning' | 'error';
  header?: ReactNode;
  content?: ReactNode;
  action?: ReactNode;
}

type Notify = (notice: Notice) => void;

const NotifyContext = createContext<Notify | null>(null);
const NoticesContext = createContext<FlashbarProps.MessageDefinition[]>([]);

/** Beyond this many the oldest go: who has not read three notices will not read four. */
const MOST_NOTICES = 3;

/** Shows a notice at the top of the page, whichever page is next, until it is dismissed. */
export function useNotify(): Notify {
  const notify = useContext(NotifyContext);
  if (!notify) throw new Error('useNotify outside NotifyProvider');
  return notify;
}

export function NotifyProvider({ children }: { children: ReactNode }) {
  const { t } = useLocale();
  const [notices, setNotices] = useState<(Notice & { id: string })[]>([]);
  const count = useRef(0);
  const notify = useCallback((notice: Notice) => {
    count.current += 1;
    const id = String(count.current);
    setNotices((shown) => [{ ...notice, id }, ...shown].slice(0, MOST_NOTICES));
  }, []);
  const items = useMemo(
    () =>
      notices.map((notice): FlashbarProps.MessageDefinition => ({
        ...notice,
        ariaRole: notice.type === 'error' ? 'alert' : 'status',
        dismissible: true,
        dismissLabel: t.navigation.dismiss,
        onDismiss: () => setNotices((shown) => shown.filter(({ id }) => id !== notice.id)),
      })),
    [notices, t],
  );
  return (
    <NotifyContext value={notify}>
      <NoticesContext value={items}>{children}</NoticesContext>
    </NotifyContext>
  );
}

/** Where the shell shows the notices; `first` are those that cannot be dismissed. */
export function Notices({ first }: { first: FlashbarProps.MessageDefinition[] }) {
  const notices = useContext(NoticesContext);
  const t = useMessages(shellMessages).notices;
  return (
    <Flashbar
      items={[...first, ...notices]}
      stackItems
      i18nStrings={{
        ariaLabel: t.label,
        notificationBarAriaLabel: t.all,
        notificationBarText: t.label,
        errorIconAriaLabel: t.error,
        warningIconAriaLabel: t.warning,
        successIconAriaLabel: t.success,
        infoIconAriaLabel: t.info,
        inProgressIconAriaLabel: t.inProgress,
      }}
    />
  );
}
