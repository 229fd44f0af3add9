// live/renew.ts beside a service that has forgotten what came after the first cursor.
import assert from "node:assert/strict";
import { renewing } from "../live/renew";
import { resuming, type Subscriber } from "../live/resume";

const errors = [{ message: "…", extensions: { code: "CURSOR_EXPIRED" } }];
type Sink = Parameters<Subscriber["subscribe"]>[1];

/** How a transport tells that the cursor has expired. */
const transports: Record<string, (sink: Sink) => void> = {
  WebSocket: (sink) => sink.error(errors),
  "server-sent events": (sink) => {
    sink.next({ errors });
    sink.complete();
  },
};

for (const [transport, expire] of Object.entries(transports)) {
  const afters: unknown[] = [];
  const service: Subscriber = {
    subscribe({ variables }, sink) {
      afters.push(variables?.["after"]);
      if (variables?.["after"] === "old") expire(sink);
      else sink.next({ data: { changes: { cursor: "newer" } } });
      return () => afters.push("stopped");
    },
  };
  let readings = 0;
  const client = renewing(resuming(service), async () => {
    readings += 1;
    return "new";
  });
  const received: unknown[] = [];
  const unexpected = () => assert.fail("The subscription goes on.");
  const first = new Promise<void>((resolve) => {
    const next = (result: any) => {
      received.push(result.data.changes.cursor);
      resolve();
    };
    const request = { query: "subscription …", variables: { after: "old", scenarioId: "1" } };
    const stop = client.subscribe(request, { next, error: unexpected, complete: unexpected });
    setImmediate(() => stop());
  });
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([afters, received, readings], [["old", "new", "stopped"], ["newer"], 1]);
  console.log(`passed: changes: after an expired cursor, over ${transport}, all is read anew`);
}

const lost = renewing({ subscribe: (_, sink) => (sink.error("gone"), () => {}) }, assert.fail);
const problem = new Promise((resolve) => {
  lost.subscribe({ query: "" }, { next: assert.fail, error: resolve, complete: assert.fail });
});
assert.equal(await problem, "gone");
console.log("passed: changes: another error ends the subscription");
