import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { CSRF_HEADER } from '../../../shared/csrf';
import { PRINCIPAL_HEADER } from '../sdk/clients';
import { useConsole } from '../console';

/** As the server knows it; no card number is kept anywhere. */
export interface PaymentMethod {
  id: string;
  brand: string;
  lastFour: string;
  /** 1 to 12. */
  expiryMonth: number;
  /** Four digits. */
  expiryYear: number;
  isDefault: boolean;
  status: 'valid' | 'pending' | 'declined';
  /** Why it was declined, in the financial institution's words; '' otherwise. */
  error: string;
}

/** Whether the card's last month is over. @param now milliseconds since 1970 */
export function isExpired({ expiryMonth, expiryYear }: PaymentMethod, now: number): boolean {
  return now >= Date.UTC(expiryYear, expiryMonth, 1);
}

/** Those that somebody has to do something about (E-10, A-36). */
export function needsAttention(method: PaymentMethod, now: number): boolean {
  return method.status !== 'valid' || isExpired(method, now);
}

/** AWS has no public API for payment methods; this one address of our own stands in for it. */
export function usePaymentMethods(): UseQueryResult<PaymentMethod[]> {
  const { session, sessionEnd } = useConsole();
  return useQuery({
    queryKey: ['billing', 'payment-methods'],
    queryFn: async ({ signal }) => {
      const response = await fetch('/api/_billing/payment-methods', {
        headers: { [CSRF_HEADER.name]: CSRF_HEADER.value, [PRINCIPAL_HEADER]: session.arn, accept: 'application/json' },
        cache: 'no-store',
        signal,
      });
      if (response.status === 401) sessionEnd.report();
      if (!response.ok) throw await refused(response);
      return ((await response.json()) as PaymentMethod[] | null) ?? [];
    },
  });
}

/** The server's refusal in the form of the SDK's errors, so that it is shown like one. */
async function refused(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => ({}))) as { message?: string; Message?: string };
  const error = new Error(body.message ?? body.Message ?? '');
  error.name = (response.headers.get('x-amzn-errortype') ?? 'UnknownError').split(':')[0]!;
  const $response = { headers: Object.fromEntries(response.headers) };
  return Object.assign(error, { $metadata: { httpStatusCode: response.status }, $response });
}
