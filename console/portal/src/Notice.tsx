import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** Stands in the place of a list that has nothing in it. */
export function Notice({ title, text, action }: { title: string; text: string; action?: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <SpaceBetween size="xs">
        <Box variant="strong">{title}</Box>
        <Box variant="p" color="text-body-secondary">
          {text}
        </Box>
        {action}
      </SpaceBetween>
    </Box>
  );
}
