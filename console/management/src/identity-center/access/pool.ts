/** So many questions about single items are asked at a time: AWS takes 20 a second (behaviours.md 1.7). */
const AT_ONCE = 6;

/** `ask` of each item, a few at a time, in the items' order. The first failure ends it. */
export async function mapPool<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what a worker does
      results[i] = await ask(items[i]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
