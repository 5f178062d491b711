import { useEffect, useState } from 'react';

/** The time by the given clock, renewed as often as the interval says. */
export function useNow(now: () => number, intervalMs: number): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), intervalMs);
    return () => clearInterval(timer);
  }, [now, intervalMs]);
  return time;
}
