/** The name in what the history keeps of a thing, which is any JSON to the types. */
export function nameInSnapshot(snapshot: unknown): string | undefined {
  if (typeof snapshot !== 'object' || snapshot === null || !('name' in snapshot)) return undefined;
  return typeof snapshot.name === 'string' ? snapshot.name : undefined;
}
