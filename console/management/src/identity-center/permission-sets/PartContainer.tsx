import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailureAlert } from '../../ui/FailureAlert';

/** What a set has one or none of, with the ways to take it away and to put one. */
export function PartContainer<T>({
  query: { data, error, refetch },
  title,
  description,
  none,
  show,
  remove,
  edit,
}: {
  /** Answers with a falsy value for none. */
  query: UseQueryResult<T>;
  title: string;
  description: string;
  /** Said instead of it. */
  none: string;
  show: (value: NonNullable<T>) => ReactNode;
  remove: { text: string; onClick: () => void };
  edit: { text: string; onClick: () => void };
}) {
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={description}
          actions={
            data !== undefined && (
              <SpaceBetween direction="horizontal" size="xs">
                {/* Not '', which would be a child without a key. */}
                {Boolean(data) && <Button onClick={remove.onClick}>{remove.text}</Button>}
                <Button onClick={edit.onClick}>{edit.text}</Button>
              </SpaceBetween>
            )
          }
        >
          {title}
        </Header>
      }
    >
      {data === undefined ? <Spinner /> : data ? show(data) : none}
    </Container>
  );
}
