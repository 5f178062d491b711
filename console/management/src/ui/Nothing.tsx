import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';

/** Said in the place of a list in which there is nothing, with what one could do about it. */
export function Nothing({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <b>{title}</b>
      <Box color="text-body-secondary">{children}</Box>
    </>
  );
}
