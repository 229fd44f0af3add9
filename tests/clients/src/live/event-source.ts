// EventSource in place of a library: it resumes by the header Last-Event-ID.
import { EventSource } from "eventsource"; // That of browsers cannot send a token.

/** Calls `onResult` with each result of a subscription, until the function that it returns is called. */
export function subscribe(
  url: string,
  token: string,
  query: string,
  variables: object,
  onResult: (result: any) => void,
): () => void {
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const source = new EventSource(`${url}?${parameters}`, {
    fetch: (address, init) =>
      fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
  });
  source.addEventListener("next", ({ data }) => onResult(JSON.parse(data)));
  source.addEventListener("complete", () => source.close());
  return () => source.close();
}
