import SpaceBetween from '@cloudscape-design/components/space-between';
import { Boundary } from './Boundary';
import { Customer } from './Customer';
import { Inline } from './Inline';
import { Managed } from './Managed';
import type { PartProps } from './part';

/** Everything that a set allows, each part to be changed on its own. */
export function Permissions(props: PartProps) {
  return (
    <SpaceBetween size="l">
      <Managed {...props} />
      <Customer {...props} />
      <Inline {...props} />
      <Boundary {...props} />
    </SpaceBetween>
  );
}
