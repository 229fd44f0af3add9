/** The most concurrent requests. */
const CONCURRENT_MAX = 8;

/** Applies the action to all items, a few concurrently. The results have the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const work = async () => {
    for (const [index, item] of left) {
      results[index] = await action(item);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_MAX }, work));
  return results;
}
