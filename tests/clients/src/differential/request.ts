// A request to both implementations, and the verdict of each.

export interface GraphqlRequest {
  readonly document: string;
  /** JSON text, so that a number keeps its spelling: 1.0 and 1e2 are integers too. */
  readonly variables: string;
  readonly operationName?: string;
}

export interface Verdict {
  readonly kind: "accepted" | "refused" | "too large";
  /** Why the request is not accepted. */
  readonly reason?: string;
}

export const accepted: Verdict = { kind: "accepted" };
export const refused = (reason: string): Verdict => ({ kind: "refused", reason });
export const tooLarge = (reason: string): Verdict => ({ kind: "too large", reason });

export const described = ({ kind, reason }: Verdict) => (reason ? `${kind}: ${reason}` : kind);
