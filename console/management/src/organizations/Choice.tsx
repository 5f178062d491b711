import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useId, type ReactNode } from 'react';

/**
 * A field of a form that is a table to choose from. A FormField would give every box in the
 * table the field's name, so that nobody could tell them apart by ear.
 */
export function Choice({ label, errorText, children }: { label: string; /** What is wrong, if anything is. */ errorText: string | false; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <SpaceBetween size="xs">
        <Box variant="awsui-key-label" id={id}>
          {label}
        </Box>
        {children}
        <div aria-live="polite">{errorText && <StatusIndicator type="error">{errorText}</StatusIndicator>}</div>
      </SpaceBetween>
    </div>
  );
}
