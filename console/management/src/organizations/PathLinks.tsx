import Link from '@cloudscape-design/components/link';
import Spinner from '@cloudscape-design/components/spinner';
import { Fragment } from 'react';
import { useMessages } from '../messages';
import { messages } from './messages';
import { targetHref } from './paths';
import { usePath } from './usePath';

/** "Root / Production / EU", each a link to its page. */
export function PathLinks({ id }: { id: string }) {
  const t = useMessages(messages);
  const { data, error } = usePath(id);
  if (error) return t.none;
  if (!data) return <Spinner />;
  return (
    <span className="long-words">
      {data.map((step, i) => (
        <Fragment key={step.id}>
          {i > 0 && ' / '}
          <Link href={targetHref(step.id)}>{step.name}</Link>
        </Fragment>
      ))}
    </span>
  );
}
