// The audit of the GraphQL-over-HTTP reference library: each requirement of the specification.
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
// Fails if the library leaves out an audit.
assert.equal(results.length, 61);
console.log("passed: audit: 61 of 61");
