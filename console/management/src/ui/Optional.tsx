import type { ReactNode } from 'react';
import { useMessages } from '../messages';
import { messages } from './messages';

/** The label of what may be left empty. */
export function Optional({ children }: { children: ReactNode }) {
  const { optional } = useMessages(messages).common;
  return (
    <>
      {children} - <i>{optional}</i>
    </>
  );
}
