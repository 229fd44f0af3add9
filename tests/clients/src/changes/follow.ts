// The test of every client that follows changes: it shows the steps of a scenario while another client
// changes them and while its connection breaks.
import assert from "node:assert/strict";
import { createScenario, createStep, cursorsAfter, deleteStep, renameStep } from "./boards";
import { openProxy } from "./proxy";

export interface Board {
  /** The cursor after which the client follows the changes. */
  readonly after: string;
  readonly stop: () => void;
}

/**
 * Shows the steps of a scenario: calls `onNames` with their names, and again whenever they change. The
 * stream of changes has this URL; its results are reported to `onResult`.
 */
export type ShowBoard = (
  scenarioId: string,
  streamUrl: string,
  onNames: (names: string[]) => void,
  onResult: (result: any) => void,
) => Promise<Board>;

/** All requests that read the steps of a scenario. */
const reads: string[] = [];
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const request = decodeURIComponent(`${input} ${init?.body}`);
  if (/query[ +]board/i.test(request)) reads.push(request);
  return fetch(input, init);
};

export async function follow(clientName: string, show: ShowBoard): Promise<void> {
  const passed = (what: string) => console.log(`passed: ${clientName}: ${what}`);
  const proxy = await openProxy();
  const scenarioId = await createScenario(clientName);
  const first = await createStep(scenarioId, "First");
  const second = await createStep(scenarioId, "Second");
  const readCount = () => reads.filter((request) => request.includes(scenarioId)).length;

  const cursors: string[] = [];
  const received = new Latest<string[]>();
  let cutAt = Infinity;
  const shown = new Latest<string[]>();
  const board = await show(
    scenarioId,
    proxy.url,
    (names) => shown.set(names),
    ({ data, errors }) => {
      assert(data && !errors, `${clientName}: ${JSON.stringify(errors)}`);
      cursors.push(data.changes.cursor);
      received.set(cursors);
      if (cursors.length === cutAt) {
        proxy.cut();
        proxy.restore();
      }
    },
  );
  const shows = (...names: string[]) =>
    shown.until((current) => current.join() === names.join(), `${clientName} shows ${names}`);

  await shows("First", "Second");
  const readsBefore = readCount();
  await renameStep(first, "Renamed");
  await shows("Renamed", "Second");
  assert.equal(readCount(), readsBefore);
  passed("shows the new name of a step without reading it");

  proxy.cut();
  await renameStep(first, "Renamed again");
  await deleteStep(second);
  const third = await createStep(scenarioId, "Third");
  proxy.restore();
  await shows("Renamed again", "Third");
  passed("shows what changed while it was cut off");

  cutAt = cursors.length + 5;
  for (let count = 1; count <= 20; count += 1) {
    await renameStep(third, `Third, ${count}`);
  }
  await shows("Renamed again", "Third, 20");
  passed("shows the last name after it was cut off between changes");

  // Events show objects as they are now, so that the last name can come before the last event.
  const expected = await cursorsAfter(scenarioId, board.after);
  await received.until((cursors) => cursors.at(-1) === expected.at(-1), `${clientName} gets all`);
  board.stop();
  proxy.close();
  assert(proxy.connectionCount() >= 3);
  assert.deepEqual(cursors, expected);
  passed(`got each of ${cursors.length} changes once, in their order`);
}

/** A value that changes, and waits for it. */
class Latest<Value> {
  private value?: Value;
  private check = () => {};

  set(value: Value): void {
    this.value = value;
    this.check();
  }

  until(isExpected: (value: Value) => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`Not yet: ${what}; but ${JSON.stringify(this.value)}`));
      const timer = setTimeout(late, 60_000);
      this.check = () => {
        if (this.value !== undefined && isExpected(this.value)) {
          clearTimeout(timer);
          resolve();
        }
      };
      this.check();
    });
  }
}
