import { LookupEventsCommand, type CloudTrailClient, type Event, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useClients } from '../console';

/** As many as LookupEvents gives at once. */
export const PAGE_SIZE = 50;

/** The answer to a question, page by page as it is asked for. */
export function useEvents(input: LookupEventsCommandInput) {
  const { cloudTrail } = useClients();
  return useInfiniteQuery({
    queryKey: ['cloudtrail', 'events', input],
    queryFn: async ({ pageParam, signal }) =>
      (await cloudTrail()).send(new LookupEventsCommand({ ...input, MaxResults: PAGE_SIZE, NextToken: pageParam }), { abortSignal: signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ NextToken }) => NextToken,
    // A new question has a new moment in it; the old answer stays as it was.
    staleTime: Infinity,
  });
}

/** A file has no more events than this; fetching them takes some seconds. */
const MOST_DOWNLOADED = 2_000;

/** All answers to a question, up to MOST_DOWNLOADED; `more` says that there are others. */
export async function allEvents(client: CloudTrailClient, input: LookupEventsCommandInput): Promise<{ events: Event[]; more: boolean }> {
  const events: Event[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new LookupEventsCommand({ ...input, MaxResults: PAGE_SIZE, NextToken }));
    events.push(...(page.Events ?? []));
    NextToken = page.NextToken;
  } while (NextToken && events.length < MOST_DOWNLOADED);
  return { events, more: !!NextToken };
}
