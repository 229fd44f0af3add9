// What the application gets when the service rejects a subscription: over both transports it is told once, and
// the client does not try again.
import assert from "node:assert/strict";
import { print } from "graphql";
import { WebSocket } from "ws";
import { ChangesDocument } from "../__generated__/graphql";
import { overServerSentEvents, overWebSocket } from "../live/connect";
import type { Subscriber } from "../live/resume";
import { serviceUrl, token } from "../service";

// Node has it since version 22.
Object.assign(globalThis, { WebSocket });

/** The codes of the errors with which a subscription ends, or the code with which its connection does. */
const endOf = (client: Subscriber, after: string | null): Promise<unknown[]> =>
  new Promise((resolve, reject) => {
    const codes: unknown[] = [];
    const late = () => reject(new Error("The subscription has not ended."));
    const timer = setTimeout(late, 60_000);
    const end = () => {
      clearTimeout(timer);
      resolve(codes);
    };
    client.subscribe(
      { query: print(ChangesDocument), variables: { after } },
      {
        next: ({ errors }) => codes.push(...errors.map(({ extensions }: any) => extensions.code)),
        error(problem) {
          const errors = Array.isArray(problem) ? problem : [{ extensions: problem }];
          codes.push(...errors.map(({ extensions }) => extensions.code));
          end();
        },
        complete: end,
      },
    );
  });

const wrongCursor = "It is none.";
assert.deepEqual(await endOf(overWebSocket(serviceUrl, token), wrongCursor), ["BAD_USER_INPUT"]);
assert.deepEqual(await endOf(overServerSentEvents(serviceUrl, token), wrongCursor), [
  "BAD_USER_INPUT",
]);
console.log("passed: changes: a wrong cursor is an error of the subscription");

assert.deepEqual(await endOf(overWebSocket(serviceUrl, "crm_wrong"), null), [4403]);
assert.deepEqual(await endOf(overServerSentEvents(serviceUrl, "crm_wrong"), null), [
  "UNAUTHENTICATED",
]);
console.log("passed: changes: a wrong token ends the subscription");
