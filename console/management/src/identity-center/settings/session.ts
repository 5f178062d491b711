/** The portal session's length, in minutes: G-56. */
export const SHORTEST = 15;
export const LONGEST = 90 * 24 * 60;
export const DEFAULT = 8 * 60;

/** The lengths that one chooses from; any other can be typed. */
export const PRESETS: readonly number[] = [15, 30, 60, 240, DEFAULT, 720, 1440, 7 * 1440, 30 * 1440, LONGEST];

/** What was typed as minutes; undefined for what cannot be a session's length. */
export function minutesOf(typed: string): number | undefined {
  if (!/^\d{1,6}$/.test(typed.trim())) return undefined;
  const minutes = Number(typed);
  return minutes >= SHORTEST && minutes <= LONGEST ? minutes : undefined;
}

/** The length in the largest unit that tells it whole. */
export function inUnits(minutes: number): { unit: 'minutes' | 'hours' | 'days'; n: number } {
  if (minutes % 1440 === 0) return { unit: 'days', n: minutes / 1440 };
  return minutes % 60 === 0 ? { unit: 'hours', n: minutes / 60 } : { unit: 'minutes', n: minutes };
}
