interface Paged {
  NextToken?: string | undefined;
}

/**
 * All pages of a list that quotas keep short (behaviours.md 1.7):
 * `allPages((NextToken) => client.send(new ListTagsForResourceCommand({ NextToken })), (page) => page.Tags)`.
 */
export async function allPages<P extends Paged, T>(fetch: (token: string | undefined) => Promise<P>, items: (page: P) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    const page = await fetch(token);
    found.push(...(items(page) ?? []));
    token = page.NextToken || undefined;
  } while (token);
  return found;
}
