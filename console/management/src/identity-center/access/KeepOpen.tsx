import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { useMessages } from '../../messages';
import { accessMessages } from '../accessMessages';

/** While drawn, asks who leaves the page, by a link or by closing it, whether they mean to. */
export function KeepOpen() {
  const t = useMessages(accessMessages).works;
  const blocker = useBlocker(({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  if (blocker.state !== 'blocked') return null;
  return (
    <Modal
      visible
      header={t.leaveTitle}
      onDismiss={() => blocker.reset()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => blocker.proceed()}>
              {t.leave}
            </Button>
            <Button variant="primary" onClick={() => blocker.reset()}>
              {t.stay}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {t.leaveText}
    </Modal>
  );
}
