import { ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { deviceOf } from '../../credentials/device';

/** The user's MFA devices: the very query of `<MfaDevices>`, so that what is changed there shows everywhere. */
export function useMfaDevices(user: string) {
  const { iam } = useClients();
  return useQuery({
    queryKey: ['credentials', 'mfa-devices', user],
    queryFn: async ({ signal }) => {
      const { MFADevices = [] } = await (await iam()).send(new ListMFADevicesCommand({ UserName: user }), { abortSignal: signal });
      return MFADevices.map(({ SerialNumber = '', EnableDate }) => deviceOf(SerialNumber, EnableDate));
    },
  });
}
