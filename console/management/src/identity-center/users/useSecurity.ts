import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useIdentityCenter, type UserSecurity } from '../api';
import type { Instance } from '../enable/WithInstance';

export const securityKey = (instance: Instance, user: string) => ['singlesignon', 'user-security', instance.arn, user] as const;

/** How a person signs in: password, verified address, MFA devices. */
export function useSecurity(instance: Instance, user: string): UseQueryResult<UserSecurity> {
  const call = useIdentityCenter();
  return useQuery({ queryKey: securityKey(instance, user), queryFn: ({ signal }) => call('DescribeUserSecurity', { InstanceArn: instance.arn, UserId: user }, signal) });
}

/** RFC 3339 as a date; undefined for none. */
export const timeOf = (time: string | undefined): Date | undefined => (time ? new Date(time) : undefined);
