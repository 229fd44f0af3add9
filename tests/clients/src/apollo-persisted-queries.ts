// Apollo Client's automatic persisted queries: a document is sent once, and after that only its hash.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { createPersistedQueryLink } from "@apollo/client/link/persisted-queries";
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { headers, serviceUrl } from "./service";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The requests of two executions of the same query. */
async function askTwice(options: { useGETForHashedQueries: boolean }) {
  let requests: string[] = [];
  const watchedFetch: typeof fetch = (url, init) => {
    requests.push(described(String(url), init));
    return fetch(url, init);
  };
  const link = ApolloLink.from([
    createPersistedQueryLink({ sha256, ...options }),
    new HttpLink({ uri: serviceUrl, headers, fetch: watchedFetch }),
  ]);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  // The random name makes the document new to the service.
  const query = gql(`query Viewer_${sha256(randomUUID())} { viewer { tokenName } }`);
  const ask = async () => {
    requests = [];
    const { data } = await client.query<{ viewer: object }>({ query, fetchPolicy: "network-only" });
    assert(data?.viewer);
    return requests;
  };
  return { first: await ask(), second: await ask() };
}

function described(url: string, init: RequestInit | undefined): string {
  const byGet = init?.method === "GET";
  const parameters = byGet
    ? Object.fromEntries(new URL(url).searchParams)
    : JSON.parse(String(init?.body));
  const parts = [
    ...("query" in parameters ? ["the document"] : []),
    ...("extensions" in parameters ? ["its hash"] : []),
  ];
  return `${parts.join(" and ")} by ${byGet ? "GET" : "POST"}`;
}

assert.deepEqual(await askTwice({ useGETForHashedQueries: false }), {
  first: ["its hash by POST", "the document and its hash by POST"],
  second: ["its hash by POST"],
});
console.log("passed: apollo: sent nothing but the hash the second time");

assert.deepEqual(await askTwice({ useGETForHashedQueries: true }), {
  first: ["its hash by GET", "the document and its hash by POST"],
  second: ["its hash by GET"],
});
console.log("passed: apollo: sent nothing but the hash the second time, by GET");
