import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useIdentityCenter, type DirectorySettings } from '../api';
import type { Instance } from '../enable/WithInstance';

export const settingsKey = (instance: Instance) => ['singlesignon', 'directory-settings', instance.arn] as const;

/** The portal's address, sessions, MFA and the identity source of an instance. */
export function useDirectorySettings(instance: Instance): UseQueryResult<DirectorySettings> {
  const call = useIdentityCenter();
  return useQuery({
    queryKey: settingsKey(instance),
    queryFn: ({ signal }) => call('DescribeDirectorySettings', { InstanceArn: instance.arn }, signal),
  });
}
