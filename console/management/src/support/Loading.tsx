import Box from '@cloudscape-design/components/box';

export function Loading({ text }: { text: string }) {
  return (
    <div role="status">
      <Box color="text-body-secondary">{text}</Box>
    </div>
  );
}
