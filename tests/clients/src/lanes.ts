// Many requests at a time, but not all of them.
const LANES = 8;

/** The results in the order of the items. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const lane = async () => {
    for (const [index, item] of left) {
      results[index] = await action(item);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
