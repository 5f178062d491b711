import {
  DescribePolicyCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListTargetsForPolicyCommand,
  type OrganizationsClient,
  type Policy,
  type PolicySummary,
  type PolicyTargetSummary,
  type PolicyType,
  type PolicyTypeStatus,
} from '@aws-sdk/client-organizations';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';
import { allPages } from '../../sdk/allPages';
import { useRoot } from '../../ui/accountTree/useRoot';
import { everything } from '../organization';

/** Whether a type can be attached; undefined until that is known. */
export function useTypeStatus(type: PolicyType): PolicyTypeStatus | 'DISABLED' | undefined {
  const { data } = useRoot();
  if (!data) return undefined;
  return data.PolicyTypes?.find(({ Type }) => Type === type)?.Status ?? 'DISABLED';
}

export function usePolicies(type: PolicyType, enabled = true): UseQueryResult<PolicySummary[]> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: [...everything, 'policies', type],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      return allPages(
        (NextToken) => client.send(new ListPoliciesCommand({ Filter: type, NextToken }), { abortSignal: signal }),
        (page) => page.Policies,
      );
    },
    enabled,
  });
}

export function usePolicy(id: string): UseQueryResult<Policy> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: [...everything, 'policy', id],
    queryFn: async ({ signal }) => (await (await organizations()).send(new DescribePolicyCommand({ PolicyId: id }), { abortSignal: signal })).Policy!,
  });
}

/** Where a policy is attached. */
export function useTargets(id: string): UseQueryResult<PolicyTargetSummary[]> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: [...everything, 'targets', id],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      return allPages(
        (NextToken) => client.send(new ListTargetsForPolicyCommand({ PolicyId: id, NextToken }), { abortSignal: signal }),
        (page) => page.Targets,
      );
    },
  });
}

/** The policies of a type that are attached to the root, a unit or an account itself. */
export const attachedTo = (client: OrganizationsClient, target: string, type: PolicyType, abortSignal: AbortSignal): Promise<PolicySummary[]> =>
  allPages(
    (NextToken) => client.send(new ListPoliciesForTargetCommand({ TargetId: target, Filter: type, NextToken }), { abortSignal }),
    (page) => page.Policies,
  );
