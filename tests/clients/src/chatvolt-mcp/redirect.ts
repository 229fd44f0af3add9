// Loaded into chatvolt-mcp before its own code: what it means for the only service that it knows
// goes to ours.
import assert from "node:assert/strict";
import { serviceUrl } from "../service";

const fetchAnywhere = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const { origin, pathname, search } = new URL(String(input));
  assert.equal(origin, "https://api.chatvolt.ai");
  return fetchAnywhere(new URL(pathname + search, serviceUrl), init);
};
