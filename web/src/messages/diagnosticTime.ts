/** The params that hold the time in the sentence of a diagnostic. */
const TIMES = ['periodSeconds', 'shortestSeconds'];

/** How long a cycle takes once around, or how late a message is at least, in seconds; 0 if it is about neither. */
export function diagnosticTime(params: readonly { readonly name: string; readonly value: string }[]): number {
  return Number(params.find(({ name }) => TIMES.includes(name))?.value ?? 0);
}
