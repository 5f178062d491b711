import { DescribeServicesCommand, DescribeSeverityLevelsCommand, type Service } from '@aws-sdk/client-support';
import { useQuery } from '@tanstack/react-query';
import { useLocale } from '../../../shared/locale';
import { useClients } from '../console';

export interface Names {
  services: Service[];
  severities: { code: string; name: string }[];
}

/** What cases can be about and how urgent they can be, in the language of the page. */
export function useNames() {
  const { support } = useClients();
  const { locale } = useLocale();
  return useQuery({
    queryKey: ['support', 'names', locale],
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Names> => {
      const client = await support();
      const [services, severities] = await Promise.all([
        client.send(new DescribeServicesCommand({ language: locale }), { abortSignal: signal }),
        client.send(new DescribeSeverityLevelsCommand({ language: locale }), { abortSignal: signal }),
      ]);
      return {
        services: services.services ?? [],
        severities: (severities.severityLevels ?? []).map(({ code = '', name = '' }) => ({ code, name })),
      };
    },
  });
}

/** What a case is about, in words; its codes where there are none. */
export function aboutOf(names: Names | undefined, serviceCode = '', categoryCode = ''): string {
  const service = names?.services.find(({ code }) => code === serviceCode);
  const category = service?.categories?.find(({ code }) => code === categoryCode);
  return `${service?.name ?? serviceCode} – ${category?.name ?? categoryCode}`;
}
