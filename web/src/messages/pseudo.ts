/** A copy of `messages` in which each text, also each one that a function returns, is in ⟦ ⟧. */
export function pseudo<T>(messages: T): T;
export function pseudo(messages: unknown): unknown {
  if (typeof messages === 'string') return `⟦${messages}⟧`;
  if (typeof messages === 'function') {
    return (...values: unknown[]) => pseudo(Reflect.apply(messages, undefined, values));
  }
  if (Array.isArray(messages)) return messages.map((part) => pseudo(part));
  if (typeof messages === 'object' && messages !== null) {
    return Object.fromEntries(Object.entries(messages).map(([key, part]) => [key, pseudo(part)]));
  }
  return messages;
}
