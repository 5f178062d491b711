/** What this browser remembers of the console: conveniences, never anything that matters. */
const KEYS = { region: 'sekisho-region', recent: 'sekisho-recent' } as const;

/** How many services "Recently visited" keeps. */
export const MOST_RECENT = 6;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // refused by the browser's settings
  }
}

function write(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // refused, or full: the next visit starts without it
  }
}

/** The Region chosen last, if the server still has it. */
export function rememberedRegion(regions: readonly string[], fallback: string): string {
  const region = read(KEYS.region);
  return region && regions.includes(region) ? region : fallback;
}

export function rememberRegion(region: string) {
  write(KEYS.region, region);
}

/** Ids of the sections visited last, newest first. */
export function recentSections(): string[] {
  try {
    const ids: unknown = JSON.parse(read(KEYS.recent) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string').slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

export function rememberSection(id: string) {
  write(KEYS.recent, JSON.stringify([id, ...recentSections().filter((other) => other !== id)].slice(0, MOST_RECENT)));
}
