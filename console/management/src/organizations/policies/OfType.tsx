import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useMessages } from '../../messages';
import { paths } from '../paths';
import { policiesMessages } from './messages';
import { typeOf, type TypeFacts } from './types';

/** What the address names a type of policy for. */
export function OfType({ children }: { children: (facts: TypeFacts) => ReactNode }) {
  const t = useMessages(policiesMessages);
  const { type = '' } = useParams();
  const facts = typeOf(type);
  if (facts) return children(facts);
  return <Alert type="warning" header={t.unknownType} action={<Button href={paths.policies}>{t.title}</Button>} />;
}
