/** Where steps are put: the input `CrmStepPlacement`. */
export type Placement = { first: true } | { last: true } | { before: string } | { after: string };

/** What one call of `moveCrmSteps` moves where. */
export interface Move {
  ids: string[];
  to: Placement;
}

/**
 * The order after a move: `moved` stand together at `to`, in the order that they have in `moved`, as the service puts
 * them. The order itself where `to` is beside a step that is not in it.
 */
export function reorder(ids: readonly string[], moved: readonly string[], to: Placement): readonly string[] {
  const movedIds = new Set(moved);
  const rest = ids.filter((id) => !movedIds.has(id));
  const at = positionOf(rest, to);
  return at === null ? ids : [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}

function positionOf(ids: readonly string[], to: Placement): number | null {
  if ('first' in to) return 0;
  if ('last' in to) return ids.length;
  const neighbour = ids.indexOf('before' in to ? to.before : to.after);
  if (neighbour < 0) return null;
  return 'before' in to ? neighbour : neighbour + 1;
}

/**
 * The placement of steps that are dropped beside the step `key`. That may be one of them, which no placement may name;
 * then it is the next step that is not.
 */
export function placementBeside(
  ids: readonly string[],
  moved: ReadonlySet<string>,
  key: string,
  side: 'before' | 'after',
): Placement {
  if (!moved.has(key)) return side === 'before' ? { before: key } : { after: key };
  const following = ids.slice(ids.indexOf(key) + 1).find((id) => !moved.has(id));
  return following === undefined ? { last: true } : { before: following };
}

/** The moves that a step or several have by keys and menus, past the neighbours that are `shown`. */
export interface MovesOf {
  first: Placement | null;
  left: Placement | null;
  right: Placement | null;
  last: Placement | null;
}

/**
 * Where steps can go from where they are; null where they are already. `shown` is the order as the user sees it, which
 * a filter may have shortened: left is then past the step that is seen there.
 */
export function movesOf(shown: readonly string[], moved: ReadonlySet<string>): MovesOf {
  const from = shown.findIndex((id) => moved.has(id));
  const to = shown.findLastIndex((id) => moved.has(id));
  if (from < 0) return { first: null, left: null, right: null, last: null };
  const isTogether = shown.slice(from, to + 1).every((id) => moved.has(id));
  const before = shown[from - 1];
  const after = shown[to + 1];
  return {
    first: before === undefined && isTogether ? null : { first: true },
    left: before === undefined ? null : { before },
    right: after === undefined ? null : { after },
    last: after === undefined && isTogether ? null : { last: true },
  };
}

/**
 * The moves that bring steps back to where they stood in `former`: one for each group of them that stood together,
 * from the first on, so that the step that a group is put after is there already. Steps that are not `present` any
 * more are left out.
 */
export function movesBack(former: readonly string[], moved: readonly string[], present: ReadonlySet<string>): Move[] {
  const movedIds = new Set(moved);
  const moves: Move[] = [];
  let predecessor: string | null = null;
  let group: Move | null = null;
  for (const id of former) {
    if (!present.has(id)) continue;
    if (!movedIds.has(id)) {
      group = null;
    } else if (group === null) {
      group = { ids: [id], to: predecessor === null ? { first: true } : { after: predecessor } };
      moves.push(group);
    } else {
      group.ids.push(id);
    }
    predecessor = id;
  }
  return moves;
}

/** The step that gets the focus when some are removed: the next one that stays, else the one before; null if none stays. */
export function neighbourOf(ids: readonly string[], removed: ReadonlySet<string>, focused: string): string | null {
  const at = ids.indexOf(focused);
  if (at < 0) return null;
  const stays = (id: string) => !removed.has(id);
  return ids.slice(at).find(stays) ?? ids.slice(0, at).findLast(stays) ?? null;
}
