// Loaded into chatvolt-mcp before its own code: redirects its requests for Chatvolt to the service under
// test.
import assert from "node:assert/strict";
import { serviceUrl } from "../service";

const fetchAnywhere = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const { origin, pathname, search } = new URL(String(input));
  assert.equal(origin, "https://api.chatvolt.ai");
  return fetchAnywhere(new URL(pathname + search, serviceUrl), init);
};
