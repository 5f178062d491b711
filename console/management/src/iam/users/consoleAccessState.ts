import { GetLoginProfileCommand } from '@aws-sdk/client-iam';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';

export const consoleAccessKey = (user: string) => ['iam', 'login-profile', user];

/** The user's console password, as far as it is told: since when, and whether it must be changed. Null without one. */
export function useConsoleAccess(user: string) {
  const { iam } = useClients();
  return useQuery({
    queryKey: consoleAccessKey(user),
    queryFn: async ({ signal }) => {
      try {
        const { LoginProfile } = await (await iam()).send(new GetLoginProfileCommand({ UserName: user }), { abortSignal: signal });
        return LoginProfile ?? null;
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
  });
}
