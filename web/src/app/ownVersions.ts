/**
 * The versions that commands of this tab have made: what they made of which version, by object. Undoing the last
 * command makes a new version, too, which the undo of the one before has to expect. A change by anybody else is not
 * among them, so that it makes an undo stale.
 */
const changes = new Map<string, Map<number, number>>();

/** Remembers that a command of this tab has made version `to` of an object from version `from`. */
export function keepOwnVersion(id: string, from: number, to: number): void {
  let known = changes.get(id);
  if (known === undefined) changes.set(id, (known = new Map()));
  // Versions only rise, so that following them ends.
  if (to > from) known.set(from, to);
}

/** What this tab alone has made of a version of an object by now. */
export function ownVersion(id: string, version: number): number {
  const known = changes.get(id);
  let latest = version;
  for (let next = known?.get(latest); next !== undefined; next = known?.get(latest)) latest = next;
  return latest;
}
