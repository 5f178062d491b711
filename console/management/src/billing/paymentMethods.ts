import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useOwnApi } from '../sdk/ownApi';

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
  const ask = useOwnApi();
  return useQuery({
    queryKey: ['billing', 'payment-methods'],
    queryFn: async ({ signal }) => ((await ask('_billing/payment-methods', undefined, signal)) as PaymentMethod[] | null) ?? [],
  });
}
