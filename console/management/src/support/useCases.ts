import { DescribeCasesCommand, DescribeCommunicationsCommand, type CaseDetails, type Communication } from '@aws-sdk/client-support';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../console';

const PAGE = 100;
const MOST_PAGES = 10;
/** While a case is shown: answers appear as they are written, which is what a chat is here. */
const ASK_AGAIN_MS = 10_000;

export interface Cases {
  cases: CaseDetails[];
  /** Whether there are more than are listed. */
  more: boolean;
}

/** The account's cases, the newest first. */
export function useCases(resolved: boolean) {
  const { support } = useClients();
  return useQuery({
    queryKey: ['support', 'cases', resolved],
    queryFn: async ({ signal }): Promise<Cases> => {
      const client = await support();
      const cases: CaseDetails[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await client.send(
          new DescribeCasesCommand({ includeResolvedCases: resolved, includeCommunications: false, maxResults: PAGE, nextToken }),
          { abortSignal: signal },
        );
        cases.push(...(answer.cases ?? []));
        nextToken = answer.nextToken;
        if (!nextToken) break;
      }
      return { cases, more: nextToken !== undefined };
    },
  });
}

export interface Conversation {
  details: CaseDetails;
  /** The oldest first. */
  messages: Communication[];
}

/** One case with everything that was written. */
export function useConversation(displayId: string) {
  const { support } = useClients();
  return useQuery({
    queryKey: ['support', 'case', displayId],
    refetchInterval: ASK_AGAIN_MS,
    queryFn: async ({ signal }): Promise<Conversation> => {
      const client = await support();
      const found = await client.send(new DescribeCasesCommand({ displayId, includeResolvedCases: true, includeCommunications: false }), { abortSignal: signal });
      const details = found.cases?.[0];
      if (!details) throw new Error('DescribeCases answered without a case');
      const messages: Communication[] = [];
      let nextToken: string | undefined;
      do {
        const answer = await client.send(new DescribeCommunicationsCommand({ caseId: details.caseId, maxResults: PAGE, nextToken }), { abortSignal: signal });
        messages.push(...(answer.communications ?? []));
        nextToken = answer.nextToken;
      } while (nextToken);
      return { details, messages: messages.toReversed() };
    },
  });
}
