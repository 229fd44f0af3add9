// The GraphQL-over-HTTP specification, requirement by requirement, as its reference library audits
// any server.
import assert from "node:assert/strict";
import { auditServer } from "graphql-http";
import { headers, serviceUrl } from "./service";

const asOurCaller: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { ...headers, ...init?.headers } });

const results = await auditServer({ url: serviceUrl, fetchFn: asOurCaller });
const failures = results.flatMap((result) =>
  result.status === "ok" ? [] : [`${result.id} ${result.name}: ${result.reason}`],
);
assert.deepEqual(failures, []);
// An audit that the library leaves out would pass unseen.
assert.equal(results.length, 61);
console.log("passed: audit: 61 of 61");
