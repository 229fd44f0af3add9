// A connection that is dead without having been closed: the clients notice that they hear nothing.
import assert from "node:assert/strict";
import { print } from "graphql";
import { WebSocket } from "ws";
import { ChangesDocument } from "../__generated__/graphql";
import { overServerSentEvents, overWebSocket } from "../live/connect";
import type { Subscriber } from "../live/resume";
import { token } from "../service";
import { changesCursor, createScenario, createStep } from "./boards";
import { openProxy } from "./proxy";

// Node has it since version 22.
Object.assign(globalThis, { WebSocket });

type Connect = (url: string, token: string, silenceMax: number) => Subscriber;

/** Less than the time between two pings, so that the test takes less. */
const SILENCE_MAX = 2_000;

async function noticesSilence(connect: Connect): Promise<void> {
  const proxy = await openProxy();
  const scenarioId = await createScenario(connect.name);
  const after = await changesCursor();
  await createStep(scenarioId, "First");
  const names: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${connect.name}: only ${names}`)), 60_000);
    const next = ({ data }: any) => {
      names.push(data.changes.node.subject.name);
      if (names.length === 1) {
        proxy.freeze();
        createStep(scenarioId, "Second").catch(reject);
      } else {
        clearTimeout(late);
        stop();
        resolve();
      }
    };
    const request = { query: print(ChangesDocument), variables: { scenarioId, after } };
    const sink = { next, error: reject, complete: () => {} };
    const stop = connect(proxy.url, token, SILENCE_MAX).subscribe(request, sink);
  });
  proxy.close();
  assert.deepEqual(names, ["First", "Second"]);
  assert(proxy.connectionCount() >= 2);
  console.log(`passed: changes: ${connect.name} connects again when it hears nothing`);
}

await Promise.all([overWebSocket, overServerSentEvents].map(noticesSilence));
